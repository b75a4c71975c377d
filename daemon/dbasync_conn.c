/* The connections of the pool: each does one question after the other, phase by phase. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/dbasync_inner.h"
#include "daemon/dberror.h"
#include "daemon/log.h"

enum { RETRY_SECONDS = 1, CONNECT_SECONDS = 10 };

static void on_io(evutil_socket_t fd, short what, void *arg);
static void on_retry(evutil_socket_t fd, short what, void *arg);
static void start_phase(struct conn *c, enum phase phase);

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

/* ---- connections -------------------------------------------------------------------------- */

static void lose_tx(struct conn *c)
{
	struct tx *t = c->tx;
	c->tx = NULL;
	if (t == NULL)
		return;
	t->conn = NULL;
	if (t->ending != NULL)
		tx_end_lost(t, t->ending);
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
		ask_fail(p, q, ERR_DATABASE, reason);
	lose_tx(c);
	if (!pool_hopeful(p))
		pool_fail_waiting(p, ERR_DATABASE, reason);
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
		conn_next(c);
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

void conn_open(struct conn *c, struct pool *p)
{
	c->pool = p;
	c->event = event_new(p->base, -1, 0, on_retry, c);
	connect_now(c);
}

void conn_close(struct conn *c)
{
	if (c->query != NULL)
		ask_fail(c->pool, c->query, ERR_STOPPING, "");
	c->query = NULL;
	lose_tx(c);
	event_free(c->event);
	PQclear(c->result);
	PQfinish(c->pg);
	c->state = CONN_DOWN;
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool is_prepared(const struct conn *c, const struct query *q)
{
	if (ask_is_named(q))
		return c->prepared[q - queries];
	for (size_t i = 0; i < c->others_n; i++)
		if (strcmp(c->others[i], q->name) == 0)
			return true;
	return false;
}

static bool may_prepare(const struct conn *c, const struct query *q)
{
	return ask_is_named(q) ||
	       (!q->once && strlen(q->name) < NAME_ROOM && c->others_n < OTHERS_MAX);
}

static void note_prepared(struct conn *c, const struct query *q)
{
	if (ask_is_named(q))
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

void conn_ask(struct conn *c, struct ask *q)
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
void conn_next(struct conn *c)
{
	struct ask *q = pool_next(c->pool);
	if (q == NULL) {
		arm(c, EV_READ, 0);
		return;
	}
	c->who = q->who;
	if (q->tx != NULL) {
		q->tx->conn = c;
		c->tx = q->tx;
	}
	conn_ask(c, q);
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
		conn_ask(c, end);
		return;
	}
	if (ended)
		c->tx = NULL;
	c->state = c->tx != NULL ? CONN_HELD : CONN_IDLE;
	if (c->tx != NULL)
		arm(c, EV_READ, 0);
	else
		conn_next(c);
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
	ask_answer(q, ok ? &rows : NULL, &q->e);
	PQclear(res);
}

static void set_error(struct ask *q, const PGresult *res)
{
	db_error(&q->e, q->query != NULL ? q->query->name : "commit", res);
	if (q->e.code == ERR_DENIED && db_row_denied(res))
		q->e.code = ERR_ROW_DENIED;
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
		set_error(q, res);
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
