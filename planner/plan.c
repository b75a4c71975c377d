#include "planner/plan.h"

#include "planner/planrows.h"
#include "planner/slotkeys.h"

/* ---- inspectors ------------------------------------------------------------------------------ */

static void draw_inspectors(struct plan *plan, struct arena *a)
{
	const struct assignments *s = &plan->assignments;
	const struct pool *pool = &plan->pool;
	uint8_t *places = arena_calloc(a, (size_t)s->n + 1, 1);
	uint32_t *limit = arena_calloc(a, (size_t)pool->n + 1, sizeof *limit);
	for (uint32_t i = 0; i < s->n; i++)
		places[i] = (uint8_t)s->at[i].places;
	for (uint32_t i = 0; i < pool->n; i++)
		limit[i] = pool->at[i].limit;
	struct slot_keys keys = { .policy = plan->in->policy,
		.visits = &plan->visits,
		.assignments = &plan->assignments };
	slot_keys_init(&keys, a, plan->in->keys, pool);
	struct shp_graph g = { .assignments = s->n,
		.inspectors = pool->n,
		.start = plan->eligible.start,
		.to = plan->eligible.to,
		.places = places,
		.limit = limit,
		.slack = plan->in->policy->inspectors_slack,
		.keys = &keys,
		.slot_key = slot_key,
		.candidate_keys = slot_candidate_keys };
	shp_run(&plan->shp, a, &g);
}

/* The lowest filled place of an assignment, or SHP_OPEN. */
static uint32_t lowest_filled(const struct plan *plan, uint32_t assignment)
{
	const uint32_t *start = plan->shp.slot_start;
	for (uint32_t k = start[assignment]; k < start[assignment + 1]; k++)
		if (plan->shp.slot[k] != SHP_OPEN)
			return plan->shp.slot[k];
	return SHP_OPEN;
}

/* Departments of a visit ascend, so the first with a filled place is the smallest. */
uint32_t plan_leader(const struct plan *plan, uint32_t visit)
{
	uint32_t leader = SHP_OPEN;
	const uint32_t *start = plan->assignments.visit_start;
	for (uint32_t s = start[visit]; s < start[visit + 1]; s++) {
		uint32_t person = lowest_filled(plan, s);
		if (person == SHP_OPEN)
			continue;
		if (plan->assignments.at[s].department == plan->visits.at[visit].lead)
			return person;
		leader = leader == SHP_OPEN ? person : leader;
	}
	return leader;
}

static void set_leaders(struct plan *plan, struct arena *a)
{
	uint32_t *leader = arena_calloc(a, (size_t)plan->visits.n + 1, sizeof *leader);
	for (uint32_t i = 0; i < plan->visits.n; i++)
		leader[i] = plan_leader(plan, i);
	plan->leader = leader;
}

/* ---- calendar -------------------------------------------------------------------------------- */

static void set_halves(struct plan *plan, struct arena *a)
{
	ARENA_AUTO scratch = arena_new();
	const uint32_t *visit_start = plan->assignments.visit_start;
	uint32_t n = 0;
	uint32_t *start = arena_calloc(scratch, (size_t)plan->visits.n + 1, sizeof *start);
	uint32_t *person = arena_calloc(scratch, (size_t)plan->shp.slots + 1, sizeof *person);
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		uint32_t from = plan->shp.slot_start[visit_start[i]];
		uint32_t to = plan->shp.slot_start[visit_start[i + 1]];
		for (uint32_t k = from; k < to; k++)
			if (plan->shp.slot[k] != SHP_OPEN)
				person[n++] = plan->shp.slot[k];
		start[i + 1] = n;
	}
	struct crews crews = { .start = start, .person = person };
	plan->half = calendar_place(a, &plan->visits, &plan->pool, &crews);
}

bool plan_make(struct plan *plan, struct arena *a, const struct plan_input *in, struct err *e)
{
	*plan = (struct plan){ .in = in, .arena = a };
	if (!pool_read(&plan->pool, a, in->policy, &in->artefacts, e) ||
		!merge_visits(&plan->visits, a, in->policy, &in->draws, e))
		return false;
	assignments_make(&plan->assignments, a, in->policy, &in->draws, &plan->visits, &plan->pool);
	pool_eligible_all(&plan->eligible, a, &plan->pool, in->policy, &plan->assignments);
	draw_inspectors(plan, a);
	set_leaders(plan, a);
	set_halves(plan, a);
	merge_figures(&plan->figures, in->policy, &in->draws, &plan->visits);
	return plan_write(plan, e);
}

/* ---- why ------------------------------------------------------------------------------------- */

static const char *const why_names[WHY_COUNT] = {
	[WHY_TAKEN] = "taken",
	[WHY_RULE] = "rule",
	[WHY_SAME] = "same",
	[WHY_FULL] = "full",
	[WHY_RESERVED] = "reserved",
	[WHY_LATER] = "later",
};

const char *why_name(enum why w)
{
	return why_names[w];
}

/* Candidates of the slot that stand before the person, and the person himself. */
static uint32_t rank_of(const struct plan *plan, struct slot_keys *keys, uint32_t assignment,
	uint32_t place, const struct shp_key *own)
{
	uint32_t rank = 1;
	struct shp_key key;
	for (uint32_t e = plan->eligible.start[assignment];
		e < plan->eligible.start[assignment + 1]; e++) {
		slot_candidate_keys(keys, assignment, place, &plan->eligible.to[e], 1, &key);
		rank += shp_key_compare(&key, own) < 0;
	}
	return rank;
}

/* Slots the person took before this one; *same is set if one of them is in this assignment. */
static uint32_t held_before(const struct plan *plan, struct slot_keys *keys, uint32_t assignment,
	uint32_t place, uint32_t person, bool *same)
{
	struct shp_key here, key;
	uint32_t held = 0;
	slot_key(keys, assignment, place, &here);
	*same = false;
	for (uint32_t s = 0; s < plan->assignments.n; s++)
		for (uint32_t k = plan->shp.slot_start[s]; k < plan->shp.slot_start[s + 1]; k++) {
			if (plan->shp.slot[k] != person)
				continue;
			slot_key(keys, s, k - plan->shp.slot_start[s] + 1, &key);
			if (shp_key_compare(&key, &here) >= 0)
				continue;
			held++;
			*same = *same || s == assignment;
		}
	return held;
}

struct why_answer plan_why(
	const struct plan *plan, uint32_t assignment, uint32_t place, uint32_t person)
{
	uint32_t taker = plan->shp.slot[plan->shp.slot_start[assignment] + place - 1];
	struct why_answer w = { .rule = pool_eligible(&plan->pool, plan->in->policy,
					&plan->assignments.at[assignment], person),
		.candidates =
			plan->eligible.start[assignment + 1] - plan->eligible.start[assignment],
		.capacity = plan->shp.final[person] };
	struct slot_keys keys = { .policy = plan->in->policy,
		.visits = &plan->visits,
		.assignments = &plan->assignments };
	struct shp_key own, first;
	bool same;
	ARENA_AUTO scratch = arena_new();
	slot_keys_init(&keys, scratch, plan->in->keys, &plan->pool);
	w.held = held_before(plan, &keys, assignment, place, person, &same);
	if (w.rule != ELIGIBLE_ALL) {
		w.why = WHY_RULE;
		return w;
	}
	slot_candidate_keys(&keys, assignment, place, &person, 1, &own);
	w.rank = rank_of(plan, &keys, assignment, place, &own);
	if (taker != SHP_OPEN)
		slot_candidate_keys(&keys, assignment, place, &taker, 1, &first);
	w.why = taker == person                                          ? WHY_TAKEN
		: same                                                   ? WHY_SAME
		: taker != SHP_OPEN && shp_key_compare(&own, &first) > 0 ? WHY_LATER
		: w.held >= w.capacity                                   ? WHY_FULL
									 : WHY_RESERVED;
	return w;
}
