/* The table of policy paths (PROTOCOL.md §6.1), and what its settings must be to one another. */
#ifndef DRAWD_PLANNER_POLICY_TABLE_H
#define DRAWD_PLANNER_POLICY_TABLE_H

#include <stddef.h>

#include "planner/policy.h"
#include "planner/settings.h"

/* Who has paths: the policy itself, then what it names, bytewise by prefix. */
enum policy_owner {
	OWNER_POLICY,
	OWNER_CAP,
	OWNER_DEPARTMENT,
	OWNER_FIELD,
	OWNER_ITEM,
	OWNER_MODE,
	OWNER_TASK,
	OWNERS
};

extern const struct settings_form policy_form;

/* Check what §6.1 says of settings that look at one another, and fill what is derived from them.
 * Errors: those of policy_from_rows. */
bool policy_settle(struct policy *p, struct arena *a, struct err *e);

#endif
