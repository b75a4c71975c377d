/* Templates of the files that registers are imported from: an XLSX workbook whose first sheet has
 * the columns, with drop-downs where a column takes some words only, and whose second says how to
 * fill them in. Made of the tables of daemon/register. */
#ifndef DRAWD_TEMPLATE_H
#define DRAWD_TEMPLATE_H

#include <stdbool.h>

#include "daemon/register/registers.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { NEEDED_MAX = 3 }; /* columns of a group (registers[].needed) */

/* Is the column one of those that are needed, alone or with others of its group? */
bool template_needs(enum register_id id, const char *column, bool *alone);

/* The file, in the arena. ERR_FILE. */
bool template_make(enum register_id id, struct arena *a, struct bytes *file, struct err *e);

#endif
