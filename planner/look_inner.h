/* What look.c keeps and look_pairs.c goes through. */
#ifndef DRAWD_PLANNER_LOOK_INNER_H
#define DRAWD_PLANNER_LOOK_INNER_H

#include "planner/look.h"
#include "planner/unit_count.h"

/* Cells are kept for the pairs, which need the quotas first: four bits a task, and before them four
 * bits of flags: the object is one of 重点监管对象; its entity has another id, and so another
 * ticket (PROTOCOL.md §8). */
enum { LOOK_CHUNK = 1024, LOOK_FOCUS = 1, LOOK_OTHER = 2 };

struct look_chunk {
	struct look_chunk *before;
	uint8_t cell[];
};

/* The objects of an entity, ascending, of which several are in strata of tasks by entity. */
struct look_group {
	struct look_group *before;
	size_t n;
	uint32_t object[];
};

struct look {
	struct arena *arena;
	const struct policy *policy;
	struct excluder *excluder;
	struct unit_count *unit_count; /* NULL: no task by entity */
	const struct exclusion *exclusion;
	const struct bytes *code; /* of the exclusions */
	size_t exclusions, size; /* bytes of an object in a chunk */
	uint64_t rows;
	struct look_chunk *last;
	struct look_group *groups;
	struct bytes object; /* the last one */
	char object_text[64];
	uint64_t *population, *units, *excluded;
	uint8_t *codes; /* of the object at hand */
};

static inline unsigned look_cell(const uint8_t *cell, uint32_t task)
{
	return cell[(task + 1) / 2] >> 4 * ((task + 1) % 2) & 15;
}

/* Set pairs and pair of the result, whose tasks are there. */
void look_pairs(const struct look *l, struct look_result *out);

#endif
