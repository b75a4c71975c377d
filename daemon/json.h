/* JSON in and out: strict objects of known members, and a small writer. */
#ifndef DRAWD_JSON_H
#define DRAWD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum json_kind {
	JSON_TEXT, /* const char *: UTF-8 without control characters */
	JSON_LONG, /* const char *: the same with LF, CR and TAB */
	JSON_TOKEN, /* const char *: [a-z0-9-]{1,32} */
	JSON_DATE, /* const char *: YYYY-MM-DD, a day of the calendar */
	JSON_INT64, /* int64_t */
	JSON_FLAG, /* bool */
	JSON_MAP, /* struct bytes: an object of texts as JSON without blanks; min, max: members */
};

/* One member of an object that a caller may send. */
struct json_field {
	const char *name;
	enum json_kind kind;
	size_t offset; /* in the struct that json_read_object fills */
	bool required; /* one that is missing leaves the struct's member as it is */
	int64_t min, max; /* integers: range; texts (not tokens, dates): bytes */
	const char *zh, *en; /* what it says, for the API's description */
	const char *one_of; /* "audit,public": a text is one of these; NULL: any */
	/* a password, what is sealed: not even a hash of it is kept, and no refusal of a form with
	 * such a member repeats a word of what was sent */
	bool secret;
};

/* Read an object into *out. `fields` ends with name NULL; texts are copied to `a`. Errors:
 * ERR_BAD_JSON with the member: not JSON, repeated, unknown, missing, wrong type or out of range.
 * *field gets the name of the member at fault (in `a`, or of the table), or stays as it is. */
bool json_read_object(struct bytes text, const struct json_field *fields, void *out,
	struct arena *a, const char **field, struct err *e);

/* Append s as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
void json_put_text(struct buf *b, struct bytes s);
/* Append `"name":"value"`, with a comma before it unless it follows '{' or '['. */
void json_put_member(struct buf *b, const char *name, struct bytes value);
void json_put_number(struct buf *b, const char *name, int64_t value);
void json_put_flag(struct buf *b, const char *name, bool value);
/* Append `"name":` and what is JSON already. */
void json_put_raw(struct buf *b, const char *name, struct bytes json);

/* An error as it is told: what is NULL or empty is left out, or as the error table has it. */
struct json_problem {
	const struct err *e;
	const char *field; /* the member or parameter at fault */
	const char *const *remedy; /* by enum err_lang */
	struct bytes who; /* JSON: the roles that may */
};
/* Append the members code, http status, zh, en, remedy, where, what of an error as one object
 * (problem+json, RFC 9457), with `field` and `who`. */
void json_put_problem(struct buf *b, const struct json_problem *p);

#endif
