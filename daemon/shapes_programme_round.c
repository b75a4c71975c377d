/* Replies about the programme's checks and rounds. */
#include "daemon/shapes.h"

/* clang-format off */

#define ROUND_STATES "draft,frozen,locked,drawn,visiting,revealed,closed,void"
#define CHECK_WARNINGS "class-ignored,onsite-a,over-ceiling,empty-task,cap-possible"

static const struct shape code_only[] = {
	{ "", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ 0 },
};

static const struct shape check_warning[] = {
	{ "code", SHAPE_TEXT, .words = CHECK_WARNINGS, .zh = "种类", .en = "kind" },
	{ "what", SHAPE_TEXT, .zh = "任务或频次上限", .en = "task or cap" },
	{ 0 },
};
static const struct shape check_error[] = {
	{ "", SHAPE_ANY, .zh = "不予通过的原因：code、where、what", .en = "why it is refused: code, where, what" },
	{ 0 },
};
static const struct shape check_task[] = {
	{ "task", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "population", SHAPE_NUMBER, .zh = "抽取库户数", .en = "objects in its strata" },
	{ "drawn", SHAPE_NUMBER, .zh = "应抽取数", .en = "to be drawn" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "冻结时将被拒绝的原因", .en = "what a freeze would refuse it with" },
	{ 0 },
};
static const struct shape check_day[] = {
	{ "draw_on", SHAPE_DATE, .zh = "抽取日", .en = "day of the draw" },
	{ "entries", SHAPE_NUMBER, .zh = "合并后预计入企次数（千分之一）", .en = "expected entries, merged, thousandths" },
	{ "separate", SHAPE_NUMBER, .zh = "各任务分别入企的预计次数（千分之一）", .en = "expected entries if every task went by itself, thousandths" },
	{ "tasks", SHAPE_LIST, check_task, .zh = "任务", .en = "tasks" },
	{ 0 },
};
static const struct shape check_pair[] = {
	{ "a", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ "b", SHAPE_TEXT, .zh = "另一任务", .en = "another" },
	{ "both", SHAPE_NUMBER, .zh = "两个抽取库都有的户数", .en = "objects in both" },
	{ "expected", SHAPE_NUMBER, .zh = "同日抽取时预计都抽中的户数（千分之一）", .en = "expected to be drawn by both on one day, thousandths" },
	{ "saved", SHAPE_NUMBER, .zh = "同日抽取预计少入企的次数（千分之一）", .en = "entries that one day for both is expected to save, thousandths" },
	{ "repeats", SHAPE_NUMBER, .zh = "分别抽取时预计先后两次入企的户数（千分之一）", .en = "expected to be entered for both, drawn on days of their own, thousandths" },
	{ "gap", SHAPE_NUMBER, .zh = "抽取日最少相隔的天数", .en = "least days between a draw of the one and of the other" },
	{ "meets", SHAPE_FLAG, .zh = "已同日抽取、检查时间有重合：合并入企", .en = "drawn on one day with windows that meet: one entry" },
	{ "close", SHAPE_FLAG, .zh = "相隔不足所定天数而重复入企", .en = "repeats within the days asked for" },
	{ "joint", SHAPE_TEXT, .zh = "部门联合抽查事项清单的抽查领域，空为未列", .en = "domain of the joint list that names both; empty: none" },
	{ 0 },
};
static const struct shape check_cap[] = {
	{ "cap", SHAPE_TEXT, .zh = "频次上限", .en = "cap" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "legal basis" },
	{ "counts", SHAPE_TEXT, .words = "checks,entries", .zh = "计数：入企次数、检查次数", .en = "what it counts" },
	{ "most", SHAPE_NUMBER, .zh = "上限", .en = "how often at most" },
	{ "expected", SHAPE_NUMBER, .zh = "预计次数最多的主体的次数（百万分之一）", .en = "of the entity expected most often, millionths" },
	{ "days", SHAPE_NUMBER, .zh = "该主体可能被抽中的抽取日数", .en = "days on which that one may be drawn" },
	{ "over", SHAPE_NUMBER, .zh = "预计超过上限的主体数", .en = "entities expected to be met more often" },
	{ "possible", SHAPE_NUMBER, .zh = "可能达到上限而不再抽取的主体数", .en = "entities that may reach it, and then are drawn no more" },
	{ "tasks", SHAPE_LIST, code_only, .zh = "涉及的任务", .en = "tasks that meet it" },
	{ 0 },
};
static const struct shape check_ratio[] = {
	{ "a", SHAPE_NUMBER, .zh = "A 类", .en = "class A" },
	{ "b", SHAPE_NUMBER, .zh = "B 类", .en = "class B" },
	{ "c", SHAPE_NUMBER, .zh = "C 类", .en = "class C" },
	{ "d", SHAPE_NUMBER, .zh = "D 类", .en = "class D" },
	{ 0 },
};
static const struct shape check_item[] = {
	{ "item", SHAPE_TEXT, .zh = "事项", .en = "item" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "kind", SHAPE_TEXT, .words = "general,key", .zh = "一般、重点", .en = "general or key" },
	{ "ratio", SHAPE_OBJECT, check_ratio, .zh = "各级比例乘抽取次数之和（百万分之一）", .en = "ratio × draws added over the levels, parts per million" },
	{ "over_whole", SHAPE_FLAG, .zh = "超过 100% 且未说明理由", .en = "above 100 % without a reason" },
	{ "over_ceiling", SHAPE_FLAG, .zh = "超过一般事项的比例上限且未说明理由", .en = "above the ceiling for general items without a reason" },
	{ "tasks", SHAPE_LIST, code_only, .zh = "任务", .en = "tasks" },
	{ 0 },
};
static const struct shape check_found[] = {
	{ "year", SHAPE_NUMBER, .zh = "年度", .en = "year" },
	{ "day", SHAPE_DATE, .zh = "以哪一日的名录核对", .en = "day of the lists that were looked at" },
	{ "register", SHAPE_NUMBER, .zh = "名录户数", .en = "objects of the register" },
	{ "base_version", SHAPE_NUMBER, .zh = "方案基础的版本", .en = "version of the base" },
	{ "repeat_days", SHAPE_NUMBER, .zh = "多少天以内先后入企算重复", .en = "entries closer than that are repeats" },
	{ "refused", SHAPE_LIST, check_error, .zh = "不予通过的原因", .en = "why it is refused" },
	{ "warnings", SHAPE_LIST, check_warning, .zh = "提示", .en = "what is lawful, and yet worth a look" },
	{ "days", SHAPE_LIST, check_day, .zh = "各抽取日", .en = "the days of draws" },
	{ "overlaps", SHAPE_LIST, check_pair, .zh = "重叠矩阵", .en = "pairs of tasks with objects in common" },
	{ "proposals", SHAPE_LIST, check_pair, .zh = "建议同日联合抽取的任务，按可少入企次数排列", .en = "tasks that one day would merge, those that save most first" },
	{ "caps", SHAPE_LIST, check_cap, .zh = "频次上限", .en = "caps" },
	{ "items", SHAPE_LIST, check_item, .zh = "几级抽查的同一事项", .en = "items that several levels draw" },
	{ 0 },
};
const struct shape shape_programme_check[] = {
	{ "job", SHAPE_NUMBER, .zh = "核对作业", .en = "job that found it" },
	{ "at", SHAPE_TIME, .zh = "核对时间", .en = "when" },
	{ "current", SHAPE_FLAG, .zh = "核对之后任务、方案基础没有变动", .en = "tasks and base stand as they were checked" },
	{ "found", SHAPE_OBJECT, check_found, .zh = "核对结果", .en = "what it found" },
	{ 0 },
};

static const struct shape programme_round[] = {
	{ "draw_on", SHAPE_DATE, .zh = "抽取日", .en = "day of the draw" },
	{ "made_on", SHAPE_DATE, .zh = "建立轮次之日", .en = "day on which its round is made" },
	{ "tasks", SHAPE_LIST, code_only, .zh = "任务", .en = "tasks" },
	{ "round", SHAPE_TEXT, .maybe = true, .zh = "轮次，尚未建立的为空", .en = "the round; null: not made yet" },
	{ "state", SHAPE_TEXT, .maybe = true, .words = ROUND_STATES, .zh = "轮次状态", .en = "its state" },
	{ "made", SHAPE_TIME, .maybe = true, .zh = "建立时间", .en = "when it was made" },
	{ "due", SHAPE_FLAG, .zh = "建立之日已到", .en = "the day for making it has come" },
	{ "waits", SHAPE_FLAG, .zh = "已到建立之日，等待变更之后的核对", .en = "it is due, and waits for a check of what was amended" },
	{ "tries", SHAPE_NUMBER, .zh = "未能建立的次数", .en = "tries that made none" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "未能建立的原因：code、where、what", .en = "why none was made: code, where, what" },
	{ "tried", SHAPE_TIME, .maybe = true, .zh = "最近一次尝试的时间", .en = "the last try" },
	{ 0 },
};
const struct shape shape_programme_rounds[] = {
	{ "year", SHAPE_NUMBER, .zh = "年度", .en = "year" },
	{ "state", SHAPE_TEXT, .words = "collecting,review,approved,published", .zh = "计划的状态", .en = "state of the programme" },
	{ "rounds", SHAPE_LIST, programme_round, .zh = "各抽取日", .en = "the days of draws" },
	{ 0 },
};
