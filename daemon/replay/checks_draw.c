/* V13–V19: what was drawn: tickets, selection, visits, inspectors, calendar, blinds, results. */
#include "daemon/replay/replay.h"

#include <stdio.h>
#include <string.h>

#include "sampler/leaves.h"

/* ---- V13, V14 ---- */

/* The draw made anew; V13 and V14 both need it. */
static bool draw_again(struct replay *r, struct err *e)
{
	const struct draw_order *o = &r->strata.order;
	if (r->drawn_anew)
		return true;
	units_numbers(&r->tickets, &r->frame, &r->keys, o->by_entity, r->arena);
	if (!select_draw(&r->selection, &r->frame, &r->tickets, o, &r->keys, r->arena, e))
		return false;
	select_by_object(&r->drawn, &r->selection, &r->frame, r->arena);
	r->drawn_anew = true;
	return true;
}

bool check_tickets(struct replay *r, char *note, size_t size, struct err *e)
{
	struct hash root;
	if (!draw_again(r, e) || !replay_number(&r->draw->record, "objects", r->frame.n, e))
		return false;
	ARENA_AUTO scratch = arena_new();
	struct hash *leaf = arena_calloc(scratch, r->frame.n, sizeof *leaf);
	leaves_ticket_root(&r->frame, &r->drawn, &r->keys, leaf, &root);
	if (!replay_hash(&r->draw->record, "ticket-root", root.b, e))
		return false;
	snprintf(note, size, "%zu tickets", r->frame.n);
	return true;
}

bool check_selection(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct table *given = &r->table[TABLE_SELECTION];
	struct table made;
	uint8_t hash[32];
	struct buf b = buf_new(r->arena, given->all.n);
	if (!draw_again(r, e) ||
		!select_write(&r->selection, &r->frame, given->blind, sink_buf(&b), hash, e) ||
		!table_open(&made, TABLE_SELECTION, buf_view(&b), e))
		return false;
	if (!replay_rows(given, made.rows, e) ||
		!replay_number(&r->draw->record, "selected", r->selection.n, e))
		return false;
	snprintf(note, size, "%zu rows, %zu objects", r->selection.n, r->drawn.n);
	return true;
}

/* ---- V15, V16, V17 ---- */

static bool compare(const struct replay *r, enum table_id id, struct bytes made, struct err *e)
{
	struct table t;
	return table_open(&t, id, made, e) && replay_rows(&r->table[id], t.rows, e);
}

static struct plan_artefacts given_plan(const struct replay *r)
{
	return (struct plan_artefacts){ r->table[TABLE_VISITS].all, r->table[TABLE_DROPPED].all,
		r->table[TABLE_SLOTS].all, r->table[TABLE_CAPACITY].all,
		r->table[TABLE_SCHEDULE].all };
}

bool check_visits(struct replay *r, char *note, size_t size, struct err *e)
{
	r->plan_input = (struct plan_input){ .policy = &r->policy, .keys = &r->keys };
	r->plan_input.artefacts =
		(struct pool_artefacts){ r->table[TABLE_POOL].all, r->table[TABLE_RECUSALS].all,
			r->table[TABLE_HISTORY].all, r->table[TABLE_CALENDAR].all };
	const struct table *visits = &r->table[TABLE_VISITS];
	const struct record *rec = &r->draw->record;
	struct hash root;
	draws_of_frame(&r->plan_input.draws, r->arena, &r->policy, &r->frame, &r->drawn);
	if (!plan_make(&r->plan, r->arena, &r->plan_input, e) ||
		!compare(r, TABLE_VISITS, r->plan.made.visits, e) ||
		!compare(r, TABLE_DROPPED, r->plan.made.dropped, e) ||
		!replay_number(rec, "visit-count", visits->n, e))
		return false;
	struct hash *leaf = arena_calloc(r->arena, visits->n, sizeof *leaf);
	leaves_visit_root(visits, &r->keys, leaf, &root);
	if (!replay_hash(rec, "visit-root", root.b, e))
		return false;
	const struct plan_figures *f = &r->plan.figures;
	snprintf(note, size, "%llu visits, %llu offsite; %llu department pairs",
		(unsigned long long)f->visits, (unsigned long long)f->offsite,
		(unsigned long long)f->department_pairs);
	return true;
}

bool check_inspectors(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct shp_result *s = &r->plan.shp;
	if (!compare(r, TABLE_SLOTS, r->plan.made.slots, e) ||
		!compare(r, TABLE_CAPACITY, r->plan.made.capacity, e) ||
		!replay_number(&r->draw->record, "slot-count", s->slots, e) ||
		!replay_number(&r->draw->record, "open", s->open, e))
		return false;
	snprintf(note, size, "%u slots, %u open, %u inspectors", s->slots, s->open, r->plan.pool.n);
	return true;
}

bool check_schedule(struct replay *r, char *note, size_t size, struct err *e)
{
	struct plan_artefacts given = given_plan(r);
	if (!compare(r, TABLE_SCHEDULE, r->plan.made.schedule, e) ||
		!plan_check(&r->plan_input, &given, e))
		return false;
	uint32_t unplaced = 0;
	for (uint32_t i = 0; i < r->plan.visits.n; i++)
		unplaced += r->plan.half[i] == HALF_NONE;
	snprintf(note, size, "%u visits, %u without a day", r->plan.visits.n, unplaced);
	return true;
}

/* ---- V18, V19 ---- */

bool check_blinds(struct replay *r, char *note, size_t size, struct err *e)
{
	unsigned n = 0;
	for (unsigned id = 0; id < TABLES; id++) {
		const struct table_form *form = table_form((enum table_id)id);
		uint8_t blind[32];
		if (!form->after_draw)
			continue;
		seed_blind(&r->keys, form->name, blind);
		if (memcmp(blind, r->table[id].blind, 32) != 0)
			return err_set(e, ERR_DIFFERENT, "%s: blind", form->name);
		n++;
	}
	snprintf(note, size, "%u artefacts", n);
	return true;
}

/* Results carry only the hash of their content: they are counted against the assignments; which
 * assignment each is of tells its opening. */
bool check_results(struct replay *r, char *note, size_t size, struct err *e)
{
	uint64_t entered = 0, due = 0, causes = 0;
	for (size_t i = 0; i < r->entries; i++) {
		const struct entry *en = &r->entry[i];
		if (!en->ours || !record_has(en->record.kind, "department"))
			continue;
		struct bytes department = record_get(&en->record, "department");
		if (!replay_has_department(r, department)) {
			err_set(e, ERR_DIFFERENT, "%s: %.*s", record_form(en->record.kind)->kind,
				BYTES_ARG(department));
			return err_at(e, "entry %llu", (unsigned long long)en->index);
		}
		if (en->record.kind == RECORD_CAUSE && en->index < r->draw->index) {
			err_set(e, ERR_ROUND_ORDER, "cause < draw");
			return err_at(e, "entry %llu", (unsigned long long)en->index);
		}
		entered += en->record.kind == RECORD_RESULT;
		causes += en->record.kind == RECORD_CAUSE;
	}
	due = r->plan.assignments.n;
	if (due == 0)
		snprintf(note, size, "%llu results, %llu for a cause", (unsigned long long)entered,
			(unsigned long long)causes);
	else
		snprintf(note, size,
			"%llu results of %llu assignments, %llu missing (due %.*s), %llu for a cause",
			(unsigned long long)entered, (unsigned long long)due,
			(unsigned long long)(due > entered ? due - entered : 0),
			BYTES_ARG(record_get(&r->freeze->record, "results-due")),
			(unsigned long long)causes);
	return true;
}
