/* How often the year would meet an entity, against the caps of the base. */
#include <stdlib.h>
#include <string.h>

#include "planner/merge.h"
#include "planner/programme_inner.h"
#include "planner/quota.h"

/* A lane is what a cap counts for itself: the entries of an entity, or the checks of one
 * department.
 */
struct lanes {
	struct programme *p;
	size_t days, lanes;
	uint64_t *used; /* of each item: what draws before took of the object, parts per million */
	uint32_t *shares; /* of the objects of the entity at hand, each of every draw */
	const uint32_t *share; /* of each draw, by the object at hand */
	uint32_t *most; /* lane*days + day: the largest share of the entity at hand */
	uint8_t *meets; /* of each draw, by the entity at hand: it has a share under the cap */
	struct programme_cap *cap;
	bool **tasks; /* of each cap: which tasks meet the entity expected most often */
};

/* ---- objects ---- */

/* What `frequency` leaves of a task: an item is inspected so often at an object, by whatever task.
 */
static uint64_t left_of(const struct lanes *l, const struct task *t)
{
	uint64_t whole = (uint64_t)t->frequency * PROGRAMME_PPM, most = 0;

	for (uint32_t i = 0; i < t->item_count; i++)
		most = l->used[t->items[i]] > most ? l->used[t->items[i]] : most;
	return most < whole ? whole - most : 0;
}

/* What each draw takes of the object, in parts per million. */
static void put_shares(struct lanes *l, const struct programme_object *o, uint32_t *out)
{
	const struct programme *p = l->p;

	memset(l->used, 0, p->base->item_count * sizeof *l->used);
	for (size_t i = 0; i < p->draws; i++) {
		unsigned s = programme_cell(o, i);
		const struct task *t = programme_task(p, i);
		uint32_t share = 0;
		if (s != STRATUM_OUT)
			share = quota_ratio(programme_policy(p, i), t, (enum stratum)s);
		if (share > 0) {
			uint64_t left = left_of(l, t);
			share = share < left ? share : (uint32_t)left;
			for (uint32_t k = 0; k < t->item_count; k++)
				l->used[t->items[k]] += share;
		}
		out[i] = share;
	}
}

static void raise(struct lanes *l, size_t lane, size_t draw)
{
	uint32_t *most = &l->most[lane * l->days + l->p->draw[draw].day];

	*most = l->share[draw] > *most ? l->share[draw] : *most;
	l->meets[draw] = 1;
}

static void add_object(struct lanes *l, const struct cap *cap, const struct programme_object *o)
{
	const struct programme *p = l->p;

	for (size_t i = 0; i < p->draws; i++) {
		const struct policy *policy = programme_policy(p, i);
		const struct task *t = programme_task(p, i);
		if (l->share[i] == 0 || !policy_cap_applies(policy, cap, t))
			continue;
		if (cap->counts == COUNTS_CHECKS) {
			for (uint32_t d = 0; d < t->department_count; d++)
				raise(l, t->departments[d], i);
		} else if (merge_onsite(
				   policy, t, (enum stratum)programme_cell(o, i), o->focus != 0)) {
			raise(l, 0, i);
		}
	}
}

/* ---- entities ---- */

static bool counts(const struct programme *p, const struct cap *cap, size_t day, size_t last)
{
	const struct programme_day *at = p->year->day;

	return cap->days == 0 || at[last].draw_on - at[day].draw_on < (int32_t)cap->days;
}

/* What counts up to a day: shares and days. */
static uint64_t counted(
	const struct lanes *l, const struct cap *cap, size_t lane, size_t last, uint32_t *days)
{
	uint64_t sum = 0;

	*days = 0;
	for (size_t d = 0; d <= last; d++) {
		uint32_t share = l->most[lane * l->days + d];
		if (share == 0 || !counts(l->p, cap, d, last))
			continue;
		sum += share;
		(*days)++;
	}
	return sum;
}

static void note_tasks(struct lanes *l, uint32_t c)
{
	memset(l->tasks[c], 0, l->p->year->tasks * sizeof(bool));
	for (size_t i = 0; i < l->p->draws; i++)
		if (l->meets[i] != 0)
			l->tasks[c][l->p->draw[i].task] = true;
}

static void judge(struct lanes *l, uint32_t c)
{
	const struct cap *cap = &l->p->base->caps[c];
	struct programme_cap *out = &l->cap[c];
	uint64_t expected = 0;
	uint32_t most = 0, days = 0, n;

	for (size_t lane = 0; lane < l->lanes; lane++) {
		for (size_t d = 0; d < l->days; d++) {
			uint64_t sum = counted(l, cap, lane, d, &n);
			days = sum > expected ? n : days;
			expected = sum > expected ? sum : expected;
			most = n > most ? n : most;
		}
	}
	out->over += expected > (uint64_t)cap->most * PROGRAMME_PPM;
	out->possible += most > cap->most;
	if (expected <= out->expected)
		return;
	out->expected = expected;
	out->days = days;
	note_tasks(l, c);
}

/* The objects of one entity: rows of the list. */
static void add_entity(struct lanes *l, const uint32_t *row, size_t n)
{
	const struct programme *p = l->p;

	for (size_t i = 0; i < n; i++)
		put_shares(l, programme_object(p, row[i]), l->shares + i * p->draws);
	for (uint32_t c = 0; c < p->base->cap_count; c++) {
		bool some = false;
		const struct cap *cap = &p->base->caps[c];
		l->lanes = cap->counts == COUNTS_CHECKS ? p->base->department_count : 1;
		memset(l->most, 0, l->lanes * l->days * sizeof *l->most);
		memset(l->meets, 0, p->draws);
		for (size_t i = 0; i < n; i++) {
			const struct programme_object *o = programme_object(p, row[i]);
			if ((o->caps[c / 64] >> c % 64 & 1) == 0)
				continue;
			l->share = l->shares + i * p->draws;
			add_object(l, cap, o);
			some = true;
		}
		if (some)
			judge(l, c);
	}
}

/* ---- all of them ---- */

struct place {
	uint8_t entity[16];
	uint32_t row;
};

static int compare_place(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int c = memcmp(a->entity, b->entity, sizeof a->entity);
	return c != 0 ? c : (a->row > b->row) - (a->row < b->row);
}

/* Is it in a stratum of any draw? Most objects of a register are, of some; others cost nothing. */
static bool is_in(const struct programme *p, const struct programme_object *o)
{
	for (size_t i = 0; i < p->draws; i++)
		if (programme_cell(o, i) != STRATUM_OUT)
			return true;
	return false;
}

static size_t places(struct programme *p, struct place **out)
{
	struct place *at = arena_calloc(p->arena, p->rows + 1, sizeof *at);
	size_t n = 0;

	for (size_t row = 0; row < p->rows; row++) {
		const struct programme_object *o = programme_object(p, row);
		if (!is_in(p, o))
			continue;
		memcpy(at[n].entity, o->entity, sizeof o->entity);
		at[n++].row = (uint32_t)row;
	}
	if (p->premises && n > 1)
		qsort(at, n, sizeof *at, compare_place);
	*out = at;
	return n;
}

/* Where the objects of the entity at i end. */
static size_t end_of(const struct place *at, size_t n, size_t i)
{
	size_t k = i;

	while (k < n && memcmp(at[k].entity, at[i].entity, sizeof at[i].entity) == 0)
		k++;
	return k;
}

static void walk(struct lanes *l)
{
	struct place *at;
	size_t n = places(l->p, &at), most = 1;

	for (size_t i = 0, k; i < n; i = k) {
		k = end_of(at, n, i);
		most = k - i > most ? k - i : most;
	}
	uint32_t *row = arena_calloc(l->p->arena, most, sizeof *row);
	l->shares = arena_calloc(l->p->arena, most * l->p->draws + 1, sizeof *l->shares);
	for (size_t i = 0, k; i < n; i = k) {
		k = end_of(at, n, i);
		for (size_t m = i; m < k; m++)
			row[m - i] = at[m].row;
		add_entity(l, row, k - i);
	}
}

/* The tasks that were noted, as a list. */
static void list_tasks(struct lanes *l, uint32_t c)
{
	struct programme_cap *cap = &l->cap[c];
	uint32_t *task = arena_calloc(l->p->arena, l->p->year->tasks + 1, sizeof *task);

	for (uint32_t t = 0; t < l->p->year->tasks; t++)
		if (l->tasks[c][t])
			task[cap->tasks++] = t;
	cap->task = task;
}

void programme_caps(struct programme *p, struct programme_result *out)
{
	struct arena *a = p->arena;
	size_t caps = p->base->cap_count, tasks = p->year->tasks;
	size_t lanes = (size_t)p->base->department_count + 1;
	struct lanes l = { .p = p, .days = p->year->days };

	l.used = arena_calloc(a, (size_t)p->base->item_count + 1, sizeof *l.used);
	l.most = arena_calloc(a, lanes * l.days + 1, sizeof *l.most);
	l.meets = arena_calloc(a, p->draws + 1, 1);
	l.cap = arena_calloc(a, caps + 1, sizeof *l.cap);
	l.tasks = arena_calloc(a, caps + 1, sizeof *l.tasks);
	for (uint32_t c = 0; c < caps; c++) {
		l.cap[c].cap = c;
		l.tasks[c] = arena_calloc(a, tasks + 1, sizeof(bool));
	}
	walk(&l);
	for (uint32_t c = 0; c < caps; c++)
		list_tasks(&l, c);
	out->caps = caps;
	out->cap = l.cap;
}
