/* programme check, overlaps, rounds: the year's tasks over the present lists, and what became of
 * its days. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

static const char *programme_path(struct ctl *c, const char *what)
{
	return arena_printf(c->arena, "/api/v1/programmes/%s/%s", url_text(c, c->o.arg[0]), what);
}

/* Thousandths and millionths as people read them. */
static const char *tenths(struct ctl *c, int64_t thousandths)
{
	return arena_printf(
		c->arena, "%" PRId64 ".%" PRId64, thousandths / 1000, thousandths % 1000 / 100);
}
static const char *hundredths(struct ctl *c, int64_t millionths)
{
	return arena_printf(c->arena, "%" PRId64 ".%02" PRId64, millionths / 1000000,
		millionths % 1000000 / 10000);
}

static const char *joined(struct ctl *c, json_t *list)
{
	struct buf b = buf_new(c->arena, 100);
	size_t i;
	json_t *x;
	json_array_foreach(list, i, x)
	{
		buf_str(&b, i > 0 ? ", " : "");
		buf_str(&b, json_is_string(x) ? json_string_value(x) : "");
	}
	buf_byte(&b, '\0');
	return b.p;
}

/* ---- what a check found ---------------------------------------------------------------------- */

static void show_days(struct ctl *c, json_t *found)
{
	size_t i, k;
	json_t *d, *t;
	json_array_foreach(json_object_get(found, "days"), i, d)
	{
		printf(TR(c, "%s 抽取：预计入企 %s 次（各任务分别入企为 %s 次）\n",
			       "%s: %s entries expected (%s if every task went by itself)\n"),
			member_text(d, "draw_on"), tenths(c, member_int(d, "entries")),
			tenths(c, member_int(d, "separate")));
		json_array_foreach(json_object_get(d, "tasks"), k, t)
		{
			printf("  %-24s ", member_text(t, "task"));
			put_clean(member_text(t, "name"));
			printf(TR(c, "  抽取库 %lld 户，应抽 %lld 户\n", "  %lld of which %lld\n"),
				(long long)member_int(t, "population"),
				(long long)member_int(t, "drawn"));
		}
	}
}

static void show_caps(struct ctl *c, json_t *found)
{
	size_t i;
	json_t *x;
	json_array_foreach(json_object_get(found, "caps"), i, x)
	{
		printf(TR(c, "频次上限 %s（至多 %lld 次）：预计最多 %s 次，超过的 %lld 户，可能达到的 %lld 户",
			       "cap %s (at most %lld): %s expected at most, %lld entities over it, %lld may reach it"),
			member_text(x, "cap"), (long long)member_int(x, "most"),
			hundredths(c, member_int(x, "expected")), (long long)member_int(x, "over"),
			(long long)member_int(x, "possible"));
		if (member_int(x, "expected") > 0)
			printf(TR(c, "：%s", ": %s"), joined(c, json_object_get(x, "tasks")));
		putchar('\n');
	}
}

static void show_items(struct ctl *c, json_t *found)
{
	static const char *const class_name[] = { "a", "b", "c", "d" };
	size_t i;
	json_t *x;
	json_array_foreach(json_object_get(found, "items"), i, x)
	{
		json_t *ratio = json_object_get(x, "ratio");
		printf(TR(c, "事项 %s 由几级抽查（%s），全年合计",
			       "item %s is drawn by several levels (%s), in a year"),
			member_text(x, "item"), joined(c, json_object_get(x, "tasks")));
		for (size_t k = 0; k < 4; k++)
			printf(" %c %s%%", (char)('A' + k),
				hundredths(c, 100 * member_int(ratio, class_name[k])));
		putchar('\n');
	}
}

static const char *warning_text(struct ctl *c, const char *code)
{
	static const char *const text[][3] = {
		{ "class-ignored", "各等级比例、方式相同，未运用信用风险分类结果",
			"the same for every class: the risk classes are not used" },
		{ "onsite-a", "对 A 类对象现场检查", "objects of class A are visited on site" },
		{ "over-ceiling", "一般检查事项，各等级比例均高于比例上限",
			"general items, and every class is drawn above the ceiling" },
		{ "empty-task", "目前名录中没有对象，冻结时将被拒绝",
			"the lists have no object for it: a freeze would refuse it" },
		{ "cap-possible", "可能有主体达到该上限，此后不再抽取",
			"some entities may reach this cap, and are drawn no more then" },
	};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (strcmp(text[i][0], code) == 0)
			return TR(c, text[i][1], text[i][2]);
	return code;
}

static void show_warnings(struct ctl *c, json_t *found)
{
	size_t i;
	json_t *w;
	json_array_foreach(json_object_get(found, "warnings"), i, w)
	{
		remark(c, TR(c, "%s：%s", "%s: %s"), member_text(w, "what"),
			warning_text(c, member_text(w, "code")));
	}
}

/* Every reason as an error with its remedy; false where there is none. */
static bool show_refused(struct ctl *c, json_t *found)
{
	size_t i;
	json_t *x, *refused = json_object_get(found, "refused");
	json_array_foreach(refused, i, x)
	{
		tell_json_error(c, x);
	}
	return json_array_size(refused) > 0;
}

/* The newest check; with `fresh` one that is made now. */
static bool get_check(struct ctl *c, bool fresh, struct reply *reply, int *code)
{
	struct reply started, done;
	if (fresh) {
		json_t *body = json_object();
		if (!set_number(body, "days", c->o.days)) {
			json_decref(body);
			*code = tell(c, ERR_USAGE, "--days %s", c->o.days);
			return false;
		}
		if (!client_post(c, programme_path(c, "checks"), body, &started, code) ||
			!wait_for(c, started.json, TR(c, "核对", "checking"), &done, code))
			return false;
	}
	return client_get(c, programme_path(c, "check"), reply, code);
}

int ctl_programme_check(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!get_check(c, true, &reply, &code))
		return code;
	json_t *found = json_object_get(reply.json, "found");
	bool refused = json_array_size(json_object_get(found, "refused")) > 0;
	if (tell_raw(c, &reply))
		return refused ? CTL_REFUSED : CTL_OK;
	show_days(c, found);
	show_caps(c, found);
	show_items(c, found);
	show_warnings(c, found);
	printf(TR(c, "名录 %lld 户，%zu 个抽取日，%zu 条联合建议（drawctl programme overlaps）\n",
		       "%lld objects, %zu days, %zu proposals (drawctl programme overlaps)\n"),
		(long long)member_int(found, "register"),
		json_array_size(json_object_get(found, "days")),
		json_array_size(json_object_get(found, "proposals")));
	return show_refused(c, found) ? CTL_REFUSED : CTL_OK;
}

/* ---- overlaps ---------------------------------------------------------------------------------
 */

static void show_pair(struct ctl *c, json_t *p)
{
	const char *joint = member_text(p, "joint");
	printf(TR(c, "%s × %s：同在两库 %lld 户，", "%s × %s: %lld objects in both, "),
		member_text(p, "a"), member_text(p, "b"), (long long)member_int(p, "both"));
	if (json_is_true(json_object_get(p, "meets")))
		printf(TR(c, "已同日抽取，合并入企 %s 次", "drawn on one day: %s entries merged"),
			tenths(c, member_int(p, "saved")));
	else
		printf(TR(c, "同日抽取可少入企 %s 次，现预计重复入企 %s 户，相隔 %lld 天",
			       "one day would save %s entries; as it is %s are entered twice, %lld days apart"),
			tenths(c, member_int(p, "saved")), tenths(c, member_int(p, "repeats")),
			(long long)member_int(p, "gap"));
	if (joint[0] != '\0') {
		fputs(TR(c, "，联合清单：", ", joint list: "), stdout);
		put_clean(joint);
	}
	putchar('\n');
}

static void show_pairs(struct ctl *c, json_t *pairs, const char *flag, const char *title)
{
	size_t i, n = 0;
	json_t *p;
	json_array_foreach(pairs, i, p)
	{
		if (flag != NULL && !json_is_true(json_object_get(p, flag)))
			continue;
		if (n++ == 0)
			puts(title);
		show_pair(c, p);
	}
}

int ctl_programme_overlaps(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!get_check(c, c->o.days != NULL, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *found = json_object_get(reply.json, "found");
	json_t *overlaps = json_object_get(found, "overlaps");
	show_pairs(c, overlaps, NULL, TR(c, "重叠", "overlaps"));
	show_pairs(c, json_object_get(found, "proposals"), NULL,
		TR(c, "建议同日联合抽取", "proposed to be drawn on one day"));
	show_pairs(c, overlaps, "close",
		arena_printf(c->arena, TR(c, "%lld 天内重复入企", "entered again within %lld days"),
			(long long)member_int(found, "repeat_days")));
	if (json_array_size(overlaps) == 0)
		puts(TR(c, "没有重叠的任务", "no two tasks overlap"));
	if (!json_is_true(json_object_get(reply.json, "current")))
		remark(c,
			TR(c, "核对之后任务或方案基础有变动，请重新核对：drawctl programme check %s",
				"tasks or base changed since; check anew: drawctl programme check %s"),
			c->o.arg[0]);
	return CTL_OK;
}

/* ---- rounds -----------------------------------------------------------------------------------
 */

/* Of a date that has no round yet: when it gets one. */
static void put_when(struct ctl *c, json_t *all, json_t *round)
{
	const char *state = member_text(all, "state"), *day = member_text(round, "made_on");
	bool agreed = strcmp(state, "approved") == 0 || strcmp(state, "published") == 0;
	if (json_is_true(json_object_get(round, "due")))
		printf(TR(c, "%s 起应建立，%s", "due since %s: %s"), day,
			agreed ? TR(c, "随即办理", "about to be made")
			       : TR(c, "计划批准后即建立", "made once the programme is approved"));
	else
		printf(TR(c, "%s于 %s 建立", "to be made%s on %s"),
			agreed ? TR(c, "将", "")
			       : TR(c, "计划批准后，", " once the programme is approved,"),
			day);
}

int ctl_programme_rounds(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *r;
	if (!client_get(c, programme_path(c, "rounds"), &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "rounds"), i, r)
	{
		json_t *error = json_object_get(r, "error");
		const char *round = member_text(r, "round");
		printf("%s  ", member_text(r, "draw_on"));
		if (round[0] != '\0')
			printf("%s  %s", round, state_word(c, member_text(r, "state")));
		else if (json_is_object(error))
			printf(TR(c, "未能建立（%lld 次）", "not made (%lld tries)"),
				(long long)member_int(r, "tries"));
		else if (json_is_true(json_object_get(r, "waits")))
			fputs(TR(c, "等待变更后的核对", "waits for a check of what was amended"),
				stdout);
		else
			put_when(c, reply.json, r);
		printf("  %s\n", joined(c, json_object_get(r, "tasks")));
		if (json_is_object(error)) {
			tell_json_error(c, error);
			code = CTL_REFUSED;
		}
	}
	return code;
}
