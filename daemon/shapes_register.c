/* Replies about imports, registers, entities and the quality of what is known of them. */
#include "daemon/register/registers.h"
#include "daemon/shapes.h"

/* clang-format off */

static const struct shape texts[] = { { .name = "", .kind = SHAPE_TEXT }, { 0 } };
static const struct shape numbers[] = { { .name = "", .kind = SHAPE_NUMBER }, { 0 } };
static const struct shape texts_or_none[] = { { .name = "", .kind = SHAPE_TEXT, .maybe = true }, { 0 } };

/* ---- imports ------------------------------------------------------------------------------ */

static const struct shape import_mapping[] = {
	{ "header", SHAPE_TEXT, .zh = "文件中的列名", .en = "header in the file" },
	{ "column", SHAPE_TEXT, .zh = "当作哪一列，空为不采用", .en = "column it is read as; empty: not used" },
	{ "how", SHAPE_TEXT, .words = "given,saved,automatic,unknown", .zh = "依据：指定、上次保存、自动识别，或未识别", .en = "why: given, saved from the last time, known, or nobody knows it" },
	{ 0 },
};
static const struct shape preview_new[] = {
	{ "line", SHAPE_NUMBER, .zh = "行", .en = "row of the file" },
	{ "key", SHAPE_TEXT, .zh = "编号", .en = "number" },
	{ "after", SHAPE_MAP, texts_or_none, .zh = "内容", .en = "what it says" },
	{ 0 },
};
static const struct shape preview_changed[] = {
	{ "line", SHAPE_NUMBER, .zh = "行", .en = "row of the file" },
	{ "key", SHAPE_TEXT, .zh = "编号", .en = "number" },
	{ "before", SHAPE_MAP, texts_or_none, .zh = "变更前", .en = "before, of what changes" },
	{ "after", SHAPE_MAP, texts_or_none, .zh = "变更后", .en = "after" },
	{ 0 },
};
static const struct shape preview_gone[] = {
	{ "key", SHAPE_TEXT, .zh = "编号", .en = "number" },
	{ "before", SHAPE_MAP, texts_or_none, .zh = "原内容", .en = "what was said of it" },
	{ 0 },
};
static const struct shape preview_same[] = {
	{ "line", SHAPE_NUMBER, .zh = "行", .en = "row of the file" },
	{ "key", SHAPE_TEXT, .zh = "编号", .en = "number" },
	{ 0 },
};
static const struct shape import_preview[] = {
	{ "columns", SHAPE_MAP, numbers, .maybe = true, .zh = "各项变更的行数", .en = "rows in which each fact changes" },
	{ "new", SHAPE_LIST, preview_new, .maybe = true, .zh = "新增，至多 10 行", .en = "new ones, at most 10" },
	{ "changed", SHAPE_LIST, preview_changed, .maybe = true, .zh = "变更，至多 10 行", .en = "changed ones, at most 10" },
	{ "gone", SHAPE_LIST, preview_gone, .maybe = true, .zh = "缺失，至多 10 行", .en = "gone ones, at most 10" },
	{ "same", SHAPE_LIST, preview_same, .maybe = true, .zh = "相同，至多 10 行", .en = "same ones, at most 10" },
	{ 0 },
};
static const struct shape import_made[] = {
	{ "import", SHAPE_NUMBER, .zh = "批次", .en = "import" },
	{ "gone", SHAPE_NUMBER, .zh = "缺失的条数", .en = "how many are gone by it" },
	{ 0 },
};
const struct shape shape_import[] = {
	{ "id", SHAPE_NUMBER, .zh = "批次编号", .en = "number of the batch" },
	{ "kind", SHAPE_TEXT, .words = REGISTER_WORDS, .zh = "名录", .en = "register" },
	{ "file", SHAPE_TEXT, .zh = "文件名", .en = "name of the file" },
	{ "upload", SHAPE_NUMBER, .zh = "上传编号", .en = "the upload it was read from" },
	{ "job", SHAPE_NUMBER, .maybe = true, .zh = "导入作业", .en = "the job that read it" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门，空为全部", .en = "department; null: the whole installation" },
	{ "source", SHAPE_TEXT, .zh = "来源单位", .en = "where the list came from" },
	{ "provider", SHAPE_TEXT, .zh = "提供人", .en = "who handed it over" },
	{ "account", SHAPE_TEXT, .maybe = true, .zh = "导入人", .en = "who imported it" },
	{ "state", SHAPE_TEXT, .words = "open,staged,confirmed,discarded,undone,failed",
		.zh = "状态：open 正在读，staged 待确认，confirmed 已确认，discarded 已放弃，undone 已撤销，failed 失败",
		.en = "state: open (being read), staged (waits to be confirmed), confirmed, discarded, undone, failed" },
	{ "mode", SHAPE_TEXT, .words = "preview,confirm,dry-run", .zh = "方式", .en = "mode" },
	{ "scope", SHAPE_TEXT, .words = "update,full", .zh = "范围", .en = "scope" },
	{ "sheet", SHAPE_TEXT, .zh = "读取的工作表", .en = "the sheet that was read" },
	{ "rows", SHAPE_NUMBER, .zh = "行数", .en = "rows" },
	{ "accepted", SHAPE_NUMBER, .zh = "收入的行", .en = "rows accepted" },
	{ "repaired", SHAPE_NUMBER, .zh = "其中修复的", .en = "of these, repaired" },
	{ "remarked", SHAPE_NUMBER, .zh = "其中有提示的", .en = "of these, with remarks" },
	{ "refused", SHAPE_NUMBER, .zh = "退回的行", .en = "rows refused" },
	{ "new", SHAPE_NUMBER, .zh = "新增", .en = "new" },
	{ "changed", SHAPE_NUMBER, .zh = "变更", .en = "changed" },
	{ "gone", SHAPE_NUMBER, .zh = "缺失", .en = "gone" },
	{ "same", SHAPE_NUMBER, .zh = "相同", .en = "same" },
	{ "encoding", SHAPE_TEXT, .zh = "文字编码", .en = "encoding of the text" },
	{ "unknown_columns", SHAPE_TEXT, .zh = "未识别的列", .en = "columns that are not known" },
	{ "errors_dropped", SHAPE_NUMBER, .maybe = true, .zh = "超出限额而未留存的错误", .en = "errors not kept, over the limit" },
	{ "remarks_dropped", SHAPE_NUMBER, .maybe = true, .zh = "超出限额而未留存的提示", .en = "remarks not kept, over the limit" },
	{ "mapping", SHAPE_LIST, import_mapping, .zh = "列名的对应", .en = "what each header was read as" },
	{ "preview", SHAPE_OBJECT, import_preview, .zh = "差异", .en = "the difference" },
	{ "reason", SHAPE_ANY, .maybe = true, .zh = "失败原因", .en = "why it failed" },
	{ "returned", SHAPE_TEXT, .words = "none,wanted,ready,failed,removed",
		.zh = "退回文件：none 没有，wanted 正在制作，ready 可取，failed 未能制作，removed 保存期满已删除", .en = "the file with remarks: none, wanted (being made), ready, failed, removed (it was kept for its time)" },
	{ "created", SHAPE_TIME, .zh = "导入时间", .en = "time of the import" },
	{ "staged", SHAPE_TIME, .maybe = true, .zh = "预览时间", .en = "when its preview was made" },
	{ "confirmed", SHAPE_TIME, .maybe = true, .zh = "确认时间", .en = "when it was confirmed" },
	{ "confirmed_by", SHAPE_TEXT, .maybe = true, .zh = "确认人", .en = "who confirmed it" },
	{ "undone", SHAPE_TIME, .maybe = true, .zh = "撤销时间", .en = "when it was undone" },
	{ "undone_by", SHAPE_TEXT, .maybe = true, .zh = "撤销人", .en = "who undid it" },
	{ "undo_reason", SHAPE_TEXT, .maybe = true, .zh = "撤销理由", .en = "why it was undone" },
	{ "removed", SHAPE_TIME, .maybe = true, .zh = "原文件和退回文件的删除时间，空为仍在", .en = "when its file, and the one that went back, were removed; null: they are here" },
	{ "follows", SHAPE_NUMBER, .maybe = true, .zh = "依据哪一批次（全部清单）未列而缺失，空为不是这样的批次", .en = "the whole list that lacks what is gone by this batch; null: it is no such batch" },
	{ "because", SHAPE_NUMBER, .maybe = true, .zh = "因撤销哪一批次而产生", .en = "the batch with whose undoing it was made" },
	{ "made", SHAPE_LIST, import_made, .zh = "撤销时随之产生的批次：全部清单未列的，此前因本批次而仍在，随撤销缺失", .en = "batches made with its undoing: what whole lists lack, and this batch had kept, is gone" },
	{ 0 },
};

/* ---- registers ---------------------------------------------------------------------------- */

#define REGISTER_MEMBERS \
	{ "name", SHAPE_TEXT, .zh = "名录", .en = "register" }, \
	{ "zh", SHAPE_TEXT, .zh = "中文名", .en = "its name in Chinese" }, \
	{ "en", SHAPE_TEXT, .zh = "英文名", .en = "its name in English" }, \
	{ "sight", SHAPE_TEXT, .words = "own,all,need", .zh = "部门可见：own 本部门及全局的，all 全部，need 仅本部门的", \
		.en = "what a department sees: own (its own rows and the whole installation's), all, need (its own rows only)" }, \
	{ "giver", SHAPE_TEXT, .words = "department,office,motion", .zh = "由谁导入：department 部门，office 协调员，motion 双人", \
		.en = "who imports: department, office (coordinators), motion (two persons)" }
static const struct shape register_one[] = { REGISTER_MEMBERS, { 0 } };
const struct shape shape_registers[] = {
	{ "registers", SHAPE_LIST, register_one, .zh = "全部名录", .en = "all registers" },
	{ 0 },
};
static const struct shape register_fact_one[] = {
	{ "name", SHAPE_TEXT, .zh = "成员名", .en = "member of a row" },
	{ "form", SHAPE_TEXT, .words = "text,date,token,list,code,number,flag,personal", .zh = "形式", .en = "form" },
	{ "zh", SHAPE_TEXT, .zh = "中文", .en = "in Chinese" },
	{ "en", SHAPE_TEXT, .zh = "英文", .en = "in English" },
	{ 0 },
};
static const struct shape register_column_one[] = {
	{ "name", SHAPE_TEXT, .zh = "列名", .en = "header" },
	{ "synonyms", SHAPE_LIST, texts, .zh = "也认的列名", .en = "further headers that are known" },
	{ "words", SHAPE_LIST, texts, .zh = "可填的词（其他写法另有），空为不限", .en = "the words to write, others mean the same; empty: any" },
	{ "needed", SHAPE_FLAG, .zh = "必有（与同组的列有其一即可）", .en = "it or another of its group has to be there" },
	{ 0 },
};
static const struct shape register_group[] = { { .name = "", .kind = SHAPE_LIST, .of = texts }, { 0 } };
const struct shape shape_register[] = {
	REGISTER_MEMBERS,
	{ "key", SHAPE_TEXT, .zh = "行的编号（key）是何", .en = "what the key of a row is" },
	{ "entity", SHAPE_TEXT, .maybe = true, .zh = "指明经营主体的成员", .en = "member that names the entity" },
	{ "facts", SHAPE_LIST, register_fact_one, .zh = "各行的成员", .en = "members of a row" },
	{ "columns", SHAPE_LIST, register_column_one, .zh = "文件的列", .en = "columns of a file" },
	{ "needed", SHAPE_LIST, register_group, .zh = "必有的列，每组有其一", .en = "columns that are needed, one of each group" },
	{ 0 },
};

/* ---- entities, quality -------------------------------------------------------------------- */

static const struct shape entity_object[] = {
	{ "object", SHAPE_TEXT, .zh = "检查对象编号", .en = "object" },
	{ "facts", SHAPE_MAP, texts_or_none, .zh = "现在所知", .en = "what is known of it" },
	{ 0 },
};
static const struct shape entity_row[] = {
	{ "register", SHAPE_TEXT, .zh = "名录", .en = "register" },
	{ "key", SHAPE_TEXT, .zh = "编号", .en = "number of the row" },
	{ "object", SHAPE_TEXT, .maybe = true, .zh = "检查对象编号", .en = "object" },
	{ "import", SHAPE_NUMBER, .maybe = true, .zh = "导入批次", .en = "import" },
	{ "line", SHAPE_NUMBER, .maybe = true, .zh = "文件行号", .en = "row of the file" },
	{ "source", SHAPE_TEXT, .maybe = true, .zh = "来源", .en = "source" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" },
	{ "provider", SHAPE_TEXT, .maybe = true, .zh = "提供人", .en = "provider" },
	{ "at", SHAPE_TIME, .maybe = true, .zh = "确认时间", .en = "when it was confirmed" },
	{ "gone", SHAPE_FLAG, .zh = "名录中已无", .en = "no longer on the list" },
	{ "facts", SHAPE_MAP, texts_or_none, .zh = "内容", .en = "what it says" },
	{ 0 },
};
static const struct shape entity_other[] = {
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "kind", SHAPE_TEXT, .maybe = true, .zh = "变更类型", .en = "kind of change" },
	{ "date", SHAPE_TEXT, .maybe = true, .zh = "日期", .en = "day" },
	{ "reason", SHAPE_TEXT, .maybe = true, .zh = "原因", .en = "why" },
	{ "document", SHAPE_TEXT, .maybe = true, .zh = "文号", .en = "document" },
	{ "steps", SHAPE_NUMBER, .zh = "隔几次变更", .en = "how many changes away" },
	{ 0 },
};
static const struct shape entity_visit[] = {
	{ "round", SHAPE_TEXT, .zh = "轮次", .en = "round" },
	{ "object", SHAPE_TEXT, .zh = "检查对象编号", .en = "object" },
	{ "ordinal", SHAPE_NUMBER, .zh = "第几次", .en = "ordinal" },
	{ "mode", SHAPE_TEXT, .zh = "检查方式", .en = "mode" },
	{ "from", SHAPE_TEXT, .zh = "期间起", .en = "first day of the window" },
	{ "to", SHAPE_TEXT, .zh = "期间止", .en = "last day of the window" },
	{ "day", SHAPE_TEXT, .maybe = true, .zh = "日期", .en = "day" },
	{ "lead", SHAPE_TEXT, .zh = "牵头部门", .en = "lead department" },
	{ "departments", SHAPE_TEXT, .zh = "参加部门", .en = "departments" },
	{ 0 },
};
static const struct shape entity_cause[] = {
	{ "id", SHAPE_NUMBER, .zh = "有因检查编号", .en = "number of the inspection" },
	{ "object", SHAPE_TEXT, .zh = "检查对象编号", .en = "object" },
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "items", SHAPE_TEXT, .zh = "检查事项", .en = "items" },
	{ "date", SHAPE_DATE, .zh = "决定的检查日期", .en = "day that was decided on" },
	{ "way", SHAPE_TEXT, .zh = "方式", .en = "how" },
	{ "day", SHAPE_DATE, .maybe = true, .zh = "检查之日", .en = "when it was made" },
	{ "result", SHAPE_TEXT, .maybe = true, .zh = "结果", .en = "result" },
	{ "entry", SHAPE_NUMBER, .zh = "日志序号", .en = "index in the log" },
	{ 0 },
};
static const struct shape entity_focus[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "number" },
	{ "trigger", SHAPE_TEXT, .zh = "触发规则", .en = "trigger" },
	{ "kind", SHAPE_TEXT, .words = "focus,early", .zh = "focus 重点监管对象，early 预警名单", .en = "focus, or early: on the early-warning list" },
	{ "state", SHAPE_TEXT, .words = "holds,runs,over,ended", .zh = "状态", .en = "state" },
	{ "name", SHAPE_TEXT, .zh = "规则名称", .en = "name of the trigger" },
	{ "label", SHAPE_TEXT, .zh = "标签，预警名单没有", .en = "label; empty on the early-warning list" },
	{ "from", SHAPE_DATE, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, .zh = "至何日", .en = "until" },
	{ 0 },
};
static const struct shape entity_buffer[] = {
	{ "id", SHAPE_NUMBER, .zh = "编号", .en = "number" },
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "state", SHAPE_TEXT, .words = "runs,overdue,cured,not-cured,extended", .zh = "状态", .en = "state" },
	{ "matter", SHAPE_TEXT, .zh = "须改正的事项", .en = "what is to be cured" },
	{ "from", SHAPE_DATE, .zh = "自何日", .en = "from" },
	{ "until", SHAPE_DATE, .zh = "期限", .en = "deadline" },
	{ "ended", SHAPE_DATE, .maybe = true, .zh = "结束日期", .en = "when it ended" },
	{ 0 },
};
const struct shape shape_entity[] = {
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "at", SHAPE_TIME, .maybe = true, .zh = "所知的时刻，空为现在", .en = "what was known then; null: now" },
	{ "name", SHAPE_TEXT, .maybe = true, .zh = "名称", .en = "name" },
	{ "classes", SHAPE_FLAG, .zh = "可查看等级", .en = "classes are shown to the asker" },
	{ "objects", SHAPE_LIST, entity_object, .zh = "检查对象", .en = "its objects" },
	{ "rows", SHAPE_LIST, entity_row, .zh = "各来源的记录，新的在前，至多 1000 条", .en = "what each source said, newest first, at most 1,000" },
	{ "more", SHAPE_FLAG, .zh = "还有更多", .en = "there is more" },
	{ "predecessors", SHAPE_LIST, entity_other, .zh = "前身", .en = "predecessors" },
	{ "successors", SHAPE_LIST, entity_other, .zh = "后继", .en = "successors" },
	{ "visits", SHAPE_LIST, entity_visit, .zh = "入企检查", .en = "visits" },
	{ "causes", SHAPE_LIST, entity_cause, .zh = "有因检查，不是抽取的", .en = "inspections for a cause, which no draw chose" },
	{ "focus", SHAPE_LIST, entity_focus, .zh = "重点监管对象和预警，按查阅人的权限", .en = "focus and early warnings that the asker may be told of" },
	{ "buffers", SHAPE_LIST, entity_buffer, .zh = "缓冲期，本部门的", .en = "buffers, of the asker's departments" },
	{ 0 },
};

static const struct shape lookup_line[] = {
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "steps", SHAPE_NUMBER, .zh = "变更次数：前身为负，后继为正", .en = "how many successions away: before it below 0, behind it above" },
	{ "kind", SHAPE_TEXT, .zh = "变更的种类", .en = "kind of the succession" },
	{ "date", SHAPE_TEXT, .zh = "变更的日期", .en = "its day" },
	{ 0 },
};
static const struct shape lookup_list[] = {
	{ "code", SHAPE_TEXT, .zh = "所说的代码", .en = "the code it was said of" },
	{ "list", SHAPE_TEXT, .words = "abnormal,serious,incentive,alliance,other", .zh = "名单", .en = "list" },
	{ "from", SHAPE_TEXT, .maybe = true, .zh = "列入日期", .en = "since" },
	{ "until", SHAPE_TEXT, .maybe = true, .zh = "至", .en = "until" },
	{ "authority", SHAPE_TEXT, .maybe = true, .zh = "机关", .en = "authority" },
	{ "document", SHAPE_TEXT, .maybe = true, .zh = "文号", .en = "document" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "导入的部门，空为全局", .en = "department whose list says so; null: the whole installation's" },
	{ "source", SHAPE_TEXT, .zh = "来源单位", .en = "where that list came from" },
	{ 0 },
};
static const struct shape lookup_last[] = {
	{ "code", SHAPE_TEXT, .zh = "所说的代码", .en = "the code it was said of" },
	{ "date", SHAPE_TEXT, .zh = "日期", .en = "day" },
	{ "department", SHAPE_TEXT, .maybe = true, .zh = "部门", .en = "department" },
	{ "item", SHAPE_TEXT, .maybe = true, .zh = "事项", .en = "item" },
	{ "result", SHAPE_TEXT, .maybe = true, .zh = "结果", .en = "result" },
	{ "department_name", SHAPE_TEXT, .maybe = true, .zh = "部门名称", .en = "name of the department" },
	{ "inspectors", SHAPE_TEXT, .maybe = true, .zh = "检查人员，仅其部门和可见全部的人可见", .en = "who inspected; null for whoever may not see it" },
	{ "register", SHAPE_TEXT, .maybe = true, .zh = "依据的名录，causes 为本系统的有因检查", .en = "register that says so; causes: an inspection for a cause of this installation" },
	{ "cause", SHAPE_FLAG, .zh = "有因检查", .en = "was it for a cause?" },
	{ 0 },
};
static const struct shape lookup_planned[] = {
	{ "code", SHAPE_TEXT, .zh = "所抽的代码", .en = "the code that was drawn" },
	{ "round", SHAPE_TEXT, .zh = "轮次", .en = "round" },
	{ "day", SHAPE_TEXT, .maybe = true, .zh = "安排的日期", .en = "day it is planned for" },
	{ "from", SHAPE_TEXT, .zh = "检查期自", .en = "from" },
	{ "to", SHAPE_TEXT, .zh = "检查期至", .en = "to" },
	{ "departments", SHAPE_TEXT, .zh = "部门", .en = "departments" },
	{ "department_names", SHAPE_TEXT, .maybe = true, .zh = "部门名称", .en = "names of the departments" },
	{ 0 },
};
const struct shape shape_lookup[] = {
	{ "code", SHAPE_TEXT, .zh = "代码", .en = "code" },
	{ "known", SHAPE_FLAG, .zh = "在名录中", .en = "it is in the register" },
	{ "name", SHAPE_TEXT, .maybe = true, .zh = "名称", .en = "name" },
	{ "objects", SHAPE_NUMBER, .zh = "检查对象数", .en = "how many objects" },
	{ "status", SHAPE_TEXT, .maybe = true, .zh = "登记状态", .en = "status" },
	{ "line", SHAPE_LIST, lookup_line, .zh = "前身和后继的代码，所列均一并查询", .en = "codes it had before and has since: they are asked, too" },
	{ "lists", SHAPE_LIST, lookup_list, .zh = "所在名单", .en = "lists it is on" },
	{ "last", SHAPE_OBJECT, lookup_last, .maybe = true, .zh = "上次检查", .en = "when it was last inspected, by whom" },
	{ "planned", SHAPE_LIST, lookup_planned, .zh = "抽查的安排，是否已检查以检查记录为准", .en = "visits of plans; whether they took place the registers say" },
	{ "inspections", SHAPE_NUMBER, .zh = "近 12 个月的检查次数，有因检查除外", .en = "inspections of the last 12 months, those for a cause left out" },
	{ "causes", SHAPE_NUMBER, .zh = "近 12 个月的有因检查次数", .en = "those for a cause" },
	{ 0 },
};

static const struct shape quality_now[] = {
	{ "numerator", SHAPE_NUMBER, .zh = "分子", .en = "numerator" },
	{ "denominator", SHAPE_NUMBER, .zh = "分母", .en = "denominator" },
	{ "refused", SHAPE_NUMBER, .zh = "整份退回的文件中的行，不在分母中", .en = "rows of files of which nothing was taken in; not in the denominator" },
	{ 0 },
};
static const struct shape quality_previous[] = {
	{ "day", SHAPE_DATE, .zh = "日期", .en = "day" },
	{ "numerator", SHAPE_NUMBER, .zh = "分子", .en = "numerator" },
	{ "denominator", SHAPE_NUMBER, .zh = "分母", .en = "denominator" },
	{ 0 },
};
static const struct shape quality_figure[] = {
	{ "level", SHAPE_TEXT, .words = "overall,register,department,source", .zh = "层次", .en = "level" },
	{ "register", SHAPE_TEXT, .zh = "名录，* 为全部", .en = "register, * for all" },
	{ "department", SHAPE_TEXT, .zh = "部门，* 为全部，空为全局名录", .en = "department, * for all, empty for the whole installation's own lists" },
	{ "source", SHAPE_TEXT, .zh = "来源，* 为全部", .en = "source, * for all" },
	{ "figure", SHAPE_TEXT, .words = QUALITY_FIGURES, .zh = "指标", .en = "figure" },
	{ "fact", SHAPE_TEXT, .zh = "事实", .en = "fact" },
	{ "numerator", SHAPE_NUMBER, .zh = "分子", .en = "numerator" },
	{ "denominator", SHAPE_NUMBER, .zh = "分母", .en = "denominator" },
	{ "previous", SHAPE_OBJECT, quality_previous, .maybe = true, .zh = "上一次", .en = "the figure before" },
	{ "samples", SHAPE_LIST, texts, .maybe = true, .zh = "例子", .en = "samples" },
	{ 0 },
};
const struct shape shape_quality[] = {
	{ "snapshot", SHAPE_NUMBER, .maybe = true, .zh = "快照编号", .en = "number of the snapshot" },
	{ "at", SHAPE_TIME, .maybe = true, .zh = "时间", .en = "when it was taken" },
	{ "day", SHAPE_TEXT, .maybe = true, .zh = "日期", .en = "day" },
	{ "minimum", SHAPE_NUMBER, .maybe = true, .zh = "冻结所需的正确率（百万分之一）", .en = "correctness that a freeze needs, in millionths" },
	{ "now", SHAPE_OBJECT, quality_now, .zh = "此刻的正确率", .en = "correctness at this moment" },
	{ "figures", SHAPE_LIST, quality_figure, .zh = "各项指标", .en = "figures" },
	{ 0 },
};
static const struct shape trend_point[] = {
	{ "day", SHAPE_DATE, .zh = "日期", .en = "day" },
	{ "at", SHAPE_TIME, .zh = "时间", .en = "when" },
	{ "numerator", SHAPE_NUMBER, .zh = "分子", .en = "numerator" },
	{ "denominator", SHAPE_NUMBER, .zh = "分母", .en = "denominator" },
	{ 0 },
};
const struct shape shape_quality_trend[] = {
	{ "figure", SHAPE_TEXT, .zh = "指标", .en = "figure" },
	{ "fact", SHAPE_TEXT, .zh = "事实", .en = "fact" },
	{ "register", SHAPE_TEXT, .zh = "名录", .en = "register" },
	{ "department", SHAPE_TEXT, .zh = "部门", .en = "department" },
	{ "source", SHAPE_TEXT, .zh = "来源", .en = "source" },
	{ "points", SHAPE_LIST, trend_point, .zh = "各日的最后一次", .en = "the last of each day" },
	{ 0 },
};
/* clang-format on */
