/* Unions: strata of tasks with `coordination` `shared-cutoff` that are drawn as one (PROTOCOL.md
 * §6.3), and how many different units each has. */
#ifndef DRAWD_PLANNER_UNIONS_H
#define DRAWD_PLANNER_UNIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/frame.h"

struct unions {
	size_t n;
	const uint16_t *of; /* number of the union from 1, 0: none; [task*FRAME_STRATA + stratum] */
	const bool *by_entity; /* by number */
	size_t tasks;
	const uint16_t *task; /* those that share, ascending */
};

/* NULL where no task shares. In the arena. */
const struct unions *unions_of(const struct policy *p, struct arena *a);

/* Counting. */
struct union_count {
	const struct unions *unions;
	uint64_t *count; /* by number */
	uint32_t *seen, turn;
};

struct union_count union_count_new(const struct unions *u, struct arena *a);
/* Add an object, or an entity: what it has in each task, a stratum or something larger. `objects`,
 * `entities`: the unions of which kind of unit it counts in. */
void union_count_add(
	struct union_count *c, const uint8_t *codes, bool objects, bool entities, int times);
/* A of every stratum, 0 of those in no union; in the arena. */
const uint64_t *union_count_among(const struct union_count *c, size_t tasks, struct arena *a);

/* The same of a loaded frame, whose tasks are those of the policy; NULL where no task shares. */
const uint64_t *unions_among(const struct policy *p, const struct frame *f, struct arena *a);

#endif
