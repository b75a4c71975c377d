/* Lists of clues and inspections for a cause (sql/migrations/0020_clues.sql). */
#include "daemon/list.h"

/* How a column takes part. */
#define SORTS   .sorts = true
#define FILTERS .filters = true
#define BOTH    .sorts = true, .filters = true
#define MAYBE   .maybe = true

/* clang-format off */

static const struct list_column clue_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "线索编号", .en = "number of the clue" },
	{ "source", SHAPE_TEXT, BOTH, .words = "complaint,report,assigned,whistle,monitoring,request", .zh = "来源", .en = "where it comes from" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "object", SHAPE_TEXT, FILTERS, .zh = "检查对象编号", .en = "which of its premises" },
	{ "received", SHAPE_DATE, BOTH, .zh = "收到日期", .en = "day of receipt" },
	{ "department", SHAPE_TEXT, BOTH, .zh = "办理部门", .en = "who deals with it" },
	{ "taken_for", SHAPE_TEXT, MAYBE, BOTH, .zh = "收到的部门", .en = "department that took it in" },
	{ "assignee", SHAPE_TEXT, MAYBE, BOTH, .zh = "承办人", .en = "who deals with it there" },
	{ "due", SHAPE_DATE, BOTH, .zh = "应在此日前作出决定", .en = "it has to be decided by this day" },
	{ "state", SHAPE_TEXT, BOTH, .words = "taken,assigned,dismissed,visit,done", .zh = "状态", .en = "state" },
	{ "late", SHAPE_FLAG, FILTERS, .zh = "已逾期", .en = "is it overdue?" },
	{ "account", SHAPE_TEXT, FILTERS, .zh = "登记人", .en = "who took it in" },
	{ "created", SHAPE_TIME, BOTH, .zh = "登记时间", .en = "when" },
	{ 0 },
};
const struct list list_clues = { "clues", "clue_list", clue_columns, "id", "id", true,
	.zh = "线索", .en = "clues" };

static const struct list_column cause_columns[] = {
	{ "id", SHAPE_NUMBER, BOTH, .zh = "有因检查编号", .en = "number of the inspection" },
	{ "clue", SHAPE_NUMBER, BOTH, .zh = "线索编号", .en = "the clue" },
	{ "department", SHAPE_TEXT, BOTH, .zh = "部门", .en = "department" },
	{ "entity", SHAPE_TEXT, BOTH, .zh = "经营主体", .en = "entity" },
	{ "object", SHAPE_TEXT, FILTERS, .zh = "检查对象编号", .en = "which of its premises" },
	{ "items", SHAPE_TEXT, .zh = "检查事项", .en = "items" },
	{ "basis", SHAPE_TEXT, .zh = "检查依据", .en = "the law it rests on" },
	{ "date", SHAPE_DATE, BOTH, .zh = "决定的检查日期", .en = "day that was decided on" },
	{ "officers", SHAPE_TEXT, .zh = "执法检查人员", .en = "inspectors" },
	{ "way", SHAPE_TEXT, BOTH, .words = "onsite,paper,network,offsite", .zh = "方式", .en = "how" },
	{ "state", SHAPE_TEXT, BOTH, .words = "pending,entered,refused", .zh = "存证状态", .en = "state of its record" },
	{ "round", SHAPE_TEXT, MAYBE, BOTH, .zh = "记录所写的轮次", .en = "round that the record names" },
	{ "entry", SHAPE_NUMBER, MAYBE, BOTH, .zh = "日志序号", .en = "index in the log" },
	{ "result", SHAPE_TEXT, MAYBE, BOTH, .words = "none,undisclosed,false,unreachable,corrected,uncooperative,inactive,pending,cancelled",
		.zh = "结果", .en = "result" },
	{ "day", SHAPE_DATE, MAYBE, BOTH, .zh = "检查之日", .en = "when it was made" },
	{ "decided", SHAPE_TIME, BOTH, .zh = "决定时间", .en = "when it was decided on" },
	{ 0 },
};
const struct list list_causes = { "causes", "cause_list", cause_columns, "id", "id", true,
	.personal = "cause", .zh = "有因检查", .en = "inspections for a cause" };
