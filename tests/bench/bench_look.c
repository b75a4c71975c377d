/* A look: bench_look [OBJECTS [TASKS]], 50,000 objects and 44 tasks where nothing is given. */
#include <stdlib.h>

#include "planner/look.h"
#include "tests/bench/world.h"

enum { OBJECTS = 50000, TASKS = 44, DATE = 20514 };

int main(int argc, char **argv)
{
	size_t objects = argc > 1 ? strtoul(argv[1], NULL, 10) : OBJECTS;
	size_t tasks = argc > 2 ? strtoul(argv[2], NULL, 10) : TASKS;
	ARENA_AUTO a = arena_new();
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct bench_objects world;
	struct bytes fact[FRAME_FACTS];
	struct look_result r;
	struct err e = { 0 };
	uint64_t drawn = 0;

	bench_policy(p, a, tasks);
	bench_objects(&world, p);
	size_t used = arena_used(a);
	uint64_t start = bench_now();
	struct look *l = look_start(a, p, DATE);
	for (size_t i = 0; i < objects; i++) {
		bench_facts(&world, i, fact);
		bench_must(look_put(l, fact, &e), &e);
	}
	uint64_t put = bench_now();
	look_end(l, &r);
	uint64_t end = bench_now();
	for (size_t t = 0; t < tasks; t++)
		drawn += r.task[t].drawn;
	bench_line("look.objects", objects, "objects");
	bench_line("look.tasks", tasks, "tasks");
	bench_line("look.drawn", drawn, "objects");
	bench_line("look.pairs", r.pairs, "pairs");
	bench_ms("look.put", put - start);
	bench_ms("look.counted", end - put);
	bench_line("look.memory", (arena_used(a) - used) / (objects > 0 ? objects : 1),
		"bytes-per-object");
	return 0;
}
