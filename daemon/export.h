/* Whole lists as files: CSV, JSON lines, XLSX. Rows are asked for page by page, so that neither the
 * process nor the database holds more than one; between pages the transaction is given back and the
 * one who asked is looked at again: a session that ends, ends the file. */
#ifndef DRAWD_EXPORT_H
#define DRAWD_EXPORT_H

#include "daemon/http.h"
#include "daemon/list.h"

/* Send all rows behind q->place, where a limit was asked for at most that many, in q->format; q
 * lives as long as the request. Errors before the first byte are replies; ERR_XLSX_FULL where rows
 * or bytes are more than a sheet holds, ERR_BUSY where too many workbooks are in hand. */
void export_begin(struct request *r, struct list_ask *q);

/* A field of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a `'` before
 * it (an import takes it off again). */
void export_put_csv(struct buf *b, struct bytes value);
/* 2026-03-31 18:00:00 of UTC+8. */
void export_put_time(struct buf *b, int64_t seconds);

/* A reply that lasts: evhttp would close a connection that sends nothing for web.timeout seconds.
 * It is closed behind the reply. */
void export_patience(struct request *r);

#endif
