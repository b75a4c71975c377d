/* Days and half-days of the visits (PROTOCOL.md §11). */
#ifndef DRAWD_PLANNER_CALENDAR_H
#define DRAWD_PLANNER_CALENDAR_H

#include <stdint.h>

#include "planner/merge.h"
#include "planner/pool.h"
#include "sampler/base/arena.h"

#define HALF_NONE UINT32_MAX /* no half-day is left for the visit */

/* Half-day 2·k is `am`, 2·k+1 `pm` of the k-th day of the calendar. */
const char *half_name(uint32_t half);

/* Who goes: the persons of each visit, none twice within a visit. */
struct crews {
	const uint32_t *start; /* visits + 1 */
	const uint32_t *person;
};

/* The half-day of every visit, or HALF_NONE, in the order of visits; in the arena. region: of every
 * visit. */
const uint32_t *calendar_place(struct arena *a, const struct visits *v, const struct pool *pool,
	const struct crews *crews, const struct bytes *region);

/* How far two visits of one inspector on one day are from each other, 0 … 3, by the regions that
 * both of them name. */
uint32_t calendar_way(struct bytes a, struct bytes b);

#endif
