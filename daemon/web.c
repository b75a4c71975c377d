#include "daemon/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "daemon/askers.h"
#include "daemon/authclient.h"
#include "daemon/cfgfile.h"
#include "daemon/evlog.h"
#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/log.h"
#include "daemon/peer.h"
#include "sampler/trust.h"

enum {
	TICK_MS = 200,
	HEADERS_MAX = 16384,
	BACKLOG = 256,
	TRUST_MAX = 1 << 20,
	CLOSING_TICKS = 25, /* five seconds to answer what was begun */
	OWN_FILES = 32, /* descriptors besides connections to clients, database and auth */
	ASK_FILES = 256, /* to auth (authclient.c) */
	REQUEST_MS = 10000, /* for the next request of a connection */
	EACH_USER = 256, /* connections of one user on a Unix socket */
	ROUND = 64, /* connections taken before they are looked at */
	DOORS = CLIENTS_DOORS,
	NUMBERS = 1000000, /* requests a second, so that a start anew gives no number twice */
};

struct server {
	struct web web;
	struct listener from[DOORS];
	struct evhttp *http[DOORS]; /* by enum door; NULL: not served */
	struct evhttp_bound_socket *bound[DOORS];
	struct event *tick, *look;
	struct fresh {
		struct bufferevent *io; /* of a connection that nobody has looked at */
		enum door door;
	} fresh[ROUND];
	size_t fresh_n;
	bool full[DOORS]; /* told, until there is room again */
	size_t sent_away; /* connections since the last line of the log about them */
	int64_t told; /* when that was, request_clock */
	int64_t held_told; /* when the log was told of that: */
	bool held; /* descriptors ran out: nobody new until the next tick */
	int closing; /* ticks since the stop, 0 while serving */
};

/* evhttp keeps the argument of a listener's callbacks for itself. */
static struct server *the_server;

static const char *const door_names[DOORS] = {
	[DOOR_SOCKET] = "socket", [DOOR_TCP] = "tcp", [DOOR_PROXY] = "proxy"
};

/* ---- listening ---------------------------------------------------------------------------- */

static bool refuse_listen(struct err *e, const char *where, const char *what)
{
	err_set(e, ERR_FILE, "%s: %s", what, strerror(errno));
	return err_at(e, "%s", where);
}

static bool make_parent(const char *path)
{
	char folder[sizeof(struct sockaddr_un)];
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	if (slash == NULL || slash == folder)
		return true;
	*slash = '\0';
	return mkdir(folder, 0755) == 0 || errno == EEXIST;
}

static bool give_group(const char *path, const char *group)
{
	if (group[0] == '\0')
		return true;
	const struct group *g = getgrnam(group);
	return g != NULL && chown(path, (uid_t)-1, g->gr_gid) == 0;
}

static int open_unix(const struct conf *c, const char *path, struct err *e)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof address.sun_path) {
		err_set(e, ERR_CONF, "%s is longer than %zu bytes", path,
			sizeof address.sun_path - 1);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (!peer_folder(path, e)) {
		err_at(e, "%s", path);
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t old = umask(0117);
	bool ok = fd >= 0 && (unlink(path) == 0 || errno == ENOENT) &&
		  bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	umask(old);
	if (ok && give_group(path, c->web.group) && listen(fd, BACKLOG) == 0)
		return fd;
	refuse_listen(e, path, "listen");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* -1 with the error; the address is loopback, the configuration saw to that. */
static int open_tcp(const struct conf *c, struct err *e)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)c->web.port) };
	struct sockaddr_in four = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)c->web.port) };
	bool is_six = inet_pton(AF_INET6, c->web.listen, &six.sin6_addr) == 1;
	if (!is_six && inet_pton(AF_INET, c->web.listen, &four.sin_addr) != 1) {
		err_set(e, ERR_CONF, "web.listen: %s is no address", c->web.listen);
		return -1;
	}
	int on = 1;
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const struct sockaddr *address =
		is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
		bind(fd, address, is_six ? sizeof six : sizeof four) == 0 &&
		listen(fd, BACKLOG) == 0)
		return fd;
	refuse_listen(e, c->web.listen, "listen");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The port that the kernel gave, for those who ask for any. */
static bool tell_port(const struct conf *c, int fd, struct err *e)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} address;
	socklen_t size = sizeof address;
	if (getsockname(fd, &address.any, &size) != 0)
		return refuse_listen(e, c->web.listen, "getsockname");
	int port = ntohs(
		address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
	FILE *out = make_parent(c->web.port_file) ? fopen(c->web.port_file, "we") : NULL;
	if (out == NULL)
		return refuse_listen(e, c->web.port_file, "write");
	bool ok = fprintf(out, "%d\n", port) > 0;
	ok = fclose(out) == 0 && ok;
	log_info("web.listening", STR("address", c->web.listen), NUM("port", port));
	return ok || refuse_listen(e, c->web.port_file, "write");
}

/* ---- accepting ---------------------------------------------------------------------------- */

static void accept_where(struct server *s, int door, bool yes)
{
	if (s->bound[door] == NULL)
		return;
	struct evconnlistener *l = evhttp_bound_socket_get_listener(s->bound[door]);
	if (yes)
		evconnlistener_enable(l);
	else
		evconnlistener_disable(l);
}

/* Above its limit nobody new is taken at a door until others leave. */
static void accept_again(struct server *s)
{
	for (int i = 0; i < DOORS; i++) {
		bool full = !clients_room(s->web.clients, i);
		if (full != s->full[i] && s->bound[i] != NULL)
			log_put(full ? LEVEL_WARNING : LEVEL_INFO,
				(const struct log_field[]){
					{ FIELD_EVENT, NULL, full ? "web.full" : "web.accepting", 0,
						NULL },
					STR("door", door_names[i]) },
				2);
		s->full[i] = full;
		accept_where(s, i, !full && !s->held && s->fresh_n < ROUND);
	}
}

/* evhttp knows the descriptors now: those who have enough of them are sent away. */
static void on_look(evutil_socket_t none, short what, void *arg)
{
	struct server *s = arg;
	(void)none;
	(void)what;
	for (size_t i = 0; i < s->fresh_n; i++) {
		int fd = bufferevent_getfd(s->fresh[i].io);
		if (fd >= 0 && !clients_enter(s->web.clients, (int)s->fresh[i].door, fd)) {
			shutdown(fd, SHUT_RDWR); /* evhttp sees its end */
			s->sent_away++;
		}
		bufferevent_decref(s->fresh[i].io);
	}
	s->fresh_n = 0;
	if (s->closing == 0)
		accept_again(s);
}

/* evhttp asks for a buffer for each connection, before that has its descriptor. */
static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
	const struct listener *from = arg;
	struct server *s = the_server;
	struct bufferevent *io = bufferevent_socket_new(base, -1, 0);
	if (io == NULL)
		return NULL;
	bufferevent_incref(io);
	s->fresh[s->fresh_n++] = (struct fresh){ io, from->door };
	event_active(s->look, EV_TIMEOUT, 0);
	for (int i = 0; s->fresh_n == ROUND && i < DOORS; i++)
		accept_where(s, i, false);
	return io;
}

/* No descriptor, no memory: the one that waits would be tried again without end. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct server *s = the_server;
	(void)listener;
	(void)arg;
	int64_t now = request_clock();
	if (now - s->held_told >= 1000) {
		log_warning("web.accept", STR("reason", strerror(errno)));
		s->held_told = now;
	}
	s->held = true;
	for (int i = 0; i < DOORS; i++)
		accept_where(s, i, false);
}

/* A Unix socket serves a user for each connection, TCP on a loopback address often one proxy. */
static struct clients *make_clients(const struct process *p)
{
	size_t all = (size_t)p->conf.web.connections, half = all / 2;
	int64_t silent = p->conf.web.timeout * 1000;
	const struct clients_limit limits[CLIENTS_DOORS] = {
		[DOOR_SOCKET] = { half, EACH_USER, REQUEST_MS },
		[DOOR_TCP] = { all, all, REQUEST_MS },
		/* a proxy keeps its connections open */
		[DOOR_PROXY] = { p->conf.web.proxy_socket[0] != '\0' ? half : 0, half, silent },
	};
	return clients_new(p->arena, limits, (size_t)p->conf.web.database + ASK_FILES + OWN_FILES);
}

static bool serve(struct server *s, enum door door, int fd, struct err *e)
{
	const struct conf *c = &s->web.process->conf;
	struct evhttp *http = evhttp_new(s->web.base);
	s->http[door] = http;
	s->from[door] = (struct listener){ &s->web, door };
	evhttp_set_max_headers_size(http, HEADERS_MAX);
	evhttp_set_max_body_size(http, PIECE_MAX);
	evhttp_set_timeout(http, (int)c->web.timeout);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
						 EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
						 EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS);
	evhttp_set_gencb(http, request_begin, &s->from[door]);
	evhttp_set_bevcb(http, on_accept, &s->from[door]);
	s->bound[door] = evhttp_accept_socket_with_handle(http, fd);
	if (s->bound[door] == NULL)
		return err_set(e, ERR_INTERNAL, "evhttp_accept_socket");
	evconnlistener_set_error_cb(
		evhttp_bound_socket_get_listener(s->bound[door]), on_accept_error);
	return true;
}

static bool open_socket(struct server *s, enum door door, const char *path, struct err *e)
{
	int fd = open_unix(&s->web.process->conf, path, e);
	if (fd < 0 || !serve(s, door, fd, e))
		return false;
	log_info("web.listening", STR("socket", path));
	return true;
}

static bool open_listeners(struct server *s, struct err *e)
{
	const struct conf *c = &s->web.process->conf;
	if (!open_socket(s, DOOR_SOCKET, c->web.socket, e))
		return false;
	if (c->web.proxy_socket[0] != '\0' && !open_socket(s, DOOR_PROXY, c->web.proxy_socket, e))
		return false;
	if (!c->web.tcp)
		return true;
	int fd = open_tcp(c, e);
	return fd >= 0 && tell_port(c, fd, e) && serve(s, DOOR_TCP, fd, e);
}

/* ---- running ------------------------------------------------------------------------------ */

static void stop_accepting(struct server *s)
{
	sd_notify(0, "STOPPING=1");
	log_info("web.stopping", NUM("open", s->web.open));
	for (int i = 0; i < DOORS; i++) {
		if (s->bound[i] != NULL)
			evhttp_del_accept_socket(s->http[i], s->bound[i]);
		s->bound[i] = NULL;
	}
}

static void tend_clients(struct server *s)
{
	int64_t now = request_clock();
	clients_sweep(s->web.clients, now);
	s->held = false;
	accept_again(s);
	if (s->sent_away > 0 && now - s->told >= 1000) {
		log_warning("web.sent-away", NUM("connections", s->sent_away));
		s->sent_away = 0;
		s->told = now;
	}
	evlog_tick();
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	(void)fd;
	(void)what;
	if (process_reloaded(s->web.process))
		log_plain(LEVEL_INFO, "web.reloaded");
	if (process_stopping() && s->closing == 0)
		stop_accepting(s);
	if (process_stopping() && (s->web.open == 0 || ++s->closing > CLOSING_TICKS))
		event_base_loopbreak(s->web.base);
	else if (!process_stopping())
		tend_clients(s);
	s->closing += process_stopping() && s->closing == 0;
}

/* The trust policy and, from it, the log's key; without one the key is not told. */
static void read_trust(struct process *p, struct web *w)
{
	struct err e = { 0 };
	struct trust *t = arena_calloc(p->arena, 1, sizeof *t);
	char *text;
	struct buf b = buf_new(p->arena, 128);
	w->vkey = "";
	if (!cfg_read(&text, p->arena, p->conf.notary.trust, TRUST_MAX, &e) ||
		!trust_parse(t, p->arena, bytes_of(text), &e)) {
		log_warning("web.no-trust", ERR(&e));
		return;
	}
	vkey_put(&b, &t->log);
	w->vkey = arena_strndup(p->arena, b.p, b.n);
	w->trust = t;
}

static void close_server(struct server *s)
{
	/* what is still open gets its error */
	authclient_free(s->web.auth);
	pool_free(s->web.pool);
	for (int i = 0; i < DOORS; i++)
		if (s->http[i] != NULL)
			evhttp_free(s->http[i]);
	event_free(s->tick);
	event_free(s->look);
	event_base_free(s->web.base);
	unlink(s->web.process->conf.web.socket);
	if (s->web.process->conf.web.proxy_socket[0] != '\0')
		unlink(s->web.process->conf.web.proxy_socket);
}

int web_run(struct process *p, int argc, char **argv)
{
	struct server *s = arena_calloc(p->arena, 1, sizeof *s);
	struct err e = { 0 };
	struct timeval tick = { 0, TICK_MS * 1000 };
	(void)argc;
	(void)argv;
	evlog_open();
	s->web = (struct web){ .process = p, .base = event_base_new(), .arena = p->arena };
	read_trust(p, &s->web);
	s->web.pool = pool_new(s->web.base, conf_conninfo(&p->conf, ROLE_WEB, p->arena),
		(int)p->conf.web.database, (int)p->conf.web.queue);
	s->web.auth = authclient_new(s->web.base, p);
	s->web.number = (uint64_t)time(NULL) * NUMBERS;
	s->web.clients = make_clients(p);
	s->web.askers = askers_new(p->arena);
	s->look = event_new(s->web.base, -1, 0, on_look, s);
	the_server = s;
	if (!open_listeners(s, &e))
		return process_fail(&e);
	s->tick = event_new(s->web.base, -1, EV_PERSIST, on_tick, s);
	event_add(s->tick, &tick);
	sd_notify(0, "READY=1");
	event_base_dispatch(s->web.base);
	close_server(s);
	return 0;
}
