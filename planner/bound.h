/* L, the bound below which no fair draw gets on average: the sum over the objects of the frame of
 * the highest probability with which a task draws the object onsite. A visit may serve all tasks
 * that drew the object, but one that drew it has to be served. */
#ifndef DRAWD_PLANNER_BOUND_H
#define DRAWD_PLANNER_BOUND_H

#include <stdint.h>

#include "planner/policy.h"
#include "planner/quota.h"
#include "sampler/frame.h"

/* In thousand-millionths of a visit. The probability is n/N of the stratum; in a task whose unit is
 * the entity n/N shared among the entity's candidates, and 0 for an object that is none. Integers:
 * each is ⌊… · 10^9⌋. The frame's tasks are those of the policy. */
uint64_t bound_of(const struct policy *p, const struct strata *s, const struct frame *f);

/* The same of every department of the policy by itself, one number each: over the tasks that have
 * an item of it, at the objects whose region is in its remit. They may add up to more than L. */
void bound_departments(
	const struct policy *p, const struct strata *s, const struct frame *f, uint64_t *bound);

#endif
