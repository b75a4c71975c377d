/* The artefacts of a plan as bytes (PROTOCOL.md §5). */
#ifndef DRAWD_PLANNER_PLANROWS_H
#define DRAWD_PLANNER_PLANROWS_H

#include <stdbool.h>

#include "planner/plan.h"
#include "sampler/base/err.h"

/* Fill in plan->made and the hashes from all else; the bytes live in
 * plan->arena. Refuses only what
 * the table writer refuses: values that are not text. */
bool plan_write(struct plan *plan, struct err *e);

#endif
