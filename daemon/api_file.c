/* Uploads. */
#include "daemon/api.h"

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

static void tell_new(struct request *r, const struct db_rows *rows)
{
	if (rows->n > 0)
		reply_row_created(r, rows);
	else
		reply_code(r, ERR_UPLOADS_FULL, "web.uploads_max %lld",
			(long long)r->web->process->conf.web.uploads_max);
}

void upload_new(struct request *r)
{
	const struct upload_body *u = r->sent;
	int64_t max = r->web->process->conf.web.upload_max;
	if (u->size > max) {
		reply_field(r, "size", ERR_TOO_LARGE, "%lld bytes, web.upload_max is %lld",
			(long long)u->size, (long long)max);
		return;
	}
	REQUEST_ASK(r, Q_web_upload_new, tell_new, DB_TEXT(u->name), DB_INT(u->size),
		DB_INT(r->web->process->conf.web.uploads_max));
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
	bool removed = db_bool(&row, "removed");
	if (row.bad)
		reply_error(r, &e);
	else if (removed)
		reply_code(r, ERR_FILE_REMOVED, "upload %lld", (long long)request_arg_id(r, 0));
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
