/* CSV bytes to records: whatever cut of the bytes comes in, the same records go out. Reads UTF-8
 * (with or without byte order mark) and GB18030; values go out as UTF-8. Lines in the other
 * encoding than the file's are read in theirs, where there is no doubt, and said
 * (ERR_MIXED_ENCODING). A record that is broken does not spoil the next one. Pure memory: no files,
 * so that it runs in the parser's sandbox. */
#ifndef DRAWD_CSVRECORD_H
#define DRAWD_CSVRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/record.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum csv_encoding { CSV_UTF8, CSV_UTF8_BOM, CSV_GB18030 };
/* "UTF-8", "UTF-8 BOM", "GB18030" */
const char *csv_encoding_name(enum csv_encoding encoding);

/* A record is at most so many lines; and the header stands among so many first lines. */
enum { CSV_LINES_MAX = 64, CSV_HEAD_LINES = 11 };

struct csv_rules {
	size_t row_max; /* bytes of one record */
	/* Is this text (UTF-8) a known column name? Decides between encodings and delimiters by the
	 * first lines. NULL: none is. */
	bool (*knows)(const void *ctx, struct bytes name);
	const void *knows_ctx;
	raw_each *each;
	void *ctx;
};

struct csv_reader;

/* Opens the converter: call it before a sandbox closes. Never NULL. */
struct csv_reader *csv_reader_new(const struct csv_rules *rules);
void csv_reader_free(struct csv_reader *r);
/* The header was found and has n fields: from now on a record of several lines must have as many.
 */
void csv_reader_expect(struct csv_reader *r, size_t n);
/* Take the next bytes. False with the error of `each`, or one of daemon/register/foreign.h. */
bool csv_reader_put(struct csv_reader *r, struct bytes chunk, struct err *e);
/* The file ends. */
bool csv_reader_end(struct csv_reader *r, struct err *e);
/* Decided with the first record. */
enum csv_encoding csv_reader_encoding(const struct csv_reader *r);

#endif
