/* Short texts by key: what the rows of a frame look up of their entity, since entities come in
 * another order than objects. A million take some 50 MB. */
#ifndef DRAWD_KEYED_H
#define DRAWD_KEYED_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct keyed {
	struct arena *arena; /* set this one alone */
	const char **at; /* each: length of the key, the key, the text, NUL */
	size_t n, room, last;
};

/* A copy of both; keys of 1–255 bytes, bytewise ascending, each once (ERR_QUERY), texts without
 * NUL. */
bool keyed_put(struct keyed *k, struct bytes key, struct bytes text, struct err *e);
/* The text of a key; false if there is none. Quick where keys are asked for in ascending order. */
bool keyed_get(struct keyed *k, struct bytes key, struct bytes *text);

#endif
