/* Asynchronous PostgreSQL for the web process: a few connections, a queue, named prepared queries.
 * Rows are read with db_row and its like (daemon/db.h). */
#ifndef DRAWD_DBASYNC_H
#define DRAWD_DBASYNC_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/db.h"
#include "daemon/sqltext.h"
#include "sampler/base/err.h"

struct pool;

/* The answer: rows (valid during the call), or rows == NULL and the error. Called exactly once for
 * every query, never from within pool_query. */
typedef void pool_done(void *ctx, const struct db_rows *rows, const struct err *e);

/* Connections are made in the background and made anew when they break. */
struct pool *pool_new(
	struct event_base *base, const char *conninfo, int connections, int queue_max);
/* Queries not answered yet get ERR_STOPPING. */
void pool_free(struct pool *p);

/* Ask. v has queries[q].params members; what they point to must live until the answer. Errors of
 * the answer: ERR_BUSY when the queue is full, ERR_DATABASE when there is no connection, and those
 * of db_query. A write whose answer is ERR_DATABASE may or may not have happened. */
void pool_query(
	struct pool *p, enum query_id q, const struct db_param *v, pool_done *done, void *ctx);

/* Is a connection up? */
bool pool_up(const struct pool *p);

#endif
