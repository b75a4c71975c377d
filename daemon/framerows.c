#include "daemon/framerows.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/policy/labels.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"
#include "sampler/frame.h"

/* ---- permits in force ----------------------------------------------------------------------- */

/* The permit of an object, or of an entity: then of all its objects. */
struct permit {
	struct bytes key, name;
};

struct rows {
	struct arena *arena;
	struct label_rules *rules;
	struct permit *permit; /* bytewise by key */
	size_t permits, room;
	struct bytes *name; /* of the object at hand */
	db_each *row;
	void *ctx;
};

static struct bytes kept(struct arena *a, struct bytes b)
{
	return (struct bytes){ arena_strndup(a, b.p, b.n), b.n };
}

static bool on_permit(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct rows *r = ctx;
	(void)columns;
	(void)e;
	if (r->permits == r->room) {
		struct permit *more = arena_calloc(r->arena, 2 * r->room + 64, sizeof *more);
		if (r->permits > 0)
			memcpy(more, r->permit, r->permits * sizeof *more);
		r->permit = more;
		r->room = 2 * r->room + 64;
	}
	r->permit[r->permits++] =
		(struct permit){ kept(r->arena, value[0]), kept(r->arena, value[1]) };
	return true;
}

/* The first permit with that key, or where it would stand. */
static size_t find(const struct rows *r, struct bytes key)
{
	size_t low = 0, high = r->permits;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (bytes_compare(r->permit[mid].key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t names_of(struct rows *r, struct bytes key, size_t n)
{
	for (size_t i = find(r, key); i < r->permits && bytes_equal(r->permit[i].key, key); i++)
		r->name[n++] = r->permit[i].name;
	return n;
}

static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct rows *r = ctx;
	struct bytes fact[FRAME_FACTS];
	size_t n = names_of(r, value[FACT_OBJECT], 0);
	if (!bytes_equal(value[FACT_OBJECT], value[FACT_ENTITY]))
		n = names_of(r, value[FACT_ENTITY], n);
	if (n == 0)
		return r->row(r->ctx, value, columns, e);
	ARENA_AUTO a = arena_new();
	struct buf labels = buf_new(a, 256);
	label_rules_permits(r->rules, r->name, n, value[FACT_LABELS], &labels);
	memcpy(fact, value, sizeof fact);
	fact[FACT_LABELS] = buf_view(&labels);
	return r->row(r->ctx, fact, columns, e);
}

/* Rules that look at permits, and the permits; no rules: none do. */
static bool read_permits(
	struct rows *r, struct db *stream, const char *labels, const char *day, struct err *e)
{
	const struct db_param on[] = { DB_TEXT(day) };
	if (labels[0] == '\0')
		return true;
	if (!label_rules_load(&r->rules, r->arena, labels, e))
		return false;
	if (label_rules_have_permits(r->rules) &&
		!db_stream(stream, Q_permits_on, on, on_permit, r, e))
		return false;
	r->name = arena_calloc(r->arena, r->permits + 1, sizeof *r->name);
	return true;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* The items of the policy, of which past inspections are told: `code TAB department TAB name`. */
static struct bytes items_text(const struct policy *p, struct arena *a)
{
	struct buf b = buf_new(a, 4096);
	for (uint32_t i = 0; i < p->item_count; i++) {
		const struct item *item = &p->items[i];
		const struct bytes field[] = { item->code, BYTES("\t"), item->department_code,
			BYTES("\t"), item->name, BYTES("\n") };
		for (size_t k = 0; k < sizeof field / sizeof *field; k++)
			buf_bytes(&b, field[k]);
	}
	return buf_view(&b);
}

bool frame_rows(struct db *stream, struct arena *a, const struct frame_rows_of *of, db_each *row,
	void *ctx, struct err *e)
{
	const struct policy *p = of->policy;
	char since[CIVIL_TEXT], on_day[CIVIL_TEXT], cycle[CIVIL_TEXT];
	struct rows rows = { .arena = a, .row = row, .ctx = ctx };
	const struct db_param about[] = { DB_INT(of->demo),
		DB_TEXT(civil_format(policy_counts_from(p, of->day), since)),
		DB_TEXT(civil_format(of->day, on_day)), DB_TEXT(civil_format(p->cycle_from, cycle)),
		DB_BYTES(items_text(p, a)) };
	DB_ROWS on = { 0 };
	DB_ROWS off = { 0 };

	if (!read_permits(&rows, stream, of->labels, on_day, e))
		return false;
	return DB_RUN(stream, Q_frame_plan, &on, e, DB_INT(1)) &&
	       db_stream(stream, Q_frame_rows, about, rows.permits > 0 ? on_object : row,
		       rows.permits > 0 ? &rows : ctx, e) &&
	       DB_RUN(stream, Q_frame_plan, &off, e, DB_INT(0));
}
