/* One sheet of a workbook, cell by cell (daemon/register/xlsxrecord.h is the door). */
#ifndef DRAWD_XLSXSHEET_H
#define DRAWD_XLSXSHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/record.h"
#include "daemon/register/xlsxbook.h"
#include "daemon/register/xlsxmerge.h"

struct xlsx_sheet_rules {
	size_t row_max;
	bool from_1904;
	const struct xlsx_styles *styles;
	const struct xlsx_strings *strings;
	struct xlsx_merges *merges;
	raw_each *each;
	void *ctx;
};
bool xlsx_sheet_read(
	struct xlsx_zip *z, size_t entry, const struct xlsx_sheet_rules *rules, struct err *e);

/* "XFD1048576" to column and row, from 0 and from 1; false for anything beyond, and anything else.
 */
bool xlsx_place(struct bytes ref, size_t *column, uint64_t *row);

#endif
