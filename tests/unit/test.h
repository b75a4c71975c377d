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
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEST_NO_CASE = 77 }; /* exit status; tests/run.sh knows it */

/* The tests of a group, if CASE names any; else the program ends, so that a name that is
 * misspelt never passes. */
static inline int test_group(const char *name, const struct CMUnitTest *tests, size_t n,
	CMFixtureFunction setup, CMFixtureFunction teardown)
{
	const char *pattern = getenv("CASE");
	size_t i = 0;

	if (pattern == NULL || pattern[0] == '\0')
		return _cmocka_run_group_tests(name, tests, n, setup, teardown);
	while (i < n && fnmatch(pattern, tests[i].name, 0) != 0)
		i++;
	if (i == n) {
		fprintf(stderr, "no test of %s matches CASE=%s\n", name, pattern);
		return TEST_NO_CASE;
	}
	cmocka_set_test_filter(pattern);
	return _cmocka_run_group_tests(name, tests, n, setup, teardown);
}

#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, setup, teardown) \
	test_group(#tests, tests, sizeof(tests) / sizeof *(tests), setup, teardown)

#endif
