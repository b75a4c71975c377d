#include "planner/civil.h"

#include <assert.h>

#include "sampler/type.h"

/* Day numbers are counted in years that begin on 1 March, so that the leap day comes last and the
 * months have the pattern 31 30 31 30 31 | 31 30 31 30 31 | 31 28. Era: 400 years, 146,097 days. */
enum { ERA_DAYS = 146097, EPOCH_FROM_ERA = 719468, YEAR_MIN = 1900, YEAR_MAX = 2999 };

int32_t civil_day(struct civil c)
{
	assert(c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1);
	int32_t year = c.month <= 2 ? c.year - 1 : c.year;
	int32_t month = c.month <= 2 ? c.month + 9 : c.month - 3;
	int32_t era = year / 400, of_era = year % 400;
	int32_t of_year = (153 * month + 2) / 5 + c.day - 1;
	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_FROM_ERA;
}

struct civil civil_of(int32_t day)
{
	int32_t days = day + EPOCH_FROM_ERA;
	assert(days >= 0);
	int32_t era = days / ERA_DAYS, of_era = days % ERA_DAYS;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t month = (5 * of_year + 2) / 153;
	struct civil c = {
		.year = era * 400 + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
	return c;
}

static bool is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t civil_month_length(int32_t year, int32_t month)
{
	static const int8_t length[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	assert(month >= 1 && month <= 12);
	return length[month - 1] + (month == 2 && is_leap(year));
}

bool civil_make(struct civil c, int32_t *day)
{
	if (c.year < YEAR_MIN || c.year > YEAR_MAX || c.month < 1 || c.month > 12 || c.day < 1 ||
		c.day > civil_month_length(c.year, c.month))
		return false;
	*day = civil_day(c);
	return true;
}

bool civil_parse(struct bytes s, int32_t *day)
{
	int year, month, of_month;
	if (!type_date(s, &year, &month, &of_month))
		return false;
	*day = civil_day((struct civil){ year, month, of_month });
	return true;
}

bool civil_parse_or_none(struct bytes s, int32_t *day)
{
	if (s.n > 0)
		return civil_parse(s, day);
	*day = CIVIL_NONE;
	return true;
}

static char *put_digits(char *p, int32_t v, size_t n)
{
	for (size_t i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + n;
}

const char *civil_format(int32_t day, char out[CIVIL_TEXT])
{
	char *p = out;

	if (day != CIVIL_NONE) {
		struct civil c = civil_of(day);
		p = put_digits(p, c.year, 4);
		*p++ = '-';
		p = put_digits(p, c.month, 2);
		*p++ = '-';
		p = put_digits(p, c.day, 2);
	}
	*p = '\0';
	return out;
}

void civil_put(struct buf *b, int32_t day)
{
	char text[CIVIL_TEXT];
	buf_str(b, civil_format(day, text));
}

int32_t civil_add_months(int32_t day, uint32_t months)
{
	assert(months <= 1200);
	struct civil c = civil_of(day);
	int32_t month = c.month - 1 + (int32_t)months;
	c.year += month / 12;
	c.month = month % 12 + 1;
	int32_t length = civil_month_length(c.year, c.month);
	if (c.day > length)
		c.day = length;
	return civil_day(c);
}

int32_t civil_weekday(int32_t day)
{
	/* 1970-01-01 was a Thursday */
	return ((day % 7) + 7 + 3) % 7 + 1;
}
