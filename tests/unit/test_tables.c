/* What the worker tells the parser. */
#include "tests/unit/test.h"

#include "daemon/register/tables.h"

static void test_round_trip(void **state)
{
	ARENA_AUTO a = arena_new();
	struct buf out = buf_new(a, 64);
	struct tables *t;
	struct err e = { 0 };
	struct bytes value;
	size_t n;
	(void)state;
	tables_put(&out, TABLE_REGION, BYTES("510122"), BYTES("510116"));
	tables_put(&out, TABLE_GIVEN, BYTES("a\tb\nc\\d\re"), BYTES(""));
	tables_put(&out, TABLE_REGION, BYTES("371002"), BYTES("371003"));
	tables_put(&out, TABLE_DEPARTMENT, BYTES("scjg"), BYTES("市场监管局"));
	tables_put(&out, TABLE_DEPARTMENT, BYTES("scjg"), BYTES("市场监督管理局"));
	assert_true(tables_read(&t, a, buf_view(&out), &e));
	assert_true(tables_find(t, TABLE_REGION, BYTES("371002"), &value));
	assert_true(bytes_is(value, "371003"));
	assert_true(tables_find(t, TABLE_GIVEN, BYTES("a\tb\nc\\d\re"), &value));
	assert_int_equal(value.n, 0);
	assert_false(tables_find(t, TABLE_REGION, BYTES("37100"), &value));
	assert_false(tables_find(t, TABLE_SAVED, BYTES("371002"), &value));
	assert_false(tables_find(NULL, TABLE_REGION, BYTES("371002"), &value));
	const struct table_line *line = tables_all(t, TABLE_DEPARTMENT, &n);
	assert_int_equal(n, 2);
	assert_true(bytes_is(line[0].value, "市场监督管理局"));
	assert_true(bytes_is(line[1].value, "市场监管局"));
	tables_all(NULL, TABLE_DEPARTMENT, &n);
	assert_int_equal(n, 0);
	assert_true(tables_read(&t, a, BYTES(""), &e));
}

static void test_refused(void **state)
{
	static const char *const lines[] = { "region\ta\tb", "region\ta\n", "regions\ta\tb\n",
		"region\n", "\n", "region\ta\\x\tb\n", "region\ta\tb\\\n" };
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		ARENA_AUTO a = arena_new();
		struct tables *t;
		struct err e = { 0 };
		assert_false(tables_read(&t, a, bytes_of(lines[i]), &e));
		assert_int_equal(e.code, ERR_PARSER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
