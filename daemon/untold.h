/* What who may not see classes is told of a policy that is tried (looks, simulations): counts go
 * down to steps, so that two policies which differ by one enterprise tell the same; of few objects
 * nothing but how many, for whoever writes a scheme can make its scope one enterprise. */
#ifndef DRAWD_UNTOLD_H
#define DRAWD_UNTOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/err.h"

enum { UNTOLD_FEW = 20, UNTOLD_STEP = 5 };

/* whole: whoever asks may know every class. */
static inline bool untold_few(bool whole, uint64_t objects)
{
	return !whole && objects < UNTOLD_FEW;
}

/* A count in units of 1/unit. */
static inline uint64_t untold_count(bool whole, uint64_t n, uint64_t unit)
{
	return whole ? n : n - n % (UNTOLD_STEP * unit);
}

/* A refusal that names a stratum tells a class: its sentence alone stays. */
static inline void untold_error(bool whole, struct err *e)
{
	if (!whole && (e->code == ERR_EMPTY_STRATUM || e->code == ERR_CEILING))
		e->where[0] = e->what[0] = '\0';
}

#endif
