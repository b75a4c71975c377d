/* Tasks that one level draws and the one below inspects (市抽县查): the upper level's items become
 * those of the departments of the same system below it, each for its own region, so that officers
 * come from there (PROTOCOL.md §6.1 knows departments only). */
#ifndef DRAWD_PLANNER_COMPOSE_LOWER_H
#define DRAWD_PLANNER_COMPOSE_LOWER_H

#include <stddef.h>

#include "planner/compose.h"

/* A department of the lower level. */
struct compose_department {
	struct bytes upper; /* the department of its system above it */
	struct bytes code, name;
	struct bytes region; /* what the regions of its objects begin with */
	bool inspects;
};

/* A task to be inspected below. */
struct compose_below {
	struct compose_task *task; /* its scheme's rows are replaced */
	struct bytes level; /* `level` of the task, as in §6.1 */
	const struct compose_department *department; /* those of that level, bytewise by code */
	size_t departments;
};

/* An item that stands for another: the same for a department below. */
struct compose_copy {
	struct bytes item, of;
};

/* Add to the base, for every task, the departments below and for each the items of the tasks:
 * `<item>-<region>`. A task takes these items, the level, and as its lead the first department
 * below its own. Items whose department has none below it stay as they are. In the arena. Errors:
 * ERR_BAD_POLICY where a scheme lacks items or lead, or where a code is too long;
 * ERR_NO_DEPARTMENT where the lead has no department below it. */
bool compose_lower(struct compose_rows *base, const struct compose_below *below, size_t n,
	struct arena *a, const struct compose_copy **copy, size_t *copies, struct err *e);

/* The copies among the items of a composed policy, told by their codes as compose_lower makes them:
 * that of the item, `-` and the region of the department below. Bytewise by `of`, then `item`; in
 * the arena. */
const struct compose_copy *compose_copies(const struct policy *p, struct arena *a, size_t *n);

/* The list of items of an inspector of that department (PROTOCOL.md §5), with the copies for his
 * department of every item on it: lists of inspectors name items as the upper level publishes them.
 * The list as it is where none has one, or where it is `*` or malformed. */
struct bytes compose_items(const struct policy *p, const struct compose_copy *copy, size_t copies,
	struct bytes department, struct bytes items, struct arena *a);

#endif
