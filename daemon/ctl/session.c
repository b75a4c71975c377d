/* Signing in, password, totp: what a person does about his own account. A password goes
 * to POST /session only; what a profile keeps is an access token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/session.h"
#include "daemon/ctl/verbs.h"

enum { PASSWORD_TRIES = 3 };

/* ---- sign in -------------------------------------------------------------------------------- */

/* The account: --account, the profile's, or what the person types. */
static const char *account_of(struct ctl *c)
{
	if (c->o.account != NULL)
		return c->o.account;
	if (c->profile.account[0] != '\0')
		return c->profile.account;
	return ask_line(c, TR(c, "账号：", "account: "), 0);
}

/* What the server knows this machine by from now on is kept in the profile, where there is one. */
static void keep_device(struct ctl *c)
{
	struct profiles all;
	struct profile *mine;
	struct err e = { 0 };
	const char *device = client_device(c);
	if (device == NULL)
		return;
	c->profile.device = device;
	if (profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e) &&
		(mine = profiles_find(&all, c->profile.name)) != NULL) {
		mine->device = device;
		profiles_store(&all, c->arena, &e);
	}
	if (e.code != ERR_NONE)
		tell_error(c, &e); /* one is signed in all the same */
}

bool sign_in(struct ctl *c, char **password, struct reply *reply, int *exit_code)
{
	const char *account = account_of(c);
	char *code = NULL;
	*exit_code = CTL_USAGE;
	*password = account == NULL ? NULL : ask_line(c, TR(c, "密码：", "password: "), ASK_SECRET);
	if (*password != NULL)
		code = ask_line(c,
			TR(c, "动态验证码（没有则直接回车）：",
				"code (empty where there is none): "),
			ASK_SECRET | ASK_BLANK);
	if (code == NULL)
		return false;
	json_t *body = json_pack("{s:s, s:s}", "account", account, "password", *password);
	if (body == NULL) {
		*exit_code = tell(c, ERR_BAD_UTF8, "%s", account);
		return false;
	}
	if (code[0] != '\0')
		set_text(body, "code", code);
	*exit_code = CTL_OK;
	if (!client_post(c, "/api/v1/session", body, reply, exit_code))
		return false;
	if (client_signed_in(c, member_text(reply->json, "csrf"))) {
		keep_device(c);
		return true;
	}
	*exit_code = tell(c, ERR_BAD_REPLY, "POST /api/v1/session");
	return false;
}

void sign_out(struct ctl *c)
{
	struct reply reply;
	int ignored;
	client_call(c,
		&(struct call){ .method = "DELETE",
			.path = "/api/v1/session",
			.expected = ERR_SESSION_ENDED },
		&reply, &ignored);
	client_signed_out(c);
}

/* A new password, typed twice where somebody types. */
static char *new_password(struct ctl *c)
{
	char *first = ask_line(c, TR(c, "新密码：", "new password: "), ASK_SECRET);
	if (first == NULL || isatty(STDIN_FILENO) != 1)
		return first;
	char *again = ask_line(c, TR(c, "再输入一次：", "once more: "), ASK_SECRET);
	if (again != NULL && strcmp(first, again) == 0) {
		forget(again);
		return first;
	}
	forget(first);
	if (again != NULL)
		tell(c, ERR_PASSWORDS_DIFFER, "%s", "");
	return NULL;
}

/* The session goes on under a new cookie. */
static bool go_on(struct ctl *c, const struct reply *reply)
{
	const char *csrf = member_text(reply->json, "csrf");
	return csrf[0] == '\0' || client_signed_in(c, csrf);
}

/* One that is refused as too weak is asked for again where somebody types; *again says so. */
static bool send_password(
	struct ctl *c, const char *old, struct reply *reply, bool *again, int *exit_code)
{
	char *fresh = new_password(c);
	*again = fresh == NULL;
	*exit_code = CTL_USAGE;
	if (fresh == NULL)
		return false;
	json_t *body = json_pack("{s:s, s:s}", "old", old, "new", fresh);
	forget(fresh);
	if (body == NULL) {
		*exit_code = tell(c, ERR_BAD_UTF8, "%s", "");
		return false;
	}
	if (c->o.keep)
		json_object_set_new(body, "others", json_string("keep"));
	*exit_code = CTL_OK;
	*reply = (struct reply){ .size = -1 };
	if (client_post(c, "/api/v1/session/password", body, reply, exit_code))
		return true;
	*again = strcmp(member_text(reply->json, "code"), err_row(ERR_WEAK_PASSWORD)->name) == 0;
	return false;
}

static void tell_changed(struct ctl *c, json_t *reply)
{
	long long sessions = member_int(reply, "ended_sessions"),
		  tokens = member_int(reply, "ended_tokens");
	remark(c, "%s", TR(c, "密码已更改", "the password is changed"));
	if (sessions + tokens > 0)
		remark(c,
			TR(c, "该账号的其余 %lld 次登录、%lld 个访问令牌已随之终止",
				"%lld other sessions and %lld access tokens of the account ended with it"),
			sessions, tokens);
	if (tokens > 0 && c->profile.token[0] != '\0' && c->verb->run == ctl_password)
		remark(c,
			TR(c, "凭据 \"%s\" 须重新登录：drawctl login",
				"profile \"%s\" has to sign in again: drawctl login"),
			c->profile.name);
}

static bool change_password(struct ctl *c, const char *old, struct reply *reply, int *exit_code)
{
	bool again = true;
	int left = isatty(STDIN_FILENO) == 1 ? PASSWORD_TRIES : 1;
	for (; left > 0 && again; left--)
		if (send_password(c, old, reply, &again, exit_code)) {
			tell_changed(c, reply->json);
			return go_on(c, reply);
		}
	return false;
}

/* The secret is shown once; the code proves that an authenticator has it. */
static bool set_up_totp(struct ctl *c, struct reply *reply, int *exit_code)
{
	struct call confirm = { .method = "PUT", .path = "/api/v1/session/totp" };
	if (!client_post(c, "/api/v1/session/totp", json_object(), reply, exit_code))
		return false;
	fprintf(stderr,
		TR(c, "请在身份验证器中添加（只显示这一次）：\n%s\n密钥：%s\n",
			"add this to an authenticator (it is shown once):\n%s\nsecret: %s\n"),
		member_text(reply->json, "uri"), member_text(reply->json, "secret"));
	if (isatty(STDERR_FILENO) == 1)
		show_qr(member_text(reply->json, "uri"));
	char *code = ask_line(
		c, TR(c, "身份验证器显示的 6 位动态验证码：", "the 6 digits it shows: "), 0);
	*exit_code = CTL_USAGE;
	if (code == NULL)
		return false;
	*exit_code = CTL_OK;
	if (!client_send(c, confirm, json_pack("{s:s}", "code", code), reply, exit_code))
		return false;
	remark(c, "%s",
		TR(c, "动态验证码已启用。每个验证码只用一次：下次登录请等身份验证器显示下一个",
			"the second factor is set up; a code works once: use the next one to sign in"));
	return go_on(c, reply);
}

bool session_complete(struct ctl *c, json_t *session, const char *password, int *exit_code)
{
	struct reply reply = { .json = session };
	if (strcmp(member_text(reply.json, "needs"), "password") == 0) {
		remark(c, "%s", TR(c, "初始密码须先更改", "the first password has to be changed"));
		if (!change_password(c, password, &reply, exit_code))
			return false;
	}
	if (strcmp(member_text(reply.json, "needs"), "totp") == 0) {
		remark(c, "%s",
			TR(c, "该账号须先启用动态验证码", "the account needs a second factor"));
		if (!set_up_totp(c, &reply, exit_code))
			return false;
	}
	return true;
}

int ctl_password(struct ctl *c)
{
	struct reply reply;
	char *password = NULL;
	int code;
	if (sign_in(c, &password, &reply, &code)) {
		change_password(c, password, &reply, &code);
		sign_out(c);
	}
	forget(password);
	return code;
}

int ctl_totp(struct ctl *c)
{
	struct reply reply;
	char *password = NULL;
	int code;
	if (sign_in(c, &password, &reply, &code)) {
		set_up_totp(c, &reply, &code);
		sign_out(c);
	}
	forget(password);
	return code;
}
