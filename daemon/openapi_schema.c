/* What is sent and told as JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1). */
#include <stdio.h>
#include <string.h>

#include "daemon/list.h"
#include "daemon/openapi_inner.h"
#include "daemon/shapes.h"

/* ---- shapes ------------------------------------------------------------------------------- */

/* What is the same for a member of a shape and for a column of a list. */
struct value {
	enum shape_kind kind;
	const struct shape *of;
	bool maybe;
	bool sent; /* by a caller: an empty text is none */
	const char *words, *zh, *en;
};

static void put_value(struct buf *b, const char *name, const struct value *v);

static const struct {
	const char *type, *format, *told, *sent; /* patterns */
} plain[] = {
	[SHAPE_TEXT] = { "string", NULL, NULL, NULL },
	[SHAPE_NUMBER] = { "integer", "int64", NULL, NULL },
	[SHAPE_FLAG] = { "boolean", NULL, NULL, NULL },
	[SHAPE_TIME] = { "integer", "unix-time", NULL, NULL },
	[SHAPE_DATE] = { "string", NULL, "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
		"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
	[SHAPE_HASH] = { "string", NULL, "^([0-9a-f]{64})?$", "^[0-9a-f]{64}$" },
	[SHAPE_OBJECT] = { "object", NULL, NULL, NULL },
	[SHAPE_LIST] = { "array", NULL, NULL, NULL },
	[SHAPE_MAP] = { "object", NULL, NULL, NULL },
	[SHAPE_ANY] = { NULL, NULL, NULL, NULL },
};

static struct value value_of(const struct shape *s)
{
	return (struct value){ s->kind, s->of, s->maybe, false, s->words, s->zh, s->en };
}

static void put_members(struct buf *b, const struct shape *s)
{
	put_open(b, "properties", '{');
	for (const struct shape *m = s; m->name != NULL; m++) {
		struct value v = value_of(m);
		put_value(b, m->name, &v);
	}
	put_close(b, '}');
	put_open(b, "required", '[');
	for (const struct shape *m = s; m->name != NULL; m++)
		if (!m->maybe)
			put_item(b, bytes_of(m->name));
	put_close(b, ']');
	put_flag(b, "additionalProperties", false);
}

/* The elements of a list, the values of a map. */
static void put_elements(struct buf *b, const char *name, const struct shape *of)
{
	if (of == NULL) {
		put_flag(b, name, true);
	} else if (of[0].name[0] == '\0') {
		struct value v = value_of(of);
		put_value(b, name, &v);
	} else {
		put_open(b, name, '{');
		json_put_member(b, "type", BYTES("object"));
		put_members(b, of);
		put_close(b, '}');
	}
}

static void put_type(struct buf *b, const char *type, bool maybe)
{
	if (!maybe) {
		json_put_member(b, "type", bytes_of(type));
		return;
	}
	put_open(b, "type", '[');
	put_item(b, bytes_of(type));
	put_item(b, BYTES("null"));
	put_close(b, ']');
}

static void put_value(struct buf *b, const char *name, const struct value *v)
{
	const char *pattern = v->sent ? plain[v->kind].sent : plain[v->kind].told;
	put_open(b, name, '{');
	if (plain[v->kind].type != NULL)
		put_type(b, plain[v->kind].type, v->maybe);
	if (plain[v->kind].format != NULL)
		json_put_member(b, "format", bytes_of(plain[v->kind].format));
	if (pattern != NULL)
		json_put_member(b, "pattern", bytes_of(pattern));
	if (v->words != NULL)
		put_words(b, "enum", v->words, v->maybe);
	if (v->kind == SHAPE_OBJECT)
		put_members(b, v->of);
	else if (v->kind == SHAPE_LIST)
		put_elements(b, "items", v->of);
	else if (v->kind == SHAPE_MAP)
		put_elements(b, "additionalProperties", v->of);
	put_told(b, v->zh, v->en);
	put_close(b, '}');
}

/* ---- forms -------------------------------------------------------------------------------- */

static const struct {
	const char *type, *pattern;
} fields[] = {
	[JSON_TEXT] = { "string", "^[^\\u0000-\\u001f\\u007f]*$" },
	[JSON_LONG] = { "string", "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$" },
	[JSON_TOKEN] = { "string", "^[a-z0-9-]{1,32}$" },
	[JSON_DATE] = { "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
	[JSON_INT64] = { "integer", NULL },
	[JSON_FLAG] = { "boolean", NULL },
	[JSON_MAP] = { "object", NULL },
};

/* The table counts bytes, a schema characters: what both allow is told as the schema's, the exact
 * limit as x-bytes. */
static void put_limits(struct buf *b, const struct json_field *f)
{
	if (f->kind == JSON_INT64) {
		json_put_member(b, "format", BYTES("int64"));
		json_put_number(b, "minimum", f->min);
		json_put_number(b, "maximum", f->max);
	} else if (f->kind == JSON_TEXT || f->kind == JSON_LONG) {
		json_put_number(b, "minLength", (f->min + 3) / 4);
		json_put_number(b, "maxLength", f->max);
		put_open(b, "x-bytes", '[');
		buf_u64(b, (uint64_t)f->min);
		buf_byte(b, ',');
		buf_u64(b, (uint64_t)f->max);
		put_close(b, ']');
	}
}

static void put_field(struct buf *b, const struct json_field *f)
{
	put_open(b, f->name, '{');
	json_put_member(b, "type", bytes_of(fields[f->kind].type));
	if (fields[f->kind].pattern != NULL)
		json_put_member(b, "pattern", bytes_of(fields[f->kind].pattern));
	put_limits(b, f);
	if (f->kind == JSON_MAP) {
		put_open(b, "additionalProperties", '{');
		json_put_member(b, "type", BYTES("string"));
		json_put_member(b, "pattern", bytes_of(fields[JSON_TEXT].pattern));
		json_put_number(b, "maxLength", 400);
		put_close(b, '}');
	}
	if (f->one_of != NULL)
		put_words(b, "enum", f->one_of, false);
	put_told(b, f->zh, f->en);
	put_close(b, '}');
}

static void put_form(struct buf *b, const struct json_form *form)
{
	json_put_member(b, "type", BYTES("object"));
	put_open(b, "properties", '{');
	for (const struct json_field *f = form->fields; f->name != NULL; f++)
		put_field(b, f);
	put_close(b, '}');
	put_open(b, "required", '[');
	for (const struct json_field *f = form->fields; f->name != NULL; f++)
		if (f->required)
			put_item(b, bytes_of(f->name));
	put_close(b, ']');
	put_flag(b, "additionalProperties", false);
}

/* ---- lists -------------------------------------------------------------------------------- */

static void put_row(struct buf *b, const struct list *l)
{
	json_put_member(b, "type", BYTES("object"));
	put_open(b, "properties", '{');
	for (const struct list_column *c = l->columns; c->name != NULL; c++) {
		const struct value v = { c->kind, c->of, c->maybe, false, c->words, c->zh, c->en };
		put_value(b, c->name, &v);
	}
	put_close(b, '}');
	put_open(b, "required", '[');
	for (const struct list_column *c = l->columns; c->name != NULL; c++)
		if (l->of == NULL || !c->maybe)
			put_item(b, bytes_of(c->name));
	put_close(b, ']');
	if (l->of == NULL) {
		put_flag(b, "additionalProperties", false);
		return;
	}
	const struct value text = { .kind = SHAPE_TEXT, .maybe = true };
	put_value(b, "additionalProperties", &text);
}

static void put_page(struct buf *b, const struct list *l)
{
	json_put_member(b, "type", BYTES("object"));
	put_open(b, "properties", '{');
	put_open(b, l->name, '{');
	json_put_member(b, "type", BYTES("array"));
	put_open(b, "items", '{');
	put_row(b, l);
	put_close(b, '}');
	put_told(b, l->zh, l->en);
	put_close(b, '}');
	put_open(b, "next", '{');
	put_type(b, "string", true);
	put_told(b, "下一页的 after；null 表示没有了",
		"`after` of the next page; null after the last one");
	put_close(b, '}');
	put_close(b, '}');
	put_open(b, "required", '[');
	put_item(b, bytes_of(l->name));
	put_item(b, BYTES("next"));
	put_close(b, ']');
	put_flag(b, "additionalProperties", false);
}

/* ---- components.schemas ------------------------------------------------------------------- */

const char *schema_of_body(const struct route *route, char *out, size_t size)
{
	snprintf(out, size, "%s.body", route->name);
	return out;
}

const char *schema_of_reply(const struct route *route, char *out, size_t size)
{
	if (route->list != NULL) {
		snprintf(out, size, "list.%s", route->list->name);
		return out;
	}
	for (const struct named_shape *n = named_shapes; n->name != NULL; n++)
		if (n->members == route->reply)
			return n->name;
	return NULL;
}

void schemas_put(struct buf *b)
{
	char name[64];
	for (const struct named_shape *n = named_shapes; n->name != NULL; n++) {
		put_open(b, n->name, '{');
		json_put_member(b, "type", BYTES("object"));
		put_members(b, n->members);
		put_close(b, '}');
	}
	for (const struct list *const *l = lists; *l != NULL; l++) {
		snprintf(name, sizeof name, "list.%s", (*l)->name);
		put_open(b, name, '{');
		put_page(b, *l);
		put_close(b, '}');
	}
	for (const struct route *r = routes; r->run != NULL; r++) {
		if (r->body == NULL)
			continue;
		put_open(b, schema_of_body(r, name, sizeof name), '{');
		put_form(b, r->body);
		put_close(b, '}');
	}
}

/* ---- parameters --------------------------------------------------------------------------- */

void parameter_open(struct buf *b, const char *name, const char *in, bool required, const char *zh,
	const char *en)
{
	put_open(b, NULL, '{');
	json_put_member(b, "name", bytes_of(name));
	json_put_member(b, "in", bytes_of(in));
	put_flag(b, "required", required);
	put_told(b, zh, en);
}

static void put_text_schema(struct buf *b, const char *pattern)
{
	put_open(b, "schema", '{');
	json_put_member(b, "type", BYTES("string"));
	if (pattern != NULL)
		json_put_member(b, "pattern", bytes_of(pattern));
	put_close(b, '}');
}

static void put_number_schema(struct buf *b, int64_t min, int64_t max, const int64_t *otherwise)
{
	put_open(b, "schema", '{');
	json_put_member(b, "type", BYTES("integer"));
	json_put_member(b, "format", BYTES("int64"));
	json_put_number(b, "minimum", min);
	json_put_number(b, "maximum", max);
	if (otherwise != NULL)
		json_put_number(b, "default", *otherwise);
	put_close(b, '}');
}

void parameter_put(struct buf *b, const struct param *p)
{
	parameter_open(b, p->name, "query", false, p->zh, p->en);
	if (p->kind == PARAM_NUMBER)
		put_number_schema(b, 0, p->max, p->otherwise >= 0 ? &p->otherwise : NULL);
	else if (p->kind == PARAM_TEXT)
		put_text_schema(b, "^[^\\u0000-\\u001f\\u007f]{0,66}$");
	else
		put_text_schema(b, "^[0-9A-Za-z:./~_,*-]{0,200}$");
	put_close(b, '}');
}

/* What the parts of a path are, by their names (struct route). */
static const struct {
	const char *name, *pattern, *zh, *en; /* no pattern: a number */
} arguments[] = {
	{ "id", NULL, "编号", "number" },
	{ "round", "^[0-9]{4}-[0-9]{4}$", "轮次编号，如 2026-0001",
		"number of the round, 2026-0001" },
	{ "sha256", "^[0-9a-f]{64}$", "SHA-256（64 位小写十六进制）",
		"SHA-256, 64 lower-case hexadecimal digits" },
	{ "account", "^[a-z0-9-]{1,32}$", "账号", "account" },
	{ "department", "^[a-z0-9-]{1,32}$", "部门代码", "department" },
	{ "token", "^[0-9A-Za-z:./~_,*-]{1,200}$", "令牌编号", "token" },
	{ "register", "^[0-9A-Za-z:./~_,*-]{1,200}$", "名录（GET /api/v1/registers 所列）",
		"register (one of GET /api/v1/registers)" },
	{ "code", "^[0-9A-Za-z:./~_,*-]{1,200}$", "统一社会信用代码、R 加注册号或对象编号",
		"USCC, R and registration number, or number of an object" },
	{ "year", "^[0-9]{4}$", "年度", "year" },
	{ "kind", "^[a-z0-9-]{1,32}$", "种类：base 方案基础，model 风险模型，scheme 抽查方案",
		"kind: base, model, scheme" },
	{ "document", "^[a-z0-9-]{1,32}$", "文书代码", "code of the document" },
	{ "rest", "^[0-9A-Za-z._/~-]+$", "其后的全部路径，可含 /", "all that follows, may hold /" },
};

void parameter_put_argument(struct buf *b, struct bytes name)
{
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
		if (!bytes_is(name, arguments[i].name))
			continue;
		parameter_open(
			b, arguments[i].name, "path", true, arguments[i].zh, arguments[i].en);
		if (arguments[i].pattern == NULL)
			put_number_schema(b, 1, INT64_MAX, NULL);
		else
			put_text_schema(b, arguments[i].pattern);
		put_close(b, '}');
	}
}

static void put_filter(struct buf *b, const struct list_column *c, const char *suffix,
	const char *zh, const char *en)
{
	char name[80], told_zh[200], told_en[200];
	const struct value v = {
		.kind = c->kind, .sent = true, .words = suffix[0] == '\0' ? c->words : NULL
	};
	snprintf(name, sizeof name, "%s%s", c->name, suffix);
	snprintf(told_zh, sizeof told_zh, "%s%s", c->zh, zh);
	snprintf(told_en, sizeof told_en, "%s%s", c->en, en);
	parameter_open(b, name, "query", false, told_zh, told_en);
	put_value(b, "schema", &v);
	put_close(b, '}');
}

static void put_sort(struct buf *b, const struct list *l)
{
	parameter_open(b, "sort", "query", false, "按此列排序，前加 - 为倒序",
		"sort by this column, with - from large to small");
	put_open(b, "schema", '{');
	json_put_member(b, "type", BYTES("string"));
	put_open(b, "enum", '[');
	for (const struct list_column *c = l->columns; c->name != NULL; c++) {
		char name[80];
		if (!c->sorts)
			continue;
		put_item(b, bytes_of(c->name));
		snprintf(name, sizeof name, "-%s", c->name);
		put_item(b, bytes_of(name));
	}
	put_close(b, ']');
	put_close(b, '}');
	put_close(b, '}');
}

void parameters_put_list(struct buf *b, const struct list *l)
{
	parameter_open(b, "limit", "query", false, "每页行数，至多为设置 web.page",
		"rows of a page, at most the setting web.page");
	put_number_schema(b, 1, 100000, NULL);
	put_close(b, '}');
	parameter_open(b, "after", "query", false, "上一页的 next", "`next` of the page before");
	put_text_schema(b, "^[A-Za-z0-9_-]{1,1500}$");
	put_close(b, '}');
	put_sort(b, l);
	parameter_open(b, "format", "query", false, "json 为一页，其余为全部行",
		"json is one page, the others are all rows");
	put_open(b, "schema", '{');
	json_put_member(b, "type", BYTES("string"));
	put_words(b, "enum", "json,jsonl,csv,xlsx", false);
	put_close(b, '}');
	put_close(b, '}');
	if (l->at) {
		parameter_open(b, "at", "query", false, "该时刻（1970 年以来的秒数）所知的内容",
			"what was known at that time, seconds since 1970");
		put_number_schema(b, 0, LIST_AT_MAX, NULL);
		put_close(b, '}');
	}
	if (l->search != NULL) {
		parameter_open(b, "search", "query", false, "名称中含有这些字（至少两个字）",
			"what the name holds, two characters at least");
		put_text_schema(b, "^.{2,1000}$");
		put_close(b, '}');
	}
	for (const struct list_column *c = l->columns; c->name != NULL; c++) {
		if (!c->filters)
			continue;
		put_filter(b, c, "", "", "");
		if (!list_has_range(c))
			continue;
		put_filter(b, c, "_from", "，不小于", ", not below");
		put_filter(b, c, "_to", "，不大于", ", not above");
	}
}
