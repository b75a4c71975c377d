/* Strata, quotas and the exclusion ledger (PROTOCOL.md §6.2, §6.3). Counts are those of struct
 * frame: count[task*FRAME_CODES + code]. */
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
#include "sampler/sink.h"

/* n of a stratum with population N ≤ 2^40 and ratio r ≤ 10^6 parts per million. */
uint64_t quota(uint64_t population, uint32_t ppm, enum rounding rounding);
/* The ratio a stratum of a task takes: its class's, or that of class.missing for U. */
uint32_t quota_ratio(const struct policy *p, const struct task *t, enum frame_code stratum);
/* "empty", "full", "targeted" or "random". */
const char *quota_report(uint64_t population, uint64_t n, uint32_t ppm);

/* One row of `strata`. */
struct stratum_row {
	uint32_t task; /* index in the policy */
	enum frame_code stratum;
	uint64_t population, quota;
	uint32_t ratio;
	const char *report;
};

struct strata {
	size_t n;
	const struct stratum_row *row; /* in the order of the artefact */
	const uint64_t
		*quota; /* task*FRAME_STRATA + stratum, as select_draw takes it; 0 without row */
};

/* Quotas of all strata, in the arena. Refuses with ERR_EMPTY_STRATUM a task without any object
 * and, where `strata.empty` is `refuse`, every empty stratum. */
bool strata_make(struct strata *s, const struct policy *p, const uint64_t *count, struct arena *a,
	struct err *e);

/* Write the artefacts. Errors: those of the sink. */
bool strata_write(const struct strata *s, const struct policy *p, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e);
bool ledger_write(const struct policy *p, const uint64_t *count, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e);

/* Check 11 of PROTOCOL.md §14: the opened artefacts `strata` and `ledger` follow from the counts of
 * a frame of `rows` rows and the policy, and add up. ERR_FRAME_DIFFERS or ERR_EMPTY_STRATUM names
 * the first row that does not. */
bool strata_verify(const struct policy *p, const uint64_t *count, uint64_t rows,
	const struct table *strata, const struct table *ledger, struct arena *a, struct err *e);

#endif
