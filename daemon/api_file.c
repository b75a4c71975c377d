/* Uploads, imports, jobs. */
#include <string.h>

#include "daemon/api.h"
#include "daemon/row.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

/* ---- uploads ------------------------------------------------------------------------------ */

struct upload_body {
	const char *name;
	int64_t size;
};

static const struct json_field upload_fields[] = {
	{ "name", JSON_TEXT, offsetof(struct upload_body, name), true, 1, 255 },
	{ "size", JSON_INT64, offsetof(struct upload_body, size), true, 1, INT64_MAX },
	{ 0 },
};

void upload_new(struct request *r)
{
	struct upload_body u = { 0 };
	int64_t max = r->web->process->conf.web.upload_max;
	if (!request_json(r, upload_fields, &u))
		return;
	if (u.size > max) {
		reply_code(r, ERR_TOO_LARGE, "%lld bytes, web.upload_max is %lld",
			(long long)u.size, (long long)max);
		return;
	}
	REQUEST_ASK(r, Q_web_upload_new, reply_row_created, DB_TEXT(u.name), DB_INT(u.size));
}

void upload_get(struct request *r)
{
	int64_t id;
	if (request_id(r, 0, &id) && request_no_more(r))
		REQUEST_ASK(r, Q_web_upload, reply_row_json, DB_INT(id));
}

/* No row was changed: is the upload not there, or does it stand elsewhere? */
static void explain_offset(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_code(r, ERR_NOT_FOUND, "%s", r->path);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t received = db_int(&row, "received"), size = db_int(&row, "size");
	if (row.bad)
		reply_error(r, &e);
	else
		reply_code(r, ERR_BAD_OFFSET, "received=%lld size=%lld", (long long)received,
			(long long)size);
}

static void piece_taken(struct request *r, const struct db_rows *rows)
{
	int64_t id;
	if (rows->n > 0)
		reply_row_json(r, rows);
	else if (request_id(r, 0, &id))
		REQUEST_ASK(r, Q_web_upload, explain_offset, DB_INT(id));
}

void upload_piece(struct request *r)
{
	int64_t id, offset;
	if (!request_id(r, 0, &id) || !request_number(r, "offset", 0, INT64_MAX, &offset) ||
		!request_no_more(r))
		return;
	if (r->body.n == 0) {
		reply_code(r, ERR_BAD_REQUEST, "the body is empty");
		return;
	}
	REQUEST_ASK(
		r, Q_web_upload_piece, piece_taken, DB_INT(id), DB_INT(offset), DB_BYTEA(r->body));
}

/* ---- imports ------------------------------------------------------------------------------ */

struct import_body {
	const char *kind, *source, *person, *labels;
	int64_t upload;
};

static const struct json_field import_fields[] = {
	{ "upload", JSON_INT64, offsetof(struct import_body, upload), true, 1, INT64_MAX },
	{ "kind", JSON_TEXT, offsetof(struct import_body, kind), true, 1, 32 },
	{ "source", JSON_TEXT, offsetof(struct import_body, source), true, 1, 200 },
	{ "person", JSON_TEXT, offsetof(struct import_body, person), true, 1, 200 },
	{ "labels", JSON_TEXT, offsetof(struct import_body, labels), false, 0, 2000 },
	{ 0 },
};

static void queue_import(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct import_body *b = r->ctx;
	if (rows->n == 0) {
		reply_code(r, ERR_BAD_UPLOAD, "upload %lld", (long long)b->upload);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t received = db_int(&row, "received"), size = db_int(&row, "size");
	if (row.bad || received != size) {
		reply_code(r, ERR_BAD_UPLOAD, "received=%lld size=%lld", (long long)received,
			(long long)size);
		return;
	}
	struct buf args = buf_new(r->arena, 256);
	buf_byte(&args, '{');
	json_put_number(&args, "upload", b->upload);
	json_put_member(&args, "kind", bytes_of(b->kind));
	json_put_member(&args, "source", bytes_of(b->source));
	json_put_member(&args, "person", bytes_of(b->person));
	json_put_member(&args, "labels", bytes_of(b->labels));
	buf_byte(&args, '}');
	api_queue_job(r, "import", buf_view(&args),
		arena_printf(r->arena, "import:%lld:%s", (long long)b->upload, b->kind));
}

void import_new(struct request *r)
{
	struct import_body *b = arena_calloc(r->arena, 1, sizeof *b);
	enum import_kind kind;
	b->labels = "";
	if (!request_json(r, import_fields, b))
		return;
	if (!import_kind_of(bytes_of(b->kind), &kind)) {
		reply_code(r, ERR_BAD_JSON, "kind: entities, inspectors or recusals are wanted");
		return;
	}
	if (!type_is_list(bytes_of(b->labels), text_is_token)) {
		reply_code(r, ERR_BAD_JSON, "labels: tokens joined by `,`, ascending, are wanted");
		return;
	}
	r->ctx = b;
	REQUEST_ASK(r, Q_web_upload, queue_import, DB_INT(b->upload));
}

/* ---- lists -------------------------------------------------------------------------------- */

static void list(struct request *r, enum query_id q)
{
	int64_t before, limit, page = r->web->process->conf.web.page;
	if (request_number(r, "before", INT64_MAX, INT64_MAX, &before) &&
		request_number(r, "limit", page < 100 ? page : 100, page, &limit) &&
		request_no_more(r))
		REQUEST_ASK(r, q, reply_row_json, DB_INT(before), DB_INT(limit));
}

void import_list(struct request *r)
{
	list(r, Q_web_imports);
}

void job_list(struct request *r)
{
	list(r, Q_web_jobs);
}

static void one(struct request *r, enum query_id q)
{
	int64_t id;
	if (request_id(r, 0, &id) && request_no_more(r))
		REQUEST_ASK(r, q, reply_row_json, DB_INT(id));
}

void import_get(struct request *r)
{
	one(r, Q_web_import);
}

void job_get(struct request *r)
{
	one(r, Q_web_job);
}

void proposal_get(struct request *r)
{
	one(r, Q_web_proposal);
}

void import_errors(struct request *r)
{
	int64_t id, after, limit, page = r->web->process->conf.web.page;
	if (request_id(r, 0, &id) && request_number(r, "after", 0, INT64_MAX, &after) &&
		request_number(r, "limit", page, page, &limit) && request_no_more(r))
		REQUEST_ASK(r, Q_web_import_errors, reply_row_json, DB_INT(id), DB_INT(after),
			DB_INT(limit));
}
