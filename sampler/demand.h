/* Whose signatures a record needs: the signers of the record table against a trust policy
 * (PROTOCOL.md §3). Who signs and who checks ask the same list. */
#ifndef DRAWD_SAMPLER_DEMAND_H
#define DRAWD_SAMPLER_DEMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/trust.h"

struct demand {
	enum trust_role role;
	struct bytes token; /* empty: any of the role, and none twice */
};

struct demands {
	struct demand at[NOTE_LINES_MAX]; /* in the order of their signature lines */
	size_t n;
};

/* Tokens point into the record. ERR_MISSING_SIGNER where a note has no room for all of them. */
bool demands_of(struct demands *d, const struct record *rec, const struct trust *t, struct err *e);

#endif
