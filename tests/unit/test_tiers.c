/* Tiers (PROTOCOL.md §10): what rule SHP draws is shown to follow from keys and capacities by
 * counting alone, and nothing else is. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/inspectors.h"
#include "planner/tiers.h"

enum { SIDE = 24, ROUNDS = 4000 };

static uint64_t state;

static uint64_t mix(uint64_t z)
{
	z += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)(mix(++state) % n);
}

static void slot_key(void *seed, uint32_t s, uint32_t place, struct shp_key *out)
{
	for (unsigned k = 0; k < 4; k++)
		out->w[k] = mix(mix(*(uint64_t *)seed + s) + place * 7919u + k);
}

static void candidate_keys(void *seed, uint32_t s, uint32_t place, const uint32_t *inspectors,
	uint32_t n, struct shp_key *out)
{
	for (uint32_t i = 0; i < n; i++)
		for (unsigned k = 0; k < 4; k++)
			out[i].w[k] = mix(mix(mix(*(uint64_t *)seed + 77 + s) + place) +
					  inspectors[i] * 104729u + k);
}

struct small {
	uint64_t seed;
	uint32_t start[SIDE + 1], to[SIDE * SIDE], limit[SIDE];
	uint8_t places[SIDE];
	struct shp_graph g;
};

/* Scarce people, so that many are kept for others. */
static void make(struct small *x, uint64_t number)
{
	state = number * 1000;
	*x = (struct small){ .seed = mix(number) };
	uint32_t density = 1 + below(4), slack = 100 + 10 * below(3), some = below(3);
	x->g = (struct shp_graph){ .assignments = 1 + below(SIDE),
		.inspectors = 1 + below(some > 0 ? SIDE / 2 : SIDE),
		.start = x->start,
		.to = x->to,
		.places = x->places,
		.limit = x->limit,
		.slack = slack,
		.keys = &x->seed,
		.slot_key = slot_key,
		.candidate_keys = candidate_keys };
	for (uint32_t s = 0; s < x->g.assignments; s++) {
		x->places[s] = (uint8_t)(1 + below(3));
		x->start[s + 1] = x->start[s];
		for (uint32_t i = 0; i < x->g.inspectors; i++)
			if (below(10) < density)
				x->to[x->start[s + 1]++] = i;
	}
	for (uint32_t i = 0; i < x->g.inspectors; i++)
		x->limit[i] = below(3) == 0 ? 1 + below(4) : 9999;
}

static void what_is_drawn_is_shown(void **unused)
{
	(void)unused;
	uint32_t tiers = 0, high = 0, open = 0;
	for (uint64_t k = 0; k < ROUNDS; k++) {
		ARENA_AUTO a = arena_new();
		struct small x;
		struct shp_result r;
		make(&x, k);
		shp_run(&r, a, &x.g);
		struct tiers_answer answer = tiers_check(&x.g, &r);
		if (answer.fault != TIERS_HOLD)
			fail_msg("%llu: fault %d at %u/%u", (unsigned long long)k, answer.fault,
				answer.assignment, answer.place);
		for (uint32_t i = 0; i < x.g.inspectors; i++) {
			tiers += r.tier[i] > 0;
			high += r.tier[i] > 1;
		}
		open += r.open;
	}
	assert_true(tiers > 1000 && high > 100 && open > 1000);
}

/* Somebody else in a slot who is eligible, has no other place there and stays within `final`. */
static bool exchange(const struct small *x, uint32_t *slot, const struct shp_result *r)
{
	uint32_t s = below(x->g.assignments), k = r->slot_start[s] + below(x->places[s]);
	uint32_t used[SIDE] = { 0 };
	if (x->start[s] == x->start[s + 1])
		return false;
	uint32_t i = x->to[x->start[s] + below(x->start[s + 1] - x->start[s])];
	for (uint32_t p = 0; p < r->slots; p++)
		if (slot[p] != SHP_OPEN)
			used[slot[p]]++;
	for (uint32_t p = r->slot_start[s]; p < r->slot_start[s + 1]; p++)
		if (slot[p] == i)
			return false;
	if (used[i] >= r->final[i])
		return false;
	slot[k] = i;
	return true;
}

static void another_draw_is_not(void **unused)
{
	(void)unused;
	uint32_t changed = 0, opened = 0, levelled = 0, raised = 0;
	for (uint64_t k = 0; k < ROUNDS; k++) {
		ARENA_AUTO a = arena_new();
		struct small x;
		struct shp_result r;
		uint32_t slot[SIDE * SHP_PLACES], tier[SIDE], final[SIDE];
		make(&x, k);
		shp_run(&r, a, &x.g);
		struct shp_result other = r;
		memcpy(slot, r.slot, r.slots * sizeof *slot);
		other.slot = slot;
		if (exchange(&x, slot, &r)) {
			changed++;
			assert_int_not_equal(tiers_check(&x.g, &other).fault, TIERS_HOLD);
		}
		memcpy(slot, r.slot, r.slots * sizeof *slot);
		uint32_t at = below(r.slots);
		if (slot[at] != SHP_OPEN) {
			slot[at] = SHP_OPEN;
			opened++;
			assert_int_not_equal(tiers_check(&x.g, &other).fault, TIERS_HOLD);
		}
		/* without tiers nothing says why slots are open */
		memset(tier, 0, sizeof tier);
		other = r;
		other.tier = tier;
		levelled += tiers_check(&x.g, &other).fault == TIERS_SIZE;
		/* nor while somebody of the tight set may have more */
		other = r;
		other.final = final;
		memcpy(final, r.final, x.g.inspectors * sizeof *final);
		for (uint32_t i = 0; i < x.g.inspectors && r.open > 0; i++)
			if (r.tier[i] > 0 && final[i] > 1 && final[i] == x.limit[i]) {
				final[i]--;
				raised++;
				assert_int_not_equal(tiers_check(&x.g, &other).fault, TIERS_HOLD);
				break;
			}
	}
	if (changed < 300 || opened < 500 || levelled < 100 || raised < 50)
		fail_msg("only %u, %u, %u, %u", changed, opened, levelled, raised);
}

static void a_tier_names_who_is_kept_for_others(void **unused)
{
	(void)unused;
	uint32_t barred = 0;
	for (uint64_t k = 0; k < 400; k++) {
		ARENA_AUTO a = arena_new();
		struct small x;
		struct shp_result r;
		make(&x, k);
		shp_run(&r, a, &x.g);
		for (uint32_t s = 0; s < x.g.assignments; s++)
			for (uint32_t e = x.start[s]; e < x.start[s + 1]; e++) {
				ARENA_AUTO b = arena_new();
				const struct tiers_moment *m = tiers_until(b, &x.g, &r, s, 1);
				uint32_t i = x.to[e], held = tiers_held(m, i);
				uint32_t tier = tiers_barring(m, i);
				assert_true(tier <= r.tier[i] && held <= r.used[i]);
				if (tier == 0)
					continue;
				barred++;
				assert_true(r.slot[r.slot_start[s]] != i && held < r.final[i]);
				assert_true(tiers_at_least(m, i, tier) >= 1);
			}
	}
	assert_true(barred > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_drawn_is_shown),
		cmocka_unit_test(another_draw_is_not),
		cmocka_unit_test(a_tier_names_who_is_kept_for_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
