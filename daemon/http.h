/* Requests and replies over libevent's HTTP: what every handler of the API works with.
 *
 *	void job_get(struct request *r)
 *	{
 *		REQUEST_ASK(r, Q_web_job, reply_row_json, DB_INT(request_arg_id(r, 0)));
 *	}
 *
 * Before a handler runs, everything that the route's row says is checked: who asks and what roles
 * he has, the scope of his token, the parts {…} of the path, the query's parameters, the body's
 * members. A handler ends in exactly one reply_* call, now or in an answer of the database.
 *
 * Where the one who asks is known, a transaction of the database is open (r->tx) in which
 * drawd.enter() has told the database who he is; REQUEST_ASK asks in it. It is committed before a
 * change is told as done, and rolled back before any error. Handlers of the public (nobody asks)
 * ask without one and see what row security shows to everybody. */
#ifndef DRAWD_HTTP_H
#define DRAWD_HTTP_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "daemon/clients.h"
#include "daemon/dbasync.h"
#include "daemon/json.h"
#include "daemon/process.h"
#include "daemon/roles.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum {
	REQUEST_ARGS = 3, /* parts {…} of a path */
	REQUEST_PARAMS = 16, /* parameters of a route */
	PIECE_MAX = 4194304, /* bytes of a body */
	WEB_USERS = 16,
};

struct askers; /* daemon/askers.h */
struct authclient; /* daemon/authclient.h */
struct list; /* daemon/list.h */
struct request;
struct shape; /* daemon/shapes.h */
struct trust; /* sampler/trust.h */
typedef void request_handler(struct request *r);
typedef void request_next(struct request *r, const struct db_rows *rows);

/* ---- routes ---- */

enum route_kind {
	ROUTE_READ, /* changes nothing: GET */
	ROUTE_AGAIN, /* a change that may be sent twice: PUT, DELETE */
	ROUTE_ONCE, /* a change that is done once for each Idempotency-Key, which it needs */
	ROUTE_OPEN, /* signing in: no identity is asked for, Origin is looked at, no key */
};

enum param_kind {
	PARAM_NUMBER, /* decimal, 0 to max */
	PARAM_WORD, /* 0 to 200 of [0-9A-Za-z:./~_,*-] */
	PARAM_TEXT, /* UTF-8 without control characters, 0 to 200 bytes */
};

/* A parameter behind `?`; a table ends with name NULL. */
struct param {
	const char *name;
	enum param_kind kind;
	int64_t otherwise, max; /* numbers */
	const char *word; /* words and texts: otherwise */
	const char *zh, *en;
};

/* A body: a JSON object read into `size` bytes, cleared or begun as a copy of `otherwise`. */
struct json_form {
	const struct json_field *fields;
	size_t size;
	const void *otherwise; /* NULL: zeroes */
};

/* One row of the route table (api.c). Parts of the path are typed by their names: {id} a number,
 * {round}, {sha256}, {account} and {department} (tokens), {token} (a word); a malformed one
 * is the error `missing`. A last part `*` takes all that follows. */
struct route {
	enum evhttp_cmd_type method;
	const char *path; /* "/api/v1/jobs/{id}" */
	const char *name; /* "job.get": operationId, verb, action in the audit log */
	unsigned who; /* bits of enum who; WHO_PUBLIC alone: everybody */
	enum route_kind kind;
	size_t body_max; /* 0: no body */
	const struct json_form *body; /* NULL: none, or bytes as they are (r->body) */
	const struct param *query; /* NULL: none */
	const struct list *list; /* list.c reads the query: none is checked before the handler */
	const struct shape *reply;
	int status; /* of success; 0: 200 */
	const char *type; /* NULL: JSON */
	request_handler *run;
	enum err_code missing; /* error of an answer without rows */
	/* "rounds": tokens need rounds:read to read and rounds:write to change. NULL: any token
	 * does; on a WHO_PUBLIC route nobody is asked who he is (told alike to all). */
	const char *scope;
	bool match; /* a change that needs If-Match: the handler calls request_match */
	/* It tells something secret, once: behind the key stands that it was done, not what was
	 * told; sent again it is ERR_TOLD_ONCE. */
	bool secret;
	bool watches; /* looking on is no use of a session: it goes on to its idle end */
	/* What the handler itself refuses with, beyond what the fields above imply; ended by
	 * ERR_NONE. NULL: nothing. openapi.json tells them, tests/http/random.py holds to them. */
	const enum err_code *errors;
	const char *zh, *en;
};
extern const struct route routes[]; /* ended by run == NULL */

/* ---- requests ---- */

/* The name of a user behind the Unix socket. */
struct web_user {
	uid_t uid;
	int64_t since;
	char name[65]; /* "": none yet */
};

struct web {
	struct process *process;
	struct event_base *base;
	struct pool *pool;
	struct clients *clients;
	struct askers *askers;
	struct authclient *auth; /* questions to the process `auth` */
	struct arena *arena;
	const struct trust *trust; /* as it was at the start; NULL: there is none yet */
	const char *vkey; /* of the log, from the trust policy; "" when there is none yet */
	LIST_HEAD(, request) requests; /* not answered yet */
	size_t open; /* how many */
	uint64_t number; /* of the last request */
	struct web_user users[WEB_USERS]; /* by uid % WEB_USERS */
};

/* How the one who asks is known; also the first argument of drawd.enter(). */
enum via { VIA_PUBLIC, VIA_SESSION, VIA_TOKEN, VIA_PEER, VIA_PROXY };
extern const char *const via_names[]; /* by enum via: "public", "session" … */

enum door { DOOR_SOCKET, DOOR_TCP, DOOR_PROXY };

struct request {
	struct web *web;
	LIST_ENTRY(request) others;
	struct evhttp_request *http; /* NULL once the client is gone */
	const struct route *route;
	struct arena *arena; /* lives until the reply */
	struct evbuffer *input; /* of the body; NULL: none */
	struct bytes body;
	const char *method, *path, *target; /* target: path and query as they came */
	uint64_t number; /* Drawd-Request, and request=… in the log */

	/* what was sent */
	struct bytes arg[REQUEST_ARGS]; /* what the {…} of the route stand for, NUL behind each */
	struct evkeyvalq *query;
	int64_t numbers[REQUEST_PARAMS]; /* by the route's parameters; see param_number */
	const char *words[REQUEST_PARAMS];
	void *sent; /* the struct that route->body fills; never NULL where there is a form */

	/* who asks; texts are never NULL */
	enum door door;
	enum via via;
	const char *secret; /* what drawd.enter() is given */
	const char *fresh; /* the session's new secret, once it was changed */
	const char *token_scope; /* "rounds:read" */
	const char *account; /* "nobody" where nobody is known */
	const char *person, *department, *inspector;
	const char *departments; /* comma list of those he may read, "*": all */
	unsigned roles; /* bits of enum who, WHO_PUBLIC always among them */
	bool restricted; /* the session lacks its second factor: no roles */
	int64_t session; /* 0: none */
	const char *csrf; /* of the session */
	const char *language; /* "zh" or "en" */
	const char *address; /* where from: an IP address, "unix:1000" (a user of this machine) */
	const char *agent; /* User-Agent, at most 200 bytes, clean */
	const char *reason; /* Drawd-Reason, percent-decoded; "" */

	/* the database */
	struct tx *tx; /* NULL: no transaction */
	enum err_code conflict; /* error that a violated constraint is told as */
	request_next *next;
	request_handler *again; /* after request_again */

	/* the reply */
	const char *field; /* member or parameter at fault, of a problem */
	unsigned may; /* bits of enum who: the roles that a problem names; 0: none */
	void (*stream)(struct request *r); /* the client took the last piece */
	void (*ended)(struct request *r); /* clear up what the handler holds in ctx */
	void *ctx;
	int64_t began; /* monotonic milliseconds */
	bool streaming; /* between reply_start and reply_end */
	bool sending; /* a piece is on its way */
	const char *key; /* Idempotency-Key that this request holds; NULL: none */
	bool key_kept; /* its row is committed: request_release */
	int status;
	bool held; /* the reply is known, its key is not kept yet */
	struct bytes reply; /* waits for the COMMIT */
	const char *reply_type;
};

/* The entry: evhttp's general callback, arg is the listener. */
struct listener {
	struct web *web;
	enum door door;
};
void request_begin(struct evhttp_request *http, void *listener);

/* ---- what was sent ---- */

/* Part i of the path: {id} as a number, any as text. */
int64_t request_arg_id(const struct request *r, size_t i);
const char *request_arg(const struct request *r, size_t i);
/* Parameters of route->query by name, or what stands for them; a name that the row does not have is
 * a bug. */
int64_t param_number(const struct request *r, const char *name);
const char *param_word(const struct request *r, const char *name);
/* A header's value, NULL where there is none. */
const char *request_header(const struct request *r, const char *name);
/* Does he have one of these roles (bits of enum who)? */
bool request_has(const struct request *r, unsigned who);

enum cookie { COOKIE_SESSION, COOKIE_DEVICE };
/* A cookie's value (43 characters of base64url), NULL where there is none or it is malformed. */
const char *request_cookie(const struct request *r, enum cookie which);

/* Is If-Match the ETag of this JSON, as its GET tells it? False after a reply: ERR_MATCH_NEEDED
 * without If-Match, ERR_STALE with that of another state. */
bool request_match(struct request *r, struct bytes json);

/* ---- the database ---- */

/* Ask; next is called with the rows. Errors are replied to by themselves. */
void request_ask(struct request *r, enum query_id q, const struct db_param *v, request_next *next);
#define REQUEST_ASK(r, q, next, ...) \
	request_ask((r), (q), (const struct db_param[]){ __VA_ARGS__ }, (next))
/* The same for a statement that is not in sql/queries (lists). */
void request_ask_query(
	struct request *r, const struct query *q, const struct db_param *v, request_next *next);
/* Call after `ms` milliseconds. */
void request_later(struct request *r, int ms, request_handler *then);

/* Whoever waits for somebody outside (a client that takes pieces, an event, the process auth) gives
 * the transaction back before: what was done in it is committed, then `then` is called. A commit
 * that fails is replied to. Without a transaction `then` is called as well. */
void request_release(struct request *r, request_handler *then);
/* Enter anew and go on with `then`. One whose session has ended, or whose rights are gone, by then
 * is refused: 401 or 403, or after reply_start the end of the stream. */
void request_again(struct request *r, request_handler *then);

/* ---- replies ---- */

/* A GET's JSON gets its ETag, If-None-Match is looked at. */
void reply_json(struct request *r, int status, struct bytes json);
/* The column `json` of the only row with the route's status; the route's `missing` where there is
 * none. */
void reply_row_json(struct request *r, const struct db_rows *rows);
void reply_row_created(struct request *r, const struct db_rows *rows); /* the same, 201 */
void reply_row_accepted(struct request *r, const struct db_rows *rows); /* the same, 202 */
/* {"done":true}: a change with nothing else to tell. */
void reply_done(struct request *r);
void reply_bytes(struct request *r, const char *type, struct bytes bytes);
void reply_error(struct request *r, const struct err *e);
void reply_code(struct request *r, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with the member or parameter at fault. */
void reply_field(struct request *r, const char *field, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The route's `missing`. */
void reply_missing(struct request *r);
/* A header of the reply. */
void reply_header(struct request *r, const char *name, const char *value);
/* Set a cookie for `seconds` (0: until the browser ends); value NULL takes it away. A new secret of
 * the session that asks becomes that of its other open requests too. */
void reply_cookie(struct request *r, enum cookie which, const char *value, int64_t seconds);

/* A reply in pieces: start, then piece after piece, `r->stream` is called when there is room for
 * the next; end it. After an error in the middle the connection is cut. The transaction stays
 * open unless request_release gives it back. */
void reply_start(struct request *r, const char *type);
void reply_piece(struct request *r, struct bytes piece);
void reply_end(struct request *r);
void reply_cut(struct request *r);

#endif
