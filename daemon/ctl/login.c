/* login, logout, whoami, profile list: what a profile keeps is an access token, never a password.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/session.h"
#include "daemon/ctl/verbs.h"

enum { TOKEN_DAYS = 30, NAME_MAX_BYTES = 100 };

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

/* The profile is used from any folder. */
static const char *whole_path(struct ctl *c, const char *path)
{
	char *whole = path[0] != '\0' ? realpath(path, NULL) : NULL;
	const char *copy = arena_strdup(c->arena, whole != NULL ? whole : path);
	free(whole);
	return copy;
}

/* The token that the profile had ends, where it was one of the same drawd: nobody else gets to see
 * it. That it cannot be ended any more is no failure of the login. */
static void end_replaced(struct ctl *c, const struct profile *old)
{
	struct reply reply;
	int code = CTL_OK;
	struct call end = {
		.method = "DELETE", .path = "/api/v1/session", .expected = ERR_SESSION_ENDED
	};
	bool same = strcmp(old->url, c->profile.url) == 0 &&
		    strcmp(whole_path(c, old->socket), c->profile.socket) == 0;
	if (old->token[0] == '\0')
		return;
	c->profile.token = old->token;
	if (same && client_call(c, &end, &reply, &code))
		remark(c, TR(c, "凭据原有的访问令牌已终止",
				  "the token that the profile had has ended"));
	else if (!same || code != CTL_OK)
		remark(c,
			TR(c, "凭据原有的访问令牌（%s）仍然有效，到期为止：drawctl token list",
				"the token that the profile had (%s) lives on until its end: drawctl token list"),
			old->account);
}

static int save_profile(struct ctl *c, const char *account, const char *token, struct profile *old)
{
	struct profiles all;
	struct profile mine = c->profile;
	struct err e = { 0 };
	if (!profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, &e))
		return tell_error(c, &e);
	mine.name = login_name(c);
	mine.account = account;
	mine.token = token;
	mine.socket = whole_path(c, mine.socket);
	mine.ca = whole_path(c, mine.ca);
	const struct profile *there = profiles_find(&all, mine.name);
	if (there != NULL)
		*old = *there;
	profiles_put(&all, &mine, c->arena);
	if (!profiles_store(&all, c->arena, &e))
		return tell_error(c, &e);
	c->profile = mine;
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
	struct profile old = { "", "", "", "", "", "", "" };
	char *password = NULL;
	int code;
	if (!profiles_usable(c))
		return CTL_USAGE;
	if (sign_in(c, &password, &session, &code)) {
		if (session_complete(c, session.json, password, &code) &&
			make_token(c, &token, &code))
			code = save_profile(c, member_text(session.json, "account"),
				member_text(token.json, "token"), &old);
		sign_out(c);
		if (code == CTL_OK)
			end_replaced(c, &old);
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
	if (json_is_boolean(json_object_get(o, "totp")))
		puts(json_is_true(json_object_get(o, "totp"))
				? TR(c, "动态验证码：已启用", "second factor: set up")
				: TR(c, "动态验证码：未启用（drawctl totp）",
					  "second factor: none (drawctl totp)"));
	if (json_is_true(json_object_get(o, "restricted")))
		puts(TR(c, "须先更改初始密码或启用动态验证码：drawctl password，drawctl totp",
			"a new password or its second factor is still missing: drawctl password, drawctl totp"));
	return CTL_OK;
}
