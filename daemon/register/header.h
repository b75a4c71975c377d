/* The header of a file: which of its fields is which column. What the importer says of a field
 * comes before what was confirmed for this source earlier, and that before its name (columns.h). */
#ifndef DRAWD_HEADER_H
#define DRAWD_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/columns.h"
#include "daemon/register/record.h"
#include "daemon/register/tables.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* The column that a returned file (returned.h) has more than the file that came; passed over when
 * it comes again, unless a register or the importer knows it. */
#define HEADER_NOTES "错误说明"

enum header_how { HEADER_UNKNOWN, HEADER_AUTOMATIC, HEADER_SAVED, HEADER_GIVEN, HEADER_HOWS };
/* "unknown", "automatic", "saved", "given" */
const char *header_how_name(enum header_how how);

struct header_field {
	struct bytes name; /* as it stands there; text in the arena */
	struct bytes
		told; /* the same as it may be shown: where a file has no header, it is a row */
	const struct column *column; /* NULL: none */
	enum header_how how; /* also where it was said that no column is wanted */
	size_t earlier; /* 1 + the field before with the same column, of which the first that is
			 * not empty counts; 0: none */
};
struct header {
	uint64_t line;
	size_t n;
	struct header_field *field;
	size_t known; /* different columns */
	bool said[FACTS_MAX]; /* facts of which some column speaks */
	struct bytes unknown; /* names nobody knows, joined by 、 */
};
/* Whatever it returns, h->known says how much of a header the record is. ERR_NO_COLUMN where a
 * column is missing without which no row can be read; ERR_COLUMN_TWICE, with the places of both,
 * where one stands twice under the same name; ERR_TOO_MANY_COLUMNS; ERR_BAD_MAPPING where what the
 * importer said names a field that is not there, or no column. */
bool header_read(struct header *h, enum register_id kind, const struct tables *tables,
	const struct raw_row *record, struct arena *a, struct err *e);

/* Is the text a name that some column has, or that the tables speak of? */
bool header_knows(enum register_id kind, const struct tables *tables, struct bytes name);

/* Does the record say nothing but what the header says? Tables printed on pages repeat it. */
bool header_repeated(const struct header *h, const struct raw_row *record);

#endif
