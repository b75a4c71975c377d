/* Replies: JSON, problem+json, bytes, pieces. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/log.h"

void reply_header(struct request *r, const char *name, const char *value)
{
	if (r->http != NULL)
		evhttp_add_header(evhttp_request_get_output_headers(r->http), name, value);
}

static void common_headers(struct request *r, const char *type)
{
	reply_header(r, "Content-Type", type);
	if (evhttp_find_header(evhttp_request_get_output_headers(r->http), "Cache-Control") == NULL)
		reply_header(r, "Cache-Control", "no-store");
	reply_header(r, "X-Content-Type-Options", "nosniff");
	reply_header(r, "Server", "drawd");
}

static void log_request(const struct request *r)
{
	enum log_level level = LEVEL_INFO;
	if (r->status >= 500)
		level = LEVEL_WARNING;
	else if (r->status < 400 && r->route != NULL && r->route->method == EVHTTP_REQ_GET)
		level = LEVEL_DEBUG;
	const struct log_field fields[] = { { FIELD_EVENT, NULL, "web.request", 0, NULL },
		STR("method", r->method), STR("path", r->path), NUM("status", r->status),
		NUM("ms", request_clock() - r->began), STR("account", r->account) };
	log_put(level, fields, sizeof fields / sizeof fields[0]);
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 400, "Bad Request" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 409, "Conflict" }, { 413, "Content Too Large" },
		{ 500, "Internal Server Error" }, { 502, "Bad Gateway" },
		{ 503, "Service Unavailable" } };
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Status";
}

static void send_all(struct request *r, int status, const char *type, struct bytes body)
{
	r->status = status;
	if (r->http != NULL) {
		struct evbuffer *out = evbuffer_new();
		common_headers(r, type);
		evbuffer_add(out, body.p, body.n);
		struct evhttp_request *http = r->http;
		request_detach(r);
		evhttp_send_reply(http, status, reason_of(status), out);
		evbuffer_free(out);
	}
	log_request(r);
	request_free(r);
}

void reply_json(struct request *r, int status, struct bytes json)
{
	struct buf b = buf_new(r->arena, json.n + 1);
	buf_bytes(&b, json);
	buf_byte(&b, '\n');
	send_all(r, status, "application/json; charset=utf-8", buf_view(&b));
}

void reply_bytes(struct request *r, const char *type, struct bytes bytes)
{
	send_all(r, 200, type, bytes);
}

static void reply_row(struct request *r, const struct db_rows *rows, int status)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_code(r, r->route->missing != ERR_NONE ? r->route->missing : ERR_NO_ROUTE,
			"%s", r->path);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes json = db_bytes(&row, "json");
	if (row.bad)
		reply_error(r, &e);
	else
		reply_json(r, status, json);
}

void reply_row_json(struct request *r, const struct db_rows *rows)
{
	reply_row(r, rows, 200);
}

void reply_row_created(struct request *r, const struct db_rows *rows)
{
	reply_row(r, rows, 201);
}

void reply_row_accepted(struct request *r, const struct db_rows *rows)
{
	reply_row(r, rows, 202);
}

void reply_error(struct request *r, const struct err *e)
{
	struct buf b = buf_new(r->arena, 512);
	int status = err_row(e->code)->http;
	if (status >= 500)
		log_failed("web.error", STR("path", r->path), ERR(e));
	if (status == 503)
		reply_header(r, "Retry-After", "2");
	json_put_problem(&b, e);
	buf_byte(&b, '\n');
	send_all(r, status, "application/problem+json; charset=utf-8", buf_view(&b));
}

void reply_code(struct request *r, enum err_code code, const char *fmt, ...)
{
	struct err e = { 0 };
	char what[sizeof e.what];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	err_set(&e, code, "%s", what);
	reply_error(r, &e);
}

/* ---- pieces ------------------------------------------------------------------------------- */

void reply_start(struct request *r, const char *type)
{
	r->status = 200;
	r->streaming = true;
	if (r->http == NULL)
		return;
	common_headers(r, type);
	evhttp_send_reply_start(r->http, 200, "OK");
}

static void on_room(struct evhttp_connection *connection, void *arg)
{
	struct request *r = arg;
	(void)connection;
	r->sending = false;
	r->stream(r);
}

void reply_piece(struct request *r, struct bytes piece)
{
	if (r->http == NULL || piece.n == 0) {
		/* nobody to wait for; not from within the caller */
		request_later(r, 0, r->stream);
		return;
	}
	struct evbuffer *out = evbuffer_new();
	evbuffer_add(out, piece.p, piece.n);
	r->sending = true;
	evhttp_send_reply_chunk_with_cb(r->http, out, on_room, r);
	evbuffer_free(out);
}

void reply_end(struct request *r)
{
	if (r->http != NULL) {
		struct evhttp_request *http = r->http;
		request_detach(r);
		evhttp_send_reply_end(http);
	}
	log_request(r);
	request_free(r);
}

void reply_cut(struct request *r)
{
	r->status = 500;
	if (r->http != NULL) {
		struct evhttp_connection *connection = evhttp_request_get_connection(r->http);
		request_detach(r);
		evhttp_connection_free(connection);
	}
	log_request(r);
	request_free(r);
}
