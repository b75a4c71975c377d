/* The content of a `change` record as text and as a value (PROTOCOL.md §11.1). What a change does
 * to a plan: season.h. */
#ifndef DRAWD_PLANNER_CHANGE_H
#define DRAWD_PLANNER_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum change_kind {
	CHANGE_RECUSE,
	CHANGE_LEAVE,
	CHANGE_CERTIFICATE,
	CHANGE_WITHDRAW,
	CHANGE_ABSENT,
	CHANGE_BORROW,
	CHANGE_ASSIGN,
	CHANGE_MOVE,
	CHANGE_KINDS
};

/* Keys between `kind` and the effects, in the order in which they stand where a kind has them. */
enum change_key {
	CHANGE_AT,
	CHANGE_INSPECTOR,
	CHANGE_SUBJECT,
	CHANGE_GROUND,
	CHANGE_FIRST,
	CHANGE_LAST,
	CHANGE_UNTIL,
	CHANGE_OBJECT,
	CHANGE_ORDINAL,
	CHANGE_DEPARTMENT,
	CHANGE_PLACE,
	CHANGE_FROM,
	CHANGE_SLOT_INSPECTOR, /* `inspector` of assign */
	CHANGE_DAY,
	CHANGE_HALF,
	CHANGE_BASIS,
	CHANGE_REASON,
	CHANGE_KEYS
};

struct change {
	enum change_kind kind;
	struct bytes value[CHANGE_KEYS]; /* as they stand; empty where the kind has no such key */
};

/* "recuse" … "move". */
const char *change_name(enum change_kind kind);
bool change_kind_of(struct bytes name, enum change_kind *out);
bool change_has(enum change_kind kind, enum change_key key);
const char *change_key_name(enum change_key key);

/* Read a content; *effects gets the lines after `reason`. Slices point into the text. Refuses with
 * ERR_BAD_TABLE a missing, unknown or malformed line, naming it. */
bool change_parse(struct change *c, struct bytes content, struct bytes *effects, struct err *e);

/* Append the lines before the effects. */
void change_put(struct buf *b, const struct change *c);

#endif
