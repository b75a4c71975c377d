/* simulate: what policies would mean, over many seeds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/verbs.h"
#include "daemon/documents.h"
#include "planner/simulate.h"

/* ---- what to simulate ----------------------------------------------------------------------- */

/* The file as a member of the body; false after telling. */
static bool set_file(struct ctl *c, json_t *body, const char *name, const char *file, int *code)
{
	struct bytes text;
	struct err e = { 0 };
	if (file == NULL)
		return true;
	c->policy_file = file;
	if (!read_input(c, file, DOCUMENT_MAX, &text, &e))
		*code = tell_error(c, &e);
	else if (!set_text(body, name, text.p))
		*code = tell(c, ERR_BAD_UTF8, "%s", file);
	return *code == CTL_OK;
}

/* The schemes named with commas. */
static bool set_schemes(struct ctl *c, json_t *body)
{
	struct buf b = buf_new(c->arena, 200);
	for (size_t i = 0; i < c->o.schemes.n; i++) {
		buf_str(&b, i > 0 ? "," : "");
		buf_str(&b, c->o.schemes.text[i]);
	}
	buf_byte(&b, '\0');
	return c->o.schemes.n == 0 || set_text(body, "schemes", b.p);
}

/* Inspectors, the past. */
static bool set_asked(struct ctl *c, json_t *body)
{
	const char *inspectors = c->o.inspectors, *limit = c->o.workload;
	return (!c->o.staff || json_object_set_new(body, "staff", json_true()) == 0) &&
	       (!c->o.backtest || json_object_set_new(body, "backtest", json_true()) == 0) &&
	       set_text(body, "inspectors", inspectors) && set_number(body, "limit", limit) &&
	       set_text(body, "past_from", c->o.past_from) &&
	       set_text(body, "past_to", c->o.past_to);
}

static bool simulate_body(struct ctl *c, json_t *body, int *code)
{
	const char *policy = c->o.args > 0 ? c->o.arg[0] : c->o.policy;
	if ((policy != NULL) + (c->o.source != NULL) + (c->o.schemes.n > 0) != 1 ||
		(c->o.args > 0 && c->o.policy != NULL)) {
		*code = tell(c, ERR_USAGE, "POLICY, --source, --scheme");
		return false;
	}
	if (!set_schemes(c, body) || !set_text(body, "base", c->o.base) ||
		!set_text(body, "from", c->o.from) || !set_text(body, "to", c->o.to) ||
		!set_text(body, "day", c->o.day) || !set_number(body, "seeds", c->o.seeds) ||
		!set_asked(c, body)) {
		*code = tell(c, ERR_USAGE, "--scheme, --seeds, --workload");
		return false;
	}
	return set_file(c, body, "against", c->o.against, code) &&
	       set_file(c, body, "source", c->o.source, code) &&
	       set_file(c, body, "policy", policy, code);
}

/* ---- what came out -------------------------------------------------------------------------- */

static const char *decimal(struct ctl *c, json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);
	return json_is_number(v) ? arena_printf(c->arena, "%.1f", json_number_value(v)) : "-";
}

static void show_spread(struct ctl *c, const char *name, json_t *s)
{
	printf("  %s", name);
	for (size_t w = text_width(name); w < 44; w++)
		putchar(' ');
	printf(" %12s  [%s, %s]\n", decimal(c, s, "mean"), decimal(c, s, "low"),
		decimal(c, s, "high"));
}

/* A part of the frame; the members are those of a spread. */
static void show_part(struct ctl *c, json_t *p)
{
	const char *name = arena_printf(c->arena, TR(c, "%s %s（%lld 户）", "%s %s (%lld objects)"),
		word_in(c, "part", member_text(p, "kind")), member_text(p, "name"),
		(long long)member_int(p, "population"));
	show_spread(c, name, p);
}

/* The inspectors of a department. */
static void show_staff(struct ctl *c, json_t *s)
{
	static const struct {
		const char *name, *zh, *en;
	} lines[] = {
		{ "slots", "检查人次", "slots" },
		{ "open", "无人可派", "open" },
		{ "idle", "没有任务的人", "without a slot" },
		{ "busiest", "一人最多", "most of one" },
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const char *name = arena_printf(c->arena,
			TR(c, "%s %lld 人：%s", "%s, %lld inspectors: %s"), member_text(s, "name"),
			(long long)member_int(s, "inspectors"), TR(c, lines[i].zh, lines[i].en));
		show_spread(c, name, json_object_get(s, lines[i].name));
	}
}

/* A share of past inspections: mean of how many, in per cent. */
static const char *share(struct ctl *c, json_t *s)
{
	json_t *ppm = json_object_get(s, "ppm");
	if (!json_is_integer(ppm))
		return "-";
	return arena_printf(c->arena, "%.1f%% [%.1f%%, %.1f%%] %s/%lld",
		(double)json_integer_value(ppm) / 10000, (double)member_int(s, "ppm_low") / 10000,
		(double)member_int(s, "ppm_high") / 10000, decimal(c, s, "mean"),
		(long long)member_int(s, "checks"));
}

static void show_backtest(struct ctl *c, json_t *b)
{
	size_t i;
	json_t *p;
	if (!json_is_object(b))
		return;
	printf(TR(c, "  回测 %s 至 %s 的检查，抽取会到的：\n",
		       "  backtest: inspections from %s to %s that the draw reaches:\n"),
		member_text(b, "from"), member_text(b, "to"));
	json_array_foreach(json_object_get(b, "parts"), i, p)
	{
		bool all = strcmp(member_text(p, "kind"), "all") == 0;
		printf(TR(c, "    %s%s%s：发现问题的 %s；未发现的 %s\n",
			       "    %s%s%s: with findings %s; without %s\n"),
			all ? TR(c, "全部", "all") : word_in(c, "part", member_text(p, "kind")),
			all ? "" : " ", member_text(p, "name"),
			share(c, json_object_get(p, "found")),
			share(c, json_object_get(p, "clean")));
	}
	if (member_int(b, "outside_found") + member_int(b, "outside_clean") > 0)
		printf(TR(c, "    名录中已无其对象，不计在内：发现问题的 %lld，未发现的 %lld\n",
			       "    not in the lists any more, not counted: %lld with findings, %lld without\n"),
			(long long)member_int(b, "outside_found"),
			(long long)member_int(b, "outside_clean"));
}

static void show_figures(struct ctl *c, json_t *side)
{
	for (size_t k = 0; k < SIMULATE_FIGURES; k++) {
		const struct simulate_form *f = &simulate_form[k];
		json_t *s = json_object_get(side, f->name);
		if (json_is_object(s))
			show_spread(c, TR(c, f->zh, f->en), s);
		else if (!f->staffed)
			printf("  %s  -\n", TR(c, f->zh, f->en));
	}
}

static void show_side(struct ctl *c, json_t *side)
{
	size_t i;
	json_t *p, *visits = json_object_get(side, "visits");
	if (json_is_true(json_object_get(side, "few"))) {
		printf("  %s\n",
			TR(c, "有任务的抽取库不足 20 户，结果只向联席办、纪检审计显示",
				"some task has fewer than 20 objects: what came out is for coordinators and auditors"));
		return;
	}
	show_figures(c, side);
	printf(TR(c, "  入企次数的下界 L %s；各任务各自抽取为 %s\n",
		       "  bound L of entries %s; %s if every task drew by itself\n"),
		decimal(c, visits, "bound"), decimal(c, visits, "independent"));
	json_array_foreach(json_object_get(side, "parts"), i, p)
	{
		if (member_int(p, "population") > 0)
			show_part(c, p);
	}
	json_array_foreach(json_object_get(side, "staff"), i, p)
	{
		show_staff(c, p);
	}
	show_backtest(c, json_object_get(side, "backtest"));
}

static void show_rates(struct ctl *c, json_t *rates)
{
	size_t i;
	json_t *r;
	json_array_foreach(rates, i, r)
	{
		printf(TR(c, "  发现率：%s 类 %lld/%lld（既往检查）\n",
			       "  found of class %s: %lld of %lld past inspections\n"),
			member_text(r, "class"), (long long)member_int(r, "found"),
			(long long)member_int(r, "checks"));
	}
}

static void show(struct ctl *c, json_t *o)
{
	json_t *against = json_object_get(o, "against");
	printf(TR(c, "名录 %lld 户，%lld 个随机种子：均值 [95%% 的结果在其间]\n",
		       "%lld objects, %lld seeds: mean [95 %% of them lie between]\n"),
		(long long)member_int(o, "register"), (long long)member_int(o, "seeds"));
	show_side(c, o);
	show_rates(c, json_object_get(o, "rates"));
	if (!json_is_object(against)) {
		remark(c, TR(c, "没有并列的另一方案（--against FILE）",
				  "no other policy stands beside it (--against FILE)"));
		return;
	}
	printf("%s\n", c->o.against != NULL
			       ? arena_printf(c->arena, TR(c, "%s：", "%s:"), c->o.against)
			       : TR(c, "现有人员：", "the present staffing:"));
	show_side(c, against);
}

int ctl_simulate(struct ctl *c)
{
	struct reply reply, done;
	int code = CTL_OK;
	json_t *body = json_object();
	if (!simulate_body(c, body, &code)) {
		json_decref(body);
		return code;
	}
	if (!client_post(c, "/api/v1/simulations", body, &reply, &code) ||
		!wait_for(c, reply.json, TR(c, "模拟", "simulating"), &done, &code))
		return code;
	const char *path = arena_printf(c->arena, "/api/v1/simulations/%lld",
		(long long)member_int(json_object_get(done.json, "result"), "simulation"));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	show(c, reply.json);
	return CTL_OK;
}
