/* Lists of annual programmes: views of sql/migrations/0018_programme.sql. The headers of tasks are
 * those that a file of tasks may have (programmefile.c): what was exported can be submitted. */
#include "daemon/list.h"
#include "daemon/programmefile.h"

#define SORTS   .sorts = true
#define FILTERS .filters = true
#define BOTH    .sorts = true, .filters = true
#define MAYBE   .maybe = true

/* clang-format off */

static const struct list_column programme_columns[] = {
	{ "year", SHAPE_NUMBER, BOTH, .zh = "年度", .en = "year" },
	{ "title", SHAPE_TEXT, FILTERS, .zh = "名称", .en = "title" },
	{ "number", SHAPE_TEXT, .zh = "抽查计划编号", .en = "number" },
	{ "state", SHAPE_TEXT, BOTH, .words = PROGRAMME_STATES, .zh = "状态", .en = "state" },
	{ "version", SHAPE_NUMBER, .zh = "版本", .en = "version" },
	{ "deadline", SHAPE_DATE, BOTH, .zh = "报送期限", .en = "last day for submitting" },
	{ "tasks", SHAPE_NUMBER, .zh = "任务数", .en = "tasks" },
	{ "approved", SHAPE_TIME, MAYBE, .zh = "批准时间", .en = "approved" },
	{ "published", SHAPE_TIME, MAYBE, .zh = "公示时间", .en = "published" },
	{ 0 },
};
const struct list list_programmes = { "programmes", "programme_list", programme_columns, "year", "year", true,
	.zh = "年度抽查工作计划", .en = "annual programmes" };

static const struct list_column task_columns[] = {
	{ "code", SHAPE_TEXT, BOTH, .zh = "任务代码", .en = "code" },
	{ "number", SHAPE_TEXT, MAYBE, FILTERS, .zh = "抽查任务编号", .en = "number" },
	{ "name", SHAPE_TEXT, FILTERS, .zh = "任务名称", .en = "name" },
	{ "state", SHAPE_TEXT, BOTH, .words = "kept,withdrawn", .zh = "状态", .en = "state" },
	{ "scheme", SHAPE_TEXT, BOTH, .zh = "抽查方案", .en = "scheme" },
	{ "version", SHAPE_NUMBER, .zh = "方案版本", .en = "version of the scheme" },
	{ "kind", SHAPE_TEXT, BOTH, .words = PROGRAMME_KINDS, .zh = "种类", .en = "kind: daily, special, case" },
	{ "targeted", SHAPE_FLAG, FILTERS, .zh = "抽查类型", .en = "targeted" },
	{ "levels", SHAPE_TEXT, BOTH, .zh = "抽查模式", .en = "levels: who draws, who inspects" },
	{ "department", SHAPE_TEXT, BOTH, .zh = "报送部门", .en = "department that submitted it" },
	{ "lead", SHAPE_TEXT, BOTH, .zh = "发起部门", .en = "lead" },
	{ "owner", SHAPE_TEXT, FILTERS, .zh = "责任处室", .en = "owner" },
	{ "draws", SHAPE_TEXT, .zh = "抽取日期", .en = "draw dates" },
	{ "windows", SHAPE_TEXT, .zh = "检查时间", .en = "windows" },
	{ "batches", SHAPE_TEXT, .zh = "批次", .en = "batches" },
	{ "approval", SHAPE_TEXT, .zh = "批准文号", .en = "approval" },
	{ "filing", SHAPE_TEXT, .zh = "备案文号", .en = "filing" },
	{ "publication", SHAPE_TEXT, .zh = "公布文件", .en = "publication" },
	{ "published", SHAPE_TEXT, .zh = "公布日期", .en = "published on" },
	{ "cause", SHAPE_TEXT, .zh = "个案理由", .en = "cause" },
	{ "account", SHAPE_TEXT, MAYBE, FILTERS, .zh = "报送人", .en = "who submitted it" },
	{ "at", SHAPE_TIME, BOTH, .zh = "报送时间", .en = "when" },
	{ 0 },
};
const struct list list_programme_tasks = { "tasks", "programme_task_list", task_columns, "code", "code", false,
	.within = "year", .parent = Q_list_programme, .zh = "年度抽查任务", .en = "tasks of a programme" };

#define AMENDMENT_COLUMNS \
	{ "n", SHAPE_NUMBER, BOTH, .zh = "序号", .en = "number" }, \
	{ "action", SHAPE_TEXT, BOTH, .words = "add,change,withdraw,base", .zh = "变更", .en = "what was changed" }, \
	{ "code", SHAPE_TEXT, BOTH, .zh = "任务代码", .en = "code of the task" }, \
	{ "number", SHAPE_TEXT, .zh = "抽查任务编号", .en = "its number" }, \
	{ "reason", SHAPE_TEXT, .zh = "理由", .en = "why" }, \
	{ "at", SHAPE_TIME, BOTH, .zh = "时间", .en = "when" }, \
	{ "before", SHAPE_ANY, MAYBE, .zh = "变更前", .en = "before" }, \
	{ "after", SHAPE_ANY, MAYBE, .zh = "变更后", .en = "after" }

static const struct list_column amendment_columns[] = {
	AMENDMENT_COLUMNS,
	{ "motion", SHAPE_NUMBER, .zh = "提请", .en = "motion" },
	{ 0 },
};
const struct list list_programme_amendments = { "amendments", "programme_amendment_list", amendment_columns, "n", "n",
	false, .within = "year", .parent = Q_list_programme,
	.zh = "年度计划的变更", .en = "amendments of a programme" };

/* ---- what everybody may read --------------------------------------------------------------- */

static const struct list_column public_programme_columns[] = {
	{ "year", SHAPE_NUMBER, BOTH, .zh = "年度", .en = "year" },
	{ "title", SHAPE_TEXT, .zh = "抽查计划名称", .en = "title" },
	{ "number", SHAPE_TEXT, .zh = "抽查计划编号", .en = "number" },
	{ "version", SHAPE_NUMBER, .zh = "版本", .en = "version" },
	{ "published", SHAPE_TIME, SORTS, .zh = "公示时间", .en = "published" },
	{ "tasks", SHAPE_NUMBER, .zh = "任务数", .en = "tasks" },
	{ "filed", SHAPE_TEXT, MAYBE, .zh = "备案", .en = "with whom it was filed" },
	{ 0 },
};
const struct list list_public_programmes = { "public_programmes", "programme_public", public_programme_columns, "year", "year",
	true, .zh = "公示的年度抽查工作计划", .en = "published programmes" };

static const struct list_column public_task_columns[] = {
	{ "plan_number", SHAPE_TEXT, .zh = "抽查计划编号", .en = "number of the programme" },
	{ "plan_name", SHAPE_TEXT, .zh = "抽查计划名称", .en = "title of the programme" },
	{ "number", SHAPE_TEXT, FILTERS, .zh = "抽查任务编号", .en = "number of the task" },
	{ "name", SHAPE_TEXT, FILTERS, .zh = "抽查任务名称", .en = "name of the task" },
	{ "kind", SHAPE_TEXT, FILTERS, .zh = "检查种类", .en = "kind, as published" },
	{ "design", SHAPE_TEXT, FILTERS, .zh = "抽查类型", .en = "targeted or not, as published" },
	{ "methods", SHAPE_TEXT, .zh = "抽查方式", .en = "how it is inspected" },
	{ "items", SHAPE_TEXT, .zh = "抽查事项", .en = "items" },
	{ "objects", SHAPE_TEXT, .zh = "抽查对象范围", .en = "objects" },
	{ "frequency", SHAPE_TEXT, .zh = "抽查频率", .en = "draws a year" },
	{ "ratio", SHAPE_TEXT, .zh = "抽查比例", .en = "ratio by class" },
	{ "classes", SHAPE_TEXT, .zh = "信用风险分类要求", .en = "which class counts" },
	{ "levels", SHAPE_TEXT, FILTERS, .zh = "抽查检查模式", .en = "who draws, who inspects" },
	{ "draws", SHAPE_TEXT, .zh = "抽取日期", .en = "draw dates" },
	{ "windows", SHAPE_TEXT, .zh = "检查时间", .en = "windows" },
	{ "lead", SHAPE_TEXT, FILTERS, .zh = "发起部门", .en = "lead" },
	{ "partners", SHAPE_TEXT, .zh = "配合部门", .en = "partners" },
	{ "owner", SHAPE_TEXT, .zh = "责任处室", .en = "owner" },
	{ "basis", SHAPE_TEXT, .zh = "批准、备案和公布", .en = "approval, filing and publication of special tasks" },
	{ "targets", SHAPE_TEXT, .zh = "抽查经营主体数量", .en = "expected number of objects" },
	{ "rounds", SHAPE_TEXT, .zh = "抽查名单", .en = "rounds that drew it" },
	{ "state", SHAPE_TEXT, FILTERS, .words = "kept,withdrawn", .zh = "状态", .en = "state" },
	{ "place", SHAPE_TEXT, SORTS, .zh = "次序", .en = "place in the list" },
	{ 0 },
};
const struct list list_public_tasks = { "public_tasks", "programme_public_tasks", public_task_columns, "place", "place", false,
	.within = "year", .parent = Q_list_public_programme,
	.zh = "公示的年度抽查任务", .en = "published tasks of a programme" };

static const struct list_column public_amendment_columns[] = {
	AMENDMENT_COLUMNS,
	{ 0 },
};
const struct list list_public_amendments = { "public_amendments", "programme_public_amendments", public_amendment_columns, "n",
	"n", false, .within = "year", .parent = Q_list_public_programme,
	.zh = "年度计划的变更公告", .en = "published amendments of a programme" };
/* clang-format on */
