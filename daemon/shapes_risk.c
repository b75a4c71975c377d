/* Replies about classes. */
#include "daemon/shapes.h"

/* clang-format off */

#define CLASSES "A,B,C,D"

static const struct shape class_current[] = {
	{ "field", SHAPE_TEXT, .zh = "专业领域，空为通用分类", .en = "field; empty: the general class" },
	{ "class", SHAPE_TEXT, .words = CLASSES, .zh = "等级", .en = "class" },
	{ "source", SHAPE_TEXT, .zh = "来源：model 为模型计算，其他为分级结果的来源", .en = "model where it was computed, else the source of the grade" },
	{ "rank", SHAPE_NUMBER, .zh = "来源的次序，小的优先", .en = "rank of the source; the lower wins" },
	{ "day", SHAPE_DATE, .zh = "评定日期", .en = "since" },
	{ "points", SHAPE_NUMBER, .maybe = true, .zh = "信用积分", .en = "points, of a computed class" },
	{ 0 },
};
static const struct shape class_signal[] = {
	{ "register", SHAPE_TEXT, .zh = "名录", .en = "register" },
	{ "import", SHAPE_NUMBER, .zh = "导入批次", .en = "import batch" },
	{ "row", SHAPE_NUMBER, .zh = "文件的行", .en = "row of its file" },
	{ "key", SHAPE_TEXT, .zh = "行的编号", .en = "key of the row" },
	{ "kind", SHAPE_TEXT, .zh = "种类", .en = "kind" },
	{ "field", SHAPE_TEXT, .zh = "领域", .en = "field" },
	{ "date", SHAPE_DATE, .zh = "日期", .en = "date" },
	{ "weight", SHAPE_NUMBER, .zh = "权重（千分之）", .en = "weight, thousandths" },
	{ "state", SHAPE_TEXT, .words = "counts,before,window,repaired,ended,decayed",
		.zh = "counts 计入，before 尚未发生，window 已过窗口，repaired 已修复，ended 公示期满，decayed 已衰减",
		.en = "counts, before (not yet), window (behind it), repaired, ended (no longer published), decayed" },
	{ "until", SHAPE_DATE, .zh = "从何日起不再如此计", .en = "first day on which it counts otherwise" },
	{ 0 },
};
static const struct shape class_reason[] = {
	{ "indicator", SHAPE_TEXT, .zh = "指标代码", .en = "indicator" },
	{ "name", SHAPE_TEXT, .zh = "指标", .en = "its name" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "its basis" },
	{ "value", SHAPE_TEXT, .zh = "指标值，至多三位小数", .en = "value, at most three decimals" },
	{ "points", SHAPE_NUMBER, .zh = "分值", .en = "points" },
	{ "red", SHAPE_FLAG, .zh = "达到监管红线", .en = "reaches the red line" },
	{ "signals", SHAPE_LIST, class_signal, .zh = "所依据的事实", .en = "the facts it comes from" },
	{ 0 },
};
static const struct shape class_model[] = {
	{ "model", SHAPE_TEXT, .zh = "模型代码", .en = "model" },
	{ "name", SHAPE_TEXT, .zh = "模型", .en = "its name" },
	{ "field", SHAPE_TEXT, .zh = "专业领域，空为通用分类", .en = "field; empty: the general class" },
	{ "class", SHAPE_TEXT, .words = CLASSES, .zh = "等级", .en = "class" },
	{ "points", SHAPE_NUMBER, .zh = "信用积分", .en = "points" },
	{ "forced", SHAPE_FLAG, .zh = "由监管红线确定", .en = "by a red line" },
	{ "start", SHAPE_NUMBER, .zh = "起始积分", .en = "points at the start" },
	{ "a", SHAPE_NUMBER, .zh = "A 类的积分下限", .en = "points from which on it is A" },
	{ "b", SHAPE_NUMBER, .zh = "B 类的积分下限", .en = "points from which on it is B" },
	{ "c", SHAPE_NUMBER, .zh = "C 类的积分下限", .en = "points from which on it is C" },
	{ "reasons", SHAPE_LIST, class_reason, .zh = "各指标的分值", .en = "what each indicator gives" },
	{ 0 },
};
const struct shape shape_class_why[] = {
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "day", SHAPE_DATE, .zh = "按何日计算", .en = "day" },
	{ "version", SHAPE_NUMBER, .zh = "模型版本", .en = "version of the model" },
	{ "sha256", SHAPE_HASH, .zh = "模型内容的哈希", .en = "hash of the model's rows" },
	{ "current", SHAPE_LIST, class_current, .zh = "现行等级", .en = "the classes that count" },
	{ "models", SHAPE_LIST, class_model, .zh = "各模型按现在所知的计算", .en = "what each model says of what is known now" },
	{ 0 },
};

static const struct shape class_figure[] = {
	{ "field", SHAPE_TEXT, .zh = "专业领域，空为通用分类", .en = "field; empty: the general class" },
	{ "name", SHAPE_TEXT, .zh = "领域名称", .en = "its name" },
	{ "a", SHAPE_NUMBER, .zh = "A 类户数", .en = "entities of class A" },
	{ "b", SHAPE_NUMBER, .zh = "B 类户数", .en = "entities of class B" },
	{ "c", SHAPE_NUMBER, .zh = "C 类户数", .en = "entities of class C" },
	{ "d", SHAPE_NUMBER, .zh = "D 类户数", .en = "entities of class D" },
	{ "classed", SHAPE_NUMBER, .zh = "已分类户数", .en = "entities that have a class" },
	{ "computed", SHAPE_NUMBER, .zh = "其中由模型计算的", .en = "of them by a model" },
	{ 0 },
};
static const struct shape class_run[] = {
	{ "id", SHAPE_NUMBER, .zh = "计算编号", .en = "number of the run" },
	{ "day", SHAPE_DATE, .zh = "日期", .en = "day" },
	{ "at", SHAPE_TIME, .zh = "时间", .en = "when" },
	{ "scope", SHAPE_TEXT, .words = "full,changed", .zh = "范围", .en = "scope" },
	{ "version", SHAPE_NUMBER, .zh = "模型版本", .en = "version of the model" },
	{ "entities", SHAPE_NUMBER, .zh = "计算的户数", .en = "entities looked at" },
	{ "said", SHAPE_NUMBER, .zh = "等级或积分有变的", .en = "classes or points that changed" },
	{ "moved", SHAPE_NUMBER, .zh = "其中等级有变的", .en = "of them classes" },
	{ 0 },
};
const struct shape shape_class_summary[] = {
	{ "run", SHAPE_OBJECT, class_run, .maybe = true, .zh = "最近一次计算；所在部门没有专业领域的抽查事项的为 null", .en = "the last run; null as well for who needs no field" },
	{ "day", SHAPE_DATE, .zh = "户数统计的日期", .en = "day of the figures" },
	{ "fields", SHAPE_LIST, class_figure, .zh = "通用分类和各专业领域；所在部门没有专业领域的抽查事项的为空", .en = "the general class and each field; empty for whose departments have no item of a field" },
	{ 0 },
};
static const struct shape class_month[] = {
	{ "month", SHAPE_TEXT, .zh = "月份", .en = "month" },
	{ "day", SHAPE_DATE, .zh = "快照日期", .en = "day of the snapshot" },
	{ "fields", SHAPE_LIST, class_figure, .zh = "通用分类和各专业领域", .en = "the general class and each field" },
	{ 0 },
};
const struct shape shape_class_months[] = {
	{ "months", SHAPE_LIST, class_month, .zh = "各月快照，新的在前", .en = "a snapshot of each month, the newest first" },
	{ 0 },
};
static const struct shape class_move[] = {
	{ "field", SHAPE_TEXT, .zh = "专业领域，空为通用分类", .en = "field; empty: the general class" },
	{ "before", SHAPE_TEXT, .words = ",A,B,C,D", .zh = "前一日的等级，空为未分类", .en = "class on the first day; empty: none" },
	{ "after", SHAPE_TEXT, .words = ",A,B,C,D", .zh = "后一日的等级", .en = "class on the second day" },
	{ "entities", SHAPE_NUMBER, .zh = "户数", .en = "entities" },
	{ 0 },
};
static const struct shape class_had[] = {
	{ "field", SHAPE_TEXT, .zh = "专业领域，空为通用分类", .en = "field; empty: the general class" },
	{ "class", SHAPE_TEXT, .words = ",A,B,C,D", .zh = "等级，空为不再有", .en = "class; empty: none any more" },
	{ "source", SHAPE_TEXT, .zh = "来源，model 为模型计算", .en = "who gave it; model: computed" },
	{ "points", SHAPE_NUMBER, .maybe = true, .zh = "信用积分；别的来源的为 null", .en = "points; null where a source gave the class" },
	{ "day", SHAPE_DATE, .zh = "自何日", .en = "from this day on" },
	{ "until", SHAPE_DATE, .zh = "来源所说的有效期，空为未说", .en = "until which day, as the source says; empty: not said" },
	{ 0 },
};
const struct shape shape_class_history[] = {
	{ "entity", SHAPE_TEXT, .zh = "经营主体", .en = "entity" },
	{ "history", SHAPE_LIST, class_had, .zh = "历次的等级，新的在前", .en = "the classes it had, the newest first" },
	{ 0 },
};
const struct shape shape_class_moves[] = {
	{ "from", SHAPE_DATE, .zh = "自何日（不含）", .en = "from this day" },
	{ "to", SHAPE_DATE, .zh = "至何日（含）", .en = "to this day" },
	{ "moves", SHAPE_LIST, class_move, .zh = "等级的变动", .en = "moves between classes" },
	{ 0 },
};
