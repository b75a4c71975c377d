/* Makes frames for tests. */
#ifndef DRAWD_TESTS_UNIT_FRAMES_H
#define DRAWD_TESTS_UNIT_FRAMES_H

#include "sampler/frame.h"

/* The artefact of n objects, ids ascending; code[i * tasks + t] is an enum frame_code. All other
 * facts are the same for all. */
struct bytes frames_text(struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const uint8_t *code, size_t n);

/* The same, opened and loaded. */
void frames_load(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const uint8_t *code, size_t n);

/* n ids "91000000", "91000001", … */
struct bytes *frames_ids(struct arena *a, size_t n);

/* A number from a number: a fixed, well mixed function for made-up data. */
uint64_t frames_mix(uint64_t x);

#endif
