#include "daemon/openapi.h"

#include <stdio.h>
#include <string.h>

#include "daemon/openapi_inner.h"
#include "daemon/roles.h"

/* ---- writing ------------------------------------------------------------------------------ */

static void put_comma(struct buf *b)
{
	if (b->n > 0 && strchr("{[:", b->p[b->n - 1]) == NULL)
		buf_byte(b, ',');
}

static void put_name(struct buf *b, const char *name)
{
	put_comma(b);
	if (name == NULL)
		return;
	json_put_text(b, bytes_of(name));
	buf_byte(b, ':');
}

void put_open(struct buf *b, const char *name, char bracket)
{
	put_name(b, name);
	buf_byte(b, bracket);
}

void put_close(struct buf *b, char bracket)
{
	buf_byte(b, bracket);
}

void put_item(struct buf *b, struct bytes text)
{
	put_comma(b);
	json_put_text(b, text);
}

void put_flag(struct buf *b, const char *name, bool value)
{
	put_name(b, name);
	buf_str(b, value ? "true" : "false");
}

void put_ref(struct buf *b, const char *group, const char *name)
{
	char ref[120];
	snprintf(ref, sizeof ref, "#/components/%s/%s", group, name);
	json_put_member(b, "$ref", bytes_of(ref));
}

void put_words(struct buf *b, const char *name, const char *words, bool null)
{
	struct bytes rest = bytes_of(words);
	bool more = true;
	put_open(b, name, '[');
	while (more)
		put_item(b, bytes_cut(&rest, ',', &more));
	if (null) {
		put_comma(b);
		buf_str(b, "null");
	}
	put_close(b, ']');
}

void put_told(struct buf *b, const char *zh, const char *en)
{
	if (en != NULL)
		json_put_member(b, "description", bytes_of(en));
	if (zh != NULL)
		json_put_member(b, "x-zh", bytes_of(zh));
}

/* ---- areas -------------------------------------------------------------------------------- */

static const struct {
	const char *name, *zh, *en;
} areas[] = {
	{ "session", "登录", "signing in and sessions" },
	{ "totp", "动态验证码", "the second factor" },
	{ "token", "访问令牌", "access tokens" },
	{ "account", "账号", "accounts" },
	{ "role", "角色", "roles" },
	{ "delegation", "委托代行", "delegations" },
	{ "department", "部门", "departments" },
	{ "motion", "双人办理：提请与同意", "four eyes: motions and seconds" },
	{ "upload", "文件上传", "uploads" },
	{ "import", "名录导入", "imports of lists" },
	{ "register", "名录", "registers" },
	{ "entity", "经营主体档案", "what is known of an entity" },
	{ "quality", "数据质量", "quality of the data" },
	{ "job", "作业", "jobs" },
	{ "document", "文书：方案基础、风险模型、抽查方案", "documents: bases, models, schemes" },
	{ "programme", "年度抽查工作计划", "annual programmes" },
	{ "public", "公示", "what is published" },
	{ "look", "方案试算", "looking at what schemes would draw" },
	{ "simulation", "抽查模拟", "simulating what policies would mean" },
	{ "class", "信用风险分类", "credit risk classes" },
	{ "focus", "重点监管对象、预警名单", "entities in focus, the early-warning list" },
	{ "letter", "预警函、提醒函", "letters of warning and reminders" },
	{ "buffer", "缓冲期", "buffers: time to cure" },
	{ "repeat", "重复检查提示", "alerts on repeated inspections" },
	{ "round", "抽取轮次", "rounds" },
	{ "clue", "线索：投诉举报、转办交办、吹哨人、监测",
		"clues: what people and other authorities say" },
	{ "cause", "有因检查", "inspections for a cause" },
	{ "proposal", "存证申请", "proposals to the notary" },
	{ "recusal", "回避", "recusals" },
	{ "artefact", "存档文件", "artefacts" },
	{ "log", "公开日志", "the public log" },
	{ "tlog", "公开日志（C2SP 地址）", "the public log at the addresses of C2SP" },
	{ "audit", "审计日志", "the audit log" },
	{ "service", "接口说明与运行状态", "this API, and is it running" },
};

static bool used(const char *area)
{
	for (const struct route *r = routes; r->run != NULL; r++)
		if (bytes_is(route_area(r), area))
			return true;
	return false;
}

static void put_tags(struct buf *b)
{
	put_open(b, "tags", '[');
	for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
		if (!used(areas[i].name))
			continue;
		put_open(b, NULL, '{');
		json_put_member(b, "name", bytes_of(areas[i].name));
		put_told(b, areas[i].zh, areas[i].en);
		put_close(b, '}');
	}
	put_close(b, ']');
}

/* ---- tables beside the routes ------------------------------------------------------------- */

static void put_all_roles(struct buf *b)
{
	size_t n;
	const struct role *all = roles_all(&n);
	put_open(b, "x-roles", '[');
	for (size_t i = 0; i < n; i++) {
		put_open(b, NULL, '{');
		json_put_member(b, "name", bytes_of(all[i].token));
		json_put_member(b, "zh", bytes_of(all[i].name[LANG_ZH]));
		json_put_member(b, "en", bytes_of(all[i].name[LANG_EN]));
		put_flag(b, "scoped", all[i].scoped);
		put_flag(b, "granted", all[i].granted);
		put_close(b, '}');
	}
	put_close(b, ']');
}

static bool told_by_some(enum err_code code)
{
	for (const struct route *r = routes; r->run != NULL; r++)
		if (route_tells(r, code))
			return true;
	return false;
}

static void put_errors(struct buf *b)
{
	put_open(b, "x-errors", '{');
	for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++) {
		const struct err_row *row = err_row(c);
		if (!told_by_some(c))
			continue;
		put_open(b, row->name, '{');
		json_put_number(b, "status", row->http);
		json_put_member(b, "zh", bytes_of(row->sentence[LANG_ZH]));
		json_put_member(b, "en", bytes_of(row->sentence[LANG_EN]));
		json_put_member(b, "remedy_zh", bytes_of(row->remedy[LANG_ZH]));
		json_put_member(b, "remedy_en", bytes_of(row->remedy[LANG_EN]));
		put_close(b, '}');
	}
	put_close(b, '}');
}

/* ---- components --------------------------------------------------------------------------- */

static void put_text_header(struct buf *b, const char *name, const char *zh, const char *en)
{
	put_open(b, name, '{');
	put_told(b, zh, en);
	put_open(b, "schema", '{');
	json_put_member(b, "type", BYTES("string"));
	put_close(b, '}');
	put_close(b, '}');
}

static const struct {
	const char *component, *name;
	bool required;
	const char *pattern, *zh, *en;
} request_headers[] = {
	{ "key", "Idempotency-Key", true, "^[A-Za-z0-9_-]{8,64}$",
		"每项更改自选的唯一键；同键重发得到同一答复，不会再办一次",
		"a key of one's own for each change; sent again with it, the first answer is told again" },
	{ "match", "If-Match", true, "^\"[0-9a-f]{32}\"$", "所见内容的 ETag；内容已变时拒绝",
		"ETag of what was seen; refused where it has changed since" },
	{ "none-match", "If-None-Match", false, NULL, "已有内容的 ETag；未变时答复 304",
		"ETag of what one has; 304 where it is still the same" },
	{ "reason", "Drawd-Reason", false, "^[ -~]{0,3000}$",
		"办理的理由（百分号编码的 UTF-8），记入审计",
		"why, percent-encoded UTF-8, for the audit log" },
};

static void put_request_headers(struct buf *b)
{
	put_open(b, "parameters", '{');
	for (size_t i = 0; i < sizeof request_headers / sizeof request_headers[0]; i++) {
		put_open(b, request_headers[i].component, '{');
		json_put_member(b, "name", bytes_of(request_headers[i].name));
		json_put_member(b, "in", BYTES("header"));
		put_flag(b, "required", request_headers[i].required);
		put_told(b, request_headers[i].zh, request_headers[i].en);
		put_open(b, "schema", '{');
		json_put_member(b, "type", BYTES("string"));
		if (request_headers[i].pattern != NULL)
			json_put_member(b, "pattern", bytes_of(request_headers[i].pattern));
		put_close(b, '}');
		put_close(b, '}');
	}
	put_close(b, '}');
}

static void put_reply_headers(struct buf *b)
{
	put_open(b, "headers", '{');
	put_text_header(
		b, "request", "请求编号，与日志一致", "number of the request, as in the log");
	put_text_header(b, "etag", "内容的 ETag", "ETag of the content");
	put_text_header(b, "location", "转到的地址", "where to look instead");
	put_text_header(
		b, "replayed", "true：先前答复的重发", "true: an earlier answer told again");
	put_text_header(b, "retry", "多少秒后重试", "seconds to wait");
	put_close(b, '}');
}

static void put_scheme(struct buf *b, const char *name, const char *const *members, size_t n,
	const char *zh, const char *en)
{
	put_open(b, name, '{');
	for (size_t i = 0; i < n; i += 2)
		json_put_member(b, members[i], bytes_of(members[i + 1]));
	put_told(b, zh, en);
	put_close(b, '}');
}

static void put_schemes(struct buf *b)
{
	static const char *const session[] = { "type", "apiKey", "in", "cookie", "name",
		"__Host-drawd" };
	static const char *const csrf[] = { "type", "apiKey", "in", "header", "name",
		"Drawd-CSRF" };
	static const char *const token[] = { "type", "http", "scheme", "bearer" };
	put_open(b, "securitySchemes", '{');
	put_scheme(b, "session", session, 6,
		"登录（POST /api/v1/session）所设的 Cookie；非 https 时名为 drawd",
		"the cookie that signing in (POST /api/v1/session) sets; named drawd without https");
	put_scheme(b, "csrf", csrf, 6, "以 Cookie 登录时，更改须带登录答复中的 csrf",
		"with the cookie, changes need the `csrf` that signing in told");
	put_scheme(b, "token", token, 4,
		"访问令牌 drawd_…（drawctl login，或 POST /api/v1/tokens）",
		"an access token drawd_… (drawctl login, or POST /api/v1/tokens)");
	put_close(b, '}');
}

/* ---- the document ------------------------------------------------------------------------- */

static void put_info(struct buf *b)
{
	put_open(b, "info", '{');
	json_put_member(b, "title", BYTES("drawd"));
	json_put_member(b, "version", BYTES(DRAWD_VERSION));
	put_told(b,
		"双随机、一公开联合抽查。本说明由程序自身的表生成。在服务器的 Unix 套接字上，"
		"操作系统用户对应的账号无须令牌。",
		"Joint random inspections. Made from the tables that the program works by. On the Unix "
		"socket of the server the account of the operating system's user needs no token.");
	put_close(b, '}');
	put_open(b, "servers", '[');
	put_open(b, NULL, '{');
	json_put_member(b, "url", BYTES("/"));
	put_close(b, '}');
	put_close(b, ']');
}

void openapi_put(struct buf *b)
{
	buf_byte(b, '{');
	json_put_member(b, "openapi", BYTES("3.1.0"));
	put_info(b);
	put_tags(b);
	paths_put(b);
	put_open(b, "components", '{');
	put_open(b, "schemas", '{');
	schemas_put(b);
	put_close(b, '}');
	put_request_headers(b);
	put_reply_headers(b);
	put_schemes(b);
	put_close(b, '}');
	put_all_roles(b);
	put_errors(b);
	buf_byte(b, '}');
}

int openapi_main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a, 1 << 19);
	(void)argc;
	(void)argv;
	openapi_put(&b);
	buf_byte(&b, '\n');
	bool ok = fwrite(b.p, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
	arena_free(a);
	return ok ? 0 : 1;
}

/* It is made once in the life of a process: everybody may ask, and it is long. */
void openapi_get(struct request *r)
{
	static struct bytes document;
	if (document.p == NULL) {
		struct buf b = buf_new(r->web->arena, 1 << 19);
		openapi_put(&b);
		document = buf_view(&b);
	}
	reply_json(r, 200, document);
}
