/* The table of policy paths (PROTOCOL.md §6.1) and the forms of their values: what policy.c walks
 * to read, check and write. */
#ifndef DRAWD_PLANNER_POLICY_TABLE_H
#define DRAWD_PLANNER_POLICY_TABLE_H

#include <stddef.h>

#include "planner/policy.h"

struct field;

/* Read a value into its place in the struct, and write it back. */
typedef bool read_fn(const struct field *f, struct arena *a, struct bytes value, void *at);
typedef void write_fn(const struct field *f, const void *at, struct buf *out);

struct form {
	const char *name; /* how a message names it */
	read_fn *read;
	write_fn *write;
};

/* One path of an owner. */
struct field {
	const char *name;
	const struct form *form;
	size_t at; /* offset in the owner's struct */
	uint32_t min, max; /* numbers */
	const char *const *choice; /* choices: the value is the index */
	enum err_code error; /* ERR_NONE: ERR_BAD_POLICY */
};

/* Who has paths: the policy itself, its departments, items and tasks. */
enum owner { OWNER_POLICY, OWNER_DEPARTMENT, OWNER_ITEM, OWNER_TASK, OWNERS };

struct policy_group {
	const char *prefix, *pattern; /* "task.", "task.<t>." */
	const struct field *field;
	size_t fields;
	size_t size; /* of the owner's struct */
};

extern const struct policy_group policy_group[OWNERS];

/* the code stands first in every owner's struct, so that one search serves all three */
_Static_assert(offsetof(struct department, code) == 0, "code first");
_Static_assert(offsetof(struct item, code) == 0, "code first");
_Static_assert(offsetof(struct task, code) == 0, "code first");

/* Append what values a field takes: "number from 1 to 8", "one of A B C D", … */
void policy_form_put(const struct field *f, struct buf *out);

#endif
