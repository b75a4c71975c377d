/* Looking at what schemes would draw, and simulating what policies would mean. Both are jobs over
 * the present register, and write no round; who may, the database says (0016_documents.sql). */
#include <stddef.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/documents.h"
#include "daemon/policy/policyfile.h"
#include "daemon/policy/schemefile.h"
#include "planner/simulate.h"
#include "planner/staffing.h"

enum { CODES_BYTES = 16000, SEEDS = 200 };

/* ---- forms -------------------------------------------------------------------------------- */

/* clang-format off */
struct look_body {
	const char *source, *schemes, *base, *from, *to, *day;
};
static const struct look_body look_otherwise = { .source = "", .schemes = "", .base = DOCUMENT_MAIN,
	.from = "", .to = "", .day = "" };
static const struct json_field look_fields[] = {
	{ "source", JSON_LONG, offsetof(struct look_body, source), false, 0, DOCUMENT_MAX,
		.zh = "未收入的抽查方案文件的内容", .en = "text of a file of schemes that need not be stored" },
	{ "schemes", JSON_TEXT, offsetof(struct look_body, schemes), false, 0, CODES_BYTES,
		.zh = "没有 source 的：生效的抽查方案的代码，以逗号分隔，* 为全部",
		.en = "without source: codes of schemes in force, joined by commas; * for all" },
	{ "base", JSON_TOKEN, offsetof(struct look_body, base), false, 0, 0,
		.zh = "方案基础，缺省 main", .en = "base; main if not said" },
	{ "from", JSON_DATE, offsetof(struct look_body, from), false, 0, 0,
		.zh = "检查时间的首日，缺省为检查周期的首日", .en = "first day of the visits; that of the cycle if not said" },
	{ "to", JSON_DATE, offsetof(struct look_body, to), false, 0, 0,
		.zh = "末日", .en = "last day" },
	{ "day", JSON_DATE, offsetof(struct look_body, day), false, 0, 0,
		.zh = "以哪一日冻结来试算，缺省为当日", .en = "as if frozen on this day; today if not said" },
	{ 0 },
};
const struct json_form look_form = { look_fields, sizeof(struct look_body), &look_otherwise };

/* As of a look, which it begins with; or a whole policy. */
struct simulation_body {
	struct look_body look;
	const char *policy, *against, *inspectors, *past_from, *past_to;
	int64_t seeds, limit;
	bool staff, backtest;
};
static const struct simulation_body simulation_otherwise = { .look = { .source = "", .schemes = "",
	.base = DOCUMENT_MAIN, .from = "", .to = "", .day = "" },
	.policy = "", .against = "", .inspectors = "", .past_from = "", .past_to = "", .seeds = SEEDS };
static const struct json_field simulation_fields[] = {
	{ "policy", JSON_LONG, offsetof(struct simulation_body, policy), false, 0, POLICY_FILE_MAX,
		.zh = "方案文件的内容；或以 source、schemes 写明抽查方案",
		.en = "text of a policy file; else schemes are told by source or schemes" },
	{ "against", JSON_LONG, offsetof(struct simulation_body, against), false, 0, POLICY_FILE_MAX,
		.zh = "与之并列的另一方案文件的内容", .en = "text of another policy file, to stand beside it" },
	{ "seeds", JSON_INT64, offsetof(struct simulation_body, seeds), false, 1, SIMULATE_SEEDS_MAX,
		.zh = "随机种子数，缺省 200", .en = "number of seeds, 200 if not said" },
	{ "staff", JSON_FLAG, offsetof(struct simulation_body, staff), false, 0, 0,
		.zh = "也抽取执法检查人员：名额、空缺、工作量", .en = "draw inspectors as well: slots, open ones, workload" },
	{ "inspectors", JSON_TEXT, offsetof(struct simulation_body, inspectors), false, 0, CODES_BYTES,
		.zh = "人员增减，如 scjg+3,gaj-2；结果与现有人员的并列",
		.en = "another staffing, such as scjg+3,gaj-2; the present one stands beside it" },
	{ "limit", JSON_INT64, offsetof(struct simulation_body, limit), false, 1, STAFFING_MOST,
		.zh = "每人在一轮中至多承担的名额，缺省按名录和方案", .en = "most slots of one inspector in the round; as list and policy say if not said" },
	{ "backtest", JSON_FLAG, offsetof(struct simulation_body, backtest), false, 0, 0,
		.zh = "回测：以期间首日前一日冻结，看方案会抽到多少既往检查的对象（发现问题的与未发现的）",
		.en = "backtest: frozen on the day before the period, how many of its past inspections (with and without findings) would the policy reach" },
	{ "past_from", JSON_DATE, offsetof(struct simulation_body, past_from), false, 0, 0,
		.zh = "回测期间的首日，缺省为末日的一年前", .en = "first day of the backtest's period; a year before its last day if not said" },
	{ "past_to", JSON_DATE, offsetof(struct simulation_body, past_to), false, 0, 0,
		.zh = "末日，缺省为 day 或当日", .en = "last day; `day` or today if not said" },
	{ "source", JSON_LONG, offsetof(struct simulation_body, look.source), false, 0, DOCUMENT_MAX,
		.zh = "未收入的抽查方案文件的内容", .en = "text of a file of schemes that need not be stored" },
	{ "schemes", JSON_TEXT, offsetof(struct simulation_body, look.schemes), false, 0, CODES_BYTES,
		.zh = "没有 source 的：生效的抽查方案的代码，以逗号分隔，* 为全部",
		.en = "without source: codes of schemes in force, joined by commas; * for all" },
	{ "base", JSON_TOKEN, offsetof(struct simulation_body, look.base), false, 0, 0,
		.zh = "方案基础，缺省 main", .en = "base; main if not said" },
	{ "from", JSON_DATE, offsetof(struct simulation_body, look.from), false, 0, 0,
		.zh = "检查时间的首日，缺省为检查周期的首日", .en = "first day of the visits; that of the cycle if not said" },
	{ "to", JSON_DATE, offsetof(struct simulation_body, look.to), false, 0, 0,
		.zh = "末日", .en = "last day" },
	{ "day", JSON_DATE, offsetof(struct simulation_body, look.day), false, 0, 0,
		.zh = "以哪一日冻结来试算，缺省为当日", .en = "as if frozen on this day; today if not said" },
	{ 0 },
};
const struct json_form simulation_form = { simulation_fields, sizeof(struct simulation_body),
	&simulation_otherwise };
/* clang-format on */

/* ---- looking ------------------------------------------------------------------------------ */

struct look_ask {
	struct compose_rows base, schemes;
	void (*then)(struct request *r, const struct compose_rows *policy);
};

static void put_day(struct buf *args, const struct look_body *body)
{
	if (body->day[0] != '\0')
		json_put_member(args, "day", bytes_of(body->day));
}

static void queue(struct request *r, const struct compose_rows *policy)
{
	const struct look_body *body = r->sent;
	struct buf args = buf_new(r->arena, 64);
	buf_byte(&args, '{');
	put_day(&args, body);
	buf_byte(&args, '}');
	REQUEST_ASK(r, Q_look_ask, reply_row_accepted, DB_BYTES(compose_join(policy, r->arena)),
		DB_BYTES(buf_view(&args)));
}

static void compose(struct request *r)
{
	const struct look_ask *l = r->ctx;
	const struct look_body *body = r->sent;
	struct policy *policy = arena_calloc(r->arena, 1, sizeof *policy);
	struct compose_rows rows;
	struct err e = { 0 };
	if (scheme_policy(policy, &l->base, &l->schemes, bytes_of(body->from), bytes_of(body->to),
		    r->arena, &rows, &e))
		l->then(r, &rows);
	else
		reply_error(r, &e);
}

/* All rows of those schemes, in the order of a document. */
static bool join_schemes(
	struct request *r, const struct db_rows *rows, struct compose_rows *out, struct err *e)
{
	struct buf all = buf_new(r->arena, 65536);
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, e);
		buf_bytes(&all, db_bytes(&row, "rows"));
		if (row.bad)
			return false;
	}
	struct compose_rows read;
	if (!compose_split(buf_view(&all), r->arena, &read, e))
		return false;
	*out = compose_sorted(&read, r->arena);
	return true;
}

/* Every one that was named is there. */
static bool all_there(struct request *r, const struct db_rows *rows)
{
	const struct look_body *body = r->sent;
	struct bytes rest = bytes_of(body->schemes);
	size_t named = 0;
	bool more = true;
	while (more) {
		bytes_cut(&rest, ',', &more);
		named++;
	}
	if (rows->n > 0 && (strcmp(body->schemes, "*") == 0 || named == rows->n))
		return true;
	reply_field(r, "schemes", ERR_NO_DOCUMENT, "scheme %.200s", body->schemes);
	return false;
}

static void on_schemes(struct request *r, const struct db_rows *rows)
{
	struct look_ask *l = r->ctx;
	struct err e = { 0 };
	if (!all_there(r, rows))
		return;
	if (join_schemes(r, rows, &l->schemes, &e))
		compose(r);
	else
		reply_error(r, &e);
}

static void on_look_base(struct request *r, const struct db_rows *rows)
{
	struct look_ask *l = r->ctx;
	const struct look_body *body = r->sent;
	struct scheme_file *file = arena_calloc(r->arena, 1, sizeof *file);
	struct err e = { 0 };
	if (!document_take_base(r, body->base, rows, &l->base)) {
		return;
	} else if (body->source[0] == '\0') {
		REQUEST_ASK(r, Q_document_rows_of, on_schemes, DB_TEXT("scheme"),
			DB_TEXT(body->schemes));
	} else if (!scheme_file_parse(file, r->arena, body->source, "policy", &l->base, &e)) {
		reply_error(r, &e);
	} else {
		l->schemes = file->rows;
		compose(r);
	}
}

/* The policy of what was sent (a look_body), composed, to `then`. */
static void ask_policy(
	struct request *r, void (*then)(struct request *r, const struct compose_rows *policy))
{
	const struct look_body *body = r->sent;
	struct look_ask *l = arena_calloc(r->arena, 1, sizeof *l);
	l->then = then;
	r->ctx = l;
	if ((body->source[0] == '\0') == (body->schemes[0] == '\0'))
		reply_field(r, "schemes", ERR_BAD_JSON, "schemes: source or schemes, one of them");
	else
		REQUEST_ASK(r, Q_document_rows, on_look_base, DB_TEXT("base"), DB_TEXT(body->base));
}

void look_new(struct request *r)
{
	ask_policy(r, queue);
}

void look_get(struct request *r)
{
	REQUEST_ASK(r, Q_look_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

/* ---- simulating --------------------------------------------------------------------------- */

/* Canonical rows of a whole policy file; false after a reply. */
static bool read_file(struct request *r, const char *text, const char *name, struct bytes *rows)
{
	struct policy_file *file = arena_calloc(r->arena, 1, sizeof *file);
	struct err e = { 0 };
	*rows = BYTES("");
	if (text[0] == '\0')
		return true;
	if (!policy_file_parse(file, r->arena, text, name, &e)) {
		reply_error(r, &e);
		return false;
	}
	*rows = file->rows;
	return true;
}

/* What is asked of the simulation, as the job's arguments. */
static void put_asked(struct request *r, struct buf *args)
{
	const struct simulation_body *body = r->sent;
	const struct {
		const char *name, *value;
	} texts[] = {
		{ "staff", body->staff ? "yes" : "" },
		{ "inspectors", body->inspectors },
		{ "limit", body->limit > 0 ? arena_printf(r->arena, "%d", (int)body->limit) : "" },
		{ "backtest", body->backtest ? "yes" : "" },
		{ "past_from", body->past_from },
		{ "past_to", body->past_to },
	};
	json_put_number(args, "seeds", body->seeds);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].value[0] != '\0')
			json_put_member(args, texts[i].name, bytes_of(texts[i].value));
}

/* False after a reply. */
static bool check_staffing(struct request *r)
{
	const struct simulation_body *body = r->sent;
	struct staffing staffing;
	struct err e = { 0 };
	if (!body->backtest && (body->past_from[0] != '\0' || body->past_to[0] != '\0')) {
		reply_field(r, "backtest", ERR_BAD_JSON, "past_from, past_to: backtest");
		return false;
	}
	if (staffing_parse(&staffing, bytes_of(body->inspectors), 0, r->arena, &e))
		return true;
	reply_field(r, "inspectors", e.code, "inspectors: %s", e.what);
	return false;
}

static void queue_simulation(struct request *r, struct bytes policy)
{
	const struct simulation_body *body = r->sent;
	struct buf args = buf_new(r->arena, 64);
	struct bytes against;
	if (!read_file(r, body->against, "against", &against))
		return;
	if (!check_staffing(r))
		return;
	buf_byte(&args, '{');
	put_day(&args, &body->look);
	put_asked(r, &args);
	buf_byte(&args, '}');
	REQUEST_ASK(r, Q_simulate_ask, reply_row_accepted, DB_BYTES(policy), DB_BYTES(against),
		DB_BYTES(buf_view(&args)));
}

static void on_composed(struct request *r, const struct compose_rows *policy)
{
	queue_simulation(r, compose_join(policy, r->arena));
}

void simulation_new(struct request *r)
{
	const struct simulation_body *body = r->sent;
	struct bytes policy;
	if (body->policy[0] == '\0')
		ask_policy(r, on_composed);
	else if (body->look.source[0] != '\0' || body->look.schemes[0] != '\0')
		reply_field(r, "policy", ERR_BAD_JSON,
			"policy: policy, source or schemes, one of them");
	else if (read_file(r, body->policy, "policy", &policy))
		queue_simulation(r, policy);
}

void simulation_get(struct request *r)
{
	REQUEST_ASK(r, Q_simulation_get, reply_row_json, DB_INT(request_arg_id(r, 0)));
}
