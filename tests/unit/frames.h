/* Makes frames for tests. */
#ifndef DRAWD_TESTS_UNIT_FRAMES_H
#define DRAWD_TESTS_UNIT_FRAMES_H

#include "sampler/frame.h"

/* The artefact of n objects, ids ascending; cell[i * tasks + t] is an enum stratum, STRATUM_OUT for
 * `closed`. entity NULL: every object is its own. All other facts are the same for all. */
struct bytes frames_text(struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n);

/* The same, opened and loaded: every object its own entity, or with these. */
void frames_load(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const uint8_t *cell, size_t n);
void frames_load_entities(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n);

/* The same with another rank than frames_rank. */
void frames_load_ranked(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n,
	const struct strata_rank *rank);

/* The same with weights; NULL: 1. */
void frames_load_weighted(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell,
	const uint16_t *weight, size_t n, const struct strata_rank *rank);

/* That of a policy with `class.missing` B and two factors of 1: D, C, U, B, A, each unmarked, 1, 2.
 */
extern const struct strata_rank frames_rank;

/* n ids "91000000", "91000001", … */
struct bytes *frames_ids(struct arena *a, size_t n);

/* A number from a number: a fixed, well mixed function for made-up data. */
uint64_t frames_mix(uint64_t x);

#endif
