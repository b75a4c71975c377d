/* A plan as the changes after the draw leave it (PROTOCOL.md §11.1). Every change is a function of
 * the plan and of the changes before it: the same contents in the same order give the same bytes.
 * Nothing moves but what a change names and what must follow from it. */
#ifndef DRAWD_PLANNER_SEASON_H
#define DRAWD_PLANNER_SEASON_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/change.h"
#include "planner/plan.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"

struct season;

/* The plan as it was drawn. It must outlive the season; everything else lives in the arena, which
 * grows with every change. */
struct season *season_new(struct arena *a, const struct plan *plan);

/* Make a change that a department asks for, and append its effects. Refuses with ERR_PLAN_RULE, and
 * leaves everything as it was, what §11.1 refuses; the sentence names the rule. */
bool season_apply(struct season *s, const struct change *c, struct bytes department,
	struct buf *effects, struct err *e);

/* The same from the content of a record: its effects must be those. Refuses also as change_parse,
 * and with ERR_DIFFERENT. After any refusal the season is of no further use. */
bool season_replay(struct season *s, struct bytes content, struct bytes department, struct err *e);

/* What stands now. */
uint32_t season_slot(const struct season *s, uint32_t assignment, uint32_t place);
uint32_t season_half(const struct season *s, uint32_t visit);
uint32_t season_leader(const struct season *s, uint32_t visit);
uint32_t season_capacity(const struct season *s, uint32_t person);
uint32_t season_used(const struct season *s, uint32_t person);

/* Slots and schedule now, as the rows of the artefacts `slots` and `schedule`. */
void season_put(const struct season *s, struct buf *b);

struct season_figures {
	uint32_t changes, slots, days; /* changes made; slots and days that they changed */
	uint32_t open; /* slots open now */
};
struct season_figures season_figures(const struct season *s);

/* Slots that fell vacant so far, of a department of the policy and of an inspector. */
uint32_t season_vacated(const struct season *s, uint32_t department);
uint32_t season_left(const struct season *s, uint32_t person);

#endif
