#include "tests/unit/test.h"

#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/policy/labels.h"
#include "daemon/policy/policyfile.h"
#include "planner/policy.h"

static const char rules_text[] =
	"negations = [\"不含\"];\n"
	"labels:\n{\n"
	"\tfood: { scope = [\"食品\"]; name = [\"粮油\"]; industries = [\"C13\", \"F52\"]; };\n"
	"\tchemicals: { scope = [\"危险化学品\", \"oil\"]; permits = [\"危险化学品经营许可证\", \"港口\"]; };\n"
	"\tabc: { name = [\"店\"]; not = [\"分店\"]; };\n"
	"};\n";

static struct label_rules *rules(struct arena *a)
{
	struct label_rules *r;
	struct err e = { 0 };
	assert_true(label_rules_parse(&r, a, rules_text, "labels.conf", &e));
	assert_int_equal(label_rules_count(r), 3);
	return r;
}

static void test_match(void **state)
{
	static const struct {
		const char *name, *scope, *industry, *given, *want;
	} rows[] = {
		{ "某公司", "", "", "", "" },
		{ "某公司", "食品销售", "", "", "food" },
		{ "某食品公司", "", "", "", "food" },
		{ "某公司", "粮油", "", "", "" },
		{ "某粮油公司", "", "", "", "food" },
		{ "某公司", "化工产品（不含危险化学品）；食品", "", "", "food" },
		{ "某公司", "化工产品（不含食品、危险化学品）", "", "", "" },
		{ "某公司", "不含食品；危险化学品", "", "", "chemicals" },
		{ "某公司", "", "C1310", "", "food" },
		{ "某公司", "", "C14", "", "" },
		{ "某店", "", "", "", "abc" },
		{ "某分店", "食品", "", "", "food" },
		{ "某店", "某分店", "", "", "abc" },
		{ "某店", "oil食品", "", "aaa,food,zzz", "aaa,abc,chemicals,food,zzz" },
		{ "某公司", "", "", "x,y", "x,y" },
		{ "", "", "", "food", "food" },
	};
	(void)state;
	ARENA_AUTO a = arena_new();
	struct label_rules *r = rules(a);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b = buf_new(a, 16);
		buf_str(&b, "before");
		label_rules_match(r, bytes_of(rows[i].name), bytes_of(rows[i].scope),
			bytes_of(rows[i].industry), bytes_of(rows[i].given), &b);
		struct bytes got = { b.p + 6, b.n - 6 };
		if (!bytes_is(got, rows[i].want))
			fail_msg("%s %s: \"%.*s\", wanted \"%s\"", rows[i].name, rows[i].scope,
				BYTES_ARG(got), rows[i].want);
	}
}

/* A label may be written as its rule is titled; no two rules share a title. */
static void test_titles(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct label_rules *r;
	struct err e = { 0 };
	struct bytes label;
	assert_true(label_rules_parse(&r, a,
		"labels: {\nb: { title = \"餐饮\"; name = [\"x\"]; };\na: { name = [\"y\"]; };\n};",
		"l.conf", &e));
	assert_true(label_rules_titled(r, BYTES("餐饮"), &label) && bytes_is(label, "b"));
	assert_false(label_rules_titled(r, BYTES("餐"), &label));
	assert_true(label_rules_have(r, BYTES("a")) && !label_rules_have(r, BYTES("餐饮")));
	assert_string_equal(label_rules_name(r, 0), "a");
	assert_string_equal(label_rules_name(r, 1), "餐饮");
}

/* Bytes that are not UTF-8 are nobody's word and are not read past their end. */
static void test_broken_text(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct label_rules *r = rules(a);
	const char broken[] = { '\xe9', '\xa3', '\xf0', '\xe9' };
	for (size_t n = 0; n <= sizeof broken; n++) {
		struct buf b = buf_new(a, 16);
		char *exact = malloc(n + 1);
		memcpy(exact, broken, n);
		label_rules_match(r, (struct bytes){ exact, n }, (struct bytes){ exact, n },
			(struct bytes){ exact, n }, BYTES(""), &b);
		assert_int_equal(b.n, 0);
		free(exact);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} rows[] = {
		{ "label: { };", "l.conf:1", "no such setting" },
		{ "labels: {\nA_B: { name = [\"x\"]; };\n};", "l.conf:2", "a label is" },
		{ "labels: {\na: { nam = [\"x\"]; };\n};", "l.conf:2", "no such setting" },
		{ "labels: {\na: { name = \"x\"; };\n};", "l.conf:2", "a list of words" },
		{ "labels: {\na: { name = [\"\"]; };\n};", "l.conf:2", "none of them empty" },
		{ "labels: {\na: { name = [1]; };\n};", "l.conf:2", "list of words" },
		{ "labels: {\na: { };\n};", "l.conf:2", "a group of" },
		{ "labels: {\na: { industries = \"C\"; };\n};", "l.conf:2", "a list of words" },
		{ "labels: {\na: { title = [\"x\"]; };\n};", "l.conf:2", "a word of the house" },
		{ "labels: {\na: { title = \"x y\"; };\n};", "l.conf:2", "a word of the house" },
		{ "labels: {\na: { title = \"x\"; };\nb: { title = \"x\"; };\n};", "l.conf:3",
			"the title of a" },
		{ "negations = \"x\";", "l.conf:1", "a list of words" },
		{ "labels: {\na = 1\n", "l.conf:", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct label_rules *r;
		struct err e = { 0 };
		if (label_rules_parse(&r, a, rows[i].text, "l.conf", &e))
			fail_msg("taken: %s", rows[i].text);
		if (strstr(e.where, rows[i].where) == NULL || strstr(e.what, rows[i].what) == NULL)
			fail_msg("%s: \"%s\" \"%s\"", rows[i].text, e.where, e.what);
	}
}

/* 专项库 by licence: what permits in force an object holds. */
static void test_permits(void **state)
{
	static const struct {
		const char *permit[2], *given, *want;
	} rows[] = {
		{ { "食品经营许可证", NULL }, "", "" },
		{ { "危险化学品经营许可证", NULL }, "", "chemicals" },
		{ { "某省危险化学品经营许可证（正本）", NULL }, "abc,zzz", "abc,chemicals,zzz" },
		{ { "港口经营许可证", "危险化学品经营许可证" }, "chemicals", "chemicals" },
		/* words of names and scopes are none of permits */
		{ { "食品", "店" }, "x", "x" },
		{ { NULL, NULL }, "a,b", "a,b" },
	};
	(void)state;
	ARENA_AUTO a = arena_new();
	struct label_rules *r = rules(a), *none;
	struct err e = { 0 };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct bytes permit[2];
		size_t n = 0;
		struct buf b = buf_new(a, 16);
		for (; n < 2 && rows[i].permit[n] != NULL; n++)
			permit[n] = bytes_of(rows[i].permit[n]);
		label_rules_permits(r, permit, n, bytes_of(rows[i].given), &b);
		if (!bytes_is(buf_view(&b), rows[i].want))
			fail_msg("%zu: \"%.*s\", wanted \"%s\"", i, BYTES_ARG(buf_view(&b)),
				rows[i].want);
	}
	/* and the words of permits none of names */
	struct buf b = buf_new(a, 16);
	label_rules_match(r, BYTES("港口公司"), BYTES("港口"), BYTES(""), BYTES(""), &b);
	assert_int_equal(b.n, 0);
	assert_true(label_rules_have_permits(r));
	assert_true(label_rules_parse(
		&none, a, "labels: { x: { name = [\"x\"]; }; };\n", "l.conf", &e));
	assert_false(label_rules_have_permits(none));
}

/* The template's tasks name labels that the shipped rules give. */
static void test_shipped_rules(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct label_rules *r;
	struct policy_file f;
	struct err e = { 0 };
	char *text, *rules_file;
	assert_true(label_rules_load(&r, a, "etc/policy/labels.conf", &e));
	assert_true(label_rules_count(r) >= 12);
	assert_true(cfg_read(&text, a, "etc/policy/district.conf", POLICY_FILE_MAX, &e));
	assert_true(cfg_read(&rules_file, a, "etc/policy/labels.conf", POLICY_FILE_MAX, &e));
	assert_true(policy_file_parse(&f, a, text, "district.conf", &e));
	for (uint32_t i = 0; i < f.policy.task_count; i++) {
		const struct list *l = &f.policy.tasks[i].labels;
		for (uint32_t j = 0; !l->all && j < l->n; j++)
			if (!strstr(rules_file, arena_printf(a, "\n\t%.*s:", BYTES_ARG(l->at[j]))))
				fail_msg("no rule gives %.*s", BYTES_ARG(l->at[j]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_titles),
		cmocka_unit_test(test_broken_text),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_permits),
		cmocka_unit_test(test_shipped_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
