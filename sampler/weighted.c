#include "sampler/weighted.h"

#include <assert.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 u128;

/* 192 bits. */
struct wide {
	uint64_t high;
	u128 low;
};

/* a · b · c, a and b below 2^65, c below 2^62: below 2^192. */
static struct wide product(u128 a, u128 b, u128 c)
{
	/* a·b in limbs of 64 bits, a = a1·2^64 + a0 with a1 of 0 or 1, b too */
	uint64_t a0 = (uint64_t)a, b0 = (uint64_t)b, a1 = (uint64_t)(a >> 64),
		 b1 = (uint64_t)(b >> 64);
	u128 low = (u128)a0 * b0;
	u128 middle = (low >> 64) + (a1 ? b0 : 0) + (b1 ? a0 : 0);
	uint64_t limb[3] = { (uint64_t)low, (uint64_t)middle,
		(uint64_t)(middle >> 64) + (a1 & b1) };
	uint64_t factor = (uint64_t)c, out[3];
	u128 carry = 0;
	for (int i = 0; i < 3; i++) {
		carry += (u128)limb[i] * factor;
		out[i] = (uint64_t)carry;
		carry >>= 64;
	}
	assert(c >> 64 == 0 && carry == 0);
	return (struct wide){ out[2], (u128)out[1] << 64 | out[0] };
}

static int wide_compare(struct wide a, struct wide b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

/* By (u, unit). */
static int by_ticket(const struct weighted_unit *a, const struct weighted_unit *b)
{
	if (a->u != b->u)
		return a->u < b->u ? -1 : 1;
	return bytes_compare(a->unit, b->unit);
}

static int by_pareto(const struct weighted_rest *rest, const struct weighted_unit *a,
	const struct weighted_unit *b)
{
	const u128 whole = (u128)1 << 65;
	u128 ua = 2 * (u128)a->u + 1, ub = 2 * (u128)b->u + 1;
	uint64_t left_a = rest->sum - rest->n * a->weight, left_b = rest->sum - rest->n * b->weight;
	struct wide x = product(ua, whole - ub, (u128)left_a * b->weight);
	struct wide y = product(ub, whole - ua, (u128)left_b * a->weight);
	int c = wide_compare(x, y);
	return c != 0 ? c : by_ticket(a, b);
}

bool weighted_before(const struct weighted_rest *rest, const struct weighted_unit *a,
	const struct weighted_unit *b)
{
	return by_pareto(rest, a, b) < 0;
}

static void swap(struct weighted_unit *a, struct weighted_unit *b)
{
	struct weighted_unit t = *a;
	*a = *b;
	*b = t;
}

struct weighted_rest weighted_certain(struct weighted_unit *unit, size_t n, uint64_t quota)
{
	struct weighted_rest r = { 0, quota, 0 };
	bool more = true;

	assert(n < (size_t)1 << 30);
	for (size_t i = 0; i < n; i++)
		r.sum += unit[i].weight;
	while (more && r.certain < n) {
		/* all of a turn by the same n and S */
		const uint64_t least = r.sum, times = r.n;
		more = false;
		for (size_t i = r.certain; i < n; i++) {
			if (times * unit[i].weight < least)
				continue;
			r.n--;
			r.sum -= unit[i].weight;
			swap(&unit[r.certain++], &unit[i]);
			more = true;
		}
	}
	return r;
}

/* ---- the first ones ---- */

/* Certain units compare by ticket, the others by the rule; the two never meet. */
struct ordering {
	const struct weighted_rest *rest;
	bool certain;
};

static int compare(
	const struct ordering *o, const struct weighted_unit *a, const struct weighted_unit *b)
{
	return o->certain ? by_ticket(a, b) : by_pareto(o->rest, a, b);
}

static void sift(const struct ordering *o, struct weighted_unit *unit, size_t i, size_t n)
{
	for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
		if (child + 1 < n && compare(o, &unit[child], &unit[child + 1]) < 0)
			child++;
		if (compare(o, &unit[i], &unit[child]) >= 0)
			return;
		swap(&unit[i], &unit[child]);
		i = child;
	}
}

static void sort(const struct ordering *o, struct weighted_unit *unit, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(o, unit, i, n);
	for (size_t left = n; left > 1; left--) {
		swap(&unit[0], &unit[left - 1]);
		sift(o, unit, 0, left - 1);
	}
}

/* Tickets are spread evenly and stand in no order, so the middle one divides well. */
static void partition(const struct ordering *o, struct weighted_unit *unit, size_t n, size_t want)
{
	while (n > 1 && want > 0 && want < n) {
		size_t kept = 0;
		swap(&unit[n / 2], &unit[n - 1]);
		for (size_t i = 0; i + 1 < n; i++)
			if (compare(o, &unit[i], &unit[n - 1]) < 0)
				swap(&unit[kept++], &unit[i]);
		swap(&unit[kept++], &unit[n - 1]); /* the pivot at its place */
		if (want >= kept) {
			unit += kept;
			n -= kept;
			want -= kept;
		} else {
			n = kept - 1;
		}
	}
}

void weighted_first(struct weighted_unit *unit, size_t n, uint64_t quota, size_t want, bool sorted)
{
	struct weighted_rest rest = weighted_certain(unit, n, quota);
	const struct ordering certain = { &rest, true }, others = { &rest, false };
	size_t front = want < rest.certain ? want : rest.certain, behind = want - front;

	assert(want <= n);
	partition(&certain, unit, rest.certain, front);
	partition(&others, unit + rest.certain, n - rest.certain, behind);
	if (!sorted)
		return;
	sort(&certain, unit, front);
	sort(&others, unit + rest.certain, behind);
}
