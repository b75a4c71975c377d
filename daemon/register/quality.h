/* Quality of the registers (sql/migrations/0015_quality.sql): what the database does not count by
 * itself. Figures are pairs of integers, numerator and denominator. */
#ifndef DRAWD_QUALITY_H
#define DRAWD_QUALITY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/job.h"

/* Look at every counted batch that nobody looked at: the codes in it that fail a check digit are
 * written down, and what it changed of what decides who is drawn. Each batch in a transaction. */
bool quality_look(struct job *job, struct err *e);

/* How correct the objects' lists are at this moment (PROTOCOL.md §3, `quality-rows`). Correctness,
 * of the gate and of the freeze record: of the codes of objects that count now, each once whichever
 * sources name it, and the rows handed back in each source's standing list and behind it, those
 * that are right or a recorded exception. Another list takes the place of the standing one where it
 * has as many rows, or half as many and is whole. */
struct quality_stand {
	uint64_t rows, correct;
	const char *worst; /* the sources with most errors, as a person reads it */
};
/* Asked on `db`, inside a transaction that reads the register where the two must agree. */
bool quality_stands(struct db *db, struct arena *a, struct quality_stand *out, struct err *e);

/* "99.1200% (9912/10000)", rounded down; in the arena. */
const char *quality_told(struct arena *a, uint64_t correct, uint64_t rows);

/* Does a code of an entity fail a check digit? Codes of another form than USCC and `R` before a
 * 注册号 have none. */
bool quality_code_fails(struct bytes code);

/* Objects that were in no pool of the rounds frozen in the inspection cycle of that day, as JSON
 * for the snapshot: by source how many objects, how many of them in no frame at all, how many
 * excluded in every one; and the first of them. The register and the frames are read once, side by
 * side. */
struct quality_pools {
	struct bytes counts, samples; /* "[]" where nothing was frozen in the cycle */
};
bool quality_unpooled(struct job *job, const char *day, struct quality_pools *out, struct err *e);

#endif
