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
		!set_text(body, "day", c->o.day) || !set_number(body, "seeds", c->o.seeds)) {
		*code = tell(c, ERR_USAGE, "--scheme, --seeds");
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

static void show_side(struct ctl *c, json_t *side)
{
	size_t i;
	json_t *p, *visits = json_object_get(side, "visits");
	for (size_t k = 0; k < SIMULATE_FIGURES; k++) {
		const struct simulate_form *f = &simulate_form[k];
		json_t *s = json_object_get(side, f->name);
		if (json_is_object(s))
			show_spread(c, TR(c, f->zh, f->en), s);
	}
	printf(TR(c, "  入企次数的下界 L %s；各任务各自抽取为 %s\n",
		       "  bound L of entries %s; %s if every task drew by itself\n"),
		decimal(c, visits, "bound"), decimal(c, visits, "independent"));
	json_array_foreach(json_object_get(side, "parts"), i, p)
	{
		if (member_int(p, "population") > 0)
			show_part(c, p);
	}
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
	if (!json_is_object(against))
		return;
	printf(TR(c, "%s：\n", "%s:\n"), c->o.against);
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
