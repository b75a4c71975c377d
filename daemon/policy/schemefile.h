/* Files of schemes 抽查方案: libconfig text (settingsfile.h) with `scheme: { food: { … }; … }`,
 * made into canonical rows (planner/compose.h) and held against a base, as tasks of a whole cycle.
 */
#ifndef DRAWD_POLICY_SCHEMEFILE_H
#define DRAWD_POLICY_SCHEMEFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "planner/compose.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct scheme_file {
	const char *title;
	struct compose_rows rows; /* of all its schemes */
	size_t n;
	const struct scheme *scheme; /* bytewise by code */
	struct compose_rows policy_rows; /* base and schemes, dates those of the cycle */
	struct policy policy; /* the same; task i is scheme i */
};

/* Compile text; everything lives in `a`. `file` only names it. Errors: ERR_CONF, ERR_BAD_RATIO,
 * and those of schemes_read and compose_read; `where` is file:line of the setting. */
bool scheme_file_parse(struct scheme_file *out, struct arena *a, const char *text, const char *file,
	const struct compose_rows *base, struct err *e);

/* As a whole policy drawn once: base and rows of schemes, each a task with the dates of the base's
 * cycle, or from … to where they are given (date texts, else empty). */
bool scheme_policy(struct policy *p, const struct compose_rows *base,
	const struct compose_rows *schemes, struct bytes from, struct bytes to, struct arena *a,
	struct compose_rows *out, struct err *e);

#endif
