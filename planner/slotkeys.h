/* Keys of slots and candidates (PROTOCOL.md §10 step 3) for inspectors.h. K is exactly one block of
 * SHA-256, and what the candidates of a slot have in common is hashed once. */
#ifndef DRAWD_PLANNER_SLOTKEYS_H
#define DRAWD_PLANNER_SLOTKEYS_H

#include <stdint.h>

#include "planner/inspectors.h"
#include "planner/merge.h"
#include "planner/policy.h"
#include "planner/pool.h"
#include "sampler/base/arena.h"
#include "sampler/seed.h"

/* An inspector id as the end of a message: id, line feed, 0x80, zeros. */
struct slot_end {
	uint8_t n; /* of id and line feed */
	uint8_t text[39];
};

struct slot_keys {
	const struct policy *policy;
	const struct visits *visits;
	const struct assignments *assignments;
	const struct slot_end *end; /* by person of the pool */
	uint32_t slot_state[8], candidate_state[8]; /* after the block K */
};

/* Sets end and the states; policy, visits and assignments are the caller's to set. All of them must
 * outlive the keys; end lives in the arena. */
void slot_keys_init(struct slot_keys *k, struct arena *a, const struct seed_keys *keys,
	const struct pool *pool);

/* The graph of an assignment's eligible people, places and limits, with slot_keys_init done. */
void slot_graph(struct shp_graph *g, struct arena *a, struct slot_keys *k,
	const struct seed_keys *keys, const struct pool *pool, const struct eligible *who);

/* As struct shp_graph wants them; keys is a struct slot_keys. */
void slot_key(void *keys, uint32_t assignment, uint32_t place, struct shp_key *out);
void slot_candidate_keys(void *keys, uint32_t assignment, uint32_t place,
	const uint32_t *inspectors, uint32_t n, struct shp_key *out);

#endif
