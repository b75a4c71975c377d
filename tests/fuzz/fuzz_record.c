/* Records: a text that parses is encoded to the same bytes; a refusal says why. */
#include <stdlib.h>
#include <string.h>

#include "sampler/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct record r;
	struct err e = { 0 };
	ARENA_AUTO a = arena_new();
	if (!record_parse(&r, text, &e)) {
		if (e.code != ERR_BAD_RECORD || e.what[0] == '\0')
			abort();
		return 0;
	}
	struct buf again = buf_new(a, size);
	enum record_kind kind;
	if (!record_encode(&r, &again, &e) || !bytes_equal(buf_view(&again), text))
		abort();
	if (!record_kind_of_text(text, &kind) || kind != r.kind)
		abort();
	if (r.kind == RECORD_FREEZE && record_freeze_rules(&r, &e) != (e.code == ERR_NONE))
		abort();
	return 0;
}
