/* Between the files of http*.c only. A request goes through them in this order: http_form.c (is the
 * message well formed), http.c (which route), http_credentials.c and http_who.c (who asks, may he),
 * http_sent.c (path, query, body), the handler, http_end.c (COMMIT), http_reply.c (the bytes). */
#ifndef DRAWD_HTTP_INNER_H
#define DRAWD_HTTP_INNER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/http.h"

/* ---- http.c ---- */

/* The client or evhttp lets go of the request: r->http becomes NULL. */
void request_detach(struct request *r);
/* The end of a request that was replied to. */
void request_free(struct request *r);
/* Monotonic milliseconds. */
int64_t request_clock(void);
/* Is the method GET or HEAD; is it HEAD? */
bool request_reads(const struct request *r);
bool request_is_head(const struct request *r);

/* ---- http_form.c ---- */

/* Path, header fields and Host; fills r->path and r->query. ERR_BAD_REQUEST, ERR_PROXY_HEADER. */
bool form_check(struct request *r, struct err *e);
/* The value of the last header line of the name, "" where there is none. */
const char *form_last(const struct request *r, const char *name);

/* ---- http_credentials.c ---- */

/* On the proxy's socket only the proxy is heard: ERR_NOT_ALLOWED. */
bool credentials_of_proxy(struct request *r, struct err *e);
/* The strongest sign of who asks (r->via, r->secret); what is weaker is not tried after one that is
 * malformed: ERR_SESSION_ENDED. */
bool credentials_find(struct request *r, struct err *e);
/* Address, User-Agent, reason, day, language. ERR_BAD_REQUEST. */
bool credentials_circumstances(struct request *r, struct err *e);
/* Where the request comes from; kept in r->address. */
const char *credentials_address(struct request *r);
/* What the database knows of a secret. */
const char *credentials_hash(struct request *r, struct bytes secret);

/* ---- http_who.c ---- */

/* Find out who asks and what he may; goes on with request_allowed, or with r->again. */
void who_ask(struct request *r);
/* The session has a new secret: every open request of it comes back with that (request_again). */
void who_renewed(struct request *r, const char *secret);

/* ---- http_sent.c ---- */

/* The parts of the path, the parameters, the body. The error and r->field. */
bool sent_read(struct request *r, struct err *e);
/* The name of a cookie: with `__Host-` where browsers come by https (web.origin). */
const char *cookie_name(const struct request *r, enum cookie which);

/* ---- http_end.c ---- */

/* Behind who_ask: the Idempotency-Key, then what was sent, then the handler. */
void request_allowed(struct request *r);
/* One statement, in the transaction where there is one; noted in the log at level debug. */
void request_statement(
	struct request *r, const struct query *q, const struct db_param *v, pool_done *done);
/* Whose turn at the database it is (daemon/askers.h). */
uint64_t request_turn(struct request *r);
/* The same line, for a statement that is asked otherwise. */
void request_log_query(const struct request *r, const char *name);
/* The reply is known: end the transaction, then send. status, r->reply, r->reply_type. */
void request_finish(struct request *r, int status, const char *type, struct bytes body);

/* ---- http_reply.c ---- */

/* Send what request_finish was given. */
void reply_send(struct request *r);

#endif
