#include "sampler/chance.h"

#include <assert.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

enum {
	PPM = 1000000,
	POINT = 62, /* numbers from 0 to 2 have so many bits behind the point */
	EXACT = 10, /* largest n whose chances are those of the order itself */
	STEPS = 4, /* an octave */
	OCTAVES = 36, /* beyond 2^±36 nothing is left that could be seen */
};
#define ONE (UINT64_C(1) << POINT)

uint32_t chance_equal(uint64_t n, uint64_t among)
{
	if (n == 0)
		return 0;
	assert(n <= among);
	return (uint32_t)(((u128)2 * n * PPM + among) / (2 * (u128)among));
}

/* ---- the order itself ---- */

/* With x = r / (1 + r) the integral is one over all r > 0, and with r = 2^(k/4) the sum over whole
 * numbers k, times ln 2 / 4, is that integral to far more digits than are told: what is added up is
 * smooth and vanishes at both ends (trapezoidal rule). */
struct node {
	uint64_t scale; /* 2^(0/4) … 2^(3/4) */
	int octave;
};

static struct node node_of(int k)
{
	static const uint64_t root[STEPS] = { UINT64_C(0x4000000000000000),
		UINT64_C(0x4c1bf828c6dc54b7), UINT64_C(0x5a827999fcef3242),
		UINT64_C(0x6ba27e656b4eb57a) };
	int at = k + STEPS * OCTAVES;
	return (struct node){ root[at % STEPS], at / STEPS - OCTAVES };
}

static int bits(u128 v)
{
	uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
	return high != 0 ? 128 - __builtin_clzll(high) : low != 0 ? 64 - __builtin_clzll(low) : 0;
}

/* r·a / (r·a + b), a and b below 2^62 and not 0. */
static uint64_t share(const struct node *r, uint64_t a, uint64_t b)
{
	u128 x = (u128)a * r->scale, y = (u128)b << POINT;
	if (r->octave < 0)
		x >>= -r->octave;
	else
		y >>= r->octave;
	int surplus = bits(x + y) - 64;
	if (surplus > 0) {
		x >>= surplus;
		y >>= surplus;
	}
	return x + y == 0 ? 0 : (uint64_t)((x << POINT) / (x + y));
}

static uint64_t times(uint64_t a, uint64_t b)
{
	return (uint64_t)((u128)a * b >> POINT);
}

/* The probability that fewer than n of the units but i come before it. */
static uint64_t fewer(const struct weighted_unit *unit, size_t units,
	const struct weighted_rest *rest, size_t i, const struct node *r)
{
	uint64_t p[EXACT] = { ONE }, sum = 0; /* of exactly k so far */
	for (size_t j = rest->certain; j < units; j++) {
		if (j == i)
			continue;
		uint64_t a = unit[j].weight * (rest->sum - rest->n * unit[i].weight);
		uint64_t b = unit[i].weight * (rest->sum - rest->n * unit[j].weight);
		uint64_t before = share(r, a, b);
		for (size_t k = rest->n; k-- > 0;)
			p[k] = times(p[k], ONE - before) + (k > 0 ? times(p[k - 1], before) : 0);
	}
	for (size_t k = 0; k < rest->n; k++)
		sum += p[k];
	return sum;
}

static uint32_t chance_exact(
	const struct weighted_unit *unit, size_t units, const struct weighted_rest *rest, size_t at)
{
	const uint64_t step = UINT64_C(0xb17217f7d1cf79a); /* ln 2 / 4 */
	u128 sum = 0;
	for (int k = -STEPS * OCTAVES; k <= STEPS * OCTAVES; k++) {
		const struct node r = node_of(k);
		uint64_t own = share(&r, 1, 1); /* x */
		sum += times(times(own, ONE - own), fewer(unit, units, rest, at, &r));
	}
	u128 chance = sum * step >> POINT;
	return (uint32_t)((chance * PPM + ONE / 2) >> POINT);
}

/* ---- any unit ---- */

static bool all_same(const struct weighted_unit *unit, size_t from, size_t n)
{
	for (size_t i = from + 1; i < n; i++)
		if (unit[i].weight != unit[from].weight)
			return false;
	return true;
}

uint32_t chance_weighted(
	const struct weighted_unit *unit, size_t n, const struct weighted_rest *rest, size_t at)
{
	assert(at < n);
	if (at < rest->certain)
		return PPM;
	if (rest->n == 0)
		return 0;
	if (all_same(unit, rest->certain, n))
		return chance_equal(rest->n, n - rest->certain);
	if (rest->n <= EXACT)
		return chance_exact(unit, n, rest, at);
	return (uint32_t)(((u128)2 * rest->n * unit[at].weight * PPM + rest->sum) /
			  (2 * (u128)rest->sum));
}
