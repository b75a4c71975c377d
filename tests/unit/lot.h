/* Draws of made-up tasks for tests of the selection, and the plainest way to make them. */
#ifndef DRAWD_TESTS_UNIT_LOT_H
#define DRAWD_TESTS_UNIT_LOT_H

#include <stddef.h>
#include <stdint.h>

#include "sampler/select.h"
#include "sampler/ticket.h"

/* A draw of made-up tasks. */
struct lot {
	struct frame frame;
	struct tickets tickets;
	struct seed_keys keys;
	uint64_t *units, *quota; /* task*FRAME_STRATA + stratum */
	struct draw_rule *rule;
	uint16_t *together; /* NULL: no unions */
	uint64_t *among;
	size_t unions;
};

/* Keys with these for entities and objects, 64 characters; empty: made-up ones. */
void keys_of(struct seed_keys *k, struct bytes entity, struct bytes object);

struct draw_order lot_order(const struct lot *l);
/* The frame is loaded, the keys and rules are set. */
void lot_start(struct lot *l, struct arena *a);
bool lot_draw(struct lot *l, struct arena *a, struct selection *s, struct err *e);

/* Does the object stand for a unit of its cell? Is the unit of i before that of j? Which object is
 * drawn with the unit that object i stands for? */
bool plainly_unit(const struct lot *l, size_t t, size_t i);
bool plainly_before(const struct lot *l, size_t t, size_t i, size_t j);
size_t plainly_candidate(const struct lot *l, size_t t, size_t i);

/* Tasks a to e and their rules: b and d by entity. Cells of n objects for them. */
enum { LOT_TASKS = 5 };
extern const struct bytes lot_task[LOT_TASKS];
extern struct draw_rule lot_rules[LOT_TASKS];
uint8_t *made_cells(struct arena *a, size_t n);

/* Numbers of a shape in the place of hashes: spread evenly, as hashes are, or as no hash is. */
uint64_t shape_even(size_t i);
uint64_t shape_equal(size_t i);
uint64_t shape_few(size_t i);
uint64_t shape_top(size_t i);
uint64_t shape_zero_heavy(size_t i);
uint64_t shape_falling(size_t i);
void reshape(struct lot *l, uint64_t (*shape)(size_t), struct arena *a);

#endif
