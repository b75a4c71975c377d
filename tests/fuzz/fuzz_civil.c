/* A date that is accepted is the one spelling of its day; months never go backwards. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	char again[CIVIL_TEXT];
	int32_t day = CIVIL_NONE;

	if (!civil_parse(text, &day)) {
		if (day != CIVIL_NONE)
			abort();
		return 0;
	}
	if (day < CIVIL_MIN || day > CIVIL_MAX)
		abort();
	if (!bytes_is(text, civil_format(day, again)))
		abort();
	for (uint32_t months = 0; months <= 120; months++) {
		int32_t to = civil_add_months(day, months);
		struct civil c = civil_of(to), from = civil_of(day);
		if (to < day + (int32_t)months * 28 || c.day > from.day || civil_day(c) != to)
			abort();
	}
	return 0;
}
