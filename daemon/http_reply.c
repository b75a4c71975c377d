/* Replies: JSON, problem+json, bytes, pieces. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "daemon/log.h"

#define JSON_TYPE "application/json; charset=utf-8"

static struct evkeyvalq *headers_of(struct request *r)
{
	return evhttp_request_get_output_headers(r->http);
}

void reply_header(struct request *r, const char *name, const char *value)
{
	if (r->http != NULL)
		evhttp_add_header(headers_of(r), name, value);
}

/* The handler's own word stands. */
static void reply_default(struct request *r, const char *name, const char *value)
{
	if (r->http != NULL && evhttp_find_header(headers_of(r), name) == NULL)
		evhttp_add_header(headers_of(r), name, value);
}

void reply_cookie(struct request *r, enum cookie which, const char *value, int64_t seconds)
{
	const char *name = cookie_name(r, which);
	const char *secure = strncmp(name, "__Host-", 7) == 0 ? "; Secure" : "";
	const char *age = "";
	if (which == COOKIE_SESSION && value != NULL)
		who_renewed(r, value);
	if (value == NULL)
		age = "; Max-Age=0";
	else if (seconds > 0)
		age = arena_printf(r->arena, "; Max-Age=%lld", (long long)seconds);
	reply_header(r, "Set-Cookie",
		arena_printf(r->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name,
			value != NULL ? value : "", secure, age));
}

static void common_headers(struct request *r, const char *type)
{
	struct buf number = buf_new(r->arena, 24);
	buf_u64(&number, r->number);
	buf_byte(&number, '\0');
	if (r->status != 304)
		reply_header(r, "Content-Type", type);
	reply_default(r, "Cache-Control", "no-store");
	reply_header(r, "X-Content-Type-Options", "nosniff");
	reply_header(r, "Server", "drawd");
	reply_header(r, "Drawd-Request", number.p);
}

static void log_request(const struct request *r)
{
	enum log_level level = LEVEL_INFO;
	if (r->status >= 500)
		level = LEVEL_WARNING;
	else if (r->status < 400 && request_reads(r))
		level = LEVEL_DEBUG;
	const struct log_field fields[] = { { FIELD_EVENT, NULL, "web.request", 0, NULL },
		NUM("request", (int64_t)r->number), STR("method", r->method), STR("path", r->path),
		NUM("status", r->status), NUM("ms", request_clock() - r->began),
		STR("account", r->account) };
	log_put(level, fields, sizeof fields / sizeof fields[0]);
}

static void add_body(struct request *r, struct evbuffer *out)
{
	if (!request_is_head(r)) {
		evbuffer_add(out, r->reply.p, r->reply.n);
	} else if (r->status != 304) {
		char length[24];
		snprintf(length, sizeof length, "%zu", r->reply.n);
		reply_header(r, "Content-Length", length);
	}
}

void reply_send(struct request *r)
{
	if (r->http != NULL) {
		struct evbuffer *out = evbuffer_new();
		common_headers(r, r->reply_type);
		add_body(r, out);
		struct evhttp_request *http = r->http;
		request_detach(r);
		evhttp_send_reply(http, r->status, part_phrase(r->status), out);
		evbuffer_free(out);
	}
	log_request(r);
	request_free(r);
}

/* ---- JSON --------------------------------------------------------------------------------- */

void reply_json(struct request *r, int status, struct bytes json)
{
	char etag[PART_ETAG];
	struct buf b = buf_new(r->arena, json.n + 1);
	buf_bytes(&b, json);
	buf_byte(&b, '\n');
	if (status == 200 && request_reads(r)) {
		const char *known = request_header(r, "If-None-Match");
		reply_header(r, "ETag", part_etag(json, etag));
		if (known != NULL && part_etag_listed(known, etag, true)) {
			request_finish(r, 304, JSON_TYPE, BYTES(""));
			return;
		}
	}
	request_finish(r, status, JSON_TYPE, buf_view(&b));
}

void reply_bytes(struct request *r, const char *type, struct bytes bytes)
{
	int status = r->route->status != 0 ? r->route->status : 200;
	request_finish(r, status, type, bytes);
}

void reply_done(struct request *r)
{
	reply_json(r, r->route->status != 0 ? r->route->status : 200, BYTES("{\"done\":true}"));
}

static void reply_row(struct request *r, const struct db_rows *rows, int status)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_missing(r);
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
	reply_row(r, rows, r->route->status != 0 ? r->route->status : 200);
}

void reply_row_created(struct request *r, const struct db_rows *rows)
{
	reply_row(r, rows, 201);
}

void reply_row_accepted(struct request *r, const struct db_rows *rows)
{
	reply_row(r, rows, 202);
}

/* ---- errors ------------------------------------------------------------------------------- */

/* The names of the roles that may, in one language. */
static const char *remedy_in(const struct request *r, enum err_lang lang)
{
	struct buf b = buf_new(r->arena, 512);
	size_t n;
	const struct role *role = roles_all(&n);
	bool more = false;
	buf_str(&b, lang == LANG_ZH ? "请由下列角色的账号办理：" : "use an account that is: ");
	for (size_t i = 0; i < n; i++) {
		if ((role[i].bit & r->may) == 0)
			continue;
		buf_str(&b, !more ? "" : lang == LANG_ZH ? "、" : ", ");
		buf_str(&b, role[i].name[lang]);
		more = true;
	}
	buf_byte(&b, '\0');
	return b.p;
}

static void name_roles(const struct request *r, struct json_problem *p)
{
	const char **remedy = arena_calloc(r->arena, 2, sizeof *remedy);
	struct buf who = buf_new(r->arena, 160);
	remedy[LANG_ZH] = remedy_in(r, LANG_ZH);
	remedy[LANG_EN] = remedy_in(r, LANG_EN);
	p->remedy = remedy;
	roles_put(r->may, &who);
	p->who = buf_view(&who);
}

void reply_error(struct request *r, const struct err *e)
{
	struct buf b = buf_new(r->arena, 512);
	int status = err_row(e->code)->http;
	if (r->held) {
		/* only its key could not be kept, of a session that ended meanwhile, say: what is
		 * known is told */
		if (status >= 500)
			log_failed("web.key", NUM("request", (int64_t)r->number), ERR(e));
		else
			log_warning("web.key", NUM("request", (int64_t)r->number), ERR(e));
		request_finish(r, r->status, r->reply_type, r->reply);
		return;
	}
	if (status >= 500 || r->streaming)
		log_failed("web.error", NUM("request", (int64_t)r->number), STR("path", r->path),
			ERR(e));
	if (r->streaming) {
		reply_cut(r);
		return;
	}
	/* what a success had said before its COMMIT failed */
	if (r->http != NULL)
		evhttp_remove_header(headers_of(r), "ETag");
	if (status == 503 || e->code == ERR_KEY_RUNNING)
		reply_default(r, "Retry-After", "2");
	if (status == 401)
		reply_default(r, "WWW-Authenticate", "Bearer");
	struct err told = *e;
	/* the server's words and the names of files stand in the log, under the request's number */
	if (status >= 500)
		told.what[0] = told.where[0] = told.field[0] = '\0';
	const char *field = r->field != NULL ? r->field : told.field;
	struct json_problem problem = { .e = &told, .field = field };
	if (r->may != 0)
		name_roles(r, &problem);
	json_put_problem(&b, &problem);
	buf_byte(&b, '\n');
	request_finish(r, status, "application/problem+json; charset=utf-8", buf_view(&b));
}

__attribute__((format(printf, 3, 0))) static void reply_words(
	struct request *r, enum err_code code, const char *fmt, va_list ap)
{
	struct err e = { 0 };
	char what[sizeof e.what];
	vsnprintf(what, sizeof what, fmt, ap);
	err_set(&e, code, "%s", what);
	reply_error(r, &e);
}

void reply_code(struct request *r, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	reply_words(r, code, fmt, ap);
	va_end(ap);
}

void reply_field(struct request *r, const char *field, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	r->field = field;
	va_start(ap, fmt);
	reply_words(r, code, fmt, ap);
	va_end(ap);
}

void reply_missing(struct request *r)
{
	reply_code(
		r, r->route->missing != ERR_NONE ? r->route->missing : ERR_NO_ROUTE, "%s", r->path);
}

/* ---- pieces ------------------------------------------------------------------------------- */

static void end_tx(struct request *r, bool keep)
{
	struct tx *t = r->tx;
	r->tx = NULL;
	if (t != NULL)
		tx_end(t, keep, NULL, NULL);
}

/* HEAD gets its answer now: the handler goes on with nobody to send to, and ends. */
void reply_start(struct request *r, const char *type)
{
	r->status = 200;
	r->streaming = true;
	if (r->http == NULL)
		return;
	common_headers(r, type);
	if (request_is_head(r)) {
		struct evhttp_request *http = r->http;
		request_detach(r);
		evhttp_send_reply(http, 200, part_phrase(200), NULL);
	} else {
		evhttp_send_reply_start(r->http, 200, part_phrase(200));
	}
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
	end_tx(r, true);
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
	end_tx(r, request_reads(r));
	r->status = 500;
	if (r->http != NULL) {
		struct evhttp_connection *connection = evhttp_request_get_connection(r->http);
		request_detach(r);
		evhttp_connection_free(connection);
	}
	log_request(r);
	request_free(r);
}
