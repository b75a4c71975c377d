/* Requests and replies over libevent's HTTP: what every handler of the API works with.
 *
 *	static void give(struct request *r, const struct db_rows *rows) { reply_row_json(r, rows); }
 *	static void job_get(struct request *r)
 *	{
 *		int64_t id;
 *		if (request_id(r, 0, &id))
 *			REQUEST_ASK(r, Q_web_job, give, DB_INT(id));
 *	}
 *
 * A handler ends in exactly one reply_* call, now or in an answer of the database. */
#ifndef DRAWD_HTTP_H
#define DRAWD_HTTP_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/clients.h"
#include "daemon/dbasync.h"
#include "daemon/json.h"
#include "daemon/process.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { REQUEST_ARGS = 3, PIECE_MAX = 4194304 };

struct request;
typedef void request_handler(struct request *r);
typedef void request_next(struct request *r, const struct db_rows *rows);

/* Who may call a route. */
enum who {
	WHO_PUBLIC, /* anybody who reaches a listener */
	WHO_LOCAL, /* on the Unix socket: the program's own user, root, web.users */
};

/* One row of the route table (api.c). */
struct route {
	enum evhttp_cmd_type method;
	const char *path; /* "/api/v1/jobs/{id}"; a last part `*` takes all that follows */
	enum who who;
	size_t body_max; /* 0: no body */
	request_handler *run;
	enum err_code missing; /* error of an answer without rows */
	const char *zh, *en;
};
extern const struct route routes[]; /* ended by run == NULL */

struct web {
	struct process *process;
	struct event_base *base;
	struct pool *pool;
	struct clients *clients; /* of TCP */
	struct arena *arena;
	const char *vkey; /* of the log, from the trust policy; "" when there is none yet */
	size_t open; /* requests not answered yet */
};

struct request {
	struct web *web;
	struct evhttp_request *http; /* NULL once the client is gone */
	const struct route *route;
	struct arena *arena; /* lives until the reply */
	struct evbuffer *input;
	struct bytes body;
	const char *method, *path;
	struct bytes arg[REQUEST_ARGS]; /* what the {…} of the route stand for */
	struct evkeyvalq *query;
	const char *taken[8]; /* query parameters that the handler knows */
	size_t taken_n;
	bool socket, local;
	char account[33]; /* token of the person, "nobody" on TCP */
	enum err_code conflict; /* error that a violated constraint is told as */
	/* Called instead, where set: true when it asked again. */
	bool (*conflicted)(struct request *r);
	request_next *next;
	void (*stream)(struct request *r); /* the client took the last piece */
	void (*ended)(struct request *r); /* clear up what the handler holds in ctx */
	void *ctx;
	int64_t began; /* monotonic milliseconds */
	bool streaming; /* between reply_start and reply_end */
	bool sending; /* a piece is on its way */
	int status;
};

/* The entry: evhttp's general callback, arg is the listener. */
struct listener {
	struct web *web;
	bool socket;
};
void request_begin(struct evhttp_request *http, void *listener);

/* ---- what was sent ---- */

/* Argument i as a number; false after a reply (404). */
bool request_id(struct request *r, size_t i, int64_t *id);
/* Argument 0 as a round; false after a reply. */
bool request_round(struct request *r, const char **round);
/* A query parameter as a number, or `otherwise`; false after a reply (400). */
bool request_number(
	struct request *r, const char *name, int64_t otherwise, int64_t max, int64_t *out);
/* A query parameter as text of a small alphabet [0-9A-Za-z:./~-], or `otherwise`. */
bool request_word(struct request *r, const char *name, const char *otherwise, const char **out);
/* Call after the last parameter was taken: false after a reply (400) where others were sent. */
bool request_no_more(struct request *r);
/* The body as an object; false after a reply (400). An empty body is an empty object. */
bool request_json(struct request *r, const struct json_field *fields, void *out);

/* ---- the database ---- */

/* Ask; next is called with the rows. Errors are replied to by themselves. */
void request_ask(struct request *r, enum query_id q, const struct db_param *v, request_next *next);
#define REQUEST_ASK(r, q, next, ...) \
	request_ask((r), (q), (const struct db_param[]){ __VA_ARGS__ }, (next))
/* Call after `ms` milliseconds. */
void request_later(struct request *r, int ms, void (*then)(struct request *r));

/* ---- replies ---- */

void reply_json(struct request *r, int status, struct bytes json);
/* The column `json` of the only row; the route's `missing` where there is none. */
void reply_row_json(struct request *r, const struct db_rows *rows);
void reply_row_created(struct request *r, const struct db_rows *rows); /* the same, 201 */
void reply_row_accepted(struct request *r, const struct db_rows *rows); /* the same, 202 */
void reply_bytes(struct request *r, const char *type, struct bytes bytes);
void reply_error(struct request *r, const struct err *e);
void reply_code(struct request *r, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A header of the reply. */
void reply_header(struct request *r, const char *name, const char *value);

/* A reply in pieces: start, then piece after piece, `r->stream` is called when there is room for
 * the next; end it. After an error in the middle the connection is cut. */
void reply_start(struct request *r, const char *type);
void reply_piece(struct request *r, struct bytes piece);
void reply_end(struct request *r);
void reply_cut(struct request *r);

#endif
