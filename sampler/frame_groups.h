/* Finding the entities of a frame that have several objects (PROTOCOL.md §6.3). */
#ifndef DRAWD_SAMPLER_FRAME_GROUPS_H
#define DRAWD_SAMPLER_FRAME_GROUPS_H

#include "sampler/base/arena.h"
#include "sampler/frame.h"

/* Fill g in the arena. Bit i of special[] says that object i has another id than its entity; where
 * an object of the entity's own id is of a group too, its bit is set on the way. The rest of f is
 * loaded. */
void frame_groups_find(
	struct frame_groups *g, const struct frame *f, uint64_t *special, struct arena *a);

#endif
