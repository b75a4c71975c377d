/* The rows of an import that were wrong, as they came, with what is wrong with each: CSV for the
 * spreadsheet of the one who has to mend them. */
#include <stdio.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/columns.h"
#include "daemon/csvrecord.h"
#include "daemon/export.h"

enum { ERRORS_PAGE = 20000 };

struct row_error {
	int64_t line;
	struct bytes text; /* "列名：句子（详情）" */
	bool warning; /* the row went in all the same */
};

struct errors_file {
	int64_t batch, upload, position, last;
	enum import_kind kind;
	struct row_error *errors; /* as they were found: ascending by line */
	size_t n, room, at;
	struct csv_reader *reader;
	struct arena *piece; /* of what is being sent */
	struct buf out;
	bool header_done, over;
};

/* ---- errors ------------------------------------------------------------------------------- */

static void keep_error(struct request *r, struct errors_file *f, struct db_row *row)
{
	struct buf b = buf_new(r->arena, 128);
	const char *code = db_text(row, "code"), *col = db_text(row, "col");
	const char *detail = db_text(row, "detail");
	enum err_code named = ERR_NONE;
	bool is_known = err_named(code, strlen(code), &named);
	const struct err_row *known = is_known ? err_row(named) : NULL;
	bool warning = strcmp(db_text(row, "severity"), "warning") == 0;
	buf_str(&b, warning ? "【提示】" : "");
	buf_str(&b, col);
	buf_str(&b, col[0] != '\0' ? "：" : "");
	buf_str(&b, known != NULL ? known->sentence[LANG_ZH] : code);
	if (detail[0] != '\0') {
		buf_str(&b, "（");
		buf_str(&b, detail);
		buf_str(&b, "）");
	}
	if (known != NULL && known->remedy[LANG_ZH][0] != '\0') {
		buf_str(&b, "，");
		buf_str(&b, known->remedy[LANG_ZH]);
	}
	f->last = db_int(row, "ordinal");
	f->errors[f->n++] = (struct row_error){ db_int(row, "line"), buf_view(&b), warning };
}

/* Room for n more: as many as the import kept (import.errors_max of its day, of each severity). */
static void make_room(struct request *r, struct errors_file *f, size_t n)
{
	if (f->room - f->n >= n)
		return;
	f->room = 2 * f->room + n;
	struct row_error *more = arena_calloc(r->arena, f->room, sizeof *more);
	if (f->n > 0)
		memcpy(more, f->errors, f->n * sizeof *more);
	f->errors = more;
}

/* ---- rows --------------------------------------------------------------------------------- */

static void put_row(struct errors_file *f, const struct csv_record *record, struct bytes remark)
{
	size_t n = record->n < CSV_FIELDS_MAX ? record->n : CSV_FIELDS_MAX;
	for (size_t i = 0; i < n; i++) {
		export_put_csv(&f->out, record->field[i]);
		buf_byte(&f->out, ',');
	}
	export_put_csv(&f->out, remark);
	buf_str(&f->out, "\r\n");
}

/* All that is said about a line, joined; nothing where its row went in. */
static struct bytes remarks(struct errors_file *f, uint64_t line)
{
	struct buf b = buf_new(f->piece, 128);
	bool wrong = false;
	while (f->at < f->n && f->errors[f->at].line < (int64_t)line)
		f->at++;
	for (; f->at < f->n && f->errors[f->at].line == (int64_t)line; f->at++) {
		buf_str(&b, b.n > 0 ? "；" : "");
		buf_bytes(&b, f->errors[f->at].text);
		wrong = wrong || !f->errors[f->at].warning;
	}
	return wrong ? buf_view(&b) : BYTES("");
}

static bool on_record(void *ctx, const struct csv_record *record, struct err *e)
{
	struct errors_file *f = ctx;
	(void)e;
	if (!f->header_done) {
		f->header_done = true;
		put_row(f, record, BYTES("错误说明"));
		return true;
	}
	struct bytes remark = remarks(f, record->line);
	if (remark.n > 0)
		put_row(f, record, remark);
	return true;
}

static bool knows(const void *ctx, struct bytes name)
{
	const struct errors_file *f = ctx;
	return column_find(f->kind, name) != NULL;
}

/* ---- pieces -------------------------------------------------------------------------------
 * Between two pieces the client is waited for, without a connection to the database. */

static void clear_up(struct request *r)
{
	struct errors_file *f = r->ctx;
	csv_reader_free(f->reader);
	arena_free(f->piece);
}

static void send_piece(struct request *r)
{
	struct errors_file *f = r->ctx;
	reply_piece(r, buf_view(&f->out));
}

static void take_piece(struct request *r, const struct db_rows *rows)
{
	struct errors_file *f = r->ctx;
	struct err e = { 0 };
	bool ok = true;
	if (rows->n > 0) {
		struct db_row row = db_row(rows, 0, f->piece, &e);
		struct bytes data = db_bytea(&row, "data");
		f->position = db_int(&row, "position") + (int64_t)data.n;
		ok = !row.bad && csv_reader_put(f->reader, data, &e);
	} else {
		f->over = true;
		ok = csv_reader_end(f->reader, &e);
	}
	if (ok)
		request_release(r, send_piece);
	else
		reply_cut(r);
}

static void ask_piece(struct request *r)
{
	const struct errors_file *f = r->ctx;
	REQUEST_ASK(r, Q_web_upload_data, take_piece, DB_INT(f->upload), DB_INT(f->position));
}

static void next_piece(struct request *r)
{
	struct errors_file *f = r->ctx;
	if (f->over || r->http == NULL) {
		reply_end(r);
		return;
	}
	arena_free(f->piece);
	f->piece = arena_new();
	f->out = buf_new(f->piece, 65536);
	request_again(r, ask_piece);
}

static void start_file(struct request *r)
{
	struct errors_file *f = r->ctx;
	const struct csv_rules rules = { .row_max = (size_t)r->web->process->conf.parser.row_max,
		.knows = knows,
		.knows_ctx = f,
		.each = on_record,
		.ctx = f };
	f->reader = csv_reader_new(&rules);
	f->piece = arena_new();
	f->out = buf_new(f->piece, 16);
	/* spreadsheets take the mark as a sign of UTF-8 */
	buf_str(&f->out, "\xef\xbb\xbf");
	r->ended = clear_up;
	r->stream = next_piece;
	reply_header(r, "Content-Disposition",
		arena_printf(r->arena, "attachment; filename=\"import-%lld-errors.csv\"",
			(long long)f->batch));
	reply_start(r, "text/csv; charset=utf-8");
	send_piece(r);
}

static void ask_errors(struct request *r);

static void take_errors(struct request *r, const struct db_rows *rows)
{
	struct errors_file *f = r->ctx;
	struct err e = { 0 };
	make_room(r, f, rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, &e);
		keep_error(r, f, &row);
		if (row.bad) {
			reply_error(r, &e);
			return;
		}
	}
	if (rows->n == ERRORS_PAGE)
		ask_errors(r);
	else
		request_release(r, start_file);
}

static void ask_errors(struct request *r)
{
	const struct errors_file *f = r->ctx;
	REQUEST_ASK(r, Q_web_import_error_rows, take_errors, DB_INT(f->batch), DB_INT(f->last),
		DB_INT(ERRORS_PAGE));
}

static void take_batch(struct request *r, const struct db_rows *rows)
{
	struct errors_file *f = r->ctx;
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	f->upload = db_int(&row, "upload");
	if (!row.bad && !import_kind_of(db_bytes(&row, "kind"), &f->kind))
		err_set(&e, ERR_INTERNAL, "import kind");
	if (e.code != ERR_NONE)
		reply_error(r, &e);
	else
		ask_errors(r);
}

void import_file(struct request *r)
{
	struct errors_file *f = arena_calloc(r->arena, 1, sizeof *f);
	f->batch = request_arg_id(r, 0);
	r->ctx = f;
	export_patience(r);
	REQUEST_ASK(r, Q_web_import_file, take_batch, DB_INT(f->batch));
}
