/* Words of the API for a reader of Chinese. */
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "daemon/register/registers.h"
#include "daemon/roles.h"
#include "sampler/step.h"

static const char *const words[][2] = {
	/* artefacts */
	{ "random", "随机" },
	{ "full", "全部" },
	{ "targeted", "定向" },
	{ "empty", "无对象" },
	{ "am", "上午" },
	{ "pm", "下午" },
	{ "onsite", "现场" },
	{ "offsite", "非现场" },
	/* lists, jobs, proposals */
	{ "queued", "排队" },
	{ "running", "进行中" },
	{ "done", "完成" },
	{ "failed", "失败" },
	{ "pending", "待决定" },
	{ "accepted", "已接受" },
	{ "import", "导入" },
	{ "project", "写入结果" },
	{ "bundle", "复核包" },
	/* motions */
	{ "open", "待同意" },
	{ "carried", "已同意，办理中" },
	{ "refused", "未能办成" },
	{ "declined", "不同意" },
	{ "withdrawn", "已撤回" },
	{ "lapsed", "已过期" },
	{ "policy", "抽查方案" },
	{ "document", "文书" },
	{ "base", "方案基础" },
	{ "model", "风险模型" },
	{ "scheme", "抽查方案" },
	{ "agreed", "生效" },
	{ "retired", "终止" },
	{ "documents.draft", "草拟" },
	{ "documents.agreed", "生效" },
	{ "documents.retired", "终止" },
	{ "do.agree", "生效" },
	{ "do.retire", "废止" },
	{ "look", "试算方案" },
	/* programmes */
	{ "programme", "年度抽查工作计划" },
	{ "state.collecting", "编制" },
	{ "state.review", "审核" },
	{ "state.approved", "已批准" },
	{ "state.published", "已公示" },
	{ "submission.pending", "未报" },
	{ "submission.reported", "已报" },
	{ "submission.none", "无任务" },
	{ "review.agreed", "同意" },
	{ "review.objected", "有异议" },
	{ "kept", "保留" },
	{ "kind.daily", "日常" },
	{ "kind.special", "专项" },
	{ "kind.case", "个案" },
	{ "do.approve", "批准" },
	{ "do.amend", "变更" },
	{ "action.add", "新增" },
	{ "action.change", "变更" },
	{ "action.withdraw", "取消" },
	{ "action.base", "改用现行方案基础" },
	{ "province-province", "省抽省查" },
	{ "province-city", "省抽市查" },
	{ "province-county", "省抽县查" },
	{ "province-town", "省抽乡查" },
	{ "city-city", "市抽市查" },
	{ "city-county", "市抽县查" },
	{ "city-town", "市抽乡查" },
	{ "county-county", "县抽县查" },
	{ "county-town", "县抽乡查" },
	{ "town-town", "乡抽乡查" },
	{ "source.complaint", "投诉" },
	{ "source.report", "举报" },
	{ "source.assigned", "转办交办" },
	{ "source.whistle", "吹哨人" },
	{ "source.monitoring", "监测" },
	{ "source.request", "企业申请" },
	{ "taken", "待办" },
	{ "assigned", "已交办" },
	{ "dismissed", "不检查" },
	{ "visit", "有因检查" },
	{ "act.taken", "登记" },
	{ "act.assigned", "交办" },
	{ "act.referred", "移送" },
	{ "act.dismissed", "决定不检查" },
	{ "act.visit", "决定有因检查" },
	{ "act.outcome", "录入结果" },
	{ "way.onsite", "现场" },
	{ "way.paper", "书面" },
	{ "way.network", "网络" },
	{ "way.offsite", "非现场" },
	{ "entered", "已写入公开日志" },
	{ "result.none", "未发现问题" },
	{ "result.undisclosed", "未按规定公示应当公示的信息" },
	{ "result.false", "公示信息隐瞒真实情况、弄虚作假" },
	{ "result.unreachable", "通过登记的住所（经营场所）无法联系" },
	{ "result.corrected", "发现问题已责令改正" },
	{ "result.uncooperative", "不配合检查情节严重" },
	{ "result.inactive", "未发现开展涉及的经营活动" },
	{ "result.pending", "发现问题待后续处理" },
	{ "result.cancelled", "未进行" },
	{ "simulate", "模拟抽查" },
	{ "programme-check", "核对年度计划" },
	{ "programme-round", "建立计划的轮次" },
	{ "seeds", "随机种子" },
	{ "part.class", "等级" },
	{ "part.field", "领域" },
	{ "part.department", "部门" },
	{ "classes", "分类结果入库" },
	{ "cause", "有因检查" },
	{ "classify", "计算信用风险分类" },
	{ "signal.counts", "计入" },
	{ "signal.before", "尚未发生" },
	{ "signal.window", "已过窗口" },
	{ "signal.repaired", "已修复" },
	{ "signal.ended", "公示期满" },
	{ "signal.decayed", "已衰减" },
	{ "focus", "重点监管对象" },
	{ "early", "预警名单" },
	{ "focus.holds", "指标仍达到" },
	{ "focus.runs", "尚未到期" },
	{ "focus.over", "已到期" },
	{ "focus.ended", "已解除" },
	{ "letter", "函件" },
	{ "warning", "预警函" },
	{ "reminder", "提醒函" },
	{ "letters.made", "待送达" },
	{ "letters.sent", "已送达" },
	{ "letters.answered", "已答复" },
	{ "post", "邮寄" },
	{ "hand", "直接送达" },
	{ "electronic", "电子送达" },
	{ "notice", "公告" },
	{ "buffer", "缓冲期" },
	{ "buffers.runs", "缓冲中" },
	{ "overdue", "到期无结果" },
	{ "cured", "已改正" },
	{ "not-cured", "未改正" },
	{ "extended", "已延长" },
	{ "repeat", "重复入企" },
	{ "exempt", "不计频次的检查重复" },
	{ "paper", "书面" },
	{ "network", "网络" },
	{ "few", "合计" },
	{ "freeze", "冻结" },
	{ "lock", "锁定" },
	{ "beacon", "公共随机数" },
	{ "publication", "启封公布" },
	{ "reveal", "启封" },
	{ "draw", "抽取" },
	{ "void", "作废" },
	{ "recusal", "回避" },
	{ "substitution", "人员替换" },
	{ "assignment", "直接指派" },
	{ "account", "账号" },
	{ "role", "角色" },
	{ "delegation", "委托代行" },
	{ "department", "部门" },
	/* people */
	{ "person", "个人" },
	{ "service", "服务账号" },
	{ "active", "启用" },
	{ "disabled", "停用" },
	{ "province", "省" },
	{ "city", "市" },
	{ "county", "县" },
	{ "town", "乡镇" },
	{ "session", "登录" },
	{ "token", "访问令牌" },
	{ "peer", "本机用户" },
	{ "proxy", "代理" },
	{ "process", "进程" },
	{ "public", "公开" },
	{ "audit", "审计" },
	{ "error", "退回" },
	{ "repair", "修复" },
	{ "remark", "提示" },
	/* imports and registers */
	{ "imports.open", "正在读" },
	{ "imports.staged", "待确认" },
	{ "imports.confirmed", "已确认" },
	{ "imports.discarded", "已放弃" },
	{ "imports.undone", "已撤销" },
	{ "imports.preview", "先预览" },
	{ "imports.confirm", "读完即确认" },
	{ "imports.dry-run", "只检查" },
	{ "imports.update", "增改" },
	{ "imports.full", "该来源的全部" },
	{ "imports.none", "没有" },
	{ "imports.wanted", "正在制作" },
	{ "imports.ready", "可取" },
	{ "how.given", "指定" },
	{ "how.saved", "上次保存" },
	{ "how.automatic", "自动识别" },
	{ "giver.department", "部门导入" },
	{ "giver.office", "协调员导入" },
	{ "giver.motion", "双人办理" },
	{ "form.text", "文字" },
	{ "form.date", "日期" },
	{ "form.token", "选项" },
	{ "form.list", "多项" },
	{ "form.code", "代码" },
	{ "form.number", "数字" },
	{ "form.flag", "是否" },
	{ "form.personal", "个人信息（加密）" },
	{ "list.abnormal", "经营异常名录" },
	{ "list.serious", "严重违法失信名单" },
	{ "list.incentive", "守信激励名单" },
	{ "list.alliance", "信用联盟名单" },
	{ "list.other", "其他名单" },
	{ "succession.recode", "更换代码" },
	{ "succession.merge", "合并" },
	{ "succession.split", "分立" },
	{ "succession.move", "迁移" },
	{ "figure.correctness", "正确率" },
	{ "figure.completeness", "完整率" },
	{ "figure.refused", "整份退回" },
	{ "figure.age", "距上次更新" },
	{ "figure.timely", "及时率" },
	{ "figure.duplicate-name", "同名异码" },
	{ "figure.duplicate-source", "多个来源重复" },
	{ "figure.duplicate-address", "同名同址" },
	{ "figure.unpooled", "从未进入抽取库" },
	{ "pool.absent", "不在任何抽取库" },
	{ "pool.excluded", "在库中但被排除" },
	{ "returned", "退回文件" },
	{ "quality", "数据质量" },
	{ "anchor", "锚定" },
	/* acts and things of the audit log */
	{ "made", "新建" },
	{ "changed", "变更" },
	{ "removed", "删除" },
	{ "read", "查阅" },
	{ "act.refused", "被拒绝" },
	{ "round", "抽取轮次" },
	{ "motion", "提请" },
	{ "approval", "部门批准" },
	{ "proposal", "存证申请" },
	{ "job", "作业" },
	{ "upload", "上传文件" },
	{ "personal", "个人信息" },
	{ "visits", "入企检查" },
	{ "dropped", "不再检查" },
	{ "artefact", "存档文件" },
	{ "sign-in", "登录" },
	{ "access-token", "访问令牌" },
	{ "account-role", "角色授予" },
	{ "do.import", "导入名单" },
	{ "password", "密码" },
	{ "projection", "写入结果" },
	{ "clock", "时钟" },
	/* why a session ended */
	{ "signed-out", "已退出" },
	{ "revoked", "被终止" },
	{ "expired", "到期" },
	{ "idle", "久未使用" },
	{ "reused", "旧 cookie 被再次使用" },
	{ "ended_why.disabled", "账号停用" },
	{ "ended_why.changed", "更改了密码或角色" },
	/* bodies of motions */
	{ "do.new", "新建" },
	{ "do.change", "变更" },
	{ "do.disable", "停用" },
	{ "do.enable", "恢复" },
	{ "do.reset", "重置密码和动态验证码" },
	{ "do.give", "授予" },
	{ "do.end", "终止" },
	{ "action.begin", "回避" },
	{ "action.end", "终止回避" },
	{ "language.zh", "中文" },
	{ "language.en", "英文" },
	{ "level.overall", "全部名录" },
	{ "level.register", "各名录" },
	{ "level.department", "各部门" },
	{ "level.source", "各来源" },
	{ "level.audit", "复核级" },
	{ "level.public", "公开级" },
	{ "disclosure.audit", "复核级" },
	{ "disclosure.public", "公开级" },
};

/* Members of objects, above all of the bodies of motions. */
static const char *const names[][2] = {
	{ "do", "办理" },
	{ "withdraw", "取消" },
	{ "tasks", "任务" },
	{ "why", "撤回理由" },
	{ "published", "公布日期" },
	{ "publication", "公布文件" },
	{ "filing", "备案文号" },
	{ "approval", "批准文号" },
	{ "kind", "种类" },
	{ "name", "名称" },
	{ "name_en", "英文名称" },
	{ "short", "简称" },
	{ "person", "工号" },
	{ "account", "账号" },
	{ "department", "部门" },
	{ "inspector", "执法检查人员编号" },
	{ "os_user", "本机用户" },
	{ "sso_name", "单点登录名" },
	{ "language", "语言" },
	{ "role", "角色" },
	{ "grant", "角色授予编号" },
	{ "from", "起始日" },
	{ "to", "截止日" },
	{ "system", "系统" },
	{ "level", "层级" },
	{ "region", "行政区划代码" },
	{ "inspects", "具备行政检查主体资格" },
	{ "active", "在用" },
	{ "object", "检查对象" },
	{ "action", "办理" },
	{ "ground", "回避事由" },
	{ "since", "起始日" },
	{ "until", "截止日" },
	{ "upload", "上传编号" },
	{ "sha256", "文件的 SHA-256" },
	{ "source", "来源" },
	{ "provider", "提供人" },
	{ "labels", "标签" },
	{ "policy", "抽查方案的哈希" },
	{ "pulses", "公共随机数" },
	{ "pulse", "期号" },
	{ "place", "第几个公共随机数" },
	{ "value", "公共随机数的值" },
	{ "cause", "作废原因" },
	{ "entity", "经营主体" },
	{ "items", "检查事项" },
	{ "basis", "检查依据" },
	{ "date", "检查日期" },
	{ "officers", "执法检查人员" },
	{ "way", "方式" },
	{ "known", "名录中有该主体" },
	{ "record", "将写入公开日志的记录" },
	{ "attestations", "见证签名" },
	{ "quality_override", "正确率低于要求仍须冻结的理由" },
};

/* Members that hold words of the API. */
static const char *const wordy[] = { "do", "kind", "role", "roles", "level", "action", "language",
	"disclosure", "state", "act", "object_kind", "ended_why", "via", "mode", "half",
	"severity", "way" };

static const char *find(const char *const (*table)[2], size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i][0], word) == 0)
			return table[i][1];
	return NULL;
}

const char *word_of(struct ctl *c, const char *word)
{
	if (c->lang != LANG_ZH)
		return word;
	const char *zh = find(words, sizeof words / sizeof *words, word);
	const struct role *role = zh == NULL ? role_by_token(bytes_of(word)) : NULL;
	enum register_id id;
	if (zh == NULL && role == NULL && register_named(bytes_of(word), &id))
		return registers[id].zh;
	return zh != NULL ? zh : role != NULL ? role->name[LANG_ZH] : state_word(c, word);
}

const char *role_name(struct ctl *c, const char *token)
{
	const struct role *role = role_by_token(bytes_of(token));
	return role != NULL ? role->name[c->lang] : token;
}

const char *word_in(struct ctl *c, const char *place, const char *word)
{
	const char *key = arena_printf(c->arena, "%s.%s", place, word);
	const char *zh = find(words, sizeof words / sizeof *words, key);
	return zh != NULL && c->lang == LANG_ZH ? zh : word_of(c, word);
}

const char *word_typed(struct ctl *c, const char *place, const char *all, const char *typed)
{
	struct ctl zh = *c;
	zh.lang = LANG_ZH;
	while (*all != '\0') {
		size_t n = strcspn(all, ", |");
		const char *word = arena_strndup(c->arena, all, n);
		if (strcmp(word, typed) == 0 || strcmp(word_in(&zh, place, word), typed) == 0)
			return word;
		if (all[n] == '\0' || all[n] == ' ')
			break;
		all += n + 1;
	}
	return NULL;
}

const char *member_name(struct ctl *c, const char *name)
{
	const char *zh = find(names, sizeof names / sizeof *names, name);
	return zh != NULL && c->lang == LANG_ZH ? zh : name;
}

bool is_wordy(const char *member)
{
	for (size_t i = 0; i < sizeof wordy / sizeof *wordy; i++)
		if (strcmp(wordy[i], member) == 0)
			return true;
	return false;
}

const char *state_word(struct ctl *c, const char *name)
{
	enum round_state s;
	if (!state_of(bytes_of(name), &s))
		return name;
	return TR(c, state_form(s)->zh, state_form(s)->en);
}
