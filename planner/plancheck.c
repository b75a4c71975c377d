/* The hard rules of a plan, read off its artefacts (PROTOCOL.md §9–§11). Shares with plan.c the
 * readers of the inputs and the table of eligibility, not what makes plans. */
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/plan.h"
#include "planner/slotkeys.h"
#include "planner/tiers.h"
#include "sampler/base/text.h"
#include "sampler/table.h"
#include "sampler/type.h"

struct check {
	struct arena *arena;
	const struct plan_input *in;
	struct pool pool;
	struct visits visits;
	struct assignments assignments;
	/* by slot, in the order of the artefact */
	uint32_t slots;
	uint32_t *slot_person; /* or SHP_OPEN */
	uint32_t *slot_start; /* assignments + 1 */
	uint32_t *crew_start; /* visits + 1: slots of a visit */
	uint32_t *load, *final, *tier; /* by person */
	struct booking *booking;
	uint32_t bookings;
};

struct booking {
	uint32_t person, half, visit;
};

static bool broken(struct err *e, const struct table_cursor *c, const char *table, const char *rule)
{
	err_set(e, ERR_PLAN_RULE, "%s", rule);
	return err_at(e, "%s: row %zu", table, c->row);
}

/* ---- visits ---------------------------------------------------------------------------------- */

/* Indices of the codes of a list; false if one is unknown. */
static bool codes(struct check *c, struct bytes text,
	int64_t (*find)(const struct policy *, struct bytes), const uint32_t **out, uint32_t *n)
{
	struct list l;
	if (!list_parse(&l, c->arena, text) || l.all || l.n == 0)
		return false;
	uint32_t *at = arena_calloc(c->arena, l.n, sizeof *at);
	for (uint32_t i = 0; i < l.n; i++) {
		int64_t k = find(c->in->policy, l.at[i]);
		if (k < 0)
			return false;
		at[i] = (uint32_t)k;
	}
	*out = at;
	*n = l.n;
	return true;
}

static bool has(const uint32_t *list, uint32_t n, uint32_t v)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] == v)
			return true;
	return false;
}

static const struct drawn_task *drawn_by(const struct plan_object *o, uint32_t task)
{
	for (uint32_t i = 0; i < o->task_count; i++)
		if (o->tasks[i].task == task)
			return &o->tasks[i];
	return NULL;
}

/* Every task of the visit drew the object, onsite or not as the visit says, and its window holds
 * the visit's. */
static const char *check_tasks(const struct check *c, const struct visit *v)
{
	const struct plan_object *o = &c->in->draws.at[v->object];
	for (uint32_t i = 0; i < v->task_count; i++) {
		const struct drawn_task *t = drawn_by(o, v->tasks[i]);
		if (t == NULL)
			return "a task that did not draw the object";
		if (t->onsite == v->offsite)
			return "a task of the other mode";
		if (v->from < t->from || v->to > t->to)
			return "the window leaves that of a task";
	}
	return v->from > v->to ? "an empty window" : NULL;
}

/* No more departments than one visit may have, and none apart from another. */
static const char *check_together(const struct policy *p, const struct visit *v)
{
	if (p->visits_departments > 0 && v->department_count > p->visits_departments)
		return "more departments than one visit may have";
	for (uint32_t i = 0; i < v->department_count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (policy_apart(p, v->departments[i], v->departments[k]))
				return "two departments that are apart";
	return NULL;
}

/* The departments are those of the tasks that have the region in their remit. */
static const char *check_departments(const struct check *c, const struct visit *v)
{
	const struct policy *p = c->in->policy;
	const struct plan_object *o = &c->in->draws.at[v->object];
	for (uint32_t d = 0; d < p->department_count; d++) {
		bool due = false;
		for (uint32_t i = 0; i < v->task_count; i++) {
			const struct task *t = &p->tasks[v->tasks[i]];
			due = due || has(t->departments, t->department_count, d);
		}
		due = due && prefixes_match(&p->departments[d].regions, o->region);
		if (due != has(v->departments, v->department_count, d))
			return "not the departments of the tasks within their remit";
	}
	return has(v->departments, v->department_count, v->lead) ? NULL
								 : "the lead does not take part";
}

static const char *read_visit(struct check *c, const struct bytes *field, struct visit *v)
{
	const struct policy *p = c->in->policy;
	uint64_t ordinal;
	const struct plan_object *o = draws_find(&c->in->draws, field[0]);
	int64_t lead = policy_department(p, field[5]);
	*v = (struct visit){ .offsite = bytes_is(field[2], "offsite") };
	if (o == NULL)
		return "an object that was not drawn";
	if (!text_u64(field[1], UINT32_MAX, &ordinal) || ordinal == 0)
		return "not an ordinal";
	if (!v->offsite && !bytes_is(field[2], "onsite"))
		return "not a mode";
	if (!civil_parse(field[3], &v->from) || !civil_parse(field[4], &v->to))
		return "not a date";
	if (lead < 0 || !codes(c, field[6], policy_task, &v->tasks, &v->task_count) ||
		!codes(c, field[7], policy_department, &v->departments, &v->department_count))
		return "an unknown task or department";
	v->object = (uint32_t)(o - c->in->draws.at);
	v->ordinal = (uint32_t)ordinal;
	v->lead = (uint32_t)lead;
	const char *rule = check_tasks(c, v);
	if (rule == NULL)
		rule = check_together(p, v);
	return rule != NULL ? rule : check_departments(c, v);
}

/* A task dropped drew the object, stands in no visit of it, and the code names what may drop it. */
static const char *check_dropped_row(const struct check *c, const struct bytes *field)
{
	const struct policy *p = c->in->policy;
	const struct plan_object *o = draws_find(&c->in->draws, field[0]);
	int64_t task = policy_task(p, field[1]);
	if (o == NULL || task < 0 || drawn_by(o, (uint32_t)task) == NULL)
		return "a task that did not draw the object";
	for (uint32_t i = 0; i < c->visits.n; i++)
		if (&c->in->draws.at[c->visits.at[i].object] == o &&
			has(c->visits.at[i].tasks, c->visits.at[i].task_count, (uint32_t)task))
			return "a task that stands in a visit too";
	if (bytes_is(field[2], EXCLUDED_CHECKED))
		return NULL;
	if (!bytes_starts(field[2], BYTES(EXCLUDED_CAP)))
		return "no code of a cap";
	const struct bytes of_cap = { field[2].p + strlen(EXCLUDED_CAP),
		field[2].n - strlen(EXCLUDED_CAP) };
	for (uint32_t i = 0; i < p->cap_count; i++)
		if (bytes_equal(p->caps[i].code, of_cap) &&
			policy_cap_applies(p, &p->caps[i], &p->tasks[task]))
			return NULL;
	return "no cap that applies to the task";
}

static bool check_dropped(
	const struct check *c, struct bytes artefact, uint64_t *dropped, struct err *e)
{
	struct table t;
	struct bytes field[TABLE_COLUMNS_MAX];
	if (!table_open(&t, TABLE_DROPPED, artefact, e))
		return false;
	struct table_cursor row = table_rows(&t);
	for (; table_next(&t, &row, field); ++*dropped) {
		const char *rule = check_dropped_row(c, field);
		if (rule != NULL)
			return broken(e, &row, "dropped", rule);
	}
	return true;
}

/* Each task of each drawn object stands in exactly one visit, or was dropped. */
static bool all_merged(const struct check *c, uint64_t merged, struct err *e)
{
	uint64_t drawn = 0;
	for (uint32_t i = 0; i < c->in->draws.n; i++)
		drawn += c->in->draws.at[i].task_count;
	for (uint32_t i = 0; i < c->visits.n; i++) {
		const struct visit *v = &c->visits.at[i];
		merged += v->task_count;
		for (uint32_t k = i + 1; k < c->visits.n && c->visits.at[k].object == v->object;
			k++)
			for (uint32_t t = 0; t < v->task_count; t++)
				if (has(c->visits.at[k].tasks, c->visits.at[k].task_count,
					    v->tasks[t]))
					return err_set(e, ERR_PLAN_RULE,
						"visits: a task twice at %.*s",
						BYTES_ARG(c->in->draws.at[v->object].object));
	}
	return drawn == merged ||
	       err_set(e, ERR_PLAN_RULE, "visits: a drawn object has a task without a visit");
}

static bool check_visits(
	struct check *c, struct bytes artefact, struct bytes dropped, struct err *e)
{
	uint64_t n = 0;
	struct table t;
	if (!table_open(&t, TABLE_VISITS, artefact, e))
		return false;
	struct visit *at = arena_calloc(c->arena, t.n + 1, sizeof *at);
	struct table_cursor row = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	c->visits.at = at;
	for (; table_next(&t, &row, field); c->visits.n++) {
		const char *rule = read_visit(c, field, &at[c->visits.n]);
		if (rule != NULL)
			return broken(e, &row, "visits", rule);
	}
	return check_dropped(c, dropped, &n, e) && all_merged(c, n, e);
}

/* ---- slots and capacity ---------------------------------------------------------------------- */

/* Are the first columns those of the visit? */
static bool is_visit(const struct check *c, uint32_t visit, const struct bytes *field)
{
	const struct visit *v = &c->visits.at[visit];
	uint64_t ordinal;
	return bytes_equal(field[0], c->in->draws.at[v->object].object) &&
	       text_u64(field[1], UINT32_MAX, &ordinal) && ordinal == v->ordinal;
}

static const char *check_slot(
	struct check *c, uint32_t assignment, uint32_t place, const struct bytes *field)
{
	const struct assignment *s = &c->assignments.at[assignment];
	uint64_t number;
	if (!is_visit(c, s->visit, field) ||
		!bytes_equal(field[2], c->in->policy->departments[s->department].code) ||
		!text_u64(field[3], SHP_PLACES, &number) || number != place)
		return "not the slot that comes next";
	uint32_t *here = &c->slot_person[c->slots++];
	*here = SHP_OPEN;
	if (field[4].n == 0)
		return NULL;
	int64_t person = pool_find(&c->pool, field[4]);
	if (person < 0)
		return "an inspector who is not in the pool";
	*here = (uint32_t)person;
	c->load[person]++;
	if (has(here - (place - 1), place - 1, *here))
		return "one inspector in two places of an assignment";
	enum eligibility rule = pool_eligible(&c->pool, c->in->policy, s, *here);
	return rule == ELIGIBLE_ALL ? NULL : eligibility_name(rule);
}

static bool check_slots(struct check *c, struct bytes artefact, struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_SLOTS, artefact, e))
		return false;
	struct table_cursor row = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	c->slot_person = arena_calloc(c->arena, t.n + 1, sizeof *c->slot_person);
	c->crew_start = arena_calloc(c->arena, (size_t)c->visits.n + 1, sizeof *c->crew_start);
	c->load = arena_calloc(c->arena, (size_t)c->pool.n + 1, sizeof *c->load);
	c->slot_start = arena_calloc(c->arena, (size_t)c->assignments.n + 1, sizeof *c->slot_start);
	for (uint32_t s = 0; s < c->assignments.n; s++) {
		for (uint32_t place = 1; place <= c->assignments.at[s].places; place++) {
			if (!table_next(&t, &row, field))
				return broken(e, &row, "slots", "slots are missing after this row");
			const char *rule = check_slot(c, s, place, field);
			if (rule != NULL)
				return broken(e, &row, "slots", rule);
		}
		c->slot_start[s + 1] = c->slots;
		c->crew_start[c->assignments.at[s].visit + 1] = c->slots;
	}
	if (table_next(&t, &row, field))
		return broken(e, &row, "slots", "not a slot of any assignment");
	return true;
}

static bool check_capacity(struct check *c, struct bytes artefact, struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_CAPACITY, artefact, e))
		return false;
	struct table_cursor row = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	c->final = arena_calloc(c->arena, (size_t)c->pool.n + 1, sizeof *c->final);
	c->tier = arena_calloc(c->arena, (size_t)c->pool.n + 1, sizeof *c->tier);
	while (table_next(&t, &row, field)) {
		uint64_t first, final, used, tier;
		int64_t i = pool_find(&c->pool, field[1]);
		if (i < 0 || !bytes_equal(c->pool.at[i].department, field[0]))
			return broken(e, &row, "capacity", "not an inspector of that department");
		if (!text_u64(field[2], UINT32_MAX, &first) ||
			!text_u64(field[3], UINT32_MAX, &final) ||
			!text_u64(field[4], UINT32_MAX, &used))
			return broken(e, &row, "capacity", "not a number");
		if (first > final || final > c->pool.at[i].limit)
			return broken(e, &row, "capacity", "beyond the personal limit");
		if (used != c->load[i] || used > final)
			return broken(
				e, &row, "capacity", "not the slots taken, or more than final");
		if (!text_u64(field[5], c->pool.n, &tier))
			return broken(e, &row, "capacity", "not a tier");
		c->final[i] = (uint32_t) final;
		c->tier[i] = (uint32_t)tier;
	}
	return t.n == c->pool.n ||
	       err_set(e, ERR_PLAN_RULE, "capacity: not every inspector of the pool has a row");
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Each slot is the first candidate's whom neither `final` nor a tier bars. */
static bool check_drawn(struct check *c, struct err *e)
{
	static const char *const rules[] = {
		[TIERS_SLOT] = "not the first candidate whom no tier bars",
		[TIERS_SIZE] = "slots are open and no tier says why",
	};
	struct slot_keys keys = {
		.policy = c->in->policy, .visits = &c->visits, .assignments = &c->assignments
	};
	struct shp_graph g;
	struct eligible who;
	if (c->in->keys == NULL)
		return true;
	pool_eligible_all(&who, c->arena, &c->pool, c->in->policy, &c->assignments);
	slot_graph(&g, c->arena, &keys, c->in->keys, &c->pool, &who);
	struct shp_result r = { .slot_start = c->slot_start,
		.slot = c->slot_person,
		.final = c->final,
		.tier = c->tier };
	struct tiers_answer answer = tiers_check(&g, &r);
	const struct assignment *s = &c->assignments.at[answer.assignment];
	return answer.fault == TIERS_HOLD ||
	       err_set(e, ERR_PLAN_RULE, "slots: %.*s %.*s %u: %s", BYTES_ARG(s->object),
		       BYTES_ARG(c->in->policy->departments[s->department].code), answer.place,
		       rules[answer.fault]);
}

/* ---- schedule -------------------------------------------------------------------------------- */

static const char *book(struct check *c, uint32_t visit, uint32_t half)
{
	for (uint32_t k = c->crew_start[visit]; k < c->crew_start[visit + 1]; k++) {
		uint32_t person = c->slot_person[k];
		if (person == SHP_OPEN)
			continue;
		const struct person *q = &c->pool.at[person];
		for (uint32_t i = 0; i < q->leave_count; i++)
			if (q->leave[i].from <= half / 2 && half / 2 < q->leave[i].to)
				return "an inspector on leave";
		c->booking[c->bookings++] = (struct booking){ person, half, visit };
	}
	return NULL;
}

/* The leader is one of the crew, and there is one where there is a crew. */
static bool leader_fits(const struct check *c, uint32_t visit, struct bytes id)
{
	uint32_t crew = 0;
	int64_t leader = pool_find(&c->pool, id);
	for (uint32_t k = c->crew_start[visit]; k < c->crew_start[visit + 1]; k++) {
		crew += c->slot_person[k] != SHP_OPEN;
		if (leader >= 0 && c->slot_person[k] == (uint32_t)leader)
			return true;
	}
	return crew == 0 && id.n == 0;
}

static const char *check_day(struct check *c, uint32_t visit, const struct bytes *field)
{
	int32_t day;
	const struct visit *v = &c->visits.at[visit];
	if (!is_visit(c, visit, field))
		return "not the visit that comes next";
	if (!leader_fits(c, visit, field[4]))
		return "the leader is not one of the visit's inspectors";
	if (field[2].n == 0 && field[3].n == 0)
		return NULL;
	if (!civil_parse(field[2], &day) ||
		(!bytes_is(field[3], "am") && !bytes_is(field[3], "pm")))
		return "not a half-day";
	if (day < v->from || day > v->to)
		return "a day outside the window";
	struct run found = pool_window(&c->pool, day, day);
	if (found.from == found.to)
		return "not a day of the calendar";
	return book(c, visit, 2 * found.from + bytes_is(field[3], "pm"));
}

static int booking_compare(const void *x, const void *y)
{
	const struct booking *a = x, *b = y;
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->half != b->half)
		return a->half < b->half ? -1 : 1;
	return (a->visit > b->visit) - (a->visit < b->visit);
}

static bool check_schedule(struct check *c, struct bytes artefact, struct err *e)
{
	struct table t;
	if (!table_open(&t, TABLE_SCHEDULE, artefact, e))
		return false;
	struct table_cursor row = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	c->booking = arena_calloc(c->arena, (size_t)c->slots + 1, sizeof *c->booking);
	for (uint32_t i = 0; i < c->visits.n; i++) {
		if (!table_next(&t, &row, field))
			return broken(e, &row, "schedule", "visits are missing after this row");
		const char *rule = check_day(c, i, field);
		if (rule != NULL)
			return broken(e, &row, "schedule", rule);
	}
	if (table_next(&t, &row, field))
		return broken(e, &row, "schedule", "not a visit");
	qsort(c->booking, c->bookings, sizeof *c->booking, booking_compare);
	for (uint32_t i = 1; i < c->bookings; i++)
		if (c->booking[i].person == c->booking[i - 1].person &&
			c->booking[i].half == c->booking[i - 1].half)
			return err_set(e, ERR_PLAN_RULE, "schedule: %.*s is double-booked",
				BYTES_ARG(c->pool.at[c->booking[i].person].id));
	return true;
}

bool plan_check(const struct plan_input *in, const struct plan_artefacts *made, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct check c = { .arena = a, .in = in };
	if (!pool_read(&c.pool, a, in->policy, &in->artefacts, e) ||
		!check_visits(&c, made->visits, made->dropped, e))
		return false;
	assignments_make(&c.assignments, a, in->policy, &in->draws, &c.visits, &c.pool);
	return check_slots(&c, made->slots, e) && check_capacity(&c, made->capacity, e) &&
	       check_schedule(&c, made->schedule, e) && check_drawn(&c, e);
}
