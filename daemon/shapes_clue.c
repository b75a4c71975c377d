/* Replies about clues and inspections for a cause. */
#include "daemon/shapes.h"

/* clang-format off */

#define STATES  "taken,assigned,dismissed,visit,done"
#define SOURCES "complaint,report,assigned,whistle,monitoring,request"
#define RESULTS "none,undisclosed,false,unreachable,corrected,uncooperative,inactive,pending,cancelled"

const struct shape shape_clue_made[] = {
	{ "id", SHAPE_NUMBER, .zh = "线索编号", .en = "number of the clue" },
	{ "department", SHAPE_TEXT, .zh = "办理部门", .en = "who deals with it" },
	{ "due", SHAPE_DATE, .zh = "应在此日前作出决定", .en = "it has to be decided by this day" },
	{ "known", SHAPE_FLAG, .zh = "名录中有该主体", .en = "is the entity in the registers?" },
	{ 0 },
};
const struct shape shape_clue_dealt[] = {
	{ "id", SHAPE_NUMBER, .zh = "线索编号", .en = "number of the clue" },
	{ "state", SHAPE_TEXT, .words = STATES, .zh = "状态", .en = "state" },
	{ "department", SHAPE_TEXT, .zh = "办理部门", .en = "who deals with it" },
	{ "due", SHAPE_DATE, .zh = "应在此日前作出决定", .en = "it has to be decided by this day" },
	{ 0 },
};

static const struct shape numbers[] = { { "", SHAPE_NUMBER, .zh = "编号", .en = "number" }, { 0 } };
static const struct shape clue_step[] = {
	{ "act", SHAPE_TEXT, .words = "taken,assigned,referred,dismissed,visit,outcome", .zh = "办理", .en = "what was done" },
	{ "department", SHAPE_TEXT, .zh = "此后的办理部门", .en = "who dealt with it behind this" },
	{ "account", SHAPE_TEXT, .zh = "办理人", .en = "who did it" },
	{ "at", SHAPE_TIME, .zh = "时间", .en = "when" },
	{ "note", SHAPE_TEXT, .zh = "说明", .en = "why, or to whom" },
	{ 0 },
};
const struct shape shape_clue[] = {
	{ "id", SHAPE_NUMBER, .zh = "线索编号", .en = "number of the clue" },
	{ "source", SHAPE_TEXT, .words = SOURCES, .zh = "来源", .en = "where it comes from" },
	{ "entity", SHAPE_TEXT, .zh = "经营主体，空为不明", .en = "entity; empty: not known" },
	{ "object", SHAPE_TEXT, .zh = "检查对象编号", .en = "which of its premises" },
	{ "received", SHAPE_DATE, .zh = "收到日期", .en = "day of receipt" },
	{ "department", SHAPE_TEXT, .zh = "办理部门", .en = "who deals with it" },
	{ "taken_for", SHAPE_TEXT, .maybe = true, .zh = "收到的部门，空为联席会议办公室", .en = "department that took it in; null: the joint conference office" },
	{ "account", SHAPE_TEXT, .zh = "登记人", .en = "who took it in" },
	{ "created", SHAPE_TIME, .zh = "登记时间", .en = "when" },
	{ "assignee", SHAPE_TEXT, .maybe = true, .zh = "承办人", .en = "who deals with it there" },
	{ "due", SHAPE_DATE, .zh = "应在此日前作出决定", .en = "it has to be decided by this day" },
	{ "state", SHAPE_TEXT, .words = STATES, .zh = "状态", .en = "state" },
	{ "late", SHAPE_FLAG, .zh = "已逾期", .en = "is it overdue?" },
	{ "steps", SHAPE_LIST, clue_step, .zh = "办理经过", .en = "what was done with it" },
	{ "causes", SHAPE_LIST, numbers, .zh = "有因检查的编号", .en = "inspections for a cause" },
	{ 0 },
};
const struct shape shape_clue_text[] = {
	{ "id", SHAPE_NUMBER, .zh = "线索编号", .en = "number of the clue" },
	{ "text", SHAPE_TEXT, .zh = "内容", .en = "what was said" },
	{ "caller", SHAPE_TEXT, .maybe = true, .zh = "何人所说", .en = "who said it" },
	{ "withheld", SHAPE_FLAG, .zh = "有来人信息而不予显示", .en = "somebody is named, and not told" },
	{ 0 },
};

const struct shape shape_cause[] = {
	{ "id", SHAPE_NUMBER, .zh = "有因检查编号", .en = "number of the inspection" },
	{ "clue", SHAPE_NUMBER, .zh = "线索编号", .en = "the clue" },
	{ "motion", SHAPE_NUMBER, .zh = "提请", .en = "the motion" },
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "object", SHAPE_TEXT, .zh = "检查对象编号", .en = "which of its premises" },
	{ "items", SHAPE_TEXT, .zh = "检查事项", .en = "items" },
	{ "basis", SHAPE_TEXT, .zh = "检查依据", .en = "the law it rests on" },
	{ "date", SHAPE_DATE, .zh = "决定的检查日期", .en = "day that was decided on" },
	{ "officers", SHAPE_TEXT, .zh = "执法检查人员", .en = "inspectors" },
	{ "way", SHAPE_TEXT, .words = "onsite,paper,network,offsite", .zh = "方式", .en = "how" },
	{ "reason", SHAPE_TEXT, .zh = "理由", .en = "why" },
	{ "decided", SHAPE_TIME, .zh = "决定时间", .en = "when it was decided on" },
	{ "state", SHAPE_TEXT, .words = "pending,entered,refused", .zh = "存证状态", .en = "state of its record" },
	{ "round", SHAPE_TEXT, .maybe = true, .zh = "记录所写的轮次", .en = "round that the record names" },
	{ "entry", SHAPE_NUMBER, .maybe = true, .zh = "日志序号", .en = "index in the log" },
	{ "content", SHAPE_TEXT, .maybe = true, .zh = "记录的内容", .en = "content of the record" },
	{ "blinding", SHAPE_HASH, .maybe = true, .zh = "盲值", .en = "its blinding" },
	{ "hash", SHAPE_HASH, .maybe = true, .zh = "日志中的 content，由内容和盲值可算出", .en = "`content` in the log; it follows from content and blinding" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "未能存证的原因", .en = "why it was not entered" },
	{ "result", SHAPE_TEXT, .maybe = true, .words = RESULTS, .zh = "结果", .en = "result" },
	{ "note", SHAPE_TEXT, .zh = "结果说明", .en = "remark on it" },
	{ "day", SHAPE_DATE, .maybe = true, .zh = "检查之日", .en = "when it was made" },
	{ "result_by", SHAPE_TEXT, .maybe = true, .zh = "录入人", .en = "who entered the result" },
	{ "result_at", SHAPE_TIME, .maybe = true, .zh = "录入时间", .en = "when" },
	{ 0 },
};
const struct shape shape_cause_outcome[] = {
	{ "id", SHAPE_NUMBER, .zh = "有因检查编号", .en = "number of the inspection" },
	{ "clue", SHAPE_NUMBER, .zh = "线索编号", .en = "the clue" },
	{ "result", SHAPE_TEXT, .words = RESULTS, .zh = "结果", .en = "result" },
	{ "day", SHAPE_DATE, .maybe = true, .zh = "检查之日", .en = "when it was made" },
	{ 0 },
};

static const struct shape public_department[] = {
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "its name" },
	{ "decided", SHAPE_NUMBER, .maybe = true, .zh = "决定次数；1 至 4 的为 null", .en = "decided on; null where it is 1 to 4" },
	{ "made", SHAPE_NUMBER, .maybe = true, .zh = "已进行；1 至 4 的为 null", .en = "made; null where it is 1 to 4" },
	{ "found", SHAPE_NUMBER, .maybe = true, .zh = "发现问题；1 至 4 的为 null", .en = "found something; null where it is 1 to 4" },
	{ 0 },
};
static const struct shape counts[] = { { "", SHAPE_NUMBER, .zh = "次数", .en = "how many" }, { 0 } };
const struct shape shape_causes_public[] = {
	{ "year", SHAPE_NUMBER, .zh = "年度", .en = "year" },
	{ "decided", SHAPE_NUMBER, .maybe = true, .zh = "决定次数；由它能推出不足 5 的数的为 null", .en = "decided on; null where a number below 5 would follow from it" },
	{ "made", SHAPE_NUMBER, .maybe = true, .zh = "已进行；同上", .en = "made; as above" },
	{ "departments", SHAPE_LIST, public_department, .zh = "各部门", .en = "by department" },
	{ "sources", SHAPE_MAP, counts, .zh = "各来源的次数，吹哨人的计入举报；由它能推出不足 5 的数的不列", .en = "by where the clues came from, a whistle-blower's being reports; none where a number below 5 would follow" },
	{ 0 },
};
