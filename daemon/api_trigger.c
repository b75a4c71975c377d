/* What triggers gave: entities in focus, letters; buffers. Whose they are is decided in the
 * database (sql/migrations/0019_triggers.sql). */
#include <stddef.h>

#include "daemon/api.h"
#include "planner/civil.h"

enum { WORDS_BYTES = 4000, NAME_BYTES = 600 };

/* What may be sent; texts that were not are empty. */
struct trigger_body {
	struct motion_why why;
	const char *day, *way, *receipt, *answer;
	const char *entity, *department, *matter, *basis, *until, *outcome;
};
static const struct trigger_body otherwise = { .day = "",
	.way = "",
	.receipt = "",
	.answer = "",
	.entity = "",
	.department = "",
	.matter = "",
	.basis = "",
	.until = "",
	.outcome = "" };

/* clang-format off */
#define AT(member) offsetof(struct trigger_body, member)

static const struct json_field sent_fields[] = {
	{ "day", JSON_DATE, AT(day), false, 0, 0, .zh = "送达日期，缺省为今日", .en = "the day; today if not said" },
	{ "way", JSON_TEXT, AT(way), true, 1, 10, .zh = "方式：邮寄、直接、电子、公告", .en = "how: by post, by hand, electronic, by public notice",
		.one_of = "post,hand,electronic,notice" },
	{ "receipt", JSON_TEXT, AT(receipt), true, 1, NAME_BYTES, .zh = "回执：单号、签收人等", .en = "receipt: number of the mail, who took it" },
	{ 0 },
};
static const struct json_field answered_fields[] = {
	{ "day", JSON_DATE, AT(day), false, 0, 0, .zh = "答复日期，缺省为今日", .en = "the day; today if not said" },
	{ "answer", JSON_TEXT, AT(answer), true, 1, WORDS_BYTES, .zh = "答复内容", .en = "what was answered" },
	{ 0 },
};
static const struct json_field buffer_fields[] = {
	{ "entity", JSON_TEXT, AT(entity), true, 1, 64, .zh = "统一社会信用代码", .en = "code of the entity" },
	{ "department", JSON_TOKEN, AT(department), false, 0, 0, .zh = "部门，所在部门只有一个的可以不写", .en = "department, where one acts for several" },
	{ "matter", JSON_TEXT, AT(matter), true, 1, NAME_BYTES, .zh = "事项，如拟列入经营异常名录的原因", .en = "what is to be cured" },
	{ "basis", JSON_TEXT, AT(basis), true, 1, NAME_BYTES, .zh = "依据", .en = "its basis" },
	{ "until", JSON_DATE, AT(until), true, 0, 0, .zh = "截止日", .en = "last day" },
	{ 0 },
};
static const struct json_field buffer_end_fields[] = {
	{ "outcome", JSON_TEXT, AT(outcome), true, 1, 10, .zh = "cured 已改正，not-cured 未改正，extended 延长", .en = "what became of it",
		.one_of = "cured,not-cured,extended" },
	MOTION_REASON(trigger_body),
	{ "until", JSON_DATE, AT(until), false, 0, 0, .zh = "延长到何日", .en = "extended to this day" },
	{ 0 },
};
/* clang-format on */
const struct json_form letter_sent_form = { sent_fields, sizeof(struct trigger_body), &otherwise };
const struct json_form letter_answered_form = { answered_fields, sizeof(struct trigger_body),
	&otherwise };
const struct json_form buffer_form = { buffer_fields, sizeof(struct trigger_body), &otherwise };
const struct json_form buffer_end_form = { buffer_end_fields, sizeof(struct trigger_body),
	&otherwise };
static const struct json_field end_fields[] = { MOTION_REASON(trigger_body), { 0 } };
const struct json_form focus_end_form = { end_fields, sizeof(struct trigger_body), &otherwise };

void focus_get(struct request *r)
{
	REQUEST_ASK(r, Q_focus_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

void focus_end(struct request *r)
{
	const struct trigger_body *b = r->sent;
	REQUEST_ASK(r, Q_focus_end, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->why.reason));
}

static bool is_day(struct request *r, const char *name)
{
	int32_t day;
	if (param_word(r, name)[0] == '\0' || civil_parse(bytes_of(param_word(r, name)), &day))
		return true;
	reply_field(r, name, ERR_BAD_REQUEST, "%s", param_word(r, name));
	return false;
}

void focus_summary(struct request *r)
{
	if (is_day(r, "from") && is_day(r, "to"))
		REQUEST_ASK(r, Q_focus_summary, reply_row_json, DB_TEXT(param_word(r, "from")),
			DB_TEXT(param_word(r, "to")));
}

void letter_get(struct request *r)
{
	REQUEST_ASK(r, Q_letter_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

void letter_sent(struct request *r)
{
	const struct trigger_body *b = r->sent;
	REQUEST_ASK(r, Q_letter_sent, reply_row_json, DB_INT(request_arg_id(r, 0)), DB_TEXT(b->day),
		DB_TEXT(b->way), DB_TEXT(b->receipt));
}

void letter_answered(struct request *r)
{
	const struct trigger_body *b = r->sent;
	REQUEST_ASK(r, Q_letter_answered, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->day), DB_TEXT(b->answer));
}

void buffer_new(struct request *r)
{
	const struct trigger_body *b = r->sent;
	REQUEST_ASK(r, Q_buffer_new, reply_row_created, DB_TEXT(b->entity), DB_TEXT(b->department),
		DB_TEXT(b->matter), DB_TEXT(b->basis), DB_TEXT(b->until));
}

void buffer_get(struct request *r)
{
	REQUEST_ASK(r, Q_buffer_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

void buffer_end(struct request *r)
{
	const struct trigger_body *b = r->sent;
	REQUEST_ASK(r, Q_buffer_end, reply_row_json, DB_INT(request_arg_id(r, 0)),
		DB_TEXT(b->outcome), DB_TEXT(b->why.reason), DB_TEXT(b->until));
}
