/* Signing in and out, passwords, second factors, access tokens. What is secret is judged by the
 * process `auth` (daemon/authclient.h); here the answers become cookies. Nothing secret is written
 * to the log, told to the database, or kept behind an Idempotency-Key. */
#include <stdio.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/auth_password.h"
#include "daemon/authclient.h"
#include "daemon/secret.h"

enum { DEVICE_SECONDS = 31536000, TOKEN_DAYS = 366, CODE_MAX = 32 };

#define TEXT_OF(type, member, text, needed, least, most, in_zh, in_en) \
	{ \
		.name = text, .kind = JSON_TEXT, .offset = offsetof(struct type, member), \
		.required = needed, .min = least, .max = most, .zh = in_zh, .en = in_en \
	}
#define SECRET_OF(type, member, text, needed, least, most, in_zh, in_en) \
	{ \
		.name = text, .kind = JSON_TEXT, .offset = offsetof(struct type, member), \
		.required = needed, .min = least, .max = most, .zh = in_zh, .en = in_en, \
		.secret = true \
	}

/* ---- bodies ------------------------------------------------------------------------------- */

struct sign_in {
	const char *account, *password, *code;
};
static const struct json_field sign_in_fields[] = {
	{ .name = "account",
		.kind = JSON_TOKEN,
		.offset = offsetof(struct sign_in, account),
		.required = true,
		.zh = "账号",
		.en = "account" },
	SECRET_OF(sign_in, password, "password", true, 1, PASSWORD_BYTES, "密码", "password"),
	SECRET_OF(sign_in, code, "code", false, 0, CODE_MAX, "动态验证码，启用后必填",
		"code of the second factor, where the account has one"),
	{ 0 },
};
const struct json_form sign_in_form = { sign_in_fields, sizeof(struct sign_in),
	&(const struct sign_in){ "", "", "" } };

struct new_password {
	const char *old, *fresh, *others;
};
static const struct json_field password_fields[] = {
	SECRET_OF(new_password, old, "old", true, 1, PASSWORD_BYTES, "原密码", "the old password"),
	SECRET_OF(new_password, fresh, "new", true, 1, PASSWORD_BYTES,
		"新密码：10 至 128 个字符，至少 4 个字母（一个汉字算两个）",
		"the new one: 10 to 128 characters, at least 4 letters"),
	{ .name = "others",
		.kind = JSON_TEXT,
		.offset = offsetof(struct new_password, others),
		.min = 3,
		.max = 4,
		.zh = "本账号其余的登录和访问令牌：end 终止（缺省），keep 保留",
		.en = "other sessions and the access tokens of the account: end, which it is if not said, or keep",
		.one_of = "end,keep" },
	{ 0 },
};
const struct json_form password_form = { password_fields, sizeof(struct new_password),
	&(const struct new_password){ "", "", "end" } };

struct totp_code {
	const char *code;
};
static const struct json_field totp_fields[] = {
	SECRET_OF(totp_code, code, "code", true, 1, CODE_MAX, "身份验证器显示的 6 位动态验证码",
		"the 6 digits that the authenticator shows"),
	{ 0 },
};
const struct json_form totp_form = { totp_fields, sizeof(struct totp_code),
	&(const struct totp_code){ "" } };

struct new_token {
	const char *name, *scopes, *account;
	int64_t days;
};
static const struct json_field token_fields[] = {
	TEXT_OF(new_token, name, "name", true, 1, 100, "用途", "what it is for"),
	TEXT_OF(new_token, scopes, "scopes", true, 1, 500,
		"范围，如 rounds:read,files:write；* 为全部",
		"scopes such as rounds:read,files:write; * for all"),
	{ .name = "days",
		.kind = JSON_INT64,
		.offset = offsetof(struct new_token, days),
		.required = true,
		.min = 1,
		.max = TOKEN_DAYS,
		.zh = "有效天数",
		.en = "days it is valid" },
	{ .name = "account",
		.kind = JSON_TOKEN,
		.offset = offsetof(struct new_token, account),
		.zh = "服务账号；不填为本账号",
		.en = "a service account that one answers for; left out: oneself" },
	{ 0 },
};
const struct json_form token_form = { token_fields, sizeof(struct new_token),
	&(const struct new_token){ "", "", "", 0 } };

/* ---- questions to auth -------------------------------------------------------------------- */

static struct buf question(struct request *r, const char *verb)
{
	struct buf b = buf_new(r->arena, 2048);
	buf_str(&b, verb);
	buf_str(&b, " {");
	json_put_member(&b, "address", bytes_of(r->address));
	json_put_member(&b, "agent", bytes_of(r->agent));
	return b;
}

/* Who asks, as drawd.enter() is told. */
static void put_asker(struct buf *b, const struct request *r)
{
	json_put_member(b, "kind", bytes_of(via_names[r->via]));
	json_put_member(b, "secret", bytes_of(r->secret));
}

static void put_device(struct buf *b, const struct request *r)
{
	const char *device = request_cookie(r, COOKIE_DEVICE);
	json_put_member(b, "device", bytes_of(device != NULL ? device : ""));
}

/* The body and the question hold what nobody else is to find in memory. */
static void ask(struct request *r, struct buf *b, authclient_done *done)
{
	buf_byte(b, '}');
	authclient_ask(r->web->auth, buf_view(b), r->address, done, r);
	secret_wipe(buf_view(b));
	secret_wipe(r->body);
}

/* What auth may tell. */
struct told {
	const char *token, *device, *csrf, *account, *needs, *secret, *uri, *password;
	bool restricted;
	int64_t ends, half, sessions, tokens;
};
#define TOLD(member, most) TEXT_OF(told, member, #member, false, 0, most, NULL, NULL)
static const struct json_field told_fields[] = {
	TOLD(token, 64),
	TOLD(device, 64),
	TOLD(csrf, 64),
	TOLD(account, 32),
	TOLD(needs, 64),
	TOLD(secret, 64),
	TOLD(uri, 512),
	TOLD(password, 64),
	{ .name = "restricted", .kind = JSON_FLAG, .offset = offsetof(struct told, restricted) },
	{ .name = "ended_sessions",
		.kind = JSON_INT64,
		.offset = offsetof(struct told, sessions),
		.max = INT64_MAX },
	{ .name = "ended_tokens",
		.kind = JSON_INT64,
		.offset = offsetof(struct told, tokens),
		.max = INT64_MAX },
	{ .name = "half", .kind = JSON_INT64, .offset = offsetof(struct told, half), .max = 2 },
	{ .name = "ends",
		.kind = JSON_INT64,
		.offset = offsetof(struct told, ends),
		.max = INT64_MAX },
	{ 0 },
};

static bool refused(struct request *r, const struct auth_answer *answer)
{
	char seconds[24];
	if (answer->e->code == ERR_NONE)
		return false;
	snprintf(seconds, sizeof seconds, "%lld", (long long)answer->after);
	if (answer->e->code == ERR_TRY_LATER)
		reply_header(r, "Retry-After", seconds);
	if (answer->e->code == ERR_WEAK_PASSWORD)
		r->field = "new";
	if (answer->e->code == ERR_BAD_PASSWORD)
		r->field = "old";
	if (answer->e->code == ERR_BAD_CODE)
		r->field = "code";
	reply_error(r, answer->e);
	return true;
}

/* False after a reply. */
static bool take(struct request *r, const struct auth_answer *answer, struct told *t)
{
	struct err e = { 0 };
	const char *field = NULL;
	*t = (struct told){ "", "", "", "", "", "", "", "", false, 0, 0, 0, 0 };
	if (refused(r, answer))
		return false;
	if (json_read_object(answer->json, told_fields, t, r->arena, &field, &e))
		return true;
	reply_code(r, ERR_INTERNAL, "an answer of auth");
	return false;
}

/* The session goes on, or begins, under a new token: a cookie, never a member of the body. */
static void put_session(struct request *r, struct buf *b, const struct told *t)
{
	reply_cookie(r, COOKIE_SESSION, t->token, 0);
	if (t->device[0] != '\0')
		reply_cookie(r, COOKIE_DEVICE, t->device, DEVICE_SECONDS);
	buf_byte(b, '{');
	json_put_member(b, "account", bytes_of(t->account));
	json_put_flag(b, "restricted", t->restricted);
	json_put_member(b, "needs", bytes_of(t->needs));
	json_put_member(b, "csrf", bytes_of(t->csrf));
	json_put_number(b, "ends", t->ends);
}

static void on_session(void *ctx, const struct auth_answer *answer)
{
	struct request *r = ctx;
	struct told t;
	struct buf b = buf_new(r->arena, 256);
	if (!take(r, answer, &t))
		return;
	put_session(r, &b, &t);
	buf_byte(&b, '}');
	reply_json(r, r->route->status != 0 ? r->route->status : 200, buf_view(&b));
}

static void on_password(void *ctx, const struct auth_answer *answer)
{
	struct request *r = ctx;
	struct told t;
	struct buf b = buf_new(r->arena, 256);
	if (!take(r, answer, &t))
		return;
	put_session(r, &b, &t);
	json_put_number(&b, "ended_sessions", t.sessions);
	json_put_number(&b, "ended_tokens", t.tokens);
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

/* ---- in and out --------------------------------------------------------------------------- */

void session_new(struct request *r)
{
	const struct sign_in *s = r->sent;
	struct buf b = question(r, "sign-in");
	json_put_member(&b, "account", bytes_of(s->account));
	json_put_member(&b, "password", bytes_of(s->password));
	json_put_member(&b, "code", bytes_of(s->code));
	put_device(&b, r);
	ask(r, &b, on_session);
	secret_wipe(bytes_of(s->password));
	secret_wipe(bytes_of(s->code));
}

void session_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_whoami, reply_row_json, DB_TEXT(r->csrf));
}

/* A function of the database says whether there was something to end. */
static void tell_ended(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	bool ended = db_bool(&row, "ended");
	if (row.bad)
		reply_error(r, &e);
	else if (!ended)
		reply_missing(r);
	else
		reply_done(r);
}

static void tell_signed_out(struct request *r, const struct db_rows *rows)
{
	if (r->via == VIA_SESSION)
		reply_cookie(r, COOKIE_SESSION, NULL, 0);
	tell_ended(r, rows);
}

void session_delete(struct request *r)
{
	if (r->via == VIA_SESSION || r->via == VIA_TOKEN)
		request_ask(r, Q_web_sign_out, NULL, tell_signed_out);
	else
		reply_code(r, ERR_NOT_SIGNED_IN, "%s", r->account);
}

void session_end(struct request *r)
{
	REQUEST_ASK(r, Q_web_session_end, tell_ended, DB_INT(request_arg_id(r, 0)));
}

/* ---- what one signs in with --------------------------------------------------------------- */

/* These are done by auth in a transaction of its own, which may want rows that ours holds. */
static void release_to(struct request *r, request_handler *then)
{
	if (r->via == VIA_SESSION)
		request_release(r, then);
	else
		reply_code(r, ERR_NOT_ALLOWED, "a session is wanted: sign in with the password");
}

static void ask_password(struct request *r)
{
	const struct new_password *p = r->sent;
	struct buf b = question(r, "password");
	json_put_member(&b, "old", bytes_of(p->old));
	json_put_member(&b, "new", bytes_of(p->fresh));
	json_put_member(&b, "others", bytes_of(p->others));
	put_device(&b, r);
	put_asker(&b, r);
	ask(r, &b, on_password);
	secret_wipe(bytes_of(p->old));
	secret_wipe(bytes_of(p->fresh));
}

void session_password(struct request *r)
{
	release_to(r, ask_password);
}

static void on_totp(void *ctx, const struct auth_answer *answer)
{
	struct request *r = ctx;
	struct told t;
	struct buf b = buf_new(r->arena, 512);
	if (!take(r, answer, &t))
		return;
	buf_byte(&b, '{');
	json_put_member(&b, "secret", bytes_of(t.secret));
	json_put_member(&b, "uri", bytes_of(t.uri));
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

static void ask_totp(struct request *r)
{
	struct buf b = question(r, "totp-new");
	put_asker(&b, r);
	ask(r, &b, on_totp);
}

void totp_new(struct request *r)
{
	release_to(r, ask_totp);
}

static void ask_confirm(struct request *r)
{
	const struct totp_code *c = r->sent;
	struct buf b = question(r, "totp-confirm");
	json_put_member(&b, "code", bytes_of(c->code));
	put_asker(&b, r);
	ask(r, &b, on_session);
}

void totp_confirm(struct request *r)
{
	release_to(r, ask_confirm);
}

/* ---- a first password for somebody else --------------------------------------------------- */

static void on_first(void *ctx, const struct auth_answer *answer)
{
	struct request *r = ctx;
	struct told t;
	struct buf b = buf_new(r->arena, 256);
	if (!take(r, answer, &t))
		return;
	buf_byte(&b, '{');
	json_put_member(&b, "account", bytes_of(t.account));
	json_put_number(&b, "half", t.half);
	json_put_member(&b, "password", bytes_of(t.password));
	json_put_number(&b, "ends", t.ends);
	buf_byte(&b, '}');
	reply_json(r, 201, buf_view(&b));
}

static void ask_first(struct request *r)
{
	struct buf b = question(r, "password-first");
	json_put_member(&b, "account", r->arg[0]);
	put_asker(&b, r);
	ask(r, &b, on_first);
}

void account_password(struct request *r)
{
	request_release(r, ask_first);
}

/* ---- access tokens ------------------------------------------------------------------------ */

static bool scope_known(struct bytes scope)
{
	for (const struct route *route = routes; route->run != NULL; route++)
		if (route->scope != NULL && bytes_is(scope, route->scope))
			return true;
	return false;
}

/* "*", or words like rounds:read that some route asks for. */
static bool scopes_good(const char *scopes)
{
	struct bytes rest = bytes_of(scopes);
	bool more = true;
	if (strcmp(scopes, "*") == 0)
		return true;
	while (more) {
		bool colon;
		struct bytes word = bytes_cut(&rest, ',', &more);
		struct bytes scope = bytes_cut(&word, ':', &colon);
		if (!scope_known(scope) || !(bytes_is(word, "read") || bytes_is(word, "write")))
			return false;
	}
	return true;
}

static void tell_token(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct buf b = buf_new(r->arena, 256);
	struct db_row row = db_row(rows, 0, r->arena, &e);
	buf_byte(&b, '{');
	json_put_number(&b, "id", db_int(&row, "id"));
	json_put_member(&b, "token", bytes_of(r->ctx));
	json_put_number(&b, "ends", db_int(&row, "ends"));
	buf_byte(&b, '}');
	if (row.bad)
		reply_error(r, &e);
	else
		reply_json(r, 201, buf_view(&b));
}

/* A new secret (r->ctx, "drawd_…") and its hash: the database is told the hash alone. */
static const char *make_secret(struct request *r)
{
	char text[SECRET_SIZE], *hex = arena_alloc(r->arena, SECRET_HEX);
	secret_make(text);
	secret_hex(hex, bytes_of(text));
	r->ctx = arena_printf(r->arena, "drawd_%s", text);
	secret_wipe(bytes_of(text));
	return hex;
}

void token_new(struct request *r)
{
	const struct new_token *t = r->sent;
	if (!scopes_good(t->scopes)) {
		reply_field(r, "scopes", ERR_BAD_SCOPE, "%.200s", t->scopes);
		return;
	}
	REQUEST_ASK(r, Q_web_token_new, tell_token, DB_TEXT(t->account), DB_TEXT(t->name),
		DB_TEXT(make_secret(r)), DB_TEXT(t->scopes), DB_INT(t->days));
}

void token_end(struct request *r)
{
	REQUEST_ASK(r, Q_web_token_end, tell_ended, DB_INT(request_arg_id(r, 0)));
}
