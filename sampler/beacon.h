/* Public randomness: ONE table of sources, the form of their pulses and values (PROTOCOL.md §6.4).
 */
#ifndef DRAWD_SAMPLER_BEACON_H
#define DRAWD_SAMPLER_BEACON_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct beacon_source {
	const char *source; /* token in pulses, beacon records and the seed text */
	const char *name; /* for people */
	bool (*pulse)(struct bytes v);
	bool (*value)(struct bytes v);
	const char *value_form; /* what a value looks like, for error texts */
	bool offline; /* thrown by people, published by nobody: needs attestations */
};

/* The source of this token, NULL if there is none. */
const struct beacon_source *beacon_source(struct bytes source);
/* Source i, NULL behind the last. */
const struct beacon_source *beacon_source_at(size_t i);

/* Are pulse and value in the form of the source? Errors: ERR_BAD_BEACON with the form. */
bool beacon_check(struct bytes source, struct bytes pulse, struct bytes value, struct err *e);

#endif
