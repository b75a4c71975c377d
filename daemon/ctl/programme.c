/* programme: open, submit, withdraw, none, admit, close, reopen, review, approve, propose, publish,
 * amend, file, escalate, resolve. What it shows is in programme_show.c. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"
#include "daemon/programmefile.h"

static const char *path_of(struct ctl *c, const char *rest)
{
	return arena_printf(c->arena, "/api/v1/programmes/%s%s", url_text(c, c->o.arg[0]), rest);
}

/* The one department named; it may be left out. */
static const char *department_of(const struct ctl *c)
{
	return c->o.departments.n > 0 ? c->o.departments.text[0] : NULL;
}

struct member {
	const char *name, *value; /* NULL: left out */
};

/* POST an object of these texts; its state is told. */
static int post(struct ctl *c, const char *rest, const struct member *m)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	for (; m->name != NULL; m++)
		if (!set_text(body, m->name, m->value)) {
			json_decref(body);
			return tell(c, ERR_BAD_UTF8, "%s", m->name);
		}
	if (!client_post(c, path_of(c, rest), body, &reply, &code) || tell_raw(c, &reply))
		return code;
	if (json_is_integer(json_object_get(reply.json, "item")))
		printf("%lld\n", (long long)member_int(reply.json, "item"));
	else
		printf("%lld %s\n", (long long)member_int(reply.json, "year"),
			word_in(c, "state", member_text(reply.json, "state")));
	if (member_text(reply.json, "lacking")[0] != '\0')
		remark(c, TR(c, "批准前尚缺：%s", "missing before the approval: %s"),
			member_text(reply.json, "lacking"));
	return CTL_OK;
}
#define POST(c, rest, ...) post((c), (rest), (const struct member[]){ __VA_ARGS__, { NULL, NULL } })

/* ---- collecting ----------------------------------------------------------------------------- */

int ctl_programme_open(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	if (!set_number(body, "year", c->o.arg[0])) {
		json_decref(body);
		return tell(c, ERR_BAD_NUMBER, "%s", c->o.arg[0]);
	}
	if (!set_text(body, "title", c->o.name) || !set_text(body, "number", c->o.document)) {
		json_decref(body);
		return tell(c, ERR_BAD_UTF8, "--name, --document");
	}
	set_text(body, "deadline", c->o.until);
	set_text(body, "base", c->o.base);
	if (!client_post(c, "/api/v1/programmes", body, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%lld %s\n", (long long)member_int(reply.json, "year"),
		word_in(c, "state", member_text(reply.json, "state")));
	remark(c,
		TR(c, "各部门请于 %s 前报送：drawctl programme submit %lld 文件",
			"departments submit by %s: drawctl programme submit %lld FILE"),
		member_text(reply.json, "deadline"), (long long)member_int(reply.json, "year"));
	return CTL_OK;
}

static bool tasks_body(struct ctl *c, const char *file, json_t *body, int *code)
{
	struct bytes text;
	struct err e = { 0 };
	if (!read_input(c, file, PROGRAMME_FILE_MAX, &text, &e)) {
		*code = tell_error(c, &e);
		return false;
	}
	if (set_text(body, "source", text.p) && set_text(body, "department", department_of(c)))
		return true;
	*code = tell(c, ERR_BAD_UTF8, "%s", file);
	return false;
}

/* A line for each refusal: file, line, column, what and why, and what to do. */
static void tell_refused(struct ctl *c, json_t *reply)
{
	json_t *w;
	size_t i;
	json_array_foreach(json_object_get(reply, "refused"), i, w)
	{
		const char *lang = TR(c, "zh", "en");
		const char *what = member_text(w, "what");
		fprintf(stderr, "%s:%lld %s: %s%s%s%s %s\n", c->o.arg[1],
			(long long)member_int(w, "line"),
			TR(c, member_text(w, "title"), member_text(w, "column")),
			member_text(w, lang), what[0] != '\0' ? TR(c, "（", " (") : "", what,
			what[0] != '\0' ? TR(c, "）。", ").") : TR(c, "。", "."),
			member_text(w, TR(c, "remedy_zh", "remedy_en")));
	}
}

int ctl_programme_submit(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	if (!tasks_body(c, c->o.arg[1], body, &code)) {
		json_decref(body);
		return code;
	}
	if (c->o.dry_run)
		json_object_set_new(body, "check", json_true());
	if (!client_post(c, path_of(c, "/tasks"), body, &reply, &code))
		return code;
	bool refused = json_array_size(json_object_get(reply.json, "refused")) > 0;
	if (tell_raw(c, &reply))
		return refused ? CTL_REFUSED : CTL_OK;
	tell_refused(c, reply.json);
	if (refused)
		remark(c, TR(c, "%lld 项任务均未收入", "none of %lld tasks was taken"),
			(long long)member_int(reply.json, "tasks"));
	else
		printf(c->o.dry_run ? TR(c, "%lld 项任务核对无误\n", "%lld tasks are right\n")
				    : TR(c, "已报送 %lld 项任务\n", "%lld tasks submitted\n"),
			(long long)member_int(reply.json, "tasks"));
	return refused ? CTL_REFUSED : CTL_OK;
}

int ctl_programme_withdraw(struct ctl *c)
{
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	return POST(c, "/withdraw", { "code", c->o.arg[1] }, { "reason", c->o.reason });
}

int ctl_programme_none(struct ctl *c)
{
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	return POST(c, "/none", { "department", department_of(c) }, { "reason", c->o.reason });
}

int ctl_programme_admit(struct ctl *c)
{
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	return POST(c, "/admit", { "department", c->o.arg[1] }, { "reason", c->o.reason });
}

/* ---- review, approval, publication ---------------------------------------------------------- */

/* close, reopen, publish: the row's `with` is the state. */
int ctl_programme_turn(struct ctl *c)
{
	static const struct {
		const char *state, *zh, *en;
	} next[] = {
		{ "review",
			"下一步：programme check 核对，各部门 programme review、programme approve，再 programme propose",
			"next: programme check, then each department's programme review and programme approve, then programme propose" },
		{ "collecting", "下一步：各部门 programme submit 或 programme none",
			"next: programme submit or programme none by each department" },
		{ "published", "下一步：programme file 登记备案；轮次见 programme rounds",
			"next: programme file notes the filing; programme rounds tells of its rounds" },
	};
	int code = POST(c, "/state", { "state", c->verb->with });
	for (size_t i = 0; code == CTL_OK && i < sizeof next / sizeof *next; i++)
		if (strcmp(next[i].state, c->verb->with) == 0 && !c->o.json)
			remark(c, "%s", TR(c, next[i].zh, next[i].en));
	return code;
}

int ctl_programme_review(struct ctl *c)
{
	return POST(c, "/opinions", { "kind", "review" }, { "department", department_of(c) },
		{ "verdict", c->o.objected ? "objected" : "agreed" }, { "opinion", c->o.opinion });
}

int ctl_programme_approve(struct ctl *c)
{
	return POST(c, "/opinions", { "kind", "approval" }, { "department", department_of(c) },
		{ "opinion", c->o.opinion });
}

int ctl_programme_propose(struct ctl *c)
{
	return move(c, path_of(c, "/approve"), json_object());
}

/* FILE, --withdraw CODE or --rebase. */
int ctl_programme_amend(struct ctl *c)
{
	int code = CTL_OK;
	json_t *body = json_object();
	bool file = c->o.args > 1;
	if ((int)file + (int)(c->o.withdraw != NULL) + (int)c->o.rebase != 1) {
		json_decref(body);
		return tell(c, ERR_USAGE, "%s: FILE | --withdraw CODE | --rebase", c->verb->words);
	}
	if (file && !tasks_body(c, c->o.arg[1], body, &code)) {
		json_decref(body);
		return code;
	}
	set_text(body, "withdraw", c->o.withdraw);
	if (c->o.rebase)
		json_object_set_new(body, "base", json_true());
	return move(c, path_of(c, "/amendments"), body);
}

int ctl_programme_file(struct ctl *c)
{
	return POST(c, "/filings", { "number", c->o.document }, { "recipient", c->o.recipient },
		{ "day", c->o.day });
}

int ctl_programme_escalate(struct ctl *c)
{
	return POST(c, "/escalations", { "matter", c->o.arg[1] }, { "code", c->o.task });
}

int ctl_programme_resolve(struct ctl *c)
{
	const char *rest =
		arena_printf(c->arena, "/escalations/%s/resolve", url_text(c, c->o.arg[1]));
	return POST(c, rest, { "resolution", c->o.arg[2] });
}
