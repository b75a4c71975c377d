#include "daemon/register/parse.h"

#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/csvrecord.h"
#include "daemon/register/foreign.h"
#include "daemon/register/header.h"
#include "daemon/register/repeats.h"
#include "daemon/register/xlsxrecord.h"
#include "sampler/base/text.h"

/* What is remembered of a row beside the hash of its facts, in the lowest bits of it. */
enum { SEEN_DISPUTED = 1, SEEN_REPAIRED = 2, SEEN_REMARKED = 4, SEEN_BITS = 7 };
enum { SHEETS_BYTES = 1000 };

struct parse {
	struct parse_rules rules;
	struct arena *arena;
	struct csv_reader *csv;
	struct xlsx_reader *book;
	char head[4]; /* of a CSV, until there are so many bytes */
	size_t head_n;
	bool ole;
	struct foreign_ole ole_seen;
	struct row *row;
	/* the header, or what comes nearest to one so far */
	bool has_header, told_header, gave_up;
	struct header header;
	size_t titles, best_known;
	struct err best;
	struct parse_totals totals;
	struct repeats *seen;
};

/* ---- rows that were there before ----------------------------------------------------------- */

static uint32_t hash_facts(const struct parse *p)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < registers[p->rules.kind].facts; i++)
		sum = (sum << 5 | sum >> 27) ^ repeats_hash(p->row->fact[i]);
	return sum & ~(uint32_t)SEEN_BITS;
}

static bool same_facts(const struct repeat *first, uint32_t facts)
{
	return (first->facts & SEEN_DISPUTED) == 0 &&
	       ((first->facts ^ facts) & ~(uint32_t)SEEN_BITS) == 0;
}

/* A row that was handed over does not count after all. */
static bool withdraw(struct parse *p, uint64_t line, uint32_t facts, struct bytes key,
	const struct row_note *note, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	struct parse_totals *t = &p->totals;
	t->accepted--;
	t->refused++;
	t->repaired -= (facts & SEEN_REPAIRED) != 0;
	t->remarked -= (facts & SEEN_REMARKED) != 0;
	return sink->withdraw(sink->ctx, line, key, e) && sink->note(sink->ctx, line, note, e);
}

/* The key of a row is in dispute from now on: another one says other facts. */
static bool dispute(
	struct parse *p, struct repeat *first, struct bytes key, uint64_t other, struct err *e)
{
	if ((first->facts & SEEN_DISPUTED) != 0)
		return true;
	first->facts |= SEEN_DISPUTED;
	struct bytes detail = row_printf(p->row, "≠ %llu", (unsigned long long)other);
	struct row_note note = { ERR_DUPLICATE_DIFFERS, ROW_ERROR, "", key, detail };
	return withdraw(p, first->line, first->facts, key, &note, e);
}

/* A row whose key has been seen: the same facts are a repetition, others put the key in dispute. */
static bool remember(struct parse *p, struct err *e)
{
	struct row *row = p->row;
	struct bytes key = row->fact[0];
	struct repeat *first;
	uint32_t facts = hash_facts(p) | (row->repaired ? SEEN_REPAIRED : 0) |
			 (row->remarked ? SEEN_REMARKED : 0);
	if (!repeats_find(p->seen, key, (uint32_t)row->line, facts, &first, e))
		return false;
	if (first == NULL)
		return true;
	bool same = same_facts(first, facts);
	row_fail(row, "", same ? ERR_DUPLICATE_ROW : ERR_DUPLICATE_DIFFERS, key,
		same ? "= %u" : "≠ %u", first->line);
	return same || dispute(p, first, key, row->line, e);
}

/* The same of a row that was handed over before it could be known. */
static bool on_late(void *ctx, struct repeat *first, struct bytes key, uint32_t line,
	uint32_t facts, struct err *e)
{
	struct parse *p = ctx;
	bool same = same_facts(first, facts);
	row_start(p->row, line);
	struct bytes detail = row_printf(p->row, same ? "= %u" : "≠ %u", first->line);
	struct row_note note = { same ? ERR_DUPLICATE_ROW : ERR_DUPLICATE_DIFFERS, ROW_ERROR, "",
		key, detail };
	return withdraw(p, line, facts, key, &note, e) && (same || dispute(p, first, key, line, e));
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Who the row may be about, where a note lists the codes that its code may have been. */
static bool tell_clue(struct parse *p, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	const struct row *row = p->row;
	size_t facts = registers[row->id].facts, name = register_fact(row->id, "name"),
	       reg_no = register_fact(row->id, "reg_no"), i = 0;
	while (i < row->notes && row->note[i].code != ERR_USCC_ROUNDED)
		i++;
	if (i == row->notes || sink->clue == NULL)
		return true;
	struct bytes named =
		name < facts && row->fact[name].p != NULL ? row->fact[name] : BYTES("");
	struct bytes numbered = row->cell[CELL_REGNO]; /* R and the number */
	if (numbered.n > 0)
		numbered = (struct bytes){ numbered.p + 1, numbered.n - 1 };
	if (numbered.n == 0 && reg_no < facts && row->fact[reg_no].p != NULL)
		numbered = row->fact[reg_no];
	return sink->clue(sink->ctx, row->line, named, numbered, e);
}

static bool hand_over(struct parse *p, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	const struct row *row = p->row;
	struct parse_totals *t = &p->totals;
	t->rows++;
	t->accepted += !row->bad;
	t->refused += row->bad;
	t->repaired += !row->bad && row->repaired;
	t->remarked += !row->bad && row->remarked;
	for (unsigned i = 0; i < DERIVED_KINDS && !row->bad; i++)
		t->derived[i] += (row->derived >> i) & 1;
	if (!tell_clue(p, e))
		return false;
	for (size_t i = 0; i < row->notes; i++)
		if (!sink->note(sink->ctx, row->line, &row->note[i], e))
			return false;
	if (!row->bad)
		return sink->row(sink->ctx, row, e);
	return sink->refused == NULL || row->fact[0].n == 0 ||
	       sink->refused(sink->ctx, row->line, row->fact[0], e);
}

/* Of a line whose fields are not where they should be: none, where some column is personal. */
static struct bytes shown_of(const struct parse *p, struct bytes field)
{
	const struct header *h = &p->header;
	const struct fact *fact = registers[p->rules.kind].fact;
	for (size_t i = 0; i < h->n; i++) {
		const struct column *c = h->field[i].column;
		if (c != NULL && c->fact >= 0 && fact[c->fact].form == FORM_PERSONAL)
			return BYTES("");
	}
	return field;
}

static void fail_record(struct parse *p, const struct raw_row *record)
{
	bool line = record->fault == ERR_UNCLOSED_QUOTE || record->fault == ERR_ROW_TOO_LONG;
	const struct column *c = !line && record->fault_field < p->header.n
					 ? p->header.field[record->fault_field].column
					 : NULL;
	struct bytes field = record->field[record->fault_field];
	bool known = c != NULL && (record->n == p->header.n || record->sparse);
	row_fail(p->row, c != NULL ? c->name : "", record->fault,
		known ? field : shown_of(p, field), "%s", "");
}

/* A record may lack the fields behind the last that is not empty. */
static struct bytes value_of(const struct raw_row *record, size_t i)
{
	return i < record->n && i < RAW_FIELDS_MAX ? cell_trim(record->field[i]) : BYTES("");
}

static bool is_empty(const struct raw_row *record)
{
	for (size_t i = 0; i < record->n && i < RAW_FIELDS_MAX; i++)
		if (cell_trim(record->field[i]).n > 0)
			return false;
	return record->n > 0;
}

/* Is the column one of numbers that are texts, and of which nothing tells what they were? Codes of
 * entities have check digits. */
static bool keeps_number(const struct column *c)
{
	static column_check *const checks[] = { cell_text, cell_foreign, cell_id,
		cell_certificate_no, cell_citizen, cell_personal };
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (c->check == checks[i])
			return c->fact >= 0;
	return false;
}

/* Digits of a number that a spreadsheet cannot keep: of 16 or more the last are lost, and of
 * 3.3E+17 all that are not written. */
static bool is_cut(struct bytes v, enum field_type type)
{
	enum { KEPT = 15 };
	size_t digits = 0, marks = 0;
	for (size_t i = 0; i < v.n; i++) {
		digits += v.p[i] >= '0' && v.p[i] <= '9';
		marks += v.p[i] == '.' || v.p[i] == '+' || v.p[i] == 'E' || v.p[i] == 'e';
	}
	if (type == FIELD_NUMBER)
		return digits == v.n && digits > KEPT;
	return marks >= 2 && digits + marks == v.n && digits > 2 && v.n > 4 &&
	       v.p[v.n - 3] == '+' && (v.p[v.n - 4] | 0x20) == 'e' &&
	       memcmp(v.p + v.n - 2, "10", 2) >= 0;
}

static void refuse_cut(struct row *r, const struct column *c, struct bytes v)
{
	char mask[CITIZEN_LENGTH + 1];
	bool person = code_of_person(v, true, mask);
	cell_wrong(r, c, ERR_NUMBER_ROUNDED, person ? bytes_of(mask) : v, "%s", "");
}

/* A value that is left out with a remark leaves alone what was known; only an empty cell, or a word
 * for nothing, empties it. */
static void check_cell(struct row *r, const struct column *c, struct bytes v)
{
	size_t notes = r->notes;
	c->check(r, c, v);
	bool remarked = r->notes > notes && r->note[r->notes - 1].severity == ROW_REMARK;
	if (remarked && c->fact >= 0 && r->fact[c->fact].n == 0)
		r->fact[c->fact] = row_unsaid;
}

static void read_cell(struct parse *p, const struct column *c, struct bytes v, struct bytes raw,
	enum field_type type)
{
	p->row->type = type;
	p->row->raw = raw;
	if (type == FIELD_ERROR)
		row_fail(p->row, c->name, ERR_CELL_ERROR, v, "%s", "");
	else if (keeps_number(c) && is_cut(v, type))
		refuse_cut(p->row, c, v);
	else
		check_cell(p->row, c, v);
}

static void read_cells(struct parse *p, const struct raw_row *record)
{
	const struct header *h = &p->header;
	for (size_t i = 0; i < registers[p->rules.kind].facts; i++)
		if (h->said[i])
			p->row->fact[i] = BYTES("");
	for (size_t i = 0; i < h->n; i++) {
		const struct column *c = h->field[i].column;
		struct bytes v = value_of(record, i);
		size_t before = h->field[i].earlier;
		while (before > 0 && value_of(record, before - 1).n == 0)
			before = h->field[before - 1].earlier;
		if (c != NULL && c->check != NULL && v.n > 0 && before == 0)
			read_cell(p, c, v, record->field[i], raw_type(record, i));
	}
}

static bool on_row(struct parse *p, const struct raw_row *record, struct err *e)
{
	struct row *row = p->row;
	if (p->totals.rows >= p->rules.rows_max || record->line > UINT32_MAX)
		return err_set(
			e, ERR_TOO_MANY_ROWS, "> %llu", (unsigned long long)p->rules.rows_max);
	row_start(row, record->line);
	if (record->fault != ERR_NONE) {
		fail_record(p, record);
		return hand_over(p, e);
	}
	if (record->n != p->header.n && !record->sparse) {
		row_fail(row, "", ERR_COLUMN_COUNT, shown_of(p, record->field[0]), "%zu ≠ %zu",
			record->n, p->header.n);
		return hand_over(p, e);
	}
	read_cells(p, record);
	if (record->repair != ERR_NONE)
		row_repair(row, "", record->repair, shown_of(p, record->field[0]), "%s", "");
	row_finish(row);
	return (row->bad || remember(p, e)) && hand_over(p, e);
}

/* ---- the header ---------------------------------------------------------------------------- */

static bool read_header(struct parse *p, const struct raw_row *record, struct err *e)
{
	p->has_header = true;
	if (p->csv != NULL)
		csv_reader_expect(p->csv, record->n);
	return header_read(&p->header, p->rules.kind, p->rules.tables, record, p->arena, e);
}

/* Could it be the header? The best of those that could not tells what is missing. */
static bool look_for_header(struct parse *p, const struct raw_row *record, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	struct header h = { 0 };
	struct err why = { 0 };
	if (record->fault != ERR_NONE)
		err_set(&why, record->fault == ERR_BAD_UTF8 ? ERR_BAD_ENCODING : record->fault,
			"line %llu", (unsigned long long)record->line);
	else if (header_read(&h, p->rules.kind, p->rules.tables, record, scratch, &why))
		return read_header(p, record, e);
	if (p->titles == 0 || h.known > p->best_known) {
		p->best = why;
		p->best_known = h.known;
	}
	p->gave_up = ++p->titles > PARSE_TITLES;
	if (p->gave_up)
		*e = p->best;
	return !p->gave_up;
}

/* A header of two lines has the names of its narrow columns in the second. */
static bool second_line(struct parse *p, const struct raw_row *record)
{
	ARENA_AUTO scratch = arena_new();
	struct header h = { 0 };
	struct err why = { 0 };
	return record->fault == ERR_NONE &&
	       header_read(&h, p->rules.kind, p->rules.tables, record, scratch, &why) &&
	       h.known >= p->header.known;
}

static bool tell_header(struct parse *p, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	const struct header *h = &p->header;
	p->told_header = true;
	for (size_t i = 0; i < h->n && sink->header != NULL; i++) {
		const struct header_field *f = &h->field[i];
		if (!sink->header(sink->ctx, i, f->told,
			    bytes_of(f->column != NULL ? f->column->name : ""),
			    header_how_name(f->how), e))
			return false;
	}
	return true;
}

/* ---- records ------------------------------------------------------------------------------- */

/* What cannot be sent as text is marked. */
static struct bytes marked(struct arena *a, struct bytes s)
{
	if (text_is_utf8(s) && memchr(s.p, '\0', s.n) == NULL)
		return s;
	struct buf out = buf_new(a, s.n + 64);
	while (s.n > 0) {
		size_t n = s.p[0] != '\0' ? 1 : 0;
		while (n > 0 && !text_is_utf8((struct bytes){ s.p, n }))
			n = n < 4 && n < s.n ? n + 1 : 0;
		if (n > 0) {
			buf_put(&out, s.p, n);
		} else {
			buf_str(&out, "\\x");
			buf_hex(&out, s.p, 1);
			n = 1;
		}
		s = (struct bytes){ s.p + n, s.n - n };
	}
	return buf_view(&out);
}

static bool echo(struct parse *p, const struct raw_row *record, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	struct bytes field[RAW_FIELDS_MAX];
	size_t n = 0;
	p->totals.rows++;
	for (; n < record->n && n < RAW_FIELDS_MAX; n++)
		field[n] = marked(scratch, record->field[n]);
	return p->rules.sink.echo(p->rules.sink.ctx, record->line, field, record->type, n, e);
}

/* The word with which a cell begins that stands under a table; empty where it is none. */
static struct bytes footer_word(struct bytes v)
{
	static const char *const words[] = { "合计", "总计", "小计", "共计", "填表人", "制表人",
		"填报人", "经办人", "审核人", "复核人", "负责人", "填表单位", "填报单位",
		"制表单位", "填表日期", "填报日期", "制表日期", "填表说明", "说明", "备注", "注" };
	static const char *const behind[] = { "", ":", "：", " ", "　", "0", "1", "2", "3", "4",
		"5", "6", "7", "8", "9" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct bytes word = bytes_of(words[i]), rest = { v.p + word.n, v.n - word.n };
		if (!bytes_starts(v, word))
			continue;
		for (size_t k = rest.n > 0; k < sizeof behind / sizeof *behind; k++)
			if (rest.n == 0 || bytes_starts(rest, bytes_of(behind[k])))
				return (struct bytes){ v.p, word.n };
	}
	return BYTES("");
}

/* Has it the length of a code: 15 letters and digits or more, one behind the other? */
static bool is_long(struct bytes v)
{
	size_t n = 0;
	for (size_t i = 0; i < v.n && n < REGNO_LENGTH; i++) {
		char c = v.p[i];
		bool of_code = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		n = of_code ? n + 1 : 0;
	}
	return n == REGNO_LENGTH;
}

/* A line under the table: its first cell begins with such a word, and none has a code. */
static struct bytes footer_of(const struct raw_row *record)
{
	struct bytes mark = BYTES(""), v;
	bool first = true;
	for (size_t i = 0; record->fault == ERR_NONE && i < record->n && i < RAW_FIELDS_MAX; i++) {
		v = cell_trim(record->field[i]);
		if (v.n > 0 && first)
			mark = footer_word(v);
		first = first && v.n == 0;
		if (mark.n == 0 ? !first : is_long(v))
			return BYTES("");
	}
	return mark;
}

/* Of such a line no more is told than its word. */
static bool pass_over(struct parse *p, uint64_t line, struct bytes mark, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	struct row_note note = { ERR_FOOTER, ROW_REMARK, "", mark, BYTES("") };
	return sink->note(sink->ctx, line, &note, e);
}

static bool on_record(void *ctx, const struct raw_row *record, struct err *e)
{
	struct parse *p = ctx;
	if (p->rules.echo)
		return echo(p, record, e);
	if (record->fault == ERR_NONE && is_empty(record))
		return true;
	if (!p->has_header)
		return look_for_header(p, record, e);
	if (!p->told_header && second_line(p, record))
		return read_header(p, record, e);
	if (!p->told_header && !tell_header(p, e))
		return false;
	if (record->fault == ERR_NONE && header_repeated(&p->header, record))
		return true;
	struct bytes mark = footer_of(record);
	if (mark.n > 0)
		return pass_over(p, record->line, mark, e);
	return on_row(p, record, e);
}

static bool knows(const void *ctx, struct bytes name)
{
	const struct parse *p = ctx;
	return header_knows(p->rules.kind, p->rules.tables, name);
}

struct parse *parse_new(struct arena *a, const struct parse_rules *rules)
{
	struct parse *p = arena_calloc(a, 1, sizeof *p);
	struct csv_rules csv = { .row_max = rules->row_max,
		.knows = knows,
		.knows_ctx = p,
		.each = on_record,
		.ctx = p };
	p->rules = *rules;
	p->arena = a;
	/* room for every text of a row twice, its notes and its labels */
	size_t labels = rules->labels != NULL ? label_rules_count(rules->labels) : 0;
	p->row =
		row_new(a, rules->kind, 3 * rules->row_max + ROW_NOTES * 1024 + 33 * labels + 4096);
	p->seen = repeats_new(rules->seen_most, &rules->heap);
	p->row->labels = rules->labels;
	p->row->departments = rules->departments;
	p->row->tables = rules->tables;
	p->row->given = rules->given;
	p->csv = csv_reader_new(&csv);
	return p;
}

void parse_free(struct parse *p)
{
	csv_reader_free(p->csv);
	xlsx_reader_close(p->book);
	repeats_free(p->seen);
}

static bool finish(struct parse *p, struct parse_totals *totals, struct err *e)
{
	if (!p->has_header && p->titles > 0) {
		*e = p->best;
		return false;
	}
	if (p->has_header && !p->told_header && !tell_header(p, e))
		return false;
	if (p->totals.rows == 0)
		return err_set(e, ERR_EMPTY_FILE, "%s", "");
	if (!repeats_end(p->seen, on_late, p, e))
		return false;
	p->totals.unknown = p->header.unknown;
	p->totals.header_line = p->header.line;
	*totals = p->totals;
	return true;
}

/* ---- CSV ----------------------------------------------------------------------------------- */

static bool take(struct parse *p, struct bytes chunk, struct err *e)
{
	if (!p->ole)
		return csv_reader_put(p->csv, chunk, e);
	foreign_ole_put(&p->ole_seen, chunk);
	return !p->ole_seen.locked || foreign_ole_refuse(&p->ole_seen, e);
}

static struct bytes head_of(struct parse *p)
{
	struct bytes head = { p->head, p->head_n };
	p->ole = foreign_is_ole(head);
	return head;
}

bool parse_put(struct parse *p, struct bytes chunk, struct err *e)
{
	if (p->head_n < sizeof p->head) {
		size_t room = sizeof p->head - p->head_n, n = chunk.n < room ? chunk.n : room;
		if (n > 0)
			memcpy(p->head + p->head_n, chunk.p, n);
		p->head_n += n;
		chunk = (struct bytes){ chunk.p + n, chunk.n - n };
		if (p->head_n < sizeof p->head)
			return true;
		if (!take(p, head_of(p), e))
			return false;
	}
	return take(p, chunk, e);
}

bool parse_end(struct parse *p, struct parse_totals *totals, struct err *e)
{
	if (p->head_n < sizeof p->head && !take(p, head_of(p), e))
		return false;
	if (p->ole)
		return foreign_ole_refuse(&p->ole_seen, e);
	if (!csv_reader_end(p->csv, e))
		return false;
	p->totals.encoding = csv_encoding_name(csv_reader_encoding(p->csv));
	return finish(p, totals, e);
}

/* ---- workbooks ----------------------------------------------------------------------------- */

static struct bytes names_of(struct parse *p, const struct xlsx_sheet *sheet, size_t n, size_t but)
{
	struct buf out = buf_new(p->arena, 64);
	for (size_t i = 0; i < n && out.n < SHEETS_BYTES; i++) {
		if (i == but || (but < n && sheet[i].hidden))
			continue;
		if (out.n > 0)
			buf_str(&out, "、");
		buf_bytes(&out, sheet[i].name);
	}
	return buf_view(&out);
}

static bool read_sheet(
	struct parse *p, const struct xlsx_sheet *sheet, size_t n, size_t i, struct err *e)
{
	p->titles = p->best_known = 0;
	p->gave_up = false;
	p->totals.sheet = (struct bytes){ arena_strndup(p->arena, sheet[i].name.p, sheet[i].name.n),
		sheet[i].name.n };
	p->totals.unread = names_of(p, sheet, n, i);
	return xlsx_reader_read(p->book, i, on_record, p, e) ||
	       err_at(e, "%.*s", BYTES_ARG(sheet[i].name));
}

static bool named_sheet(
	struct parse *p, const struct xlsx_sheet *sheet, size_t n, size_t *i, struct err *e)
{
	struct bytes wanted = p->rules.sheet;
	uint64_t number;
	for (*i = 0; *i < n; ++*i)
		if (bytes_equal(cell_trim(sheet[*i].name), cell_trim(wanted)))
			return true;
	*i = 0;
	if (text_u64(wanted, n, &number) && number > 0) {
		*i = (size_t)number - 1;
		return true;
	}
	return err_set(e, ERR_NO_SHEET, "%.*s; %.*s", BYTES_ARG(wanted),
		BYTES_ARG(names_of(p, sheet, n, n)));
}

/* The first whose header reads; of those that do not, the one that comes nearest tells why. */
static bool any_sheet(struct parse *p, const struct xlsx_sheet *sheet, size_t n, struct err *e)
{
	struct err best = { 0 };
	size_t best_known = 0, hidden = 0;
	for (size_t i = 0; i < n; i++)
		hidden += sheet[i].hidden;
	for (size_t i = 0; i < n; i++) {
		struct err why = { 0 };
		if (sheet[i].hidden && hidden < n)
			continue;
		bool ok = read_sheet(p, sheet, n, i, &why);
		if (p->has_header || p->rules.echo || (!ok && !p->gave_up)) {
			*e = why;
			return ok;
		}
		if (ok && p->titles > 0) {
			why = p->best;
			err_at(&why, "%.*s", BYTES_ARG(sheet[i].name));
		}
		if (why.code != ERR_NONE && (best.code == ERR_NONE || p->best_known > best_known)) {
			best = why;
			best_known = p->best_known;
		}
	}
	if (best.code == ERR_NONE)
		return err_set(e, ERR_EMPTY_FILE, "%s", "");
	*e = best;
	return false;
}

static bool progress(void *ctx, uint64_t done, uint64_t all, struct err *e)
{
	const struct parse_sink *sink = &((const struct parse *)ctx)->rules.sink;
	return sink->progress == NULL || sink->progress(sink->ctx, done, all, e);
}

bool parse_workbook(struct parse *p, int fd, struct parse_totals *totals, struct err *e)
{
	size_t n, i;
	csv_reader_free(p->csv);
	p->csv = NULL;
	if (!xlsx_reader_open(&p->book, fd, &p->rules.xlsx, p->rules.row_max, e))
		return false;
	xlsx_reader_tell(p->book, progress, p);
	const struct xlsx_sheet *sheet = xlsx_reader_sheets(p->book, &n);
	p->totals.encoding = "XLSX";
	if (p->rules.sheet.n == 0)
		return any_sheet(p, sheet, n, e) && finish(p, totals, e);
	return named_sheet(p, sheet, n, &i, e) && read_sheet(p, sheet, n, i, e) &&
	       finish(p, totals, e);
}
