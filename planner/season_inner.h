/* Shared by season.c, which changes a plan, season_names.c, which finds what a change names,
 * season_days.c, which finds days, and season_read.c, which writes what has become of it. */
#ifndef DRAWD_PLANNER_SEASON_INNER_H
#define DRAWD_PLANNER_SEASON_INNER_H

#include "planner/season.h"
#include "planner/slotkeys.h"

/* A recusal after the draw. */
struct later {
	uint32_t person;
	struct bytes subject;
};

struct season {
	struct arena *arena;
	const struct plan *plan;
	struct pool pool; /* the plan's, with people of its own */
	struct person *person;
	bool *withdrawn, *recused; /* by person */
	struct later *later;
	uint32_t laters, later_room;
	uint64_t at; /* of the last change */
	int32_t today; /* T: its day in China */
	uint32_t first_day; /* the first day of the calendar from T on */
	uint32_t *slot, *capacity, *used, *left; /* left: slots of a person that fell vacant */
	uint32_t *half, *leader, *order; /* by visit; order: the visits in the order of §11 */
	uint32_t *visits; /* by half-day */
	uint32_t *vacated; /* by department */
	struct slot_keys keys;
	struct season_figures figures;
};

/* ---- season_days.c ---- */

/* Is the visit past? */
bool season_past(const struct season *s, uint32_t visit);
/* Is the person in a slot of the visit? */
bool season_has(const struct season *s, uint32_t visit, uint32_t person);
/* Is the person away on a day of the calendar? */
bool season_away(const struct season *s, uint32_t person, uint32_t day);
/* Is a half-day free for the visit as its slots stand? */
bool season_free(const struct season *s, uint32_t visit, uint32_t half);
/* The best half-day, or HALF_NONE. */
uint32_t season_best(const struct season *s, uint32_t visit);
/* Put the visit on a half-day or on HALF_NONE. */
void season_place(struct season *s, uint32_t visit, uint32_t half);
/* The days of the visit's window that are left. */
struct run season_window(const struct season *s, uint32_t visit);
/* The visits in the order of §11. */
uint32_t *season_order(struct arena *a, const struct visits *v);

/* Slots of a visit: [from, to) of s->slot. */
struct run season_slots(const struct season *s, uint32_t visit);

/* ---- season.c ---- */

enum {
	RULES_ALL = 0,
	RULES_HOME = 1u << ELIGIBLE_DEPARTMENT | 1u << ELIGIBLE_REGION, /* not asked of a loan */
	RULES_WORK = RULES_HOME | 1u << ELIGIBLE_ITEM | 1u << ELIGIBLE_ROTATION,
};

/* Is the person fit for the assignment? */
bool season_fit(const struct season *s, uint32_t assignment, uint32_t person);

/* Whom may be asked: everybody but `but`, of a department of the pool where `from` names one. */
struct asked {
	uint32_t but, rules;
	struct bytes from;
	const uint32_t *bound; /* by person: fewer slots than this, or NULL: than the limit */
	bool may_grow; /* ask whether the bound is below the limit instead */
};

/* The first in the order of candidates, or SHP_OPEN. */
uint32_t season_first(struct season *s, uint32_t assignment, uint32_t place, const struct asked *q);

/* ---- one change under way ---- */

struct vacancy {
	struct shp_key key;
	uint32_t assignment, place, who; /* who had it */
	bool closed; /* the department stays away: nobody takes it */
	const char *how;
};

struct step {
	struct season *s;
	const struct change *c;
	struct arena *a;
	/* what the change names, as indices; UINT32_MAX where it names none */
	uint32_t person, visit, assignment, place, half;
	int32_t first, last;
	struct vacancy *vacancy;
	uint32_t vacancies;
	uint32_t *half_before, *leader_before; /* by visit */
	bool *touched; /* visits with another crew */
};

/* Index in s->slot. */
uint32_t step_slot(const struct step *x, uint32_t assignment, uint32_t place);

/* ---- season_names.c ---- */

/* Refuses with ERR_PLAN_RULE; returns false. */
bool step_refuse(struct err *e, const char *rule);
/* Fill in what the change names. */
bool step_named(struct step *x, struct err *e);
/* Is it this department's change? */
bool step_owned(const struct step *x, struct bytes department, struct err *e);

/* ---- season_read.c ---- */

void step_effects(struct step *x, struct buf *b);

#endif
