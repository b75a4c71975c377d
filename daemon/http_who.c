/* Who asks, and may he: drawd.enter() judges what he came with (http_credentials.c), row security
 * the rows; here is what the route table says, and the way in and out of the transaction. */
#include <sodium.h>
#include <string.h>

#include "daemon/askers.h"
#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "daemon/secret.h"

/* ---- rights ------------------------------------------------------------------------------- */

static bool check_roles(struct request *r, struct err *e)
{
	if ((r->route->who & r->roles) != 0)
		return true;
	if (r->restricted)
		return err_set(e, ERR_SECOND_FACTOR_NEEDED, "%s", r->account);
	r->may = r->route->who;
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
	if (r->via == VIA_SESSION && err_row(e->code)->http == 401 && !r->held)
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
	if (!row->bad)
		askers_learn(r->web->askers, via_names[r->via], r->secret, r->account);
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
	char *text = arena_alloc(r->arena, SECRET_SIZE);
	secret_make(text);
	r->fresh = text;
	request_statement(r, &queries[Q_web_session_rotate],
		(const struct db_param[]){ DB_TEXT(credentials_hash(r, bytes_of(text))) },
		on_new_secret);
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
	r->tx = tx_begin(r->web->pool, request_turn(r), &queries[Q_web_enter],
		(const struct db_param[]){ DB_TEXT(via_names[r->via]), DB_TEXT(r->secret),
			DB_TEXT(r->address), DB_TEXT(route->name), DB_TEXT(r->token_scope),
			DB_TEXT(r->reason), DB_INT(route->watches) },
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
	if (!credentials_of_proxy(r, &e)) {
		reply_error(r, &e);
		return;
	}
	if (is_for_all(r->route)) {
		request_allowed(r);
		return;
	}
	if (!credentials_circumstances(r, &e)) {
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
	if (!credentials_find(r, &e))
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
			other->secret = credentials_hash(other, bytes_of(secret));
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
