#include "planner/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/frame.h"
#include "sampler/select.h"
#include "sampler/table.h"

/* ---- drawn objects --------------------------------------------------------------------------- */

struct pick {
	struct bytes object;
	uint32_t task;
};

static int pick_compare(const void *x, const void *y)
{
	const struct pick *a = x, *b = y;
	int c = bytes_compare(a->object, b->object);
	return c != 0 ? c : (a->task > b->task) - (a->task < b->task);
}

/* Objects of sorted picks, each with its run of tasks; a pick that stands twice counts once. */
static void group_picks(struct draws *d, struct arena *a, const struct pick *pick, size_t n)
{
	uint32_t *task = arena_calloc(a, n + 1, sizeof *task);
	d->at = arena_calloc(a, n + 1, sizeof *d->at);
	d->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct plan_object *o = d->n > 0 ? &d->at[d->n - 1] : NULL;
		task[i] = pick[i].task;
		if (o == NULL || !bytes_equal(o->object, pick[i].object)) {
			d->at[d->n++] = (struct plan_object){
				.object = pick[i].object, .tasks = task + i, .task_count = 1
			};
			continue;
		}
		assert(pick[i].task > pick[i - 1].task);
		o->task_count++;
	}
}

bool draws_read(struct draws *d, struct arena *a, const struct policy *p, struct bytes selection,
	struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_SELECTION, selection, e))
		return false;
	struct table_cursor c = table_rows(&t);
	struct pick *pick = arena_calloc(a, t.n + 1, sizeof *pick);
	struct bytes field[TABLE_COLUMNS_MAX];
	for (size_t n = 0; table_next(&t, &c, field); n++) {
		int64_t task = policy_task(p, field[0]);
		if (task < 0) {
			err_set(e, ERR_PLAN_RULE, "unknown task %.*s", BYTES_ARG(field[0]));
			return err_at(e, "selection: row %zu", c.row);
		}
		pick[n] = (struct pick){ .object = field[2], .task = (uint32_t)task };
	}
	qsort(pick, t.n, sizeof *pick, pick_compare);
	group_picks(d, a, pick, t.n);
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

bool draws_of_frame(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	const struct drawn *drawn, struct err *e)
{
	uint32_t *index = arena_calloc(a, f->tasks + 1, sizeof *index);
	for (size_t t = 0; t < f->tasks; t++) {
		int64_t at = policy_task(p, f->task[t]);
		if (at < 0)
			return err_set(
				e, ERR_PLAN_RULE, "unknown task %.*s", BYTES_ARG(f->task[t]));
		index[t] = (uint32_t)at;
	}
	size_t n = drawn->n > 0 ? drawn->first[drawn->n] : 0;
	uint32_t *task = arena_calloc(a, n + 1, sizeof *task);
	d->n = (uint32_t)drawn->n;
	d->at = arena_calloc(a, drawn->n + 1, sizeof *d->at);
	for (size_t i = 0; i < drawn->n; i++) {
		struct bytes fact[FRAME_FACTS];
		frame_facts(f, drawn->object[i], fact);
		for (size_t k = drawn->first[i]; k < drawn->first[i + 1]; k++)
			task[k] = index[drawn->task[k]];
		d->at[i] = (struct plan_object){ .object = fact[FACT_OBJECT],
			.entity = fact[FACT_ENTITY],
			.region = fact[FACT_REGION],
			.tasks = task + drawn->first[i],
			.task_count = (uint32_t)(drawn->first[i + 1] - drawn->first[i]) };
	}
	return true;
}

/* ---- visits ---------------------------------------------------------------------------------- */

struct merger {
	struct arena *arena;
	const struct policy *p;
	const bool *remit; /* departments that have the object's region in their remit */
	uint32_t *left; /* tasks not merged yet, ascending */
	uint32_t left_count;
	struct visit *at;
	uint32_t n;
	bool *in; /* scratch: departments of the visit */
};

/* The earliest `to`; ties go to the smallest code, which stands first. */
static uint32_t earliest_end(const struct merger *m)
{
	uint32_t best = m->left[0];
	for (uint32_t k = 1; k < m->left_count; k++)
		if (m->p->tasks[m->left[k]].to < m->p->tasks[best].to)
			best = m->left[k];
	return best;
}

/* Move the tasks whose window contains that day into the visit; narrow its window to theirs. */
static void take_tasks(struct merger *m, struct visit *v, int32_t day)
{
	uint32_t *task = arena_calloc(m->arena, m->left_count, sizeof *task), stay = 0;
	v->from = INT32_MIN;
	v->to = day;
	for (uint32_t k = 0; k < m->left_count; k++) {
		const struct task *t = &m->p->tasks[m->left[k]];
		if (t->from > day || t->to < day) {
			m->left[stay++] = m->left[k];
			continue;
		}
		task[v->task_count++] = m->left[k];
		v->from = t->from > v->from ? t->from : v->from;
	}
	m->left_count = stay;
	v->tasks = task;
}

static void set_departments(struct merger *m, struct visit *v)
{
	uint32_t n = m->p->department_count;
	memset(m->in, 0, n * sizeof *m->in);
	for (uint32_t k = 0; k < v->task_count; k++) {
		const struct task *t = &m->p->tasks[v->tasks[k]];
		for (uint32_t q = 0; q < t->department_count; q++)
			m->in[t->departments[q]] = m->remit[t->departments[q]];
	}
	uint32_t count = 0;
	for (uint32_t i = 0; i < n; i++)
		count += m->in[i];
	uint32_t *department = arena_calloc(m->arena, (size_t)count + 1, sizeof *department);
	for (uint32_t i = 0; i < n; i++)
		if (m->in[i])
			department[v->department_count++] = i;
	v->departments = department;
}

static bool one_visit(struct merger *m, uint32_t object, uint32_t ordinal, bool offsite)
{
	struct visit *v = &m->at[m->n];
	uint32_t first = earliest_end(m);
	*v = (struct visit){ .object = object, .ordinal = ordinal, .offsite = offsite };
	take_tasks(m, v, m->p->tasks[first].to);
	set_departments(m, v);
	if (v->department_count == 0)
		return false;
	uint32_t lead = m->p->tasks[first].lead;
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

static bool merge_object(struct merger *m, const struct plan_object *o, uint32_t index)
{
	uint32_t before = m->n, ordinal = 1;
	for (uint32_t offsite = 0; offsite < 2; offsite++) {
		m->left_count = 0;
		for (uint32_t k = 0; k < o->task_count; k++)
			if (m->p->tasks[o->tasks[k]].offsite == offsite)
				m->left[m->left_count++] = o->tasks[k];
		while (m->left_count > 0)
			if (!one_visit(m, index, ordinal++, offsite == 1))
				return false;
	}
	if (ordinal > 10)
		qsort(m->at + before, m->n - before, sizeof *m->at, ordinal_compare);
	return true;
}

/* Which departments have a region in their remit, kept for as long as the region stays the same. */
static void set_remit(const struct policy *p, struct bytes region, bool *remit)
{
	for (uint32_t i = 0; i < p->department_count; i++)
		remit[i] = prefixes_match(&p->departments[i].regions, region);
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
		.left = arena_calloc(a, (size_t)p->task_count + 1, sizeof(uint32_t)),
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
	*v = (struct visits){ .n = m.n, .at = m.at };
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

enum { BILLION = 1000000000 };

struct bound {
	uint32_t tasks;
	uint64_t sum;
	uint32_t (*probability)[FRAME_CODES]; /* of onsite tasks, in thousand-millionths */
};

struct bound *bound_new(struct arena *a, const struct policy *p)
{
	struct bound *b = arena_calloc(a, 1, sizeof *b);
	b->tasks = p->task_count;
	b->probability = arena_calloc(a, (size_t)p->task_count + 1, sizeof *b->probability);
	for (uint32_t t = 0; t < p->task_count; t++)
		if (p->tasks[t].offsite)
			b->probability[t][CODE_TYPE] = BILLION; /* marks it; never a stratum */
	return b;
}

void bound_stratum(
	struct bound *b, uint32_t task, uint32_t stratum, uint64_t population, uint64_t quota)
{
	assert(task < b->tasks && stratum < FRAME_STRATA && quota <= population);
	assert(population <= UINT64_MAX / BILLION);
	if (b->probability[task][CODE_TYPE] == 0 && population > 0)
		b->probability[task][stratum] = (uint32_t)(quota * BILLION / population);
}

void bound_object(struct bound *b, const uint8_t *cells)
{
	uint32_t best = 0;
	for (uint32_t t = 0; t < b->tasks; t++)
		if (cells[t] < FRAME_STRATA && b->probability[t][cells[t]] > best)
			best = b->probability[t][cells[t]];
	b->sum += best;
}

uint64_t bound_sum(const struct bound *b)
{
	return b->sum;
}

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
