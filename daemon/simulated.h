/* What a simulation gives, as JSON (shape_simulation): figures, coverage, staffing, backtest. */
#ifndef DRAWD_SIMULATED_H
#define DRAWD_SIMULATED_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/backtest.h"
#include "planner/simulate.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

/* What past inspections of a class found. */
struct past_rate {
	uint64_t checks, found;
	uint32_t ppm;
};

/* What a backtest looks at. */
struct past_period {
	bool asked;
	int32_t from, to;
};

/* One policy with one staffing. */
struct simulated {
	const struct simulation *found; /* NULL: of few objects, nothing is told (untold.h) */
	int64_t rows; /* objects */
	uint64_t outside[2]; /* inspections of none of them: without and with a problem */
};

struct simulated_about {
	bool whole; /* whoever asked may know every class; else as untold.h has it */
	uint32_t seeds;
	const struct past_rate *rate; /* SIMULATE_CLASSES */
	struct past_period past;
};

/* against: the other one beside it, or NULL. */
struct bytes simulated_tell(const struct simulated *first, const struct simulated *against,
	const struct simulated_about *about, struct arena *a);

#endif
