/* Who a request says it is from, where from, and why: Authorization, the session's cookie, the
 * trusted proxy's field, the user behind a Unix socket. Whether it is true drawd.enter() judges. */
#include <event2/bufferevent.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "daemon/secret.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

enum { REASON_MAX = 1000, AGENT_MAX = 200, NAME_MAX_BYTES = 64 };

const char *const via_names[] = { [VIA_PUBLIC] = "public",
	[VIA_SESSION] = "session",
	[VIA_TOKEN] = "token",
	[VIA_PEER] = "peer",
	[VIA_PROXY] = "proxy" };

/* ---- credentials -------------------------------------------------------------------------- */

const char *credentials_hash(struct request *r, struct bytes secret)
{
	return secret_hex(arena_alloc(r->arena, SECRET_HEX), secret);
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

bool credentials_of_proxy(struct request *r, struct err *e)
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
	return use(r, VIA_SESSION, credentials_hash(r, bytes_of(secret)));
}

static bool has_session_cookie(const struct request *r)
{
	const char *field = request_header(r, "Cookie");
	return field != NULL && part_cookie_stands(field, cookie_name(r, COOKIE_SESSION));
}

bool credentials_find(struct request *r, struct err *e)
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
		return use(r, VIA_TOKEN, credentials_hash(r, token));
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

/* Sign-ins are counted by it, so that nobody holds up another: each user of the machine is a source
 * of his own, and a proxy says for whom it asks. */
static const char *find_address(struct request *r)
{
	struct evhttp_connection *c = evhttp_request_get_connection(r->http);
	struct ucred peer;
	char *address = NULL;
	ev_uint16_t port;
	if (r->door == DOOR_PROXY) {
		struct bytes last = part_forwarded(form_last(r, "X-Forwarded-For"));
		return last.n > 0 ? arena_strndup(r->arena, last.p, last.n) : "proxy";
	}
	if (r->door == DOOR_SOCKET)
		return peer_of(r, &peer)
			       ? arena_printf(r->arena, "unix:%lu", (unsigned long)peer.uid)
			       : "unix";
	evhttp_connection_get_peer(c, &address, &port);
	return address != NULL ? arena_strdup(r->arena, address) : "";
}

const char *credentials_address(struct request *r)
{
	if (r->address[0] == '\0' && r->http != NULL)
		r->address = find_address(r);
	return r->address;
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

bool credentials_circumstances(struct request *r, struct err *e)
{
	const char *language = request_header(r, "Accept-Language");
	credentials_address(r);
	r->agent = clean_text(r, request_header(r, "User-Agent"), AGENT_MAX);
	if (language != NULL && evutil_ascii_strncasecmp(language, "en", 2) == 0)
		r->language = "en";
	return find_reason(r, e);
}
