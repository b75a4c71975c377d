/* Numbers and number formats of workbooks. */
#include "tests/unit/test.h"

#include <string.h>

#include "daemon/register/xlsxnumber.h"

static void test_formats(void **state)
{
	static const struct {
		const char *code;
		enum xlsx_show show;
		unsigned zeros;
	} rows[] = {
		{ "General", SHOW_PLAIN, 0 },
		{ "general\"元\"", SHOW_PLAIN, 0 },
		{ "@", SHOW_PLAIN, 0 },
		{ "0", SHOW_PLAIN, 1 },
		{ "000000", SHOW_ZEROS, 6 },
		{ "0.00", SHOW_PLAIN, 0 },
		{ "#,##0.00;[Red]-#,##0.00", SHOW_PLAIN, 0 },
		{ "0.00E+00", SHOW_PLAIN, 0 },
		{ "0.00%", SHOW_PERCENT, 0 },
		{ "[$-804]0%", SHOW_PERCENT, 0 },
		{ "yyyy\\-mm\\-dd", SHOW_DATE, 0 },
		{ "yyyy\"年\"m\"月\"d\"日\";@", SHOW_DATE, 0 },
		{ "[$-804]yyyy\"年\"m\"月\";@", SHOW_DATE, 0 },
		{ "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", SHOW_DATE, 0 },
		{ "e/m/d", SHOW_DATE, 0 },
		{ "[$-804]aaaa;@", SHOW_DATE, 0 },
		{ "mmm", SHOW_DATE, 0 },
		{ "yyyy/m/d h:mm;@", SHOW_DATETIME, 0 },
		{ "h:mm:ss", SHOW_TIME, 0 },
		{ "[h]:mm", SHOW_TIME, 0 },
		{ "[mm]:ss", SHOW_TIME, 0 },
		{ "[Magenta]0.0", SHOW_PLAIN, 0 },
		{ "\"日期\"0", SHOW_PLAIN, 0 },
		{ "\\d0.0", SHOW_PLAIN, 0 },
		{ "\"open", SHOW_PLAIN, 0 },
		{ "", SHOW_PLAIN, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct xlsx_format f = xlsx_format_of(bytes_of(rows[i].code));
		if (f.show != rows[i].show)
			fail_msg("%s: %d", rows[i].code, f.show);
		if (f.show == SHOW_ZEROS)
			assert_int_equal(f.zeros, rows[i].zeros);
	}
	assert_int_equal(xlsx_format_builtin(0).show, SHOW_PLAIN);
	assert_int_equal(xlsx_format_builtin(9).show, SHOW_PERCENT);
	assert_int_equal(xlsx_format_builtin(14).show, SHOW_DATE);
	assert_int_equal(xlsx_format_builtin(22).show, SHOW_DATETIME);
	assert_int_equal(xlsx_format_builtin(31).show, SHOW_DATE);
	assert_int_equal(xlsx_format_builtin(49).show, SHOW_PLAIN);
	assert_int_equal(xlsx_format_builtin(58).show, SHOW_DATE);
	assert_int_equal(xlsx_format_builtin(4000000000U).show, SHOW_PLAIN);
}

static void wants(const char *value, enum xlsx_show show, unsigned zeros, bool from_1904,
	enum field_type type, const char *wanted)
{
	char out[XLSX_NUMBER_TEXT];
	struct bytes field;
	struct xlsx_format f = { (uint8_t)show, (uint8_t)zeros };
	enum field_type got = xlsx_number(bytes_of(value), f, from_1904, out, &field);
	if (!bytes_is(field, wanted) || got != type)
		fail_msg("%s: %.*s (%d), not %s (%d)", value, BYTES_ARG(field), got, wanted, type);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *value, *wanted;
	} rows[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "0.0", "0" },
		{ "12", "12" },
		{ "0012.50", "12.5" },
		{ "-3.25", "-3.25" },
		{ "+7", "7" },
		/* a USCC that was typed into a number cell, by whom it was written */
		{ "9.1110108551385E+17", "911101085513850000" },
		{ "911101085513850123", "911101085513850123" },
		{ "9.111010855138501e+17", "911101085513850100" },
		{ "1.101080000000160E14", "110108000000016" },
		/* 17 digits of a binary number that shows as fewer */
		{ "5.0000000000000003E-2", "0.05" },
		{ "0.30000000000000004", "0.3" },
		{ "1.9999999999999998", "2" },
		{ "99999999999999.995", "100000000000000" },
		{ "123456789.12345678", "123456789.123457" },
		{ "1E-7", "0.0000001" },
		{ "1.5E3", "1500" },
	};
	static const char *const texts[] = { "", "-", ".", "1e", "1e+", "1,5", "0x10", "NaN", "1 ",
		"1.2.3", "1e99999", "12345678901234567890123456789012345678901" };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(rows[i].value, SHOW_PLAIN, 0, false, FIELD_NUMBER, rows[i].wanted);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		wants(texts[i], SHOW_PLAIN, 0, false, FIELD_TEXT, texts[i]);
	/* out of all measure: as it stands */
	wants("1e300", SHOW_PLAIN, 0, false, FIELD_NUMBER, "1e300");
	wants("1e-300", SHOW_DATE, 0, false, FIELD_NUMBER, "1e-300");
	wants("5.0000000000000003E-2", SHOW_PERCENT, 0, false, FIELD_NUMBER, "5%");
	wants("1.255", SHOW_PERCENT, 0, false, FIELD_NUMBER, "125.5%");
	wants("0", SHOW_PERCENT, 0, false, FIELD_NUMBER, "0%");
	wants("12", SHOW_ZEROS, 6, false, FIELD_NUMBER, "000012");
	wants("0", SHOW_ZEROS, 4, false, FIELD_NUMBER, "0000");
	wants("1234567", SHOW_ZEROS, 6, false, FIELD_NUMBER, "1234567");
	wants("1.5", SHOW_ZEROS, 4, false, FIELD_NUMBER, "1.5");
}

static void test_dates(void **state)
{
	static const struct {
		const char *value;
		enum xlsx_show show;
		bool from_1904;
		const char *wanted;
	} rows[] = {
		{ "1", SHOW_DATE, false, "1900-01-01" },
		{ "59", SHOW_DATE, false, "1900-02-28" },
		{ "61", SHOW_DATE, false, "1900-03-01" },
		{ "46112", SHOW_DATE, false, "2026-03-31" },
		{ "46112.9", SHOW_DATE, false, "2026-03-31" },
		{ "44650", SHOW_DATE, true, "2026-03-31" },
		{ "0", SHOW_DATE, true, "1904-01-01" },
		{ "2958465", SHOW_DATE, false, "9999-12-31" },
		{ "46112.395833333336", SHOW_DATETIME, false, "2026-03-31 09:30:00" },
		{ "46112", SHOW_DATETIME, false, "2026-03-31" },
		{ "46112.999999", SHOW_DATETIME, false, "2026-04-01" },
		{ "0.395833333333333", SHOW_TIME, false, "09:30:00" },
		{ "46112.5", SHOW_TIME, false, "2026-03-31 12:00:00" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(rows[i].value, rows[i].show, 0, rows[i].from_1904, FIELD_DATE,
			rows[i].wanted);
	/* no day has these numbers */
	wants("60", SHOW_DATE, 0, false, FIELD_NUMBER, "60");
	wants("-1", SHOW_DATE, 0, false, FIELD_NUMBER, "-1");
	wants("2958466", SHOW_DATE, 0, false, FIELD_NUMBER, "2958466");
	wants("2958465", SHOW_DATE, 0, true, FIELD_NUMBER, "2958465");
	wants("20260331", SHOW_DATE, 0, false, FIELD_NUMBER, "20260331");
	/* a text in a cell that would show dates */
	wants("2026.3.31", SHOW_DATE, 0, false, FIELD_TEXT, "2026.3.31");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
