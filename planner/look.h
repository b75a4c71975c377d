/* A look: what a policy would draw from a register, without drawing. Objects go through the same
 * rules as a freeze (exclude.h, quota.h); nothing is written and nothing is random. */
#ifndef DRAWD_PLANNER_LOOK_H
#define DRAWD_PLANNER_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/exclude.h"
#include "planner/policy.h"
#include "planner/quota.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

struct look;

/* Everything lives in the arena; half a byte a task for every object, and 8 bytes a pair of tasks
 * at the end. The policy must stay as long. */
struct look *look_start(struct arena *a, const struct policy *p, int32_t date);

/* The next object, strictly ascending. Errors: ERR_BAD_FRAME, ERR_BAD_OBJECT, ERR_BAD_TABLE. */
bool look_put(struct look *l, const struct bytes fact[FRAME_FACTS], struct err *e);
/* Of the object that was put last: what exclude() gave for each task. */
const uint8_t *look_codes(const struct look *l);

/* Two tasks a < b of the policy. */
struct look_pair {
	uint32_t a, b;
	uint64_t both; /* objects in a stratum of either */
	/* Objects that both are expected to draw, in thousandths: all tasks draw by the same number
	 * of a unit, so that the one with the smaller share draws what the other draws too; and
	 * with an entity one of its candidates (look_pairs.c). */
	uint64_t expected;
	/* Entries that one joint task would save: expected, where both go through the door. */
	uint64_t saved;
	bool meets; /* their windows have a day in common: the visits are merged as it is */
};

struct look_task {
	uint64_t population, drawn; /* over its strata */
	size_t strata; /* 0: refused, see why */
	const struct stratum_row *stratum; /* .task is that of the policy */
	const uint64_t *excluded; /* by exclusion */
	struct err why; /* what a freeze would refuse it with, or nothing */
};

struct look_result {
	uint64_t rows;
	const struct look_task *task; /* those of the policy */
	size_t exclusions;
	const struct exclusion *exclusion;
	size_t pairs; /* with both > 0 */
	const struct look_pair *pair; /* by a, then b */
};

/* Quotas of every task by itself, and the overlaps of all. In the arena. */
void look_end(struct look *l, struct look_result *out);

#endif
