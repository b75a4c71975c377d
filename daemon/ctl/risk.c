/* class run, why, summary, moves, months; import propose. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/import.h"
#include "daemon/ctl/verbs.h"

int ctl_class_run(struct ctl *c)
{
	struct reply reply, done;
	int code = CTL_OK;
	json_t *body = json_object();
	set_text(body, "scope", c->o.all ? "full" : "changed");
	if (!client_post(c, "/api/v1/classes/run", body, &reply, &code) ||
		!wait_for(c, reply.json, TR(c, "计算", "computing"), &done, &code) ||
		tell_raw(c, &done))
		return code;
	json_t *r = json_object_get(done.json, "result");
	printf(TR(c, "%s：计算 %lld 户，等级或积分变动 %lld 项，其中等级变动 %lld 项\n",
		       "%s: %lld entities, %lld classes or points changed, of them %lld classes\n"),
		member_text(r, "day"), (long long)member_int(r, "entities"),
		(long long)member_int(r, "said"), (long long)member_int(r, "moved"));
	return CTL_OK;
}

/* ---- why ------------------------------------------------------------------------------------ */

static const char *field_text(struct ctl *c, json_t *o)
{
	const char *field = member_text(o, "field");
	return field[0] != '\0' ? field : TR(c, "通用分类", "general class");
}

static void show_current(struct ctl *c, json_t *e)
{
	json_t *k;
	size_t i;
	json_array_foreach(json_object_get(e, "current"), i, k)
	{
		const char *source = member_text(k, "source");
		printf("%s  %s  ", member_text(k, "class"), field_text(c, k));
		if (strcmp(source, "model") == 0)
			printf(TR(c, "模型计算，信用积分 %lld", "computed, %lld points"),
				(long long)member_int(k, "points"));
		else
			printf(TR(c, "来源 %s", "by %s"), source);
		printf("  %s\n", member_text(k, "day"));
	}
	if (json_array_size(json_object_get(e, "current")) > 0)
		return;
	if (json_array_size(json_object_get(e, "models")) > 0)
		remark(c,
			TR(c, "等级尚未计算；按现有名录，模型将给出：",
				"no class was computed yet; by the lists as they are the model would give:"));
	else
		remark(c, TR(c, "没有等级", "it has no class"));
}

static void show_signal(struct ctl *c, json_t *s)
{
	const char *until = member_text(s, "until");
	printf("      %s  ", member_text(s, "date"));
	put_clean(register_title(c, member_text(s, "register")));
	fputs("  ", stdout);
	put_clean(member_text(s, "kind"));
	printf(TR(c, "  批次 %lld 第 %lld 行  %s", "  import %lld row %lld  %s"),
		(long long)member_int(s, "import"), (long long)member_int(s, "row"),
		word_in(c, "signal", member_text(s, "state")));
	if (member_int(s, "weight") > 0 && member_int(s, "weight") < 1000)
		printf(" %lld‰", (long long)member_int(s, "weight"));
	if (until[0] != '\0')
		printf(TR(c, "，至 %s", ", until %s"), until);
	putchar('\n');
}

static void show_reason(struct ctl *c, json_t *r)
{
	json_t *s;
	size_t i;
	printf("    %+lld  ", (long long)member_int(r, "points"));
	put_clean(member_text(r, "name"));
	printf(" = %s%s\n", member_text(r, "value"),
		json_is_true(json_object_get(r, "red")) ? TR(c, "  红线", "  red line") : "");
	json_array_foreach(json_object_get(r, "signals"), i, s)
	{
		show_signal(c, s);
	}
}

static void show_model(struct ctl *c, json_t *m)
{
	json_t *r;
	size_t i;
	printf("  %s  ", member_text(m, "class"));
	put_clean(member_text(m, "name"));
	printf(TR(c, "  信用积分 %lld（起始 %lld；A ≥ %lld，B ≥ %lld，C ≥ %lld）%s\n",
		       "  %lld points (from %lld; A ≥ %lld, B ≥ %lld, C ≥ %lld)%s\n"),
		(long long)member_int(m, "points"), (long long)member_int(m, "start"),
		(long long)member_int(m, "a"), (long long)member_int(m, "b"),
		(long long)member_int(m, "c"),
		json_is_true(json_object_get(m, "forced"))
			? TR(c, "，由红线确定", ", by a red line")
			: "");
	json_array_foreach(json_object_get(m, "reasons"), i, r)
	{
		show_reason(c, r);
	}
}

int ctl_class_why(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *m;
	size_t i;
	const char *path = arena_printf(c->arena, "/api/v1/classes/%s?day=%s",
		url_text(c, c->o.arg[0]), url_text(c, c->o.day != NULL ? c->o.day : ""));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_current(c, reply.json);
	json_array_foreach(json_object_get(reply.json, "models"), i, m)
	{
		show_model(c, m);
	}
	return CTL_OK;
}

int ctl_class_history(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *h;
	size_t i;
	const char *path =
		arena_printf(c->arena, "/api/v1/classes/%s/history", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "history"), i, h)
	{
		const char *class = member_text(h, "class"), *until = member_text(h, "until");
		bool model = strcmp(member_text(h, "source"), "model") == 0;
		printf("%s  %s  %s  ", member_text(h, "day"), class[0] != '\0' ? class : "—",
			field_text(c, h));
		if (model)
			printf(TR(c, "模型计算，信用积分 %lld", "computed, %lld points"),
				(long long)member_int(h, "points"));
		else
			printf(TR(c, "来源 %s", "by %s"), member_text(h, "source"));
		if (until[0] != '\0')
			printf(TR(c, "，至 %s", ", until %s"), until);
		putchar('\n');
	}
	if (i == 0)
		remark(c, TR(c, "从未有过等级", "it never had a class"));
	return CTL_OK;
}

/* ---- figures -------------------------------------------------------------------------------- */

static void show_fields(struct ctl *c, json_t *of)
{
	json_t *f;
	size_t i;
	json_array_foreach(json_object_get(of, "fields"), i, f)
	{
		printf("  A %lld  B %lld  C %lld  D %lld  ", (long long)member_int(f, "a"),
			(long long)member_int(f, "b"), (long long)member_int(f, "c"),
			(long long)member_int(f, "d"));
		put_clean(member_text(f, "name")[0] != '\0' ? member_text(f, "name")
							    : field_text(c, f));
		printf(TR(c, "（%lld 户，模型计算 %lld）\n", " (%lld, %lld computed)\n"),
			(long long)member_int(f, "classed"), (long long)member_int(f, "computed"));
	}
}

/* Who is told of no field needs none. */
static bool needs_none(struct ctl *c, json_t *fields)
{
	if (json_array_size(fields) > 0)
		return false;
	remark(c,
		TR(c, "本部门在《一单》中没有专业领域的抽查事项，不列各类户数；本部门名录中的主体可用 class why 查询",
			"your departments have no inspection item of a field, so no figures are told; class why tells of entities in your own lists"));
	return true;
}

int ctl_class_summary(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, "/api/v1/classes/summary", &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *run = json_object_get(reply.json, "run");
	if (needs_none(c, json_object_get(reply.json, "fields")))
		return CTL_OK;
	if (!json_is_object(run)) {
		remark(c,
			TR(c, "还没有计算过。模型生效后即排队计算（drawctl job list 查看，drawctl class run 可等到算完）",
				"nothing was computed yet. Once a model is in force the classes are computed as a job (drawctl job list; drawctl class run waits for it)"));
		return CTL_OK;
	}
	printf(TR(c, "%s 计算 %lld 户，模型第 %lld 版；%s 的户数：\n",
		       "%s: %lld entities, version %lld of the model; figures of %s:\n"),
		time_text(c, member_int(run, "at")), (long long)member_int(run, "entities"),
		(long long)member_int(run, "version"), member_text(reply.json, "day"));
	show_fields(c, reply.json);
	return CTL_OK;
}

int ctl_class_months(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *m;
	size_t i;
	if (!client_get(c, "/api/v1/classes/months", &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "months"), i, m)
	{
		printf("%s (%s)\n", member_text(m, "month"), member_text(m, "day"));
		show_fields(c, m);
	}
	if (i == 0)
		remark(c, TR(c, "没有可列的快照", "there is no snapshot to tell of"));
	return CTL_OK;
}

int ctl_class_moves(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *m;
	size_t i;
	const char *path = arena_printf(c->arena, "/api/v1/classes/moves?from=%s&to=%s",
		url_text(c, c->o.from != NULL ? c->o.from : ""),
		url_text(c, c->o.to != NULL ? c->o.to : ""));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "moves"), i, m)
	{
		const char *before = member_text(m, "before"), *after = member_text(m, "after");
		printf("%s → %s  %lld  %s\n", before[0] != '\0' ? before : "—",
			after[0] != '\0' ? after : "—", (long long)member_int(m, "entities"),
			field_text(c, m));
	}
	if (i == 0)
		remark(c, TR(c, "没有可列的变动", "there are no moves to tell of"));
	return CTL_OK;
}

/* ---- two persons ------------------------------------------------------------------------------
 */

int ctl_import_propose(struct ctl *c)
{
	return move(c,
		arena_printf(c->arena, "/api/v1/imports/%s/propose", url_text(c, c->o.arg[0])),
		json_object());
}
