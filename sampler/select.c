#include "sampler/select.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/batches.h"
#include "sampler/ticket.h"

__extension__ typedef unsigned __int128 u128;

/* ---- tickets ---- */

void select_ticket(struct bytes object, const struct seed_keys *k, uint8_t out[32])
{
	struct ticket_key key;
	ticket_key_init(&key, k->k[KEY_ENTITY]);
	ticket_one(&key, object, out);
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

/* ---- cells: a stratum of a task ---- */

/* Hashes are spread evenly, so the n smallest of N lie below about n/N of the range; a bound a
 * little higher leaves few candidates. Where it fails to hold n of them, all are looked at: the
 * bound saves time and never decides. */
struct cell {
	size_t task;
	enum stratum stratum;
	bool by_entity;
	uint64_t want, have; /* quota, units */
	uint64_t bound; /* candidates have u ≤ bound */
	size_t room, found; /* candidates kept at most, met */
	uint32_t *candidate; /* ascending */
	uint64_t *u; /* of the candidates */
};

static uint64_t square_root(uint64_t n)
{
	uint64_t r = 0;
	for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
		if ((r + bit) * (r + bit) <= n)
			r += bit;
	return r;
}

static void cell_bound(struct cell *c)
{
	uint64_t spread = 7 * (square_root(c->want) + 3), aim = c->want + spread;
	if (aim + spread >= c->have) {
		c->bound = UINT64_MAX;
		c->room = c->have;
		return;
	}
	c->bound = (uint64_t)(((u128)aim << 64) / c->have);
	c->room = aim + spread;
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

/* Keep the want smallest of the candidates by (u, unit), in the order of the frame, at out. Objects
 * stand in the order of their ids, entities do not. */
static void cell_finish(const struct cell *c, const struct frame *f, uint64_t *scratch,
	struct arena *a, uint32_t *out)
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

static void cell_add(struct cell *c, const struct frame *f, size_t object, uint64_t u)
{
	if (c->by_entity && !units_stands(f, c->task, (uint32_t)object))
		return;
	if (c->found < c->room) {
		c->candidate[c->found] = (uint32_t)object;
		c->u[c->found] = u;
	}
	c->found++;
}

/* Every unit of the cell becomes a candidate. */
static void cell_all(
	struct cell *c, const struct frame *f, const struct tickets *t, struct arena *a)
{
	c->room = c->have;
	c->found = 0;
	c->candidate = arena_calloc(a, c->have, sizeof *c->candidate);
	c->u = arena_calloc(a, c->have, sizeof *c->u);
	for (size_t i = 0; i < f->n; i++)
		if (frame_cell(f, i, c->task) == c->stratum)
			cell_add(c, f, i, units_number(t, (uint32_t)i, c->by_entity));
}

static bool cell_missed(const struct cell *c)
{
	return c->found < c->want || c->found > c->room;
}

/* ---- one pass over all objects ---- */

#define CELLS 16 /* bounds by cell: a cell has four bits */

struct pass {
	const struct frame *f;
	const struct draw_rule *rule;
	struct cell *cell; /* tasks × FRAME_STRATA */
	uint64_t *bound; /* tasks × CELLS: that of the cell; 0 where nothing is drawn */
	uint64_t highest; /* no candidate lies above */
};

/* The numbers of a block's objects, or of their entities, and the places of those that may be
 * candidates of some task. */
struct near {
	const uint64_t *u;
	uint8_t place[FRAME_BLOCK];
	size_t n;
};

/* Every place is written and stays or is written over, for a processor cannot guess a jump that
 * chance decides. */
static void block_near(struct near *near, size_t n, uint64_t highest)
{
	size_t found = 0;
	for (size_t j = 0; j < n; j++) {
		near->place[found] = (uint8_t)j;
		found += near->u[j] <= highest;
	}
	near->n = found;
}

/* Of these places those that are candidates of a task. */
static size_t block_hits(
	const struct near *near, const uint8_t *cells, const uint64_t bound[CELLS], uint8_t *hit)
{
	size_t found = 0;
	for (size_t i = 0; i < near->n; i++) {
		size_t j = near->place[i];
		hit[found] = (uint8_t)j;
		found += near->u[j] <= bound[frame_block_cell(cells, j)];
	}
	return found;
}

static void gather_task(struct pass *p, size_t block, size_t t, const struct near *near)
{
	uint8_t hit[FRAME_BLOCK];
	const uint8_t *cells = frame_block(p->f, block, t);
	size_t hits = block_hits(near, cells, p->bound + t * CELLS, hit);
	for (size_t i = 0; i < hits; i++) {
		size_t j = hit[i], stratum = frame_block_cell(cells, j);
		struct cell *c = &p->cell[t * FRAME_STRATA + stratum];
		if (stratum < FRAME_STRATA && c->want > 0)
			cell_add(c, p->f, block * FRAME_BLOCK + j, near->u[j]);
	}
}

/* The numbers of entities in a block: those of the objects but for the others, of which the first
 * at *at is not before the block. False where they are the same. */
static bool block_entities(
	const struct tickets *t, size_t first, size_t n, size_t *at, uint64_t own[FRAME_BLOCK])
{
	if (*at == t->others || t->other[*at] >= first + n)
		return false;
	memcpy(own, t->u + first, n * sizeof *own);
	for (; *at < t->others && t->other[*at] < first + n; ++*at)
		own[t->other[*at] - first] = t->other_u[*at];
	return true;
}

static void gather(struct pass *p, const struct tickets *t)
{
	const struct frame *f = p->f;
	uint64_t own[FRAME_BLOCK];
	size_t other = 0;
	for (size_t i = 0; i < f->n; i += FRAME_BLOCK) {
		size_t n = f->n - i < FRAME_BLOCK ? f->n - i : FRAME_BLOCK;
		struct near objects = { .u = t->u + i }, entities;
		bool differ = block_entities(t, i, n, &other, own);
		block_near(&objects, n, p->highest);
		if (differ) {
			entities.u = own;
			block_near(&entities, n, p->highest);
		}
		for (size_t k = 0; k < f->tasks; k++)
			gather_task(p, i / FRAME_BLOCK, k,
				differ && p->rule[k].by_entity ? &entities : &objects);
	}
}

static bool cells_start(struct pass *p, const struct draw_order *o, struct err *e)
{
	const struct frame *f = p->f;
	for (size_t i = 0; i < f->tasks * FRAME_STRATA; i++) {
		struct cell *c = &p->cell[i];
		c->task = i / FRAME_STRATA;
		c->stratum = (enum stratum)(i % FRAME_STRATA);
		c->by_entity = o->rule[c->task].by_entity;
		c->want = o->quota[i];
		c->have = o->units[i];
		if (c->want > c->have)
			return err_set(e, ERR_BAD_STRATUM, "%.*s %s: N = %llu, n = %llu",
				BYTES_ARG(f->task[c->task]), stratum_name(c->stratum),
				(unsigned long long)c->have, (unsigned long long)c->want);
		if (c->want == 0)
			continue;
		cell_bound(c);
		p->bound[c->task * CELLS + c->stratum] = c->bound;
		p->highest = c->bound > p->highest ? c->bound : p->highest;
	}
	return true;
}

static void cells_room(struct pass *p, struct arena *a)
{
	size_t all = 0, cells = p->f->tasks * FRAME_STRATA;
	for (size_t i = 0; i < cells; i++)
		all += p->cell[i].room;
	uint32_t *candidate = arena_alloc(a, (all + 1) * sizeof *candidate);
	uint64_t *u = arena_alloc(a, (all + 1) * sizeof *u);
	for (size_t i = 0; i < cells; i++) {
		p->cell[i].candidate = candidate;
		p->cell[i].u = u;
		candidate += p->cell[i].room;
		u += p->cell[i].room;
	}
}

static int by_place(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* What is drawn with the units, in order. */
static void cell_objects(
	const struct cell *c, const struct frame *f, const struct seed_keys *k, uint32_t *object)
{
	bool moved = false;
	for (size_t i = 0; i < c->want; i++) {
		uint32_t drawn = units_candidate(f, k, c->task, object[i]);
		moved |= drawn != object[i];
		object[i] = drawn;
	}
	if (moved)
		qsort(object, c->want, sizeof *object, by_place);
}

/* Finish every cell into s, whose places follow from the quotas. */
static void cells_finish(struct pass *p, const struct tickets *t, const struct seed_keys *k,
	const struct selection *s, uint32_t *object, struct arena *scratch)
{
	uint64_t *numbers = NULL;
	size_t room = 0;
	for (size_t i = 0; i < p->f->tasks * FRAME_STRATA; i++) {
		struct cell *c = &p->cell[i];
		if (c->want == 0)
			continue;
		if (cell_missed(c))
			cell_all(c, p->f, t, scratch);
		if (room < c->found) {
			room = c->found;
			numbers = arena_alloc(scratch, room * sizeof *numbers);
		}
		cell_finish(c, p->f, numbers, scratch, object + s->start[i]);
		if (c->by_entity)
			cell_objects(c, p->f, k, object + s->start[i]);
	}
}

static const uint8_t *batches_of(const struct selection *s, const struct frame *f,
	const struct tickets *t, const struct draw_rule *rule, struct arena *a)
{
	uint8_t *batch = arena_calloc(a, s->n + 1, sizeof *batch);
	for (size_t k = 0; k < s->tasks; k++) {
		size_t from = s->start[k * FRAME_STRATA], to = s->start[(k + 1) * FRAME_STRATA];
		if (rule[k].batches > 0)
			batches_make(f, t, rule[k].by_entity, rule[k].batches, s->object + from,
				to - from, batch + from);
	}
	return batch;
}

bool select_draw(struct selection *s, const struct frame *f, const struct tickets *t,
	const struct draw_order *o, const struct seed_keys *k, struct arena *a, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	size_t cells = f->tasks * FRAME_STRATA;
	struct pass p = { .f = f, .rule = o->rule };
	p.cell = arena_calloc(scratch, cells + 1, sizeof *p.cell);
	p.bound = arena_calloc(scratch, f->tasks + 1, CELLS * sizeof *p.bound);
	if (!cells_start(&p, o, e))
		return false;
	cells_room(&p, scratch);
	gather(&p, t);

	size_t *start = arena_calloc(a, cells + 1, sizeof *start);
	for (size_t i = 0; i < cells; i++)
		start[i + 1] = start[i] + p.cell[i].want;
	uint32_t *object = arena_alloc(a, (start[cells] + 1) * sizeof *object);
	*s = (struct selection){
		.tasks = f->tasks, .start = start, .object = object, .n = start[cells]
	};
	cells_finish(&p, t, k, s, object, scratch);
	s->batch = batches_of(s, f, t, o->rule, a);
	return true;
}

/* ---- the order of a stratum ---- */

struct ranked {
	uint64_t u;
	struct bytes unit;
	uint32_t object;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->u != y->u)
		return x->u < y->u ? -1 : 1;
	return bytes_compare(x->unit, y->unit);
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

/* The want first units of the stratum, in order. */
static struct ranked *rank_units(const struct frame *f, const struct tickets *t,
	const struct draw_cell *cell, uint64_t have, uint64_t want, struct arena *a)
{
	struct cell c = { .task = cell->task,
		.stratum = cell->stratum,
		.by_entity = cell->by_entity,
		.want = want,
		.have = have };
	cell_all(&c, f, t, a);
	uint32_t *kept = arena_alloc(a, (want + 1) * sizeof *kept);
	cell_finish(&c, f, arena_alloc(a, (have + 1) * sizeof(uint64_t)), a, kept);
	struct ranked *r = arena_alloc(a, (want + 1) * sizeof *r);
	for (size_t i = 0; i < want; i++)
		r[i] = (struct ranked){ units_number(t, kept[i], cell->by_entity),
			units_id(f, kept[i], cell->by_entity), kept[i] };
	qsort(r, want, sizeof *r, by_rank);
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

uint64_t select_place(const struct frame *f, const struct tickets *t, const struct draw_cell *cell,
	uint32_t object)
{
	const struct ranked own = { units_number(t, object, cell->by_entity),
		units_id(f, object, cell->by_entity), object };
	uint64_t place = 1;
	for (uint32_t i = 0; i < f->n; i++) {
		if (!is_unit(f, cell, i))
			continue;
		const struct ranked other = { units_number(t, i, cell->by_entity),
			units_id(f, i, cell->by_entity), i };
		place += by_rank(&other, &own) < 0;
	}
	return place;
}

/* ---- by object ---- */

/* Which objects are drawn, a bit each, and how many are drawn before each word of bits: so the
 * place of an object among the drawn ones is found in memory that stays in the processor's cache.
 */
struct ranks {
	uint64_t *bits;
	uint32_t *before;
	size_t words;
};

static struct ranks ranks_of(const struct selection *s, size_t objects, struct arena *a)
{
	struct ranks r = { .words = objects / 64 + 1 };
	r.bits = arena_calloc(a, r.words, sizeof *r.bits);
	r.before = arena_calloc(a, r.words + 1, sizeof *r.before);
	for (size_t i = 0; i < s->n; i++)
		r.bits[s->object[i] / 64] |= UINT64_C(1) << s->object[i] % 64;
	for (size_t w = 0; w < r.words; w++)
		r.before[w + 1] = r.before[w] + (uint32_t)__builtin_popcountll(r.bits[w]);
	return r;
}

static size_t rank(const struct ranks *r, uint32_t object)
{
	uint64_t below = (UINT64_C(1) << object % 64) - 1;
	return r->before[object / 64] + (size_t)__builtin_popcountll(r->bits[object / 64] & below);
}

static const uint32_t *ranked_objects(const struct ranks *r, struct arena *a)
{
	uint32_t *object = arena_alloc(a, (r->before[r->words] + 1) * sizeof *object), *at = object;
	for (size_t w = 0; w < r->words; w++)
		for (uint64_t left = r->bits[w]; left > 0; left &= left - 1)
			*at++ = (uint32_t)(64 * w + (size_t)__builtin_ctzll(left));
	return object;
}

void select_by_object(
	struct drawn *d, const struct selection *s, const struct frame *f, struct arena *a)
{
	ARENA_AUTO scratch = arena_new();
	struct ranks r = ranks_of(s, f->n, scratch);
	size_t n = r.before[r.words];
	size_t *first = arena_calloc(a, n + 1, sizeof *first);
	size_t *next = arena_alloc(scratch, (n + 1) * sizeof *next);
	uint16_t *task = arena_alloc(a, (s->n + 1) * sizeof *task);
	uint8_t *batch = arena_alloc(a, (s->n + 1) * sizeof *batch);

	for (size_t i = 0; i < s->n; i++)
		first[rank(&r, s->object[i]) + 1]++;
	for (size_t j = 0; j < n; j++)
		first[j + 1] += first[j];
	memcpy(next, first, (n + 1) * sizeof *next);
	for (size_t t = 0; t < s->tasks; t++) /* ascending, so each object's tasks are too */
		for (size_t i = s->start[t * FRAME_STRATA]; i < s->start[(t + 1) * FRAME_STRATA];
			i++) {
			size_t at = next[rank(&r, s->object[i])]++;
			task[at] = (uint16_t)t;
			batch[at] = s->batch[i];
		}
	*d = (struct drawn){ n, ranked_objects(&r, a), first, task, batch };
}

/* ---- the artefact ---- */

static bool write_cell(struct table_writer *w, const struct selection *s, const struct frame *f,
	size_t task, enum stratum stratum, struct err *e)
{
	const size_t *start = s->start + task * FRAME_STRATA + stratum;
	char digits[4];
	struct bytes field[4] = { f->task[task], bytes_of(stratum_name(stratum)) };
	for (size_t i = start[0]; i < start[1]; i++) {
		struct buf batch = { .p = digits, .room = sizeof digits };
		buf_u64(&batch, s->batch[i]);
		field[2] = frame_object(f, s->object[i]);
		field[3] = buf_view(&batch);
		if (!table_put(w, field, e))
			return false;
	}
	return true;
}

bool select_write(const struct selection *s, const struct frame *f, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct table_writer w;
	if (!table_start(&w, TABLE_SELECTION, blind, NULL, 0, sink, a, e))
		return false;
	for (size_t i = 0; i < s->tasks * FRAME_STRATA; i++)
		if (!write_cell(&w, s, f, i / FRAME_STRATA, stratum_by_name(i % FRAME_STRATA), e))
			return false;
	return table_end(&w, hash, e);
}
