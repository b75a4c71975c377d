#include "daemon/clients.h"

#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "daemon/http_inner.h"

enum { SOCKETS_KEPT = 128 }; /* descriptors for connections of the Unix socket */

struct client {
	uint64_t cookie; /* the kernel's name of the socket, 0: none */
	int64_t since; /* it is waited for, in monotonic milliseconds */
	bool busy;
};

struct clients {
	struct client *of; /* by descriptor */
	size_t files, limit, n;
	int64_t header_ms;
	int listener;
	in_port_t port;
};

struct clients *clients_new(struct arena *a, size_t wanted, size_t others, int64_t header_ms)
{
	struct clients *c = arena_calloc(a, 1, sizeof *c);
	struct rlimit r = { 0 };
	size_t kept = others + SOCKETS_KEPT;
	getrlimit(RLIMIT_NOFILE, &r);
	/* the soft limit is for programs that use select() */
	rlim_t need = wanted + kept;
	r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	getrlimit(RLIMIT_NOFILE, &r);
	c->files = r.rlim_cur < need ? (size_t)r.rlim_cur : (size_t)need;
	c->limit = c->files > kept ? c->files - kept : 1;
	c->of = arena_calloc(a, c->files, sizeof *c->of);
	c->header_ms = header_ms;
	c->listener = -1;
	return c;
}

/* The port at our end of a TCP connection; 0 for every other descriptor. */
static in_port_t port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
		struct sockaddr_storage room;
	} address = { 0 };
	socklen_t size = sizeof address;
	if (getsockname(fd, &address.any, &size) != 0)
		return 0;
	if (address.any.sa_family == AF_INET6)
		return address.six.sin6_port;
	return address.any.sa_family == AF_INET ? address.four.sin_port : 0;
}

void clients_listen(struct clients *c, int listener)
{
	c->listener = listener;
	c->port = port_of(listener);
}

bool clients_more(struct clients *c)
{
	return ++c->n < c->limit;
}

/* The client at this descriptor; NULL where none is. */
static struct client *client_at(struct clients *c, int fd, int64_t now)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	if (fd < 0 || (size_t)fd >= c->files || fd == c->listener || port_of(fd) != c->port ||
		getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0)
		return NULL;
	struct client *one = &c->of[fd];
	if (one->cookie != cookie)
		*one = (struct client){ .cookie = cookie, .since = now };
	return one;
}

static struct client *client_of(struct clients *c, struct evhttp_request *http)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	if (c->listener < 0 || connection == NULL)
		return NULL;
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
	return client_at(c, fd, request_clock());
}

/* The last byte of a reply went out: the next header is waited for. */
static void on_answered(struct evhttp_request *http, void *arg)
{
	struct client *one = client_of(arg, http);
	if (one != NULL) {
		one->busy = false;
		one->since = request_clock();
	}
}

void clients_busy(struct clients *c, struct evhttp_request *http)
{
	struct client *one = client_of(c, http);
	if (one == NULL)
		return;
	one->busy = true;
	evhttp_request_set_on_complete_cb(http, on_answered, c);
}

bool clients_sweep(struct clients *c, int64_t now)
{
	c->n = 0;
	for (size_t fd = 0; c->listener >= 0 && fd < c->files; fd++) {
		const struct client *one = client_at(c, (int)fd, now);
		if (one == NULL)
			continue;
		c->n++;
		/* evhttp sees its end and lets go of it */
		if (!one->busy && now - one->since > c->header_ms)
			shutdown((int)fd, SHUT_RDWR);
	}
	return c->n < c->limit;
}
