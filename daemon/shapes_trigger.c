/* Replies about triggers, letters and buffers. */
#include "daemon/shapes.h"

/* clang-format off */

static const struct shape focus_fact[] = {
	{ "register", SHAPE_TEXT, .zh = "名录", .en = "register" },
	{ "import", SHAPE_NUMBER, .zh = "导入批次", .en = "import batch" },
	{ "row", SHAPE_NUMBER, .zh = "文件的行", .en = "row of its file" },
	{ "key", SHAPE_TEXT, .zh = "行的编号", .en = "key of the row" },
	{ "kind", SHAPE_TEXT, .zh = "种类", .en = "kind" },
	{ "field", SHAPE_TEXT, .zh = "领域", .en = "field" },
	{ "date", SHAPE_DATE, .zh = "日期", .en = "date" },
	{ "weight", SHAPE_NUMBER, .zh = "权重（千分之）", .en = "weight, thousandths" },
	{ 0 },
};
static const struct shape focus_field[] = { { "", SHAPE_TEXT, .zh = "专业领域", .en = "field" }, { 0 } };
const struct shape shape_focus[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "called", SHAPE_TEXT, .zh = "主体名称", .en = "what the entity is called" },
	{ "trigger", SHAPE_TEXT, .zh = "触发规则", .en = "trigger" },
	{ "kind", SHAPE_TEXT, .words = "focus,early", .zh = "focus 重点监管对象，early 预警名单", .en = "focus, or early: on the early-warning list" },
	{ "state", SHAPE_TEXT, .words = "holds,runs,over,ended", .zh = "holds 指标仍达到，runs 尚未到期，over 已到期，ended 已提前解除",
		.en = "holds: the indicator does; runs: its days do; over; ended by somebody" },
	{ "name", SHAPE_TEXT, .zh = "规则名称", .en = "name of the trigger" },
	{ "label", SHAPE_TEXT, .zh = "标签，预警名单没有", .en = "label; empty on the early-warning list" },
	{ "from", SHAPE_DATE, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, .zh = "至何日", .en = "until" },
	{ "value", SHAPE_TEXT, .zh = "指标值，至多三位小数", .en = "value of the indicator, at most three decimals" },
	{ "at", SHAPE_TEXT, .zh = "触发值", .en = "value that the trigger asks for" },
	{ "indicator", SHAPE_TEXT, .zh = "指标", .en = "indicator" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "basis" },
	{ "began", SHAPE_NUMBER, .zh = "由哪次计算列入", .en = "run that it began with" },
	{ "run", SHAPE_NUMBER, .zh = "最近一次达到的计算", .en = "last run that it held" },
	{ "fields", SHAPE_LIST, focus_field, .zh = "专业领域，空为按通用分类查阅", .en = "fields; none: told as the general class is" },
	{ "facts", SHAPE_LIST, focus_fact, .zh = "计入的事实，新的在前，至多 100 条", .en = "the facts that count, the newest first, at most 100" },
	{ "ended", SHAPE_DATE, .maybe = true, .zh = "提前解除日期", .en = "ended by somebody on" },
	{ "ended_by", SHAPE_TEXT, .maybe = true, .zh = "解除人", .en = "who ended it" },
	{ "reason", SHAPE_TEXT, .maybe = true, .zh = "解除理由", .en = "why" },
	{ "letter", SHAPE_NUMBER, .maybe = true, .zh = "函件", .en = "its letter" },
	{ 0 },
};

static const struct shape focus_count[] = {
	{ "trigger", SHAPE_TEXT, .zh = "触发规则", .en = "trigger" },
	{ "name", SHAPE_TEXT, .zh = "规则名称", .en = "its name" },
	{ "focus", SHAPE_NUMBER, .zh = "现有重点监管对象", .en = "in focus now" },
	{ "early", SHAPE_NUMBER, .zh = "现在预警名单上的", .en = "on the early-warning list now" },
	{ "begun", SHAPE_NUMBER, .zh = "期间列入重点监管对象", .en = "came into focus" },
	{ "warned", SHAPE_NUMBER, .zh = "期间列入预警名单", .en = "came on the early-warning list" },
	{ "ended", SHAPE_NUMBER, .zh = "期间提前解除", .en = "ended by somebody" },
	{ "letters", SHAPE_NUMBER, .zh = "期间制作的函件", .en = "letters made" },
	{ "sent", SHAPE_NUMBER, .zh = "期间送达", .en = "sent" },
	{ "answered", SHAPE_NUMBER, .zh = "期间答复", .en = "answered" },
	{ 0 },
};
static const struct shape buffer_count[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "runs", SHAPE_NUMBER, .zh = "缓冲中", .en = "run now" },
	{ "overdue", SHAPE_NUMBER, .zh = "到期无结果", .en = "behind their end, without an outcome" },
	{ "begun", SHAPE_NUMBER, .zh = "期间给予", .en = "given" },
	{ "cured", SHAPE_NUMBER, .zh = "期间已改正", .en = "cured" },
	{ "not_cured", SHAPE_NUMBER, .zh = "期间未改正", .en = "not cured" },
	{ "extended", SHAPE_NUMBER, .zh = "期间延长", .en = "extended" },
	{ 0 },
};
const struct shape shape_focus_summary[] = {
	{ "from", SHAPE_DATE, .zh = "自何日，空为最初", .en = "from this day; empty: from the first" },
	{ "to", SHAPE_DATE, .zh = "至何日，空为现在", .en = "to this day; empty: now" },
	{ "triggers", SHAPE_LIST, focus_count, .zh = "各触发规则", .en = "each trigger" },
	{ "buffers", SHAPE_LIST, buffer_count, .zh = "各部门的缓冲期", .en = "buffers of each department" },
	{ 0 },
};

const struct shape shape_letter[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "id" },
	{ "focus", SHAPE_NUMBER, .zh = "名单中的编号", .en = "number in the list of focus" },
	{ "kind", SHAPE_TEXT, .words = "warning,reminder", .zh = "warning 预警函，reminder 提醒函", .en = "warning or reminder" },
	{ "number", SHAPE_TEXT, .zh = "文号", .en = "number" },
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "its name" },
	{ "trigger", SHAPE_TEXT, .zh = "触发规则", .en = "trigger" },
	{ "state", SHAPE_TEXT, .words = "made,sent,answered", .zh = "状态", .en = "state" },
	{ "made", SHAPE_DATE, .zh = "制作日期", .en = "made on" },
	{ "text", SHAPE_TEXT, .zh = "正文", .en = "its text" },
	{ "sent", SHAPE_DATE, .maybe = true, .zh = "送达日期", .en = "sent on" },
	{ "way", SHAPE_TEXT, .maybe = true, .words = "post,hand,electronic,notice", .zh = "送达方式", .en = "how" },
	{ "receipt", SHAPE_TEXT, .maybe = true, .zh = "回执", .en = "receipt" },
	{ "sent_by", SHAPE_TEXT, .maybe = true, .zh = "登记送达的人", .en = "who says so" },
	{ "answered", SHAPE_DATE, .maybe = true, .zh = "答复日期", .en = "answered on" },
	{ "answer", SHAPE_TEXT, .maybe = true, .zh = "答复", .en = "answer" },
	{ "answered_by", SHAPE_TEXT, .maybe = true, .zh = "登记答复的人", .en = "who noted it" },
	{ 0 },
};

const struct shape shape_buffer[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "matter", SHAPE_TEXT, .zh = "事项", .en = "what is to be cured" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "basis" },
	{ "from", SHAPE_DATE, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, .zh = "至何日", .en = "until" },
	{ "state", SHAPE_TEXT, .words = "runs,overdue,cured,not-cured,extended", .zh = "状态", .en = "state" },
	{ "ended", SHAPE_DATE, .maybe = true, .zh = "登记结果的日期", .en = "day of the outcome" },
	{ "reason", SHAPE_TEXT, .maybe = true, .zh = "理由", .en = "why" },
	{ "extends", SHAPE_NUMBER, .maybe = true, .zh = "由哪一条延长而来", .en = "the one that it goes on behind" },
	{ "account", SHAPE_TEXT, .zh = "登记人", .en = "who gave it" },
	{ "made", SHAPE_TIME, .zh = "登记时间", .en = "when" },
	{ 0 },
};
const struct shape shape_numbered[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "number" },
	{ 0 },
};
