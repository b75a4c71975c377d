#include "planner/inspectors.h"

#include <assert.h>
#include <stdlib.h>

#include "planner/fill.h"

int shp_key_compare(const struct shp_key *a, const struct shp_key *b)
{
	for (int k = 0; k < 4; k++)
		if (a->w[k] != b->w[k])
			return a->w[k] < b->w[k] ? -1 : 1;
	return 0;
}

/* ---- steps 1 and 2: capacities --------------------------------------------------------------- */

static void first_capacities(struct fill *f, const struct fill_part *p)
{
	uint64_t places = 0;
	for (uint32_t k = 0; k < p->assignments; k++)
		places += f->g->places[p->assignment[k]];
	uint64_t share = 100 * (uint64_t)p->inspectors;
	uint64_t capacity = (places * f->g->slack + share - 1) / share;
	for (uint32_t k = 0; k < p->inspectors; k++) {
		uint32_t i = p->inspector[k], limit = f->g->limit[i];
		f->person[i].capacity = capacity < limit ? (uint32_t)capacity : limit;
	}
}

/* Those of R who are below their personal limit move to the front of r; *room is the least of what
 * they have left. */
static uint32_t below_limit(const struct fill *f, uint32_t *r, uint32_t n, uint32_t *room)
{
	uint32_t below = 0;
	*room = UINT32_MAX;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t left = f->g->limit[r[k]] - f->person[r[k]].capacity;
		if (left == 0)
			continue;
		*room = left < *room ? left : *room;
		r[below++] = r[k];
	}
	return below;
}

/* Step 2. Raising never makes R larger (what is outside it stays unreachable), so where R is the
 * same after several raises at once, it was the same after each of them: the raises are tried
 * in doubling strides, and a stride that changes R is taken back to one raise. */
static void raise_capacities(struct fill *f, struct fill_part *p, uint32_t *raised)
{
	uint32_t stride = 1;
	while (p->lacks > 0) {
		uint32_t room, reach = fill_reach(f, p);
		for (uint32_t k = 0; k < reach; k++)
			raised[k] = f->queue[k];
		uint32_t n = below_limit(f, raised, reach, &room);
		if (n == 0)
			return;
		uint32_t by = stride < room ? stride : room;
		for (uint32_t k = 0; k < n; k++)
			f->person[raised[k]].capacity += by;
		fill_maximise(f, p);
		stride = by * 2;
		if (by == 1 || fill_reach(f, p) == reach)
			continue;
		for (uint32_t k = 0; k < n; k++)
			fill_lower(f, raised[k], f->person[raised[k]].capacity - by + 1);
		fill_maximise(f, p);
		stride = 1;
	}
}

static void copy_capacities(const struct fill *f, uint32_t *to)
{
	for (uint32_t i = 0; i < f->g->inspectors; i++)
		to[i] = f->person[i].capacity;
}

/* ---- step 3: slots in the order of their keys ------------------------------------------------ */

struct slot {
	struct shp_key key;
	uint32_t assignment, place; /* from 1 */
};

static int slot_compare(const void *x, const void *y)
{
	const struct slot *a = x, *b = y;
	int c = shp_key_compare(&a->key, &b->key);
	if (c != 0)
		return c;
	if (a->assignment != b->assignment)
		return a->assignment < b->assignment ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static struct slot *slots_in_order(struct arena *a, const struct shp_graph *g, uint32_t n)
{
	struct slot *slot = arena_calloc(a, (size_t)n + 1, sizeof *slot), *at = slot;
	for (uint32_t s = 0; s < g->assignments; s++)
		for (uint32_t place = 1; place <= g->places[s]; place++, at++) {
			*at = (struct slot){ .assignment = s, .place = place };
			g->slot_key(g->keys, s, place, &at->key);
		}
	qsort(slot, n, sizeof *slot, slot_compare);
	return slot;
}

/* The candidates of one slot as a heap: most slots need only the first one or two. */
struct candidates {
	uint32_t n, *inspector, *edge, *heap;
	struct shp_key *key;
};

static bool before(const struct candidates *c, uint32_t a, uint32_t b)
{
	int d = shp_key_compare(&c->key[a], &c->key[b]);
	return d != 0 ? d < 0 : c->inspector[a] < c->inspector[b];
}

static void sift(struct candidates *c, uint32_t at)
{
	for (uint32_t child; (child = 2 * at + 1) < c->n; at = child) {
		if (child + 1 < c->n && before(c, c->heap[child + 1], c->heap[child]))
			child++;
		if (!before(c, c->heap[child], c->heap[at]))
			return;
		uint32_t swap = c->heap[at];
		c->heap[at] = c->heap[child];
		c->heap[child] = swap;
	}
}

/* Those who may still come in question; leaving out the others first saves their hashes. */
static void gather(struct candidates *c, const struct fill *f, const struct slot *slot)
{
	const struct shp_graph *g = f->g;
	c->n = 0;
	for (uint32_t e = g->start[slot->assignment]; e < g->start[slot->assignment + 1]; e++) {
		uint32_t i = g->to[e];
		if (f->state[e] == EDGE_TAKEN || f->state[e] == EDGE_BARRED ||
			f->person[i].taken >= f->person[i].capacity)
			continue;
		c->inspector[c->n] = i;
		c->edge[c->n] = e;
		c->heap[c->n] = c->n;
		c->n++;
	}
	g->candidate_keys(g->keys, slot->assignment, slot->place, c->inspector, c->n, c->key);
	for (uint32_t k = c->n / 2; k-- > 0;)
		sift(c, k);
}

static uint32_t fill_slot(struct candidates *c, struct fill *f, const struct slot *slot)
{
	gather(c, f, slot);
	while (c->n > 0) {
		uint32_t first = c->heap[0];
		if (fill_take(f, slot->assignment, c->edge[first]))
			return c->inspector[first];
		c->heap[0] = c->heap[--c->n];
		sift(c, 0);
	}
	return SHP_OPEN;
}

static struct candidates candidates_new(struct arena *a, const struct shp_graph *g)
{
	uint32_t most = 1;
	for (uint32_t s = 0; s < g->assignments; s++)
		if (g->start[s + 1] - g->start[s] > most)
			most = g->start[s + 1] - g->start[s];
	return (struct candidates){
		.inspector = arena_calloc(a, most, sizeof(uint32_t)),
		.edge = arena_calloc(a, most, sizeof(uint32_t)),
		.heap = arena_calloc(a, most, sizeof(uint32_t)),
		.key = arena_calloc(a, most, sizeof(struct shp_key)),
	};
}

static void draw_slots(struct shp_result *out, struct fill *f, struct arena *scratch,
	uint32_t *taker, uint32_t *used)
{
	struct slot *order = slots_in_order(scratch, f->g, out->slots);
	struct candidates c = candidates_new(scratch, f->g);
	for (uint32_t k = 0; k < out->slots; k++) {
		uint32_t i = fill_slot(&c, f, &order[k]);
		taker[out->slot_start[order[k].assignment] + order[k].place - 1] = i;
		if (i == SHP_OPEN)
			out->open++;
		else
			used[i]++;
	}
}

void shp_run(struct shp_result *out, struct arena *a, const struct shp_graph *g)
{
	ARENA_AUTO scratch = arena_new();
	struct fill f;
	uint32_t *first = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *first);
	uint32_t *final = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *final);
	uint32_t *used = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *used);
	uint32_t *tier = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *tier);
	uint32_t *start = arena_calloc(a, (size_t)g->assignments + 1, sizeof *start);

	for (uint32_t s = 0; s < g->assignments; s++)
		start[s + 1] = start[s] + g->places[s];
	uint32_t *slot = arena_calloc(a, (size_t)start[g->assignments] + 1, sizeof *slot);
	*out = (struct shp_result){ .slot_start = start,
		.slot = slot,
		.first = first,
		.final = final,
		.used = used,
		.tier = tier,
		.slots = start[g->assignments] };

	fill_init(&f, scratch, g);
	for (uint32_t k = 0; k < f.parts; k++)
		first_capacities(&f, &f.part[k]);
	copy_capacities(&f, first);
	uint32_t *raised = arena_calloc(scratch, (size_t)g->inspectors + 1, sizeof *raised);
	for (uint32_t k = 0; k < f.parts; k++) {
		fill_maximise(&f, &f.part[k]);
		raise_capacities(&f, &f.part[k], raised);
		fill_settle(&f, &f.part[k]);
	}
	copy_capacities(&f, final);
	draw_slots(out, &f, scratch, slot, used);
	fill_tiers(&f, tier);
}
