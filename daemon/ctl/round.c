/* round new, show; rows of visits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

enum { POLICY_MAX = 1 << 20 };

const char *round_path(struct ctl *c, const char *verb)
{
	return arena_printf(c->arena, "/api/v1/rounds/%s%s%s", url_text(c, c->o.arg[0]),
		verb[0] ? "/" : "", verb);
}

/* ---- create --------------------------------------------------------------------------------- */

static bool round_body(struct ctl *c, json_t *body, struct bytes policy, const char *pulses)
{
	const struct options *o = &c->o;
	if (o->demo)
		json_object_set_new(body, "demo", json_true());
	return set_text(body, "policy", policy.p) && set_text(body, "pulses", pulses) &&
	       set_number(body, "delta", o->delta) &&
	       set_text(body, "reveal_after", o->reveal_after) &&
	       set_text(body, "results_due", o->results_due) &&
	       set_text(body, "disclosure", o->disclosure) && add_why(c, body);
}

int ctl_round_new(struct ctl *c)
{
	struct reply reply;
	struct bytes policy;
	struct err e = { 0 };
	int code = CTL_OK;
	c->policy_file = c->o.arg[0];
	if (!read_input(c, c->o.arg[0], POLICY_MAX, &policy, &e))
		return tell_error(c, &e);
	const char *pulses = pulses_sent(c->arena, c->o.pulses, &e);
	json_t *body = json_object();
	if (pulses == NULL ||
		!set_time(body, "draw_deadline", c->o.deadline, "draw-deadline", &e)) {
		json_decref(body);
		return tell_error(c, &e);
	}
	if (reason_of(c) == NULL) {
		json_decref(body);
		return CTL_USAGE;
	}
	if (!round_body(c, body, policy, pulses)) {
		json_decref(body);
		return tell(c, ERR_BAD_UTF8, "%s", c->o.arg[0]);
	}
	if (!client_post(c, "/api/v1/rounds", body, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%s\n", member_text(reply.json, "id"));
	tell_moved(c, member_int(reply.json, "motion"));
	tell_warnings(c, reply.json);
	return CTL_OK;
}

/* ---- show ----------------------------------------------------------------------------------- */

static void show_strata(struct ctl *c, json_t *strata)
{
	size_t i;
	json_t *s;
	if (json_array_size(strata) == 0)
		return;
	printf("%s",
		TR(c, "任务 分层（U = 未分类；1、2 = 按标签调整） 抽取库 单位 抽取 比例 方式\n",
			"task stratum (U = unclassed; 1, 2 = adjusted by label) population units quota "
			"ratio report\n"));
	json_array_foreach(strata, i, s)
	{
		long long ppm = member_int(s, "ratio");
		if (member_int(s, "population") == 0)
			continue;
		printf("  %-16s %-2s %9lld %9lld %7lld %3lld.%04lld%% %s\n", member_text(s, "task"),
			member_text(s, "stratum"), (long long)member_int(s, "population"),
			(long long)member_int(s, "units"), (long long)member_int(s, "quota"),
			ppm / 10000, ppm % 10000, word_of(c, member_text(s, "report")));
	}
}

/* "72.2222% (13/18)", cut, never rounded up. */
static const char *share_text(struct ctl *c, int64_t part, int64_t whole)
{
	int64_t ppm = whole > 0 ? part * 1000000 / whole : 1000000;
	return arena_printf(c->arena, "%lld.%04lld%% (%lld/%lld)", (long long)(ppm / 10000),
		(long long)(ppm % 10000), (long long)part, (long long)whole);
}

/* How correct the lists are that a freeze asks for or froze, and why they were frozen all the same.
 */
void show_quality(struct ctl *c, json_t *q)
{
	const char *worst = member_text(q, "worst"), *why = member_text(q, "override");
	int64_t least = member_int(q, "minimum"), read = member_int(q, "read");
	if (!json_is_object(q))
		return;
	printf(read > 0 ? TR(c, "冻结时名录的正确率：%s", "correctness of the lists as frozen: %s")
			: TR(c, "此刻名录的正确率：%s",
				  "correctness of the lists at this moment: %s"),
		share_text(c, member_int(q, "numerator"), member_int(q, "denominator")));
	if (json_is_integer(json_object_get(q, "minimum")))
		printf(TR(c, "，冻结需 %lld.%04lld%%", ", a freeze asks for %lld.%04lld%%"),
			(long long)(least / 10000), (long long)(least % 10000));
	putchar('\n');
	if (worst[0] != '\0') {
		fputs(TR(c, "差错最多的来源：", "sources with most errors: "), stdout);
		put_clean(worst);
		putchar('\n');
	}
	if (why[0] != '\0' && read > 0) { /* a motion tells it in its body */
		fputs(TR(c, "正确率不足亦冻结的理由：", "to be frozen all the same because: "),
			stdout);
		put_clean(why);
		putchar('\n');
	}
	if (read > 0)
		printf(TR(c, "冻结所读名录的时间：%s\n", "the lists were read at %s\n"),
			time_text(c, read));
}

/* What is not drawn at random, or not by its own class, said aloud. */
void tell_strata(struct ctl *c, int64_t unclassed, const char *class_missing, int64_t targeted,
	int64_t empty)
{
	printf(TR(c, "未分类 U：%lld 户次（各任务相加），按 %s 类比例；定向 %lld 层，空 %lld 层\n",
		       "unclassed U: %lld objects (added over the tasks) at the ratio of %s; %lld strata targeted, %lld empty\n"),
		(long long)unclassed, class_missing, (long long)targeted, (long long)empty);
	if (targeted > 0)
		puts(TR(c, "定向：该层不足 5 户，或抽取过半，公示时不称随机抽取",
			"targeted: fewer than 5 objects, or more than half of them drawn; not to be "
			"published as random"));
}

static void show_unclassed(struct ctl *c, json_t *strata, const char *class_missing)
{
	int64_t unclassed = 0, targeted = 0, empty = 0;
	size_t i;
	json_t *s;
	if (json_array_size(strata) == 0)
		return;
	json_array_foreach(strata, i, s)
	{
		if (member_text(s, "stratum")[0] == 'U')
			unclassed += member_int(s, "population");
		targeted += strcmp(member_text(s, "report"), "targeted") == 0;
		empty += strcmp(member_text(s, "report"), "empty") == 0;
	}
	tell_strata(c, unclassed, class_missing, targeted, empty);
}

static void show_draw(struct ctl *c, json_t *draw, json_t *slots, json_t *visits)
{
	if (!json_is_object(draw))
		return;
	long long pairs = member_int(draw, "pairs"), all = member_int(visits, "onsite");
	long long offsite = member_int(visits, "offsite"),
		  bound = member_int(draw, "bound_billionths");
	printf(TR(c, "抽中 %lld 个对象、%lld 项任务次；入企 %lld 次，另有非现场检查 %lld 次\n",
		       "%lld objects drawn for %lld task checks; %lld visits on site, %lld checks off site\n"),
		(long long)member_int(draw, "objects"), pairs, all, offsite);
	printf(TR(c, "各部门分头入企需 %lld 次，合并后少 %lld 次",
		       "%lld separate entries without merging, %lld fewer with it"),
		(long long)member_int(draw, "unmerged"),
		(long long)member_int(draw, "unmerged") - all);
	if (json_is_integer(json_object_get(draw, "bound_billionths")))
		printf(TR(c, "；下界 L = %lld.%03lld", "; bound L = %lld.%03lld"),
			bound / 1000000000, bound / 1000000 % 1000);
	putchar('\n');
	if (member_int(draw, "dropped") > 0)
		printf(TR(c, "其中 %lld 项任务次因频次上限或检查频次已由本轮更早的检查用尽，不再检查（round dropped 列出明细）\n",
			       "%lld of these task checks are not made: a cap or a frequency is used up by earlier visits of the round (round dropped lists them)\n"),
			(long long)member_int(draw, "dropped"));
	printf(TR(c, "执法检查人员 %lld 人次，空缺 %lld；%lld 人参加；未排上日期 %lld 次\n",
		       "%lld inspector places, %lld open; %lld inspectors; %lld visits without a day\n"),
		(long long)member_int(slots, "all"), (long long)member_int(slots, "open"),
		(long long)member_int(slots, "inspectors"),
		(long long)member_int(visits, "unplaced"));
}

static void show_department(struct ctl *c, json_t *d)
{
	long long onsite = member_int(d, "onsite"), joint = member_int(d, "joint"),
		  bound = member_int(d, "bound_billionths");
	long long share = onsite > 0 ? joint * 1000 / onsite : 0;
	printf(TR(c, "  %-10s 入企 %lld 次，非现场 %lld 次；联合 %lld 次（%lld.%lld%%），少入企 %lld 次；L = %lld.%03lld；不再检查 %lld 项；名额 %lld，空缺 %lld\n",
		       "  %-10s %lld entries, %lld checks off site; %lld joint (%lld.%lld%%), %lld entries saved; L = %lld.%03lld; %lld dropped; %lld places, %lld open\n"),
		member_text(d, "department"), onsite, (long long)member_int(d, "offsite"), joint,
		share / 10, share % 10, (long long)member_int(d, "saved"), bound / 1000000000,
		bound / 1000000 % 1000, (long long)member_int(d, "dropped"),
		(long long)member_int(d, "slots"), (long long)member_int(d, "open"));
}

static void show_departments(struct ctl *c, json_t *list)
{
	size_t i;
	json_t *d;
	if (json_array_size(list) == 0)
		return;
	puts(TR(c, "按部门（联合检查各部门都计入，不能相加；L 只按本部门的任务）：",
		"by department (a joint visit counts for each of its departments; L is of its own tasks alone):"));
	json_array_foreach(list, i, d)
	{
		show_department(c, d);
	}
}

static void show_approvals(struct ctl *c, json_t *approvals, const char *departments)
{
	size_t i;
	json_t *a;
	if (departments[0] == '\0')
		return; /* not for this reader */
	printf(TR(c, "部门：%s\n批准：", "departments: %s\napproved: "), departments);
	json_array_foreach(approvals, i, a)
	{
		printf("%s%s", i > 0 ? "," : "", member_text(a, "department"));
	}
	puts(i == 0 ? TR(c, "尚无", "none yet") : "");
}

static void show_policy(struct ctl *c, json_t *r)
{
	const char *when = time_text(c, member_int(r, "policy_agreed"));
	printf(TR(c, "方案：提请 %lld %s %s\n", "policy: motion %lld %s %s\n"),
		(long long)member_int(r, "policy_motion"),
		word_of(c, member_text(r, "policy_state")), when);
}

static void show_round(struct ctl *c, json_t *r)
{
	size_t i;
	json_t *x;
	printf("%s  %s%s  %s\n", member_text(r, "id"), state_word(c, member_text(r, "state")),
		json_is_true(json_object_get(r, "demo")) ? TR(c, "（演示）", " (demo)") : "",
		member_text(r, "name"));
	if (member_text(r, "policy_state")[0] != '\0')
		show_policy(c, r);
	show_approvals(c, json_object_get(r, "approvals"), member_text(r, "departments"));
	printf(TR(c, "公共随机数：%s\n启封不早于 %s，结果公示不迟于 %s\n",
		       "pulses: %s\nreveal not before %s, results by %s\n"),
		pulses_text(c, member_text(r, "pulses")), member_text(r, "reveal_after"),
		member_text(r, "results_due"));
	json_array_foreach(json_object_get(r, "entries"), i, x)
	{
		printf(TR(c, "日志 %lld %s %s\n", "log %lld %s %s\n"),
			(long long)member_int(x, "index"), word_of(c, member_text(x, "kind")),
			member_text(x, "leaf"));
	}
	show_quality(c, json_object_get(r, "quality"));
	show_strata(c, json_object_get(r, "strata"));
	show_unclassed(c, json_object_get(r, "strata"), member_text(r, "class_missing"));
	show_draw(c, json_object_get(r, "draw"), json_object_get(r, "slots"),
		json_object_get(r, "visits"));
	show_departments(c, json_object_get(r, "by_department"));
	if (member_int(r, "causes") > 0)
		printf(TR(c, "其间另有有因检查 %lld 次，不计入以上各项\n",
			       "%lld inspections for a cause meanwhile, in none of the figures above\n"),
			(long long)member_int(r, "causes"));
	json_array_foreach(json_object_get(r, "bundles"), i, x)
	{
		printf(TR(c, "复核包 %s %s\n", "bundle %s %s\n"),
			word_in(c, "level", member_text(x, "level")), member_text(x, "sha256"));
	}
}

int ctl_round_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, round_path(c, ""), &reply, &code))
		return code;
	if (!tell_raw(c, &reply)) {
		show_round(c, reply.json);
		tell_warnings(c, reply.json);
	}
	return CTL_OK;
}

/* ---- visits --------------------------------------------------------------------------------- */

static void show_inspector(struct ctl *c, json_t *slot, const char *leader)
{
	const char *who = member_text(slot, "inspector"), *name = member_text(slot, "name");
	printf(" %s%s", who[0] ? who : TR(c, "空缺", "open"),
		who[0] && strcmp(who, leader) == 0 ? "*" : "");
	if (name[0] != '\0')
		printf(TR(c, "（%s）", " (%s)"), name);
}

void show_visit(struct ctl *c, json_t *v)
{
	size_t i;
	json_t *s;
	const char *day = member_text(v, "day");
	if (day[0] != '\0')
		printf("%s %s ", day, word_of(c, member_text(v, "half")));
	else
		fputs(TR(c, "未排日 ", "no-day "), stdout);
	printf("%s~%lld ", member_text(v, "object"), (long long)member_int(v, "ordinal"));
	put_clean(member_text(v, "name"));
	printf(" %s [%s] %s:", word_of(c, member_text(v, "mode")), member_text(v, "tasks"),
		member_text(v, "lead"));
	json_array_foreach(json_object_get(v, "slots"), i, s)
	{
		show_inspector(c, s, member_text(v, "leader"));
	}
	const char *address = member_text(v, "address");
	if (address[0] != '\0') {
		fputs(TR(c, "\n  地址：", "\n  address: "), stdout);
		put_clean(address);
	}
	putchar('\n');
}
