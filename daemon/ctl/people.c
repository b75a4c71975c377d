#include "daemon/ctl/people.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

/* ---- what is sent where --------------------------------------------------------------------- */

#define OPTION(member, option) \
	{ \
		member, option, 0, MOVE_TEXT \
	}
#define WORD(member, number) \
	{ \
		member, NULL, number, MOVE_TEXT \
	}
#define YES_NO(member, option) \
	{ \
		member, option, 0, MOVE_FLAG \
	}

/* The first of several --department. */
#define ACCOUNT_FIELDS \
	OPTION("name", "name"), OPTION("department", "department"), \
		OPTION("inspector", "inspector"), OPTION("os_user", "os-user"), \
		OPTION("sso_name", "sso-name"), OPTION("language", "language")

static const struct move_field nothing[] = { { 0 } };

static const struct move_field new_account[] = { WORD("id", 0), OPTION("kind", "kind"),
	OPTION("person", "person"), ACCOUNT_FIELDS, { 0 } };
const struct people_form account_new = { "/api/v1/accounts", new_account };

static const struct move_field changed_account[] = { ACCOUNT_FIELDS, { 0 } };
const struct people_form account_change = { "/api/v1/accounts/{}/change", changed_account };
const struct people_form account_disable = { "/api/v1/accounts/{}/disable", nothing };
const struct people_form account_enable = { "/api/v1/accounts/{}/enable", nothing };
const struct people_form account_reset = { "/api/v1/accounts/{}/reset", nothing };

static const struct move_field given_role[] = { WORD("role", 1), OPTION("department", "department"),
	OPTION("from", "from"), OPTION("to", "to"), { 0 } };
const struct people_form role_give = { "/api/v1/accounts/{}/roles", given_role };
const struct people_form role_end = { "/api/v1/roles/{}/end", nothing };

static const struct move_field delegated_role[] = { WORD("account", 0), WORD("role", 1),
	OPTION("department", "department"), OPTION("from", "from"), OPTION("to", "to"), { 0 } };
const struct people_form delegation_new = { "/api/v1/delegations", delegated_role };

#define DEPARTMENT_FIELDS \
	OPTION("name", "name"), OPTION("name_en", "name-en"), OPTION("short", "short"), \
		YES_NO("inspects", "inspects")

static const struct move_field new_department[] = { WORD("id", 0), OPTION("system", "system"),
	OPTION("level", "level"), OPTION("region", "region"), DEPARTMENT_FIELDS, { 0 } };
const struct people_form department_new = { "/api/v1/departments", new_department };

static const struct move_field changed_department[] = { DEPARTMENT_FIELDS,
	YES_NO("active", "active"), { 0 } };
const struct people_form department_change = { "/api/v1/departments/{}/change",
	changed_department };

static const struct move_field recused[] = { WORD("inspector", 0), WORD("object", 1),
	OPTION("action", "action"), OPTION("ground", "ground"), OPTION("since", "since"),
	OPTION("until", "until"), { 0 } };
const struct people_form recusal_new = { "/api/v1/recusals", recused };

/* ---- move ----------------------------------------------------------------------------------- */

static const char *field_value(struct ctl *c, const struct move_field *f)
{
	if (f->option == NULL)
		return c->o.arg[f->word];
	return option_text(&c->o, f->option);
}

static bool put_fields(struct ctl *c, const struct people_form *form, json_t *body)
{
	for (const struct move_field *f = form->fields; f->member != NULL; f++) {
		const char *value = field_value(c, f);
		if (value == NULL)
			continue;
		if (f->kind == MOVE_FLAG)
			json_object_set_new(
				body, f->member, json_boolean(strcmp(value, "yes") == 0));
		else if (!set_text(body, f->member, value))
			return false;
	}
	return true;
}

static const char *form_path(struct ctl *c, const char *path)
{
	const char *hole = strstr(path, "{}");
	if (hole == NULL)
		return path;
	return arena_printf(
		c->arena, "%.*s%s%s", (int)(hole - path), path, url_text(c, c->o.arg[0]), hole + 2);
}

int ctl_people_move(struct ctl *c)
{
	const struct people_form *form = c->verb->with;
	json_t *body;
	if (c->o.departments.n > 1)
		return tell(c, ERR_USAGE, "--department %s", c->o.departments.text[1]);
	body = json_object();
	if (put_fields(c, form, body))
		return move(c, form_path(c, form->path), body);
	json_decref(body);
	return tell(c, ERR_BAD_UTF8, "%s", c->o.arg[0]);
}

/* ---- show ----------------------------------------------------------------------------------- */

const struct showing account_shown = { "/api/v1/accounts/{}", &list_accounts };
const struct showing department_shown = { "/api/v1/departments/{}", &list_departments };
const struct showing role_shown = { "/api/v1/roles/{}", &list_roles };

static void show_roles(struct ctl *c, json_t *account)
{
	size_t i;
	json_t *r;
	json_array_foreach(json_object_get(account, "roles"), i, r)
	{
		const char *from = member_text(r, "delegated_from"), *to = member_text(r, "to");
		printf("  %lld %s %s %s…%s%s%s\n", (long long)member_int(r, "id"),
			word_of(c, member_text(r, "role")), member_text(r, "department"),
			member_text(r, "from"), to,
			from[0] ? TR(c, " 受委托于 ", " delegated by ") : "", from);
	}
}

int ctl_show(struct ctl *c)
{
	const struct showing *s = c->verb->with;
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, form_path(c, s->path), &reply, &code) || tell_raw(c, &reply))
		return code;
	show_members(c, s->list, reply.json);
	show_roles(c, reply.json);
	return CTL_OK;
}

/* ---- a first password ----------------------------------------------------------------------- */

int ctl_account_password(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = form_path(c, "/api/v1/accounts/{}/password");
	if (!client_post(c, path, json_object(), &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%s\n", member_text(reply.json, "password"));
	long long half = member_int(reply.json, "half");
	const char *until = time_text(c, member_int(reply.json, "ends"));
	remark(c,
		TR(c, "第 %lld 半（只显示这一次），请亲自交给 %s；两半以 - 相连即为初始密码，%s 之前须登录并更改",
			"half %lld (shown once), to be handed to %s in person; both joined by - are the first password, to be changed by signing in before %s"),
		half, c->o.arg[0], until);
	return CTL_OK;
}

int ctl_account_suspend(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	json_t *body = json_pack("{s:s}", "reason", c->o.reason);
	if (body == NULL)
		return tell(c, ERR_BAD_UTF8, "--reason");
	if (client_post(c, form_path(c, "/api/v1/accounts/{}/suspend"), body, &reply, &code) &&
		!tell_raw(c, &reply) && !c->o.quiet)
		printf(TR(c, "%s 已停用\n", "%s is disabled\n"), c->o.arg[0]);
	return code;
}
