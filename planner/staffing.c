#include "planner/staffing.h"

#include <stdlib.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/sha256.h"
#include "sampler/table.h"

enum { BLIND = 32 };

/* ---- what is asked ------------------------------------------------------------------------- */

/* The sign is the last one: names of departments may have a hyphen and digits behind it. */
static bool parse_one(struct staffing_change *c, struct bytes text)
{
	size_t i = text.n;
	uint64_t by;
	while (i > 0 && text.p[i - 1] >= '0' && text.p[i - 1] <= '9')
		i--;
	if (i < 2 || (text.p[i - 1] != '+' && text.p[i - 1] != '-') ||
		!text_u64((struct bytes){ text.p + i, text.n - i }, STAFFING_MOST, &by) || by == 0)
		return false;
	*c = (struct staffing_change){ { text.p, i - 1 }, text.p[i - 1] == '-', (uint32_t)by };
	return text_is_token(c->department);
}

bool staffing_parse(
	struct staffing *s, struct bytes text, uint32_t limit, struct arena *a, struct err *e)
{
	struct staffing_change *c = arena_calloc(a, STAFFING_DEPARTMENTS, sizeof *c);
	bool more = text.n > 0;
	uint32_t n = 0;

	while (more) {
		struct bytes one = bytes_cut(&text, ',', &more);
		if (n == STAFFING_DEPARTMENTS || !parse_one(&c[n], one))
			return err_set(e, ERR_STAFFING, "\"%.*s\"", BYTES_ARG(one));
		for (uint32_t i = 0; i < n; i++)
			if (bytes_equal(c[i].department, c[n].department))
				return err_set(
					e, ERR_STAFFING, "%.*s: twice", BYTES_ARG(c[n].department));
		n++;
	}
	*s = (struct staffing){ limit, n, c };
	return true;
}

/* ---- the pool ------------------------------------------------------------------------------ */

struct member {
	uint8_t order[32];
	const struct bytes *field;
	bool gone;
};

struct staff {
	const struct staffing *s;
	struct arena *a;
	struct member *at; /* by order */
	size_t n;
	struct table_pile pile;
	struct bytes limit; /* of everybody; empty: as it is */
	uint32_t number; /* of the last who came */
};

static size_t column(const char *name)
{
	return table_column(TABLE_POOL, name);
}

static int compare_order(const void *a, const void *b)
{
	return memcmp(((const struct member *)a)->order, ((const struct member *)b)->order, 32);
}

static bool read_members(struct staff *w, struct bytes artefact, struct err *e)
{
	struct table *t = arena_calloc(w->a, 1, sizeof *t);
	struct bytes field[TABLE_COLUMNS_MAX];

	if (!table_open(t, TABLE_POOL, artefact, e))
		return false;
	w->at = arena_calloc(w->a, t->n + 1, sizeof *w->at);
	struct table_cursor c = table_rows(t);
	while (table_next(t, &c, field)) {
		struct bytes *keep = arena_calloc(w->a, TABLE_COLUMNS_MAX, sizeof *keep);
		struct buf text = buf_new(w->a, 64);
		memcpy(keep, field, TABLE_COLUMNS_MAX * sizeof *keep);
		buf_str(&text, "drawd/simulate/staff/v1\n");
		buf_bytes(&text, keep[column("inspector")]);
		w->at[w->n].field = keep;
		sha256(text.p, text.n, w->at[w->n++].order);
	}
	qsort(w->at, w->n, sizeof *w->at, compare_order);
	return true;
}

static bool is_of(const struct member *m, struct bytes department)
{
	return bytes_equal(m->field[column("department")], department);
}

static bool take_away(struct staff *w, const struct staffing_change *c, struct err *e)
{
	uint32_t left = c->by;
	for (size_t i = 0; i < w->n && left > 0; i++)
		if (is_of(&w->at[i], c->department)) {
			w->at[i].gone = true;
			left--;
		}
	return left == 0 || err_set(e, ERR_STAFFING, "%.*s: %u of %u", BYTES_ARG(c->department),
				    c->by, c->by - left);
}

static bool has_number(const struct staff *w, struct bytes number)
{
	for (size_t i = 0; i < w->n; i++)
		if (bytes_equal(w->at[i].field[column("inspector")], number))
			return true;
	return false;
}

static void put(struct staff *w, struct bytes *field)
{
	if (w->limit.n > 0)
		field[column("limit")] = w->limit;
	table_pile_put(&w->pile, field);
}

/* One more, like the member; NULL: like nobody. */
static void come(struct staff *w, struct bytes department, const struct member *like)
{
	struct bytes field[TABLE_COLUMNS_MAX] = { 0 };
	struct bytes number;

	if (like != NULL) {
		memcpy(field, like->field, sizeof field);
	} else {
		field[column("regions")] = BYTES("*");
		field[column("items")] = BYTES("*");
		field[column("certificate")] = BYTES("");
		field[column("limit")] = BYTES("0");
	}
	do
		number = bytes_of(arena_printf(w->a, "SIM-%05u", ++w->number));
	while (has_number(w, number));
	field[column("inspector")] = number;
	field[column("department")] = department;
	field[column("leave")] = BYTES("");
	put(w, field);
}

static void come_all(struct staff *w, const struct staffing_change *c)
{
	uint32_t left = c->by;
	while (left > 0) {
		uint32_t before = left;
		for (size_t i = 0; i < w->n && left > 0; i++)
			if (is_of(&w->at[i], c->department)) {
				come(w, c->department, &w->at[i]);
				left--;
			}
		if (left == before) {
			come(w, c->department, NULL);
			left--;
		}
	}
}

static bool change_all(struct staff *w, const struct policy *p, struct err *e)
{
	for (uint32_t i = 0; i < w->s->n; i++) {
		const struct staffing_change *c = &w->s->change[i];
		if (policy_department(p, c->department) < 0)
			return err_set(e, ERR_STAFFING, "%.*s", BYTES_ARG(c->department));
		if (c->fewer && !take_away(w, c, e))
			return false;
		if (!c->fewer)
			come_all(w, c);
	}
	return true;
}

bool staffing_apply(const struct staffing *s, const struct policy *p, struct bytes pool,
	struct arena *a, struct bytes *changed, struct err *e)
{
	static const uint8_t blind[BLIND] = { 0 };
	struct staff w = { .s = s, .a = a, .pile = table_pile_new(TABLE_POOL, a) };
	struct buf *out = arena_calloc(a, 1, sizeof *out);
	uint8_t hash[32];

	if (s->limit > 0)
		w.limit = bytes_of(arena_printf(a, "%u", s->limit));
	if (!read_members(&w, pool, e) || !change_all(&w, p, e))
		return false;
	for (size_t i = 0; i < w.n; i++) {
		struct bytes field[TABLE_COLUMNS_MAX];
		memcpy(field, w.at[i].field, sizeof field);
		if (!w.at[i].gone)
			put(&w, field);
	}
	*out = buf_new(a, 4096);
	if (!table_pile_write(&w.pile, TABLE_POOL, blind, sink_buf(out), hash, e))
		return false;
	*changed = buf_view(out);
	return true;
}
