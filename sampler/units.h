/* Units: what a task draws, objects or entities, and the numbers by which it draws them
 * (PROTOCOL.md §6.3, §8). */
#ifndef DRAWD_SAMPLER_UNITS_H
#define DRAWD_SAMPLER_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/frame.h"
#include "sampler/seed.h"

/* The numbers u, the first 8 bytes of a SHA-256 as a big-endian number. An object whose entity has
 * the id of the object needs no second one, and most are such. */
struct tickets {
	const uint64_t *u; /* SHA256(K_entity ‖ object), of every object */
	/* Objects whose entity has another id: ascending, with SHA256(K_entity ‖ entity). */
	size_t others;
	const uint32_t *other;
	const uint64_t *other_u;
};

/* The numbers of all objects of the frame, and where `entities` those of their entities, which a
 * task whose unit is the entity needs; in the arena. */
void units_numbers(struct tickets *t, const struct frame *f, const struct seed_keys *k,
	bool entities, struct arena *a);
/* The number of the unit that an object belongs to. */
uint64_t units_number(const struct tickets *t, uint32_t object, bool by_entity);
/* The id of that unit. */
struct bytes units_id(const struct frame *f, uint32_t object, bool by_entity);

/* Which object stands for the entity of this one in the task: the first of the entity's objects in
 * that of its strata which comes first by rank. False where none is in a stratum. */
bool units_standing(const struct frame *f, size_t task, uint32_t object, uint32_t *standing);
/* Is it the object itself? Each unit of a task by entity has one such object. */
bool units_stands(const struct frame *f, size_t task, uint32_t object);

/* What is drawn with the entity that `standing` stands for: the one of its objects in the stratum
 * with the smallest SHA256(K_object ‖ object). */
uint32_t units_candidate(
	const struct frame *f, const struct seed_keys *k, size_t task, uint32_t standing);

/* The weight of the unit that `standing` stands for: its own, of an entity the largest of its
 * candidates. */
uint16_t units_weight(const struct frame *f, size_t task, uint32_t standing, bool by_entity);

#endif
