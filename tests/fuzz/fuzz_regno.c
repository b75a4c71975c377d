/* 15-digit 注册号 (ISO 7064 MOD 11,10): any 14 digits have exactly one last digit that passes, and
 * of a number that passes no other number of one changed digit does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "planner/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define want(holds) ((holds) ? (void)0 : abort())

static enum ident_fault check(const char number[REGNO_LENGTH])
{
	return regno_check((struct bytes){ number, REGNO_LENGTH });
}

static void check_number(const char number[REGNO_LENGTH])
{
	char other[REGNO_LENGTH];
	if (check(number) != IDENT_OK)
		return;
	for (size_t i = 0; i < REGNO_LENGTH; i++)
		for (char c = '0'; c <= '9'; c++) {
			memcpy(other, number, sizeof other);
			other[i] = c;
			want(check(other) == (c == number[i] ? IDENT_OK : IDENT_DIGIT));
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char number[REGNO_LENGTH];
	int passing = 0;
	struct bytes text = { (const char *)data, size };
	enum ident_fault fault = regno_check(text);
	want(fault == IDENT_LENGTH ? size != REGNO_LENGTH : size == REGNO_LENGTH);
	want(fault == IDENT_OK || fault == IDENT_LENGTH || fault == IDENT_CHARSET ||
		fault == IDENT_DIGIT);
	if (fault == IDENT_OK)
		check_number(text.p);
	for (size_t i = 0; i < 14; i++)
		number[i] = (char)('0' + (i < size ? data[i] : 0) % 10);
	for (char c = '0'; c <= '9'; c++) {
		number[14] = c;
		passing += check(number) == IDENT_OK;
		check_number(number);
	}
	want(passing == 1);
	number[14] = regno_digit(number);
	want(check(number) == IDENT_OK);
	return 0;
}
