/* Annual programmes. Who may what, and what is wrong with a task, the database says
 * (sql/migrations/0018_programme.sql); files of tasks are read here (programmefile.h). */
#include <stddef.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/programmefile.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

/* ---- forms -------------------------------------------------------------------------------- */

/* clang-format off */
#define DEPARTMENT(s) \
	{ "department", JSON_TOKEN, offsetof(struct s, department), false, 0, 0, \
		.zh = "部门；只代一个部门办理的可以不写", .en = "department; may be left out by who acts for one only" }
#define REASON(s) \
	{ "reason", JSON_TEXT, offsetof(struct s, reason), true, 1, 4000, .zh = "理由", .en = "why" }

struct open_body {
	int64_t year;
	const char *title, *number, *deadline, *base;
};
static const struct open_body open_otherwise = { .number = "", .base = "main" };
static const struct json_field open_fields[] = {
	{ "year", JSON_INT64, offsetof(struct open_body, year), true, 2000, 9999, .zh = "年度", .en = "year" },
	{ "title", JSON_TEXT, offsetof(struct open_body, title), true, 1, 600, .zh = "名称", .en = "title" },
	{ "number", JSON_TEXT, offsetof(struct open_body, number), false, 0, 200,
		.zh = "抽查计划编号（发文文号）", .en = "number of the document" },
	{ "deadline", JSON_DATE, offsetof(struct open_body, deadline), true, 0, 0,
		.zh = "报送期限，含当日", .en = "last day on which departments submit" },
	{ "base", JSON_TOKEN, offsetof(struct open_body, base), false, 0, 0,
		.zh = "所依据的方案基础，缺省 main", .en = "base that its schemes stand on; main if not said" },
	{ 0 },
};
const struct json_form programme_open_form = { open_fields, sizeof(struct open_body), &open_otherwise };

struct submit_body {
	const char *source, *department;
	bool check;
};
static const struct submit_body submit_otherwise = { .department = "" };
static const struct json_field submit_fields[] = {
	{ "source", JSON_LONG, offsetof(struct submit_body, source), true, 1, PROGRAMME_FILE_MAX,
		.zh = "任务表：CSV（首行为栏目名称），或 JSON 的任务列表", .en = "the tasks: CSV with a line of headers, or a JSON list of objects" },
	DEPARTMENT(submit_body),
	{ "check", JSON_FLAG, offsetof(struct submit_body, check), false, 0, 0,
		.zh = "只核对，不收入", .en = "only look what would be refused" },
	{ 0 },
};
const struct json_form programme_submit_form = { submit_fields, sizeof(struct submit_body), &submit_otherwise };

struct code_body {
	const char *code, *reason;
};
static const struct json_field code_fields[] = {
	{ "code", JSON_TOKEN, offsetof(struct code_body, code), true, 0, 0, .zh = "任务代码", .en = "code of the task" },
	REASON(code_body),
	{ 0 },
};
const struct json_form programme_code_form = { code_fields, sizeof(struct code_body), NULL };

struct none_body {
	const char *department, *reason;
};
static const struct none_body none_otherwise = { .department = "" };
static const struct json_field none_fields[] = {
	DEPARTMENT(none_body),
	REASON(none_body),
	{ 0 },
};
const struct json_form programme_none_form = { none_fields, sizeof(struct none_body), &none_otherwise };

struct state_body {
	const char *state;
};
static const struct json_field state_fields[] = {
	{ "state", JSON_TEXT, offsetof(struct state_body, state), true, 1, 20,
		.zh = "review 转入审核，collecting 退回编制，published 公示", .en = "review, collecting (back again), published",
		.one_of = "review,collecting,published" },
	{ 0 },
};
const struct json_form programme_state_form = { state_fields, sizeof(struct state_body), NULL };

struct opinion_body {
	const char *kind, *department, *verdict, *opinion;
};
static const struct opinion_body opinion_otherwise = { .department = "", .verdict = "agreed", .opinion = "" };
static const struct json_field opinion_fields[] = {
	{ "kind", JSON_TEXT, offsetof(struct opinion_body, kind), true, 1, 20,
		.zh = "review 法制审核，approval 部门负责人同意", .en = "review (legal) or approval (of the head)", .one_of = "review,approval" },
	DEPARTMENT(opinion_body),
	{ "verdict", JSON_TEXT, offsetof(struct opinion_body, verdict), false, 1, 20,
		.zh = "agreed 同意（缺省），法制审核另有 objected 有异议", .en = "agreed (if not said), or of a review objected",
		.one_of = "agreed,objected" },
	{ "opinion", JSON_TEXT, offsetof(struct opinion_body, opinion), false, 0, 4000,
		.zh = "意见；法制审核必填", .en = "the opinion; a review needs one" },
	{ 0 },
};
const struct json_form programme_opinion_form = { opinion_fields, sizeof(struct opinion_body), &opinion_otherwise };

struct amend_body {
	struct motion_why why;
	const char *source, *department, *withdraw;
	bool base;
};
static const struct amend_body amend_otherwise = { .source = "", .department = "", .withdraw = "" };
static const struct json_field amend_fields[] = {
	{ "source", JSON_LONG, offsetof(struct amend_body, source), false, 1, PROGRAMME_FILE_MAX,
		.zh = "新增或变更后的任务，写法同报送", .en = "tasks that are added, or as they are to be, as submitted" },
	{ "withdraw", JSON_TEXT, offsetof(struct amend_body, withdraw), false, 0, 32,
		.zh = "取消的任务的代码", .en = "code of a task that is taken out" },
	{ "base", JSON_FLAG, offsetof(struct amend_body, base), false, 0, 0,
		.zh = "改以现行的方案基础为准", .en = "stand on the base in force from now on" },
	DEPARTMENT(amend_body),
	MOTION_WHY(amend_body),
	{ 0 },
};
const struct json_form programme_amend_form = { amend_fields, sizeof(struct amend_body), &amend_otherwise };

struct filing_body {
	const char *number, *recipient, *day;
};
static const struct json_field filing_fields[] = {
	{ "number", JSON_TEXT, offsetof(struct filing_body, number), true, 1, 200, .zh = "备案编号", .en = "number of the filing" },
	{ "recipient", JSON_TEXT, offsetof(struct filing_body, recipient), true, 1, 600, .zh = "报备机关", .en = "with whom" },
	{ "day", JSON_DATE, offsetof(struct filing_body, day), true, 0, 0, .zh = "备案日期", .en = "day" },
	{ 0 },
};
const struct json_form programme_filing_form = { filing_fields, sizeof(struct filing_body), NULL };

struct matter_body {
	const char *code, *matter;
};
static const struct matter_body matter_otherwise = { .code = "" };
static const struct json_field matter_fields[] = {
	{ "matter", JSON_TEXT, offsetof(struct matter_body, matter), true, 1, 4000, .zh = "提请审议的事项", .en = "the matter" },
	{ "code", JSON_TOKEN, offsetof(struct matter_body, code), false, 0, 0, .zh = "所涉任务的代码", .en = "code of the task it is about" },
	{ 0 },
};
const struct json_form programme_matter_form = { matter_fields, sizeof(struct matter_body), &matter_otherwise };

struct resolve_body {
	const char *resolution;
};
static const struct json_field resolve_fields[] = {
	{ "resolution", JSON_TEXT, offsetof(struct resolve_body, resolution), true, 1, 4000, .zh = "审议结果", .en = "how it was resolved" },
	{ 0 },
};
const struct json_form programme_resolve_form = { resolve_fields, sizeof(struct resolve_body), NULL };
/* clang-format on */

/* ---- files of tasks ------------------------------------------------------------------------- */

static void put_refusal(
	struct buf *b, int64_t line, const char *column, enum err_code code, struct bytes what)
{
	const struct err_row *row = err_row(code);
	buf_str(b, b->n > 0 && b->p[b->n - 1] == '[' ? "{" : ",{");
	json_put_number(b, "line", line);
	json_put_member(b, "column", bytes_of(column));
	json_put_member(b, "title", bytes_of(programme_column_title(column)));
	json_put_member(b, "code", bytes_of(row->name));
	json_put_member(b, "what", what);
	json_put_member(b, "zh", bytes_of(row->sentence[LANG_ZH]));
	json_put_member(b, "en", bytes_of(row->sentence[LANG_EN]));
	json_put_member(b, "remedy_zh", bytes_of(row->remedy[LANG_ZH]));
	json_put_member(b, "remedy_en", bytes_of(row->remedy[LANG_EN]));
	buf_byte(b, '}');
}

static bool put_rows(struct request *r, struct buf *b, const struct db_rows *rows, struct err *e)
{
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, e);
		int64_t line = db_int(&row, "line");
		struct bytes place = db_bytes(&row, "place"), name = db_bytes(&row, "error"),
			     what = db_bytes(&row, "what");
		enum err_code code = ERR_PROGRAMME_FILE;
		if (row.bad)
			return false;
		err_named(name.p, name.n, &code);
		put_refusal(b, line, arena_strndup(r->arena, place.p, place.n), code, what);
	}
	return true;
}

/* What the file and then the database refuse; without any, all tasks are stored. */
static void submitted(struct request *r, const struct db_rows *rows)
{
	const struct programme_file *f = r->ctx;
	const struct submit_body *body = r->sent;
	struct err e = { 0 };
	struct buf b = buf_new(r->arena, 4096);
	bool stored = f->refusals == 0 && rows->n == 0 && !body->check;

	buf_byte(&b, '{');
	json_put_number(&b, "tasks", (int64_t)f->n);
	json_put_flag(&b, "stored", stored);
	json_put_raw(&b, "refused", BYTES("["));
	for (size_t i = 0; i < f->refusals; i++)
		put_refusal(&b, f->refused[i].line, f->refused[i].column, f->refused[i].code,
			bytes_of(f->refused[i].what));
	if (!put_rows(r, &b, rows, &e)) {
		reply_error(r, &e);
		return;
	}
	buf_str(&b, "]}");
	reply_json(r, 200, buf_view(&b));
}

/* One whose cells cannot be read is looked at no further: who asks, and when, is. */
void programme_submit(struct request *r)
{
	const struct submit_body *body = r->sent;
	struct programme_file *f = arena_calloc(r->arena, 1, sizeof *f);
	struct err e = { 0 };
	if (!programme_file_read(f, r->arena, bytes_of(body->source), &e)) {
		reply_field(r, "source", e.code, "%s", e.what);
		return;
	}
	r->ctx = f;
	REQUEST_ASK(r, Q_programme_submit, submitted, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(body->department), DB_BYTES(f->refusals > 0 ? BYTES("[]") : f->tasks),
		DB_TEXT(f->refusals > 0 || body->check ? "yes" : "no"));
}

void programme_amend(struct request *r)
{
	const struct amend_body *body = r->sent;
	const char *evidence = body->why.evidence != NULL ? body->why.evidence : "";
	struct programme_file f = { .tasks = BYTES("null") };
	struct err e = { 0 };
	bool file = body->source[0] != '\0', out = body->withdraw[0] != '\0';

	if ((int)file + (int)out + (int)body->base != 1)
		reply_field(r, "source", ERR_BAD_JSON, "source, withdraw, base");
	else if (out && !text_is_token(bytes_of(body->withdraw)))
		reply_field(r, "withdraw", ERR_BAD_JSON, "withdraw");
	else if (file && !programme_file_read(&f, r->arena, bytes_of(body->source), &e))
		reply_field(r, "source", e.code, "%s", e.what);
	else if (f.refusals > 0)
		reply_field(r, "source", f.refused[0].code, "%lld %s %s",
			(long long)f.refused[0].line, f.refused[0].column, f.refused[0].what);
	else if (api_evidence(r, evidence))
		REQUEST_ASK(r, Q_programme_amend, reply_row_accepted, DB_TEXT(request_arg(r, 0)),
			DB_TEXT(body->department), DB_BYTES(f.tasks), DB_TEXT(body->withdraw),
			DB_TEXT(body->why.reason), DB_TEXT(evidence));
}

/* ---- one step each -------------------------------------------------------------------------- */

void programme_open(struct request *r)
{
	const struct open_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_open, reply_row_created, DB_INT(b->year), DB_TEXT(b->title),
		DB_TEXT(b->number), DB_TEXT(b->deadline), DB_TEXT(b->base));
}

void programme_get(struct request *r)
{
	REQUEST_ASK(r, Q_programme_show, api_told, DB_TEXT(request_arg(r, 0)));
}

void programme_withdraw(struct request *r)
{
	const struct code_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_withdraw, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->code), DB_TEXT(b->reason));
}

void programme_none(struct request *r)
{
	const struct none_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_none, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->department), DB_TEXT(b->reason));
}

void programme_admit(struct request *r)
{
	const struct none_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_admit, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->department), DB_TEXT(b->reason));
}

void programme_turn(struct request *r)
{
	const struct state_body *b = r->sent;
	REQUEST_ASK(
		r, Q_programme_turn, reply_row_json, DB_TEXT(request_arg(r, 0)), DB_TEXT(b->state));
}

void programme_opine(struct request *r)
{
	const struct opinion_body *b = r->sent;
	bool review = strcmp(b->kind, "review") == 0;
	if (review && b->opinion[0] == '\0')
		reply_field(r, "opinion", ERR_BAD_JSON, "opinion");
	else if (!review && strcmp(b->verdict, "agreed") != 0)
		reply_field(r, "verdict", ERR_BAD_JSON, "verdict: %s", b->verdict);
	else
		REQUEST_ASK(r, Q_programme_opine, reply_row_created, DB_TEXT(request_arg(r, 0)),
			DB_TEXT(b->department), DB_TEXT(b->kind), DB_TEXT(b->verdict),
			DB_TEXT(b->opinion));
}

/* The form is why_form: {reason, evidence}. */
void programme_propose(struct request *r)
{
	const struct motion_why *why = r->sent;
	const char *evidence = why->evidence != NULL ? why->evidence : "";
	if (api_evidence(r, evidence))
		REQUEST_ASK(r, Q_programme_propose, reply_row_accepted, DB_TEXT(request_arg(r, 0)),
			DB_TEXT(why->reason), DB_TEXT(evidence));
}

void programme_file(struct request *r)
{
	const struct filing_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_file, reply_row_created, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->number), DB_TEXT(b->recipient), DB_TEXT(b->day));
}

void programme_escalate(struct request *r)
{
	const struct matter_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_escalate, reply_row_created, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->code), DB_TEXT(b->matter));
}

void programme_resolve(struct request *r)
{
	const struct resolve_body *b = r->sent;
	REQUEST_ASK(r, Q_programme_resolve, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(request_arg(r, 1)), DB_TEXT(b->resolution));
}
