/* Signature lines that people hand in for a record: of attesters, of a custodian (PROTOCOL.md §3).
 * The web process looks at them before a motion stands, the notary before an entry does. */
#ifndef DRAWD_SEALS_H
#define DRAWD_SEALS_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/demand.h"
#include "sampler/note.h"
#include "sampler/trust.h"

/* A verified line of somebody the trust policy knows; line is NULL once it was taken. */
struct seal {
	const struct note_line *line;
	const struct trust_signer *signer;
};

/* By key name, each key once. */
struct seals {
	struct seal at[NOTE_LINES_MAX];
	size_t n;
	struct bytes last; /* token of the line taken last */
};

/* The lines of known keys over a record's text; lines of other keys are ignored, no lines at all
 * are none. What they point into lives in the arena. ERR_BAD_NOTE, ERR_BAD_SIGNATURE. */
bool seals_read(struct seals *s, struct arena *a, const struct trust *t, struct bytes text,
	struct bytes lines, struct err *e);

/* Take the first line that meets a demand, NULL where none does. Where the demand names no token,
 * the token of the line taken before does not count again, whatever keys it holds. */
const struct note_line *seals_take(struct seals *s, const struct demand *d);

/* Are there, of the lines that the record demands of others than the operator, all (whole) or at
 * least one? Errors of seals_read, ERR_BAD_RECORD, ERR_MISSING_SIGNER. */
bool seals_check(struct arena *a, const struct trust *t, struct bytes text, struct bytes lines,
	bool whole, struct err *e);

#endif
