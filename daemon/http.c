#include "daemon/http.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/http_inner.h"

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
	if (r->input != NULL)
		evbuffer_free(r->input);
	r->web->open--;
	LIST_REMOVE(r, others);
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

bool request_is_head(const struct request *r)
{
	return strcmp(r->method, "HEAD") == 0;
}

bool request_reads(const struct request *r)
{
	return strcmp(r->method, "GET") == 0 || request_is_head(r);
}

/* The connection may go while the database works with the body. */
static void take_body(struct request *r)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(r->http);
	r->body = (struct bytes){ "", evbuffer_get_length(input) };
	if (r->body.n == 0)
		return;
	r->input = evbuffer_new();
	evbuffer_add_buffer(r->input, input);
	r->body.p = (const char *)evbuffer_pullup(r->input, -1);
}

static struct request *request_new(struct evhttp_request *http, const struct listener *from)
{
	struct arena *a = arena_new();
	struct request *r = arena_calloc(a, 1, sizeof *r);
	*r = (struct request){ .web = from->web,
		.http = http,
		.arena = a,
		.door = from->door,
		.conflict = ERR_CONFLICT,
		.began = request_clock(),
		.number = ++from->web->number,
		.path = "",
		.target = "",
		.secret = "",
		.account = "nobody",
		.person = "",
		.department = "",
		.inspector = "",
		.departments = "",
		.roles = WHO_PUBLIC,
		.csrf = "",
		.language = "zh",
		.address = "",
		.agent = "",
		.reason = "" };
	r->method = method_name(evhttp_request_get_command(http));
	take_body(r);
	r->web->open++;
	LIST_INSERT_HEAD(&r->web->requests, r, others);
	clients_busy(r->web->clients, http);
	evhttp_connection_set_closecb(evhttp_request_get_connection(http), on_close, r);
	return r;
}

struct later {
	struct request *request;
	request_handler *then;
};

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct later *l = arg;
	(void)fd;
	(void)what;
	l->then(l->request);
}

void request_later(struct request *r, int ms, request_handler *then)
{
	struct timeval t = { ms / 1000, ms % 1000 * 1000 };
	struct later *l = arena_alloc(r->arena, sizeof *l);
	*l = (struct later){ r, then };
	event_base_once(r->web->base, -1, EV_TIMEOUT, on_later, l, &t);
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

void request_begin(struct evhttp_request *http, void *listener)
{
	struct request *r = request_new(http, listener);
	struct err e = { 0 };
	if (!form_check(r, &e)) {
		/* where the next request would begin is not known; evhttp looks for the second name
		 * where the address is a whole URL */
		reply_header(r, "Connection", "close");
		reply_header(r, "Proxy-Connection", "close");
		reply_error(r, &e);
	} else if (find_route(r, &e)) {
		who_ask(r);
	} else {
		reply_error(r, &e);
	}
}
