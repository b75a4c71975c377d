/* Who asks, and may he: Authorization, the session's cookie, the trusted proxy's field, the user
 * behind a Unix socket, or nobody. drawd.enter() judges the credentials, row security the rows;
 * here is only what the route table says. */
#include <event2/bufferevent.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/sha256.h"

enum { REASON_MAX = 1000, AGENT_MAX = 200, NAME_MAX_BYTES = 64 };

static const char *const vias[] = { [VIA_PUBLIC] = "public",
	[VIA_SESSION] = "session",
	[VIA_TOKEN] = "token",
	[VIA_PEER] = "peer",
	[VIA_PROXY] = "proxy" };

/* ---- credentials -------------------------------------------------------------------------- */

/* The database knows secrets by their hash only. */
static const char *hash_of(struct request *r, struct bytes secret)
{
	uint8_t hash[SHA256_SIZE];
	char *hex = arena_alloc(r->arena, 2 * SHA256_SIZE + 1);
	sha256(secret.p, secret.n, hash);
	sha256_hex(hash, hex);
	return hex;
}

static bool peer_of(const struct request *r, struct ucred *peer)
{
	struct evhttp_connection *c =
		r->http != NULL ? evhttp_request_get_connection(r->http) : NULL;
	socklen_t size = sizeof *peer;
	if (c == NULL || r->door == DOOR_TCP)
		return false;
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(c));
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &size) == 0;
}

/* The name of a user, or his number where he has none. Looked up again after a minute: the lookup
 * may go over the network, and names change hardly ever. */
static const char *user_name(struct web *w, uid_t uid)
{
	enum { KEPT_MS = 60000 };
	struct web_user *u = &w->users[uid % WEB_USERS];
	int64_t now = request_clock();
	if (u->name[0] != '\0' && u->uid == uid && now - u->since < KEPT_MS)
		return u->name;
	const struct passwd *p = getpwuid(uid);
	*u = (struct web_user){ .uid = uid, .since = now };
	if (p != NULL && strlen(p->pw_name) < sizeof u->name)
		snprintf(u->name, sizeof u->name, "%s", p->pw_name);
	else
		snprintf(u->name, sizeof u->name, "%lu", (unsigned long)uid);
	return u->name;
}

static bool listed(const struct conf_list *users, uid_t uid, const char *name)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%lu", (unsigned long)uid);
	for (size_t i = 0; i < users->n; i++)
		if (strcmp(users->v[i], digits) == 0 || strcmp(users->v[i], name) == 0)
			return true;
	return false;
}

/* On the proxy's socket only the proxy is heard. */
static bool check_proxy(struct request *r, struct err *e)
{
	struct ucred peer;
	if (r->door != DOOR_PROXY)
		return true;
	if (peer_of(r, &peer) && (peer.uid == 0 || peer.uid == geteuid() ||
					 listed(&r->web->process->conf.web.proxy_users, peer.uid,
						 user_name(r->web, peer.uid))))
		return true;
	return err_set(e, ERR_NOT_ALLOWED, "web.proxy_socket");
}

static bool use(struct request *r, enum via via, const char *secret)
{
	r->via = via;
	r->secret = secret;
	return true;
}

static bool use_proxy(struct request *r, const char *name, struct err *e)
{
	struct bytes s = bytes_of(name);
	if (s.n == 0 || s.n > NAME_MAX_BYTES || !text_is_clean(s))
		return err_set(e, ERR_SESSION_ENDED, "%s", r->web->process->conf.web.proxy_header);
	return use(r, VIA_PROXY, arena_strdup(r->arena, name));
}

/* A cookie that is no secret of ours is refused like one that has ended. */
static bool use_cookie(struct request *r, struct err *e)
{
	const char *secret = request_cookie(r, COOKIE_SESSION);
	r->via = VIA_SESSION;
	if (secret == NULL)
		return err_set(e, ERR_SESSION_ENDED, "the cookie is malformed");
	return use(r, VIA_SESSION, hash_of(r, bytes_of(secret)));
}

static bool has_session_cookie(const struct request *r)
{
	const char *field = request_header(r, "Cookie");
	return field != NULL && part_cookie_stands(field, cookie_name(r, COOKIE_SESSION));
}

/* The strongest sign of who asks; what is worse is not tried after it failed. */
static bool find_credentials(struct request *r, struct err *e)
{
	const char *authorization = request_header(r, "Authorization");
	const char *named = request_header(r, r->web->process->conf.web.proxy_header);
	struct ucred peer;
	if (authorization != NULL) {
		struct bytes token = part_bearer(authorization);
		r->via = VIA_TOKEN;
		if (token.n == 0)
			return err_set(
				e, ERR_SESSION_ENDED, "Authorization: Bearer drawd_… is wanted");
		return use(r, VIA_TOKEN, hash_of(r, token));
	}
	if (named != NULL && r->door == DOOR_PROXY)
		return use_proxy(r, named, e);
	if (has_session_cookie(r))
		return use_cookie(r, e);
	if (r->door == DOOR_SOCKET && peer_of(r, &peer))
		return use(r, VIA_PEER, arena_strdup(r->arena, user_name(r->web, peer.uid)));
	return true;
}

/* ---- where from, why ---------------------------------------------------------------------- */

static const char *clean_text(struct request *r, const char *text, size_t max)
{
	struct bytes s = bytes_of(text != NULL ? text : "");
	while (s.n > max || !text_is_utf8(s))
		s.n--;
	return text_is_clean(s) ? arena_strndup(r->arena, s.p, s.n) : "";
}

static const char *find_address(struct request *r)
{
	struct evhttp_connection *c = evhttp_request_get_connection(r->http);
	char *address = NULL;
	ev_uint16_t port;
	if (r->door == DOOR_PROXY) {
		const char *field = request_header(r, "X-Forwarded-For");
		struct bytes last = part_forwarded(field != NULL ? field : "");
		return last.n > 0 ? arena_strndup(r->arena, last.p, last.n) : "proxy";
	}
	if (r->door == DOOR_SOCKET)
		return "local";
	evhttp_connection_get_peer(c, &address, &port);
	return address != NULL ? arena_strdup(r->arena, address) : "";
}

static bool find_reason(struct request *r, struct err *e)
{
	const char *field = request_header(r, "Drawd-Reason");
	struct bytes text;
	if (field == NULL)
		return true;
	r->field = "Drawd-Reason";
	if (!part_percent(r->arena, field, &text) || text.n > REASON_MAX)
		return err_set(e, ERR_BAD_REQUEST,
			"Drawd-Reason: at most %d bytes of UTF-8, percent-encoded", REASON_MAX);
	r->reason = arena_strndup(r->arena, text.p, text.n);
	r->field = NULL;
	return true;
}

static bool find_circumstances(struct request *r, struct err *e)
{
	const char *language = request_header(r, "Accept-Language");
	char *day = arena_alloc(r->arena, CIVIL_TEXT);
	r->address = find_address(r);
	r->agent = clean_text(r, request_header(r, "User-Agent"), AGENT_MAX);
	r->day = civil_format(clock_date(&r->web->process->conf), day);
	if (language != NULL && evutil_ascii_strncasecmp(language, "en", 2) == 0)
		r->language = "en";
	return find_reason(r, e);
}

/* ---- rights ------------------------------------------------------------------------------- */

static bool check_roles(const struct request *r, struct err *e)
{
	if ((r->route->who & r->roles) != 0)
		return true;
	if (r->restricted)
		return err_set(e, ERR_SECOND_FACTOR_NEEDED, "%s", r->account);
	return err_set(e, ERR_NOT_ALLOWED, "%s: %s", r->account, r->route->name);
}

static bool check_origin(const struct request *r, struct err *e)
{
	const char *origin = request_header(r, "Origin");
	if (origin != NULL &&
		!part_origin(origin, r->web->process->conf.web.origin, request_header(r, "Host")))
		return err_set(e, ERR_CSRF, "Origin: %.100s", origin);
	return part_site(request_header(r, "Sec-Fetch-Site")) ||
	       err_set(e, ERR_CSRF, "Sec-Fetch-Site");
}

/* What a browser sends along by itself (a cookie, what it is to a proxy) must come with what only a
 * page of this installation can add. */
static bool check_forgery(const struct request *r, struct err *e)
{
	const char *sent = request_header(r, "Drawd-CSRF");
	if (request_reads(r) || (r->via != VIA_SESSION && r->via != VIA_PROXY))
		return true;
	if (!check_origin(r, e))
		return false;
	size_t n = strlen(r->csrf);
	bool same = sent != NULL && strlen(sent) == n && sodium_memcmp(sent, r->csrf, n) == 0;
	bool any = r->via == VIA_PROXY && n == 0 && sent != NULL;
	return (same && n > 0) || any || err_set(e, ERR_CSRF, "Drawd-CSRF");
}

static void refuse(struct request *r, const struct err *e)
{
	if (r->via == VIA_SESSION && err_row(e->code)->http == 401)
		reply_cookie(r, COOKIE_SESSION, NULL, 0);
	reply_error(r, e);
}

static void go_on(struct request *r)
{
	struct err e = { 0 };
	request_handler *again = r->again;
	r->again = NULL;
	/* who comes back was looked at when he came; his client may be gone by now */
	if (!check_roles(r, &e) || (again == NULL && !check_forgery(r, &e))) {
		refuse(r, &e);
		return;
	}
	if (again != NULL)
		again(r);
	else
		request_allowed(r);
}

/* ---- entering ----------------------------------------------------------------------------- */

static void enter(struct request *r);

static bool take_person(struct request *r, struct db_row *row)
{
	r->account = db_text(row, "account");
	r->person = db_text(row, "person");
	r->department = db_text(row, "department");
	r->inspector = db_text(row, "inspector");
	r->departments = db_text(row, "departments");
	r->restricted = db_bool(row, "restricted");
	r->session = db_is_null(row, "session") ? 0 : db_int(row, "session");
	r->csrf = db_text(row, "csrf");
	const char *roles = db_text(row, "roles"), *language = db_text(row, "language");
	r->roles = 0;
	if (!row->bad && !roles_parse(bytes_of(roles), &r->roles))
		err_set(row->e, ERR_INTERNAL, "enter: roles %s", roles);
	r->roles |= WHO_PUBLIC | WHO_SIGNED_IN;
	r->language = strcmp(language, "en") == 0 ? "en" : "zh";
	return row->e->code == ERR_NONE;
}

/* The new secret is told only when the database has kept it: a reply that says it may not come
 * before the COMMIT, so this is a transaction of its own, once in a quarter of an hour. */
static void on_rotated(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	(void)rows;
	if (e->code != ERR_NONE) {
		reply_error(r, e);
		return;
	}
	reply_cookie(r, COOKIE_SESSION, r->fresh, 0);
	enter(r);
}

static void on_new_secret(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	struct err told = *e;
	bool rotated = false;
	if (rows != NULL && rows->n > 0) {
		struct db_row row = db_row(rows, 0, r->arena, &told);
		rotated = db_bool(&row, "rotated");
	}
	if (told.code != ERR_NONE) {
		reply_error(r, &told);
		return;
	}
	if (!rotated) {
		/* another request of the same browser was faster, and tells it */
		go_on(r);
		return;
	}
	struct tx *t = r->tx;
	r->tx = NULL;
	tx_end(t, true, on_rotated, r);
}

static void rotate(struct request *r)
{
	unsigned char secret[32];
	char *text = arena_alloc(r->arena, PART_SECRET + 1);
	randombytes_buf(secret, sizeof secret);
	sodium_bin2base64(text, PART_SECRET + 1, secret, sizeof secret,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	r->fresh = text;
	request_statement(r, &queries[Q_web_session_rotate],
		(const struct db_param[]){ DB_TEXT(hash_of(r, bytes_of(text))) }, on_new_secret);
}

/* Nobody with an account stands behind the socket: he is one of the public. */
static void enter_public(struct request *r)
{
	struct err e = { 0 };
	struct tx *t = r->tx;
	r->tx = NULL;
	tx_end(t, true, NULL, NULL);
	r->via = VIA_PUBLIC;
	if (r->route->who & WHO_PUBLIC) {
		go_on(r);
		return;
	}
	err_set(&e, ERR_SIGN_IN_NEEDED, "%s", r->path);
	refuse(r, &e);
}

struct refusal {
	struct request *request;
	struct err e;
};

static void on_refusal_kept(void *ctx, const struct db_rows *rows, const struct err *e)
{
	const struct refusal *f = ctx;
	(void)rows;
	refuse(f->request, e->code != ERR_NONE ? e : &f->e);
}

/* enter() names the error; what it wrote stays, and before it is told: whoever hears that a session
 * has ended finds it ended. */
static void enter_refused(struct request *r, const char *name)
{
	struct refusal *f = arena_calloc(r->arena, 1, sizeof *f);
	enum err_code code = ERR_SIGN_IN_NEEDED;
	if (!err_named(name, strlen(name), &code))
		code = ERR_INTERNAL;
	if (r->via == VIA_PEER && err_row(code)->http == 401) {
		enter_public(r);
		return;
	}
	struct tx *t = r->tx;
	r->tx = NULL;
	f->request = r;
	err_set(&f->e, code, "%s", code == ERR_SCOPE ? r->token_scope : r->path);
	tx_end(t, true, on_refusal_kept, f);
}

static void on_entered(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	struct err told = *e;
	if (rows == NULL || rows->n != 1) {
		if (told.code == ERR_NONE)
			err_set(&told, ERR_INTERNAL, "enter");
		reply_error(r, &told);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &told);
	const char *refused = db_text(&row, "refused");
	if (!row.bad && refused[0] != '\0') {
		enter_refused(r, refused);
		return;
	}
	bool renew = db_bool(&row, "renew");
	if (!take_person(r, &row))
		reply_error(r, &told);
	else if (renew && r->via == VIA_SESSION && r->fresh == NULL && !r->streaming)
		rotate(r);
	else
		go_on(r);
}

static void enter(struct request *r)
{
	const struct route *route = r->route;
	r->token_scope = route->scope == NULL ? ""
					      : arena_printf(r->arena, "%s:%s", route->scope,
							request_reads(r) ? "read" : "write");
	request_log_query(r, "web_enter");
	r->tx = tx_begin(r->web->pool, &queries[Q_web_enter],
		(const struct db_param[]){ DB_TEXT(vias[r->via]), DB_TEXT(r->secret),
			DB_TEXT(r->address), DB_TEXT(route->name), DB_TEXT(r->token_scope),
			DB_TEXT(r->reason), DB_TEXT(r->day),
			DB_INT(clock_now(&r->web->process->conf)) },
		on_entered, r);
}

/* What is told alike to everybody asks nobody who he is. */
static bool is_for_all(const struct route *route)
{
	return (route->who & WHO_PUBLIC) != 0 && route->scope == NULL && route->kind != ROUTE_OPEN;
}

void who_ask(struct request *r)
{
	struct err e = { 0 };
	if (!check_proxy(r, &e)) {
		reply_error(r, &e);
		return;
	}
	if (is_for_all(r->route)) {
		request_allowed(r);
		return;
	}
	if (!find_circumstances(r, &e)) {
		reply_error(r, &e);
		return;
	}
	if (r->route->kind == ROUTE_OPEN) {
		if (check_origin(r, &e))
			request_allowed(r);
		else
			reply_error(r, &e);
		return;
	}
	if (!find_credentials(r, &e))
		refuse(r, &e);
	else if (r->via != VIA_PUBLIC)
		enter(r);
	else if (r->route->who & WHO_PUBLIC)
		go_on(r);
	else
		reply_code(r, ERR_SIGN_IN_NEEDED, "%s", r->path);
}

/* ---- leaving and coming back -------------------------------------------------------------- */

/* A stream comes back with what it came with, and an old secret is a sign of theft. */
void who_renewed(struct request *r, const char *secret)
{
	struct request *other;
	LIST_FOREACH (other, &r->web->requests, others)
		if (r->session != 0 && other->session == r->session)
			other->secret = hash_of(other, bytes_of(secret));
}

static void on_released(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	request_handler *then = r->again;
	(void)rows;
	r->again = NULL;
	if (e->code == ERR_NONE)
		then(r);
	else
		reply_error(r, e);
}

static void release_later(struct request *r)
{
	request_handler *then = r->again;
	r->again = NULL;
	then(r);
}

void request_release(struct request *r, request_handler *then)
{
	struct tx *t = r->tx;
	r->again = then;
	r->tx = NULL;
	r->key_kept = r->key != NULL;
	if (t != NULL)
		tx_end(t, true, on_released, r);
	else
		request_later(r, 0, release_later);
}

void request_again(struct request *r, request_handler *then)
{
	r->again = then;
	if (r->via == VIA_PUBLIC)
		request_later(r, 0, release_later);
	else
		enter(r);
}
