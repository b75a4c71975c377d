/* The plan 实施安排 of a round: visits, inspectors, calendar (PROTOCOL.md §9–§11). One pure
 * function from artefacts to artefacts, and an independent check of any plan. Why somebody was not
 * drawn: why.h. */
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
	struct bytes visits, dropped, slots, capacity, schedule;
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
	struct department_figures *own; /* of every department of the policy */
	/* the artefacts, all bytes of each, and their hashes */
	struct plan_artefacts made;
	uint8_t visits_hash[32], dropped_hash[32], slots_hash[32], capacity_hash[32],
		schedule_hash[32];
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
 * inspectors. Where `in` has keys: every slot is the one that keys, `final` and `tier` give, shown
 * by counting (tiers.h). Refuses with ERR_PLAN_RULE naming rule and row, or as pool_read and
 * table_open. Whether visits, `final` and schedule are THE ones is not asked: plan_make and
 * compare. */
bool plan_check(const struct plan_input *in, const struct plan_artefacts *made, struct err *e);

#endif
