/* Uploads, imports. */
#include <string.h>

#include "daemon/api.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

/* ---- uploads ------------------------------------------------------------------------------ */

struct upload_body {
	const char *name;
	int64_t size;
};

static const struct json_field upload_fields[] = {
	{ "name", JSON_TEXT, offsetof(struct upload_body, name), true, 1, 255, .zh = "文件名",
		.en = "name of the file" },
	{ "size", JSON_INT64, offsetof(struct upload_body, size), true, 1, INT64_MAX,
		.zh = "文件的字节数", .en = "its size in bytes" },
	{ 0 },
};
const struct json_form upload_form = { upload_fields, sizeof(struct upload_body), NULL };

void upload_new(struct request *r)
{
	const struct upload_body *u = r->sent;
	int64_t max = r->web->process->conf.web.upload_max;
	if (u->size > max) {
		reply_field(r, "size", ERR_TOO_LARGE, "%lld bytes, web.upload_max is %lld",
			(long long)u->size, (long long)max);
		return;
	}
	REQUEST_ASK(r, Q_web_upload_new, reply_row_created, DB_TEXT(u->name), DB_INT(u->size));
}

void upload_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_upload, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

/* No row was changed: is the upload not there, or does it stand elsewhere? */
static void explain_offset(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t received = db_int(&row, "received"), size = db_int(&row, "size");
	if (row.bad)
		reply_error(r, &e);
	else
		reply_field(r, "offset", ERR_BAD_OFFSET, "received=%lld size=%lld",
			(long long)received, (long long)size);
}

static void piece_taken(struct request *r, const struct db_rows *rows)
{
	if (rows->n > 0)
		reply_row_json(r, rows);
	else
		REQUEST_ASK(r, Q_web_upload, explain_offset, DB_INT(request_arg_id(r, 0)));
}

void upload_piece(struct request *r)
{
	if (r->body.n == 0)
		reply_code(r, ERR_BAD_REQUEST, "the body is empty");
	else
		REQUEST_ASK(r, Q_web_upload_piece, piece_taken, DB_INT(request_arg_id(r, 0)),
			DB_INT(param_number(r, "offset")), DB_BYTEA(r->body));
}

/* ---- imports ------------------------------------------------------------------------------ */

struct import_body {
	struct motion_why why;
	const char *kind, *source, *provider, *labels, *department;
	int64_t upload;
};

static const struct json_field import_fields[] = {
	{ "upload", JSON_INT64, offsetof(struct import_body, upload), true, 1, INT64_MAX,
		.zh = "已传完的上传编号", .en = "a finished upload" },
	{ "kind", JSON_TEXT, offsetof(struct import_body, kind), true, 1, 32,
		.zh = "检查对象、执法检查人员或回避关系", .en = "objects, inspectors or recusals",
		.one_of = "entities,inspectors,recusals" },
	{ "source", JSON_TEXT, offsetof(struct import_body, source), true, 1, 200, .zh = "来源单位",
		.en = "where the list came from" },
	{ "provider", JSON_TEXT, offsetof(struct import_body, provider), true, 1, 200,
		.zh = "提供人", .en = "who handed it over" },
	{ "labels", JSON_TEXT, offsetof(struct import_body, labels), false, 0, 2000,
		.zh = "给全部对象的标签，升序，以逗号分隔",
		.en = "labels of all its objects, ascending, joined by commas" },
	{ "department", JSON_TOKEN, offsetof(struct import_body, department), false, 0, 0,
		.zh = "为哪个部门导入；代多个部门办理的必填",
		.en = "the department whose list it is; needed where one acts for several" },
	{ "reason", JSON_TEXT, offsetof(struct import_body, why.reason), false, 1, 4000,
		.zh = "理由；导入回避关系必填，须由另一人同意",
		.en = "why; needed for recusals, which another person has to agree to" },
	{ 0 },
};
static const struct import_body import_otherwise = { .labels = "" };
const struct json_form import_form = { import_fields, sizeof(struct import_body),
	&import_otherwise };

/* What the worker is told, and who seconds recusals sees. */
static struct bytes import_args(struct request *r, bool moved)
{
	const struct import_body *b = r->sent;
	struct buf args = buf_new(r->arena, 256);
	buf_byte(&args, '{');
	if (moved)
		json_put_member(&args, "action", BYTES("import"));
	json_put_number(&args, "upload", b->upload);
	json_put_member(&args, "kind", bytes_of(b->kind));
	json_put_member(&args, "source", bytes_of(b->source));
	json_put_member(&args, "provider", bytes_of(b->provider));
	json_put_member(&args, "labels", bytes_of(b->labels));
	if (b->department != NULL)
		json_put_member(&args, "department", bytes_of(b->department));
	buf_byte(&args, '}');
	return buf_view(&args);
}

static bool is_recusals(const struct import_body *b)
{
	return strcmp(b->kind, "recusals") == 0;
}

/* A job; or for recusals the motion that leads to one. */
static void queue_import(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	const struct import_body *b = r->sent;
	if (rows->n == 0) {
		reply_field(r, "upload", ERR_BAD_UPLOAD, "upload %lld", (long long)b->upload);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t received = db_int(&row, "received"), size = db_int(&row, "size");
	if (row.bad || received != size) {
		reply_code(r, ERR_BAD_UPLOAD, "received=%lld size=%lld", (long long)received,
			(long long)size);
		return;
	}
	const struct motion_ask m = {
		.kind = "recusal", .body = import_args(r, true), .why = &b->why
	};
	if (is_recusals(b))
		api_move(r, &m);
	else
		api_queue_job(r, "import", import_args(r, false),
			arena_printf(r->arena, "import:%lld:%s%s%s", (long long)b->upload, b->kind,
				b->department != NULL ? ":" : "",
				b->department != NULL ? b->department : ""));
}

void import_new(struct request *r)
{
	const struct import_body *b = r->sent;
	if (!type_is_list(bytes_of(b->labels), text_is_token))
		reply_field(r, "labels", ERR_BAD_JSON,
			"labels: tokens joined by `,`, ascending, are wanted");
	else if (is_recusals(b) && b->why.reason == NULL)
		reply_field(r, "reason", ERR_BAD_JSON, "reason");
	else
		REQUEST_ASK(r, Q_web_upload_own, queue_import, DB_INT(b->upload));
}

void import_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_import, reply_row_json, DB_INT(request_arg_id(r, 0)));
}
