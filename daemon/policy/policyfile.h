/* Policy files: libconfig text that people write, made into the canonical rows of PROTOCOL.md §6.1.
 *
 * A setting's dotted path is the row's path (`task.food.ratio.A`); three things are added:
 *   title       a name for people, not part of the policy
 *   defaults    groups `department`, `item`, `task`: settings of every member that lacks its own
 * and values are written the way people write them: ratios "2.5%", lists ["a", "b"], true/false. */
#ifndef DRAWD_POLICY_POLICYFILE_H
#define DRAWD_POLICY_POLICYFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { POLICY_FILE_MAX = 1 << 20 }; /* bytes */

struct policy_file {
	const char *title;
	struct policy policy; /* checked */
	struct bytes rows; /* `path TAB value LF …`, canonical, without the artefact's head */
};

/* Compile text; everything lives in `a`. `file` only names it. Errors: ERR_CONF for what libconfig
 * or the form of a value refuses, ERR_BAD_RATIO, and those of policy_from_rows; `where` is
 * file:line of the setting (of the enclosing group where one is missing). */
bool policy_file_parse(struct policy_file *out, struct arena *a, const char *text, const char *file,
	struct err *e);

/* Parts per million of "2.5%" (at most four decimals, 0% to 100%). */
bool policy_file_ratio(const char *text, unsigned *ppm);

#endif
