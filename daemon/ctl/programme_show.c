/* programme show, status. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

static bool fetch(struct ctl *c, struct reply *reply, int *code)
{
	const char *path =
		arena_printf(c->arena, "/api/v1/programmes/%s", url_text(c, c->o.arg[0]));
	return client_get(c, path, reply, code);
}

static void show_head(struct ctl *c, json_t *p)
{
	printf("%lld  ", (long long)member_int(p, "year"));
	put_clean(member_text(p, "title"));
	printf(TR(c, "  %s  第 %lld 版\n", "  %s  version %lld\n"),
		word_in(c, "state", member_text(p, "state")), (long long)member_int(p, "version"));
	if (member_text(p, "lacking")[0] != '\0')
		printf(TR(c, "批准前尚缺：%s\n", "missing before the approval: %s\n"),
			member_text(p, "lacking"));
}

/* ---- status --------------------------------------------------------------------------------- */

static void show_deadline(struct ctl *c, json_t *p)
{
	int64_t left = member_int(p, "days_left");
	if (strcmp(member_text(p, "state"), "collecting") != 0)
		return;
	if (left >= 0)
		printf(TR(c, "报送期限 %s，还有 %lld 天\n", "deadline %s, %lld days left\n"),
			member_text(p, "deadline"), (long long)left);
	else
		printf(TR(c, "报送期限 %s，已过 %lld 天\n", "deadline %s, %lld days ago\n"),
			member_text(p, "deadline"), (long long)-left);
}

/* What `lacking` ("review:wsjk, approval:scjg") still wants of a department. */
static void show_lacking(struct ctl *c, const char *lacking, const char *department)
{
	static const struct {
		const char *kind, *zh, *en;
	} wants[] = {
		{ "review", "  待法制审核", "  review missing" },
		{ "approval", "  待负责人同意", "  approval missing" },
	};
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		const char *all = arena_printf(c->arena, " %s,", lacking);
		if (strstr(all, arena_printf(c->arena, " %s:%s,", wants[i].kind, department)) !=
			NULL)
			fputs(TR(c, wants[i].zh, wants[i].en), stdout);
	}
}

static void show_department(struct ctl *c, json_t *d, const char *lacking)
{
	const char *state = member_text(d, "state"), *review = member_text(d, "review");
	printf("%-10s %s  ", member_text(d, "department"), word_in(c, "submission", state));
	put_clean(member_text(d, "name"));
	if (strcmp(state, "reported") == 0)
		printf(TR(c, "  %lld 项", "  %lld tasks"), (long long)member_int(d, "tasks"));
	if (review[0] != '\0')
		printf(TR(c, "  法制审核：%s", "  review: %s"), word_in(c, "review", review));
	if (member_text(d, "approved_by")[0] != '\0')
		printf(TR(c, "  负责人已同意", "  approved"));
	show_lacking(c, lacking, member_text(d, "department"));
	if (member_text(d, "late")[0] != '\0') {
		fputs(TR(c, "  准予补报：", "  let in: "), stdout);
		put_clean(member_text(d, "late"));
	}
	putchar('\n');
}

int ctl_programme_status(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *d;
	size_t i, pending = 0;
	if (!fetch(c, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_head(c, reply.json);
	show_deadline(c, reply.json);
	json_array_foreach(json_object_get(reply.json, "departments"), i, d)
	{
		show_department(c, d, member_text(reply.json, "lacking"));
		pending += strcmp(member_text(d, "state"), "pending") == 0;
	}
	if (strcmp(member_text(reply.json, "state"), "collecting") == 0)
		remark(c, TR(c, "%zu 个部门未报", "%zu departments have not submitted"), pending);
	return CTL_OK;
}

/* ---- show ----------------------------------------------------------------------------------- */

static void show_reference(struct ctl *c, json_t *t, const char *name)
{
	const char *text = member_text(t, name);
	if (text[0] == '\0')
		return;
	printf("    %s: ", member_name(c, name));
	put_clean(text);
	putchar('\n');
}

static void show_task(struct ctl *c, json_t *t)
{
	static const char *const references[] = { "approval", "filing", "publication", "published",
		"cause", "why" };
	json_t *d;
	size_t i;
	const char *number = member_text(t, "number");
	printf("  %s  ", number[0] != '\0' ? number : member_text(t, "code"));
	put_clean(member_text(t, "name"));
	printf("  %s  %s  %s%s\n", word_in(c, "kind", member_text(t, "kind")),
		json_is_true(json_object_get(t, "targeted")) ? TR(c, "定向", "targeted")
							     : TR(c, "不定向", "untargeted"),
		word_in(c, "levels", member_text(t, "levels")),
		strcmp(member_text(t, "state"), "withdrawn") == 0 ? TR(c, "  已取消", "  withdrawn")
								  : "");
	printf(TR(c, "    方案 %s 第 %lld 版  牵头 %s  ", "    scheme %s version %lld  lead %s  "),
		member_text(t, "scheme"), (long long)member_int(t, "version"),
		member_text(t, "lead"));
	put_clean(member_text(t, "owner"));
	putchar('\n');
	json_array_foreach(json_object_get(t, "draws"), i, d)
	{
		printf(TR(c, "    %s 抽取，%s 至 %s 检查%s%s\n",
			       "    drawn %s, inspected %s to %s%s%s\n"),
			member_text(d, "on"), member_text(d, "from"), member_text(d, "to"),
			member_text(d, "batches")[0] != '\0' ? TR(c, "，批次 ", ", batches ") : "",
			member_text(d, "batches"));
	}
	for (i = 0; i < sizeof references / sizeof *references; i++)
		show_reference(c, t, references[i]);
}

static void show_matters(struct ctl *c, json_t *p)
{
	json_t *m;
	size_t i;
	json_array_foreach(json_object_get(p, "escalations"), i, m)
	{
		const char *how = member_text(m, "resolution");
		printf(TR(c, "提请审议 %lld：", "matter %lld: "), (long long)member_int(m, "item"));
		put_clean(member_text(m, "matter"));
		fputs(how[0] != '\0' ? TR(c, "  结果：", "  resolved: ")
				     : TR(c, "  未办结", "  open"),
			stdout);
		put_clean(how);
		putchar('\n');
	}
	json_array_foreach(json_object_get(p, "filings"), i, m)
	{
		fputs(TR(c, "备案：", "filed: "), stdout);
		put_clean(member_text(m, "recipient"));
		fputs("  ", stdout);
		put_clean(member_text(m, "number"));
		printf("  %s\n", member_text(m, "day"));
	}
}

int ctl_programme_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *t;
	size_t i, shown = 0;
	const char *wanted = c->o.args > 1 ? c->o.arg[1] : NULL;
	if (!fetch(c, &reply, &code))
		return code;
	if (wanted == NULL) {
		if (tell_raw(c, &reply))
			return CTL_OK;
		show_head(c, reply.json);
	}
	json_array_foreach(json_object_get(reply.json, "tasks"), i, t)
	{
		if (wanted != NULL && strcmp(wanted, member_text(t, "code")) != 0)
			continue;
		show_task(c, t);
		shown++;
	}
	if (wanted == NULL)
		show_matters(c, reply.json);
	else if (shown == 0)
		return tell(c, ERR_NO_TASK, "%s", wanted);
	return CTL_OK;
}
