#include "planner/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/policy_table.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

/* ---- reading ---- */

/* The owners of one group while they are read. */
struct owners {
	char *base;
	uint32_t n;
	uint32_t *seen; /* bit i: field i of the group has been read */
};

struct reader {
	struct arena *arena;
	struct owners owners[OWNERS];
	struct err *e;
};

/* What a path says: whose, and which. */
struct path {
	enum owner owner;
	struct bytes code, name;
};

static struct path path_split(struct bytes path)
{
	for (int o = OWNER_DEPARTMENT; o < OWNERS; o++) {
		struct bytes prefix = bytes_of(policy_group[o].prefix), rest = path;
		bool more;
		if (!bytes_starts(path, prefix))
			continue;
		rest.p += prefix.n;
		rest.n -= prefix.n;
		struct bytes code = bytes_cut(&rest, '.', &more);
		return (struct path){ (enum owner)o, code, rest };
	}
	return (struct path){ OWNER_POLICY, { NULL, 0 }, path };
}

static int compare_code(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static int64_t find_code(const void *base, uint32_t n, size_t size, struct bytes code)
{
	if (n == 0)
		return -1;
	const char *at = bsearch(&code, base, n, size, compare_code);
	return at != NULL ? (at - (const char *)base) / (int64_t)size : -1;
}

int64_t policy_department(const struct policy *p, struct bytes code)
{
	return find_code(p->departments, p->department_count, sizeof *p->departments, code);
}

int64_t policy_item(const struct policy *p, struct bytes code)
{
	return find_code(p->items, p->item_count, sizeof *p->items, code);
}

int64_t policy_task(const struct policy *p, struct bytes code)
{
	return find_code(p->tasks, p->task_count, sizeof *p->tasks, code);
}

static bool inspects_in_a_task(const struct policy *p, uint32_t department)
{
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < p->tasks[t].department_count; i++)
			if (p->tasks[t].departments[i] == department)
				return true;
	return false;
}

void policy_departments(const struct policy *p, struct buf *out)
{
	size_t before = out->n;
	for (uint32_t d = 0; d < p->department_count; d++) {
		if (!inspects_in_a_task(p, d))
			continue;
		if (out->n > before)
			buf_byte(out, ',');
		buf_bytes(out, p->departments[d].code);
	}
}

static bool refuse(struct err *e, enum err_code code, struct bytes path, const char *what)
{
	err_set(e, code, "%s", what);
	return err_at(e, "policy: %.*s", BYTES_ARG(type_shown(path)));
}

static bool check_paths(const struct reader *r, const struct policy_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct path path = path_split(rows[i].path);
		if (i > 0 && bytes_equal(rows[i - 1].path, rows[i].path))
			return refuse(r->e, ERR_BAD_POLICY, rows[i].path, "stands twice");
		if (i > 0 && bytes_compare(rows[i - 1].path, rows[i].path) > 0)
			return refuse(r->e, ERR_BAD_POLICY, rows[i].path, "not in ascending order");
		if (path.owner != OWNER_POLICY && !text_is_token(path.code))
			return refuse(r->e, ERR_BAD_POLICY, rows[i].path,
				"the code is not a token [a-z0-9-]{1,32}");
	}
	return true;
}

/* Make the arrays. Rows of one owner stand together, but owners not in the order of their codes:
 * "task.a-b." comes before "task.a.". */
static void make_owners(struct reader *r, const struct policy_row *rows, size_t n)
{
	for (int pass = 0; pass < 2; pass++) {
		struct bytes last[OWNERS] = { { NULL, 0 } };
		for (int o = OWNER_DEPARTMENT; o < OWNERS; o++) {
			if (pass == 1)
				r->owners[o].base = arena_calloc(
					r->arena, r->owners[o].n + 1, policy_group[o].size);
			r->owners[o].n = 0;
		}
		for (size_t i = 0; i < n; i++) {
			struct path path = path_split(rows[i].path);
			struct owners *of = &r->owners[path.owner];
			if (path.owner == OWNER_POLICY || bytes_equal(path.code, last[path.owner]))
				continue;
			last[path.owner] = path.code;
			if (pass == 1)
				memcpy(of->base + of->n * policy_group[path.owner].size, &path.code,
					sizeof path.code);
			of->n++;
		}
	}
	for (int o = 0; o < OWNERS; o++) {
		struct owners *of = &r->owners[o];
		of->seen = arena_calloc(r->arena, of->n + 1, sizeof *of->seen);
		if (o != OWNER_POLICY && of->n > 1)
			qsort(of->base, of->n, policy_group[o].size, compare_code);
	}
}

static bool refuse_value(struct reader *r, const struct field *f, const struct policy_row *row)
{
	struct buf form = buf_new(r->arena, 80);

	policy_form_put(f, &form);
	return refuse(r->e, f->error != ERR_NONE ? f->error : ERR_BAD_POLICY, row->path,
		arena_printf(r->arena, "\"%.*s\": not a %.*s", BYTES_ARG(type_shown(row->value)),
			BYTES_ARG(buf_view(&form))));
}

static bool read_row(struct reader *r, const struct policy_row *row)
{
	struct path path = path_split(row->path);
	const struct policy_group *g = &policy_group[path.owner];
	struct owners *of = &r->owners[path.owner];
	int64_t i = path.owner == OWNER_POLICY ? 0 : find_code(of->base, of->n, g->size, path.code);

	assert(i >= 0);
	for (size_t k = 0; k < g->fields; k++) {
		const struct field *f = &g->field[k];
		if (!bytes_is(path.name, f->name))
			continue;
		of->seen[i] |= 1u << k;
		if (f->form->read(f, r->arena, row->value, of->base + (size_t)i * g->size + f->at))
			return true;
		return refuse_value(r, f, row);
	}
	return refuse(r->e, ERR_BAD_POLICY, row->path, "unknown path");
}

static bool check_complete(struct reader *r)
{
	for (int o = 0; o < OWNERS; o++) {
		for (uint32_t i = 0; i < r->owners[o].n; i++) {
			for (size_t k = 0; k < policy_group[o].fields; k++) {
				struct bytes code = { NULL, 0 };
				if (r->owners[o].seen[i] >> k & 1)
					continue;
				if (o != OWNER_POLICY)
					memcpy(&code, r->owners[o].base + i * policy_group[o].size,
						sizeof code);
				err_set(r->e, ERR_BAD_POLICY, "missing");
				return err_at(r->e, "policy: %s%.*s%s%s", policy_group[o].prefix,
					BYTES_ARG(code), o != OWNER_POLICY ? "." : "",
					policy_group[o].field[k].name);
			}
		}
	}
	return true;
}

/* ---- what the settings must be to one another ---- */

static bool refuse_task(struct err *e, enum err_code code, const struct task *t, const char *name,
	struct bytes value, const char *what)
{
	err_set(e, code, "\"%.*s\": %s", BYTES_ARG(type_shown(value)), what);
	return err_at(e, "policy: task.%.*s.%s", BYTES_ARG(t->code), name);
}

static bool resolve_items(struct policy *p, struct err *e)
{
	for (uint32_t i = 0; i < p->item_count; i++) {
		struct item *item = &p->items[i];
		int64_t d = policy_department(p, item->department_code);
		if (d < 0) {
			err_set(e, ERR_BAD_POLICY, "\"%.*s\": no such department",
				BYTES_ARG(item->department_code));
			return err_at(e, "policy: item.%.*s.department", BYTES_ARG(item->code));
		}
		item->department = (uint32_t)d;
	}
	return true;
}

/* Items of the task and their departments, as indices. */
static bool resolve_task_items(
	const struct policy *p, struct task *t, struct arena *a, struct err *e)
{
	uint32_t *items = arena_calloc(a, t->item_codes.n + 1, sizeof *items);
	uint32_t *departments = arena_calloc(a, p->department_count + 1, sizeof *departments);
	bool *used = arena_calloc(a, p->department_count + 1, sizeof *used);

	for (uint32_t i = 0; i < t->item_codes.n; i++) {
		int64_t item = policy_item(p, t->item_codes.at[i]);
		if (item < 0)
			return refuse_task(
				e, ERR_BAD_POLICY, t, "items", t->item_codes.at[i], "no such item");
		items[t->item_count++] = (uint32_t)item;
		used[p->items[item].department] = true;
	}
	for (uint32_t d = 0; d < p->department_count; d++)
		if (used[d])
			departments[t->department_count++] = d;
	t->items = items;
	t->departments = departments;
	return true;
}

static bool check_departments(const struct policy *p, struct task *t, struct err *e)
{
	int64_t lead = policy_department(p, t->lead_code);

	for (uint32_t i = 0; i < t->department_count; i++) {
		const struct department *d = &p->departments[t->departments[i]];
		if (!d->inspects)
			return refuse_task(e, ERR_NO_DEPARTMENT, t, "items", d->code,
				"this department of the task may not inspect");
	}
	if (lead < 0)
		return refuse_task(
			e, ERR_BAD_POLICY, t, "lead", t->lead_code, "no such department");
	for (uint32_t i = 0; i < t->department_count; i++) {
		if (t->departments[i] == lead) {
			t->lead = (uint32_t)lead;
			return true;
		}
	}
	return refuse_task(e, ERR_BAD_POLICY, t, "lead", t->lead_code,
		"no item of the task is this department's");
}

static bool check_window(const struct task *t, struct err *e)
{
	char from[CIVIL_TEXT];

	if (t->from <= t->to)
		return true;
	return refuse_task(e, ERR_BAD_DATE, t, "from", bytes_of(civil_format(t->from, from)),
		"after the window's last day");
}

static bool check_officers(const struct task *t, struct err *e)
{
	if ((t->officers == 1) == (t->officers_basis.n > 0))
		return true;
	return refuse_task(e, ERR_BAD_POLICY, t, "officers-basis", t->officers_basis,
		t->officers == 1 ? "one officer alone needs a legal basis"
				 : "must be empty unless officers is 1");
}

static bool check_lawful(struct policy *p, struct arena *a, struct err *e)
{
	if (p->cycle_from > p->cycle_to)
		return refuse(e, ERR_BAD_DATE, BYTES("cycle.from"), "after cycle.to");
	if (policy_department(p, BYTES("none")) >= 0)
		return refuse(e, ERR_BAD_POLICY, BYTES("department.none"),
			"a code like any other, but not none");
	if (p->task_count > POLICY_TASKS_MAX)
		return refuse(e, ERR_BAD_POLICY, BYTES("task"), "more than 999 tasks");
	if (!resolve_items(p, e))
		return false;
	for (uint32_t i = 0; i < p->task_count; i++) {
		struct task *t = &p->tasks[i];
		if (!check_window(t, e) || !check_officers(t, e) ||
			!resolve_task_items(p, t, a, e) || !check_departments(p, t, e))
			return false;
	}
	return true;
}

bool policy_from_rows(
	struct policy *p, struct arena *a, const struct policy_row *rows, size_t n, struct err *e)
{
	struct reader r = { .arena = a, .e = e };

	memset(p, 0, sizeof *p);
	r.owners[OWNER_POLICY] = (struct owners){ .base = (char *)p, .n = 1 };
	if (!check_paths(&r, rows, n))
		return false;
	make_owners(&r, rows, n);
	for (size_t i = 0; i < n; i++)
		if (!read_row(&r, &rows[i]))
			return false;
	if (!check_complete(&r))
		return false;
	p->department_count = r.owners[OWNER_DEPARTMENT].n;
	p->departments = (void *)r.owners[OWNER_DEPARTMENT].base;
	p->item_count = r.owners[OWNER_ITEM].n;
	p->items = (void *)r.owners[OWNER_ITEM].base;
	p->task_count = r.owners[OWNER_TASK].n;
	p->tasks = (void *)r.owners[OWNER_TASK].base;
	return check_lawful(p, a, e);
}

bool policy_read(struct policy *p, struct arena *a, const struct table *t, struct err *e)
{
	struct policy_row *rows = arena_calloc(a, t->n + 1, sizeof *rows);
	struct table_cursor c = table_rows(t);
	struct bytes field[TABLE_COLUMNS_MAX];
	size_t n = 0;

	assert(t->id == TABLE_POLICY);
	while (table_next(t, &c, field))
		rows[n++] = (struct policy_row){ field[0], field[1] };
	return policy_from_rows(p, a, rows, n, e);
}

/* ---- writing ---- */

static int compare_row(const void *x, const void *y)
{
	const struct policy_row *a = x, *b = y;
	int c = bytes_compare(a->path, b->path);
	return c != 0 ? c : bytes_compare(a->value, b->value);
}

void policy_sort(struct policy_row *rows, size_t n)
{
	if (n > 1)
		qsort(rows, n, sizeof *rows, compare_row);
}

/* All rows of one owner. */
static void put_owner(const struct policy_group *g, const void *owner, struct bytes code,
	struct arena *a, struct policy_row *rows, size_t *n)
{
	for (size_t k = 0; k < g->fields; k++) {
		struct buf path = buf_new(a, 80), value = buf_new(a, 32);
		buf_str(&path, g->prefix);
		buf_bytes(&path, code);
		buf_str(&path, code.n > 0 ? "." : "");
		buf_str(&path, g->field[k].name);
		g->field[k].form->write(&g->field[k], (const char *)owner + g->field[k].at, &value);
		rows[(*n)++] = (struct policy_row){ buf_view(&path), buf_view(&value) };
	}
}

void policy_rows(const struct policy *p, struct arena *a, const struct policy_row **rows, size_t *n)
{
	const struct {
		const void *base;
		size_t n;
	} owners[OWNERS] = {
		[OWNER_POLICY] = { p, 1 },
		[OWNER_DEPARTMENT] = { p->departments, p->department_count },
		[OWNER_ITEM] = { p->items, p->item_count },
		[OWNER_TASK] = { p->tasks, p->task_count },
	};
	size_t room = 0, count = 0;

	for (int o = 0; o < OWNERS; o++)
		room += owners[o].n * policy_group[o].fields;
	struct policy_row *list = arena_calloc(a, room, sizeof *list);
	for (int o = 0; o < OWNERS; o++) {
		for (size_t i = 0; i < owners[o].n; i++) {
			const char *owner = (const char *)owners[o].base + i * policy_group[o].size;
			struct bytes code = { NULL, 0 };
			if (o != OWNER_POLICY)
				memcpy(&code, owner, sizeof code);
			put_owner(&policy_group[o], owner, code, a, list, &count);
		}
	}
	policy_sort(list, count);
	*rows = list;
	*n = count;
}

bool policy_write(const struct policy *p, const uint8_t blind[32], struct sink sink,
	struct arena *a, uint8_t hash[32], struct err *e)
{
	const struct policy_row *rows;
	struct table_writer w;
	size_t n;

	policy_rows(p, a, &rows, &n);
	bool ok = table_start(&w, TABLE_POLICY, blind, NULL, 0, sink, a, e);
	for (size_t i = 0; ok && i < n; i++) {
		const struct bytes field[2] = { rows[i].path, rows[i].value };
		ok = table_put(&w, field, e);
	}
	return ok && table_end(&w, hash, e);
}
