/* That slots follow from keys and capacities, shown by counting and without any search
 * (PROTOCOL.md §10, `tier`). Shares with inspectors.c the description of the graph, nothing else.
 */
#ifndef DRAWD_PLANNER_TIERS_H
#define DRAWD_PLANNER_TIERS_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/inspectors.h"
#include "sampler/base/arena.h"

/* What tiers_check found wrong. */
enum tiers_fault {
	TIERS_HOLD,
	TIERS_SLOT, /* not the first candidate whom no tier bars */
	TIERS_SIZE, /* slots are open, and no tight set of people at their limits says why */
};

struct tiers_answer {
	enum tiers_fault fault;
	uint32_t assignment,
		place; /* the slot; for TIERS_SIZE one of an assignment with open ones */
};

/* Do the slots of r follow from its `final` and `tier`? Reads slot, slot_start, final and tier of
 * r; everybody in a slot is eligible for it and has no second place there. Time grows with the
 * edges, and with the tiers of a component for each of its slots. */
struct tiers_answer tiers_check(const struct shp_graph *g, const struct shp_result *r);

/* The moment at which a slot is filled, in the arena: g and r must outlive it. */
struct tiers_moment;
const struct tiers_moment *tiers_until(struct arena *a, const struct shp_graph *g,
	const struct shp_result *r, uint32_t assignment, uint32_t place);

/* Slots the inspector has at that moment; has he one in the same assignment? */
uint32_t tiers_held(const struct tiers_moment *m, uint32_t inspector);
bool tiers_in_assignment(const struct tiers_moment *m, uint32_t inspector);

/* The tier that bars a candidate who has room then: the largest k ≤ tier for which X_k is tight and
 * the assignment can do without X_k; 0 if there is none. */
uint32_t tiers_barring(const struct tiers_moment *m, uint32_t inspector);

/* How many are in X_k of the inspector's component. */
uint32_t tiers_at_least(const struct tiers_moment *m, uint32_t inspector, uint32_t k);

#endif
