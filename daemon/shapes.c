#include "daemon/shapes.h"

#define ROUND_STATES  "draft,frozen,locked,drawn,visiting,revealed,closed,void"
#define JOB_STATES    "queued,running,done,failed"
#define MOTION_STATES "open,carried,done,refused,declined,withdrawn,lapsed"

/* clang-format off */

/* Lists of plain values and maps of them. */
static const struct shape texts[] = { { .name = "", .kind = SHAPE_TEXT }, { 0 } };
static const struct shape hashes[] = { { .name = "", .kind = SHAPE_HASH }, { 0 } };

/* ---- files, lists, jobs ------------------------------------------------------------------- */

const struct shape shape_upload[] = {
	{ "id", SHAPE_NUMBER, .zh = "上传编号", .en = "number of the upload" },
	{ "name", SHAPE_TEXT, .zh = "文件名", .en = "name of the file" },
	{ "size", SHAPE_NUMBER, .zh = "文件大小（字节）", .en = "size of the file in bytes" },
	{ "sha256", SHAPE_HASH, .maybe = true, .zh = "传完后的哈希（64 MiB 以内的文件），可作依据",
		.en = "its hash once complete (files of up to 64 MiB), to name it as evidence" },
	{ "received", SHAPE_NUMBER, .zh = "已收到的字节数，续传由此开始",
		.en = "bytes received; the next piece begins here" },
	{ "removed", SHAPE_TIME, .maybe = true, .zh = "内容的删除时间，空为仍在",
		.en = "when its content was removed; null: it is here" },
	{ 0 },
};

const struct shape shape_upload_new[] = {
	{ "id", SHAPE_NUMBER, .zh = "上传编号", .en = "number of the upload" },
	{ "size", SHAPE_NUMBER, .zh = "文件大小（字节）", .en = "size of the file in bytes" },
	{ "received", SHAPE_NUMBER, .zh = "已收到的字节数，续传由此开始",
		.en = "bytes received; the next piece begins here" },
	{ 0 },
};

const struct shape shape_job[] = {
	{ "id", SHAPE_NUMBER, .zh = "作业编号", .en = "number of the job" },
	{ "kind", SHAPE_TEXT, .zh = "作业种类", .en = "kind of job" },
	{ "state", SHAPE_TEXT, .words = JOB_STATES, .zh = "状态", .en = "state" },
	{ "attempts", SHAPE_NUMBER, .zh = "第几次执行", .en = "how often it was begun" },
	{ "done", SHAPE_NUMBER, .maybe = true, .zh = "已完成的量", .en = "how much is done" },
	{ "total", SHAPE_NUMBER, .maybe = true, .zh = "总量", .en = "of how much" },
	{ "note", SHAPE_TEXT, .maybe = true, .zh = "正在做什么", .en = "what it is doing" },
	{ "args", SHAPE_ANY, .maybe = true, .zh = "作业参数", .en = "what it was given" },
	{ "result", SHAPE_ANY, .maybe = true, .zh = "结果", .en = "what it left" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "错误", .en = "why it failed" },
	{ "created", SHAPE_TIME, .zh = "提交时间", .en = "when it was asked for" },
	{ "finished", SHAPE_TIME, .maybe = true, .zh = "结束时间", .en = "when it ended" },
	{ 0 },
};

const struct shape shape_queued[] = {
	{ "job", SHAPE_NUMBER, .zh = "作业编号（GET /api/v1/jobs/{id}）", .en = "number of the job (GET /api/v1/jobs/{id})" },
	{ 0 },
};

const struct shape shape_import_queued[] = {
	{ "job", SHAPE_NUMBER, .maybe = true, .zh = "作业编号（GET /api/v1/jobs/{id}）", .en = "number of the job (GET /api/v1/jobs/{id})" },
	{ "motion", SHAPE_NUMBER, .maybe = true, .zh = "回避关系：提请编号，须由另一人同意", .en = "recusals: number of the motion, for a second person" },
	{ 0 },
};

/* ---- rounds ------------------------------------------------------------------------------- */

static const struct shape round_approval[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "account", SHAPE_TEXT, .zh = "批准人", .en = "who approved" },
	{ "at", SHAPE_TIME, .zh = "批准时间", .en = "when" },
	{ 0 },
};
static const struct shape round_warning[] = {
	{ "code", SHAPE_TEXT, .words = "policy-open,window-past,deadline-past,region-renamed,classes-behind", .zh = "种类", .en = "kind" },
	{ "what", SHAPE_TEXT, .zh = "何事：提请，任务及其末日，期限", .en = "the motion; the task and its last day; the deadline" },
	{ "zh", SHAPE_TEXT, .zh = "一句话", .en = "the sentence in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文", .en = "the sentence" },
	{ 0 },
};
static const struct shape round_entry[] = {
	{ "index", SHAPE_NUMBER, .zh = "日志序号", .en = "index in the log" },
	{ "kind", SHAPE_TEXT, .zh = "记录种类", .en = "kind of record" },
	{ "leaf", SHAPE_HASH, .zh = "叶哈希", .en = "leaf hash" },
	{ 0 },
};
static const struct shape round_bundle[] = {
	{ "level", SHAPE_TEXT, .words = "audit,public", .zh = "级别", .en = "level" },
	{ "checkpoint", SHAPE_NUMBER, .zh = "检查点大小", .en = "size of its checkpoint" },
	{ "sha256", SHAPE_HASH, .zh = "复核包的哈希", .en = "hash of the bundle" },
	{ 0 },
};
static const struct shape round_stratum[] = {
	{ "task", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ "stratum", SHAPE_TEXT, .zh = "分层", .en = "stratum" },
	{ "population", SHAPE_NUMBER, .zh = "检查对象户数", .en = "objects" },
	{ "units", SHAPE_NUMBER, .zh = "抽取单位数 N：经营主体或检查对象", .en = "units N: entities or objects" },
	{ "among", SHAPE_NUMBER, .zh = "合并抽取的单位数：与其他任务共用入选界限的分层合计，其余同 N",
		.en = "units drawn among: of all strata that share a cutoff with it, else N" },
	{ "quota", SHAPE_NUMBER, .zh = "抽取数 n", .en = "number drawn n" },
	{ "ratio", SHAPE_NUMBER, .zh = "比例（百万分之一）", .en = "ratio in millionths" },
	{ "report", SHAPE_TEXT, .zh = "提示", .en = "remarks" },
	{ 0 },
};
static const struct shape round_draw[] = {
	{ "pairs", SHAPE_NUMBER, .zh = "抽中的任务与对象", .en = "pairs of task and object drawn" },
	{ "objects", SHAPE_NUMBER, .zh = "检查对象", .en = "objects" },
	{ "unmerged", SHAPE_NUMBER, .zh = "不合并时的现场检查次数", .en = "on-site visits without merging" },
	{ "merged_objects", SHAPE_NUMBER, .zh = "联合检查的对象", .en = "objects visited jointly" },
	{ "dropped", SHAPE_NUMBER, .zh = "因频次上限或检查频次在本轮内不再检查的任务与对象（明细见 /dropped）",
		.en = "pairs not visited: a cap or a frequency is used up by earlier visits of the round; /dropped lists them" },
	{ "bound_billionths", SHAPE_NUMBER, .maybe = true, .zh = "入企次数的下界 L（十亿分之一）；只看一个部门的，为该部门的；看几个部门的没有",
		.en = "lower bound L of the visits on site, in billionths; of one department its own; null for who is told of several" },
	{ 0 },
};
static const struct shape round_visits[] = {
	{ "all", SHAPE_NUMBER, .zh = "检查次数", .en = "visits" },
	{ "onsite", SHAPE_NUMBER, .zh = "现场", .en = "on site" },
	{ "offsite", SHAPE_NUMBER, .zh = "非现场", .en = "off site" },
	{ "joint", SHAPE_NUMBER, .zh = "两个以上部门联合的现场检查", .en = "on site by two or more departments" },
	{ "saved", SHAPE_NUMBER, .zh = "因合并而少的入企次数", .en = "entries fewer than if every department of a visit came by itself" },
	{ "departments", SHAPE_NUMBER, .zh = "参加检查的部门（部门次，各次检查相加）", .en = "departments, added over all visits" },
	{ "unplaced", SHAPE_NUMBER, .zh = "未排日期", .en = "without a day" },
	{ 0 },
};
static const struct shape round_slots[] = {
	{ "all", SHAPE_NUMBER, .zh = "人员名额", .en = "slots" },
	{ "open", SHAPE_NUMBER, .zh = "空缺", .en = "open slots" },
	{ "inspectors", SHAPE_NUMBER, .zh = "派出的执法检查人员", .en = "inspectors assigned" },
	{ 0 },
};

static const struct shape round_department[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "onsite", SHAPE_NUMBER, .zh = "参加的现场检查", .en = "visits on site in which it takes part" },
	{ "offsite", SHAPE_NUMBER, .zh = "参加的非现场检查", .en = "checks off site in which it takes part" },
	{ "joint", SHAPE_NUMBER, .zh = "其中与其他部门联合的现场检查；合并率为 joint / onsite",
		.en = "of those on site the ones with other departments; the merge rate is joint / onsite" },
	{ "saved", SHAPE_NUMBER, .zh = "这些检查因合并而少的入企次数", .en = "entries that merging saves at these visits" },
	{ "unplaced", SHAPE_NUMBER, .zh = "未排日期", .en = "without a day" },
	{ "dropped", SHAPE_NUMBER, .zh = "其任务中因频次不再检查的", .en = "pairs of its tasks that are dropped" },
	{ "slots", SHAPE_NUMBER, .zh = "人员名额", .en = "slots" },
	{ "open", SHAPE_NUMBER, .zh = "空缺", .en = "open slots" },
	{ "bound_billionths", SHAPE_NUMBER, .maybe = true, .zh = "只有该部门的任务时入企次数的下界 L（十亿分之一）",
		.en = "lower bound L of the visits on site for its own tasks alone, in billionths" },
	{ 0 },
};

/* Of a freeze; shares in parts per million. */
static const struct shape freeze_quality[] = {
	{ "numerator", SHAPE_NUMBER, .zh = "数据正确率的分子：代码正确的对象数", .en = "numerator of the correctness: objects whose code is right" },
	{ "denominator", SHAPE_NUMBER, .zh = "分母：计入的对象数加退回的行数", .en = "denominator: objects that count and rows handed back" },
	{ "minimum", SHAPE_NUMBER, .maybe = true, .zh = "冻结所需的正确率（百万分之一）", .en = "the least share for a freeze, in millionths" },
	{ "override", SHAPE_TEXT, .maybe = true, .zh = "正确率不足亦冻结的理由", .en = "why to freeze though it is less" },
	{ "worst", SHAPE_TEXT, .maybe = true, .zh = "差错最多的来源", .en = "the sources with most errors" },
	{ "read", SHAPE_TIME, .maybe = true, .zh = "为冻结读取名录的时间", .en = "when the register was read for the freeze" },
	{ 0 },
};

/* The part that is not public is left out, or null, for those who may not see it. */
const struct shape shape_round[] = {
	{ "id", SHAPE_TEXT, .zh = "轮次编号", .en = "number of the round" },
	{ "state", SHAPE_TEXT, .words = ROUND_STATES, .zh = "状态", .en = "state" },
	{ "demo", SHAPE_FLAG, .zh = "演示轮次", .en = "a demonstration" },
	{ "pulses", SHAPE_TEXT, .zh = "约定的公共随机数", .en = "the pulses agreed on" },
	{ "delta", SHAPE_NUMBER, .zh = "锁定取得见证联署至最早公共随机数的最短间隔（秒）", .en = "least seconds from the cosignature of the lock to the earliest pulse" },
	{ "draw_deadline", SHAPE_TIME, .zh = "抽取期限", .en = "deadline of the draw" },
	{ "reveal_after", SHAPE_DATE, .zh = "此日起可以启封", .en = "it may be revealed from this day on" },
	{ "results_due", SHAPE_DATE, .zh = "结果公示期限", .en = "results are due" },
	{ "disclosure", SHAPE_TEXT, .zh = "公开级别", .en = "level of disclosure" },
	{ "entries", SHAPE_LIST, round_entry, .zh = "日志条目", .en = "entries of the log" },
	{ "name", SHAPE_TEXT, .maybe = true, .zh = "方案名称", .en = "name of the policy" },
	{ "departments", SHAPE_TEXT, .maybe = true, .zh = "参加部门", .en = "departments that take part" },
	{ "created_by", SHAPE_TEXT, .maybe = true, .zh = "建立人", .en = "who made it" },
	{ "created", SHAPE_TIME, .maybe = true, .zh = "建立时间", .en = "when it was made" },
	{ "policy_motion", SHAPE_NUMBER, .maybe = true, .zh = "方案的提请", .en = "the motion on its policy" },
	{ "policy_agreed", SHAPE_TIME, .maybe = true, .zh = "方案通过时间", .en = "when its policy was carried" },
	{ "policy_state", SHAPE_TEXT, .maybe = true, .words = MOTION_STATES, .zh = "方案的提请的状态", .en = "state of the motion on its policy" },
	{ "warnings", SHAPE_LIST, round_warning, .maybe = true, .zh = "草稿的提示：仍可办理，但须知悉", .en = "of a draft: what its people should know before they go on" },
	{ "approvals", SHAPE_LIST, round_approval, .maybe = true, .zh = "部门批准", .en = "approvals" },
	{ "artefacts", SHAPE_MAP, hashes, .maybe = true, .zh = "存档文件的哈希", .en = "hashes of its artefacts" },
	{ "bundles", SHAPE_LIST, round_bundle, .maybe = true, .zh = "复核包", .en = "bundles" },
	{ "quality", SHAPE_OBJECT, freeze_quality, .maybe = true, .zh = "所冻结名录的数据正确率", .en = "correctness of the lists that were frozen" },
	{ "strata", SHAPE_LIST, round_stratum, .maybe = true, .zh = "分层", .en = "strata" },
	{ "class_missing", SHAPE_TEXT, .maybe = true, .zh = "无等级对象按此等级", .en = "class of objects that have none" },
	{ "draw", SHAPE_OBJECT, round_draw, .maybe = true, .zh = "抽取", .en = "the draw" },
	{ "visits", SHAPE_OBJECT, round_visits, .maybe = true, .zh = "检查安排", .en = "visits" },
	{ "slots", SHAPE_OBJECT, round_slots, .maybe = true, .zh = "人员安排", .en = "slots" },
	{ "by_department", SHAPE_LIST, round_department, .maybe = true, .zh = "各部门的数字；联合检查各部门都计入，不能相加",
		.en = "figures of each department; a joint visit counts for all of its departments, so they do not add up" },
	{ "causes", SHAPE_NUMBER, .zh = "写明该轮次的有因检查次数，不计入以上各项", .en = "inspections for a cause whose records name the round; in none of the figures above" },
	{ 0 },
};

const struct shape shape_round_made[] = {
	{ "id", SHAPE_TEXT, .zh = "轮次编号", .en = "number of the round" },
	{ "state", SHAPE_TEXT, .words = ROUND_STATES, .zh = "状态", .en = "state" },
	{ "motion", SHAPE_NUMBER, .zh = "方案的提请，须由另一人同意", .en = "the motion on its policy, for a second person" },
	{ "warnings", SHAPE_LIST, round_warning, .zh = "提示", .en = "what to know before one goes on" },
	{ 0 },
};

const struct shape shape_approved[] = {
	{ "department", SHAPE_TEXT, .zh = "批准的部门", .en = "the department that approved" },
	{ "missing", SHAPE_TEXT, .zh = "尚未批准的部门", .en = "departments still to approve" },
	{ "warnings", SHAPE_LIST, round_warning, .zh = "提示", .en = "what to know before one goes on" },
	{ 0 },
};

const struct shape shape_proposal[] = {
	{ "id", SHAPE_NUMBER, .zh = "存证申请编号", .en = "number of the proposal" },
	{ "round", SHAPE_TEXT, .zh = "轮次", .en = "round" },
	{ "kind", SHAPE_TEXT, .zh = "种类", .en = "kind" },
	{ "place", SHAPE_NUMBER, .maybe = true, .zh = "第几个公共随机数", .en = "place of the beacon" },
	{ "state", SHAPE_TEXT, .zh = "状态", .en = "state" },
	{ "entry", SHAPE_NUMBER, .maybe = true, .zh = "日志序号", .en = "index in the log" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "拒绝的原因", .en = "why it was refused" },
	{ 0 },
};

/* ---- four eyes ---------------------------------------------------------------------------- */

const struct shape shape_motion[] = {
	{ "id", SHAPE_NUMBER, .zh = "提请编号", .en = "number of the motion" },
	{ "kind", SHAPE_TEXT, .zh = "种类", .en = "kind" },
	{ "round", SHAPE_TEXT, .maybe = true, .zh = "轮次", .en = "round" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" },
	{ "subject", SHAPE_TEXT, .zh = "事项", .en = "what it is about" },
	{ "body", SHAPE_ANY, .maybe = true, .zh = "内容", .en = "what is to be done" },
	{ "reason", SHAPE_TEXT, .zh = "理由", .en = "why" },
	{ "evidence", SHAPE_TEXT, .zh = "依据（哈希）", .en = "hashes of the evidence" },
	{ "moved_by", SHAPE_TEXT, .zh = "提请人", .en = "who moved it" },
	{ "moved_at", SHAPE_TIME, .zh = "提请时间", .en = "when" },
	{ "ends_at", SHAPE_TIME, .zh = "有效期至", .en = "it lapses at" },
	{ "state", SHAPE_TEXT, .words = MOTION_STATES, .zh = "状态", .en = "state" },
	{ "decided_by", SHAPE_TEXT, .maybe = true, .zh = "决定人", .en = "who decided" },
	{ "decided_at", SHAPE_TIME, .maybe = true, .zh = "决定时间", .en = "when it was decided" },
	{ "decided_why", SHAPE_TEXT, .maybe = true, .zh = "决定的理由", .en = "why it was decided so" },
	{ "result", SHAPE_ANY, .maybe = true, .zh = "结果", .en = "what came of it" },
	{ "quality", SHAPE_OBJECT, freeze_quality, .maybe = true, .zh = "冻结的提请：此刻名录的数据正确率；已冻结的，冻结时的", .en = "of a freeze: correctness of the lists at this moment; once done, of those it froze" },
	{ "second", SHAPE_LIST, texts, .zh = "可作决定的角色", .en = "roles that may decide it" },
	{ 0 },
};

const struct shape shape_moved[] = {
	{ "motion", SHAPE_NUMBER, .zh = "提请编号，须由另一人同意", .en = "number of the motion, for a second person" },
	{ 0 },
};

const struct shape shape_motion_decided[] = {
	{ "motion", SHAPE_NUMBER, .zh = "提请编号", .en = "number of the motion" },
	{ "state", SHAPE_TEXT, .words = MOTION_STATES, .zh = "状态", .en = "state" },
	{ "result", SHAPE_ANY, .maybe = true, .zh = "结果：作业、存证申请；check 为年度计划变更后须重新核对", .en = "what came of it: a job, a proposal; check: the programme as amended is to be checked" },
	{ 0 },
};

/* ---- the audit log ------------------------------------------------------------------------ */

static const struct shape audit_entry[] = {
	{ "seq", SHAPE_NUMBER, .zh = "序号", .en = "place in the chain" },
	{ "hash", SHAPE_HASH, .zh = "哈希", .en = "its hash" },
	{ "text", SHAPE_TEXT, .zh = "规范文本", .en = "its canonical text" },
	{ 0 },
};
const struct shape shape_audit_chain[] = {
	{ "entries", SHAPE_LIST, audit_entry, .zh = "各条", .en = "entries in order" },
	{ "next", SHAPE_NUMBER, .maybe = true, .zh = "下一页的 after", .en = "`after` of the next page" },
	{ 0 },
};

static const struct shape audit_anchor[] = {
	{ "date", SHAPE_DATE, .zh = "日期", .en = "day" },
	{ "entries", SHAPE_NUMBER, .zh = "审计日志的条数", .en = "entries of the audit log" },
	{ "audit", SHAPE_HASH, .zh = "其末条的哈希", .en = "hash of the last of them" },
	{ "entry", SHAPE_NUMBER, .zh = "公开日志中的序号", .en = "index in the public log" },
	{ 0 },
};
const struct shape shape_audit_anchors[] = {
	{ "entries", SHAPE_NUMBER, .zh = "条数", .en = "entries of the audit log" },
	{ "hash", SHAPE_HASH, .zh = "末条的哈希", .en = "hash of the last" },
	{ "anchors", SHAPE_LIST, audit_anchor, .zh = "公开日志中的锚定", .en = "anchors in the public log" },
	{ 0 },
};

/* ---- people ------------------------------------------------------------------------------- */

#define ROLE_MEMBERS \
	{ "id", SHAPE_NUMBER, .zh = "授予编号", .en = "number of the grant" }, \
	{ "role", SHAPE_TEXT, .zh = "角色", .en = "role" }, \
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" }, \
	{ "from", SHAPE_DATE, .zh = "自", .en = "first day" }, \
	{ "to", SHAPE_DATE, .maybe = true, .zh = "至", .en = "last day" }, \
	{ "delegated_from", SHAPE_TEXT, .maybe = true, .zh = "受谁委托代行", .en = "delegated by" }, \
	{ "motion", SHAPE_NUMBER, .maybe = true, .zh = "依据的提请", .en = "the motion it rests on" }
static const struct shape account_role[] = { ROLE_MEMBERS, { 0 } };
const struct shape shape_role[] = {
	ROLE_MEMBERS,
	{ "account", SHAPE_TEXT, .zh = "账号", .en = "account" },
	{ "ended", SHAPE_TIME, .maybe = true, .zh = "终止时间", .en = "when it was ended" },
	{ 0 },
};

const struct shape shape_account[] = {
	{ "id", SHAPE_TEXT, .zh = "账号", .en = "account" },
	{ "kind", SHAPE_TEXT, .words = "person,service", .zh = "种类", .en = "kind" },
	{ "person", SHAPE_TEXT, .zh = "工号", .en = "staff number of the person" },
	{ "name", SHAPE_TEXT, .zh = "姓名", .en = "name" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" },
	{ "inspector", SHAPE_TEXT, .maybe = true, .zh = "执法检查人员编号", .en = "inspector" },
	{ "os_user", SHAPE_TEXT, .zh = "本机用户名", .en = "user of the machine" },
	{ "sso_name", SHAPE_TEXT, .zh = "统一身份认证的名称", .en = "name at the trusted proxy" },
	{ "state", SHAPE_TEXT, .words = "active,disabled", .zh = "状态", .en = "state" },
	{ "language", SHAPE_TEXT, .words = "zh,en", .zh = "语言", .en = "language" },
	{ "password", SHAPE_TIME, .maybe = true, .zh = "密码更改时间", .en = "when the password was set" },
	{ "first_password", SHAPE_FLAG, .zh = "仍是初始密码", .en = "the first password was not changed yet" },
	{ "totp", SHAPE_FLAG, .zh = "已启用动态验证码", .en = "it has a second factor" },
	{ "created", SHAPE_TIME, .zh = "建立时间", .en = "when it was made" },
	{ "roles", SHAPE_LIST, account_role, .zh = "角色", .en = "its roles" },
	{ 0 },
};

const struct shape shape_first_password[] = {
	{ "account", SHAPE_TEXT, .zh = "账号", .en = "account" },
	{ "half", SHAPE_NUMBER, .zh = "第几半：1 给提请人，2 给同意人", .en = "which half: 1 for the one who moved it, 2 for the one who seconded" },
	{ "password", SHAPE_TEXT, .zh = "初始密码的一半，请亲自交给本人；两半以 - 相连即为密码", .en = "half of the first password, to be handed over in person; both joined by - are the password" },
	{ "ends", SHAPE_TIME, .zh = "有效期至", .en = "it works until" },
	{ 0 },
};

const struct shape shape_department[] = {
	{ "id", SHAPE_TEXT, .zh = "部门代码", .en = "department" },
	{ "system", SHAPE_TEXT, .zh = "系统", .en = "system" },
	{ "level", SHAPE_TEXT, .words = "province,city,county,town", .zh = "层级", .en = "level" },
	{ "region", SHAPE_TEXT, .zh = "行政区划代码", .en = "region" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name in Chinese" },
	{ "name_en", SHAPE_TEXT, .zh = "英文名称", .en = "name in English" },
	{ "short", SHAPE_TEXT, .zh = "简称", .en = "short name" },
	{ "inspects", SHAPE_FLAG, .zh = "具备行政检查主体资格", .en = "may lawfully inspect" },
	{ "active", SHAPE_FLAG, .zh = "在用", .en = "in use" },
	{ 0 },
};

#define NEEDS { "needs", SHAPE_TEXT, .words = ",password,totp", .zh = "先要办的：password 更改初始密码，totp 启用动态验证码", \
		.en = "what has to be done first: password (change the first one), totp (a second factor)" }
const struct shape shape_session[] = {
	{ "account", SHAPE_TEXT, .zh = "账号", .en = "account" },
	{ "name", SHAPE_TEXT, .zh = "姓名", .en = "name" },
	{ "kind", SHAPE_TEXT, .words = "person,service", .zh = "账号种类", .en = "kind of account" },
	{ "via", SHAPE_TEXT, .words = "session,token,peer,proxy", .zh = "身份来源", .en = "how one is known" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" },
	{ "inspector", SHAPE_TEXT, .maybe = true, .zh = "执法检查人员编号", .en = "inspector" },
	{ "roles", SHAPE_LIST, texts, .zh = "角色", .en = "roles" },
	{ "held", SHAPE_LIST, texts, .zh = "角色及其部门，如 head:scjg", .en = "roles with their departments, like head:scjg" },
	{ "departments", SHAPE_LIST, texts, .zh = "可查看的部门，* 为全部", .en = "departments whose rows it reads, * for all" },
	{ "restricted", SHAPE_FLAG, .zh = "登录尚不完整，只能办理 needs 所列", .en = "nothing else can be done before `needs`" },
	NEEDS,
	{ "totp", SHAPE_FLAG, .zh = "已启用动态验证码", .en = "the account has a second factor" },
	{ "session", SHAPE_NUMBER, .maybe = true, .zh = "登录编号", .en = "number of the session" },
	{ "token", SHAPE_NUMBER, .maybe = true, .zh = "令牌编号", .en = "number of the access token" },
	{ "scopes", SHAPE_TEXT, .zh = "令牌的范围，* 为全部", .en = "scopes of the token, * for all" },
	{ "csrf", SHAPE_TEXT, .zh = "更改时放入 Drawd-CSRF 头", .en = "goes into Drawd-CSRF on changes" },
	{ "language", SHAPE_TEXT, .words = "zh,en", .zh = "语言", .en = "language" },
	{ 0 },
};

#define SIGNED_IN \
	{ "account", SHAPE_TEXT, .zh = "账号", .en = "account" }, \
	{ "restricted", SHAPE_FLAG, .zh = "登录尚不完整，只能办理 needs 所列", .en = "nothing else can be done before `needs`" }, \
	NEEDS, \
	{ "csrf", SHAPE_TEXT, .zh = "更改时放入 Drawd-CSRF 头", .en = "goes into Drawd-CSRF on changes" }, \
	{ "ends", SHAPE_TIME, .zh = "登录最晚终止时间", .en = "the session ends at the latest" }
const struct shape shape_signed_in[] = { SIGNED_IN, { 0 } };

const struct shape shape_password_changed[] = {
	SIGNED_IN,
	{ "ended_sessions", SHAPE_NUMBER, .zh = "随之终止的其余登录数", .en = "other sessions that were ended" },
	{ "ended_tokens", SHAPE_NUMBER, .zh = "随之终止的访问令牌数", .en = "access tokens that were ended" },
	{ 0 },
};

const struct shape shape_totp[] = {
	{ "secret", SHAPE_TEXT, .zh = "密钥（Base32），只显示一次", .en = "the secret in Base32, told once" },
	{ "uri", SHAPE_TEXT, .zh = "otpauth:// 地址", .en = "otpauth:// address" },
	{ 0 },
};

const struct shape shape_token_made[] = {
	{ "id", SHAPE_NUMBER, .zh = "令牌编号", .en = "number of the token" },
	{ "token", SHAPE_TEXT, .zh = "访问令牌，只显示一次", .en = "the access token, told once" },
	{ "ends", SHAPE_TIME, .zh = "到期时间", .en = "it ends at" },
	{ 0 },
};

/* ---- the service -------------------------------------------------------------------------- */

const struct shape shape_done[] = {
	{ "done", SHAPE_FLAG, .zh = "已办", .en = "it is done" },
	{ 0 },
};

static const struct shape one_route[] = {
	{ "method", SHAPE_TEXT, .zh = "方法", .en = "method" },
	{ "path", SHAPE_TEXT, .zh = "地址", .en = "path" },
	{ "name", SHAPE_TEXT, .zh = "操作名", .en = "name of the operation" },
	{ "roles", SHAPE_LIST, texts, .zh = "角色", .en = "roles" },
	{ "key", SHAPE_FLAG, .zh = "须带防重键", .en = "needs an Idempotency-Key" },
	{ "body", SHAPE_NUMBER, .zh = "请求内容的最大字节数", .en = "bytes of the largest body" },
	{ "scope", SHAPE_TEXT, .maybe = true, .zh = "令牌所需的范围", .en = "scope that a token needs" },
	{ "zh", SHAPE_TEXT, .zh = "说明", .en = "what it does, in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文说明", .en = "what it does, in English" },
	{ 0 },
};
const struct shape shape_routes[] = {
	{ "routes", SHAPE_LIST, one_route, .zh = "全部接口", .en = "every route" },
	{ 0 },
};

const struct shape shape_status[] = {
	{ "status", SHAPE_TEXT, .words = "ok", .zh = "进程在运行", .en = "the process runs" },
	{ "version", SHAPE_TEXT, .zh = "版本", .en = "version" },
	{ 0 },
};

const struct shape shape_ready[] = {
	{ "status", SHAPE_TEXT, .words = "ready", .zh = "可以服务", .en = "it can serve" },
	{ 0 },
};

const struct shape shape_openapi[] = {
	{ "openapi", SHAPE_TEXT, .zh = "OpenAPI 版本", .en = "version of OpenAPI" },
	{ "info", SHAPE_ANY, .zh = "接口名称与版本", .en = "name and version of the API" },
	{ "servers", SHAPE_ANY, .zh = "地址", .en = "where it is" },
	{ "tags", SHAPE_ANY, .zh = "分类", .en = "areas" },
	{ "paths", SHAPE_ANY, .zh = "全部接口", .en = "every route" },
	{ "components", SHAPE_ANY, .zh = "公用的定义", .en = "what they share" },
	{ "x-roles", SHAPE_ANY, .zh = "全部角色", .en = "every role" },
	{ "x-errors", SHAPE_ANY, .zh = "全部错误", .en = "every error" },
	{ 0 },
};

const struct shape shape_problem[] = {
	{ "type", SHAPE_TEXT, .words = "about:blank", .zh = "RFC 9457", .en = "RFC 9457" },
	{ "title", SHAPE_TEXT, .zh = "一句话（英文）", .en = "one sentence" },
	{ "status", SHAPE_NUMBER, .zh = "HTTP 状态码", .en = "HTTP status" },
	{ "code", SHAPE_TEXT, .zh = "错误名，不变", .en = "name of the error, for machines" },
	{ "zh", SHAPE_TEXT, .zh = "错误说明", .en = "the sentence in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文错误说明", .en = "the sentence in English" },
	{ "remedy_zh", SHAPE_TEXT, .zh = "怎么办", .en = "how to mend it, in Chinese" },
	{ "remedy_en", SHAPE_TEXT, .zh = "怎么办（英文）", .en = "how to mend it" },
	{ "where", SHAPE_TEXT, .zh = "何处", .en = "where" },
	{ "what", SHAPE_TEXT, .zh = "何值", .en = "the value at fault" },
	{ "field", SHAPE_TEXT, .maybe = true, .zh = "有误的字段或参数", .en = "the member or parameter at fault" },
	{ "who", SHAPE_LIST, texts, .maybe = true, .zh = "可办理的角色（无权办理时）", .en = "roles that may (where this account may not)" },
	{ 0 },
};

/* ---- their names -------------------------------------------------------------------------- */

const struct named_shape named_shapes[] = {
	{ "upload", shape_upload },
	{ "upload-new", shape_upload_new },
	{ "import", shape_import },
	{ "registers", shape_registers },
	{ "register", shape_register },
	{ "entity", shape_entity },
	{ "lookup", shape_lookup },
	{ "quality", shape_quality },
	{ "quality-trend", shape_quality_trend },
	{ "job", shape_job },
	{ "queued", shape_queued },
	{ "import-queued", shape_import_queued },
	{ "round", shape_round },
	{ "round-made", shape_round_made },
	{ "approved", shape_approved },
	{ "proposal", shape_proposal },
	{ "document", shape_document },
	{ "documents", shape_documents },
	{ "documents-checked", shape_documents_checked },
	{ "programme", shape_programme },
	{ "programme-check", shape_programme_check },
	{ "programme-done", shape_programme_done },
	{ "programme-rounds", shape_programme_rounds },
	{ "programme-submitted", shape_programme_submitted },
	{ "look", shape_look },
	{ "simulation", shape_simulation },
	{ "class-why", shape_class_why },
	{ "class-summary", shape_class_summary },
	{ "class-months", shape_class_months },
	{ "class-moves", shape_class_moves },
	{ "class-history", shape_class_history },
	{ "focus", shape_focus },
	{ "focus-summary", shape_focus_summary },
	{ "letter", shape_letter },
	{ "buffer", shape_buffer },
	{ "numbered", shape_numbered },
	{ "clue", shape_clue },
	{ "clue-made", shape_clue_made },
	{ "clue-dealt", shape_clue_dealt },
	{ "clue-text", shape_clue_text },
	{ "cause", shape_cause },
	{ "cause-outcome", shape_cause_outcome },
	{ "causes-public", shape_causes_public },
	{ "motion", shape_motion },
	{ "moved", shape_moved },
	{ "motion-decided", shape_motion_decided },
	{ "audit-chain", shape_audit_chain },
	{ "audit-anchors", shape_audit_anchors },
	{ "account", shape_account },
	{ "role", shape_role },
	{ "first-password", shape_first_password },
	{ "department", shape_department },
	{ "session", shape_session },
	{ "signed-in", shape_signed_in },
	{ "password-changed", shape_password_changed },
	{ "totp", shape_totp },
	{ "token-made", shape_token_made },
	{ "done", shape_done },
	{ "routes", shape_routes },
	{ "status", shape_status },
	{ "ready", shape_ready },
	{ "openapi", shape_openapi },
	{ "problem", shape_problem },
	{ 0 },
};
/* clang-format on */
