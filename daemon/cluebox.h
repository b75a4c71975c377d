/* What clues say and who said it, sealed (sql/migrations/0020_clues.sql): the key is a file of the
 * web process, the sealed bytes are rows that the database gives with a note in the audit log. Who
 * has only one of the two reads nothing. A whistle-blower's name is sealed to the workers' key,
 * which the web process does not have. */
#ifndef DRAWD_CLUEBOX_H
#define DRAWD_CLUEBOX_H

#include <stdbool.h>

#include "daemon/conf.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Seal a text, or (callers) the name of somebody whom nobody here may know. ERR_FILE, ERR_KEY_FILE.
 */
bool cluebox_seal(const struct conf *c, struct arena *a, struct bytes text, struct bytes *sealed,
	struct err *e);
bool cluebox_seal_caller(const struct conf *c, struct arena *a, struct bytes name,
	struct bytes *sealed, struct err *e);

/* The text again. ERR_SEALED, and the errors above. Wipe it after use. */
bool cluebox_open(const struct conf *c, struct arena *a, struct bytes sealed, struct bytes *text,
	struct err *e);

#endif
