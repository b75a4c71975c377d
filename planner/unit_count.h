/* Counting units 入企单位 while a frame is built (PROTOCOL.md §6.3): where the unit of a task is
 * the entity, an entity with several objects in strata counts once, in the first of them by rank.
 */
#ifndef DRAWD_PLANNER_UNIT_COUNT_H
#define DRAWD_PLANNER_UNIT_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "planner/unions.h"
#include "sampler/base/arena.h"

struct unit_count;

/* For the tasks of the policy whose unit is the entity; NULL where there is none. Keeps 16 bytes
 * and half a byte a task for every object in a stratum of one of them, in the arena. */
struct unit_count *unit_count_new(struct arena *a, const struct policy *p);

/* The next object of the frame. id: 16 bytes that stand for its entity, random for whoever made
 * the register. codes: as exclude() gives them. */
void unit_count_put(struct unit_count *u, const uint8_t id[16], const uint8_t *codes);

/* Take from the counts of unions, where there are some, those that are no unit of theirs, and from
 * units[task*FRAME_STRATA + stratum], the objects, those that are no unit. */
void unit_count_end(struct unit_count *u, uint64_t *units, struct union_count *unions);

/* The same, and each entity with several objects in strata of these tasks is told on the way: the
 * objects' numbers, ascending. */
typedef void unit_count_each(void *ctx, const uint32_t *object, size_t n);
void unit_count_tell(struct unit_count *u, uint64_t *units, unit_count_each *each, void *ctx);

#endif
