/* 公民身份号码 (GB 11643): what passes has a birthday and 18 characters, none of its neighbours of
 * one changed digit passes, and any 17 digits with a birthday have exactly one last character. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define want(holds) ((holds) ? (void)0 : abort())

static enum ident_fault check(const char number[CITIZEN_LENGTH])
{
	return citizen_check((struct bytes){ number, CITIZEN_LENGTH });
}

static void check_number(const char number[CITIZEN_LENGTH])
{
	static const char last[] = "0123456789X";
	char other[CITIZEN_LENGTH];
	for (size_t i = 0; i < CITIZEN_LENGTH; i++)
		for (const char *c = last; *c != '\0'; c++) {
			memcpy(other, number, sizeof other);
			other[i] = *c;
			want((check(other) == IDENT_OK) == (*c == number[i]));
		}
}

static void check_birthday(const char number[CITIZEN_LENGTH])
{
	char date[CIVIL_TEXT];
	int32_t day;
	snprintf(date, sizeof date, "%.4s-%.2s-%.2s", number + 6, number + 10, number + 12);
	want(civil_parse(bytes_of(date), &day));
}

/* A number of a day within some two hundred years. */
static void make(const uint8_t *data, size_t size, char number[CITIZEN_LENGTH])
{
	char date[CIVIL_TEXT];
	int32_t first, day;
	for (size_t i = 0; i < 17; i++)
		number[i] = (char)('0' + (i < size ? data[i] : 0) % 10);
	want(civil_parse(BYTES("1900-01-01"), &first));
	day = first + (size > 18 ? (data[17] << 8 | data[18]) : 0);
	civil_format(day, date);
	memcpy(number + 6, date, 4);
	memcpy(number + 10, date + 5, 2);
	memcpy(number + 12, date + 8, 2);
	number[17] = citizen_digit(number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char number[CITIZEN_LENGTH];
	struct bytes text = { (const char *)data, size };
	enum ident_fault fault = citizen_check(text);
	want((fault == IDENT_LENGTH) == (size != CITIZEN_LENGTH));
	if (fault == IDENT_OK) {
		check_number(text.p);
		check_birthday(text.p);
	}
	make(data, size, number);
	want(check(number) == IDENT_OK);
	check_number(number);
	return 0;
}
