#include "daemon/clock.h"

#include <time.h>

enum { DAY = 86400, CHINA = 8 * 3600 };

uint64_t clock_now(const struct conf *c)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	int64_t now = c->test.time != 0 ? c->test.time : t.tv_sec;
	return (uint64_t)(now + c->clock.offset_days * DAY);
}

int32_t clock_date_of(uint64_t time)
{
	return (int32_t)((time + CHINA) / DAY);
}

int32_t clock_date(const struct conf *c)
{
	return clock_date_of(clock_now(c));
}

int64_t clock_milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_tick(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}
