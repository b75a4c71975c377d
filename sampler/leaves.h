/* Ticket and visit leaves, and the roots over them (PROTOCOL.md §8, §9). */
#ifndef DRAWD_SAMPLER_LEAVES_H
#define DRAWD_SAMPLER_LEAVES_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/merkle.h"
#include "sampler/seed.h"
#include "sampler/select.h"

/* Append the ticket leaf of an object with this ticket (select_ticket), drawn by these tasks
 * (codes, ascending). */
void leaves_ticket(struct buf *out, const struct seed_keys *k, struct bytes object,
	const uint8_t ticket[32], const struct bytes *task, size_t tasks);

/* `ticket-root` of the frame. leaf: room for f->n, gets the sorted leaf hashes (kept for proofs).
 */
void leaves_ticket_root(const struct frame *f, const struct drawn *d, const struct seed_keys *k,
	struct hash *leaf, struct hash *root);

/* Append the visit leaf; departments as in the artefact `visits`: a list joined by ",". */
void leaves_visit(struct buf *out, const struct seed_keys *k, struct bytes object,
	struct bytes ordinal, struct bytes departments);

/* `visit-root` of an opened artefact `visits`. leaf: room for visits->n. */
void leaves_visit_root(const struct table *visits, const struct seed_keys *k, struct hash *leaf,
	struct hash *root);

/* Where a leaf stands among sorted ones; false if it is not there. */
bool leaves_find(const struct hash *leaf, size_t n, const struct hash *wanted, size_t *at);

#endif
