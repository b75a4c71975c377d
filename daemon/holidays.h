/* Working days: a plain list of holidays and make-up days over weeks of Monday to Friday
 * (etc/calendar/cn.txt). */
#ifndef DRAWD_HOLIDAYS_H
#define DRAWD_HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct special_day {
	int32_t day; /* planner/civil.h */
	bool working;
};

struct holidays {
	const struct special_day *at; /* ascending */
	size_t n;
};

/* Read the text of a list: lines `date holiday` or `date workday`, ascending; `#` starts a comment
 * line. ERR_CONF names the line. */
bool holidays_parse(struct holidays *h, struct arena *a, struct bytes text, struct err *e);

/* What others say of single days goes before the list: `win` ascends. */
void holidays_join(struct holidays *h, struct arena *a, const struct special_day *win, size_t n);

/* Days from `from` to `to`, both counted, in years of which the list holds nothing: not announced
 * yet, so that only their weekends are known. */
int32_t holidays_uncovered(const struct holidays *h, int32_t from, int32_t to);

bool holidays_working(const struct holidays *h, int32_t day);

#endif
