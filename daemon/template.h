/* Templates of the files that registers are imported from: an XLSX workbook whose first sheet has
 * the columns, with drop-downs where a column takes some words only, and whose second says how to
 * fill them in. Made of the tables of daemon/register. */
#ifndef DRAWD_TEMPLATE_H
#define DRAWD_TEMPLATE_H

#include <stdbool.h>

#include "daemon/policy/labels.h"
#include "daemon/register/registers.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { NEEDED_MAX = 3 }; /* columns of a group (registers[].needed) */

/* Is the column one of those that are needed, alone or with others of its group? */
bool template_needs(enum register_id id, const char *column, bool *alone);

/* What an installation has of its own to choose from. */
struct template_lists {
	const struct bytes *department; /* their names */
	size_t departments;
	const struct label_rules *labels; /* NULL: none */
};

/* The file, in the arena; `own` may be NULL. ERR_FILE. */
bool template_make(enum register_id id, const struct template_lists *own, struct arena *a,
	struct bytes *file, struct err *e);

#endif
