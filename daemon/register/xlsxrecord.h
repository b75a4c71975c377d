/* An XLSX workbook to raw rows, one sheet at a time: the same as daemon/register/csvrecord.h does
 * for CSV. What a cell shows is what comes out: numbers in decimal, dates as dates, results of
 * formulas, runs of one text joined; hidden rows and columns count. Cells merged over several rows
 * say the same in each of them. Memory does not grow with the sheet, but with its shared texts, and
 * those have an end. */
#ifndef DRAWD_XLSXRECORD_H
#define DRAWD_XLSXRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/record.h"
#include "daemon/register/xlsxbook.h"
#include "daemon/register/xlsxzip.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { XLSX_MERGES_MAX = 100000 };

struct xlsx_reader;

/* Is this the beginning of an archive? */
bool xlsx_is_zip(struct bytes head);

/* Take over fd, a regular file. row_max: bytes of one row's texts. *out is to be closed in any
 * case. Errors: those of xlsx_zip_open and xlsx_book_read. */
bool xlsx_reader_open(struct xlsx_reader **out, int fd, const struct xlsx_caps *caps,
	size_t row_max, struct err *e);
void xlsx_reader_close(struct xlsx_reader *r);

const struct xlsx_sheet *xlsx_reader_sheets(const struct xlsx_reader *r, size_t *n);

/* From now on it is told how far the reading is (xlsx_zip_tell). */
void xlsx_reader_tell(struct xlsx_reader *r, xlsx_progress *progress, void *ctx);

/* Hand over the rows of a sheet that are not empty; false with the error of `each` or one of
 * ERR_BAD_ZIP, ERR_ZIP_BOMB, ERR_XLSX_LIMIT, ERR_BAD_XLSX (a row or cell out of place, beyond
 * XFD1048576, or naming a text or style that is not there), ERR_XML_DTD, ERR_ENCRYPTED_FILE.
 * Rows have ERR_ROW_TOO_LONG and ERR_NUL_BYTE as faults, and are sparse. */
bool xlsx_reader_read(
	struct xlsx_reader *r, size_t sheet, raw_each *each, void *ctx, struct err *e);

#endif
