/* Files of tasks: CSV and JSON say the same, and what cannot be read is told by line and column. */
#include "daemon/programmefile.h"

#include <string.h>

#include "sampler/base/arena.h"
#include "tests/unit/test.h"

#define HEAD "任务代码,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间\n"
#define TASK "a,food,日常,定向,市抽县查,科,2026-03-01,2026-03-05至2026-04-01\n"
#define JSON \
	"[{\"line\":2,\"code\":\"a\",\"name\":\"\",\"scheme\":\"food\",\"owner\":\"科\"," \
	"\"approval\":\"\",\"filing\":\"\",\"publication\":\"\",\"published\":\"\",\"cause\":\"\"," \
	"\"kind\":\"daily\",\"targeted\":true,\"levels\":\"city-county\",\"draws\":[{\"on\":\"2026-03-01\"," \
	"\"from\":\"2026-03-05\",\"to\":\"2026-04-01\",\"batches\":\"\"}]}]"

static void both_forms(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct programme_file f;
	const char *json =
		"[{\"code\":\"a\",\"scheme\":\"food\",\"kind\":\"daily\",\"targeted\":true,"
		"\"levels\":\"city-county\",\"owner\":\"科\",\"draws\":[{\"on\":\"2026-03-01\","
		"\"from\":\"2026-03-05\",\"to\":\"2026-04-01\"}]}]";

	assert_true(programme_file_read(&f, a, bytes_of(HEAD TASK), &e));
	assert_int_equal(f.refusals, 0);
	assert_true(bytes_is(f.tasks, JSON));
	assert_true(programme_file_read(&f, a, bytes_of(json), &e));
	assert_int_equal(f.refusals, 0);
	/* its place instead of a line; otherwise the same bytes */
	assert_int_equal(f.tasks.n, strlen(JSON));
	assert_memory_equal(f.tasks.p + 10, JSON + 10, f.tasks.n - 10);
}

static void files_that_are_none(void **unused)
{
	(void)unused;
	static const char *const none[] = { "", "\n\n", "a,b\n1,2\n", HEAD, "[]", "[1]",
		"[{\"task\":1}]", "[{\"code\":\"a\",\"code\":\"b\"}]", "[{",
		"任务代码,任务代码,抽查方案\n" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		struct programme_file f;
		assert_false(programme_file_read(&f, a, bytes_of(none[i]), &e));
		assert_int_equal(e.code, ERR_PROGRAMME_FILE);
	}
}

/* What one row is refused with: the first column and code. */
static void cells(void **unused)
{
	(void)unused;
	static const struct {
		const char *row, *column;
		enum err_code code;
	} rows[] = {
		{ "A b,food,日常,定向,市抽县查,科,2026-03-01,2026-03-05..2026-04-01", "code",
			ERR_PROGRAMME_CELL },
		{ "a,,日常,定向,市抽县查,科,2026-03-01,2026-03-05..2026-04-01", "scheme",
			ERR_PROGRAMME_CELL },
		{ "a,food,每日,定向,市抽县查,科,2026-03-01,2026-03-05..2026-04-01", "kind",
			ERR_PROGRAMME_CELL },
		{ "a,food,日常,都行,市抽县查,科,2026-03-01,2026-03-05..2026-04-01", "targeted",
			ERR_PROGRAMME_CELL },
		{ "a,food,日常,定向,市抽国查,科,2026-03-01,2026-03-05..2026-04-01", "levels",
			ERR_PROGRAMME_CELL },
		{ "a,food,日常,定向,city,科,2026-03-01,2026-03-05..2026-04-01", "levels",
			ERR_PROGRAMME_CELL },
		{ "a,food,日常,定向,市抽县查,,2026-03-01,2026-03-05..2026-04-01", "owner",
			ERR_PROGRAMME_CELL },
		{ "a,food,日常,定向,市抽县查,科,2026-02-30,2026-03-05..2026-04-01", "draws",
			ERR_BAD_DATE },
		{ "a,food,日常,定向,市抽县查,科,2026-03-01,2026-03-05", "windows", ERR_BAD_DATE },
		{ "a,food,日常,定向,市抽县查,科,2026-03-01;2026-09-01,2026-03-05..2026-04-01",
			"windows", ERR_PROGRAMME_CELL },
		{ "a,food,日常,定向,市抽县查,科,2026-03-01", "code", ERR_PROGRAMME_FILE },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		struct programme_file f;
		const char *text = arena_printf(a, HEAD "%s\n", rows[i].row);
		assert_true(programme_file_read(&f, a, bytes_of(text), &e));
		assert_true(f.refusals > 0);
		assert_int_equal(f.refused[0].line, 2);
		assert_string_equal(f.refused[0].column, rows[i].column);
		assert_int_equal(f.refused[0].code, rows[i].code);
	}
}

static void codes_stand_once(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct programme_file f;
	assert_true(programme_file_read(&f, a, bytes_of(HEAD TASK "\n" TASK), &e));
	assert_int_equal(f.refusals, 1);
	assert_int_equal(f.refused[0].line, 4);
	assert_int_equal(f.refused[0].code, ERR_PROGRAMME_CODE);
	assert_string_equal(programme_column_title("draws"), "抽取日期");
	assert_string_equal(programme_column_title("none"), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms),
		cmocka_unit_test(files_that_are_none),
		cmocka_unit_test(cells),
		cmocka_unit_test(codes_stand_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
