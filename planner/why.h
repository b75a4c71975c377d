/* Why a person stands in a slot of a plan or does not: codes and numbers (PROTOCOL.md §10). */
#ifndef DRAWD_PLANNER_WHY_H
#define DRAWD_PLANNER_WHY_H

#include <stdint.h>

#include "planner/plan.h"
#include "sampler/base/arena.h"

enum why {
	WHY_TAKEN, /* the person has the slot */
	WHY_RULE, /* not eligible: see rule */
	WHY_SAME, /* already in another place of this assignment */
	WHY_FULL, /* had as many slots as the capacity allows when this slot was reached */
	WHY_RESERVED, /* needed elsewhere: with this pair fewer slots could be filled in the end */
	WHY_LATER, /* another candidate came first in the order of keys */
	WHY_COUNT
};
const char *why_name(enum why w); /* "taken", "rule", "same", "full", "reserved", "later" */

struct why_answer {
	enum why why;
	enum eligibility rule; /* WHY_RULE: the first rule that fails, else ELIGIBLE_ALL */
	uint32_t rank; /* place in the candidates' order from 1; 0 where not eligible */
	uint32_t candidates; /* how many candidates the slot has */
	uint32_t capacity; /* final capacity of the person */
	uint32_t held; /* slots the person had when this slot was reached */
	uint32_t tier; /* WHY_RESERVED: the tier k whose X_k is tight, at most the person's; else 0
			*/
};

/* A slot at the moment at which it was filled. */
struct why_slot;

/* assignment: index in plan->assignments; place from 1. Lives in the arena; takes as long as
 * reading the whole draw once, so ask it about many. */
const struct why_slot *why_slot_new(
	struct arena *a, const struct plan *plan, uint32_t assignment, uint32_t place);

/* person: index in plan->pool. */
struct why_answer why_person(const struct why_slot *slot, uint32_t person);

/* The plan and the index of the assignment that it was asked of. */
const struct plan *why_plan(const struct why_slot *slot);
uint32_t why_assignment(const struct why_slot *slot);

/* Who has the slot, or SHP_OPEN. */
uint32_t why_taker(const struct why_slot *slot);

/* Why nobody: where the people of the department fell away. */
struct why_nobody {
	uint32_t people; /* of the department in the pool */
	uint32_t fails[ELIGIBLE_RULES]; /* of them, by the first rule that fails */
	uint32_t eligible;
	uint32_t same; /* eligible, but already in this assignment */
	uint32_t full; /* eligible, but at their personal limits */
};
struct why_nobody why_nobody(const struct why_slot *slot);

/* WHY_RESERVED: how many people there are in tiers of at least k, beside whom the person stands. */
uint32_t why_set(const struct why_slot *slot, uint32_t person, uint32_t k);

#endif
