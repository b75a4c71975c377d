#include "daemon/dbasync.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/conf.h"
#include "daemon/dbasync_inner.h"

enum { EACH_PART = 8, EACH_LEAST = 8 }; /* of the queue, one asker's part */

/* ---- questions ---------------------------------------------------------------------------- */

/* After the end of a transaction there is no struct tx any more. */
void ask_answer(struct ask *q, const struct db_rows *rows, const struct err *e)
{
	if (q->query == NULL)
		free(q->tx);
	if (q->done != NULL)
		q->done(q->ctx, rows, e);
	arena_free(q->arena);
}

/* Answered from the event loop, never from within the call that asked. */
void ask_fail(struct pool *p, struct ask *q, enum err_code code, const char *why)
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

bool ask_is_named(const struct query *q)
{
	return q >= queries && q < queries + Q_COUNT;
}

/* A statement of a request lives only as long as that, which may end before the answer. */
static const struct query *own_query(struct arena *a, const struct query *query)
{
	if (query == NULL || ask_is_named(query))
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

/* ---- the pool ----------------------------------------------------------------------------- */

bool pool_up(const struct pool *p)
{
	for (int i = 0; i < p->conns_n; i++)
		if (p->conns[i].state >= CONN_IDLE)
			return true;
	return false;
}

bool pool_hopeful(const struct pool *p)
{
	for (int i = 0; i < p->conns_n; i++)
		if (p->conns[i].state != CONN_DOWN)
			return true;
	return false;
}

/* Those that are due now; their answers may ask anew. */
static void answer_due(struct pool *p)
{
	static const struct db_rows none = { 0 };
	for (size_t n = p->due_n; n > 0; n--) {
		struct ask *q = STAILQ_FIRST(&p->due);
		STAILQ_REMOVE_HEAD(&p->due, next);
		p->due_n--;
		ask_answer(q, q->e.code == ERR_NONE ? &none : NULL, &q->e);
	}
}

static void on_kick(evutil_socket_t fd, short what, void *arg)
{
	struct pool *p = arg;
	(void)fd;
	(void)what;
	answer_due(p);
	if (!pool_hopeful(p))
		pool_fail_waiting(p, ERR_DATABASE, p->down.what);
	for (int i = 0; i < p->conns_n && !STAILQ_EMPTY(&p->waiting); i++)
		if (p->conns[i].state == CONN_IDLE)
			conn_next(&p->conns[i]);
}

struct pool *pool_new(struct event_base *base, const char *conninfo, int connections, int queue_max)
{
	struct arena *a = arena_new();
	struct pool *p = arena_calloc(a, 1, sizeof *p);
	*p = (struct pool){
		.base = base, .arena = a, .conns_n = connections, .waiting_max = queue_max
	};
	p->each = queue_max / EACH_PART > EACH_LEAST ? queue_max / EACH_PART : EACH_LEAST;
	p->share = connections > 1 ? connections - (connections + 3) / 4 : 1;
	STAILQ_INIT(&p->waiting);
	STAILQ_INIT(&p->due);
	/* a later `options` takes the place of an earlier one */
	p->conninfo = arena_printf(a,
		"%s options='" CONF_OPTIONS " -c statement_timeout=60000 "
		"-c idle_in_transaction_session_timeout=60000'",
		conninfo);
	p->kick = event_new(base, -1, 0, on_kick, p);
	p->conns = arena_calloc(a, (size_t)connections, sizeof *p->conns);
	for (int i = 0; i < connections; i++)
		conn_open(&p->conns[i], p);
	return p;
}

/* The answers may end transactions and ask anew: what they ask is answered the same way. */
void pool_free(struct pool *p)
{
	p->closing = true;
	for (int i = 0; i < p->conns_n; i++)
		conn_close(&p->conns[i]);
	pool_fail_waiting(p, ERR_STOPPING, "");
	while (!STAILQ_EMPTY(&p->due))
		answer_due(p);
	event_free(p->kick);
	arena_free(p->arena);
}

void pool_query(struct pool *p, uint64_t who, const struct query *q, const struct db_param *v,
	pool_done *done, void *ctx)
{
	struct ask *ask = ask_new(q, v, done, ctx);
	ask->who = who;
	if (p->closing)
		ask_fail(p, ask, ERR_STOPPING, "");
	else
		pool_enqueue(p, ask);
}

/* ---- transactions ------------------------------------------------------------------------- */

/* The end of a transaction whose connection is gone: a ROLLBACK has happened, a COMMIT has not. */
void tx_end_lost(struct tx *t, struct ask *q)
{
	enum err_code code = t->pool->closing ? ERR_STOPPING : ERR_DATABASE;
	ask_fail(t->pool, q, q->commit ? code : ERR_NONE, t->pool->down.what);
}

struct tx *tx_begin(struct pool *p, uint64_t who, const struct query *first,
	const struct db_param *v, pool_done *done, void *ctx)
{
	struct tx *t = calloc(1, sizeof *t);
	struct ask *q = ask_new(first, v, done, ctx);
	if (t == NULL)
		abort();
	t->pool = p;
	t->waiting = q;
	q->tx = t;
	q->who = who;
	q->begins = true;
	if (p->closing) {
		t->waiting = NULL;
		ask_fail(p, q, ERR_STOPPING, "");
	} else {
		pool_enqueue(p, q);
	}
	return t;
}

void tx_query(
	struct tx *t, const struct query *q, const struct db_param *v, pool_done *done, void *ctx)
{
	struct ask *ask = ask_new(q, v, done, ctx);
	ask->tx = t;
	if (t->conn == NULL) {
		ask_fail(t->pool, ask, t->pool->closing ? ERR_STOPPING : ERR_DATABASE,
			t->pool->down.what);
		return;
	}
	assert(t->conn->state == CONN_HELD);
	conn_ask(t->conn, ask);
}

/* The question under way is answered to nobody. */
static void mute(struct tx *t)
{
	struct pool *p = t->pool;
	if (t->waiting != NULL) {
		struct ask *first = t->waiting;
		pool_take_out(p, first);
		arena_free(first->arena);
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
		tx_end_lost(t, q);
	else if (c->state == CONN_BUSY)
		t->ending = q;
	else
		conn_ask(c, q);
}
