/* The table of all lists. What stands here is a view of sql/migrations/0009_lists.sql with the same
 * columns; tests/db/lists.sh holds the two together and prepares every statement. */
#include "daemon/list.h"
#include "daemon/register/registers.h"
#include "daemon/roles.h"

#define JOB_STATES    "queued,running,done,failed"
#define ROUND_STATES  "draft,frozen,locked,drawn,visiting,revealed,closed,void"
#define MOTION_STATES "open,carried,done,refused,declined,withdrawn,lapsed"
#define MOTION_KINDS \
	"policy,freeze,lock,beacon,publication,void,recusal,substitution,assignment,account,role," \
	"delegation,department,document,classes,programme,cause"
#define PROPOSAL_KINDS  "freeze,lock,beacon,draw,reveal,void"
#define IMPORT_STATES   "open,staged,confirmed,discarded,undone,failed"
#define IMPORT_MODES    "preview,confirm,dry-run"
#define IMPORT_SCOPES   "update,full"
#define RETURNED_STATES "none,wanted,ready,failed,removed"
#define SEVERITIES      "error,repair,remark"
#define LEVELS          "province,city,county,town"

/* How a column takes part. */
#define SORTS   .sorts = true
#define FILTERS .filters = true
#define BOTH    .sorts = true, .filters = true
#define MAYBE   .maybe = true

/* clang-format off */

/* ---- files, lists, jobs ------------------------------------------------------------------- */

static const struct list_column job_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "作业编号", .en = "number of the job" },
	{ "kind", SHAPE_TEXT, BOTH, .zh = "作业种类", .en = "kind of job" },
	{ "state", SHAPE_TEXT, BOTH, .words = JOB_STATES, .zh = "状态", .en = "state" },
	{ "done", SHAPE_NUMBER, .zh = "已完成的量", .en = "how much is done" },
	{ "total", SHAPE_NUMBER, .zh = "总量", .en = "of how much" },
	{ "error", SHAPE_TEXT, MAYBE, FILTERS, .zh = "错误", .en = "name of the error" },
	{ "account", SHAPE_TEXT, MAYBE, BOTH, .zh = "提交人", .en = "who asked for it" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "created", SHAPE_TIME, BOTH, .zh = "提交时间", .en = "when it was asked for" },
	{ "finished", SHAPE_TIME, MAYBE, BOTH, .zh = "结束时间", .en = "when it ended" },
	{ 0 },
};
const struct list list_jobs = { "jobs", "job_list", job_columns, "id", "id", true,
	.zh = "作业", .en = "jobs" };

static const struct list_column import_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "批次编号", .en = "number of the batch" },
	{ "kind", SHAPE_TEXT, BOTH, .words = REGISTER_WORDS, .zh = "名录", .en = "register" },
	{ "file", SHAPE_TEXT, FILTERS, .zh = "文件名", .en = "name of the file" },
	{ "upload", SHAPE_NUMBER, FILTERS, .zh = "上传编号", .en = "the upload it was read from" },
	{ "job", SHAPE_NUMBER, MAYBE, FILTERS, .zh = "导入作业", .en = "the job that read it" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "source", SHAPE_TEXT, BOTH, .zh = "来源单位", .en = "where the list came from" },
	{ "provider", SHAPE_TEXT, BOTH, .zh = "提供人", .en = "who handed it over" },
	{ "account", SHAPE_TEXT, MAYBE, FILTERS, .zh = "导入人", .en = "who imported it" },
	{ "state", SHAPE_TEXT, BOTH, .words = IMPORT_STATES, .zh = "状态", .en = "state" },
	{ "mode", SHAPE_TEXT, FILTERS, .words = IMPORT_MODES, .zh = "方式", .en = "mode" },
	{ "dry_run", SHAPE_FLAG, FILTERS, .zh = "只检查，不收入", .en = "only looked at" },
	{ "scope", SHAPE_TEXT, FILTERS, .words = IMPORT_SCOPES, .zh = "范围", .en = "scope" },
	{ "sheet", SHAPE_TEXT, .zh = "工作表", .en = "sheet" },
	{ "rows", SHAPE_NUMBER, SORTS, .zh = "行数", .en = "rows" },
	{ "accepted", SHAPE_NUMBER, SORTS, .zh = "收入", .en = "accepted" },
	{ "repaired", SHAPE_NUMBER, SORTS, .zh = "修复", .en = "repaired" },
	{ "remarked", SHAPE_NUMBER, SORTS, .zh = "提示", .en = "with remarks" },
	{ "refused", SHAPE_NUMBER, BOTH, .zh = "退回", .en = "refused" },
	{ "new", SHAPE_NUMBER, SORTS, .zh = "新增", .en = "new" },
	{ "changed", SHAPE_NUMBER, SORTS, .zh = "变更", .en = "changed" },
	{ "gone", SHAPE_NUMBER, SORTS, .zh = "缺失", .en = "gone" },
	{ "same", SHAPE_NUMBER, SORTS, .zh = "相同", .en = "same" },
	{ "encoding", SHAPE_TEXT, .zh = "文字编码", .en = "encoding of the text" },
	{ "errors_dropped", SHAPE_NUMBER, MAYBE, .zh = "超出限额而未留存的错误",
		.en = "errors not kept, over the limit" },
	{ "remarks_dropped", SHAPE_NUMBER, MAYBE, .zh = "超出限额而未留存的提示",
		.en = "remarks not kept, over the limit" },
	{ "returned", SHAPE_TEXT, FILTERS, .words = RETURNED_STATES, .zh = "退回文件",
		.en = "the file with remarks" },
	{ "reason", SHAPE_TEXT, MAYBE, FILTERS, .zh = "失败原因", .en = "why it failed" },
	{ "created", SHAPE_TIME, BOTH, .zh = "导入时间", .en = "time of the import" },
	{ "staged", SHAPE_TIME, MAYBE, BOTH, .zh = "预览时间", .en = "when its preview was made" },
	{ "confirmed", SHAPE_TIME, MAYBE, BOTH, .zh = "确认时间", .en = "when it was confirmed" },
	{ "confirmed_by", SHAPE_TEXT, MAYBE, FILTERS, .zh = "确认人", .en = "who confirmed it" },
	{ "undone", SHAPE_TIME, MAYBE, BOTH, .zh = "撤销时间", .en = "when it was undone" },
	{ "undone_by", SHAPE_TEXT, MAYBE, FILTERS, .zh = "撤销人", .en = "who undid it" },
	{ "undo_reason", SHAPE_TEXT, MAYBE, .zh = "撤销理由", .en = "why it was undone" },
	{ "removed", SHAPE_TIME, MAYBE, .zh = "文件删除时间", .en = "when its files were removed" },
	{ 0 },
};
const struct list list_imports = { "imports", "import_list", import_columns, "id", "id", true,
	.zh = "导入批次", .en = "import batches" };

/* A sentence and what mends it, of the error that the view gives there. */
#define SENTENCES \
	{ "message", SHAPE_TEXT, .says = SAYS_ZH, .zh = "说明", .en = "what is wrong, in Chinese" }, \
	{ "message_en", SHAPE_TEXT, .says = SAYS_EN, .zh = "英文说明", .en = "what is wrong" }, \
	{ "remedy", SHAPE_TEXT, .says = SAYS_REMEDY_ZH, .zh = "怎么办", .en = "how to mend it, in Chinese" }, \
	{ "remedy_en", SHAPE_TEXT, .says = SAYS_REMEDY_EN, .zh = "怎么办（英文）", .en = "how to mend it" }

static const struct list_column error_columns[] = {
	{ "ordinal", SHAPE_NUMBER, BOTH, .zh = "序号", .en = "ordinal" },
	{ "row", SHAPE_NUMBER, BOTH, .zh = "行", .en = "row of the file" },
	{ "column", SHAPE_TEXT, BOTH, .zh = "列", .en = "column" },
	{ "value", SHAPE_TEXT, .zh = "内容", .en = "value" },
	{ "code", SHAPE_TEXT, BOTH, .zh = "错误名", .en = "name of the error" },
	{ "detail", SHAPE_TEXT, .zh = "详情", .en = "facts" },
	{ "severity", SHAPE_TEXT, BOTH, .words = SEVERITIES, .zh = "程度", .en = "severity" },
	SENTENCES,
	{ 0 },
};
const struct list list_import_errors = { "errors", "import_error_list", error_columns, "ordinal",
	"ordinal", false, .within = "import", .parent = Q_list_import,
	.zh = "导入的行错误", .en = "row errors of an import" };

static const struct shape group_sample[] = {
	{ "row", SHAPE_NUMBER, .zh = "行", .en = "row of the file" },
	{ "value", SHAPE_TEXT, .zh = "内容", .en = "value" },
	{ "detail", SHAPE_TEXT, .zh = "详情", .en = "facts" },
	{ 0 },
};
static const struct list_column group_columns[] = {
	{ "place", SHAPE_NUMBER, SORTS, .zh = "次序", .en = "place: what was refused comes first, then the most" },
	{ "ordinal", SHAPE_NUMBER, BOTH, .zh = "首条序号", .en = "ordinal of the first" },
	{ "code", SHAPE_TEXT, BOTH, .zh = "错误名", .en = "name of the error" },
	{ "column", SHAPE_TEXT, BOTH, .zh = "列", .en = "column" },
	{ "severity", SHAPE_TEXT, BOTH, .words = SEVERITIES, .zh = "程度", .en = "severity" },
	{ "count", SHAPE_NUMBER, SORTS, .zh = "条数", .en = "how many" },
	{ "samples", SHAPE_LIST, .of = group_sample, .zh = "前几行", .en = "the first rows" },
	SENTENCES,
	{ 0 },
};
const struct list list_import_groups = { "groups", "import_group_list", group_columns, "place",
	"place", false, .within = "import", .parent = Q_list_import,
	.zh = "导入的行错误，同类相并", .en = "row errors of an import, alike ones together" };

/* Who changed what decides who is drawn, and when (sql/migrations/0014_quality.sql). */
static const struct list_column edit_columns[] = {
	{ "id", SHAPE_NUMBER, SORTS, .zh = "编号", .en = "number" },
	{ "register", SHAPE_TEXT, BOTH, .zh = "名录", .en = "register" },
	{ "key", SHAPE_TEXT, BOTH, .zh = "编号", .en = "number of the row" },
	{ "fact", SHAPE_TEXT, BOTH, .zh = "事实", .en = "fact" },
	{ "before", SHAPE_TEXT, MAYBE, .zh = "变更前", .en = "before" },
	{ "after", SHAPE_TEXT, MAYBE, .zh = "变更后", .en = "after" },
	{ "act", SHAPE_TEXT, BOTH, .words = "confirmed,undone", .zh = "由确认或由撤销", .en = "by confirming or by undoing" },
	{ "import", SHAPE_NUMBER, BOTH, .zh = "导入批次", .en = "import" },
	{ "line", SHAPE_NUMBER, .zh = "文件行号", .en = "row of the file" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "source", SHAPE_TEXT, MAYBE, .zh = "来源", .en = "source" },
	{ "provider", SHAPE_TEXT, MAYBE, .zh = "提供人", .en = "provider" },
	{ "account", SHAPE_TEXT, MAYBE, BOTH, .zh = "办理人", .en = "who did it" },
	{ "at", SHAPE_TIME, BOTH, .zh = "时间", .en = "when" },
	{ 0 },
};
const struct list list_quality_edits = { "edits", "quality_edit_list", edit_columns, "id", "at", true,
	.zh = "对等级、标签、状态和在岗的变更", .en = "changes of class, label, status or availability" };
const struct list list_round_edits = { "round_edits", "quality_edit_round", edit_columns, "id", "at", true,
	.within = "round", .parent = Q_quality_round,
	.zh = "冻结前 30 日对等级、标签、状态和在岗的变更",
	.en = "changes of class, label, status or availability in the 30 days before its freeze" };

static const struct list_column upload_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "上传编号", .en = "number of the upload" },
	{ "name", SHAPE_TEXT, BOTH, .zh = "文件名", .en = "name of the file" },
	{ "size", SHAPE_NUMBER, BOTH, .zh = "文件大小（字节）", .en = "size of the file in bytes" },
	{ "received", SHAPE_NUMBER, SORTS, .zh = "已收到的字节数", .en = "bytes received" },
	{ "account", SHAPE_TEXT, MAYBE, BOTH, .zh = "上传人", .en = "who sends it" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "created", SHAPE_TIME, BOTH, .zh = "登记时间", .en = "when it was announced" },
	{ "removed", SHAPE_TIME, MAYBE, .zh = "内容删除时间", .en = "when its content was removed" },
	{ 0 },
};
const struct list list_uploads = { "uploads", "upload_list", upload_columns, "id", "id", true,
	.zh = "上传的文件", .en = "uploads" };

/* ---- rounds ------------------------------------------------------------------------------- */

/* What is not public is null for those who see the public part of a round. */
static const struct list_column round_columns[] = {
	{ "id", SHAPE_TEXT, BOTH, .zh = "轮次编号", .en = "number of the round" },
	{ "state", SHAPE_TEXT, BOTH, .words = ROUND_STATES, .zh = "状态", .en = "state" },
	{ "demo", SHAPE_FLAG, FILTERS, .zh = "演示轮次", .en = "a demonstration" },
	{ "name", SHAPE_TEXT, MAYBE, BOTH, .zh = "方案名称", .en = "name of the policy" },
	{ "departments", SHAPE_TEXT, MAYBE, .zh = "参加部门", .en = "departments that take part" },
	{ "pulses", SHAPE_TEXT, .zh = "约定的公共随机数", .en = "the pulses agreed on" },
	{ "delta", SHAPE_NUMBER, .zh = "锁定取得见证联署至最早公共随机数的最短间隔（秒）",
		.en = "least seconds from the cosignature of the lock to the earliest pulse" },
	{ "draw_deadline", SHAPE_TIME, BOTH, .zh = "抽取期限", .en = "deadline of the draw" },
	{ "reveal_after", SHAPE_DATE, BOTH, .zh = "此日起可以启封",
		.en = "it may be revealed from this day on" },
	{ "results_due", SHAPE_DATE, BOTH, .zh = "结果公示期限", .en = "results are due" },
	{ "disclosure", SHAPE_TEXT, FILTERS, .words = "audit,public", .zh = "公开级别",
		.en = "level of disclosure" },
	{ "created", SHAPE_TIME, MAYBE, BOTH, .zh = "建立时间", .en = "when it was made" },
	{ 0 },
};
const struct list list_rounds = { "rounds", "round_list", round_columns, "id", "id", true,
	.zh = "抽取轮次", .en = "rounds" };

static const struct shape visit_slot[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "place", SHAPE_NUMBER, .zh = "第几个名额", .en = "place" },
	{ "inspector", SHAPE_TEXT, .zh = "执法检查人员编号，空为空缺", .en = "inspector; empty: open" },
	{ "name", SHAPE_TEXT, .maybe = true, .zh = "姓名", .en = "name" },
	{ 0 },
};
static const struct list_column visit_columns[] = {
	{ "object", SHAPE_TEXT, BOTH, .zh = "检查对象编号", .en = "object" },
	{ "ordinal", SHAPE_NUMBER, .zh = "第几次", .en = "ordinal" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "统一社会信用代码", .en = "entity" },
	{ "name", SHAPE_TEXT, MAYBE, .zh = "名称", .en = "name" },
	{ "address", SHAPE_TEXT, MAYBE, .zh = "地址", .en = "address" },
	{ "mode", SHAPE_TEXT, BOTH, .words = "onsite,offsite", .zh = "检查方式", .en = "mode" },
	{ "from", SHAPE_DATE, SORTS, .zh = "期间起", .en = "first day of the window" },
	{ "to", SHAPE_DATE, SORTS, .zh = "期间止", .en = "last day of the window" },
	{ "lead", SHAPE_TEXT, BOTH, .zh = "牵头部门", .en = "lead department" },
	{ "tasks", SHAPE_TEXT, .zh = "任务", .en = "tasks" },
	{ "departments", SHAPE_TEXT, .zh = "参加部门", .en = "departments" },
	{ "day", SHAPE_DATE, BOTH, .zh = "日期", .en = "day" },
	{ "half", SHAPE_TEXT, .zh = "上午或下午", .en = "half-day" },
	{ "leader", SHAPE_TEXT, BOTH, .zh = "组长", .en = "leader" },
	{ "slots", SHAPE_LIST, .of = visit_slot, .zh = "检查人员", .en = "slots" },
	{ 0 },
};
const struct list list_visits = { "visits", "visit_list", visit_columns, "object,ordinal", "object",
	false, .within = "round", .parent = Q_list_visit_round,
	.zh = "一个轮次的入企检查", .en = "visits of a round" };

static const struct list_column dropped_columns[] = {
	{ "object", SHAPE_TEXT, BOTH, .zh = "检查对象编号", .en = "object" },
	{ "task", SHAPE_TEXT, BOTH, .zh = "任务", .en = "task" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "统一社会信用代码", .en = "entity" },
	{ "name", SHAPE_TEXT, MAYBE, .zh = "名称", .en = "name" },
	{ "code", SHAPE_TEXT, BOTH, .zh = "代码：checked 检查频次，cap-… 频次上限", .en = "checked: a frequency; cap-…: a cap" },
	{ "cap", SHAPE_TEXT, MAYBE, .zh = "频次上限的名称", .en = "name of the cap" },
	{ "basis", SHAPE_TEXT, MAYBE, .zh = "依据", .en = "law" },
	{ 0 },
};
const struct list list_dropped = { "dropped", "dropped_list", dropped_columns, "object,task", "object",
	false, .within = "round", .parent = Q_list_dropped_round,
	.zh = "一个轮次中抽中而因频次不再检查的任务与对象",
	.en = "what a round drew and does not visit, since a cap or a frequency is used up" };

static const struct list_column proposal_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "存证申请编号", .en = "number of the proposal" },
	{ "round", SHAPE_TEXT, BOTH, .zh = "轮次", .en = "round" },
	{ "kind", SHAPE_TEXT, BOTH, .some = PROPOSAL_KINDS, .zh = "种类", .en = "kind" },
	{ "place", SHAPE_NUMBER, .zh = "第几个公共随机数", .en = "place of the beacon" },
	{ "state", SHAPE_TEXT, BOTH, .words = "pending,accepted,refused", .zh = "状态", .en = "state" },
	{ "entry", SHAPE_NUMBER, MAYBE, FILTERS, .zh = "日志序号", .en = "index in the log" },
	{ "error", SHAPE_TEXT, MAYBE, FILTERS, .zh = "拒绝的原因", .en = "why it was refused" },
	{ "created", SHAPE_TIME, BOTH, .zh = "提出时间", .en = "when it was made" },
	{ 0 },
};
const struct list list_proposals = { "proposals", "proposal_list", proposal_columns, "id", "id", true,
	.zh = "交存证进程的存证申请", .en = "proposals to the notary" };

/* ---- people ------------------------------------------------------------------------------- */

static const struct list_column motion_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "提请编号", .en = "number of the motion" },
	{ "kind", SHAPE_TEXT, BOTH, .some = MOTION_KINDS, .zh = "种类", .en = "kind" },
	{ "round", SHAPE_TEXT, MAYBE, BOTH, .zh = "轮次", .en = "round" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "subject", SHAPE_TEXT, FILTERS, .zh = "事项", .en = "what it is about" },
	{ "reason", SHAPE_TEXT, .zh = "理由", .en = "why" },
	{ "moved_by", SHAPE_TEXT, BOTH, .zh = "提请人", .en = "who moved it" },
	{ "moved_at", SHAPE_TIME, BOTH, .zh = "提请时间", .en = "when" },
	{ "ends_at", SHAPE_TIME, BOTH, .zh = "有效期至", .en = "it lapses at" },
	{ "state", SHAPE_TEXT, BOTH, .words = MOTION_STATES, .zh = "状态", .en = "state" },
	{ "decided_by", SHAPE_TEXT, MAYBE, BOTH, .zh = "决定人", .en = "who decided" },
	{ "decided_at", SHAPE_TIME, MAYBE, SORTS, .zh = "决定时间", .en = "when it was decided" },
	{ "decided_why", SHAPE_TEXT, MAYBE, .zh = "决定的理由", .en = "why it was decided so" },
	{ 0 },
};
const struct list list_motions = { "motions", "motion_list", motion_columns, "id", "id", true,
	.zh = "提请", .en = "motions" };

static const struct list_column account_columns[] = {
	{ "id", SHAPE_TEXT, BOTH, .zh = "账号", .en = "account" },
	{ "kind", SHAPE_TEXT, BOTH, .words = "person,service", .zh = "种类", .en = "kind" },
	{ "person", SHAPE_TEXT, BOTH, .zh = "工号", .en = "staff number of the person" },
	{ "name", SHAPE_TEXT, BOTH, .zh = "姓名", .en = "name" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "inspector", SHAPE_TEXT, MAYBE, BOTH, .zh = "执法检查人员编号", .en = "inspector" },
	{ "state", SHAPE_TEXT, BOTH, .words = "active,disabled", .zh = "状态", .en = "state" },
	{ "created", SHAPE_TIME, BOTH, .zh = "建立时间", .en = "when it was made" },
	{ 0 },
};
const struct list list_accounts = { "accounts", "account_list", account_columns, "id", "id", false,
	.personal = "account", .zh = "账号", .en = "accounts" };

static const struct list_column role_columns[] = {
	{ "id", SHAPE_NUMBER, SORTS, .zh = "编号", .en = "number" },
	{ "account", SHAPE_TEXT, BOTH, .zh = "账号", .en = "account" },
	{ "role", SHAPE_TEXT, BOTH, .words = ROLE_WORDS, .zh = "角色", .en = "role" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "from", SHAPE_DATE, SORTS, .zh = "起始日", .en = "first day" },
	{ "to", SHAPE_DATE, MAYBE, SORTS, .zh = "截止日", .en = "last day" },
	{ "delegated_from", SHAPE_TEXT, MAYBE, BOTH, .zh = "受谁委托代行", .en = "who delegated it" },
	{ "motion", SHAPE_NUMBER, MAYBE, FILTERS, .zh = "提请", .en = "motion" },
	{ "ended", SHAPE_TIME, MAYBE, BOTH, .zh = "终止时间", .en = "when it was ended" },
	{ 0 },
};
const struct list list_roles = { "roles", "account_role_list", role_columns, "id", "id", false,
	.zh = "角色授予", .en = "roles of accounts" };

static const struct list_column department_columns[] = {
	{ "id", SHAPE_TEXT, BOTH, .zh = "部门代码", .en = "department" },
	{ "system", SHAPE_TEXT, BOTH, .zh = "系统", .en = "system" },
	{ "level", SHAPE_TEXT, BOTH, .words = LEVELS, .zh = "层级", .en = "level" },
	{ "region", SHAPE_TEXT, BOTH, .zh = "行政区划代码", .en = "region" },
	{ "name", SHAPE_TEXT, BOTH, .zh = "名称", .en = "name in Chinese" },
	{ "name_en", SHAPE_TEXT, BOTH, .zh = "英文名称", .en = "name in English" },
	{ "short", SHAPE_TEXT, SORTS, .zh = "简称", .en = "short name" },
	{ "inspects", SHAPE_FLAG, FILTERS, .zh = "具备行政检查主体资格", .en = "may lawfully inspect" },
	{ "active", SHAPE_FLAG, FILTERS, .zh = "在用", .en = "in use" },
	{ 0 },
};
const struct list list_departments = { "departments", "department_list", department_columns, "id",
	"id", false, .zh = "部门", .en = "departments" };

static const struct list_column session_columns[] = {
	{ "id", SHAPE_NUMBER, SORTS, .zh = "登录编号", .en = "number of the session" },
	{ "account", SHAPE_TEXT, BOTH, .zh = "账号", .en = "account" },
	{ "created", SHAPE_TIME, BOTH, .zh = "登录时间", .en = "when it began" },
	{ "seen", SHAPE_TIME, BOTH, .zh = "最近使用", .en = "when it was last used" },
	{ "ends", SHAPE_TIME, BOTH, .zh = "最晚终止时间", .en = "it ends at the latest" },
	{ "restricted", SHAPE_FLAG, FILTERS, .zh = "尚须更改初始密码或启用动态验证码",
		.en = "a new password or the second factor is still missing" },
	{ "address", SHAPE_TEXT, BOTH, .zh = "来源地址", .en = "address" },
	{ "agent", SHAPE_TEXT, .zh = "浏览器", .en = "browser" },
	{ "ended", SHAPE_TIME, MAYBE, BOTH, .zh = "终止时间", .en = "when it was ended" },
	{ "ended_why", SHAPE_TEXT, MAYBE, FILTERS, .zh = "终止原因", .en = "why it was ended" },
	{ 0 },
};
const struct list list_sessions = { "sessions", "session_list", session_columns, "id", "id", true,
	.zh = "登录", .en = "sessions" };

static const struct list_column token_columns[] = {
	{ "id", SHAPE_NUMBER, SORTS, .zh = "令牌编号", .en = "number of the token" },
	{ "account", SHAPE_TEXT, BOTH, .zh = "账号", .en = "account" },
	{ "name", SHAPE_TEXT, BOTH, .zh = "用途", .en = "what it is for" },
	{ "scopes", SHAPE_TEXT, .zh = "令牌范围", .en = "scopes" },
	{ "created", SHAPE_TIME, BOTH, .zh = "建立时间", .en = "when it was made" },
	{ "ends", SHAPE_TIME, BOTH, .zh = "到期时间", .en = "it ends at" },
	{ "used", SHAPE_TIME, MAYBE, BOTH, .zh = "最近使用", .en = "when it was last used" },
	{ "ended", SHAPE_TIME, MAYBE, BOTH, .zh = "终止时间", .en = "when it was ended" },
	{ 0 },
};
const struct list list_tokens = { "tokens", "access_token_list", token_columns, "id", "id", true,
	.zh = "访问令牌", .en = "access tokens" };

/* ---- audit -------------------------------------------------------------------------------- */

static const struct list_column audit_columns[] = {
	{ "seq", SHAPE_NUMBER, BOTH, .zh = "序号", .en = "place in the chain" },
	{ "at", SHAPE_TIME, FILTERS, .stamp = "at_stamp", .zh = "时间", .en = "when" },
	{ "account", SHAPE_TEXT, FILTERS, .zh = "账号", .en = "who" },
	{ "person", SHAPE_TEXT, FILTERS, .zh = "工号", .en = "staff number" },
	{ "roles", SHAPE_TEXT, .zh = "角色", .en = "roles" },
	{ "via", SHAPE_TEXT, FILTERS, .words = "session,token,peer,proxy,process,public",
		.zh = "身份来源", .en = "how it was known who" },
	{ "address", SHAPE_TEXT, FILTERS, .zh = "来源地址", .en = "from where" },
	{ "route", SHAPE_TEXT, FILTERS, .zh = "操作", .en = "operation" },
	{ "act", SHAPE_TEXT, FILTERS, .words = "made,changed,removed,read,refused", .zh = "行为", .en = "act" },
	{ "object_kind", SHAPE_TEXT, FILTERS, .zh = "事物种类", .en = "kind of thing" },
	{ "object", SHAPE_TEXT, FILTERS, .zh = "事物", .en = "thing" },
	{ "department", SHAPE_TEXT, FILTERS, .zh = "部门", .en = "department" },
	{ "before", SHAPE_HASH, MAYBE, .zh = "变更前的哈希", .en = "hash before" },
	{ "after", SHAPE_HASH, MAYBE, .zh = "变更后的哈希", .en = "hash after" },
	{ "reason", SHAPE_TEXT, .zh = "理由", .en = "why" },
	{ "detail", SHAPE_ANY, .zh = "详情", .en = "details" },
	{ "prev", SHAPE_HASH, .zh = "前一条的哈希", .en = "hash of the entry before" },
	{ "hash", SHAPE_HASH, .zh = "本条的哈希", .en = "hash of the entry" },
	{ 0 },
};
const struct list list_audit = { "audit", "audit_list", audit_columns, "seq", "seq", true,
	.zh = "审计日志", .en = "audit log" };

static const struct list_column document_columns[] = {
	{ "code", SHAPE_TEXT, BOTH, .zh = "代码", .en = "code" },
	{ "version", SHAPE_NUMBER, BOTH, .zh = "版本", .en = "version" },
	{ "state", SHAPE_TEXT, BOTH, .words = "draft,agreed,retired", .zh = "状态", .en = "state" },
	{ "title", SHAPE_TEXT, FILTERS, .zh = "名称", .en = "title" },
	{ "department", SHAPE_TEXT, MAYBE, BOTH, .zh = "部门", .en = "department" },
	{ "hash", SHAPE_HASH, .zh = "内容的哈希", .en = "hash of its rows" },
	{ "replaces", SHAPE_NUMBER, MAYBE, .zh = "提交时生效的版本", .en = "version in force when it was put" },
	{ "account", SHAPE_TEXT, MAYBE, FILTERS, .zh = "提交人", .en = "who put it" },
	{ "created", SHAPE_TIME, BOTH, .zh = "提交时间", .en = "when" },
	{ "motion", SHAPE_NUMBER, MAYBE, .zh = "审定的提请", .en = "motion by which it was agreed to" },
	{ "agreed", SHAPE_TIME, MAYBE, BOTH, .zh = "生效时间", .en = "in force since" },
	{ "ended", SHAPE_TIME, MAYBE, FILTERS, .zh = "终止时间", .en = "until" },
	{ 0 },
};
const struct list list_documents = { "documents", "document_list", document_columns, "code,version",
	"code", false, .within = "kind", .parent = Q_list_document,
	.zh = "文书", .en = "documents" };

/* clang-format on */

const struct list *const lists[] = { &list_jobs, &list_imports, &list_import_errors, &list_uploads,
	&list_rounds, &list_motions, &list_accounts, &list_roles, &list_departments, &list_sessions,
	&list_tokens, &list_visits, &list_proposals, &list_audit, &list_import_groups, &list_rows,
	&list_history, &list_quality_edits, &list_round_edits, &list_focus, &list_letters,
	&list_buffers, &list_repeats, &list_documents, &list_programmes,
	&list_programme_tasks, &list_programme_amendments, &list_public_programmes,
	&list_public_tasks, &list_public_amendments, &list_clues, &list_causes, &list_dropped, NULL };
