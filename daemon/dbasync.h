/* Asynchronous PostgreSQL for the web process: a few connections, a queue, prepared statements,
 * transactions. Rows are read with db_row and its like (daemon/db.h).
 *
 * A statement is a struct query (daemon/sqltext.h): a row of `queries`, or one that a table made of
 * constants put together; it and its texts live as long as the pool, or, with `once`, until the
 * call that asks returns. */
#ifndef DRAWD_DBASYNC_H
#define DRAWD_DBASYNC_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/sqltext.h"
#include "sampler/base/err.h"

enum { DB_PARAMS_MAX = 32 }; /* of one statement */

struct pool;

/* The answer: rows (valid during the call), or rows == NULL and the error. Called exactly once for
 * every question, never from within the call that asked. */
typedef void pool_done(void *ctx, const struct db_rows *rows, const struct err *e);

/* Askers take turns: a question comes with a number of whose it is (daemon/askers.h), and nobody
 * has more than three quarters of the connections or an eighth of the queue. Where the queue is
 * full the question that is due last gives way to one that is due before it.
 *
 * Connections are made in the background and made anew when they break. */
struct pool *pool_new(
	struct event_base *base, const char *conninfo, int connections, int queue_max);
/* Questions not answered yet get ERR_STOPPING. */
void pool_free(struct pool *p);

/* Ask, outside a transaction. v has q->params members; what they point to must live until the
 * answer. Errors of the answer: ERR_BUSY when the queue, or the asker's part of it, is full,
 * ERR_DATABASE when there is no connection, the error named by a DR000 of the database,
 * ERR_ROW_DENIED where row security does not let a row be written, and those of db_query. A write
 * whose answer is ERR_DATABASE may or may not have happened. */
void pool_query(struct pool *p, uint64_t who, const struct query *q, const struct db_param *v,
	pool_done *done, void *ctx);

/* Is a connection up? */
bool pool_up(const struct pool *p);

/* ---- transactions ---- */

/* A connection of the pool, held from BEGIN to the end. One statement at a time: ask the next after
 * the answer. Whoever holds one waits for nobody outside (a client, another process), or the pool
 * runs dry: tx_end first. */
struct tx;

/* BEGIN (READ COMMITTED) and `first`; done gets the answer of `first`. It waits for a connection
 * like pool_query and fails like it. The tx exists whatever the answer: tx_end frees it. */
struct tx *tx_begin(struct pool *p, uint64_t who, const struct query *first,
	const struct db_param *v, pool_done *done, void *ctx);

/* Ask. After an error the transaction is lost: only tx_end(commit = false) helps. */
void tx_query(
	struct tx *t, const struct query *q, const struct db_param *v, pool_done *done, void *ctx);

/* COMMIT or ROLLBACK, and give the connection back; t is gone. done (may be NULL) gets no rows
 * (rows->n == 0), or the error of the COMMIT: a deferred constraint, ERR_DATABASE (it may or may
 * not have happened). Allowed at any time, also before the answer of the last question: that is
 * then not told any more. */
void tx_end(struct tx *t, bool commit, pool_done *done, void *ctx);

#endif
