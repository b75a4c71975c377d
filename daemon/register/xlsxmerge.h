/* Cells merged over several rows. They stand behind the cells in the file, so that the sheet is
 * unpacked once more to find them; no XML is read for that. */
#ifndef DRAWD_XLSXMERGE_H
#define DRAWD_XLSXMERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/record.h"
#include "daemon/register/xlsxzip.h"

struct xlsx_merge {
	uint32_t first, last; /* rows */
	uint32_t column;
	bool held; /* its first row went by, and what it says is: */
	uint8_t type;
	char *text;
	size_t n;
};
struct xlsx_merges {
	size_t n, room, next; /* next: the first one whose rows are still to come */
	struct xlsx_merge *at; /* ascending by their first row */
	size_t active; /* of [0, next) those that may still fill a cell stand in open[] */
	struct xlsx_merge **open;
};
/* Those of the first RAW_FIELDS_MAX columns that are higher than one row; each column is that of
 * its first cell. Errors: those of xlsx_zip_read; ERR_XLSX_LIMIT beyond XLSX_MERGES_MAX. */
bool xlsx_merges_read(struct xlsx_merges *m, struct xlsx_zip *z, size_t entry, struct err *e);
void xlsx_merges_free(struct xlsx_merges *m);

/* A row as its cells say it; its empty cells within merged ones get the text of the first. */
struct xlsx_cell {
	struct bytes text;
	uint8_t type;
};
void xlsx_merges_fill(struct xlsx_merges *m, uint64_t row, struct xlsx_cell *cell, size_t *n);

#endif
