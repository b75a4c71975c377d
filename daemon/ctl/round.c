/* round … */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "sampler/step.h"

enum { POLICY_MAX = 1 << 20, ATTESTATION_MAX = 65536 };

static int usage(struct ctl *c, const char *what)
{
	struct err e = { 0 };
	err_set(&e, ERR_USAGE, "%s", what);
	return tell_error(c, &e);
}

static const char *round_path(struct ctl *c, const char *verb)
{
	return arena_printf(
		c->arena, "/api/v1/rounds/%s%s%s", c->o.arg[0], verb[0] ? "/" : "", verb);
}

/* ---- create ------------------------------------------------------------------------------- */

static bool set_number(json_t *o, const char *name, const char *text)
{
	char *end;
	if (text == NULL)
		return true;
	long long v = strtoll(text, &end, 10);
	return text[0] != '\0' && *end == '\0' &&
	       json_object_set_new(o, name, json_integer(v)) == 0;
}

static bool set_text(json_t *o, const char *name, const char *text)
{
	return text == NULL || json_object_set_new(o, name, json_string(text)) == 0;
}

int ctl_round_create(struct ctl *c)
{
	const struct options *o = &c->o;
	struct reply reply;
	struct bytes policy;
	struct err e = { 0 };
	int code = CTL_OK;
	if (o->pulses == NULL)
		return usage(c, "--pulses SOURCE:PULSE:TIME,…");
	c->policy_file = o->arg[0];
	if (!read_input(c, o->arg[0], POLICY_MAX, &policy, &e))
		return tell_error(c, &e);
	json_t *body = json_object();
	if (!set_text(body, "policy", policy.p) || !set_text(body, "pulses", o->pulses) ||
		!set_number(body, "delta", o->delta) ||
		!set_number(body, "draw-deadline", o->deadline) ||
		!set_text(body, "reveal-after", o->reveal_after) ||
		!set_text(body, "results-due", o->results_due) ||
		!set_text(body, "disclosure", o->disclosure)) {
		json_decref(body);
		return usage(c, "--delta, --draw-deadline: numbers; the policy: UTF-8");
	}
	if (o->demo)
		json_object_set_new(body, "demo", json_true());
	if (!client_post(c, "/api/v1/rounds", body, &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		printf("%s\n", member_text(reply.json, "id"));
	return CTL_OK;
}

/* ---- show --------------------------------------------------------------------------------- */

static const char *state_word(struct ctl *c, const char *name)
{
	enum round_state s;
	if (!state_of(bytes_of(name), &s))
		return name;
	return TR(c, state_form(s)->zh, state_form(s)->en);
}

int ctl_round_list(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *r;
	if (!client_get(c, "/api/v1/rounds", &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	json_array_foreach(json_object_get(reply.json, "rounds"), i, r) printf("%s  %s%s  %s\n",
		member_text(r, "id"), state_word(c, member_text(r, "state")),
		json_is_true(json_object_get(r, "demo")) ? TR(c, "（演示）", " (demo)") : "",
		member_text(r, "name"));
	return CTL_OK;
}

/* A word of the artefacts for a reader of Chinese. */
static const char *word_of(struct ctl *c, const char *word)
{
	static const char *const words[][2] = { { "random", "随机" }, { "full", "全部" },
		{ "targeted", "定向" }, { "empty", "无对象" }, { "am", "上午" }, { "pm", "下午" },
		{ "onsite", "现场" }, { "offsite", "非现场" } };
	for (size_t i = 0; i < sizeof words / sizeof *words && c->lang == LANG_ZH; i++)
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];
	return word;
}

static void show_strata(struct ctl *c, json_t *strata)
{
	size_t i;
	json_t *s;
	if (json_array_size(strata) == 0)
		return;
	printf("%s", TR(c, "任务 分层（U = 未分类） 抽取库 抽取 比例 方式\n",
			     "task stratum (U = unclassed) population quota ratio report\n"));
	json_array_foreach(strata, i, s)
	{
		long long ppm = member_int(s, "ratio");
		if (member_int(s, "population") == 0)
			continue;
		printf("  %-16s %s %9lld %7lld %3lld.%04lld%% %s\n", member_text(s, "task"),
			member_text(s, "stratum"), (long long)member_int(s, "population"),
			(long long)member_int(s, "quota"), ppm / 10000, ppm % 10000,
			word_of(c, member_text(s, "report")));
	}
}

/* What is not drawn at random, or not by its own class, said aloud. */
static void tell_strata(struct ctl *c, long long unclassed, const char *class_missing,
	long long targeted, long long empty)
{
	printf(TR(c, "未分类 U：%lld 户次（各任务相加），按 %s 类比例；定向 %lld 层，空 %lld 层\n",
		       "unclassed U: %lld objects (added over the tasks) at the ratio of %s; %lld strata targeted, %lld empty\n"),
		unclassed, class_missing, targeted, empty);
	if (targeted > 0)
		puts(TR(c, "定向：该层不足 5 户，或抽取过半，公示时不称随机抽取",
			"targeted: fewer than 5 objects, or more than half of them drawn; not to be "
			"published as random"));
}

static void show_unclassed(struct ctl *c, json_t *strata, const char *class_missing)
{
	long long unclassed = 0, targeted = 0, empty = 0;
	size_t i;
	json_t *s;
	if (json_array_size(strata) == 0)
		return;
	json_array_foreach(strata, i, s)
	{
		if (strcmp(member_text(s, "stratum"), "U") == 0)
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
	printf(TR(c, "各部门分头入企需 %lld 次，合并后少 %lld 次；下界 L = %lld.%03lld\n",
		       "%lld separate entries without merging, %lld fewer with it; bound L = %lld.%03lld\n"),
		(long long)member_int(draw, "unmerged"),
		(long long)member_int(draw, "unmerged") - all, bound / 1000000000,
		bound / 1000000 % 1000);
	printf(TR(c, "执法检查人员 %lld 人次，空缺 %lld；%lld 人参加；未排上日期 %lld 次\n",
		       "%lld inspector places, %lld open; %lld inspectors; %lld visits without a day\n"),
		(long long)member_int(slots, "all"), (long long)member_int(slots, "open"),
		(long long)member_int(slots, "inspectors"),
		(long long)member_int(visits, "unplaced"));
}

static void show_approvals(struct ctl *c, json_t *approvals, const char *departments)
{
	size_t i;
	json_t *a;
	printf(TR(c, "部门：%s\n批准：", "departments: %s\napproved: "), departments);
	json_array_foreach(approvals, i, a)
		printf("%s%s", i > 0 ? "," : "", member_text(a, "department"));
	putchar('\n');
}

static void show_round(struct ctl *c, json_t *r)
{
	size_t i;
	json_t *x;
	printf("%s  %s%s  %s\n", member_text(r, "id"), state_word(c, member_text(r, "state")),
		json_is_true(json_object_get(r, "demo")) ? TR(c, "（演示）", " (demo)") : "",
		member_text(r, "name"));
	show_approvals(c, json_object_get(r, "approvals"), member_text(r, "departments"));
	printf(TR(c, "公共随机数：%s\n启封不早于 %s，结果公示不迟于 %s\n",
		       "pulses: %s\nreveal not before %s, results by %s\n"),
		member_text(r, "pulses"), member_text(r, "reveal-after"),
		member_text(r, "results-due"));
	json_array_foreach(json_object_get(r, "entries"), i, x) printf(
		TR(c, "日志 %lld %s %s\n", "log %lld %s %s\n"), (long long)member_int(x, "index"),
		member_text(x, "kind"), member_text(x, "leaf"));
	show_strata(c, json_object_get(r, "strata"));
	show_unclassed(c, json_object_get(r, "strata"), member_text(r, "class-missing"));
	show_draw(c, json_object_get(r, "draw"), json_object_get(r, "slots"),
		json_object_get(r, "visits"));
	json_array_foreach(json_object_get(r, "bundles"), i, x)
		printf(TR(c, "复核包 %s %s\n", "bundle %s %s\n"), member_text(x, "level"),
			member_text(x, "sha256"));
}

int ctl_round_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, round_path(c, ""), &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		show_round(c, reply.json);
	return CTL_OK;
}

static void show_inspector(struct ctl *c, json_t *slot)
{
	const char *who = member_text(slot, "inspector"), *name = member_text(slot, "name");
	printf(" %s", who[0] ? who : TR(c, "空缺", "open"));
	if (name[0] != '\0')
		printf(TR(c, "（%s）", " (%s)"), name);
}

static void show_visit(struct ctl *c, json_t *v)
{
	size_t i;
	json_t *s;
	const char *day = member_text(v, "day");
	printf("%s~%lld %s %s ", member_text(v, "object"), (long long)member_int(v, "ordinal"),
		member_text(v, "name"), word_of(c, member_text(v, "mode")));
	if (day[0] != '\0')
		printf("%s %s", day, word_of(c, member_text(v, "half")));
	else
		fputs(TR(c, "未排日", "no-day"), stdout);
	printf(" [%s] %s:", member_text(v, "tasks"), member_text(v, "lead"));
	json_array_foreach(json_object_get(v, "slots"), i, s) show_inspector(c, s);
	putchar('\n');
}

static void show_visits(struct ctl *c, json_t *visits, int64_t most, bool *unplaced)
{
	size_t i;
	json_t *v;
	json_array_foreach(visits, i, v)
	{
		if ((int64_t)i == most)
			return;
		show_visit(c, v);
		*unplaced = *unplaced || member_text(v, "day")[0] == '\0';
	}
}

int ctl_round_visits(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	bool unplaced = false;
	const char *after = "";
	int64_t left = c->o.limit != NULL ? strtoll(c->o.limit, NULL, 10) : INT64_MAX;
	if (!c->o.json && !c->o.quiet)
		puts(TR(c, "检查对象~序号 名称 方式 日期 时段 [任务] 牵头部门: 执法检查人员",
			"object~ordinal name mode day half [tasks] lead: inspectors"));
	while (left > 0) {
		const char *path = arena_printf(c->arena, "%s?after=%s&limit=%lld",
			round_path(c, "visits"), after, (long long)(left < 1000 ? left : 1000));
		if (!client_get(c, path, &reply, &code))
			return code;
		json_t *visits = json_object_get(reply.json, "visits");
		if (!tell_raw(c, &reply))
			show_visits(c, visits, left, &unplaced);
		left -= (int64_t)json_array_size(visits);
		after = member_text(reply.json, "next");
		if (after[0] == '\0')
			break;
	}
	if (unplaced && !c->o.quiet)
		puts(TR(c, "未排日：窗口期内没有检查组全体都有空的半天，由牵头部门另行约定日期",
			"no-day: in the window no half-day was free for the whole team; the leading "
			"department fixes one"));
	return CTL_OK;
}

/* ---- steps -------------------------------------------------------------------------------- */

int ctl_round_approve(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (c->o.departments_n == 0)
		return usage(c, "--department CODE");
	for (size_t i = 0; i < c->o.departments_n; i++) {
		json_t *body = json_pack("{s:s}", "department", c->o.departments[i]);
		set_text(body, "account", c->o.account);
		if (!client_post(c, round_path(c, "approve"), body, &reply, &code))
			return code;
		if (tell_raw(c, &reply) || c->o.quiet)
			continue;
		const char *missing = member_text(reply.json, "missing");
		printf(TR(c, "%s 已批准；尚缺：%s\n", "%s approved; missing: %s\n"),
			c->o.departments[i], missing[0] ? missing : TR(c, "无", "none"));
	}
	return CTL_OK;
}

/* Ask for a step, wait, tell how it ended. */
static int step(
	struct ctl *c, const char *verb, json_t *body, const char *doing, struct reply *done)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_post(c, round_path(c, verb), body, &reply, &code) ||
		!wait_for(c, &reply, doing, done, &code))
		return code;
	return CTL_OK;
}

/* Told in full by --json, else in one line. */
static int told_step(
	struct ctl *c, const char *verb, json_t *body, const char *doing, const char *done_text)
{
	struct reply done;
	int code = step(c, verb, body, doing, &done);
	if (code == CTL_OK && !tell_raw(c, &done) && !c->o.quiet)
		printf("%s %s\n", c->o.arg[0], done_text);
	return code;
}

int ctl_round_freeze(struct ctl *c)
{
	struct reply done;
	int code = step(c, "freeze", json_object(), TR(c, "冻结", "freezing"), &done);
	if (code != CTL_OK || tell_raw(c, &done) || c->o.quiet)
		return code;
	json_t *result = json_object_get(done.json, "result");
	long long uncovered = member_int(result, "calendar-uncovered-days");
	printf(TR(c, "%s 抽取库已冻结，%lld 户\n", "%s is frozen, %lld objects\n"), c->o.arg[0],
		(long long)member_int(result, "register"));
	tell_strata(c, member_int(result, "unclassed"), member_text(result, "class-missing"),
		member_int(result, "targeted"), member_int(result, "empty"));
	if (uncovered > 0)
		printf(TR(c, "注意：检查窗口中有 %lld 天，其所在年份的节假日尚未公布，只按周末计算\n",
			       "note: %lld days of the windows lie in years whose holidays are not announced; only weekends are known\n"),
			uncovered);
	return code;
}

int ctl_round_lock(struct ctl *c)
{
	return told_step(c, "lock", json_object(), TR(c, "锁定", "locking"),
		TR(c, "秘密已锁定", "is locked"));
}

int ctl_round_draw(struct ctl *c)
{
	int code = told_step(
		c, "draw", json_object(), TR(c, "抽取", "drawing"), TR(c, "已抽取", "is drawn"));
	if (code != CTL_OK || c->o.json || c->o.quiet)
		return code;
	return ctl_round_show(c);
}

int ctl_round_reveal(struct ctl *c)
{
	return told_step(c, "reveal", json_object(), TR(c, "启封", "revealing"),
		TR(c, "已启封", "is revealed"));
}

int ctl_round_bundle(struct ctl *c)
{
	struct reply done;
	json_t *body = json_object();
	set_text(body, "level", c->o.level);
	int code = step(c, "bundle", body, TR(c, "制作复核包", "making the bundle"), &done);
	if (code != CTL_OK)
		return code;
	json_t *result = json_object_get(done.json, "result");
	const char *sha256 = member_text(result, "sha256");
	if (c->o.output != NULL)
		return fetch_artefact(c, sha256);
	if (!tell_raw(c, &done))
		printf("%s\n", sha256);
	return CTL_OK;
}

/* ---- beacons ------------------------------------------------------------------------------ */

int ctl_round_beacon_text(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (c->o.value == NULL)
		return usage(c, "--value VALUE");
	const char *path = arena_printf(c->arena, "%s?place=%s&value=%s",
		round_path(c, "beacon-text"), c->o.place != NULL ? c->o.place : "1", c->o.value);
	if (!client_get(c, path, &reply, &code))
		return code;
	fwrite(reply.body.p, 1, reply.body.n, stdout);
	return CTL_OK;
}

/* Signature lines come from files, one file an attester or several lines in one. */
static bool read_attestations(struct ctl *c, struct buf *lines, struct err *e)
{
	for (size_t i = 0; i < c->o.attestations_n; i++) {
		struct bytes text;
		if (!read_input(c, c->o.attestations[i], ATTESTATION_MAX, &text, e))
			return false;
		buf_bytes(lines, text);
		if (text.n > 0 && text.p[text.n - 1] != '\n')
			buf_byte(lines, '\n');
	}
	return true;
}

int ctl_round_beacon(struct ctl *c)
{
	struct buf lines = buf_new(c->arena, 512);
	struct err e = { 0 };
	if (c->o.value == NULL)
		return usage(c, "--value VALUE");
	if (!read_attestations(c, &lines, &e))
		return tell_error(c, &e);
	json_t *body = json_pack("{s:s, s:s%}", "value", c->o.value, "attestations",
		lines.n > 0 ? lines.p : "", lines.n);
	if (body == NULL || !set_number(body, "place", c->o.place)) {
		json_decref(body);
		return usage(c, "--place NUMBER, --attestation FILE");
	}
	return told_step(c, "beacon", body, TR(c, "录入公共随机数", "entering the beacon"),
		TR(c, "公共随机数已录入", "has the beacon value"));
}
