/* Design `weighted` (PROTOCOL.md §8): Pareto order in integers, for units that are drawn in
 * proportion to their weights. */
#ifndef DRAWD_SAMPLER_WEIGHTED_H
#define DRAWD_SAMPLER_WEIGHTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

/* A unit of a stratum. */
struct weighted_unit {
	uint64_t u; /* of its ticket */
	struct bytes unit;
	uint32_t object; /* that stands for it */
	uint16_t weight; /* s, 1 or more */
};

/* What is left when the certain units are taken away: n and S of those behind them. */
struct weighted_rest {
	size_t certain;
	uint64_t n, sum;
};

/* Put the units in front that are certain where `quota` are drawn, in any order. Fewer than 2^30
 * units. */
struct weighted_rest weighted_certain(struct weighted_unit *unit, size_t n, uint64_t quota);

/* Does a come before b, both not certain? */
bool weighted_before(const struct weighted_rest *rest, const struct weighted_unit *a,
	const struct weighted_unit *b);

/* Put the first `want` units in front, where `quota` are drawn; with `sorted` in order. */
void weighted_first(struct weighted_unit *unit, size_t n, uint64_t quota, size_t want, bool sorted);

#endif
