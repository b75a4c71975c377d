/* Replies about annual programmes. */
#include "daemon/programmefile.h"
#include "daemon/shapes.h"

/* clang-format off */

#define LEVELS_ZH "抽查模式：前为抽取的层级，后为检查的层级"

const struct shape shape_programme_done[] = {
	{ "year", SHAPE_NUMBER, .zh = "年度", .en = "year" },
	{ "version", SHAPE_NUMBER, .zh = "版本：批准后每次变更加一", .en = "version: one more with each amendment" },
	{ "state", SHAPE_TEXT, .words = PROGRAMME_STATES, .zh = "状态", .en = "state" },
	{ "deadline", SHAPE_DATE, .zh = "报送期限", .en = "last day for submitting" },
	{ "item", SHAPE_NUMBER, .maybe = true, .zh = "提请审议的事项的序号", .en = "number of the matter" },
	{ "lacking", SHAPE_TEXT, .maybe = true, .zh = "批准前尚缺的", .en = "what is missing before it is approved" },
	{ 0 },
};

static const struct shape refused_task[] = {
	{ "line", SHAPE_NUMBER, .zh = "文件的行；JSON 为第几项任务", .en = "line of the file; of JSON which task" },
	{ "column", SHAPE_TEXT, .zh = "栏目", .en = "column" },
	{ "title", SHAPE_TEXT, .zh = "栏目名称", .en = "its header" },
	{ "code", SHAPE_TEXT, .zh = "错误代码", .en = "error" },
	{ "what", SHAPE_TEXT, .zh = "所涉内容", .en = "what it is about" },
	{ "zh", SHAPE_TEXT, .zh = "一句话", .en = "the sentence in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文", .en = "the sentence" },
	{ "remedy_zh", SHAPE_TEXT, .zh = "怎么办", .en = "the remedy in Chinese" },
	{ "remedy_en", SHAPE_TEXT, .zh = "怎么办（英文）", .en = "the remedy" },
	{ 0 },
};
const struct shape shape_programme_submitted[] = {
	{ "tasks", SHAPE_NUMBER, .zh = "文件中的任务数", .en = "tasks of the file" },
	{ "stored", SHAPE_FLAG, .zh = "已收入；有一项被拒绝的，全部不收入", .en = "they were stored: all of them, or with one refused none" },
	{ "refused", SHAPE_LIST, refused_task, .zh = "被拒绝的行和栏目", .en = "what is refused, by line and column" },
	{ 0 },
};

static const struct shape programme_department[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "state", SHAPE_TEXT, .words = "pending,reported,none", .zh = "pending 未报，reported 已报，none 无任务", .en = "pending, reported, or none to report" },
	{ "account", SHAPE_TEXT, .maybe = true, .zh = "报送人", .en = "who submitted" },
	{ "at", SHAPE_TIME, .maybe = true, .zh = "报送时间", .en = "when" },
	{ "reason", SHAPE_TEXT, .zh = "无任务的理由", .en = "why it has none" },
	{ "tasks", SHAPE_NUMBER, .zh = "任务数", .en = "tasks that the asker sees" },
	{ "late", SHAPE_TEXT, .zh = "准予补报的理由", .en = "why it was let in behind the deadline" },
	{ "review", SHAPE_TEXT, .maybe = true, .words = "agreed,objected", .zh = "法制审核", .en = "legal review of the tasks as they stand" },
	{ "opinion", SHAPE_TEXT, .zh = "审核意见", .en = "its opinion" },
	{ "approved_by", SHAPE_TEXT, .maybe = true, .zh = "同意的负责人", .en = "head who approved the tasks as they stand" },
	{ 0 },
};
static const struct shape programme_draw[] = {
	{ "on", SHAPE_DATE, .zh = "抽取日期", .en = "draw date" },
	{ "from", SHAPE_DATE, .zh = "检查自", .en = "window from" },
	{ "to", SHAPE_DATE, .zh = "检查至", .en = "window to" },
	{ "batches", SHAPE_TEXT, .zh = "批次", .en = "batches" },
	{ 0 },
};
static const struct shape programme_task[] = {
	{ "code", SHAPE_TEXT, .zh = "任务代码", .en = "code" },
	{ "number", SHAPE_TEXT, .zh = "抽查任务编号；批准前为空", .en = "number; empty before the approval" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "scheme", SHAPE_TEXT, .zh = "抽查方案", .en = "scheme" },
	{ "version", SHAPE_NUMBER, .zh = "方案版本", .en = "version of the scheme" },
	{ "kind", SHAPE_TEXT, .words = PROGRAMME_KINDS, .zh = "种类：日常、专项、个案", .en = "kind" },
	{ "targeted", SHAPE_FLAG, .zh = "定向", .en = "targeted" },
	{ "levels", SHAPE_TEXT, .zh = LEVELS_ZH, .en = "level that draws - level that inspects" },
	{ "department", SHAPE_TEXT, .zh = "报送部门", .en = "department that submitted it" },
	{ "lead", SHAPE_TEXT, .zh = "发起部门", .en = "lead" },
	{ "owner", SHAPE_TEXT, .zh = "责任处室", .en = "owner" },
	{ "approval", SHAPE_TEXT, .zh = "批准文号", .en = "approval" },
	{ "filing", SHAPE_TEXT, .zh = "备案文号", .en = "filing" },
	{ "publication", SHAPE_TEXT, .zh = "公布文件", .en = "publication" },
	{ "published", SHAPE_TEXT, .zh = "公布日期", .en = "published on" },
	{ "cause", SHAPE_TEXT, .zh = "个案理由", .en = "cause" },
	{ "state", SHAPE_TEXT, .words = "kept,withdrawn", .zh = "状态", .en = "state" },
	{ "why", SHAPE_TEXT, .zh = "撤回的理由", .en = "why it was withdrawn" },
	{ "draws", SHAPE_LIST, programme_draw, .zh = "抽取", .en = "when it is drawn" },
	{ 0 },
};
static const struct shape programme_filing[] = {
	{ "number", SHAPE_TEXT, .zh = "备案编号", .en = "number" },
	{ "recipient", SHAPE_TEXT, .zh = "报备机关", .en = "with whom" },
	{ "day", SHAPE_DATE, .zh = "日期", .en = "day" },
	{ "version", SHAPE_NUMBER, .zh = "计划的版本", .en = "version of the programme" },
	{ 0 },
};
static const struct shape programme_matter[] = {
	{ "item", SHAPE_NUMBER, .zh = "序号", .en = "number" },
	{ "code", SHAPE_TEXT, .zh = "任务代码", .en = "code of the task" },
	{ "matter", SHAPE_TEXT, .zh = "提请审议的事项", .en = "the matter" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "提出的部门，空为联席会议办公室", .en = "who raised it; null: the office" },
	{ "account", SHAPE_TEXT, .maybe = true, .zh = "提出人", .en = "by whom" },
	{ "at", SHAPE_TIME, .zh = "时间", .en = "when" },
	{ "resolution", SHAPE_TEXT, .zh = "审议结果", .en = "how it was resolved" },
	{ "resolved", SHAPE_TIME, .maybe = true, .zh = "办结时间", .en = "when" },
	{ 0 },
};
const struct shape shape_programme[] = {
	{ "year", SHAPE_NUMBER, .zh = "年度", .en = "year" },
	{ "version", SHAPE_NUMBER, .zh = "版本", .en = "version" },
	{ "state", SHAPE_TEXT, .words = PROGRAMME_STATES, .zh = "状态：collecting 编制，review 审核，approved 批准，published 公示", .en = "state" },
	{ "number", SHAPE_TEXT, .zh = "抽查计划编号", .en = "number" },
	{ "title", SHAPE_TEXT, .zh = "名称", .en = "title" },
	{ "deadline", SHAPE_DATE, .zh = "报送期限", .en = "last day for submitting" },
	{ "days_left", SHAPE_NUMBER, .zh = "距期限的天数，负数为已过", .en = "days until then; below 0: it is over" },
	{ "base", SHAPE_TEXT, .zh = "方案基础", .en = "base" },
	{ "base_version", SHAPE_NUMBER, .maybe = true, .zh = "批准时的版本", .en = "its version when it was approved" },
	{ "opened", SHAPE_TIME, .zh = "开始编制", .en = "opened" },
	{ "motion", SHAPE_NUMBER, .maybe = true, .zh = "批准的提请", .en = "motion by which it was agreed to last" },
	{ "approved", SHAPE_TIME, .maybe = true, .zh = "批准时间", .en = "approved" },
	{ "published", SHAPE_TIME, .maybe = true, .zh = "公示时间", .en = "published" },
	{ "lacking", SHAPE_TEXT, .zh = "批准前尚缺的（审核中）", .en = "what is missing before it is approved, while it is in review" },
	{ "departments", SHAPE_LIST, programme_department, .zh = "各部门的报送、审核", .en = "who has submitted, reviewed, approved" },
	{ "tasks", SHAPE_LIST, programme_task, .zh = "任务", .en = "tasks" },
	{ "filings", SHAPE_LIST, programme_filing, .zh = "备案", .en = "filings" },
	{ "escalations", SHAPE_LIST, programme_matter, .zh = "提请联席会议审议", .en = "matters for the joint conference" },
	{ 0 },
};
