/* Simulation 政策模拟: the draw and the plan of a policy over many seeds, to see what it would mean
 * before anybody is drawn. The same functions as a round, on a frame that belongs to none. Integers
 * only: means in thousandths, the bounds are order statistics. */
#ifndef DRAWD_PLANNER_SIMULATE_H
#define DRAWD_PLANNER_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/plan.h"
#include "planner/policy.h"
#include "planner/quota.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

enum { SIMULATE_SEEDS_MAX = 10000, SIMULATE_CLASSES = CLASSES };

/* Figures of one seed. */
enum simulate_figure {
	SIMULATE_VISITS, /* door entries 入企 */
	SIMULATE_OFFSITE, /* checks without one 非现场 */
	SIMULATE_OBJECTS, /* objects drawn */
	SIMULATE_SEPARATE, /* entries if every department went by itself */
	SIMULATE_SAVED, /* SEPARATE − VISITS */
	SIMULATE_JOINT, /* entries of two or more departments */
	SIMULATE_DEPARTMENTS, /* departments per entry, in thousandths */
	SIMULATE_REPEATS, /* entries to entities that were inspected in the period before */
	SIMULATE_AGAIN, /* entries beyond the first of an entity */
	SIMULATE_FINDINGS, /* entries at which something is found, expected, in thousandths */
	SIMULATE_RATED, /* entries that the findings are expected of: their class has a past rate */
	SIMULATE_SLOTS, /* inspectors that the visits need */
	SIMULATE_OPEN, /* slots that nobody can fill */
	SIMULATE_BUSIEST, /* most slots of one inspector */
	SIMULATE_IDLE, /* inspectors without a slot */
	SIMULATE_UNPLACED, /* visits without a half-day */
	SIMULATE_FIGURES
};
/* "visits", "offsite", …; is it counted with inspectors only; is it in thousandths already? */
struct simulate_form {
	const char *name, *zh, *en;
	bool staffed, thousandths;
};
extern const struct simulate_form simulate_form[SIMULATE_FIGURES];

/* Of one figure over the seeds: mean in thousandths (of what the figure counts); low and high, the
 * places ⌊(s−1)·25/1000⌋ and ⌈(s−1)·975/1000⌉ of the s values in ascending order, between which 95
 * % of them lie. */
struct simulate_spread {
	uint64_t mean, low, high;
};

/* Coverage of a part of the frame: how many of its objects are drawn. */
struct simulate_part {
	const char *kind; /* "class", "field", "department" */
	struct bytes code, name; /* of the policy; a class has its code only */
	uint64_t population; /* objects that some task may draw */
	struct simulate_spread drawn; /* a department: the visits it takes part in */
};

/* The inspectors of a department, and their work. */
struct simulate_staff {
	struct bytes code, name;
	uint32_t inspectors;
	struct simulate_spread slots, open, idle, busiest;
};

struct backtest_result; /* planner/backtest.h */
struct past_checks;

struct simulation {
	uint32_t seeds;
	uint64_t bound; /* L, in thousandths (bound.h) */
	bool staffed;
	struct simulate_spread figure[SIMULATE_FIGURES];
	/* entries if every task drew by tickets of its own, over the first `independent_seeds` */
	uint32_t independent_seeds;
	struct simulate_spread independent;
	uint32_t parts;
	const struct simulate_part *part; /* classes, fields, departments */
	uint32_t staffs; /* departments, where it is staffed */
	const struct simulate_staff *staff;
	const struct backtest_result *past; /* NULL: none was asked for */
};

struct simulate_input {
	const struct policy *policy;
	const struct frame *frame; /* its tasks are those of the policy */
	const struct strata *strata;
	const struct pool_artefacts *pool; /* NULL: nobody is drawn */
	uint32_t seeds, independent; /* 1 … SIMULATE_SEEDS_MAX; 0 … seeds */
	/* past rate of a class: parts per million of the visits; rated: is there one? */
	uint32_t finding[SIMULATE_CLASSES];
	bool rated[SIMULATE_CLASSES];
	const struct past_checks *past; /* NULL: no backtest */
	/* Called now and then; false ends the simulation with its error. May be NULL. */
	bool (*progress)(void *ctx, uint32_t done, struct err *e);
	void *ctx;
};

/* The keys of a seed: those of the seed text "drawd/simulate/v1\n" ‖ number ‖ "\n", which no round
 * has (PROTOCOL.md §7 begins otherwise). Counting starts at 1. */
void simulate_keys(uint32_t seed, struct seed_keys *keys);

/* All figures, in the arena. Errors: those of select_draw and plan_make. */
bool simulate(
	struct simulation *s, const struct simulate_input *in, struct arena *a, struct err *e);

/* Value of a spread's order statistic: sorts `value`. Shown for the test. */
void simulate_spread_of(struct simulate_spread *s, uint64_t *value, uint32_t n);

#endif
