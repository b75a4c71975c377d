/* The checkers of all columns: a first byte of the register, one of the type of the cell, then
 * lines `number of a column, its value`.
 *   - what comes out has the form of its fact, words are words of the column;
 *   - a row that is good has its key and all that the register wants;
 *   - personal values stand in no note;
 *   - a fact of words, days, codes and lists, written into its column again, says the same. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VALUE_MAX = 4096, KEY_MAX = 200 };

#define want(holds) ((holds) ? (void)0 : abort())

/* ---- forms of facts ------------------------------------------------------------------------ */

/* "-05-" of a month, "-05-06" of a day. */
static bool is_day(struct bytes v)
{
	int32_t day;
	return civil_parse(v, &day);
}

static bool is_ascending(struct bytes list)
{
	bool more = true;
	struct bytes before = { NULL, 0 };
	while (more) {
		struct bytes member = bytes_cut(&list, ',', &more);
		if (member.n == 0 || (before.p != NULL && bytes_compare(before, member) >= 0))
			return false;
		before = member;
	}
	return true;
}

static bool has_form(enum fact_form form, struct bytes v)
{
	uint64_t n;
	bool minus = v.n > 0 && v.p[0] == '-';
	switch (form) {
	case FORM_TEXT:
	case FORM_PERSONAL:
	case FORM_TOKEN:
		return text_is_clean(v);
	case FORM_DATE:
		return is_day(v);
	case FORM_LIST:
		return text_is_clean(v) && is_ascending(v);
	case FORM_CODE:
		return text_is_object_id(v);
	case FORM_NUMBER:
		return text_u64((struct bytes){ v.p + minus, v.n - minus }, INT64_MAX, &n);
	case FORM_FLAG:
		return bytes_is(v, "t") || bytes_is(v, "f");
	case FORMS:
		break;
	}
	return false;
}

static bool is_word(const struct cell_word *table, struct bytes v)
{
	for (; table->words != NULL; table++)
		if (bytes_is(v, table->value))
			return true;
	return v.n == 0;
}

/* ---- one row ------------------------------------------------------------------------------- */

static const struct column *column_of(enum register_id id, unsigned number)
{
	const struct column *c, *found[256];
	size_t n = 0;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++)
		if (c->kind == id && c->check != NULL && n < 256)
			found[n++] = c;
	return found[number % n];
}

static void check_notes(const struct row *r, const struct column *c, size_t from)
{
	bool personal = c->fact >= 0 && registers[c->kind].fact[c->fact].form == FORM_PERSONAL;
	for (size_t i = from; i < r->notes; i++) {
		want(text_is_utf8(r->note[i].value) && text_is_utf8(r->note[i].detail));
		want(strcmp(r->note[i].column, c->name) == 0);
		want(!personal || bytes_is(r->note[i].value, "***"));
	}
}

/* Writing down what was understood says the same. Sums change their unit, places and people have no
 * fact that says all of them. */
static void write_again(struct arena *a, const struct row *from, const struct column *c)
{
	enum fact_form form = registers[c->kind].fact[c->fact].form;
	struct bytes v = from->fact[c->fact];
	if (v.n == 0 || v.p[0] == '\'' || form == FORM_NUMBER || c->check == cell_unit)
		return; /* an apostrophe in front marks text and goes */
	struct row *r = row_new(a, c->kind, VALUE_MAX * 8);
	row_start(r, 2);
	c->check(r, c, v);
	if (r->fact[c->fact].p != NULL || c->fact == 0)
		want(bytes_equal(r->fact[c->fact], v) || cell_trim(v).n != v.n);
}

static void put_cell(struct arena *a, struct row *r, const struct column *c, struct bytes v)
{
	size_t notes = r->notes;
	v = cell_trim(v);
	if (v.n == 0 || !text_is_utf8(v) || memchr(v.p, '\0', v.n) != NULL)
		return; /* the reader of records refuses such a field */
	c->check(r, c, v);
	check_notes(r, c, notes);
	if (c->fact >= 0 && r->fact[c->fact].n > 0) {
		struct bytes said = r->fact[c->fact];
		want(has_form(registers[r->id].fact[c->fact].form, said) || c->check == cell_born);
		want(c->words == NULL || is_word(c->words, said));
		write_again(a, r, c);
	}
}

static void check_row(const struct row *r)
{
	const struct register_info *about = &registers[r->id];
	if (r->bad) {
		want(r->notes > 0);
		return;
	}
	want(r->fact[0].n > 0);
	want(r->id == REGISTER_RECUSALS || r->fact[0].n <= KEY_MAX);
	for (const signed char *f = about->wanted; *f >= 0; f++)
		want(r->fact[*f].n > 0);
	for (size_t f = 0; f < about->facts; f++)
		if (r->fact[f].n > 0 && about->fact[f].form != FORM_PERSONAL)
			want(has_form(about->fact[f].form, r->fact[f]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > VALUE_MAX || sodium_init() < 0)
		return 0;
	struct arena *a = arena_new();
	struct row *r = row_new(a, (enum register_id)(data[0] % REGISTERS), VALUE_MAX * 16);
	struct bytes rest = { (const char *)data + 2, size - 2 };
	bool more = rest.n > 0;
	row_start(r, 2);
	r->type = (enum field_type)(data[1] % FIELD_ERROR);
	while (more) {
		struct bytes v = bytes_cut(&rest, '\n', &more);
		if (v.n > 1)
			put_cell(a, r, column_of(r->id, (uint8_t)v.p[0]),
				(struct bytes){ v.p + 1, v.n - 1 });
	}
	row_finish(r);
	check_row(r);
	arena_free(a);
	return 0;
}
