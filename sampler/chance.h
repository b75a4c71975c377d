/* The chance of a unit to be drawn (PROTOCOL.md §8), in parts per million, rounded half up. */
#ifndef DRAWD_SAMPLER_CHANCE_H
#define DRAWD_SAMPLER_CHANCE_H

#include <stddef.h>
#include <stdint.h>

#include "sampler/weighted.h"

/* n of `among` units by their tickets alone; 0 of none. */
uint32_t chance_equal(uint64_t n, uint64_t among);

/* That of unit `at`, of units as weighted_certain leaves them. */
uint32_t chance_weighted(
	const struct weighted_unit *unit, size_t n, const struct weighted_rest *rest, size_t at);

#endif
