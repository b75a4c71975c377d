/* Files of inspectors and recusals, and the departments they name. */
#include "tests/unit/parsing.h"

#include "daemon/register/parse.h"

static void test_inspectors(void **state)
{
	static const char head[] =
		"姓名,性别,单位,部门,地区/片区,执法证编号,执法证有效期至,执法事项清单范围,岗位状态,请假,每轮上限";
	struct fixture *f = *state;
	f->rules.kind = REGISTER_INSPECTORS;
	row_wants(f, head, "某人,男,某市公安局某区分局,治安大队,*,c 1,2027/1/31,,在岗,,",
		"repair 2 repaired 执法证编号 [c 1] → C1\n"
		"row 2|gaj:C1|gaj|某人|C1|2027-01-31|*|*||0|t|某市公安局某区分局|male|~|~|~|~|~\n");
	row_wants(f, head,
		"某人,男,某区市场监管局,执法一队,371003、371002,C1,长期,\"b,a\",停用,2026-03-02至2026-03-06;2026-02-01,7",
		"row 2|scjg:C1|scjg|某人|C1|2999-12-31|371002,371003|a,b|2026-02-01..2026-02-01,2026-03-02..2026-03-06"
		"|7|f|某区市场监管局|male|~|~|~|~|~\n");
	row_wants(f, head, "某人,男,某处,某科,*,C1,2027-01-31,*,在岗,,",
		"error 2 unknown-department 单位 [某处] \n");
	row_wants(f, head, "某人,男,,jyj,a,C1,2027-13-31,*,不知,2026-03-06..2026-03-02,10000",
		"error 2 region-name 地区/片区 [a] \n"
		"error 2 bad-date 执法证有效期至 [2027-13-31] \n"
		"error 2 bad-word 岗位状态 [不知] 在岗、停用\n"
		"error 2 bad-leave 请假 [2026-03-06..2026-03-02] \n"
		"error 2 bad-number 每轮上限 [10000] 0–9999\n");
	row_wants(f, head, "某人,男,,jyj,*,C1,2027-01-31,食品销售,在岗,,",
		"error 2 bad-item 执法事项清单范围 [食品销售] scjg-catering,scjg-price\n");
}

/* The longest name wins wherever it stands; a code is its own. */
static void test_departments(void **state)
{
	static const struct {
		const char *name, *code;
	} rows[] = {
		{ "某区市场监督管理局", "scjg" },
		{ "某市公安局某区分局", "gaj" },
		{ "某市生态环境局某区生态环境分局", "sthj" },
		{ "wsjk", "wsjk" },
		{ "财政局", NULL },
		{ "", NULL },
	};
	const struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes code;
		bool found = departments_code(f->rules.departments, bytes_of(rows[i].name), &code);
		assert_int_equal(found, rows[i].code != NULL);
		if (found)
			assert_true(bytes_is(code, rows[i].code));
	}
}

/* The table says which departments there are; the file adds spellings. */
static void test_departments_known(void **state)
{
	static const struct {
		const char *name, *code;
	} rows[] = {
		{ "scjg", "scjg" }, /* a code of the table */
		{ "wsjk", NULL }, /* and none of it */
		{ "市监局", "scjg" }, /* its short name */
		{ "某市示范区市场监管委某所", "scjg" }, /* its name */
		{ "某区市场监管局", "scjg" }, /* a spelling of the file */
		{ "某市公安局某区分局", NULL }, /* one for a code that is not there */
		{ "某市公安局（市监局）", NULL }, /* two as long */
		{ "城南教育分局", "jyj-s" },
		{ "教育分局", NULL }, /* of two */
		{ "某县城管局", "cg" },
		{ "", NULL },
	};
	struct fixture *f = *state;
	struct departments *d, *alone = NULL;
	struct bytes code;
	assert_true(departments_parse(&d, f->a, departments_text, "departments", &f->e));
	departments_know(&d, f->a,
		bytes_of(
			"scjg\t示范区市场监管委\nscjg\t市监局\njyj-n\t城北教育分局\njyj-n\t教育分局\n"
			"jyj-s\t城南教育分局\njyj-s\t教育分局\ncg\t城管局\ncg\t\n"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool found = departments_code(d, bytes_of(rows[i].name), &code);
		assert_int_equal(found, rows[i].code != NULL);
		if (found)
			assert_true(bytes_is(code, rows[i].code));
	}
	departments_know(&alone, f->a, bytes_of("scjg\t市监局\n"));
	assert_true(departments_code(alone, BYTES("某区市监局"), &code));
	assert_false(departments_code(alone, BYTES("某区教育局"), &code));
	departments_know(&alone, f->a, bytes_of(""));
	assert_false(departments_code(alone, BYTES("gaj"), &code));
}

static void test_departments_file(void **state)
{
	static const char *const wrong[] = { "departments: { scjg = \"x\"; };", "other: { };",
		"departments: { SC = [\"x\"]; };", "departments: { a = [\"x\"]; b = [\"x\"]; };",
		"departments: { a = [\"\"]; };", "departments = 1;" };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct departments *d;
		struct err e = { 0 };
		assert_false(departments_parse(&d, f->a, wrong[i], "d.conf", &e));
		assert_int_equal(e.code, ERR_CONF);
		assert_non_null(strstr(e.where, "d.conf:1"));
	}
}

static void test_recusals(void **state)
{
	struct fixture *f = *state;
	f->rules.kind = REGISTER_RECUSALS;
	row_wants(f, "执法证编号,姓名,单位,统一社会信用代码,回避事由,起始日期",
		"C1,某人,某教育局,91350200MA2YJ1XR9G,近亲属,2026-01-01",
		"row 2|91350200MA2YJ1XR9G::jyj:C1:2026-01-01:近亲属||jyj|C1|91350200MA2YJ1XR9G|近亲属|2026-01-01"
		"||~|~|~|~|~|~|~|~|~\n");
	row_wants(f, "执法人员编号,检查对象编号", "SCJG-0001,X-1",
		"row 2|X-1:SCJG-0001::::|SCJG-0001|||X-1||||~|~|~|~|~|~|~|~|~\n");
	row_wants(f, "执法证编号,统一社会信用代码", ",91350200MA2YJ1XR9G",
		"error 2 missing-value 执法证编号 [] \n");
	/* several grounds for one pair all stand */
	assert_true(parse_text(
		f, "执法证编号,统一社会信用代码,回避事由\nC1,X-1,a\nC1,X-1,b\nC1,X-1,a\n", 9));
	assert_int_equal(f->totals.accepted, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_inspectors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_departments, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_departments_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_departments_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_recusals, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
