#include "daemon/register/returned.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "daemon/chunk.h"
#include "daemon/crash.h"
#include "daemon/register/cell.h"
#include "daemon/register/detail.h"
#include "daemon/register/header.h"
#include "daemon/register/import.h"
#include "daemon/register/personal.h"
#include "daemon/worker.h"
#include "daemon/xlsx.h"
#include "sampler/base/text.h"

enum { PAGE = 1000, WIDTH_SAID = 60, WIDTH = 18, WHOLE_ROWS = 1000000, COLUMNS_MAX = 16000 };

enum mark { MARK_NONE, MARK_ERROR, MARK_REPAIR, MARKS };

/* A page of the notes, in the order of lines. */
struct told {
	uint64_t line;
	enum mark mark;
	struct bytes column, said;
};

struct returned {
	struct import i; /* first: the feed hands it to import_on_echo */
	struct arena *page;
	struct told *note;
	size_t at, n; /* of the page */
	int64_t last; /* ordinal of the page's last note */
	bool more;
	uint64_t header_line;
	bool whole; /* all rows, or those with notes */
	struct bytes *column; /* what field f was taken for; "" for none */
	bool *code; /* is that a code, where a person's number may stand by mistake? */
	const uint8_t *type; /* of the fields at hand; NULL: texts */
	size_t columns;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *head, *format[MARKS], *said;
	lxw_row_t row;
	int file;
};

/* ---- notes -------------------------------------------------------------------------------------
 */

/* 〔退回〕统一社会信用代码：校验位不对（…）。请… */
static struct bytes sentence(
	struct arena *a, const struct told *note, const char *code, struct bytes detail)
{
	static const char *const words[MARKS] = { "提示", "退回", "修复" };
	struct buf b = buf_new(a, 256);
	enum err_code known;
	const struct err_row *row = err_named(code, strlen(code), &known) ? err_row(known) : NULL;
	buf_str(&b, "〔");
	buf_str(&b, words[note->mark]);
	buf_str(&b, "〕");
	buf_bytes(&b, note->column);
	buf_str(&b, note->column.n > 0 ? "：" : "");
	buf_str(&b, row != NULL ? row->sentence[LANG_ZH] : code);
	if (detail.n > 0) {
		buf_str(&b, "（");
		buf_str(&b, detail_words(a, LANG_ZH, code, arena_strndup(a, detail.p, detail.n)));
		buf_str(&b, "）");
	}
	if (row != NULL && note->mark != MARK_REPAIR && row->remedy[LANG_ZH][0] != '\0') {
		buf_str(&b, "。");
		buf_str(&b, row->remedy[LANG_ZH]);
	}
	return buf_view(&b);
}

static enum mark mark_of(struct bytes severity)
{
	return bytes_is(severity, "error")    ? MARK_ERROR
	       : bytes_is(severity, "repair") ? MARK_REPAIR
					      : MARK_NONE;
}

static bool next_page(struct returned *r, struct err *e)
{
	DB_ROWS rows = { 0 };
	arena_free(r->page);
	r->page = arena_new();
	if (!DB_RUN(r->i.db, Q_returned_notes, &rows, e, DB_INT(r->i.batch), DB_INT(r->last),
		    DB_INT(PAGE)))
		return false;
	r->note = arena_calloc(r->page, rows.n + 1, sizeof *r->note);
	r->at = 0;
	r->n = rows.n;
	r->more = rows.n == PAGE;
	for (size_t k = 0; k < rows.n; k++) {
		struct db_row row = db_row(&rows, k, r->page, e);
		struct told *note = &r->note[k];
		note->line = (uint64_t)db_int(&row, "line");
		note->mark = mark_of(db_bytes(&row, "severity"));
		note->column = db_bytes(&row, "col");
		const char *code = db_text(&row, "code");
		struct bytes detail = db_bytes(&row, "detail");
		r->last = db_int(&row, "ordinal");
		if (row.bad)
			return false;
		note->said = sentence(r->page, note, code, detail);
	}
	return true;
}

/* The next note that is of no earlier line; NULL where there is none. */
static bool note_at(struct returned *r, uint64_t line, const struct told **note, struct err *e)
{
	*note = NULL;
	for (;; r->at++) {
		if (r->at == r->n && r->more && !next_page(r, e))
			return false;
		if (r->at == r->n)
			return true;
		if (r->note[r->at].line >= line) {
			*note = &r->note[r->at];
			return true;
		}
	}
}

/* ---- a record
 * ------------------------------------------------------------------------------------ */

/* A text is a text, whatever it begins with: no formula, no number, no link is made of it. */
static void put_text(struct returned *r, lxw_col_t col, struct bytes v, lxw_format *format)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, v.n + 4);
	size_t chars = 0;
	/* bytes that are no UTF-8 become U+FFFD; a character beyond the first plane counts as two
	 */
	for (size_t at = 0, n; at < v.n && chars < XLSX_CELL_MAX - 2; at += n) {
		unsigned char c = (unsigned char)v.p[at];
		n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		chars += c >= 0xf0 ? 2 : 1;
		n = n > v.n - at ? v.n - at : n;
		if (c != '\0' && text_is_utf8((struct bytes){ v.p + at, n })) {
			buf_put(&b, v.p + at, n);
			continue;
		}
		buf_str(&b, "\xef\xbf\xbd");
		n = 1;
	}
	buf_byte(&b, '\0');
	if (b.n > 1)
		worksheet_write_string(r->sheet, r->row, col, b.p, format);
	else if (format != NULL)
		worksheet_write_blank(r->sheet, r->row, col, format);
}

/* A field behind the header's last stands behind 错误说明. */
static lxw_col_t place_of(const struct returned *r, size_t field)
{
	return (lxw_col_t)(field < r->columns ? field : field + 1);
}

static size_t field_of(const struct returned *r, struct bytes column)
{
	size_t f = 0;
	while (f < r->columns && (column.n == 0 || !bytes_equal(r->column[f], column)))
		f++;
	return f;
}

/* What is said of a line, and the marks of its cells. */
static bool collect(
	struct returned *r, uint64_t line, struct buf *said, uint8_t *mark, struct err *e)
{
	const struct told *note;
	for (;; r->at++) {
		if (!note_at(r, line, &note, e))
			return false;
		if (note == NULL || note->line != line)
			return true;
		size_t f = field_of(r, note->column);
		if (said->n > 0)
			buf_byte(said, '\n');
		buf_bytes(said, note->said);
		/* an error outweighs what was repaired */
		if (mark[f] != MARK_ERROR && note->mark != MARK_NONE)
			mark[f] = (uint8_t)note->mark;
	}
}

/* What was said to be masked is masked here too. */
static void put_field(struct returned *r, size_t f, struct bytes v, lxw_format *format)
{
	char mask[CITIZEN_LENGTH + 1];
	bool number = r->type != NULL && r->type[f] == FIELD_NUMBER;
	ARENA_AUTO a = arena_new();
	bool code = f < r->columns && r->code[f], person = code && code_of_person(v, number, mask);
	if (code && format == r->format[MARK_ERROR] && personal_is_old(cell_trim(v)))
		v = personal_hide(a, PERSONAL_CODES, v);
	put_text(r, place_of(r, f), person ? bytes_of(mask) : v, format);
}

static void put_fields(struct returned *r, const struct bytes *field, size_t n, const uint8_t *mark,
	lxw_format *head)
{
	for (size_t f = 0; f < n && f < COLUMNS_MAX; f++) {
		lxw_format *format = head;
		if (head == NULL && mark != NULL && f < r->columns)
			format = r->format[mark[f]];
		put_field(r, f, field[f], format);
	}
}

static void put_header(struct returned *r, const struct bytes *field, size_t n)
{
	put_fields(r, field, n, NULL, r->head);
	put_text(r, (lxw_col_t)r->columns, BYTES(HEADER_NOTES), r->head);
	worksheet_freeze_panes(r->sheet, r->row + 1, 0);
}

static bool put_record(
	struct returned *r, uint64_t line, const struct bytes *field, size_t n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct buf said = buf_new(a, 256);
	uint8_t *mark = arena_calloc(a, r->columns + 1, 1);
	if (!collect(r, line, &said, mark, e))
		return false;
	if (said.n == 0 && !r->whole)
		return true;
	/* of the whole row: the first cell, so that it is found */
	if (mark[r->columns] != MARK_NONE && r->columns > 0 && mark[0] == MARK_NONE)
		mark[0] = mark[r->columns];
	put_fields(r, field, n, mark, NULL);
	/* cells that are wrong because they are empty, behind the row's last */
	for (size_t f = n; f < r->columns; f++)
		if (mark[f] != MARK_NONE)
			put_text(r, place_of(r, f), BYTES(""), r->format[mark[f]]);
	if (said.n > 0)
		put_text(r, (lxw_col_t)r->columns, buf_view(&said), r->said);
	r->row++;
	return true;
}

bool import_on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	struct returned *r = ctx;
	r->type = type; /* whatever it was, it comes back as a text: codes keep their digits */
	if (r->row > XLSX_ROWS_MAX)
		return err_set(e, ERR_XLSX_FULL, "%d rows", XLSX_ROWS_MAX);
	if (line > r->header_line)
		return put_record(r, line, field, n, e);
	if (line < r->header_line)
		put_fields(r, field, n, NULL, NULL);
	else
		put_header(r, field, n);
	r->row++;
	return true;
}

/* ---- the workbook
 * --------------------------------------------------------------------------------- */

static lxw_format *colour(struct returned *r, lxw_color_t fill, lxw_color_t font)
{
	lxw_format *f = workbook_add_format(r->book);
	format_set_bg_color(f, fill);
	format_set_font_color(f, font);
	return f;
}

static bool open_book(struct returned *r, struct err *e)
{
	char path[40], folder[] = P_tmpdir, sheet[] = "Sheet1";
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = folder };
	/* the same notes give the same bytes */
	lxw_doc_properties properties = { .created = 1 };
	r->file = xlsx_nameless();
	snprintf(path, sizeof path, "/proc/self/fd/%d", r->file);
	r->book = r->file >= 0 ? workbook_new_opt(path, &options) : NULL;
	r->sheet = r->book != NULL ? workbook_add_worksheet(r->book, sheet) : NULL;
	if (r->sheet == NULL)
		return err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
	workbook_set_properties(r->book, &properties);
	r->head = workbook_add_format(r->book);
	format_set_bold(r->head);
	r->said = workbook_add_format(r->book);
	format_set_text_wrap(r->said);
	r->format[MARK_ERROR] = colour(r, 0xFFC7CE, 0x9C0006);
	r->format[MARK_REPAIR] = colour(r, 0xFFEB9C, 0x7F6000);
	if (r->columns > 0)
		worksheet_set_column(r->sheet, 0, (lxw_col_t)(r->columns - 1), WIDTH, NULL);
	worksheet_set_column(
		r->sheet, (lxw_col_t)r->columns, (lxw_col_t)r->columns, WIDTH_SAID, NULL);
	return true;
}

static bool close_book(struct returned *r, struct err *e)
{
	lxw_error status = workbook_close(r->book);
	r->book = NULL;
	return status == LXW_NO_ERROR || err_set(e, ERR_FILE, "xlsx: %s", lxw_strerror(status));
}

static bool store(struct returned *r, struct chunk_writer *w, uint8_t hash[32], struct err *e)
{
	static char piece[CHUNK_SIZE];
	off_t at = 0;
	if (!chunk_start(w, r->i.job->worker->store, "returned", r->i.arena, e))
		return false;
	for (;;) {
		ssize_t n = pread(r->file, piece, sizeof piece, at);
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
		if (n == 0)
			return chunk_end(w, hash, e);
		if (n > 0 && !chunk_put(w, (struct bytes){ piece, (size_t)n }, e))
			return false;
		at += n > 0 ? n : 0;
		if (!job_progress(r->i.job, at, 0, "returned", e))
			return false;
	}
}

/* ---- the job
 * -------------------------------------------------------------------------------------- */

/* [{"header", "column", "how"}, …], a member for each field of the header. */
static bool read_mapping(struct returned *r, struct bytes text, struct err *e)
{
	json_t *all = json_loadb(text.p, text.n, 0, NULL);
	if (!json_is_array(all)) {
		json_decref(all);
		return err_set(e, ERR_INTERNAL, "mapping");
	}
	r->columns = json_array_size(all);
	r->column = arena_calloc(r->i.arena, r->columns + 1, sizeof *r->column);
	r->code = arena_calloc(r->i.arena, r->columns + 1, sizeof *r->code);
	for (size_t f = 0; f < r->columns; f++) {
		const char *column =
			json_string_value(json_object_get(json_array_get(all, f), "column"));
		r->column[f] = bytes_of(arena_strdup(r->i.arena, column != NULL ? column : ""));
		const struct column *known =
			r->column[f].n > 0 ? column_find(r->i.kind, r->column[f]) : NULL;
		r->code[f] = known != NULL && cell_is_code(known);
	}
	json_decref(all);
	return true;
}

static bool read_batch(struct returned *r, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct import *i = &r->i;
	if (!job_arg_int(i->job, "batch", &i->batch, e) ||
		!DB_RUN(i->job->db, Q_returned_batch, &rows, e, DB_INT(i->batch)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_BAD_ARGS, "batch %lld", (long long)i->batch);
	struct db_row row = db_row(&rows, 0, i->arena, e);
	struct bytes kind = db_bytes(&row, "kind"), mapping = db_bytes(&row, "mapping");
	i->upload = db_int(&row, "upload");
	i->size = db_int(&row, "size");
	i->sheet = db_bytes(&row, "sheet");
	r->header_line = (uint64_t)db_int(&row, "header_line");
	r->whole = db_int(&row, "rows") <= WHOLE_ROWS;
	if (row.bad)
		return false;
	if (!register_named(kind, &i->kind))
		return err_set(e, ERR_BAD_ARGS, "kind \"%.*s\"", BYTES_ARG(kind));
	i->of = &registers[i->kind];
	return read_mapping(r, mapping, e);
}

static bool note_file(struct returned *r, const uint8_t hash[32], struct err *e)
{
	struct db *db = r->i.job->db;
	bool ok = db_begin(db, false, e) && job_hold(r->i.job, e) &&
		  DB_RUN(db, Q_returned_file, NULL, e, DB_INT(r->i.batch), DB_HASH(hash)) &&
		  db_commit(db, e);
	if (!ok)
		db_rollback(db);
	return ok;
}

static bool make(struct returned *r, struct chunk_writer *w, struct bytes *result, struct err *e)
{
	uint8_t hash[32];
	char hex[65];
	import_echo_tables(&r->i);
	if (!open_book(r, e) || !import_feed(&r->i, e) || !close_book(r, e) ||
		!store(r, w, hash, e))
		return false;
	crash_point("returned.stored");
	if (!note_file(r, hash, e))
		return false;
	sha256_hex(hash, hex);
	*result = bytes_of(
		arena_printf(r->i.arena, "{\"batch\":%lld,\"sha256\":\"%s\",\"size\":%lld}",
			(long long)r->i.batch, hex, (long long)w->size));
	return true;
}

bool returned_run(struct job *job, struct bytes *result, struct err *e)
{
	struct returned r = { .file = -1, .more = true };
	struct chunk_writer w = { 0 };
	r.i.job = job;
	r.i.db = job->worker->stream;
	r.i.arena = job->arena;
	r.i.echo = true;
	r.i.labels = BYTES("");
	bool ok = read_batch(&r, e) && make(&r, &w, result, e);
	if (!ok && w.db != NULL)
		chunk_cancel(&w);
	if (r.book != NULL)
		lxw_workbook_free(r.book);
	if (r.file >= 0)
		close(r.file);
	arena_free(r.page);
	return ok;
}
