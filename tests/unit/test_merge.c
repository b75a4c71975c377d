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

/* Drawn onsite, in the window of the task. */
static struct drawn_task drawn_by(const struct little *l, uint32_t task)
{
	return (struct drawn_task){ task, true, l->task[task].from, l->task[task].to };
}

static struct bytes selection(struct arena *a, const char *const (*row)[4], size_t n)
{
	struct table_pile pile = table_pile_new(TABLE_SELECTION, a);
	struct buf out = buf_new(a, 0);
	uint8_t blind[32] = { 1 }, hash[32];
	struct err e = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct bytes field[4] = { bytes_of(row[i][0]), bytes_of(row[i][1]),
			bytes_of(row[i][2]), bytes_of(row[i][3]) };
		table_pile_put(&pile, field);
	}
	assert_true(table_pile_write(&pile, TABLE_SELECTION, blind, sink_buf(&out), hash, &e));
	return buf_view(&out);
}

/* Rows of a selection from a frame of four objects. */
static bool read(struct draws *d, struct arena *a, const struct little *l,
	const char *const (*row)[4], size_t n, struct err *e)
{
	static const uint8_t cell[4] = { STRATUM_A };
	static const struct bytes id[] = { { "A", 1 }, { "OBJ", 3 }, { "OBJ/02", 6 }, { "Z", 1 } };
	struct bytes task = BYTES("t00");
	struct frame *f = arena_calloc(a, 1, sizeof *f);
	frames_load(f, a, &task, 1, id, cell, 4);
	return draws_read(d, a, &l->policy, f, selection(a, row, n), e);
}

static void selection_becomes_objects(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	static const char *const row[][4] = { { "t00", "A", "OBJ/02", "0" },
		{ "t00", "B", "OBJ", "0" }, { "t03", "A", "OBJ", "2" },
		{ "t13", "U", "OBJ/02", "0" }, { "t13", "U2", "A", "0" } };
	static const struct span batch[2] = { { 300, 305 }, { 307, 313 } };
	struct little l;
	struct draws d;
	struct err e = { 0 };
	little_init(&l, a);
	l.task[3].batches = (struct batches){ 2, batch };
	l.task[13].mode[STRATUM_B] = WAY_PAPER;
	l.policy.class_missing = STRATUM_B;
	assert_true(read(&d, a, &l, row, 5, &e));
	assert_int_equal(d.n, 3);
	assert_true(bytes_is(d.at[0].object, "A") && bytes_is(d.at[1].object, "OBJ"));
	assert_true(d.at[0].entity.n > 0 && d.at[0].region.n > 0);
	assert_int_equal(d.at[1].task_count, 2);
	assert_int_equal(d.at[1].tasks[0].task, 0);
	assert_int_equal(d.at[1].tasks[0].from, 0);
	assert_int_equal(d.at[1].tasks[0].to, 13);
	assert_int_equal(d.at[1].tasks[1].task, 3);
	assert_int_equal(d.at[1].tasks[1].from, 307); /* the range of its batch */
	assert_int_equal(d.at[1].tasks[1].to, 313);
	assert_true(d.at[2].tasks[0].onsite);
	assert_int_equal(d.at[2].tasks[1].task, 13);
	assert_false(d.at[2].tasks[1].onsite); /* U is visited as B is */
	assert_false(d.at[0].tasks[0].onsite);
	assert_ptr_equal(draws_find(&d, BYTES("OBJ/02")), &d.at[2]);
	assert_null(draws_find(&d, BYTES("OBJ/0")));
}

static void strange_selections(void **unused)
{
	(void)unused;
	static const struct {
		const char *row[4], *what;
	} cases[] = {
		{ { "t99", "A", "OBJ", "0" }, "unknown task t99" },
		{ { "t00", "E", "OBJ", "0" }, "unknown stratum E" },
		{ { "t00", "A", "OBJ/03", "0" }, "OBJ/03 is not in the frame" },
		{ { "t00", "A", "OBJ", "1" }, "unknown batch 1" },
		{ { "t03", "A", "OBJ", "0" }, "unknown batch 0" },
		{ { "t03", "A", "OBJ", "3" }, "unknown batch 3" },
	};
	static const struct span batch[2] = { { 300, 305 }, { 307, 313 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct little l;
		struct draws d;
		struct err e = { 0 };
		little_init(&l, a);
		l.task[3].batches = (struct batches){ 2, batch };
		assert_false(read(&d, a, &l, &cases[i].row, 1, &e));
		assert_int_equal(e.code, ERR_PLAN_RULE);
		assert_string_equal(e.what, cases[i].what);
		assert_string_equal(e.where, "selection: row 1");
	}
}

/* A draw held by index gives the same objects, with region and entity. */
static void frame_gives_the_facts(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct draws d;
	struct frame f;
	struct bytes task[] = { BYTES("t00"), BYTES("t01") }, *id = frames_ids(a, 4),
		     fact[FRAME_FACTS];
	static const uint8_t cell[8] = { [3] = STRATUM_C2, [6] = STRATUM_D };
	static const uint32_t object[] = { 1, 3 };
	static const size_t first[] = { 0, 2, 3 };
	static const uint16_t tasks[] = { 0, 1, 1 };
	static const uint8_t batch[] = { 0, 1, 2 };
	static const struct span range[2] = { { 100, 101 }, { 110, 113 } };
	struct drawn drawn = {
		.n = 2, .object = object, .first = first, .task = tasks, .batch = batch
	};
	little_init(&l, a);
	l.policy.task_count = 2;
	l.task[1].batches = (struct batches){ 2, range };
	l.task[1].mode[STRATUM_C] = WAY_NETWORK;
	frames_load(&f, a, task, 2, id, cell, 4);
	draws_of_frame(&d, a, &l.policy, &f, &drawn);
	assert_int_equal(d.n, 2);
	frame_facts(&f, 3, fact);
	assert_true(bytes_equal(d.at[1].object, id[3]));
	assert_true(bytes_equal(d.at[1].entity, fact[FACT_ENTITY]));
	assert_true(bytes_equal(d.at[1].region, fact[FACT_REGION]));
	assert_int_equal(d.at[0].task_count, 2);
	assert_true(d.at[0].tasks[0].onsite);
	assert_int_equal(d.at[0].tasks[1].task, 1);
	assert_int_equal(d.at[0].tasks[1].to, 101);
	assert_false(d.at[0].tasks[1].onsite);
	assert_int_equal(d.at[1].task_count, 1);
	assert_int_equal(d.at[1].tasks[0].from, 110);
	assert_true(d.at[1].tasks[0].onsite);
	/* 重点监管对象 are visited whatever their class */
	struct bytes focus[] = { BYTES("food"), BYTES("smoke") };
	l.policy.focus_labels = (struct list){ .n = 2, .at = focus };
	draws_of_frame(&d, a, &l.policy, &f, &drawn);
	assert_true(d.at[0].tasks[1].onsite);
	assert_true(merge_focus(&l.policy, BYTES("a,smoke")));
	assert_false(merge_focus(&l.policy, BYTES("smoked,foo")));
	assert_false(merge_focus(&l.policy, BYTES("")));
}

/* Two tasks of one window: their batches lie apart, so there are two visits. */
static void batches_are_windows(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct visits v;
	struct err e = { 0 };
	static const struct drawn_task tasks[] = { { 0, true, 8, 13 }, { 1, true, 0, 6 } };
	little_init(&l, a);
	struct plan_object o = {
		.object = BYTES("X"), .region = BYTES("370100"), .tasks = tasks, .task_count = 2
	};
	struct draws d = { .n = 1, .at = &o };
	assert_true(merge_visits(&v, a, &l.policy, &d, &e));
	assert_int_equal(v.n, 2);
	assert_int_equal(v.at[0].tasks[0], 1);
	assert_int_equal(v.at[0].to, 6);
	assert_int_equal(v.at[1].from, 8);
}

/* Fourteen windows apart from each other: fourteen visits, ordinal 10 before 2. */
static void ordinals_stand_as_text(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct little l;
	struct visits v;
	struct err e = { 0 };
	struct drawn_task tasks[TASKS];
	little_init(&l, a);
	for (uint32_t t = 0; t < TASKS; t++)
		tasks[t] = drawn_by(&l, t);
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
	little_init(&l, a);
	l.task[1].from = 5;
	l.task[1].to = 10;
	l.task[1].lead = 1;
	l.task[2].from = 11; /* begins after t01 ends */
	l.task[2].to = 400;
	const struct drawn_task tasks[] = { drawn_by(&l, 0), drawn_by(&l, 1), drawn_by(&l, 2) };
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
	little_init(&l, a);
	const struct drawn_task one[] = { drawn_by(&l, 0) },
				two[] = { drawn_by(&l, 0), drawn_by(&l, 1) };
	struct drawn_task three[] = { drawn_by(&l, 1), drawn_by(&l, 2) };
	three[1].onsite = false;
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
	/* C is b's alone; what a and b visit, they visit together */
	struct department_figures own[3];
	static const struct department_figures wanted[3] = {
		{ .visits = 3, .joint = 3, .saved = 3 },
		{ .visits = 4, .offsite = 1, .joint = 3, .saved = 3 },
	};
	merge_department_figures(own, &l.policy, &v);
	assert_memory_equal(own, wanted, sizeof own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selection_becomes_objects),
		cmocka_unit_test(strange_selections),
		cmocka_unit_test(frame_gives_the_facts),
		cmocka_unit_test(batches_are_windows),
		cmocka_unit_test(ordinals_stand_as_text),
		cmocka_unit_test(window_and_lead),
		cmocka_unit_test(figures_count_door_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
