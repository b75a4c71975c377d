#include "daemon/programme_told.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/documents.h"
#include "daemon/job.h"
#include "daemon/json.h"
#include "planner/civil.h"

enum { PROPOSALS_MAX = 200 };

struct telling {
	struct programme_found *f;
	struct arena *a;
	struct buf *b;
	struct buf refused; /* members of the list */
};

static void comma(struct buf *b, size_t i)
{
	if (i > 0)
		buf_byte(b, ',');
}

static struct bytes code_of(const struct telling *t, uint32_t task)
{
	return t->f->plan.code[t->f->task[task]];
}

static const struct policy *base_of(const struct telling *t)
{
	return t->f->year.day[0].policy;
}

/* The task of the year in the policy of its first draw. */
static const struct task *task_of(const struct telling *t, uint32_t task)
{
	const struct programme_year *y = &t->f->year;

	for (size_t d = 0; d < y->days; d++)
		for (uint32_t k = 0; k < y->day[d].policy->task_count; k++)
			if (y->day[d].task[k] == task)
				return &y->day[d].policy->tasks[k];
	return NULL;
}

static struct bytes codes_of(const struct telling *t, const uint32_t *task, size_t n)
{
	struct buf b = buf_new(t->a, 200);

	for (size_t i = 0; i < n; i++) {
		buf_str(&b, i > 0 ? ", " : "");
		buf_bytes(&b, code_of(t, task[i]));
	}
	return buf_view(&b);
}

/* ---- refusals ---- */

static void refuse(struct telling *t, const struct err *why)
{
	struct programme_found *f = t->f;

	comma(&t->refused, (size_t)f->refusals);
	buf_bytes(&t->refused, job_error_json(t->a, why));
	if (f->refusals++ == 0)
		f->refused = arena_printf(t->a, "%s%s%s", why->where,
			why->where[0] != '\0' && why->what[0] != '\0' ? ": " : "", why->what);
}

static void refuse_days(struct telling *t)
{
	const struct programme_found *f = t->f;

	for (size_t d = 0; d < f->plan.days; d++)
		if (f->plan.day[d].why.code != ERR_NONE)
			refuse(t, &f->plan.day[d].why);
	for (size_t d = 0; d < f->year.days; d++) {
		char day[CIVIL_TEXT];
		if (f->bodies[d].code == ERR_NONE)
			continue;
		err_at(&f->bodies[d], "%s", civil_format(f->year.day[d].draw_on, day));
		refuse(t, &f->bodies[d]);
	}
}

/* A stratum may be filled by the day of the draw; what else a freeze refuses, it will refuse then.
 */
static void refuse_tasks(struct telling *t)
{
	const struct programme_year *y = &t->f->year;

	for (size_t d = 0; d < y->days; d++) {
		for (uint32_t k = 0; k < y->day[d].policy->task_count; k++) {
			struct err why = t->f->result.day[d].look.task[k].why;
			char day[CIVIL_TEXT];
			if (why.code == ERR_NONE || why.code == ERR_EMPTY_STRATUM)
				continue;
			err_at(&why, "%s", civil_format(y->day[d].draw_on, day));
			refuse(t, &why);
		}
	}
}

static void refuse_caps(struct telling *t)
{
	const struct programme_result *r = &t->f->result;

	for (size_t i = 0; i < r->caps; i++) {
		const struct programme_cap *c = &r->cap[i];
		const struct cap *cap = &base_of(t)->caps[c->cap];
		struct err why = { 0 };
		if (c->over == 0)
			continue;
		err_set(&why, ERR_PROGRAMME_CAP,
			"%.*s (%.*s): %" PRIu64 ".%02" PRIu64 " > %u, %" PRIu64 ": %.*s",
			BYTES_ARG(cap->name), BYTES_ARG(cap->basis), c->expected / 1000000,
			c->expected % 1000000 / 10000, cap->most, c->over,
			BYTES_ARG(codes_of(t, c->task, c->tasks)));
		err_at(&why, "cap %.*s", BYTES_ARG(cap->code));
		refuse(t, &why);
	}
}

static uint64_t largest(const struct programme_item *item)
{
	uint64_t most = 0;

	for (int c = 0; c < CLASSES; c++)
		most = item->ratio[c] > most ? item->ratio[c] : most;
	return most;
}

static void refuse_items(struct telling *t)
{
	const struct programme_result *r = &t->f->result;

	for (size_t i = 0; i < r->items; i++) {
		const struct programme_item *item = &r->item[i];
		struct err why = { 0 };
		if (!item->over_whole && !item->over_ceiling)
			continue;
		uint64_t most = largest(item);
		uint32_t limit = item->over_whole ? 1000000 : base_of(t)->ceiling_general;
		err_set(&why, ERR_PROGRAMME_LEVELS, "%" PRIu64 ".%02" PRIu64 "%% > %u.%02u%%: %.*s",
			most / 10000, most % 10000 / 100, limit / 10000, limit % 10000 / 100,
			BYTES_ARG(codes_of(t, item->task, item->tasks)));
		err_at(&why, "item %.*s", BYTES_ARG(base_of(t)->items[item->item].code));
		refuse(t, &why);
	}
}

/* ---- warnings ---- */

static void put_warning(struct telling *t, size_t *n, const char *code, struct bytes what)
{
	comma(t->b, (*n)++);
	buf_byte(t->b, '{');
	json_put_member(t->b, "code", bytes_of(code));
	json_put_member(t->b, "what", what);
	buf_byte(t->b, '}');
}

static bool is_empty(const struct telling *t, uint32_t task)
{
	const struct programme_year *y = &t->f->year;

	for (size_t d = 0; d < y->days; d++)
		for (uint32_t k = 0; k < y->day[d].policy->task_count; k++)
			if (y->day[d].task[k] == task &&
				t->f->result.day[d].look.task[k].why.code == ERR_EMPTY_STRATUM)
				return true;
	return false;
}

static void put_warnings(struct telling *t)
{
	const struct programme_found *f = t->f;
	size_t n = 0;

	for (uint32_t i = 0; i < f->year.tasks; i++) {
		uint32_t set = scheme_warnings(base_of(t), task_of(t, i));
		for (int w = 0; w < SCHEME_WARNINGS; w++)
			if ((set >> w & 1) != 0)
				put_warning(t, &n, scheme_warning_name((enum scheme_warning)w),
					code_of(t, i));
		if (is_empty(t, i))
			put_warning(t, &n, "empty-task", code_of(t, i));
	}
	for (size_t i = 0; i < f->result.caps; i++)
		if (f->result.cap[i].possible > 0 && f->result.cap[i].over == 0)
			put_warning(
				t, &n, "cap-possible", base_of(t)->caps[f->result.cap[i].cap].code);
}

/* ---- days ---- */

static void put_task(struct telling *t, size_t d, uint32_t k)
{
	const struct task *task = &t->f->year.day[d].policy->tasks[k];
	const struct look_task *look = &t->f->result.day[d].look.task[k];

	buf_byte(t->b, '{');
	json_put_member(t->b, "task", task->code);
	json_put_member(t->b, "name", task->name);
	json_put_number(t->b, "population", (int64_t)look->population);
	json_put_number(t->b, "drawn", (int64_t)look->drawn);
	if (look->why.code != ERR_NONE)
		json_put_raw(t->b, "error", job_error_json(t->a, &look->why));
	buf_byte(t->b, '}');
}

static void put_days(struct telling *t)
{
	const struct programme_year *y = &t->f->year;

	for (size_t d = 0; d < y->days; d++) {
		const struct programme_entries *entries = &t->f->result.day[d];
		char day[CIVIL_TEXT];
		comma(t->b, d);
		buf_byte(t->b, '{');
		json_put_member(t->b, "draw_on", bytes_of(civil_format(y->day[d].draw_on, day)));
		json_put_number(t->b, "entries", (int64_t)entries->merged);
		json_put_number(t->b, "separate", (int64_t)entries->separate);
		json_put_raw(t->b, "tasks", BYTES("["));
		for (uint32_t k = 0; k < y->day[d].policy->task_count; k++) {
			comma(t->b, k);
			put_task(t, d, k);
		}
		buf_str(t->b, "]}");
	}
}

/* ---- pairs ---- */

/* Is the item in the domain? */
static bool in_field(const struct telling *t, const struct item *item, struct bytes field)
{
	for (size_t i = 0; i < t->f->joints; i++)
		if (bytes_equal(t->f->joint[i].name, item->name) &&
			bytes_equal(t->f->joint[i].field, field))
			return true;
	return false;
}

static bool task_in_field(const struct telling *t, const struct task *task, struct bytes field)
{
	for (uint32_t i = 0; i < task->item_count; i++)
		if (in_field(t, &base_of(t)->items[task->items[i]], field))
			return true;
	return false;
}

/* The first domain of the joint list under which stand an item of the one and an item of the other;
 * empty: none does. */
static struct bytes joint_field(const struct telling *t, const struct task *a, const struct task *b)
{
	for (uint32_t i = 0; i < a->item_count; i++) {
		struct bytes name = base_of(t)->items[a->items[i]].name;
		for (size_t k = 0; k < t->f->joints; k++)
			if (bytes_equal(t->f->joint[k].name, name) &&
				task_in_field(t, b, t->f->joint[k].field))
				return t->f->joint[k].field;
	}
	return BYTES("");
}

static void put_pair(struct telling *t, const struct programme_pair *p, struct bytes joint)
{
	buf_byte(t->b, '{');
	json_put_member(t->b, "a", code_of(t, p->a));
	json_put_member(t->b, "b", code_of(t, p->b));
	json_put_number(t->b, "both", (int64_t)p->both);
	json_put_number(t->b, "expected", (int64_t)p->expected);
	json_put_number(t->b, "saved", (int64_t)p->saved);
	json_put_number(t->b, "repeats", (int64_t)p->repeats);
	json_put_number(t->b, "gap", p->gap);
	json_put_flag(t->b, "meets", p->meets);
	json_put_flag(t->b, "close", p->gap > 0 && p->gap <= t->f->days && p->repeats > 0);
	json_put_member(t->b, "joint", joint);
	buf_byte(t->b, '}');
}

/* What one day for two tasks would save, the most first. */
static int compare_saved(const void *x, const void *y)
{
	const struct programme_pair *const *a = x, *const *b = y;

	if ((*a)->saved != (*b)->saved)
		return (*a)->saved > (*b)->saved ? -1 : 1;
	if ((*a)->a != (*b)->a)
		return (*a)->a < (*b)->a ? -1 : 1;
	return ((*a)->b > (*b)->b) - ((*a)->b < (*b)->b);
}

static void put_proposals(struct telling *t, const struct bytes *joint)
{
	const struct programme_result *r = &t->f->result;
	const struct programme_pair **at = arena_calloc(t->a, r->pairs + 1, sizeof(void *));
	size_t n = 0;

	for (size_t i = 0; i < r->pairs; i++)
		if (!r->pair[i].meets && r->pair[i].saved > 0)
			at[n++] = &r->pair[i];
	qsort(at, n, sizeof(void *), compare_saved);
	for (size_t i = 0; i < n && i < PROPOSALS_MAX; i++) {
		comma(t->b, i);
		put_pair(t, at[i], joint[at[i] - r->pair]);
	}
}

static void put_pairs(struct telling *t)
{
	const struct programme_result *r = &t->f->result;
	struct bytes *joint = arena_calloc(t->a, r->pairs + 1, sizeof *joint);

	json_put_raw(t->b, "overlaps", BYTES("["));
	for (size_t i = 0; i < r->pairs; i++) {
		const struct programme_pair *p = &r->pair[i];
		joint[i] = joint_field(t, task_of(t, p->a), task_of(t, p->b));
		comma(t->b, i);
		put_pair(t, p, joint[i]);
	}
	buf_str(t->b, "]");
	json_put_raw(t->b, "proposals", BYTES("["));
	put_proposals(t, joint);
	buf_str(t->b, "]");
}

/* ---- caps, items ---- */

static void put_codes(struct telling *t, const uint32_t *task, size_t n)
{
	json_put_raw(t->b, "tasks", BYTES("["));
	for (size_t i = 0; i < n; i++) {
		comma(t->b, i);
		json_put_text(t->b, code_of(t, task[i]));
	}
	buf_str(t->b, "]");
}

static void put_caps(struct telling *t)
{
	const struct programme_result *r = &t->f->result;

	for (size_t i = 0; i < r->caps; i++) {
		const struct programme_cap *c = &r->cap[i];
		const struct cap *cap = &base_of(t)->caps[c->cap];
		comma(t->b, i);
		buf_byte(t->b, '{');
		json_put_member(t->b, "cap", cap->code);
		json_put_member(t->b, "name", cap->name);
		json_put_member(t->b, "basis", cap->basis);
		json_put_member(t->b, "counts",
			cap->counts == COUNTS_CHECKS ? BYTES("checks") : BYTES("entries"));
		json_put_number(t->b, "most", cap->most);
		json_put_number(t->b, "expected", (int64_t)c->expected);
		json_put_number(t->b, "days", c->days);
		json_put_number(t->b, "over", (int64_t)c->over);
		json_put_number(t->b, "possible", (int64_t)c->possible);
		put_codes(t, c->task, c->tasks);
		buf_byte(t->b, '}');
	}
}

static void put_items(struct telling *t)
{
	static const char *const class_name[CLASSES] = { "a", "b", "c", "d" };
	const struct programme_result *r = &t->f->result;

	for (size_t i = 0; i < r->items; i++) {
		const struct programme_item *item = &r->item[i];
		const struct item *of = &base_of(t)->items[item->item];
		comma(t->b, i);
		buf_byte(t->b, '{');
		json_put_member(t->b, "item", of->code);
		json_put_member(t->b, "name", of->name);
		json_put_member(t->b, "kind", of->key ? BYTES("key") : BYTES("general"));
		json_put_raw(t->b, "ratio", BYTES("{"));
		for (int c = 0; c < CLASSES; c++)
			json_put_number(t->b, class_name[c], (int64_t)item->ratio[c]);
		buf_str(t->b, "}");
		json_put_flag(t->b, "over_whole", item->over_whole);
		json_put_flag(t->b, "over_ceiling", item->over_ceiling);
		put_codes(t, item->task, item->tasks);
		buf_byte(t->b, '}');
	}
}

/* ---- all of it ---- */

static void put_list(struct telling *t, const char *name, void (*put)(struct telling *t))
{
	json_put_raw(t->b, name, BYTES("["));
	if (t->f->year.days > 0)
		put(t);
	buf_str(t->b, "]");
}

static void put_refused(struct telling *t)
{
	refuse_days(t);
	if (t->f->year.days > 0) {
		refuse_tasks(t);
		refuse_caps(t);
		refuse_items(t);
	}
	json_put_raw(t->b, "refused", BYTES("["));
	buf_bytes(t->b, buf_view(&t->refused));
	buf_str(t->b, "]");
}

struct bytes programme_told(struct programme_found *f, const char *day, struct arena *a)
{
	struct buf b = buf_new(a, 65536);
	struct telling t = { .f = f, .a = a, .b = &b, .refused = buf_new(a, 1024) };

	f->refused = "";
	buf_byte(&b, '{');
	json_put_number(&b, "year", f->plan.year);
	json_put_member(&b, "day", bytes_of(day));
	json_put_number(&b, "register", (int64_t)f->result.rows);
	json_put_number(&b, "base_version", f->plan.base_version);
	json_put_number(&b, "repeat_days", f->days);
	put_refused(&t);
	put_list(&t, "warnings", put_warnings);
	put_list(&t, "days", put_days);
	if (f->year.days > 0) {
		put_pairs(&t);
	} else {
		json_put_raw(&b, "overlaps", BYTES("[]"));
		json_put_raw(&b, "proposals", BYTES("[]"));
	}
	put_list(&t, "caps", put_caps);
	put_list(&t, "items", put_items);
	buf_byte(&b, '}');
	return buf_view(&b);
}
