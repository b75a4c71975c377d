#include "tests/unit/planworld.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/table.h"

enum { ITEMS = 4, FIRST_DAY = 20545 /* 2026-04-02 */ };

struct maker {
	struct arena *a;
	struct world *w;
	const struct world_size *size;
	uint64_t state;
};

static uint64_t mixed(uint64_t z)
{
	z += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint32_t any(struct maker *m, uint32_t n)
{
	return (uint32_t)(mixed(m->state++) % n);
}

/* Large and small departments. */
static uint32_t any_department(struct maker *m)
{
	uint32_t a = any(m, m->size->departments), b = any(m, m->size->departments);
	return any(m, 3) == 0 ? a : a < b ? a : b;
}

static struct bytes text(struct maker *m, const char *form, uint32_t n)
{
	char room[32];
	uint32_t digits = 0;
	for (const char *c = form; *c != '\0'; c++)
		digits += *c == '#';
	for (uint32_t i = 0; form[i] != '\0' || (room[i] = '\0'); i++) {
		room[i] = form[i];
		if (form[i] != '#')
			continue;
		uint32_t power = 1;
		for (uint32_t k = 1; k < digits; k++)
			power *= 10;
		digits--;
		room[i] = (char)('0' + n / power % 10);
	}
	return bytes_of(arena_strdup(m->a, room));
}

static void make_departments(struct maker *m)
{
	struct policy *p = &m->w->policy;
	uint32_t n = m->size->departments;
	p->inspectors_limit = m->size->limit;
	p->inspectors_slack = m->size->slack;
	p->department_count = n;
	p->departments = arena_calloc(m->a, n, sizeof *p->departments);
	p->item_count = ITEMS * n;
	p->items = arena_calloc(m->a, p->item_count, sizeof *p->items);
	for (uint32_t d = 0; d < n; d++) {
		p->departments[d].code = text(m, "d##", d);
		p->departments[d].inspects = true;
		bool ok = prefixes_parse(&p->departments[d].regions, m->a, BYTES("*"));
		assert(ok);
		(void)ok;
	}
	for (uint32_t i = 0; i < p->item_count; i++) {
		p->items[i].code = text(m, "i###", i);
		p->items[i].department = i / ITEMS;
	}
}

static uint32_t how_many_departments(struct maker *m)
{
	static const uint32_t share[] = { 55, 80, 92, 97, 100 };
	uint32_t x = any(m, 100), n = 0;
	while (share[n] <= x)
		n++;
	return n + 1 < m->size->departments ? n + 1 : m->size->departments;
}

/* One item of each of one to five departments, two officers, a window of sixty days. */
static void make_tasks(struct maker *m)
{
	struct policy *p = &m->w->policy;
	p->task_count = 8 * m->size->departments;
	p->tasks = arena_calloc(m->a, p->task_count, sizeof *p->tasks);
	for (uint32_t t = 0; t < p->task_count; t++) {
		uint32_t n = how_many_departments(m), k = 0;
		bool in[100] = { false };
		uint32_t *departments = arena_calloc(m->a, n, sizeof *departments);
		uint32_t *items = arena_calloc(m->a, n, sizeof *items);
		for (uint32_t left = n; left > 0;) {
			uint32_t d = any_department(m);
			left -= !in[d];
			in[d] = true;
		}
		for (uint32_t d = 0; d < m->size->departments; d++)
			if (in[d]) {
				departments[k] = d;
				items[k++] = d * ITEMS + any(m, ITEMS);
			}
		int32_t from = FIRST_DAY + (int32_t)any(m, 5) * 30;
		p->tasks[t] = (struct task){ .code = text(m, "t###", t),
			.frequency = 12,
			.from = from,
			.to = from + 60,
			.officers = 2,
			.lead = departments[any(m, n)],
			.items = items,
			.item_count = n,
			.departments = departments,
			.department_count = n };
		uint32_t way = any(m, 12) == 0 ? WAY_NETWORK : WAY_ONSITE;
		for (uint32_t c = 0; c < CLASSES; c++)
			p->tasks[t].mode[c] = way;
	}
}

static struct bytes object_id(struct maker *m, uint32_t i)
{
	return text(m, "9137100#########", i);
}

static struct drawn_task drawn_task(struct maker *m, uint32_t task)
{
	const struct task *t = &m->w->policy.tasks[task];
	return (struct drawn_task){ task, t->mode[0] == WAY_ONSITE, t->from, t->to };
}

static void make_objects(struct maker *m)
{
	struct draws *d = &m->w->in.draws;
	d->n = m->size->objects;
	d->at = arena_calloc(m->a, d->n, sizeof *d->at);
	for (uint32_t i = 0; i < d->n; i++) {
		struct drawn_task *task = arena_calloc(m->a, 2, sizeof *task);
		uint32_t n = 1;
		task[0] = drawn_task(m, any(m, m->w->policy.task_count));
		task[1] = drawn_task(m, any(m, m->w->policy.task_count));
		if (any(m, 3) == 0 && task[1].task > task[0].task)
			n = 2;
		d->at[i] = (struct plan_object){ .object = object_id(m, i),
			.tasks = task,
			.task_count = n,
			.region = text(m, "3710##", any(m, m->size->regions)) };
		d->at[i].entity = d->at[i].object;
	}
}

static struct bytes artefact(struct maker *m, enum table_id id, uint32_t n,
	void (*row)(struct maker *, uint32_t, struct bytes *))
{
	struct table_pile pile = table_pile_new(id, m->a);
	struct buf out = buf_new(m->a, 1024);
	uint8_t blind[32] = { 0 }, hash[32];
	struct err e = { 0 };
	uint64_t base = m->state;
	for (uint32_t i = 0; i < n; i++) {
		struct bytes field[TABLE_COLUMNS_MAX];
		m->state = base + 100 * (uint64_t)i;
		row(m, i, field);
		table_pile_put(&pile, field);
	}
	m->state = base + 100 * (uint64_t)n;
	bool ok = table_pile_write(&pile, id, blind, sink_buf(&out), hash, &e);
	assert(ok);
	(void)ok;
	return buf_view(&out);
}

static struct bytes inspector_id(struct maker *m, uint32_t i)
{
	return text(m, "P-######", i);
}

static struct bytes day_text(struct maker *m, int32_t day)
{
	char room[CIVIL_TEXT];
	return bytes_of(arena_strdup(m->a, civil_format(day, room)));
}

static void person_row(struct maker *m, uint32_t i, struct bytes *field)
{
	uint32_t d = any_department(m);
	struct buf items = buf_new(m->a, 64);
	field[0] = inspector_id(m, i);
	field[1] = m->w->policy.departments[d].code;
	field[2] = any(m, 100) < m->size->roaming ? BYTES("*")
						  : text(m, "3710##", any(m, m->size->regions));
	uint32_t sure = any(m, ITEMS);
	for (uint32_t k = 0; k < ITEMS; k++)
		if (k == sure || any(m, 10) < 6) {
			if (items.n > 0)
				buf_byte(&items, ',');
			buf_bytes(&items, m->w->policy.items[d * ITEMS + k].code);
		}
	field[3] = any(m, 15) == 0 ? BYTES("*") : buf_view(&items);
	field[4] = day_text(m, FIRST_DAY + 90 + (int32_t)any(m, 2000));
	int32_t from = FIRST_DAY + (int32_t)any(m, 200);
	field[5] = any(m, 4) > 0 ? BYTES("")
				 : bytes_of(arena_printf(m->a, "%s..%s", day_text(m, from).p,
					   day_text(m, from + 10).p));
	field[6] = BYTES("0");
}

static void recusal_row(struct maker *m, uint32_t i, struct bytes *field)
{
	field[0] = inspector_id(m, i % m->size->inspectors);
	field[1] = object_id(m, (uint32_t)(((uint64_t)i * 7919 + 13) % m->size->objects));
	field[2] = BYTES("kin");
	field[3] = BYTES("");
}

static void history_row(struct maker *m, uint32_t i, struct bytes *field)
{
	field[0] = inspector_id(m, i % m->size->inspectors);
	field[1] = object_id(m, (uint32_t)(((uint64_t)i * 104729 + 5) % m->size->objects));
	field[2] = day_text(m, FIRST_DAY - 200);
}

static void day_row(struct maker *m, uint32_t i, struct bytes *field)
{
	field[0] = day_text(m, FIRST_DAY + (int32_t)(i / 5 * 7 + i % 5));
}

void world_make(struct world *w, struct arena *a, const struct world_size *size)
{
	assert(size->departments <= 100 && size->regions <= 100);
	struct maker m = { .a = a, .w = w, .size = size, .state = size->seed * 1000003 };
	memset(w, 0, sizeof *w);
	seed_derive(
		bytes_of(arena_printf(a, "world %llu", (unsigned long long)size->seed)), &w->keys);
	make_departments(&m);
	make_tasks(&m);
	make_objects(&m);
	w->in.policy = &w->policy;
	w->in.keys = &w->keys;
	w->in.artefacts.pool = artefact(&m, TABLE_POOL, size->inspectors, person_row);
	w->in.artefacts.recusals = artefact(&m, TABLE_RECUSALS, size->inspectors, recusal_row);
	w->in.artefacts.history = artefact(&m, TABLE_HISTORY, size->inspectors, history_row);
	w->in.artefacts.calendar = artefact(&m, TABLE_CALENDAR, size->days, day_row);
}
