/* Numbers of people in what is told. */
#include "tests/unit/test.h"

#include "daemon/register/personal.h"

static void wants(enum personal_how how, const char *text, const char *wanted)
{
	ARENA_AUTO a = arena_new();
	struct bytes got = personal_hide(a, how, bytes_of(text));
	if (!bytes_is(got, wanted))
		fail_msg("%s: %.*s, not %s", text, BYTES_ARG(got), wanted);
}

/* However they are written. */
static void test_hidden(void **state)
{
	static const char *const rows[][2] = {
		{ "110101199003074215", "110***********4215" },
		{ "张三 110101 19900307 4215", "张三 110*** ******** 4215" },
		{ "１１０１０１１９９００３０７４２１５", "１１０***********４２１５" },
		{ "11010519491231002X", "110***********002X" },
		{ "11010519491231002x;", "110***********002x;" },
		{ "1 110101199003074215", "1 11************4215" },
		{ "13800138000", "138****8000" },
		{ "138-0013-8007", "138-****-8007" },
		{ "86 13800138000", "86 1******8000" },
		{ "+8613800138009", "+861******8009" },
		{ "手机13800138005", "手机138****8005" },
		{ "110101900307421", "110********7421" },
		{ "0571-87654321", "057*-****4321" },
		{ "8765432", "8******" },
		{ "2026-03-02 13800138000", "2026-03-02 138****8000" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(PERSONAL_NUMBERS, rows[i][0], rows[i][1]);
}

/* Days, codes and short numbers tell what is wrong with them. */
static void test_shown(void **state)
{
	static const char *const rows[] = { "", "2026-13-45", "20261345", "2026/3/1..2026/13/6",
		"91350203M0001QAY9B", "澜C0279420013", "913710000509012293", "110101",
		"371002,371003", "第 123456 号", "统一社会信用代码" };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(PERSONAL_NUMBERS, rows[i], rows[i]);
}

/* In columns of codes only what is surely somebody's. */
static void test_codes(void **state)
{
	(void)state;
	wants(PERSONAL_CODES, "330199005001", "330199005001");
	wants(PERSONAL_CODES, "913301997000000323", "913301997000000323");
	wants(PERSONAL_CODES, "110108000000016", "110108000000016"); /* a 注册号 */
	wants(PERSONAL_CODES, "138 0013 8000", "138 **** 8000");
	wants(PERSONAL_CODES, "110101900307421", "110********7421");
	wants(PERSONAL_CODES, "jyj:110101199003074215", "jyj:110***********4215");
	wants(PERSONAL_CITIZENS, "13800138000", "13800138000");
	wants(PERSONAL_CITIZENS, "110101900307421", "110101900307421");
	wants(PERSONAL_CITIZENS, "张三(110101199003074215)", "张三(110***********4215)");
	wants(PERSONAL_CITIZENS, "110101199003074216", "110101199003074216");
}

static void test_old(void **state)
{
	(void)state;
	assert_true(personal_is_old(BYTES("110101900307421")));
	assert_false(personal_is_old(BYTES("110108000000016"))); /* its check digit is right */
	assert_false(personal_is_old(BYTES("330199000000011"))); /* no month */
	assert_false(personal_is_old(BYTES("990101900307421"))); /* no province */
	assert_false(personal_is_old(BYTES("11010190030742")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_shown), cmocka_unit_test(test_codes),
		cmocka_unit_test(test_old) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
