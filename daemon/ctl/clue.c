/* clue …, cause …: what people and other authorities say, and inspections for a cause. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

enum { TEXT_MAX = 60000, CALLER_MAX = 2000 };

/* A file as it stands, but for blank lines at its end; false after an error was told. */
static bool add_file(
	struct ctl *c, json_t *body, const char *name, const char *file, size_t max, int *code)
{
	struct bytes text;
	struct err e = { 0 };
	if (!read_input(c, file, max, &text, &e)) {
		*code = tell_error(c, &e);
		return false;
	}
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	json_t *v = json_stringn(text.p, text.n);
	if (v == NULL)
		*code = tell(c, ERR_BAD_UTF8, "%s", file);
	return v != NULL && json_object_set_new(body, name, v) == 0;
}

int ctl_clue_new(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	set_text(body, "source", c->o.source);
	set_text(body, "department", option_text(&c->o, "department"));
	set_text(body, "entity", c->o.entity);
	set_text(body, "object", c->o.object);
	set_text(body, "received", c->o.received);
	if (!add_file(c, body, "text", c->o.arg[0], TEXT_MAX, &code) ||
		(c->o.caller != NULL &&
			!add_file(c, body, "caller", c->o.caller, CALLER_MAX, &code))) {
		json_decref(body);
		return code;
	}
	if (!client_post(c, "/api/v1/clues", body, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%lld\n", (long long)member_int(reply.json, "id"));
	remark(c, TR(c, "由 %s 办理，%s 前作出决定", "%s deals with it and decides by %s"),
		member_text(reply.json, "department"), member_text(reply.json, "due"));
	if (c->o.entity != NULL && !json_is_true(json_object_get(reply.json, "known")))
		remark(c, TR(c, "名录中没有该主体", "the registers do not have the entity"));
	return CTL_OK;
}

static const char *clue_path(struct ctl *c, const char *verb)
{
	return arena_printf(c->arena, "/api/v1/clues/%s%s%s", url_text(c, c->o.arg[0]),
		verb[0] != '\0' ? "/" : "", verb);
}

static void show_step(struct ctl *c, json_t *s)
{
	printf("  %s  %s  %s  %s", time_text(c, member_int(s, "at")),
		word_in(c, "act", member_text(s, "act")), member_text(s, "department"),
		member_text(s, "account"));
	if (member_text(s, "note")[0] != '\0')
		fputs("  ", stdout);
	put_clean(member_text(s, "note"));
	putchar('\n');
}

int ctl_clue_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *o;
	if (!client_get(c, clue_path(c, ""), &reply, &code) || tell_raw(c, &reply))
		return code;
	show_members(c, &list_clues, reply.json);
	json_array_foreach(json_object_get(reply.json, "causes"), i, o) printf("%s%lld\n",
		TR(c, "有因检查：", "inspection for a cause: "), (long long)json_integer_value(o));
	puts(TR(c, "办理经过：", "what was done:"));
	json_array_foreach(json_object_get(reply.json, "steps"), i, o) show_step(c, o);
	return CTL_OK;
}

/* Lines of somebody else: each clean. */
static void put_lines(const char *text)
{
	ARENA_AUTO a = arena_new();
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		put_clean(arena_strndup(a, text, n));
		putchar('\n');
		text += n + (text[n] == '\n');
	}
}

int ctl_clue_text(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, clue_path(c, "text"), &reply, &code) || tell_raw(c, &reply))
		return code;
	put_lines(member_text(reply.json, "text"));
	if (json_is_string(json_object_get(reply.json, "caller"))) {
		puts(TR(c, "来人：", "who said it:"));
		put_lines(member_text(reply.json, "caller"));
	}
	if (json_is_true(json_object_get(reply.json, "withheld")))
		remark(c, TR(c, "来人信息不予显示", "who said it is not told"));
	return CTL_OK;
}

/* assign, dismiss, refer: the verb's `with`. */
int ctl_clue_deal(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *verb = c->verb->with;
	json_t *body = json_object();
	if (strcmp(verb, "assign") != 0 && reason_of(c) == NULL) {
		json_decref(body);
		return CTL_USAGE;
	}
	set_text(body, "reason", c->o.reason);
	if (strcmp(verb, "dismiss") != 0)
		set_text(body, strcmp(verb, "refer") == 0 ? "department" : "account", c->o.arg[1]);
	if (!client_post(c, clue_path(c, verb), body, &reply, &code) || tell_raw(c, &reply) ||
		c->o.quiet)
		return code;
	printf(TR(c, "线索 %lld：%s，由 %s 办理，%s 前作出决定\n",
		       "clue %lld: %s, %s deals with it and decides by %s\n"),
		(long long)member_int(reply.json, "id"),
		word_of(c, member_text(reply.json, "state")), member_text(reply.json, "department"),
		member_text(reply.json, "due"));
	return CTL_OK;
}

int ctl_clue_visit(struct ctl *c)
{
	json_t *body = json_object();
	set_text(body, "entity", c->o.entity);
	set_text(body, "object", c->o.object);
	set_text(body, "items", c->o.items);
	set_text(body, "basis", c->o.basis);
	set_text(body, "date", c->o.date);
	set_text(body, "officers", c->o.officers);
	set_text(body, "way", c->o.way);
	return move(c, clue_path(c, "visit"), body);
}

int ctl_cause_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(c->arena, "/api/v1/causes/%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_members(c, &list_causes, reply.json);
	if (member_text(reply.json, "hash")[0] != '\0') {
		puts(TR(c, "存证的内容：", "content of the record:"));
		put_lines(member_text(reply.json, "content"));
		printf(TR(c, "盲值：%s\n", "blinding: %s\n"), member_text(reply.json, "blinding"));
		printf(TR(c, "日志中的哈希：%s\n", "hash in the log: %s\n"),
			member_text(reply.json, "hash"));
	}
	return CTL_OK;
}

int ctl_cause_outcome(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	set_text(body, "result", c->o.result);
	set_text(body, "day", c->o.day);
	set_text(body, "reason", c->o.reason);
	const char *path =
		arena_printf(c->arena, "/api/v1/causes/%s/outcome", url_text(c, c->o.arg[0]));
	if (!client_post(c, path, body, &reply, &code) || tell_raw(c, &reply) || c->o.quiet)
		return code;
	printf(TR(c, "有因检查 %lld：%s  %s\n", "inspection %lld: %s  %s\n"),
		(long long)member_int(reply.json, "id"),
		word_in(c, "result", member_text(reply.json, "result")),
		member_text(reply.json, "day"));
	return CTL_OK;
}

/* What is not told is few. */
static const char *told_number(struct ctl *c, json_t *o, const char *name)
{
	json_t *n = json_object_get(o, name);
	return json_is_integer(n) ? arena_printf(c->arena, "%lld", (long long)json_integer_value(n))
				  : TR(c, "少量（不公开）", "few (not told)");
}

int ctl_cause_count(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *d, *n;
	const char *source, *path = arena_printf(c->arena, "/api/v1/public/causes?year=%s",
				    c->o.year != NULL ? c->o.year : "0");
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf(TR(c, "%lld 年有因检查：决定 %s 次，已进行 %s 次\n",
		       "inspections for a cause in %lld: %s decided on, %s made\n"),
		(long long)member_int(reply.json, "year"), told_number(c, reply.json, "decided"),
		told_number(c, reply.json, "made"));
	json_array_foreach(json_object_get(reply.json, "departments"), i, d)
	{
		fputs("  ", stdout);
		put_clean(member_text(d, "name"));
		printf(TR(c, "  决定 %s，已进行 %s，发现问题 %s\n",
			       "  %s decided on, %s made, %s found something\n"),
			told_number(c, d, "decided"), told_number(c, d, "made"),
			told_number(c, d, "found"));
	}
	json_object_foreach(json_object_get(reply.json, "sources"), source, n) printf(
		"  %s %lld\n", word_in(c, "source", source), (long long)json_integer_value(n));
	return CTL_OK;
}
