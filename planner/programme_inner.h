/* What programme.c keeps of every object, and the other parts of the year's programme read. */
#ifndef DRAWD_PLANNER_PROGRAMME_INNER_H
#define DRAWD_PLANNER_PROGRAMME_INNER_H

#include "planner/programme.h"

enum { PROGRAMME_CHUNK = 1024, PROGRAMME_PPM = 1000000 };

/* A draw: a task on a day. */
struct programme_draw {
	uint32_t day, task; /* of the year */
	uint32_t of; /* the task in the policy of the day */
};

/* An object: who it is of, and in which strata it stands. */
struct programme_object {
	uint8_t entity[16];
	uint64_t caps[2]; /* bit c: cap c is for it */
	uint8_t focus; /* one of 重点监管对象 */
	uint8_t cell[]; /* 4 bits a draw */
};

struct programme {
	struct arena *arena;
	const struct programme_year *year;
	const struct policy *base; /* that of the first day, for what all have */
	struct look **look; /* of each day */
	size_t draws; /* by day, then task of its policy */
	const struct programme_draw *draw;
	const uint32_t *first; /* of each task of the year: its first draw */
	size_t size; /* bytes of an object */
	size_t rows, chunks, room;
	uint8_t **chunk;
	bool premises; /* some object is of an entity with another id */
};

/* The object of that row. */
const struct programme_object *programme_object(const struct programme *p, size_t row);
/* Its stratum in a draw, or STRATUM_OUT. */
unsigned programme_cell(const struct programme_object *o, size_t draw);
/* The policy of a draw, and the task there. */
const struct policy *programme_policy(const struct programme *p, size_t draw);
const struct task *programme_task(const struct programme *p, size_t draw);

/* programme_caps.c */
void programme_caps(struct programme *p, struct programme_result *out);
/* programme_levels.c: needs the pairs. */
void programme_levels(struct programme *p, struct programme_result *out);

#endif
