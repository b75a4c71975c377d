/* focus, letter, buffer: what triggers gave, and time to cure. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/import.h"
#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

/* "/api/v1/focus", number, "/end" */
static const char *path_of(struct ctl *c, const char *of, const char *rest)
{
	return arena_printf(c->arena, "%s/%s%s", of, url_text(c, c->o.arg[0]), rest);
}

/* ---- focus ---------------------------------------------------------------------------------- */

static void show_fact(struct ctl *c, json_t *f)
{
	printf("  %s  ", member_text(f, "date"));
	put_clean(register_title(c, member_text(f, "register")));
	fputs("  ", stdout);
	put_clean(member_text(f, "kind"));
	printf(TR(c, "  批次 %lld 第 %lld 行", "  import %lld row %lld"),
		(long long)member_int(f, "import"), (long long)member_int(f, "row"));
	if (member_int(f, "weight") < 1000)
		printf(" %lld‰", (long long)member_int(f, "weight"));
	putchar('\n');
}

int ctl_focus_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *fact;
	size_t i;
	if (!client_get(c, path_of(c, "/api/v1/focus", ""), &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *f = reply.json;
	printf("%s  %s  %s  %s…%s  ", member_text(f, "entity"),
		word_in(c, "focus", member_text(f, "kind")),
		word_in(c, "focus", member_text(f, "state")), member_text(f, "from"),
		member_text(f, "until"));
	put_clean(member_text(f, "name"));
	printf("\n%s = %s ≥ %s  ", member_text(f, "indicator"), member_text(f, "value"),
		member_text(f, "at"));
	put_clean(member_text(f, "basis"));
	putchar('\n');
	json_array_foreach(json_object_get(f, "facts"), i, fact)
	{
		show_fact(c, fact);
	}
	if (member_text(f, "ended")[0] != '\0') {
		printf(TR(c, "%s 由 %s 解除：", "ended on %s by %s: "), member_text(f, "ended"),
			member_text(f, "ended_by"));
		put_clean(member_text(f, "reason"));
		putchar('\n');
	}
	return CTL_OK;
}

static void show_triggers(struct ctl *c, json_t *list)
{
	json_t *t;
	size_t i;
	json_array_foreach(list, i, t)
	{
		put_clean(member_text(t, "name"));
		printf(TR(c, "：重点监管对象 %lld 户，预警名单 %lld 户；列入 %lld、%lld 户，解除 %lld 户；函件 %lld 份，送达 %lld，答复 %lld\n",
			       ": in focus %lld, early-warning list %lld; began %lld, %lld, ended %lld; letters %lld, sent %lld, answered %lld\n"),
			(long long)member_int(t, "focus"), (long long)member_int(t, "early"),
			(long long)member_int(t, "begun"), (long long)member_int(t, "warned"),
			(long long)member_int(t, "ended"), (long long)member_int(t, "letters"),
			(long long)member_int(t, "sent"), (long long)member_int(t, "answered"));
	}
}

static void show_buffers(struct ctl *c, json_t *list)
{
	json_t *b;
	size_t i;
	json_array_foreach(list, i, b)
	{
		printf(TR(c, "%s：缓冲中 %lld 户，到期无结果 %lld；给予 %lld，已改正 %lld，未改正 %lld，延长 %lld\n",
			       "%s: buffers that run %lld, overdue %lld; given %lld, cured %lld, not cured %lld, extended %lld\n"),
			member_text(b, "department"), (long long)member_int(b, "runs"),
			(long long)member_int(b, "overdue"), (long long)member_int(b, "begun"),
			(long long)member_int(b, "cured"), (long long)member_int(b, "not_cured"),
			(long long)member_int(b, "extended"));
	}
}

int ctl_focus_summary(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(c->arena, "/api/v1/focus/summary?from=%s&to=%s",
		url_text(c, c->o.from != NULL ? c->o.from : ""),
		url_text(c, c->o.to != NULL ? c->o.to : ""));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *triggers = json_object_get(reply.json, "triggers");
	json_t *buffers = json_object_get(reply.json, "buffers");
	show_triggers(c, triggers);
	show_buffers(c, buffers);
	if (json_array_size(triggers) == 0 && json_array_size(buffers) == 0)
		remark(c, TR(c, "没有触发的对象，也没有缓冲期",
				  "nobody reached a trigger, and there are no buffers"));
	return CTL_OK;
}

/* ---- changes -------------------------------------------------------------------------------- */

/* Send a body; members of which the text is NULL are left out. Ends in a sentence with the number
 * that came back. */
struct member {
	const char *name, *text;
};
static int post_members(
	struct ctl *c, const char *path, const struct member *m, const char *zh, const char *en)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	for (; m->name != NULL; m++)
		if (!set_text(body, m->name, m->text)) {
			json_decref(body);
			return tell(c, ERR_BAD_UTF8, "--%s", m->name);
		}
	if (client_post(c, path, body, &reply, &code) && !tell_raw(c, &reply) && !c->o.quiet)
		printf("%lld %s\n", (long long)member_int(reply.json, "id"), TR(c, zh, en));
	return code;
}

int ctl_focus_end(struct ctl *c)
{
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	const struct member body[] = { { "reason", c->o.reason }, { NULL, NULL } };
	return post_members(c, path_of(c, "/api/v1/focus", "/end"), body, "已解除", "is ended");
}

int ctl_letter_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, path_of(c, "/api/v1/letters", ""), &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *l = reply.json;
	int fd;
	remark(c, "%s %s", word_in(c, "letters", member_text(l, "state")), member_text(l, "sent"));
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	const char *text = arena_printf(c->arena, "%s\n\n%s（%s）：\n\n%s\n\n%s\n",
		member_text(l, "number"), member_text(l, "name"), member_text(l, "entity"),
		member_text(l, "text"), member_text(l, "made"));
	bool ok = write_all(fd, bytes_of(text));
	return close_output(c, fd) && ok ? CTL_OK : CTL_REFUSED;
}

int ctl_letter_sent(struct ctl *c)
{
	const struct member body[] = { { "way", c->o.way }, { "receipt", c->o.receipt },
		{ "day", c->o.day }, { NULL, NULL } };
	return post_members(
		c, path_of(c, "/api/v1/letters", "/sent"), body, "已登记送达", "is noted as sent");
}

int ctl_letter_answered(struct ctl *c)
{
	const struct member body[] = { { "answer", c->o.answer }, { "day", c->o.day },
		{ NULL, NULL } };
	return post_members(c, path_of(c, "/api/v1/letters", "/answered"), body, "已登记答复",
		"is noted as answered");
}

int ctl_buffer_new(struct ctl *c)
{
	const struct member body[] = { { "entity", c->o.arg[0] }, { "matter", c->o.matter },
		{ "basis", c->o.basis }, { "until", c->o.until },
		{ "department", option_text(&c->o, "department") }, { NULL, NULL } };
	return post_members(c, "/api/v1/buffers", body, "已登记缓冲期", "is the new buffer");
}

int ctl_buffer_end(struct ctl *c)
{
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	const struct member body[] = { { "outcome", c->o.outcome }, { "reason", c->o.reason },
		{ "until", c->o.until }, { NULL, NULL } };
	return post_members(
		c, path_of(c, "/api/v1/buffers", "/end"), body, "已登记结果", "is noted");
}

int ctl_buffer_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, path_of(c, "/api/v1/buffers", ""), &reply, &code) || tell_raw(c, &reply))
		return code;
	show_members(c, &list_buffers, reply.json);
	return CTL_OK;
}
