/* Label rules and the text they are matched with, divided by the first NUL: whatever the rules, the
 * labels are a list as PROTOCOL.md §5 writes it and hold those that were given. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/policy/labels.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets what it had read when it meets a syntax error */
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct label_rules *r;
	struct err e = { 0 };
	const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
	size_t n = nul != NULL ? (size_t)(nul - data) : size;
	struct bytes text = { "", 0 };
	struct buf out = buf_new(a, 16);
	if (nul != NULL)
		text = (struct bytes){ (const char *)nul + 1, size - n - 1 };
	if (!label_rules_parse(
		    &r, a, arena_strndup(a, n > 0 ? (const char *)data : "", n), "labels", &e)) {
		if (e.code == ERR_NONE || e.where[0] == '\0')
			abort();
		return 0;
	}
	label_rules_match(r, text, text, text, BYTES("a,zzz"), &out);
	struct bytes rest = buf_view(&out), member;
	size_t given = 0;
	if (!type_is_list(rest, text_is_token))
		abort();
	while (type_next_member(&rest, &member))
		given += bytes_is(member, "a") || bytes_is(member, "zzz");
	if (given != 2)
		abort();
	return 0;
}
