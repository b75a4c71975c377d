/* The plan at the size of a district, a city and a province: what each step takes in
 * processor time. The result is
 * checked by plan_check, and set beside a greedy draw that does not look ahead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "planner/plan.h"
#include "planner/slotkeys.h"
#include "tests/bench/world.h"
#include "tests/unit/planworld.c"

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static const char *group; /* of the lines */

static void lap(const char *what, uint64_t *since)
{
	uint64_t t = now();
	bench_said(group, what, (t - *since) / 1000, "us");
	*since = now();
}

/* `planner.district_tight.seconds 0.412 s` */
static void line(const char *name, const char *what, const char *unit, double value)
{
	printf("planner.");
	for (const char *c = name; *c != '\0'; c++)
		if (*c != ',')
			putchar(*c == ' ' ? '_' : *c);
	printf(".%s %.3f %s\n", what, value, unit);
}

struct order {
	struct shp_key key;
	uint32_t a, b;
};

static int by_key(const void *x, const void *y)
{
	const struct order *a = x, *b = y;
	return shp_key_compare(&a->key, &b->key);
}

/* Slots in the same order, but each takes its first candidate below his capacity: how many stay
 * open? */
static uint32_t greedy_open(const struct plan *plan, struct slot_keys *keys)
{
	ARENA_AUTO a = arena_new();
	const struct eligible *el = &plan->eligible;
	uint32_t n = 0, open = 0, *load = arena_calloc(a, plan->pool.n + 1, sizeof *load);
	struct order *slot = arena_calloc(a, plan->shp.slots + 1, sizeof *slot);
	struct order *who = arena_calloc(a, plan->pool.n + 1, sizeof *who);
	uint32_t *taken = arena_calloc(a, plan->shp.slots + 1, sizeof *taken);
	for (uint32_t s = 0; s < plan->assignments.n; s++)
		for (uint32_t p = 1; p <= plan->assignments.at[s].places; p++, n++) {
			slot[n] = (struct order){ .a = s, .b = p };
			slot_key(keys, s, p, &slot[n].key);
		}
	qsort(slot, n, sizeof *slot, by_key);
	memset(taken, 0xff, n * sizeof *taken);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t s = slot[k].a, from = plan->shp.slot_start[s], m = 0;
		for (uint32_t x = el->start[s]; x < el->start[s + 1]; x++) {
			uint32_t i = el->to[x];
			bool here = false;
			for (uint32_t p = 0; p < plan->assignments.at[s].places; p++)
				here = here || taken[from + p] == i;
			if (here || load[i] >= plan->shp.final[i])
				continue;
			who[m].a = i;
			slot_candidate_keys(keys, s, slot[k].b, &i, 1, &who[m++].key);
		}
		if (m == 0) {
			open++;
			continue;
		}
		qsort(who, m, sizeof *who, by_key);
		taken[from + slot[k].b - 1] = who[0].a;
		load[who[0].a]++;
	}
	return open;
}

static void report(const struct plan *plan, struct slot_keys *keys)
{
	uint32_t raised = 0, lost = 0;
	for (uint32_t i = 0; i < plan->pool.n; i++)
		raised += plan->shp.final[i] > plan->shp.first[i];
	for (uint32_t i = 0; i < plan->visits.n; i++)
		lost += plan->half[i] == HALF_NONE;
	bench_said(group, "visits", plan->visits.n, "visits");
	bench_said(group, "assignments", plan->assignments.n, "assignments");
	bench_said(group, "slots", plan->shp.slots, "slots");
	bench_said(group, "edges", plan->eligible.start[plan->assignments.n], "edges");
	bench_said(group, "raised", raised, "inspectors");
	uint32_t most =
		0; /* what could be filled were nobody limited: places with that many people */
	for (uint32_t s = 0; s < plan->assignments.n; s++) {
		uint32_t people = plan->eligible.start[s + 1] - plan->eligible.start[s];
		if (people < plan->assignments.at[s].places)
			most += plan->assignments.at[s].places - people;
	}
	bench_said(group, "open", plan->shp.open, "slots");
	bench_said(group, "too few people eligible", most, "slots");
	bench_said(group, "open without look-ahead", greedy_open(plan, keys), "slots");
	bench_said(group, "without a half-day", lost, "visits");
}

static void measure(const char *name, const struct world_size *size)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan plan = { .in = &w.in };
	struct err e = { 0 };
	struct slot_keys keys = {
		.policy = &w.policy, .visits = &plan.visits, .assignments = &plan.assignments
	};
	world_make(&w, a, size);
	group = arena_printf(a, "plan.%s", name);
	bench_said(group, "objects", size->objects, "objects");
	bench_said(group, "inspectors", size->inspectors, "inspectors");
	bench_said(group, "departments", size->departments, "departments");
	bench_said(group, "slack", size->slack, "percent");
	uint64_t t = now();
	if (!pool_read(&plan.pool, a, &w.policy, &w.in.artefacts, &e) ||
		!merge_visits(&plan.visits, a, &w.policy, &w.in.draws, &e)) {
		fprintf(stderr, "bench_plan: %s\n", e.what);
		exit(1);
	}
	lap("artefacts and merging", &t);
	assignments_make(&plan.assignments, a, &w.policy, &w.in.draws, &plan.visits, &plan.pool);
	pool_eligible_all(&plan.eligible, a, &plan.pool, &w.policy, &plan.assignments);
	lap("eligibility", &t);
	if (!plan_make(&plan, a, &w.in, &e)) {
		fprintf(stderr, "bench_plan: %s\n", e.what);
		exit(1);
	}
	line(name, "seconds", "s", (double)(now() - t) / 1e9);
	line(name, "unfilled", "slots", plan.shp.open);
	lap("plan_make, all steps", &t);
	slot_keys_init(&keys, a, &w.keys, &plan.pool);
	uint8_t *places = arena_calloc(a, plan.assignments.n + 1, 1);
	uint32_t *limit = arena_calloc(a, plan.pool.n + 1, sizeof *limit);
	for (uint32_t i = 0; i < plan.assignments.n; i++)
		places[i] = (uint8_t)plan.assignments.at[i].places;
	for (uint32_t i = 0; i < plan.pool.n; i++)
		limit[i] = plan.pool.at[i].limit;
	struct shp_graph g = { .assignments = plan.assignments.n,
		.inspectors = plan.pool.n,
		.start = plan.eligible.start,
		.to = plan.eligible.to,
		.places = places,
		.limit = limit,
		.slack = size->slack,
		.keys = &keys,
		.slot_key = slot_key,
		.candidate_keys = slot_candidate_keys };
	struct shp_result shp;
	t = now();
	shp_run(&shp, a, &g);
	lap("of it: inspectors, rule SHP", &t);
	if (!plan_check(&w.in, &plan.made, &e)) {
		fprintf(stderr, "bench_plan: %s: %s\n", e.where, e.what);
		exit(1);
	}
	lap("plan_check", &t);
	report(&plan, &keys);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct world_size size;
	} worlds[] = {
		{ "district", { 1200, 300, 25, 1, 130, 9999, 30, 130, 1 } },
		{ "district-tight", { 1200, 300, 25, 1, 100, 9999, 30, 130, 2 } },
		{ "district-overloaded", { 1200, 300, 25, 1, 130, 9, 30, 130, 3 } },
		{ "city", { 20000, 3000, 25, 10, 130, 9999, 30, 130, 4 } },
		{ "city-overloaded", { 20000, 3000, 25, 10, 130, 15, 30, 130, 5 } },
		{ "province", { 200000, 30000, 25, 90, 130, 9999, 1, 130, 6 } },
		{ "province-tight", { 200000, 30000, 25, 90, 100, 9999, 1, 130, 7 } },
	};
	for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
		if (argc < 2 || strncmp(argv[1], worlds[i].name, strlen(argv[1])) == 0)
			measure(worlds[i].name, &worlds[i].size);
	return 0;
}
