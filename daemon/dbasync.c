#include "daemon/dbasync.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/log.h"
#include "sampler/base/arena.h"

enum { PARAMS_MAX = 16, RETRY_SECONDS = 1, CONNECT_SECONDS = 10 };

struct ask {
	STAILQ_ENTRY(ask) next;
	struct arena *arena;
	enum query_id id;
	const char *value[PARAMS_MAX];
	int length[PARAMS_MAX], format[PARAMS_MAX];
	pool_done *done;
	void *ctx;
};
STAILQ_HEAD(ask_list, ask);

enum conn_state { CONN_DOWN, CONN_CONNECTING, CONN_IDLE, CONN_PREPARING, CONN_BUSY };

/* The event is one-shot: every callback ends by arming the next wait. */
struct conn {
	struct pool *pool;
	PGconn *pg;
	struct event *event;
	enum conn_state state;
	struct ask *query; /* in hand while PREPARING or BUSY */
	PGresult *result; /* the last one of the statement under way */
	bool prepared[Q_COUNT + 1];
};

struct pool {
	struct event_base *base;
	const char *conninfo;
	struct arena *arena;
	struct conn *conns;
	struct event *kick; /* takes up work outside pool_query */
	struct ask_list waiting, refused;
	int conns_n, waiting_n, waiting_max;
	struct err down; /* why there is no connection */
};

static void on_io(evutil_socket_t fd, short what, void *arg);
static void on_retry(evutil_socket_t fd, short what, void *arg);

/* ---- queries ------------------------------------------------------------------------------ */

static void answer(struct ask *q, const struct db_rows *rows, const struct err *e)
{
	q->done(q->ctx, rows, e);
	arena_free(q->arena);
}

static void answer_failed(struct ask *q, enum err_code code, const char *why)
{
	struct err e = { 0 };
	err_set(&e, code, "%s", why);
	answer(q, NULL, &e);
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

static struct ask *ask_new(enum query_id id, const struct db_param *v, pool_done *done, void *ctx)
{
	struct arena *a = arena_new();
	struct ask *q = arena_calloc(a, 1, sizeof *q);
	assert(queries[id].params <= PARAMS_MAX);
	*q = (struct ask){ .arena = a, .id = id, .done = done, .ctx = ctx };
	for (int i = 0; i < queries[id].params; i++)
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

/* Fail those in the list now; their answers may queue anew. */
static void fail_list(struct ask_list *from, enum err_code code, const char *why)
{
	struct ask_list list = STAILQ_HEAD_INITIALIZER(list);
	struct ask *q;
	STAILQ_CONCAT(&list, from);
	while ((q = STAILQ_FIRST(&list)) != NULL) {
		STAILQ_REMOVE_HEAD(&list, next);
		answer_failed(q, code, why);
	}
}

static void fail_waiting(struct pool *p, enum err_code code, const char *why)
{
	p->waiting_n = 0;
	fail_list(&p->waiting, code, why);
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void arm(struct conn *c, short what, int seconds)
{
	struct timeval t = { seconds, 0 };
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
		answer_failed(q, ERR_DATABASE, reason);
	if (!pool_hopeful(p))
		fail_waiting(p, ERR_DATABASE, reason);
}

static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static void start_ask(struct conn *c);

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

/* ---- running ------------------------------------------------------------------------------ */

/* Send what is left; wait for the answer, and for room where some is still unsent. */
static void flush_and_wait(struct conn *c)
{
	int left = PQflush(c->pg);
	if (left < 0)
		drop(c, PQerrorMessage(c->pg));
	else
		arm(c, left == 1 ? EV_READ | EV_WRITE : EV_READ, 0);
}

static void send_ask(struct conn *c)
{
	struct ask *q = c->query;
	const char *name = queries[q->id].name;
	int sent;
	if (!c->prepared[q->id]) {
		c->state = CONN_PREPARING;
		sent = PQsendPrepare(c->pg, name, queries[q->id].text, 0, NULL);
	} else {
		c->state = CONN_BUSY;
		sent = PQsendQueryPrepared(
			c->pg, name, queries[q->id].params, q->value, q->length, q->format, 0);
	}
	if (sent != 1)
		drop(c, PQerrorMessage(c->pg));
	else
		flush_and_wait(c);
}

/* An idle connection waits too, so that its end is noticed. */
static void start_ask(struct conn *c)
{
	c->query = ask_next(c->pool);
	if (c->query != NULL)
		send_ask(c);
	else
		arm(c, EV_READ, 0);
}

/* SQLSTATE classes that callers tell apart. */
static enum err_code code_of(const char *state)
{
	static const struct {
		const char *prefix;
		enum err_code code;
	} states[] = {
		{ "40", ERR_BUSY },
		{ "55P03", ERR_BUSY },
		{ "57014", ERR_BUSY }, /* statement timeout */
		{ "42501", ERR_DENIED },
		{ "23", ERR_CONFLICT },
		{ "08", ERR_DATABASE },
		{ "57P", ERR_DATABASE },
		{ "53", ERR_DATABASE },
		{ "25006", ERR_DATABASE },
	};
	for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++)
		if (strncmp(state, states[i].prefix, strlen(states[i].prefix)) == 0)
			return states[i].code;
	return ERR_QUERY;
}

static void result_error(const struct ask *q, const PGresult *res, struct err *e)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
	enum err_code code = code_of(state);
	if (constraint != NULL && code == ERR_CONFLICT)
		err_set(e, code, "%s: %s", queries[q->id].name, constraint);
	else
		err_set(e, code, "%s: %s %s", queries[q->id].name, state != NULL ? state : "",
			text != NULL ? text : "no answer");
}

/* The statement is over: an answer, or the query behind its preparation. */
static void finished(struct conn *c)
{
	struct ask *q = c->query;
	PGresult *res = c->result;
	ExecStatusType status = PQresultStatus(res);
	bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
	struct err e = { 0 };
	c->result = NULL;
	if (ok && c->state == CONN_PREPARING) {
		PQclear(res);
		c->prepared[q->id] = true;
		send_ask(c);
		return;
	}
	struct db_rows rows = { res, ok ? (size_t)PQntuples(res) : 0,
		ok ? strtoll(PQcmdTuples(res), NULL, 10) : 0 };
	if (!ok)
		result_error(q, res, &e);
	c->query = NULL;
	c->state = CONN_IDLE;
	start_ask(c);
	answer(q, ok ? &rows : NULL, &e);
	PQclear(res);
}

static void receive(struct conn *c)
{
	if (PQconsumeInput(c->pg) != 1) {
		drop(c, PQerrorMessage(c->pg));
		return;
	}
	while (c->state > CONN_IDLE && !PQisBusy(c->pg)) {
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

static void on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct pool *p = arg;
	(void)fd;
	(void)what;
	fail_list(&p->refused, ERR_BUSY, "too many requests wait for the database");
	if (!pool_hopeful(p))
		fail_waiting(p, ERR_DATABASE, p->down.what);
	for (int i = 0; i < p->conns_n && !STAILQ_EMPTY(&p->waiting); i++) {
		struct conn *c = &p->conns[i];
		if (c->state == CONN_IDLE) {
			event_del(c->event);
			start_ask(c);
		}
	}
}

struct pool *pool_new(struct event_base *base, const char *conninfo, int connections, int queue_max)
{
	struct arena *a = arena_new();
	struct pool *p = arena_calloc(a, 1, sizeof *p);
	*p = (struct pool){
		.base = base, .arena = a, .conns_n = connections, .waiting_max = queue_max
	};
	STAILQ_INIT(&p->waiting);
	STAILQ_INIT(&p->refused);
	/* a later `options` takes the place of an earlier one */
	p->conninfo = arena_printf(
		a, "%s options='-c search_path=drawd -c statement_timeout=60000'", conninfo);
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

void pool_free(struct pool *p)
{
	fail_list(&p->refused, ERR_STOPPING, "");
	fail_waiting(p, ERR_STOPPING, "");
	for (int i = 0; i < p->conns_n; i++) {
		struct conn *c = &p->conns[i];
		if (c->query != NULL)
			answer_failed(c->query, ERR_STOPPING, "");
		event_free(c->event);
		PQclear(c->result);
		PQfinish(c->pg);
	}
	event_free(p->kick);
	arena_free(p->arena);
}

void pool_query(
	struct pool *p, enum query_id q, const struct db_param *v, pool_done *done, void *ctx)
{
	struct ask *query = ask_new(q, v, done, ctx);
	if (p->waiting_n >= p->waiting_max) {
		STAILQ_INSERT_TAIL(&p->refused, query, next);
	} else {
		STAILQ_INSERT_TAIL(&p->waiting, query, next);
		p->waiting_n++;
	}
	event_active(p->kick, EV_TIMEOUT, 0);
}
