#include "daemon/dbasync.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/dberror.h"
#include "daemon/log.h"
#include "sampler/base/arena.h"

enum {
	RETRY_SECONDS = 1,
	CONNECT_SECONDS = 10,
	OTHERS_MAX = 256, /* prepared statements besides sql/queries, of a connection */
	NAME_ROOM = 64,
};

/* What a question is made of, in this order; those that do not apply are left out. */
enum phase { PHASE_BEGIN, PHASE_PREPARE, PHASE_RUN, PHASE_END };

struct ask {
	STAILQ_ENTRY(ask) next;
	struct arena *arena;
	const struct query *query; /* NULL: the end of a transaction */
	const char *value[DB_PARAMS_MAX];
	int length[DB_PARAMS_MAX], format[DB_PARAMS_MAX];
	struct tx *tx; /* NULL: no transaction */
	bool begins, commit;
	pool_done *done; /* NULL: nobody wants the answer any more */
	void *ctx;
	struct err e; /* the answer of one that failed */
};
STAILQ_HEAD(ask_list, ask);

enum conn_state { CONN_DOWN, CONN_CONNECTING, CONN_IDLE, CONN_HELD, CONN_BUSY };

/* The event is one-shot: every callback ends by arming the next wait. */
struct conn {
	struct pool *pool;
	PGconn *pg;
	struct event *event;
	enum conn_state state;
	enum phase phase; /* of the question in hand */
	struct ask *query; /* in hand while BUSY */
	struct tx *tx; /* that holds it */
	PGresult *result; /* the last one of the statement under way */
	bool prepared[Q_COUNT + 1];
	char others[OTHERS_MAX][NAME_ROOM];
	size_t others_n;
};

struct tx {
	struct pool *pool;
	struct conn *conn; /* NULL: it waits for one, or lost it */
	struct ask *waiting; /* its BEGIN, before there is a connection */
	struct ask *ending; /* behind the question in hand */
};

struct pool {
	struct event_base *base;
	const char *conninfo;
	struct arena *arena;
	struct conn *conns;
	struct event *kick; /* takes up work outside the calls that asked */
	struct ask_list waiting, due; /* due: failed, to be answered */
	int conns_n, waiting_n, waiting_max;
	size_t due_n;
	bool closing;
	struct err down; /* why there is no connection */
};

static void on_io(evutil_socket_t fd, short what, void *arg);
static void on_retry(evutil_socket_t fd, short what, void *arg);
static void start_phase(struct conn *c, enum phase phase);
static void start_ask(struct conn *c);

/* ---- questions ---------------------------------------------------------------------------- */

/* After the end of a transaction there is no struct tx any more. */
static void answer(struct ask *q, const struct db_rows *rows, const struct err *e)
{
	if (q->query == NULL)
		free(q->tx);
	if (q->done != NULL)
		q->done(q->ctx, rows, e);
	arena_free(q->arena);
}

/* Answered from the event loop, never from within the call that asked. */
static void fail(struct pool *p, struct ask *q, enum err_code code, const char *why)
{
	err_set(&q->e, code, "%s", why);
	STAILQ_INSERT_TAIL(&p->due, q, next);
	p->due_n++;
	event_active(p->kick, EV_TIMEOUT, 0);
}

static void set_param(struct ask *q, int i, const struct db_param *p)
{
	switch (p->type) {
	case DB_IS_NULL:
		return;
	case DB_IS_INT:
		q->value[i] = arena_printf(q->arena, "%" PRId64, p->i);
		return;
	case DB_IS_TEXT:
		q->value[i] = arena_strndup(q->arena, p->b.n > 0 ? p->b.p : "", p->b.n);
		return;
	case DB_IS_BYTEA:
		q->value[i] = p->b.n > 0 ? p->b.p : "";
		q->length[i] = (int)p->b.n;
		q->format[i] = 1;
		return;
	}
}

static bool is_named(const struct query *q)
{
	return q >= queries && q < queries + Q_COUNT;
}

/* A statement of a request lives only as long as that, which may end before the answer. */
static const struct query *own_query(struct arena *a, const struct query *query)
{
	if (query == NULL || is_named(query))
		return query;
	struct query *own = arena_alloc(a, sizeof *own);
	*own = *query;
	own->name = arena_strdup(a, query->name);
	own->text = arena_strdup(a, query->text);
	return own;
}

static struct ask *ask_new(
	const struct query *query, const struct db_param *v, pool_done *done, void *ctx)
{
	struct arena *a = arena_new();
	struct ask *q = arena_calloc(a, 1, sizeof *q);
	*q = (struct ask){ .arena = a, .query = own_query(a, query), .done = done, .ctx = ctx };
	assert(query == NULL || query->params <= DB_PARAMS_MAX);
	for (int i = 0; query != NULL && i < query->params; i++)
		set_param(q, i, &v[i]);
	return q;
}

/* Take the head of the queue; NULL when nobody waits. */
static struct ask *ask_next(struct pool *p)
{
	struct ask *q = STAILQ_FIRST(&p->waiting);
	if (q != NULL) {
		STAILQ_REMOVE_HEAD(&p->waiting, next);
		p->waiting_n--;
	}
	return q;
}

static void fail_waiting(struct pool *p, enum err_code code, const char *why)
{
	struct ask *q;
	while ((q = ask_next(p)) != NULL) {
		if (q->tx != NULL)
			q->tx->waiting = NULL;
		fail(p, q, code, why);
	}
}

static void enqueue(struct pool *p, struct ask *q)
{
	if (p->waiting_n >= p->waiting_max) {
		if (q->tx != NULL)
			q->tx->waiting = NULL;
		fail(p, q, ERR_BUSY, "too many requests wait for the database");
		return;
	}
	STAILQ_INSERT_TAIL(&p->waiting, q, next);
	p->waiting_n++;
	event_active(p->kick, EV_TIMEOUT, 0);
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void arm(struct conn *c, short what, int seconds)
{
	struct timeval t = { seconds, 0 };
	event_del(c->event);
	event_assign(c->event, c->pool->base, PQsocket(c->pg), what, on_io, c);
	event_add(c->event, seconds > 0 ? &t : NULL);
}

static void retry_later(struct conn *c)
{
	struct timeval t = { RETRY_SECONDS, 0 };
	event_assign(c->event, c->pool->base, -1, 0, on_retry, c);
	event_add(c->event, &t);
}

bool pool_up(const struct pool *p)
{
	for (int i = 0; i < p->conns_n; i++)
		if (p->conns[i].state >= CONN_IDLE)
			return true;
	return false;
}

static bool pool_hopeful(const struct pool *p)
{
	for (int i = 0; i < p->conns_n; i++)
		if (p->conns[i].state != CONN_DOWN)
			return true;
	return false;
}

/* ---- connections -------------------------------------------------------------------------- */

/* The end of a transaction whose connection is gone: a ROLLBACK has happened, a COMMIT has not. */
static void end_lost(struct tx *t, struct ask *q)
{
	enum err_code code = t->pool->closing ? ERR_STOPPING : ERR_DATABASE;
	fail(t->pool, q, q->commit ? code : ERR_NONE, t->pool->down.what);
}

static void lose_tx(struct conn *c)
{
	struct tx *t = c->tx;
	c->tx = NULL;
	if (t == NULL)
		return;
	t->conn = NULL;
	if (t->ending != NULL)
		end_lost(t, t->ending);
	t->ending = NULL;
}

static void drop(struct conn *c, const char *why)
{
	struct pool *p = c->pool;
	struct ask *q = c->query;
	char reason[200];
	snprintf(reason, sizeof reason, "%.*s", (int)strcspn(why, "\n"), why);
	log_warning("database.lost", STR("why", reason));
	c->state = CONN_DOWN;
	c->query = NULL;
	PQclear(c->result);
	c->result = NULL;
	event_del(c->event);
	PQfinish(c->pg);
	c->pg = NULL;
	retry_later(c);
	p->down = (struct err){ 0 };
	err_set(&p->down, ERR_DATABASE, "%s", reason);
	if (q != NULL)
		fail(p, q, ERR_DATABASE, reason);
	lose_tx(c);
	if (!pool_hopeful(p))
		fail_waiting(p, ERR_DATABASE, reason);
}

static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static void connecting(struct conn *c)
{
	switch (PQconnectPoll(c->pg)) {
	case PGRES_POLLING_READING:
		arm(c, EV_READ, CONNECT_SECONDS);
		return;
	case PGRES_POLLING_WRITING:
		arm(c, EV_WRITE, CONNECT_SECONDS);
		return;
	case PGRES_POLLING_OK:
		PQsetnonblocking(c->pg, 1);
		PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
		memset(c->prepared, 0, sizeof c->prepared);
		c->others_n = 0;
		c->state = CONN_IDLE;
		start_ask(c);
		return;
	default:
		drop(c, PQerrorMessage(c->pg));
	}
}

static void connect_now(struct conn *c)
{
	c->pg = PQconnectStart(c->pool->conninfo);
	c->state = CONN_CONNECTING;
	if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD) {
		drop(c, c->pg == NULL ? "out of memory" : PQerrorMessage(c->pg));
		return;
	}
	arm(c, EV_WRITE, CONNECT_SECONDS);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	connect_now(arg);
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool is_prepared(const struct conn *c, const struct query *q)
{
	if (is_named(q))
		return c->prepared[q - queries];
	for (size_t i = 0; i < c->others_n; i++)
		if (strcmp(c->others[i], q->name) == 0)
			return true;
	return false;
}

static bool may_prepare(const struct conn *c, const struct query *q)
{
	return is_named(q) || (!q->once && strlen(q->name) < NAME_ROOM && c->others_n < OTHERS_MAX);
}

static void note_prepared(struct conn *c, const struct query *q)
{
	if (is_named(q))
		c->prepared[q - queries] = true;
	else
		snprintf(c->others[c->others_n++], NAME_ROOM, "%s", q->name);
}

static int send_statement(struct conn *c)
{
	const struct ask *q = c->query;
	const struct query *s = q->query;
	switch (c->phase) {
	case PHASE_BEGIN:
		return PQsendQuery(c->pg, "BEGIN");
	case PHASE_PREPARE:
		return PQsendPrepare(c->pg, s->name, s->text, 0, NULL);
	case PHASE_RUN:
		if (is_prepared(c, s))
			return PQsendQueryPrepared(
				c->pg, s->name, s->params, q->value, q->length, q->format, 0);
		return PQsendQueryParams(
			c->pg, s->text, s->params, NULL, q->value, q->length, q->format, 0);
	case PHASE_END:
		return PQsendQuery(c->pg, q->commit ? "COMMIT" : "ROLLBACK");
	}
	return 0;
}

/* Send what is left; wait for the answer, and for room where some is still unsent. */
static void flush_and_wait(struct conn *c)
{
	int left = PQflush(c->pg);
	if (left < 0)
		drop(c, PQerrorMessage(c->pg));
	else
		arm(c, left == 1 ? EV_READ | EV_WRITE : EV_READ, 0);
}

static void start_phase(struct conn *c, enum phase phase)
{
	const struct query *s = c->query->query;
	if (phase == PHASE_PREPARE && (is_prepared(c, s) || !may_prepare(c, s)))
		phase = PHASE_RUN;
	c->phase = phase;
	if (send_statement(c) != 1)
		drop(c, PQerrorMessage(c->pg));
	else
		flush_and_wait(c);
}

static void start_on(struct conn *c, struct ask *q)
{
	enum phase first = PHASE_PREPARE;
	if (q->query == NULL)
		first = PHASE_END;
	else if (q->begins)
		first = PHASE_BEGIN;
	c->query = q;
	c->state = CONN_BUSY;
	start_phase(c, first);
}

/* The next of the queue; an idle connection waits too, so that its end is noticed. */
static void start_ask(struct conn *c)
{
	struct ask *q = ask_next(c->pool);
	if (q == NULL) {
		arm(c, EV_READ, 0);
		return;
	}
	if (q->tx != NULL) {
		q->tx->waiting = NULL;
		q->tx->conn = c;
		c->tx = q->tx;
	}
	start_on(c, q);
}

/* ---- answers ------------------------------------------------------------------------------ */

/* The connection is free of its question, before it is answered: the answer may ask the next. */
static void let_go(struct conn *c)
{
	struct tx *t = c->tx;
	bool ended = c->query->query == NULL;
	c->query = NULL;
	if (t != NULL && t->ending != NULL) {
		struct ask *end = t->ending;
		t->ending = NULL;
		start_on(c, end);
		return;
	}
	if (ended)
		c->tx = NULL;
	c->state = c->tx != NULL ? CONN_HELD : CONN_IDLE;
	if (c->tx != NULL)
		arm(c, EV_READ, 0);
	else
		start_ask(c);
}

/* A COMMIT of a transaction that an error ended says ROLLBACK. */
static bool committed(const struct ask *q, PGresult *res, struct err *e)
{
	if (q->query != NULL || !q->commit || strcmp(PQcmdStatus(res), "COMMIT") == 0)
		return true;
	return err_set(e, ERR_QUERY, "the transaction was rolled back");
}

static void end_ask(struct conn *c, PGresult *res, bool ok)
{
	struct ask *q = c->query;
	struct db_rows rows = { res, ok ? (size_t)PQntuples(res) : 0,
		ok ? strtoll(PQcmdTuples(res), NULL, 10) : 0 };
	ok = ok && committed(q, res, &q->e);
	let_go(c);
	answer(q, ok ? &rows : NULL, &q->e);
	PQclear(res);
}

/* A statement is over: the next phase of the question, or its answer. */
static void finished(struct conn *c)
{
	struct ask *q = c->query;
	PGresult *res = c->result;
	ExecStatusType status = PQresultStatus(res);
	bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
	c->result = NULL;
	if (!ok)
		db_error(&q->e, q->query != NULL ? q->query->name : "commit", res);
	if (ok && c->phase == PHASE_BEGIN) {
		PQclear(res);
		start_phase(c, PHASE_PREPARE);
	} else if (ok && c->phase == PHASE_PREPARE) {
		PQclear(res);
		note_prepared(c, q->query);
		start_phase(c, PHASE_RUN);
	} else {
		end_ask(c, res, ok);
	}
}

static void receive(struct conn *c)
{
	if (PQconsumeInput(c->pg) != 1) {
		drop(c, PQerrorMessage(c->pg));
		return;
	}
	while (c->state == CONN_BUSY && !PQisBusy(c->pg)) {
		PGresult *res = PQgetResult(c->pg);
		if (res == NULL) {
			finished(c);
			return;
		}
		PQclear(c->result);
		c->result = res;
	}
	if (PQstatus(c->pg) == CONNECTION_BAD)
		drop(c, PQerrorMessage(c->pg));
	else
		flush_and_wait(c);
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	(void)fd;
	if (what & EV_TIMEOUT)
		drop(c, "the database does not answer");
	else if (c->state == CONN_CONNECTING)
		connecting(c);
	else
		receive(c);
}

/* ---- the pool ----------------------------------------------------------------------------- */

/* Those that are due now; their answers may ask anew. */
static void answer_due(struct pool *p)
{
	static const struct db_rows none = { 0 };
	for (size_t n = p->due_n; n > 0; n--) {
		struct ask *q = STAILQ_FIRST(&p->due);
		STAILQ_REMOVE_HEAD(&p->due, next);
		p->due_n--;
		answer(q, q->e.code == ERR_NONE ? &none : NULL, &q->e);
	}
}

static void on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct pool *p = arg;
	(void)fd;
	(void)what;
	answer_due(p);
	if (!pool_hopeful(p))
		fail_waiting(p, ERR_DATABASE, p->down.what);
	for (int i = 0; i < p->conns_n && !STAILQ_EMPTY(&p->waiting); i++)
		if (p->conns[i].state == CONN_IDLE)
			start_ask(&p->conns[i]);
}

struct pool *pool_new(struct event_base *base, const char *conninfo, int connections, int queue_max)
{
	struct arena *a = arena_new();
	struct pool *p = arena_calloc(a, 1, sizeof *p);
	*p = (struct pool){
		.base = base, .arena = a, .conns_n = connections, .waiting_max = queue_max
	};
	STAILQ_INIT(&p->waiting);
	STAILQ_INIT(&p->due);
	/* a later `options` takes the place of an earlier one */
	p->conninfo = arena_printf(a,
		"%s options='-c search_path=drawd -c statement_timeout=60000 "
		"-c idle_in_transaction_session_timeout=60000'",
		conninfo);
	p->kick = event_new(base, -1, 0, on_kick, p);
	p->conns = arena_calloc(a, (size_t)connections, sizeof *p->conns);
	for (int i = 0; i < connections; i++) {
		struct conn *c = &p->conns[i];
		c->pool = p;
		c->event = event_new(base, -1, 0, on_retry, c);
		connect_now(c);
	}
	return p;
}

/* The answers may end transactions and ask anew: what they ask is answered the same way. */
void pool_free(struct pool *p)
{
	p->closing = true;
	for (int i = 0; i < p->conns_n; i++) {
		struct conn *c = &p->conns[i];
		if (c->query != NULL)
			fail(p, c->query, ERR_STOPPING, "");
		c->query = NULL;
		lose_tx(c);
		event_free(c->event);
		PQclear(c->result);
		PQfinish(c->pg);
		c->state = CONN_DOWN;
	}
	fail_waiting(p, ERR_STOPPING, "");
	while (!STAILQ_EMPTY(&p->due))
		answer_due(p);
	event_free(p->kick);
	arena_free(p->arena);
}

void pool_query(
	struct pool *p, const struct query *q, const struct db_param *v, pool_done *done, void *ctx)
{
	struct ask *ask = ask_new(q, v, done, ctx);
	if (p->closing)
		fail(p, ask, ERR_STOPPING, "");
	else
		enqueue(p, ask);
}

/* ---- transactions ------------------------------------------------------------------------- */

struct tx *tx_begin(struct pool *p, const struct query *first, const struct db_param *v,
	pool_done *done, void *ctx)
{
	struct tx *t = calloc(1, sizeof *t);
	struct ask *q = ask_new(first, v, done, ctx);
	if (t == NULL)
		abort();
	t->pool = p;
	t->waiting = q;
	q->tx = t;
	q->begins = true;
	if (p->closing) {
		t->waiting = NULL;
		fail(p, q, ERR_STOPPING, "");
	} else {
		enqueue(p, q);
	}
	return t;
}

void tx_query(
	struct tx *t, const struct query *q, const struct db_param *v, pool_done *done, void *ctx)
{
	struct ask *ask = ask_new(q, v, done, ctx);
	ask->tx = t;
	if (t->conn == NULL) {
		fail(t->pool, ask, t->pool->closing ? ERR_STOPPING : ERR_DATABASE,
			t->pool->down.what);
		return;
	}
	assert(t->conn->state == CONN_HELD);
	start_on(t->conn, ask);
}

/* The question under way is answered to nobody. */
static void mute(struct tx *t)
{
	struct pool *p = t->pool;
	if (t->waiting != NULL) {
		STAILQ_REMOVE(&p->waiting, t->waiting, ask, next);
		p->waiting_n--;
		arena_free(t->waiting->arena);
		t->waiting = NULL;
	}
	if (t->conn != NULL && t->conn->query != NULL)
		t->conn->query->done = NULL;
	struct ask *q;
	STAILQ_FOREACH (q, &p->due, next)
		if (q->tx == t)
			q->done = NULL;
}

void tx_end(struct tx *t, bool commit, pool_done *done, void *ctx)
{
	struct ask *q = ask_new(NULL, NULL, done, ctx);
	struct conn *c = t->conn;
	q->tx = t;
	q->commit = commit;
	mute(t);
	if (c == NULL)
		end_lost(t, q);
	else if (c->state == CONN_BUSY)
		t->ending = q;
	else
		start_on(c, q);
}
