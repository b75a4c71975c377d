/* Backtest 回测: which past inspections would the draws of a policy have reached? An inspection is
 * reached in a seed where its object is drawn by a task of the department that made it. Those that
 * found a problem beside those that found none: a policy that looks where the risk is reaches more
 * of the first. */
#ifndef DRAWD_PLANNER_BACKTEST_H
#define DRAWD_PLANNER_BACKTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "planner/simulate.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/frame.h"
#include "sampler/select.h"

enum { PAST_ANY = UINT32_MAX, PAST_NONE = UINT32_MAX - 1 };

struct past_check {
	uint32_t object; /* of the frame */
	bool whole; /* of the entity: any of its objects is where it was */
	bool found; /* a problem */
	/* of the policy; PAST_ANY: whoever draws reaches it; PAST_NONE: none of the policy's */
	uint32_t department;
	int32_t field; /* of the policy, -1 where its item has none */
};

struct past_checks {
	const struct past_check *at;
	size_t n;
};

/* Inspections of a part, and how many of them a draw reaches. */
struct backtest_share {
	uint64_t checks;
	struct simulate_spread reached;
};

struct backtest_part {
	const char *kind; /* "all", "class", "field" */
	struct bytes code, name;
	struct backtest_share found, clean;
};

struct backtest_result {
	uint32_t parts; /* all, the classes A–D and U, the fields */
	const struct backtest_part *part;
};

/* class: of each object of the frame, 0–3 and SIMULATE_CLASSES for none. What is handed in must
 * outlive it; all else lives in the arena. */
struct backtest;
struct backtest *backtest_start(const struct policy *p, const struct frame *f, const uint8_t *class,
	const struct past_checks *past, uint32_t seeds, struct arena *a);
/* What a seed (from 0) has drawn. */
void backtest_seed(struct backtest *b, const struct drawn *d, uint32_t seed);
void backtest_end(struct backtest *b, struct backtest_result *r);

#endif
