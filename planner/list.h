/* Lists and prefix lists of the artefacts (PROTOCOL.md §5). */
#ifndef DRAWD_PLANNER_LIST_H
#define DRAWD_PLANNER_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

/* A list of values, bytewise ascending and unique, or `*`. */
struct list {
	bool all;
	uint32_t n;
	const struct bytes *at;
};

/* A prefix list. root[] are the members that have no other member as a prefix: at most one of them
 * is a prefix of a value, found by binary search. */
struct prefixes {
	struct list list;
	uint32_t roots;
	const struct bytes *root;
};

/* Read a list, or `*`: members bytewise ascending, unique, not empty; the empty text is the empty
 * list. Members point into the text, the array lives in the arena. False if malformed. */
bool list_parse(struct list *l, struct arena *a, struct bytes text);
bool prefixes_parse(struct prefixes *p, struct arena *a, struct bytes text);

/* Is the value a member? `*` has everything. */
bool list_has(const struct list *l, struct bytes value);
/* Is some member a prefix of the value? `*` matches everything, and it alone the empty value. */
bool prefixes_match(const struct prefixes *p, struct bytes value);

/* Append the list as its text. */
void list_put(const struct list *l, struct buf *out);

#endif
