/* Drawn objects, merging and figures (PROTOCOL.md §9), by hand. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/merge.h"
#include "sampler/frame.h"
#include "sampler/select.h"
#include "sampler/table.h"
#include "tests/unit/frames.h"

enum { TASKS = 14 };

/* Departments a (region 37), b (everywhere), c (region 4); one task each of 14 days, t00 of a and
 * b. */
struct little {
	struct policy policy;
	struct department department[3];
	struct task task[TASKS];
	uint32_t both[2];
};

static void little_init(struct little *l, struct arena *a)
{
	static const char *const code[3] = { "a", "b", "c" }, *const region[3] = { "37", "*", "4" };
	memset(l, 0, sizeof *l);
	l->both[1] = 1;
	for (uint32_t d = 0; d < 3; d++) {
		l->department[d].code = bytes_of(code[d]);
		assert_true(prefixes_parse(&l->department[d].regions, a, bytes_of(region[d])));
	}
	for (int32_t t = 0; t < TASKS; t++)
		l->task[t] = (struct task){ .code = bytes_of(arena_printf(a, "t%02d", t)),
			.from = 100 * t,
			.to = 100 * t + 13,
			.departments = l->both,
			.department_count = 2 };
	l->policy = (struct policy){ .department_count = 3,
		.departments = l->department,
		.task_count = TASKS,
		.tasks = l->task };
}

static struct bytes selection(struct arena *a, const char *const (*row)[3], size_t n)
{
	struct table_pile pile = table_pile_new(TABLE_SELECTION, a);
	struct buf out = buf_new(a, 0);
	uint8_t blind[32] = { 1 }, hash[32];
	struct err e = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct bytes field[3] = { bytes_of(row[i][0]), bytes_of(row[i][1]),
			bytes_of(row[i][2]) };
		table_pile_put(&pile, field);
	}
	assert_true(table_pile_write(&pile, TABLE_SELECTION, blind, sink_buf(&out), hash, &e));
	return buf_view(&out);
}

static void selection_becomes_objects(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	static const char *const row[][3] = { { "t00", "A", "OBJ/02" }, { "t00", "B", "OBJ" },
		{ "t03", "A", "OBJ" }, { "t13", "U", "OBJ/02" }, { "t13", "U", "A" } };
	struct little l;
	struct draws d;
	struct err e = { 0 };
	little_init(&l, a);
	assert_true(draws_read(&d, a, &l.policy, selection(a, row, 5), &e));
	assert_int_equal(d.n, 3);
	assert_true(bytes_is(d.at[0].object, "A") && bytes_is(d.at[1].object, "OBJ"));
	assert_int_equal(d.at[1].task_count, 2);
	assert_int_equal(d.at[1].tasks[0], 0);
	assert_int_equal(d.at[1].tasks[1], 3);
	assert_int_equal(d.at[2].tasks[1], 13);
	assert_ptr_equal(draws_find(&d, BYTES("OBJ/02")), &d.at[2]);
	assert_null(draws_find(&d, BYTES("OBJ/0")));
	static const char *const strange[][3] = { { "t99", "A", "OBJ" } };
	assert_false(draws_read(&d, a, &l.policy, selection(a, strange, 1), &e));
	assert_int_equal(e.code, ERR_PLAN_RULE);
}

/* A draw held by index gives the same objects, with region and entity. */
static void frame_gives_the_facts(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct draws d;
	struct frame f;
	struct err e = { 0 };
	struct bytes task[] = { BYTES("t01"), BYTES("t04") }, *id = frames_ids(a, 4),
		     fact[FRAME_FACTS];
	static const uint8_t code[8] = { CODE_A };
	static const uint32_t object[] = { 1, 3 };
	static const size_t first[] = { 0, 2, 3 };
	static const uint16_t tasks[] = { 0, 1, 1 };
	struct drawn drawn = { .n = 2, .object = object, .first = first, .task = tasks };
	little_init(&l, a);
	frames_load(&f, a, task, 2, id, code, 4);
	assert_true(draws_of_frame(&d, a, &l.policy, &f, &drawn, &e));
	assert_int_equal(d.n, 2);
	frame_facts(&f, 3, fact);
	assert_true(bytes_equal(d.at[1].object, id[3]));
	assert_true(bytes_equal(d.at[1].entity, fact[FACT_ENTITY]));
	assert_true(bytes_equal(d.at[1].region, fact[FACT_REGION]));
	assert_int_equal(d.at[0].task_count, 2);
	assert_int_equal(d.at[0].tasks[1], 4); /* index in the policy, not in the frame */
	assert_int_equal(d.at[1].task_count, 1);
	task[1] = BYTES("t99");
	frames_load(&f, a, task, 2, id, code, 4);
	assert_false(draws_of_frame(&d, a, &l.policy, &f, &drawn, &e));
	assert_int_equal(e.code, ERR_PLAN_RULE);
}

/* Fourteen windows apart from each other: fourteen visits, ordinal 10 before 2. */
static void ordinals_stand_as_text(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct visits v;
	struct err e = { 0 };
	uint32_t tasks[TASKS];
	little_init(&l, a);
	for (uint32_t t = 0; t < TASKS; t++)
		tasks[t] = t;
	struct plan_object o = {
		.object = BYTES("X"), .region = BYTES("370100"), .tasks = tasks, .task_count = TASKS
	};
	struct draws d = { .n = 1, .at = &o };
	assert_true(merge_visits(&v, a, &l.policy, &d, &e));
	static const uint32_t order[TASKS] = { 1, 10, 11, 12, 13, 14, 2, 3, 4, 5, 6, 7, 8, 9 };
	assert_int_equal(v.n, TASKS);
	for (uint32_t i = 0; i < TASKS; i++) {
		assert_int_equal(v.at[i].ordinal, order[i]);
		assert_int_equal(v.at[i].tasks[0], order[i] - 1);
	}
}

/* The window narrows to the intersection; the lead of the task that ends first leads if it may. */
static void window_and_lead(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct visits v;
	struct err e = { 0 };
	static const uint32_t tasks[] = { 0, 1, 2 };
	little_init(&l, a);
	l.task[1].from = 5;
	l.task[1].to = 10;
	l.task[1].lead = 1;
	l.task[2].from = 11; /* begins after t01 ends */
	l.task[2].to = 400;
	struct plan_object o = {
		.object = BYTES("X"), .region = BYTES("370100"), .tasks = tasks, .task_count = 3
	};
	struct draws d = { .n = 1, .at = &o };
	assert_true(merge_visits(&v, a, &l.policy, &d, &e));
	assert_int_equal(v.n, 2);
	assert_int_equal(v.at[0].task_count, 2);
	assert_int_equal(v.at[0].from, 5);
	assert_int_equal(v.at[0].to, 10);
	assert_int_equal(v.at[0].lead, 1);
	assert_int_equal(v.at[1].lead, 0);
	o.region = BYTES("11"); /* a may not go there: b leads */
	l.task[2].departments = l.both;
	assert_true(merge_visits(&v, a, &l.policy, &d, &e));
	assert_int_equal(v.at[1].department_count, 1);
	assert_int_equal(v.at[1].lead, 1);
	static const uint32_t only_c[] = { 2 };
	for (uint32_t t = 0; t < 3; t++) {
		l.task[t].departments = only_c;
		l.task[t].department_count = 1;
	}
	assert_false(merge_visits(&v, a, &l.policy, &d, &e));
	assert_int_equal(e.code, ERR_PLAN_RULE);
}

static void figures_count_door_entries(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct visits v;
	struct plan_figures f;
	struct err e = { 0 };
	static const uint32_t one[] = { 0 }, two[] = { 0, 1 }, three[] = { 1, 2 };
	little_init(&l, a);
	l.task[2].offsite = 1;
	struct plan_object o[3] = {
		{ .object = BYTES("A"), .region = BYTES("37"), .tasks = one, .task_count = 1 },
		{ .object = BYTES("B"), .region = BYTES("37"), .tasks = two, .task_count = 2 },
		{ .object = BYTES("C"), .region = BYTES("9"), .tasks = three, .task_count = 2 },
	};
	struct draws d = { .n = 3, .at = o };
	assert_true(merge_visits(&v, a, &l.policy, &d, &e));
	merge_figures(&f, &l.policy, &d, &v);
	assert_int_equal(f.objects, 3);
	assert_int_equal(f.drawn_pairs, 5);
	assert_int_equal(f.visits, 4); /* A; B twice, windows apart; C once */
	assert_int_equal(f.offsite, 1);
	assert_int_equal(f.assignments, 2 + 4 + 1);
	assert_int_equal(f.department_pairs, 2 + 2 + 1);
	assert_int_equal(f.merged_objects, 1);
}

static void bound_takes_the_highest_onsite_probability(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	little_init(&l, a);
	l.policy.task_count = 3;
	l.task[2].offsite = 1;
	struct bound *b = bound_new(a, &l.policy);
	bound_stratum(b, 0, CODE_A, 3, 1);
	bound_stratum(b, 1, CODE_B, 7, 2);
	bound_stratum(b, 2, CODE_A, 1, 1);
	static const uint8_t cells[][3] = { { CODE_A, CODE_B, CODE_A },
		{ CODE_TYPE, CODE_B, CODE_A }, { CODE_TYPE, CODE_CLOSED, CODE_A },
		{ CODE_D, CODE_A, CODE_A } };
	static const uint64_t sum[] = { 333333333, 333333333 + 285714285u, 619047618, 619047618 };
	for (size_t i = 0; i < 4; i++) {
		bound_object(b, cells[i]);
		assert_int_equal(bound_sum(b), sum[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selection_becomes_objects),
		cmocka_unit_test(frame_gives_the_facts),
		cmocka_unit_test(ordinals_stand_as_text),
		cmocka_unit_test(window_and_lead),
		cmocka_unit_test(figures_count_door_entries),
		cmocka_unit_test(bound_takes_the_highest_onsite_probability),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
