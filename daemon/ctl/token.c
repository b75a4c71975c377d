/* token new; session end, token end. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/ctl/session.h"
#include "daemon/ctl/verbs.h"

enum { TOKEN_DAYS = 365 };

/* A token makes no tokens: whoever has one in his profile signs in. */
static bool enter(struct ctl *c, char **password, int *code)
{
	struct reply reply;
	*password = NULL;
	if (c->profile.token[0] == '\0' && c->profile.account[0] == '\0' && c->o.account == NULL)
		return true; /* the socket tells who it is */
	return sign_in(c, password, &reply, code);
}

static int make_token(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_pack("{s:s, s:s, s:I, s:s*}", "name", c->o.arg[0], "scopes",
		c->o.scopes, "days",
		(json_int_t)(c->o.days != NULL ? strtoll(c->o.days, NULL, 10) : TOKEN_DAYS),
		"account", c->o.holder);
	if (body == NULL)
		return tell(c, ERR_BAD_UTF8, "%s", c->o.arg[0]);
	if (!client_post(c, "/api/v1/tokens", body, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%s\n", member_text(reply.json, "token"));
	remark(c,
		TR(c, "令牌 %lld，有效至 %s；只显示这一次",
			"token %lld, until %s; it is shown once"),
		(long long)member_int(reply.json, "id"),
		time_text(c, member_int(reply.json, "ends")));
	return CTL_OK;
}

/* A token of one's own, or of a service account that one keeps: shown once. */
int ctl_token_new(struct ctl *c)
{
	char *password;
	int code = CTL_OK;
	if (enter(c, &password, &code)) {
		code = make_token(c);
		if (password != NULL)
			sign_out(c);
	}
	forget(password);
	return code;
}

/* DELETE of what the verb's `with` names: "/api/v1/tokens/". */
int ctl_end(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(
		c->arena, "%s%s", (const char *)c->verb->with, url_text(c, c->o.arg[0]));
	if (client_send(
		    c, (struct call){ .method = "DELETE", .path = path }, NULL, &reply, &code) &&
		!c->o.quiet && !c->o.json)
		printf(TR(c, "%s 已终止\n", "%s has ended\n"), c->o.arg[0]);
	return code;
}
