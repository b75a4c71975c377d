/* Tickets 抽签号 and selection: in every stratum of every task the n objects smallest by (u,
 * object) (PROTOCOL.md §8). One pass over the objects; nothing is sorted. */
#ifndef DRAWD_SAMPLER_SELECT_H
#define DRAWD_SAMPLER_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/seed.h"
#include "sampler/sink.h"

/* u of every object: the first 8 bytes of SHA256(K_entity ‖ object), big-endian. u has room for
 * f->n numbers. */
void select_tickets(const struct frame *f, const struct seed_keys *k, uint64_t *u);
/* The whole ticket of one object. */
void select_ticket(struct bytes object, const struct seed_keys *k, uint8_t out[32]);

/* What was drawn. The drawn objects of task t and stratum c (enum frame_code) are
 * object[start[t*FRAME_STRATA + c]] … object[start[t*FRAME_STRATA + c + 1] − 1], ascending; so all
 * of object[] stands in the order of the artefact `selection`. */
struct selection {
	size_t tasks;
	const size_t *start; /* tasks*FRAME_STRATA + 1 places */
	const uint32_t *object;
	size_t n; /* rows of `selection` */
};

/* Draw. quota[t*FRAME_STRATA + c] is n of task t and stratum c; u as select_tickets gives it.
 * Errors: ERR_BAD_STRATUM where a quota is larger than its population. */
bool select_draw(struct selection *s, const struct frame *f, const uint64_t *u,
	const uint64_t *quota, struct arena *a, struct err *e);

/* The reserve 候补 of a stratum: the objects that follow the first `after`, at most `want` of them,
 * in order. Returns how many there are; *object gets them in the arena. */
size_t select_reserve(const struct frame *f, const uint64_t *u, size_t task,
	enum frame_code stratum, uint64_t after, uint64_t want, struct arena *a,
	const uint32_t **object);

/* The same draw by object: drawn object j is object[j], drawn by the tasks
 * task[first[j]] … task[first[j+1] − 1], ascending. */
struct drawn {
	size_t n;
	const uint32_t *object; /* ascending */
	const size_t *first; /* n + 1 places */
	const uint16_t *task;
};

void select_by_object(
	struct drawn *d, const struct selection *s, const struct frame *f, struct arena *a);

/* Write the artefact `selection`. */
bool select_write(const struct selection *s, const struct frame *f, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e);

#endif
