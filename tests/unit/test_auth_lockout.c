#include "tests/unit/test.h"

#include <string.h>

#include "daemon/auth_lockout.h"

enum { T = 1790000000 };
static const struct lock_row nothing = { 0, 0 };

/* ---- one source ---- */

static void five_are_free(void **state)
{
	struct lock_row r = nothing;
	(void)state;
	for (int i = 1; i <= 4; i++) {
		r = lock_failed(r, T);
		assert_int_equal(r.n, i);
		assert_int_equal(lock_wait(r, T), 0);
	}
	r = lock_failed(r, T);
	assert_int_equal(lock_wait(r, T), 2);
	assert_int_equal(lock_wait(r, T + 1), 1);
	assert_int_equal(lock_wait(r, T + 2), 0);
}

static void each_doubles_the_wait(void **state)
{
	static const int64_t waits[] = { 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900 };
	struct lock_row r = { 4, T };
	int64_t now = T;
	(void)state;
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		r = lock_failed(r, now);
		assert_int_equal(lock_wait(r, now), waits[i]);
		now += waits[i];
		assert_int_equal(lock_wait(r, now), 0);
	}
	/* never longer, however many */
	r.n = INT64_C(1) << 60;
	assert_int_equal(lock_wait(r, r.last), LOCK_MAX);
}

static void forgotten_after_a_day(void **state)
{
	struct lock_row r = { 20, T };
	(void)state;
	assert_int_equal(lock_failed(r, T + LOCK_FORGET - 1).n, 21);
	assert_int_equal(lock_failed(r, T + LOCK_FORGET).n, 1);
	assert_int_equal(lock_wait(r, T + LOCK_FORGET), 0);
}

static void a_clock_set_back(void **state)
{
	struct lock_row r = { 5, T };
	(void)state;
	assert_int_equal(lock_wait(r, T - 100000), 2);
	r = lock_failed(r, T - 100000);
	assert_int_equal(r.last, T - 100000);
}

/* A guesser from one source: how many tries a day he gets. */
static void tries_a_day(void **state)
{
	struct lock_row r = nothing;
	int64_t now = T;
	int tries = 0;
	(void)state;
	while (now < T + 86400) {
		now += lock_wait(r, now);
		r = lock_failed(r, now);
		tries++;
	}
	assert_in_range(tries, 100, 115);
}

/* What a thousand addresses do at an account holds up nobody who did nothing there. */
static void others_hold_nobody_up(void **state)
{
	struct lock_row attacker[1000] = { { 0, 0 } };
	(void)state;
	/* twenty tries a second from all of them in turn, for an hour */
	for (int i = 0; i < 20 * 3600; i++) {
		struct lock_row *r = &attacker[i % 1000];
		int64_t now = T + i / 20;
		if (lock_wait(*r, now) == 0)
			*r = lock_failed(*r, now);
	}
	assert_int_equal(lock_wait(nothing, T + 3600), 0);
	assert_true(lock_wait(attacker[0], T + 3600 - 50) > 0);
}

/* ---- codes behind a right password ---- */

static void twenty_codes_a_day(void **state)
{
	struct lock_row r = nothing;
	(void)state;
	for (int i = 0; i < CODES_FREE; i++) {
		assert_false(codes_spent(r, T));
		r = codes_failed(r, T);
	}
	assert_true(codes_spent(r, T));
	/* more of them do not make it longer */
	r = codes_failed(r, T);
	assert_true(codes_spent(r, T + CODES_EACH - 1));
	assert_false(codes_spent(r, T + CODES_EACH));
	r = codes_failed(r, T + CODES_EACH);
	assert_true(codes_spent(r, T + CODES_EACH));
	assert_false(codes_spent(r, T + CODES_EACH + 86400));
	assert_int_equal(codes_failed(r, T + CODES_EACH + 86400).n, CODES_EACH);
}

static void codes_in_the_long_run(void **state)
{
	struct lock_row r = nothing;
	int tries = 0;
	(void)state;
	for (int64_t now = T; now < T + 10 * 86400; now += 60) {
		if (codes_spent(r, now))
			continue;
		r = codes_failed(r, now);
		tries++;
	}
	assert_in_range(tries, 10 * CODES_FREE, 11 * CODES_FREE);
	/* a clock that was set back forgives nothing */
	assert_true(codes_spent(r, r.last - 86400));
}

/* ---- sources ---- */

static void sources_of_addresses(void **state)
{
	static const char *const same[][2] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
		{ "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64" },
		{ "2001:db8:1:3::1", "2001:db8:1:3::/64" },
		{ "unix:1000", "unix:1000" }, /* a user of this machine */
		{ "unix:0", "unix:0" },
		{ "proxy", "proxy" },
		{ "", "" },
	};
	char out[SOURCE_MAX];
	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		lock_source(out, same[i][0]);
		assert_string_equal(out, same[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_are_free),
		cmocka_unit_test(each_doubles_the_wait),
		cmocka_unit_test(forgotten_after_a_day),
		cmocka_unit_test(a_clock_set_back),
		cmocka_unit_test(tries_a_day),
		cmocka_unit_test(others_hold_nobody_up),
		cmocka_unit_test(twenty_codes_a_day),
		cmocka_unit_test(codes_in_the_long_run),
		cmocka_unit_test(sources_of_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
