#include "daemon/register/xlsxsheet.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/register/xlsxxml.h"
#include "sampler/base/text.h"

/* What the characters under way belong to. */
enum content { NOTHING, VALUE, INLINE, FORMULA };

enum { FORMULA_SHOWN = 200 }; /* of one that has no result: about so many bytes */

struct sheet {
	const struct xlsx_sheet_rules *rules;
	struct bytes part;
	bool in_data;
	uint64_t row; /* number of the row under way, or of the one before */
	size_t column; /* of the next cell without a place of its own */
	size_t n; /* cells of the row, up to the last that is not empty */
	size_t width; /* the same, with those that are not kept */
	bool full; /* the row has more text than it may */
	struct xlsx_cell cell[RAW_FIELDS_MAX];
	struct bytes field[RAW_FIELDS_MAX];
	uint8_t type[RAW_FIELDS_MAX];
	/* texts of the row's cells; never moves, for slices of it are in cell[] */
	char *text;
	size_t text_n, text_max;
	/* the cell under way */
	char kind; /* of its t: n, s, b, e, d, i (inline), t (result of a formula) */
	struct xlsx_format format;
	size_t at; /* its column */
	enum content content;
	unsigned phonetic;
	size_t value, value_n, formula, formula_n; /* places in text */
	bool has_formula;
};

bool xlsx_place(struct bytes ref, size_t *column, uint64_t *row)
{
	size_t c = 0, i = 0;
	uint64_t r = 0;
	for (; i < ref.n && i < 3 && ref.p[i] >= 'A' && ref.p[i] <= 'Z'; i++)
		c = c * 26 + (size_t)(ref.p[i] - 'A') + 1;
	if (c == 0 || c > XLSX_COLUMNS ||
		!text_u64((struct bytes){ ref.p + i, ref.n - i }, XLSX_ROWS, &r) || r == 0)
		return false;
	*column = c - 1;
	*row = r;
	return true;
}

static bool bad(const struct sheet *s, struct err *e, const char *what, const char *value)
{
	return err_set(e, ERR_BAD_XLSX, "%.*s, row %llu: %s %.40s", BYTES_ARG(s->part),
		(unsigned long long)s->row, what, value != NULL ? value : "");
}

/* ---- what a cell says -------------------------------------------------------------------- */

/* Into the row's text; a row that is too long keeps its beginning. */
static void append(struct sheet *s, struct bytes v)
{
	size_t room = s->text_max - s->text_n, n = v.n < room ? v.n : room;
	memcpy(s->text + s->text_n, v.p, n);
	s->text_n += n;
	s->full = s->full || v.n > room;
}

static struct bytes copied(struct sheet *s, struct bytes v)
{
	size_t from = s->text_n;
	append(s, v);
	return (struct bytes){ s->text + from, s->text_n - from };
}

static bool shared(const struct sheet *s, struct bytes v, struct xlsx_cell *out, struct err *e)
{
	uint64_t i;
	if (v.n == 0)
		return true;
	char index[24] = "";
	memcpy(index, v.p, v.n < sizeof index ? v.n : sizeof index - 1);
	return (text_u64(v, UINT32_MAX, &i) &&
		       xlsx_strings_get(s->rules->strings, i, &out->text)) ||
	       bad(s, e, "no shared text", index);
}

static void date(struct sheet *s, struct bytes v, struct xlsx_cell *out)
{
	/* 2026-03-31T09:30:00.000: the same form as a number shown as a date */
	bool time = v.n > 10 && v.p[10] == 'T';
	bool midnight = time && v.n >= 19 && memcmp(v.p + 11, "00:00:00", 8) == 0;
	out->type = FIELD_DATE;
	out->text = copied(s, (struct bytes){ v.p, v.n > 10 && (!time || midnight) ? 10 : v.n });
	if (time && !midnight && out->text.n > 10) {
		s->text[out->text.p - s->text + 10] = ' ';
		out->text.n = out->text.n > 19 ? 19 : out->text.n;
	}
}

static void number(struct sheet *s, struct bytes v, struct xlsx_cell *out)
{
	char digits[XLSX_NUMBER_TEXT];
	struct bytes field;
	out->type = (uint8_t)xlsx_number(v, s->format, s->rules->from_1904, digits, &field);
	out->text = field.p == digits ? copied(s, field) : field;
}

static bool has_text(struct sheet *s, struct bytes v, struct xlsx_cell *out)
{
	out->text = (struct bytes){ v.p, xlsx_unescape(s->text + s->value, v.n) };
	return true;
}

static bool cell_says(struct sheet *s, struct xlsx_cell *out, struct err *e)
{
	struct bytes v = { s->text + s->value, s->value_n };
	*out = (struct xlsx_cell){ { "", 0 }, FIELD_TEXT };
	if (v.n == 0 && s->has_formula && s->kind != 't') {
		s->text_n = s->formula + s->formula_n;
		out->text = (struct bytes){ s->text + s->formula, s->formula_n };
		out->type = FIELD_ERROR;
		return true;
	}
	if (v.n == 0)
		return true;
	switch (s->kind) {
	case 's':
		return shared(s, v, out, e);
	case 'i':
	case 't':
		return has_text(s, v, out);
	case 'b':
		out->text = v.p[0] == '1' || v.p[0] == 't' ? BYTES("TRUE") : BYTES("FALSE");
		out->type = FIELD_FLAG;
		return true;
	case 'e':
		out->text = v;
		out->type = FIELD_ERROR;
		return true;
	case 'd':
		date(s, v, out);
		return true;
	default:
		number(s, v, out);
		return true;
	}
}

/* ---- rows and cells ---------------------------------------------------------------------- */

static bool start_row(struct sheet *s, const char *const *attributes, struct err *e)
{
	const char *r = xlsx_attribute(attributes, "r");
	uint64_t row = s->row + 1;
	if ((r != NULL && !text_u64(bytes_of(r), XLSX_ROWS, &row)) || row > XLSX_ROWS)
		return bad(s, e, "behind it comes row", r);
	if (row <= s->row)
		return bad(s, e, "behind it comes row", r);
	s->row = row;
	s->column = s->n = s->width = s->text_n = 0;
	s->full = false;
	return true;
}

static char kind_of(const char *t)
{
	static const struct {
		const char *t;
		char kind;
	} kinds[] = { { "s", 's' }, { "n", 'n' }, { "str", 't' }, { "inlineStr", 'i' },
		{ "b", 'b' }, { "e", 'e' }, { "d", 'd' } };
	for (size_t i = 0; t != NULL && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].t, t) == 0)
			return kinds[i].kind;
	return 'n';
}

static bool start_cell(struct sheet *s, const char *const *attributes, struct err *e)
{
	const char *ref = NULL, *style = NULL, *type = NULL;
	for (; attributes[0] != NULL; attributes += 2) {
		const char *name = attributes[0];
		if (name[0] != '\0' && name[1] != '\0')
			continue; /* all of these have names of one letter */
		ref = name[0] == 'r' ? attributes[1] : ref;
		style = name[0] == 's' ? attributes[1] : style;
		type = name[0] == 't' ? attributes[1] : type;
	}
	uint64_t row = s->row, format = 0;
	s->at = s->column;
	if (ref != NULL && (!xlsx_place(bytes_of(ref), &s->at, &row) || row != s->row))
		return bad(s, e, "a cell is placed at", ref);
	if (s->at >= XLSX_COLUMNS)
		return bad(s, e, "columns beyond", "XFD");
	s->format = (struct xlsx_format){ SHOW_PLAIN, 0 };
	if (style != NULL && text_u64(bytes_of(style), UINT32_MAX, &format) &&
		format < s->rules->styles->n)
		s->format = s->rules->styles->format[format];
	s->column = s->at + 1;
	s->kind = kind_of(type);
	s->value = s->formula = s->text_n;
	s->value_n = s->formula_n = 0;
	s->has_formula = false;
	return true;
}

static bool end_cell(struct sheet *s, struct err *e)
{
	struct xlsx_cell said;
	if (!cell_says(s, &said, e))
		return false;
	if (said.text.n == 0)
		return true;
	s->width = s->at + 1 > s->width ? s->at + 1 : s->width;
	if (s->at >= RAW_FIELDS_MAX)
		return true;
	for (; s->n <= s->at; s->n++)
		s->cell[s->n] = (struct xlsx_cell){ { "", 0 }, FIELD_TEXT };
	s->cell[s->at] = said;
	return true;
}

static size_t text_of(const struct sheet *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->cell[i].text.n;
	return n;
}

static bool hand_over(struct sheet *s, struct raw_row *row, struct err *e)
{
	for (size_t i = 0; i < row->n && i < RAW_FIELDS_MAX; i++) {
		s->field[i] = i < s->n ? s->cell[i].text : BYTES("");
		s->type[i] = i < s->n ? s->cell[i].type : FIELD_TEXT;
		if (row->fault == ERR_NONE && memchr(s->field[i].p, '\0', s->field[i].n) != NULL) {
			row->fault = ERR_NUL_BYTE;
			row->fault_field = i;
		}
	}
	return s->rules->each(s->rules->ctx, row, e);
}

/* Of a row that is too long the beginning of its first text, cut between characters. */
static void shorten(struct sheet *s, struct raw_row *row)
{
	size_t i = 0;
	while (i + 1 < s->n && s->cell[i].text.n == 0)
		i++;
	struct bytes first = s->n > 0 ? s->cell[i].text : BYTES("");
	if (first.n > s->rules->row_max)
		first.n = s->rules->row_max;
	while (first.n > 0 && !text_is_utf8(first))
		first.n--;
	s->cell[0] = (struct xlsx_cell){ first, FIELD_TEXT };
	s->n = row->n = 1;
	row->fault = ERR_ROW_TOO_LONG;
}

static bool end_row(struct sheet *s, struct err *e)
{
	struct raw_row row = { .line = s->row, .field = s->field, .type = s->type, .sparse = true };
	if (s->n == 0 && s->width == 0)
		return true;
	if (!s->full)
		xlsx_merges_fill(s->rules->merges, s->row, s->cell, &s->n);
	row.n = s->width > s->n ? s->width : s->n;
	if (s->full || text_of(s) > s->rules->row_max)
		shorten(s, &row);
	return hand_over(s, &row, e);
}

/* ---- what the XML says ------------------------------------------------------------------- */

static bool on_start(void *ctx, const char *name, const char *const *attributes, struct err *e)
{
	struct sheet *s = ctx;
	if (!s->in_data) {
		s->in_data = strcmp(name, "sheetData") == 0;
		return true;
	}
	if (strcmp(name, "c") == 0)
		return start_cell(s, attributes, e);
	if (strcmp(name, "row") == 0)
		return start_row(s, attributes, e);
	if (strcmp(name, "v") == 0) {
		s->content = VALUE;
		s->value = s->text_n;
	} else if (strcmp(name, "t") == 0) {
		s->content = s->phonetic == 0 ? INLINE : NOTHING;
	} else if (strcmp(name, "f") == 0) {
		s->content = FORMULA;
		s->has_formula = true;
		s->formula = s->text_n;
		append(s, BYTES("="));
	} else if (strcmp(name, "is") == 0) {
		s->value = s->text_n;
	} else if (strcmp(name, "rPh") == 0) {
		s->phonetic++;
	}
	return true;
}

static bool on_end(void *ctx, const char *name, struct err *e)
{
	struct sheet *s = ctx;
	if (!s->in_data)
		return true;
	if (strcmp(name, "c") == 0)
		return end_cell(s, e);
	if (strcmp(name, "row") == 0)
		return end_row(s, e);
	if (s->content == VALUE || s->content == INLINE)
		s->value_n = s->text_n - s->value;
	if (s->content == FORMULA)
		s->formula_n = s->text_n - s->formula;
	s->content = NOTHING;
	if (strcmp(name, "rPh") == 0)
		s->phonetic--;
	s->in_data = strcmp(name, "sheetData") != 0;
	return s->in_data; /* behind the cells nothing is of use */
}

static bool on_text(void *ctx, struct bytes text, struct err *e)
{
	struct sheet *s = ctx;
	(void)e;
	if (s->content == FORMULA && s->text_n - s->formula > FORMULA_SHOWN)
		return true;
	if (s->content != NOTHING)
		append(s, text);
	return true;
}

bool xlsx_sheet_read(
	struct xlsx_zip *z, size_t entry, const struct xlsx_sheet_rules *rules, struct err *e)
{
	struct sheet *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	const struct xlsx_xml xml = { on_start, on_end, on_text, s };
	s->rules = rules;
	s->part = xlsx_zip_name(z, entry);
	s->part.n = s->part.n < 100 ? s->part.n : 100;
	/* beside what the row may say: formulas, numbers as they stand in the file */
	s->text_max = 2 * rules->row_max + 65536;
	s->text = malloc(s->text_max);
	if (s->text == NULL)
		abort();
	bool ok = xlsx_xml_read(z, entry, &xml, e);
	free(s->text);
	free(s);
	return ok;
}
