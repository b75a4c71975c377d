#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "tests/unit/sample_policy.h"

static void read_all(void **state)
{
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };

	(void)state;
	sample_init(&s, a);
	assert_true(sample_read(&s, &p, &e));
	assert_int_equal(e.code, ERR_NONE);
	assert_int_equal(p.class_missing, CODE_B);
	assert_int_equal(p.rounding, ROUND_HALF_UP);
	assert_int_equal(p.empty_refuse, 0);
	assert_int_equal(p.inspectors_limit, 40);
	assert_int_equal(p.inspectors_slack, 130);
	assert_int_equal(p.observation_months, 12);
	assert_int_equal(p.tolerance_months, 6);
	assert_int_equal(p.cycle_to - p.cycle_from, 364);
	assert_true(bytes_is(p.basis[CODE_TOLERANCE - CODE_TYPE], "歇业宽容期"));
	assert_true(bytes_is(p.basis[0], "不属于任务的检查对象范围"));
	assert_true(bytes_is(p.basis[CODE_CHECKED - CODE_TYPE], "本周期内已检查的不再抽取"));

	assert_int_equal(p.department_count, 3);
	assert_int_equal(p.item_count, 3);
	assert_int_equal(p.task_count, 2);
	/* bytewise by code, though "task.t-2." comes before "task.t." */
	const struct task *t = &p.tasks[0], *t2 = &p.tasks[1];
	assert_true(bytes_is(t->code, "t") && bytes_is(t2->code, "t-2"));
	assert_int_equal(t->department_count, 1);
	assert_int_equal(t2->department_count, 2);
	struct buf names = buf_new(a, 64);
	buf_str(&names, "x");
	policy_departments(&p, &names); /* the office inspects nothing */
	assert_true(bytes_is(buf_view(&names), "xfire,market"));
	assert_int_equal(t2->departments[0], policy_department(&p, BYTES("fire")));
	assert_int_equal(t2->departments[1], policy_department(&p, BYTES("market")));
	assert_int_equal(t2->lead, policy_department(&p, BYTES("fire")));
	assert_int_equal(t2->item_count, 2);
	assert_int_equal(t2->items[0], policy_item(&p, BYTES("alarm")));
	assert_int_equal(t2->items[1], policy_item(&p, BYTES("licence")));
	assert_int_equal(t->ratio[CODE_D], 1000000);
	assert_int_equal(t2->ratio[CODE_C], 0);
	assert_int_equal(t->offsite, 0);
	assert_int_equal(t2->offsite, 1);
	assert_int_equal(t2->special, 1);
	assert_true(t2->safety && !t->safety);
	assert_int_equal(t2->officers, 1);
	assert_int_equal(t->to - t->from, 90);
	assert_int_equal(p.items[policy_item(&p, BYTES("alarm"))].key, 1);
	assert_false(p.departments[policy_department(&p, BYTES("office"))].inspects);
	assert_int_equal(policy_task(&p, BYTES("t-2")), 1);
	assert_int_equal(policy_task(&p, BYTES("t-3")), -1);
	assert_int_equal(policy_item(&p, BYTES("")), -1);
}

/* One change of the sample, and what the refusal must say; NULL code: accepted. */
static const struct {
	const char *path, *value; /* value NULL: the row is taken away */
	enum err_code code;
	const char *where, *what;
} changes[] = {
	{ "class.missing", "E", ERR_BAD_POLICY, "class.missing", "A B C D" },
	{ "class.missing", "", ERR_BAD_POLICY, "class.missing", "" },
	{ "class.missing", NULL, ERR_BAD_POLICY, "class.missing", "missing" },
	{ "class.other", "A", ERR_BAD_POLICY, "class.other", "unknown path" },
	{ "", "A", ERR_BAD_POLICY, "policy: ", "unknown path" },
	{ "cycle.from", "2026-02-30", ERR_BAD_DATE, "cycle.from", "2026-02-30" },
	{ "cycle.from", "2026-12-31", ERR_NONE, "", "" },
	{ "cycle.from", "2027-01-01", ERR_BAD_DATE, "cycle.from", "after cycle.to" },
	{ "inspectors.limit", "0", ERR_BAD_POLICY, "inspectors.limit", "1 to 9999" },
	{ "inspectors.limit", "9999", ERR_NONE, "", "" },
	{ "inspectors.limit", "10000", ERR_BAD_POLICY, "inspectors.limit", "1 to 9999" },
	{ "inspectors.slack", "99", ERR_BAD_POLICY, "inspectors.slack", "100 to 1000" },
	{ "inspectors.slack", "100", ERR_NONE, "", "" },
	{ "inspectors.slack", "1000", ERR_NONE, "", "" },
	{ "inspectors.slack", "1001", ERR_BAD_POLICY, "inspectors.slack", "100 to 1000" },
	{ "observation.months", "120", ERR_NONE, "", "" },
	{ "observation.months", "121", ERR_BAD_POLICY, "observation.months", "0 to 120" },
	{ "observation.months", "012", ERR_BAD_POLICY, "observation.months", "012" },
	{ "tolerance.months", "0", ERR_NONE, "", "" },
	{ "tolerance.months", "-1", ERR_BAD_POLICY, "tolerance.months", "-1" },
	{ "rounding", "nearest", ERR_BAD_POLICY, "rounding", "down half-up up" },
	{ "rule.type.basis", "", ERR_BAD_POLICY, "rule.type.basis", "text" },
	{ "rule.type.basis", " x", ERR_BAD_POLICY, "rule.type.basis", "text" },
	{ "rule.cap.basis", "x", ERR_BAD_POLICY, "rule.cap.basis", "unknown path" },
	{ "strata.empty", "allow", ERR_BAD_POLICY, "strata.empty", "report refuse" },
	{ "department.fire.inspects", "true", ERR_BAD_POLICY, "department.fire.inspects",
		"yes or no" },
	{ "department.fire.inspects", "no", ERR_NO_DEPARTMENT, "task.t-2.items", "fire" },
	{ "department.fire.regions", "3710,3702", ERR_BAD_POLICY, "department.fire.regions",
		"ascending" },
	{ "department.fire.regions", "3710,3710", ERR_BAD_POLICY, "department.fire.regions", "" },
	{ "department.fire.regions", "3710,", ERR_BAD_POLICY, "department.fire.regions", "" },
	{ "department.fire.regions", "", ERR_NONE, "", "" },
	{ "department.fire.colour", "red", ERR_BAD_POLICY, "department.fire.colour",
		"unknown path" },
	{ "department.Fire.name", "x", ERR_BAD_POLICY, "department.Fire.name", "not a token" },
	{ "department..name", "x", ERR_BAD_POLICY, "department..name", "not a token" },
	{ "department.fire", "x", ERR_BAD_POLICY, "department.fire", "unknown path" },
	{ "department.water.name", "水利局", ERR_BAD_POLICY, "department.water.inspects",
		"missing" },
	{ "department.market.name", NULL, ERR_BAD_POLICY, "department.market.name", "missing" },
	{ "item.alarm.department", "police", ERR_BAD_POLICY, "item.alarm.department", "police" },
	{ "item.alarm.kind", "special", ERR_BAD_POLICY, "item.alarm.kind", "general key" },
	{ "item.scale.basis", NULL, ERR_BAD_POLICY, "item.scale.basis", "missing" },
	{ "task.t.items", "", ERR_BAD_POLICY, "task.t.items", "not empty" },
	{ "task.t.items", "*", ERR_BAD_POLICY, "task.t.items", "" },
	{ "task.t.items", "scale,licence", ERR_BAD_POLICY, "task.t.items", "ascending" },
	{ "task.t.items", "fence,licence", ERR_BAD_POLICY, "task.t.items", "no such item" },
	{ "task.t.items", "Licence", ERR_BAD_POLICY, "task.t.items", "tokens" },
	{ "task.t.kinds", "", ERR_NONE, "", "" },
	{ "task.t.kinds", "Enterprise", ERR_BAD_POLICY, "task.t.kinds", "tokens" },
	{ "task.t.lead", "fire", ERR_BAD_POLICY, "task.t.lead", "no item of the task" },
	{ "task.t.lead", "police", ERR_BAD_POLICY, "task.t.lead", "no such department" },
	{ "task.t.lead", "", ERR_BAD_POLICY, "task.t.lead", "token" },
	{ "task.t.mode", "remote", ERR_BAD_POLICY, "task.t.mode", "onsite offsite" },
	{ "task.t.category", "for-cause", ERR_BAD_POLICY, "task.t.category", "daily special" },
	{ "task.t.officers", "0", ERR_BAD_POLICY, "task.t.officers", "1 to 8" },
	{ "task.t.officers", "9", ERR_BAD_POLICY, "task.t.officers", "1 to 8" },
	{ "task.t.officers", "8", ERR_NONE, "", "" },
	{ "task.t.officers", "1", ERR_BAD_POLICY, "task.t.officers-basis", "legal basis" },
	{ "task.t.officers-basis", "某法", ERR_BAD_POLICY, "task.t.officers-basis",
		"must be empty" },
	{ "task.t.ratio.A", "1000001", ERR_BAD_RATIO, "task.t.ratio.A", "1000001" },
	{ "task.t.ratio.A", "2%", ERR_BAD_RATIO, "task.t.ratio.A", "2%" },
	{ "task.t.ratio.U", "1", ERR_BAD_POLICY, "task.t.ratio.U", "unknown path" },
	{ "task.t.from", "2026-06-30", ERR_NONE, "", "" },
	{ "task.t.from", "2026-07-01", ERR_BAD_DATE, "task.t.from", "2026-07-01" },
	{ "task.t.safety", NULL, ERR_BAD_POLICY, "task.t.safety", "missing" },
	{ "task.t.regions", "3710,371002", ERR_NONE, "", "" },
};

static void refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		ARENA_AUTO a = arena_new();
		struct sample s;
		struct policy p;
		struct err e = { 0 };
		sample_init(&s, a);
		if (changes[i].value != NULL)
			sample_set(&s, changes[i].path, changes[i].value);
		else
			sample_drop(&s, changes[i].path);
		bool ok = sample_read(&s, &p, &e);
		if (ok != (changes[i].code == ERR_NONE) || e.code != changes[i].code ||
			strstr(e.where, changes[i].where) == NULL ||
			strstr(e.what, changes[i].what) == NULL)
			fail_msg("%s = %s gives %s: %s: %s", changes[i].path, changes[i].value,
				err_row(e.code)->name, e.where, e.what);
	}
}

static void misplaced(void **state)
{
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };

	(void)state;
	sample_init(&s, a);
	policy_sort(s.row, s.n);
	struct policy_row first = s.row[3];
	s.row[3] = s.row[4];
	s.row[4] = first;
	assert_false(policy_from_rows(&p, a, s.row, s.n, &e));
	assert_int_equal(e.code, ERR_BAD_POLICY);
	assert_non_null(strstr(e.what, "order"));

	e = (struct err){ 0 };
	s.row[4] = s.row[3];
	assert_false(policy_from_rows(&p, a, s.row, s.n, &e));
	assert_non_null(strstr(e.what, "twice"));

	e = (struct err){ 0 };
	assert_false(policy_from_rows(&p, a, s.row, 0, &e));
	assert_non_null(strstr(e.where, "class.missing"));
}

/* Every path of the table is required: without any row the policy is refused. */
static void every_row_counts(void **state)
{
	(void)state;
	for (size_t i = 0;; i++) {
		ARENA_AUTO a = arena_new();
		struct sample s;
		struct policy p;
		struct err e = { 0 };
		sample_init(&s, a);
		if (i == s.n)
			break;
		const char *path = arena_strndup(a, s.row[i].path.p, s.row[i].path.n);
		sample_drop(&s, path);
		assert_false(sample_read(&s, &p, &e));
		assert_int_equal(e.code, ERR_BAD_POLICY);
		assert_non_null(strstr(e.where, path));
		assert_string_equal(e.what, "missing");
	}
}

/* Without departments, items and tasks the root paths alone make a policy. */
static void nothing_to_inspect(void **state)
{
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };

	(void)state;
	sample_init(&s, a);
	sample_drop_all(&s, "department.");
	sample_drop_all(&s, "item.");
	sample_drop_all(&s, "task.");
	assert_true(sample_read(&s, &p, &e));
	assert_int_equal(p.task_count, 0);
	assert_int_equal(policy_task(&p, BYTES("t")), -1);
}

/* struct → artefact → struct → rows gives the same rows; their order of arrival does not matter. */
static void round_trip(void **state)
{
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p, q;
	struct err e = { 0 };
	struct table t;
	uint8_t blind[32] = { 7 }, hash[32], again[32];
	struct buf out = buf_new(a, 0);

	(void)state;
	sample_init(&s, a);
	assert_true(sample_read(&s, &p, &e));
	assert_true(policy_write(&p, blind, sink_buf(&out), a, hash, &e));
	assert_true(table_open(&t, TABLE_POLICY, buf_view(&out), &e));
	assert_int_equal(t.n, s.n);
	assert_true(policy_read(&q, a, &t, &e));

	const struct policy_row *rows;
	size_t n;
	policy_rows(&q, a, &rows, &n);
	assert_int_equal(n, s.n);
	for (size_t i = 0; i < n; i++) {
		assert_true(bytes_equal(rows[i].path, s.row[i].path));
		assert_true(bytes_equal(rows[i].value, s.row[i].value));
	}
	uint32_t x = 1;
	for (int round = 0; round < 50; round++) {
		for (size_t i = s.n; i > 1; i--) {
			x = x * 1664525 + 1013904223;
			size_t k = (x >> 8) % i;
			struct policy_row swap = s.row[i - 1];
			s.row[i - 1] = s.row[k];
			s.row[k] = swap;
		}
		assert_true(sample_read(&s, &q, &e));
		assert_true(policy_write(&q, blind, sink_none(), a, again, &e));
		assert_memory_equal(hash, again, 32);
	}
}

static void table_of_paths(void **state)
{
	struct policy_path path;
	size_t n = 0, ratios = 0;

	(void)state;
	for (; policy_path(n, &path); n++) {
		assert_non_null(path.form);
		ratios += strcmp(path.owner, "task.<t>.") == 0 && path.max == 1000000;
	}
	assert_int_equal(n, 15 + 3 + 4 + 18);
	assert_int_equal(ratios, 4);
}

/* ---- lists ---- */

static void prefix_lists(void **state)
{
	static const struct {
		const char *list, *value;
		bool match;
	} rows[] = {
		{ "*", "371002", true },
		{ "*", "", true },
		{ "", "371002", false },
		{ "", "", false },
		{ "37", "", false },
		{ "3710", "371002", true },
		{ "3710", "3710", true },
		{ "3710", "371", false },
		{ "3710", "3711", false },
		{ "3702,3710", "371002", true },
		{ "3702,3710", "370203", true },
		{ "3702,3710", "3703", false },
		{ "3710,371002,371003", "371099", true },
		{ "3710,371002,371003", "371003001", true },
		{ "A,C13,C14,F", "C1", false },
		{ "A,C13,C14,F", "C13", true },
		{ "A,C13,C14,F", "C1499", true },
		{ "A,C13,C14,F", "B", false },
		{ "A,C13,C14,F", "G", false },
	};
	ARENA_AUTO a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct prefixes p;
		struct buf text = buf_new(a, 0);
		assert_true(prefixes_parse(&p, a, bytes_of(rows[i].list)));
		if (prefixes_match(&p, bytes_of(rows[i].value)) != rows[i].match)
			fail_msg("\"%s\" on \"%s\"", rows[i].list, rows[i].value);
		list_put(&p.list, &text);
		assert_true(bytes_is(buf_view(&text), rows[i].list));
	}
}

/* All texts of 1 to 4 digits 0-2 in bytewise order: a number after its own prefixes. */
static size_t all_texts(char text[120][5])
{
	size_t n = 0;
	for (unsigned v = 0; v < 81; v++) {
		const char full[5] = { (char)('0' + v / 27), (char)('0' + v / 9 % 3),
			(char)('0' + v / 3 % 3), (char)('0' + v % 3), '\0' };
		for (size_t digits = 1; digits <= 4; digits++) {
			char cut[5] = "";
			memcpy(cut, full, digits);
			if (n == 0 || strcmp(text[n - 1], cut) < 0)
				memcpy(text[n++], cut, 5);
		}
	}
	return n;
}

/* The binary search agrees with trying every member. */
static void prefix_lists_at_random(void **state)
{
	char text[120][5];
	size_t n = all_texts(text);
	uint32_t x = 7;

	(void)state;
	assert_int_equal(n, 3 + 9 + 27 + 81);
	for (int round = 0; round < 2000; round++) {
		ARENA_AUTO a = arena_new();
		struct buf list = buf_new(a, 0);
		struct prefixes p;
		for (size_t i = 0; i < n; i++) {
			x = x * 1664525 + 1013904223;
			if ((x >> 16) % 16 > (unsigned)round % 8)
				continue;
			buf_str(&list, list.n > 0 ? "," : "");
			buf_str(&list, text[i]);
		}
		assert_true(prefixes_parse(&p, a, buf_view(&list)));
		for (size_t i = 0; i < n; i++) {
			bool slow = false;
			for (uint32_t m = 0; m < p.list.n; m++)
				slow = slow || bytes_starts(bytes_of(text[i]), p.list.at[m]);
			assert_int_equal(prefixes_match(&p, bytes_of(text[i])), slow);
		}
	}
}

static void lists(void **state)
{
	static const char *const bad[] = { ",", "a,", ",a", "b,a", "a,a", "a,,b" };
	ARENA_AUTO a = arena_new();
	struct list l;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(list_parse(&l, a, bytes_of(bad[i])));
	assert_true(list_parse(&l, a, BYTES("")));
	assert_false(list_has(&l, BYTES("")) || list_has(&l, BYTES("a")));
	assert_true(list_parse(&l, a, BYTES("a,a-b,b")));
	assert_int_equal(l.n, 3);
	assert_true(
		list_has(&l, BYTES("a")) && list_has(&l, BYTES("a-b")) && list_has(&l, BYTES("b")));
	assert_false(
		list_has(&l, BYTES("a-")) || list_has(&l, BYTES("c")) || list_has(&l, BYTES("")));
	assert_true(list_parse(&l, a, BYTES("*")));
	assert_true(l.all && l.n == 0 && list_has(&l, BYTES("anything")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_all),
		cmocka_unit_test(refusals),
		cmocka_unit_test(misplaced),
		cmocka_unit_test(every_row_counts),
		cmocka_unit_test(nothing_to_inspect),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(table_of_paths),
		cmocka_unit_test(prefix_lists),
		cmocka_unit_test(prefix_lists_at_random),
		cmocka_unit_test(lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
