/* Overlaps of tasks: how many objects both are expected to draw (PROTOCOL.md §8). All tasks draw by
 * the same number of a unit, so that of two shares the smaller one is drawn by both; units with
 * numbers of their own, an entity and an object with another id, are drawn independently. With an
 * entity comes one of its candidates, the same for all tasks where it is one: the smallest by a
 * number of its own among the candidates of both. */
#include "planner/look_inner.h"
#include "planner/merge.h"

enum { BILLION = 1000000000, PPM = 1000000 };

/* The chance of a unit of a stratum to be drawn, in thousand-millionths. */
struct chance {
	uint64_t drawn;
	bool onsite;
};

/* A task in which some object at hand can be drawn. */
struct taking {
	uint32_t task;
	bool by_entity;
	enum stratum stands; /* of the entity */
	size_t candidates;
};

struct pairing {
	const struct look *look;
	uint32_t tasks;
	struct strata_rank rank;
	const struct chance *chance; /* task*FRAME_STRATA + stratum */
	const struct look_chunk **chunk; /* of objects 0 …, LOOK_CHUNK …, */
	uint8_t *grouped; /* bits: objects that are looked at with others of their entity */
	struct look_pair *pair; /* of a < b at place(a, b) */
	struct taking *in;
	/* the objects at hand: flags, and their strata in the tasks */
	size_t room;
	uint8_t *flags, *stratum;
};

static const struct chance *chances(const struct look *l, const struct look_task *task)
{
	size_t tasks = l->policy->task_count;
	struct chance *c = arena_calloc(l->arena, tasks * FRAME_STRATA + 1, sizeof *c);

	for (size_t t = 0; t < tasks; t++) {
		for (size_t i = 0; i < task[t].strata; i++) {
			const struct stratum_row *r = &task[t].stratum[i];
			if (r->units > 0)
				c[t * FRAME_STRATA + r->stratum].drawn =
					r->quota * BILLION / r->units;
		}
		for (size_t s = 0; s < FRAME_STRATA; s++)
			c[t * FRAME_STRATA + s].onsite = merge_onsite(
				l->policy, &l->policy->tasks[t], (enum stratum)s, false);
	}
	return c;
}

static const struct look_chunk **chunks(const struct look *l)
{
	size_t n = (l->rows + LOOK_CHUNK - 1) / LOOK_CHUNK;
	const struct look_chunk **at = arena_calloc(l->arena, n + 1, sizeof(void *));

	for (const struct look_chunk *c = l->last; c != NULL; c = c->before)
		at[--n] = c;
	return at;
}

/* Pairs by a, then b. */
static size_t place(const struct pairing *p, uint32_t a, uint32_t b)
{
	return (size_t)a * (2 * (size_t)p->tasks - a - 1) / 2 + (b - a - 1);
}

/* ---- the objects at hand ---- */

static void hold(struct pairing *p, size_t place, size_t object)
{
	const uint8_t *cell =
		p->chunk[object / LOOK_CHUNK]->cell + object % LOOK_CHUNK * p->look->size;

	p->flags[place] = cell[0] & 15;
	for (uint32_t t = 0; t < p->tasks; t++)
		p->stratum[place * p->tasks + t] = (uint8_t)look_cell(cell, t);
}

static void make_room(struct pairing *p, size_t n)
{
	if (n <= p->room)
		return;
	p->room = 2 * n;
	p->flags = arena_alloc(p->look->arena, p->room);
	p->stratum = arena_alloc(p->look->arena, p->room * p->tasks + 1);
}

/* Of n objects of an entity: those in the stratum in which it stands; of a task by object, all in
 * strata. */
static struct taking taking(const struct pairing *p, uint32_t t, size_t n)
{
	struct taking of = { t, p->look->policy->tasks[t].by_entity, STRATUM_OUT, 0 };

	for (size_t i = 0; i < n; i++) {
		enum stratum s = (enum stratum)p->stratum[i * p->tasks + t];
		if (s == STRATUM_OUT)
			continue;
		bool before = p->rank.place[s] < p->rank.place[of.stands];
		if (of.by_entity && before)
			of.candidates = 0;
		of.stands = before ? s : of.stands;
		of.candidates += !of.by_entity || s == of.stands;
	}
	return of;
}

/* The chance with which it can be drawn; NULL where it cannot. */
static const struct chance *chance_of(
	const struct pairing *p, const struct taking *of, size_t object)
{
	unsigned s = p->stratum[object * p->tasks + of->task];
	if (s == STRATUM_OUT || (of->by_entity && s != of->stands))
		return NULL;
	return &p->chance[(size_t)of->task * FRAME_STRATA + s];
}

static uint64_t drawn_by_both(uint64_t a, uint64_t b, bool one_number)
{
	return !one_number ? a * b / BILLION : a < b ? a : b;
}

/* Among how many candidates lies the one that is drawn with the entity? */
static size_t candidates_of(
	const struct pairing *p, const struct taking *a, const struct taking *b, size_t n)
{
	size_t shared = 0;

	if (!a->by_entity || !b->by_entity)
		return a->by_entity ? a->candidates : b->by_entity ? b->candidates : 1;
	for (size_t i = 0; i < n; i++)
		shared += chance_of(p, a, i) != NULL && chance_of(p, b, i) != NULL;
	return a->candidates + b->candidates - shared;
}

static void add_pair(struct pairing *p, const struct taking *a, const struct taking *b, size_t n)
{
	struct look_pair *pair = p->pair + place(p, a->task, b->task);
	size_t among = n == 1 ? 1 : candidates_of(p, a, b, n);

	for (size_t i = 0; i < n; i++) {
		const uint8_t *stratum = p->stratum + i * p->tasks;
		const struct chance *x = chance_of(p, a, i), *y = chance_of(p, b, i);
		pair->both += stratum[a->task] != STRATUM_OUT && stratum[b->task] != STRATUM_OUT;
		if (x == NULL || y == NULL)
			continue;
		bool one = a->by_entity == b->by_entity || (p->flags[i] & LOOK_OTHER) == 0;
		uint64_t drawn = drawn_by_both(x->drawn, y->drawn, one) / among;
		pair->expected += drawn;
		if ((p->flags[i] & LOOK_FOCUS) != 0 || (x->onsite && y->onsite))
			pair->saved += drawn;
	}
}

/* n objects of one entity, or one. */
static void add_objects(struct pairing *p, size_t n)
{
	uint32_t in = 0;

	for (uint32_t t = 0; t < p->tasks; t++) {
		p->in[in] = taking(p, t, n);
		in += p->in[in].candidates > 0;
	}
	for (uint32_t i = 0; i + 1 < in; i++)
		for (uint32_t k = i + 1; k < in; k++)
			add_pair(p, &p->in[i], &p->in[k], n);
}

/* ---- all of them ---- */

static void add_groups(struct pairing *p)
{
	for (const struct look_group *g = p->look->groups; g != NULL; g = g->before) {
		make_room(p, g->n);
		for (size_t i = 0; i < g->n; i++) {
			uint32_t object = g->object[i];
			p->grouped[object / 8] |= (uint8_t)(1 << object % 8);
			hold(p, i, object);
		}
		add_objects(p, g->n);
	}
}

static void add_others(struct pairing *p)
{
	make_room(p, 1);
	for (size_t i = 0; i < p->look->rows; i++) {
		if ((p->grouped[i / 8] >> i % 8 & 1) != 0)
			continue;
		hold(p, 0, i);
		add_objects(p, 1);
	}
}

static bool meets(const struct task *a, const struct task *b)
{
	return a->from <= b->to && b->from <= a->to;
}

/* Thousandths, and only what there is. */
static size_t close_pairs(struct pairing *p)
{
	const struct task *task = p->look->policy->tasks;
	size_t n = 0, i = 0;

	for (uint32_t a = 0; a < p->tasks; a++) {
		for (uint32_t b = a + 1; b < p->tasks; b++, i++) {
			struct look_pair pair = p->pair[i];
			if (pair.both == 0)
				continue;
			pair.a = a;
			pair.b = b;
			pair.expected /= PPM;
			pair.saved /= PPM;
			pair.meets = meets(&task[a], &task[b]);
			p->pair[n++] = pair;
		}
	}
	return n;
}

void look_pairs(const struct look *l, struct look_result *out)
{
	size_t n = l->policy->task_count;
	struct pairing p = {
		.look = l, .tasks = (uint32_t)n, .chance = chances(l, out->task), .chunk = chunks(l)
	};

	policy_rank(l->policy, &p.rank);
	p.pair = arena_calloc(l->arena, n * (n + 1) / 2 + 1, sizeof *p.pair);
	p.in = arena_calloc(l->arena, n + 1, sizeof *p.in);
	p.grouped = arena_calloc(l->arena, l->rows / 8 + 1, 1);
	add_groups(&p);
	add_others(&p);
	out->pairs = close_pairs(&p);
	out->pair = p.pair;
}
