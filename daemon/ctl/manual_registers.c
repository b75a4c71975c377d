/* The registers and their columns, as drawd-registers(7) has them; etc/manual.sh puts them in. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/help.h"
#include "daemon/ctl/verbs.h"
#include "daemon/register/columns.h"
#include "daemon/register/registers.h"
#include "daemon/register/words.h"

enum { NEEDED_MAX = sizeof *registers[0].needed / sizeof(*registers[0].needed)[0] };

/* The needed columns with which this one shares that one of them is enough; NULL: it is not needed.
 */
static const char *const *needed_with(enum register_id id, const char *name)
{
	const char *const(*group)[NEEDED_MAX] = registers[id].needed;
	for (; group != NULL && (*group)[0] != NULL; group++)
		for (size_t i = 0; i < NEEDED_MAX && (*group)[i] != NULL; i++)
			if (strcmp((*group)[i], name) == 0)
				return *group;
	return NULL;
}

/* Sentences of a column follow each other. */
static void start(struct ctl *c, bool *any)
{
	fputs(*any ? TR(c, "。", ". ") : "", stdout);
	*any = true;
}

static void put_need(struct ctl *c, const char *const *group, bool *any)
{
	if (group == NULL)
		return;
	start(c, any);
	if (group[1] == NULL) {
		fputs(TR(c, "必有", "Needed"), stdout);
		return;
	}
	fputs(TR(c, "必有其一：", "One is needed of "), stdout);
	for (size_t i = 0; i < NEEDED_MAX && group[i] != NULL; i++)
		printf("%s%s", i > 0 ? TR(c, "、", ", ") : "", group[i]);
}

static void put_choice(struct ctl *c, const struct cell_word *w, bool *any)
{
	const char *between = TR(c, "可填：", "One of ");
	start(c, any);
	for (; w->words != NULL; w++, between = TR(c, "、", ", ")) {
		fputs(between, stdout);
		put_roff(arena_strndup(c->arena, w->words, strcspn(w->words, "|")));
	}
}

/* What is written in a column. */
static const char *meaning(struct ctl *c, const struct column *k)
{
	static const char *const forms[FORMS] = { [FORM_TEXT] = "文字",
		[FORM_DATE] = "日期，如 2026\\-03\\-31",
		[FORM_TOKEN] = "代码或选项",
		[FORM_LIST] = "一项或几项，以逗号或顿号分隔",
		[FORM_CODE] = "代码",
		[FORM_NUMBER] = "数字",
		[FORM_FLAG] = "是或否",
		[FORM_PERSONAL] = "个人信息，加密保存" };
	if (k->fact < 0)
		return TR(c, "文字", k->name);
	const struct fact *fact = &registers[k->kind].fact[k->fact];
	return TR(c, forms[fact->form], fact->en);
}

static void put_column(struct ctl *c, const struct column *k)
{
	bool any = false;
	fputs(".TP\n\\fB", stdout);
	put_roff(k->name);
	fputs("\\fP\n", stdout);
	if (k->words == NULL || c->lang == LANG_EN) {
		const char *hint = column_hint(k, c->lang);
		start(c, &any);
		if (hint != NULL)
			put_roff(hint);
		else
			fputs(meaning(c, k), stdout);
	}
	put_need(c, needed_with(k->kind, k->name), &any);
	if (k->words != NULL)
		put_choice(c, k->words, &any);
	putchar('\n');
}

static void put_register(struct ctl *c, enum register_id id)
{
	static const char *const giver[][2] = {
		[GIVER_DEPARTMENT] = { "由部门导入本部门的行，协调员可导入全部。",
			"A department hands in its own rows, a coordinator all." },
		[GIVER_OFFICE] = { "由协调员导入。", "Coordinators hand it in." },
		[GIVER_MOTION] = { "由一人提请、另一人同意。",
			"One person moves, another seconds." },
	};
	static const char *const sight[][2] = {
		[SIGHT_OWN] = { "部门看到本部门的和全系统的行。",
			"A department sees its own rows and those of the whole installation." },
		[SIGHT_ALL] = { "所有部门均可见。", "All departments see it." },
	};
	const struct register_info *r = &registers[id];
	const struct column *k;
	printf(".SS %s  %s\n", TR(c, r->zh, r->name), TR(c, r->name, r->en));
	printf("%s%s%s\n", TR(c, giver[r->giver][0], giver[r->giver][1]), TR(c, "", " "),
		TR(c, sight[r->sight][0], sight[r->sight][1]));
	for (size_t i = 0; (k = column_row(i)) != NULL; i++)
		if (k->kind == id && k->check != NULL)
			put_column(c, k);
}

int manual_registers(struct ctl *c)
{
	puts(TR(c, ".SH 各名录及其列", ".SH THE REGISTERS AND THEIR COLUMNS"));
	for (int id = 0; id < REGISTERS; id++)
		put_register(c, (enum register_id)id);
	return CTL_OK;
}
