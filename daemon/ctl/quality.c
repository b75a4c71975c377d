/* quality show, trend. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/import.h"
#include "daemon/ctl/verbs.h"

enum { MILLION = 1000000 };

/* Digits behind the point by integers: nothing is rounded up to what it is not. */
static void put_share(int64_t part, int64_t whole)
{
	if (whole <= 0) {
		fputs("—", stdout);
		return;
	}
	int64_t ppm = part * MILLION / whole;
	printf("%lld.%04lld%%", (long long)(ppm / 10000), (long long)(ppm % 10000));
}

/* A share with its numerator and denominator; of an age the days and the cycle, of rows refused the
 * files. */
static void put_number(struct ctl *c, const char *figure, json_t *o)
{
	int64_t part = member_int(o, "numerator"), whole = member_int(o, "denominator");
	if (strcmp(figure, "age") == 0) {
		printf(TR(c, "%lld 天，周期 %lld 天", "%lld days, of a cycle of %lld"),
			(long long)part, (long long)whole);
		return;
	}
	if (strcmp(figure, "refused") == 0) {
		printf(TR(c, "%lld 行，%lld 份文件", "%lld rows, in %lld files"), (long long)part,
			(long long)whole);
		return;
	}
	printf("%lld/%lld ", (long long)part, (long long)whole);
	put_share(part, whole);
}

/* Nothing of them counts anywhere: whoever reads the share has to know that they are there. */
static void show_refused(struct ctl *c, json_t *now)
{
	long long rows = member_int(now, "refused");
	if (rows > 0)
		printf(TR(c, "另有 %lld 行在整份退回的文件中，不在上述分母之内，该来源尚未补正\n",
			       "besides, %lld rows of files of which nothing was taken in, not among these, and not mended yet\n"),
			rows);
}

/* What a figure is about: a fact of the register, or a word of its own. */
static const char *fact_title(struct ctl *c, const char *name, const char *fact)
{
	enum register_id id;
	size_t i = register_named(bytes_of(name), &id) ? register_fact(id, fact) : FACTS_MAX;
	return i < FACTS_MAX && i < registers[id].facts && c->lang == LANG_ZH
		       ? registers[id].fact[i].zh
		       : word_in(c, "pool", fact);
}

static void put_part(const char *text)
{
	if (text[0] == '\0' || strcmp(text, "*") == 0)
		return;
	fputs("  ", stdout);
	put_clean(text);
}

/* Lists of no department are the whole installation's; `*` is of all, which the heading says. */
static void put_department(struct ctl *c, const char *code)
{
	put_part(code[0] != '\0' ? code : TR(c, "（全系统）", "(whole installation)"));
}

static void show_figure(struct ctl *c, json_t *f)
{
	json_t *before = json_object_get(f, "previous");
	const char *fact = member_text(f, "fact"), *figure = member_text(f, "figure"),
		   *name = member_text(f, "register");
	printf("  %s", word_in(c, "figure", figure));
	if (fact[0] != '\0')
		printf(" %s", fact_title(c, name, fact));
	if (strcmp(name, "*") != 0)
		put_part(register_title(c, name));
	else if (strcmp(member_text(f, "department"), "*") != 0)
		put_part(TR(c, "（全部名录）", "(all registers)"));
	put_department(c, member_text(f, "department"));
	put_part(member_text(f, "source"));
	fputs("  ", stdout);
	put_number(c, figure, f);
	if (json_is_object(before)) {
		printf(TR(c, "（上次 %s：", " (before %s: "), member_text(before, "day"));
		put_number(c, figure, before);
		fputs(TR(c, "）", ")"), stdout);
		if (strcmp(figure, "correctness") == 0 &&
			member_int(f, "denominator") < member_int(before, "denominator") / 2)
			fputs(TR(c, "  行数比上次少了一半以上",
				      "  less than half of its rows are left"),
				stdout);
	}
	putchar('\n');
}

/* Below a line that says of what they are: all lists, one, a department's, a source's. */
static void show_figures(struct ctl *c, json_t *figures)
{
	const char *level = "";
	size_t i;
	json_t *f;
	json_array_foreach(figures, i, f)
	{
		/* of each fact only where one register is asked for */
		if (c->o.in_register == NULL && member_text(f, "fact")[0] != '\0' &&
			strcmp(member_text(f, "figure"), "completeness") == 0)
			continue;
		if (strcmp(level, member_text(f, "level")) != 0) {
			level = member_text(f, "level");
			printf("%s\n", word_in(c, "level", level));
		}
		show_figure(c, f);
	}
}

static const char *query(struct ctl *c, const char *path, const char *const (*pairs)[2], size_t n)
{
	struct buf b = buf_new(c->arena, 128);
	bool any = strchr(path, '?') != NULL;
	buf_str(&b, path);
	for (size_t i = 0; i < n; i++) {
		if (pairs[i][1] == NULL)
			continue;
		buf_str(&b, any ? "&" : "?");
		buf_str(&b, pairs[i][0]);
		buf_byte(&b, '=');
		buf_str(&b, url_text(c, pairs[i][1]));
		any = true;
	}
	buf_byte(&b, '\0');
	return b.p;
}

/* 检查对象名录  91… 信用风险等级：A→B  李四  批次 4 */
void show_edit(struct ctl *c, json_t *row)
{
	enum register_id id;
	const char *name = member_text(row, "register"), *fact = member_text(row, "fact");
	const char *before = member_text(row, "before"), *after = member_text(row, "after");
	size_t i = register_named(bytes_of(name), &id) ? register_fact(id, fact) : FACTS_MAX;
	bool known = i < FACTS_MAX && i < registers[id].facts;
	printf("%s  %s  ", time_text(c, member_int(row, "at")), register_title(c, name));
	put_clean(member_text(row, "key"));
	printf("  %s%s", fact_title(c, name, fact), TR(c, "：", ": "));
	put_clean(known ? fact_text(c, id, i, NULL, before) : before);
	fputs("→", stdout);
	put_clean(known ? fact_text(c, id, i, NULL, after) : after);
	put_part(member_text(row, "account"));
	printf(TR(c, "  批次 %lld", "  batch %lld"), (long long)member_int(row, "import"));
	put_part(member_text(row, "source"));
	if (strcmp(member_text(row, "act"), "undone") == 0)
		fputs(TR(c, "（撤销所致）", " (by undoing it)"), stdout);
	putchar('\n');
}

int ctl_quality_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *const pairs[][2] = { { "register", c->o.in_register },
		{ "department", option_text(&c->o, "department") }, { "level", c->o.level } };
	if (!client_get(c, query(c, "/api/v1/quality", pairs, 3), &reply, &code) ||
		tell_raw(c, &reply))
		return code;
	fputs(TR(c, "冻结所看的正确率（检查对象名录，此刻；无误的代码 / 代码和退回的行）：",
		      "the correctness that a freeze looks at (lists of objects, now; right codes, "
		      "of codes and rows refused): "),
		stdout);
	put_number(c, "correctness", json_object_get(reply.json, "now"));
	if (json_is_integer(json_object_get(reply.json, "minimum"))) {
		fputs(TR(c, "，冻结需 ", ", a freeze needs "), stdout);
		put_share(member_int(reply.json, "minimum"), MILLION);
	}
	putchar('\n');
	show_refused(c, json_object_get(reply.json, "now"));
	if (!json_is_integer(json_object_get(reply.json, "snapshot"))) {
		remark(c,
			TR(c, "还没有快照：每日以及每次确认之后统计",
				"there is no snapshot yet: one is taken each day and after each confirmation"));
		return CTL_OK;
	}
	printf(TR(c, "%s 快照的指标（全部种类的名录，不作冻结之用）：\n",
		       "figures of the snapshot of %s (lists of every kind; no freeze looks at them):\n"),
		time_text(c, member_int(reply.json, "at")));
	show_figures(c, json_object_get(reply.json, "figures"));
	if (c->o.in_register == NULL)
		remark(c,
			TR(c, "各项内容的完整率按名录显示：--register NAME",
				"completeness is told of each fact of a register: --register NAME"));
	return CTL_OK;
}

/* The member's name of a fact given by either of its names; NULL with the error told. */
static const char *fact_asked(struct ctl *c, int *code)
{
	enum register_id id;
	const char *asked = c->o.fact;
	if (c->o.in_register == NULL || !register_named(bytes_of(c->o.in_register), &id)) {
		*code = tell(c, ERR_OPTION_NEEDED, "--register NAME --fact NAME");
		return NULL;
	}
	for (size_t i = 0; asked != NULL && i < registers[id].facts; i++)
		if (strcmp(asked, registers[id].fact[i].name) == 0 ||
			strcmp(asked, registers[id].fact[i].zh) == 0)
			return registers[id].fact[i].name;
	*code = asked == NULL ? tell(c, ERR_OPTION_NEEDED, "--fact NAME")
			      : tell(c, ERR_NO_SUCH_COLUMN, "--fact %s", asked);
	return NULL;
}

int ctl_quality_trend(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *p;
	const char *figure = c->o.args > 0 ? c->o.arg[0] : NULL, *fact = NULL;
	bool of_facts = figure != NULL && strcmp(figure, "completeness") == 0;
	if (of_facts || c->o.fact != NULL) {
		fact = fact_asked(c, &code);
		if (fact == NULL)
			return code;
	}
	const char *const pairs[][2] = { { "figure", figure }, { "fact", fact },
		{ "register", c->o.in_register },
		{ "department", option_text(&c->o, "department") }, { "source", c->o.source },
		{ "from", c->o.from }, { "to", c->o.to } };
	if (!client_get(c, query(c, "/api/v1/quality/trend", pairs, 7), &reply, &code) ||
		tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "points"), i, p)
	{
		printf("%s  ", member_text(p, "day"));
		put_number(c, member_text(reply.json, "figure"), p);
		putchar('\n');
	}
	if (json_array_size(json_object_get(reply.json, "points")) == 0)
		remark(c, TR(c, "还没有快照", "there is no snapshot yet"));
	return CTL_OK;
}
