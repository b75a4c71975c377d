/* policy, scheme and model: show, check, put, agree, retire. The row's `with` is the kind that the
 * API calls it. */
#include "daemon/documents.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

static const char *path_of(struct ctl *c, const char *rest)
{
	return arena_printf(c->arena, "/api/v1/documents/%s%s", (const char *)c->verb->with, rest);
}

static const char *code_of(struct ctl *c)
{
	return c->o.args > 0 ? c->o.arg[0] : DOCUMENT_MAIN;
}

/* ---- show ----------------------------------------------------------------------------------- */

static int write_out(struct ctl *c, const char *text)
{
	int fd;
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	bool ok = write_all(fd, bytes_of(text));
	return close_output(c, fd) && ok ? CTL_OK : CTL_REFUSED;
}

int ctl_document_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path =
		path_of(c, arena_printf(c->arena, "/%s?version=%s", url_text(c, code_of(c)),
				   c->o.version_no != NULL ? c->o.version_no : "0"));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *d = reply.json;
	const char *agreed = time_text(c, member_int(d, "agreed"));
	remark(c, "%s %lld %s %s %s", member_text(d, "code"), (long long)member_int(d, "version"),
		word_in(c, "documents", member_text(d, "state")), member_text(d, "title"), agreed);
	return write_out(c, member_text(d, "source"));
}

/* ---- check, put ----------------------------------------------------------------------------- */

static bool file_body(struct ctl *c, json_t **body, int *code)
{
	struct bytes text;
	struct err e = { 0 };
	c->policy_file = c->o.arg[0];
	if (!read_input(c, c->o.arg[0], DOCUMENT_MAX, &text, &e)) {
		*code = tell_error(c, &e);
		return false;
	}
	*body = json_object();
	if (set_text(*body, "source", text.p) && set_text(*body, "base", c->o.base) &&
		set_text(*body, "code", c->o.name))
		return true;
	json_decref(*body);
	*code = tell(c, ERR_BAD_UTF8, "%s", c->o.arg[0]);
	return false;
}

static void show_made(struct ctl *c, json_t *d)
{
	printf("%s", member_text(d, "code"));
	if (json_is_integer(json_object_get(d, "version")))
		printf(" %lld %s%s", (long long)member_int(d, "version"),
			word_in(c, "documents", member_text(d, "state")),
			json_is_true(json_object_get(d, "new"))
				? ""
				: TR(c, "（未变）", " (as it was)"));
	printf(" %s", member_text(d, "department"));
	fputs(" ", stdout);
	put_clean(member_text(d, "title"));
	putchar('\n');
}

static int send_file(struct ctl *c, const char *rest, struct reply *reply)
{
	json_t *body, *d;
	size_t i;
	int code = CTL_OK;
	if (!file_body(c, &body, &code) || !client_post(c, path_of(c, rest), body, reply, &code) ||
		tell_raw(c, reply))
		return code;
	json_array_foreach(json_object_get(reply->json, "documents"), i, d)
	{
		show_made(c, d);
	}
	tell_warnings(c, reply->json);
	return CTL_OK;
}

int ctl_document_check(struct ctl *c)
{
	struct reply reply;
	return send_file(c, "/check", &reply);
}

int ctl_document_put(struct ctl *c)
{
	struct reply reply;
	int code = send_file(c, "", &reply);
	if (code == CTL_OK && !c->o.json)
		remark(c,
			TR(c, "草拟的版本经 drawctl %.*s agree 提请、另一人同意后生效",
				"drafts come into force by drawctl %.*s agree and a second person"),
			(int)strcspn(c->verb->words, " "), c->verb->words);
	return code;
}

/* ---- agree, retire -------------------------------------------------------------------------- */

/* All codes of which the newest version is a draft. */
static bool all_drafts(struct ctl *c, json_t *to, int *code)
{
	struct reply reply;
	size_t i;
	json_t *d;
	const char *after = "";
	do {
		const char *path =
			path_of(c, arena_printf(c->arena, "?state=draft&limit=200%s%s",
					   after[0] ? "&after=" : "", url_text(c, after)));
		if (!client_get(c, path, &reply, code))
			return false;
		json_array_foreach(json_object_get(reply.json, "documents"), i, d)
		{
			json_object_set_new(to, member_text(d, "code"), json_string(""));
		}
		after = arena_strdup(c->arena, member_text(reply.json, "next"));
	} while (after[0] != '\0');
	return true;
}

static int change(struct ctl *c, const char *what)
{
	int code = CTL_OK;
	json_t *named = json_object(), *body = json_object();
	const char *version = c->o.version_no != NULL ? c->o.version_no : "";
	bool whole =
		strcmp(c->verb->with, "scheme") != 0; /* one document: main where none is said */
	json_object_set_new(body, "documents", named);
	for (size_t i = 0; i < c->o.args; i++)
		json_object_set_new(named, c->o.arg[i], json_string(version));
	if (c->o.args == 0 && whole && !c->o.all)
		json_object_set_new(named, DOCUMENT_MAIN, json_string(version));
	if (c->o.all && !all_drafts(c, named, &code)) {
		json_decref(body);
		return code;
	}
	if (json_object_size(named) == 0) {
		json_decref(body);
		return tell(c, ERR_USAGE, "%s: CODE…", c->verb->words);
	}
	return move(c, path_of(c, what), body);
}

int ctl_document_agree(struct ctl *c)
{
	return change(c, "/agree");
}

int ctl_document_retire(struct ctl *c)
{
	return change(c, "/retire");
}
