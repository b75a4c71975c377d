/* The year's programme: each day is a look, pairs and caps as counted by hand, levels added up. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/merge.h"
#include "planner/programme.h"
#include "tests/unit/sample_policy.h"

enum { OBJECTS = 40, DAYS_MAX = 3 };

static int32_t day_of(const char *text)
{
	int32_t day;
	assert_true(civil_parse(bytes_of(text), &day));
	return day;
}

/* ---- objects ---- */

struct object {
	struct bytes fact[FRAME_FACTS];
};

/* The i-th: classes in turn; every fourth is another premises of the one before. */
static struct object object_at(size_t i, struct arena *a)
{
	static const char *const class[] = { "D", "A", "C", "D", "B" };
	struct object o;
	size_t of = i % 4 == 3 ? i - 1 : i;
	const struct bytes fact[FRAME_FACTS] = {
		[FACT_OBJECT] = bytes_of(arena_printf(a, "OBJ%03zu", i)),
		[FACT_ENTITY] = bytes_of(arena_printf(a, "OBJ%03zu", of)),
		[FACT_KIND] = BYTES("enterprise"),
		[FACT_INDUSTRY] = BYTES("F52"),
		[FACT_REGION] = BYTES("371002"),
		[FACT_ESTABLISHED] = BYTES("2010-01-01"),
		[FACT_STATUS] = BYTES("open"),
		[FACT_SINCE] = BYTES(""),
		[FACT_CLASS] = bytes_of(class[i % 5]),
		[FACT_CLASSES] = BYTES(""),
		[FACT_LABELS] = i % 10 == 9 ? BYTES("focus") : BYTES(""),
		[FACT_CHECKED] = BYTES(""),
		[FACT_ENTERED] = BYTES(""),
		[FACT_RESERVED] = BYTES("0"),
	};
	memcpy(o.fact, fact, sizeof fact);
	return o;
}

/* ---- policies ---- */

struct change {
	const char *path, *value;
};

/* The sample with these changes, without the tasks that are not named ("t", "t-2" or "t,t-2"). */
static struct policy *policy_with(
	struct arena *a, const struct change *change, size_t n, const char *tasks)
{
	struct sample s;
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct err e = { 0 };
	char why[700];
	sample_init(&s, a);
	for (size_t i = 0; i < n; i++)
		sample_set(&s, change[i].path, change[i].value);
	if (strcmp(tasks, "t") == 0)
		sample_drop_all(&s, "task.t-2.");
	if (strcmp(tasks, "t-2") == 0)
		sample_drop_all(&s, "task.t.");
	if (!sample_read(&s, p, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
	return p;
}

/* Tasks t (0) and t-2 (1) of the year, on the days that are given: "t", "t-2" or "t,t-2" each. */
struct year {
	struct programme_year year;
	struct programme_day day[DAYS_MAX];
	struct bytes levels[2];
	uint32_t item[3];
};

static void year_make(struct year *y, struct arena *a, const struct change *change, size_t n,
	const char *const *tasks, const char *const *days)
{
	static const uint32_t both[] = { 0, 1 }, first[] = { 0 }, second[] = { 1 };
	*y = (struct year){ .levels = { BYTES("city-city"), BYTES("county-county") },
		.item = { 0, 1, 2 } };
	size_t d = 0;
	for (; d < DAYS_MAX && tasks[d] != NULL; d++)
		y->day[d] = (struct programme_day){ day_of(days[d]),
			policy_with(a, change, n, tasks[d]),
			strcmp(tasks[d], "t") == 0     ? first
			: strcmp(tasks[d], "t-2") == 0 ? second
						       : both };
	y->year = (struct programme_year){ d, 2, y->day, y->levels, y->item };
}

static void look_over(struct programme_result *r, const struct year *y, struct arena *a)
{
	struct programme *p = programme_start(a, &y->year);
	struct err e = { 0 };
	for (size_t i = 0; i < OBJECTS; i++) {
		struct object o = object_at(i, a);
		assert_true(programme_put(p, o.fact, &e));
	}
	programme_end(p, r);
	assert_int_equal(r->rows, OBJECTS);
}

/* ---- days ---- */

static void as_looks(void **state)
{
	static const char *const tasks[] = { "t", "t,t-2", NULL };
	static const char *const days[] = { "2026-02-01", "2026-03-01" };
	ARENA_AUTO a = arena_new();
	struct year y;
	struct programme_result r;
	(void)state;
	year_make(&y, a, NULL, 0, tasks, days);
	look_over(&r, &y, a);
	for (size_t d = 0; d < 2; d++) {
		struct look *l = look_start(a, y.day[d].policy, y.day[d].draw_on);
		struct look_result want;
		struct err e = { 0 };
		for (size_t i = 0; i < OBJECTS; i++) {
			struct object o = object_at(i, a);
			assert_true(look_put(l, o.fact, &e));
		}
		look_end(l, &want);
		for (uint32_t t = 0; t < y.day[d].policy->task_count; t++) {
			assert_int_equal(r.day[d].look.task[t].drawn, want.task[t].drawn);
			assert_int_equal(r.day[d].look.task[t].population, want.task[t].population);
			assert_true(want.task[t].drawn > 0);
		}
		assert_true(r.day[d].merged > 0 && r.day[d].merged <= r.day[d].separate);
	}
	/* of the pair, no visit of t-2 goes through the door but those of focus */
	assert_int_equal(r.pairs, 1);
	assert_int_equal(r.pair[0].gap, 0);
	assert_true(r.pair[0].meets);
	assert_int_equal(r.pair[0].both, OBJECTS);
	assert_true(r.pair[0].saved > 0 && r.pair[0].saved < r.pair[0].expected);
}

static void days_apart(void **state)
{
	static const struct {
		const char *tasks[DAYS_MAX], *days[DAYS_MAX];
		int32_t gap;
		bool meets;
	} cases[] = {
		{ { "t", "t-2" }, { "2026-01-10", "2026-02-09" }, 30, false },
		{ { "t-2", "t" }, { "2026-01-10", "2026-01-11" }, 1, false },
		{ { "t", "t-2", "t" }, { "2026-01-10", "2026-02-09", "2026-02-12" }, 3, false },
		{ { "t", "t,t-2" }, { "2026-01-10", "2026-02-09" }, 0, true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct year y;
		struct programme_result r;
		const char *tasks[DAYS_MAX + 1] = { cases[i].tasks[0], cases[i].tasks[1],
			cases[i].tasks[2], NULL };
		year_make(&y, a, NULL, 0, tasks, cases[i].days);
		look_over(&r, &y, a);
		assert_int_equal(r.pairs, 1);
		assert_int_equal(r.pair[0].gap, cases[i].gap);
		assert_int_equal(r.pair[0].meets, cases[i].meets);
		/* two numbers of its own each: twice entered no more than with one number */
		assert_true(r.pair[0].repeats <= r.pair[0].saved);
	}
}

/* ---- caps ---- */

/* Class D alone is drawn by t. */
static void caps(void **state)
{
	static const struct {
		const char *name, *counts, *most, *days, *frequency, *ratio;
		const char *tasks[DAYS_MAX];
		uint64_t expected; /* of the one expected most often */
		bool over;
		uint32_t possible_days;
	} cases[] = {
		{ "卫生健康: one entry each is lawful", "entries", "2", "0", "2", "1000000",
			{ "t", "t", NULL }, 2000000, false, 2 },
		{ "a third is not", "entries", "2", "0", "3", "1000000", { "t", "t", "t" }, 3000000,
			true, 3 },
		{ "checked once a cycle, it is not drawn again", "entries", "1", "0", "1",
			"1000000", { "t", "t", "t" }, 1000000, false, 1 },
		{ "by half it is expected once, though it may be twice", "entries", "1", "0", "2",
			"500000", { "t", "t", NULL }, 1000000, false, 2 },
		{ "a cap of 40 days sees one of draws that are a month apart twice", "entries", "1",
			"40", "3", "1000000", { "t", "t", "t" }, 2000000, true, 2 },
		{ "a cap of 20 days sees one", "entries", "1", "20", "3", "1000000",
			{ "t", "t", "t" }, 1000000, false, 1 },
		{ "two tasks of a day are one entry", "entries", "1", "0", "1", "1000000",
			{ "t,t-2", NULL, NULL }, 1000000, false, 1 },
		{ "checks of each department are counted by themselves", "checks", "1", "0", "2",
			"1000000", { "t", "t-2", NULL }, 2000000, true, 2 },
		{ "an item of two tasks is checked once: of other premises 3 % more", "checks", "2",
			"0", "1", "1000000", { "t", "t-2", NULL }, 1030000, false, 2 },
	};
	static const char *const days[] = { "2026-01-10", "2026-02-09", "2026-03-11" };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct year y;
		struct programme_result r;
		const struct change change[] = { { "cap.year.counts", cases[i].counts },
			{ "cap.year.most", cases[i].most }, { "cap.year.days", cases[i].days },
			{ "task.t.frequency", cases[i].frequency },
			{ "task.t-2.frequency", cases[i].frequency },
			{ "task.t.ratio.D", cases[i].ratio }, { "task.t.ratio.C", "0" },
			{ "task.t.ratio.B", "0" }, { "task.t.ratio.A", "0" },
			{ "task.t-2.ratio.D", "1000000" } };
		const char *tasks[DAYS_MAX + 1] = { cases[i].tasks[0], cases[i].tasks[1],
			cases[i].tasks[2], NULL };
		year_make(&y, a, change, sizeof change / sizeof *change, tasks, days);
		look_over(&r, &y, a);
		print_message("%s\n", cases[i].name);
		assert_int_equal(r.caps, 1);
		assert_int_equal(r.cap[0].expected, cases[i].expected);
		assert_int_equal(r.cap[0].over > 0, cases[i].over);
		assert_int_equal(r.cap[0].days, cases[i].possible_days);
		assert_true(r.cap[0].tasks > 0);
		assert_int_equal(r.cap[0].task[0], 0);
	}
}

/* Entities, not objects: two premises of class D are met once a day, whichever is drawn. */
static void premises(void **state)
{
	static const char *const tasks[] = { "t", "t", NULL };
	static const char *const days[] = { "2026-01-10", "2026-02-09" };
	const struct change change[] = { { "cap.year.counts", "entries" }, { "cap.year.most", "1" },
		{ "task.t.frequency", "2" }, { "task.t.ratio.C", "0" }, { "task.t.ratio.B", "0" },
		{ "task.t.ratio.A", "0" } };
	ARENA_AUTO a = arena_new();
	struct year y;
	struct programme_result r;
	uint64_t entities = 0;
	bool seen[OBJECTS] = { false };
	(void)state;
	for (size_t i = 0; i < OBJECTS; i++) {
		size_t of = i % 4 == 3 ? i - 1 : i;
		bool drawn = i % 5 == 0 || i % 5 == 3; /* class D */
		entities += drawn && !seen[of];
		seen[of] |= drawn;
	}
	year_make(&y, a, change, sizeof change / sizeof *change, tasks, days);
	look_over(&r, &y, a);
	assert_int_equal(r.cap[0].over, entities);
	assert_int_equal(r.cap[0].possible, entities);
	assert_int_equal(r.cap[0].expected, 2000000);
}

/* ---- levels ---- */

static void levels(void **state)
{
	static const struct {
		const char *ceiling, *ratio, *reason, *ceiling_reason, *level;
		bool told, over_whole, over_ceiling;
	} cases[] = {
		/* t is drawn twice, with t-2 once: 2 × 40 % + 30 % */
		{ "1000000", "400000", "", "", "county-county", true, true, true },
		{ "1000000", "400000", "试点", "", "county-county", true, false, true },
		{ "1000000", "400000", "试点", "试点", "county-county", true, false, false },
		{ "500000", "200000", "", "", "county-county", true, false, true },
		{ "700000", "200000", "", "", "county-county", true, false, false },
		{ "1000000", "400000", "", "", "city-city", false, false, false },
	};
	static const char *const tasks[] = { "t", "t,t-2", NULL };
	static const char *const days[] = { "2026-01-10", "2026-02-09" };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct year y;
		struct programme_result r;
		const struct change change[] = { { "ceiling.general", cases[i].ceiling },
			{ "task.t.reason", cases[i].reason },
			{ "task.t.ceiling-reason", cases[i].ceiling_reason },
			{ "task.t-2.reason", cases[i].reason }, { "item.alarm.kind", "general" },
			{ "task.t.mode.A", "offsite" }, { "task.t-2.mode.A", "offsite" },
			{ "task.t.ratio.A", cases[i].ratio }, { "task.t.ratio.B", cases[i].ratio },
			{ "task.t.ratio.C", cases[i].ratio }, { "task.t.ratio.D", cases[i].ratio },
			{ "task.t-2.ratio.A", "300000" }, { "task.t-2.ratio.B", "300000" },
			{ "task.t-2.ratio.C", "300000" }, { "task.t-2.ratio.D", "300000" } };
		year_make(&y, a, change, sizeof change / sizeof *change, tasks, days);
		y.levels[1] = bytes_of(cases[i].level);
		look_over(&r, &y, a);
		assert_int_equal(r.items, cases[i].told);
		if (!cases[i].told)
			continue;
		/* both tasks have the item licence, and that alone */
		assert_true(bytes_is(y.day[0].policy->items[r.item[0].item].code, "licence"));
		assert_int_equal(r.item[0].tasks, 2);
		assert_int_equal(
			r.item[0].ratio[0], 2 * (cases[i].ratio[0] - '0') * 100000 + 300000);
		assert_int_equal(r.item[0].over_whole, cases[i].over_whole);
		assert_int_equal(r.item[0].over_ceiling, cases[i].over_ceiling);
	}
}

static void nothing(void **state)
{
	ARENA_AUTO a = arena_new();
	struct programme_year y = { 0 };
	struct programme_result r;
	struct err e = { 0 };
	struct object o = object_at(0, a);
	(void)state;
	struct programme *p = programme_start(a, &y);
	assert_true(programme_put(p, o.fact, &e));
	programme_end(p, &r);
	assert_int_equal(r.rows, 1);
	assert_int_equal(r.pairs + r.caps + r.items, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_looks),
		cmocka_unit_test(days_apart),
		cmocka_unit_test(caps),
		cmocka_unit_test(premises),
		cmocka_unit_test(levels),
		cmocka_unit_test(nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
