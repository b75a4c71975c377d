#include "tests/unit/outside.h"

#include <stdlib.h>

#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

struct bytes outside_file(struct arena *a, const char *name)
{
	const char *folder = getenv("DRAWD_TEST_DATA");
	if (folder == NULL || folder[0] == '\0') {
		print_message("skipped: DRAWD_TEST_DATA is not set\n");
		skip();
	}
	return vectors_file(arena_printf(a, "%s/%s", folder, name), a);
}

struct bytes outside_line(struct arena *a, const char *name)
{
	struct bytes b = outside_file(a, name);
	if (b.n > 0 && b.p[b.n - 1] == '\n')
		b.n--;
	return b;
}
