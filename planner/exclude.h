/* Class and exclusion (PROTOCOL.md §6.2): the first rule that holds names the code, else the
 * stratum. */
#ifndef DRAWD_PLANNER_EXCLUDE_H
#define DRAWD_PLANNER_EXCLUDE_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/facts.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

/* An exclusion of a policy: its code, and what the ledger says of it. */
struct exclusion {
	struct bytes code; /* "type", "mode-observation" … */
	uint32_t version;
	struct bytes basis;
};

/* The exclusions of a policy, bytewise by code; in the arena. Returns how many. */
size_t exclusions_of(const struct policy *p, struct arena *a, const struct exclusion **list);

/* Their codes, as struct frame_counts has them; in the arena. */
const struct bytes *exclusion_codes(const struct exclusion *list, size_t n, struct arena *a);

/* A policy compiled for one freeze date; lives in the arena, the policy must outlive it. It holds
 * scratch space for the object at hand, so every thread needs its own. */
struct excluder;
struct excluder *excluder_new(struct arena *a, const struct policy *p, int32_t date);

/* codes gets one value for every task of the policy: an enum stratum, or FRAME_STRATA + the place
 * of an exclusion in exclusions_of. */
void exclude(struct excluder *x, const struct facts *f, uint8_t *codes);
/* What stands in the frame for such a value. */
struct bytes excluder_code(const struct excluder *x, uint8_t code);

/* Check 10 of PROTOCOL.md §14: every code of a loaded frame follows from its facts, the policy and
 * the freeze's `date`. ERR_FRAME_DIFFERS names the first object and task that do not, or the task
 * columns where they are not the policy's tasks. Scratch memory is taken from the arena. */
bool exclude_verify(const struct policy *p, const struct frame *f, int32_t date, struct arena *a,
	struct err *e);

#endif
