/* Documents: bases, models, schemes. What a file must be, the table of kinds says (documents.h);
 * who may, the database (sql/migrations/0016_documents.sql). */
#include <stddef.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/documents.h"
#include "sampler/base/text.h"

enum { DOCUMENTS_MOST = 999 };

/* ---- forms -------------------------------------------------------------------------------- */

struct document_body {
	const char *source, *code, *base;
};
static const struct document_body document_otherwise = { .code = DOCUMENT_MAIN,
	.base = DOCUMENT_MAIN };
/* clang-format off */
static const struct json_field document_fields[] = {
	{ "source", JSON_LONG, offsetof(struct document_body, source), true, 1, DOCUMENT_MAX,
		.zh = "文件的内容", .en = "text of the file" },
	{ "code", JSON_TOKEN, offsetof(struct document_body, code), false, 0, 0,
		.zh = "方案基础、模型的代码，缺省 main；抽查方案的代码写在文件中",
		.en = "code of a base or model, main if not said; schemes have theirs in the file" },
	{ "base", JSON_TOKEN, offsetof(struct document_body, base), false, 0, 0,
		.zh = "抽查方案依据的方案基础，缺省 main", .en = "base that schemes stand on; main if not said" },
	{ 0 },
};
const struct json_form document_form = { document_fields, sizeof(struct document_body),
	&document_otherwise };

struct document_agree_body {
	struct motion_why why;
	struct bytes documents;
};
static const struct json_field document_agree_fields[] = {
	{ "documents", JSON_MAP, offsetof(struct document_agree_body, documents), true, 1, DOCUMENTS_MOST,
		.zh = "代码和版本；版本为空的，取最新的草拟版本（废止时为生效的版本）",
		.en = "code and version; an empty version: the newest draft, or to retire the one in force" },
	MOTION_WHY(document_agree_body),
	{ 0 },
};
const struct json_form document_agree_form = { document_agree_fields,
	sizeof(struct document_agree_body), NULL };

/* clang-format on */

/* ---- what was put ------------------------------------------------------------------------- */

struct putting {
	const struct document_kind *kind;
	struct compose_rows base;
	bool has_base;
	struct documents made;
	void (*then)(struct request *r);
};

static struct bytes documents_json(struct request *r, const struct documents *d)
{
	struct buf b = buf_new(r->arena, 65536);
	buf_byte(&b, '[');
	for (size_t i = 0; i < d->n; i++) {
		buf_str(&b, i > 0 ? ",{" : "{");
		json_put_member(&b, "code", bytes_of(d->at[i].code));
		json_put_member(&b, "title", bytes_of(d->at[i].title));
		json_put_member(&b, "department", bytes_of(d->at[i].department));
		json_put_member(&b, "rows", d->at[i].rows);
		buf_byte(&b, '}');
	}
	buf_byte(&b, ']');
	return buf_view(&b);
}

static void put_warnings(struct buf *b, const struct documents *d)
{
	json_put_raw(b, "warnings", BYTES("["));
	for (size_t i = 0; i < d->warnings; i++) {
		const struct document_warning *w = &d->warning[i];
		buf_str(b, i > 0 ? ",{" : "{");
		json_put_member(b, "code", bytes_of(w->code));
		json_put_member(b, "what", bytes_of(w->what));
		json_put_member(b, "zh", bytes_of(w->zh));
		json_put_member(b, "en", bytes_of(w->en));
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

/* A base says who inspects: none whom the table of departments does not let. */
static void on_departments(struct request *r, const struct db_rows *rows)
{
	const struct putting *p = r->ctx;
	struct err e = { 0 };
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, &e);
		struct bytes code = db_bytes(&row, "department"), name = db_bytes(&row, "name");
		bool inspects = db_bool(&row, "inspects");
		if (row.bad || !document_may_inspect(
				       p->made.at[0].rows, code, name, inspects, r->arena, &e)) {
			reply_error(r, &e);
			return;
		}
	}
	p->then(r);
}

static void compile(struct request *r)
{
	struct putting *p = r->ctx;
	const struct document_body *body = r->sent;
	struct err e = { 0 };
	if (!p->kind->compile(&p->made, r->arena, body->source, "policy", body->code,
		    p->has_base ? &p->base : NULL, &e))
		reply_error(r, &e);
	else if (p->kind->has_departments)
		request_ask(r, Q_document_departments, NULL, on_departments);
	else
		p->then(r);
}

bool document_take_base(
	struct request *r, const char *code, const struct db_rows *rows, struct compose_rows *out)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_field(r, "base", ERR_NO_DOCUMENT, "base %s", code);
		return false;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes text = db_bytes(&row, "rows");
	if (!row.bad && compose_split(text, r->arena, out, &e))
		return true;
	reply_error(r, &e);
	return false;
}

static void on_base(struct request *r, const struct db_rows *rows)
{
	struct putting *p = r->ctx;
	const struct document_body *body = r->sent;
	p->has_base = p->kind->on_base || rows->n > 0;
	if (!p->has_base || document_take_base(r, body->base, rows, &p->base))
		compile(r);
}

static void begin(struct request *r, void (*then)(struct request *r))
{
	const struct document_body *body = r->sent;
	struct putting *p = arena_calloc(r->arena, 1, sizeof *p);
	p->kind = document_kind(request_arg(r, 0));
	p->then = then;
	r->ctx = p;
	if (p->kind == NULL)
		reply_missing(r);
	else if (p->kind->on_base || p->kind->base_if_any)
		REQUEST_ASK(r, Q_document_rows, on_base, DB_TEXT("base"), DB_TEXT(body->base));
	else
		compile(r);
}

/* What was stored, with the warnings. */
static void stored(struct request *r, const struct db_rows *rows)
{
	const struct putting *p = r->ctx;
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes json = db_bytes(&row, "json");
	if (row.bad) {
		reply_error(r, &e);
		return;
	}
	struct buf b = buf_new(r->arena, json.n + 1024);
	buf_bytes(&b, (struct bytes){ json.p, json.n - 1 });
	put_warnings(&b, &p->made);
	buf_byte(&b, '}');
	reply_json(r, 201, buf_view(&b));
}

static void store(struct request *r)
{
	const struct putting *p = r->ctx;
	const struct document_body *body = r->sent;
	REQUEST_ASK(r, Q_document_put, stored, DB_TEXT(p->kind->name),
		DB_BYTES(documents_json(r, &p->made)), DB_TEXT(body->source));
}

void document_put(struct request *r)
{
	begin(r, store);
}

static void told(struct request *r)
{
	const struct putting *p = r->ctx;
	struct buf b = buf_new(r->arena, 4096);
	buf_str(&b, "{\"documents\":[");
	for (size_t i = 0; i < p->made.n; i++) {
		const struct document *d = &p->made.at[i];
		buf_str(&b, i > 0 ? ",{" : "{");
		json_put_member(&b, "kind", bytes_of(p->kind->name));
		json_put_member(&b, "code", bytes_of(d->code));
		json_put_member(&b, "title", bytes_of(d->title));
		json_put_member(&b, "department", bytes_of(d->department));
		buf_byte(&b, '}');
	}
	buf_byte(&b, ']');
	put_warnings(&b, &p->made);
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

void document_check(struct request *r)
{
	begin(r, told);
}

/* ---- what there is ------------------------------------------------------------------------ */

void document_get(struct request *r)
{
	REQUEST_ASK(r, Q_document_get, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(request_arg(r, 1)), DB_INT(param_number(r, "version")));
}

/* ---- the second person -------------------------------------------------------------------- */

/* {"food":"2","hotel":""} as [{"code":"food","version":2},…]; false after a reply. */
static bool versions(struct request *r, struct bytes map, struct buf *out)
{
	const char *p = map.p, *end = map.p + map.n;
	size_t n = 0;
	buf_byte(out, '[');
	/* a map has no blanks, and tokens and numbers no quotes and escapes */
	while (p < end && (p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		struct bytes rest = { p + 1, (size_t)(end - p - 1) };
		bool more;
		uint64_t version = 0;
		struct bytes code = bytes_cut(&rest, '"', &more);
		bytes_cut(&rest, '"', &more); /* the colon */
		struct bytes text = bytes_cut(&rest, '"', &more);
		if (!more || !text_is_token(code) ||
			(text.n > 0 && !text_u64(text, INT32_MAX, &version))) {
			reply_field(r, "documents", ERR_BAD_JSON, "documents: %.*s: %.*s",
				(int)(code.n < 40 ? code.n : 40), code.p,
				(int)(text.n < 40 ? text.n : 40), text.p);
			return false;
		}
		buf_str(out, n++ > 0 ? ",{" : "{");
		json_put_member(out, "code", code);
		json_put_number(out, "version", (int64_t)version);
		buf_byte(out, '}');
		p = rest.p;
	}
	buf_byte(out, ']');
	return true;
}

static void move(struct request *r, const char *what)
{
	const struct document_agree_body *b = r->sent;
	const char *evidence = b->why.evidence != NULL ? b->why.evidence : "";
	struct buf list = buf_new(r->arena, 1024);
	if (document_kind(request_arg(r, 0)) == NULL)
		reply_missing(r);
	else if (api_evidence(r, evidence) && versions(r, b->documents, &list))
		REQUEST_ASK(r, Q_document_agree, reply_row_accepted, DB_TEXT(request_arg(r, 0)),
			DB_BYTES(buf_view(&list)), DB_TEXT(what), DB_TEXT(b->why.reason),
			DB_TEXT(evidence));
}

void document_agree(struct request *r)
{
	move(r, "agree");
}

void document_retire(struct request *r)
{
	move(r, "retire");
}
