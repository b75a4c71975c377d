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
	JSON_INT64, /* int64_t */
	JSON_FLAG, /* bool */
};

/* One member of an object that a caller may send. */
struct json_field {
	const char *name;
	enum json_kind kind;
	size_t offset; /* in the struct that json_read_object fills */
	bool required; /* one that is missing leaves the struct's member as it is */
	int64_t min, max; /* integers: range; texts: bytes */
};

/* Read an object into *out. `fields` ends with name NULL; texts are copied to `a`. Errors:
 * ERR_BAD_JSON with the member: not JSON, repeated, unknown, missing, wrong type or out of range.
 */
bool json_read_object(struct bytes text, const struct json_field *fields, void *out,
	struct arena *a, struct err *e);

/* Append s as a JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
void json_put_text(struct buf *b, struct bytes s);
/* Append `"name":"value"`, with a comma before it unless it follows '{' or '['. */
void json_put_member(struct buf *b, const char *name, struct bytes value);
void json_put_number(struct buf *b, const char *name, int64_t value);

/* Append the members code, http status, zh, en, remedy, where, what of an error as one object
 * (problem+json, RFC 9457). */
void json_put_problem(struct buf *b, const struct err *e);

#endif
