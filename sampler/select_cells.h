/* Cells of a draw: a stratum of a task and those of its units that may be drawn. Inner part of
 * sampler/select.h. */
#ifndef DRAWD_SAMPLER_SELECT_CELLS_H
#define DRAWD_SAMPLER_SELECT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/frame.h"
#include "sampler/seed.h"
#include "sampler/units.h"

/* Hashes are spread evenly, so the n smallest of N lie below about n/N of the range; a bound a
 * little higher leaves few candidates. Where it fails to hold n of them, all are looked at: the
 * bound saves time and never decides. */
struct cell {
	size_t task;
	enum stratum stratum;
	bool by_entity, weighted;
	size_t together; /* number of its union from 1; 0: none */
	uint64_t want; /* quota, of the union where it has one */
	uint64_t have, among; /* units, and those of the union */
	uint64_t bound; /* candidates have u ≤ bound */
	size_t room, found; /* candidates kept at most, met */
	uint32_t *candidate; /* ascending */
	uint64_t *u; /* of the candidates */
};

/* A unit in the order of tickets. */
struct ranked {
	uint64_t u;
	struct bytes unit;
	uint32_t object; /* that stands for it */
};
/* For qsort: by (u, unit). */
int ranked_compare(const void *a, const void *b);

/* Bound and room for want of among units. */
void cell_bound(struct cell *c);
/* The next object in the order of the frame whose number may be below the bound. */
void cell_add(struct cell *c, const struct frame *f, size_t object, uint64_t u);
/* Every unit of the cell becomes a candidate. */
void cell_all(
	struct cell *c, const struct frame *f, const struct tickets *t, struct arena *scratch);
/* Has the bound failed: are there fewer candidates than wanted, or more than there is room for? */
bool cell_missed(const struct cell *c);
/* The want first of the candidates by (u, unit), in the order of the frame, to out. numbers: room
 * for as many as there are candidates. */
void cell_finish(const struct cell *c, const struct frame *f, uint64_t *numbers,
	struct arena *scratch, uint32_t *out);
/* The candidates up to and with `last`, in the order of the frame, to out; returns how many. */
size_t cell_up_to(
	const struct cell *c, const struct frame *f, const struct ranked *last, uint32_t *out);
/* The want first units by weight (weighted.h), of all candidates, in the order of the frame. */
void cell_weighted(
	const struct cell *c, const struct frame *f, struct arena *scratch, uint32_t *out);
/* All candidates as weighted units, in the arena. */
struct weighted_unit *cell_units(const struct cell *c, const struct frame *f, struct arena *a);

#endif
