/* Words of the API for a reader of Chinese. */
#include <string.h>

#include "daemon/ctl/ctl.h"
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
	{ "entities", "检查对象" },
	{ "inspectors", "执法检查人员" },
	{ "recusals", "回避" },
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
	{ "service", "服务" },
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
	{ "warning", "提示" },
	{ "error", "错误" },
};

const char *word_of(struct ctl *c, const char *word)
{
	if (c->lang != LANG_ZH)
		return word;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];
	const struct role *role = role_by_token(bytes_of(word));
	return role != NULL ? role->name[LANG_ZH] : state_word(c, word);
}

const char *state_word(struct ctl *c, const char *name)
{
	enum round_state s;
	if (!state_of(bytes_of(name), &s))
		return name;
	return TR(c, state_form(s)->zh, state_form(s)->en);
}
