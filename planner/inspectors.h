/* Drawing inspectors: rule SHP (PROTOCOL.md §10, steps 1–3) on a plain graph.
 *
 * Numbers only: who is eligible, places and limits come in; keys come from two functions of the
 * caller, so that they need not be stored. The result does not depend on the order of the edges,
 * of the assignments or of the inspectors, except that equal keys (which SHA-256 never gives)
 * are ordered by index. */
#ifndef DRAWD_PLANNER_INSPECTORS_H
#define DRAWD_PLANNER_INSPECTORS_H

#include <stdint.h>

#include "sampler/base/arena.h"

#define SHP_OPEN UINT32_MAX /* a slot nobody takes */
enum { SHP_PLACES = 8 }; /* most places of an assignment */

/* A hash of 32 bytes as four big-endian numbers: their order is that of the bytes. */
struct shp_key {
	uint64_t w[4];
};
int shp_key_compare(const struct shp_key *a, const struct shp_key *b);

struct shp_graph {
	uint32_t assignments, inspectors;
	const uint32_t *start; /* assignments + 1 offsets into to[], the first 0 */
	const uint32_t *to; /* eligible inspectors of each assignment, none twice */
	const uint8_t *places; /* of each assignment, 1 … SHP_PLACES */
	const uint32_t *limit; /* personal limit of each inspector */
	uint32_t slack; /* per cent, capacity factor */
	/* Keys; place counts from 1. candidate_keys writes one key for each of the n inspectors. */
	void *keys;
	void (*slot_key)(void *keys, uint32_t assignment, uint32_t place, struct shp_key *out);
	void (*candidate_keys)(void *keys, uint32_t assignment, uint32_t place,
		const uint32_t *inspectors, uint32_t n, struct shp_key *out);
};

struct shp_result {
	const uint32_t *slot_start; /* assignments + 1: slots of an assignment, by place */
	const uint32_t *slot; /* inspector or SHP_OPEN */
	uint32_t slots, open;
	const uint32_t *first, *final, *used, *tier; /* of each inspector; 0 in no component */
};

/* The whole rule. Edges and places both below 2^32 - 1. Everything returned lives in the arena;
 * scratch space is freed before it returns. Cannot fail: an assignment without inspectors stays
 * open. Time grows with the edges, memory beside the graph is one byte an edge. */
void shp_run(struct shp_result *out, struct arena *a, const struct shp_graph *g);

#endif
