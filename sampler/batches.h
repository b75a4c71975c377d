/* Batches 批次 of what a task has drawn: the whole order in which it would be worked off is random,
 * so that a part of it is a fair sample too (PROTOCOL.md §8). */
#ifndef DRAWD_SAMPLER_BATCHES_H
#define DRAWD_SAMPLER_BATCHES_H

#include <stddef.h>
#include <stdint.h>

#include "sampler/frame.h"
#include "sampler/units.h"

/* batch[i] is the batch, from 1, of object[i], of the n objects that a task drew with the units
 * they belong to. There are `batches` of them, at least one. */
void batches_make(const struct frame *f, const struct tickets *t, bool by_entity, unsigned batches,
	const uint32_t *object, size_t n, uint8_t *batch);

#endif
