/* Policy files as people send them: a refusal says where and why, what is accepted compiles to rows
 * that give the same policy again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/policy/policyfile.h"
#include "sampler/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets what it had read when it meets a syntax error */
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

static void check_rows(const struct policy_file *f, struct arena *a)
{
	const struct setting_row *rows;
	struct buf b = buf_new(a, 1024);
	size_t n;
	policy_rows(&f->policy, a, &rows, &n);
	for (size_t i = 0; i < n; i++) {
		buf_bytes(&b, rows[i].path);
		buf_byte(&b, '\t');
		buf_bytes(&b, rows[i].value);
		buf_byte(&b, '\n');
	}
	if (!bytes_equal(buf_view(&b), f->rows))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	const char *text = arena_strndup(a, size > 0 ? (const char *)data : "", size);
	if (size > 0 && memchr(data, 0, size) != NULL)
		return 0; /* the API refuses a NUL before it comes here */
	if (policy_file_parse(&f, a, text, "policy", &e))
		check_rows(&f, a);
	else if (e.code == ERR_NONE || strncmp(e.where, "policy", 6) != 0)
		abort();
	return 0;
}
