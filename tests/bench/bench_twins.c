/* Are identical inspectors drawn equally often? A small department drawn with many seeds by rule
 * SHP with the keys of the protocol: five people of one kind, three of another who may do less, two
 * who alone can do some visits. Within a kind each person must take a slot as often as the others
 * (χ² over the slots of one place), and carry as much (pairs, by the sum of their differences).
 * Lines are `name value unit`; fails where p < 0.001. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/slotkeys.h"
#include "sampler/base/arena.h"

enum { SEEDS = 200000, VISITS = 12, PEOPLE = 10 };

/* Kinds: 0–4, 5–7, 8–9. */
static const uint32_t kind_start[] = { 0, 5, 8, PEOPLE };
enum { KINDS = 3, SLOTS_FREEDOM = 56 };

/* What χ² passes once in a thousand times, with 56 and with 4 degrees of freedom. */
static const double SLOTS_LIMIT = 94.46, LOADS_LIMIT = 18.47;

struct department_world {
	struct policy policy;
	struct department department;
	struct pool pool;
	struct person person[PEOPLE];
	struct visit visit[VISITS];
	struct assignment assignment[VISITS];
	struct visits visits;
	struct assignments assignments;
	uint32_t start[VISITS + 1], to[VISITS * PEOPLE], limit[PEOPLE];
	uint8_t places[VISITS];
};

/* Visits 0–3 any kind may do, 4–8 all but the second, 9–11 the last alone. */
static void make(struct department_world *w, struct arena *a)
{
	static const uint32_t may[] = { 7, 7, 7, 7, 5, 5, 5, 5, 5, 4, 4, 4 };
	*w = (struct department_world){ 0 };
	w->department.code = BYTES("market");
	w->policy.departments = &w->department;
	w->policy.department_count = 1;
	for (uint32_t i = 0; i < PEOPLE; i++) {
		w->person[i].id = bytes_of(arena_printf(a, "MARKET-%04u", i + 1));
		w->limit[i] = 9;
	}
	w->pool = (struct pool){ .n = PEOPLE, .at = w->person };
	for (uint32_t v = 0; v < VISITS; v++) {
		w->visit[v].ordinal = 1;
		w->assignment[v] = (struct assignment){ .visit = v,
			.object = bytes_of(arena_printf(a, "9137100000000000%02u", v)) };
		w->places[v] = v < 9 ? 2 : 1;
		w->start[v + 1] = w->start[v];
		for (uint32_t k = 0; k < KINDS; k++)
			for (uint32_t i = kind_start[k]; (may[v] >> k & 1) && i < kind_start[k + 1];
				i++)
				w->to[w->start[v + 1]++] = i;
	}
	w->visits = (struct visits){ .n = VISITS, .at = w->visit };
	w->assignments = (struct assignments){ .n = VISITS, .at = w->assignment };
}

struct counts {
	uint64_t taken[VISITS][PEOPLE]; /* first place of each visit */
	int64_t difference[PEOPLE]; /* to the next of the same kind */
	uint64_t square[PEOPLE];
};

static void draw(struct department_world *w, uint32_t seed, struct counts *c)
{
	ARENA_AUTO a = arena_new();
	struct seed_keys seeds;
	struct shp_result r;
	struct slot_keys keys = {
		.policy = &w->policy, .visits = &w->visits, .assignments = &w->assignments
	};
	seed_derive(bytes_of(arena_printf(a, "twins %u", seed)), &seeds);
	slot_keys_init(&keys, a, &seeds, &w->pool);
	struct shp_graph g = { .assignments = VISITS,
		.inspectors = PEOPLE,
		.start = w->start,
		.to = w->to,
		.places = w->places,
		.limit = w->limit,
		.slack = 130,
		.keys = &keys,
		.slot_key = slot_key,
		.candidate_keys = slot_candidate_keys };
	shp_run(&r, a, &g);
	for (uint32_t v = 0; v < VISITS; v++)
		if (r.slot[r.slot_start[v]] != SHP_OPEN)
			c->taken[v][r.slot[r.slot_start[v]]]++;
	for (uint32_t i = 0; i + 1 < PEOPLE; i++) {
		int64_t d = (int64_t)r.used[i] - (int64_t)r.used[i + 1];
		c->difference[i] += d;
		c->square[i] += (uint64_t)(d * d);
	}
}

static double slots_chi2(const struct counts *c, double *freedom)
{
	double sum = 0;
	*freedom = 0;
	for (uint32_t v = 0; v < VISITS; v++)
		for (uint32_t k = 0; k < KINDS; k++) {
			uint32_t from = kind_start[k], n = kind_start[k + 1] - from;
			double all = 0;
			for (uint32_t i = 0; i < n; i++)
				all += (double)c->taken[v][from + i];
			for (uint32_t i = 0; i < n && all > 0; i++) {
				double d = (double)c->taken[v][from + i] - all / n;
				sum += d * d * n / all;
			}
			*freedom += all > 0 ? n - 1 : 0;
		}
	return sum;
}

/* Disjoint pairs: (0,1) (2,3) (5,6) (8,9). */
static double loads_chi2(const struct counts *c)
{
	static const uint32_t first[] = { 0, 2, 5, 8 };
	double sum = 0;
	for (size_t k = 0; k < sizeof first / sizeof *first; k++) {
		double d = (double)c->difference[first[k]], s = (double)c->square[first[k]];
		sum += s > 0 ? d * d / s : 0;
	}
	return sum;
}

int main(void)
{
	ARENA_AUTO a = arena_new();
	struct department_world *w = arena_calloc(a, 1, sizeof *w);
	struct counts *c = arena_calloc(a, 1, sizeof *c);
	double freedom;
	make(w, a);
	for (uint32_t seed = 0; seed < SEEDS; seed++)
		draw(w, seed, c);
	double slots = slots_chi2(c, &freedom), loads = loads_chi2(c);
	printf("planner.twins.seeds %d draws\n", SEEDS);
	printf("planner.twins.slots.chi2 %.2f below-%.2f\n", slots, SLOTS_LIMIT);
	printf("planner.twins.loads.chi2 %.2f below-%.2f\n", loads, LOADS_LIMIT);
	return freedom == SLOTS_FREEDOM && slots < SLOTS_LIMIT && loads < LOADS_LIMIT ? 0 : 1;
}
