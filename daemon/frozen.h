/* The artefacts of a round in a job's hands: written at the freeze, read back by their hashes. */
#ifndef DRAWD_FROZEN_H
#define DRAWD_FROZEN_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/job.h"
#include "daemon/worker.h"
#include "sampler/table.h"

/* The first three lines of an artefact made before the draw (PROTOCOL.md §5) and the rows given,
 * which must be in order: `… LF` each. key: the 64 digits of the frame-salt key. */
struct bytes frozen_text(struct arena *a, enum table_id id, const char key[64], struct bytes rows);

/* Artefacts loaded by hash; unload them all with frozen_unload. */
struct frozen {
	struct bytes all[TABLES];
	struct table table[TABLES];
};
/* Load those of `tables` (TABLE_BITs) that the round's records name, check hash and form. */
bool frozen_load(struct job *job, const struct round_row *round, unsigned tables, struct frozen *f,
	struct err *e);
void frozen_unload(struct frozen *f);

/* The newest freeze of the log, which the next one names (PROTOCOL.md §3, `previous`). */
struct freeze_before {
	struct bytes leaf; /* as the record writes it; `none` where there is none */
	uint64_t frozen; /* 0 where there is none */
};
bool freeze_before(struct db *db, struct arena *a, struct freeze_before *out, struct err *e);

/* Value of a number or hash as the records write it; in the arena. */
struct bytes frozen_hex(struct arena *a, const uint8_t hash[32]);
struct bytes frozen_number(struct arena *a, uint64_t v);

#endif
