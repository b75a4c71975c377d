/* Policy files: libconfig text that people write (settingsfile.h), made into the canonical rows of
 * PROTOCOL.md §6.1. What is empty or means nothing in nearly every policy may be left out. */
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

#endif
