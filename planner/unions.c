#include "planner/unions.h"

#include <assert.h>

#include "planner/quota.h"

/* ---- which ---- */

static bool any_shares(const struct policy *p)
{
	for (uint32_t t = 0; t < p->task_count; t++)
		if (p->tasks[t].shared)
			return true;
	return false;
}

static bool same_union(const struct policy *p, uint32_t a, uint32_t b, enum stratum s)
{
	const struct task *x = &p->tasks[a], *y = &p->tasks[b];
	return y->shared && x->by_entity == y->by_entity &&
	       quota_ratio(p, x, s) == quota_ratio(p, y, s);
}

/* The number of a stratum's union: that of an earlier task, or a new one. */
static uint16_t number_of(
	const struct policy *p, const uint16_t *of, uint32_t task, enum stratum s, size_t *n)
{
	for (uint32_t t = 0; t < task; t++)
		if (same_union(p, task, t, s))
			return of[(size_t)t * FRAME_STRATA + s];
	return (uint16_t)++ * n;
}

const struct unions *unions_of(const struct policy *p, struct arena *a)
{
	if (!any_shares(p))
		return NULL;
	struct unions *u = arena_calloc(a, 1, sizeof *u);
	size_t cells = (size_t)p->task_count * FRAME_STRATA;
	uint16_t *of = arena_calloc(a, cells, sizeof *of);
	uint16_t *task = arena_calloc(a, p->task_count, sizeof *task);
	bool *by_entity = arena_calloc(a, cells + 1, sizeof *by_entity);
	for (uint32_t t = 0; t < p->task_count; t++) {
		if (!p->tasks[t].shared)
			continue;
		task[u->tasks++] = (uint16_t)t;
		for (size_t s = 0; s < FRAME_STRATA; s++) {
			uint16_t number = number_of(p, of, t, (enum stratum)s, &u->n);
			of[(size_t)t * FRAME_STRATA + s] = number;
			by_entity[number] = p->tasks[t].by_entity;
		}
	}
	u->of = of;
	u->task = task;
	u->by_entity = by_entity;
	return u;
}

/* ---- how many ---- */

struct union_count union_count_new(const struct unions *u, struct arena *a)
{
	return (struct union_count){ .unions = u,
		.count = arena_calloc(a, u->n + 1, sizeof(uint64_t)),
		.seen = arena_calloc(a, u->n + 1, sizeof(uint32_t)) };
}

void union_count_add(
	struct union_count *c, const uint8_t *codes, bool objects, bool entities, int times)
{
	const struct unions *u = c->unions;
	c->turn++;
	for (size_t i = 0; i < u->tasks; i++) {
		size_t t = u->task[i];
		if (codes[t] >= FRAME_STRATA)
			continue;
		uint16_t number = u->of[t * FRAME_STRATA + codes[t]];
		if (c->seen[number] == c->turn || !(u->by_entity[number] ? entities : objects))
			continue;
		c->seen[number] = c->turn;
		c->count[number] += (uint64_t)(int64_t)times;
	}
}

const uint64_t *union_count_among(const struct union_count *c, size_t tasks, struct arena *a)
{
	uint64_t *among = arena_calloc(a, tasks * FRAME_STRATA + 1, sizeof *among);
	for (size_t i = 0; i < tasks * FRAME_STRATA; i++)
		if (c->unions->of[i] > 0)
			among[i] = c->count[c->unions->of[i]];
	return among;
}

/* An entity with several objects has in each task what the one that stands for it has. */
static void add_group(struct union_count *c, const struct frame *f, const uint32_t *member,
	size_t n, uint8_t *codes)
{
	for (size_t t = 0; t < f->tasks; t++)
		codes[t] = (uint8_t)frame_cell(f, frame_standing(f, t, member, n), t);
	union_count_add(c, codes, false, true, 1);
}

const uint64_t *unions_among(const struct policy *p, const struct frame *f, struct arena *a)
{
	const struct unions *u = unions_of(p, a);
	const uint32_t *member;
	assert(f->tasks == p->task_count);
	if (u == NULL)
		return NULL;
	struct union_count c = union_count_new(u, a);
	uint8_t *codes = arena_calloc(a, f->tasks, 1);
	for (size_t i = 0; i < f->n; i++) {
		bool alone = frame_group(f, i, &member) == 0;
		frame_cells(f, i, codes);
		union_count_add(&c, codes, true, alone, 1);
	}
	for (size_t k = 0; k < f->groups.n; k++)
		add_group(&c, f, f->groups.member + f->groups.start[k],
			f->groups.start[k + 1] - f->groups.start[k], codes);
	return union_count_among(&c, f->tasks, a);
}
