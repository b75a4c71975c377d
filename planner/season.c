#include "planner/season.h"

#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/season_inner.h"
#include "sampler/base/text.h"

enum { CHINA = 8 * 3600, DAY = 86400 };

/* ---- the state ------------------------------------------------------------------------------- */

static uint32_t *copied(struct arena *a, const uint32_t *from, size_t n)
{
	uint32_t *to = arena_calloc(a, n + 1, sizeof *to);
	if (n > 0)
		memcpy(to, from, n * sizeof *to);
	return to;
}

static void copy_people(struct season *s, const struct pool *pool)
{
	s->pool = *pool;
	s->person = arena_calloc(s->arena, (size_t)pool->n + 1, sizeof *s->person);
	if (pool->n > 0)
		memcpy(s->person, pool->at, pool->n * sizeof *s->person);
	s->pool.at = s->person;
	s->withdrawn = arena_calloc(s->arena, (size_t)pool->n + 1, sizeof *s->withdrawn);
	s->recused = arena_calloc(s->arena, (size_t)pool->n + 1, sizeof *s->recused);
	s->left = arena_calloc(s->arena, (size_t)pool->n + 1, sizeof *s->left);
	s->visits = arena_calloc(s->arena, 2 * (size_t)pool->days + 1, sizeof *s->visits);
}

struct season *season_new(struct arena *a, const struct plan *plan)
{
	struct season *s = arena_calloc(a, 1, sizeof *s);
	*s = (struct season){ .arena = a, .plan = plan, .today = CIVIL_MIN };
	copy_people(s, &plan->pool);
	s->slot = copied(a, plan->shp.slot, plan->shp.slots);
	s->capacity = copied(a, plan->shp.final, plan->pool.n);
	s->used = copied(a, plan->shp.used, plan->pool.n);
	s->leader = copied(a, plan->leader, plan->visits.n);
	s->half = copied(a, plan->half, plan->visits.n);
	s->order = season_order(a, &plan->visits);
	s->vacated =
		arena_calloc(a, (size_t)plan->in->policy->department_count + 1, sizeof *s->vacated);
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		s->half[i] = HALF_NONE;
		season_place(s, i, plan->half[i]);
	}
	s->keys = (struct slot_keys){ .policy = plan->in->policy,
		.visits = &plan->visits,
		.assignments = &plan->assignments };
	slot_keys_init(&s->keys, a, plan->in->keys, &s->pool);
	return s;
}

/* ---- who may --------------------------------------------------------------------------------- */

/* The assignment with what is left of its window. */
static struct assignment now(const struct season *s, uint32_t assignment)
{
	struct assignment a = s->plan->assignments.at[assignment];
	a.window = season_window(s, a.visit);
	return a;
}

static bool recused_later(const struct season *s, const struct assignment *a, uint32_t person)
{
	for (uint32_t k = 0; k < s->laters; k++)
		if (s->later[k].person == person &&
			(bytes_equal(s->later[k].subject, a->object) ||
				bytes_equal(s->later[k].subject, a->entity)))
			return true;
	return false;
}

/* Do all rules but those of the mask hold, and all that the changes have said? */
static bool holds(const struct season *s, const struct assignment *a, uint32_t person, uint32_t but)
{
	if (s->withdrawn[person] || recused_later(s, a, person))
		return false;
	for (uint32_t k = 0; k < ELIGIBLE_RULES; k++)
		if (!(but >> k & 1) &&
			!pool_holds(&s->pool, s->plan->in->policy, a, person, (enum eligibility)k))
			return false;
	return true;
}

bool season_fit(const struct season *s, uint32_t assignment, uint32_t person)
{
	struct assignment a = now(s, assignment);
	return holds(s, &a, person, RULES_WORK);
}

/* ---- one change under way -------------------------------------------------------------------- */

uint32_t step_slot(const struct step *x, uint32_t assignment, uint32_t place)
{
	return x->s->plan->shp.slot_start[assignment] + place - 1;
}

static void vacate(struct step *x, uint32_t assignment, uint32_t place, bool closed)
{
	struct season *s = x->s;
	uint32_t *slot = &s->slot[step_slot(x, assignment, place)], who = *slot;
	uint32_t visit = s->plan->assignments.at[assignment].visit;
	struct vacancy *v = &x->vacancy[x->vacancies++];
	*v = (struct vacancy){
		.assignment = assignment, .place = place, .who = who, .closed = closed
	};
	slot_key(&s->keys, assignment, place, &v->key);
	*slot = SHP_OPEN;
	s->used[who]--;
	s->left[who]++;
	s->vacated[s->plan->assignments.at[assignment].department]++;
	x->touched[visit] = true;
}

/* ---- step 1: what falls vacant --------------------------------------------------------------- */

/* The person's slots in a visit. */
static void vacate_visit(struct step *x, uint32_t visit)
{
	const struct assignments *as = &x->s->plan->assignments;
	for (uint32_t k = as->visit_start[visit]; k < as->visit_start[visit + 1]; k++)
		for (uint32_t place = 1; place <= as->at[k].places; place++)
			if (x->s->slot[step_slot(x, k, place)] == x->person)
				vacate(x, k, place, false);
}

/* Visits on days on which the person is away now. */
static void clear_leave(struct step *x)
{
	struct season *s = x->s;
	for (uint32_t k = 0; k < s->plan->visits.n; k++) {
		uint32_t visit = s->order[k], half = s->half[visit];
		if (half == HALF_NONE || season_past(s, visit) ||
			!season_has(s, visit, x->person) || !season_away(s, x->person, half / 2))
			continue;
		uint32_t best = season_best(s, visit);
		if (best != HALF_NONE)
			season_place(s, visit, best);
		else
			vacate_visit(x, visit);
	}
}

static void clear_unfit(struct step *x)
{
	const struct assignments *as = &x->s->plan->assignments;
	for (uint32_t k = 0; k < as->n; k++) {
		if (season_past(x->s, as->at[k].visit) ||
			!season_has(x->s, as->at[k].visit, x->person) ||
			season_fit(x->s, k, x->person))
			continue;
		for (uint32_t place = 1; place <= as->at[k].places; place++)
			if (x->s->slot[step_slot(x, k, place)] == x->person)
				vacate(x, k, place, false);
	}
}

static void add_leave(struct season *s, uint32_t person, int32_t first, int32_t last)
{
	struct person *q = &s->person[person];
	struct run fresh = pool_window(&s->pool, first, last);
	struct run *run = arena_calloc(s->arena, (size_t)q->leave_count + 1, sizeof *run);
	uint32_t n = 0;
	for (; n < q->leave_count && q->leave[n].from <= fresh.from; n++)
		run[n] = q->leave[n];
	run[n] = fresh;
	for (; n < q->leave_count; n++)
		run[n + 1] = q->leave[n];
	q->leave = run;
	q->leave_count++;
}

static void add_recusal(struct season *s, uint32_t person, struct bytes subject)
{
	if (s->laters == s->later_room) {
		s->later_room = 2 * s->later_room + 8;
		struct later *more = arena_calloc(s->arena, s->later_room, sizeof *more);
		if (s->laters > 0)
			memcpy(more, s->later, s->laters * sizeof *more);
		s->later = more;
	}
	s->later[s->laters++] = (struct later){ person,
		{ arena_strndup(s->arena, subject.p, subject.n), subject.n } };
	s->recused[person] = true;
}

static void make_vacant(struct step *x)
{
	struct season *s = x->s;
	switch (x->c->kind) {
	case CHANGE_RECUSE:
		add_recusal(s, x->person, x->c->value[CHANGE_SUBJECT]);
		break;
	case CHANGE_LEAVE:
		add_leave(s, x->person, x->first, x->last);
		clear_leave(x);
		break;
	case CHANGE_CERTIFICATE:
		s->person[x->person].certificate = x->last;
		break;
	case CHANGE_WITHDRAW:
		s->withdrawn[x->person] = true;
		break;
	case CHANGE_ABSENT:
		for (uint32_t p = 1; p <= s->plan->assignments.at[x->assignment].places; p++)
			if (s->slot[step_slot(x, x->assignment, p)] != SHP_OPEN)
				vacate(x, x->assignment, p, true);
		return;
	case CHANGE_BORROW:
	case CHANGE_ASSIGN:
	case CHANGE_MOVE:
	case CHANGE_KINDS:
		return;
	}
	clear_unfit(x);
}

/* ---- steps 2 and 3: who takes it ------------------------------------------------------------- */

static int vacancy_compare(const void *x, const void *y)
{
	const struct vacancy *a = x, *b = y;
	int c = shp_key_compare(&a->key, &b->key);
	if (c != 0)
		return c;
	if (a->assignment != b->assignment)
		return a->assignment < b->assignment ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static bool may_take(
	const struct season *s, const struct assignment *a, const struct asked *q, uint32_t i)
{
	const struct person *p = &s->person[i];
	uint32_t bound = q->bound == NULL ? p->limit : q->bound[i];
	if (i == q->but || s->recused[i] || season_has(s, a->visit, i) ||
		(q->from.n > 0 && !bytes_equal(p->department, q->from)))
		return false;
	return (q->may_grow ? bound < p->limit : s->used[i] < bound) && holds(s, a, i, q->rules);
}

/* The first in the order of candidates, or SHP_OPEN. */
uint32_t season_first(struct season *s, uint32_t assignment, uint32_t place, const struct asked *q)
{
	struct assignment a = now(s, assignment);
	struct shp_key key, least = { { 0 } };
	uint32_t best = SHP_OPEN;
	for (uint32_t i = 0; i < s->pool.n; i++) {
		if (!may_take(s, &a, q, i))
			continue;
		slot_candidate_keys(&s->keys, assignment, place, &i, 1, &key);
		if (best != SHP_OPEN && shp_key_compare(&key, &least) >= 0)
			continue;
		best = i;
		least = key;
	}
	return best;
}

static void give(struct step *x, uint32_t assignment, uint32_t place, uint32_t person)
{
	struct season *s = x->s;
	s->slot[step_slot(x, assignment, place)] = person;
	s->used[person]++;
	if (s->capacity[person] < s->used[person])
		s->capacity[person] = s->used[person];
	x->touched[s->plan->assignments.at[assignment].visit] = true;
}

static void fill(struct step *x, struct vacancy *v)
{
	struct season *s = x->s;
	struct asked q = { .but = v->who, .rules = RULES_ALL, .bound = s->capacity };
	v->how = v->closed ? "absent" : "next";
	uint32_t person = v->closed ? SHP_OPEN : season_first(s, v->assignment, v->place, &q);
	if (person == SHP_OPEN && !v->closed) {
		q.may_grow = true;
		v->how = "raised";
		person = season_first(s, v->assignment, v->place, &q);
		if (person != SHP_OPEN)
			s->capacity[person]++;
	}
	if (person != SHP_OPEN)
		give(x, v->assignment, v->place, person);
	else if (!v->closed)
		v->how = "open";
}

static void fill_all(struct step *x)
{
	qsort(x->vacancy, x->vacancies, sizeof *x->vacancy, vacancy_compare);
	for (uint32_t k = 0; k < x->vacancies; k++)
		fill(x, &x->vacancy[k]);
}

/* borrow and assign: x->person takes the open slot. */
static void fill_named(struct step *x)
{
	x->vacancy[x->vacancies++] = (struct vacancy){ .assignment = x->assignment,
		.place = x->place,
		.who = SHP_OPEN,
		.how = x->c->kind == CHANGE_BORROW ? "borrowed" : "assigned" };
	give(x, x->assignment, x->place, x->person);
}

/* ---- steps 4 and 5 --------------------------------------------------------------------------- */

static void find_days(struct step *x)
{
	struct season *s = x->s;
	for (uint32_t k = 0; k < s->plan->visits.n; k++) {
		uint32_t visit = s->order[k], half = s->half[visit];
		if (!x->touched[visit])
			continue;
		bool keep = half != HALF_NONE && season_free(s, visit, half);
		season_place(s, visit, keep ? half : season_best(s, visit));
	}
	if (x->c->kind == CHANGE_MOVE)
		season_place(s, x->visit, x->half);
}

/* The rule of §10: the lowest filled place of the lead, else of the smallest department. */
static uint32_t leader_of(const struct season *s, uint32_t visit)
{
	const struct assignments *as = &s->plan->assignments;
	uint32_t leader = SHP_OPEN;
	for (uint32_t k = as->visit_start[visit]; k < as->visit_start[visit + 1]; k++) {
		uint32_t from = s->plan->shp.slot_start[k], to = s->plan->shp.slot_start[k + 1];
		while (from < to && s->slot[from] == SHP_OPEN)
			from++;
		if (from == to)
			continue;
		if (as->at[k].department == s->plan->visits.at[visit].lead)
			return s->slot[from];
		leader = leader == SHP_OPEN ? s->slot[from] : leader;
	}
	return leader;
}

static void find_leaders(struct step *x)
{
	struct season *s = x->s;
	for (uint32_t i = 0; i < s->plan->visits.n; i++)
		if (x->touched[i] && (s->leader[i] == SHP_OPEN || !season_has(s, i, s->leader[i])))
			s->leader[i] = leader_of(s, i);
}

/* ---- the change ------------------------------------------------------------------------------ */

static bool set_time(struct season *s, const struct change *c, struct err *e)
{
	uint64_t at = 0;
	/* so far that every date of it has a day */
	if (!text_u64(c->value[CHANGE_AT], (uint64_t)CIVIL_MAX * DAY, &at) || at < s->at)
		return step_refuse(e, "earlier than the change before, or no time");
	s->at = at;
	s->today = (int32_t)((at + CHINA) / DAY);
	s->first_day = pool_window(&s->pool, s->today, CIVIL_MAX).from;
	return true;
}

/* A refusal leaves the clock as it was. */
static bool prepare(struct step *x, struct bytes department, struct err *e)
{
	struct season *s = x->s;
	const uint64_t at = s->at;
	const int32_t today = s->today;
	const uint32_t first_day = s->first_day;
	if (set_time(s, x->c, e) && step_named(x, e) && step_owned(x, department, e))
		return true;
	s->at = at;
	s->today = today;
	s->first_day = first_day;
	return false;
}

bool season_apply(struct season *s, const struct change *c, struct bytes department,
	struct buf *effects, struct err *e)
{
	ARENA_AUTO a = arena_new();
	const uint32_t visits = s->plan->visits.n;
	struct step x = { .s = s,
		.c = c,
		.a = a,
		.person = UINT32_MAX,
		.visit = UINT32_MAX,
		.assignment = UINT32_MAX };
	if (!prepare(&x, department, e))
		return false;
	x.vacancy = arena_calloc(a, (size_t)s->plan->shp.slots + 1, sizeof *x.vacancy);
	x.touched = arena_calloc(a, (size_t)visits + 1, sizeof *x.touched);
	x.half_before = copied(a, s->half, visits);
	x.leader_before = copied(a, s->leader, visits);
	make_vacant(&x);
	fill_all(&x);
	if (c->kind == CHANGE_BORROW || c->kind == CHANGE_ASSIGN)
		fill_named(&x);
	find_days(&x);
	find_leaders(&x);
	step_effects(&x, effects);
	s->figures.changes++;
	return true;
}

bool season_replay(struct season *s, struct bytes content, struct bytes department, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct buf made = buf_new(a, 256);
	struct change c;
	struct bytes effects;
	return change_parse(&c, content, &effects, e) &&
	       season_apply(s, &c, department, &made, e) &&
	       (bytes_equal(buf_view(&made), effects) ||
		       err_set(e, ERR_DIFFERENT, "change: effects of %s", change_name(c.kind)));
}
