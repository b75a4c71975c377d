/* The rows of a frame as the registers have them on a day: what a freeze writes, and what a look or
 * a simulation reads. */
#ifndef DRAWD_FRAMEROWS_H
#define DRAWD_FRAMEROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/db.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"

struct frame_rows_of {
	const struct policy *policy;
	int32_t day; /* of the freeze */
	bool demo; /* of which rounds visits count */
	const char
		*labels; /* file of label rules (import.labels), for those by permits; "": none */
};

/* Hand every object, in the order of the frame, to `row` as its FRAME_FACTS facts (PROTOCOL.md §5);
 * permits in force on the day give labels. Inside a transaction of `stream`, whose plans it changes
 * for the rest of it. What stands elsewhere of objects and entities (labels, inspections, classes)
 * is in memory meanwhile: some 50 MB for a million classes. Errors: those of the database, of the
 * file of rules and of `row`. */
bool frame_rows(
	struct db *stream, const struct frame_rows_of *of, db_each *row, void *ctx, struct err *e);

#endif
