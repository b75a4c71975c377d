/* What drawreplay tells of a plan beside its checks: who was drawn for an object's visits and why,
 * and why others were not. */
#ifndef DRAWD_REPLAY_WHY_H
#define DRAWD_REPLAY_WHY_H

#include <stdbool.h>

#include "planner/plan.h"
#include "sampler/base/err.h"

/* Print every visit of the object: as sentences, or as JSON where `json`. With `inspector` (or
 * NULL) one sentence about this person for every slot. False where the plan has no visit of the
 * object, or the pool nobody of that id; nothing is printed then. */
bool print_why(const struct plan *plan, const char *object, const char *inspector, bool json,
	enum err_lang lang);

#endif
