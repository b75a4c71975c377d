/* Why somebody was drawn, why somebody else was not, and why a slot is open (PROTOCOL.md §10):
 * codes and arguments, sentences made of them in both languages, and a whole visit as JSON. Says
 * only what the plan says; needs the keys, so it is for those who may see them. */
#ifndef DRAWD_PLANNER_EXPLAIN_H
#define DRAWD_PLANNER_EXPLAIN_H

#include <stdint.h>

#include "planner/plan.h"
#include "planner/why.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* One sentence: why the person does or does not stand in the slot. */
void explain_why(struct buf *b, const struct why_slot *slot, uint32_t person, enum err_lang lang);

/* Sentences about an open slot: where everybody fell away, and what the law offers. */
void explain_nobody(struct buf *b, const struct why_slot *slot, enum err_lang lang);

/* The visit as one JSON object: tasks, window, day, leader; every assignment with its items, every
 * slot with who stands in it, his rank, and everybody who came before him with the code why not;
 * of an open slot the counts of why_nobody. */
void explain_visit(struct buf *b, const struct plan *plan, uint32_t visit);

#endif
