/* Rows and history of every register: one list each, whose columns are the register's facts. The
 * views <register>_rows and <register>_history (sql/migrations/0009_lists.sql) have the same. */
#include <stdio.h>
#include <string.h>

#include "daemon/list.h"
#include "daemon/register/registers.h"

enum { OWN_MAX = 12, VIEW_MAX = 48 };

/* What stands behind the facts; no fact has such a name. */
static const struct list_column rows_own[] = {
	{ "import", SHAPE_NUMBER, .filters = true, .zh = "导入批次，0 为提请",
		.en = "import; 0: a motion" },
	{ "row", SHAPE_NUMBER, .zh = "文件行号", .en = "row of the file" },
	{ 0 },
};
static const struct list_column history_own[] = {
	{ "import", SHAPE_NUMBER, .sorts = true, .filters = true, .zh = "导入批次",
		.en = "import" },
	{ "row", SHAPE_NUMBER, .zh = "文件行号", .en = "row of the file" },
	{ "gone", SHAPE_FLAG, .zh = "名录中已无", .en = "no longer on the list" },
	{ "import_state", SHAPE_TEXT, .maybe = true, .zh = "批次状态",
		.en = "state of the import" },
	{ "import_at", SHAPE_TIME, .maybe = true, .zh = "确认时间", .en = "when it was confirmed" },
	{ "import_source", SHAPE_TEXT, .maybe = true, .zh = "来源", .en = "source" },
	{ "import_provider", SHAPE_TEXT, .maybe = true, .zh = "提供人", .en = "provider" },
	{ "import_account", SHAPE_TEXT, .maybe = true, .zh = "导入人", .en = "who imported it" },
	{ "import_department", SHAPE_TEXT, .maybe = true, .zh = "导入部门",
		.en = "for which department" },
	{ "import_file", SHAPE_TEXT, .maybe = true, .zh = "文件", .en = "file" },
	{ 0 },
};

struct made {
	struct list list;
	struct list_column column[FACTS_MAX + OWN_MAX + 1];
	char view[VIEW_MAX], of_name[VIEW_MAX], keys[VIEW_MAX], of[VIEW_MAX], named[VIEW_MAX];
};
static struct made rows[REGISTERS], history[REGISTERS];

/* Sums and degrees are integers of a unit that the header names: a file is taken in again as it is
 * (daemon/register/columns_table.c). */
static const char *header_of(const struct fact *f)
{
	static const char *const units[][2] = { { "注册资本", "注册资本(分)" },
		{ "实缴资本", "实缴资本(分)" }, { "金额", "金额(分)" }, { "经度", "经度(微度)" },
		{ "纬度", "纬度(微度)" } };
	for (size_t i = 0; f->form == FORM_NUMBER && i < sizeof units / sizeof *units; i++)
		if (strcmp(f->zh, units[i][0]) == 0)
			return units[i][1];
	return f->zh;
}

static struct list_column fact_column(const struct register_info *r, size_t i)
{
	const struct fact *f = &r->fact[i];
	struct list_column c = { .name = i == 0 ? "key" : f->name,
		.kind = f->form == FORM_DATE ? SHAPE_DATE : SHAPE_TEXT,
		.maybe = i > 0,
		.sorts = i == 0,
		.zh = header_of(f),
		.en = f->en };
	c.filters = i == 0 || (r->entity != NULL && bytes_is(bytes_of(r->entity), f->name));
	return c;
}

static void set_keys(
	struct made *m, const char *column, char *function, const char *r, const char *end)
{
	snprintf(function, VIEW_MAX, "%s_%s", r, end);
	for (struct list_column *c = m->column; c->name != NULL; c++)
		if (strcmp(c->name, column) == 0)
			c->keys = function;
}

/* What a filter finds by the keys that a function gives. */
static void find_by_keys(struct made *m, const char *r)
{
	if (m->list.entity != NULL && strcmp(m->list.entity, "key") != 0)
		set_keys(m, m->list.entity, m->keys, r, "keys");
	if (m->list.search != NULL)
		set_keys(m, m->list.search, m->named, r, "named");
	if (strcmp(m->list.name, "rows") == 0) /* history has it in its index */
		set_keys(m, "import", m->of, r, "of");
}

static void make(struct made *m, const struct register_info *r, const char *name,
	const struct list_column *own)
{
	size_t n = 0;
	for (; n < r->facts; n++)
		m->column[n] = fact_column(r, n);
	for (; own->name != NULL; own++)
		m->column[n++] = *own;
	m->column[n] = (struct list_column){ 0 };
	snprintf(m->view, sizeof m->view, "%s_%s", r->name, name);
	snprintf(m->of_name, sizeof m->of_name, "%s.", r->name);
	m->list = (struct list){ .name = name,
		.view = m->view,
		.of_name = m->of_name,
		.columns = m->column,
		.zh = r->zh,
		.en = r->en };
	if (r->entity != NULL)
		m->list.entity = bytes_is(bytes_of(r->entity), r->fact[0].name) ? "key" : r->entity;
	if (list_column(&m->list, BYTES("name")) != NULL)
		m->list.search = "name";
	if (r != &registers[REGISTER_RECUSALS])
		find_by_keys(m, r->name);
}

static void make_all(void)
{
	static bool done;
	for (size_t i = 0; i < REGISTERS && !done; i++) {
		make(&rows[i], &registers[i], "rows", rows_own);
		rows[i].list.key = rows[i].list.order = "key";
		rows[i].list.at = true;
		make(&history[i], &registers[i], "history", history_own);
		history[i].list.key = "import,row,key";
		history[i].list.order = "import";
		history[i].list.descending = true;
	}
	done = true;
}

static const struct list *one_of(const struct made *all, struct bytes name)
{
	enum register_id id;
	make_all();
	return register_named(name, &id) ? &all[id].list : NULL;
}

const struct list *list_rows_of(struct bytes name)
{
	return one_of(rows, name);
}

const struct list *list_history_of(struct bytes name)
{
	return one_of(history, name);
}

const struct list *list_each(size_t i)
{
	for (const struct list *const *l = lists; *l != NULL; l++) {
		size_t n = (*l)->of != NULL ? REGISTERS : 1;
		if (i < n)
			return (*l)->of != NULL ? (*l)->of(bytes_of(registers[i].name)) : *l;
		i -= n;
	}
	return NULL;
}

/* ---- what all of them share --------------------------------------------------------------- */

static const struct list_column rows_columns[] = {
	{ "key", SHAPE_TEXT, .sorts = true, .filters = true, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, .filters = true, .maybe = true, .zh = "所属经营主体",
		.en = "the entity it is about" },
	{ "import", SHAPE_NUMBER, .filters = true, .zh = "导入批次，0 为提请",
		.en = "import; 0: a motion" },
	{ "row", SHAPE_NUMBER, .zh = "文件行号", .en = "row of the file" },
	{ 0 },
};
const struct list list_rows = { .name = "rows",
	.columns = rows_columns,
	.key = "key",
	.order = "key",
	.parent = Q_list_register,
	.of = list_rows_of,
	.at = true,
	.search = "name",
	.zh = "记录",
	.en = "rows of a register; their members are its facts" };

static const struct list_column history_columns[] = {
	{ "key", SHAPE_TEXT, .sorts = true, .filters = true, .zh = "编号", .en = "number" },
	{ "entity", SHAPE_TEXT, .filters = true, .maybe = true, .zh = "所属经营主体",
		.en = "the entity it is about" },
	{ "import", SHAPE_NUMBER, .sorts = true, .filters = true, .zh = "导入批次",
		.en = "import" },
	{ "row", SHAPE_NUMBER, .zh = "文件行号", .en = "row of the file" },
	{ "gone", SHAPE_FLAG, .zh = "名录中已无", .en = "no longer on the list" },
	{ "import_at", SHAPE_TIME, .maybe = true, .zh = "确认时间", .en = "when it was confirmed" },
	{ 0 },
};
const struct list list_history = { .name = "history",
	.columns = history_columns,
	.key = "import,row,key",
	.order = "import",
	.descending = true,
	.parent = Q_list_register,
	.of = list_history_of,
	.search = "name",
	.zh = "历次记录",
	.en = "what was said of a register's rows, by whom, when, in which file and row" };
