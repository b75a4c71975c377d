#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/policy/policyfile.h"
#include "daemon/policy/settingsfile.h"

static const char *read_template(struct arena *a)
{
	char *text;
	struct err e = { 0 };
	assert_true(cfg_read(&text, a, "etc/policy/district.conf", POLICY_FILE_MAX, &e));
	return arena_strdup(a, text);
}

static const char *replaced(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* The text without what stands from one mark up to another. */
static const char *without(struct arena *a, const char *text, const char *from, const char *to)
{
	size_t at = (size_t)(strstr(text, from) - text), end = (size_t)(strstr(text, to) - text);
	assert_true(at < end && end < strlen(text));
	return arena_printf(a, "%.*s%s", (int)at, text, text + end);
}

static void test_template(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	char why[700];
	if (!policy_file_parse(&f, a, read_template(a), "district.conf", &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
	assert_true(f.policy.task_count >= 12);
	size_t inspecting = 0, onsite = 0, safety = 0;
	for (uint32_t i = 0; i < f.policy.department_count; i++)
		inspecting += f.policy.departments[i].inspects;
	for (uint32_t i = 0; i < f.policy.task_count; i++) {
		const struct task *t = &f.policy.tasks[i];
		onsite += t->onsite;
		safety += t->safety;
		assert_true(t->department_count >= (t->onsite ? 2 : 1));
		assert_true(t->strict || !t->safety);
		/* a cap of entries applies to all of them: whoever is in focus may be entered */
		assert_true(t->by_entity);
	}
	assert_int_equal(inspecting, 12);
	assert_int_equal(f.policy.mode_count, 5);
	assert_int_equal(f.policy.cap_count, 3);
	assert_true(f.policy.adjust[0].factor < 1000000 && f.policy.adjust[1].factor > 1000000);
	assert_true(onsite > 0 && onsite < f.policy.task_count && safety > 0);
	assert_true(strlen(f.title) > 0);
}

/* The rows compiled are those that planner/policy writes, so they are canonical. */
static void test_rows_are_canonical(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	const struct setting_row *rows;
	size_t n;
	assert_true(policy_file_parse(&f, a, read_template(a), "district.conf", &e));
	policy_rows(&f.policy, a, &rows, &n);
	struct buf b = buf_new(a, 1024);
	for (size_t i = 0; i < n; i++) {
		buf_bytes(&b, rows[i].path);
		buf_byte(&b, '\t');
		buf_bytes(&b, rows[i].value);
		buf_byte(&b, '\n');
	}
	assert_true(bytes_equal(buf_view(&b), f.rows));
}

static void test_defaults_yield(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	assert_true(policy_file_parse(&f, a, read_template(a), "district.conf", &e));
	int64_t chemicals = policy_task(&f.policy, BYTES("chemicals"));
	int64_t food = policy_task(&f.policy, BYTES("food-making"));
	assert_true(chemicals >= 0 && food >= 0);
	assert_int_equal(f.policy.tasks[chemicals].ratio[0], 200000);
	assert_int_equal(f.policy.tasks[food].ratio[0], 20000);
	assert_int_equal(f.policy.tasks[food].officers, 2);
	assert_false(f.policy.departments[policy_department(&f.policy, BYTES("lxb"))].inspects);
	/* part of a group too: class A on site, the others as in the defaults */
	assert_int_equal(f.policy.tasks[food].mode[0], WAY_ONSITE);
	assert_int_equal(f.policy.tasks[food].mode[1], WAY_ONSITE);
	assert_int_equal(
		f.policy.tasks[policy_task(&f.policy, BYTES("price"))].mode[0], WAY_NETWORK);
	assert_int_equal(f.policy.tasks[chemicals].batches.n, 2);
	assert_int_equal(f.policy.modes[0].version, 1);
	assert_true(bytes_is(f.policy.modes[0].code, "free-trade"));
	assert_true(list_has(&f.policy.modes[0].except, BYTES("clue")));
	/* whoever rests is not drawn for a clue */
	assert_true(bytes_is(f.policy.modes[3].code, "tolerance"));
	assert_int_equal(f.policy.modes[3].except.n, 0);
}

/* What is left out means nothing: nobody is adjusted, nobody in focus, no batches, no reason. */
static void test_left_out(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	const char *text = without(a, read_template(a), "adjust = (", "# 各项排除规则");
	text = replaced(a, text, "focus: { labels = [\"focus\"]; };", "");
	text = replaced(a, text, "except = [\"clue\", \"focus\"];", "");
	assert_true(policy_file_parse(&f, a, text, "p.conf", &e));
	for (int i = 0; i < ADJUSTMENTS; i++) {
		assert_int_equal(f.policy.adjust[i].factor, 1000000);
		assert_int_equal(f.policy.adjust[i].labels.n + f.policy.adjust[i].basis.n, 0);
	}
	assert_int_equal(f.policy.focus_labels.n, 0);
	assert_int_equal(f.policy.modes[0].except.n, 0);
	int64_t price = policy_task(&f.policy, BYTES("price"));
	assert_int_equal(f.policy.tasks[price].batches.n + f.policy.tasks[price].reason.n, 0);
	assert_int_equal(f.policy.items[policy_item(&f.policy, BYTES("scjg-price"))].field, -1);
}

static unsigned line_of(const char *text, const char *at)
{
	unsigned line = 1;
	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	return line;
}

/* Each edit of the template is refused with the line where the wrong thing stands. */
static void test_refusals(void **state)
{
	static const struct {
		const char *from, *to, *line_of; /* text in the edited file that marks the line */
		enum err_code code;
	} rows[] = {
		{ "A = \"2%\"", "A = \"101%\"", "A = \"101%\"", ERR_BAD_RATIO },
		{ "A = \"2%\"", "A = 0.02", "A = 0.02", ERR_BAD_RATIO },
		{ "A = \"2%\"", "A = \"0.00001%\"", "A = \"0.00001%\"", ERR_BAD_RATIO },
		{ "A = \"20%\"", "A = \"-1%\"", "A = \"-1%\"", ERR_BAD_RATIO },
		{ "factor = \"50%\"", "factor = \"0%\"", "factor = \"0%\"", ERR_BAD_POLICY },
		{ "factor = \"50%\"", "factor = \"10000.1%\"", "factor = \"10000.1%\"",
			ERR_BAD_RATIO },
		{ "factor = \"50%\"", "factor = 50", "factor = 50", ERR_BAD_RATIO },
		{ "labels = [\"alliance\", \"incentive\"]", "labels = [\"serious\"]",
			"labels = [\"abnormal\"", ERR_BAD_POLICY },
		{ "general = \"20%\"", "general = \"20\"", "general = \"20\"", ERR_BAD_RATIO },
		{ "minimum = \"3%\"", "minimum = \"300%\"", "minimum = \"300%\"", ERR_BAD_RATIO },
		{ "start = \"status\"", "start = \"since\"", "start = \"since\"", ERR_BAD_POLICY },
		{ "classes = [\"A\"]; most = 1", "classes = [\"E\"]; most = 1", "classes = [\"E\"]",
			ERR_BAD_POLICY },
		{ "most = 2", "most = 0", "most = 0", ERR_BAD_POLICY },
		{ "AB = \"B\"", "AB = \"U\"", "AB = \"U\"", ERR_BAD_POLICY },
		{ "canteen: { name = \"学校食堂\"; strict = true; }", "canteens: { name = \"x\"; }",
			"field = \"canteen\"", ERR_BAD_POLICY },
		{ "2026-04-13..2026-05-29", "2026-04-10..2026-05-29", "batches =", ERR_BAD_DATE },
		{ "kinds = [\"enterprise\"];\n\t\tratio", "mode: { A = \"onsite\"; };\n\t\tratio",
			"\tlabour:", ERR_NO_REASON },
		/* 国市监信〔2019〕38号: one key item must not lift what holds for general items */
		{ "items = [\"scjg-price\"]", "items = [\"scjg-price\", \"scjg-drugs\"]", "\tprice:\n\t{\n",
			ERR_NO_REASON },
		{ "A = \"20%\"", "A = \"0%\"", "A = \"0%\"", ERR_BAD_RATIO }, /* strict */
		{ "rounding = \"half-up\"", "rounding = \"bankers\"", "rounding", ERR_BAD_POLICY },
		{ "limit = 60", "limit = 0", "limit = 0", ERR_NONE },
		{ "limit = 60", "limit = -5", "limit = -5", ERR_CONF },
		{ "limit = 60", "limit = 6000000000", "limit = 60", ERR_CONF },
		{ "limit = 60", "limits = 60", "limits", ERR_BAD_POLICY },
		{ "from = \"2026-01-01\"", "from = \"2026-02-30\"", "2026-02-30", ERR_NONE },
		{ "lead = \"jyj\"", "lead = \"lxb\"", "lead = \"lxb\"", ERR_NONE },
		{ "lead = \"jyj\"", "lead = \"nobody\"", "lead = \"nobody\"", ERR_NONE },
		{ "labels = [\"food-making\"]", "labels = [\"food-making\", \"food-making\"]",
			"\"food-making\", \"food-making\"", ERR_CONF },
		{ "labels = [\"food-making\"]", "labels = [\"a,b\"]", "a,b", ERR_CONF },
		{ "title = ", "@include \"/etc/passwd\"\ntitle = ", "@include", ERR_CONF },
		{ "title = ", "title = \"x\";\ntitle = ", "\ntitle = \"2026", ERR_CONF },
		{ "defaults:\n{", "defaults:\n{\n\trule: { x = 1; };", "rule: { x", ERR_CONF },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct policy_file f;
		struct err e = { 0 };
		const char *text = replaced(a, read_template(a), rows[i].from, rows[i].to);
		if (policy_file_parse(&f, a, text, "p.conf", &e))
			fail_msg("taken: %s", rows[i].to);
		const char *mark = strstr(text, rows[i].line_of);
		const char *place =
			arena_printf(a, "p.conf:%u", line_of(text, mark + (mark[0] == '\n')));
		if (strstr(e.where, place) == NULL)
			fail_msg("%s: wanted %s, got \"%s\" \"%s\"", rows[i].to, place, e.where,
				e.what);
		if (rows[i].code != ERR_NONE && rows[i].code != e.code)
			fail_msg("%s: %s", rows[i].to, err_row(e.code)->name);
	}
}

/* A task whose only departments may not inspect: the sentence says so. */
static void test_office_may_not_inspect(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	const char *text = replaced(a, read_template(a), "jyj: { name = \"教育局\"; };",
		"jyj: { name = \"教育局\"; inspects = false; };");
	assert_false(policy_file_parse(&f, a, text, "p.conf", &e));
	assert_int_equal(e.code, ERR_NO_DEPARTMENT);
}

static void test_missing_setting_names_its_group(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct policy_file f;
	struct err e = { 0 };
	const char *text = replaced(a, read_template(a), "name = \"学校办学情况联合抽查\";", "");
	assert_false(policy_file_parse(&f, a, text, "p.conf", &e));
	const char *group = strstr(text, "\tschool:\n");
	assert_non_null(strstr(e.where, arena_printf(a, "p.conf:%u", line_of(text, group) + 0)));
}

static void test_ratio(void **state)
{
	static const struct {
		const char *text;
		int ppm; /* -1: refused */
	} rows[] = { { "0%", 0 }, { "2.5%", 25000 }, { "100%", 1000000 }, { "0.0001%", 1 },
		{ "99.9999%", 999999 }, { "100.0000%", 1000000 }, { "100.0001%", -1 },
		{ "101%", -1 }, { "1000%", -1 }, { "02%", -1 }, { "2", -1 }, { "%", -1 },
		{ ".5%", -1 }, { "2.%", -1 }, { "2.00001%", -1 }, { " 2%", -1 }, { "2% ", -1 },
		{ "+2%", -1 }, { "-2%", -1 }, { "", -1 } };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned ppm = 0;
		bool ok = settings_file_percent(rows[i].text, 1000000, &ppm);
		if (ok != (rows[i].ppm >= 0) || (ok && (int)ppm != rows[i].ppm))
			fail_msg("\"%s\": %d %u", rows[i].text, ok, ppm);
	}
	unsigned ppm = 0;
	assert_true(settings_file_percent("10000%", 100000000, &ppm) && ppm == 100000000);
	assert_false(settings_file_percent("10000.0001%", 100000000, &ppm));
	assert_false(settings_file_percent("100000%", 100000000, &ppm));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_rows_are_canonical),
		cmocka_unit_test(test_defaults_yield),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_office_may_not_inspect),
		cmocka_unit_test(test_missing_setting_names_its_group),
		cmocka_unit_test(test_ratio),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
