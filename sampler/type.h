/* The value types of the protocol: one table of name and checker (PROTOCOL.md §1). */
#ifndef DRAWD_SAMPLER_TYPE_H
#define DRAWD_SAMPLER_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

enum value_type {
	TYPE_NUMBER,
	TYPE_TIME,
	TYPE_DATE,
	TYPE_HASH,
	TYPE_HASH_OR_NONE,
	TYPE_TOKEN,
	TYPE_TOKENS,
	TYPE_ROUND,
	TYPE_ROUND_OR_NONE,
	TYPE_NAME,
	TYPE_VKEY,
	TYPE_FLAG,
	TYPE_TEXT,
	TYPE_PULSES,
	TYPE_APPROVALS,
	TYPE_OBJECT,
	TYPE_INSPECTOR,
	TYPE_COUNT
};

/* The name as PROTOCOL.md §1 writes it ("hash?"). */
const char *type_name(enum value_type t);

/* Does v have the one spelling the type allows? */
bool type_check(enum value_type t, struct bytes v);

/* One member of a `pulses` value. */
struct pulse {
	struct bytes source, pulse;
	uint64_t time; /* seconds since 1970 */
};

/* Cut the first pulse off *rest. False at the end; *rest must be a checked `pulses` value or what
 * an earlier call left of one. */
bool type_next_pulse(struct bytes *rest, struct pulse *out);

/* One member of an `approvals` value. */
struct approval {
	struct bytes department, account;
	uint64_t time;
};

/* Cut the first approval off *rest; false at the end and for `none`. */
bool type_next_approval(struct bytes *rest, struct approval *out);

/* Cut the first member off a list joined by "," (tokens, lists of §5); false at the end. An empty
 * list has no members; `none` is a member like any other. */
bool type_next_member(struct bytes *rest, struct bytes *out);

/* Is v a list of §5: members joined by ",", bytewise ascending and unique, each accepted by
 * member (NULL: not empty)? The empty list is one. */
bool type_is_list(struct bytes v, bool (*member)(struct bytes));

/* `YYYY-MM-DD` of 1900–2999 as year, month, day. */
bool type_date(struct bytes v, int *year, int *month, int *day);

/* A value as error texts show it: at most its first 60 bytes, cut at a character, or "?" where it
 * holds control characters or is not UTF-8. */
struct bytes type_shown(struct bytes v);

#endif
