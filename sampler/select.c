#include "sampler/select.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/batches.h"
#include "sampler/select_cells.h"
#include "sampler/ticket.h"

/* ---- tickets ---- */

void select_ticket(struct bytes object, const struct seed_keys *k, uint8_t out[32])
{
	struct ticket_key key;
	ticket_key_init(&key, k->k[KEY_ENTITY]);
	ticket_one(&key, object, out);
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
		c->weighted = o->rule[c->task].weighted;
		c->want = o->quota[i];
		c->have = c->among = o->units[i];
		c->together = o->together != NULL ? o->together[i] : 0;
		if (c->together > 0)
			c->among = o->among[i];
		if (c->want > c->among)
			return err_set(e, ERR_BAD_STRATUM, "%.*s %s: N = %llu, n = %llu",
				BYTES_ARG(f->task[c->task]), stratum_name(c->stratum),
				(unsigned long long)c->among, (unsigned long long)c->want);
		if (c->want == 0 || c->weighted) /* weights may bring any unit to the front */
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
	size_t task, size_t n, const struct frame *f, const struct seed_keys *k, uint32_t *object)
{
	bool moved = false;
	for (size_t i = 0; i < n; i++) {
		uint32_t drawn = units_candidate(f, k, task, object[i]);
		moved |= drawn != object[i];
		object[i] = drawn;
	}
	if (moved)
		qsort(object, n, sizeof *object, by_place);
}

/* ---- unions ---- */

/* Where the order of a union is cut: the last unit that is drawn. */
struct cut {
	bool drawn; /* any */
	struct ranked last;
};

/* The candidates of a union's cells, each unit once, by (u, unit). Returns how many. */
static size_t union_units(
	const struct pass *p, size_t together, struct arena *scratch, struct ranked **unit)
{
	size_t all = 0, n = 0, kept = 0, cells = p->f->tasks * FRAME_STRATA;
	for (size_t i = 0; i < cells; i++)
		all += p->cell[i].together == together ? p->cell[i].found : 0;
	struct ranked *r = arena_calloc(scratch, all + 1, sizeof *r);
	for (size_t i = 0; i < cells; i++) {
		const struct cell *c = &p->cell[i];
		for (size_t k = 0; c->together == together && k < c->found; k++)
			r[n++] = (struct ranked){ c->u[k],
				units_id(p->f, c->candidate[k], c->by_entity), c->candidate[k] };
	}
	qsort(r, n, sizeof *r, ranked_compare);
	for (size_t k = 0; k < n; k++)
		if (kept == 0 || ranked_compare(&r[kept - 1], &r[k]) != 0)
			r[kept++] = r[k];
	*unit = r;
	return kept;
}

static bool union_missed(const struct pass *p, size_t together)
{
	for (size_t i = 0; i < p->f->tasks * FRAME_STRATA; i++)
		if (p->cell[i].together == together && p->cell[i].found > p->cell[i].room)
			return true;
	return false;
}

static struct cut union_cut(
	struct pass *p, size_t together, const struct tickets *t, struct arena *scratch)
{
	uint64_t want = 0;
	size_t cells = p->f->tasks * FRAME_STRATA, n = 0;
	struct ranked *unit = NULL;
	for (size_t i = 0; i < cells; i++)
		if (p->cell[i].together == together)
			want = p->cell[i].want;
	if (want == 0)
		return (struct cut){ 0 };
	bool missed = union_missed(p, together);
	if (!missed)
		n = union_units(p, together, scratch, &unit);
	if (n < want) {
		for (size_t i = 0; i < cells; i++)
			if (p->cell[i].together == together)
				cell_all(&p->cell[i], p->f, t, scratch);
		n = union_units(p, together, scratch, &unit);
	}
	assert(n >= want);
	return (struct cut){ true, unit[want - 1] };
}

static struct cut *union_cuts(
	struct pass *p, size_t unions, const struct tickets *t, struct arena *scratch)
{
	struct cut *cut = arena_calloc(scratch, unions + 1, sizeof *cut);
	for (size_t k = 1; k <= unions; k++)
		cut[k] = union_cut(p, k, t, scratch);
	return cut;
}

/* ---- what comes out ---- */

/* What is drawn of a cell, to out; returns how many. */
static size_t cell_drawn(struct pass *p, struct cell *c, const struct tickets *t,
	const struct cut *cut, uint32_t *out)
{
	ARENA_AUTO scratch = arena_new();
	if (c->want == 0)
		return 0;
	if (c->together > 0)
		return cut->drawn ? cell_up_to(c, p->f, &cut->last, out) : 0;
	if (c->weighted || cell_missed(c))
		cell_all(c, p->f, t, scratch);
	if (c->weighted)
		cell_weighted(c, p->f, scratch, out);
	else
		cell_finish(c, p->f, arena_alloc(scratch, (c->found + 1) * sizeof(uint64_t)),
			scratch, out);
	return c->want;
}

/* Finish every cell into object and start, whose places follow from what is drawn. */
static void cells_finish(struct pass *p, const struct tickets *t, const struct seed_keys *k,
	const struct cut *cut, size_t *start, uint32_t *object)
{
	for (size_t i = 0; i < p->f->tasks * FRAME_STRATA; i++) {
		struct cell *c = &p->cell[i];
		size_t n = cell_drawn(p, c, t, &cut[c->together], object + start[i]);
		if (c->by_entity)
			cell_objects(c->task, n, p->f, k, object + start[i]);
		start[i + 1] = start[i] + n;
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

	size_t most = 0, *start = arena_calloc(a, cells + 1, sizeof *start);
	for (size_t i = 0; i < cells; i++)
		most += p.cell[i].want < p.cell[i].have ? p.cell[i].want : p.cell[i].have;
	uint32_t *object = arena_alloc(a, (most + 1) * sizeof *object);
	cells_finish(&p, t, k, union_cuts(&p, o->unions, t, scratch), start, object);
	*s = (struct selection){
		.tasks = f->tasks, .start = start, .object = object, .n = start[cells]
	};
	s->batch = batches_of(s, f, t, o->rule, a);
	return true;
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
