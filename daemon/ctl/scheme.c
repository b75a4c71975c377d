/* scheme preview and print: what schemes would draw, and what they say for each class. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/verbs.h"
#include "daemon/documents.h"

/* ---- preview -------------------------------------------------------------------------------- */

static void put_share(long long ppm)
{
	printf("%lld.%04lld%%", ppm / 10000, ppm % 10000);
}

static void show_strata(struct ctl *c, json_t *strata)
{
	size_t i;
	json_t *s;
	json_array_foreach(strata, i, s)
	{
		if (member_int(s, "population") == 0)
			continue;
		printf("    %-2s %9lld ", member_text(s, "stratum"),
			(long long)member_int(s, "population"));
		if (json_is_integer(json_object_get(s, "quota"))) {
			printf("%7lld ", (long long)member_int(s, "quota"));
			put_share(member_int(s, "ratio"));
		} else {
			printf("%7s -", "-");
		}
		printf(" %s\n", word_of(c, member_text(s, "report")));
	}
}

static void show_ledger(json_t *ledger)
{
	size_t i;
	json_t *x;
	json_array_foreach(ledger, i, x)
	{
		printf("    - %-20s %9lld  %s\n", member_text(x, "rule"),
			(long long)member_int(x, "count"), member_text(x, "basis"));
	}
}

static void show_task(struct ctl *c, json_t *t)
{
	json_t *error = json_object_get(t, "error");
	if (!json_is_integer(json_object_get(t, "drawn"))) {
		printf(TR(c, "%s %s：抽取库不足 20 户，应抽数等只向联席办、纪检审计显示\n",
			       "%s %s: fewer than 20 objects; the rest is for coordinators and auditors\n"),
			member_text(t, "task"), member_text(t, "name"));
		return;
	}
	printf(TR(c, "%s %s：抽取库 %lld 户，应抽 %lld 户\n",
		       "%s %s: %lld objects, %lld to be drawn\n"),
		member_text(t, "task"), member_text(t, "name"),
		(long long)member_int(t, "population"), (long long)member_int(t, "drawn"));
	show_strata(c, json_object_get(t, "strata"));
	show_ledger(json_object_get(t, "ledger"));
	if (json_is_object(error))
		tell_json_error(c, error);
}

/* Thousandths as people read them. */
static void put_thousandths(int64_t v)
{
	printf("%lld.%lld", (long long)(v / 1000), (long long)(v % 1000 / 100));
}

static void show_overlap(struct ctl *c, json_t *o)
{
	printf(TR(c, "%s × %s：同在两库 %lld 户，预计都抽中 ",
		       "%s × %s: %lld objects in both, drawn by both "),
		member_text(o, "a"), member_text(o, "b"), (long long)member_int(o, "both"));
	put_thousandths(member_int(o, "expected"));
	fputs(TR(c, "，联合可少入企 ", ", a joint task would save "), stdout);
	put_thousandths(member_int(o, "saved"));
	puts(json_is_true(json_object_get(o, "meets"))
			? ""
			: TR(c, "（检查时间不重合）", " (windows apart)"));
}

static void show_look(struct ctl *c, json_t *look)
{
	size_t i;
	json_t *x;
	int64_t drawn = 0;
	json_array_foreach(json_object_get(look, "tasks"), i, x)
	{
		show_task(c, x);
		drawn += member_int(x, "drawn");
	}
	json_array_foreach(json_object_get(look, "overlaps"), i, x)
	{
		show_overlap(c, x);
	}
	printf(TR(c, "名录 %lld 户；%zu 个方案合计应抽 %lld 户次\n",
		       "%lld objects; %zu schemes draw %lld\n"),
		(long long)member_int(look, "register"),
		json_array_size(json_object_get(look, "tasks")), (long long)drawn);
}

/* The codes named with commas, `*` for none. */
static const char *codes(struct ctl *c)
{
	struct buf b = buf_new(c->arena, 200);
	for (size_t i = 0; i < c->o.args; i++) {
		buf_str(&b, i > 0 ? "," : "");
		buf_str(&b, c->o.arg[i]);
	}
	buf_str(&b, c->o.args == 0 ? "*" : "");
	buf_byte(&b, '\0');
	return b.p;
}

static bool look_body(struct ctl *c, json_t *body, int *code)
{
	struct bytes text;
	struct err e = { 0 };
	if (c->o.source == NULL)
		return set_text(body, "schemes", codes(c));
	c->policy_file = c->o.source;
	if (!read_input(c, c->o.source, DOCUMENT_MAX, &text, &e)) {
		*code = tell_error(c, &e);
		return false;
	}
	return set_text(body, "source", text.p);
}

int ctl_scheme_preview(struct ctl *c)
{
	struct reply reply, done;
	int code = CTL_OK;
	json_t *body = json_object();
	if (c->o.source != NULL && c->o.args > 0) {
		json_decref(body);
		return tell(c, ERR_USAGE, "--source, CODE");
	}
	if (!look_body(c, body, &code) || !set_text(body, "base", c->o.base) ||
		!set_text(body, "from", c->o.from) || !set_text(body, "to", c->o.to) ||
		!set_text(body, "day", c->o.day)) {
		json_decref(body);
		return code != CTL_OK ? code : tell(c, ERR_BAD_UTF8, "%s", c->o.source);
	}
	if (!client_post(c, "/api/v1/looks", body, &reply, &code) ||
		!wait_for(c, reply.json, TR(c, "试算", "looking"), &done, &code))
		return code;
	const char *path = arena_printf(c->arena, "/api/v1/looks/%lld",
		(long long)member_int(json_object_get(done.json, "result"), "look"));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_look(c, reply.json);
	return CTL_OK;
}

/* ---- print: 差异化监管措施清单 ----------------------------------------------------------------
 */

enum { CLASS_COUNT = 4 };

/* What one scheme says. */
struct measures {
	const char *code, *name, *lead, *items, *draws, *frequency;
	const char *ratio[CLASS_COUNT], *mode[CLASS_COUNT], *measure[CLASS_COUNT];
};

static const struct {
	const char *name;
	size_t at;
} members[] = {
	{ "name", offsetof(struct measures, name) },
	{ "lead", offsetof(struct measures, lead) },
	{ "items", offsetof(struct measures, items) },
	{ "draws", offsetof(struct measures, draws) },
	{ "frequency", offsetof(struct measures, frequency) },
	{ "ratio.A", offsetof(struct measures, ratio[0]) },
	{ "ratio.B", offsetof(struct measures, ratio[1]) },
	{ "ratio.C", offsetof(struct measures, ratio[2]) },
	{ "ratio.D", offsetof(struct measures, ratio[3]) },
	{ "mode.A", offsetof(struct measures, mode[0]) },
	{ "mode.B", offsetof(struct measures, mode[1]) },
	{ "mode.C", offsetof(struct measures, mode[2]) },
	{ "mode.D", offsetof(struct measures, mode[3]) },
	{ "measures.A", offsetof(struct measures, measure[0]) },
	{ "measures.B", offsetof(struct measures, measure[1]) },
	{ "measures.C", offsetof(struct measures, measure[2]) },
	{ "measures.D", offsetof(struct measures, measure[3]) },
};

/* One row `scheme.<code>.<name> TAB value`. */
static void take_row(struct ctl *c, struct measures *m, struct bytes path, struct bytes value)
{
	bool more;
	bytes_cut(&path, '.', &more);
	bytes_cut(&path, '.', &more);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (more && bytes_is(path, members[i].name))
			*(const char **)(void *)((char *)m + members[i].at) =
				arena_strndup(c->arena, value.p, value.n);
}

static struct measures read_measures(struct ctl *c, json_t *document)
{
	struct measures m = { .code = arena_strdup(c->arena, member_text(document, "code")),
		.name = "",
		.lead = "",
		.items = "",
		.draws = "",
		.frequency = "" };
	struct bytes rest = bytes_of(member_text(document, "rows"));
	bool more = rest.n > 0, tab;
	for (size_t i = 0; i < CLASS_COUNT; i++)
		m.ratio[i] = m.mode[i] = m.measure[i] = "";
	while (more) {
		struct bytes value = bytes_cut(&rest, '\n', &more);
		struct bytes path = bytes_cut(&value, '\t', &tab);
		if (tab)
			take_row(c, &m, path, value);
	}
	return m;
}

static const char *percent(struct ctl *c, const char *ppm)
{
	long long v = strtoll(ppm, NULL, 10);
	return arena_printf(c->arena, "%lld.%04lld%%", v / 10000, v % 10000);
}

static void put_field(struct buf *b, const char *text)
{
	bool quoted = strpbrk(text, ",\"\n") != NULL;
	buf_str(b, quoted ? "\"" : "");
	for (const char *p = text; *p != '\0'; p++) {
		buf_str(b, *p == '"' ? "\"" : "");
		buf_byte(b, *p);
	}
	buf_str(b, quoted ? "\"" : "");
}

static void put_line(struct buf *b, const char *const *field, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i > 0 ? "," : "");
		/* a spreadsheet takes such a beginning for a formula */
		if (field[i][0] != '\0' && strchr("=+-@", field[i][0]) != NULL)
			buf_byte(b, '\'');
		put_field(b, field[i]);
	}
	buf_str(b, "\r\n");
}

static void put_csv_head(struct ctl *c, struct buf *b)
{
	const char *const zh[] = { "代码", "抽查方案", "牵头部门", "抽查事项", "抽查频次（次/年）",
		"检查频次", "等级", "抽查比例", "检查方式", "差异化监管措施" };
	const char *const en[] = { "code", "scheme", "lead", "items", "draws a year", "checks",
		"class", "ratio", "mode", "measures" };
	buf_str(b, "\xef\xbb\xbf");
	put_line(b, c->lang == LANG_ZH ? zh : en, sizeof zh / sizeof *zh);
}

static void put_csv(struct ctl *c, struct buf *b, const struct measures *m)
{
	for (size_t i = 0; i < CLASS_COUNT; i++) {
		char class[2] = { (char)('A' + i), '\0' };
		const char *const field[] = { m->code, m->name, m->lead, m->items, m->draws,
			m->frequency, class, percent(c, m->ratio[i]), word_of(c, m->mode[i]),
			m->measure[i] };
		put_line(b, field, sizeof field / sizeof *field);
	}
}

static void put_text(struct ctl *c, struct buf *b, const struct measures *m)
{
	buf_str(b,
		arena_printf(c->arena,
			TR(c, "%s（%s）\n  牵头：%s  事项：%s\n  抽查频次：每年 %s 次  检查频次：%s\n",
				"%s (%s)\n  lead: %s  items: %s\n  draws a year: %s  checks: %s\n"),
			m->name, m->code, m->lead, m->items, m->draws, m->frequency));
	for (size_t i = 0; i < CLASS_COUNT; i++)
		buf_str(b, arena_printf(c->arena, "  %c  %9s  %s  %s\n", (char)('A' + i),
				   percent(c, m->ratio[i]), word_of(c, m->mode[i]), m->measure[i]));
}

/* The codes of all schemes in force, where none is named. */
static bool in_force(struct ctl *c, struct buf *list, size_t *n, int *code)
{
	struct reply reply;
	size_t i;
	json_t *d;
	const char *after = "";
	do {
		const char *path = arena_printf(c->arena,
			"/api/v1/documents/scheme?state=agreed&limit=200%s%s",
			after[0] ? "&after=" : "", url_text(c, after));
		if (!client_get(c, path, &reply, code))
			return false;
		json_array_foreach(json_object_get(reply.json, "documents"), i, d)
		{
			buf_str(list, member_text(d, "code"));
			buf_byte(list, '\0');
			(*n)++;
		}
		after = arena_strdup(c->arena, member_text(reply.json, "next"));
	} while (after[0] != '\0');
	return true;
}

static bool put_scheme(
	struct ctl *c, struct buf *b, const char *scheme, bool csv, json_t *all, int *code)
{
	struct reply reply;
	const char *path =
		arena_printf(c->arena, "/api/v1/documents/scheme/%s", url_text(c, scheme));
	if (!client_get(c, path, &reply, code))
		return false;
	struct measures m = read_measures(c, reply.json);
	json_array_append(all, reply.json);
	if (csv)
		put_csv(c, b, &m);
	else
		put_text(c, b, &m);
	return true;
}

static int write_text(struct ctl *c, struct bytes text)
{
	int fd;
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	bool ok = write_all(fd, text);
	return close_output(c, fd) && ok ? CTL_OK : CTL_REFUSED;
}

int ctl_scheme_print(struct ctl *c)
{
	int code = CTL_OK;
	size_t n = c->o.args;
	struct buf names = buf_new(c->arena, 1024), out = buf_new(c->arena, 65536);
	bool csv = c->o.format != NULL && strcmp(c->o.format, "csv") == 0;
	json_t *all = json_array();
	for (size_t i = 0; i < c->o.args; i++)
		buf_put(&names, c->o.arg[i], strlen(c->o.arg[i]) + 1);
	bool ok = n > 0 || in_force(c, &names, &n, &code);
	if (csv)
		put_csv_head(c, &out);
	else
		buf_str(&out, TR(c, "差异化监管措施清单\n", "differentiated measures\n"));
	const char *name = names.p;
	for (size_t i = 0; i < n && ok; i++, name += strlen(name) + 1)
		ok = put_scheme(c, &out, name, csv, all, &code);
	if (ok && c->o.json) {
		char *text = json_dumps(all, JSON_COMPACT);
		printf("%s\n", text != NULL ? text : "[]");
		free(text);
	} else if (ok) {
		code = write_text(c, buf_view(&out));
	}
	json_decref(all);
	return code;
}
