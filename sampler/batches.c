#include "sampler/batches.h"

#include <assert.h>
#include <stdlib.h>

struct queued {
	uint64_t u;
	struct bytes unit;
	size_t at; /* place in object[] */
};

static int by_ticket(const void *a, const void *b)
{
	const struct queued *x = a, *y = b;
	if (x->u != y->u)
		return x->u < y->u ? -1 : 1;
	return bytes_compare(x->unit, y->unit);
}

void batches_make(const struct frame *f, const struct tickets *t, bool by_entity, unsigned batches,
	const uint32_t *object, size_t n, uint8_t *batch)
{
	assert(batches > 0 && batches <= UINT8_MAX);
	ARENA_AUTO a = arena_new();
	struct queued *q = arena_calloc(a, n + 1, sizeof *q);
	for (size_t i = 0; i < n; i++)
		q[i] = (struct queued){ units_number(t, object[i], by_entity),
			units_id(f, object[i], by_entity), i };
	qsort(q, n, sizeof *q, by_ticket);
	for (size_t i = 0; i < n; i++)
		batch[q[i].at] = (uint8_t)(i * batches / n + 1);
}
