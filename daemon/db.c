#include "daemon/db.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/dberror.h"
#include "sampler/base/text.h"

enum { PARAMS_MAX = 24 };

struct db {
	PGconn *pg;
	bool prepared[Q_COUNT + 1];
	bool lost;
};

/* ---- connection -------------------------------------------------------------------------- */

/* Server messages are one line in logs; the first line says what it is about. */
static bool refuse_connection(struct db *db, struct err *e)
{
	const char *text = PQerrorMessage(db->pg);
	db->lost = true;
	return err_set(e, ERR_DATABASE, "%.*s", (int)strcspn(text, "\n"), text);
}

static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

struct db *db_open(const char *conninfo, struct err *e)
{
	struct db *db = calloc(1, sizeof *db);
	if (db == NULL)
		abort();
	db->pg = PQconnectdb(conninfo);
	if (PQstatus(db->pg) != CONNECTION_OK) {
		refuse_connection(db, e);
		db_free(db);
		return NULL;
	}
	PQsetNoticeReceiver(db->pg, ignore_notice, NULL);
	return db;
}

void db_free(struct db *db)
{
	if (db == NULL)
		return;
	PQfinish(db->pg);
	free(db);
}

bool db_ok(const struct db *db)
{
	return !db->lost;
}

int db_fd(const struct db *db)
{
	return PQsocket(db->pg);
}

/* ---- errors ------------------------------------------------------------------------------ */

static bool refuse(struct db *db, const PGresult *res, const char *what, struct err *e)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	/* without a SQLSTATE it is not the server that speaks */
	if (PQstatus(db->pg) == CONNECTION_BAD || state == NULL)
		return refuse_connection(db, e);
	/* the server is going down or has cut us off */
	if (state != NULL && strncmp(state, "57P", 3) == 0)
		db->lost = true;
	db_error(e, what, res);
	return false;
}

/* ---- queries ----------------------------------------------------------------------------- */

static bool prepare(struct db *db, enum query_id q, struct err *e)
{
	if (db->prepared[q])
		return true;
	PGresult *res = PQprepare(db->pg, queries[q].name, queries[q].text, 0, NULL);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || refuse(db, res, queries[q].name, e);
	db->prepared[q] = ok;
	PQclear(res);
	return ok;
}

/* Parameters in libpq's form; numbers are written as text into room. */
struct wire {
	const char *value[PARAMS_MAX];
	int length[PARAMS_MAX], format[PARAMS_MAX];
	char *text[PARAMS_MAX];
};

static char *ended(struct bytes b)
{
	char *s = malloc(b.n + 1);
	if (s == NULL)
		abort();
	if (b.n > 0)
		memcpy(s, b.p, b.n);
	s[b.n] = '\0';
	return s;
}

static void wire_make(struct wire *w, const struct db_param *p, int n)
{
	assert(n <= PARAMS_MAX);
	memset(w, 0, sizeof *w);
	for (int i = 0; i < n; i++) {
		if (p[i].type == DB_IS_NULL)
			continue;
		if (p[i].type == DB_IS_INT) {
			char digits[24];
			snprintf(digits, sizeof digits, "%" PRId64, p[i].i);
			w->text[i] = ended(bytes_of(digits));
		} else if (p[i].type == DB_IS_TEXT || p[i].b.p == NULL) {
			w->text[i] = ended(p[i].b);
		}
		w->value[i] = w->text[i] != NULL ? w->text[i] : p[i].b.p;
		w->length[i] = p[i].type == DB_IS_BYTEA ? (int)p[i].b.n : 0;
		w->format[i] = p[i].type == DB_IS_BYTEA;
	}
}

static void wire_free(struct wire *w, int n)
{
	for (int i = 0; i < n; i++)
		free(w->text[i]);
}

static bool send_query(struct db *db, enum query_id q, const struct db_param *p, struct err *e)
{
	if (db->lost)
		return err_set(e, ERR_DATABASE, "the connection was lost");
	if (!prepare(db, q, e))
		return false;
	struct wire w;
	int n = queries[q].params;
	wire_make(&w, p, n);
	int sent = PQsendQueryPrepared(db->pg, queries[q].name, n, w.value, w.length, w.format, 0);
	wire_free(&w, n);
	return sent == 1 || refuse_connection(db, e);
}

/* The last result of what was sent; earlier ones cannot be (one statement). */
static PGresult *last_result(struct db *db)
{
	PGresult *res, *last = NULL;
	while ((res = PQgetResult(db->pg)) != NULL) {
		PQclear(last);
		last = res;
	}
	return last;
}

bool db_query(
	struct db *db, enum query_id q, const struct db_param *p, struct db_rows *r, struct err *e)
{
	if (!send_query(db, q, p, e))
		return false;
	PGresult *res = last_result(db);
	ExecStatusType status = PQresultStatus(res);
	bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
	if (!ok)
		refuse(db, res, queries[q].name, e);
	if (ok && r != NULL) {
		r->res = res;
		r->n = (size_t)PQntuples(res);
		r->affected = strtoll(PQcmdTuples(res), NULL, 10);
	} else {
		PQclear(res);
	}
	return ok;
}

void db_rows_free(struct db_rows *r)
{
	PQclear(r->res);
	*r = (struct db_rows){ 0 };
}

void db_timeout(struct db *db, int seconds)
{
	struct err ignored = { 0 };
	db_query(db, Q_set_timeout, (const struct db_param[]){ DB_INT(seconds * INT64_C(1000)) },
		NULL, &ignored);
}

/* ---- rows -------------------------------------------------------------------------------- */

struct db_row db_row(const struct db_rows *r, size_t i, struct arena *a, struct err *e)
{
	assert(i < r->n);
	return (struct db_row){ r, i, a, e, false };
}

static int column_of(struct db_row *r, const char *column)
{
	if (r->bad)
		return -1;
	int c = PQfnumber(r->rows->res, column);
	if (c < 0) {
		r->bad = true;
		err_set(r->e, ERR_QUERY, "no column %s", column);
	}
	return c;
}

bool db_is_null(struct db_row *r, const char *column)
{
	int c = column_of(r, column);
	return c < 0 || PQgetisnull(r->rows->res, (int)r->i, c);
}

/* The value in place; empty and `bad` where there is none. */
static struct bytes value_of(struct db_row *r, const char *column)
{
	int c = column_of(r, column);
	if (c < 0)
		return (struct bytes){ "", 0 };
	if (PQgetisnull(r->rows->res, (int)r->i, c)) {
		r->bad = true;
		err_set(r->e, ERR_QUERY, "column %s is null", column);
		return (struct bytes){ "", 0 };
	}
	return (struct bytes){ PQgetvalue(r->rows->res, (int)r->i, c),
		(size_t)PQgetlength(r->rows->res, (int)r->i, c) };
}

static void malformed(struct db_row *r, const char *column)
{
	r->bad = true;
	err_set(r->e, ERR_QUERY, "column %s is malformed", column);
}

int64_t db_int(struct db_row *r, const char *column)
{
	struct bytes v = value_of(r, column);
	char *end = NULL;
	errno = 0;
	int64_t i = v.n > 0 ? strtoll(v.p, &end, 10) : 0;
	if (!r->bad && (v.n == 0 || *end != '\0' || errno != 0))
		malformed(r, column);
	return r->bad ? 0 : i;
}

bool db_bool(struct db_row *r, const char *column)
{
	struct bytes v = value_of(r, column);
	if (!r->bad && !bytes_is(v, "t") && !bytes_is(v, "f"))
		malformed(r, column);
	return bytes_is(v, "t");
}

const char *db_text(struct db_row *r, const char *column)
{
	struct bytes v = value_of(r, column);
	return arena_strndup(r->arena, v.p, v.n);
}

struct bytes db_bytes(struct db_row *r, const char *column)
{
	struct bytes v = value_of(r, column);
	return (struct bytes){ arena_strndup(r->arena, v.p, v.n), v.n };
}

struct bytes db_bytea(struct db_row *r, const char *column)
{
	struct bytes v = value_of(r, column);
	struct bytes hex = { v.p + 2, v.n - 2 };
	if (r->bad)
		return v;
	char *out = arena_alloc(r->arena, v.n / 2 + 1);
	if (v.n < 2 || v.p[0] != '\\' || v.p[1] != 'x' || !text_hex(hex, out, hex.n / 2))
		malformed(r, column);
	return (struct bytes){ out, r->bad ? 0 : hex.n / 2 };
}

void db_hash(struct db_row *r, const char *column, uint8_t out[32])
{
	struct bytes v = db_bytea(r, column);
	memset(out, 0, 32);
	if (!r->bad && v.n != 32)
		malformed(r, column);
	else if (!r->bad)
		memcpy(out, v.p, 32);
}

/* ---- transactions ------------------------------------------------------------------------ */

bool db_begin(struct db *db, bool snapshot, struct err *e)
{
	return db_query(db, snapshot ? Q_begin_snapshot : Q_begin, NULL, NULL, e);
}

bool db_commit(struct db *db, struct err *e)
{
	if (PQtransactionStatus(db->pg) == PQTRANS_INERROR) {
		db_rollback(db);
		return err_set(e, ERR_QUERY, "the transaction had failed");
	}
	return db_query(db, Q_commit, NULL, NULL, e);
}

void db_rollback(struct db *db)
{
	struct err ignored = { 0 };
	PGTransactionStatusType state = PQtransactionStatus(db->pg);
	if (state == PQTRANS_INTRANS || state == PQTRANS_INERROR) {
		/* PREPARE is refused in a failed transaction: the text is sent as it stands */
		PGresult *res = PQexec(db->pg, queries[Q_rollback].text);
		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			refuse(db, res, "rollback", &ignored);
		PQclear(res);
	}
}

/* ---- streams ----------------------------------------------------------------------------- */

static bool give_row(const PGresult *res, db_each *each, void *ctx, struct err *e)
{
	enum { COLUMNS_MAX = 40 };
	struct bytes value[COLUMNS_MAX];
	int n = PQnfields(res);
	assert(n <= COLUMNS_MAX);
	for (int c = 0; c < n; c++)
		value[c] = (struct bytes){ PQgetvalue(res, 0, c), (size_t)PQgetlength(res, 0, c) };
	return each(ctx, value, (size_t)n, e);
}

static void cancel(struct db *db)
{
	char why[256];
	PGcancel *c = PQgetCancel(db->pg);
	if (c != NULL)
		PQcancel(c, why, sizeof why);
	PQfreeCancel(c);
}

bool db_stream(struct db *db, enum query_id q, const struct db_param *p, db_each *each, void *ctx,
	struct err *e)
{
	if (!send_query(db, q, p, e))
		return false;
	PQsetSingleRowMode(db->pg);
	bool ok = true;
	PGresult *res;
	while ((res = PQgetResult(db->pg)) != NULL) {
		ExecStatusType status = PQresultStatus(res);
		if (ok && status == PGRES_SINGLE_TUPLE) {
			ok = give_row(res, each, ctx, e);
			if (!ok)
				cancel(db);
		} else if (ok && status != PGRES_TUPLES_OK) {
			ok = refuse(db, res, queries[q].name, e);
		}
		PQclear(res);
	}
	return ok;
}

static bool start_copy(struct db *db, const char *statement, const char *name, struct err *e)
{
	if (!db_query(db, Q_loader_on, NULL, NULL, e))
		return false;
	PGresult *res = PQexec(db->pg, statement);
	bool ok = PQresultStatus(res) == PGRES_COPY_IN || refuse(db, res, name, e);
	PQclear(res);
	return ok;
}

bool db_copy_start(struct db *db, enum query_id q, struct err *e)
{
	return start_copy(db, queries[q].text, queries[q].name, e);
}

bool db_copy_into(struct db *db, const char *table, const char *columns, struct err *e)
{
	ARENA_AUTO a = arena_new();
	return start_copy(db, arena_printf(a, "COPY %s (%s) FROM STDIN", table, columns), table, e);
}

bool db_copy_put(struct db *db, struct bytes chunk, struct err *e)
{
	enum { PIECE = 1 << 20 };
	for (size_t at = 0; at < chunk.n; at += PIECE) {
		size_t n = chunk.n - at < PIECE ? chunk.n - at : PIECE;
		if (PQputCopyData(db->pg, chunk.p + at, (int)n) != 1)
			return refuse_connection(db, e);
	}
	return true;
}

bool db_copy_end(struct db *db, int64_t *rows, struct err *e)
{
	if (PQputCopyEnd(db->pg, NULL) != 1)
		return refuse_connection(db, e);
	PGresult *res = last_result(db);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || refuse(db, res, "copy", e);
	if (ok && rows != NULL)
		*rows = strtoll(PQcmdTuples(res), NULL, 10);
	PQclear(res);
	return ok && db_query(db, Q_loader_off, NULL, NULL, e);
}

void db_copy_cancel(struct db *db, const char *reason)
{
	if (PQputCopyEnd(db->pg, reason) == 1)
		PQclear(last_result(db));
	db_rollback(db);
}

void db_copy_value(struct buf *b, struct bytes value)
{
	static const char from[] = "\\\t\n\r", to[] = "\\tnr";
	size_t done = 0; /* most values need no escape and go in one piece */
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] != '\\' && (value.p[i] > '\r' || value.p[i] <= '\0'))
			continue;
		const char *at = strchr(from, value.p[i]);
		if (at == NULL)
			continue;
		buf_put(b, value.p + done, i - done);
		buf_byte(b, '\\');
		buf_byte(b, to[at - from]);
		done = i + 1;
	}
	buf_put(b, value.p + done, value.n - done);
}

/* ---- wakes ------------------------------------------------------------------------------- */

bool db_listen(struct db *db, enum query_id q, struct err *e)
{
	return db_query(db, q, NULL, NULL, e);
}

static bool drain(struct db *db)
{
	bool any = false;
	PGnotify *n;
	while ((n = PQnotifies(db->pg)) != NULL) {
		PQfreemem(n);
		any = true;
	}
	return any;
}

bool db_wait(struct db *db, int milliseconds, int fd, bool *notified, struct err *e)
{
	bool any = drain(db);
	struct pollfd p[2] = { { PQsocket(db->pg), POLLIN, 0 }, { fd, POLLIN, 0 } };
	if (!any && poll(p, fd >= 0 ? 2 : 1, milliseconds) < 0 && errno != EINTR)
		return err_set(e, ERR_INTERNAL, "poll: %s", strerror(errno));
	if (PQconsumeInput(db->pg) != 1 || PQstatus(db->pg) == CONNECTION_BAD)
		return refuse_connection(db, e);
	any = drain(db) || any;
	if (notified != NULL)
		*notified = any;
	return true;
}

bool db_script(struct db *db, const char *text, struct err *e)
{
	PGresult *res = PQexec(db->pg, text);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
		  PQresultStatus(res) == PGRES_TUPLES_OK || refuse(db, res, "script", e);
	PQclear(res);
	return ok;
}

bool db_prepare_all(struct db *db, struct err *e)
{
	for (enum query_id q = 0; q < Q_COUNT; q++) {
		if (!prepare(db, q, e))
			return err_at(e, "%s", queries[q].name);
	}
	return true;
}

/* ---- the schema's version ---------------------------------------------------------------- */

bool db_check_schema(struct db *db, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (!db_query(db, Q_schema_version, NULL, &rows, e)) {
		if (e->code != ERR_QUERY)
			return false;
		*e = (struct err){ 0 };
		return err_set(e, ERR_SCHEMA, "the database has none yet, this program %d",
			migrations_count);
	}
	struct db_row r = db_row(&rows, 0, a, e);
	int64_t number = db_int(&r, "number");
	if (r.bad)
		return false;
	if (number != migrations_count)
		return err_set(e, ERR_SCHEMA, "the database has %d, this program %d", (int)number,
			migrations_count);
	return true;
}
