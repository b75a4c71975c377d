/* Motions: what one person moves and another one decides (sql/migrations/0007_motion.sql). Who may,
 * and what comes of it, the database decides; here is only what is asked of it. */
#include <stddef.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/seals.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

enum { NAME_BYTES = 300, SEALS_BYTES = 8000 };

/* ---- forms -------------------------------------------------------------------------------- */

/* Members of the body: the database reads them out of it itself, some are looked at here before. */
/* clang-format off */
#define AT(member) offsetof(struct motion_body, member)
#define TEXT(name, max, chinese, english) \
	{ name, JSON_TEXT, AT(other), false, 0, max, .zh = chinese, .en = english }
#define TOKEN(name, at, chinese, english) \
	{ name, JSON_TOKEN, AT(at), false, 0, 0, .zh = chinese, .en = english }
#define DATE(name, needed, chinese, english) \
	{ #name, JSON_DATE, AT(name), needed, 0, 0, .zh = chinese, .en = english }
#define INSPECTOR(chinese, english) \
	{ "inspector", JSON_TEXT, AT(inspector), false, 0, 32, .zh = chinese, .en = english }
/* clang-format on */

/* Of most motions: `id` names what it is about where the path does not. What was not sent is NULL.
 */
struct motion_body {
	struct motion_why why;
	const char *id, *person, *role, *department, *inspector, *object, *action, *level, *region;
	const char *from, *to, *since, *until;
	const char *other; /* looked at by the form alone */
	bool flag;
};

static const struct json_field why_fields[] = {
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form why_form = { why_fields, sizeof(struct motion_body), NULL };

static const struct json_field reason_fields[] = { MOTION_REASON(motion_body), { 0 } };
const struct json_form reason_form = { reason_fields, sizeof(struct motion_body), NULL };

static const struct json_field account_new_fields[] = {
	{ "id", JSON_TOKEN, AT(id), true, 0, 0, .zh = "账号", .en = "account" },
	{ "kind", JSON_TEXT, AT(other), false, 1, 8, .zh = "个人或服务账号，缺省 person",
		.en = "of a person or a program; person if not said", .one_of = "person,service" },
	{ "person", JSON_TEXT, AT(person), true, 1, 32, .zh = "工号；服务账号为其负责人的工号",
		.en = "staff number; of a service account that of whoever answers for it" },
	{ "name", JSON_TEXT, AT(other), true, 1, NAME_BYTES, .zh = "姓名", .en = "name" },
	TOKEN("department", department, "所在部门", "department"),
	INSPECTOR("执法检查人员编号，须已在该部门的名录中",
		"inspector id, on the list of the department"),
	TEXT("os_user", 32, "经 Unix 套接字登录的系统用户",
		"user of the machine who signs in by the Unix socket"),
	TEXT("sso_name", 200, "经可信代理登录的用户名", "name that the trusted proxy gives"),
	{ "language", JSON_TEXT, AT(other), false, 2, 2, .zh = "界面语言", .en = "language",
		.one_of = "zh,en" },
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form account_new_form = { account_new_fields, sizeof(struct motion_body), NULL };

static const struct json_field account_change_fields[] = {
	{ "name", JSON_TEXT, AT(other), false, 1, NAME_BYTES, .zh = "姓名", .en = "name" },
	TEXT("department", 32, "所在部门，空为无", "department; empty: none"),
	INSPECTOR("执法检查人员编号，须已在其部门的名录中；空为无",
		"inspector id, on the list of the department; empty: none"),
	TEXT("os_user", 32, "经 Unix 套接字登录的系统用户，空为无",
		"user of the machine who signs in by the Unix socket; empty: none"),
	TEXT("sso_name", 200, "经可信代理登录的用户名，空为无",
		"name that the trusted proxy gives; empty: none"),
	{ "language", JSON_TEXT, AT(other), false, 2, 2, .zh = "界面语言", .en = "language",
		.one_of = "zh,en" },
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form account_change_form = { account_change_fields, sizeof(struct motion_body),
	NULL };

static const struct json_field role_give_fields[] = {
	{ "role", JSON_TEXT, AT(role), true, 1, 32, .zh = "角色", .en = "role",
		.one_of = ROLE_WORDS },
	TOKEN("department", department, "部门；部门内的角色必填",
		"department; needed by roles that are held for one"),
	DATE(from, false, "起始日，缺省为同意之日", "first day; that of the agreement if not said"),
	DATE(to, false, "截止日，缺省为长期", "last day; without an end if not said"),
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form role_give_form = { role_give_fields, sizeof(struct motion_body), NULL };

static const struct json_field delegation_fields[] = {
	{ "account", JSON_TOKEN, AT(id), true, 0, 0, .zh = "代行人的账号",
		.en = "account of the delegate" },
	{ "role", JSON_TEXT, AT(role), true, 1, 32, .zh = "委托代行的角色",
		.en = "role that is delegated", .one_of = ROLE_WORDS_DELEGABLE },
	TOKEN("department", department, "部门；部门内的角色必填",
		"department; needed by roles that are held for one"),
	DATE(from, true, "起始日", "first day"),
	DATE(to, true, "截止日", "last day"),
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form delegation_form = { delegation_fields, sizeof(struct motion_body), NULL };

static const struct json_field department_new_fields[] = {
	{ "id", JSON_TOKEN, AT(id), true, 0, 0, .zh = "部门代码", .en = "department" },
	TOKEN("system", other, "系统，缺省同部门代码",
		"system; the department's token if not said"),
	{ "level", JSON_TEXT, AT(level), true, 1, 8, .zh = "层级", .en = "level",
		.one_of = "province,city,county,town" },
	{ "region", JSON_TEXT, AT(region), true, 6, 12,
		.zh = "行政区划代码：6 位数字，乡镇街道为 9 或 12 位",
		.en = "region code: 6 digits, of a town 9 or 12" },
	{ "name", JSON_TEXT, AT(other), true, 1, NAME_BYTES, .zh = "名称", .en = "name" },
	TEXT("name_en", NAME_BYTES, "英文名称", "name in English"),
	TEXT("short", NAME_BYTES, "简称", "short name"),
	{ "inspects", JSON_FLAG, AT(flag), false, 0, 0, .zh = "具备行政检查主体资格，缺省为是",
		.en = "may lawfully inspect; true if not said" },
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form department_new_form = { department_new_fields, sizeof(struct motion_body),
	NULL };

static const struct json_field department_change_fields[] = {
	{ "name", JSON_TEXT, AT(other), false, 1, NAME_BYTES, .zh = "名称", .en = "name" },
	TEXT("name_en", NAME_BYTES, "英文名称", "name in English"),
	TEXT("short", NAME_BYTES, "简称", "short name"),
	{ "inspects", JSON_FLAG, AT(flag), false, 0, 0, .zh = "具备行政检查主体资格",
		.en = "may lawfully inspect" },
	{ "active", JSON_FLAG, AT(flag), false, 0, 0, .zh = "在用", .en = "in use" },
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form department_change_form = { department_change_fields,
	sizeof(struct motion_body), NULL };

static const struct json_field recusal_fields[] = {
	{ "inspector", JSON_TEXT, AT(id), true, 1, 32, .zh = "执法检查人员编号",
		.en = "inspector id" },
	{ "object", JSON_TEXT, AT(object), true, 1, 55, .zh = "检查对象或其经营主体的编号",
		.en = "the object, or the entity responsible for it" },
	{ "action", JSON_TEXT, AT(action), false, 3, 5, .zh = "begin 回避（缺省），end 终止回避",
		.en = "begin, which it is if not said, or end", .one_of = "begin,end" },
	TEXT("ground", 200, "回避事由，或终止回避的理由", "ground of the recusal, or of its end"),
	DATE(since, false, "起始日，缺省为同意之日",
		"since when; the day of the agreement if not said"),
	DATE(until, false, "终止回避的：回避到该日为止（含该日），缺省为同意之日",
		"of an end: it holds until this day, inclusive; that of the agreement if not said"),
	MOTION_WHY(motion_body),
	{ 0 },
};
const struct json_form recusal_form = { recusal_fields, sizeof(struct motion_body), NULL };

/* ---- moving ------------------------------------------------------------------------------- */

bool api_evidence(struct request *r, const char *list)
{
	struct bytes rest = bytes_of(list), hash;
	bool more = rest.n > 0;
	while (more) {
		uint8_t raw[32];
		hash = bytes_cut(&rest, ',', &more);
		if (!text_hex(hash, raw, sizeof raw)) {
			reply_field(r, "evidence", ERR_BAD_JSON, "%.*s", BYTES_ARG(hash));
			return false;
		}
	}
	return true;
}

bool api_seals(struct request *r, struct bytes record, struct bytes lines, bool whole)
{
	struct err e = { 0 };
	if (r->web->trust == NULL || seals_check(r->arena, r->web->trust, record, lines, whole, &e))
		return true;
	r->field = "attestations";
	reply_error(r, &e);
	return false;
}

void api_move(struct request *r, const struct motion_ask *m)
{
	const char *evidence = m->why->evidence != NULL ? m->why->evidence : "";
	if (api_evidence(r, evidence))
		REQUEST_ASK(r, Q_motion_move, reply_row_accepted, DB_TEXT(m->kind),
			DB_TEXT(m->round != NULL ? m->round : ""),
			DB_TEXT(m->subject != NULL ? m->subject : ""), DB_BYTES(m->body),
			DB_TEXT(m->what != NULL ? m->what : ""), DB_TEXT(m->why->reason),
			DB_TEXT(evidence));
}

/* A motion whose body is what was sent. */
static void move(struct request *r, const char *kind, const char *what, const char *subject)
{
	const struct motion_body *b = r->sent;
	const struct motion_ask m = { .kind = kind,
		.what = what,
		.body = r->body,
		.why = &b->why,
		.subject = subject != NULL ? subject : b->id };
	api_move(r, &m);
}

/* ---- what a body says, as far as it can be seen without the database --------------------------
 */

/* Each gives false after a reply that names the member. */

static bool person_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	size_t good = strspn(
		b->person, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-");
	if (b->person[good] != '\0')
		reply_field(r, "person", ERR_BAD_PERSON, "%s", b->person);
	return b->person[good] == '\0';
}

static bool inspector_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	if (b->inspector == NULL || b->inspector[0] == '\0' ||
		type_check(TYPE_INSPECTOR, bytes_of(b->inspector)))
		return true;
	reply_field(r, "inspector", ERR_BAD_INSPECTOR, "%s", b->inspector);
	return false;
}

/* A department with the roles that are held for one, and with no others. */
static bool role_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	const struct role *role = role_by_token(bytes_of(b->role));
	if (role->scoped == (b->department != NULL))
		return true;
	reply_field(r, "department", role->scoped ? ERR_DEPARTMENT_NEEDED : ERR_WHOLE_ROLE, "%s",
		b->role);
	return false;
}

static bool days_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	if (b->from == NULL || b->to == NULL || strcmp(b->from, b->to) <= 0)
		return true;
	reply_field(r, "to", ERR_DATE_ORDER, "%s … %s", b->from, b->to);
	return false;
}

/* `none` is a word of the protocol (PROTOCOL.md §6.1). */
static bool token_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	if (strcmp(b->id, "none") != 0)
		return true;
	reply_field(r, "id", ERR_RESERVED_NAME, "%s", b->id);
	return false;
}

static bool region_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	size_t n = strlen(b->region);
	bool town = strcmp(b->level, "town") == 0;
	if (text_all_digits(bytes_of(b->region)) && (town ? n == 9 || n == 12 : n == 6))
		return true;
	reply_field(r, "region", ERR_BAD_REGION, "%s: %s", b->level, b->region);
	return false;
}

static bool recusal_said(struct request *r)
{
	const struct motion_body *b = r->sent;
	bool ends = b->action != NULL && strcmp(b->action, "end") == 0;
	if (!type_check(TYPE_INSPECTOR, bytes_of(b->id)))
		reply_field(r, "inspector", ERR_BAD_INSPECTOR, "%s", b->id);
	else if (!type_check(TYPE_OBJECT, bytes_of(b->object)))
		reply_field(r, "object", ERR_BAD_OBJECT, "%s", b->object);
	else if (ends && b->since != NULL)
		reply_field(r, "since", ERR_BAD_JSON, "since: action is end");
	else if (!ends && b->until != NULL)
		reply_field(r, "until", ERR_BAD_JSON, "until: action is begin");
	else
		return true;
	return false;
}

/* ---- people, departments, recusals ------------------------------------------------------------
 */

void account_new(struct request *r)
{
	if (person_said(r) && inspector_said(r))
		move(r, "account", "new", NULL);
}

void account_change(struct request *r)
{
	if (inspector_said(r))
		move(r, "account", "change", request_arg(r, 0));
}

void account_disable(struct request *r)
{
	move(r, "account", "disable", request_arg(r, 0));
}

void account_enable(struct request *r)
{
	move(r, "account", "enable", request_arg(r, 0));
}

void account_reset(struct request *r)
{
	move(r, "account", "reset", request_arg(r, 0));
}

void role_give(struct request *r)
{
	if (role_said(r) && days_said(r))
		move(r, "role", "give", request_arg(r, 0));
}

/* The role's number goes into the body, the database finds whose it is. */
void role_end(struct request *r)
{
	const struct motion_body *b = r->sent;
	struct buf body = buf_new(r->arena, 64);
	buf_byte(&body, '{');
	json_put_number(&body, "grant", request_arg_id(r, 0));
	buf_byte(&body, '}');
	const struct motion_ask m = {
		.kind = "role", .what = "end", .body = buf_view(&body), .why = &b->why
	};
	api_move(r, &m);
}

void delegation_new(struct request *r)
{
	if (role_said(r) && days_said(r))
		move(r, "delegation", NULL, NULL);
}

void department_new(struct request *r)
{
	if (token_said(r) && region_said(r))
		move(r, "department", "new", NULL);
}

void department_change(struct request *r)
{
	move(r, "department", "change", request_arg(r, 0));
}

void recusal_new(struct request *r)
{
	if (recusal_said(r))
		move(r, "recusal", NULL, NULL);
}

/* ---- alone: rights are only taken away --------------------------------------------------------
 */

static void taken_away(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	bool ended = db_bool(&row, "ended");
	if (row.bad)
		reply_error(r, &e);
	else if (!ended)
		reply_missing(r);
	else
		reply_done(r);
}

void delegation_end(struct request *r)
{
	REQUEST_ASK(r, Q_delegation_end, taken_away, DB_INT(request_arg_id(r, 0)));
}

void account_suspend(struct request *r)
{
	const struct motion_body *b = r->sent;
	REQUEST_ASK(r, Q_account_suspend, taken_away, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->why.reason));
}

/* ---- deciding ----------------------------------------------------------------------------- */

struct decision {
	struct motion_why why;
	const char *attestations;
	/* not sent: what is decided, and of the motion the record it leads to ("": none) with the
	 * signature lines that came with it */
	const char *verdict, *record, *lines;
};

static const struct json_field second_fields[] = {
	MOTION_REASON(decision),
	{ "attestations", JSON_LONG, offsetof(struct decision, attestations), false, 0, SEALS_BYTES,
		.zh = "记录所需的签名行（公共随机数、作废）",
		.en = "signature lines that the record needs (beacon, void)" },
	{ 0 },
};
static const struct decision no_seals = { .attestations = "" };
const struct json_form second_form = { second_fields, sizeof(struct decision), &no_seals };

static const struct json_field decide_fields[] = { MOTION_REASON(decision), { 0 } };
const struct json_form decide_form = { decide_fields, sizeof(struct decision), &no_seals };

void motion_get(struct request *r)
{
	REQUEST_ASK(r, Q_motion_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

/* A record that lacks a signature is the notary's to refuse, and then the motion would be lost: it
 * is told here, and nothing was decided. */
static void decided(struct request *r, const struct db_rows *rows)
{
	const struct decision *d = r->sent;
	struct buf lines = buf_new(r->arena, 1024);
	buf_str(&lines, d->lines);
	buf_str(&lines, d->attestations);
	if (strcmp(d->verdict, "seconded") != 0 || d->record[0] == '\0' ||
		api_seals(r, bytes_of(d->record), buf_view(&lines), true))
		reply_row_json(r, rows);
}

/* What was looked at must be what stands there; between here and the decision only another decision
 * could change it, and then there is one. */
static void decide_as_seen(struct request *r, const struct db_rows *rows)
{
	struct decision *d = r->sent;
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes json = db_bytes(&row, "json");
	d->record = db_text(&row, "record");
	d->lines = db_text(&row, "attestations");
	if (row.bad)
		reply_error(r, &e);
	else if (request_match(r, json))
		REQUEST_ASK(r, Q_motion_decide, decided, DB_INT(request_arg_id(r, 0)),
			DB_TEXT(d->verdict), DB_TEXT(d->why.reason), DB_TEXT(d->attestations));
}

static void decide(struct request *r, const char *verdict)
{
	struct decision *d = r->sent;
	d->verdict = verdict;
	REQUEST_ASK(r, Q_motion_get, decide_as_seen, DB_INT(request_arg_id(r, 0)));
}

void motion_second(struct request *r)
{
	decide(r, "seconded");
}

void motion_decline(struct request *r)
{
	decide(r, "declined");
}

void motion_withdraw(struct request *r)
{
	decide(r, "withdrawn");
}
