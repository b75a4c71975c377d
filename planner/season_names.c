/* What a change names, and whether it may be (PROTOCOL.md §11.1). */
#include "planner/civil.h"
#include "planner/season_inner.h"
#include "sampler/base/text.h"

bool step_refuse(struct err *e, const char *rule)
{
	return err_set(e, ERR_PLAN_RULE, "change: %s", rule);
}

static bool find_person(struct step *x, struct bytes id, struct err *e)
{
	int64_t i = pool_find(&x->s->pool, id);
	if (i < 0)
		return err_set(e, ERR_PLAN_RULE, "change: no inspector %.*s", BYTES_ARG(id));
	x->person = (uint32_t)i;
	return true;
}

static bool find_visit(struct step *x, struct err *e)
{
	const struct plan *plan = x->s->plan;
	uint64_t ordinal = 0;
	text_u64(x->c->value[CHANGE_ORDINAL], UINT32_MAX, &ordinal);
	for (uint32_t i = 0; i < plan->visits.n; i++)
		if (plan->visits.at[i].ordinal == ordinal &&
			bytes_equal(plan->in->draws.at[plan->visits.at[i].object].object,
				x->c->value[CHANGE_OBJECT]))
			x->visit = i;
	if (x->visit == UINT32_MAX)
		return step_refuse(e, "no such visit");
	return !season_past(x->s, x->visit) || step_refuse(e, "the visit is past");
}

static bool find_assignment(struct step *x, struct err *e)
{
	const struct assignments *as = &x->s->plan->assignments;
	if (!find_visit(x, e))
		return false;
	for (uint32_t k = as->visit_start[x->visit]; k < as->visit_start[x->visit + 1]; k++)
		if (bytes_equal(x->s->plan->in->policy->departments[as->at[k].department].code,
			    x->c->value[CHANGE_DEPARTMENT]))
			x->assignment = k;
	return x->assignment != UINT32_MAX ||
	       step_refuse(e, "the department has no part in the visit");
}

static bool find_open_slot(struct step *x, struct err *e)
{
	uint64_t place = 0;
	if (!find_assignment(x, e))
		return false;
	if (!text_u64(x->c->value[CHANGE_PLACE], x->s->plan->assignments.at[x->assignment].places,
		    &place) ||
		place == 0)
		return step_refuse(e, "no such place");
	x->place = (uint32_t)place;
	return x->s->slot[step_slot(x, x->assignment, x->place)] == SHP_OPEN ||
	       step_refuse(e, "the slot is not open");
}

static bool find_loan(struct step *x, struct err *e)
{
	struct asked q = { .but = SHP_OPEN, .rules = RULES_HOME, .from = x->c->value[CHANGE_FROM] };
	if (!find_open_slot(x, e))
		return false;
	if (bytes_equal(q.from, x->c->value[CHANGE_DEPARTMENT]))
		return step_refuse(e, "a department does not borrow from itself");
	x->person = season_first(x->s, x->assignment, x->place, &q);
	return x->person != SHP_OPEN || step_refuse(e, "nobody there may be borrowed");
}

static bool find_assigned(struct step *x, struct err *e)
{
	if (!find_open_slot(x, e) || !find_person(x, x->c->value[CHANGE_SLOT_INSPECTOR], e))
		return false;
	if (season_has(x->s, x->visit, x->person))
		return step_refuse(e, "already in another slot of the visit");
	return season_fit(x->s, x->assignment, x->person) ||
	       step_refuse(e, "certificate, leave or recusal keeps the inspector out");
}

static bool find_half(struct step *x, struct err *e)
{
	int32_t day = 0;
	if (!find_visit(x, e))
		return false;
	civil_parse(x->c->value[CHANGE_DAY], &day);
	struct run found = pool_window(&x->s->pool, day, day);
	if (found.from == found.to)
		return step_refuse(e, "not a day of the calendar");
	x->half = 2 * found.from + bytes_is(x->c->value[CHANGE_HALF], "pm");
	return season_free(x->s, x->visit, x->half) ||
	       step_refuse(e, "not a half-day of the window on which everybody is free");
}

static bool find_dates(struct step *x, struct err *e)
{
	if (!find_person(x, x->c->value[CHANGE_INSPECTOR], e))
		return false;
	x->first = x->last = CIVIL_NONE;
	civil_parse(x->c->value[CHANGE_FIRST], &x->first);
	civil_parse(x->c->value[CHANGE_LAST], &x->last);
	civil_parse(x->c->value[CHANGE_UNTIL], &x->last);
	return x->c->kind != CHANGE_LEAVE || x->first <= x->last ||
	       step_refuse(e, "the leave ends before it begins");
}

bool step_named(struct step *x, struct err *e)
{
	static bool (*const find[CHANGE_KINDS])(struct step *, struct err *) = {
		[CHANGE_RECUSE] = find_dates,
		[CHANGE_LEAVE] = find_dates,
		[CHANGE_CERTIFICATE] = find_dates,
		[CHANGE_WITHDRAW] = find_dates,
		[CHANGE_ABSENT] = find_assignment,
		[CHANGE_BORROW] = find_loan,
		[CHANGE_ASSIGN] = find_assigned,
		[CHANGE_MOVE] = find_half,
	};
	return find[x->c->kind](x, e);
}

/* Whose change it is. */
static struct bytes owner(const struct step *x)
{
	const struct plan *plan = x->s->plan;
	if (change_has(x->c->kind, CHANGE_DEPARTMENT))
		return x->c->value[CHANGE_DEPARTMENT];
	if (x->c->kind == CHANGE_MOVE)
		return plan->in->policy->departments[plan->visits.at[x->visit].lead].code;
	return x->s->person[x->person].department;
}

bool step_owned(const struct step *x, struct bytes department, struct err *e)
{
	return bytes_equal(department, owner(x)) || step_refuse(e, "of another department");
}
