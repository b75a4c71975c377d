/* Contents of changes: a text that parses is written again to the same bytes; a refusal says why.
 */
#include <stdlib.h>

#include "planner/change.h"
#include "sampler/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size }, effects;
	struct change c;
	struct err e = { 0 };
	ARENA_AUTO a = arena_new();
	if (!change_parse(&c, text, &effects, &e)) {
		if (e.code != ERR_BAD_TABLE || e.what[0] == '\0')
			abort();
		return 0;
	}
	struct buf again = buf_new(a, size);
	change_put(&again, &c);
	buf_bytes(&again, effects);
	if (!bytes_equal(buf_view(&again), text))
		abort();
	return 0;
}
