#include "daemon/authclient.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/auth.h"
#include "daemon/auth_lockout.h"
#include "daemon/json.h"
#include "daemon/log.h"
#include "daemon/peer.h"

/* More than the process' queue holds: it decides who waits, here only floods end. */
enum { UNDER_WAY = 256, UNDER_WAY_EACH = 16, ANSWER_SECONDS = 30 };

TAILQ_HEAD(question_list, question);

struct authclient {
	struct event_base *base;
	struct process *process;
	struct question_list questions;
	size_t n;
};

struct question {
	TAILQ_ENTRY(question) link;
	struct authclient *client;
	struct bufferevent *io; /* NULL: refused before it was asked */
	struct event *later; /* tells that */
	char source[SOURCE_MAX];
	authclient_done *done;
	void *ctx;
	struct err e;
};

/* ---- the end of a question ---------------------------------------------------------------- */

/* What is in a buffer is overwritten before it is let go: it may hold a password or a token. */
static void wipe(struct evbuffer *b)
{
	struct evbuffer_iovec v[8];
	while (evbuffer_get_length(b) > 0) {
		int n = evbuffer_peek(b, -1, NULL, v, 8);
		size_t wiped = 0;
		for (int i = 0; i < n && i < 8; i++) {
			sodium_memzero(v[i].iov_base, v[i].iov_len);
			wiped += v[i].iov_len;
		}
		evbuffer_drain(b, wiped);
	}
}

static void question_free(struct question *q)
{
	TAILQ_REMOVE(&q->client->questions, q, link);
	q->client->n--;
	if (q->io != NULL) {
		wipe(bufferevent_get_input(q->io));
		bufferevent_free(q->io);
	}
	if (q->later != NULL)
		event_free(q->later);
	free(q);
}

static void tell(struct question *q, struct bytes json, int64_t after)
{
	struct auth_answer answer = { json, after, &q->e };
	if (q->e.code != ERR_NONE)
		answer.json = (struct bytes){ "", 0 };
	q->done(q->ctx, &answer);
}

static void end(struct question *q)
{
	tell(q, (struct bytes){ "", 0 }, 0);
	question_free(q);
}

/* ---- answers ------------------------------------------------------------------------------ */

struct refusal {
	const char *error, *what;
	int64_t after;
};
static const struct json_field refusal_fields[] = {
	{ .name = "error",
		.kind = JSON_TEXT,
		.offset = offsetof(struct refusal, error),
		.required = true,
		.min = 1,
		.max = 64 },
	{ .name = "what",
		.kind = JSON_TEXT,
		.offset = offsetof(struct refusal, what),
		.required = true,
		.min = 0,
		.max = 300 },
	{ .name = "after",
		.kind = JSON_INT64,
		.offset = offsetof(struct refusal, after),
		.required = true,
		.min = 0,
		.max = 86400 },
	{ 0 },
};

/* Errors that are the process' own trouble are told as what they are for the one who asks. */
static void take_refusal(struct question *q, const struct refusal *r)
{
	enum err_code code = ERR_INTERNAL;
	err_named(r->error, strlen(r->error), &code);
	if (code == ERR_DATABASE || code == ERR_STOPPING || code == ERR_SCHEMA)
		code = ERR_BUSY;
	err_set(&q->e, code, "%s", r->what);
}

static void take_answer(struct question *q, struct bytes line)
{
	ARENA_AUTO a = arena_new();
	struct refusal r = { "", "", 0 };
	struct err ignored = { 0 };
	const char *field = NULL;
	if (bytes_starts(line, BYTES("{\"error\":"))) {
		if (json_read_object(line, refusal_fields, &r, a, &field, &ignored))
			take_refusal(q, &r);
		else
			err_set(&q->e, ERR_INTERNAL, "an answer of auth");
	}
	tell(q, line, r.after);
}

static void on_answer(struct bufferevent *io, void *arg)
{
	struct question *q = arg;
	struct evbuffer *in = bufferevent_get_input(io);
	struct evbuffer_ptr at = evbuffer_search(in, "\n", 1, NULL);
	if (at.pos < 0 && evbuffer_get_length(in) < AUTH_LINE_MAX)
		return;
	if (at.pos < 0) {
		err_set(&q->e, ERR_INTERNAL, "an answer of auth without end");
		end(q);
		return;
	}
	take_answer(q, (struct bytes){ (const char *)evbuffer_pullup(in, at.pos), (size_t)at.pos });
	question_free(q);
}

static void on_event(struct bufferevent *io, short what, void *arg)
{
	struct question *q = arg;
	(void)io;
	if ((what & BEV_EVENT_TIMEOUT) != 0)
		log_warning("auth.timeout", NUM("under_way", q->client->n));
	err_set(&q->e, ERR_BUSY, "sign-in does not answer");
	end(q);
}

/* ---- questions ---------------------------------------------------------------------------- */

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	end(arg);
}

/* The answer to a question that is not asked at all, after this call. */
static void refuse(struct question *q, const char *why)
{
	const struct timeval now = { 0, 0 };
	err_set(&q->e, ERR_BUSY, "%s", why);
	q->later = event_new(q->client->base, -1, 0, on_later, q);
	event_add(q->later, &now);
}

static size_t under_way(const struct authclient *c, const char *source)
{
	const struct question *q;
	size_t n = 0;
	TAILQ_FOREACH (q, &c->questions, link)
		n += strcmp(q->source, source) == 0;
	return n;
}

static void wipe_sent(const void *p, size_t n, void *text)
{
	(void)p;
	sodium_memzero(text, n);
	free(text);
}

/* The bytes on their way are a copy of our own, overwritten when the socket has taken them. */
static void send_question(struct question *q, struct bytes text)
{
	const struct timeval patience = { ANSWER_SECONDS, 0 };
	char *line = malloc(text.n + 1);
	if (line == NULL)
		abort();
	memcpy(line, text.p, text.n);
	line[text.n] = '\n';
	bufferevent_set_timeouts(q->io, &patience, &patience);
	evbuffer_add_reference(bufferevent_get_output(q->io), line, text.n + 1, wipe_sent, line);
	bufferevent_enable(q->io, EV_READ | EV_WRITE);
}

/* Connected before a byte is written: whoever listens is looked at first. A Unix socket connects at
 * once or not at all. */
static int dial(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof to.sun_path)
		return -1;
	memcpy(to.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
		peer_trusted(fd, path))
		return fd;
	log_warning("auth.away", STR("socket", path), STR("reason", strerror(errno)));
	if (fd >= 0)
		close(fd);
	return -1;
}

void authclient_ask(struct authclient *c, struct bytes question, const char *source,
	authclient_done *done, void *ctx)
{
	struct question *q = calloc(1, sizeof *q);
	if (q == NULL)
		abort();
	*q = (struct question){ .client = c, .done = done, .ctx = ctx };
	lock_source(q->source, source);
	size_t same = under_way(c, q->source);
	TAILQ_INSERT_TAIL(&c->questions, q, link);
	c->n++;
	if (c->n > UNDER_WAY || same >= UNDER_WAY_EACH) {
		refuse(q, "too many sign-ins are under way");
		return;
	}
	int fd = dial(c->process->conf.auth.socket);
	if (fd < 0) {
		refuse(q, "sign-in is not there");
		return;
	}
	q->io = bufferevent_socket_new(c->base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(q->io, on_answer, NULL, on_event, q);
	send_question(q, question);
}

struct authclient *authclient_new(struct event_base *base, struct process *p)
{
	struct authclient *c = arena_calloc(p->arena, 1, sizeof *c);
	c->base = base;
	c->process = p;
	TAILQ_INIT(&c->questions);
	return c;
}

void authclient_free(struct authclient *c)
{
	struct question *q;
	while (c != NULL && (q = TAILQ_FIRST(&c->questions)) != NULL) {
		if (q->e.code == ERR_NONE)
			err_set(&q->e, ERR_STOPPING, "the process ends");
		end(q);
	}
}
