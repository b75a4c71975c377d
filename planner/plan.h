/* The plan 实施安排 of a round: visits, inspectors, calendar (PROTOCOL.md §9–§11). One pure
 * function from artefacts to artefacts, an independent check of any plan, and why somebody was not
 * drawn. */
#ifndef DRAWD_PLANNER_PLAN_H
#define DRAWD_PLANNER_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/calendar.h"
#include "planner/inspectors.h"
#include "planner/merge.h"
#include "planner/policy.h"
#include "planner/pool.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/seed.h"

struct plan_input {
	const struct policy *policy;
	struct draws draws;
	struct pool_artefacts artefacts;
	const struct seed_keys *keys; /* slot, candidate and blind are used */
};

struct plan_artefacts {
	struct bytes visits, slots, capacity, schedule;
};

struct plan {
	const struct plan_input *in;
	struct arena *arena;
	struct pool pool;
	struct visits visits;
	struct assignments assignments;
	struct eligible eligible;
	struct shp_result shp; /* assignments, persons of the pool */
	const uint32_t *leader; /* of every visit: person or SHP_OPEN */
	const uint32_t *half; /* of every visit, or HALF_NONE */
	struct plan_figures figures;
	/* the artefacts, all bytes of each, and their hashes */
	struct plan_artefacts made;
	uint8_t visits_hash[32], slots_hash[32], capacity_hash[32], schedule_hash[32];
};

/* Make the plan. `in` and what its slices point to must outlive it; all else lives in the arena.
 * Refuses malformed artefacts (as pool_read) and what merge_visits refuses; never because slots
 * stay open or visits find no half-day. */
bool plan_make(struct plan *plan, struct arena *a, const struct plan_input *in, struct err *e);

/* The leader 组长 of a visit by the rule of §10, from assignments, visits and shp: person or
 * SHP_OPEN. */
uint32_t plan_leader(const struct plan *plan, uint32_t visit);

/* The hard rules on any plan, lawful or not the one the keys give: read off the artefacts with the
 * same eligibility rules, but none of the code that draws. Every drawn task stands in exactly one
 * visit, within its window and with the right departments; every slot stands in `slots`, two places
 * of an assignment are filled by different people, each of them eligible; nobody fills more than
 * `final`, and `used` is what he fills; every visit stands in `schedule`, on a calendar day of its
 * window or on none, nobody is double-booked or on leave, the leader is one of the visit's
 * inspectors. Refuses with ERR_PLAN_RULE naming rule and row, or as pool_read and table_open.
 * Whether it is THE plan of the keys is not asked: plan_make and compare. */
bool plan_check(const struct plan_input *in, const struct plan_artefacts *made, struct err *e);

/* Why a person does not stand in a slot. */
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
};

/* assignment: index in plan->assignments; place from 1; person: index in plan->pool. */
struct why_answer plan_why(
	const struct plan *plan, uint32_t assignment, uint32_t place, uint32_t person);

#endif
