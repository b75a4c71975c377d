#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "daemon/auth_password.h"

static const struct password_cost small = { 8, 1 };

static bool allowed(const char *password)
{
	struct err e = { 0 };
	bool ok = password_allowed(password, "li-ming", "李明", &e);
	if (!ok) {
		assert_int_equal(e.code, ERR_WEAK_PASSWORD);
		assert_true(e.what[0] != '\0');
		assert_null(password[0] != '\0' ? strstr(e.what, password) : NULL);
	}
	return ok;
}

/* ---- rules ---- */

static void length_in_characters(void **state)
{
	char text[PASSWORD_BYTES + 2];
	(void)state;
	assert_false(allowed(""));
	assert_false(allowed("kvTq7-xwm")); /* nine */
	assert_true(allowed("kvTq7-xwmz"));
	assert_true(allowed("春风又绿江南岸明月何时")); /* eleven of three bytes */
	assert_false(allowed("春风又绿江南岸明月"));
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = "kvTq7-xwmz"[i % 10];
	text[128] = '\0';
	assert_true(allowed(text));
	text[128] = 'k';
	text[129] = '\0';
	assert_false(allowed(text));
	text[129] = 'v';
	text[sizeof text - 1] = '\0';
	assert_false(allowed(text));
}

static void controls_and_broken_text(void **state)
{
	(void)state;
	assert_false(allowed("kvTq7\nxwmz12"));
	assert_false(allowed("kvTq7\tkxwmz12"));
	assert_false(allowed("kvTq7\xffxwmz12"));
	assert_true(allowed("kvTq7 xwmz 12"));
}

static void account_and_name(void **state)
{
	(void)state;
	assert_false(allowed("li-ming-li-ming"));
	assert_false(allowed("LI-MING2024"));
	assert_false(allowed("li-ming1234567")); /* seven besides */
	assert_true(allowed("li-mingkvTq7xwm")); /* eight */
	assert_false(allowed("李明李明李明abcde12"));
	/* full-width letters of an input method are the same letters */
	assert_false(allowed("ｌｉ-ｍｉｎｇ2024"));
}

static void too_few_kinds_and_letters(void **state)
{
	(void)state;
	assert_false(allowed("aaaaaaaaaaaa"));
	assert_false(allowed("abababababab"));
	assert_false(allowed("13812345678"));
	assert_false(allowed("510104199003071234"));
	assert_false(allowed("2024-03-07/xyz"));
	assert_true(allowed("2024-03-07/wxyv"));
	assert_true(allowed("90抽84查7215"));
	assert_false(allowed("9036847215抽"));
}

/* Those of ten and more characters among the thousand commonest of the international and of the
 * Chinese lists. */
static void commonest(void **state)
{
	static const char *const list[] = { "1234567890", "qwertyuiop", "q1w2e3r4t5", "1q2w3e4r5t",
		"0987654321", "123456789a", "1234554321", "4815162342", "12345qwert", "Usuckballz1",
		"1111111111", "123456789q", "woaini1314", "a123456789", "5845201314", "beijing2008",
		"5201314520", "zxcvbnm123", "0123456789", "0000000000", "5841314520", "1357924680",
		"1233211234567", "12345678910", "1123581321", "9876543210", "123456123456",
		"7894561230", "1234567890123", "qq123456789", "5841314521", "7708801314520",
		"woaiwoziji", "123456654321", "18n28n24a5", "2008520085", "7758521521",
		"zhendeaini", "1122334455", "wobuzhidao", "112233445566", "1314520520",
		"12345678900", "wang123456", "w123456789", "jiushiaini", "123456789.",
		"123456789abc", "abcd123456", "1234567899", "5201314123", "3141592653",
		"meiyoumima", "123456789qq", "1029384756", "9638527410", "zhangqiang",
		"7215217758991", "1472583690", "1887415157", "1234512345", "liu13632523350",
		"52013145201314", "abc123456789", "77585211314", "qwert12345", "3141592654",
		"5211314521", "123123123123", "asdf123456", "nuttertools", "zhimakaimen",
		"8008208820", "52013141314", "1234567891", "1231512315", "woaini5201314",
		"woainimama", "zhangliang", "asdasdasdasd" };
	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (allowed(list[i]))
			fail_msg("%s is allowed", list[i]);
	assert_false(allowed("Password2024!"));
	assert_false(allowed("P@ssw0rd2024"));
	assert_false(allowed("Admin@123456"));
	assert_false(allowed("Qwer!2345678"));
	assert_false(allowed("!QAZ2wsx#EDC1"));
}

static void good_ones(void **state)
{
	char random[PASSWORD_RANDOM];
	(void)state;
	assert_true(allowed("correct horse battery"));
	assert_true(allowed("两只黄鹂鸣翠柳-7-8"));
	assert_true(allowed("Tr4m-ostern-38"));
	for (int i = 0; i < 1000; i++) {
		password_random(random);
		assert_int_equal(strlen(random), PASSWORD_RANDOM - 1);
		assert_null(strpbrk(random, "0O1lIo"));
		assert_int_equal(random[5], '-');
		assert_true(allowed(random));
	}
}

static void halves_of_one(void **state)
{
	static const uint8_t bytes[20] = { 0, 1, 2, 3, 4, 31, 32, 63, 255, 9, 10, 11, 12, 13, 14,
		15, 16, 17, 18, 19 };
	char whole[PASSWORD_RANDOM], first[PASSWORD_RANDOM], second[PASSWORD_RANDOM];
	(void)state;
	password_of(whole, bytes, 20);
	password_of(first, bytes, 10);
	password_of(second, bytes + 10, 10);
	assert_string_equal(whole, "abcde-9a99j-kmnpq-rstuv");
	assert_string_equal(first, "abcde-9a99j");
	assert_string_equal(second, "kmnpq-rstuv");
}

/* ---- strings ---- */

static void made_and_checked(void **state)
{
	char a[PASSWORD_STRING], b[PASSWORD_STRING];
	struct err e = { 0 };
	(void)state;
	assert_true(password_make(a, "correct horse", small, &e));
	assert_true(password_make(b, "correct horse", small, &e));
	assert_string_not_equal(a, b); /* salted */
	assert_memory_equal(a, "$argon2id$v=19$m=8192,t=1,p=1$", 30);
	assert_true(password_fits(a, "correct horse"));
	assert_false(password_fits(a, "correct horsf"));
	assert_false(password_fits(a, ""));
	assert_false(password_fits(a, "\xff"));
	assert_false(password_fits("", "correct horse"));
	assert_false(password_fits("$argon2id$nonsense", "correct horse"));
}

static void one_form(void **state)
{
	char a[PASSWORD_STRING];
	struct err e = { 0 };
	(void)state;
	assert_true(password_make(a, "ＫｖＴｑ７-xwmz", small, &e));
	assert_true(password_fits(a, "KvTq7-xwmz"));
	assert_false(password_fits(a, "kvtq7-xwmz")); /* case counts */
	assert_true(password_make(a,
		"u\xcc\x88"
		"ber-alles-12",
		small, &e)); /* u, combining */
	assert_true(password_fits(a, "\xc3\xbc"
				     "ber-alles-12"));
}

static void cost_changes(void **state)
{
	char a[PASSWORD_STRING];
	struct err e = { 0 };
	(void)state;
	assert_true(password_make(a, "correct horse", small, &e));
	assert_false(password_stale(a, small));
	assert_true(password_stale(a, (struct password_cost){ 8, 2 }));
	assert_true(password_stale(a, (struct password_cost){ 16, 1 }));
	assert_true(password_stale("", small));
}

static void refused_text(void **state)
{
	char a[PASSWORD_STRING];
	struct err e = { 0 };
	(void)state;
	assert_false(password_make(a, "\xff\xfe", small, &e));
	assert_int_equal(e.code, ERR_BAD_UTF8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(length_in_characters),
		cmocka_unit_test(controls_and_broken_text),
		cmocka_unit_test(account_and_name),
		cmocka_unit_test(too_few_kinds_and_letters),
		cmocka_unit_test(commonest),
		cmocka_unit_test(good_ones),
		cmocka_unit_test(halves_of_one),
		cmocka_unit_test(made_and_checked),
		cmocka_unit_test(one_form),
		cmocka_unit_test(cost_changes),
		cmocka_unit_test(refused_text),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
