/* login, logout, whoami, password, totp: what a person does about his own account. A password goes
 * to POST /session only; what a profile keeps is an access token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/session.h"
#include "daemon/ctl/verbs.h"

enum { TOKEN_DAYS = 30, NAME_MAX_BYTES = 100 };

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

static bool change_password(struct ctl *c, const char *old, struct reply *reply, int *exit_code)
{
	char *fresh = new_password(c);
	*exit_code = CTL_USAGE;
	if (fresh == NULL)
		return false;
	json_t *body = json_pack("{s:s, s:s}", "old", old, "new", fresh);
	forget(fresh);
	if (body == NULL) {
		*exit_code = tell(c, ERR_BAD_UTF8, "%s", "");
		return false;
	}
	*exit_code = CTL_OK;
	if (!client_post(c, "/api/v1/session/password", body, reply, exit_code))
		return false;
	remark(c, "%s", TR(c, "密码已更改", "the password is changed"));
	return go_on(c, reply);
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
	char *code = ask_line(
		c, TR(c, "身份验证器显示的 6 位动态验证码：", "the 6 digits it shows: "), 0);
	*exit_code = CTL_USAGE;
	if (code == NULL)
		return false;
	*exit_code = CTL_OK;
	if (!client_send(c, confirm, json_pack("{s:s}", "code", code), reply, exit_code))
		return false;
	remark(c, "%s", TR(c, "动态验证码已启用", "the second factor is set up"));
	return go_on(c, reply);
}

/* What the account still lacks before it may do anything else: a password of its own, then a second
 * factor. */
static bool complete(struct ctl *c, json_t *session, const char *password, int *exit_code)
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

/* ---- profiles ------------------------------------------------------------------------------- */

static const char *login_name(const struct ctl *c)
{
	const char *named = getenv("DRAWD_PROFILE");
	if (c->o.profile != NULL)
		return c->o.profile;
	return named != NULL && named[0] != '\0' ? named : "default";
}

static bool make_token(struct ctl *c, struct reply *reply, int *exit_code)
{
	char host[NAME_MAX_BYTES] = "";
	gethostname(host, sizeof host - 1);
	const char *name =
		c->o.name != NULL ? c->o.name : arena_printf(c->arena, "drawctl@%s", host);
	json_t *body = json_pack("{s:s, s:s, s:I}", "name", name, "scopes",
		c->o.scopes != NULL ? c->o.scopes : "*", "days",
		(json_int_t)(c->o.days != NULL ? strtoll(c->o.days, NULL, 10) : TOKEN_DAYS));
	if (body != NULL)
		return client_post(c, "/api/v1/tokens", body, reply, exit_code);
	*exit_code = tell(c, ERR_BAD_UTF8, "--name, --scopes");
	return false;
}

static int save_profile(struct ctl *c, const char *account, const char *token)
{
	struct profiles all;
	struct profile mine = c->profile;
	struct err e = { 0 };
	if (!profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e))
		return tell_error(c, &e);
	mine.name = login_name(c);
	mine.account = account;
	mine.token = token;
	profiles_put(&all, &mine, c->arena);
	if (!profiles_store(&all, c->arena, &e))
		return tell_error(c, &e);
	remark(c,
		TR(c, "已登录为 %s，凭据 \"%s\" 存于 %s",
			"signed in as %s; profile \"%s\" is kept in %s"),
		account, mine.name, all.file);
	return CTL_OK;
}

/* Before anything is asked: can what comes of it be kept? */
static bool profiles_usable(struct ctl *c)
{
	struct profiles all;
	struct err e = { 0 };
	if (profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e))
		return true;
	tell_error(c, &e);
	return false;
}

int ctl_login(struct ctl *c)
{
	struct reply session, token;
	char *password = NULL;
	int code;
	if (!profiles_usable(c))
		return CTL_USAGE;
	if (sign_in(c, &password, &session, &code)) {
		if (complete(c, session.json, password, &code) && make_token(c, &token, &code))
			code = save_profile(c, member_text(session.json, "account"),
				member_text(token.json, "token"));
		sign_out(c);
	}
	forget(password);
	return code;
}

/* The token ends on the server, then it is forgotten here. */
int ctl_logout(struct ctl *c)
{
	struct reply reply;
	struct profiles all;
	struct err e = { 0 };
	int code = CTL_OK;
	struct call end = {
		.method = "DELETE", .path = "/api/v1/session", .expected = ERR_SESSION_ENDED
	};
	if (c->profile.token[0] == '\0')
		return tell(c, ERR_NO_PROFILE, "%s", login_name(c));
	if (!client_call(c, &end, &reply, &code) && code != CTL_OK)
		return code;
	if (!profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e))
		return tell_error(c, &e);
	c->profile.token = "";
	profiles_put(&all, &c->profile, c->arena);
	if (!profiles_store(&all, c->arena, &e))
		return tell_error(c, &e);
	remark(c,
		TR(c, "已退出，凭据 \"%s\" 的访问令牌已终止",
			"signed out; the token of profile \"%s\" has ended"),
		c->profile.name);
	return CTL_OK;
}

int ctl_profile_list(struct ctl *c)
{
	struct profiles all;
	struct err e = { 0 };
	json_t *rows = json_array();
	if (!profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e)) {
		json_decref(rows);
		return tell_error(c, &e);
	}
	for (size_t i = 0; i < all.n; i++) {
		const struct profile *p = &all.all[i];
		const char *where = p->url[0] ? p->url : p->socket;
		bool standard = strcmp(p->name, c->profile.name) == 0;
		json_array_append_new(
			rows, json_pack("{s:s, s:s, s:s, s:b, s:b}", "name", p->name, "account",
				      p->account, "address", where, "token", p->token[0] != '\0',
				      "default", standard));
		if (!c->o.json)
			printf("%s %s  %s  %s%s\n", standard ? "*" : " ", p->name, p->account,
				where, p->token[0] ? "" : TR(c, "（没有令牌）", " (no token)"));
	}
	if (c->o.json) {
		json_dumpf(rows, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(rows);
	return CTL_OK;
}

/* ---- whoami --------------------------------------------------------------------------------- */

static void show_joined(struct ctl *c, const char *title, json_t *list, bool words)
{
	size_t i;
	json_t *v;
	printf("%s%s", title, TR(c, "：", ": "));
	json_array_foreach(list, i, v)
	{
		printf("%s", i > 0 ? "," : "");
		put_clean(words ? word_of(c, json_string_value(v)) : json_string_value(v));
	}
	putchar('\n');
}

int ctl_whoami(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, "/api/v1/session", &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *o = reply.json;
	printf("%s  ", member_text(o, "account"));
	put_clean(member_text(o, "name"));
	printf("  %s\n", member_text(o, "department"));
	show_joined(c, TR(c, "角色", "roles"), json_object_get(o, "roles"), true);
	show_joined(c, TR(c, "可查看的部门", "departments it reads"),
		json_object_get(o, "departments"), false);
	if (member_text(o, "inspector")[0] != '\0')
		printf(TR(c, "执法检查人员 %s\n", "inspector %s\n"), member_text(o, "inspector"));
	if (json_is_true(json_object_get(o, "restricted")))
		puts(TR(c, "须先更改初始密码或启用动态验证码：drawctl password，drawctl totp",
			"a new password or its second factor is still missing: drawctl password, drawctl totp"));
	return CTL_OK;
}
