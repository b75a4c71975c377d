/* The tasks of a year's programme 年度抽查工作计划 over the register: what each draws on its day,
 * where tasks overlap, what visits one day for two would save, how often an entity is to be met
 * against the caps, and what the levels draw together of one item. Nothing is written, nothing is
 * random. */
#ifndef DRAWD_PLANNER_PROGRAMME_H
#define DRAWD_PLANNER_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/look.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

/* The draws of one day, which are one round. All days have the same base: the same items,
 * departments and caps in the same order. */
struct programme_day {
	int32_t draw_on; /* day (civil.h), strictly ascending from day to day */
	const struct policy *policy; /* the base and the schemes of all tasks of that day */
	const uint32_t *task; /* of each of its tasks: which one of the year it is */
};

/* What is looked at: `tasks` of the year, drawn on `days`; each is drawn on one of them at least,
 * and at most once on a day. */
struct programme_year {
	size_t days, tasks;
	const struct programme_day *day;
	const struct bytes *levels; /* of each task: at which levels it is drawn and inspected */
	const uint32_t *item_of; /* of each item of the policies: the one it stands for
				  * (compose_lower.h), else itself */
};

struct programme;

/* The year must stay as long. Everything lives in the arena: what its looks take (look.h), and for
 * every object 36 bytes and half a byte a draw. */
struct programme *programme_start(struct arena *a, const struct programme_year *y);

/* The next object, strictly ascending. Errors: those of look_put. */
bool programme_put(struct programme *p, const struct bytes fact[FRAME_FACTS], struct err *e);

/* A day: what each task alone would draw, and what all of them together. */
struct programme_entries {
	struct look_result look;
	/* Expected entries 入企 of the round, whose visits are merged, and if every task went by
	 * itself; in thousandths. */
	uint64_t merged, separate;
};

/* Two tasks a < b of the year, by their first draws. Objects and visits are expected ones, in
 * thousandths. */
struct programme_pair {
	uint32_t a, b;
	uint64_t both; /* objects in a stratum of either */
	uint64_t expected; /* drawn by both, were they drawn on one day */
	uint64_t saved; /* entries that one day would save, where both go through the door */
	uint64_t repeats; /* entered for both, drawn on days of their own */
	int32_t gap; /* least days between a draw of the one and of the other; 0: one day */
	bool meets; /* drawn on one day, with windows that meet: one entry as it is */
};

/* A cap of the base, and the entities that the year would bring to it. The expected number of times
 * that an entity is met is, over the days that count, the sum of the largest ratio of a task of the
 * day in whose strata it stands; of an item no more than `frequency` allows. */
struct programme_cap {
	uint32_t cap; /* of the policy */
	uint64_t over; /* entities that are expected to be met more than `most` times */
	uint64_t possible; /* entities that may be */
	uint64_t expected; /* of the entity expected most often, parts per million */
	uint32_t days; /* on which that one may be met */
	size_t tasks; /* which meet that one, ascending */
	const uint32_t *task;
};

/* An item that tasks of several levels draw of the same objects: by class, what they draw in a year
 * together. */
struct programme_item {
	uint32_t item; /* of the policy */
	size_t tasks; /* ascending */
	const uint32_t *task;
	uint64_t ratio[CLASSES]; /* parts per million: ratio × draws, added over the tasks */
	bool over_whole; /* a class above 100 %, and no task has a reason */
	bool over_ceiling; /* a general item above the ceiling, and none a ceiling-reason */
};

struct programme_result {
	uint64_t rows;
	const struct programme_entries *day; /* those of the year */
	size_t pairs; /* with both > 0 */
	const struct programme_pair *pair; /* by a, then b */
	size_t caps; /* all of the base, in order */
	const struct programme_cap *cap;
	size_t items;
	const struct programme_item *item; /* by item, then task */
};

/* In the arena. */
void programme_end(struct programme *p, struct programme_result *out);

#endif
