#include <stdlib.h>

#include "planner/season_inner.h"

struct turn {
	int32_t to, from;
	uint32_t visit;
};

static int turn_compare(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->visit > b->visit) - (a->visit < b->visit);
}

uint32_t *season_order(struct arena *a, const struct visits *v)
{
	ARENA_AUTO scratch = arena_new();
	struct turn *turn = arena_calloc(scratch, (size_t)v->n + 1, sizeof *turn);
	uint32_t *order = arena_calloc(a, (size_t)v->n + 1, sizeof *order);
	for (uint32_t i = 0; i < v->n; i++)
		turn[i] = (struct turn){ v->at[i].to, v->at[i].from, i };
	qsort(turn, v->n, sizeof *turn, turn_compare);
	for (uint32_t i = 0; i < v->n; i++)
		order[i] = turn[i].visit;
	return order;
}

struct run season_slots(const struct season *s, uint32_t visit)
{
	const uint32_t *start = s->plan->assignments.visit_start;
	return (struct run){ s->plan->shp.slot_start[start[visit]],
		s->plan->shp.slot_start[start[visit + 1]] };
}

struct run season_window(const struct season *s, uint32_t visit)
{
	const struct visit *v = &s->plan->visits.at[visit];
	struct run r = pool_window(&s->pool, v->from, v->to);
	r.from = r.from < s->first_day ? s->first_day : r.from;
	return r;
}

bool season_past(const struct season *s, uint32_t visit)
{
	uint32_t half = s->half[visit];
	return (half == HALF_NONE ? s->plan->visits.at[visit].to : s->pool.day[half / 2]) <
	       s->today;
}

bool season_has(const struct season *s, uint32_t visit, uint32_t person)
{
	struct run slots = season_slots(s, visit);
	for (uint32_t k = slots.from; k < slots.to; k++)
		if (s->slot[k] == person)
			return true;
	return false;
}

bool season_away(const struct season *s, uint32_t person, uint32_t day)
{
	const struct person *q = &s->person[person];
	for (uint32_t k = 0; k < q->leave_count; k++)
		if (q->leave[k].from <= day && day < q->leave[k].to)
			return true;
	return false;
}

/* Does another visit, of the half-days that are asked for, have somebody of this one's crew? Marks
 * their half-days. `only` is one half-day or HALF_NONE for all. */
static void mark_visits(const struct season *s, uint32_t visit, uint32_t only, bool *busy)
{
	struct run crew = season_slots(s, visit);
	for (uint32_t v = 0; v < s->plan->visits.n; v++) {
		uint32_t half = s->half[v];
		if (v == visit || half == HALF_NONE || busy[half] ||
			(only != HALF_NONE && half != only))
			continue;
		for (uint32_t k = crew.from; k < crew.to && !busy[half]; k++)
			busy[half] = s->slot[k] != SHP_OPEN && season_has(s, v, s->slot[k]);
	}
}

static bool crew_away(const struct season *s, uint32_t visit, uint32_t day)
{
	struct run crew = season_slots(s, visit);
	for (uint32_t k = crew.from; k < crew.to; k++)
		if (s->slot[k] != SHP_OPEN && season_away(s, s->slot[k], day))
			return true;
	return false;
}

bool season_free(const struct season *s, uint32_t visit, uint32_t half)
{
	ARENA_AUTO a = arena_new();
	struct run window = season_window(s, visit);
	bool *busy = arena_calloc(a, 2 * (size_t)s->pool.days + 1, sizeof *busy);
	if (half / 2 < window.from || half / 2 >= window.to || crew_away(s, visit, half / 2))
		return false;
	mark_visits(s, visit, half, busy);
	return !busy[half];
}

uint32_t season_best(const struct season *s, uint32_t visit)
{
	ARENA_AUTO a = arena_new();
	struct run window = season_window(s, visit);
	bool *busy = arena_calloc(a, 2 * (size_t)s->pool.days + 1, sizeof *busy);
	uint32_t best = HALF_NONE;
	mark_visits(s, visit, HALF_NONE, busy);
	for (uint32_t half = 2 * window.from; half < 2 * window.to; half++)
		if (!busy[half] && (best == HALF_NONE || s->visits[half] < s->visits[best]) &&
			!crew_away(s, visit, half / 2))
			best = half;
	return best;
}

void season_place(struct season *s, uint32_t visit, uint32_t half)
{
	if (s->half[visit] != HALF_NONE)
		s->visits[s->half[visit]]--;
	if (half != HALF_NONE)
		s->visits[half]++;
	s->half[visit] = half;
}
