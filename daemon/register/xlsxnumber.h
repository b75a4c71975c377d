/* Numbers of a workbook and the formats they are shown in. Decimal text in, decimal text out, digit
 * by digit: a USCC that became a number keeps every digit the file still has. */
#ifndef DRAWD_XLSXNUMBER_H
#define DRAWD_XLSXNUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/record.h"
#include "sampler/base/bytes.h"

/* What a number format makes of a number. */
enum xlsx_show {
	SHOW_PLAIN,
	SHOW_DATE, /* years, months or days, and no time */
	SHOW_TIME,
	SHOW_DATETIME,
	SHOW_PERCENT,
	SHOW_ZEROS, /* nothing but zeros: as many digits at least */
};
struct xlsx_format {
	uint8_t show; /* enum xlsx_show */
	uint8_t zeros;
};

/* Of a format's number, where it is one that every workbook has; SHOW_PLAIN for others. */
struct xlsx_format xlsx_format_builtin(unsigned id);
/* Of a format's text, such as yyyy"年"m"月"d"日" or [$-804]0.00%. */
struct xlsx_format xlsx_format_of(struct bytes code);

enum { XLSX_NUMBER_TEXT = 64 };
/* A number as it stands in the file and its format, as a field. What is no number stays the text it
 * is, and is too long for `out` only then: *field is out or a slice of `value`. */
enum field_type xlsx_number(struct bytes value, struct xlsx_format format, bool from_1904,
	char out[XLSX_NUMBER_TEXT], struct bytes *field);

#endif
