#include "planner/pool.h"

#include <stdlib.h>

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/table.h"

enum { LIMIT_MAX = 9999 };

/* ---- calendar -------------------------------------------------------------------------------- */

/* First calendar day on or after `day`. */
static uint32_t day_index(const struct pool *p, int32_t day)
{
	uint32_t lo = 0, hi = p->days;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (p->day[mid] < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct run pool_window(const struct pool *p, int32_t from, int32_t to)
{
	return (struct run){ day_index(p, from), day_index(p, to + 1) };
}

static bool read_calendar(struct pool *p, struct arena *a, struct bytes artefact, struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_CALENDAR, artefact, e))
		return false;
	int32_t *day = arena_calloc(a, t.n + 1, sizeof *day);
	struct table_cursor c = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	for (size_t i = 0; table_next(&t, &c, field); i++)
		if (!civil_parse(field[0], &day[i])) {
			err_set(e, ERR_BAD_DATE, "\"%.*s\"", BYTES_ARG(field[0]));
			return err_at(e, "calendar: row %zu", c.row);
		}
	p->days = (uint32_t)t.n;
	p->day = day;
	return true;
}

/* ---- persons --------------------------------------------------------------------------------- */

static bool read_leave(
	struct person *q, struct arena *a, const struct pool *p, struct bytes text, struct err *e)
{
	struct list l;
	if (!list_parse(&l, a, text) || l.all)
		return err_set(e, ERR_BAD_TABLE, "leave is not a list: \"%.*s\"", BYTES_ARG(text));
	struct run *run = arena_calloc(a, (size_t)l.n + 1, sizeof *run);
	for (uint32_t i = 0; i < l.n; i++) {
		struct bytes v = l.at[i], dots = BYTES("..");
		int32_t from, to;
		if (v.n != 22 || !civil_parse((struct bytes){ v.p, 10 }, &from) ||
			!bytes_equal((struct bytes){ v.p + 10, 2 }, dots) ||
			!civil_parse((struct bytes){ v.p + 12, 10 }, &to))
			return err_set(e, ERR_BAD_DATE, "leave \"%.*s\"", BYTES_ARG(v));
		run[i] = pool_window(p, from, to);
	}
	q->leave = run;
	q->leave_count = l.n;
	return true;
}

static bool all_tokens(const struct list *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (!text_is_token(l->at[i]))
			return false;
	return true;
}

static bool read_person(struct person *q, struct arena *a, const struct pool *p,
	const struct policy *policy, const struct bytes *field, struct err *e)
{
	uint64_t limit;
	*q = (struct person){ .id = field[POOL_INSPECTOR], .department = field[POOL_DEPARTMENT] };
	if (!text_is_inspector_id(q->id))
		return err_set(e, ERR_BAD_TABLE, "inspector \"%.*s\"", BYTES_ARG(q->id));
	if (!text_is_token(q->department))
		return err_set(e, ERR_BAD_TABLE, "department \"%.*s\"", BYTES_ARG(q->department));
	if (!prefixes_parse(&q->regions, a, field[POOL_REGIONS]))
		return err_set(e, ERR_BAD_TABLE, "regions is not a prefix list: \"%.*s\"",
			BYTES_ARG(field[POOL_REGIONS]));
	if (!list_parse(&q->items, a, field[POOL_ITEMS]) || !all_tokens(&q->items))
		return err_set(e, ERR_BAD_TABLE, "items is not a list of tokens: \"%.*s\"",
			BYTES_ARG(field[POOL_ITEMS]));
	if (!civil_parse_or_none(field[POOL_CERTIFICATE], &q->certificate))
		return err_set(e, ERR_BAD_DATE, "certificate \"%.*s\"",
			BYTES_ARG(field[POOL_CERTIFICATE]));
	if (!text_u64(field[POOL_LIMIT], LIMIT_MAX, &limit))
		return err_set(e, ERR_BAD_NUMBER, "limit \"%.*s\"", BYTES_ARG(field[POOL_LIMIT]));
	limit = limit == 0 ? policy->inspectors_limit : limit;
	q->limit = (uint32_t)limit;
	int64_t department = policy_department(policy, q->department);
	q->department_index = department < 0 ? UINT32_MAX : (uint32_t)department;
	return read_leave(q, a, p, field[POOL_LEAVE], e);
}

/* ---- groups ---------------------------------------------------------------------------------- */

struct profile {
	struct bytes department, regions, items;
	uint32_t person;
};

static int same_group(const struct profile *a, const struct profile *b)
{
	int c = bytes_compare(a->department, b->department);
	c = c != 0 ? c : bytes_compare(a->regions, b->regions);
	return c != 0 ? c : bytes_compare(a->items, b->items);
}

static int profile_compare(const void *x, const void *y)
{
	const struct profile *a = x, *b = y;
	int c = same_group(a, b);
	return c != 0 ? c : (a->person > b->person) - (a->person < b->person);
}

static void make_groups(
	struct pool *p, struct arena *a, const struct policy *policy, struct profile *profile)
{
	uint32_t *start = arena_calloc(a, (size_t)p->n + 1, sizeof *start);
	uint32_t *member = arena_calloc(a, (size_t)p->n + 1, sizeof *member);
	struct run *of = arena_calloc(a, (size_t)policy->department_count + 1, sizeof *of);
	qsort(profile, p->n, sizeof *profile, profile_compare);
	for (uint32_t i = 0; i < p->n; i++) {
		member[i] = profile[i].person;
		if (i > 0 && same_group(&profile[i], &profile[i - 1]) == 0)
			continue;
		start[p->groups] = i;
		uint32_t department = p->at[member[i]].department_index;
		if (department != UINT32_MAX) {
			if (of[department].to == 0)
				of[department].from = p->groups;
			of[department].to = p->groups + 1;
		}
		p->groups++;
	}
	start[p->groups] = p->n;
	p->group_start = start;
	p->group_member = member;
	p->department_groups = of;
}

static bool read_pool(struct pool *p, struct arena *a, const struct policy *policy,
	struct bytes artefact, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	struct table t;
	if (!table_open(&t, TABLE_POOL, artefact, e))
		return false;
	struct person *at = arena_calloc(a, t.n + 1, sizeof *at);
	struct profile *profile = arena_calloc(scratch, t.n + 1, sizeof *profile);
	struct table_cursor c = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	for (; table_next(&t, &c, field); p->n++) {
		if (!read_person(&at[p->n], a, p, policy, field, e))
			return err_at(e, "pool: row %zu", c.row);
		profile[p->n] = (struct profile){ .department = field[POOL_DEPARTMENT],
			.regions = field[POOL_REGIONS],
			.items = field[POOL_ITEMS],
			.person = p->n };
	}
	p->at = at;
	make_groups(p, a, policy, profile);
	return true;
}

int64_t pool_find(const struct pool *p, struct bytes id)
{
	for (uint32_t lo = 0, hi = p->n; lo < hi;) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = bytes_compare(p->at[mid].id, id);
		if (c == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

/* ---- recusals and history -------------------------------------------------------------------- */

static int ban_compare(const void *x, const void *y)
{
	const struct ban *a = x, *b = y;
	int c = bytes_compare(a->subject, b->subject);
	return c != 0 ? c : (a->person > b->person) - (a->person < b->person);
}

/* Both tables begin with inspector and subject; recusals go on with ground and since, history with
 * the last day. */
static bool check_ban(enum table_id id, const struct bytes *field, int32_t *last, struct err *e)
{
	int32_t since;
	if (!text_is_inspector_id(field[0]))
		return err_set(e, ERR_BAD_TABLE, "inspector \"%.*s\"", BYTES_ARG(field[0]));
	if (!text_is_object_id(field[1]))
		return err_set(e, ERR_BAD_TABLE, "subject \"%.*s\"", BYTES_ARG(field[1]));
	if (id == TABLE_RECUSALS && !civil_parse_or_none(field[3], &since))
		return err_set(e, ERR_BAD_DATE, "since \"%.*s\"", BYTES_ARG(field[3]));
	if (id == TABLE_HISTORY && !civil_parse(field[2], last))
		return err_set(e, ERR_BAD_DATE, "last \"%.*s\"", BYTES_ARG(field[2]));
	return true;
}

static bool read_bans(struct bans *b, struct arena *a, const struct pool *p, enum table_id id,
	struct bytes artefact, struct err *e)
{
	struct table t;
	if (!table_open(&t, id, artefact, e))
		return false;
	struct ban *at = arena_calloc(a, t.n + 1, sizeof *at);
	struct table_cursor c = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	uint32_t n = 0;
	while (table_next(&t, &c, field)) {
		int32_t last = CIVIL_NONE;
		if (!check_ban(id, field, &last, e))
			return err_at(e, "%s: row %zu", table_form(id)->name, c.row);
		int64_t person = pool_find(p, field[0]);
		if (person >= 0)
			at[n++] = (struct ban){
				.subject = field[1], .person = (uint32_t)person, .last = last
			};
	}
	qsort(at, n, sizeof *at, ban_compare);
	*b = (struct bans){ .n = n, .at = at };
	return true;
}

bool pool_read(struct pool *p, struct arena *a, const struct policy *policy,
	const struct pool_artefacts *in, struct err *e)
{
	*p = (struct pool){ 0 };
	return read_calendar(p, a, in->calendar, e) && read_pool(p, a, policy, in->pool, e) &&
	       read_bans(&p->recusals, a, p, TABLE_RECUSALS, in->recusals, e) &&
	       read_bans(&p->history, a, p, TABLE_HISTORY, in->history, e);
}
