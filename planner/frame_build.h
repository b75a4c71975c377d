/* Building the artefact `frame` from fact rows (PROTOCOL.md §5, §6.2), row by row: nothing is kept
 * but sums and one chunk, and where a task's unit is the entity (§6.3) a few bytes an object. */
#ifndef DRAWD_PLANNER_FRAME_BUILD_H
#define DRAWD_PLANNER_FRAME_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/sink.h"

/* What the freeze says of the frame. */
struct frame_sums {
	uint64_t rows; /* `register` */
	uint8_t frame[32]; /* SHA-256 of the artefact */
	uint8_t universe[32]; /* SHA-256 of the fact columns */
	uint8_t root[32]; /* root of the tree of the rows: `frame-root` */
	struct frame_counts counts; /* in the arena */
};

struct frame_builder;

/* date: the freeze's `date`. salt_key: the frame-salt key, 64 lower-case hexadecimal digits. The
 * builder lives in the arena; the policy must outlive it. NULL and the error where the sink
 * refuses. */
struct frame_builder *frame_build_start(struct arena *a, const struct policy *p, int32_t date,
	const char salt_key[64], struct sink sink, struct err *e);

/* Add an object: facts in the order of enum frame_fact, weight 1-65535. Objects come strictly
 * ascending. Refuses malformed facts (ERR_BAD_FRAME, ERR_BAD_OBJECT) and disorder or repetition
 * (ERR_BAD_TABLE), naming the object; after such a refusal the row may be left out. */
bool frame_build_put(struct frame_builder *b, const struct bytes fact[FRAME_FACTS], uint32_t weight,
	struct err *e);

/* Flush and give the sums. */
bool frame_build_end(struct frame_builder *b, struct frame_sums *sums, struct err *e);

#endif
