#include "planner/bound.h"

#include <assert.h>

#include "planner/merge.h"

enum { BILLION = 1000000000 };

/* Of a stratum of a task. */
struct chance {
	uint64_t n, units; /* drawn among so many */
	bool onsite; /* for every object */
};

/* An entity with several objects in a task: the stratum it stands in, its candidates there. */
struct shared {
	enum stratum stratum; /* STRATUM_OUT: in none */
	size_t candidates;
};

struct bounding {
	const struct policy *p;
	const struct frame *f;
	const struct chance *chance; /* task*FRAME_STRATA + stratum */
	struct shared *shared; /* of every task, for the entity at hand */
	bool focus; /* some labels make a visit onsite */
	/* whose bound it is: the tasks that count, and where; NULL: everywhere */
	const uint32_t *task;
	size_t tasks;
	const struct prefixes *remit;
};

static const struct chance *chances(const struct policy *p, const struct strata *s, struct arena *a)
{
	size_t cells = (size_t)p->task_count * FRAME_STRATA;
	struct chance *c = arena_calloc(a, cells + 1, sizeof *c);

	for (size_t i = 0; i < cells; i++) {
		const struct task *t = &p->tasks[i / FRAME_STRATA];
		c[i] = (struct chance){ s->order.quota[i],
			s->order.among != NULL ? s->order.among[i] : s->order.units[i],
			merge_onsite(p, t, (enum stratum)(i % FRAME_STRATA), false) };
		assert(c[i].units <= UINT64_MAX / BILLION);
	}
	return c;
}

static void share(struct bounding *b, const uint32_t *member, size_t n)
{
	for (size_t k = 0; k < b->tasks; k++) {
		size_t t = b->task[k];
		uint32_t standing = frame_standing(b->f, t, member, n);
		struct shared *s = &b->shared[t];
		*s = (struct shared){ frame_cell(b->f, standing, t), 0 };
		for (size_t i = 0; i < n; i++)
			s->candidates += frame_cell(b->f, member[i], t) == s->stratum;
	}
}

/* The probability that the task draws the object, which is in the stratum. */
static uint64_t probability(
	const struct bounding *b, const struct chance *c, enum stratum s, size_t task, bool alone)
{
	size_t among = 1;

	if (b->p->tasks[task].by_entity && !alone)
		among = b->shared[task].stratum == s ? b->shared[task].candidates : 0;
	return c->n > 0 && among > 0 ? c->n * BILLION / (c->units * among) : 0;
}

/* The highest probability of an onsite task, or with `all` of any. */
static uint64_t highest(const struct bounding *b, uint32_t object, bool alone, bool all)
{
	uint64_t best = 0;

	for (size_t k = 0; k < b->tasks; k++) {
		size_t t = b->task[k];
		enum stratum s = frame_cell(b->f, object, t);
		if (s == STRATUM_OUT)
			continue;
		const struct chance *c = &b->chance[t * FRAME_STRATA + s];
		uint64_t own = all || c->onsite ? probability(b, c, s, t, alone) : 0;
		best = own > best ? own : best;
	}
	return best;
}

/* Labels and region stand in the text: they are read only where they can change something. */
static uint64_t of_object(const struct bounding *b, uint32_t object, bool alone)
{
	uint64_t onsite = highest(b, object, alone, false);
	uint64_t any = b->focus ? highest(b, object, alone, true) : 0;
	struct bytes fact[FRAME_FACTS];

	if (any <= onsite && (b->remit == NULL || onsite == 0))
		return onsite;
	frame_facts(b->f, object, fact);
	if (b->remit != NULL && !prefixes_match(b->remit, fact[FACT_REGION]))
		return 0;
	return any > onsite && merge_focus(b->p, fact[FACT_LABELS]) ? any : onsite;
}

static uint64_t of_groups(struct bounding *b)
{
	const struct frame_groups *g = &b->f->groups;
	uint64_t sum = 0;

	for (size_t k = 0; k < g->n; k++) {
		const uint32_t *member = g->member + g->start[k];
		size_t n = g->start[k + 1] - g->start[k];
		share(b, member, n);
		for (size_t i = 0; i < n; i++)
			sum += of_object(b, member[i], false);
	}
	return sum;
}

static uint64_t of_frame(struct bounding *b)
{
	const uint32_t *member;
	uint64_t sum = of_groups(b);

	for (size_t i = 0; i < b->f->n; i++)
		if (!frame_special(b->f, i) || frame_group(b->f, i, &member) == 0)
			sum += of_object(b, (uint32_t)i, true);
	return sum;
}

static struct bounding bounding_of(
	const struct policy *p, const struct strata *s, const struct frame *f, struct arena *a)
{
	assert(f->tasks == p->task_count);
	return (struct bounding){ .p = p,
		.f = f,
		.chance = chances(p, s, a),
		.shared = arena_calloc(a, f->tasks + 1, sizeof(struct shared)),
		.focus = p->focus_labels.n > 0 };
}

uint64_t bound_of(const struct policy *p, const struct strata *s, const struct frame *f)
{
	ARENA_AUTO a = arena_new();
	struct bounding b = bounding_of(p, s, f, a);
	uint32_t *task = arena_calloc(a, f->tasks + 1, sizeof *task);

	for (size_t t = 0; t < f->tasks; t++)
		task[t] = (uint32_t)t;
	b.task = task;
	b.tasks = f->tasks;
	return of_frame(&b);
}

static size_t tasks_of(const struct policy *p, uint32_t department, uint32_t *task)
{
	size_t n = 0;

	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t k = 0; k < p->tasks[t].department_count; k++)
			if (p->tasks[t].departments[k] == department)
				task[n++] = t;
	return n;
}

void bound_departments(
	const struct policy *p, const struct strata *s, const struct frame *f, uint64_t *bound)
{
	ARENA_AUTO a = arena_new();
	struct bounding b = bounding_of(p, s, f, a);
	uint32_t *task = arena_calloc(a, f->tasks + 1, sizeof *task);

	b.task = task;
	for (uint32_t d = 0; d < p->department_count; d++) {
		b.remit = p->departments[d].regions.list.all ? NULL : &p->departments[d].regions;
		b.tasks = tasks_of(p, d, task);
		bound[d] = b.tasks > 0 ? of_frame(&b) : 0;
	}
}
