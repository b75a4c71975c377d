#include "daemon/documents.h"

#include <string.h>

#include "daemon/policy/policyfile.h"
#include "daemon/policy/schemefile.h"
#include "daemon/register/cell.h"

const struct document_kind document_kinds[] = {
	{ "base", false, false, true, document_base, "方案基础", "base of a policy", false },
	{ "scheme", true, true, false, document_scheme, "抽查方案", "scheme", false },
	{ "model", false, false, false, document_model, "风险分类模型", "risk model", true },
	{ 0 },
};

const struct document_kind *document_kind(const char *name)
{
	for (const struct document_kind *k = document_kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static const char *text_of(struct arena *a, struct bytes b)
{
	return arena_strndup(a, b.p, b.n);
}

/* ---- bases ---- */

/* Rows without the tasks. */
static struct compose_rows without_tasks(const struct compose_rows *rows, struct arena *a)
{
	struct setting_row *row = arena_calloc(a, rows->n + 1, sizeof *row);
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (!bytes_starts(rows->row[i].path, BYTES("task.")))
			row[n++] = rows->row[i];
	return (struct compose_rows){ row, n };
}

static void warn_tasks(struct documents *out, struct arena *a, const struct policy *p)
{
	struct document_warning *w = arena_calloc(a, 1, sizeof *w);

	*w = (struct document_warning){
		"tasks-left-out", arena_printf(a, "%u", (unsigned)p->task_count),
		"文件中的任务不属于方案基础，未收入；任务请写成抽查方案",
		"tasks of the file are no part of a base and were left out; write them as schemes"
	};
	out->warning = w;
	out->warnings = 1;
}

bool document_may_inspect(struct bytes rows, struct bytes department, struct bytes name,
	bool inspects, struct arena *a, struct err *e)
{
	const char *path = arena_printf(a, "department.%.*s.inspects", BYTES_ARG(department));
	struct bytes wanted = bytes_of(arena_printf(a, "%s\tyes", path));
	bool more = !inspects || cell_coordinates(name);

	while (more) {
		if (!bytes_equal(bytes_cut(&rows, '\n', &more), wanted))
			continue;
		err_set(e, ERR_NO_DEPARTMENT, "%.*s %.*s", BYTES_ARG(department), BYTES_ARG(name));
		return err_at(e, "policy: %s", path);
	}
	return true;
}

/* By the names that the file itself gives them. */
static bool check_offices(const struct policy *p, struct bytes rows, struct arena *a, struct err *e)
{
	for (uint32_t i = 0; i < p->department_count; i++) {
		const struct department *d = &p->departments[i];
		if (!document_may_inspect(rows, d->code, d->name, true, a, e))
			return false;
	}
	return true;
}

bool document_base(struct documents *out, struct arena *a, const char *text, const char *file,
	const char *code, const struct compose_rows *base, struct err *e)
{
	struct policy_file *policy = arena_calloc(a, 1, sizeof *policy);
	struct compose_rows all;
	struct document *d = arena_calloc(a, 1, sizeof *d);

	(void)base;
	*out = (struct documents){ 0 };
	if (!policy_file_parse(policy, a, text, file, e) ||
		!compose_split(policy->rows, a, &all, e) ||
		!check_offices(&policy->policy, policy->rows, a, e))
		return false;
	struct compose_rows own = without_tasks(&all, a);
	*d = (struct document){ code, policy->title, "", compose_join(&own, a) };
	out->at = d;
	out->n = 1;
	if (policy->policy.task_count > 0)
		warn_tasks(out, a, &policy->policy);
	return true;
}

/* ---- schemes ---- */

static const struct document_warning scheme_says[SCHEME_WARNINGS] = {
	[SCHEME_CLASS_IGNORED] = { "class-ignored", NULL,
		"各等级比例、方式相同：未运用信用风险分类结果",
		"the same for every class: the risk classes are not used" },
	[SCHEME_ONSITE_A] = { "onsite-a", NULL, "对信用好、风险低的 A 类对象现场检查",
		"objects of class A are visited on site" },
	[SCHEME_OVER_CEILING] = { "over-ceiling", NULL, "一般检查事项，各等级比例均高于比例上限",
		"general items, and every class is drawn above the ceiling" },
};

static void warn_schemes(struct documents *out, struct arena *a, const struct policy *p)
{
	struct document_warning *w =
		arena_calloc(a, (size_t)p->task_count * SCHEME_WARNINGS + 1, sizeof *w);

	out->warning = w;
	for (uint32_t t = 0; t < p->task_count; t++) {
		uint32_t set = scheme_warnings(p, &p->tasks[t]);
		for (int i = 0; i < SCHEME_WARNINGS; i++) {
			if ((set >> i & 1) == 0)
				continue;
			w[out->warnings] = scheme_says[i];
			w[out->warnings++].what = text_of(a, p->tasks[t].code);
		}
	}
}

bool document_scheme(struct documents *out, struct arena *a, const char *text, const char *file,
	const char *code, const struct compose_rows *base, struct err *e)
{
	struct scheme_file *s = arena_calloc(a, 1, sizeof *s);

	(void)code;
	*out = (struct documents){ 0 };
	if (!scheme_file_parse(s, a, text, file, base, e))
		return false;
	struct document *d = arena_calloc(a, s->n + 1, sizeof *d);
	for (size_t i = 0; i < s->n; i++) {
		const struct task *task = &s->policy.tasks[i];
		struct compose_rows own = scheme_rows(&s->rows, s->scheme[i].code, a);
		d[i] = (struct document){ text_of(a, task->code), text_of(a, task->name),
			text_of(a, task->lead_code), compose_join(&own, a) };
	}
	out->at = d;
	out->n = s->n;
	out->policy = compose_join(&s->policy_rows, a);
	warn_schemes(out, a, &s->policy);
	return true;
}
