/* What of the figures of quality is counted outside of the database. */
#include "tests/unit/test.h"

#include "daemon/register/quality.h"

static void test_codes(void **state)
{
	static const struct {
		const char *code;
		bool fails;
	} rows[] = {
		{ "91510100MA62K0260X", true },
		{ "91110000100003962Y", false }, /* both check characters right */
		{ "91110000100003962X", true }, /* the last one */
		{ "911100001000039632", true }, /* that of the organisation code */
		{ "91350203M0001QAY9B", true }, /* lawful, from the pilot: an exception */
		{ "R110108000000016", false },
		{ "R110108000000017", true },
		{ "X-SCJG-00000000001", false }, /* an own number of 18 characters */
		{ "X-SCJG-1", false },
		{ "911100001000039", false }, /* no form that has a check digit here */
		{ "", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (quality_code_fails(bytes_of(rows[i].code)) != rows[i].fails)
			fail_msg("%s", rows[i].code);
}

static void test_told(void **state)
{
	static const struct {
		uint64_t correct, rows;
		const char *text;
	} rows[] = {
		{ 0, 0, "100.0000% (0/0)" },
		{ 0, 7, "0.0000% (0/7)" },
		{ 7, 7, "100.0000% (7/7)" },
		{ 994999, 1000000, "99.4999% (994999/1000000)" },
		{ 2, 3, "66.6666% (2/3)" }, /* rounded down: never more than there is */
		{ 1999999, 2000000, "99.9999% (1999999/2000000)" },
		{ INT64_MAX - 1, INT64_MAX, "99.9999% (9223372036854775806/9223372036854775807)" },
	};
	(void)state;
	ARENA_AUTO a = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(quality_told(a, rows[i].correct, rows[i].rows), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
