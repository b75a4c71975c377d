/* Civil dates of the proleptic Gregorian calendar as day numbers (PROTOCOL.md §1, §6.2).
 * Day 0 is 1970-01-01. No clock, no time zone: a date is a value that came in as text. */
#ifndef DRAWD_PLANNER_CIVIL_H
#define DRAWD_PLANNER_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

/* "no date" where a column may be empty; smaller than every date */
#define CIVIL_NONE INT32_MIN
/* 1900-01-01 and 2999-12-31: the range of type `date` */
#define CIVIL_MIN  (-25567)
#define CIVIL_MAX  376199
#define CIVIL_TEXT 11 /* room for "2026-03-31" and its NUL */

struct civil {
	int32_t year;
	int32_t month; /* 1-12 */
	int32_t day; /* 1-31 */
};

/* Day number of a valid date and back; any year from 1 to 9999. */
int32_t civil_day(struct civil c);
struct civil civil_of(int32_t day);

/* Days of the month, 28-31. */
int32_t civil_month_length(int32_t year, int32_t month);

/* The day number of a day that exists, years 1900-2999; *day is unchanged on false. */
bool civil_make(struct civil c, int32_t *day);
/* Exactly `YYYY-MM-DD`, a day that exists, years 1900-2999. *day is unchanged on false. */
bool civil_parse(struct bytes s, int32_t *day);
/* As civil_parse; empty gives CIVIL_NONE. */
bool civil_parse_or_none(struct bytes s, int32_t *day);

/* `YYYY-MM-DD` with a NUL into out, or "" for CIVIL_NONE; returns out. */
const char *civil_format(int32_t day, char out[CIVIL_TEXT]);
void civil_put(struct buf *b, int32_t day);

/* The same day of the month that many months later; where that month is shorter, its last day
 * (PROTOCOL.md §6.2). months 0-1200. */
int32_t civil_add_months(int32_t day, uint32_t months);

/* 1 Monday to 7 Sunday (ISO 8601). */
int32_t civil_weekday(int32_t day);

#endif
