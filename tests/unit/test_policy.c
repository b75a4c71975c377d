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
	assert_int_equal(p.class_missing, STRATUM_B);
	assert_int_equal(p.rounding, ROUND_HALF_UP);
	assert_int_equal(p.empty_refuse, 0);
	assert_int_equal(p.inspectors_limit, 40);
	assert_int_equal(p.inspectors_slack, 130);
	assert_int_equal(p.cycle_to - p.cycle_from, 364);
	assert_true(bytes_is(p.basis[RULE_TYPE], "不属于任务的检查对象范围"));
	assert_true(bytes_is(p.basis[RULE_CHECKED], "本周期内已检查的不再抽取"));
	assert_true(bytes_is(p.focus_labels.at[0], "focus") && !p.focus_labels.all);
	assert_int_equal(p.matrix[STRATUM_A][STRATUM_D], STRATUM_C);
	assert_int_equal(p.matrix[STRATUM_D][STRATUM_A], STRATUM_C);
	assert_int_equal(p.matrix[STRATUM_D][STRATUM_C], STRATUM_D);
	assert_int_equal(p.adjust[0].factor, 500000);
	assert_int_equal(p.ceiling_general, 1000000);

	assert_int_equal(p.mode_count, 2);
	assert_true(bytes_is(p.modes[0].code, "observation"));
	assert_int_equal(p.modes[0].start, START_ESTABLISHED);
	assert_int_equal(p.modes[0].scope, SCOPE_GENERAL);
	assert_int_equal(p.modes[0].months, 12);
	assert_true(p.modes[0].lifts && !p.modes[1].lifts);
	assert_int_equal(p.cap_count, 1);
	assert_int_equal(p.caps[0].counts, COUNTS_CHECKS);
	assert_int_equal(p.caps[0].most, 4);
	assert_int_equal(p.caps[0].classes.set, 31);
	assert_int_equal(p.field_count, 2);
	assert_int_equal(p.items[policy_item(&p, BYTES("alarm"))].field,
		policy_field(&p, BYTES("fire-safety")));
	assert_int_equal(p.items[policy_item(&p, BYTES("scale"))].field, -1);

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
	assert_int_equal(t->ratio[STRATUM_D], 1000000);
	assert_int_equal(t2->ratio[STRATUM_C], 20000);
	assert_int_equal(t->mode[STRATUM_A], WAY_ONSITE);
	assert_int_equal(t2->mode[STRATUM_D], WAY_OFFSITE);
	assert_true(t->onsite && !t2->onsite);
	assert_true(t->general && !t2->general);
	assert_true(!t->strict && t2->strict);
	assert_true(t->by_entity && t2->by_entity); /* cap.year */
	assert_int_equal(t->batches.n, 0);
	assert_int_equal(t2->batches.n, 2);
	assert_int_equal(t2->batches.at[1].to - t2->batches.at[0].from, 30);
	assert_int_equal(t->class, CLASS_WORST);
	assert_int_equal(t2->level, LEVEL_CITY);
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
	{ "cycle.from", "2026-04-01", ERR_NONE, "", "" },
	{ "cycle.from", "2026-04-02", ERR_BAD_DATE, "task.t.from", "before cycle.from" },
	{ "cycle.to", "2026-06-30", ERR_NONE, "", "" },
	{ "cycle.to", "2026-06-29", ERR_BAD_DATE, "task.t.to", "after cycle.to" },
	{ "cycle.from", "2027-01-01", ERR_BAD_DATE, "cycle.from", "after cycle.to" },
	{ "inspectors.limit", "0", ERR_BAD_POLICY, "inspectors.limit", "1 to 9999" },
	{ "inspectors.limit", "9999", ERR_NONE, "", "" },
	{ "inspectors.limit", "10000", ERR_BAD_POLICY, "inspectors.limit", "1 to 9999" },
	{ "inspectors.slack", "99", ERR_BAD_POLICY, "inspectors.slack", "100 to 1000" },
	{ "inspectors.slack", "100", ERR_NONE, "", "" },
	{ "inspectors.slack", "1000", ERR_NONE, "", "" },
	{ "inspectors.slack", "1001", ERR_BAD_POLICY, "inspectors.slack", "100 to 1000" },
	{ "observation.months", "12", ERR_BAD_POLICY, "observation.months", "unknown path" },
	{ "adjust.1.factor", "0", ERR_BAD_POLICY, "adjust.1.factor", "1 to 100000000" },
	{ "adjust.1.factor", "100000000", ERR_NONE, "", "" },
	{ "adjust.1.factor", "100000001", ERR_BAD_POLICY, "adjust.1.factor", "1 to 100000000" },
	{ "adjust.1.labels", "*", ERR_BAD_POLICY, "adjust.1.labels", "list of tokens" },
	{ "adjust.1.labels", "star", ERR_BASIS_MISSING, "adjust.1.basis", "law" },
	{ "adjust.2.labels", "star", ERR_BASIS_MISSING, "adjust.2.basis", "law" },
	{ "adjust.3.factor", "1", ERR_BAD_POLICY, "adjust.3.factor", "unknown path" },
	{ "ceiling.general", "0", ERR_NONE, "", "" },
	{ "ceiling.general", "1000001", ERR_BAD_RATIO, "ceiling.general", "0 to 1000000" },
	{ "focus.labels", "", ERR_NONE, "", "" },
	{ "focus.labels", "*", ERR_BAD_POLICY, "focus.labels", "list of tokens" },
	{ "matrix.AB", "U", ERR_BAD_POLICY, "matrix.AB", "A B C D" },
	{ "matrix.AB", NULL, ERR_BAD_POLICY, "matrix.AB", "missing" },
	{ "matrix.AU", "A", ERR_BAD_POLICY, "matrix.AU", "unknown path" },
	{ "field.trade.strict", "maybe", ERR_BAD_POLICY, "field.trade.strict", "yes or no" },
	{ "field.trade.name", "", ERR_BAD_POLICY, "field.trade.name", "text" },
	{ "item.scale.field", "trade", ERR_NONE, "", "" },
	{ "item.scale.field", "metrology", ERR_BAD_POLICY, "item.scale.field", "no such field" },
	{ "mode.tolerance.months", "120", ERR_NONE, "", "" },
	{ "mode.tolerance.months", "121", ERR_BAD_POLICY, "mode.tolerance.months", "0 to 120" },
	{ "mode.tolerance.months", "012", ERR_BAD_POLICY, "mode.tolerance.months", "012" },
	{ "mode.tolerance.months", "-1", ERR_BAD_POLICY, "mode.tolerance.months", "-1" },
	{ "mode.tolerance.start", "founded", ERR_BAD_POLICY, "mode.tolerance.start",
		"none established status" },
	{ "mode.tolerance.scope", "key", ERR_BAD_POLICY, "mode.tolerance.scope", "all general" },
	{ "mode.tolerance.statuses", "*", ERR_NONE, "", "" },
	{ "mode.tolerance.statuses", "open,suspended", ERR_NONE, "", "" },
	{ "mode.tolerance.statuses", "suspended,open", ERR_BAD_POLICY, "mode.tolerance.statuses",
		"ascending" },
	{ "mode.tolerance.except", "*", ERR_BAD_POLICY, "mode.tolerance.except", "tokens" },
	{ "mode.tolerance.except", "complaint", ERR_NONE, "", "" },
	{ "mode.tolerance.classes", "A,U", ERR_NONE, "", "" },
	{ "mode.tolerance.classes", "", ERR_NONE, "", "" },
	{ "mode.tolerance.classes", "U,A", ERR_BAD_POLICY, "mode.tolerance.classes", "A B C D U" },
	{ "mode.tolerance.classes", "A1", ERR_BAD_POLICY, "mode.tolerance.classes", "A B C D U" },
	{ "mode.tolerance.from", "2029-12-31", ERR_NONE, "", "" },
	{ "mode.tolerance.from", "2030-01-01", ERR_BAD_DATE, "mode.tolerance.from",
		"after its last day" },
	{ "mode.tolerance.version", "0", ERR_BAD_POLICY, "mode.tolerance.version", "1 to 9999" },
	{ "mode.tolerance.lifts", NULL, ERR_BAD_POLICY, "mode.tolerance.lifts", "missing" },
	{ "mode.a23456789012345678901234567.name", "x", ERR_BAD_POLICY,
		"mode.a23456789012345678901234567.basis", "missing" },
	{ "mode.a234567890123456789012345678.name", "x", ERR_BAD_POLICY,
		"mode.a234567890123456789012345678.name", "more than 27 bytes" },
	{ "cap.a234567890123456789012345678.name", "x", ERR_BAD_POLICY,
		"cap.a234567890123456789012345678.name", "more than 27 bytes" },
	{ "cap.year.most", "0", ERR_BAD_POLICY, "cap.year.most", "1 to 999" },
	{ "cap.year.most", "999", ERR_NONE, "", "" },
	{ "cap.year.days", "3660", ERR_NONE, "", "" },
	{ "cap.year.days", "3661", ERR_BAD_POLICY, "cap.year.days", "0 to 3660" },
	{ "cap.year.counts", "visits", ERR_BAD_POLICY, "cap.year.counts", "entries checks" },
	{ "cap.year.departments", "police", ERR_NONE, "", "" }, /* need not exist */
	{ "cap.year.levels", "county,city", ERR_BAD_POLICY, "cap.year.levels", "ascending" },
	{ "rounding", "nearest", ERR_BAD_POLICY, "rounding", "down half-up up" },
	{ "rule.type.basis", "", ERR_BASIS_MISSING, "rule.type.basis", "text" },
	{ "rule.type.basis", " x", ERR_BAD_POLICY, "rule.type.basis", "text" },
	{ "rule.type.basis", "无", ERR_BASIS_MISSING, "rule.type.basis", "names the law" },
	{ "rule.type.basis", "-", ERR_BASIS_MISSING, "rule.type.basis", "names the law" },
	{ "rule.type.basis", "无　/——", ERR_BASIS_MISSING, "rule.type.basis", "names the law" },
	{ "rule.type.basis", "《无烟条例》", ERR_NONE, "", "" },
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
	{ "department.water.name", "水利局", ERR_BAD_POLICY, "department.water.apart", "missing" },
	{ "department.market.apart", "office", ERR_NONE, "", "" },
	{ "department.market.apart", "fire", ERR_BAD_POLICY, "task.t-2.items", "market" },
	{ "department.fire.apart", "market", ERR_BAD_POLICY, "task.t-2.items", "market" },
	{ "department.fire.apart", "fire", ERR_BAD_POLICY, "department.fire.apart", "itself" },
	{ "department.fire.apart", "water", ERR_BAD_POLICY, "department.fire.apart",
		"no such department" },
	{ "department.fire.apart", "*", ERR_BAD_POLICY, "department.fire.apart", "tokens" },
	{ "visits.departments", "2", ERR_NONE, "", "" },
	{ "visits.departments", "1", ERR_BAD_POLICY, "task.t-2.items", "visits.departments" },
	{ "visits.departments", "100", ERR_BAD_POLICY, "visits.departments", "0 to 99" },
	{ "task.t.design", "weighted", ERR_NONE, "", "" },
	{ "task.t.design", "pareto", ERR_BAD_POLICY, "task.t.design", "equal weighted" },
	{ "task.t.coordination", "shared-cutoff", ERR_NONE, "", "" },
	{ "task.t.coordination", "shared", ERR_BAD_POLICY, "task.t.coordination",
		"own shared-cutoff" },
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
	{ "task.t.mode", "onsite", ERR_BAD_POLICY, "task.t.mode", "unknown path" },
	{ "task.t.mode.A", "remote", ERR_BAD_POLICY, "task.t.mode.A",
		"onsite paper network offsite" },
	{ "task.t.mode.U", "onsite", ERR_BAD_POLICY, "task.t.mode.U", "unknown path" },
	{ "task.t.class", "best", ERR_BAD_POLICY, "task.t.class",
		"general professional worst matrix" },
	{ "task.t.level", "town", ERR_BAD_POLICY, "task.t.level", "province city county street" },
	{ "task.t.frequency", "0", ERR_BAD_POLICY, "task.t.frequency", "1 to 12" },
	{ "task.t.frequency", "12", ERR_NONE, "", "" },
	{ "task.t.frequency", "13", ERR_BAD_POLICY, "task.t.frequency", "1 to 12" },
	{ "task.t.minimum", "1000000", ERR_NONE, "", "" },
	{ "task.t.minimum", "1000001", ERR_BAD_RATIO, "task.t.minimum", "0 to 1000000" },
	{ "task.t.reason", "", ERR_NO_REASON, "task.t.reason", "class A is visited on site" },
	{ "task.t-2.reason", "", ERR_NO_REASON, "task.t-2.reason", "worse class" },
	{ "task.t.batches", "2026-04-01..2026-06-30", ERR_NONE, "", "" },
	{ "task.t.batches", "2026-04-01..2026-04-01,2026-04-02..2026-04-02", ERR_NONE, "", "" },
	{ "task.t.batches", "2026-04-01..2026-04-02,2026-04-02..2026-04-03", ERR_BAD_DATE,
		"task.t.batches", "before the one before has ended" },
	{ "task.t.batches", "2026-04-02..2026-04-01", ERR_BAD_DATE, "task.t.batches",
		"after its last day" },
	{ "task.t.batches", "2026-03-31..2026-04-02", ERR_BAD_DATE, "task.t.batches",
		"not within the window" },
	{ "task.t.batches", "2026-06-29..2026-07-01", ERR_BAD_DATE, "task.t.batches",
		"not within the window" },
	{ "task.t.batches", "2026-05-01..2026-05-02,2026-04-01..2026-04-02", ERR_BAD_DATE,
		"task.t.batches", "ascending" },
	{ "task.t.batches", "2026-04-01", ERR_BAD_DATE, "task.t.batches", "YYYY-MM-DD..YYYY" },
	{ "task.t.batches", "2026-04-01...2026-04-2", ERR_BAD_DATE, "task.t.batches", "" },
	{ "task.t.batches", "*", ERR_BAD_DATE, "task.t.batches", "YYYY-MM-DD..YYYY" },
	{ "task.t.batches",
		"2026-04-01..2026-04-01,2026-04-02..2026-04-02,2026-04-03..2026-04-03,"
		"2026-04-04..2026-04-04,2026-04-05..2026-04-05,2026-04-06..2026-04-06,"
		"2026-04-07..2026-04-07,2026-04-08..2026-04-08,2026-04-09..2026-04-09,"
		"2026-04-10..2026-04-10,2026-04-11..2026-04-11,2026-04-12..2026-04-12,"
		"2026-04-13..2026-04-13",
		ERR_BAD_DATE, "task.t.batches", "more than 12 batches" },
	{ "task.t.category", "for-cause", ERR_BAD_POLICY, "task.t.category", "daily special" },
	{ "task.t.officers", "0", ERR_BAD_POLICY, "task.t.officers", "1 to 8" },
	{ "task.t.officers", "9", ERR_BAD_POLICY, "task.t.officers", "1 to 8" },
	{ "task.t.officers", "8", ERR_NONE, "", "" },
	{ "task.t.officers", "1", ERR_BASIS_MISSING, "task.t.officers-basis", "legal basis" },
	{ "task.t.officers-basis", "某法", ERR_BAD_POLICY, "task.t.officers-basis",
		"must be empty" },
	{ "task.t.ratio.A", "1000001", ERR_BAD_RATIO, "task.t.ratio.A", "1000001" },
	{ "task.t-2.ratio.C", "0", ERR_BAD_RATIO, "task.t-2.ratio.C", "leaves no class out" },
	{ "task.t.ratio.C", "0", ERR_NONE, "", "" },
	{ "task.t.ceiling-reason", "上级部署", ERR_NONE, "", "" },
	{ "task.t.ceiling-reason", NULL, ERR_BAD_POLICY, "task.t.ceiling-reason", "missing" },
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
	settings_sort(s.row, s.n);
	struct setting_row first = s.row[3];
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
	assert_non_null(strstr(e.where, "adjust.1.basis"));
}

/* Settings of task t, and what follows from them. */
static const struct {
	const char *path[3], *value[3];
	enum err_code code; /* ERR_NO_REASON: the task has none and needs one */
	bool by_entity, strict, general;
} tasks[] = {
	/* a reason is needed where a better class is drawn more, a class not at all, A on site; a
	 * strict task visits A without one */
	{ { "task.t.reason", "task.t.mode.A" }, { "", "paper" }, ERR_NONE, true, false, true },
	{ { "task.t.reason", "task.t.safety" }, { "", "yes" }, ERR_NONE, true, true, true },
	{ { "task.t.reason", "task.t.safety", "task.t.ratio.B" }, { "", "yes", "10000" },
		ERR_NO_REASON, false, false, false },
	{ { "task.t.reason", "task.t.ceiling-reason" }, { "", "某法" }, ERR_NO_REASON, false, false,
		false },
	{ { "task.t.reason", "task.t.mode.A", "task.t.ratio.B" }, { "", "paper", "10000" },
		ERR_NO_REASON, false, false, false },
	{ { "task.t.reason", "task.t.mode.A", "task.t.ratio.B" }, { "", "paper", "20000" },
		ERR_NONE, true, false, true },
	{ { "task.t.reason", "task.t.mode.A", "task.t.ratio.A" }, { "", "paper", "0" },
		ERR_NO_REASON, false, false, false },
	{ { "task.t.reason", "task.t.ratio.A" }, { "", "0" }, ERR_NO_REASON, false, false, false },
	/* the entity is the unit where a cap applies */
	{ { "cap.year.levels" }, { "county" }, ERR_NONE, true, false, true },
	{ { "cap.year.levels" }, { "city" }, ERR_NONE, false, false, true },
	{ { "cap.year.departments" }, { "fire" }, ERR_NONE, false, false, true },
	{ { "cap.year.counts" }, { "entries" }, ERR_NONE, true, false, true },
	{ { "cap.year.counts", "cap.year.levels" }, { "entries", "county" }, ERR_NONE, true, false,
		true },
	{ { "cap.year.counts", "cap.year.levels" }, { "entries", "city" }, ERR_NONE, false, false,
		true },
	{ { "cap.year.counts", "cap.year.departments" }, { "entries", "market" }, ERR_NONE, true,
		false, true },
	{ { "cap.year.counts", "cap.year.departments" }, { "entries", "fire" }, ERR_NONE, false,
		false, true },
	{ { "cap.year.counts", "cap.year.departments" }, { "entries", "" }, ERR_NONE, false, false,
		true },
	/* strict, general */
	{ { "task.t.safety" }, { "yes" }, ERR_NONE, true, true, true },
	{ { "field.trade.strict" }, { "yes" }, ERR_NONE, true, true, true },
	{ { "item.scale.kind" }, { "key" }, ERR_NONE, true, false, false },
	{ { "item.scale.field" }, { "fire-safety" }, ERR_NONE, true, true, true },
};

static void what_follows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
		ARENA_AUTO a = arena_new();
		struct sample s;
		struct policy p;
		struct err e = { 0 };
		sample_init(&s, a);
		for (size_t k = 0; k < 3 && tasks[i].path[k] != NULL; k++)
			sample_set(&s, tasks[i].path[k], tasks[i].value[k]);
		bool ok = sample_read(&s, &p, &e);
		if (ok != (tasks[i].code == ERR_NONE) || e.code != tasks[i].code)
			fail_msg("row %zu gives %s: %s", i, err_row(e.code)->name, e.where);
		const struct task *t = &p.tasks[0];
		if (ok && (t->by_entity != tasks[i].by_entity || t->strict != tasks[i].strict ||
				  t->general != tasks[i].general))
			fail_msg("row %zu: %d %d %d", i, t->by_entity, t->strict, t->general);
	}
}

/* Whoever is in focus may be entered in any task. */
static void focus_opens_a_door(void **state)
{
	(void)state;
	for (int focus = 0; focus < 2; focus++) {
		ARENA_AUTO a = arena_new();
		struct sample s;
		struct policy p;
		struct err e = { 0 };
		sample_init(&s, a);
		sample_set(&s, "cap.year.counts", "entries");
		sample_set(&s, "focus.labels", focus == 0 ? "" : "focus");
		assert_true(sample_read(&s, &p, &e));
		assert_true(p.tasks[0].by_entity && p.tasks[0].onsite);
		assert_true(!p.tasks[1].onsite);
		assert_int_equal(p.tasks[1].by_entity, focus);
	}
}

/* Labels of both adjustments would leave open which of them holds. */
static void adjustments(void **state)
{
	static const struct {
		const char *first, *second;
		bool ok;
	} rows[] = { { "", "", true }, { "star", "", true }, { "star", "poor", true },
		{ "star", "poor,star", false }, { "a,b", "b,c", false }, { "a,b", "c,d", true } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct sample s;
		struct policy p;
		struct err e = { 0 };
		sample_init(&s, a);
		sample_set(&s, "adjust.1.basis", "某法");
		sample_set(&s, "adjust.2.basis", "某法");
		sample_set(&s, "adjust.1.labels", rows[i].first);
		sample_set(&s, "adjust.2.labels", rows[i].second);
		assert_int_equal(sample_read(&s, &p, &e), rows[i].ok);
		if (!rows[i].ok)
			assert_non_null(strstr(e.where, "adjust.2.labels"));
	}
}

/* A hundred owners where 99 are allowed. */
static void too_many(void **state)
{
	static const struct {
		const char *from, *to, *what;
	} rows[] = { { "mode.tolerance.", "mode.m%02d.", "more than 99 modes" },
		{ "cap.year.", "cap.c%02d.", "more than 99 caps" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int n = 98; n <= 100; n++) {
			ARENA_AUTO a = arena_new();
			struct sample s;
			struct policy p;
			struct err e = { 0 };
			sample_init(&s, a);
			sample_drop_all(&s, "mode.observation.");
			struct setting_row *more = arena_calloc(a, s.n * 101, sizeof *more);
			size_t have = 0;
			for (size_t k = 0; k < s.n; k++) {
				struct bytes path = s.row[k].path;
				size_t head = strlen(rows[i].from);
				more[have++] = s.row[k];
				for (int c = 1; bytes_starts(path, bytes_of(rows[i].from)) && c < n;
					c++)
					more[have++] = (struct setting_row){
						bytes_of(arena_printf(a, "%.*s%02d.%.*s",
							(int)strcspn(rows[i].to, "%"), rows[i].to,
							c, (int)(path.n - head), path.p + head)),
						s.row[k].value
					};
			}
			settings_sort(more, have);
			assert_int_equal(policy_from_rows(&p, a, more, have, &e), n <= 99);
			if (n > 99)
				assert_string_equal(e.what, rows[i].what);
		}
	}
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
	sample_drop_all(&s, "cap.");
	sample_drop_all(&s, "department.");
	sample_drop_all(&s, "field.");
	sample_drop_all(&s, "item.");
	sample_drop_all(&s, "mode.");
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

	const struct setting_row *rows;
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
			struct setting_row swap = s.row[i - 1];
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
	struct settings_path path;
	size_t n = 0, ratios = 0;

	(void)state;
	for (; policy_path(n, &path); n++) {
		assert_non_null(path.form);
		ratios += strcmp(path.owner, "task.<t>.") == 0 && path.max == 1000000;
	}
	assert_int_equal(n, 37 + 11 + 4 + 2 + 5 + 16 + 30);
	assert_int_equal(ratios, 4 + 1); /* and the minimum */
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
		cmocka_unit_test(what_follows),
		cmocka_unit_test(focus_opens_a_door),
		cmocka_unit_test(adjustments),
		cmocka_unit_test(too_many),
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
