/* Exclusions (PROTOCOL.md §6.2): the first rule that holds names the code, else the stratum. */
#ifndef DRAWD_PLANNER_EXCLUDE_H
#define DRAWD_PLANNER_EXCLUDE_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/facts.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

/* Version of the rule behind an exclusion code: `<code>/<version>` in the ledger. */
uint32_t exclusion_version(enum frame_code code);

/* A policy compiled for one freeze date; lives in the arena, the policy must outlive it. It holds
 * scratch space for the object at hand, so every thread needs its own. */
struct excluder;
struct excluder *excluder_new(struct arena *a, const struct policy *p, int32_t date);

/* codes gets one enum frame_code for every task of the policy. */
void exclude(struct excluder *x, const struct facts *f, uint8_t *codes);

/* Check 10 of PROTOCOL.md §14: every code of a loaded frame follows from its facts, the policy and
 * the freeze's `date`. ERR_FRAME_DIFFERS names the first object and task that do not, or the task
 * columns where they are not the policy's tasks. Scratch memory is taken from the arena. */
bool exclude_verify(const struct policy *p, const struct frame *f, int32_t date, struct arena *a,
	struct err *e);

#endif
