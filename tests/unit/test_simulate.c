/* Simulation: figures over many seeds, against what must hold for every one of them. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/backtest.h"
#include "planner/civil.h"
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
		.finding = { [1] = 250000 },
		.rated = { [1] = true } };
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
	assert_int_equal(f[SIMULATE_RATED].mean, f[SIMULATE_VISITS].mean);
	assert_int_equal(f[SIMULATE_OPEN].high, 0);
	assert_null(s.past);
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

/* ---- inspectors ---- */

static struct bytes artefact(
	struct arena *a, const char *name, const char *header, struct bytes rows)
{
	struct buf *b = arena_calloc(a, 1, sizeof *b);
	*b = buf_new(a, 4096);
	buf_str(b, "blind ");
	for (int i = 0; i < 64; i++)
		buf_byte(b, '0');
	buf_str(b, arena_printf(a, "\ndrawd/%s/v1\n%s\n", name, header));
	buf_bytes(b, rows);
	return buf_view(b);
}

/* n inspectors for everything in every department; every day of the windows is a working day. */
static struct pool_artefacts people(const struct world *w, struct arena *a, unsigned n)
{
	struct buf pool = buf_new(a, 4096), days = buf_new(a, 4096);
	const struct policy *p = &w->policy;
	for (uint32_t d = 0; d < p->department_count; d++)
		for (unsigned i = 0; i < n; i++)
			buf_str(&pool, arena_printf(a, "P-%u-%04u\t%.*s\t*\t*\t2030-01-01\t\t0\n",
					       d, i, BYTES_ARG(p->departments[d].code)));
	for (int32_t day = p->tasks[0].from; day <= p->tasks[0].to; day++) {
		char text[CIVIL_TEXT];
		buf_str(&days, arena_printf(a, "%s\n", civil_format(day, text)));
	}
	return (struct pool_artefacts){
		artefact(a, "pool",
			"inspector\tdepartment\tregions\titems\tcertificate\tleave\tlimit",
			buf_view(&pool)),
		artefact(a, "recusals", "inspector\tsubject\tground\tsince", BYTES("")),
		artefact(a, "history", "inspector\tentity\tlast", BYTES("")),
		artefact(a, "calendar", "day", buf_view(&days)),
	};
}

/* Slots of departments are all slots; nobody: all are open; many: none is, and most are idle. */
static void staffed(void **state)
{
	static const unsigned many[] = { 0, 200 };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct simulation s;
		struct err e = { 0 };
		make(&w, a, "100000", "100000");
		struct pool_artefacts pool = people(&w, a, many[k]);
		uint64_t slots = 0, open = 0, idle = 0, people_there = 0;
		w.in.pool = &pool;
		w.in.seeds = 5;
		assert_true(simulate(&s, &w.in, a, &e));
		assert_true(s.staffed);
		assert_int_equal(s.staffs, w.policy.department_count);
		for (uint32_t i = 0; i < s.staffs; i++) {
			slots += s.staff[i].slots.mean;
			open += s.staff[i].open.mean;
			idle += s.staff[i].idle.mean;
			people_there += s.staff[i].inspectors;
			assert_int_equal(s.staff[i].inspectors, many[k]);
		}
		assert_int_equal(people_there, many[k] * w.policy.department_count);
		assert_in_range(s.figure[SIMULATE_SLOTS].mean, 2 * s.figure[SIMULATE_VISITS].mean,
			UINT64_MAX);
		assert_int_equal(slots, s.figure[SIMULATE_SLOTS].mean);
		assert_int_equal(open, k == 0 ? slots : 0);
		assert_int_equal(s.figure[SIMULATE_OPEN].mean, open);
		assert_int_equal(s.figure[SIMULATE_IDLE].mean, idle);
		assert_int_equal(s.figure[SIMULATE_BUSIEST].low > 0, k == 1);
	}
}

/* ---- backtest ---- */

static const struct backtest_part *past_part(
	const struct simulation *s, const char *kind, const char *code)
{
	for (uint32_t i = 0; i < s->past->parts; i++)
		if (strcmp(s->past->part[i].kind, kind) == 0 &&
			bytes_is(s->past->part[i].code, code))
			return &s->past->part[i];
	fail_msg("no part %s %s", kind, code);
	return NULL;
}

/* An inspection of every object by anybody: those reached are the objects drawn. */
static void backtest_of_all(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation s;
	struct past_check check[OBJECTS];
	const struct past_checks past = { check, OBJECTS };
	struct err e = { 0 };

	(void)state;
	make(&w, a, "100000", "100000");
	for (uint32_t i = 0; i < OBJECTS; i++)
		check[i] = (struct past_check){ i, false, i % 4 == 0, PAST_ANY, -1 };
	w.in.past = &past;
	assert_true(simulate(&s, &w.in, a, &e));
	const struct backtest_part *all = past_part(&s, "all", ""),
				   *b = past_part(&s, "class", "B");
	assert_int_equal(all->found.checks, OBJECTS / 4);
	assert_int_equal(all->clean.checks, OBJECTS - OBJECTS / 4);
	assert_int_equal(
		all->found.reached.mean + all->clean.reached.mean, s.figure[SIMULATE_OBJECTS].mean);
	assert_in_range(all->found.reached.low, 1, all->found.reached.high);
	assert_memory_equal(&all->found, &b->found, sizeof b->found);
	assert_int_equal(past_part(&s, "class", "D")->found.checks, 0);
}

/* Of whom a past inspection is reached where all are drawn; -1: the first object, no further one.
 */
static void backtest_of_whom(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct simulation s;
	struct err e = { 0 };

	(void)state;
	make(&w, a, "1000000", "1000000");
	const struct task *t = w.policy.tasks;
	const struct {
		struct past_check check;
		bool reached;
	} rows[] = {
		{ { 0, false, true, PAST_ANY, -1 }, true },
		{ { 0, false, true, t[0].departments[0], -1 }, true },
		{ { 0, false, true, PAST_NONE, -1 }, false },
		{ { 6, true, true, PAST_ANY, 0 }, true },
		{ { 7, true, true, PAST_ANY, -1 }, true }, /* its entity's other object is drawn */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct past_checks past = { &rows[i].check, 1 };
		w.in.past = &past;
		w.in.seeds = 3;
		w.in.independent = 0;
		assert_true(simulate(&s, &w.in, a, &e));
		assert_int_equal(past_part(&s, "all", "")->found.reached.low, rows[i].reached);
		assert_int_equal(past_part(&s, "all", "")->found.reached.high, rows[i].reached);
		assert_int_equal(past_part(&s, "all", "")->clean.checks, 0);
		if (rows[i].check.field >= 0)
			assert_int_equal(
				s.past->part[s.past->parts - w.policy.field_count].found.checks, 1);
	}
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
		cmocka_unit_test(staffed),
		cmocka_unit_test(backtest_of_all),
		cmocka_unit_test(backtest_of_whom),
		cmocka_unit_test(stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
