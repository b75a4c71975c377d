/* Assignments and the rules of eligibility (PROTOCOL.md §10). */
#include <stdlib.h>
#include <string.h>

#include "planner/pool.h"

/* ---- assignments ----------------------------------------------------------------------------- */

static int number_compare(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;
	return (*a > *b) - (*a < *b);
}

/* All items of a visit's tasks, ascending, each once. */
static uint32_t visit_items(const struct policy *p, const struct visit *v, uint32_t *item)
{
	uint32_t n = 0, once = 0;
	for (uint32_t k = 0; k < v->task_count; k++) {
		const struct task *t = &p->tasks[v->tasks[k]];
		memcpy(item + n, t->items, t->item_count * sizeof *item);
		n += t->item_count;
	}
	qsort(item, n, sizeof *item, number_compare);
	for (uint32_t k = 0; k < n; k++)
		if (once == 0 || item[once - 1] != item[k])
			item[once++] = item[k];
	return once;
}

/* The largest `officers` of the tasks that have an item of the department. */
static uint32_t places_of(const struct policy *p, const struct visit *v, uint32_t department)
{
	uint32_t places = 0;
	for (uint32_t k = 0; k < v->task_count; k++) {
		const struct task *t = &p->tasks[v->tasks[k]];
		for (uint32_t q = 0; q < t->department_count && t->officers > places; q++)
			if (t->departments[q] == department)
				places = t->officers;
	}
	return places;
}

static struct run bans_of(const struct bans *b, struct bytes subject)
{
	struct run r = { 0, b->n };
	while (r.from < r.to) {
		uint32_t mid = r.from + (r.to - r.from) / 2;
		if (bytes_compare(b->at[mid].subject, subject) < 0)
			r.from = mid + 1;
		else
			r.to = mid;
	}
	while (r.to < b->n && bytes_equal(b->at[r.to].subject, subject))
		r.to++;
	return r;
}

static void set_items(struct assignment *s, struct arena *a, const struct policy *p,
	const uint32_t *item, uint32_t n)
{
	uint32_t *own = arena_calloc(a, (size_t)n + 1, sizeof *own);
	for (uint32_t k = 0; k < n; k++)
		if (p->items[item[k]].department == s->department)
			own[s->item_count++] = item[k];
	s->items = own;
}

void assignments_make(struct assignments *out, struct arena *a, const struct policy *p,
	const struct draws *d, const struct visits *v, const struct pool *pool)
{
	ARENA_AUTO scratch = arena_new();
	uint32_t *start = arena_calloc(a, (size_t)v->n + 1, sizeof *start);
	size_t most = 1;
	for (uint32_t i = 0; i < v->n; i++)
		start[i + 1] = start[i] + v->at[i].department_count;
	for (uint32_t t = 0; t < p->task_count; t++)
		most += p->tasks[t].item_count;
	uint32_t *item = arena_calloc(scratch, most, sizeof *item);
	struct assignment *at = arena_calloc(a, (size_t)start[v->n] + 1, sizeof *at), *s = at;
	for (uint32_t i = 0; i < v->n; i++) {
		const struct visit *visit = &v->at[i];
		const struct plan_object *o = &d->at[visit->object];
		uint32_t items = visit_items(p, visit, item);
		struct assignment base = { .visit = i,
			.object = o->object,
			.entity = o->entity,
			.region = o->region,
			.from = visit->from,
			.to = visit->to,
			.window = pool_window(pool, visit->from, visit->to),
			.recused_object = bans_of(&pool->recusals, o->object),
			.recused_entity = bans_of(&pool->recusals, o->entity),
			.seen = bans_of(&pool->history, o->entity) };
		for (uint32_t k = 0; k < visit->department_count; k++, s++) {
			*s = base;
			s->department = visit->departments[k];
			s->places = places_of(p, visit, s->department);
			set_items(s, a, p, item, items);
		}
	}
	*out = (struct assignments){ .n = start[v->n], .at = at, .visit_start = start };
}

/* ---- the rules ------------------------------------------------------------------------------- */

struct case_of {
	const struct pool *pool;
	const struct policy *policy;
	const struct assignment *s;
	uint32_t person;
};

static const struct person *person_of(const struct case_of *c)
{
	return &c->pool->at[c->person];
}

static bool same_department(const struct case_of *c)
{
	return person_of(c)->department_index == c->s->department;
}

static bool region_matches(const struct case_of *c)
{
	return prefixes_match(&person_of(c)->regions, c->s->region);
}

static bool has_items(const struct case_of *c)
{
	const struct list *l = &person_of(c)->items;
	for (uint32_t k = 0; k < c->s->item_count; k++)
		if (!list_has(l, c->policy->items[c->s->items[k]].code))
			return false;
	return true;
}

static bool certificate_valid(const struct case_of *c)
{
	return person_of(c)->certificate >= c->s->to;
}

/* Some calendar day of the window lies in no leave. */
static bool has_day(const struct case_of *c)
{
	const struct person *q = person_of(c);
	uint32_t day = c->s->window.from;
	for (uint32_t k = 0; k < q->leave_count && q->leave[k].from <= day; k++)
		if (q->leave[k].to > day)
			day = q->leave[k].to;
	return day < c->s->window.to;
}

static bool barred(const struct bans *b, struct run r, uint32_t person)
{
	for (uint32_t k = r.from; k < r.to; k++)
		if (b->at[k].person == person)
			return true;
	return false;
}

static bool not_recused(const struct case_of *c)
{
	return !barred(&c->pool->recusals, c->s->recused_object, c->person) &&
	       !barred(&c->pool->recusals, c->s->recused_entity, c->person);
}

static bool not_seen(const struct case_of *c)
{
	const struct bans *b = &c->pool->history;
	int32_t days = (int32_t)c->policy->inspectors_rotation;
	for (uint32_t k = c->s->seen.from; k < c->s->seen.to; k++)
		if (b->at[k].person == c->person &&
			(days == 0 || b->at[k].last + days > c->s->from))
			return false;
	return true;
}

/* In the order of §10. A group rule gives the same answer for everybody of a group. */
static const struct {
	const char *name;
	bool (*holds)(const struct case_of *c);
	bool group;
} rules[ELIGIBLE_RULES] = {
	[ELIGIBLE_DEPARTMENT] = { "department", same_department, true },
	[ELIGIBLE_REGION] = { "region", region_matches, true },
	[ELIGIBLE_ITEM] = { "item", has_items, true },
	[ELIGIBLE_CERTIFICATE] = { "certificate", certificate_valid, false },
	[ELIGIBLE_LEAVE] = { "leave", has_day, false },
	[ELIGIBLE_RECUSAL] = { "recusal", not_recused, false },
	[ELIGIBLE_ROTATION] = { "rotation", not_seen, false },
};

const char *eligibility_name(enum eligibility code)
{
	return code == ELIGIBLE_ALL ? "eligible" : rules[code].name;
}

enum eligibility pool_eligible(const struct pool *pool, const struct policy *p,
	const struct assignment *s, uint32_t person)
{
	struct case_of c = { .pool = pool, .policy = p, .s = s, .person = person };
	unsigned k = 0;
	while (k < ELIGIBLE_RULES && rules[k].holds(&c))
		k++;
	return (enum eligibility)k;
}

bool pool_holds(const struct pool *pool, const struct policy *p, const struct assignment *s,
	uint32_t person, enum eligibility rule)
{
	const struct case_of c = { .pool = pool, .policy = p, .s = s, .person = person };
	return rules[rule].holds(&c);
}

static bool all_hold(const struct case_of *c, bool group)
{
	for (unsigned k = 0; k < ELIGIBLE_RULES; k++)
		if (rules[k].group == group && !rules[k].holds(c))
			return false;
	return true;
}

/* ---- everybody at once ----------------------------------------------------------------------- */

/* What the group rules look at. */
static int same_profile(const struct assignment *a, const struct assignment *b)
{
	if (a->department != b->department)
		return a->department < b->department ? -1 : 1;
	int c = bytes_compare(a->region, b->region);
	if (c != 0)
		return c;
	if (a->item_count != b->item_count)
		return a->item_count < b->item_count ? -1 : 1;
	for (uint32_t k = 0; k < a->item_count; k++)
		if (a->items[k] != b->items[k])
			return a->items[k] < b->items[k] ? -1 : 1;
	return 0;
}

struct ordered {
	const struct assignment *s;
	uint32_t index;
	uint32_t from, n; /* where its persons stand in found[] */
};

static int ordered_compare(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;
	int c = same_profile(a->s, b->s);
	return c != 0 ? c : (a->index > b->index) - (a->index < b->index);
}

static int index_compare(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;
	return (a->index > b->index) - (a->index < b->index);
}

/* Persons of the groups in which the group rules hold, ascending. */
static uint32_t group_pass(struct case_of *c, uint32_t *person)
{
	const struct pool *p = c->pool;
	struct run groups = p->department_groups[c->s->department];
	uint32_t n = 0, runs = 0;
	for (uint32_t g = groups.from; g < groups.to; g++) {
		uint32_t first = p->group_start[g], size = p->group_start[g + 1] - first;
		c->person = p->group_member[first];
		if (!all_hold(c, true))
			continue;
		memcpy(person + n, p->group_member + first, size * sizeof *person);
		n += size;
		runs++;
	}
	if (runs > 1)
		qsort(person, n, sizeof *person, number_compare);
	return n;
}

struct found {
	struct arena *arena;
	uint32_t *at;
	size_t n, room;
};

static void found_room(struct found *f, size_t more)
{
	if (f->room - f->n >= more)
		return;
	f->room = 2 * f->room + more;
	uint32_t *bigger = arena_alloc(f->arena, f->room * sizeof *bigger);
	if (f->n > 0)
		memcpy(bigger, f->at, f->n * sizeof *bigger);
	f->at = bigger;
}

/* Assignments of one profile stand together: their group rules are asked once. */
static void find_all(struct found *f, struct ordered *order, uint32_t n, struct case_of *c)
{
	uint32_t *person = arena_calloc(f->arena, (size_t)c->pool->n + 1, sizeof *person);
	uint32_t persons = 0;
	for (uint32_t i = 0; i < n; i++) {
		c->s = order[i].s;
		if (i == 0 || same_profile(order[i].s, order[i - 1].s) != 0)
			persons = group_pass(c, person);
		found_room(f, persons);
		order[i].from = (uint32_t)f->n;
		for (uint32_t k = 0; k < persons; k++) {
			c->person = person[k];
			if (all_hold(c, false))
				f->at[f->n++] = person[k];
		}
		order[i].n = (uint32_t)f->n - order[i].from;
	}
}

void pool_eligible_all(struct eligible *out, struct arena *a, const struct pool *pool,
	const struct policy *p, const struct assignments *s)
{
	ARENA_AUTO scratch = arena_new();
	struct found f = {
		.arena = scratch, .at = arena_calloc(scratch, 1, sizeof *f.at), .room = 1
	};
	struct case_of c = { .pool = pool, .policy = p };
	struct ordered *order = arena_calloc(scratch, (size_t)s->n + 1, sizeof *order);
	for (uint32_t i = 0; i < s->n; i++)
		order[i] = (struct ordered){ .s = &s->at[i], .index = i };
	qsort(order, s->n, sizeof *order, ordered_compare);
	find_all(&f, order, s->n, &c);
	qsort(order, s->n, sizeof *order, index_compare);

	uint32_t *start = arena_calloc(a, (size_t)s->n + 1, sizeof *start);
	uint32_t *to = arena_alloc(a, (f.n + 1) * sizeof *to);
	for (uint32_t i = 0; i < s->n; i++) {
		start[i + 1] = start[i] + order[i].n;
		if (order[i].n > 0)
			memcpy(to + start[i], f.at + order[i].from, order[i].n * sizeof *to);
	}
	*out = (struct eligible){ .start = start, .to = to };
}
