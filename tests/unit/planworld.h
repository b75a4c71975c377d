/* A made-up district or province for tests and measurements of the plan: departments, tasks,
 * inspectors, drawn objects. The same numbers give the same world. */
#ifndef DRAWD_TESTS_UNIT_PLANWORLD_H
#define DRAWD_TESTS_UNIT_PLANWORLD_H

#include <stdint.h>

#include "planner/plan.h"

struct world_size {
	uint32_t objects, inspectors, departments, regions;
	uint32_t slack; /* per cent */
	uint32_t limit; /* personal limit */
	uint32_t roaming; /* per cent of inspectors who may inspect in every region */
	uint32_t days; /* of the calendar */
	uint64_t seed;
};

struct world {
	struct policy policy;
	struct plan_input in;
	struct seed_keys keys;
};

/* All in the arena. */
void world_make(struct world *w, struct arena *a, const struct world_size *size);

#endif
