#include "planner/drop.h"

#include <stdlib.h>
#include <string.h>

#include "planner/facts.h"
#include "sampler/type.h"

struct dropping {
	const struct policy *p;
	const struct draws *d;
	struct visit *visit;
	struct arena *arena;
	struct dropped *out;
	uint32_t n;
	bool *touched;
	/* the visits of the entity at hand that have been gone through, in order */
	const struct visit **before;
	uint32_t earlier;
	struct facts facts; /* of the object at hand */
};

/* ---- the object at hand ---- */

static void look_at(struct dropping *g, const struct plan_object *o)
{
	struct bytes fact[FRAME_FACTS];

	for (int i = 0; i < FRAME_FACTS; i++)
		fact[i] = BYTES("");
	fact[FACT_OBJECT] = o->object;
	fact[FACT_ENTITY] = o->entity;
	fact[FACT_REGION] = o->region;
	fact[FACT_KIND] = o->kind;
	fact[FACT_CLASS] = o->class;
	fact[FACT_LABELS] = o->labels;
	fact[FACT_CHECKED] = o->checked;
	fact[FACT_ENTERED] = o->entered;
	fact[FACT_RESERVED] = o->reserved.n > 0 ? o->reserved : BYTES("0");
	facts_read(&g->facts, fact);
}

static bool has_index(const uint32_t *list, uint32_t n, uint32_t v)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] == v)
			return true;
	return false;
}

/* ---- frequency ---- */

static uint32_t checks_of(const struct dropping *g, uint32_t item, int32_t day)
{
	struct bytes rest = g->facts.checked, code;
	uint32_t n = 0;
	int32_t at;

	while (facts_next_check(&rest, &code, &at))
		n += at >= g->p->cycle_from && at <= day &&
		     (bytes_is(code, "*") || bytes_equal(code, g->p->items[item].code));
	return n;
}

static bool checks_item(const struct dropping *g, const struct visit *v, uint32_t item)
{
	for (uint32_t i = 0; i < v->task_count; i++) {
		const struct task *t = &g->p->tasks[v->tasks[i]];
		if (has_index(t->items, t->item_count, item))
			return true;
	}
	return false;
}

static bool too_often(const struct dropping *g, const struct visit *v, const struct task *t)
{
	for (uint32_t i = 0; i < t->item_count; i++) {
		uint32_t n = checks_of(g, t->items[i], v->from);
		for (uint32_t k = 0; k < g->earlier; k++)
			n += g->before[k]->object == v->object &&
			     checks_item(g, g->before[k], t->items[i]);
		if (n >= t->frequency)
			return true;
	}
	return false;
}

/* ---- caps ---- */

static bool shares_label(const struct list *l, struct bytes labels)
{
	struct bytes label;

	while (!l->all && type_next_member(&labels, &label))
		if (list_has(l, label))
			return true;
	return l->all;
}

static bool matches(const struct dropping *g, const struct cap *c)
{
	const struct facts *f = &g->facts;
	return list_has(&c->kinds, bytes_of(kind_name(f->kind))) &&
	       (c->classes.set >> f->general & 1) != 0 && shares_label(&c->labels, f->labels);
}

/* Does an inspection of before count at a visit? */
static bool counts(
	const struct dropping *g, const struct cap *c, const struct inspection *i, int32_t day)
{
	int32_t after = c->days > 0 ? day - (int32_t)c->days : g->p->cycle_from - 1;
	return i->day > after && i->day <= day && list_has(&c->levels, i->level) &&
	       list_has(&c->departments, i->department);
}

/* Does a visit of the round that comes before it? */
static bool is_near(const struct cap *c, const struct visit *before, int32_t day)
{
	return c->days == 0 || before->to > day - (int32_t)c->days;
}

static bool counts_under(const struct dropping *g, const struct cap *c, const struct visit *v)
{
	for (uint32_t i = 0; i < v->task_count; i++)
		if (policy_cap_applies(g->p, c, &g->p->tasks[v->tasks[i]]))
			return true;
	return false;
}

static uint32_t entries(const struct dropping *g, const struct cap *c, const struct visit *v)
{
	struct bytes rest = g->facts.entered;
	struct inspection i;
	uint32_t n = g->facts.reserved;
	int32_t last = INT32_MIN; /* days ascend, for they stand first */

	while (facts_next_inspection(&rest, &i)) {
		if (!i.entry || i.day == last || !counts(g, c, &i, v->from))
			continue;
		last = i.day;
		n++;
	}
	for (uint32_t k = 0; k < g->earlier; k++)
		n += !g->before[k]->offsite && is_near(c, g->before[k], v->from) &&
		     counts_under(g, c, g->before[k]);
	return n;
}

static bool inspects(
	const struct dropping *g, uint32_t department, const struct task *t, struct bytes region)
{
	return has_index(t->departments, t->department_count, department) &&
	       prefixes_match(&g->p->departments[department].regions, region);
}

/* Does the department take part in the visit by a task to which the cap applies? */
static bool checks_under(
	const struct dropping *g, const struct cap *c, const struct visit *v, uint32_t department)
{
	for (uint32_t i = 0; i < v->task_count; i++) {
		const struct task *t = &g->p->tasks[v->tasks[i]];
		if (policy_cap_applies(g->p, c, t) &&
			inspects(g, department, t, g->d->at[v->object].region))
			return true;
	}
	return false;
}

static uint32_t checks(
	const struct dropping *g, const struct cap *c, const struct visit *v, uint32_t department)
{
	struct bytes rest = g->facts.entered;
	struct inspection i;
	uint32_t n = 0;

	while (facts_next_inspection(&rest, &i))
		n += counts(g, c, &i, v->from) &&
		     bytes_equal(i.department, g->p->departments[department].code);
	for (uint32_t k = 0; k < g->earlier; k++)
		n += is_near(c, g->before[k], v->from) &&
		     checks_under(g, c, g->before[k], department);
	return n;
}

static bool is_full(
	const struct dropping *g, const struct cap *c, const struct visit *v, const struct task *t)
{
	if (c->counts == COUNTS_ENTRIES)
		return !v->offsite && entries(g, c, v) >= c->most;
	for (uint32_t i = 0; i < t->department_count; i++) {
		uint32_t q = t->departments[i];
		if (list_has(&c->departments, g->p->departments[q].code) &&
			inspects(g, q, t, g->facts.region) && checks(g, c, v, q) >= c->most)
			return true;
	}
	return false;
}

/* ---- tasks ---- */

/* The index of the cap that drops the task, DROP_CHECKED, or DROP_NONE. */
enum { DROP_NONE = -2 };

static int32_t reason(const struct dropping *g, const struct visit *v, const struct task *t)
{
	if (too_often(g, v, t))
		return DROP_CHECKED;
	for (uint32_t c = 0; c < g->p->cap_count; c++) {
		const struct cap *cap = &g->p->caps[c];
		if (policy_cap_applies(g->p, cap, t) && matches(g, cap) && is_full(g, cap, v, t))
			return (int32_t)c;
	}
	return DROP_NONE;
}

static void go_through(struct dropping *g, struct visit *v)
{
	uint32_t *kept = arena_calloc(g->arena, (size_t)v->task_count + 1, sizeof *kept), n = 0;

	look_at(g, &g->d->at[v->object]);
	for (uint32_t i = 0; i < v->task_count; i++) {
		int32_t why = reason(g, v, &g->p->tasks[v->tasks[i]]);
		if (why == DROP_NONE)
			kept[n++] = v->tasks[i];
		else
			g->out[g->n++] = (struct dropped){ v->object, v->tasks[i], why };
	}
	g->touched[v - g->visit] = n < v->task_count;
	v->tasks = kept;
	v->task_count = n;
	g->before[g->earlier++] = v;
}

/* ---- entities ---- */

/* A visit, and its entity. */
struct of_entity {
	struct bytes entity;
	struct visit *visit;
};

/* By entity, then in the order of §9: objects stand ascending, visits of one in the order taken. */
static int by_entity(const void *x, const void *y)
{
	const struct of_entity *a = x, *b = y;
	const struct visit *v = a->visit, *w = b->visit;
	int c = bytes_compare(a->entity, b->entity);
	if (c != 0)
		return c;
	if (v->to != w->to)
		return v->to < w->to ? -1 : 1;
	if (v->from != w->from)
		return v->from < w->from ? -1 : 1;
	return (v > w) - (v < w);
}

const struct dropped *drop_tasks(struct visit *visit, uint32_t n, const struct policy *p,
	const struct draws *d, bool *touched, struct arena *a, uint32_t *dropped)
{
	ARENA_AUTO scratch = arena_new();
	uint64_t most = 0;
	struct of_entity *of = arena_calloc(scratch, (size_t)n + 1, sizeof *of);
	struct dropping g = { .p = p, .d = d, .visit = visit, .arena = a, .touched = touched };

	for (uint32_t i = 0; i < n; i++) {
		of[i] = (struct of_entity){ d->at[visit[i].object].entity, &visit[i] };
		most += visit[i].task_count;
	}
	qsort(of, n, sizeof *of, by_entity);
	g.out = arena_calloc(a, most + 1, sizeof *g.out);
	g.before = arena_calloc(scratch, (size_t)n + 1, sizeof(void *));
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && bytes_equal(of[end].entity, of[i].entity);)
			end++;
		g.earlier = 0;
		for (uint32_t k = i; k < end; k++)
			go_through(&g, of[k].visit);
	}
	*dropped = g.n;
	return g.out;
}

struct bytes drop_code(const struct dropped *d, const struct policy *p, struct arena *a)
{
	if (d->why == DROP_CHECKED)
		return BYTES(EXCLUDED_CHECKED);
	return bytes_of(arena_printf(a, EXCLUDED_CAP "%.*s", BYTES_ARG(p->caps[d->why].code)));
}
