/* Lists of what triggers gave (sql/migrations/0019_triggers.sql). */
#include "daemon/list.h"

/* How a column takes part. */
#define SORTS   .sorts = true
#define FILTERS .filters = true
#define BOTH    .sorts = true, .filters = true
#define MAYBE   .maybe = true

/* clang-format off */

static const struct list_column focus_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "called", SHAPE_TEXT, FILTERS, .zh = "主体名称", .en = "what the entity is called" },
	{ "trigger", SHAPE_TEXT, BOTH, .zh = "触发规则", .en = "trigger" },
	{ "kind", SHAPE_TEXT, BOTH, .words = "focus,early", .zh = "focus 重点监管对象，early 预警名单", .en = "focus, or early: on the early-warning list" },
	{ "state", SHAPE_TEXT, BOTH, .words = "holds,runs,over,ended", .zh = "holds 指标仍达到，runs 尚未到期，over 已到期，ended 已提前解除",
		.en = "holds: the indicator does; runs: its days do; over; ended by somebody" },
	{ "name", SHAPE_TEXT, FILTERS, .zh = "规则名称", .en = "name of the trigger" },
	{ "label", SHAPE_TEXT, BOTH, .zh = "标签", .en = "label" },
	{ "from", SHAPE_DATE, BOTH, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, BOTH, .zh = "至何日；指标仍达到的，逐日顺延", .en = "until; put off day by day while the indicator holds" },
	{ "value", SHAPE_TEXT, .zh = "指标值", .en = "value of the indicator" },
	{ "at", SHAPE_TEXT, .zh = "触发值", .en = "value that the trigger asks for" },
	{ "indicator", SHAPE_TEXT, FILTERS, .zh = "指标", .en = "indicator" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "basis" },
	{ "run", SHAPE_NUMBER, .zh = "最近一次计算", .en = "last run that it held" },
	{ "ended", SHAPE_DATE, MAYBE, BOTH, .zh = "提前解除日期", .en = "ended by somebody on" },
	{ "ended_by", SHAPE_TEXT, MAYBE, FILTERS, .zh = "解除人", .en = "who ended it" },
	{ "reason", SHAPE_TEXT, MAYBE, .zh = "解除理由", .en = "why" },
	{ "letter", SHAPE_NUMBER, MAYBE, .zh = "函件", .en = "its letter" },
	{ 0 },
};
const struct list list_focus = { "focus", "focus_list", focus_columns, "id", "id", true, .personal = "focus",
	.zh = "重点监管对象和预警名单", .en = "entities in focus, and the early-warning list" };

static const struct list_column letter_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "编号", .en = "id" },
	{ "focus", SHAPE_NUMBER, FILTERS, .zh = "名单中的编号", .en = "number in the list of focus" },
	{ "kind", SHAPE_TEXT, BOTH, .words = "warning,reminder", .zh = "warning 预警函，reminder 提醒函", .en = "warning or reminder" },
	{ "number", SHAPE_TEXT, FILTERS, .zh = "文号", .en = "number" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "trigger", SHAPE_TEXT, BOTH, .zh = "触发规则", .en = "trigger" },
	{ "state", SHAPE_TEXT, BOTH, .words = "made,sent,answered", .zh = "made 待送达，sent 已送达，answered 已答复", .en = "made, sent, answered" },
	{ "made", SHAPE_DATE, BOTH, .zh = "制作日期", .en = "made on" },
	{ "sent", SHAPE_DATE, MAYBE, BOTH, .zh = "送达日期", .en = "sent on" },
	{ "way", SHAPE_TEXT, MAYBE, FILTERS, .words = "post,hand,electronic,notice", .zh = "送达方式", .en = "how" },
	{ "receipt", SHAPE_TEXT, MAYBE, .zh = "回执", .en = "receipt" },
	{ "sent_by", SHAPE_TEXT, MAYBE, FILTERS, .zh = "登记送达的人", .en = "who says so" },
	{ "answered", SHAPE_DATE, MAYBE, BOTH, .zh = "答复日期", .en = "answered on" },
	{ "answer", SHAPE_TEXT, MAYBE, .zh = "答复", .en = "answer" },
	{ "answered_by", SHAPE_TEXT, MAYBE, .zh = "登记答复的人", .en = "who noted it" },
	{ 0 },
};
const struct list list_letters = { "letters", "letter_list", letter_columns, "id", "id", true, .personal = "letter",
	.zh = "预警函和提醒函", .en = "letters of warning and reminders" };

static const struct list_column buffer_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "department", SHAPE_TEXT, BOTH, .zh = "部门", .en = "department" },
	{ "matter", SHAPE_TEXT, FILTERS, .zh = "事项", .en = "what is to be cured" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "basis" },
	{ "from", SHAPE_DATE, BOTH, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, BOTH, .zh = "至何日", .en = "until" },
	{ "state", SHAPE_TEXT, BOTH, .words = "runs,overdue,cured,not-cured,extended", .zh = "runs 缓冲中，overdue 到期无结果，cured 已改正，not-cured 未改正，extended 已延长",
		.en = "runs; overdue: behind its end without an outcome; cured, not-cured, extended" },
	{ "ended", SHAPE_DATE, MAYBE, BOTH, .zh = "登记结果的日期", .en = "day of the outcome" },
	{ "reason", SHAPE_TEXT, MAYBE, .zh = "理由", .en = "why" },
	{ "extends", SHAPE_NUMBER, MAYBE, FILTERS, .zh = "由哪一条延长而来", .en = "the one that it goes on behind" },
	{ "account", SHAPE_TEXT, FILTERS, .zh = "登记人", .en = "who gave it" },
	{ "made", SHAPE_TIME, BOTH, .zh = "登记时间", .en = "when" },
	{ 0 },
};
const struct list list_buffers = { "buffers", "buffer_list", buffer_columns, "id", "id", true,
	.zh = "缓冲期", .en = "buffers" };

static const struct list_column repeat_columns[] = {
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "kind", SHAPE_TEXT, BOTH, .words = "repeat,exempt", .zh = "repeat 重复入企，exempt 不计频次的检查重复", .en = "repeat: entered again; exempt: again for a cause, which no cap counts" },
	{ "date", SHAPE_DATE, BOTH, .zh = "日期", .en = "date" },
	{ "before", SHAPE_DATE, BOTH, .zh = "上一次", .en = "the one before" },
	{ "days", SHAPE_NUMBER, BOTH, .zh = "相隔天数", .en = "days between" },
	{ "departments", SHAPE_TEXT, .zh = "部门", .en = "departments" },
	{ "departments_before", SHAPE_TEXT, .zh = "上一次的部门", .en = "departments of the one before" },
	{ "items", SHAPE_TEXT, .zh = "事项", .en = "items" },
	{ "items_before", SHAPE_TEXT, .zh = "上一次的事项", .en = "items of the one before" },
	{ 0 },
};
const struct list list_repeats = { "repeats", "repeat_list", repeat_columns, "entity,kind,date", "date", true,
	.personal = "entity", .zh = "重复检查提示", .en = "alerts on inspections that follow each other too soon" };

/* clang-format on */
