/* What the sample round of the self-test is made of: a policy in which every rule of PROTOCOL.md §6
 * has something to do, and the objects for it. */
#ifndef DRAWD_REPLAY_SAMPLE_WORLD_H
#define DRAWD_REPLAY_SAMPLE_WORLD_H

#include <stddef.h>

#include "planner/settings.h"
#include "sampler/base/arena.h"
#include "sampler/frame.h"

enum { SAMPLE_OBJECTS = 60 };

/* The rows of the policy, in the arena; returns how many. */
size_t sample_settings(struct arena *a, struct setting_row **rows);

/* The facts of object i: classes, labels and past inspections so that every exclusion code and all
 * marks of strata occur; every seventh is further premises of the one before. */
void sample_facts(struct arena *a, unsigned i, struct bytes fact[FRAME_FACTS]);

#endif
