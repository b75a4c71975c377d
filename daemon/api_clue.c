/* Clues and inspections for a cause. Whose they are and what may be done with them the database
 * decides (sql/migrations/0020_clues.sql); here what is said is sealed and opened. */
#include <stddef.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/cluebox.h"
#include "planner/uscc.h"

enum { TEXT_BYTES = 60000, CALLER_BYTES = 2000, BASIS_BYTES = 200, LIST_BYTES = 2000 };

struct clue_body {
	struct motion_why why;
	const char *source, *department, *entity, *object, *received, *text, *caller;
	const char *account, *items, *basis, *date, *officers, *way;
	const char *result, *day, *reason;
};
static const struct clue_body clue_otherwise = { .department = "",
	.entity = "",
	.object = "",
	.received = "",
	.caller = "",
	.way = "onsite",
	.day = "",
	.reason = "" };
#define AT(member) offsetof(struct clue_body, member)
#define FORM(name) \
	const struct json_form name##_form = { name##_fields, sizeof(struct clue_body), \
		&clue_otherwise }
/* clang-format off */
#define CODES \
	{ "entity", JSON_TEXT, AT(entity), false, 0, 60, .zh = "经营主体：统一社会信用代码，或 R 加注册号；不知道的不写", \
		.en = "the entity: USCC, or R and registration number; left out where nobody knows" }, \
	{ "object", JSON_TEXT, AT(object), false, 0, 60, .zh = "其检查对象（场所）编号", \
		.en = "which of its premises" }

static const struct json_field clue_new_fields[] = {
	{ "source", JSON_TEXT, AT(source), true, 1, 10, .one_of = "complaint,report,assigned,whistle,monitoring,request",
		.zh = "来源：complaint 投诉，report 举报，assigned 转办交办，whistle 吹哨人，monitoring 监测，request 企业申请",
		.en = "where it comes from: complaint, report, assigned by another authority, whistle-blower, monitoring, request of the enterprise" },
	{ "department", JSON_TOKEN, AT(department), false, 0, 0, .zh = "办理部门，缺省为本部门；协调员须写明",
		.en = "who deals with it: one's own department if not said; a coordinator names one" },
	CODES,
	{ "received", JSON_DATE, AT(received), false, 0, 0, .zh = "收到日期，缺省为当日", .en = "day of receipt; today if not said" },
	{ "text", JSON_LONG, AT(text), true, 1, TEXT_BYTES, .secret = true, .zh = "内容，封存", .en = "what was said; it is sealed" },
	{ "caller", JSON_LONG, AT(caller), false, 0, CALLER_BYTES, .secret = true,
		.zh = "何人所说、如何联系，封存；吹哨人的只能在本机打开",
		.en = "who said it and how he is reached; it is sealed, and a whistle-blower's is opened on the machine alone" },
	{ 0 },
};
FORM(clue_new);

static const struct json_field clue_assign_fields[] = {
	{ "account", JSON_TOKEN, AT(account), true, 0, 0, .zh = "承办人：该部门的经办人或负责人", .en = "a clerk or head of the department" },
	{ "reason", JSON_TEXT, AT(reason), false, 0, 2000, .zh = "说明", .en = "a remark" },
	{ 0 },
};
FORM(clue_assign);

static const struct json_field clue_dismiss_fields[] = { MOTION_REASON(clue_body), { 0 } };
FORM(clue_dismiss);

static const struct json_field clue_refer_fields[] = {
	{ "department", JSON_TOKEN, AT(department), true, 0, 0, .zh = "移送何部门", .en = "the department whose matter it is" },
	MOTION_REASON(clue_body),
	{ 0 },
};
FORM(clue_refer);

static const struct json_field clue_visit_fields[] = {
	CODES,
	{ "items", JSON_TEXT, AT(items), true, 1, LIST_BYTES, .zh = "检查事项编号，以逗号分隔，须在本部门公布的清单中",
		.en = "items, joined by commas; each is on the department's published list" },
	{ "basis", JSON_TEXT, AT(basis), true, 1, BASIS_BYTES, .zh = "检查依据（法律条款）", .en = "the law it rests on" },
	{ "date", JSON_DATE, AT(date), true, 0, 0, .zh = "检查日期", .en = "day of the inspection" },
	{ "officers", JSON_TEXT, AT(officers), true, 1, LIST_BYTES, .zh = "执法检查人员编号，以逗号分隔，两人以上",
		.en = "inspectors, joined by commas, two or more" },
	{ "way", JSON_TEXT, AT(way), false, 1, 8, .one_of = "onsite,paper,network,offsite",
		.zh = "方式：onsite 现场（缺省），paper 书面，network 网络，offsite 非现场",
		.en = "how: onsite, which it is if not said, paper, network, offsite" },
	MOTION_WHY(clue_body),
	{ 0 },
};
FORM(clue_visit);

static const struct json_field cause_outcome_fields[] = {
	{ "result", JSON_TEXT, AT(result), true, 1, 13,
		.one_of = "none,undisclosed,false,unreachable,corrected,uncooperative,inactive,pending,cancelled",
		.zh = "结果：none 未发现问题，undisclosed 未按规定公示，false 公示信息隐瞒真实情况、弄虚作假，unreachable 通过登记的住所无法联系，corrected 发现问题已责令改正，uncooperative 不配合检查情节严重，inactive 未发现开展涉及的经营活动，pending 发现问题待后续处理，cancelled 未进行",
		.en = "none, undisclosed (not published as due), false (published untruly), unreachable, corrected, uncooperative, inactive (no such business found), pending (to be followed up), cancelled (not made)" },
	{ "day", JSON_DATE, AT(day), false, 0, 0, .zh = "检查之日，缺省为当日", .en = "when it was made; today if not said" },
	{ "reason", JSON_TEXT, AT(reason), false, 0, 3000, .zh = "说明；未进行的必填", .en = "a remark, needed where it was not made" },
	{ 0 },
};
FORM(cause_outcome);
/* clang-format on */

/* ---- codes -------------------------------------------------------------------------------------
 */

/* A code as an import reads it; what cannot be repaired stays as it is, and the database looks. */
static const char *plain_code(struct request *r, const char *code)
{
	char *plain = arena_calloc(r->arena, 1, USCC_TEXT_MAX + 1);
	struct bytes read;
	unsigned repairs;
	if (code[0] == '\0' || !ident_normalise(bytes_of(code), plain, &read, &repairs))
		return code;
	return arena_strndup(r->arena, read.p, read.n);
}

/* One meant as a USCC that cannot be right counts only where the registers have it so. */
static bool wrong_code(const char *code)
{
	struct bytes text = { code, strcspn(code, "/") };
	return text.n >= 15 && text.n <= 20 && text.p[0] != 'R' && uscc_check(text) != IDENT_OK;
}

/* ---- taking in ---------------------------------------------------------------------------------
 */

void clue_new(struct request *r)
{
	const struct clue_body *b = r->sent;
	const struct conf *c = &r->web->process->conf;
	const char *entity = plain_code(r, b->entity);
	struct err e = { 0 };
	struct bytes text, caller = { NULL, 0 };
	bool hidden = strcmp(b->source, "whistle") == 0;
	bool ok = cluebox_seal(c, r->arena, bytes_of(b->text), &text, &e);
	if (ok && b->caller[0] != '\0')
		ok = (hidden ? cluebox_seal_caller : cluebox_seal)(
			c, r->arena, bytes_of(b->caller), &caller, &e);
	if (!ok) {
		reply_error(r, &e);
		return;
	}
	REQUEST_ASK(r, Q_clue_new, reply_row_created, DB_TEXT(b->source), DB_TEXT(b->department),
		DB_TEXT(entity), DB_TEXT(plain_code(r, b->object)), DB_TEXT(b->received),
		DB_BYTEA(text), caller.n > 0 ? DB_BYTEA(caller) : DB_NULL,
		DB_INT(c->clues.due_days), DB_INT(wrong_code(entity)));
}

void clue_get(struct request *r)
{
	REQUEST_ASK(r, Q_clue_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

static bool put_opened(struct request *r, struct db_row *row, const char *column, const char *name,
	struct buf *b, struct err *e)
{
	struct bytes text;
	if (db_is_null(row, column)) {
		json_put_raw(b, name, BYTES("null"));
		return true;
	}
	if (!cluebox_open(&r->web->process->conf, r->arena, db_bytea(row, column), &text, e))
		return false;
	json_put_member(b, name, text);
	return true;
}

static void tell_text(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct buf b = buf_new(r->arena, 4096);
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	buf_byte(&b, '{');
	json_put_number(&b, "id", request_arg_id(r, 0));
	bool ok = put_opened(r, &row, "sealed", "text", &b, &e) &&
		  put_opened(r, &row, "caller", "caller", &b, &e);
	json_put_flag(&b, "withheld", db_bool(&row, "withheld"));
	buf_byte(&b, '}');
	if (!ok || row.bad)
		reply_error(r, &e);
	else
		reply_json(r, 200, buf_view(&b));
}

void clue_text(struct request *r)
{
	REQUEST_ASK(r, Q_clue_text, tell_text, DB_INT(request_arg_id(r, 0)));
}

/* ---- dealing with it ---------------------------------------------------------------------------
 */

void clue_assign(struct request *r)
{
	const struct clue_body *b = r->sent;
	REQUEST_ASK(r, Q_clue_assign, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->account), DB_TEXT(b->reason));
}

void clue_dismiss(struct request *r)
{
	const struct clue_body *b = r->sent;
	REQUEST_ASK(r, Q_clue_dismiss, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->why.reason));
}

void clue_refer(struct request *r)
{
	const struct clue_body *b = r->sent;
	REQUEST_ASK(r, Q_clue_refer, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->department), DB_TEXT(b->why.reason),
		DB_INT(r->web->process->conf.clues.due_days));
}

/* For a second person; what is asked for stands in the motion. */
void clue_visit(struct request *r)
{
	const struct clue_body *b = r->sent;
	const char *entity = plain_code(r, b->entity);
	struct buf body = buf_new(r->arena, 1024);
	buf_byte(&body, '{');
	json_put_member(&body, "entity", bytes_of(entity));
	json_put_member(&body, "object", bytes_of(plain_code(r, b->object)));
	json_put_member(&body, "items", bytes_of(b->items));
	json_put_member(&body, "basis", bytes_of(b->basis));
	json_put_member(&body, "date", bytes_of(b->date));
	json_put_member(&body, "officers", bytes_of(b->officers));
	json_put_member(&body, "way", bytes_of(b->way));
	json_put_flag(&body, "wrong", wrong_code(entity));
	buf_byte(&body, '}');
	api_move(r, &(struct motion_ask){ .kind = "cause",
			    .subject = request_arg(r, 0),
			    .body = buf_view(&body),
			    .why = &b->why });
}

void cause_get(struct request *r)
{
	REQUEST_ASK(r, Q_cause_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

void cause_outcome(struct request *r)
{
	const struct clue_body *b = r->sent;
	REQUEST_ASK(r, Q_cause_outcome, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->result), DB_TEXT(b->day), DB_TEXT(b->reason));
}

/* Without a year the present one. */
void cause_public(struct request *r)
{
	REQUEST_ASK(r, Q_causes_public, reply_row_json, DB_INT(param_number(r, "year")));
}
