/* Simulation: figures over many seeds, against what must hold for every one of them. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/simulate.h"
#include "tests/unit/frames.h"
#include "tests/unit/sample_policy.h"

enum { OBJECTS = 400, TASKS = 2, SEEDS = 40 };

static void spreads(void **state)
{
	static const struct {
		uint32_t n;
		uint64_t value[8], mean, low, high;
	} rows[] = {
		{ 1, { 7 }, 7000, 7, 7 },
		{ 2, { 9, 4 }, 6500, 4, 9 },
		{ 3, { 2, 1, 1 }, 1333, 1, 2 },
		{ 3, { 2, 2, 1 }, 1667, 1, 2 },
		{ 4, { 0, 0, 0, 0 }, 0, 0, 0 },
	};
	uint64_t many[201];
	struct simulate_spread s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t value[8];
		memcpy(value, rows[i].value, sizeof value);
		simulate_spread_of(&s, value, rows[i].n);
		assert_int_equal(s.mean, rows[i].mean);
		assert_int_equal(s.low, rows[i].low);
		assert_int_equal(s.high, rows[i].high);
	}
	for (uint64_t i = 0; i < 201; i++)
		many[i] = 200 - i;
	simulate_spread_of(&s, many, 201);
	assert_int_equal(s.mean, 100000);
	assert_int_equal(s.low, 5);
	assert_int_equal(s.high, 195);
	simulate_spread_of(&s, many, 0);
	assert_int_equal(s.mean + s.low + s.high, 0);
}

static void keys_of_a_seed(void **state)
{
	struct seed_keys made, known;

	(void)state;
	seed_derive(BYTES("drawd/simulate/v1\n17\n"), &known);
	simulate_keys(17, &made);
	assert_memory_equal(&made, &known, sizeof made);
	simulate_keys(18, &made);
	assert_memory_not_equal(&made, &known, sizeof made);
}

/* 400 objects of class B, every eighth the second of an entity; both tasks onsite in one window. */
struct world {
	struct sample sample;
	struct policy policy;
	struct frame frame;
	struct strata strata;
	struct simulate_input in;
};

static void make(struct world *w, struct arena *a, const char *ratio, const char *ratio_2)
{
	static const struct bytes task[TASKS] = { { "t", 1 }, { "t-2", 3 } };
	struct bytes *id = frames_ids(a, OBJECTS);
	struct bytes *entity = arena_calloc(a, OBJECTS, sizeof *entity);
	uint8_t *cell = arena_calloc(a, OBJECTS * TASKS, 1);
	struct err e = { 0 };

	sample_init(&w->sample, a);
	sample_set(&w->sample, "task.t-2.batches", "");
	sample_set(&w->sample, "task.t-2.mode.B", "onsite");
	sample_set(&w->sample, "task.t.ratio.B", ratio);
	sample_set(&w->sample, "task.t-2.ratio.B", ratio_2);
	sample_set(&w->sample, "task.t.reason", "as a test");
	sample_set(&w->sample, "task.t-2.reason", "as a test");
	assert_true(sample_read(&w->sample, &w->policy, &e));
	for (uint32_t t = 0; t < TASKS; t++) {
		w->policy.tasks[t].from = w->policy.tasks[0].from;
		w->policy.tasks[t].to = w->policy.tasks[0].to;
	}
	for (size_t i = 0; i < OBJECTS; i++) {
		entity[i] = id[i % 8 == 7 ? i - 1 : i];
		cell[i * TASKS] = STRATUM_B;
		cell[i * TASKS + 1] = i < OBJECTS / 2 ? STRATUM_B : STRATUM_OUT;
	}
	frames_load_entities(&w->frame, a, task, TASKS, id, entity, cell, OBJECTS);
	assert_true(strata_make(&w->strata, &w->policy, &w->frame.counts, a, &e));
	w->in = (struct simulate_input){ .policy = &w->policy,
		.frame = &w->frame,
		.strata = &w->strata,
		.seeds = SEEDS,
		.independent = 10,
		.finding = { [1] = 250000 } };
}

static const struct simulate_part *part(
	const struct simulation *s, const char *kind, const char *code)
{
	for (uint32_t i = 0; i < s->parts; i++)
		if (strcmp(s->part[i].kind, kind) == 0 && bytes_is(s->part[i].code, code))
			return &s->part[i];
	fail_msg("no part %s %s", kind, code);
	return NULL;
}

/* With one ratio and one window the smaller pool's sample is nearly within the larger one's. */
static void figures(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation s;
	struct err e = { 0 };
	const struct simulate_spread *f = s.figure;

	(void)state;
	make(&w, a, "100000", "100000");
	assert_true(simulate(&s, &w.in, a, &e));
	assert_int_equal(s.seeds, SEEDS);
	assert_false(s.staffed);
	/* every seed draws the quota of the large task at least, the sum of both at most */
	uint64_t large = w.strata.order.quota[STRATUM_B],
		 both = large + w.strata.order.quota[FRAME_STRATA + STRATUM_B];
	assert_in_range(f[SIMULATE_VISITS].low, large, both);
	assert_in_range(f[SIMULATE_VISITS].high, f[SIMULATE_VISITS].low, both);
	assert_in_range(s.bound, 1, f[SIMULATE_VISITS].mean);
	/* tickets of their own meet less often */
	assert_int_equal(s.independent_seeds, 10);
	assert_int_equal(s.independent.mean, both * 1000);
	assert_int_equal(f[SIMULATE_OFFSITE].high, 0);
	assert_int_equal(f[SIMULATE_OBJECTS].mean, f[SIMULATE_VISITS].mean);
	assert_int_equal(
		f[SIMULATE_REPEATS].mean, f[SIMULATE_VISITS].mean); /* all entered before */
	assert_int_equal(f[SIMULATE_FINDINGS].low, f[SIMULATE_VISITS].low * 250);
	assert_int_equal(f[SIMULATE_OPEN].high, 0);
	const struct simulate_part *b = part(&s, "class", "B");
	assert_int_equal(b->population, OBJECTS);
	assert_int_equal(b->drawn.mean, f[SIMULATE_OBJECTS].mean);
	assert_int_equal(part(&s, "class", "D")->population, 0);
}

static void everybody(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation s;
	struct err e = { 0 };

	(void)state;
	make(&w, a, "1000000", "1000000");
	w.in.independent = 0;
	assert_true(simulate(&s, &w.in, a, &e));
	uint64_t units = w.strata.order.units[STRATUM_B];
	assert_int_equal(s.figure[SIMULATE_VISITS].low, s.figure[SIMULATE_VISITS].high);
	assert_in_range(s.figure[SIMULATE_VISITS].low, units, OBJECTS);
	assert_in_range(s.bound, units * 1000 - OBJECTS, units * 1000);
	assert_int_equal(s.independent_seeds, 0);
}

static void the_same_again(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation one, two;
	struct err e = { 0 };

	(void)state;
	make(&w, a, "37000", "210000");
	assert_true(simulate(&one, &w.in, a, &e));
	assert_true(simulate(&two, &w.in, a, &e));
	assert_memory_equal(one.figure, two.figure, sizeof one.figure);
	assert_int_equal(one.parts, two.parts);
	for (uint32_t i = 0; i < one.parts; i++)
		assert_memory_equal(
			&one.part[i].drawn, &two.part[i].drawn, sizeof one.part[i].drawn);
}

static bool stop_at_three(void *ctx, uint32_t done, struct err *e)
{
	*(uint32_t *)ctx = done;
	return done < 3 || err_set(e, ERR_STOPPING, "enough");
}

static void stopped(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation s;
	struct err e = { 0 };
	uint32_t done = 0;

	(void)state;
	make(&w, a, "100000", "100000");
	w.in.progress = stop_at_three;
	w.in.ctx = &done;
	assert_false(simulate(&s, &w.in, a, &e));
	assert_int_equal(e.code, ERR_STOPPING);
	assert_int_equal(done, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spreads),
		cmocka_unit_test(keys_of_a_seed),
		cmocka_unit_test(figures),
		cmocka_unit_test(everybody),
		cmocka_unit_test(the_same_again),
		cmocka_unit_test(stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
