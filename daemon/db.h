/* Blocking PostgreSQL for notary and workers: named, prepared queries (daemon/sqltext.h), typed
 * rows by column name, transactions, streams, LISTEN. The web process has its own, asynchronous. */
#ifndef DRAWD_DB_H
#define DRAWD_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/sqltext.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct db;

/* Connect (conf_conninfo gives the string). Errors: ERR_DATABASE. db_free(NULL) is allowed. */
struct db *db_open(const char *conninfo, struct err *e);
void db_free(struct db *db);
/* False once the connection is lost: nothing but db_free helps then. */
bool db_ok(const struct db *db);
/* Give up statements that run longer than that; 0: never (the default). */
void db_timeout(struct db *db, int seconds);

/* ---- parameters ---- */

enum db_type { DB_IS_NULL, DB_IS_TEXT, DB_IS_INT, DB_IS_BYTEA };
struct db_param {
	enum db_type type;
	struct bytes b; /* of a text (without NUL) or bytea */
	int64_t i; /* of an integer; 0 and 1 also fit boolean columns */
};
#define DB_INT(v)   ((struct db_param){ DB_IS_INT, { NULL, 0 }, (int64_t)(v) })
#define DB_TEXT(s)  ((struct db_param){ DB_IS_TEXT, bytes_of(s), 0 })
#define DB_BYTES(v) ((struct db_param){ DB_IS_TEXT, (v), 0 })
#define DB_BYTEA(v) ((struct db_param){ DB_IS_BYTEA, (v), 0 })
#define DB_HASH(p)  ((struct db_param){ DB_IS_BYTEA, { (const char *)(p), 32 }, 0 })
#define DB_NULL     ((struct db_param){ DB_IS_NULL, { NULL, 0 }, 0 })

/* ---- queries ---- */

/* The rows of a query; lives in the arena given to db_query and is freed with db_rows_free or, by
 * db_rows_clear on the struct, at the end of a scope (DB_ROWS). */
struct db_rows {
	void *res; /* PGresult */
	size_t n;
	int64_t affected; /* rows that an INSERT or UPDATE changed */
};
void db_rows_free(struct db_rows *r);
#define DB_ROWS __attribute__((cleanup(db_rows_free))) struct db_rows

/* Run a named query; r may be NULL. p has queries[q].params members. An earlier result in *r is
 * not freed. Errors: ERR_DATABASE (connection), ERR_CONFLICT (unique, foreign key or check
 * violated; `what` names the constraint), ERR_BUSY (deadlock, serialisation: try the transaction
 * again), ERR_DENIED (grants), the error that a function of ours named (SQLSTATE DR000, "name:
 * what"), ERR_QUERY (anything else). */
bool db_query(
	struct db *db, enum query_id q, const struct db_param *p, struct db_rows *r, struct err *e);
/* db_query with parameters written in place: DB_RUN(db, Q_x, &rows, &e, DB_INT(1), DB_TEXT("a")) */
#define DB_RUN(db, q, r, e, ...) \
	db_query((db), (q), (const struct db_param[]){ __VA_ARGS__ }, (r), (e))

/* A row under a cursor: the first column that is missing, null or malformed sets *e (ERR_QUERY
 * naming the column) and `bad`; later calls do nothing. Texts and bytes are copied to the arena. */
struct db_row {
	const struct db_rows *rows;
	size_t i;
	struct arena *arena;
	struct err *e;
	bool bad;
};
struct db_row db_row(const struct db_rows *r, size_t i, struct arena *a, struct err *e);
int64_t db_int(struct db_row *r, const char *column);
bool db_bool(struct db_row *r, const char *column);
const char *db_text(struct db_row *r, const char *column);
struct bytes db_bytes(struct db_row *r, const char *column); /* text, as a slice */
struct bytes db_bytea(struct db_row *r, const char *column);
void db_hash(struct db_row *r, const char *column, uint8_t out[32]);
bool db_is_null(struct db_row *r, const char *column);

/* ---- transactions ---- */

/* snapshot: REPEATABLE READ, else READ COMMITTED. */
bool db_begin(struct db *db, bool snapshot, struct err *e);
bool db_commit(struct db *db, struct err *e);
/* Harmless outside a transaction and on a lost connection. */
void db_rollback(struct db *db);

/* ---- streams ---- */

/* Rows one after the other, never all in memory: `each` gets the values of a row (nulls as empty
 * text; bytea in hex form), valid during the call; false from it ends the query with its error. */
typedef bool db_each(void *ctx, const struct bytes *value, size_t columns, struct err *e);
bool db_stream(struct db *db, enum query_id q, const struct db_param *p, db_each *each, void *ctx,
	struct err *e);

/* COPY … FROM STDIN in text form: a named query that is a COPY statement (the one kind that cannot
 * be run as a prepared statement here) without parameters, inside a transaction. put takes any cut
 * of the bytes; end tells the rows taken. Between start and end (or the end of the transaction) the
 * connection is the role drawd_loader, which is not under row-level security. */
bool db_copy_start(struct db *db, enum query_id q, struct err *e);
/* The same into columns of a table, joined by commas: constants of the program, never what came in.
 */
bool db_copy_into(struct db *db, const char *table, const char *columns, struct err *e);
bool db_copy_put(struct db *db, struct bytes chunk, struct err *e);
bool db_copy_end(struct db *db, int64_t *rows, struct err *e);
/* Give up a COPY under way; the transaction is lost. */
void db_copy_cancel(struct db *db, const char *reason);
/* Append a value in the text form of COPY (escapes \, TAB, LF, CR). */
void db_copy_value(struct buf *b, struct bytes value);

/* ---- wakes ---- */

/* Listen: a named query that is a LISTEN statement (Q_listen_…). */
bool db_listen(struct db *db, enum query_id q, struct err *e);
/* Wait until somebody notifies, milliseconds pass, `fd` (-1: none) is readable, or a signal comes.
 * False when the connection is lost (ERR_DATABASE). *notified may be NULL. */
bool db_wait(struct db *db, int milliseconds, int fd, bool *notified, struct err *e);
/* The connection's descriptor, for event loops. */
int db_fd(const struct db *db);

/* A whole migration: several statements, inside the caller's transaction. */
bool db_script(struct db *db, const char *text, struct err *e);

/* PREPARE every named query; the first that fails is the error, named. Tests and check-queries. */
bool db_prepare_all(struct db *db, struct err *e);

/* The schema that the database has against the one this program brings: ERR_SCHEMA when they
 * differ. Every process asks at its start. */
bool db_check_schema(struct db *db, struct err *e);

#endif
