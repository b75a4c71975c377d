#include "daemon/witness_client.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/peer.h"

enum { ANSWER_MAX = 65536 };

struct place {
	bool local;
	const char *host, *port, *path; /* of a Unix socket: host is its file, path "" */
};

static bool parse(const char *address, struct arena *a, struct place *p, struct err *e)
{
	static const char tcp[] = "http://", local[] = "unix:";
	if (strncmp(address, local, strlen(local)) == 0) {
		*p = (struct place){ true, address + strlen(local), "", "" };
		return true;
	}
	if (strncmp(address, tcp, strlen(tcp)) != 0)
		return err_set(e, ERR_CONF,
			"notary.witnesses: %s: unix:/path or http://host:port/prefix is expected",
			address);
	const char *at = address + strlen(tcp);
	size_t n = strcspn(at, "/");
	char *host = arena_strndup(a, at, n);
	char *colon = strrchr(host, ':');
	p->local = false;
	p->path = strcmp(at + n, "/") == 0 ? "" : arena_strdup(a, at + n);
	p->port = "80";
	if (colon != NULL && strchr(colon, ']') == NULL) {
		*colon = '\0';
		p->port = colon + 1;
	}
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = '\0';
		host++;
	}
	p->host = host;
	return true;
}

/* Ready before the deadline? */
static bool ready(int fd, short what, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline - clock_tick();
		struct pollfd p = { fd, what, 0 };
		int got = left > 0 ? poll(&p, 1, (int)(left * 1000)) : 0;
		if (got > 0)
			return true;
		if (got == 0 || errno != EINTR)
			return false;
	}
}

static int dial(int family, const struct sockaddr *to, socklen_t n, int64_t deadline)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = 0;
	socklen_t size = sizeof error;
	if (fd < 0)
		return -1;
	if (connect(fd, to, n) == 0)
		return fd;
	if (errno == EINPROGRESS && ready(fd, POLLOUT, deadline) &&
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
		return fd;
	if (error != 0)
		errno = error;
	int kept = errno;
	close(fd);
	errno = kept;
	return -1;
}

static int dial_local(const char *file, int64_t deadline)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (strlen(file) >= sizeof to.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, file, strlen(file));
	int fd = dial(AF_UNIX, (const struct sockaddr *)&to, sizeof to, deadline);
	if (fd < 0 || peer_trusted(fd, file))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static int dial_tcp(const struct place *p, int64_t deadline)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	int fd = -1;
	errno = EHOSTUNREACH;
	if (getaddrinfo(p->host, p->port, &hints, &list) != 0)
		return -1;
	for (const struct addrinfo *i = list; i != NULL && fd < 0; i = i->ai_next)
		fd = dial(i->ai_family, i->ai_addr, i->ai_addrlen, deadline);
	freeaddrinfo(list);
	return fd;
}

static bool send_all(int fd, struct bytes b, int64_t deadline)
{
	while (b.n > 0) {
		ssize_t n = send(fd, b.p, b.n, MSG_NOSIGNAL);
		if (n > 0)
			b = (struct bytes){ b.p + n, b.n - (size_t)n };
		else if (errno != EINTR && (errno != EAGAIN || !ready(fd, POLLOUT, deadline)))
			return false;
	}
	return true;
}

static bool receive_all(int fd, struct buf *b, int64_t deadline)
{
	char part[4096];
	while (b->n <= ANSWER_MAX) {
		ssize_t n = recv(fd, part, sizeof part, 0);
		if (n == 0)
			return true;
		if (n > 0)
			buf_put(b, part, (size_t)n);
		else if (errno != EINTR && (errno != EAGAIN || !ready(fd, POLLIN, deadline)))
			return false;
	}
	errno = EMSGSIZE;
	return false;
}

/* "HTTP/1.x NNN …", headers, an empty line, the body up to the end of the connection. */
static bool parse_answer(struct bytes all, int *status, struct bytes *body)
{
	static const char gap[] = "\r\n\r\n";
	const char *end = all.n > 0 ? memmem(all.p, all.n, gap, strlen(gap)) : NULL;
	char line[16] = { 0 };
	if (end == NULL || all.n < sizeof line)
		return false;
	memcpy(line, all.p, sizeof line - 1);
	if (sscanf(line, "HTTP/1.%*1[01] %3d", status) != 1)
		return false;
	size_t head = (size_t)(end - all.p) + strlen(gap);
	*body = (struct bytes){ all.p + head, all.n - head };
	return true;
}

bool witness_post(const char *address, struct bytes body, int seconds, struct arena *a, int *status,
	struct bytes *answer, struct err *e)
{
	struct place p = { 0 };
	int64_t deadline = clock_tick() + seconds + 1;
	if (!parse(address, a, &p, e))
		return false;
	int fd = p.local ? dial_local(p.host, deadline) : dial_tcp(&p, deadline);
	if (fd < 0)
		return err_set(e, ERR_WITNESS, "%s: %s", address, strerror(errno));
	struct buf request = buf_new(a, body.n + 512), all = buf_new(a, 4096);
	buf_str(&request, arena_printf(a,
				  "POST %s/add-checkpoint HTTP/1.0\r\nHost: %s\r\n"
				  "Content-Type: text/plain; charset=utf-8\r\n"
				  "Content-Length: %zu\r\nConnection: close\r\n\r\n",
				  p.path, p.local ? "localhost" : p.host, body.n));
	buf_bytes(&request, body);
	errno = 0;
	bool ok = send_all(fd, buf_view(&request), deadline) && receive_all(fd, &all, deadline);
	if (!ok)
		err_set(e, ERR_WITNESS, "%s: %s", address,
			errno != 0 ? strerror(errno) : "no answer");
	close(fd);
	if (ok && !parse_answer(buf_view(&all), status, answer))
		ok = err_set(e, ERR_WITNESS, "%s: not an HTTP answer", address);
	return ok;
}
