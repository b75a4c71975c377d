/* The table of a risk model's paths (drawd-risk.conf(5)), and what its settings must be to one
 * another. */
#ifndef DRAWD_PLANNER_RISK_TABLE_H
#define DRAWD_PLANNER_RISK_TABLE_H

#include "planner/risk.h"
#include "planner/settings.h"

/* Who has paths: the model itself, then what it names, bytewise by prefix. */
enum risk_owner {
	RISK_OWNER_ROOT,
	RISK_OWNER_FIELD,
	RISK_OWNER_INDICATOR,
	RISK_OWNER_MODEL,
	RISK_OWNER_SCALE,
	RISK_OWNER_SOURCE,
	RISK_OWNER_TRIGGER,
	RISK_OWNERS
};

extern const struct settings_form risk_form;

/* Check what settings must be to one another, and fill what is derived from them. Errors: those of
 * risk_from_rows. */
bool risk_settle(struct risk *r, struct arena *a, struct err *e);

/* A bound as text: thousandths, without trailing zeros. */
void risk_thousandths_put(struct buf *out, int64_t v);
bool risk_thousandths(struct bytes text, int64_t max, int64_t *v);

#endif
