/* Another staffing than the pool has, for simulations: so many inspectors more or fewer in a
 * department, another limit of visits. Who would go and whom those who come are like does not
 * follow from an order that somebody chose: it is that of the hashes of their numbers. */
#ifndef DRAWD_PLANNER_STAFFING_H
#define DRAWD_PLANNER_STAFFING_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { STAFFING_MOST = 9999, STAFFING_DEPARTMENTS = 200 };

struct staffing_change {
	struct bytes department; /* token */
	bool fewer;
	uint32_t by; /* 1 … STAFFING_MOST */
};

struct staffing {
	uint32_t limit; /* most slots of one inspector in the round, of everybody; 0: as it is */
	uint32_t n;
	const struct staffing_change *change;
};

/* Read `scjg+3,gaj-2`; the empty text changes nobody. Slices point into the text. Refuses
 * ERR_STAFFING: another form, a department twice. */
bool staffing_parse(
	struct staffing *s, struct bytes text, uint32_t limit, struct arena *a, struct err *e);

/* The pool so changed, an artefact whole. Those who come are like those of their department in the
 * order of hashes (regions, items, certificate, limit), again from the first when all were taken;
 * of a department without inspectors they may go everywhere. Their numbers are SIM-00001 …. Refuses
 * ERR_STAFFING: a department that the policy has not, more fewer than there are; ERR_BAD_TABLE. */
bool staffing_apply(const struct staffing *s, const struct policy *p, struct bytes pool,
	struct arena *a, struct bytes *changed, struct err *e);

#endif
