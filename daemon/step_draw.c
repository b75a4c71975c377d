/* The draw job: from the frozen artefacts and the seed text to selection, plan and draw record, and
 * after its checkpoint is published to the projections (PROTOCOL.md §8–§11). */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/chunk.h"
#include "daemon/crash.h"
#include "daemon/frozen.h"
#include "daemon/project.h"
#include "daemon/secret.h"
#include "daemon/worker.h"
#include "planner/plan.h"
#include "planner/quota.h"
#include "sampler/frame.h"
#include "sampler/leaves.h"
#include "sampler/record.h"
#include "sampler/select.h"
#include "sampler/step.h"

struct draw {
	struct job *job;
	struct arena *a;
	struct round_row round;
	struct frozen frozen;
	struct policy policy;
	struct frame frame;
	struct seed_keys keys;
	struct strata strata;
	struct tickets tickets;
	struct selection selection;
	struct drawn drawn;
	struct plan_input input;
	struct plan plan;
	struct hash ticket_root, visit_root;
	uint8_t hash[TABLES][32];
	uint64_t slots, open;
};

static bool beat(struct draw *d, const char *note, struct err *e)
{
	return job_progress(d->job, 0, 0, note, e);
}

/* ---- the pure part ----------------------------------------------------------------------- */

/* Strata follow from the frame; that the frozen ones are these is checked, as a replay does. */
static bool load(struct draw *d, struct err *e)
{
	const struct table *t = d->frozen.table;
	if (!frozen_load(d->job, &d->round, step_form(STEP_DRAW)->in, &d->frozen, e) ||
		!policy_read(&d->policy, d->a, &t[TABLE_POLICY], e) ||
		!policy_frame(&d->policy, &d->frame, &t[TABLE_FRAME], d->a, e) ||
		!beat(d, "frame", e))
		return false;
	return strata_verify(&d->strata, &d->policy, &d->frame.counts, d->frame.n, &t[TABLE_STRATA],
		&t[TABLE_LEDGER], d->a, e);
}

static bool select_objects(struct draw *d, struct err *e)
{
	units_numbers(&d->tickets, &d->frame, &d->keys, d->strata.order.by_entity, d->a);
	if (!beat(d, "tickets", e) || !select_draw(&d->selection, &d->frame, &d->tickets,
					      &d->strata.order, &d->keys, d->a, e))
		return false;
	select_by_object(&d->drawn, &d->selection, &d->frame, d->a);
	ARENA_AUTO scratch = arena_new();
	struct hash *leaf = arena_calloc(scratch, d->frame.n + 1, sizeof *leaf);
	leaves_ticket_root(&d->frame, &d->drawn, &d->keys, leaf, &d->ticket_root);
	return beat(d, "ticket-root", e);
}

static bool make_plan(struct draw *d, struct err *e)
{
	struct table visits;
	d->input = (struct plan_input){
		.policy = &d->policy,
		.artefacts = { d->frozen.all[TABLE_POOL], d->frozen.all[TABLE_RECUSALS],
			d->frozen.all[TABLE_HISTORY], d->frozen.all[TABLE_CALENDAR] },
		.keys = &d->keys,
	};
	draws_of_frame(&d->input.draws, d->a, &d->policy, &d->frame, &d->drawn);
	if (!plan_make(&d->plan, d->a, &d->input, e) || !plan_check(&d->input, &d->plan.made, e) ||
		!beat(d, "plan", e) || !table_open(&visits, TABLE_VISITS, d->plan.made.visits, e))
		return false;
	ARENA_AUTO scratch = arena_new();
	struct hash *leaf = arena_calloc(scratch, visits.n + 1, sizeof *leaf);
	leaves_visit_root(&visits, &d->keys, leaf, &d->visit_root);
	return true;
}

static bool count_slots(struct draw *d, struct err *e)
{
	struct table t;
	struct bytes field[TABLE_COLUMNS_MAX];
	size_t inspector = table_column(TABLE_SLOTS, "inspector");
	if (!table_open(&t, TABLE_SLOTS, d->plan.made.slots, e))
		return false;
	struct table_cursor c = table_rows(&t);
	while (table_next(&t, &c, field))
		d->open += field[inspector].n == 0;
	d->slots = t.n;
	return true;
}

/* ---- what it leaves ---------------------------------------------------------------------- */

static bool store_selection(struct draw *d, struct err *e)
{
	struct chunk_writer w = { 0 };
	uint8_t blind[32], hash[32];
	seed_blind(&d->keys, "selection", blind);
	return chunk_start(&w, d->job->worker->store, "selection", d->a, e) &&
	       select_write(&d->selection, &d->frame, blind, chunk_sink(&w), hash, e) &&
	       chunk_end(&w, d->hash[TABLE_SELECTION], e);
}

static bool store_plan(struct draw *d, struct err *e)
{
	const struct {
		enum table_id id;
		struct bytes all;
	} made[] = {
		{ TABLE_VISITS, d->plan.made.visits },
		{ TABLE_DROPPED, d->plan.made.dropped },
		{ TABLE_SLOTS, d->plan.made.slots },
		{ TABLE_CAPACITY, d->plan.made.capacity },
		{ TABLE_SCHEDULE, d->plan.made.schedule },
	};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		if (!chunk_store(d->job->worker->store, table_form(made[i].id)->name, made[i].all,
			    d->a, d->hash[made[i].id], e))
			return false;
	}
	return true;
}

static bool lock_leaf(struct draw *d, struct bytes *leaf, struct err *e)
{
	DB_ROWS rows = { 0 };
	uint8_t hash[32];
	if (!DB_RUN(d->job->db, Q_record_idx, &rows, e, DB_TEXT(d->round.id), DB_TEXT("lock")))
		return false;
	if (rows.n != 1)
		return err_set(e, ERR_BAD_STATE, "draw: %s", state_form(d->round.state)->name);
	struct db_row r = db_row(&rows, 0, d->a, e);
	db_hash(&r, "leaf", hash);
	*leaf = frozen_hex(d->a, hash);
	return !r.bad;
}

static bool record_text(struct draw *d, struct bytes *text, struct err *e)
{
	struct record rec = { .kind = RECORD_DRAW };
	struct bytes lock;
	struct buf b = buf_new(d->a, 2048);
	if (!lock_leaf(d, &lock, e))
		return false;
	record_set(&rec, "round", bytes_of(d->round.id));
	record_set(&rec, "lock", lock);
	record_set(&rec, "objects", frozen_number(d->a, d->frame.n));
	record_set(&rec, "ticket-root", frozen_hex(d->a, d->ticket_root.b));
	record_set(&rec, "selected", frozen_number(d->a, d->selection.n));
	record_set(&rec, "visit-count", frozen_number(d->a, d->plan.visits.n));
	record_set(&rec, "visit-root", frozen_hex(d->a, d->visit_root.b));
	record_set(&rec, "slot-count", frozen_number(d->a, d->slots));
	record_set(&rec, "open", frozen_number(d->a, d->open));
	for (unsigned id = 0; id < TABLES; id++) {
		if (step_form(STEP_DRAW)->out & TABLE_BIT(id))
			record_set(&rec, table_form((enum table_id)id)->name,
				frozen_hex(d->a, d->hash[id]));
	}
	bool ok = record_encode(&rec, &b, e);
	*text = buf_view(&b);
	return ok;
}

static bool propose(struct draw *d, struct bytes text, int64_t *entry, struct err *e)
{
	struct named_hash names[TABLES];
	size_t n = 0;
	for (unsigned id = 0; id < TABLES; id++) {
		if ((step_form(STEP_DRAW)->out & TABLE_BIT(id)) == 0)
			continue;
		names[n].name = table_form((enum table_id)id)->name;
		memcpy(names[n++].hash, d->hash[id], 32);
	}
	return worker_propose(d->job, &d->round, "draw", text, names, n, BYTES("{}"), entry, e);
}

/* The seed text stays in memory, and only as long as its keys are being made. */
static bool fetch_keys(struct draw *d, struct err *e)
{
	struct bytes text;
	if (!worker_key(d->job, bytes_of(d->round.id), "seed", &text, e))
		return false;
	seed_derive(text, &d->keys);
	secret_wipe(text);
	crash_point("draw.seeded");
	return true;
}

static bool make(struct draw *d, int64_t *entry, struct err *e)
{
	struct bytes text;
	if (!step_check(STEP_DRAW, d->round.state, e) || !fetch_keys(d, e) || !load(d, e) ||
		!select_objects(d, e) || !make_plan(d, e) || !count_slots(d, e) ||
		!store_selection(d, e) || !store_plan(d, e))
		return false;
	crash_point("draw.stored");
	return record_text(d, &text, e) && propose(d, text, entry, e);
}

/* ---- the job ----------------------------------------------------------------------------- */

static bool run(struct draw *d, struct bytes *result, struct err *e)
{
	const char *state = NULL;
	int64_t entry = -1;
	struct bytes id;
	if (!job_arg_text(d->job, "round", &id, e) || !worker_round(d->job, id, &d->round, e) ||
		!worker_proposal(d->job, "draw", &state, &entry, e))
		return false;
	bool ok = state != NULL ? worker_await(d->job, "draw", &entry, e) : make(d, &entry, e);
	sodium_memzero(&d->keys, sizeof d->keys);
	if (!ok)
		return err_at(e, "%s", d->round.id);
	crash_point("draw.proposed");
	if (!worker_published(d->job, entry, e) || !project_draw(d->job, &d->round, &d->frozen, e))
		return false;
	crash_point("draw.projected");
	*result = bytes_of(
		arena_printf(d->a, "{\"round\":\"%s\",\"entry\":%" PRId64 "}", d->round.id, entry));
	return true;
}

bool step_draw(struct job *job, struct bytes *result, struct err *e)
{
	struct draw *d = arena_calloc(job->arena, 1, sizeof *d);
	d->job = job;
	d->a = job->arena;
	bool ok = run(d, result, e);
	frozen_unload(&d->frozen);
	return ok;
}
