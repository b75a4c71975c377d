/* Strata, quotas and the exclusion ledger (PROTOCOL.md §6.2, §6.3), from what a frame counts
 * (sampler/frame.h): its tasks are those of the policy, in the same order. */
#ifndef DRAWD_PLANNER_QUOTA_H
#define DRAWD_PLANNER_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/select.h"
#include "sampler/sink.h"

/* n of a stratum with N ≤ 2^40 units and ratio r ≤ 10^6 parts per million, before `minimum`. */
uint64_t quota(uint64_t units, uint32_t ppm, enum rounding rounding);
/* A ratio by a factor, both in parts per million: 10^6 at most, and not 0 unless the ratio is. */
uint32_t quota_adjust(uint32_t ppm, uint32_t factor);
/* The ratio r of a stratum of a task: its class's, or that of class.missing for U, multiplied where
 * the stratum is marked. */
uint32_t quota_ratio(const struct policy *p, const struct task *t, enum stratum stratum);
/* "empty", "full", "targeted" or "random", of n drawn among so many. */
const char *quota_report(uint64_t units, uint64_t among, uint64_t n, uint32_t ppm);

/* One row of `strata`. */
struct stratum_row {
	uint32_t task; /* index in the policy */
	enum stratum stratum;
	uint64_t population, units, among, quota;
	uint32_t ratio;
	const char *report;
};

struct strata {
	size_t n;
	const struct stratum_row *row; /* in the order of the artefact */
	struct draw_order order; /* as select_draw takes it; 0 where no row stands */
};

/* Quotas of all strata, in the arena. Refuses with ERR_EMPTY_STRATUM a task without any object in a
 * stratum and, where `strata.empty` is `refuse`, every stratum without an object; with ERR_CEILING
 * a general task that draws more than `ceiling.general` and gives no `ceiling-reason`. */
bool strata_make(struct strata *s, const struct policy *p, const struct frame_counts *c,
	struct arena *a, struct err *e);

/* Write the artefacts. Errors: those of the sink; ERR_FRAME_DIFFERS where the frame has an
 * exclusion code that the policy has not. */
bool strata_write(const struct strata *s, const struct policy *p, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e);
bool ledger_write(const struct policy *p, const struct frame_counts *c, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e);

/* Check 11 of PROTOCOL.md §14: the opened artefacts `strata` and `ledger` follow from the counts of
 * a frame of `rows` rows and the policy, and add up. s gets the strata made anew.
 * ERR_FRAME_DIFFERS, or what strata_make refuses, names the first row that does not. */
bool strata_verify(struct strata *s, const struct policy *p, const struct frame_counts *c,
	uint64_t rows, const struct table *strata, const struct table *ledger, struct arena *a,
	struct err *e);

#endif
