/* Between dbasync.c (questions, transactions), dbasync_turn.c (the queue) and dbasync_conn.c
 * (connections) only. */
#ifndef DRAWD_DBASYNC_INNER_H
#define DRAWD_DBASYNC_INNER_H

#include <libpq-fe.h>
#include <sys/queue.h>

#include "daemon/dbasync.h"
#include "sampler/base/arena.h"

enum {
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
	uint64_t who, turn; /* whose it is, the round of turns in which it is due */
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
	uint64_t who; /* that it serves while HELD or BUSY */
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
	int each; /* questions that one may have waiting */
	int share; /* connections that one may have */
	uint64_t turn; /* of the last one taken */
	size_t due_n;
	bool closing;
	struct err down; /* why there is no connection */
};

/* ---- dbasync.c ---- */

/* Tell the answer; q is gone. */
void ask_answer(struct ask *q, const struct db_rows *rows, const struct err *e);
/* Tell an error from the event loop, never from within the call that asked. */
void ask_fail(struct pool *p, struct ask *q, enum err_code code, const char *why);
/* Is it a row of `queries`? */
bool ask_is_named(const struct query *q);
/* Is a connection up or on its way? */
bool pool_hopeful(const struct pool *p);
/* The end of a transaction whose connection is gone: a ROLLBACK has happened, a COMMIT has not. */
void tx_end_lost(struct tx *t, struct ask *q);

/* ---- dbasync_turn.c ---- */

/* Stand in line; where there is no place it, or the one that is due last, is told ERR_BUSY. */
void pool_enqueue(struct pool *p, struct ask *q);
/* Take the one whose turn it is; NULL when nobody waits who may have a connection. */
struct ask *pool_next(struct pool *p);
/* It waits no more, and its transaction not for it. */
void pool_take_out(struct pool *p, struct ask *q);
void pool_fail_waiting(struct pool *p, enum err_code code, const char *why);

/* ---- dbasync_conn.c ---- */

/* Begin to connect; it connects anew by itself when it breaks. */
void conn_open(struct conn *c, struct pool *p);
/* Give everything back; its question and its transaction are told before. */
void conn_close(struct conn *c);
/* Ask a question on an idle connection, or on one that the question's transaction holds. */
void conn_ask(struct conn *c, struct ask *q);
/* The next of the queue; without one it waits idle. */
void conn_next(struct conn *c);

#endif
