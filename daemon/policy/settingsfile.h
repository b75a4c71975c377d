/* Documents of settings as people write them, libconfig text, made into canonical rows.
 *
 * A setting's dotted path is the row's path (`task.food.ratio.A`); groups without names are
 * numbered from 1 (`adjust = ( { … }, { … } )` gives `adjust.1.…`). Two things are added:
 *   title       a name for people, not part of the document
 *   defaults    groups named like owners (`task`): settings of every member that lacks its own
 * and values are written the way people write them: shares "2.5%", lists ["a", "b"], true/false. */
#ifndef DRAWD_POLICY_SETTINGSFILE_H
#define DRAWD_POLICY_SETTINGSFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "planner/settings.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { SETTINGS_FILE_MAX = 1 << 20 }; /* bytes */

/* A setting that is written in per cent: its path, `*` for any one part, and the largest. */
struct settings_file_share {
	const char *pattern;
	unsigned max; /* parts per million */
};

/* What a setting means where it is left out: of every member of an owner, or (NULL) of the
 * document. */
struct settings_file_fill {
	const char *owner, *name, *value;
};

struct settings_file_form {
	const char *const *owner; /* NULL-ended: those that have defaults */
	const struct settings_file_share *share;
	size_t shares;
	const struct settings_file_fill *fill;
	size_t fills;
};

/* Makes the document of its rows: refuses what the rows are not. */
typedef bool settings_check_fn(
	void *ctx, struct arena *a, const struct setting_row *rows, size_t n, struct err *e);

struct settings_file {
	const char *title;
	const struct setting_row *row; /* in order */
	size_t n;
	struct bytes rows; /* `path TAB value LF …`, canonical, without the artefact's head */
};

/* Compile text; everything lives in `a`. `file` only names it. Errors: ERR_CONF for what libconfig
 * or the form of a value refuses, ERR_BAD_RATIO, and those of check; `where` is file:line of the
 * setting (of the enclosing group where one is missing). */
bool settings_file_parse(struct settings_file *out, const struct settings_file_form *form,
	struct arena *a, const char *text, const char *file, settings_check_fn *check, void *ctx,
	struct err *e);

/* Parts per million of "2.5%" (at most four decimals), up to max. */
bool settings_file_percent(const char *text, unsigned max, unsigned *ppm);

#endif
