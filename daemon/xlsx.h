/* A list as an XLSX workbook of one sheet. Rows go to a temporary file without a name as they come;
 * closing, which compresses all of them, is done by a thread. */
#ifndef DRAWD_XLSX_H
#define DRAWD_XLSX_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/list.h"
#include "sampler/base/err.h"

enum {
	XLSX_ROWS_MAX = 1048575, /* of a sheet, besides the header */
	XLSX_OPEN_MAX = 4, /* workbooks of this process at a time */
	XLSX_CELL_MAX = 32767, /* characters of a cell; longer texts are cut and end in … */
};
#define XLSX_BYTES_MAX (INT64_C(512) << 20) /* of all texts */

struct xlsx;

/* A file without a name, in the folder for temporary files, to be written as /proc/self/fd/N. −1
 * where that failed. */
int xlsx_nameless(void);

/* A workbook with the header of a list in "zh" or "en". NULL with ERR_BUSY (too many are open) or
 * ERR_FILE. */
struct xlsx *xlsx_new(const struct list *l, const char *language, struct err *e);
void xlsx_free(struct xlsx *x);
/* Append rows. ERR_XLSX_FULL, ERR_FILE. */
bool xlsx_put(struct xlsx *x, const struct db_rows *rows, struct err *e);

/* Make the file in a thread; done is called from the event loop, and until then x must live. */
typedef void xlsx_done(void *ctx, const struct err *e); /* ERR_NONE: it is there */
void xlsx_close(struct xlsx *x, struct event_base *base, xlsx_done *done, void *ctx);
/* Read the file from an offset; 0 at its end, -1 where that failed. */
ssize_t xlsx_read(const struct xlsx *x, void *out, size_t n, int64_t offset);

#endif
