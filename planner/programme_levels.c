/* What the levels draw together of one item. */
#include "planner/programme_inner.h"

struct levels {
	struct programme *p;
	const bool *overlap; /* a*tasks + b: an object is in both */
	uint32_t *with; /* tasks that have the item */
	struct programme_item *out;
	size_t n;
};

static const struct task *first(const struct programme *p, uint32_t task)
{
	return programme_task(p, p->first[task]);
}

static bool has_item(const struct programme *p, const struct task *t, uint32_t item)
{
	for (uint32_t i = 0; i < t->item_count; i++)
		if (p->year->item_of[t->items[i]] == item)
			return true;
	return false;
}

static uint64_t draws_of(const struct programme *p, uint32_t task)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->draws; i++)
		n += p->draw[i].task == task;
	return n;
}

/* Those of the tasks with the item whose objects it shares, itself among them. */
static size_t together(const struct levels *l, size_t n, uint32_t task, uint32_t *out)
{
	size_t tasks = l->p->year->tasks, k = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t u = l->with[i], low = u < task ? u : task, high = u < task ? task : u;
		if (u == task || l->overlap[low * tasks + high])
			out[k++] = u;
	}
	return k;
}

static bool several_levels(const struct programme *p, const uint32_t *task, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!bytes_equal(p->year->levels[task[i]], p->year->levels[task[0]]))
			return true;
	return false;
}

static void add_up(const struct programme *p, struct programme_item *item)
{
	const struct policy *base = p->base;
	bool reasoned = false, ceiling_reasoned = false;

	for (size_t i = 0; i < item->tasks; i++) {
		const struct task *t = first(p, item->task[i]);
		uint64_t draws = draws_of(p, item->task[i]);
		for (int c = 0; c < CLASSES; c++)
			item->ratio[c] += t->ratio[c] * draws;
		reasoned |= t->reason.n > 0;
		ceiling_reasoned |= t->ceiling_reason.n > 0;
	}
	for (int c = 0; c < CLASSES; c++) {
		item->over_whole |= item->ratio[c] > PROGRAMME_PPM && !reasoned;
		item->over_ceiling |= base->items[item->item].key == 0 && !ceiling_reasoned &&
				      item->ratio[c] > base->ceiling_general;
	}
}

/* Did a task before this one of the same item give the same list? */
static bool told(const struct levels *l, const struct programme_item *item)
{
	for (size_t i = l->n; i > 0 && l->out[i - 1].item == item->item; i--) {
		const struct programme_item *o = &l->out[i - 1];
		bool same = o->tasks == item->tasks;
		for (size_t k = 0; k < item->tasks && same; k++)
			same = o->task[k] == item->task[k];
		if (same)
			return true;
	}
	return false;
}

static void add_item(struct levels *l, uint32_t item)
{
	const struct programme *p = l->p;
	size_t n = 0;

	for (uint32_t t = 0; t < p->year->tasks; t++)
		if (has_item(p, first(p, t), item))
			l->with[n++] = t;
	for (size_t i = 0; i < n; i++) {
		uint32_t *task = arena_calloc(p->arena, n + 1, sizeof *task);
		struct programme_item found = { .item = item, .task = task };
		found.tasks = together(l, n, l->with[i], task);
		if (!several_levels(p, task, found.tasks) || told(l, &found))
			continue;
		add_up(p, &found);
		l->out[l->n++] = found;
	}
}

void programme_levels(struct programme *p, struct programme_result *out)
{
	size_t tasks = p->year->tasks, room = 1;
	bool *overlap = arena_calloc(p->arena, tasks * tasks + 1, sizeof *overlap);
	struct levels l = { .p = p, .overlap = overlap };

	for (size_t i = 0; i < out->pairs; i++)
		overlap[out->pair[i].a * tasks + out->pair[i].b] = true;
	for (uint32_t t = 0; t < tasks; t++)
		room += first(p, t)->item_count;
	l.with = arena_calloc(p->arena, tasks + 1, sizeof *l.with);
	l.out = arena_calloc(p->arena, room, sizeof *l.out);
	for (uint32_t i = 0; i < p->base->item_count; i++)
		add_item(&l, i);
	out->items = l.n;
	out->item = l.out;
}
