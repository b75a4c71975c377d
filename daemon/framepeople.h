/* The small tables of a freeze (PROTOCOL.md §5): who may be sent (pool), who may not be sent where
 * (recusals, history) and the working days, as the registers have them on a day. A freeze writes
 * them, a simulation draws from them. */
#ifndef DRAWD_FRAMEPEOPLE_H
#define DRAWD_FRAMEPEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/holidays.h"
#include "planner/policy.h"
#include "planner/pool.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct frame_people_of {
	const struct policy *policy;
	struct bytes departments; /* tokens: whose inspectors */
	int32_t day; /* of the freeze */
	bool demo; /* of which rounds the history is */
	const char *key; /* 64 digits that the blinds come from: the frame-salt key */
	const char *calendar; /* file of working days (calendar.file) */
};

/* All four artefacts, whole, in the arena; read again by pool_read, so that what a draw cannot read
 * is refused here. Inside a transaction of `stream`. Errors: ERR_NOT_PROJECTED where the draw of an
 * earlier round of the cycle is not written yet; those of the database, the file and pool_read. */
bool frame_people(struct pool_artefacts *out, struct db *stream, struct arena *a,
	const struct frame_people_of *of, struct err *e);

/* The working days alone: the file, and what the register of working days says before it. */
bool frame_holidays(
	struct holidays *h, struct db *stream, struct arena *a, const char *file, struct err *e);

/* The first and the last day of any window of the policy. */
void frame_span(const struct policy *p, int32_t *from, int32_t *to);

#endif
