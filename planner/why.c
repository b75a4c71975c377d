#include "planner/why.h"

#include "planner/slotkeys.h"
#include "planner/tiers.h"

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

struct why_slot {
	const struct plan *plan;
	uint32_t assignment, taker;
	const uint32_t *candidate; /* eligible people, ascending */
	uint32_t candidates;
	struct shp_key *key; /* of each */
	struct slot_keys keys;
	struct shp_graph graph;
	const struct tiers_moment *moment;
};

const struct why_slot *why_slot_new(
	struct arena *a, const struct plan *plan, uint32_t assignment, uint32_t place)
{
	struct why_slot *w = arena_calloc(a, 1, sizeof *w);
	const struct eligible *who = &plan->eligible;
	uint32_t from = who->start[assignment], n = who->start[assignment + 1] - from;
	*w = (struct why_slot){ .plan = plan,
		.assignment = assignment,
		.taker = plan->shp.slot[plan->shp.slot_start[assignment] + place - 1],
		.candidate = who->to + from,
		.candidates = n,
		.key = arena_calloc(a, (size_t)n + 1, sizeof *w->key),
		.keys = { .policy = plan->in->policy,
			.visits = &plan->visits,
			.assignments = &plan->assignments } };
	slot_graph(&w->graph, a, &w->keys, plan->in->keys, &plan->pool, who);
	slot_candidate_keys(&w->keys, assignment, place, w->candidate, n, w->key);
	w->moment = tiers_until(a, &w->graph, &plan->shp, assignment, place);
	return w;
}

const struct plan *why_plan(const struct why_slot *slot)
{
	return slot->plan;
}

uint32_t why_assignment(const struct why_slot *slot)
{
	return slot->assignment;
}

uint32_t why_taker(const struct why_slot *slot)
{
	return slot->taker;
}

static const struct shp_key *key_of(const struct why_slot *w, uint32_t person)
{
	uint32_t k = 0;
	while (k < w->candidates && w->candidate[k] != person)
		k++;
	return k < w->candidates ? &w->key[k] : NULL;
}

/* Candidates that stand before the key, and one. */
static uint32_t rank_of(const struct why_slot *w, const struct shp_key *own)
{
	uint32_t rank = 1;
	for (uint32_t k = 0; k < w->candidates; k++)
		rank += shp_key_compare(&w->key[k], own) < 0;
	return rank;
}

/* Of an eligible person. */
static enum why reason(const struct why_slot *w, const struct why_answer *a, uint32_t person)
{
	if (w->taker == person)
		return WHY_TAKEN;
	if (tiers_in_assignment(w->moment, person))
		return WHY_SAME;
	if (w->taker != SHP_OPEN && shp_key_compare(key_of(w, person), key_of(w, w->taker)) > 0)
		return WHY_LATER;
	return a->held >= a->capacity ? WHY_FULL : WHY_RESERVED;
}

struct why_answer why_person(const struct why_slot *slot, uint32_t person)
{
	const struct plan *plan = slot->plan;
	struct why_answer a = { .why = WHY_RULE,
		.rule = pool_eligible(&plan->pool, plan->in->policy,
			&plan->assignments.at[slot->assignment], person),
		.candidates = slot->candidates,
		.capacity = plan->shp.final[person],
		.held = tiers_held(slot->moment, person) };
	if (a.rule != ELIGIBLE_ALL)
		return a;
	a.rank = rank_of(slot, key_of(slot, person));
	a.why = reason(slot, &a, person);
	if (a.why == WHY_RESERVED)
		a.tier = tiers_barring(slot->moment, person);
	return a;
}

struct why_nobody why_nobody(const struct why_slot *slot)
{
	const struct plan *plan = slot->plan;
	uint32_t department = plan->assignments.at[slot->assignment].department;
	struct why_nobody w = { 0 };
	for (uint32_t i = 0; i < plan->pool.n; i++) {
		if (plan->pool.at[i].department_index != department)
			continue;
		struct why_answer one = why_person(slot, i);
		w.people++;
		if (one.why == WHY_RULE)
			w.fails[one.rule]++;
		w.eligible += one.why != WHY_RULE;
		w.same += one.why == WHY_SAME;
		w.full += one.why == WHY_FULL;
	}
	return w;
}

uint32_t why_set(const struct why_slot *slot, uint32_t person, uint32_t k)
{
	return tiers_at_least(slot->moment, person, k);
}
