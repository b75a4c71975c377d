#include "planner/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/drop.h"
#include "sampler/base/text.h"
#include "sampler/table.h"
#include "sampler/type.h"

/* ---- onsite -------------------------------------------------------------------------------- */

bool merge_focus(const struct policy *p, struct bytes labels)
{
	struct bytes label;
	while (p->focus_labels.n > 0 && type_next_member(&labels, &label))
		if (list_has(&p->focus_labels, label))
			return true;
	return false;
}

bool merge_onsite(const struct policy *p, const struct task *t, enum stratum s, bool focus)
{
	return focus || t->mode[policy_class(p, s)] == WAY_ONSITE;
}

/* ---- drawn objects --------------------------------------------------------------------------- */

/* What a task that drew an object means for its visit; batch: 0 where the task has none. */
static struct drawn_task drawn_task(
	const struct policy *p, uint32_t task, enum stratum s, uint64_t batch, bool focus)
{
	const struct task *t = &p->tasks[task];
	struct span window = { t->from, t->to };
	assert(batch <= t->batches.n);
	if (batch > 0)
		window = t->batches.at[batch - 1];
	return (struct drawn_task){ task, merge_onsite(p, t, s, focus), window.from, window.to };
}

static void set_object(struct plan_object *o, const struct bytes fact[FRAME_FACTS])
{
	o->object = fact[FACT_OBJECT];
	o->entity = fact[FACT_ENTITY];
	o->region = fact[FACT_REGION];
	o->kind = fact[FACT_KIND];
	o->class = fact[FACT_CLASS];
	o->labels = fact[FACT_LABELS];
	o->checked = fact[FACT_CHECKED];
	o->entered = fact[FACT_ENTERED];
	o->reserved = fact[FACT_RESERVED];
}

/* A row of `selection`. */
struct pick {
	uint32_t object, task; /* index in frame and policy */
	enum stratum stratum;
	uint64_t batch;
};

static int pick_compare(const void *x, const void *y)
{
	const struct pick *a = x, *b = y;
	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	return (a->task > b->task) - (a->task < b->task);
}

static bool read_pick(struct pick *pick, const struct policy *p, const struct frame *f,
	const struct bytes *field, struct err *e)
{
	int64_t task = policy_task(p, field[0]);
	size_t object;
	if (task < 0)
		return err_set(e, ERR_PLAN_RULE, "unknown task %.*s", BYTES_ARG(field[0]));
	if (!stratum_of(field[1], &pick->stratum))
		return err_set(e, ERR_PLAN_RULE, "unknown stratum %.*s", BYTES_ARG(field[1]));
	if (!frame_find(f, field[2], &object))
		return err_set(e, ERR_PLAN_RULE, "%.*s is not in the frame", BYTES_ARG(field[2]));
	if (!text_u64(field[3], p->tasks[task].batches.n, &pick->batch) ||
		(pick->batch == 0) != (p->tasks[task].batches.n == 0))
		return err_set(e, ERR_PLAN_RULE, "unknown batch %.*s", BYTES_ARG(field[3]));
	pick->task = (uint32_t)task;
	pick->object = (uint32_t)object;
	return true;
}

/* Objects of sorted picks, each with its run of tasks. */
static void group_picks(struct draws *d, struct arena *a, const struct policy *p,
	const struct frame *f, const struct pick *pick, size_t n)
{
	struct bytes fact[FRAME_FACTS];
	struct drawn_task *task = arena_calloc(a, n + 1, sizeof *task);
	bool focus = false;
	d->at = arena_calloc(a, n + 1, sizeof *d->at);
	d->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || pick[i].object != pick[i - 1].object) {
			frame_facts(f, pick[i].object, fact);
			set_object(&d->at[d->n], fact);
			d->at[d->n++].tasks = task + i;
			focus = merge_focus(p, fact[FACT_LABELS]);
		}
		task[i] = drawn_task(p, pick[i].task, pick[i].stratum, pick[i].batch, focus);
		d->at[d->n - 1].task_count++;
	}
}

bool draws_read(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	struct bytes selection, struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_SELECTION, selection, e))
		return false;
	struct table_cursor c = table_rows(&t);
	struct pick *pick = arena_calloc(a, t.n + 1, sizeof *pick);
	struct bytes field[TABLE_COLUMNS_MAX];
	for (size_t n = 0; table_next(&t, &c, field); n++)
		if (!read_pick(&pick[n], p, f, field, e))
			return err_at(e, "selection: row %zu", c.row);
	qsort(pick, t.n, sizeof *pick, pick_compare);
	group_picks(d, a, p, f, pick, t.n);
	return true;
}

struct plan_object *draws_find(const struct draws *d, struct bytes object)
{
	for (uint32_t lo = 0, hi = d->n; lo < hi;) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = bytes_compare(d->at[mid].object, object);
		if (c == 0)
			return &d->at[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

void draws_of_frame(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	const struct drawn *drawn)
{
	size_t n = drawn->n > 0 ? drawn->first[drawn->n] : 0;
	struct drawn_task *task = arena_calloc(a, n + 1, sizeof *task);
	assert(f->tasks == p->task_count);
	d->n = (uint32_t)drawn->n;
	d->at = arena_calloc(a, drawn->n + 1, sizeof *d->at);
	for (size_t i = 0; i < drawn->n; i++) {
		struct bytes fact[FRAME_FACTS];
		size_t from = drawn->first[i], to = drawn->first[i + 1];
		frame_facts(f, drawn->object[i], fact);
		bool focus = merge_focus(p, fact[FACT_LABELS]);
		for (size_t k = from; k < to; k++)
			task[k] = drawn_task(p, drawn->task[k],
				frame_cell(f, drawn->object[i], drawn->task[k]), drawn->batch[k],
				focus);
		set_object(&d->at[i], fact);
		d->at[i].tasks = task + from;
		d->at[i].task_count = (uint32_t)(to - from);
	}
}

/* ---- visits ---------------------------------------------------------------------------------- */

struct merger {
	struct arena *arena;
	const struct policy *p;
	bool *remit; /* departments that have the object's region in their remit */
	struct drawn_task *left; /* tasks not merged yet, in the order in which they are taken */
	uint32_t left_count;
	struct visit *at;
	uint32_t n;
	bool *in; /* departments of the visit */
};

/* In the order in which tasks are taken: by the end of the window, then by code. */
static int by_end(const void *x, const void *y)
{
	const struct drawn_task *a = x, *b = y;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->task > b->task) - (a->task < b->task);
}

/* Whom a task brings into the visit; how many are new to it. */
static uint32_t newcomers(const struct merger *m, const struct task *t)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < t->department_count; i++)
		n += m->remit[t->departments[i]] && !m->in[t->departments[i]];
	return n;
}

static bool meets_apart(const struct merger *m, const struct task *t)
{
	for (uint32_t i = 0; i < t->department_count; i++) {
		const struct department *d = &m->p->departments[t->departments[i]];
		if (!m->remit[t->departments[i]])
			continue;
		for (uint32_t k = 0; k < d->apart_count; k++)
			if (m->in[d->apart[k]])
				return true;
	}
	return false;
}

/* May the task join those taken so far? The first one may. */
static bool may_join(const struct merger *m, const struct visit *v, const struct task *t)
{
	uint32_t most = m->p->visits_departments;
	if (v->task_count == 0)
		return true;
	return (most == 0 || v->department_count + newcomers(m, t) <= most) && !meets_apart(m, t);
}

static void join(struct merger *m, struct visit *v, uint32_t *task, const struct drawn_task *d)
{
	const struct task *t = &m->p->tasks[d->task];
	v->department_count += newcomers(m, t);
	for (uint32_t i = 0; i < t->department_count; i++)
		m->in[t->departments[i]] = m->remit[t->departments[i]];
	task[v->task_count++] = d->task;
	v->from = d->from > v->from ? d->from : v->from;
}

static int by_code(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;
	return (*a > *b) - (*a < *b);
}

/* Move the first task left and those that may join it into the visit; its window is what all of
 * theirs have in common. */
static void take_tasks(struct merger *m, struct visit *v)
{
	uint32_t *task = arena_calloc(m->arena, m->left_count, sizeof *task), stay = 0;
	int32_t day = m->left[0].to;
	v->from = INT32_MIN;
	v->to = day;
	memset(m->in, 0, m->p->department_count * sizeof *m->in);
	for (uint32_t k = 0; k < m->left_count; k++) {
		const struct drawn_task d = m->left[k];
		if (d.from <= day && may_join(m, v, &m->p->tasks[d.task]))
			join(m, v, task, &d);
		else
			m->left[stay++] = d;
	}
	m->left_count = stay;
	qsort(task, v->task_count, sizeof *task, by_code);
	v->tasks = task;
}

static void set_departments(struct merger *m, struct visit *v)
{
	uint32_t *department =
		arena_calloc(m->arena, (size_t)v->department_count + 1, sizeof *department);
	v->department_count = 0;
	for (uint32_t i = 0; i < m->p->department_count; i++)
		if (m->in[i])
			department[v->department_count++] = i;
	v->departments = department;
}

static bool one_visit(struct merger *m, uint32_t object, bool offsite)
{
	struct visit *v = &m->at[m->n];
	const struct drawn_task first = m->left[0];
	*v = (struct visit){ .object = object, .offsite = offsite };
	take_tasks(m, v);
	set_departments(m, v);
	if (v->department_count == 0)
		return false;
	uint32_t lead = m->p->tasks[first.task].lead;
	v->lead = m->in[lead] ? lead : v->departments[0];
	m->n++;
	return true;
}

/* Ordinals as text: "10" before "2". */
static int ordinal_compare(const void *x, const void *y)
{
	const struct visit *a = x, *b = y;
	char s[2][12];
	struct buf one = { .p = s[0], .room = sizeof s[0] },
		   two = { .p = s[1], .room = sizeof s[1] };
	buf_u64(&one, a->ordinal);
	buf_u64(&two, b->ordinal);
	return bytes_compare(buf_view(&one), buf_view(&two));
}

/* The visits of an object in the order taken; ordinals come when it is known which take place. */
static bool merge_object(struct merger *m, const struct plan_object *o, uint32_t index)
{
	for (uint32_t offsite = 0; offsite < 2; offsite++) {
		m->left_count = 0;
		for (uint32_t k = 0; k < o->task_count; k++)
			if (o->tasks[k].onsite == (offsite == 0))
				m->left[m->left_count++] = o->tasks[k];
		if (m->left_count > 1)
			qsort(m->left, m->left_count, sizeof *m->left, by_end);
		while (m->left_count > 0)
			if (!one_visit(m, index, offsite == 1))
				return false;
	}
	return true;
}

/* A visit of which tasks were dropped is made of the others. */
static void make_anew(struct merger *m, struct visit *v, const struct plan_object *o)
{
	m->left_count = 0;
	for (uint32_t k = 0; k < o->task_count; k++)
		for (uint32_t i = 0; i < v->task_count; i++)
			if (v->tasks[i] == o->tasks[k].task)
				m->left[m->left_count++] = o->tasks[k];
	qsort(m->left, m->left_count, sizeof *m->left, by_end);
	uint32_t n = m->n;
	m->n = (uint32_t)(v - m->at);
	bool ok = one_visit(m, v->object, v->offsite);
	assert(ok && m->left_count == 0);
	(void)ok;
	m->n = n;
}

static void number_visits(struct merger *m)
{
	uint32_t n = 0;
	for (uint32_t i = 0, end; i < m->n; i = end) {
		uint32_t from = n, object = m->at[i].object;
		for (end = i; end < m->n && m->at[end].object == object; end++)
			if (m->at[end].task_count > 0) {
				m->at[n] = m->at[end];
				m->at[n].ordinal = n - from + 1;
				n++;
			}
		if (n - from > 9)
			qsort(m->at + from, n - from, sizeof *m->at, ordinal_compare);
	}
	m->n = n;
}

/* Which departments have a region in their remit, kept for as long as the region stays the same. */
static void set_remit(const struct policy *p, struct bytes region, bool *remit)
{
	for (uint32_t i = 0; i < p->department_count; i++)
		remit[i] = prefixes_match(&p->departments[i].regions, region);
}

static void drop(struct merger *m, struct visits *v, const struct draws *d)
{
	ARENA_AUTO scratch = arena_new();
	bool *touched = arena_calloc(scratch, (size_t)m->n + 1, sizeof *touched);
	const char *region = NULL;
	v->dropped = drop_tasks(m->at, m->n, m->p, d, touched, m->arena, &v->dropped_count);
	for (uint32_t i = 0; i < m->n; i++) {
		const struct plan_object *o = &d->at[m->at[i].object];
		if (!touched[i] || m->at[i].task_count == 0)
			continue;
		if (region != o->region.p)
			set_remit(m->p, o->region, m->remit);
		region = o->region.p;
		make_anew(m, &m->at[i], o);
	}
	number_visits(m);
	v->n = m->n;
	v->at = m->at;
}

bool merge_visits(struct visits *v, struct arena *a, const struct policy *p, const struct draws *d,
	struct err *e)
{
	uint64_t most = 0;
	for (uint32_t i = 0; i < d->n; i++)
		most += d->at[i].task_count;
	bool *remit = arena_calloc(a, (size_t)p->department_count + 1, sizeof *remit);
	struct merger m = { .arena = a,
		.p = p,
		.remit = remit,
		.left = arena_calloc(a, (size_t)p->task_count + 1, sizeof *m.left),
		.at = arena_calloc(a, most + 1, sizeof *m.at),
		.in = arena_calloc(a, (size_t)p->department_count + 1, sizeof(bool)) };

	for (uint32_t i = 0; i < d->n; i++) {
		const struct plan_object *o = &d->at[i];
		if (i == 0 || !bytes_equal(o->region, d->at[i - 1].region))
			set_remit(p, o->region, remit);
		if (!merge_object(&m, o, i))
			return err_set(e, ERR_PLAN_RULE,
				"object %.*s: no department has region \"%.*s\" in its remit",
				BYTES_ARG(o->object), BYTES_ARG(o->region));
	}
	drop(&m, v, d);
	return true;
}

void visit_put_tasks(struct buf *b, const struct policy *p, const struct visit *v)
{
	for (uint32_t k = 0; k < v->task_count; k++) {
		if (k > 0)
			buf_byte(b, ',');
		buf_bytes(b, p->tasks[v->tasks[k]].code);
	}
}

void visit_put_departments(struct buf *b, const struct policy *p, const struct visit *v)
{
	for (uint32_t k = 0; k < v->department_count; k++) {
		if (k > 0)
			buf_byte(b, ',');
		buf_bytes(b, p->departments[v->departments[k]].code);
	}
}

/* ---- figures --------------------------------------------------------------------------------- */

/* Onsite departments of an object's visits, each once. */
static uint64_t distinct_departments(const struct visit *v, uint32_t n, bool *seen, uint32_t most)
{
	uint64_t count = 0;
	memset(seen, 0, most * sizeof *seen);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; !v[i].offsite && k < v[i].department_count; k++) {
			count += !seen[v[i].departments[k]];
			seen[v[i].departments[k]] = true;
		}
	return count;
}

void merge_figures(struct plan_figures *f, const struct policy *p, const struct draws *d,
	const struct visits *v)
{
	ARENA_AUTO scratch = arena_new();
	bool *seen = arena_calloc(scratch, (size_t)p->department_count + 1, sizeof *seen);
	*f = (struct plan_figures){ .objects = d->n };
	for (uint32_t i = 0; i < d->n; i++)
		f->drawn_pairs += d->at[i].task_count;
	for (uint32_t i = 0, end; i < v->n; i = end) {
		for (end = i + 1; end < v->n && v->at[end].object == v->at[i].object;)
			end++;
		uint64_t onsite = 0, departments;
		for (uint32_t k = i; k < end; k++) {
			onsite += !v->at[k].offsite;
			f->assignments += v->at[k].offsite ? 0 : v->at[k].department_count;
		}
		departments = distinct_departments(v->at + i, end - i, seen, p->department_count);
		f->visits += onsite;
		f->offsite += end - i - onsite;
		f->department_pairs += departments;
		f->merged_objects += onsite == 1 && departments > 1;
	}
}

void merge_department_figures(
	struct department_figures *f, const struct policy *p, const struct visits *v)
{
	memset(f, 0, p->department_count * sizeof *f);
	for (uint32_t i = 0; i < v->n; i++) {
		const struct visit *at = &v->at[i];
		for (uint32_t k = 0; k < at->department_count; k++) {
			struct department_figures *own = &f[at->departments[k]];
			own->visits += !at->offsite;
			own->offsite += at->offsite;
			own->joint += !at->offsite && at->department_count > 1;
			own->saved += at->offsite ? 0 : at->department_count - 1;
		}
	}
}
