/* Imports: begun, looked at, confirmed, undone; the file that goes back. */
#include <stdio.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/chunk.h"
#include "daemon/export.h"
#include "daemon/register/registers.h"
#include "sampler/base/text.h"
#include "sampler/sha256.h"
#include "sampler/type.h"

/* ---- a file becomes a batch --------------------------------------------------------------- */

struct import_body {
	struct motion_why why;
	const char *kind, *source, *provider, *labels, *department, *mode, *scope, *sheet;
	struct bytes mapping;
	int64_t upload;
};

static const struct json_field import_fields[] = {
	{ "upload", JSON_INT64, offsetof(struct import_body, upload), true, 1, INT64_MAX,
		.zh = "已传完的上传编号", .en = "a finished upload" },
	{ "kind", JSON_TEXT, offsetof(struct import_body, kind), true, 1, 32,
		.zh = "名录（GET /api/v1/registers 所列）",
		.en = "register, one of GET /api/v1/registers", .one_of = REGISTER_WORDS },
	{ "source", JSON_TEXT, offsetof(struct import_body, source), false, 1, 200,
		.zh = "来源单位，缺省为部门；scope 为 full 的必填",
		.en = "where the list came from; else the department" },
	{ "provider", JSON_TEXT, offsetof(struct import_body, provider), false, 1, 200,
		.zh = "提供人，缺省为导入人", .en = "who handed it over; else who imports it" },
	{ "labels", JSON_TEXT, offsetof(struct import_body, labels), false, 0, 2000,
		.zh = "给全部对象的标签，升序，以逗号分隔",
		.en = "labels of all its objects, ascending, joined by commas" },
	{ "department", JSON_TOKEN, offsetof(struct import_body, department), false, 0, 0,
		.zh = "为哪个部门导入；代多个部门办理的必填",
		.en = "the department whose list it is; needed where one acts for several" },
	{ "reason", JSON_TEXT, offsetof(struct import_body, why.reason), false, 1, 4000,
		.zh = "理由；导入回避关系必填，须由另一人同意",
		.en = "why; needed for recusals, which another person has to agree to" },
	{ "mode", JSON_TEXT, offsetof(struct import_body, mode), false, 1, 16,
		.zh = "preview 预览，待确认（缺省）；confirm 读完即确认；dry-run 只检查，不收入",
		.en = "preview: staged until it is confirmed (the default); confirm: at once; dry-run: only looked at",
		.one_of = "preview,confirm,dry-run" },
	{ "scope", JSON_TEXT, offsetof(struct import_body, scope), false, 1, 16,
		.zh = "update 增改（缺省）；full 文件为该来源的全部，未列的视为缺失",
		.en = "update: adds and changes (the default); full: the file is all of its source, what it lacks is gone",
		.one_of = "update,full" },
	{ "sheet", JSON_TEXT, offsetof(struct import_body, sheet), false, 0, 124,
		.zh = "XLSX 的工作表：名称或序号；缺省为表头可识别的第一张",
		.en = "sheet of an XLSX file, by name or number; else the first whose header reads" },
	{ "mapping", JSON_MAP, offsetof(struct import_body, mapping), false, 0, 200,
		.zh = "原列名对应的列名，空为不采用",
		.en = "column of each header, empty: not used" },
	{ 0 },
};
static const struct import_body import_otherwise = {
	.labels = "", .mode = "preview", .scope = "update", .sheet = "", .mapping = { "{}", 2 }
};
const struct json_form import_form = { import_fields, sizeof(struct import_body),
	&import_otherwise };

/* What the worker is told, and who seconds recusals sees. */
static struct bytes import_args(
	struct request *r, const struct import_body *b, const char *provider, bool moved)
{
	struct buf args = buf_new(r->arena, 256);
	buf_byte(&args, '{');
	if (moved)
		json_put_member(&args, "action", BYTES("import"));
	json_put_number(&args, "upload", b->upload);
	json_put_member(&args, "kind", bytes_of(b->kind));
	json_put_member(&args, "source", bytes_of(b->source));
	json_put_member(&args, "provider", bytes_of(provider));
	json_put_member(&args, "labels", bytes_of(b->labels));
	json_put_member(&args, "mode", bytes_of(b->mode));
	json_put_member(&args, "scope", bytes_of(b->scope));
	json_put_member(&args, "sheet", bytes_of(b->sheet));
	json_put_raw(&args, "mapping", b->mapping);
	if (b->department != NULL)
		json_put_member(&args, "department", bytes_of(b->department));
	buf_byte(&args, '}');
	return buf_view(&args);
}

static enum register_giver giver_of(const char *kind)
{
	enum register_id id = REGISTERS;
	register_named(bytes_of(kind), &id);
	return registers[id].giver;
}

/* The same file asked for twice in the same way while it waits is read once. */
static const char *dedup_of(struct request *r, const struct import_body *b, struct bytes args)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	sha256(args.p, args.n, hash);
	sha256_hex(hash, hex);
	return arena_printf(r->arena, "import:%lld:%s", (long long)b->upload, hex);
}

/* A job; or for recusals the motion that leads to one. */
static void queue_import(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct import_body *b = r->sent;
	if (rows->n == 0) {
		reply_field(r, "upload", ERR_BAD_UPLOAD, "upload %lld", (long long)b->upload);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t received = db_int(&row, "received"), size = db_int(&row, "size");
	bool removed = db_bool(&row, "removed");
	const char *provider = b->provider != NULL ? b->provider : db_text(&row, "asker");
	if (b->source == NULL)
		b->source = db_text(&row, "source");
	if (row.bad || received != size) {
		reply_code(r, ERR_BAD_UPLOAD, "received=%lld size=%lld", (long long)received,
			(long long)size);
		return;
	}
	if (strcmp(b->source, "*") == 0) { /* in figures that is all of them */
		reply_field(r, "source", ERR_BAD_JSON, "source: *");
		return;
	}
	if (removed) {
		reply_field(r, "upload", ERR_FILE_REMOVED, "upload %lld", (long long)b->upload);
		return;
	}
	if (giver_of(b->kind) == GIVER_MOTION) {
		/* the motion is the preview */
		if (strcmp(b->mode, "preview") == 0)
			b->mode = "confirm";
		const struct motion_ask m = {
			.kind = "recusal", .body = import_args(r, b, provider, true), .why = &b->why
		};
		api_move(r, &m);
	} else {
		struct bytes args = import_args(r, b, provider, false);
		api_queue_job(r, "import", args, dedup_of(r, b, args));
	}
}

void import_new(struct request *r)
{
	const struct import_body *b = r->sent;
	enum register_giver giver = giver_of(b->kind);
	if (giver == GIVER_OFFICE && !request_has(r, WHO_COORDINATOR)) {
		r->may = WHO_COORDINATOR;
		reply_field(r, "kind", ERR_NOT_ALLOWED, "%s", b->kind);
	} else if (!type_is_list(bytes_of(b->labels), text_is_token)) {
		reply_field(r, "labels", ERR_BAD_JSON,
			"labels: tokens joined by `,`, ascending, are wanted");
	} else if (giver == GIVER_MOTION && b->why.reason == NULL) {
		reply_field(r, "reason", ERR_BAD_JSON, "reason");
	} else if (giver == GIVER_MOTION && strcmp(b->scope, "full") == 0) {
		reply_field(
			r, "scope", ERR_BAD_JSON, "scope: recusals end by motions of their own");
	} else if (b->source == NULL && strcmp(b->scope, "full") == 0) {
		reply_field(r, "source", ERR_BAD_JSON, "source: whose whole list it is");
	} else {
		REQUEST_ASK(r, Q_web_upload_own, queue_import, DB_INT(b->upload),
			DB_TEXT(b->department != NULL ? b->department : ""));
	}
}

void import_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_import, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

/* ---- what people do with a batch ---------------------------------------------------------- */

struct undo_body {
	const char *reason;
};
static const struct json_field undo_fields[] = {
	{ "reason", JSON_TEXT, offsetof(struct undo_body, reason), true, 1, 4000, .zh = "理由",
		.en = "why" },
	{ 0 },
};
const struct json_form undo_form = { undo_fields, sizeof(struct undo_body), NULL };

/* The database gives the batch's number, or NULL where it is not the asker's. */
static void show_decided(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	if (db_is_null(&row, "id"))
		reply_missing(r);
	else
		import_get(r);
}

void import_confirm(struct request *r)
{
	REQUEST_ASK(r, Q_web_import_confirm, show_decided, DB_INT(request_arg_id(r, 0)),
		DB_INT(conf_class_move_max(&r->web->process->conf)));
}

void import_discard(struct request *r)
{
	REQUEST_ASK(r, Q_web_import_discard, show_decided, DB_INT(request_arg_id(r, 0)));
}

void import_undo(struct request *r)
{
	const struct undo_body *b = r->sent;
	REQUEST_ASK(r, Q_web_import_undo, show_decided, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->reason), DB_INT(conf_class_move_max(&r->web->process->conf)));
}

static void queue_again(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	if (db_is_null(&row, "args")) {
		reply_missing(r);
		return;
	}
	api_queue_job(r, "import", db_bytes(&row, "args"),
		arena_printf(r->arena, "again:%lld", (long long)request_arg_id(r, 0)));
}

/* The same file with the same options, against what counts now. */
void import_again(struct request *r)
{
	REQUEST_ASK(r, Q_web_import_again, queue_again, DB_INT(request_arg_id(r, 0)));
}

/* ---- the file that goes back -------------------------------------------------------------- */

enum { FILE_PARTS = 4 };

struct returned {
	int64_t batch, size, part, parts;
	struct arena *piece;
	struct buf out;
	bool started;
};

static void clear_up(struct request *r)
{
	struct returned *f = r->ctx;
	arena_free(f->piece);
}

static void send_parts(struct request *r)
{
	struct returned *f = r->ctx;
	if (!f->started) {
		f->started = true;
		reply_header(r, "Content-Disposition",
			arena_printf(r->arena, "attachment; filename=\"import-%lld.xlsx\"",
				(long long)f->batch));
		reply_start(r, r->route->type);
	}
	reply_piece(r, buf_view(&f->out));
}

static void tell_state(struct request *r, const char *state)
{
	const struct returned *f = r->ctx;
	enum err_code code = strcmp(state, "wanted") == 0    ? ERR_NOT_READY
			     : strcmp(state, "failed") == 0  ? ERR_RETURN_FAILED
			     : strcmp(state, "removed") == 0 ? ERR_FILE_REMOVED
							     : ERR_NOTHING_RETURNED;
	reply_code(r, code, "import %lld", (long long)f->batch);
}

/* Whoever may see the batch and not its file is told which of the two it is. */
static void tell_hidden(struct request *r, const struct db_rows *rows)
{
	const struct returned *f = r->ctx;
	if (rows->n == 0)
		reply_missing(r);
	else
		reply_code(r, ERR_NOT_ALLOWED, "import %lld", (long long)f->batch);
}

static void take_parts(struct request *r, const struct db_rows *rows)
{
	struct returned *f = r->ctx;
	struct err e = { 0 };
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, f->piece, &e);
		const char *state = db_text(&row, "state");
		if (!row.bad && strcmp(state, "ready") != 0) {
			tell_state(r, state);
			return;
		}
		f->size = db_int(&row, "size");
		struct bytes data = db_bytea(&row, "data");
		buf_bytes(&f->out, data);
		f->part = db_int(&row, "part") + 1;
		if (row.bad) {
			reply_error(r, &e);
			return;
		}
	}
	f->parts = (f->size + CHUNK_SIZE - 1) / CHUNK_SIZE;
	if (rows->n == 0 && f->started)
		reply_cut(r);
	else if (rows->n == 0)
		REQUEST_ASK(r, Q_web_import, tell_hidden, DB_INT(f->batch));
	else
		request_release(r, send_parts);
}

static void ask_parts(struct request *r)
{
	struct returned *f = r->ctx;
	REQUEST_ASK(r, Q_web_import_file, take_parts, DB_INT(f->batch), DB_INT(f->part),
		DB_INT(f->part + FILE_PARTS - 1));
}

static void next_parts(struct request *r)
{
	struct returned *f = r->ctx;
	if (r->http == NULL || f->part >= f->parts) {
		reply_end(r);
		return;
	}
	arena_free(f->piece);
	f->piece = arena_new();
	f->out = buf_new(f->piece, FILE_PARTS * CHUNK_SIZE);
	request_again(r, ask_parts);
}

void import_file(struct request *r)
{
	struct returned *f = arena_calloc(r->arena, 1, sizeof *f);
	f->batch = request_arg_id(r, 0);
	f->piece = arena_new();
	f->out = buf_new(f->piece, FILE_PARTS * CHUNK_SIZE);
	r->ctx = f;
	r->ended = clear_up;
	r->stream = next_parts;
	export_patience(r);
	ask_parts(r);
}
