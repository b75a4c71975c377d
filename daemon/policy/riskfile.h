/* Risk models as people write them (drawd-risk.conf(5)), made into canonical rows. */
#ifndef DRAWD_POLICY_RISKFILE_H
#define DRAWD_POLICY_RISKFILE_H

#include "planner/risk.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct risk_file {
	const char *title;
	struct risk risk; /* checked */
	struct bytes rows; /* `path TAB value LF …`, canonical */
};

/* Compile text; everything lives in `a`. `file` only names it. Errors: those of settings_file_parse
 * and risk_from_rows; `where` is file:line. */
bool risk_file_parse(
	struct risk_file *out, struct arena *a, const char *text, const char *file, struct err *e);

/* A model of its canonical rows as they are stored. */
bool risk_of_text(struct risk *r, struct arena *a, struct bytes rows, struct err *e);

#endif
