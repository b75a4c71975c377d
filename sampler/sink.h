/* Where a streaming writer sends its bytes: a file, a database, a buffer, a hash. */
#ifndef DRAWD_SAMPLER_SINK_H
#define DRAWD_SAMPLER_SINK_H

#include <stdbool.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Takes one chunk (valid during the call only). False and an error stop the writer. */
typedef bool sink_fn(void *ctx, struct bytes chunk, struct err *e);

struct sink {
	sink_fn *put;
	void *ctx;
};

/* A sink that appends to a buffer and never fails. */
struct sink sink_buf(struct buf *b);
/* A sink that drops everything; for callers that only want the hash. */
struct sink sink_none(void);

#endif
