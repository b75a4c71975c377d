/* What every unit test includes first: cmocka in the order it needs, and the filter.
 * CASE=pattern in the environment runs only the tests whose name matches (* and ? allowed). */
#ifndef DRAWD_TESTS_UNIT_TEST_H
#define DRAWD_TESTS_UNIT_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdlib.h>

__attribute__((constructor)) static void test_filter(void)
{
	const char *pattern = getenv("CASE");

	if (pattern != NULL && pattern[0] != '\0')
		cmocka_set_test_filter(pattern);
}

#endif
