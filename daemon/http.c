#include "daemon/http.h"

#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/http_inner.h"
#include "daemon/log.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

enum { PATH_MAX_BYTES = 512, QUERY_MAX_BYTES = 2048 };

/* ---- life --------------------------------------------------------------------------------- */

int64_t request_clock(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static void on_close(struct evhttp_connection *connection, void *arg)
{
	struct request *r = arg;
	(void)connection;
	/* a request that evhttp took from its connection is ours to free, others go with it */
	if (evhttp_request_get_connection(r->http) == NULL)
		evhttp_request_free(r->http);
	r->http = NULL;
	/* the piece on its way will never be taken: the handler goes on by itself */
	if (r->sending) {
		r->sending = false;
		request_later(r, 0, r->stream);
	}
}

void request_detach(struct request *r)
{
	struct evhttp_connection *c = evhttp_request_get_connection(r->http);
	if (c != NULL)
		evhttp_connection_set_closecb(c, NULL, NULL);
	r->http = NULL;
}

void request_free(struct request *r)
{
	if (r->ended != NULL)
		r->ended(r);
	if (r->query != NULL)
		evhttp_clear_headers(r->query);
	evbuffer_free(r->input);
	r->web->open--;
	arena_free(r->arena);
}

static const char *method_name(enum evhttp_cmd_type method)
{
	static const struct {
		enum evhttp_cmd_type method;
		const char *name;
	} names[] = { { EVHTTP_REQ_GET, "GET" }, { EVHTTP_REQ_POST, "POST" },
		{ EVHTTP_REQ_HEAD, "HEAD" }, { EVHTTP_REQ_PUT, "PUT" },
		{ EVHTTP_REQ_DELETE, "DELETE" }, { EVHTTP_REQ_OPTIONS, "OPTIONS" },
		{ EVHTTP_REQ_PATCH, "PATCH" } };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].method == method)
			return names[i].name;
	return "?";
}

static struct request *request_new(struct evhttp_request *http, const struct listener *from)
{
	struct arena *a = arena_new();
	struct request *r = arena_calloc(a, 1, sizeof *r);
	*r = (struct request){ .web = from->web,
		.http = http,
		.arena = a,
		.socket = from->socket,
		.conflict = ERR_CONFLICT,
		.began = request_clock(),
		.account = "nobody" };
	r->method = method_name(evhttp_request_get_command(http));
	r->path = "";
	/* the connection may go while the database works with the body */
	r->input = evbuffer_new();
	evbuffer_add_buffer(r->input, evhttp_request_get_input_buffer(http));
	r->body.n = evbuffer_get_length(r->input);
	r->body.p = r->body.n > 0 ? (const char *)evbuffer_pullup(r->input, -1) : "";
	r->web->open++;
	if (!r->socket)
		clients_busy(r->web->clients, http);
	evhttp_connection_set_closecb(evhttp_request_get_connection(http), on_close, r);
	return r;
}

/* ---- who ---------------------------------------------------------------------------------- */

static bool listed(const struct conf_list *users, uid_t uid, const char *name)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%lu", (unsigned long)uid);
	for (size_t i = 0; i < users->n; i++)
		if (strcmp(users->v[i], digits) == 0 || strcmp(users->v[i], name) == 0)
			return true;
	return false;
}

/* A token of PROTOCOL.md §1 from a user's name. */
static void account_of(char out[33], uid_t uid, const char *name)
{
	size_t n = 0;
	for (; name[n] != '\0' && n < 32; n++) {
		char c = name[n];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		out[n] = plain ? c : (c >= 'A' && c <= 'Z') ? (char)(c - 'A' + 'a') : '-';
	}
	out[n] = '\0';
	if (n == 0)
		snprintf(out, 33, "uid-%lu", (unsigned long)uid);
}

static void find_person(struct request *r)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	struct evhttp_connection *c = evhttp_request_get_connection(r->http);
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(c));
	if (!r->socket || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return;
	const struct passwd *p = getpwuid(peer.uid);
	const char *name = p != NULL ? p->pw_name : "";
	account_of(r->account, peer.uid, name);
	r->local = peer.uid == 0 || peer.uid == geteuid() ||
		   listed(&r->web->process->conf.web.users, peer.uid, name);
}

/* ---- form --------------------------------------------------------------------------------- */

static bool has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			return true;
	return false;
}

static bool bad(struct err *e, const char *what)
{
	return err_set(e, ERR_BAD_REQUEST, "%s", what);
}

/* What a message says of its end must be what evhttp made of it: evhttp takes any other coding for
 * no body, and what follows for the next request. */
static bool check_end(struct request *r, struct err *e)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(r->http);
	const char *length = evhttp_find_header(headers, "Content-Length");
	const char *coding = evhttp_find_header(headers, "Transfer-Encoding");
	uint64_t n;
	if (length != NULL && coding != NULL)
		return bad(e, "Content-Length and Transfer-Encoding together");
	if (coding != NULL && evutil_ascii_strcasecmp(coding, "chunked") != 0)
		return bad(e, "a Transfer-Encoding other than chunked");
	if (length != NULL && (length[0] == '\0' || length[strspn(length, "0123456789")] != '\0'))
		return bad(e, "Content-Length is not of digits");
	if (length != NULL && (!text_u64(bytes_of(length), PIECE_MAX, &n) || n != r->body.n))
		return bad(e, "Content-Length is not that of the body");
	return true;
}

/* Headers that decide where a message ends or where it goes stand once at most. */
static bool check_headers(struct request *r, struct err *e)
{
	static const char *const once[] = { "Host", "Content-Length", "Transfer-Encoding",
		"Content-Type" };
	int seen[4] = { 0 };
	struct evkeyvalq *headers = evhttp_request_get_input_headers(r->http);
	struct evkeyval *h;
	TAILQ_FOREACH (h, headers, next) {
		size_t n = strlen(h->key);
		if (n == 0 || strspn(h->key, "!#$%&'*+-.^_`|~0123456789"
					     "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != n)
			return bad(e, "the name of a header");
		if (has_control(h->value))
			return bad(e, "a control character in a header");
		for (size_t i = 0; i < 4; i++)
			if (evutil_ascii_strcasecmp(h->key, once[i]) == 0 && ++seen[i] > 1)
				return err_set(e, ERR_BAD_REQUEST, "%s stands twice", once[i]);
	}
	return check_end(r, e) && (seen[0] == 1 || bad(e, "Host is missing"));
}

/* Without the port; "[::1]:80" keeps its brackets. */
static size_t host_length(const char *host)
{
	const char *end = host[0] == '[' ? strchr(host, ']') : NULL;
	return end != NULL ? (size_t)(end - host) + 1 : strcspn(host, ":");
}

/* On TCP only the names of the configuration: a page of another site that resolves its own name to
 * this address is not served. */
static bool check_host(struct request *r, struct err *e)
{
	const char *host = evhttp_find_header(evhttp_request_get_input_headers(r->http), "Host");
	size_t n = host_length(host);
	const struct conf_list *hosts = &r->web->process->conf.web.hosts;
	if (n == 0)
		return bad(e, "Host is empty");
	for (size_t i = 0; !r->socket && i < hosts->n; i++)
		if (strlen(hosts->v[i]) == n && evutil_ascii_strncasecmp(hosts->v[i], host, n) == 0)
			return true;
	return r->socket || err_set(e, ERR_BAD_REQUEST, "Host: %.60s is not in web.hosts", host);
}

/* Does an escape in the query stand for a control character? */
static bool has_escaped_control(const char *s)
{
	while ((s = strchr(s, '%')) != NULL) {
		if (s[1] == '0' || s[1] == '1' || (s[1] == '7' && (s[2] | 32) == 'f'))
			return true;
		s++;
	}
	return false;
}

/* The path has one spelling: no escapes, no empty or dotted parts. */
static bool check_path(struct request *r, struct err *e)
{
	const char *target = evhttp_request_get_uri(r->http);
	size_t n = strcspn(target, "?#");
	if (target[0] != '/' || n > PATH_MAX_BYTES || strlen(target + n) > QUERY_MAX_BYTES)
		return bad(e, "the address");
	for (const char *p = target + n; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || *p == '#')
			return bad(e, "the address");
	if (has_escaped_control(target + n))
		return bad(e, "a control character in the address");
	r->path = arena_strndup(r->arena, target, n);
	if (strspn(r->path,
		    "/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != n)
		return bad(e, "the address");
	if (strstr(r->path, "//") != NULL || strstr(r->path, "/.") != NULL)
		return bad(e, "the address");
	r->query = arena_calloc(r->arena, 1, sizeof *r->query);
	TAILQ_INIT(r->query);
	if (target[n] == '?' && evhttp_parse_query_str(target + n + 1, r->query) != 0) {
		r->query = NULL;
		return bad(e, "the part of the address after `?`");
	}
	return true;
}

/* ---- routes ------------------------------------------------------------------------------- */

/* Does the path have the form? Fills in the arguments. */
static bool matches(const char *form, const char *path, struct bytes *arg)
{
	size_t args = 0;
	while (*form != '\0') {
		if (*form == '*') {
			arg[args] = bytes_of(path);
			return *path != '\0';
		}
		if (*form == '{') {
			size_t n = strcspn(path, "/");
			if (n == 0)
				return false;
			arg[args++] = (struct bytes){ path, n };
			path += n;
			form += strcspn(form, "}") + 1;
			continue;
		}
		if (*form++ != *path++)
			return false;
	}
	return *path == '\0';
}

static bool find_route(struct request *r, struct err *e)
{
	enum evhttp_cmd_type method = evhttp_request_get_command(r->http);
	char allow[64] = "";
	size_t n = 0;
	if (method == EVHTTP_REQ_HEAD)
		method = EVHTTP_REQ_GET;
	for (const struct route *route = routes; route->run != NULL; route++) {
		if (!matches(route->path, r->path, r->arg))
			continue;
		if (route->method == method) {
			r->route = route;
			return true;
		}
		n += (size_t)snprintf(allow + n, sizeof allow - n, "%s%s", n > 0 ? ", " : "",
			method_name(route->method));
	}
	if (n == 0)
		return err_set(e, ERR_NO_ROUTE, "%s", r->path);
	reply_header(r, "Allow", allow);
	return err_set(e, ERR_BAD_METHOD, "%s", r->method);
}

/* On the socket a refusal speaks of rights, elsewhere of the place. */
static bool check_rights(struct request *r, struct err *e)
{
	if (r->route->who == WHO_PUBLIC || r->local)
		return true;
	return err_set(e, r->socket ? ERR_NOT_ALLOWED : ERR_NOT_LOCAL, "%s %s",
		r->socket ? r->account : r->method, r->path);
}

static bool check_change(struct request *r, struct err *e)
{
	enum evhttp_cmd_type method = evhttp_request_get_command(r->http);
	bool reads = method == EVHTTP_REQ_GET || method == EVHTTP_REQ_HEAD;
	if (reads || r->socket)
		return true;
	return err_set(e, ERR_NOT_LOCAL, "%s %s", r->method, r->path);
}

static bool check_body(struct request *r, struct err *e)
{
	return r->body.n <= r->route->body_max ||
	       err_set(e, ERR_TOO_LARGE, "%zu bytes, at most %zu", r->body.n, r->route->body_max);
}

void request_begin(struct evhttp_request *http, void *listener)
{
	struct request *r = request_new(http, listener);
	struct err e = { 0 };
	if (!check_path(r, &e) || !check_headers(r, &e) || !check_host(r, &e)) {
		/* where the next request would begin is not known; evhttp looks for the second name
		 * where the address is a whole URL */
		reply_header(r, "Connection", "close");
		reply_header(r, "Proxy-Connection", "close");
		reply_error(r, &e);
		return;
	}
	find_person(r);
	if (check_change(r, &e) && find_route(r, &e) && check_rights(r, &e) && check_body(r, &e))
		r->route->run(r);
	else
		reply_error(r, &e);
}

/* ---- what was sent ------------------------------------------------------------------------ */

bool request_id(struct request *r, size_t i, int64_t *id)
{
	uint64_t v;
	if (text_u64(r->arg[i], INT64_MAX, &v)) {
		*id = (int64_t)v;
		return true;
	}
	reply_code(
		r, r->route->missing != ERR_NONE ? r->route->missing : ERR_NO_ROUTE, "%s", r->path);
	return false;
}

bool request_round(struct request *r, const char **round)
{
	if (type_check(TYPE_ROUND, r->arg[0])) {
		*round = arena_strndup(r->arena, r->arg[0].p, r->arg[0].n);
		return true;
	}
	reply_code(r, ERR_NO_ROUND, "%.*s", BYTES_ARG(r->arg[0]));
	return false;
}

/* The only value of a parameter, or NULL; false after a reply. */
static bool parameter(struct request *r, const char *name, const char **value)
{
	struct evkeyval *h;
	*value = NULL;
	r->taken[r->taken_n++] = name;
	TAILQ_FOREACH (h, r->query, next) {
		if (strcmp(h->key, name) != 0)
			continue;
		if (*value != NULL) {
			reply_code(r, ERR_BAD_REQUEST, "%s stands twice", name);
			return false;
		}
		*value = h->value;
	}
	return true;
}

bool request_number(
	struct request *r, const char *name, int64_t otherwise, int64_t max, int64_t *out)
{
	const char *text;
	uint64_t v;
	*out = otherwise;
	if (!parameter(r, name, &text))
		return false;
	if (text == NULL)
		return true;
	if (!text_u64(bytes_of(text), (uint64_t)max, &v)) {
		reply_code(r, ERR_BAD_NUMBER, "%s, 0 to %lld", name, (long long)max);
		return false;
	}
	*out = (int64_t)v;
	return true;
}

bool request_word(struct request *r, const char *name, const char *otherwise, const char **out)
{
	const char *text;
	*out = otherwise;
	if (!parameter(r, name, &text))
		return false;
	if (text == NULL)
		return true;
	size_t n =
		strspn(text, "0123456789:./~-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	if (text[n] != '\0' || n > 200) {
		reply_code(r, ERR_BAD_REQUEST, "%s", name);
		return false;
	}
	*out = arena_strdup(r->arena, text);
	return true;
}

bool request_no_more(struct request *r)
{
	struct evkeyval *h;
	TAILQ_FOREACH (h, r->query, next) {
		bool taken = false;
		for (size_t i = 0; i < r->taken_n; i++)
			taken = taken || strcmp(r->taken[i], h->key) == 0;
		if (!taken) {
			reply_code(r, ERR_BAD_REQUEST, "?%.60s", h->key);
			return false;
		}
	}
	return true;
}

bool request_json(struct request *r, const struct json_field *fields, void *out)
{
	struct err e = { 0 };
	struct bytes body = r->body.n > 0 ? r->body : BYTES("{}");
	if (json_read_object(body, fields, out, r->arena, &e))
		return true;
	reply_error(r, &e);
	return false;
}

/* ---- the database ------------------------------------------------------------------------- */

static void on_answer(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	if (rows != NULL) {
		r->next(r, rows);
		return;
	}
	if (e->code == ERR_CONFLICT && r->conflicted != NULL && r->conflicted(r))
		return;
	struct err told = *e;
	if (told.code == ERR_CONFLICT)
		told.code = r->conflict;
	if (r->streaming) {
		log_failed("web.error", STR("path", r->path), ERR(&told));
		reply_cut(r);
	} else {
		reply_error(r, &told);
	}
}

void request_ask(struct request *r, enum query_id q, const struct db_param *v, request_next *next)
{
	r->next = next;
	pool_query(r->web->pool, q, v, on_answer, r);
}

struct later {
	struct request *request;
	void (*then)(struct request *r);
};

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct later *l = arg;
	(void)fd;
	(void)what;
	l->then(l->request);
}

void request_later(struct request *r, int ms, void (*then)(struct request *r))
{
	struct timeval t = { ms / 1000, ms % 1000 * 1000 };
	struct later *l = arena_alloc(r->arena, sizeof *l);
	*l = (struct later){ r, then };
	event_base_once(r->web->base, -1, EV_TIMEOUT, on_later, l, &t);
}
