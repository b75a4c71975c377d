#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/base/text.h"

static int32_t day_of(const char *s)
{
	int32_t day = 0;
	assert_true(civil_parse(bytes_of(s), &day));
	return day;
}

static void known_days(void **state)
{
	static const struct {
		const char *date;
		int32_t day, weekday;
	} rows[] = {
		{ "1900-01-01", CIVIL_MIN, 1 },
		{ "1969-12-31", -1, 3 },
		{ "1970-01-01", 0, 4 },
		{ "2000-02-29", 11016, 2 },
		{ "2024-02-29", 19782, 4 },
		{ "2026-03-31", 20543, 2 },
		{ "2999-12-31", CIVIL_MAX, 2 },
	};
	char text[CIVIL_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(day_of(rows[i].date), rows[i].day);
		assert_int_equal(civil_weekday(rows[i].day), rows[i].weekday);
		assert_string_equal(civil_format(rows[i].day, text), rows[i].date);
	}
	assert_string_equal(civil_format(CIVIL_NONE, text), "");
}

/* Walk every day of the range and let the calendar count by itself. */
static void every_day(void **state)
{
	struct civil c = { 1900, 1, 1 };

	(void)state;
	for (int32_t day = CIVIL_MIN; day <= CIVIL_MAX; day++) {
		struct civil got = civil_of(day);
		if (got.year != c.year || got.month != c.month || got.day != c.day ||
			civil_day(c) != day)
			fail_msg("day %d is %d-%d-%d, not %d-%d-%d", day, c.year, c.month, c.day,
				got.year, got.month, got.day);
		if (++c.day > civil_month_length(c.year, c.month)) {
			c.day = 1;
			if (++c.month > 12) {
				c.month = 1;
				c.year++;
			}
		}
	}
	assert_int_equal(c.year, 3000);
}

static void refused(void **state)
{
	static const char *const bad[] = { "", "2026-3-31", "2026-03-32", "2026-00-10",
		"2026-13-01", "2026-02-29", "2100-02-29", "1899-12-31", "3000-01-01", "2026-03-31 ",
		" 2026-03-31", "2026/03/31", "2026-03-3a", "+026-03-31", "2026-03--1", "20260331",
		"2026-04-00" };
	int32_t day = 77;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (civil_parse(bytes_of(bad[i]), &day))
			fail_msg("accepted \"%s\"", bad[i]);
		assert_int_equal(day, 77);
	}
	assert_true(civil_parse_or_none(BYTES(""), &day));
	assert_int_equal(day, CIVIL_NONE);
	assert_true(civil_parse_or_none(BYTES("1970-01-02"), &day));
	assert_int_equal(day, 1);
	assert_false(civil_parse_or_none(BYTES("x"), &day));
}

static void months(void **state)
{
	static const struct {
		const char *from;
		uint32_t months;
		const char *to;
	} rows[] = {
		{ "2026-01-31", 1, "2026-02-28" },
		{ "2024-01-31", 1, "2024-02-29" },
		{ "2023-02-28", 12, "2024-02-28" },
		{ "2024-02-29", 12, "2025-02-28" },
		{ "2024-02-29", 48, "2028-02-29" },
		{ "2025-12-31", 2, "2026-02-28" },
		{ "2025-11-30", 3, "2026-02-28" },
		{ "2026-03-31", 0, "2026-03-31" },
		{ "2026-03-31", 6, "2026-09-30" },
		{ "2026-12-15", 1, "2027-01-15" },
		{ "1900-01-31", 1201 - 1, "2000-01-31" },
		{ "2999-12-31", 2, "3000-02-28" },
	};
	char text[CIVIL_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(
			civil_format(civil_add_months(day_of(rows[i].from), rows[i].months), text),
			rows[i].to);
}

/* More months never give an earlier day, a later day never an earlier result. */
static void months_are_monotone(void **state)
{
	(void)state;
	for (int32_t day = day_of("2019-11-01"); day < day_of("2025-03-05"); day++) {
		for (uint32_t m = 0; m <= 120; m++) {
			int32_t to = civil_add_months(day, m);
			assert_true(to < civil_add_months(day, m + 1));
			assert_true(to <= civil_add_months(day + 1, m));
		}
	}
}

/* ---- tests/vectors/dates.txt ---- */

static void golden_line(char *line, int number)
{
	char *rest = NULL, *tag = strtok_r(line, " ", &rest), *x = strtok_r(NULL, " ", &rest);
	char *y = strtok_r(NULL, " ", &rest), *z = strtok_r(NULL, " ", &rest), text[CIVIL_TEXT];
	int32_t day;

	assert_non_null(y);
	if (strcmp(tag, "date") == 0) {
		char raw[64];
		size_t n = strcmp(y, "-") == 0 ? 0 : strlen(y) / 2;
		assert_true(n <= sizeof raw);
		assert_true(text_hex((struct bytes){ y, 2 * n }, raw, n));
		bool ok = civil_parse((struct bytes){ raw, n }, &day);
		if (ok != (strcmp(x, "accept") == 0))
			fail_msg("line %d: expected %s", number, x);
		return;
	}
	assert_string_equal(tag, "add");
	assert_non_null(z);
	day = civil_add_months(day_of(x), (uint32_t)strtoul(y, NULL, 10));
	if (strcmp(civil_format(day, text), z) != 0)
		fail_msg("line %d: %s + %s months is %s, expected %s", number, x, y, text, z);
}

static void golden(void **state)
{
	FILE *f = fopen("tests/vectors/dates.txt", "r");
	char line[400];
	int number = 0, cases = 0;

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/dates.txt: cannot be opened");
	while (fgets(line, sizeof line, f) != NULL) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		golden_line(line, number);
		cases++;
	}
	fclose(f);
	assert_true(cases > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(every_day),
		cmocka_unit_test(refused),
		cmocka_unit_test(months),
		cmocka_unit_test(months_are_monotone),
		cmocka_unit_test(golden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
