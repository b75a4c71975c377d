/* Largest fills and taking pairs, against a plain maximum flow computed afresh for every question.
 */
#include "tests/unit/test.h"

#include <stdbool.h>
#include <string.h>

#include "planner/fill.h"

enum { A = 30, I = 12 };

static uint64_t state;

static uint32_t below(uint32_t n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

struct graph {
	bool edge[A][I], forced[A][I];
	uint8_t places[A];
	uint32_t capacity[I];
	/* the plain flow */
	bool pair[A][I], seen[I];
	uint32_t load[I], count[A];
	/* the same as struct shp_graph wants it */
	uint32_t start[A + 1], to[A * I], limit[I];
};

/* Give assignment s one more pair, moving pairs that are not forced. */
static bool grow(struct graph *g, uint32_t s)
{
	for (uint32_t i = 0; i < I; i++) {
		if (!g->edge[s][i] || g->pair[s][i] || g->seen[i])
			continue;
		g->seen[i] = true;
		bool room = g->load[i] < g->capacity[i];
		for (uint32_t b = 0; b < A && !room; b++)
			if (g->pair[b][i] && !g->forced[b][i] && grow(g, b)) {
				g->pair[b][i] = false;
				g->load[i]--;
				g->count[b]--;
				room = true;
			}
		if (!room)
			continue;
		g->pair[s][i] = true;
		g->load[i]++;
		g->count[s]++;
		return true;
	}
	return false;
}

/* Size of a largest fill that contains the forced pairs. */
static uint32_t largest(struct graph *g)
{
	uint32_t size = 0;
	memcpy(g->pair, g->forced, sizeof g->pair);
	memset(g->load, 0, sizeof g->load);
	memset(g->count, 0, sizeof g->count);
	for (uint32_t s = 0; s < A; s++)
		for (uint32_t i = 0; i < I; i++)
			if (g->pair[s][i]) {
				g->load[i]++;
				g->count[s]++;
			}
	for (bool more = true; more;) {
		more = false;
		for (uint32_t s = 0; s < A; s++) {
			memset(g->seen, 0, sizeof g->seen);
			while (g->count[s] < g->places[s] && grow(g, s)) {
				memset(g->seen, 0, sizeof g->seen);
				more = true;
			}
		}
	}
	for (uint32_t s = 0; s < A; s++)
		size += g->count[s];
	return size;
}

static void random_graph(struct graph *g)
{
	uint32_t density = 1 + below(5), n = 0;
	memset(g, 0, sizeof *g);
	for (uint32_t s = 0; s < A; s++) {
		g->places[s] = (uint8_t)(1 + below(3));
		uint32_t half = below(4) == 0 ? 0 : 1 + below(2); /* two halves, loosely linked */
		for (uint32_t i = 0; i < I; i++) {
			bool mine = half == 0 || (i < I / 2) == (half == 1);
			g->edge[s][i] = mine && below(10) < density;
			if (g->edge[s][i])
				g->to[n++] = i;
		}
		g->start[s + 1] = n;
	}
	uint32_t most = 2 + below(7);
	for (uint32_t i = 0; i < I; i++)
		g->capacity[i] = below(most);
}

static uint32_t paired(const struct fill *f)
{
	uint32_t size = 0;
	for (uint32_t s = 0; s < A; s++)
		size += f->pairs[s];
	return size;
}

static void takes_what_keeps_the_size(void **unused)
{
	(void)unused;
	uint32_t refused = 0, taken = 0;
	for (uint32_t k = 0; k < 2000; k++) {
		ARENA_AUTO a = arena_new();
		struct graph *g = arena_calloc(a, 1, sizeof *g);
		struct fill f;
		state = k;
		random_graph(g);
		struct shp_graph plain = { .assignments = A,
			.inspectors = I,
			.start = g->start,
			.to = g->to,
			.places = g->places,
			.limit = g->limit };
		fill_init(&f, a, &plain);
		for (uint32_t i = 0; i < I; i++)
			f.person[i].capacity = g->capacity[i];
		for (uint32_t p = 0; p < f.parts; p++) {
			fill_maximise(&f, &f.part[p]);
			fill_settle(&f, &f.part[p]);
		}
		uint32_t m = largest(g);
		assert_int_equal(paired(&f), m);
		for (uint32_t turn = 0; turn < 150; turn++) {
			uint32_t s = below(A), size = g->start[s + 1] - g->start[s], filled = 0;
			for (uint32_t i = 0; i < I; i++)
				filled += g->forced[s][i];
			if (size == 0 || filled == g->places[s])
				continue;
			uint32_t e = g->start[s] + below(size), i = g->to[e], load = 0;
			for (uint32_t b = 0; b < A; b++)
				load += g->forced[b][i];
			bool want = !g->forced[s][i] && load < g->capacity[i];
			if (want) {
				g->forced[s][i] = true;
				want = largest(g) == m;
				g->forced[s][i] = want;
				refused += !want;
			}
			assert_int_equal(fill_take(&f, s, e), want);
			assert_int_equal(paired(&f), m);
			taken += want;
		}
	}
	print_message("%u taken, %u refused for lack of room elsewhere\n", taken, refused);
	assert_true(refused > 1000 && taken > 20000);
}

static void components_are_numbered_by_inspector(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	/* 0 - {1, 3}, 1 - {}, 2 - {0}, 3 - {3, 2} */
	static const uint32_t start[] = { 0, 2, 2, 3, 5 }, to[] = { 1, 3, 0, 3, 2 };
	static const uint8_t places[] = { 1, 1, 1, 1 };
	static const uint32_t limit[] = { 1, 1, 1, 1, 1 };
	struct shp_graph g = { .assignments = 4,
		.inspectors = 5,
		.start = start,
		.to = to,
		.places = places,
		.limit = limit };
	struct fill f;
	fill_init(&f, a, &g);
	assert_int_equal(f.parts, 3);
	assert_int_equal(f.part_of[0], 1);
	assert_int_equal(f.part_of[1], FILL_NONE);
	assert_int_equal(f.part_of[2], 0);
	assert_int_equal(f.part_of[3], 1);
	assert_int_equal(f.part[1].assignments, 2);
	assert_int_equal(f.part[1].inspectors, 3);
	assert_int_equal(f.part[1].inspector[0], 1);
	assert_int_equal(f.part[1].inspector[2], 3);
	assert_int_equal(f.part[2].assignments, 0);
	assert_int_equal(f.part[2].inspectors, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_keeps_the_size),
		cmocka_unit_test(components_are_numbered_by_inspector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
