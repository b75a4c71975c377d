/* What a round itself uses up (PROTOCOL.md §9), by hand: two tasks whose windows never meet, and a
 * cap or a frequency that has room for one. */
#include "planner/drop.h"

#include <string.h>

#include "tests/unit/frames.h"
#include "tests/unit/test.h"

enum { TASKS = 3 };

/* Tasks a, b, c of one department, ten days each, a month apart; they share item x. */
struct little {
	struct policy policy;
	struct cap cap;
	struct department department;
	struct item item;
	struct task task[TASKS];
	struct drawn_task drawn[TASKS];
	struct plan_object object[2];
	struct draws draws;
	struct visits visits;
	uint32_t zero;
	struct arena *arena;
};

static void start(struct little *l, struct arena *a)
{
	static const char *const code[] = { "a", "b", "c" };
	memset(l, 0, sizeof *l);
	l->arena = a;
	l->department.code = BYTES("market");
	assert_true(prefixes_parse(&l->department.regions, a, BYTES("*")));
	l->item.code = BYTES("x");
	for (uint32_t t = 0; t < TASKS; t++) {
		l->task[t] = (struct task){ .code = bytes_of(code[t]),
			.from = 1000 + 30 * (int32_t)t,
			.to = 1009 + 30 * (int32_t)t,
			.level = LEVEL_COUNTY,
			.frequency = 12,
			.onsite = true,
			.items = &l->zero,
			.item_count = 1,
			.departments = &l->zero,
			.department_count = 1 };
		l->drawn[t] = (struct drawn_task){ t, true, l->task[t].from, l->task[t].to };
	}
	l->cap = (struct cap){ .code = BYTES("year"), .most = 9, .classes = { .set = 31 } };
	struct list *const all[] = { &l->cap.departments, &l->cap.kinds, &l->cap.labels,
		&l->cap.levels };
	for (size_t i = 0; i < 4; i++)
		assert_true(list_parse(all[i], a, BYTES("*")));
	l->policy = (struct policy){ .cap_count = 1,
		.caps = &l->cap,
		.department_count = 1,
		.departments = &l->department,
		.item_count = 1,
		.items = &l->item,
		.task_count = TASKS,
		.tasks = l->task,
		.cycle_from = 900,
		.cycle_to = 1300 };
	l->object[0] = (struct plan_object){
		.object = BYTES("A"), .entity = BYTES("E"), .task_count = TASKS, .tasks = l->drawn
	};
	l->draws = (struct draws){ 1, l->object };
}

/* "a b|c:cap-year": the tasks of the visits of all objects, and those dropped. */
static const char *merged(struct little *l)
{
	struct err e = { 0 };
	struct buf b = buf_new(l->arena, 64);
	assert_true(merge_visits(&l->visits, l->arena, &l->policy, &l->draws, &e));
	for (uint32_t i = 0; i < l->visits.n; i++) {
		const struct visit *v = &l->visits.at[i];
		buf_str(&b, i > 0 ? " " : "");
		visit_put_tasks(&b, &l->policy, v);
		assert_true(i == 0 || v[-1].object != v->object || v->ordinal == v[-1].ordinal + 1);
		assert_true((i > 0 && v[-1].object == v->object) || v->ordinal == 1);
		assert_true(v->department_count == 1 && v->from <= v->to);
	}
	for (uint32_t i = 0; i < l->visits.dropped_count; i++) {
		const struct dropped *d = &l->visits.dropped[i];
		buf_str(&b, i == 0 ? "|" : " ");
		buf_bytes(&b, l->policy.tasks[d->task].code);
		buf_byte(&b, ':');
		buf_bytes(&b, drop_code(d, &l->policy, l->arena));
	}
	return arena_printf(l->arena, "%.*s", BYTES_ARG(buf_view(&b)));
}

static void nothing_is_dropped(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	assert_string_equal(merged(&l), "a b c");
}

/* A cap of one entry a cycle: the first visit takes place, the others are dropped. */
static void entries_of_a_cycle(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.cap.most = 1;
	assert_string_equal(merged(&l), "a|b:cap-year c:cap-year");
	l.cap.most = 2;
	assert_string_equal(merged(&l), "a b|c:cap-year");
	l.object[0].entered = BYTES("1972-09-01/county/market/entry"); /* day 974 */
	assert_string_equal(merged(&l), "a|b:cap-year c:cap-year");
	l.object[0].entered = BYTES("1972-09-01/county/market/remote");
	assert_string_equal(merged(&l), "a b|c:cap-year");
	l.object[0].entered = BYTES("");
	l.object[0].reserved = BYTES("1");
	assert_string_equal(merged(&l), "a|b:cap-year c:cap-year");
}

/* Offsite visits are no entries, and do not use any up. */
static void offsite_is_no_entry(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.cap.most = 1;
	l.drawn[0].onsite = false;
	assert_string_equal(merged(&l), "b a|c:cap-year");
	l.cap.counts = COUNTS_CHECKS;
	assert_string_equal(merged(&l), "a|b:cap-year c:cap-year");
}

/* In the last 35 days: the day before the visit's first day counts backwards. */
static void entries_of_days(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.cap.most = 1;
	l.cap.days = 35;
	assert_string_equal(merged(&l), "a c|b:cap-year"); /* 1060 − 35 > 1009; b never was */
	l.cap.days = 21; /* 1030 − 21 = 1009, which a may still be on: not after it */
	assert_string_equal(merged(&l), "a b c");
	l.cap.days = 22;
	assert_string_equal(merged(&l), "a c|b:cap-year");
}

/* A cap is for levels, classes, kinds and labels. */
static void caps_have_a_scope(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.cap.most = 1;
	l.task[1].level = LEVEL_CITY;
	assert_true(list_parse(&l.cap.levels, a, BYTES("county")));
	assert_string_equal(merged(&l), "a b|c:cap-year");
	l.cap.classes.set = 1 << STRATUM_A;
	assert_string_equal(merged(&l), "a b c");
	l.object[0].class = BYTES("A");
	assert_string_equal(merged(&l), "a b|c:cap-year");
	assert_true(list_parse(&l.cap.labels, a, BYTES("star")));
	assert_string_equal(merged(&l), "a b c");
	l.object[0].labels = BYTES("late,star");
	assert_string_equal(merged(&l), "a b|c:cap-year");
	assert_true(list_parse(&l.cap.kinds, a, BYTES("individual")));
	assert_string_equal(merged(&l), "a b c");
}

/* An item that may be checked once is checked once, before the caps are asked. */
static void frequency(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.cap.most = 1;
	l.task[1].frequency = 1;
	l.task[2].frequency = 2;
	assert_string_equal(merged(&l), "a|b:checked c:cap-year");
	l.cap.most = 9;
	assert_string_equal(merged(&l), "a c|b:checked");
	l.object[0].checked = BYTES("x=1972-09-01");
	assert_string_equal(merged(&l), "a|b:checked c:checked");
	l.object[0].checked = BYTES("*=1972-05-01"); /* before the cycle */
	assert_string_equal(merged(&l), "a c|b:checked");
}

/* Premises of one entity use up one cap, but each has its own frequency. */
static void premises_of_an_entity(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.object[0].task_count = 1;
	l.object[1] = l.object[0];
	l.object[1].object = BYTES("B");
	l.object[1].tasks = &l.drawn[1];
	l.draws.n = 2;
	l.task[0].frequency = l.task[1].frequency = 1;
	assert_string_equal(merged(&l), "a b");
	l.cap.most = 1;
	assert_string_equal(merged(&l), "a|b:cap-year");
	l.object[1].entity = BYTES("F");
	assert_string_equal(merged(&l), "a b");
}

/* What is left of a visit has its own window: b and c meet, b is dropped, c has all its days. */
static void what_is_left(void **state)
{
	ARENA_AUTO a = arena_new();
	struct little l;
	(void)state;
	start(&l, a);
	l.task[1].frequency = 1;
	l.drawn[2].from = 1025;
	assert_string_equal(merged(&l), "a c|b:checked");
	assert_int_equal(l.visits.at[1].from, 1025);
	assert_int_equal(l.visits.at[1].to, 1069);
	l.task[1].frequency = 12;
	assert_string_equal(merged(&l), "a b,c");
	assert_int_equal(l.visits.at[1].from, 1030);
	assert_int_equal(l.visits.at[1].to, 1039);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_dropped),
		cmocka_unit_test(entries_of_a_cycle),
		cmocka_unit_test(offsite_is_no_entry),
		cmocka_unit_test(entries_of_days),
		cmocka_unit_test(caps_have_a_scope),
		cmocka_unit_test(frequency),
		cmocka_unit_test(premises_of_an_entity),
		cmocka_unit_test(what_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
