#include "tests/unit/test.h"

#include <string.h>

#include "daemon/crash.h"
#include "daemon/job.h"

static void test_errors_come_back(void **state)
{
	ARENA_AUTO a = arena_new();
	(void)state;
	for (int c = ERR_NONE + 1; c < ERR_COUNT; c++) {
		struct err e = { 0 }, back;
		err_set(&e, (enum err_code)c, "第 %d \"行\"\n", c);
		err_at(&e, "frame");
		job_error_of(job_error_json(a, &e), &back);
		assert_int_equal(back.code, e.code);
		assert_string_equal(back.where, e.where);
		assert_string_equal(back.what, e.what);
	}
}

/* A fact that was cut in the middle of a character is stored all the same. */
static void test_cut_text_is_stored(void **state)
{
	ARENA_AUTO a = arena_new();
	struct err e = { .code = ERR_BAD_TEXT }, back;
	(void)state;
	strcpy(e.what, "值\xe5\x80");
	job_error_of(job_error_json(a, &e), &back);
	assert_int_equal(back.code, ERR_BAD_TEXT);
	assert_string_equal(back.what, "值");
}

static void test_unknown_codes_are_internal(void **state)
{
	struct err back;
	(void)state;
	job_error_of(BYTES("{\"code\":\"of-a-later-version\",\"what\":\"x\"}"), &back);
	assert_int_equal(back.code, ERR_INTERNAL);
	assert_string_equal(back.what, "x");
	job_error_of(BYTES("not JSON"), &back);
	assert_int_equal(back.code, ERR_INTERNAL);
}

static void test_arguments(void **state)
{
	ARENA_AUTO a = arena_new();
	struct job job = { .arena = a,
		.args = BYTES("{\"round\":\"2026-0001\",\"frozen\":9007199254740993}") };
	struct err e = { 0 };
	struct bytes text;
	int64_t number;
	(void)state;
	assert_true(job_arg_text(&job, "round", &text, &e));
	assert_true(bytes_is(text, "2026-0001"));
	assert_true(job_arg_int(&job, "frozen", &number, &e));
	assert_int_equal(number, INT64_C(9007199254740993));
	assert_true(bytes_is(job_arg_text_or(&job, "level", "audit"), "audit"));
	assert_false(job_arg_int(&job, "round", &number, &e));
	assert_int_equal(e.code, ERR_BAD_ARGS);
	assert_non_null(strstr(e.what, "round"));
}

/* Nobody asked for a crash here: every point of the table is passed, and none stands there twice.
 */
static void test_crash_points_are_passed(void **state)
{
	(void)state;
	for (size_t i = 0; crash_point_name(i) != NULL; i++) {
		crash_point(crash_point_name(i));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(crash_point_name(i), crash_point_name(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_come_back),
		cmocka_unit_test(test_cut_text_is_stored),
		cmocka_unit_test(test_unknown_codes_are_internal),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_crash_points_are_passed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
