/* Coordination: how many visits a draw needs beside the bound L (planner/bound.h), on five made-up
 * cities, and whether frequencies over many seeds are the chances that are told. Lines `name value
 * unit`. bench_coordination [SEEDS [DRAWS]]: seeds of a city, draws of the test of frequencies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/bound.h"
#include "planner/merge.h"
#include "planner/simulate.h"
#include "planner/unions.h"
#include "sampler/seed.h"
#include "sampler/select.h"

enum { SEEDS = 20, DRAWS = 200000, FROM = 20514, TO = 20600, MOST = 160 };

static void must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "bench_coordination: %s %s\n", e->where, e->what);
	exit(1);
}

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

/* ---- a city ---- */

/* What an object is for a task: a stratum, or STRATUM_OUT. */
typedef enum stratum cell_fn(size_t object, uint32_t task);

struct city {
	const char *name;
	size_t objects;
	uint32_t tasks;
	cell_fn *cell;
	uint32_t (*factor)(uint32_t task); /* of its ratios, per cent */
};

/* A quarter is A, 55 % B, 15 % C, 5 % D. */
static enum stratum class_by(uint64_t random)
{
	uint64_t share = random % 100;
	return share < 25 ? STRATUM_A : share < 80 ? STRATUM_B : share < 95 ? STRATUM_C : STRATUM_D;
}

/* The first department is there for everybody, the others for 10 to 60 in a hundred. */
static bool in_scope(size_t object, uint32_t department)
{
	uint64_t share = 10 + department * 37 % 51;
	return department == 0 || mix(object * 64 + department) % 100 < share;
}

static enum stratum of_class(size_t object, uint32_t task)
{
	return in_scope(object, task) ? class_by(mix(object)) : STRATUM_OUT;
}

static enum stratum of_own_class(size_t object, uint32_t task)
{
	return in_scope(object, task) ? class_by(mix(object * 64 + 32 + task)) : STRATUM_OUT;
}

/* A task for every department and each of 20 streets. */
static enum stratum of_street(size_t object, uint32_t task)
{
	enum { STREETS = 20 };
	if (mix(object ^ 77777) % STREETS != task % STREETS || !in_scope(object, task / STREETS))
		return STRATUM_OUT;
	return class_by(mix(object));
}

static uint32_t factor_varied(uint32_t task)
{
	return 30 + 10 * (task * 5 % 12);
}

static uint32_t factor_of_three(uint32_t task)
{
	return 100 + 50 * (task % 3);
}

static uint32_t factor_one(uint32_t task)
{
	(void)task;
	return 100;
}

static const struct city cities[] = {
	{ "district", 18600, 25, of_class, factor_varied },
	{ "varied_ratios", 50000, 25, of_class, factor_varied },
	{ "common_strata", 50000, 25, of_class, factor_of_three },
	{ "equal_ratios", 50000, 25, of_class, factor_one },
	{ "streets", 20000, 160, of_street, factor_one },
	{ "own_strata", 50000, 25, of_own_class, factor_varied },
};

/* ---- its policy and frame ---- */

static void make_policy(struct policy *p, struct arena *a, const struct city *c, bool shared)
{
	static const uint32_t ratio[CLASSES] = { 10000, 30000, 100000, 300000 };
	*p = (struct policy){ .rounding = ROUND_HALF_UP,
		.ceiling_general = 1000000,
		.task_count = c->tasks,
		.department_count = c->tasks };
	p->tasks = arena_calloc(a, c->tasks, sizeof *p->tasks);
	p->departments = arena_calloc(a, c->tasks, sizeof *p->departments);
	uint32_t *own = arena_calloc(a, c->tasks, sizeof *own);
	for (uint32_t t = 0; t < c->tasks; t++) {
		own[t] = t;
		struct department *d = &p->departments[t];
		d->code = bytes_of(arena_printf(a, "t%03u", t));
		bool ok = prefixes_parse(&d->regions, a, BYTES("*"));
		p->tasks[t] = (struct task){ .code = d->code,
			.from = FROM,
			.to = TO,
			.frequency = ok,
			.shared = shared,
			.onsite = true,
			.lead = t,
			.department_count = 1,
			.departments = &own[t] };
		for (int k = 0; k < CLASSES; k++)
			p->tasks[t].ratio[k] = ratio[k] * c->factor(t) / 100;
	}
}

static void put_object(struct table_writer *w, struct bytes *field, const struct city *c, size_t i,
	uint32_t weight, struct arena *a)
{
	struct err e = { 0 };
	for (size_t k = 0; k < FRAME_FACTS; k++)
		field[k] = BYTES("");
	field[FACT_OBJECT] = field[FACT_ENTITY] = bytes_of(arena_printf(a, "91%08zu", i));
	field[FACT_REGION] = BYTES("371002");
	field[FACT_RESERVED] = BYTES("0");
	for (uint32_t t = 0; t < c->tasks; t++) {
		enum stratum s = c->cell(i, t);
		field[FRAME_FACTS + t] =
			s == STRATUM_OUT ? BYTES(EXCLUDED_TYPE) : bytes_of(stratum_name(s));
	}
	field[FRAME_FACTS + c->tasks] = bytes_of(arena_printf(a, "%u", weight));
	field[FRAME_FACTS + c->tasks + 1] = BYTES("00112233445566778899aabbccddeeff");
	must(table_put(w, field, &e), &e);
}

static void make_frame(struct frame *f, struct arena *a, const struct policy *p,
	const struct city *c, uint32_t (*weight)(size_t))
{
	struct buf out = buf_new(a, c->objects * (80 + 5 * (size_t)c->tasks));
	struct table_writer w;
	struct table t;
	struct err e = { 0 };
	uint8_t blind[32] = { 0 }, hash[32];
	struct bytes field[FRAME_FACTS + MOST + 2], code[MOST];
	for (uint32_t k = 0; k < c->tasks; k++)
		code[k] = p->tasks[k].code;
	must(table_start(&w, TABLE_FRAME, blind, code, c->tasks, sink_buf(&out), a, &e), &e);
	for (size_t i = 0; i < c->objects; i++) {
		ARENA_AUTO row = arena_new();
		put_object(&w, field, c, i, weight != NULL ? weight(i) : 1, row);
	}
	must(table_end(&w, hash, &e) && table_open(&t, TABLE_FRAME, buf_view(&out), &e) &&
			policy_frame(p, f, &t, a, &e),
		&e);
}

/* ---- visits beside L ---- */

static void draw(struct selection *s, const struct frame *f, const struct strata *strata,
	uint32_t seed, struct arena *a)
{
	struct seed_keys keys;
	struct tickets tickets;
	struct err e = { 0 };
	simulate_keys(seed, &keys);
	units_numbers(&tickets, f, &keys, false, a);
	must(select_draw(s, f, &tickets, &strata->order, &keys, a, &e), &e);
}

static uint64_t visits_of(const struct policy *p, const struct frame *f,
	const struct strata *strata, uint32_t seed, struct plan_figures *figures)
{
	ARENA_AUTO a = arena_new();
	struct selection s;
	struct drawn drawn;
	struct draws draws;
	struct visits visits;
	struct err e = { 0 };
	draw(&s, f, strata, seed, a);
	select_by_object(&drawn, &s, f, a);
	draws_of_frame(&draws, a, p, f, &drawn);
	must(merge_visits(&visits, a, p, &draws, &e), &e);
	merge_figures(figures, p, &draws, &visits);
	return figures->visits;
}

static void measure(const struct city *c, bool shared, uint32_t seeds)
{
	ARENA_AUTO a = arena_new();
	struct policy p;
	struct frame f;
	struct strata strata;
	struct err e = { 0 };
	uint64_t visits = 0, pairs = 0, assignments = 0;
	struct plan_figures figures;
	make_policy(&p, a, c, shared);
	make_frame(&f, a, &p, c, NULL);
	must(strata_make(&strata, &p, &f.counts, a, &e), &e);
	double bound = (double)bound_of(&p, &strata, &f) / 1e9;
	for (uint32_t s = 1; s <= seeds; s++) {
		visits += visits_of(&p, &f, &strata, s, &figures);
		pairs += figures.department_pairs;
		assignments += figures.assignments;
	}
	double mean = (double)visits / seeds;
	const char *how = shared ? ".shared_cutoff" : "";
	printf("planner.%s%s.visits %.1f visits\n", c->name, how, mean);
	printf("planner.%s%s.bound %.1f visits\n", c->name, how, bound);
	printf("planner.%s%s.visits_over_bound %.4f ratio\n", c->name, how, mean / bound);
	printf("planner.%s%s.departments_per_visit %.3f departments\n", c->name, how,
		(double)assignments / (double)visits);
	printf("planner.%s%s.saved %.4f share\n", c->name, how, 1 - (double)visits / (double)pairs);
}

/* ---- a published year ---- */

/* Weihai's development zone, 2022: about 50,000 entities, 22 fields, 2,182 inspected, 1,169 of them
 * jointly. Scopes and ratios are not published: ratios here are such that as many are inspected. */
static uint32_t factor_of_weihai(uint32_t task)
{
	return factor_varied(task) * 67 / 100;
}

static const struct city weihai = { "weihai_2022", 50000, 22, of_class, factor_of_weihai };
enum { PUBLISHED_JOINT = 1169, PUBLISHED_INSPECTED = 2182 };

/* How many tasks draw each object where each draws with a key of its own. */
static void draw_alone(
	const struct frame *f, const struct strata *strata, uint32_t seed, uint8_t *times)
{
	for (size_t t = 0; t < f->tasks; t++) {
		ARENA_AUTO a = arena_new();
		struct strata one = *strata;
		struct selection s;
		size_t cells = f->tasks * FRAME_STRATA;
		uint64_t *quota = arena_calloc(a, cells, sizeof *quota);
		memcpy(quota + t * FRAME_STRATA, strata->order.quota + t * FRAME_STRATA,
			FRAME_STRATA * sizeof *quota);
		one.order.quota = quota;
		draw(&s, f, &one, seed * 1000 + (uint32_t)t, a);
		for (size_t i = 0; i < s.n; i++)
			times[s.object[i]]++;
	}
}

static void tell_joint(const char *how, uint64_t entries, uint64_t inspected, uint64_t joint)
{
	if (entries > 0)
		printf("planner.%s.%s.entries %llu entries\n", weihai.name, how,
			(unsigned long long)entries);
	printf("planner.%s.%s.inspected %llu entities\n", weihai.name, how,
		(unsigned long long)inspected);
	printf("planner.%s.%s.joint %llu entities\n", weihai.name, how, (unsigned long long)joint);
	printf("planner.%s.%s.joint_share %.4f share\n", weihai.name, how,
		(double)joint / (double)inspected);
}

static void published_year(uint32_t seeds)
{
	ARENA_AUTO a = arena_new();
	struct policy p;
	struct frame f;
	struct strata strata;
	struct err e = { 0 };
	struct plan_figures figures;
	uint64_t ours[3] = { 0 }, alone[3] = { 0 }; /* entries, inspected, jointly */
	make_policy(&p, a, &weihai, false);
	make_frame(&f, a, &p, &weihai, NULL);
	must(strata_make(&strata, &p, &f.counts, a, &e), &e);
	for (uint32_t s = 1; s <= seeds; s++) {
		ARENA_AUTO own = arena_new();
		uint8_t *times = arena_calloc(own, f.n, 1);
		ours[0] += visits_of(&p, &f, &strata, s, &figures);
		ours[1] += figures.objects;
		ours[2] += figures.merged_objects;
		draw_alone(&f, &strata, s, times);
		for (size_t i = 0; i < f.n; i++) {
			alone[0] += times[i];
			alone[1] += times[i] > 0;
			alone[2] += times[i] > 1;
		}
	}
	tell_joint("coordinated", ours[0] / seeds, ours[1] / seeds, ours[2] / seeds);
	tell_joint("independent", alone[0] / seeds, alone[1] / seeds, alone[2] / seeds);
	tell_joint("published", 0, PUBLISHED_INSPECTED, PUBLISHED_JOINT); /* no entries told */
}

/* ---- frequencies ---- */

static enum stratum twelve(size_t object, uint32_t task)
{
	return object < 12 || task == 1 ? STRATUM_B : STRATUM_OUT;
}

static uint32_t weight_one(size_t object)
{
	(void)object;
	return 1;
}

static uint32_t weight_spread(size_t object)
{
	static const uint32_t weight[] = { 1, 1, 2, 3, 5, 8, 13, 21, 21, 34, 40, 60 };
	return weight[object % 12];
}

/* What a χ² of so many degrees is above once in a thousand (Wilson and Hilferty). */
static double above_once_in_a_thousand(double n)
{
	double x = 2 / (9 * n), root = x;
	for (int i = 0; i < 40; i++)
		root = (root + x / root) / 2;
	double y = 1 - x + 3.0902 * root;
	return n * y * y * y;
}

struct trial {
	const char *name;
	uint32_t (*weight)(size_t);
	bool weighted, shared;
	uint32_t ratio, tasks;
};

/* How often the first task draws each of its twelve objects, against their chances. */
static bool frequencies(const struct trial *t, uint32_t draws)
{
	ARENA_AUTO a = arena_new();
	const struct city c = { t->name, t->tasks == 1 ? 12 : 20, t->tasks, twelve, factor_one };
	struct policy p;
	struct frame f;
	struct strata strata;
	struct err e = { 0 };
	uint64_t seen[20] = { 0 };
	double chi = 0;
	make_policy(&p, a, &c, t->shared);
	for (uint32_t k = 0; k < t->tasks; k++) {
		p.tasks[k].ratio[STRATUM_B] = t->ratio;
		p.tasks[k].weighted = t->weighted;
	}
	make_frame(&f, a, &p, &c, t->weight);
	must(strata_make(&strata, &p, &f.counts, a, &e), &e);
	for (uint32_t seed = 1; seed <= draws; seed++) {
		ARENA_AUTO own = arena_new();
		struct selection s;
		draw(&s, &f, &strata, seed, own);
		for (size_t i = 0; i < s.start[FRAME_STRATA]; i++)
			seen[s.object[i]]++;
	}
	for (uint32_t i = 0; i < 12; i++) {
		const struct draw_cell cell = { 0, STRATUM_B, false, &strata.order };
		double chance = (double)select_chance(&f, &cell, i) / 1e6;
		double due = draws * chance, miss = (double)seen[i] - due;
		chi += chance < 1 ? miss * miss / (due * (1 - chance)) : miss * miss;
	}
	chi *= t->shared ? 1 : 11.0 / 12; /* a fixed number is drawn but in a union */
	double limit = above_once_in_a_thousand(t->shared ? 12 : 11);
	printf("planner.chi_square.%s %.2f of_%.2f\n", t->name, chi, limit);
	return chi <= limit;
}

static const struct trial trials[] = {
	{ "equal", weight_one, false, false, 333333, 1 },
	{ "shared_cutoff", weight_one, false, true, 300000, 2 },
	{ "weighted", weight_spread, true, false, 333333, 1 },
	{ "weighted_all_same", weight_one, true, false, 333333, 1 },
	{ "weighted_one", weight_spread, true, false, 83334, 1 },
	{ "weighted_most", weight_spread, true, false, 750000, 1 },
};

int main(int argc, char **argv)
{
	uint32_t seeds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : SEEDS;
	uint32_t draws = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : DRAWS;
	bool good = true;
	for (size_t i = 0; i < sizeof cities / sizeof *cities && seeds > 0; i++) {
		measure(&cities[i], false, seeds);
		measure(&cities[i], true, seeds);
	}
	if (seeds > 0)
		published_year(seeds);
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
		good = frequencies(&trials[i], draws) && good;
	return good ? 0 : 1;
}
