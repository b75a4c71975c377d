/* What a round itself uses up (PROTOCOL.md §9): tasks that a cap or their own frequency keeps out
 * of a visit because of the visits before it. */
#ifndef DRAWD_PLANNER_DROP_H
#define DRAWD_PLANNER_DROP_H

#include "planner/merge.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"

/* Take tasks out of the tasks of these visits, which stand by object and in the order in which they
 * were taken, with the windows as they were merged. Returns what was dropped, in any order, in the
 * arena; the visits keep windows, departments and leads, which the caller makes anew where
 * `touched` says so. */
const struct dropped *drop_tasks(struct visit *visit, uint32_t n, const struct policy *p,
	const struct draws *d, bool *touched, struct arena *a, uint32_t *dropped);

/* "checked", "cap-…" of a dropped task. */
struct bytes drop_code(const struct dropped *d, const struct policy *p, struct arena *a);

#endif
