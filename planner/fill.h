/* Fills: sets of pairs (assignment, inspector) within places and capacities, kept at maximum size
 * while capacities grow and pairs are taken for good (PROTOCOL.md §10). The machine under
 * inspectors.h; nothing here knows keys. */
#ifndef DRAWD_PLANNER_FILL_H
#define DRAWD_PLANNER_FILL_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/inspectors.h"
#include "sampler/base/arena.h"

#define FILL_NONE UINT32_MAX

/* What an edge is at the moment. */
enum fill_edge { EDGE_FREE, EDGE_PAIRED, EDGE_TAKEN, EDGE_BARRED };

/* A connected component: its assignments and inspectors, ascending. */
struct fill_part {
	uint32_t assignments, inspectors;
	const uint32_t *assignment, *inspector;
	uint32_t *lacking; /* its assignments with fewer pairs than places */
	uint32_t lacks; /* how many */
	uint32_t label; /* class of the source, see fill.c */
	uint32_t below; /* the class below class 0, or 0 */
};

/* An inspector. Kept together: a search looks at all of it at once. */
struct fill_person {
	uint32_t head; /* first node whose pair is not taken */
	uint32_t load; /* pairs, taken ones included */
	uint32_t taken, capacity;
	uint32_t label; /* class, see fill.c */
	/* of the search with this stamp: was here, may end here, came this way */
	uint32_t seen, goal;
	uint32_t via_edge, via_assignment, via_node;
};

struct fill {
	const struct shp_graph *g;
	uint32_t parts;
	struct fill_part *part;
	const uint32_t *part_of; /* of an assignment; FILL_NONE without inspectors */
	/* by edge */
	uint8_t *state; /* enum fill_edge */
	/* by node: one for each place; a node holds one pair of its assignment or none */
	const uint32_t *node_start; /* assignments + 1 */
	uint32_t *node_of; /* assignment */
	uint32_t *edge; /* the pair's edge or FILL_NONE */
	uint32_t *next, *prev; /* nodes of one inspector that are not taken */
	/* by assignment */
	uint8_t *pairs;
	uint32_t *lacking_at; /* place in its part's lacking[] */
	struct fill_person *person; /* by inspector */
	/* search */
	uint32_t stamp, labels;
	uint32_t *queue, *seen_assignment;
	/* classes after fill_settle: how many, and the one below each, or 0 */
	uint32_t classes, *below;
};

/* An empty fill with capacities 0; finds the components. All in the arena. */
void fill_init(struct fill *f, struct arena *a, const struct shp_graph *g);

/* Pair until no larger fill of the part exists. Capacities may have grown since the last call. */
void fill_maximise(struct fill *f, struct fill_part *p);

/* R of §10 step 2 for a part whose fill is at maximum; fills f->queue, returns how many. */
uint32_t fill_reach(struct fill *f, const struct fill_part *p);

/* Set a lower capacity: pairs above it are dropped. Nothing may be taken yet. */
void fill_lower(struct fill *f, uint32_t inspector, uint32_t capacity);

/* Before the first fill_take of a part at maximum. */
void fill_settle(struct fill *f, struct fill_part *p);

/* Is there a fill of maximum size that contains this edge and all taken so far? If so it is taken.
 * The edge's assignment has a place that is not taken. */
bool fill_take(struct fill *f, uint32_t assignment, uint32_t edge);

/* The `tier` of every inspector (§10) after the last fill_take, into tier[inspectors]. */
void fill_tiers(const struct fill *f, uint32_t *tier);

#endif
