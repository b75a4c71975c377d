#include "planner/policy.h"

#include <assert.h>
#include <string.h>

#include "planner/policy_table.h"
#include "planner/unions.h"

int64_t policy_department(const struct policy *p, struct bytes code)
{
	return settings_find(p->departments, p->department_count, sizeof *p->departments, code);
}

int64_t policy_field(const struct policy *p, struct bytes code)
{
	return settings_find(p->fields, p->field_count, sizeof *p->fields, code);
}

int64_t policy_item(const struct policy *p, struct bytes code)
{
	return settings_find(p->items, p->item_count, sizeof *p->items, code);
}

int64_t policy_task(const struct policy *p, struct bytes code)
{
	return settings_find(p->tasks, p->task_count, sizeof *p->tasks, code);
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

bool policy_apart(const struct policy *p, uint32_t a, uint32_t b)
{
	const struct department *d = &p->departments[a];
	for (uint32_t i = 0; i < d->apart_count; i++)
		if (d->apart[i] == b)
			return true;
	return false;
}

int32_t policy_counts_from(const struct policy *p, int32_t date)
{
	int32_t first = p->cycle_from;

	for (uint32_t c = 0; c < p->cap_count; c++) {
		int32_t after = date - (int32_t)p->caps[c].days;
		first = after + 1 < first ? after + 1 : first;
	}
	return first;
}

uint32_t policy_class(const struct policy *p, enum stratum s)
{
	enum stratum class = stratum_class(s);
	return class == STRATUM_U ? p->class_missing : (uint32_t) class;
}

/* Factors within a class, and then the order of marks, decide where the larger ones stand. */
static unsigned marks_before(const struct policy *p, unsigned mark)
{
	const uint64_t factor[] = { FACTOR_ONE, p->adjust[0].factor, p->adjust[1].factor };
	unsigned before = 0;

	for (unsigned k = 0; k <= ADJUSTMENTS; k++)
		before += factor[k] > factor[mark] || (factor[k] == factor[mark] && k < mark);
	return before;
}

void policy_rank(const struct policy *p, struct strata_rank *rank)
{
	for (int s = 0; s < FRAME_STRATA; s++) {
		enum stratum class = stratum_class((enum stratum)s);
		unsigned worse = STRATUM_D - policy_class(p, (enum stratum)s);
		/* U stands before its class, so behind it where that one is worse */
		bool behind = class != STRATUM_U && class <= p->class_missing;
		unsigned classes = worse + behind;
		rank->place[s] = (uint8_t)(classes * (ADJUSTMENTS + 1) +
					   marks_before(p, stratum_mark((enum stratum)s)));
	}
	rank->place[STRATUM_OUT] = FRAME_STRATA;
}

bool policy_frame(const struct policy *p, struct frame *f, const struct table *t, struct arena *a,
	struct err *e)
{
	struct strata_rank rank;

	policy_rank(p, &rank);
	if (!frame_load(f, t, &rank, a, e))
		return false;
	if (f->tasks == p->task_count)
		f->counts.among = unions_among(p, f, a);
	return true;
}

bool policy_path(size_t i, struct settings_path *path)
{
	return settings_path(&policy_form, i, path);
}

bool policy_from_rows(
	struct policy *p, struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	struct setting_list list[OWNERS];

	memset(p, 0, sizeof *p);
	if (!settings_read(&policy_form, p, list, a, rows, n, e))
		return false;
	p->cap_count = list[OWNER_CAP].n;
	p->caps = (void *)list[OWNER_CAP].base;
	p->department_count = list[OWNER_DEPARTMENT].n;
	p->departments = (void *)list[OWNER_DEPARTMENT].base;
	p->field_count = list[OWNER_FIELD].n;
	p->fields = (void *)list[OWNER_FIELD].base;
	p->item_count = list[OWNER_ITEM].n;
	p->items = (void *)list[OWNER_ITEM].base;
	p->mode_count = list[OWNER_MODE].n;
	p->modes = (void *)list[OWNER_MODE].base;
	p->task_count = list[OWNER_TASK].n;
	p->tasks = (void *)list[OWNER_TASK].base;
	return policy_settle(p, a, e);
}

bool policy_read(struct policy *p, struct arena *a, const struct table *t, struct err *e)
{
	struct setting_row *rows = arena_calloc(a, t->n + 1, sizeof *rows);
	struct table_cursor c = table_rows(t);
	struct bytes field[TABLE_COLUMNS_MAX];
	size_t n = 0;

	assert(t->id == TABLE_POLICY);
	while (table_next(t, &c, field))
		rows[n++] = (struct setting_row){ field[0], field[1] };
	return policy_from_rows(p, a, rows, n, e);
}

void policy_rows(
	const struct policy *p, struct arena *a, const struct setting_row **rows, size_t *n)
{
	const struct setting_list list[OWNERS] = {
		[OWNER_CAP] = { (void *)p->caps, p->cap_count },
		[OWNER_DEPARTMENT] = { (void *)p->departments, p->department_count },
		[OWNER_FIELD] = { (void *)p->fields, p->field_count },
		[OWNER_ITEM] = { (void *)p->items, p->item_count },
		[OWNER_MODE] = { (void *)p->modes, p->mode_count },
		[OWNER_TASK] = { (void *)p->tasks, p->task_count },
	};
	settings_rows(&policy_form, p, list, a, rows, n);
}

bool policy_write(const struct policy *p, const uint8_t blind[32], struct sink sink,
	struct arena *a, uint8_t hash[32], struct err *e)
{
	const struct setting_row *rows;
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
