#include "sampler/sink.h"

static bool put_buf(void *ctx, struct bytes chunk, struct err *e)
{
	(void)e;
	buf_bytes(ctx, chunk);
	return true;
}

static bool put_nowhere(void *ctx, struct bytes chunk, struct err *e)
{
	(void)ctx, (void)chunk, (void)e;
	return true;
}

struct sink sink_buf(struct buf *b)
{
	return (struct sink){ put_buf, b };
}

struct sink sink_none(void)
{
	return (struct sink){ put_nowhere, NULL };
}
