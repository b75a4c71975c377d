/* Who may inspect: the departments of a round against the table of departments and the register of
 * inspecting authorities (行政检查主体资格). */
#ifndef DRAWD_AUTHORITY_H
#define DRAWD_AUTHORITY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/db.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"

/* Every department of the policy's tasks may inspect on the day: it is no body that only
 * co-ordinates, the table of departments says so, and where the register says anything, a row of it
 * in force. ERR_NO_DEPARTMENT names task and department. */
bool authority_check(
	struct db *db, const struct policy *p, int32_t day, struct arena *a, struct err *e);

#endif
