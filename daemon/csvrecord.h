/* CSV bytes to records: whatever cut of the bytes comes in, the same records go out. Reads UTF-8
 * (with or without byte order mark) and GB18030; values go out as UTF-8. A record that is broken
 * does not spoil the next one. Pure memory: no files, so that it runs in the parser's sandbox. */
#ifndef DRAWD_CSVRECORD_H
#define DRAWD_CSVRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum csv_encoding { CSV_UTF8, CSV_UTF8_BOM, CSV_GB18030 };
/* "UTF-8", "UTF-8 BOM", "GB18030" */
const char *csv_encoding_name(enum csv_encoding encoding);

enum { CSV_FIELDS_MAX = 1000, CSV_LINES_MAX = 64 };

/* A record is valid during the call that hands it over. */
struct csv_record {
	uint64_t line; /* where it begins in the file, counted from 1 */
	size_t n; /* fields of the record; field[] has at most CSV_FIELDS_MAX of them */
	const struct bytes
		*field; /* without quotes and outer spaces; UTF-8 where fault is ERR_NONE */
	/* ERR_NONE, ERR_BAD_UTF8, ERR_NUL_BYTE (fault_field is where), ERR_ROW_TOO_LONG,
	 * ERR_UNCLOSED_QUOTE (also where a record of several lines has other columns than the first
	 * record; only the line it begins on is given up). For the last two all of the line is one
	 * field, of a line that is too long its beginning. */
	enum err_code fault;
	size_t fault_field;
};
typedef bool csv_each(void *ctx, const struct csv_record *record, struct err *e);

struct csv_rules {
	size_t row_max; /* bytes of one record */
	/* Is this text (UTF-8) a known column name? Decides between encodings where the first line
	 * is not ASCII. NULL: none is. */
	bool (*knows)(const void *ctx, struct bytes name);
	const void *knows_ctx;
	csv_each *each;
	void *ctx;
};

struct csv_reader;

/* Opens the converter: call it before a sandbox closes. Never NULL. */
struct csv_reader *csv_reader_new(const struct csv_rules *rules);
void csv_reader_free(struct csv_reader *r);
/* Take the next bytes. False with the error of `each`, or ERR_BAD_ENCODING for UTF-16 and files
 * that are no text (ZIP and OLE containers of spreadsheets). */
bool csv_reader_put(struct csv_reader *r, struct bytes chunk, struct err *e);
/* The file ends. */
bool csv_reader_end(struct csv_reader *r, struct err *e);
/* Decided with the first record. */
enum csv_encoding csv_reader_encoding(const struct csv_reader *r);

#endif
