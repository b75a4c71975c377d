#include "planner/planrows.h"

#include "planner/civil.h"
#include "planner/drop.h"
#include "sampler/table.h"

enum { CODE_ROOM = 33 }; /* a token and a comma */

/* What a row writer needs: the columns of one row, values in scratch text that lives for the row.
 */
struct writer {
	const struct plan *plan;
	struct table_writer table;
	struct buf text;
	struct bytes field[TABLE_COLUMNS_MAX];
};

static struct bytes number(struct writer *w, uint64_t v)
{
	size_t from = w->text.n;
	buf_u64(&w->text, v);
	return (struct bytes){ w->text.p + from, w->text.n - from };
}

static struct bytes date(struct writer *w, int32_t day)
{
	size_t from = w->text.n;
	civil_put(&w->text, day);
	return (struct bytes){ w->text.p + from, w->text.n - from };
}

static struct bytes joined(struct writer *w, const struct visit *v,
	void (*put)(struct buf *, const struct policy *, const struct visit *))
{
	size_t from = w->text.n;
	put(&w->text, w->plan->in->policy, v);
	return (struct bytes){ w->text.p + from, w->text.n - from };
}

/* Room so that no value moves while its row is written. */
static void begin_row(struct writer *w, size_t room)
{
	w->text.n = 0;
	if (w->text.room < room)
		w->text = buf_new(w->text.arena, 2 * room);
}

static struct bytes person_id(const struct plan *plan, uint32_t person)
{
	return person == SHP_OPEN ? BYTES("") : plan->pool.at[person].id;
}

static bool visit_rows(struct writer *w, struct err *e)
{
	const struct plan *plan = w->plan;
	const struct department *department = plan->in->policy->departments;
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		const struct visit *v = &plan->visits.at[i];
		begin_row(w, 64 + CODE_ROOM * (size_t)(v->task_count + v->department_count));
		w->field[0] = plan->in->draws.at[v->object].object;
		w->field[1] = number(w, v->ordinal);
		w->field[2] = v->offsite ? BYTES("offsite") : BYTES("onsite");
		w->field[3] = date(w, v->from);
		w->field[4] = date(w, v->to);
		w->field[5] = department[v->lead].code;
		w->field[6] = joined(w, v, visit_put_tasks);
		w->field[7] = joined(w, v, visit_put_departments);
		if (!table_put(&w->table, w->field, e))
			return false;
	}
	return true;
}

static bool slot_rows(struct writer *w, struct err *e)
{
	const struct plan *plan = w->plan;
	for (uint32_t s = 0; s < plan->assignments.n; s++) {
		const struct assignment *at = &plan->assignments.at[s];
		uint32_t from = plan->shp.slot_start[s];
		for (uint32_t k = from; k < plan->shp.slot_start[s + 1]; k++) {
			begin_row(w, 64);
			w->field[0] = at->object;
			w->field[1] = number(w, plan->visits.at[at->visit].ordinal);
			w->field[2] = plan->in->policy->departments[at->department].code;
			w->field[3] = number(w, k - from + 1);
			w->field[4] = person_id(plan, plan->shp.slot[k]);
			if (!table_put(&w->table, w->field, e))
				return false;
		}
	}
	return true;
}

static bool schedule_rows(struct writer *w, struct err *e)
{
	const struct plan *plan = w->plan;
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		const struct visit *v = &plan->visits.at[i];
		uint32_t half = plan->half[i];
		begin_row(w, 64);
		w->field[0] = plan->in->draws.at[v->object].object;
		w->field[1] = number(w, v->ordinal);
		w->field[2] = half == HALF_NONE ? BYTES("") : date(w, plan->pool.day[half / 2]);
		w->field[3] = half == HALF_NONE ? BYTES("") : bytes_of(half_name(half));
		w->field[4] = person_id(plan, plan->leader[i]);
		if (!table_put(&w->table, w->field, e))
			return false;
	}
	return true;
}

/* ---- the artefacts --------------------------------------------------------------------------- */

typedef bool rows_fn(struct writer *w, struct err *e);

static bool write_table(struct plan *plan, enum table_id id, rows_fn *rows, struct bytes *made,
	uint8_t hash[32], struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	struct buf out = buf_new(scratch, 1 << 16);
	struct writer w = { .plan = plan, .text = buf_new(scratch, 256) };
	uint8_t blind[32];
	seed_blind(plan->in->keys, table_form(id)->name, blind);
	if (!table_start(&w.table, id, blind, NULL, 0, sink_buf(&out), scratch, e) ||
		!rows(&w, e) || !table_end(&w.table, hash, e))
		return false;
	*made = (struct bytes){ arena_strndup(plan->arena, out.p, out.n), out.n };
	return true;
}

/* By department, then inspector: the pool stands by inspector, so the rows are sorted. */
static bool write_capacity(struct plan *plan, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	struct buf out = buf_new(scratch, 1 << 16);
	struct writer w = { .plan = plan, .text = buf_new(scratch, 256) };
	struct table_pile pile = table_pile_new(TABLE_CAPACITY, scratch);
	uint8_t blind[32];
	for (uint32_t i = 0; i < plan->pool.n; i++) {
		begin_row(&w, 80);
		w.field[0] = plan->pool.at[i].department;
		w.field[1] = plan->pool.at[i].id;
		w.field[2] = number(&w, plan->shp.first[i]);
		w.field[3] = number(&w, plan->shp.final[i]);
		w.field[4] = number(&w, plan->shp.used[i]);
		w.field[5] = number(&w, plan->shp.tier[i]);
		table_pile_put(&pile, w.field);
	}
	seed_blind(plan->in->keys, table_form(TABLE_CAPACITY)->name, blind);
	if (!table_pile_write(&pile, TABLE_CAPACITY, blind, sink_buf(&out), plan->capacity_hash, e))
		return false;
	plan->made.capacity = (struct bytes){ arena_strndup(plan->arena, out.p, out.n), out.n };
	return true;
}

static bool write_dropped(struct plan *plan, struct err *e)
{
	ARENA_AUTO scratch = arena_new();
	const struct policy *p = plan->in->policy;
	struct buf out = buf_new(scratch, 4096);
	struct table_pile pile = table_pile_new(TABLE_DROPPED, scratch);
	uint8_t blind[32];
	for (uint32_t i = 0; i < plan->visits.dropped_count; i++) {
		const struct dropped *d = &plan->visits.dropped[i];
		const struct bytes field[] = { plan->in->draws.at[d->object].object,
			p->tasks[d->task].code, drop_code(d, p, scratch) };
		table_pile_put(&pile, field);
	}
	seed_blind(plan->in->keys, table_form(TABLE_DROPPED)->name, blind);
	if (!table_pile_write(&pile, TABLE_DROPPED, blind, sink_buf(&out), plan->dropped_hash, e))
		return false;
	plan->made.dropped = (struct bytes){ arena_strndup(plan->arena, out.p, out.n), out.n };
	return true;
}

bool plan_write(struct plan *plan, struct err *e)
{
	struct plan_artefacts *made = &plan->made;
	return write_table(plan, TABLE_VISITS, visit_rows, &made->visits, plan->visits_hash, e) &&
	       write_dropped(plan, e) &&
	       write_table(plan, TABLE_SLOTS, slot_rows, &made->slots, plan->slots_hash, e) &&
	       write_table(plan, TABLE_SCHEDULE, schedule_rows, &made->schedule,
		       plan->schedule_hash, e) &&
	       write_capacity(plan, e);
}
