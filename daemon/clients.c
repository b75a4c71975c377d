#include "daemon/clients.h"

#include <arpa/inet.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "daemon/http_inner.h"

/* Who is at the other end: a user, or an address (IPv4 in its IPv6 form). */
struct far_end {
	uint8_t byte[16];
};

struct client {
	uint64_t cookie; /* the kernel's name of the socket, 0: none */
	int64_t since; /* it is waited for, in monotonic milliseconds */
	struct far_end who;
	int door;
	bool busy;
};

struct clients {
	struct client *of; /* by descriptor */
	size_t files;
	struct clients_limit limit[CLIENTS_DOORS];
	size_t n[CLIENTS_DOORS];
};

/* ---- limits ------------------------------------------------------------------------------- */

/* The soft limit is for programs that use select(). */
static size_t descriptors(size_t need)
{
	struct rlimit r = { 0 };
	getrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur < need) {
		r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
		getrlimit(RLIMIT_NOFILE, &r);
	}
	return r.rlim_cur < need ? (size_t)r.rlim_cur : need;
}

struct clients *clients_new(
	struct arena *a, const struct clients_limit wanted[CLIENTS_DOORS], size_t others)
{
	struct clients *c = arena_calloc(a, 1, sizeof *c);
	size_t all = 0;
	for (int i = 0; i < CLIENTS_DOORS; i++)
		all += wanted[i].all;
	c->files = descriptors(all + others);
	size_t left = c->files > others ? c->files - others : 1;
	for (int i = 0; i < CLIENTS_DOORS; i++) {
		struct clients_limit *l = &c->limit[i];
		*l = wanted[i];
		if (left < all)
			l->all = l->all * left / all;
		l->all = l->all > 0 ? l->all : 1;
		/* never the whole door */
		size_t most = l->all - l->all / 4;
		l->each = l->each < most ? l->each : most;
	}
	c->of = arena_calloc(a, c->files, sizeof *c->of);
	return c;
}

struct clients_limit clients_limit(const struct clients *c, int door)
{
	return c->limit[door];
}

/* ---- one connection ----------------------------------------------------------------------- */

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

/* Every descriptor is looked at as what it is; one that is neither is nobody. */
static struct far_end who_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
		struct sockaddr_storage room;
	} peer = { 0 };
	struct far_end w = { { 0 } };
	struct ucred user;
	socklen_t size = sizeof peer, user_size = sizeof user;
	if (getpeername(fd, &peer.any, &size) != 0)
		return w;
	if (peer.any.sa_family == AF_INET6) {
		memcpy(w.byte, &peer.six.sin6_addr, sizeof w.byte);
	} else if (peer.any.sa_family == AF_INET) {
		w.byte[10] = w.byte[11] = 0xff;
		memcpy(w.byte + 12, &peer.four.sin_addr, 4);
	} else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &user_size) == 0) {
		memcpy(w.byte, &user.uid, sizeof user.uid);
	}
	return w;
}

static bool same_who(const struct client *one, int door, const struct far_end *w)
{
	return one->cookie != 0 && one->door == door &&
	       memcmp(one->who.byte, w->byte, sizeof w->byte) == 0;
}

/* Descriptors of a user or address; `exact` leaves out those that were closed since. */
static size_t count(struct clients *c, int door, const struct far_end *w, bool exact)
{
	size_t n = 0;
	for (size_t fd = 0; fd < c->files; fd++) {
		struct client *one = &c->of[fd];
		if (!same_who(one, door, w))
			continue;
		if (exact && cookie_of((int)fd) != one->cookie)
			one->cookie = 0;
		n += one->cookie != 0;
	}
	return n;
}

static bool has_enough(struct clients *c, int door, const struct far_end *w)
{
	size_t each = c->limit[door].each;
	return count(c, door, w, false) > each && count(c, door, w, true) > each;
}

bool clients_enter(struct clients *c, int door, int fd)
{
	if (fd < 0 || (size_t)fd >= c->files)
		return false;
	struct client *one = &c->of[fd];
	*one = (struct client){
		.cookie = cookie_of(fd), .since = request_clock(), .who = who_of(fd), .door = door
	};
	/* many may have gone since the last look */
	if (++c->n[door] > c->limit[door].all)
		clients_sweep(c, one->since);
	return c->n[door] <= c->limit[door].all && !has_enough(c, door, &one->who);
}

static struct client *client_of(struct clients *c, struct evhttp_request *http)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(http);
	if (connection == NULL)
		return NULL;
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
	if (fd < 0 || (size_t)fd >= c->files || c->of[fd].cookie != cookie_of(fd))
		return NULL;
	return &c->of[fd];
}

/* The last byte of a reply went out: the next request is waited for. */
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

/* ---- all of them -------------------------------------------------------------------------- */

void clients_sweep(struct clients *c, int64_t now)
{
	memset(c->n, 0, sizeof c->n);
	for (size_t fd = 0; fd < c->files; fd++) {
		struct client *one = &c->of[fd];
		if (one->cookie != 0 && cookie_of((int)fd) != one->cookie)
			one->cookie = 0;
		if (one->cookie == 0)
			continue;
		c->n[one->door]++;
		/* evhttp sees its end and lets go of it */
		if (!one->busy && now - one->since > c->limit[one->door].patience)
			shutdown((int)fd, SHUT_RDWR);
	}
}

bool clients_room(const struct clients *c, int door)
{
	return c->n[door] < c->limit[door].all;
}
