#include "sampler/select_cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/weighted.h"

__extension__ typedef unsigned __int128 u128;

int ranked_compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->u != y->u)
		return x->u < y->u ? -1 : 1;
	return bytes_compare(x->unit, y->unit);
}

/* ---- the k-th smallest ---- */

/* The k-th smallest (k from 1) of n numbers, which are shuffled away. Radix selection: look at the
 * eight highest bits in which the numbers differ, keep those that fall where the k-th must be. */
static uint64_t kth_smallest(uint64_t *v, size_t n, size_t k)
{
	for (;;) {
		uint64_t differ = 0;
		for (size_t i = 1; i < n; i++)
			differ |= v[i] ^ v[0];
		if (differ == 0)
			return v[0];
		int top = 63 - __builtin_clzll(differ), shift = top > 7 ? top - 7 : 0;
		size_t have[256] = { 0 };
		for (size_t i = 0; i < n; i++)
			have[v[i] >> shift & 255]++;
		unsigned digit = 0;
		while (k > have[digit])
			k -= have[digit++];
		size_t kept = 0;
		for (size_t i = 0; i < n; i++)
			if ((v[i] >> shift & 255) == digit)
				v[kept++] = v[i];
		n = kept;
	}
}

/* ---- cells ---- */

static uint64_t square_root(uint64_t n)
{
	uint64_t r = 0;
	for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
		if ((r + bit) * (r + bit) <= n)
			r += bit;
	return r;
}

void cell_bound(struct cell *c)
{
	uint64_t spread = 7 * (square_root(c->want) + 3), aim = c->want + spread;
	if (aim + spread >= c->among) {
		c->bound = UINT64_MAX;
		c->room = c->have;
		return;
	}
	c->bound = (uint64_t)(((u128)aim << 64) / c->among);
	c->room = aim + spread < c->have ? aim + spread : c->have;
}

static int by_id(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;
	return bytes_compare(*x, *y);
}

/* Of the candidates with this number the id of the unit behind which none is wanted any more. */
static struct bytes last_tie(
	const struct cell *c, const struct frame *f, uint64_t u, size_t ties, struct arena *a)
{
	struct bytes *unit = arena_calloc(a, c->found + 1, sizeof *unit);
	size_t n = 0;
	for (size_t i = 0; i < c->found; i++)
		if (c->u[i] == u)
			unit[n++] = units_id(f, c->candidate[i], true);
	qsort(unit, n, sizeof *unit, by_id);
	return unit[ties - 1];
}

/* Objects stand in the order of their ids, entities do not. */
void cell_finish(const struct cell *c, const struct frame *f, uint64_t *scratch, struct arena *a,
	uint32_t *out)
{
	size_t below = 0, equal = 0, ties, kept = 0;
	uint64_t last = UINT64_MAX;
	if (c->want < c->found) {
		memcpy(scratch, c->u, c->found * sizeof *scratch);
		last = kth_smallest(scratch, c->found, c->want);
	}
	for (size_t i = 0; i < c->found; i++) {
		below += c->u[i] < last;
		equal += c->u[i] == last;
	}
	ties = c->want - below;
	bool choose = c->by_entity && ties < equal;
	struct bytes stop = choose ? last_tie(c, f, last, ties, a) : BYTES("");
	for (size_t i = 0; i < c->found; i++) {
		bool tie = c->u[i] == last;
		if (c->u[i] > last || (tie && ties == 0) ||
			(tie && choose &&
				bytes_compare(units_id(f, c->candidate[i], true), stop) > 0))
			continue;
		ties -= tie;
		out[kept++] = c->candidate[i];
	}
	assert(kept == c->want);
}

void cell_add(struct cell *c, const struct frame *f, size_t object, uint64_t u)
{
	if (c->by_entity && !units_stands(f, c->task, (uint32_t)object))
		return;
	if (c->found < c->room) {
		c->candidate[c->found] = (uint32_t)object;
		c->u[c->found] = u;
	}
	c->found++;
}

void cell_all(struct cell *c, const struct frame *f, const struct tickets *t, struct arena *a)
{
	c->room = c->have;
	c->found = 0;
	c->candidate = arena_calloc(a, c->have + 1, sizeof *c->candidate);
	c->u = arena_calloc(a, c->have + 1, sizeof *c->u);
	for (size_t i = 0; i < f->n; i++)
		if (frame_cell(f, i, c->task) == c->stratum)
			cell_add(c, f, i, units_number(t, (uint32_t)i, c->by_entity));
}

bool cell_missed(const struct cell *c)
{
	return c->found < c->want || c->found > c->room;
}

size_t cell_up_to(
	const struct cell *c, const struct frame *f, const struct ranked *last, uint32_t *out)
{
	size_t n = 0;
	for (size_t i = 0; i < c->found; i++) {
		const struct ranked own = { c->u[i], units_id(f, c->candidate[i], c->by_entity),
			c->candidate[i] };
		if (ranked_compare(&own, last) <= 0)
			out[n++] = c->candidate[i];
	}
	return n;
}

/* ---- by weight ---- */

struct weighted_unit *cell_units(const struct cell *c, const struct frame *f, struct arena *a)
{
	struct weighted_unit *unit = arena_calloc(a, c->found + 1, sizeof *unit);
	for (size_t i = 0; i < c->found; i++)
		unit[i] = (struct weighted_unit){ c->u[i],
			units_id(f, c->candidate[i], c->by_entity), c->candidate[i],
			units_weight(f, c->task, c->candidate[i], c->by_entity) };
	return unit;
}

static int by_object(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

void cell_weighted(
	const struct cell *c, const struct frame *f, struct arena *scratch, uint32_t *out)
{
	struct weighted_unit *unit = cell_units(c, f, scratch);
	weighted_first(unit, c->found, c->want, c->want, false);
	for (size_t i = 0; i < c->want; i++)
		out[i] = unit[i].object;
	qsort(out, c->want, sizeof *out, by_object);
}
