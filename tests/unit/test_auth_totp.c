#include "tests/unit/test.h"

#include <liboath/oath.h>
#include <string.h>

#include "daemon/auth_totp.h"

/* RFC 6238, appendix B; its codes have eight digits, ours are their last six. */
static const uint8_t secret[TOTP_SECRET] = "12345678901234567890";
static const struct {
	int64_t time;
	const char *code;
} rfc[] = {
	{ 59, "287082" },
	{ 1111111109, "081804" },
	{ 1111111111, "050471" },
	{ 1234567890, "005924" },
	{ 2000000000, "279037" },
	{ 20000000000, "353130" },
};
enum { RFC = sizeof rfc / sizeof *rfc };

static void rfc_6238(void **state)
{
	(void)state;
	for (size_t i = 0; i < RFC; i++) {
		int64_t step = -1;
		assert_true(totp_fits(secret, rfc[i].time, -1, rfc[i].code, &step));
		assert_int_equal(step, rfc[i].time / 30);
		/* any other code, and another's secret */
		assert_false(totp_fits(secret, rfc[i].time, -1, rfc[(i + 1) % RFC].code, &step) &&
			     i != 1); /* 1111111109 and …11 are neighbours */
		uint8_t other[TOTP_SECRET];
		memcpy(other, secret, sizeof other);
		other[19] ^= 1;
		assert_false(totp_fits(other, rfc[i].time, -1, rfc[i].code, &step));
	}
}

static void window_of_one_step(void **state)
{
	int64_t step = -1, t = 1234567890, first = t / 30 * 30;
	(void)state;
	assert_true(totp_fits(secret, first - 30, -1, "005924", &step));
	assert_int_equal(step, t / 30);
	assert_true(totp_fits(secret, first + 59, -1, "005924", &step));
	assert_int_equal(step, t / 30);
	assert_false(totp_fits(secret, first - 31, -1, "005924", &step));
	assert_false(totp_fits(secret, first + 60, -1, "005924", &step));
}

static void a_step_counts_once(void **state)
{
	int64_t step = -1, t = 1234567890, now = t / 30;
	char earlier[7], later[7];
	(void)state;
	assert_true(totp_fits(secret, t, now - 1, "005924", &step));
	assert_false(totp_fits(secret, t, now, "005924", &step)); /* the same again */
	assert_false(totp_fits(secret, t, now + 5, "005924", &step));
	/* one before a step that was taken is over as well, one after it is not */
	oath_totp_generate((const char *)secret, TOTP_SECRET, t - 30, 30, 0, 6, earlier);
	oath_totp_generate((const char *)secret, TOTP_SECRET, t + 30, 30, 0, 6, later);
	assert_false(totp_fits(secret, t, now, earlier, &step));
	assert_true(totp_fits(secret, t, now, later, &step));
	assert_int_equal(step, now + 1);
}

static void form_of_a_code(void **state)
{
	static const char *const bad[] = { "", "5924", "05924", "0059244", " 05924", "+05924",
		"00592a", "005924 ", "００５９２４" };
	int64_t step = -1;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(totp_fits(secret, 1234567890, -1, bad[i], &step));
	assert_int_equal(step, -1);
	assert_false(totp_fits(secret, 0, -1, "005924", &step)); /* no step before the first */
}

static void address_for_a_program(void **state)
{
	ARENA_AUTO a = arena_new();
	(void)state;
	assert_string_equal(totp_base32(a, secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_string_equal(totp_uri(a, "spj.example/街", "li-ming", secret),
		"otpauth://totp/spj.example%2F%E8%A1%97:li-ming"
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=spj.example%2F%E8%A1%97&algorithm=SHA1&digits=6&period=30");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_6238),
		cmocka_unit_test(window_of_one_step),
		cmocka_unit_test(a_step_counts_once),
		cmocka_unit_test(form_of_a_code),
		cmocka_unit_test(address_for_a_program),
	};
	oath_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
