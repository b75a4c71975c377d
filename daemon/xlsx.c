#include "daemon/xlsx.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "daemon/clock.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

enum { COLUMN_WIDTH = 20, SECONDS_EAST = 8 * 3600, EXACT_DIGITS = 15 };

struct xlsx {
	const struct list *list;
	bool zh;
	lxw_workbook *book; /* NULL once it is closed */
	lxw_worksheet *sheet;
	lxw_format *head, *time, *day;
	lxw_row_t row;
	int64_t bytes; /* of texts so far */
	int file; /* without a name */
	/* the closing */
	pthread_t thread;
	bool closing;
	int wake; /* eventfd: the thread is done */
	lxw_error result;
	struct event *event;
	xlsx_done *done;
	void *ctx;
};

static int open_books; /* one loop, one thread that counts */

/* ---- the file ----------------------------------------------------------------------------- */

int xlsx_nameless(void)
{
	int fd = open(P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	char path[] = P_tmpdir "/drawd-XXXXXX";
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static void put_text(struct xlsx *x, lxw_col_t col, struct bytes v);

static void put_header(struct xlsx *x)
{
	const struct list_column *c = x->list->columns;
	for (lxw_col_t i = 0; c[i].name != NULL; i++) {
		char text[200];
		const char *zone = c[i].kind != SHAPE_TIME ? ""
				   : x->zh                 ? "（北京时间）"
							   : " (UTC+8)";
		snprintf(text, sizeof text, "%s%s", x->zh ? c[i].zh : c[i].en, zone);
		worksheet_write_string(x->sheet, 0, i, text, x->head);
		worksheet_set_column(x->sheet, i, i, COLUMN_WIDTH, NULL);
	}
	worksheet_freeze_panes(x->sheet, 1, 0);
	x->row = 1;
}

static lxw_format *format_of(struct xlsx *x, const char *number)
{
	lxw_format *f = workbook_add_format(x->book);
	if (f != NULL && number != NULL)
		format_set_num_format(f, number);
	return f;
}

struct xlsx *xlsx_new(const struct list *l, const char *language, struct err *e)
{
	char path[40], options_dir[] = P_tmpdir;
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = options_dir };
	if (open_books >= XLSX_OPEN_MAX) {
		err_set(e, ERR_BUSY, "%d workbooks are in hand", open_books);
		return NULL;
	}
	struct xlsx *x = calloc(1, sizeof *x);
	if (x == NULL)
		abort();
	*x = (struct xlsx){
		.list = l, .zh = strcmp(language, "zh") == 0, .file = xlsx_nameless(), .wake = -1
	};
	open_books++;
	snprintf(path, sizeof path, "/proc/self/fd/%d", x->file);
	x->book = x->file >= 0 ? workbook_new_opt(path, &options) : NULL;
	x->sheet = x->book != NULL ? workbook_add_worksheet(x->book, x->zh ? l->zh : l->en) : NULL;
	if (x->sheet == NULL) {
		err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
		xlsx_free(x);
		return NULL;
	}
	x->head = format_of(x, NULL);
	format_set_bold(x->head);
	x->time = format_of(x, "yyyy-mm-dd hh:mm:ss");
	x->day = format_of(x, "yyyy-mm-dd");
	put_header(x);
	return x;
}

void xlsx_free(struct xlsx *x)
{
	if (x == NULL)
		return;
	if (x->book != NULL)
		lxw_workbook_free(x->book);
	if (x->event != NULL)
		event_free(x->event);
	if (x->wake >= 0)
		close(x->wake);
	if (x->file >= 0)
		close(x->file);
	open_books--;
	free(x);
}

/* ---- cells -------------------------------------------------------------------------------- */

/* A text is a text, whatever it begins with: no formula, no number, no link is made of it. */
static void put_text(struct xlsx *x, lxw_col_t col, struct bytes v)
{
	ARENA_AUTO a = arena_new();
	size_t chars = 0, at = 0;
	/* a character beyond the first plane counts as two there */
	while (at < v.n && chars < XLSX_CELL_MAX - 1) {
		unsigned char c = (unsigned char)v.p[at];
		chars += c >= 0xf0 ? 2 : 1;
		at += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	}
	const char *text =
		at >= v.n ? arena_strndup(a, v.p, v.n) : arena_printf(a, "%.*s…", (int)at, v.p);
	x->bytes += (int64_t)v.n;
	worksheet_write_string(x->sheet, x->row, col, text, NULL);
}

/* Numbers of a sheet are exact to 15 digits. */
static void put_number(struct xlsx *x, lxw_col_t col, struct bytes v)
{
	if (v.n <= EXACT_DIGITS)
		worksheet_write_number(x->sheet, x->row, col, (double)strtoll(v.p, NULL, 10), NULL);
	else
		put_text(x, col, v);
}

static void put_day(struct xlsx *x, lxw_col_t col, int32_t day, int32_t second, lxw_format *format)
{
	struct civil c = civil_of(day);
	lxw_datetime t = { .year = c.year,
		.month = c.month,
		.day = c.day,
		.hour = second / 3600,
		.min = second / 60 % 60,
		.sec = second % 60 };
	worksheet_write_datetime(x->sheet, x->row, col, &t, format);
}

static void put_time(struct xlsx *x, lxw_col_t col, struct bytes v)
{
	int64_t t = strtoll(v.p, NULL, 10);
	if (t >= 0 && t < INT64_C(86400) * CIVIL_MAX)
		put_day(x, col, clock_date_of((uint64_t)t), (int32_t)((t + SECONDS_EAST) % 86400),
			x->time);
	else
		put_text(x, col, v);
}

static void put_date(struct xlsx *x, lxw_col_t col, struct bytes v)
{
	int32_t day;
	if (civil_parse(v, &day))
		put_day(x, col, day, 0, x->day);
	else
		put_text(x, col, v);
}

static void put_cell(struct xlsx *x, lxw_col_t col, const struct list_column *c, struct bytes v)
{
	switch (c->kind) {
	case SHAPE_NUMBER:
		put_number(x, col, v);
		return;
	case SHAPE_TIME:
		put_time(x, col, v);
		return;
	case SHAPE_DATE:
		put_date(x, col, v);
		return;
	case SHAPE_FLAG:
		worksheet_write_boolean(x->sheet, x->row, col, bytes_is(v, "t"), NULL);
		return;
	case SHAPE_TEXT:
	case SHAPE_HASH:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ANY:
		put_text(x, col, v);
		return;
	}
}

bool xlsx_put(struct xlsx *x, const struct db_rows *rows, struct err *e)
{
	const struct list_column *c = x->list->columns;
	if (x->row + rows->n > XLSX_ROWS_MAX + 1)
		return err_set(e, ERR_XLSX_FULL, "%d rows", XLSX_ROWS_MAX);
	for (size_t i = 0; i < rows->n; i++, x->row++)
		for (lxw_col_t col = 0; c[col].name != NULL; col++) {
			struct bytes v = list_told(x->list, rows, i, col);
			if (v.n > 0)
				put_cell(x, col, &c[col], v);
		}
	return x->bytes <= XLSX_BYTES_MAX ||
	       err_set(e, ERR_XLSX_FULL, "%lld bytes", (long long)x->bytes);
}

/* ---- closing ------------------------------------------------------------------------------ */

static void *close_book(void *arg)
{
	struct xlsx *x = arg;
	uint64_t one = 1;
	x->result = workbook_close(x->book);
	x->book = NULL;
	ssize_t n;
	do
		n = write(x->wake, &one, sizeof one);
	while (n < 0 && errno == EINTR);
	return NULL;
}

static void on_closed(evutil_socket_t fd, short what, void *arg)
{
	struct xlsx *x = arg;
	struct err e = { 0 };
	(void)fd;
	(void)what;
	if (x->closing)
		pthread_join(x->thread, NULL);
	x->closing = false;
	if (x->result != LXW_NO_ERROR)
		err_set(&e, ERR_FILE, "xlsx: %s", lxw_strerror(x->result));
	x->done(x->ctx, &e);
}

/* Signals are the loop's. */
static bool start_thread(struct xlsx *x)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	x->closing = pthread_create(&x->thread, NULL, close_book, x) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return x->closing;
}

void xlsx_close(struct xlsx *x, struct event_base *base, xlsx_done *done, void *ctx)
{
	x->done = done;
	x->ctx = ctx;
	x->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	x->event = event_new(base, x->wake, EV_READ, on_closed, x);
	event_add(x->event, NULL);
	if (x->wake >= 0 && start_thread(x))
		return;
	x->result = LXW_ERROR_MEMORY_MALLOC_FAILED;
	event_active(x->event, EV_READ, 0);
}

ssize_t xlsx_read(const struct xlsx *x, void *out, size_t n, int64_t offset)
{
	return pread(x->file, out, n, offset);
}
