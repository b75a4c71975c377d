/* What was wrong with rows, repaired, or worth a remark: kept up to a limit, counted beyond it. */
#include <stdlib.h>
#include <string.h>

#include "daemon/json.h"
#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/import.h"
#include "daemon/register/personal.h"

enum { LINES_START = 4096, MATCH_AT_ONCE = 500 };

void *import_grow(struct arena *a, void *old, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return old;
	*room = *room == 0 ? 64 : 2 * *room;
	void *p = arena_calloc(a, *room, size);
	if (n > 0)
		memcpy(p, old, n * size);
	return p;
}

/* ---- sets of lines ------------------------------------------------------------------------------
 */

static bool has_line(const struct line_set *s, uint64_t line)
{
	return line / 8 < s->room && (s->bits[line / 8] >> line % 8 & 1) != 0;
}

static void set_line(struct import *i, struct line_set *s, uint64_t line, bool in)
{
	size_t room = s->room == 0 ? LINES_START : s->room;
	while (room <= line / 8)
		room *= 2;
	if (room > s->room) {
		uint8_t *bits = arena_calloc(i->arena, room, 1);
		if (s->room > 0)
			memcpy(bits, s->bits, s->room);
		*s = (struct line_set){ bits, room };
	}
	uint8_t bit = (uint8_t)(1u << line % 8);
	s->bits[line / 8] = (uint8_t)(in ? s->bits[line / 8] | bit : s->bits[line / 8] & ~bit);
}

/* No file has more lines than bytes, no sheet more rows than that: the parser is not trusted. */
static bool is_line(const struct import *i, uint64_t line, struct err *e)
{
	enum { SHEET_ROWS = 1048576 };
	uint64_t most = (uint64_t)i->size < SHEET_ROWS ? SHEET_ROWS : (uint64_t)i->size;
	return line <= most || err_set(e, ERR_PARSER, "line %llu", (unsigned long long)line);
}

/* ---- notes --------------------------------------------------------------------------------------
 */

static struct bytes keep(struct import *i, struct bytes s)
{
	return s.n == 0 ? BYTES("") : (struct bytes){ arena_strndup(i->arena, s.p, s.n), s.n };
}

static bool has_personal(const struct import *i)
{
	size_t f = 0;
	while (f < i->of->facts && i->of->fact[f].form != FORM_PERSONAL)
		f++;
	return f < i->of->facts;
}

/* May long numbers stand in the column? In the others, where a row slipped, they are people's. */
static bool is_of_codes(const struct import *i, const struct column *c)
{
	static column_check *const codes[] = { cell_uscc, cell_regno, cell_object, cell_subject,
		cell_exception, cell_certificate_no, cell_premises, cell_id, cell_region,
		cell_region_code, cell_regions };
	for (size_t k = 0; c != NULL && k < sizeof codes / sizeof *codes; k++)
		if (c->check == codes[k])
			return true;
	return c == NULL || (c->fact >= 0 && (i->of->fact[c->fact].form == FORM_CODE ||
						     i->of->fact[c->fact].form == FORM_NUMBER));
}

/* A note about a whole line has what stood somewhere in it, but for keys. */
static bool is_of_line(enum err_code code)
{
	return code != ERR_DUPLICATE_ROW && code != ERR_DUPLICATE_DIFFERS &&
	       code != ERR_OTHER_DEPARTMENT;
}

static bool tells_digits(struct bytes detail)
{
	enum { RUN = 6 };
	size_t n = 0;
	for (size_t at = 0; at < detail.n && n < RUN; at++)
		n = detail.p[at] >= '0' && detail.p[at] <= '9' ? n + 1 : 0;
	return n == RUN;
}

/* What is personal is not kept in the clear in a note either. */
static void mask_note(struct import *i, struct wire_note *note)
{
	const struct column *c = note->column.n > 0 ? column_find(i->kind, note->column) : NULL;
	bool personal = c != NULL && c->fact >= 0 && i->of->fact[c->fact].form == FORM_PERSONAL;
	struct bytes value = note->value;
	enum personal_how how = is_of_codes(i, c) ? PERSONAL_CODES : PERSONAL_NUMBERS;
	if (!has_personal(i))
		how = PERSONAL_CITIZENS;
	else if (c == NULL && is_of_line(note->code))
		value = BYTES("");
	note->value = personal ? sealing_mask(i->arena, i->of->fact[c->fact].name, value)
			       : personal_hide(i->arena, how, value);
	if (note->value.p != value.p && tells_digits(note->detail))
		note->detail = BYTES("");
}

static void put_note(struct import *i, const struct wire_note *note)
{
	if (i->counted[note->severity]++ >= i->note_max)
		return;
	i->notes = import_grow(i->arena, i->notes, i->note_n, &i->note_room, sizeof *i->notes);
	struct import_note *to = &i->notes[i->note_n];
	struct wire_note masked = *note;
	mask_note(i, &masked);
	to->note = masked;
	to->note.column = keep(i, masked.column);
	to->note.value = keep(i, masked.value);
	to->note.detail = keep(i, masked.detail);
	to->ordinal = i->note_n++;
	if (note->code == ERR_USCC_ROUNDED && note->line == i->clue_line) {
		to->name = i->clue_name;
		to->reg_no = i->clue_reg_no;
	}
}

static void spare(struct import *i, struct bytes key)
{
	if (i->full) {
		buf_bytes(&i->spared, key);
		buf_byte(&i->spared, '\n');
	}
}

/* "A, B, C": whichever of them the row means, the file names it. */
static void spare_candidates(struct import *i, struct bytes list)
{
	for (bool more = list.n > 0; more;) {
		struct bytes one = bytes_cut(&list, ',', &more);
		while (one.n > 0 && one.p[0] == ' ')
			one = (struct bytes){ one.p + 1, one.n - 1 };
		spare(i, one);
		if (i->of->key != NULL) /* and what stands behind it, whatever that is */
			spare(i, bytes_of(arena_printf(i->arena, "%.*s:", BYTES_ARG(one))));
	}
}

bool import_on_note(void *ctx, const struct wire_note *note, struct err *e)
{
	struct import *i = ctx;
	if (!is_line(i, note->line, e))
		return false;
	set_line(i, &i->noted[note->severity], note->line, true);
	put_note(i, note);
	if (note->code == ERR_USCC_ROUNDED)
		spare_candidates(i, note->detail);
	return true;
}

bool import_on_clue(void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	struct import *i = ctx;
	(void)e;
	i->clue_line = line;
	i->clue_name = i->clue_reg_no = BYTES("");
	if (i->counted[ROW_ERROR] < i->note_max) {
		i->clue_name = keep(i, name);
		i->clue_reg_no = keep(i, reg_no);
	}
	return true;
}

/* The parser counts it as refused. */
bool import_on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	struct import *i = ctx;
	if (!is_line(i, line, e))
		return false;
	if (has_line(&i->refused, line)) {
		i->refused_here--;
		i->repaired_less -= has_line(&i->noted[ROW_REPAIR], line);
		i->remarked_less -= has_line(&i->noted[ROW_REMARK], line);
	}
	set_line(i, &i->refused, line, true);
	spare(i, key);
	if (!i->of->held) {
		buf_bytes(&i->withdrawn, key);
		buf_byte(&i->withdrawn, '\t');
		buf_u64(&i->withdrawn, line);
		buf_byte(&i->withdrawn, '\n');
	}
	return true;
}

bool import_on_refused(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	struct import *i = ctx;
	if (!is_line(i, line, e))
		return false;
	spare(i, key);
	return true;
}

bool import_is_refused(const struct import *i, uint64_t line)
{
	return has_line(&i->refused, line);
}

bool import_refuse(struct import *i, uint64_t line, enum err_code code, const char *column,
	struct bytes value, struct err *e)
{
	struct wire_note note = { line, code, ROW_ERROR, bytes_of(column), value, BYTES("") };
	if (!is_line(i, line, e))
		return false;
	put_note(i, &note);
	if (has_line(&i->refused, line))
		return true;
	set_line(i, &i->refused, line, true);
	i->refused_here++;
	i->repaired_less += has_line(&i->noted[ROW_REPAIR], line);
	i->remarked_less += has_line(&i->noted[ROW_REMARK], line);
	return true;
}

bool import_remark(struct import *i, uint64_t line, enum err_code code, const char *column,
	struct bytes value, struct err *e)
{
	struct wire_note note = { line, code, ROW_REMARK, bytes_of(column), value, BYTES("") };
	if (!is_line(i, line, e))
		return false;
	put_note(i, &note);
	if (!has_line(&i->noted[ROW_REMARK], line))
		i->remarked_less--;
	set_line(i, &i->noted[ROW_REMARK], line, true);
	return true;
}

/* ---- candidates ---------------------------------------------------------------------------------
 */

/* [{"n": place, "candidates": "A, B", "name": …, "reg_no": …}, …] */
static struct bytes clues_json(struct import *i, size_t from, size_t to, size_t *n)
{
	struct buf b = buf_new(i->arena, 4096);
	*n = 0;
	buf_byte(&b, '[');
	for (size_t k = from; k < to; k++) {
		const struct import_note *note = &i->notes[k];
		if (note->name.n == 0 && note->reg_no.n == 0)
			continue;
		buf_str(&b, (*n)++ > 0 ? ",{" : "{");
		json_put_number(&b, "n", (int64_t)k);
		json_put_member(&b, "candidates", note->note.detail);
		json_put_member(&b, "name", note->name);
		json_put_member(&b, "reg_no", note->reg_no);
		buf_byte(&b, '}');
	}
	buf_byte(&b, ']');
	return buf_view(&b);
}

/* The one that is known comes first, and with what it was found by: "B = 名称, A, C". */
static void say_match(
	struct import *i, struct wire_note *note, struct bytes candidate, struct bytes how)
{
	struct buf b = buf_new(i->arena, note->detail.n + 32);
	struct bytes rest = note->detail;
	buf_bytes(&b, candidate);
	buf_str(&b, bytes_is(how, "name") ? " = 名称" : " = 注册号");
	for (bool more = true; more && rest.n > 0;) {
		struct bytes one = bytes_cut(&rest, ',', &more);
		if (one.n > 0 && one.p[0] == ' ')
			one = (struct bytes){ one.p + 1, one.n - 1 };
		if (one.n == 0 || bytes_equal(one, candidate))
			continue;
		buf_str(&b, ", ");
		buf_bytes(&b, one);
	}
	note->detail = buf_view(&b);
}

static bool match_some(struct import *i, size_t from, size_t to, struct err *e)
{
	DB_ROWS rows = { 0 };
	size_t n;
	struct bytes clues = clues_json(i, from, to, &n);
	if (n == 0)
		return true;
	if (!DB_RUN(i->db, Q_import_match_all, &rows, e, DB_BYTES(clues)))
		return false;
	for (size_t k = 0; k < rows.n; k++) {
		struct db_row r = db_row(&rows, k, i->arena, e);
		int64_t at = db_int(&r, "n");
		struct bytes candidate = db_bytes(&r, "candidate"), how = db_bytes(&r, "how");
		if (r.bad)
			return false;
		if (at < 0 || (size_t)at >= i->note_n)
			return err_set(e, ERR_INTERNAL, "note %lld", (long long)at);
		say_match(i, &i->notes[at].note, candidate, how);
	}
	return true;
}

bool import_match_candidates(struct import *i, struct err *e)
{
	for (size_t from = 0; from < i->note_n; from += MATCH_AT_ONCE) {
		size_t to = from + MATCH_AT_ONCE < i->note_n ? from + MATCH_AT_ONCE : i->note_n;
		if (!match_some(i, from, to, e))
			return false;
	}
	return true;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

static int by_line(const void *x, const void *y)
{
	const struct import_note *a = x, *b = y;
	if (a->note.line != b->note.line)
		return a->note.line < b->note.line ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

bool import_write_notes(struct import *i, struct err *e)
{
	int64_t rows;
	if (i->note_n == 0)
		return true;
	qsort(i->notes, i->note_n, sizeof *i->notes, by_line);
	if (!db_copy_start(i->db, Q_copy_import_error, e))
		return false;
	for (size_t k = 0; k < i->note_n; k++) {
		const struct wire_note *note = &i->notes[k].note;
		import_put_int(i, i->batch, '\t');
		import_put_int(i, (int64_t)k + 1, '\t');
		import_put_int(i, (int64_t)note->line, '\t');
		import_put(i, note->column, '\t');
		import_put(i, note->value, '\t');
		import_put(i, bytes_of(err_row(note->code)->name), '\t');
		import_put(i, note->detail, '\t');
		import_put(i, bytes_of(row_severity_name(note->severity)), '\n');
		if (!import_send(i, false, e))
			return false;
	}
	return import_send(i, true, e) && db_copy_end(i->db, &rows, e);
}

int64_t import_dropped(const struct import *i, enum row_severity severity)
{
	uint64_t n = i->counted[severity];
	return n > i->note_max ? (int64_t)(n - i->note_max) : 0;
}

struct parse_totals import_totals(const struct import *i)
{
	struct parse_totals t = i->totals;
	t.accepted -= (uint64_t)i->refused_here;
	t.refused += (uint64_t)i->refused_here;
	t.repaired -= (uint64_t)i->repaired_less;
	t.remarked -= (uint64_t)i->remarked_less;
	return t;
}
