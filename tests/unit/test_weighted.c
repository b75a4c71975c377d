/* Design `weighted` and its chances: PROTOCOL.md §8. Orders and chances of whole strata are in
 * selection.txt (test_select); here is what lies at the edges. */
#include "sampler/weighted.h"

#include <stdlib.h>
#include <string.h>

#include "sampler/chance.h"
#include "tests/unit/frames.h"
#include "tests/unit/test.h"

enum { MOST = 400 };

static size_t made(struct weighted_unit *unit, size_t n, uint64_t salt, const uint16_t *weight)
{
	static char name[MOST][24];
	for (size_t i = 0; i < n; i++) {
		snprintf(name[i], sizeof name[i], "U%05zu", i);
		unit[i] = (struct weighted_unit){ frames_mix(salt * 1000 + i), bytes_of(name[i]),
			(uint32_t)i, weight[i] };
	}
	return n;
}

/* One that outweighs the rest, then one that outweighs those left, and so on. */
static void certain_one_after_the_other(void **state)
{
	static const uint16_t weight[] = { 1, 10, 100, 1000, 10000 };
	struct weighted_unit unit[5];
	(void)state;
	for (uint64_t quota = 0; quota <= 5; quota++) {
		size_t n = made(unit, 5, quota, weight);
		struct weighted_rest rest = weighted_certain(unit, n, quota);
		/* 10000·2 ≥ 11111, then 1000·1 < 1111: the last place is drawn for */
		assert_int_equal(rest.certain, quota == 5 ? 5 : quota > 0 ? quota - 1 : 0);
		assert_int_equal(rest.n, quota - rest.certain);
		for (size_t i = 0; i < rest.certain; i++) /* the heaviest, in any order */
			assert_true(unit[i].weight >= weight[5 - rest.certain]);
	}
}

/* Two equal halves of the weight: both are certain, 2·s ≥ S with nothing to spare. */
static void certain_to_the_edge(void **state)
{
	static const uint16_t halves[] = { 65535, 65535 }, nearly[] = { 65535, 65534, 1 };
	struct weighted_unit unit[3];
	(void)state;
	assert_int_equal(weighted_certain(unit, made(unit, 2, 1, halves), 2).certain, 2);
	assert_int_equal(weighted_certain(unit, made(unit, 2, 1, halves), 1).certain, 0);
	struct weighted_rest rest = weighted_certain(unit, made(unit, 3, 1, nearly), 2);
	assert_int_equal(rest.certain, 1); /* 2·65535 ≥ 131070 > 2·65534, and 65534 < 65535 */
	assert_int_equal(rest.sum, 65535);
}

/* With the numbers at both ends of the range nothing runs over. */
static void numbers_at_the_ends(void **state)
{
	const struct weighted_rest rest = { 0, 1, (UINT64_C(1) << 46) - 1 };
	struct weighted_unit low = { 0, BYTES("L"), 0, 65535 },
			     high = { UINT64_MAX, BYTES("H"), 1, 65535 },
			     light = { 0, BYTES("A"), 2, 1 };
	(void)state;
	assert_true(weighted_before(&rest, &low, &high));
	assert_false(weighted_before(&rest, &high, &low));
	assert_true(weighted_before(&rest, &low, &light));
	assert_true(weighted_before(&rest, &light, &high));
	struct weighted_unit twin = low;
	twin.unit = BYTES("M");
	assert_true(weighted_before(&rest, &low, &twin)); /* by the id */
	assert_false(weighted_before(&rest, &twin, &low));
}

/* Where all weigh the same the order is that of the tickets. */
static void same_weights(void **state)
{
	struct weighted_unit unit[MOST];
	uint16_t weight[MOST];
	(void)state;
	for (size_t i = 0; i < MOST; i++)
		weight[i] = 777;
	made(unit, MOST, 5, weight);
	weighted_first(unit, MOST, 100, MOST, true);
	for (size_t i = 1; i < MOST; i++)
		assert_true(unit[i - 1].u <= unit[i].u);
}

/* The first ones are the same whether all are put in order or not. */
static void first_and_sorted(void **state)
{
	(void)state;
	for (uint64_t salt = 0; salt < 60; salt++) {
		struct weighted_unit all[MOST], some[MOST];
		uint16_t weight[MOST];
		bool front[MOST] = { false };
		size_t n = 1 + frames_mix(salt) % MOST, want = frames_mix(salt + 7) % (n + 1);
		for (size_t i = 0; i < n; i++)
			weight[i] = (uint16_t)(1 + frames_mix(salt + i) % (salt % 2 ? 5 : 60000));
		made(all, n, salt, weight);
		memcpy(some, all, sizeof some);
		weighted_first(all, n, want, n, true);
		weighted_first(some, n, want, want, false);
		for (size_t i = 0; i < want; i++)
			front[some[i].object] = true;
		for (size_t i = 0; i < n; i++)
			assert_int_equal(front[all[i].object], i < want);
	}
}

/* w/(w−v) − w·v·ln(w/v)/(w−v)² of two units, one drawn; and what is known without computing. */
static void chances(void **state)
{
	static const uint16_t two[] = { 2, 1 }, nine[] = { 9, 1 }, same[] = { 4, 4, 4 };
	struct weighted_unit unit[MOST];
	(void)state;
	struct weighted_rest rest = weighted_certain(unit, made(unit, 2, 1, two), 1);
	assert_int_equal(chance_weighted(unit, 2, &rest, 0), 717203);
	assert_int_equal(chance_weighted(unit, 2, &rest, 1), 282797);
	rest = weighted_certain(unit, made(unit, 2, 1, nine), 1);
	/* w = 9, v = 1/9: 1.0125 − 4.394449/79.012346 */
	assert_int_equal(chance_weighted(unit, 2, &rest, 0), 956883);
	rest = weighted_certain(unit, made(unit, 3, 1, same), 2);
	assert_int_equal(chance_weighted(unit, 3, &rest, 2), 666667);
	assert_int_equal(chance_equal(0, 7), 0);
	assert_int_equal(chance_equal(7, 7), 1000000);
	assert_int_equal(chance_equal(1, 128), 7813); /* 7812.5 */
}

/* Chances add up to what is drawn, below and above the ten that are computed as they are. */
static void chances_add_up(void **state)
{
	(void)state;
	for (uint64_t quota = 1; quota <= 13; quota++) {
		struct weighted_unit unit[40];
		uint16_t weight[40];
		uint64_t sum = 0;
		for (size_t i = 0; i < 40; i++)
			weight[i] = (uint16_t)(1 + i * i * (i % 3 == 0 ? 40 : 1));
		made(unit, 40, quota, weight);
		struct weighted_rest rest = weighted_certain(unit, 40, quota);
		for (size_t i = 0; i < 40; i++)
			sum += chance_weighted(unit, 40, &rest, i);
		assert_in_range(sum, quota * 1000000 - 20, quota * 1000000 + 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(certain_one_after_the_other),
		cmocka_unit_test(certain_to_the_edge),
		cmocka_unit_test(numbers_at_the_ends),
		cmocka_unit_test(same_weights),
		cmocka_unit_test(first_and_sorted),
		cmocka_unit_test(chances),
		cmocka_unit_test(chances_add_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
