/* Time as the processes hand it to rules: UTC seconds and the civil date of China (UTC+8). In a
 * demo installation both can be moved (clock.offset_days) or fixed (test.time). */
#ifndef DRAWD_CLOCK_H
#define DRAWD_CLOCK_H

#include <stdint.h>

#include "daemon/conf.h"

/* Seconds since 1970-01-01T00:00:00Z. */
uint64_t clock_now(const struct conf *c);
/* Civil date, a day number of planner/civil.h. */
int32_t clock_date(const struct conf *c);
/* The civil date of a UTC time. */
int32_t clock_date_of(uint64_t time);
/* Seconds that only go forward, for pauses and leases; not moved by the configuration. */
int64_t clock_tick(void);
/* The same in milliseconds, to tell how long something took. */
int64_t clock_milliseconds(void);

#endif
