/* The order of the units of a stratum, and the chance of each (PROTOCOL.md §8). */
#include <assert.h>
#include <stdlib.h>

#include "sampler/chance.h"
#include "sampler/select.h"
#include "sampler/select_cells.h"
#include "sampler/weighted.h"

static size_t place_of(const struct draw_cell *cell)
{
	return cell->task * FRAME_STRATA + cell->stratum;
}

static bool is_weighted(const struct draw_cell *cell)
{
	return cell->order != NULL && cell->order->rule[cell->task].weighted;
}

/* The number of its union from 1, or 0. */
static size_t union_of(const struct draw_cell *cell)
{
	const struct draw_order *o = cell->order;
	return o != NULL && o->together != NULL ? o->together[place_of(cell)] : 0;
}

static uint64_t cell_quota(const struct draw_cell *cell)
{
	return cell->order->quota[place_of(cell)];
}

/* Does the object stand for a unit of the stratum? */
static bool is_unit(const struct frame *f, const struct draw_cell *cell, uint32_t object)
{
	return frame_cell(f, object, cell->task) == cell->stratum &&
	       (!cell->by_entity || units_stands(f, cell->task, object));
}

static uint64_t count_units(const struct frame *f, const struct draw_cell *cell)
{
	uint64_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		n += is_unit(f, cell, (uint32_t)i);
	return n;
}

static struct cell whole_cell(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint64_t have, uint64_t want, struct arena *a)
{
	struct cell c = { .task = cell->task,
		.stratum = cell->stratum,
		.by_entity = cell->by_entity,
		.want = want,
		.have = have };
	cell_all(&c, f, t, a);
	return c;
}

/* The units of the stratum by weight, of which so many are drawn: the want first in order. */
static struct weighted_unit *weigh_units(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint64_t have, uint64_t want, struct arena *a)
{
	struct cell c = whole_cell(f, t, cell, have, want, a);
	struct weighted_unit *unit = cell_units(&c, f, a);
	weighted_first(unit, have, cell_quota(cell), want, true);
	return unit;
}

static struct ranked *rank_weighted(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint64_t have, uint64_t want, struct arena *a)
{
	const struct weighted_unit *unit = weigh_units(f, t, cell, have, want, a);
	struct ranked *r = arena_alloc(a, (want + 1) * sizeof *r);
	for (size_t i = 0; i < want; i++)
		r[i] = (struct ranked){ unit[i].u, unit[i].unit, unit[i].object };
	return r;
}

/* The want first units of the stratum, in order. */
static struct ranked *rank_units(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint64_t have, uint64_t want, struct arena *a)
{
	if (is_weighted(cell))
		return rank_weighted(f, t, cell, have, want, a);
	struct cell c = whole_cell(f, t, cell, have, want, a);
	uint32_t *kept = arena_alloc(a, (want + 1) * sizeof *kept);
	cell_finish(&c, f, arena_alloc(a, (have + 1) * sizeof(uint64_t)), a, kept);
	struct ranked *r = arena_alloc(a, (want + 1) * sizeof *r);
	for (size_t i = 0; i < want; i++)
		r[i] = (struct ranked){ units_number(t, kept[i], cell->by_entity),
			units_id(f, kept[i], cell->by_entity), kept[i] };
	qsort(r, want, sizeof *r, ranked_compare);
	return r;
}

size_t select_reserve(const struct frame *f, const struct tickets *t, const struct draw_cell *cell,
	uint64_t after, uint64_t want, const struct seed_keys *k, struct arena *a,
	const uint32_t **object)
{
	assert(cell->task < f->tasks && cell->stratum < FRAME_STRATA);
	uint64_t have = count_units(f, cell);
	*object = NULL;
	if (after >= have || want == 0)
		return 0;
	if (want > have - after)
		want = have - after;

	ARENA_AUTO scratch = arena_new();
	const struct ranked *r = rank_units(f, t, cell, have, after + want, scratch) + after;
	uint32_t *out = arena_alloc(a, want * sizeof *out);
	for (size_t i = 0; i < want; i++)
		out[i] = cell->by_entity ? units_candidate(f, k, cell->task, r[i].object)
					 : r[i].object;
	*object = out;
	return want;
}

/* ---- places ---- */

/* Is the object a unit of a stratum of the union, and the first of its entity that is one? */
static bool is_in_union(const struct frame *f, const struct draw_cell *cell, uint32_t object)
{
	const struct draw_order *o = cell->order;
	const uint32_t *member;
	size_t n = cell->by_entity ? frame_group(f, object, &member) : 0;
	if (n == 0) {
		member = &object;
		n = 1;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < f->tasks; t++) {
			struct draw_cell own = { t, cell->stratum, cell->by_entity, NULL };
			if (o->together[place_of(&own)] == union_of(cell) &&
				is_unit(f, &own, member[i]))
				return member[i] == object;
		}
	return false;
}

static uint64_t place_by_ticket(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint32_t object)
{
	const struct ranked own = { units_number(t, object, cell->by_entity),
		units_id(f, object, cell->by_entity), object };
	bool together = union_of(cell) > 0;
	uint64_t place = 1;
	for (uint32_t i = 0; i < f->n; i++) {
		if (together ? !is_in_union(f, cell, i) : !is_unit(f, cell, i))
			continue;
		const struct ranked other = { units_number(t, i, cell->by_entity),
			units_id(f, i, cell->by_entity), i };
		place += ranked_compare(&other, &own) < 0;
	}
	return place;
}

/* The place, from 0, of the object's unit among the units. */
static size_t find_unit(const struct weighted_unit *unit, size_t n, struct bytes id)
{
	size_t i = 0;
	while (i < n && !bytes_equal(unit[i].unit, id))
		i++;
	assert(i < n);
	return i;
}

uint64_t select_place(const struct frame *f, const struct tickets *t, const struct draw_cell *cell,
	uint32_t object)
{
	if (!is_weighted(cell))
		return place_by_ticket(f, t, cell, object);
	ARENA_AUTO a = arena_new();
	uint64_t have = count_units(f, cell);
	const struct weighted_unit *unit = weigh_units(f, t, cell, have, have, a);
	return 1 + find_unit(unit, have, units_id(f, object, cell->by_entity));
}

uint32_t select_chance(const struct frame *f, const struct draw_cell *cell, uint32_t object)
{
	const struct draw_order *o = cell->order;
	uint64_t quota = cell_quota(cell), have = o->units[place_of(cell)];
	if (!is_weighted(cell))
		return chance_equal(quota, union_of(cell) > 0 ? o->among[place_of(cell)] : have);
	ARENA_AUTO a = arena_new();
	const struct tickets none = { .u = arena_calloc(a, f->n + 1, sizeof(uint64_t)) };
	struct cell c = whole_cell(f, &none, cell, have, have, a);
	struct weighted_unit *unit = cell_units(&c, f, a);
	struct weighted_rest rest = weighted_certain(unit, have, quota);
	size_t at = find_unit(unit, have, units_id(f, object, cell->by_entity));
	return chance_weighted(unit, have, &rest, at);
}
