#include "daemon/export.h"

#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/register/cell.h"
#include "daemon/xlsx.h"
#include "planner/civil.h"

enum {
	PAGE_ROWS = 1000,
	XLSX_PAGE_ROWS = 500, /* writing them takes the loop's time */
	FILE_PIECE = 262144,
	SECONDS_EAST = 8 * 3600,
};

struct export
{
	struct list_ask *ask;
	struct list_statement statement;
	struct arena *page; /* of the rows that are being sent, and of the place behind them */
	struct buf out;
	int64_t left; /* rows that may still be sent */
	bool started, over;
	struct xlsx *book; /* of format XLSX */
	int64_t offset; /* of the workbook's file */
};

static const struct kind {
	const char *type, *ending;
} kinds[] = {
	[LIST_JSON] = { "application/json; charset=utf-8", "json" },
	[LIST_JSON_LINES] = { "application/jsonl; charset=utf-8", "jsonl" },
	[LIST_CSV] = { "text/csv; charset=utf-8", "csv" },
	[LIST_XLSX] = { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"xlsx" },
};

void export_patience(struct request *r)
{
	if (r->http == NULL)
		return;
	const struct timeval write = { (time_t)r->web->process->conf.web.timeout, 0 };
	struct evhttp_connection *c = evhttp_request_get_connection(r->http);
	bufferevent_set_timeouts(evhttp_connection_get_bufferevent(c), NULL, &write);
	reply_header(r, "Connection", "close");
}

/* ---- CSV ---------------------------------------------------------------------------------- */

static void put_quoted(struct buf *b, const char *before, struct bytes v)
{
	buf_byte(b, '"');
	buf_str(b, before);
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, v.p[i]);
	}
	buf_byte(b, '"');
}

void export_put_csv(struct buf *b, struct bytes value)
{
	bool formula = cell_is_formula(value), quote = formula;
	for (size_t i = 0; i < value.n && !quote; i++)
		quote = memchr(",\"\r\n", value.p[i], 4) != NULL;
	if (quote)
		put_quoted(b, formula ? "'" : "", value);
	else
		buf_bytes(b, value);
}

void export_put_time(struct buf *b, int64_t seconds)
{
	char text[12];
	if (seconds < 0 || seconds >= INT64_C(86400) * CIVIL_MAX)
		return;
	int second = (int)((seconds + SECONDS_EAST) % 86400);
	civil_put(b, clock_date_of((uint64_t)seconds));
	snprintf(text, sizeof text, " %02d:%02d:%02d", second / 3600 % 24, second / 60 % 60,
		second % 60);
	buf_str(b, text);
}

static void put_cell(struct buf *b, const struct list_column *c, struct bytes v)
{
	switch (c->kind) {
	case SHAPE_NUMBER:
		buf_bytes(b, v);
		return;
	case SHAPE_TIME:
		if (v.n > 0)
			export_put_time(b, strtoll(v.p, NULL, 10));
		return;
	case SHAPE_FLAG:
		buf_str(b, bytes_is(v, "t") ? "true" : "false");
		return;
	case SHAPE_TEXT:
	case SHAPE_DATE:
	case SHAPE_HASH:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ANY:
		export_put_csv(b, v);
		return;
	}
}

/* Spreadsheets take the mark as a sign of UTF-8. */
static void put_header(struct buf *b, const struct list *l, bool zh)
{
	buf_str(b, "\xef\xbb\xbf");
	for (const struct list_column *c = l->columns; c->name != NULL; c++) {
		buf_str(b, c > l->columns ? "," : "");
		buf_str(b, zh ? c->zh : c->en);
		if (c->kind == SHAPE_TIME)
			buf_str(b, zh ? "（北京时间）" : " (UTC+8)");
	}
	buf_str(b, "\r\n");
}

static void put_csv_row(struct buf *b, const struct list *l, const struct db_rows *rows, size_t row)
{
	for (size_t i = 0; l->columns[i].name != NULL; i++) {
		struct bytes v = list_told(l, rows, row, i);
		buf_str(b, i > 0 ? "," : "");
		if (v.p != NULL)
			put_cell(b, &l->columns[i], v);
	}
	buf_str(b, "\r\n");
}

static void put_rows(struct export *x, const struct db_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (x->ask->format == LIST_CSV) {
			put_csv_row(&x->out, x->ask->list, rows, i);
		} else {
			list_put_json(&x->out, x->ask->list, rows, i);
			buf_byte(&x->out, '\n');
		}
	}
}

/* ---- pages -------------------------------------------------------------------------------- */

static void clear_up(struct request *r)
{
	struct export *x = r->ctx;
	xlsx_free(x->book);
	arena_free(x->page);
}

static int64_t page_rows(const struct export *x)
{
	int64_t rows = x->book != NULL ? XLSX_PAGE_ROWS : PAGE_ROWS;
	return x->left < rows ? x->left : rows;
}

static void take_page(struct request *r, const struct db_rows *rows);
static void send_page(struct request *r);
static void close_book(struct request *r);

static void ask_page(struct request *r)
{
	struct export *x = r->ctx;
	struct arena *before = x->page; /* holds the place */
	x->page = arena_new();
	x->out = buf_new(x->page, 65536);
	list_statement(&x->statement, x->ask, page_rows(x), x->page);
	request_ask_query(r, x->statement.query, x->statement.param, take_page);
	arena_free(before);
}

static void next_page(struct request *r)
{
	struct export *x = r->ctx;
	if (r->http == NULL && !x->started)
		reply_bytes(r, kinds[LIST_XLSX].type, BYTES("")); /* nobody is there to take it */
	else if (r->http == NULL || (x->over && x->started))
		reply_end(r);
	else if (x->over)
		close_book(r);
	else
		request_again(r, ask_page);
}

static void take_page(struct request *r, const struct db_rows *rows)
{
	struct export *x = r->ctx;
	struct err e = { 0 };
	x->over = (int64_t)rows->n < page_rows(x) || (int64_t)rows->n == x->left;
	x->left -= (int64_t)rows->n;
	if (rows->n > 0)
		x->ask->place = list_place_after(x->ask, rows, rows->n - 1, x->page);
	if (x->book == NULL) {
		if (!x->started && x->ask->format == LIST_CSV)
			put_header(&x->out, x->ask->list, strcmp(r->language, "zh") == 0);
		put_rows(x, rows);
		request_release(r, send_page);
	} else if (xlsx_put(x->book, rows, &e)) {
		request_release(r, next_page);
	} else {
		reply_error(r, &e);
	}
}

/* ---- sending ------------------------------------------------------------------------------ */

static void start(struct request *r)
{
	struct export *x = r->ctx;
	const struct kind *k = &kinds[x->ask->format];
	const char *of = x->ask->within.n > 0 ? "-" : "";
	reply_header(r, "Content-Disposition",
		arena_printf(r->arena, "attachment; filename=\"%s%s%.*s.%s\"", x->ask->list->name,
			of, BYTES_ARG(x->ask->within), k->ending));
	x->started = true;
	reply_start(r, k->type);
}

static void send_page(struct request *r)
{
	struct export *x = r->ctx;
	if (!x->started)
		start(r);
	reply_piece(r, buf_view(&x->out));
}

/* ---- the workbook ------------------------------------------------------------------------- */

static void send_file(struct request *r)
{
	struct export *x = r->ctx;
	if (r->http == NULL) {
		reply_end(r);
		return;
	}
	char *piece = arena_alloc(x->page, FILE_PIECE);
	ssize_t n = xlsx_read(x->book, piece, FILE_PIECE, x->offset);
	if (n > 0) {
		x->offset += n;
		reply_piece(r, (struct bytes){ piece, (size_t)n });
		arena_free(x->page);
		x->page = arena_new();
	} else if (n == 0) {
		reply_end(r);
	} else {
		reply_cut(r);
	}
}

static void on_book(void *ctx, const struct err *e)
{
	struct request *r = ctx;
	if (r->http == NULL) {
		reply_bytes(r, kinds[LIST_XLSX].type, BYTES(""));
	} else if (e->code != ERR_NONE) {
		reply_error(r, e);
	} else {
		r->stream = send_file;
		start(r);
		send_file(r);
	}
}

static void close_book(struct request *r)
{
	struct export *x = r->ctx;
	xlsx_close(x->book, r->web->base, on_book, r);
}

void export_begin(struct request *r, struct list_ask *q)
{
	struct export *x = arena_calloc(r->arena, 1, sizeof *x);
	struct err e = { 0 };
	*x = (struct export){ .ask = q, .left = q->limit_set ? q->limit : INT64_MAX };
	if (q->format == LIST_XLSX) {
		x->book = xlsx_new(q->list, r->language, &e);
		if (x->book == NULL) {
			reply_error(r, &e);
			return;
		}
	}
	r->ctx = x;
	r->ended = clear_up;
	r->stream = next_page;
	export_patience(r);
	ask_page(r);
}
