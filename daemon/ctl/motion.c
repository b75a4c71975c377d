/* motion …: what one person moves and another one decides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

/* What follows when a motion is seconded, said before anybody does. */
static const struct {
	const char *kind, *zh, *en;
} consequences[] = {
	{ "policy", "方案即告定稿；各部门批准之后轮次可以冻结",
		"the policy stands; the round can be frozen once its departments have approved" },
	{ "freeze", "抽取库即行冻结，此后轮次不可修改",
		"the frame is frozen and the round cannot be changed" },
	{ "lock", "秘密即行锁定并写入公开日志，不可撤回",
		"the secret is locked and enters the public log; it cannot be taken back" },
	{ "beacon", "所示公共随机数即写入公开日志，不可更改",
		"the beacon value enters the public log; it cannot be changed" },
	{ "publication", "种子文本即行公布，持有复核包的人可按其公开级别复核抽取结果",
		"the seed text is published, and whoever has the bundle can check the draw as far as its level goes" },
	{ "void", "轮次即告作废，不可恢复", "the round is void for good" },
	{ "recusal", "回避即按所示写入、终止或由所示文件导入，此后冻结的轮次照此办理",
		"the recusal is entered or ended, or the file imported, as shown, for rounds frozen from now on" },
	{ "substitution", "决定留存在案", "the decision is on file" },
	{ "assignment", "决定留存在案", "the decision is on file" },
	{ "account", "账号即按所示内容变更；停用、重置时其登录和访问令牌一并终止",
		"the account changes as shown; disabling or resetting it ends its sessions and tokens" },
	{ "role", "角色即按所示内容变更，该账号须重新登录",
		"the role changes as shown; the account has to sign in again" },
	{ "delegation", "在所示期限内由所委托的人代行", "the delegate acts for the period shown" },
	{ "department", "部门即按所示内容变更", "the department changes as shown" },
	{ "document", "所示版本即行生效或终止，原生效的版本不再用于此后的轮次",
		"the versions shown come into force or end; those in force before serve no later round" },
	{ "programme", "年度计划按所示内容批准或变更；变更后先重新核对，通过后才建立以后的轮次",
		"the programme is approved or changed as shown; what changes is checked anew before its rounds are made" },
	{ "cause", "检查即告决定，其记录写入公开日志（内容不公开），不可撤回",
		"the inspection is decided on, and its record enters the public log, unreadable; it cannot be taken back" },
	{ "classes", "名录即行收入或撤销，信用风险分类随之变动",
		"the list counts, or counts no more, and the classes move with it" },
};

/* ---- show ----------------------------------------------------------------------------------- */

/* A text of several lines stands indented below its name. */
static void show_value(struct ctl *c, const char *name, const char *text)
{
	ARENA_AUTO a = arena_new();
	if (strchr(text, '\n') == NULL) {
		printf(TR(c, "  %s：", "  %s = "), member_name(c, name));
		put_clean(is_wordy(name) ? word_in(c, name, text) : text);
		putchar('\n');
		return;
	}
	printf(TR(c, "  %s：\n", "  %s:\n"), member_name(c, name));
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		fputs("    ", stdout);
		put_clean(arena_strndup(a, text, n));
		putchar('\n');
		text += n + (text[n] == '\n');
	}
}

/* Versions of documents: "food v2, drugs v1". */
static const char *documents_text(struct ctl *c, json_t *documents)
{
	struct buf b = buf_new(c->arena, 64);
	size_t i;
	json_t *d;
	json_array_foreach(documents, i, d)
	{
		buf_str(&b, i > 0 ? TR(c, "、", ", ") : "");
		buf_str(&b, member_text(d, "code"));
		buf_str(&b, arena_printf(c->arena, TR(c, " 第 %lld 版", " v%lld"),
				    (long long)member_int(d, "version")));
	}
	buf_byte(&b, '\0');
	return b.p;
}

static void show_body(struct ctl *c, json_t *motion)
{
	const char *name;
	json_t *value, *body = json_object_get(motion, "body");
	json_object_foreach(body, name, value)
	{
		if (strcmp(name, "documents") == 0) {
			show_value(c, name, documents_text(c, value));
			continue;
		}
		char *text = json_is_string(value) || json_is_boolean(value)
				     ? NULL
				     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		const char *said = json_is_true(value)    ? TR(c, "是", "yes")
				   : json_is_false(value) ? TR(c, "否", "no")
							  : json_string_value(value);
		if (text != NULL || said[0] != '\0')
			show_value(c, name, text != NULL ? text : said);
		free(text);
	}
	const char *evidence = member_text(motion, "evidence");
	if (evidence[0] != '\0')
		printf(TR(c, "依据：%s\n", "evidence: %s\n"), evidence);
}

/* Roles that may second, where the API tells. */
static const char *seconders(struct ctl *c, json_t *motion)
{
	struct buf b = buf_new(c->arena, 64);
	size_t i;
	json_t *role;
	json_array_foreach(json_object_get(motion, "second"), i, role)
	{
		buf_str(&b, i > 0 ? TR(c, "、", ", ") : "");
		buf_str(&b, word_of(c, json_string_value(role)));
	}
	buf_byte(&b, '\0');
	return b.p;
}

static void show_consequence(struct ctl *c, json_t *motion)
{
	const char *kind = member_text(motion, "kind"), *who = seconders(c, motion);
	if (strcmp(member_text(motion, "state"), "open") != 0)
		return;
	for (size_t i = 0; i < sizeof consequences / sizeof *consequences; i++)
		if (strcmp(consequences[i].kind, kind) == 0)
			printf(TR(c, "同意之后：%s\n", "once seconded: %s\n"),
				TR(c, consequences[i].zh, consequences[i].en));
	if (who[0] != '\0')
		printf(TR(c, "可由另一人决定：%s\n", "another person may decide it: %s\n"), who);
}

static void show_motion(struct ctl *c, json_t *motion)
{
	show_members(c, &list_motions, motion);
	show_body(c, motion);
	show_quality(c, json_object_get(motion, "quality"));
	show_consequence(c, motion);
}

static const char *motion_path(struct ctl *c, const char *id, const char *verb)
{
	return arena_printf(c->arena, "/api/v1/motions/%s%s%s", url_text(c, id),
		verb[0] != '\0' ? "/" : "", verb);
}

int ctl_motion_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, motion_path(c, c->o.arg[0], ""), &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		show_motion(c, reply.json);
	return CTL_OK;
}

/* For `attest`: byte by byte. */
int ctl_motion_text(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, motion_path(c, c->o.arg[0], ""), &reply, &code))
		return code;
	const char *record = member_text(json_object_get(reply.json, "body"), "record");
	if (record[0] == '\0')
		return tell(
			c, ERR_NOT_FOUND, "%s: %s", c->o.arg[0], member_text(reply.json, "kind"));
	fputs(record, stdout);
	return CTL_OK;
}

/* ---- wait ----------------------------------------------------------------------------------- */

/* Is it decided, and what was decided done? Then *ok tells how; a failure is told. */
static bool settled(struct ctl *c, json_t *motion, bool *ok, int *exit_code)
{
	const char *state = member_text(motion, "state");
	json_t *result = json_object_get(motion, "result");
	bool working = json_object_get(result, "job") != NULL ||
		       json_object_get(result, "proposal") != NULL ||
		       json_object_get(result, "cause") != NULL;
	if (strcmp(state, "open") == 0 || (strcmp(state, "carried") == 0 && working))
		return false;
	*ok = strcmp(state, "done") == 0 || strcmp(state, "carried") == 0;
	if (*ok)
		return true;
	if (json_is_object(json_object_get(result, "error")))
		*exit_code = tell_json_error(c, json_object_get(result, "error"));
	else
		*exit_code = tell(c, ERR_NOT_CARRIED, "%s: %s", word_of(c, state),
			member_text(motion, "decided_why"));
	return true;
}

/* Until the motion is decided, and the job or the notary done. The job is asked for its progress.
 */
static bool wait_motion(struct ctl *c, const char *id, const char *doing, struct reply *motion,
	struct reply *job, int *exit_code)
{
	const char *path = motion_path(c, id, "");
	*job = (struct reply){ .size = -1 };
	if (!client_get(c, path, motion, exit_code))
		return false;
	json_t *result = json_object_get(motion->json, "result");
	if (json_object_get(result, "job") != NULL && !wait_for(c, result, doing, job, exit_code))
		return false;
	return wait_until(c, path, doing, settled, motion, exit_code);
}

static bool decided(struct ctl *c, json_t *motion, bool *ok, int *exit_code)
{
	(void)c;
	(void)exit_code;
	*ok = strcmp(member_text(motion, "state"), "open") != 0;
	return *ok;
}

/* What a job left behind that is worth saying. */
static void tell_frozen(struct ctl *c, json_t *result)
{
	long long uncovered = member_int(result, "uncovered_days");
	if (json_object_get(result, "register") == NULL)
		return;
	printf(TR(c, "抽取库 %lld 户\n", "%lld objects in the frame\n"),
		(long long)member_int(result, "register"));
	printf(TR(c, "名单 %lld 行，其中 %lld 行正确\n",
		       "rows of the lists: %lld, correct: %lld\n"),
		(long long)member_int(result, "quality_rows"),
		(long long)member_int(result, "quality_correct"));
	tell_strata(c, member_int(result, "unclassed"), member_text(result, "class_missing"),
		member_int(result, "targeted"), member_int(result, "empty"));
	if (uncovered > 0)
		printf(TR(c, "注意：检查窗口中有 %lld 天，其所在年份的节假日尚未公布，只按周末计算\n",
			       "note: %lld days of the windows lie in years whose holidays are not announced; only weekends are known\n"),
			uncovered);
}

/* An account that is new or reset has a first password, in two halves: who gets which, and then? */
static void tell_password(struct ctl *c, json_t *motion)
{
	const char *what = member_text(json_object_get(motion, "body"), "do");
	const char *account = member_text(motion, "subject");
	bool fresh = strcmp(what, "new") == 0 || strcmp(what, "reset") == 0;
	if (strcmp(member_text(motion, "kind"), "account") != 0 || !fresh ||
		strcmp(member_text(motion, "state"), "done") != 0 ||
		strcmp(member_text(json_object_get(motion, "body"), "kind"), "service") == 0)
		return;
	remark(c,
		TR(c, "下一步：%s（第 1 半）和您（第 2 半）各自运行 drawctl account password %s，将所得的一半亲自交给本人；",
			"next: %s (first half) and you (second half) each run drawctl account password %s and hand the half to its owner in person;"),
		member_text(motion, "moved_by"), account);
	remark(c,
		TR(c, "本人以“第 1 半-第 2 半”为密码运行 drawctl login --account %s，当场更改密码",
			"its owner runs drawctl login --account %s with HALF1-HALF2 as the password, and changes it there"),
		account);
}

static int tell_outcome(struct ctl *c, const struct reply *motion, const struct reply *job)
{
	if (tell_raw(c, motion) || c->o.quiet)
		return CTL_OK;
	const char *state = member_text(motion->json, "state");
	printf(TR(c, "提请 %lld：%s %s %s\n", "motion %lld: %s %s %s\n"),
		(long long)member_int(motion->json, "id"),
		word_of(c, member_text(motion->json, "kind")), member_text(motion->json, "round"),
		word_of(c, state));
	tell_password(c, motion->json);
	tell_frozen(c, json_object_get(job->json, "result"));
	return json_object_get(json_object_get(job->json, "result"), "batch") != NULL
		       ? show_import(c, job)
		       : CTL_OK;
}

/* ---- move ----------------------------------------------------------------------------------- */

void tell_moved(struct ctl *c, int64_t id)
{
	struct reply reply;
	int ignored;
	if (c->o.quiet || id == 0)
		return;
	const char *path = arena_printf(c->arena, "/api/v1/motions/%lld", (long long)id);
	const char *who = client_get(c, path, &reply, &ignored) ? seconders(c, reply.json) : "";
	remark(c,
		TR(c, "提请 %lld：须由另一人同意%s%s%s。办理：drawctl motion second %lld",
			"motion %lld: another person has to agree%s%s%s: drawctl motion second %lld"),
		(long long)id, who[0] ? TR(c, "（", " (") : "", who, who[0] ? TR(c, "）", ")") : "",
		(long long)id);
}

bool add_why(struct ctl *c, json_t *body)
{
	struct buf b = buf_new(c->arena, 128);
	for (size_t i = 0; i < c->o.evidence.n; i++) {
		buf_str(&b, i > 0 ? "," : "");
		buf_str(&b, c->o.evidence.text[i]);
	}
	buf_byte(&b, '\0');
	return set_text(body, "reason", c->o.reason) &&
	       set_text(body, "evidence", c->o.evidence.n > 0 ? b.p : NULL);
}

static int await(struct ctl *c, int64_t id)
{
	struct reply motion, job;
	int code = CTL_OK;
	const char *number = arena_printf(c->arena, "%lld", (long long)id);
	if (wait_until(c, motion_path(c, number, ""),
		    TR(c, "等待另一人决定", "waiting for the second person"), decided, NULL,
		    &code) &&
		wait_motion(c, number, TR(c, "办理", "under way"), &motion, &job, &code))
		return tell_outcome(c, &motion, &job);
	return code;
}

int move(struct ctl *c, const char *path, json_t *body)
{
	struct reply reply;
	int code = CTL_OK;
	if (reason_of(c) == NULL || !add_why(c, body)) {
		json_decref(body);
		return c->o.reason == NULL ? CTL_USAGE : tell(c, ERR_BAD_UTF8, "--reason");
	}
	if (!client_post(c, path, body, &reply, &code))
		return code;
	int64_t id = member_int(reply.json, "motion");
	if (c->o.wait) {
		tell_moved(c, id);
		return await(c, id);
	}
	if (tell_raw(c, &reply))
		return CTL_OK;
	printf("%lld\n", (long long)id);
	tell_moved(c, id);
	return CTL_OK;
}

/* ---- decide --------------------------------------------------------------------------------- */

/* The number given, or that of the only open motion of --kind, of --round where that is given. */
static const char *find_motion(struct ctl *c, int *code)
{
	struct reply reply;
	if (c->o.args > 0 && strspn(c->o.arg[0], "0123456789") == strlen(c->o.arg[0]))
		return c->o.arg[0];
	if (c->o.args > 0) {
		*code = tell(c, ERR_BAD_NUMBER, "%s", c->o.arg[0]);
		return NULL;
	}
	if (c->o.kind == NULL) {
		*code = tell(c, ERR_USAGE, "N | [--round ROUND] --kind KIND");
		return NULL;
	}
	const char *path = "/api/v1/motions?state=open";
	if (c->o.round != NULL)
		path = arena_printf(c->arena, "%s&round=%s", path, url_text(c, c->o.round));
	path = arena_printf(c->arena, "%s&kind=%s", path, url_text(c, c->o.kind));
	if (!client_get(c, path, &reply, code))
		return NULL;
	json_t *rows = json_object_get(reply.json, "motions");
	if (json_array_size(rows) != 1) {
		*code = tell(c, ERR_NO_MOTION, "%s%s%s: %zu", c->o.round != NULL ? c->o.round : "",
			c->o.round != NULL ? " " : "", c->o.kind, json_array_size(rows));
		return NULL;
	}
	return arena_printf(c->arena, "%lld", (long long)member_int(json_array_get(rows, 0), "id"));
}

/* A motion is decided as it was seen: its ETag goes along. */
static bool send_decision(
	struct ctl *c, const char *id, const char *verb, struct reply *reply, int *exit_code)
{
	struct reply seen;
	if (!client_get(c, motion_path(c, id, ""), &seen, exit_code))
		return false;
	if (!c->o.json && !c->o.quiet)
		show_motion(c, seen.json);
	if (!confirmed(c, strcmp(verb, "second") == 0    ? TR(c, "同意？", "second it?")
			  : strcmp(verb, "decline") == 0 ? TR(c, "不同意？", "decline it?")
							 : TR(c, "撤回？", "withdraw it?"))) {
		*exit_code = CTL_USAGE;
		return false;
	}
	json_t *body = json_pack("{s:s}", "reason", c->o.reason);
	if (body == NULL || !add_attestations(c, body, exit_code)) {
		json_decref(body);
		if (body == NULL)
			*exit_code = tell(c, ERR_BAD_UTF8, "--reason");
		return false;
	}
	struct call call = {
		.method = "POST", .path = motion_path(c, id, verb), .match = seen.etag
	};
	return client_send(c, call, body, reply, exit_code);
}

/* second, decline, withdraw: the verb's `with`. */
int ctl_motion_decide(struct ctl *c)
{
	const char *verb = c->verb->with, *id;
	bool second = strcmp(verb, "second") == 0;
	struct reply reply, motion, job;
	int code = CTL_OK;
	if ((id = find_motion(c, &code)) == NULL)
		return code;
	if (second && c->o.reason == NULL)
		c->o.reason = TR(c, "同意", "agreed");
	if (reason_of(c) == NULL)
		return CTL_USAGE;
	if (!send_decision(c, id, verb, &reply, &code))
		return code;
	if (second && wait_motion(c, id, TR(c, "办理", "under way"), &motion, &job, &code))
		return tell_outcome(c, &motion, &job);
	if (!second && !tell_raw(c, &reply) && !c->o.quiet)
		printf(TR(c, "提请 %s：%s\n", "motion %s: %s\n"), id,
			word_of(c, member_text(reply.json, "state")));
	return code;
}
