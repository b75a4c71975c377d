/* Rule SHP (PROTOCOL.md §10): against exhaustive search, by properties, by hand-made tight cases.
 */
#include "tests/unit/test.h"

#include <stdbool.h>
#include <string.h>

#include "planner/inspectors.h"

static uint64_t mix(uint64_t z)
{
	z += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint64_t state;

static uint32_t below(uint32_t n)
{
	state++;
	return (uint32_t)(mix(state) % n);
}

/* Keys that depend on names, not on indices, so that instances can be permuted. */
struct names {
	uint64_t seed;
	uint32_t assignment[64], inspector[64];
};

static void slot_key(void *keys, uint32_t s, uint32_t place, struct shp_key *out)
{
	const struct names *n = keys;
	for (unsigned k = 0; k < 4; k++)
		out->w[k] = mix(mix(n->seed + n->assignment[s]) + place * 7919u + k);
}

static void candidate_keys(void *keys, uint32_t s, uint32_t place, const uint32_t *inspectors,
	uint32_t count, struct shp_key *out)
{
	const struct names *n = keys;
	for (uint32_t i = 0; i < count; i++)
		for (unsigned k = 0; k < 4; k++)
			out[i].w[k] = mix(mix(mix(n->seed + 77 + n->assignment[s]) + place) +
					  n->inspector[inspectors[i]] * 104729u + k);
}

/* ---- an instance as a matrix, and the rule word for word by exhaustive search -----------------
 */

enum { SIDE = 6 };

struct tiny {
	uint32_t assignments, inspectors, slack;
	uint32_t mask[SIDE]; /* eligible inspectors as bits */
	uint8_t places[SIDE];
	uint32_t limit[SIDE];
	struct names names;
};

struct answer {
	uint32_t slot[SIDE][SHP_PLACES];
	uint32_t first[SIDE], final[SIDE], used[SIDE], open;
};

struct hunt {
	const struct tiny *t;
	uint32_t within; /* assignments of the component, bits */
	uint32_t capacity[SIDE];
	uint32_t forced[SIDE]; /* pairs a fill must contain */
	uint32_t fill[SIDE], load[SIDE];
	uint32_t size, best;
	bool gather; /* second pass: collect R over all fills of size best */
	bool any;
	uint32_t reach;
};

static uint32_t ones(uint32_t v)
{
	return (uint32_t)__builtin_popcount(v);
}

static uint32_t reach_of(const struct hunt *h)
{
	uint32_t seen = 0, frontier = 0;
	for (uint32_t s = 0; s < h->t->assignments; s++)
		if ((h->within >> s & 1) && ones(h->fill[s]) < h->t->places[s])
			frontier |= 1u << s;
	for (uint32_t before = ~0u; before != frontier;) {
		before = frontier;
		for (uint32_t s = 0; s < h->t->assignments; s++)
			if (frontier >> s & 1)
				seen |= h->t->mask[s] & ~h->fill[s];
		for (uint32_t s = 0; s < h->t->assignments; s++)
			if (h->fill[s] & seen)
				frontier |= 1u << s;
	}
	return seen;
}

static void search(struct hunt *h, uint32_t s)
{
	if (s == h->t->assignments) {
		if (h->gather && h->size == h->best) {
			uint32_t r = reach_of(h);
			if (h->any)
				assert_int_equal(
					r, h->reach); /* R is the same for every largest fill */
			h->any = true;
			h->reach = r;
		}
		if (!h->gather && h->size > h->best)
			h->best = h->size;
		return;
	}
	uint32_t all = h->within >> s & 1 ? h->t->mask[s] : 0;
	for (uint32_t pick = all;; pick = (pick - 1) & all) {
		bool fits = ones(pick) <= h->t->places[s] && (pick & h->forced[s]) == h->forced[s];
		for (uint32_t i = 0; i < h->t->inspectors; i++)
			if (pick >> i & 1 && h->load[i] >= h->capacity[i])
				fits = false;
		if (fits) {
			for (uint32_t i = 0; i < h->t->inspectors; i++)
				h->load[i] += pick >> i & 1;
			h->fill[s] = pick;
			h->size += ones(pick);
			search(h, s + 1);
			h->size -= ones(pick);
			for (uint32_t i = 0; i < h->t->inspectors; i++)
				h->load[i] -= pick >> i & 1;
		}
		if (pick == 0)
			return;
	}
}

static uint32_t largest(struct hunt *h)
{
	h->best = 0;
	h->gather = false;
	search(h, 0);
	return h->best;
}

static void component(const struct tiny *t, uint32_t i, uint32_t *assignments, uint32_t *inspectors)
{
	*assignments = 0;
	*inspectors = 1u << i;
	for (uint32_t before = 0; before != *inspectors;) {
		before = *inspectors;
		for (uint32_t s = 0; s < t->assignments; s++)
			if (t->mask[s] & *inspectors) {
				*assignments |= 1u << s;
				*inspectors |= t->mask[s];
			}
	}
}

static void slow_capacities(struct hunt *h, uint32_t people, struct answer *out)
{
	const struct tiny *t = h->t;
	uint32_t places = 0, n = ones(people);
	for (uint32_t s = 0; s < t->assignments; s++)
		places += h->within >> s & 1 ? t->places[s] : 0;
	uint32_t share = (places * t->slack + 100 * n - 1) / (100 * n);
	for (uint32_t i = 0; i < t->inspectors; i++)
		if (people >> i & 1)
			out->first[i] = h->capacity[i] = share < t->limit[i] ? share : t->limit[i];
	while (largest(h) < places) {
		bool raised = false;
		h->gather = true;
		h->any = false;
		search(h, 0);
		for (uint32_t i = 0; i < t->inspectors; i++)
			if ((h->reach >> i & 1) && h->capacity[i] < t->limit[i]) {
				h->capacity[i]++;
				raised = true;
			}
		if (!raised)
			return;
	}
}

/* The next slot of the component in the order of keys after *last; false at the end. */
static bool next_slot(const struct hunt *h, const struct shp_key *last, bool any, uint32_t *s,
	uint32_t *place, struct shp_key *key)
{
	bool found = false;
	struct names names = h->t->names;
	for (uint32_t a = 0; a < h->t->assignments; a++)
		for (uint32_t p = 1; (h->within >> a & 1) && p <= h->t->places[a]; p++) {
			struct shp_key k;
			slot_key(&names, a, p, &k);
			if ((any && shp_key_compare(&k, last) <= 0) ||
				(found && shp_key_compare(&k, key) > 0))
				continue;
			found = true;
			*s = a;
			*place = p;
			*key = k;
		}
	return found;
}

static uint32_t slow_slot(struct hunt *h, uint32_t m, uint32_t s, uint32_t place)
{
	uint32_t tried = h->forced[s];
	struct names names = h->t->names;
	for (;;) {
		uint32_t best = SHP_OPEN;
		struct shp_key key = { { 0 } }, k;
		for (uint32_t i = 0; i < h->t->inspectors; i++) {
			if (!(h->t->mask[s] >> i & 1) || tried >> i & 1)
				continue;
			candidate_keys(&names, s, place, &i, 1, &k);
			if (best == SHP_OPEN || shp_key_compare(&k, &key) < 0) {
				best = i;
				key = k;
			}
		}
		if (best == SHP_OPEN)
			return SHP_OPEN;
		h->forced[s] |= 1u << best;
		if (largest(h) == m)
			return best;
		h->forced[s] &= ~(1u << best);
		tried |= 1u << best;
	}
}

static void slow_run(const struct tiny *t, struct answer *out)
{
	memset(out, 0, sizeof *out);
	memset(out->slot, 0xff, sizeof out->slot);
	uint32_t done = 0;
	for (uint32_t i = 0; i < t->inspectors; i++) {
		if (done >> i & 1)
			continue;
		struct hunt h = { .t = t };
		uint32_t people, s = 0, place = 0;
		component(t, i, &h.within, &people);
		done |= people;
		slow_capacities(&h, people, out);
		uint32_t m = largest(&h);
		struct shp_key key = { { 0 } }, last;
		for (bool any = false; next_slot(&h, &last, any, &s, &place, &key); any = true) {
			out->slot[s][place - 1] = slow_slot(&h, m, s, place);
			last = key;
		}
		for (uint32_t k = 0; k < t->inspectors; k++)
			if (people >> k & 1)
				out->final[k] = h.capacity[k];
	}
	for (uint32_t s = 0; s < t->assignments; s++)
		for (uint32_t p = 0; p < t->places[s]; p++)
			if (out->slot[s][p] == SHP_OPEN)
				out->open++;
			else
				out->used[out->slot[s][p]]++;
}

/* ---- the module on the same instance ----------------------------------------------------------
 */

static void fast_run(const struct tiny *t, struct answer *out)
{
	ARENA_AUTO a = arena_new();
	struct names names = t->names;
	uint32_t start[SIDE + 1] = { 0 }, to[SIDE * SIDE], n = 0;
	for (uint32_t s = 0; s < t->assignments; s++) {
		for (uint32_t i = 0; i < t->inspectors; i++)
			if (t->mask[s] >> i & 1)
				to[n++] = i;
		start[s + 1] = n;
	}
	struct shp_graph g = { .assignments = t->assignments,
		.inspectors = t->inspectors,
		.start = start,
		.to = to,
		.places = t->places,
		.limit = t->limit,
		.slack = t->slack,
		.keys = &names,
		.slot_key = slot_key,
		.candidate_keys = candidate_keys };
	struct shp_result r;
	shp_run(&r, a, &g);
	memset(out, 0, sizeof *out);
	memset(out->slot, 0xff, sizeof out->slot);
	for (uint32_t s = 0; s < t->assignments; s++)
		for (uint32_t p = 0; p < t->places[s]; p++)
			out->slot[s][p] = r.slot[r.slot_start[s] + p];
	memcpy(out->first, r.first, t->inspectors * sizeof(uint32_t));
	memcpy(out->final, r.final, t->inspectors * sizeof(uint32_t));
	memcpy(out->used, r.used, t->inspectors * sizeof(uint32_t));
	out->open = r.open;
}

static struct tiny random_tiny(uint32_t side)
{
	/* many sparse ones, where the first two people are in demand and the others are not */
	bool sparse = below(3) > 0;
	struct tiny t = { .assignments = 1 + below(sparse ? SIDE : side),
		.inspectors = 1 + below(sparse ? SIDE : side),
		.slack = 100 + 10 * below(5) };
	uint32_t density = 1 + below(sparse ? 2 : 4);
	t.names.seed = mix(state);
	for (uint32_t s = 0; s < t.assignments; s++) {
		t.names.assignment[s] = s;
		t.places[s] = (uint8_t)(sparse ? 1 : 1 + below(3));
		for (uint32_t i = 0; i < t.inspectors; i++)
			t.mask[s] |= (uint32_t)(below(sparse && i > 1 ? 8 : 4) < density) << i;
	}
	for (uint32_t i = 0; i < t.inspectors; i++) {
		t.names.inspector[i] = i;
		t.limit[i] = below(3) == 0 ? 1 + below(4) : 9999;
	}
	return t;
}

static void equals_exhaustive_search(void **unused)
{
	(void)unused;
	uint32_t raised = 0, open = 0;
	for (uint32_t k = 0; k < 20000; k++) {
		state = 1000 * k;
		struct tiny t = random_tiny(k % 100 == 0 ? 5 : 4);
		struct answer slow, fast;
		slow_run(&t, &slow);
		fast_run(&t, &fast);
		assert_memory_equal(&slow, &fast, sizeof slow);
		for (uint32_t i = 0; i < t.inspectors; i++)
			raised += fast.final[i] > fast.first[i];
		open += fast.open;
	}
	/* the instances are worth something: capacities rose and slots stayed open */
	print_message("%u capacities raised, %u slots open\n", raised, open);
	assert_true(raised > 100 && open > 100);
}

static void permuting_changes_nothing(void **unused)
{
	(void)unused;
	for (uint32_t k = 0; k < 3000; k++) {
		state = 7777 + 1000 * k;
		struct tiny t = random_tiny(SIDE), q = t;
		uint32_t by_s[SIDE], by_i[SIDE];
		for (uint32_t s = 0; s < t.assignments; s++)
			by_s[s] = (s + k) % t.assignments;
		for (uint32_t i = 0; i < t.inspectors; i++)
			by_i[i] = t.inspectors - 1 - (i + k) % t.inspectors;
		memset(q.mask, 0, sizeof q.mask);
		for (uint32_t s = 0; s < t.assignments; s++) {
			q.places[by_s[s]] = t.places[s];
			q.names.assignment[by_s[s]] = t.names.assignment[s];
			for (uint32_t i = 0; i < t.inspectors; i++)
				q.mask[by_s[s]] |= (t.mask[s] >> i & 1) << by_i[i];
		}
		for (uint32_t i = 0; i < t.inspectors; i++) {
			q.limit[by_i[i]] = t.limit[i];
			q.names.inspector[by_i[i]] = t.names.inspector[i];
		}
		struct answer one, two;
		fast_run(&t, &one);
		fast_run(&q, &two);
		assert_int_equal(one.open, two.open);
		for (uint32_t i = 0; i < t.inspectors; i++) {
			assert_int_equal(one.final[i], two.final[by_i[i]]);
			assert_int_equal(one.used[i], two.used[by_i[i]]);
		}
		for (uint32_t s = 0; s < t.assignments; s++)
			for (uint32_t p = 0; p < t.places[s]; p++) {
				uint32_t w = one.slot[s][p];
				assert_int_equal(
					w == SHP_OPEN ? SHP_OPEN : by_i[w], two.slot[by_s[s]][p]);
			}
	}
}

/* ---- cases by hand ----------------------------------------------------------------------------
 */

/* Two assignments that only 0 and 1 can do need both of them; 2 and 3 are left for the others. */
static void hall_set_is_kept_free(void **unused)
{
	(void)unused;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct tiny t = { .assignments = 4,
			.inspectors = 4,
			.slack = 100,
			.mask = { 0x3, 0x3, 0xf, 0xf },
			.places = { 1, 1, 1, 1 },
			.limit = { 1, 1, 1, 1 },
			.names = { .seed = seed,
				.assignment = { 0, 1, 2, 3 },
				.inspector = { 0, 1, 2, 3 } } };
		struct answer r;
		fast_run(&t, &r);
		assert_int_equal(r.open, 0);
		assert_true(r.slot[2][0] >= 2 && r.slot[3][0] >= 2);
	}
}

/* One specialist for five assignments of the six: 13/10 × 6 / 3 = 3, raised to 5, nobody else. */
static void only_the_reachable_are_raised(void **unused)
{
	(void)unused;
	struct tiny t = { .assignments = 6,
		.inspectors = 3,
		.slack = 130,
		.mask = { 0x1, 0x1, 0x1, 0x1, 0x1, 0x7 },
		.places = { 1, 1, 1, 1, 1, 1 },
		.limit = { 9999, 9999, 9999 },
		.names = {
			.seed = 5, .assignment = { 0, 1, 2, 3, 4, 5 }, .inspector = { 0, 1, 2 } } };
	struct answer r;
	fast_run(&t, &r);
	assert_int_equal(r.open, 0);
	assert_int_equal(r.first[0], 3);
	assert_int_equal(r.final[0], 5);
	assert_int_equal(r.final[1], 3);
	assert_int_equal(r.final[2], 3);
	assert_true(r.slot[5][0] == 1 || r.slot[5][0] == 2);
	/* with a personal limit of 4 one slot stays open, and the last one is not his */
	t.limit[0] = 4;
	fast_run(&t, &r);
	assert_int_equal(r.open, 1);
	assert_int_equal(r.final[0], 4);
	assert_int_equal(r.used[0], 4);
	assert_true(r.slot[5][0] == 1 || r.slot[5][0] == 2);
}

static void nobody_twice_in_an_assignment(void **unused)
{
	(void)unused;
	struct tiny t = { .assignments = 1,
		.inspectors = 2,
		.slack = 1000,
		.mask = { 0x3 },
		.places = { 3 },
		.limit = { 9999, 9999 },
		.names = { .seed = 9, .inspector = { 0, 1 } } };
	struct answer r;
	fast_run(&t, &r);
	assert_int_equal(r.open, 1);
	assert_int_equal(r.used[0], 1);
	assert_int_equal(r.used[1], 1);
}

static void without_inspectors_all_is_open(void **unused)
{
	(void)unused;
	struct tiny t = {
		.assignments = 2, .inspectors = 1, .slack = 130, .places = { 2, 1 }, .limit = { 5 }
	};
	struct answer r;
	fast_run(&t, &r);
	assert_int_equal(r.open, 3);
	assert_int_equal(r.first[0], 0);
	assert_int_equal(r.final[0], 0);
	t.assignments = 0;
	fast_run(&t, &r);
	assert_int_equal(r.open, 0);
}

/* Raises in strides end where raises one by one end: of 5,000 assignments the even ones have only
 * inspector 0, the odd ones only 1, who may have 2,000; two more people link the two. */
static void many_key(void *keys, uint32_t s, uint32_t place, struct shp_key *out)
{
	(void)keys;
	for (unsigned k = 0; k < 4; k++)
		out->w[k] = mix(s * 31u + place + k);
}

static void many_candidates(void *keys, uint32_t s, uint32_t place, const uint32_t *inspectors,
	uint32_t count, struct shp_key *out)
{
	for (uint32_t i = 0; i < count; i++)
		many_key(keys, s * 1000 + inspectors[i], place, &out[i]);
}

static void long_raises(void **unused)
{
	(void)unused;
	enum { N = 5000 };
	ARENA_AUTO a = arena_new();
	uint32_t *start = arena_calloc(a, N + 1, sizeof *start);
	uint32_t *to = arena_calloc(a, 4 * N, sizeof *to), n = 0;
	uint8_t *places = arena_calloc(a, N, 1);
	uint32_t limit[4] = { 9999, 2000, 9999, 9999 };
	for (uint32_t s = 0; s < N; s++) {
		places[s] = 1;
		to[n++] = s % 2;
		if (s < 2)
			to[n++] = 2;
		if (s < 10)
			to[n++] = 3;
		start[s + 1] = n;
	}
	struct shp_graph g = { .assignments = N,
		.inspectors = 4,
		.start = start,
		.to = to,
		.places = places,
		.limit = limit,
		.slack = 100,
		.slot_key = many_key,
		.candidate_keys = many_candidates };
	struct shp_result r;
	shp_run(&r, a, &g);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(r.first[i], 1250);
	/* 2,500 even ones: 0 needs 2,495 and gets them; 495 odd ones stay open */
	assert_int_equal(r.final[0], 2495);
	assert_int_equal(r.final[1], 2000);
	assert_int_equal(r.final[2], 1250);
	assert_int_equal(r.final[3], 1250);
	assert_int_equal(r.used[0], 2495);
	assert_int_equal(r.used[1], 2000);
	assert_int_equal(r.used[2] + r.used[3], 10);
	assert_int_equal(r.open, 495);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_exhaustive_search),
		cmocka_unit_test(permuting_changes_nothing),
		cmocka_unit_test(hall_set_is_kept_free),
		cmocka_unit_test(only_the_reachable_are_raised),
		cmocka_unit_test(nobody_twice_in_an_assignment),
		cmocka_unit_test(without_inspectors_all_is_open),
		cmocka_unit_test(long_raises),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
