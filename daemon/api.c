#include "daemon/api.h"

#include <string.h>

#include "daemon/policy/policyfile.h"

/* A policy of POLICY_FILE_MAX bytes as a JSON string, most of it escaped. */
enum { POLICY_BODY = PIECE_MAX, SMALL_BODY = 16384 };

#define GET  EVHTTP_REQ_GET
#define POST EVHTTP_REQ_POST
#define PUT  EVHTTP_REQ_PUT

/* clang-format off */
const struct route routes[] = {
	{ POST, "/api/v1/uploads", WHO_LOCAL, SMALL_BODY, upload_new, ERR_NONE,
		"登记要上传的文件 {name, size, sha256?}，得到 id",
		"announce a file {name, size, sha256?}; gives its id" },
	{ GET, "/api/v1/uploads/{id}", WHO_LOCAL, 0, upload_get, ERR_NOT_FOUND,
		"上传进度 received", "how much was received" },
	{ PUT, "/api/v1/uploads/{id}", WHO_LOCAL, PIECE_MAX, upload_piece, ERR_NOT_FOUND,
		"?offset=：上传一片（至多 4 MiB），可续传",
		"?offset=: a piece of at most 4 MiB; go on at `received` after a break" },
	{ POST, "/api/v1/imports", WHO_LOCAL, SMALL_BODY, import_new, ERR_NONE,
		"导入名录 {upload, kind: entities|inspectors|recusals, source, person, labels?}，得到作业",
		"import a list {upload, kind: entities|inspectors|recusals, source, person, labels?}; gives a job" },
	{ GET, "/api/v1/imports", WHO_LOCAL, 0, import_list, ERR_NONE,
		"?before=&limit=：导入批次，新的在前", "?before=&limit=: import batches, newest first" },
	{ GET, "/api/v1/imports/{id}", WHO_LOCAL, 0, import_get, ERR_NOT_FOUND,
		"一个导入批次", "one import batch" },
	{ GET, "/api/v1/imports/{id}/errors", WHO_LOCAL, 0, import_errors, ERR_NOT_FOUND,
		"?after=&limit=：行错误", "?after=&limit=: its row errors" },
	{ GET, "/api/v1/imports/{id}/file", WHO_LOCAL, 0, import_file, ERR_NOT_FOUND,
		"有错误的原始行，末列为错误说明（CSV）", "the rows with errors, as they came, with a column 错误说明 (CSV)" },
	{ GET, "/api/v1/jobs", WHO_LOCAL, 0, job_list, ERR_NONE,
		"?before=&limit=：作业，新的在前", "?before=&limit=: jobs, newest first" },
	{ GET, "/api/v1/jobs/{id}", WHO_LOCAL, 0, job_get, ERR_NOT_FOUND,
		"作业的状态、进度、结果或错误", "state, progress, result or error of a job" },
	{ GET, "/api/v1/proposals/{id}", WHO_LOCAL, 0, proposal_get, ERR_NOT_FOUND,
		"公证进程对一项提议的决定", "what the notary decided on a proposal" },
	{ POST, "/api/v1/rounds", WHO_LOCAL, POLICY_BODY, round_new, ERR_NONE,
		"新建轮次 {policy: 方案文本, pulses, demo?, delta?, draw-deadline?, reveal-after?, results-due?, disclosure?}",
		"make a round {policy: text of the file, pulses, demo?, delta?, draw-deadline?, reveal-after?, results-due?, disclosure?}" },
	{ GET, "/api/v1/rounds", WHO_PUBLIC, 0, round_list, ERR_NONE,
		"?before=&limit=：轮次，新的在前", "?before=&limit=: rounds, newest first" },
	{ GET, "/api/v1/rounds/{round}", WHO_PUBLIC, 0, round_get, ERR_NO_ROUND,
		"轮次的状态、分层与数字；公开端口上只有公开部分",
		"state, strata and figures; on TCP only what is public" },
	{ PUT, "/api/v1/rounds/{round}", WHO_LOCAL, POLICY_BODY, round_edit, ERR_NO_ROUND,
		"总是拒绝：轮次不可修改", "always refused: a round is not edited" },
	{ POST, "/api/v1/rounds/{round}/approve", WHO_LOCAL, SMALL_BODY, round_approve, ERR_NO_ROUND,
		"部门批准 {department, account?}", "a department approves {department, account?}" },
	{ POST, "/api/v1/rounds/{round}/freeze", WHO_LOCAL, SMALL_BODY, round_freeze, ERR_NO_ROUND,
		"冻结抽取库，得到作业", "freeze the frame; gives a job" },
	{ POST, "/api/v1/rounds/{round}/lock", WHO_LOCAL, SMALL_BODY, round_lock, ERR_NO_ROUND,
		"锁定秘密，得到提议", "lock the secret; gives a proposal" },
	{ GET, "/api/v1/rounds/{round}/beacon-text", WHO_LOCAL, 0, round_beacon_text, ERR_NO_ROUND,
		"?place=&value=：供见证人签名的记录文本", "?place=&value=: the record text that attesters sign" },
	{ POST, "/api/v1/rounds/{round}/beacon", WHO_LOCAL, SMALL_BODY, round_beacon, ERR_NO_ROUND,
		"录入公共随机数 {place, value, attestations}，得到提议",
		"enter a beacon value {place, value, attestations}; gives a proposal" },
	{ POST, "/api/v1/rounds/{round}/draw", WHO_LOCAL, SMALL_BODY, round_draw, ERR_NO_ROUND,
		"抽取，得到作业", "draw; gives a job" },
	{ POST, "/api/v1/rounds/{round}/reveal", WHO_LOCAL, SMALL_BODY, round_reveal, ERR_NO_ROUND,
		"启封，得到提议", "reveal; gives a proposal" },
	{ POST, "/api/v1/rounds/{round}/bundle", WHO_LOCAL, SMALL_BODY, round_bundle, ERR_NO_ROUND,
		"制作复核包 {level: audit|public}，得到作业", "make the bundle {level: audit|public}; gives a job" },
	{ GET, "/api/v1/rounds/{round}/visits", WHO_LOCAL, 0, round_visits, ERR_NO_ROUND,
		"?after=对象~序号&limit=：入企检查及人员", "?after=object~ordinal&limit=: visits with their slots" },
	{ GET, "/api/v1/artefacts/{sha256}", WHO_LOCAL, 0, artefact_get, ERR_NO_ARTEFACT,
		"?offset=：工件的一片（至多 4 MiB）；Drawd-Size 为总大小",
		"?offset=: a piece of at most 4 MiB; Drawd-Size is the size of the whole" },
	{ GET, "/api/v1/log/checkpoint", WHO_PUBLIC, 0, checkpoint_get, ERR_NO_ROUTE,
		"日志最新检查点", "newest checkpoint of the log" },
	{ GET, "/api/v1/log/vkey", WHO_PUBLIC, 0, vkey_get, ERR_NO_ROUTE,
		"日志的验证密钥", "verifier key of the log" },
	{ GET, "/checkpoint", WHO_PUBLIC, 0, checkpoint_get, ERR_NO_ROUTE,
		"日志最新检查点（C2SP）", "newest checkpoint (C2SP tlog-tiles)" },
	{ GET, "/tile/*", WHO_PUBLIC, 0, tile_get, ERR_NO_ROUTE,
		"日志分块（C2SP）", "tiles of the log (C2SP tlog-tiles)" },
	{ GET, "/api/v1/routes", WHO_PUBLIC, 0, routes_get, ERR_NONE,
		"本表", "this table" },
	{ GET, "/healthz", WHO_PUBLIC, 0, health_get, ERR_NONE,
		"进程在运行", "the process runs" },
	{ GET, "/readyz", WHO_PUBLIC, 0, ready_get, ERR_NONE,
		"数据库可用且结构相符", "the database is there and its schema is the right one" },
	{ 0 },
};
/* clang-format on */

static const char *method_of(enum evhttp_cmd_type method)
{
	return method == GET ? "GET" : method == POST ? "POST" : "PUT";
}

void routes_get(struct request *r)
{
	struct buf b = buf_new(r->arena, 8192);
	if (!request_no_more(r))
		return;
	buf_str(&b, "{\"routes\":[");
	for (const struct route *route = routes; route->run != NULL; route++) {
		buf_str(&b, route == routes ? "{" : ",{");
		json_put_member(&b, "method", bytes_of(method_of(route->method)));
		json_put_member(&b, "path", bytes_of(route->path));
		json_put_member(&b, "who", bytes_of(route->who == WHO_PUBLIC ? "public" : "local"));
		json_put_number(&b, "body", (int64_t)route->body_max);
		json_put_member(&b, "zh", bytes_of(route->zh));
		json_put_member(&b, "en", bytes_of(route->en));
		buf_byte(&b, '}');
	}
	buf_str(&b, "]}");
	reply_json(r, 200, buf_view(&b));
}

void health_get(struct request *r)
{
	struct buf b = buf_new(r->arena, 64);
	buf_byte(&b, '{');
	json_put_member(&b, "status", BYTES("ok"));
	json_put_member(&b, "version", BYTES(DRAWD_VERSION));
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

static void tell_ready(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t number = db_int(&row, "number");
	if (!row.bad && number != migrations_count)
		err_set(&e, ERR_SCHEMA, "the database has %lld, this program %d", (long long)number,
			migrations_count);
	if (e.code != ERR_NONE)
		reply_error(r, &e);
	else
		reply_json(r, 200, BYTES("{\"status\":\"ready\"}"));
}

void ready_get(struct request *r)
{
	request_ask(r, Q_web_ready, NULL, tell_ready);
}
