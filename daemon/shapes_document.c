/* Replies about documents (bases, models, schemes), looks and simulations. */
#include "daemon/documents.h"
#include "daemon/shapes.h"

/* clang-format off */

#define DOCUMENT_STATES "draft,agreed,retired"
#define WARNINGS        "class-ignored,onsite-a,over-ceiling,tasks-left-out"

static const struct shape document_warning[] = {
	{ "code", SHAPE_TEXT, .words = WARNINGS, .zh = "种类", .en = "kind" },
	{ "what", SHAPE_TEXT, .zh = "哪份文书，或有多少", .en = "the document, or how many" },
	{ "zh", SHAPE_TEXT, .zh = "一句话", .en = "the sentence in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文", .en = "the sentence" },
	{ 0 },
};

static const struct shape document_made[] = {
	{ "kind", SHAPE_TEXT, .words = DOCUMENT_KINDS, .zh = "种类", .en = "kind" },
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "version", SHAPE_NUMBER, .zh = "版本", .en = "version" },
	{ "title", SHAPE_TEXT, .zh = "名称", .en = "title" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门，空为全部", .en = "department; null: the whole installation" },
	{ "state", SHAPE_TEXT, .words = DOCUMENT_STATES, .zh = "状态", .en = "state" },
	{ "sha256", SHAPE_HASH, .zh = "内容的哈希", .en = "hash of its rows" },
	{ "new", SHAPE_FLAG, .zh = "新的版本；否则与最新版本相同", .en = "a new version; else it says the same as the newest" },
	{ 0 },
};
const struct shape shape_documents[] = {
	{ "documents", SHAPE_LIST, document_made, .zh = "各份文书", .en = "the documents" },
	{ "warnings", SHAPE_LIST, document_warning, .zh = "提示", .en = "what is lawful, and yet worth a look" },
	{ 0 },
};

static const struct shape document_checked[] = {
	{ "kind", SHAPE_TEXT, .words = DOCUMENT_KINDS, .zh = "种类", .en = "kind" },
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "title", SHAPE_TEXT, .zh = "名称", .en = "title" },
	{ "department", SHAPE_TEXT, .zh = "部门，空为全部", .en = "department; empty: the whole installation" },
	{ 0 },
};
const struct shape shape_documents_checked[] = {
	{ "documents", SHAPE_LIST, document_checked, .zh = "各份文书", .en = "the documents" },
	{ "warnings", SHAPE_LIST, document_warning, .zh = "提示", .en = "what is lawful, and yet worth a look" },
	{ 0 },
};

const struct shape shape_document[] = {
	{ "kind", SHAPE_TEXT, .words = DOCUMENT_KINDS, .zh = "种类", .en = "kind" },
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "version", SHAPE_NUMBER, .zh = "版本", .en = "version" },
	{ "state", SHAPE_TEXT, .words = DOCUMENT_STATES, .zh = "状态：draft 草拟，agreed 生效，retired 终止", .en = "state: draft, agreed (in force), retired" },
	{ "title", SHAPE_TEXT, .zh = "名称", .en = "title" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门，空为全部", .en = "department; null: the whole installation" },
	{ "sha256", SHAPE_HASH, .zh = "内容的哈希", .en = "hash of its rows" },
	{ "replaces", SHAPE_NUMBER, .maybe = true, .zh = "提交时生效的版本", .en = "version in force when it was put" },
	{ "account", SHAPE_TEXT, .maybe = true, .zh = "提交人", .en = "who put it" },
	{ "created", SHAPE_TIME, .zh = "提交时间", .en = "when" },
	{ "motion", SHAPE_NUMBER, .maybe = true, .zh = "审定的提请", .en = "motion by which it was agreed to" },
	{ "agreed", SHAPE_TIME, .maybe = true, .zh = "生效时间", .en = "in force since" },
	{ "ended_by", SHAPE_NUMBER, .maybe = true, .zh = "使其终止的提请", .en = "motion by which it ended" },
	{ "ended", SHAPE_TIME, .maybe = true, .zh = "终止时间", .en = "until" },
	{ "rows", SHAPE_TEXT, .zh = "内容：每行一个路径、制表符、值", .en = "its rows: path, tabulator, value" },
	{ "source", SHAPE_TEXT, .zh = "原文件", .en = "the file it came from" },
	{ 0 },
};

/* ---- looks -------------------------------------------------------------------------------- */

static const struct shape look_stratum[] = {
	{ "stratum", SHAPE_TEXT, .zh = "分层；* 为各不足 20 户的几层合计（联席办、纪检审计以外）；他们以外的户数均舍去至 5 的倍数", .en = "stratum; *: those of fewer than 20 objects together; but for coordinators and auditors, counts go down to multiples of 5" },
	{ "population", SHAPE_NUMBER, .zh = "抽取库户数", .en = "objects" },
	{ "units", SHAPE_NUMBER, .maybe = true, .zh = "抽取单位数；* 为 null", .en = "units; of * null" },
	{ "quota", SHAPE_NUMBER, .maybe = true, .zh = "应抽取数；* 为 null", .en = "to be drawn; of * null" },
	{ "ratio", SHAPE_NUMBER, .maybe = true, .zh = "比例（百万分之一）；* 为 null", .en = "ratio in parts per million; of * null" },
	{ "report", SHAPE_TEXT, .words = "empty,few,full,random,targeted", .zh = "方式", .en = "how it is reported" },
	{ 0 },
};
static const struct shape look_excluded[] = {
	{ "code", SHAPE_TEXT, .zh = "排除代码", .en = "code of the exclusion" },
	{ "count", SHAPE_NUMBER, .zh = "户数", .en = "objects" },
	{ "rule", SHAPE_TEXT, .zh = "规则及版本", .en = "rule and version" },
	{ "basis", SHAPE_TEXT, .zh = "依据", .en = "legal basis" },
	{ 0 },
};
static const struct shape look_task[] = {
	{ "task", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "name" },
	{ "population", SHAPE_NUMBER, .zh = "抽取库户数", .en = "objects in its strata" },
	{ "drawn", SHAPE_NUMBER, .maybe = true, .zh = "应抽取数；联席办、纪检审计以外，抽取库不足 20 户的为 null，也不显示分层和排除", .en = "to be drawn; but for coordinators and auditors, null where there are fewer than 20 objects, without strata and exclusions" },
	{ "strata", SHAPE_LIST, look_stratum, .zh = "分层", .en = "strata" },
	{ "ledger", SHAPE_LIST, look_excluded, .zh = "排除", .en = "what is excluded, and why" },
	{ "error", SHAPE_ANY, .maybe = true, .zh = "冻结时将被拒绝的原因", .en = "what a freeze would refuse it with" },
	{ 0 },
};
static const struct shape look_overlap[] = {
	{ "a", SHAPE_TEXT, .zh = "任务", .en = "task" },
	{ "b", SHAPE_TEXT, .zh = "另一任务", .en = "another" },
	{ "both", SHAPE_NUMBER, .zh = "两个抽取库都有的户数", .en = "objects in both" },
	{ "expected", SHAPE_NUMBER, .zh = "预计两者都抽中的户数（千分之一）", .en = "expected to be drawn by both, thousandths" },
	{ "saved", SHAPE_NUMBER, .zh = "合为联合任务预计少入企的次数（千分之一）", .en = "entries that a joint task is expected to save, thousandths" },
	{ "meets", SHAPE_FLAG, .zh = "检查时间有重合，不合并任务也会合并入企", .en = "their windows meet: visits are merged as it is" },
	{ 0 },
};
const struct shape shape_look[] = {
	{ "register", SHAPE_NUMBER, .zh = "名录户数", .en = "objects of the register" },
	{ "tasks", SHAPE_LIST, look_task, .zh = "各任务", .en = "the tasks" },
	{ "overlaps", SHAPE_LIST, look_overlap, .zh = "重叠", .en = "pairs of tasks with objects in common" },
	{ 0 },
};

/* ---- simulations -------------------------------------------------------------------------- */

#define SPREAD(zh_, en_) \
	{ "mean", SHAPE_ANY, .zh = "均值（小数）：" zh_, .en = "mean, a decimal: " en_ }, \
	{ "low", SHAPE_ANY, .zh = "95% 的结果不低于", .en = "with high, what 95 % of the seeds lie between" }, \
	{ "high", SHAPE_ANY, .zh = "95% 的结果不高于", .en = "with low, what 95 % of the seeds lie between" }
#define FIGURE(name_, zh_, en_) \
	{ name_, SHAPE_OBJECT, simulation_spread, .maybe = true, .zh = zh_, .en = en_ }

static const struct shape simulation_spread[] = {
	SPREAD("各随机种子平均", "over the seeds"),
	{ 0 },
};
static const struct shape simulation_visits[] = {
	SPREAD("各随机种子平均", "over the seeds"),
	{ "bound", SHAPE_ANY, .zh = "下界 L：任何抽法的期望入企次数都不会更少", .en = "L: no way of drawing has fewer entries in expectation" },
	{ "independent", SHAPE_ANY, .zh = "各任务各自抽取、互不合并的均值", .en = "mean if every task drew by numbers of its own" },
	{ 0 },
};
static const struct shape simulation_part[] = {
	{ "kind", SHAPE_TEXT, .words = "class,field,department", .zh = "种类：等级、行业领域、部门", .en = "class, field or department" },
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "its code" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "its name" },
	{ "population", SHAPE_NUMBER, .zh = "抽取库户数", .en = "objects that some task may draw" },
	SPREAD("抽中户数；部门为参加的检查次数", "objects drawn; of a department the visits it takes part in"),
	{ 0 },
};
#define STAFFED(name_, zh_, en_) \
	{ name_, SHAPE_OBJECT, simulation_spread, .maybe = true, .zh = zh_, .en = en_ }

static const struct shape simulation_staff[] = {
	{ "department", SHAPE_TEXT, .zh = "部门代码", .en = "code of the department" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "its name" },
	{ "inspectors", SHAPE_NUMBER, .zh = "人数", .en = "how many it has" },
	FIGURE("slots", "所需的检查人次", "slots of inspectors"),
	FIGURE("open", "无人可派的名额", "slots that nobody can fill"),
	FIGURE("idle", "没有检查任务的人员", "inspectors without a slot"),
	FIGURE("busiest", "一人最多的检查次数", "most slots of one inspector"),
	{ 0 },
};
static const struct shape simulation_share[] = {
	{ "checks", SHAPE_NUMBER, .zh = "既往检查数", .en = "past inspections" },
	SPREAD("其中抽取会到的", "those that the draw reaches"),
	{ "ppm", SHAPE_NUMBER, .maybe = true, .zh = "均值的比例（百万分之一），没有检查的为 null", .en = "share of the mean in parts per million, null where there are none" },
	{ "ppm_low", SHAPE_NUMBER, .maybe = true, .zh = "low 的比例", .en = "share of low" },
	{ "ppm_high", SHAPE_NUMBER, .maybe = true, .zh = "high 的比例", .en = "share of high" },
	{ 0 },
};
static const struct shape simulation_past[] = {
	{ "kind", SHAPE_TEXT, .words = "all,class,field", .zh = "种类：全部、等级、行业领域", .en = "all, class or field" },
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "its code" },
	{ "name", SHAPE_TEXT, .zh = "名称", .en = "its name" },
	{ "found", SHAPE_OBJECT, simulation_share, .zh = "发现问题的检查", .en = "inspections that found something" },
	{ "clean", SHAPE_OBJECT, simulation_share, .zh = "未发现问题的检查", .en = "those that found nothing" },
	{ 0 },
};
static const struct shape simulation_backtest[] = {
	{ "from", SHAPE_DATE, .zh = "期间的首日；以其前一日冻结", .en = "first day of the period; frozen on the day before" },
	{ "to", SHAPE_DATE, .zh = "末日", .en = "last day" },
	{ "outside_found", SHAPE_NUMBER, .zh = "发现问题而名录中已无其对象的检查，不计在内", .en = "inspections with findings whose objects are not in the lists: not counted" },
	{ "outside_clean", SHAPE_NUMBER, .zh = "未发现问题的同上", .en = "the same without findings" },
	{ "parts", SHAPE_LIST, simulation_past, .zh = "全部、按等级、按行业领域", .en = "all, by class, by field" },
	{ 0 },
};
static const struct shape simulation_rate[] = {
	{ "class", SHAPE_TEXT, .words = "A,B,C,D", .zh = "等级", .en = "class" },
	{ "checks", SHAPE_NUMBER, .zh = "有结果的既往检查（有因检查除外）", .en = "past inspections with a result, those for a cause left out" },
	{ "found", SHAPE_NUMBER, .zh = "其中发现问题的", .en = "those that found something" },
	{ "ppm", SHAPE_NUMBER, .zh = "发现率（百万分之一）", .en = "share in parts per million" },
	{ 0 },
};
#define FIGURES \
	{ "seeds", SHAPE_NUMBER, .zh = "随机种子数", .en = "seeds" }, \
	{ "register", SHAPE_NUMBER, .zh = "名录户数", .en = "objects of the register" }, \
	{ "few", SHAPE_FLAG, .zh = "有任务的抽取库不足 20 户：联席办、纪检审计以外不显示结果，各项为 null；足的，次数、户数舍去至 5 的倍数", \
		.en = "some task has fewer than 20 objects: but for coordinators and auditors all figures are null; else theirs go down to multiples of 5" }, \
	{ "visits", SHAPE_OBJECT, simulation_visits, .maybe = true, .zh = "入企检查次数", .en = "door entries" }, \
	FIGURE("offsite", "非现场检查次数", "offsite checks"), \
	FIGURE("objects", "抽中的检查对象", "objects drawn"), \
	FIGURE("separate", "各部门分别入企的次数", "entries if every department went by itself"), \
	FIGURE("saved", "合并减少的入企次数", "entries saved by merging"), \
	FIGURE("joint", "部门联合检查次数", "entries of two or more departments"), \
	FIGURE("departments_per_visit", "每次入企的部门数", "departments per entry"), \
	FIGURE("repeats", "此前已被检查的主体再次入企", "entries to entities inspected before"), \
	FIGURE("again", "同一主体的第二次及以后入企", "entries beyond the first of an entity"), \
	STAFFED("findings", "预计发现问题的检查；没有既往检查结果的为 null", "entries expected to find something; null without past outcomes"), \
	STAFFED("rated", "其中所属等级有既往检查结果的入企，预计以此为限", "entries to classes with past outcomes, of which findings are expected"), \
	STAFFED("slots", "所需的检查人次，抽取人员的才有", "slots of inspectors, where they are drawn"), \
	STAFFED("open", "无人可派的名额", "slots that nobody can fill"), \
	STAFFED("busiest", "一人最多的检查次数", "most slots of one inspector"), \
	STAFFED("idle", "没有检查任务的人员", "inspectors without a slot"), \
	STAFFED("unplaced", "排不进日程的检查", "visits without a half-day"), \
	{ "staff", SHAPE_LIST, simulation_staff, .maybe = true, .zh = "各部门的人员", .en = "the inspectors of each department" }, \
	{ "backtest", SHAPE_OBJECT, simulation_backtest, .maybe = true, .zh = "回测", .en = "the backtest" }, \
	{ "parts", SHAPE_LIST, simulation_part, .zh = "按等级、行业领域、部门", .en = "by class, field and department" }

static const struct shape simulation_against[] = {
	FIGURES,
	{ 0 },
};
const struct shape shape_simulation[] = {
	FIGURES,
	{ "rates", SHAPE_LIST, simulation_rate, .zh = "所依据的发现率：各等级既往检查的结果", .en = "shares that findings stand on: what past inspections of each class found" },
	{ "against", SHAPE_OBJECT, simulation_against, .maybe = true, .zh = "另一方案；改变人员的为现有人员", .en = "the other policy; with another staffing, the present one" },
	{ 0 },
};
