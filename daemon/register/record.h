/* A raw row: one record of a file from outside, before anybody knows what its columns mean. Readers
 * of CSV (daemon/register/csvrecord.h) and of XLSX (daemon/register/xlsxrecord.h) hand records
 * over; columns.c finds the header among them, parse.c makes rows of them. */
#ifndef DRAWD_RAW_ROW_H
#define DRAWD_RAW_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* What the file itself says a field is. All fields of a CSV are FIELD_TEXT. */
enum field_type {
	FIELD_TEXT, /* as it stands; an empty field is a text too */
	/* A number: decimal without exponent or leading zeros ("911101085513850000", "-0.05"), "5%"
	 * where the cell shows percent, zeros in front where its format is nothing but zeros.
	 * Spreadsheets keep 15 digits: of more, those behind may be lost. */
	FIELD_NUMBER,
	/* A number shown as a date: "2026-03-31", or "2026-03-31 09:30:00" where it is a time of
	 * that day, "09:30:00" without a day */
	FIELD_DATE,
	FIELD_FLAG, /* "TRUE" or "FALSE" */
	FIELD_ERROR, /* "#N/A", "#REF!" …, or "=" and a formula that nobody calculated */
	FIELD_TYPES
};

enum { RAW_FIELDS_MAX = 1000 };

/* Valid during the call that hands it over. */
struct raw_row {
	/* Row of the sheet; of a CSV as a spreadsheet counts them: a record of several lines is
	 * one, a blank line too. From 1, ascending. */
	uint64_t line;
	size_t n; /* fields of the record; field[] has at most RAW_FIELDS_MAX of them */
	/* without quotes and outer spaces; UTF-8 where fault is ERR_NONE */
	const struct bytes *field;
	const uint8_t *type; /* enum field_type of each; NULL: all are text */
	/* The row of a sheet: fields behind the last that is not empty are left out, so that n says
	 * nothing. Otherwise a row with another n than the header's is broken. */
	bool sparse;
	/* ERR_NONE, ERR_BAD_UTF8, ERR_NUL_BYTE (fault_field is where), ERR_ROW_TOO_LONG,
	 * ERR_UNCLOSED_QUOTE (also where a record of several lines has other columns than the
	 * header; only the line it begins on is given up). For the last two all of the line is one
	 * field, of a line that is too long its beginning. */
	enum err_code fault;
	size_t fault_field;
	/* ERR_NONE, or what was put right to read it: ERR_MIXED_ENCODING */
	enum err_code repair;
};
typedef bool raw_each(void *ctx, const struct raw_row *record, struct err *e);

/* The type of field i < n. */
static inline enum field_type raw_type(const struct raw_row *r, size_t i)
{
	return r->type != NULL ? (enum field_type)r->type[i] : FIELD_TEXT;
}

#endif
