/* Schemes and policies put together of them. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/compose.h"
#include "tests/unit/sample_policy.h"

/* The sample's rows: a base, and its task `t` as the scheme `t`. */
struct parts {
	struct arena *a;
	struct compose_rows base, scheme;
};

static void add(struct parts *p, struct compose_rows *to, struct bytes path, struct bytes value)
{
	struct setting_row *row = arena_calloc(p->a, to->n + 1, sizeof *row);
	if (to->n > 0)
		memcpy(row, to->row, to->n * sizeof *row);
	row[to->n] = (struct setting_row){ path, value };
	to->row = row;
	to->n++;
}

static struct bytes text(const struct parts *p, const char *s)
{
	return bytes_of(arena_strdup(p->a, s));
}

static bool of_round(const char *name)
{
	return strcmp(name, "from") == 0 || strcmp(name, "to") == 0 || strcmp(name, "batches") == 0;
}

static struct parts parts_new(struct arena *a)
{
	struct parts p = { .a = a };
	struct sample s;
	sample_init(&s, a);
	for (size_t i = 0; i < s.n; i++) {
		const char *path = arena_strndup(a, s.row[i].path.p, s.row[i].path.n);
		if (strncmp(path, "task.", 5) != 0)
			add(&p, &p.base, s.row[i].path, s.row[i].value);
		else if (strncmp(path, "task.t.", 7) == 0 && !of_round(path + 7))
			add(&p, &p.scheme, text(&p, arena_printf(a, "scheme.t.%s", path + 7)),
				s.row[i].value);
	}
	add(&p, &p.scheme, BYTES("scheme.t.draws"), BYTES("2"));
	add(&p, &p.scheme, BYTES("scheme.t.measures.A"), BYTES("非现场为主"));
	add(&p, &p.scheme, BYTES("scheme.t.measures.B"), BYTES(""));
	add(&p, &p.scheme, BYTES("scheme.t.measures.C"), BYTES(""));
	add(&p, &p.scheme, BYTES("scheme.t.measures.D"), BYTES("全部现场检查"));
	p.base = compose_sorted(&p.base, a);
	p.scheme = compose_sorted(&p.scheme, a);
	return p;
}

/* Change a row of the scheme, or (NULL) take it away. */
static void change(struct parts *p, const char *path, const char *value)
{
	struct compose_rows made = { NULL, 0 };
	bool there = false;
	for (size_t i = 0; i < p->scheme.n; i++) {
		bool it = bytes_is(p->scheme.row[i].path, path);
		there |= it;
		if (!it)
			add(p, &made, p->scheme.row[i].path, p->scheme.row[i].value);
	}
	assert_true(there || value != NULL);
	if (value != NULL)
		add(p, &made, text(p, path), text(p, value));
	p->scheme = compose_sorted(&made, p->a);
}

static struct compose_task task_of(const struct parts *p, const char *code)
{
	return (struct compose_task){ .code = bytes_of(code),
		.scheme = p->scheme,
		.from = BYTES("2026-04-01"),
		.to = BYTES("2026-06-30") };
}

static void texts(void **state)
{
	static const char *const wrong[] = { "a", "a\n", "a\tb", "a\tb\nc\n", "\n" };
	(void)state;
	ARENA_AUTO a = arena_new();
	struct compose_rows rows;
	struct err e = { 0 };
	assert_true(compose_split(BYTES("a\tb\nc.d\te f\ng\t\n"), a, &rows, &e));
	assert_int_equal(rows.n, 3);
	assert_true(bytes_is(rows.row[1].path, "c.d") && bytes_is(rows.row[1].value, "e f"));
	assert_int_equal(rows.row[2].value.n, 0);
	assert_true(bytes_is(compose_join(&rows, a), "a\tb\nc.d\te f\ng\t\n"));
	assert_true(compose_split(BYTES(""), a, &rows, &e) && rows.n == 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err bad = { 0 };
		assert_false(compose_split(bytes_of(wrong[i]), a, &rows, &bad));
		assert_int_equal(bad.code, ERR_BAD_POLICY);
	}
}

/* A scheme drawn twice a year is two tasks with dates of their own. */
static void two_draws(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct parts p = parts_new(a);
	struct compose_task task[2] = { task_of(&p, "t-1"), task_of(&p, "t-2") };
	struct compose_rows rows;
	struct policy policy;
	struct err e = { 0 };
	char why[700];
	task[1].from = BYTES("2026-09-01");
	task[1].to = BYTES("2026-10-30");
	task[1].batches = BYTES("2026-09-01..2026-09-30,2026-10-09..2026-10-30");
	task[1].name = BYTES("秋季检查");
	if (!compose_read(&policy, &p.base, task, 2, a, &rows, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
	assert_int_equal(policy.task_count, 2);
	assert_true(bytes_is(policy.tasks[0].name, "登记事项检查"));
	assert_true(bytes_is(policy.tasks[1].name, "秋季检查"));
	assert_int_equal(policy.tasks[0].ratio[1], 50000);
	assert_int_equal(policy.tasks[1].batches.n, 2);
	assert_true(policy.tasks[0].to < policy.tasks[1].from);
	for (size_t i = 0; i < rows.n; i++) {
		assert_false(bytes_starts(rows.row[i].path, BYTES("scheme.")));
		assert_null(memmem(rows.row[i].path.p, rows.row[i].path.n, "measures", 8));
		if (i > 0)
			assert_true(bytes_compare(rows.row[i - 1].path, rows.row[i].path) < 0);
	}
	/* its own task, with its own dates, is the one of the policy that it was taken from */
	struct sample s;
	struct compose_rows own;
	struct compose_task same = task_of(&p, "t");
	const struct setting_row *want;
	size_t n;
	sample_init(&s, a);
	sample_drop_all(&s, "task.t-2.");
	assert_true(sample_read(&s, &policy, &e));
	policy_rows(&policy, a, &want, &n);
	assert_true(compose_policy(&p.base, &same, 1, a, &own, &e));
	assert_int_equal(own.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(bytes_equal(own.row[i].path, want[i].path));
		assert_true(bytes_equal(own.row[i].value, want[i].value));
	}
}

static void read_schemes(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct parts p = parts_new(a);
	const struct scheme *scheme;
	struct err e = { 0 };
	size_t n;
	assert_true(schemes_read(&p.scheme, a, &scheme, &n, &e));
	assert_int_equal(n, 1);
	assert_true(bytes_is(scheme[0].code, "t"));
	assert_int_equal(scheme[0].draws, 2);
	assert_true(bytes_is(scheme[0].measures[STRATUM_A], "非现场为主"));
	assert_int_equal(scheme[0].measures[STRATUM_B].n, 0);
	assert_int_equal(scheme_rows(&p.scheme, BYTES("t"), a).n, p.scheme.n);
	assert_int_equal(scheme_rows(&p.scheme, BYTES("other"), a).n, 0);
}

/* What a scheme must be, and what its refusal names. */
static void refused(void **state)
{
	static const struct {
		const char *path, *value; /* NULL: taken away */
		enum err_code code;
		const char *where;
	} cases[] = {
		{ "scheme.t.draws", "0", ERR_BAD_POLICY, "scheme.t.draws" },
		{ "scheme.t.draws", "13", ERR_BAD_POLICY, "scheme.t.draws" },
		{ "scheme.t.draws", NULL, ERR_BAD_POLICY, "scheme.t.draws" },
		{ "scheme.t.measures.D", NULL, ERR_BAD_POLICY, "scheme.t.measures.D" },
		{ "scheme.t.from", "2026-04-01", ERR_BAD_POLICY, "scheme.t.from" },
		{ "scheme.t.batches", "", ERR_BAD_POLICY, "scheme.t.batches" },
		{ "scheme.other.name", "x", ERR_BAD_POLICY, "scheme.other.draws" },
		{ "task.t.name", "x", ERR_BAD_POLICY, "task.t.name" },
		{ "scheme.t.colour", "x", ERR_BAD_POLICY, "scheme: scheme.t.colour" },
		/* the rules of a task, told of the scheme */
		{ "scheme.t.name", NULL, ERR_BAD_POLICY, "scheme: scheme.t.name" },
		{ "scheme.t.ratio.A", "1000001", ERR_BAD_RATIO, "scheme: scheme.t.ratio.A" },
		/* 国办发〔2024〕54号: a co-ordinating body may not inspect */
		{ "scheme.t.lead", "office", ERR_BAD_POLICY, "scheme: scheme.t.lead" },
		/* FIELD rows 36, 74: who is worse is drawn more, and A is not entered, or there is
		 * a reason */
		{ "scheme.t.reason", "", ERR_NO_REASON, "scheme: scheme.t.reason" },
		{ "scheme.t.items", "unknown", ERR_BAD_POLICY, "scheme: scheme.t.items" },
		{ "scheme.t.officers", "1", ERR_BASIS_MISSING, "scheme: scheme.t.officers-basis" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct parts p = parts_new(a);
		const struct scheme *scheme;
		struct compose_rows rows;
		struct policy policy;
		struct err e = { 0 };
		size_t n;
		change(&p, cases[i].path, cases[i].value);
		struct compose_task task = task_of(&p, "t");
		bool ok = schemes_read(&p.scheme, a, &scheme, &n, &e) &&
			  compose_read(&policy, &p.base, &task, 1, a, &rows, &e);
		if (ok || e.code != cases[i].code || strstr(e.where, cases[i].where) == NULL)
			fail_msg("%s = %s: %s, %s (%s)", cases[i].path,
				cases[i].value ? cases[i].value : "-",
				ok ? "taken" : err_row(e.code)->name, e.where, e.what);
	}
}

static void base_without_tasks(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct parts p = parts_new(a);
	struct compose_rows rows;
	struct compose_task task = task_of(&p, "t");
	struct err e = { 0 };
	add(&p, &p.base, BYTES("task.x.name"), BYTES("x"));
	assert_false(compose_policy(&p.base, &task, 1, a, &rows, &e));
	assert_int_equal(e.code, ERR_BAD_POLICY);
	assert_non_null(strstr(e.where, "task.x.name"));
}

/* 国市监信发〔2022〕6号: classes are used; 国市监信〔2019〕38号: general items are limited. */
static void warnings(void **state)
{
	static const struct {
		const char *path[4], *value[4];
		uint32_t want;
	} cases[] = {
		{ { 0 }, { 0 }, 1u << SCHEME_ONSITE_A },
		{ { "scheme.t.mode.A" }, { "offsite" }, 0 },
		{ { "scheme.t.ratio.A", "scheme.t.ratio.B", "scheme.t.ratio.C",
			  "scheme.t.ratio.D" },
			{ "30000", "30000", "30000", "30000" },
			1u << SCHEME_ONSITE_A | 1u << SCHEME_CLASS_IGNORED },
		{ { "scheme.t.ratio.A", "scheme.t.ratio.B", "scheme.t.ratio.C", "scheme.t.mode.A" },
			{ "300001", "400000", "500000", "paper" }, 1u << SCHEME_OVER_CEILING },
		{ { "scheme.t.ratio.A", "scheme.t.ratio.B", "scheme.t.ratio.C", "scheme.t.mode.A" },
			{ "300000", "400000", "500000", "paper" }, 0 },
		/* 国市监信〔2019〕38号: what is of life and safety is not let off */
		{ { "scheme.t.safety" }, { "yes" }, 0 },
		/* ratio 0: nobody of A is visited */
		{ { "scheme.t.ratio.A" }, { "0" }, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct parts p = parts_new(a);
		struct compose_rows rows;
		struct policy policy;
		struct err e = { 0 };
		for (size_t k = 0; k < 4 && cases[i].path[k] != NULL; k++)
			change(&p, cases[i].path[k], cases[i].value[k]);
		struct compose_task task = task_of(&p, "t");
		assert_true(compose_read(&policy, &p.base, &task, 1, a, &rows, &e));
		policy.ceiling_general = 300000;
		assert_int_equal(scheme_warnings(&policy, &policy.tasks[0]), cases[i].want);
	}
	assert_string_equal(scheme_warning_name(SCHEME_OVER_CEILING), "over-ceiling");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(two_draws),
		cmocka_unit_test(read_schemes),
		cmocka_unit_test(refused),
		cmocka_unit_test(base_without_tasks),
		cmocka_unit_test(warnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
