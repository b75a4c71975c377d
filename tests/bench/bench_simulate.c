/* A simulation: bench_simulate [OBJECTS [TASKS [SEEDS [INSPECTORS]]]], 50,000 objects, 25 tasks and
 * 200 seeds where nothing is given; so many inspectors in each department, nobody is sent where
 * there are none. Cells and windows are made by counting; what is measured is what the job does
 * once the frame is loaded. */
#include <stdlib.h>

#include "planner/civil.h"
#include "planner/frame_build.h"
#include "planner/simulate.h"
#include "tests/bench/world.h"

enum { OBJECTS = 50000, TASKS = 25, SEEDS = 200, INDEPENDENT = 20, DATE = 20514 };

static void make_frame(struct frame *f, struct arena *a, const struct policy *p, size_t objects)
{
	static const char salt_key[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	struct bench_objects world;
	struct bytes fact[FRAME_FACTS];
	struct buf *text = arena_calloc(a, 1, sizeof *text);
	struct table *table = arena_calloc(a, 1, sizeof *table);
	struct frame_sums sums;
	struct err e = { 0 };

	bench_objects(&world, p);
	*text = buf_new(a, 1 << 20);
	struct frame_builder *b = frame_build_start(a, p, DATE, salt_key, sink_buf(text), &e);
	bench_must(b != NULL, &e);
	for (size_t i = 0; i < objects; i++) {
		bench_facts(&world, i, fact);
		bench_must(frame_build_put(b, fact, 1, &e), &e);
	}
	bench_must(frame_build_end(b, &sums, &e) &&
			   table_open(table, TABLE_FRAME, buf_view(text), &e) &&
			   policy_frame(p, f, table, a, &e),
		&e);
}

/* ---- inspectors ---------------------------------------------------------------------------- */

static struct bytes artefact(
	struct arena *a, const char *name, const char *header, const struct buf *rows)
{
	struct buf *b = arena_calloc(a, 1, sizeof *b);
	*b = buf_new(a, 4096);
	buf_str(b, "blind ");
	for (int i = 0; i < 64; i++)
		buf_byte(b, '0');
	buf_str(b, arena_printf(a, "\ndrawd/%s/v1\n%s\n", name, header));
	if (rows != NULL)
		buf_bytes(b, buf_view(rows));
	return buf_view(b);
}

static void make_pool(struct pool_artefacts *out, struct arena *a, const struct policy *p, size_t n)
{
	struct buf pool = buf_new(a, 4096), days = buf_new(a, 4096);
	for (uint32_t d = 0; d < p->department_count; d++)
		for (size_t i = 0; i < n; i++)
			buf_str(&pool,
				arena_printf(a, "P-%04u-%05zu\t%.*s\t*\t*\t2030-01-01\t\t0\n", d, i,
					BYTES_ARG(p->departments[d].code)));
	for (int32_t day = p->tasks[0].from; day <= p->tasks[0].to; day++) {
		char text[CIVIL_TEXT];
		buf_str(&days, arena_printf(a, "%s\n", civil_format(day, text)));
	}
	out->pool = artefact(a, "pool",
		"inspector\tdepartment\tregions\titems\tcertificate\tleave\tlimit", &pool);
	out->recusals = artefact(a, "recusals", "inspector\tsubject\tground\tsince", NULL);
	out->history = artefact(a, "history", "inspector\tentity\tlast", NULL);
	out->calendar = artefact(a, "calendar", "day", &days);
}

static size_t argument(int argc, char **argv, int i, size_t otherwise)
{
	return argc > i ? strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	size_t objects = argument(argc, argv, 1, OBJECTS), tasks = argument(argc, argv, 2, TASKS);
	uint32_t seeds = (uint32_t)argument(argc, argv, 3, SEEDS);
	size_t inspectors = argument(argc, argv, 4, 0);
	ARENA_AUTO a = arena_new();
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct pool_artefacts pool;
	struct frame frame;
	struct strata strata;
	struct simulation s;
	struct err e = { 0 };

	bench_policy(p, a, tasks);
	uint64_t start = bench_now();
	make_frame(&frame, a, p, objects);
	bench_must(strata_make(&strata, p, &frame.counts, a, &e), &e);
	make_pool(&pool, a, p, inspectors);
	uint64_t loaded = bench_now();
	struct simulate_input in = { .policy = p,
		.frame = &frame,
		.strata = &strata,
		.pool = inspectors > 0 ? &pool : NULL,
		.seeds = seeds,
		.independent = seeds < INDEPENDENT ? seeds : INDEPENDENT };
	bench_must(simulate(&s, &in, a, &e), &e);
	uint64_t end = bench_now();
	bench_line("simulate.objects", objects, "objects");
	bench_line("simulate.tasks", tasks, "tasks");
	bench_line("simulate.seeds", seeds, "seeds");
	bench_line("simulate.visits", s.figure[SIMULATE_VISITS].mean / 1000, "visits");
	bench_line("simulate.bound", s.bound / 1000, "visits");
	bench_line("simulate.slots", s.figure[SIMULATE_SLOTS].mean / 1000, "slots");
	bench_ms("simulate.frame", loaded - start);
	bench_ms("simulate.drawn", end - loaded);
	return 0;
}
