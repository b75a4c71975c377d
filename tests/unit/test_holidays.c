#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "daemon/holidays.h"
#include "daemon/keys.h"
#include "planner/civil.h"

static int32_t day_of(const char *date)
{
	int32_t day = 0;
	assert_true(civil_parse(bytes_of(date), &day));
	return day;
}

static void test_list_over_weeks(void **state)
{
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct holidays h;
	(void)state;
	assert_true(holidays_parse(
		&h, a, BYTES("# comment\n\n2026-02-14 workday\n2026-02-16 holiday\n"), &e));
	assert_int_equal(h.n, 2);
	assert_true(holidays_working(&h, day_of("2026-02-13")));
	assert_true(holidays_working(&h, day_of("2026-02-14")));
	assert_false(holidays_working(&h, day_of("2026-02-15")));
	assert_false(holidays_working(&h, day_of("2026-02-16")));
	assert_true(holidays_working(&h, day_of("2026-02-17")));
	assert_false(holidays_working(&h, day_of("2026-02-21")));
}

/* What the register says of a day goes before the file, and its years are announced. */
static void test_join(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct holidays h;
	const struct special_day win[] = { { day_of("2026-02-13"), false },
		{ day_of("2026-02-16"), true }, { day_of("2027-01-01"), false } };
	assert_true(holidays_parse(
		&h, a, BYTES("2026-02-14 workday\n2026-02-16 holiday\n2026-02-17 holiday\n"), &e));
	holidays_join(&h, a, win, 3);
	assert_int_equal(h.n, 5);
	for (size_t i = 1; i < h.n; i++)
		assert_true(h.at[i - 1].day < h.at[i].day);
	assert_false(holidays_working(&h, day_of("2026-02-13")));
	assert_true(holidays_working(&h, day_of("2026-02-14")));
	assert_true(holidays_working(&h, day_of("2026-02-16")));
	assert_false(holidays_working(&h, day_of("2026-02-17")));
	assert_int_equal(holidays_uncovered(&h, day_of("2026-12-31"), day_of("2028-01-02")), 2);
	holidays_join(&h, a, NULL, 0);
	assert_int_equal(h.n, 5);
}

/* Years without a line are not announced: their days are counted. */
static void test_uncovered(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct holidays h, none;
	assert_true(holidays_parse(&none, a, BYTES("# nothing\n"), &e));
	assert_true(holidays_parse(&h, a, BYTES("2025-10-01 holiday\n2026-02-16 holiday\n"), &e));
	assert_int_equal(holidays_uncovered(&h, day_of("2025-01-01"), day_of("2026-12-31")), 0);
	assert_int_equal(holidays_uncovered(&h, day_of("2026-12-30"), day_of("2027-01-03")), 3);
	assert_int_equal(holidays_uncovered(&h, day_of("2024-12-31"), day_of("2028-01-01")), 367);
	assert_int_equal(holidays_uncovered(&none, day_of("2026-05-01"), day_of("2026-05-01")), 1);
}

static void test_refuses(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "2026-02-14\n", "line 1" },
		{ "2026-02-14 off\n", "line 1" },
		{ "2026-02-30 holiday\n", "line 1" },
		{ "# x\n2026-02-14 holiday\n2026-02-14 holiday\n", "line 3" },
		{ "2026-02-15 holiday\n2026-02-14 holiday\n", "line 2" },
		{ "2026-02-15  holiday\n", "line 1" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		struct holidays h;
		assert_false(holidays_parse(&h, a, bytes_of(bad[i].text), &e));
		assert_int_equal(e.code, ERR_CONF);
		assert_non_null(strstr(e.what, bad[i].says));
	}
}

static void load_ours(struct holidays *h, struct arena *a)
{
	struct err e = { 0 };
	struct bytes text;
	assert_true(keys_read("etc/calendar/cn.txt", 1 << 20, a, &text, &e));
	assert_true(holidays_parse(h, a, text, &e));
}

/* Working days of the years that the State Council has announced. */
static void test_ours_has_whole_years(void **state)
{
	static const struct {
		const char *from, *to;
		int days;
	} years[] = { { "2025-01-01", "2025-12-31", 248 }, { "2026-01-01", "2026-12-31", 248 } };
	ARENA_AUTO a = arena_new();
	struct holidays h;
	(void)state;
	load_ours(&h, a);
	for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
		int days = 0;
		for (int32_t d = day_of(years[i].from); d <= day_of(years[i].to); d++)
			days += holidays_working(&h, d);
		assert_int_equal(days, years[i].days);
	}
}

static void compare(const struct holidays *h, json_t *list, bool working)
{
	const char *date;
	json_t *name;
	size_t n = 0;
	json_object_foreach(list, date, name)
	{
		if (strncmp(date, "2025", 4) != 0 && strncmp(date, "2026", 4) != 0)
			continue;
		assert_int_equal(holidays_working(h, day_of(date)), working);
		n++;
	}
	assert_true(n > 5);
}

static void test_ours_against_another_list(void **state)
{
	ARENA_AUTO a = arena_new();
	const char *data = getenv("DRAWD_TEST_DATA");
	struct holidays h;
	(void)state;
	if (data == NULL) {
		printf("skipped: DRAWD_TEST_DATA is not set\n");
		skip();
	}
	json_t *other = json_load_file(
		arena_printf(a, "%s/data/cn_holidays_chinese_days.json", data), 0, NULL);
	assert_non_null(other);
	load_ours(&h, a);
	compare(&h, json_object_get(other, "holidays"), false);
	compare(&h, json_object_get(other, "workdays"), true);
	json_decref(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_over_weeks),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_uncovered),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_ours_has_whole_years),
		cmocka_unit_test(test_ours_against_another_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
