#include "sampler/select.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/ticket.h"

__extension__ typedef unsigned __int128 u128;

/* ---- tickets ---- */

void select_tickets(const struct frame *f, const struct seed_keys *k, uint64_t *u)
{
	enum { BATCH = 256 };
	struct bytes object[BATCH];
	struct ticket_key key;
	ticket_key_init(&key, k->k[KEY_ENTITY]);
	for (size_t i = 0; i < f->n; i += BATCH)
		ticket_batch(&key, object, frame_objects(f, i, BATCH, object), u + i);
}

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
	uint64_t want, have; /* quota, population */
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

/* Keep the want smallest of the candidates by (u, object), in their order, at out. */
static void cell_finish(const struct cell *c, uint64_t *scratch, uint32_t *out)
{
	size_t below = 0, ties, kept = 0;
	uint64_t last = UINT64_MAX;
	if (c->want < c->found) {
		memcpy(scratch, c->u, c->found * sizeof *scratch);
		last = kth_smallest(scratch, c->found, c->want);
	}
	for (size_t i = 0; i < c->found; i++)
		below += c->u[i] < last;
	ties = c->want - below;
	for (size_t i = 0; i < c->found; i++)
		if (c->u[i] < last || (c->u[i] == last && ties > 0)) {
			ties -= c->u[i] == last;
			out[kept++] = c->candidate[i];
		}
	assert(kept == c->want);
}

static void cell_add(struct cell *c, size_t object, uint64_t u)
{
	if (c->found < c->room) {
		c->candidate[c->found] = (uint32_t)object;
		c->u[c->found] = u;
	}
	c->found++;
}

/* Every object of the cell becomes a candidate. */
static void cell_all(struct cell *c, const struct frame *f, const uint64_t *u, size_t task,
	unsigned stratum, struct arena *a)
{
	c->room = c->have;
	c->found = 0;
	c->candidate = arena_calloc(a, c->have, sizeof *c->candidate);
	c->u = arena_calloc(a, c->have, sizeof *c->u);
	for (size_t i = 0; i < f->n; i++)
		if (frame_code(f, i, task) == stratum)
			cell_add(c, i, u[i]);
}

static bool cell_missed(const struct cell *c)
{
	return c->found < c->want || c->found > c->room;
}

/* ---- one pass over all objects ---- */

#define CODES 16 /* bounds by code, a power of two */
_Static_assert((int)FRAME_CODES <= CODES, "codes fit the table of bounds");

struct pass {
	size_t tasks;
	struct cell *cell; /* tasks × FRAME_STRATA */
	uint64_t *bound; /* tasks × CODES: that of the cell; 0 where nothing is drawn */
	uint64_t highest; /* no candidate lies above */
};

/* The places in a block of n objects that may be candidates of some task. Every place is written
 * and stays or is written over, for a processor cannot guess a jump that chance decides. */
static size_t block_near(const uint64_t *u, size_t n, uint64_t highest, uint8_t *near)
{
	size_t found = 0;
	for (size_t j = 0; j < n; j++) {
		near[found] = (uint8_t)j;
		found += u[j] <= highest;
	}
	return found;
}

/* Of these places those that are candidates of a task. */
static size_t block_hits(const uint64_t *u, const uint8_t *code, const uint64_t bound[CODES],
	const uint8_t *near, size_t n, uint8_t *hit)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		size_t j = near[i];
		hit[found] = (uint8_t)j;
		found += u[j] <= bound[frame_block_code(code, j)];
	}
	return found;
}

static void gather_block(
	struct pass *p, const struct frame *f, size_t block, const uint64_t *u, size_t n)
{
	uint8_t near[FRAME_BLOCK], hit[FRAME_BLOCK];
	size_t some = block_near(u, n, p->highest, near);
	for (size_t t = 0; t < p->tasks; t++) {
		const uint8_t *code = frame_block(f, block, t);
		size_t hits = block_hits(u, code, p->bound + t * CODES, near, some, hit);
		for (size_t i = 0; i < hits; i++) {
			size_t j = hit[i], stratum = frame_block_code(code, j);
			struct cell *c = &p->cell[t * FRAME_STRATA + stratum];
			if (stratum < FRAME_STRATA && c->want > 0)
				cell_add(c, block * FRAME_BLOCK + j, u[j]);
		}
	}
}

static void gather(struct pass *p, const struct frame *f, const uint64_t *u)
{
	for (size_t i = 0; i < f->n; i += FRAME_BLOCK)
		gather_block(p, f, i / FRAME_BLOCK, u + i,
			f->n - i < FRAME_BLOCK ? f->n - i : FRAME_BLOCK);
}

static bool cells_start(struct pass *p, const struct frame *f, const uint64_t *quota, struct err *e)
{
	for (size_t i = 0; i < p->tasks * FRAME_STRATA; i++) {
		struct cell *c = &p->cell[i];
		size_t task = i / FRAME_STRATA, code = i % FRAME_STRATA;
		c->want = quota[i];
		c->have = f->count[task * FRAME_CODES + code];
		if (c->want > c->have)
			return err_set(e, ERR_BAD_STRATUM, "%.*s %s: N = %llu, n = %llu",
				BYTES_ARG(f->task[task]), frame_code_name((enum frame_code)code),
				(unsigned long long)c->have, (unsigned long long)c->want);
		if (c->want == 0)
			continue;
		cell_bound(c);
		p->bound[task * CODES + code] = c->bound;
		p->highest = c->bound > p->highest ? c->bound : p->highest;
	}
	return true;
}

static void cells_room(struct pass *p, struct arena *a)
{
	size_t all = 0, cells = p->tasks * FRAME_STRATA;
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

/* Finish every cell into s, whose places follow from the quotas. */
static void cells_finish(struct pass *p, const struct frame *f, const uint64_t *u,
	struct selection *s, uint32_t *object, struct arena *scratch)
{
	uint64_t *numbers = NULL;
	size_t room = 0;
	for (size_t i = 0; i < p->tasks * FRAME_STRATA; i++) {
		struct cell *c = &p->cell[i];
		if (c->want == 0)
			continue;
		if (cell_missed(c))
			cell_all(c, f, u, i / FRAME_STRATA, (unsigned)(i % FRAME_STRATA), scratch);
		if (room < c->found) {
			room = c->found;
			numbers = arena_alloc(scratch, room * sizeof *numbers);
		}
		cell_finish(c, numbers, object + s->start[i]);
	}
}

bool select_draw(struct selection *s, const struct frame *f, const uint64_t *u,
	const uint64_t *quota, struct arena *a, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	size_t cells = f->tasks * FRAME_STRATA;
	struct pass p = { .tasks = f->tasks };
	p.cell = arena_calloc(scratch, cells + 1, sizeof *p.cell);
	p.bound = arena_calloc(scratch, f->tasks + 1, CODES * sizeof *p.bound);
	if (!cells_start(&p, f, quota, e))
		return false;
	cells_room(&p, scratch);
	gather(&p, f, u);

	size_t *start = arena_calloc(a, cells + 1, sizeof *start);
	for (size_t i = 0; i < cells; i++)
		start[i + 1] = start[i] + p.cell[i].want;
	uint32_t *object = arena_alloc(a, (start[cells] + 1) * sizeof *object);
	*s = (struct selection){ f->tasks, start, object, start[cells] };
	cells_finish(&p, f, u, s, object, scratch);
	return true;
}

/* ---- the reserve ---- */

struct ranked {
	uint64_t u;
	uint32_t object;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->u != y->u)
		return x->u < y->u ? -1 : 1;
	return (x->object > y->object) - (x->object < y->object);
}

size_t select_reserve(const struct frame *f, const uint64_t *u, size_t task,
	enum frame_code stratum, uint64_t after, uint64_t want, struct arena *a,
	const uint32_t **object)
{
	assert(task < f->tasks && stratum < FRAME_STRATA);
	uint64_t have = f->count[task * FRAME_CODES + stratum];
	*object = NULL;
	if (after >= have || want == 0)
		return 0;
	if (want > have - after)
		want = have - after;

	ARENA_AUTO scratch = arena_new();
	struct cell c = { .want = after + want, .have = have };
	cell_all(&c, f, u, task, stratum, scratch);
	uint32_t *kept = arena_alloc(scratch, c.want * sizeof *kept);
	cell_finish(&c, arena_alloc(scratch, have * sizeof(uint64_t)), kept);
	struct ranked *r = arena_alloc(scratch, c.want * sizeof *r);
	for (size_t i = 0; i < c.want; i++)
		r[i] = (struct ranked){ u[kept[i]], kept[i] };
	qsort(r, c.want, sizeof *r, by_rank);
	uint32_t *out = arena_alloc(a, want * sizeof *out);
	for (size_t i = 0; i < want; i++)
		out[i] = r[after + i].object;
	*object = out;
	return want;
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

	for (size_t i = 0; i < s->n; i++)
		first[rank(&r, s->object[i]) + 1]++;
	for (size_t j = 0; j < n; j++)
		first[j + 1] += first[j];
	memcpy(next, first, (n + 1) * sizeof *next);
	for (size_t t = 0; t < s->tasks; t++) /* ascending, so each object's tasks are too */
		for (size_t i = s->start[t * FRAME_STRATA]; i < s->start[(t + 1) * FRAME_STRATA];
			i++)
			task[next[rank(&r, s->object[i])]++] = (uint16_t)t;
	*d = (struct drawn){ n, ranked_objects(&r, a), first, task };
}

/* ---- the artefact ---- */

bool select_write(const struct selection *s, const struct frame *f, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct table_writer w;
	if (!table_start(&w, TABLE_SELECTION, blind, NULL, 0, sink, a, e))
		return false;
	for (size_t c = 0; c < s->tasks * FRAME_STRATA; c++) {
		struct bytes field[3] = { f->task[c / FRAME_STRATA],
			bytes_of(frame_code_name((enum frame_code)(c % FRAME_STRATA))) };
		for (size_t i = s->start[c]; i < s->start[c + 1]; i++) {
			field[2] = frame_object(f, s->object[i]);
			if (!table_put(&w, field, e))
				return false;
		}
	}
	return table_end(&w, hash, e);
}
