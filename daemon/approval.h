/* The approvals of a round as the freeze holds them (PROTOCOL.md §1, `approvals`). */
#ifndef DRAWD_APPROVAL_H
#define DRAWD_APPROVAL_H

#include <stdbool.h>

#include "daemon/db.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* `department:account:time,…` of the departments given (tokens). ERR_NOT_APPROVED names those that
 * are missing. */
bool approvals_text(struct db *db, struct bytes round, struct bytes departments, struct arena *a,
	struct bytes *out, struct err *e);

#endif
