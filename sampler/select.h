/* Tickets 抽签号 and selection: in every stratum of every task the n units smallest by (u, unit)
 * (PROTOCOL.md §8). One pass over the objects; nothing is sorted but what a task with batches or a
 * unit of its own has drawn. */
#ifndef DRAWD_SAMPLER_SELECT_H
#define DRAWD_SAMPLER_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/seed.h"
#include "sampler/sink.h"
#include "sampler/units.h"

/* The i-th stratum, from 0, in the order of their names, in which the rows of artefacts stand: A,
 * A1, A2, B, … */
static inline enum stratum stratum_by_name(size_t i)
{
	enum { MARKS = FRAME_STRATA / FRAME_CLASSES };
	return (enum stratum)(i % MARKS * FRAME_CLASSES + i / MARKS);
}

/* The whole ticket of one object. */
void select_ticket(struct bytes object, const struct seed_keys *k, uint8_t out[32]);

/* How a task draws (§6.1, §6.3). */
struct draw_rule {
	bool by_entity; /* its unit is the entity */
	uint8_t batches; /* 0: none */
	bool weighted; /* design `weighted` */
};

/* What a draw is told of every task and stratum: place task*FRAME_STRATA + stratum. */
struct draw_order {
	const uint64_t *units, *quota; /* N and n */
	const struct draw_rule *rule; /* of every task */
	bool by_entity; /* the unit of some task is the entity */
	/* strata that are drawn as one: the number of the union of each from 1, 0 of the others;
	 * its different units. NULL where there is none. */
	const uint16_t *together;
	const uint64_t *among;
	size_t unions;
};

/* What was drawn. The drawn objects of task t and stratum c are
 * object[start[t*FRAME_STRATA + c]] … object[start[t*FRAME_STRATA + c + 1] − 1], ascending. */
struct selection {
	size_t tasks;
	const size_t *start; /* tasks*FRAME_STRATA + 1 places */
	const uint32_t *object;
	const uint8_t *batch; /* of every drawn object, from 1; 0 where the task has none */
	size_t n; /* rows of `selection` */
};

/* Draw. The tickets have the numbers of entities where o->by_entity; the keys are those that the
 * tickets were made with. Errors: ERR_BAD_STRATUM where a quota is larger than its stratum. */
bool select_draw(struct selection *s, const struct frame *f, const struct tickets *t,
	const struct draw_order *o, const struct seed_keys *k, struct arena *a, struct err *e);

/* A stratum of a task whose draw order is asked for. */
struct draw_cell {
	size_t task;
	enum stratum stratum;
	bool by_entity;
	const struct draw_order *order; /* NULL: drawn by tickets, and by itself */
};

/* The reserve 候补 of a stratum: of the units that follow the first `after`, at most `want`, in
 * order, the objects that would be drawn with them. Returns how many there are; *object gets them
 * in the arena. */
size_t select_reserve(const struct frame *f, const struct tickets *t, const struct draw_cell *cell,
	uint64_t after, uint64_t want, const struct seed_keys *k, struct arena *a,
	const uint32_t **object);

/* The place, from 1, of an object's unit in the order of its stratum, or of the union that this is
 * drawn with. */
uint64_t select_place(const struct frame *f, const struct tickets *t, const struct draw_cell *cell,
	uint32_t object);

/* The chance of that unit to be drawn, in parts per million (§8). */
uint32_t select_chance(const struct frame *f, const struct draw_cell *cell, uint32_t object);

/* The same draw by object: drawn object j is object[j], drawn by the tasks
 * task[first[j]] … task[first[j+1] − 1], ascending. */
struct drawn {
	size_t n;
	const uint32_t *object; /* ascending */
	const size_t *first; /* n + 1 places */
	const uint16_t *task;
	const uint8_t *batch; /* beside every task */
};

void select_by_object(
	struct drawn *d, const struct selection *s, const struct frame *f, struct arena *a);

/* Write the artefact `selection`. */
bool select_write(const struct selection *s, const struct frame *f, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e);

#endif
