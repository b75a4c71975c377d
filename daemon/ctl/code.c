/* code: is this identifier right, and what may it have been? No daemon is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/verbs.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

enum ident_kind { KIND_USCC, KIND_REGNO, KIND_CITIZEN, KINDS };
static const struct {
	const char *name, *zh, *en;
	enum ident_fault (*check)(struct bytes code);
} kinds[KINDS] = {
	{ "uscc", "统一社会信用代码", "USCC", uscc_check },
	{ "regno", "注册号", "registration number", regno_check },
	{ "citizen", "公民身份号码", "citizen ID", citizen_check },
};

struct verdict {
	enum ident_kind kind;
	struct bytes code; /* as repaired */
	unsigned repairs;
	enum ident_fault fault;
	size_t n;
	char candidate[USCC_CANDIDATES][USCC_LENGTH + 1];
};

/* 15 characters are a registration number. Of 18 a birthday tells a citizen ID, where the code is
 * no USCC. */
static enum ident_kind guess(struct bytes code)
{
	if (code.n == REGNO_LENGTH)
		return KIND_REGNO;
	if (uscc_check(code) == IDENT_OK)
		return KIND_USCC;
	enum ident_fault fault = citizen_check(code);
	return fault == IDENT_OK || fault == IDENT_DIGIT ? KIND_CITIZEN : KIND_USCC;
}

static enum ident_kind kind_of(const struct ctl *c, struct bytes code)
{
	for (unsigned k = 0; c->o.kind != NULL && k < KINDS; k++)
		if (strcmp(c->o.kind, kinds[k].name) == 0)
			return (enum ident_kind)k;
	return guess(code);
}

static void judge(
	const struct ctl *c, struct bytes text, char plain[USCC_TEXT_MAX + 1], struct verdict *v)
{
	*v = (struct verdict){ .code = BYTES("") };
	bool read = ident_normalise(text, plain, &v->code, &v->repairs);
	v->kind = kind_of(c, v->code);
	v->fault = read                 ? kinds[v->kind].check(v->code)
		   : text_is_utf8(text) ? IDENT_LENGTH
					: IDENT_CHARSET;
	if (v->kind != KIND_USCC || v->fault == IDENT_OK)
		return;
	v->n = uscc_candidates(v->code, v->candidate);
	if (v->n == 0 && uscc_lookalike(v->code, v->candidate[0]))
		v->n = 1;
}

/* ---- telling it ----------------------------------------------------------------------------- */

static const char *fault_text(struct ctl *c, enum ident_fault fault)
{
	static const char *const zh[IDENT_FAULTS] = {
		[IDENT_OK] = "正确",
		[IDENT_LENGTH] = "位数有误",
		[IDENT_CHARSET] = "含不允许的字符",
		[IDENT_DATE] = "出生日期有误",
		[IDENT_DIGIT] = "末位校验码不符",
		[IDENT_ORG_DIGIT] = "第 17 位（组织机构代码校验码）不符",
	};
	static const char *const en[IDENT_FAULTS] = {
		[IDENT_OK] = "right",
		[IDENT_LENGTH] = "wrong length",
		[IDENT_CHARSET] = "a character that is not allowed",
		[IDENT_DATE] = "no such birthday",
		[IDENT_DIGIT] = "the last check character fails",
		[IDENT_ORG_DIGIT] = "the 17th, check character of the organisation code, fails",
	};
	return TR(c, zh[fault], en[fault]);
}

/* A program's word: the same fault is called by what it is a digit of. */
static const char *fault_word(const struct verdict *v)
{
	bool plain = v->fault == IDENT_DIGIT && v->kind != KIND_USCC;
	return plain ? "digit" : ident_fault_name(v->fault);
}

static void tell_json(const struct verdict *v, struct bytes text)
{
	static const char *const repairs[] = { "trimmed", "unquoted", "width", "case" };
	json_t *list = json_array(), *mended = json_array();
	for (size_t i = 0; i < v->n; i++)
		json_array_append_new(list, json_string(v->candidate[i]));
	for (unsigned i = 0; i < sizeof repairs / sizeof *repairs; i++)
		if ((v->repairs >> i & 1) != 0)
			json_array_append_new(mended, json_string(repairs[i]));
	json_t *o = json_pack("{s:o, s:s%, s:s, s:s, s:o, s:o}", "given",
		text_is_utf8(text) ? json_stringn(text.p, text.n) : json_null(), "code", v->code.p,
		v->code.n, "kind", kinds[v->kind].name, "verdict", fault_word(v), "repairs", mended,
		"candidates", list);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void tell_person(struct ctl *c, const struct verdict *v)
{
	put_clean(v->code.p);
	printf("  %s  %s%s", TR(c, kinds[v->kind].zh, kinds[v->kind].en), fault_text(c, v->fault),
		v->repairs != 0 ? TR(c, "（写法已更正）", " (its spelling was repaired)") : "");
	for (size_t i = 0; i < v->n; i++)
		printf("%s%s", i == 0 ? TR(c, "  可能的原代码：", "  it may have been: ") : " ",
			v->candidate[i]);
	putchar('\n');
}

/* Gives whether the code is right. */
static bool tell_verdict(struct ctl *c, struct bytes text)
{
	char plain[USCC_TEXT_MAX + 1] = "";
	struct verdict v;
	judge(c, text, plain, &v);
	if (c->o.json)
		tell_json(&v, text);
	else
		tell_person(c, &v);
	return v.fault == IDENT_OK;
}

static bool tell_lines(struct ctl *c)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	bool right = true;
	while ((n = getline(&line, &room, stdin)) >= 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n > 0)
			right = tell_verdict(c, (struct bytes){ line, (size_t)n }) && right;
	}
	free(line);
	return right;
}

int ctl_code(struct ctl *c)
{
	bool right = true;
	if (c->o.args == 0)
		return tell(c, ERR_USAGE, "CODE");
	for (size_t i = 0; i < c->o.args; i++)
		right = (strcmp(c->o.arg[i], "-") == 0 ? tell_lines(c)
						       : tell_verdict(c, bytes_of(c->o.arg[i]))) &&
			right;
	return right ? CTL_OK : CTL_REFUSED;
}
