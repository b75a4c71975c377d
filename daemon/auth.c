/* The process `auth`: its socket, its questions, the one that is at work. One thread: a password's
 * hash takes the loop for its time, whoever comes meanwhile is read afterwards. */
#include "daemon/auth.h"

#include <errno.h>
#include <jansson.h>
#include <liboath/oath.h>
#include <malloc.h>
#include <pwd.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/auth_inner.h"
#include "daemon/clock.h"
#include "daemon/evlog.h"
#include "daemon/log.h"
#include "daemon/peer.h"

enum {
	OPEN_MAX_ASKS = 512, /* below the usual limit of descriptors */
	ACCEPTS = 32, /* connections taken before others have their turn */
	BACKLOG = 256,
	LINE_SECONDS = 10,
	DB_SECONDS = 10,
	TICK_MS = 200,
	SWEEP_SECONDS = 600
};

/* ---- the verbs ---------------------------------------------------------------------------- */

#define SENT(member, of, needed, least, most) \
	{ \
		.name = member, .kind = JSON_TEXT, .offset = offsetof(struct auth_sent, of), \
		.required = needed, .min = least, .max = most \
	}
#define ACCOUNT \
	{ \
		.name = "account", .kind = JSON_TOKEN, \
		.offset = offsetof(struct auth_sent, account), .required = true \
	}
#define ASKER \
	SENT("kind", kind, true, 4, 7), SENT("secret", secret, true, 1, 64), \
		SENT("address", address, true, 0, SOURCE_MAX - 1), \
		SENT("agent", agent, false, 0, 200)

static const struct json_field sign_in_fields[] = {
	ACCOUNT,
	SENT("password", password, true, 0, PASSWORD_BYTES),
	SENT("code", code, false, 0, 32),
	SENT("device", device, false, 0, 64),
	SENT("address", address, true, 0, SOURCE_MAX - 1),
	SENT("agent", agent, false, 0, 200),
	{ 0 },
};
static const struct json_field password_fields[] = {
	SENT("old", password, true, 0, PASSWORD_BYTES),
	SENT("new", fresh, true, 0, PASSWORD_BYTES),
	SENT("others", others, false, 0, 4),
	SENT("device", device, false, 0, 64),
	ASKER,
	{ 0 },
};
static const struct json_field first_fields[] = { ACCOUNT, ASKER, { 0 } };
static const struct json_field totp_fields[] = { ASKER, { 0 } };
static const struct json_field confirm_fields[] = {
	SENT("code", code, true, 0, 32),
	ASKER,
	{ 0 },
};

const struct verb auth_verbs[] = {
	{ "sign-in", sign_in_fields, auth_sign_in, true },
	{ "password", password_fields, auth_password, true },
	{ "password-first", first_fields, auth_password_first, true },
	{ "totp-new", totp_fields, auth_totp_new, false },
	{ "totp-confirm", confirm_fields, auth_totp_confirm, false },
	{ 0 },
};

/* ---- memory ------------------------------------------------------------------------------- */

/* jansson's copies of passwords are overwritten as they are freed. */
static void wipe_and_free(void *p)
{
	if (p != NULL)
		sodium_memzero(p, malloc_usable_size(p));
	free(p);
}

static void wipe_text(const char *s)
{
	if (s != NULL)
		secret_wipe(bytes_of(s));
}

static void ask_free(struct ask *q)
{
	struct auth *a = q->auth;
	queue_leave(a->queue, q);
	TAILQ_REMOVE(&a->asks, q, link);
	a->open--;
	event_free(q->event);
	close(q->fd);
	wipe_text(q->sent.password);
	wipe_text(q->sent.code);
	wipe_text(q->sent.device);
	wipe_text(q->sent.fresh);
	wipe_text(q->sent.secret);
	arena_free(q->arena);
	sodium_memzero(q->line, sizeof q->line);
	free(q);
}

/* ---- answers ------------------------------------------------------------------------------ */

/* An answer fits into the socket's buffer; a caller that does not take it has gone. */
static void tell(struct ask *q, struct buf *out)
{
	buf_byte(out, '\n');
	if (send(q->fd, out->p, out->n, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)out->n)
		log_warning("auth.untold", STR("reason", strerror(errno)));
	sodium_memzero(out->p, out->n);
	ask_free(q);
}

static void tell_error(struct ask *q, const struct err *e)
{
	struct buf b = buf_new(q->arena, 512);
	if (err_row(e->code)->http >= 500)
		log_failed("auth.failed", ERR(e));
	buf_byte(&b, '{');
	json_put_member(&b, "error", bytes_of(err_row(e->code)->name));
	json_put_member(&b, "what", bytes_of(e->what));
	json_put_number(&b, "after", q->after);
	buf_byte(&b, '}');
	tell(q, &b);
}

static bool connect_db(struct auth *a, struct err *e)
{
	if (a->db != NULL && db_ok(a->db))
		return true;
	ARENA_AUTO arena = arena_new();
	db_free(a->db);
	a->db = db_open(conf_conninfo(&a->process->conf, ROLE_AUTH, arena), e);
	if (a->db == NULL)
		return false;
	db_timeout(a->db, DB_SECONDS);
	if (db_check_schema(a->db, e))
		return true;
	db_free(a->db);
	a->db = NULL;
	return false;
}

static void answer(struct ask *q)
{
	struct err e = { 0 };
	struct buf out = buf_new(q->arena, 1024);
	if (connect_db(q->auth, &e) && q->verb->run(q, &out, &e)) {
		tell(q, &out);
		return;
	}
	/* nothing of a half-made answer is left */
	sodium_memzero(out.p, out.n);
	tell_error(q, &e);
}

/* ---- the line of those that wait ---------------------------------------------------------- */

/* One hash in each round of the loop: whoever came meanwhile is read before the next. (An event
 * made active by hand would run again before the loop looks at its sockets.) */
static void more_work(struct auth *a)
{
	const struct timeval next_round = { 0, 0 };
	if (queue_length(a->queue) > 0 && !event_pending(a->work, EV_TIMEOUT, NULL))
		event_add(a->work, &next_round);
}

static void on_work(evutil_socket_t fd, short what, void *arg)
{
	struct auth *a = arg;
	struct ask *q = queue_take(a->queue);
	(void)fd;
	(void)what;
	if (q != NULL)
		answer(q);
	more_work(a);
}

static void busy(struct ask *q)
{
	struct err e = { 0 };
	err_set(&e, ERR_BUSY, "too many sign-ins wait");
	tell_error(q, &e);
}

static void stand_in_line(struct ask *q)
{
	struct auth *a = q->auth;
	struct err e = { 0 };
	void *dropped = NULL;
	lock_source(q->source, q->sent.address);
	/* only a sign-in is told apart by its device here: the others have a session; one that has
	 * to wait anyway takes no place from others */
	if (q->verb->run == auth_sign_in &&
		(!connect_db(a, &e) || !auth_source(q, q->sent.account, &e) ||
			!auth_held(q, q->sent.account, &e))) {
		tell_error(q, &e);
		return;
	}
	bool placed = queue_put(a->queue, q->source, q->known, q, &dropped);
	if (dropped != NULL)
		busy(dropped);
	if (!placed)
		busy(q);
	more_work(a);
}

/* ---- questions ---------------------------------------------------------------------------- */

static const struct verb *verb_named(struct bytes name)
{
	for (const struct verb *v = auth_verbs; v->name != NULL; v++)
		if (bytes_is(name, v->name))
			return v;
	return NULL;
}

/* What a caller got wrong is told without what he sent. */
static bool parse(struct ask *q, struct bytes line)
{
	struct err ignored = { 0 };
	const char *field = NULL;
	bool more;
	struct bytes name = bytes_cut(&line, ' ', &more);
	q->sent = (struct auth_sent){ "", "", "", "", "", "", "", "", "", "" };
	q->verb = verb_named(name);
	return q->verb != NULL &&
	       json_read_object(line, q->verb->fields, &q->sent, q->arena, &field, &ignored);
}

static void take_line(struct ask *q, size_t n)
{
	struct err e = { 0 };
	bool good = n + 1 == q->n && parse(q, (struct bytes){ q->line, n });
	sodium_memzero(q->line, q->n);
	if (!good) {
		err_set(&e, ERR_BAD_JSON, "a verb and its members are wanted");
		tell_error(q, &e);
	} else if (q->verb->hashes) {
		stand_in_line(q);
	} else {
		answer(q);
	}
}

static void on_question(evutil_socket_t fd, short what, void *arg)
{
	struct ask *q = arg;
	if ((what & EV_TIMEOUT) != 0 && q->verb == NULL) {
		ask_free(q);
		return;
	}
	if ((what & EV_READ) == 0)
		return;
	ssize_t n = recv(fd, q->line + q->n, sizeof q->line - q->n, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* the end of the connection, a line that does not end, bytes behind the question */
	if (n <= 0 || q->verb != NULL) {
		ask_free(q);
		return;
	}
	q->n += (size_t)n;
	const char *end = memchr(q->line, '\n', q->n);
	if (end != NULL)
		take_line(q, (size_t)(end - q->line));
	else if (q->n == sizeof q->line)
		ask_free(q);
}

static bool may_ask(const struct auth *a, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid() || peer.uid == a->web);
}

static void ask_new(struct auth *a, int fd)
{
	const struct timeval patience = { LINE_SECONDS, 0 };
	struct ask *q = calloc(1, sizeof *q);
	if (q == NULL)
		abort();
	q->auth = a;
	q->fd = fd;
	q->arena = arena_new();
	q->event = event_new(a->base, fd, EV_READ | EV_PERSIST, on_question, q);
	TAILQ_INSERT_TAIL(&a->asks, q, link);
	a->open++;
	event_add(q->event, &patience);
}

/* Without a descriptor the one that waits would be tried again without end: until the next tick
 * nobody is. */
static void no_descriptor(struct auth *a)
{
	if (clock_tick() != a->held_told)
		log_warning("auth.accept", STR("reason", strerror(errno)));
	a->held_told = clock_tick();
	event_del(a->listener);
}

static void on_connection(evutil_socket_t listener, short what, void *arg)
{
	struct auth *a = arg;
	(void)what;
	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
				no_descriptor(a);
			return;
		}
		if (a->open < OPEN_MAX_ASKS && may_ask(a, fd)) {
			ask_new(a, fd);
			continue;
		}
		a->turned_away++;
		close(fd);
	}
}

/* One line a second, whoever knocks how often. */
static void tell_turned_away(struct auth *a)
{
	if (a->turned_away == 0 || clock_tick() == a->told)
		return;
	log_warning("auth.turned-away", NUM("connections", a->turned_away), NUM("open", a->open));
	a->turned_away = 0;
	a->told = clock_tick();
}

/* ---- the process -------------------------------------------------------------------------- */

/* Rows of failures that count no more, hours that are over. */
static void sweep(struct auth *a)
{
	struct err e = { 0 };
	if (clock_tick() - a->swept < SWEEP_SECONDS || a->db == NULL || !db_ok(a->db))
		return;
	a->swept = clock_tick();
	auth_refused_close(a);
	if (!DB_RUN(a->db, Q_auth_failures_forget, NULL, &e, DB_INT(LOCK_FORGET)))
		log_failed("auth.sweep", ERR(&e));
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct auth *a = arg;
	(void)fd;
	(void)what;
	if (process_reloaded(a->process))
		log_plain(LEVEL_INFO, "auth.reloaded");
	auth_refused_write(a);
	event_add(a->listener, NULL);
	tell_turned_away(a);
	evlog_tick();
	sweep(a);
	if (process_stopping())
		event_base_loopexit(a->base, NULL);
}

static bool prepare(struct auth *a, struct err *e)
{
	const struct conf *c = &a->process->conf;
	const struct passwd *web = getpwnam(c->users.web);
	char random[SECRET_SIZE];
	a->web = web != NULL ? web->pw_uid : geteuid();
	a->queue = queue_new(a->process->arena, (size_t)c->auth.queue);
	a->swept = clock_tick() - SWEEP_SECONDS; /* as soon as there is a database */
	json_set_alloc_funcs(malloc, wipe_and_free);
	TAILQ_INIT(&a->asks);
	secret_make(random);
	return (oath_init() == OATH_OK || err_set(e, ERR_INTERNAL, "liboath")) &&
	       auth_keys_load(a, e) && password_make(a->decoy, random, auth_cost(a), e);
}

static bool serve(struct auth *a, struct err *e)
{
	const struct timeval tick = { 0, TICK_MS * 1000 };
	const char *path = a->process->conf.auth.socket;
	int fd = peer_listen(path, BACKLOG, e);
	if (fd < 0)
		return false;
	evlog_open();
	a->base = event_base_new();
	a->listener = event_new(a->base, fd, EV_READ | EV_PERSIST, on_connection, a);
	a->tick = event_new(a->base, -1, EV_PERSIST, on_tick, a);
	a->work = event_new(a->base, -1, 0, on_work, a);
	event_add(a->listener, NULL);
	event_add(a->tick, &tick);
	log_info("auth.listening", STR("socket", path));
	sd_notify(0, "READY=1");
	event_base_dispatch(a->base);
	sd_notify(0, "STOPPING=1");
	close(fd);
	unlink(path);
	return true;
}

static void close_all(struct auth *a)
{
	struct ask *q;
	struct err e = { 0 };
	err_set(&e, ERR_STOPPING, "the process ends");
	while ((q = TAILQ_FIRST(&a->asks)) != NULL)
		tell_error(q, &e);
	auth_refused_write(a);
	event_free(a->listener);
	event_free(a->tick);
	event_free(a->work);
	event_base_free(a->base);
	db_free(a->db);
}

int auth_run(struct process *p, int argc, char **argv)
{
	struct auth *a = arena_calloc(p->arena, 1, sizeof *a);
	struct err e = { 0 };
	(void)argc;
	(void)argv;
	a->process = p;
	bool ok = prepare(a, &e) && serve(a, &e);
	if (a->base != NULL)
		close_all(a);
	auth_keys_wipe(a);
	return ok ? 0 : process_fail(&e);
}
