/* HTTP to the web process, by libcurl: over its Unix socket, or to the URL of a proxy. */
#ifndef DRAWD_CTL_CLIENT_H
#define DRAWD_CTL_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct ctl;
struct client;

struct reply {
	int status;
	struct bytes body; /* NUL behind it */
	int64_t size; /* Drawd-Size, −1 where it was not sent */
	const char *etag, *type; /* "" where there is none */
	const char *request; /* Drawd-Request: the number in the server's log */
	int64_t later; /* Retry-After, seconds; −1 */
	json_t *json; /* of a JSON body; belongs to the client, lives until it ends */
};

/* One request. */
struct call {
	const char *method, *path;
	const char *type; /* of the body; NULL: JSON */
	struct bytes body;
	const char *match; /* If-Match; NULL: not sent */
	const char *last; /* Last-Event-ID; NULL: not sent */
	bool once; /* do not try again where the service is busy */
	enum err_code expected; /* is not told: false, and *exit_code as it was */
	/* Takes the body of a 2xx piece by piece instead of `reply->body`; false stops the transfer
	 * without an error. A transfer with it takes as long as it takes. */
	bool (*take)(void *ctx, struct bytes piece);
	void *ctx;
};

/* Ask. True with the reply of a 2xx; otherwise the error is told on stderr and *exit_code set. What
 * passes by itself is tried again for some seconds. A change bears an Idempotency-Key made once for
 * the command, so that nothing is done twice however often it is sent. */
bool client_call(struct ctl *c, const struct call *call, struct reply *reply, int *exit_code);
/* A stream of events: true as well where it broke, so that it can be opened again behind the last
 * event; where `again`, also while nobody listens. */
bool client_stream(
	struct ctl *c, const struct call *call, bool again, struct reply *reply, int *exit_code);
/* The usual cases: nothing sent; an object sent, NULL for none (the reference is taken). */
bool client_get(struct ctl *c, const char *path, struct reply *reply, int *exit_code);
bool client_send(
	struct ctl *c, struct call call, json_t *object, struct reply *reply, int *exit_code);
bool client_post(
	struct ctl *c, const char *path, json_t *object, struct reply *reply, int *exit_code);

/* Is the answer just this JSON (--json)? Prints it then. */
bool tell_raw(struct ctl *c, const struct reply *reply);

/* From now on speak as the session of that cookie; the cookie is the one the last reply set. */
bool client_signed_in(struct ctl *c, const char *csrf);
void client_signed_out(struct ctl *c);
/* The cookie of a known browser that a reply set, NULL where none did. */
const char *client_device(struct ctl *c);

/* A text for a path or a query: %XX for what is not plain. */
const char *url_text(struct ctl *c, const char *text);

/* Let go of all replies so far; for those who read very many. */
void client_forget(struct ctl *c);
void client_free(struct client *client);

#endif
