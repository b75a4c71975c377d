/* register show, rows, history, template; entity show, lookup; code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/import.h"
#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"
#include "daemon/register/registers.h"

/* ---- registers ------------------------------------------------------------------------------ */

int ctl_register_list(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *r;
	if (!client_get(c, "/api/v1/registers", &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "registers"), i, r) printf(
		"%-13s %s（%s）\n", member_text(r, "name"), member_text(r, TR(c, "zh", "en")),
		word_in(c, "giver", member_text(r, "giver")));
	return CTL_OK;
}

static void print_texts(struct ctl *c, const char *before, json_t *texts)
{
	size_t i;
	json_t *t;
	json_array_foreach(texts, i, t)
		printf("%s%s", i == 0 ? before : TR(c, "、", ", "), json_string_value(t));
}

/* Needed alone, with others of which one will do, or not. */
static const char *need_mark(struct ctl *c, json_t *reg, const char *column)
{
	size_t i, k;
	json_t *group, *name;
	json_array_foreach(json_object_get(reg, "needed"), i, group) json_array_foreach(
		group, k, name) if (strcmp(json_string_value(name), column) ==
				    0) return json_array_size(group) == 1
		? "*"
		: TR(c, "（*）", " (*)");
	return "";
}

int ctl_register_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *o;
	const char *path = arena_printf(c->arena, "/api/v1/registers/%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	printf("%s %s\n", member_text(reply.json, "name"),
		member_text(reply.json, TR(c, "zh", "en")));
	puts(TR(c, "文件的列（* 必有；（*）同组的有其一）：",
		"columns of a file (* needed, (*) one of a group needed):"));
	json_array_foreach(json_object_get(reply.json, "columns"), i, o)
	{
		printf("  %s%s", member_text(o, "name"),
			need_mark(c, reply.json, member_text(o, "name")));
		print_texts(c, TR(c, "  可填：", "  one of: "), json_object_get(o, "words"));
		putchar('\n');
	}
	puts(TR(c, "各行的内容：", "members of a row:"));
	json_array_foreach(json_object_get(reply.json, "facts"), i, o) printf("  %-16s %s  %s\n",
		member_text(o, "name"), member_text(o, TR(c, "zh", "en")),
		word_in(c, "form", member_text(o, "form")));
	return CTL_OK;
}

int ctl_register_template(struct ctl *c)
{
	if (c->o.output == NULL)
		c->o.output = arena_printf(c->arena, "%s.xlsx", c->o.arg[0]);
	return fetch_to_output(c,
		arena_printf(c->arena, "/api/v1/registers/%s/template", url_text(c, c->o.arg[0])));
}

void show_register_row(struct ctl *c, json_t *row)
{
	enum register_id id;
	put_clean(member_text(row, "key"));
	fputs("  ", stdout);
	if (register_named(bytes_of(c->o.arg[0]), &id))
		put_facts(c, id, NULL, NULL, row, member_text(row, "key"));
}

/* Who said it when, in which file and row; and below what it said. */
void show_register_fact(struct ctl *c, json_t *row)
{
	bool gone = json_is_true(json_object_get(row, "gone"));
	printf("%s  ", time_text(c, member_int(row, "import_at")));
	put_clean(member_text(row, "import_source"));
	fputs("  ", stdout);
	put_clean(member_text(row, "import_provider"));
	printf(TR(c, "  批次 %lld ", "  batch %lld "), (long long)member_int(row, "import"));
	put_clean(member_text(row, "import_file"));
	printf(TR(c, " 第 %lld 行  %s\n    ", " row %lld  %s\n    "),
		(long long)member_int(row, "row"),
		word_in(c, "imports", member_text(row, "import_state")));
	if (gone) {
		put_clean(member_text(row, "key"));
		puts(TR(c, "  名录中已无", "  no longer on the list"));
	} else {
		show_register_row(c, row);
	}
}

/* ---- entities ------------------------------------------------------------------------------- */

static void show_object(struct ctl *c, json_t *object)
{
	const struct register_info *entities = &registers[REGISTER_ENTITIES];
	json_t *facts = json_object_get(object, "facts");
	puts(member_text(object, "object"));
	for (size_t i = 1; i < entities->facts; i++) {
		const char *text = member_text(facts, entities->fact[i].name);
		if (text[0] == '\0')
			continue;
		printf("  %s%s", TR(c, entities->fact[i].zh, entities->fact[i].name),
			TR(c, "：", ": "));
		put_clean(fact_text(c, REGISTER_ENTITIES, i, NULL, text));
		putchar('\n');
	}
}

static void show_source(struct ctl *c, json_t *row)
{
	enum register_id id;
	printf("%s  %s  ", time_text(c, member_int(row, "at")),
		register_title(c, member_text(row, "register")));
	put_clean(member_text(row, "source"));
	fputs("  ", stdout);
	put_clean(member_text(row, "provider"));
	printf(TR(c, "  批次 %lld 第 %lld 行%s\n    ", "  batch %lld row %lld%s\n    "),
		(long long)member_int(row, "import"), (long long)member_int(row, "line"),
		json_is_true(json_object_get(row, "gone")) ? TR(c, "  已无", "  gone") : "");
	put_clean(member_text(row, "key"));
	fputs("  ", stdout);
	if (register_named(bytes_of(member_text(row, "register")), &id))
		put_facts(
			c, id, NULL, NULL, json_object_get(row, "facts"), member_text(row, "key"));
	else
		putchar('\n');
}

static void show_others(struct ctl *c, json_t *entity, const char *which, const char *title)
{
	size_t i;
	json_t *o;
	json_array_foreach(json_object_get(entity, which), i, o)
		printf("%s%s%s %s %s\n", title, TR(c, "：", ": "), member_text(o, "code"),
			word_in(c, "succession", member_text(o, "kind")), member_text(o, "date"));
}

/* Apart from what was drawn. */
static void show_cause(struct ctl *c, json_t *o)
{
	const char *result = member_text(o, "result");
	printf(TR(c, "有因检查 %lld  %s  %s  %s  %s", "for a cause, %lld  %s  %s  %s  %s"),
		(long long)member_int(o, "id"), member_text(o, "department"),
		member_text(o, "date"), member_text(o, "items"),
		word_in(c, "way", member_text(o, "way")));
	if (result[0] != '\0')
		printf("  %s", word_in(c, "result", result));
	putchar('\n');
}

static void show_focus(struct ctl *c, json_t *o)
{
	printf("%s  %s…%s  %s  ", word_in(c, "kind", member_text(o, "kind")),
		member_text(o, "from"), member_text(o, "until"),
		word_in(c, "state", member_text(o, "state")));
	put_clean(member_text(o, "name"));
	putchar('\n');
}

static void show_buffer(struct ctl *c, json_t *o)
{
	printf(TR(c, "缓冲期  %s…%s  %s  %s  ", "buffer  %s…%s  %s  %s  "), member_text(o, "from"),
		member_text(o, "until"), word_in(c, "state", member_text(o, "state")),
		member_text(o, "department"));
	put_clean(member_text(o, "matter"));
	putchar('\n');
}

static void show_entity(struct ctl *c, json_t *e)
{
	size_t i;
	json_t *o;
	printf("%s  ", member_text(e, "code"));
	put_clean(member_text(e, "name"));
	putchar('\n');
	show_others(c, e, "predecessors", TR(c, "前身", "predecessor"));
	show_others(c, e, "successors", TR(c, "后继", "successor"));
	json_array_foreach(json_object_get(e, "objects"), i, o) show_object(c, o);
	json_array_foreach(json_object_get(e, "visits"), i, o) printf(
		TR(c, "安排  轮次 %s  %s…%s  %s  %s\n", "planned  round %s  %s…%s  %s  %s\n"),
		member_text(o, "round"), member_text(o, "from"), member_text(o, "to"),
		member_text(o, "day"), member_text(o, "departments"));
	json_array_foreach(json_object_get(e, "causes"), i, o) show_cause(c, o);
	json_array_foreach(json_object_get(e, "focus"), i, o) show_focus(c, o);
	json_array_foreach(json_object_get(e, "buffers"), i, o) show_buffer(c, o);
	puts(TR(c, "各来源的记录（新的在前）：", "what each source said, newest first:"));
	json_array_foreach(json_object_get(e, "rows"), i, o) show_source(c, o);
	if (json_is_true(json_object_get(e, "more")))
		remark(c, TR(c, "还有更早的，用 register history 查看",
				  "there is more: see register history"));
}

int ctl_entity_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	int64_t first = 0, at = 0;
	if (c->o.at != NULL && !time_range(c->o.at, &first, &at))
		return tell(c, ERR_BAD_TIME, "--at %s", c->o.at);
	for (const char *p = c->o.arg[0]; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80) /* a name: no address has it */
			return tell(c, ERR_BAD_USCC, "%s", c->o.arg[0]);
	const char *path = arena_printf(
		c->arena, "/api/v1/entities/%s?at=%lld", url_text(c, c->o.arg[0]), (long long)at);
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_entity(c, reply.json);
	return CTL_OK;
}

static void put_after(const char *between, const char *text)
{
	if (text[0] == '\0')
		return;
	fputs(between, stdout);
	put_clean(text);
}

/* Where it was said of another code than was asked for. */
static void put_code(struct ctl *c, json_t *o, const char *asked)
{
	const char *code = member_text(o, "code");
	if (code[0] == '\0' || strcmp(code, asked) == 0)
		return;
	fputs(TR(c, "  （代码 ", "  (code "), stdout);
	put_clean(code);
	fputs(TR(c, "）", ")"), stdout);
}

static void show_line(struct ctl *c, json_t *line)
{
	size_t i;
	json_t *o;
	json_array_foreach(line, i, o) printf("%s%s%s %s %s\n",
		member_int(o, "steps") < 0 ? TR(c, "前身", "predecessor")
					   : TR(c, "后继", "successor"),
		TR(c, "：", ": "), member_text(o, "code"),
		word_in(c, "succession", member_text(o, "kind")), member_text(o, "date"));
}

/* On a list since when, for how long, by whose decision, and who says so. */
static void show_listed(struct ctl *c, json_t *l, const char *asked)
{
	const char *until = member_text(l, "until");
	printf(TR(c, "名单：%s  %s 起", "list: %s  since %s"),
		word_in(c, "list", member_text(l, "list")), member_text(l, "from"));
	put_after(TR(c, "，至 ", " to "),
		fact_text(c, REGISTER_LISTINGS, LISTING_UNTIL, NULL, until));
	put_after("  ", member_text(l, "authority"));
	put_after("  ", member_text(l, "document"));
	put_after(TR(c, "  来源 ", "  source "), member_text(l, "source"));
	put_code(c, l, asked);
	putchar('\n');
}

/* What is known of it, and the register that says so. */
static void show_last(struct ctl *c, json_t *last, const char *asked)
{
	static const char *const parts[] = { "department_name", "item", "result", "inspectors" };
	printf(TR(c, "上次检查：%s", "last inspected: %s"), member_text(last, "date"));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *text = member_text(last, parts[i]);
		if (strcmp(parts[i], "result") == 0 && json_is_true(json_object_get(last, "cause")))
			text = word_in(c, "result", text);
		fputs(text[0] != '\0' ? "  " : "", stdout);
		put_clean(text);
	}
	const char *says = member_text(last, "register");
	if (json_is_true(json_object_get(last, "cause")))
		fputs(TR(c, "  有因检查", "  for a cause"), stdout);
	if (strcmp(says, "causes") != 0)
		printf(TR(c, "（据%s）", " (says %s)"), register_title(c, says));
	put_code(c, last, asked);
	putchar('\n');
}

int ctl_entity_lookup(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *l;
	const char *path =
		arena_printf(c->arena, "/api/v1/lookup?code=%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *e = reply.json, *last = json_object_get(e, "last");
	printf("%s  ", member_text(e, "code"));
	put_clean(json_is_true(json_object_get(e, "known"))
			  ? member_text(e, "name")
			  : TR(c, "不在名录中", "not in the register"));
	printf("  %s\n",
		fact_text(c, REGISTER_ENTITIES, ENTITY_STATUS, NULL, member_text(e, "status")));
	const char *asked = member_text(e, "code");
	show_line(c, json_object_get(e, "line"));
	json_array_foreach(json_object_get(e, "lists"), i, l) show_listed(c, l, asked);
	if (json_array_size(json_object_get(e, "lists")) == 0)
		puts(TR(c, "名单：未列入任何名单", "list: on none"));
	if (json_is_object(last))
		show_last(c, last, asked);
	else
		puts(TR(c, "上次检查：没有记录", "last inspected: no record"));
	printf(TR(c, "近 12 个月检查 %lld 次，有因检查另有 %lld 次\n",
		       "inspections of the last 12 months: %lld, and %lld for a cause\n"),
		(long long)member_int(e, "inspections"), (long long)member_int(e, "causes"));
	json_array_foreach(json_object_get(e, "planned"), i, l) printf(
		TR(c, "安排：轮次 %s  %s  %s（是否已检查，以检查记录为准）\n",
			"planned: round %s  %s  %s (whether it took place the registers say)\n"),
		member_text(l, "round"), member_text(l, "day"), member_text(l, "department_names"));
	return CTL_OK;
}
