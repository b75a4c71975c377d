/* L, the bound of a draw: by hand. */
#include "tests/unit/test.h"

#include "planner/bound.h"
#include "tests/unit/frames.h"

enum { TASKS = 3, OBJECTS = 7 };
static const struct bytes codes[TASKS] = { { "t0", 2 }, { "t1", 2 }, { "t2", 2 } };

/* A frame of seven objects, the last three of one entity, and the strata of three tasks. */
struct made {
	struct policy policy;
	struct task task[TASKS];
	struct frame frame;
	uint64_t units[TASKS * FRAME_STRATA], quota[TASKS * FRAME_STRATA];
	struct strata strata;
};

#define A STRATUM_A
#define B STRATUM_B
#define O STRATUM_OUT

static void make(struct made *m, struct arena *a)
{
	static const uint8_t cell[OBJECTS * TASKS] = { A, B, A, /* */ O, B, A, /* */ O, O, A, /* */
		B, A, O, /* */ A, O, O, /* */ A, O, O, /* */ B, O, O };
	struct bytes *id = frames_ids(a, OBJECTS), entity[OBJECTS];
	for (size_t i = 0; i < OBJECTS; i++)
		entity[i] = id[i < 4 ? i : 4];
	*m = (struct made){ .task = { { .code = codes[0] }, { .code = codes[1] },
				    { .code = codes[2] } } };
	m->policy = (struct policy){ .task_count = TASKS, .tasks = m->task };
	m->task[2].mode[A] = WAY_PAPER;
	frames_load_entities(&m->frame, a, codes, TASKS, id, entity, cell, OBJECTS);
	m->strata.order = (struct draw_order){ .units = m->units, .quota = m->quota };
}

static void chance(struct made *m, size_t task, size_t stratum, uint64_t units, uint64_t n)
{
	m->units[task * FRAME_STRATA + stratum] = units;
	m->quota[task * FRAME_STRATA + stratum] = n;
}

static uint64_t bound(const struct made *m)
{
	return bound_of(&m->policy, &m->strata, &m->frame);
}

/* Objects 0 to 6 by t0: 1/3, -, -, 0, 1/3, 1/3, 0; by t1: 2/7, 2/7, -, 0, …; t2 is offsite. */
static void highest_onsite_probability(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct made m;
	make(&m, a);
	assert_int_equal(bound(&m), 0);
	chance(&m, 0, A, 3, 1);
	assert_int_equal(bound(&m), 3 * 333333333u);
	chance(&m, 1, B, 7, 2);
	assert_int_equal(bound(&m), 3 * 333333333u + 285714285u);
	chance(&m, 2, A, 3, 3);
	assert_int_equal(bound(&m), 3 * 333333333u + 285714285u);
	m.task[2].mode[A] = WAY_ONSITE; /* objects 0, 1, 2 for sure */
	assert_int_equal(bound(&m), 3 * 1000000000u + 2 * 333333333u);
}

/* U takes the mode of class.missing; marked strata that of their class. */
static void mode_of_the_class(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct made m;
	struct bytes task = BYTES("t0"), *id = frames_ids(a, 4);
	static const uint8_t cell[] = { STRATUM_U, STRATUM_B1, STRATUM_A, STRATUM_U2 };
	make(&m, a);
	m.policy.task_count = 1;
	m.policy.class_missing = STRATUM_B;
	m.task[0].mode[STRATUM_B] = WAY_OFFSITE;
	frames_load(&m.frame, a, &task, 1, id, cell, 4);
	for (size_t s = 0; s < FRAME_STRATA; s++)
		chance(&m, 0, s, 2, 1);
	assert_int_equal(bound(&m), 500000000);
	m.policy.class_missing = STRATUM_A;
	assert_int_equal(bound(&m), 1500000000);
}

/* All objects of the frame bear the labels `food` and `key`. */
static void focus_is_visited(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct made m;
	struct bytes label = BYTES("key");
	make(&m, a);
	chance(&m, 0, A, 3, 1);
	chance(&m, 2, A, 3, 2);
	assert_int_equal(bound(&m), 3 * 333333333u);
	m.policy.focus_labels = (struct list){ .n = 1, .at = &label };
	assert_int_equal(bound(&m), 3 * 666666666u + 2 * 333333333u);
	label = BYTES("other");
	assert_int_equal(bound(&m), 3 * 333333333u);
}

/* By entity: 4 and 5 are in A and 6 is in B, where their entity stands. */
static void worst_stratum(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct made m;
	make(&m, a);
	m.task[0].by_entity = true;
	chance(&m, 0, A, 4, 1);
	chance(&m, 0, B, 2, 1);
	assert_int_equal(bound(&m), 250000000 + 2 * 500000000);
	m.task[0].by_entity = false;
	assert_int_equal(bound(&m), 3 * 250000000 + 2 * 500000000);
}

/* The first two objects of the entity are excluded, the others share what it has. */
static void excluded_objects_share_nothing(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct made m;
	struct bytes task = BYTES("t0"), *id = frames_ids(a, 5),
		     entity[] = { id[0], id[0], id[0], id[0], id[4] };
	static const uint8_t cell[] = { O, O, A, A, B };
	make(&m, a);
	m.policy.task_count = 1;
	m.task[0].by_entity = true;
	frames_load_entities(&m.frame, a, &task, 1, id, entity, cell, 5);
	chance(&m, 0, A, 1, 1);
	assert_int_equal(bound(&m), 2 * 500000000);
	chance(&m, 0, B, 1, 1);
	assert_int_equal(bound(&m), 2000000000);
}

/* a has t0 and t2, b t0 and t1, c none; all objects stand in one region, which b has at first. */
static void of_departments(void **unused)
{
	(void)unused;
	ARENA_AUTO arena = arena_new();
	struct made m;
	uint64_t got[3];
	static const uint32_t both[] = { 0, 1 };
	struct department department[3] = { 0 };
	make(&m, arena);
	m.policy.departments = department;
	m.policy.department_count = 3;
	for (size_t d = 0; d < 3; d++)
		assert_true(prefixes_parse(&department[d].regions, arena, BYTES("*")));
	m.task[0].departments = both;
	m.task[0].department_count = 2;
	m.task[1].departments = both + 1;
	m.task[2].departments = both;
	m.task[1].department_count = m.task[2].department_count = 1;
	m.task[2].mode[A] = WAY_ONSITE;
	chance(&m, 0, A, 3, 1);
	chance(&m, 1, B, 7, 2);
	chance(&m, 2, A, 3, 2);
	bound_departments(&m.policy, &m.strata, &m.frame, got);
	assert_int_equal(got[0], 3 * 666666666u + 2 * 333333333u);
	assert_int_equal(got[1], 3 * 333333333u + 285714285u);
	assert_int_equal(got[2], 0);
	assert_true(prefixes_parse(&department[1].regions, arena, BYTES("99")));
	bound_departments(&m.policy, &m.strata, &m.frame, got);
	assert_int_equal(got[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(highest_onsite_probability),
		cmocka_unit_test(mode_of_the_class),
		cmocka_unit_test(focus_is_visited),
		cmocka_unit_test(worst_stratum),
		cmocka_unit_test(excluded_objects_share_nothing),
		cmocka_unit_test(of_departments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
