/* The freeze job: from the register and the policy to the frozen artefacts and the freeze record
 * (PROTOCOL.md §5–§7). The same arguments, register and frame-salt key give the same bytes. */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/approval.h"
#include "daemon/authority.h"
#include "daemon/chunk.h"
#include "daemon/classify.h"
#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/framepeople.h"
#include "daemon/framerows.h"
#include "daemon/frozen.h"
#include "daemon/json.h"
#include "daemon/log.h"
#include "daemon/register/quality.h"
#include "daemon/secret.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "planner/frame_build.h"
#include "planner/quota.h"
#include "sampler/base/text.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/seed.h"
#include "sampler/step.h"

enum { BEAT_ROWS = 4096, LOOKS_MAX = 20 };

struct freeze {
	struct job *job;
	struct arena *a;
	struct round_row round;
	struct policy policy;
	int64_t frozen;
	int32_t date;
	struct bytes override; /* why to freeze though the quality is low; empty: not then */
	struct quality_stand quality;
	int64_t read; /* when the register was read, by the installation's clock */
	char key[65]; /* frame-salt key */
	struct frame_builder *build;
	int64_t rows;
	struct frame_sums sums;
	struct chunk_writer writer;
	struct bytes text[TABLES]; /* the small artefacts */
	uint8_t hash[TABLES][32];
};

/* ---- the frame --------------------------------------------------------------------------- */

static bool on_entity(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct freeze *f = ctx;
	(void)columns;
	if (!frame_build_put(f->build, value, 1, e))
		return err_at(e, "frame");
	f->rows++;
	return f->rows % BEAT_ROWS != 0 || job_progress(f->job, f->rows, 0, "frame", e);
}

static bool write_frame(struct freeze *f, struct err *e)
{
	struct worker *w = f->job->worker;
	const struct frame_rows_of of = { &f->policy, f->date, f->round.demo,
		w->process->conf.import.labels };
	uint8_t hash[32];
	if (!chunk_start(&f->writer, w->store, "frame", f->a, e))
		return false;
	f->build = frame_build_start(f->a, &f->policy, f->date, f->key, chunk_sink(&f->writer), e);
	if (f->build == NULL || !frame_rows(w->stream, &of, on_entity, f, e) ||
		!frame_build_end(f->build, &f->sums, e) || !chunk_end(&f->writer, hash, e))
		return false;
	if (memcmp(hash, f->sums.frame, 32) != 0)
		return err_set(e, ERR_INTERNAL, "frame: what was written has another hash");
	memcpy(f->hash[TABLE_FRAME], hash, 32);
	return true;
}

/* ---- the small tables -------------------------------------------------------------------- */

/* A buffer that outlives the function, and the blind of an artefact. */
static struct buf *text_buf(struct freeze *f, enum table_id id, uint8_t blind[32])
{
	struct buf *b = arena_calloc(f->a, 1, sizeof *b);
	*b = buf_new(f->a, 4096);
	seed_frame_blind(f->key, table_form(id)->name, blind);
	return b;
}

static bool write_strata(struct freeze *f, struct err *e)
{
	struct strata strata;
	uint8_t blind[2][32], hash[32];
	struct buf *s = text_buf(f, TABLE_STRATA, blind[0]),
		   *l = text_buf(f, TABLE_LEDGER, blind[1]);
	if (!strata_make(&strata, &f->policy, &f->sums.counts, f->a, e) ||
		!strata_write(&strata, &f->policy, blind[0], sink_buf(s), f->a, hash, e) ||
		!ledger_write(&f->policy, &f->sums.counts, blind[1], sink_buf(l), f->a, hash, e))
		return false;
	f->text[TABLE_STRATA] = buf_view(s);
	f->text[TABLE_LEDGER] = buf_view(l);
	return true;
}

static bool write_people(struct freeze *f, struct err *e)
{
	struct worker *w = f->job->worker;
	const struct frame_people_of of = { &f->policy, f->round.departments, f->date,
		f->round.demo, f->key, w->process->conf.calendar.file };
	struct pool_artefacts made;
	if (!frame_people(&made, w->stream, f->a, &of, e))
		return false;
	f->text[TABLE_POOL] = made.pool;
	f->text[TABLE_RECUSALS] = made.recusals;
	f->text[TABLE_HISTORY] = made.history;
	f->text[TABLE_CALENDAR] = made.calendar;
	return true;
}

static bool store_small(struct freeze *f, struct err *e)
{
	for (unsigned id = 0; id < TABLES; id++) {
		struct table check;
		const char *name = table_form((enum table_id)id)->name;
		if (f->text[id].p == NULL)
			continue;
		if (!table_open(&check, (enum table_id)id, f->text[id], e) ||
			!chunk_store(
				f->job->worker->store, name, f->text[id], f->a, f->hash[id], e))
			return err_at(e, "%s", name);
	}
	return true;
}

static bool read_policy(struct freeze *f, struct err *e)
{
	struct table *t = arena_calloc(f->a, 1, sizeof *t);
	f->text[TABLE_POLICY] = frozen_text(f->a, TABLE_POLICY, f->key, f->round.policy);
	return table_open(t, TABLE_POLICY, f->text[TABLE_POLICY], e) &&
	       policy_read(&f->policy, f->a, t, e);
}

/* ---- the gate ---------------------------------------------------------------------------- */

/* Lists that are not correct enough are frozen only where two persons agreed to that. Asked in the
 * transaction that reads the register. */
static bool pass_gate(struct freeze *f, struct err *e)
{
	struct quality_stand *q = &f->quality;
	uint64_t least = conf_quality_min(&f->job->worker->process->conf);
	if (!quality_stands(f->job->worker->stream, f->a, q, e))
		return false;
	if (quality_enough(q->rows, q->correct, least)) {
		f->override = BYTES("none");
		return true;
	}
	if (f->override.n == 0)
		return err_set(e, ERR_QUALITY_LOW, "%s < %" PRIu64 ".%04" PRIu64 "%%: %s",
			quality_told(f->a, q->correct, q->rows), least / 10000, least % 10000,
			q->worst);
	log_warning("freeze.quality_low", STR("round", f->round.id), NUM("rows", (int64_t)q->rows),
		NUM("correct", (int64_t)q->correct));
	return true;
}

/* Classes are those of the day of the freeze and of the lists that it reads. What may pass is tried
 * again; anything else is told as what the freeze waits for. */
static bool classes_look(struct freeze *f, struct err *e)
{
	bool behind;
	struct bytes made;
	struct err why = { 0 };
	if (!classify_behind(f->job->db, f->date, &behind, e))
		return false;
	if (!behind || classify(f->job, f->date, BYTES("changed"), &made, &why))
		return true;
	if (err_passes(why.code) || why.code == ERR_FENCED) {
		*e = why;
		return false;
	}
	return err_set(e, ERR_CLASSES_BEHIND, "%s: %s", err_row(why.code)->name, why.what);
}

/* Does what the transaction sees stand as it was looked at? */
static bool was_looked_at(struct freeze *f, bool *looked, struct err *e)
{
	struct db *stream = f->job->worker->stream;
	bool behind;
	DB_ROWS rows = { 0 };
	if (!db_query(stream, Q_quality_snapshot_at, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, f->a, e);
	*looked = db_bool(&r, "looked");
	f->read = db_int(&r, "at");
	if (r.bad || !classify_behind(stream, f->date, &behind, e))
		return false;
	*looked = *looked && !behind;
	return true;
}

/* Begin the transaction that reads the register, at a time when every batch in it was looked at:
 * one that is confirmed while others are looked at is looked at as well. */
static bool begin_reading(struct freeze *f, struct err *e)
{
	struct db *stream = f->job->worker->stream;
	for (int i = 0; i < LOOKS_MAX; i++) {
		bool looked;
		if (!quality_look(f->job, e) || !classes_look(f, e))
			return false;
		if (!db_begin(stream, true, e) || !was_looked_at(f, &looked, e))
			return false;
		if (looked)
			return true;
		db_rollback(stream);
	}
	return err_set(e, ERR_BUSY, "lists are confirmed one after the other");
}

/* Renamed since two persons agreed: objects have the codes in force, which the policy does not
 * name. */
static bool check_regions(struct freeze *f, struct err *e)
{
	char day[CIVIL_TEXT];
	DB_ROWS rows = { 0 };
	if (!DB_RUN(f->job->worker->stream, Q_policy_region_rows, &rows, e, DB_TEXT(f->round.id),
		    DB_TEXT(civil_format(f->date, day))))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, f->a, e);
	const char *path = db_text(&r, "path"), *old = db_text(&r, "old"),
		   *new = db_text(&r, "new");
	return !r.bad && err_set(e, ERR_POLICY_REGION, "%s %s → %s", path, old, new);
}

static bool write_all(struct freeze *f, struct err *e)
{
	struct db *stream = f->job->worker->stream;
	bool ok = begin_reading(f, e) && authority_check(stream, &f->policy, f->date, f->a, e) &&
		  check_regions(f, e) && pass_gate(f, e) && write_frame(f, e) && write_people(f, e);
	db_rollback(stream);
	return ok && write_strata(f, e) && store_small(f, e);
}

/* ---- the record -------------------------------------------------------------------------- */

static void set_tables(struct freeze *f, struct record *rec)
{
	for (unsigned id = 0; id < TABLES; id++) {
		if (step_form(STEP_FREEZE)->out & TABLE_BIT(id))
			record_set(rec, table_form((enum table_id)id)->name,
				frozen_hex(f->a, f->hash[id]));
	}
}

static bool record_text(struct freeze *f, struct bytes approvals, struct bytes *text, struct err *e)
{
	const struct round_row *r = &f->round;
	struct record rec = { .kind = RECORD_FREEZE };
	struct freeze_before before;
	uint8_t protocol[32];
	char date[CIVIL_TEXT];
	if (!freeze_before(f->job->db, f->a, &before, e))
		return false;
	sha256(protocol_text, protocol_text_size, protocol);
	const struct {
		const char *key;
		struct bytes value;
	} values[] = {
		{ "round", bytes_of(r->id) },
		{ "demo", r->demo ? BYTES("yes") : BYTES("no") },
		{ "authority", bytes_of(f->job->worker->process->conf.authority) },
		{ "frozen", frozen_number(f->a, (uint64_t)f->frozen) },
		{ "date", bytes_of(civil_format(f->date, date)) },
		{ "departments", r->departments },
		{ "approvals", approvals },
		{ "protocol", frozen_hex(f->a, protocol) },
		{ "program", bytes_of(program_hash) },
		{ "register", frozen_number(f->a, f->sums.rows) },
		{ "quality-rows", frozen_number(f->a, f->quality.rows) },
		{ "quality-correct", frozen_number(f->a, f->quality.correct) },
		{ "quality-min",
			frozen_number(f->a, conf_quality_min(&f->job->worker->process->conf)) },
		{ "override", f->override },
		{ "universe", frozen_hex(f->a, f->sums.universe) },
		{ "frame-root", frozen_hex(f->a, f->sums.root) },
		{ "pulses", r->pulses },
		{ "delta", frozen_number(f->a, (uint64_t)r->delta) },
		{ "draw-deadline", frozen_number(f->a, (uint64_t)r->draw_deadline) },
		{ "reveal-after", r->reveal_after },
		{ "results-due", r->results_due },
		{ "disclosure", r->disclosure },
		{ "previous", before.leaf },
	};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		record_set(&rec, values[i].key, values[i].value);
	set_tables(f, &rec);
	struct buf b = buf_new(f->a, 4096);
	bool ok = record_encode(&rec, &b, e);
	*text = buf_view(&b);
	return ok;
}

static bool propose(struct freeze *f, struct bytes text, int64_t *entry, struct err *e)
{
	struct named_hash names[TABLES];
	size_t n = 0;
	for (unsigned id = 0; id < TABLES; id++) {
		if ((step_form(STEP_FREEZE)->out & TABLE_BIT(id)) == 0)
			continue;
		names[n].name = table_form((enum table_id)id)->name;
		memcpy(names[n++].hash, f->hash[id], 32);
	}
	struct buf beside = buf_new(f->a, 256);
	buf_byte(&beside, '{');
	json_put_number(&beside, "read", f->read);
	json_put_member(&beside, "worst", bytes_of(f->quality.worst));
	buf_byte(&beside, '}');
	return worker_propose(
		f->job, &f->round, "freeze", text, names, n, buf_view(&beside), entry, e);
}

/* ---- the job ----------------------------------------------------------------------------- */

static bool read_args(struct freeze *f, struct err *e)
{
	struct bytes id;
	if (!job_arg_text(f->job, "round", &id, e) || !job_arg_int(f->job, "frozen", &f->frozen, e))
		return false;
	if (f->frozen < 0)
		return err_set(e, ERR_BAD_ARGS, "frozen: %" PRId64, f->frozen);
	f->date = clock_date_of((uint64_t)f->frozen);
	f->override = job_arg_text_or(f->job, "quality_override", "");
	return worker_round(f->job, id, &f->round, e);
}

/* What may not be frozen is refused before the work, not behind it. */
static bool may_freeze(const struct round_row *r, struct err *e)
{
	return step_check(STEP_FREEZE, r->state, e) &&
	       freeze_rules(r->demo, (uint64_t)r->delta, r->pulses, r->disclosure, e);
}

static bool make(struct freeze *f, int64_t *entry, struct err *e)
{
	struct bytes approvals, key, text;
	if (!may_freeze(&f->round, e) ||
		!approvals_text(f->job->db, bytes_of(f->round.id), f->round.departments, f->a,
			&approvals, e) ||
		!worker_key(f->job, bytes_of(f->round.id), "frame-salt", &key, e))
		return false;
	if (key.n != 64)
		return err_set(e, ERR_SEALED, "frame-salt key of %zu characters", key.n);
	memcpy(f->key, key.p, 64);
	secret_wipe(key);
	crash_point("freeze.salted");
	if (!read_policy(f, e) || !write_all(f, e))
		return false;
	crash_point("freeze.stored");
	return record_text(f, approvals, &text, e) && propose(f, text, entry, e);
}

/* ---- what it tells ----------------------------------------------------------------------- */

struct told {
	uint64_t unclassed, targeted, empty; /* objects in U, added over the tasks; strata */
};

static bool count_strata(const struct table *t, struct told *out, struct err *e)
{
	struct bytes field[TABLE_COLUMNS_MAX];
	size_t stratum = table_column(TABLE_STRATA, "stratum");
	size_t population = table_column(TABLE_STRATA, "population");
	size_t report = table_column(TABLE_STRATA, "report");
	struct table_cursor c = table_rows(t);
	while (table_next(t, &c, field)) {
		uint64_t n = 0;
		if (!text_u64(field[population], INT64_MAX, &n))
			return err_set(e, ERR_BAD_TABLE, "strata: population");
		out->unclassed += bytes_starts(field[stratum], BYTES("U")) ? n : 0;
		out->targeted += bytes_is(field[report], "targeted");
		out->empty += bytes_is(field[report], "empty");
	}
	return true;
}

static bool read_record(struct freeze *f, struct record *rec, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct note *note = arena_calloc(f->a, 1, sizeof *note);
	if (!DB_RUN(f->job->db, Q_record_idx, &rows, e, DB_TEXT(f->round.id), DB_TEXT("freeze")))
		return false;
	if (rows.n != 1)
		return err_set(e, ERR_INTERNAL, "%zu freezes", rows.n);
	struct db_row r = db_row(&rows, 0, f->a, e);
	struct bytes whole = db_bytea(&r, "note");
	return !r.bad && note_parse(note, f->a, whole, e) && record_parse(rec, note->text, e);
}

/* Read off the record and the artefacts, so that every attempt tells the same. */
static bool tell(
	struct freeze *f, struct frozen *frozen, int64_t entry, struct bytes *result, struct err *e)
{
	struct record rec;
	struct told told = { 0 };
	struct holidays holidays;
	int32_t from, to;
	const unsigned tables = TABLE_BIT(TABLE_POLICY) | TABLE_BIT(TABLE_STRATA);
	if (!read_record(f, &rec, e) || !frozen_load(f->job, &f->round, tables, frozen, e) ||
		!policy_read(&f->policy, f->a, &frozen->table[TABLE_POLICY], e) ||
		!count_strata(&frozen->table[TABLE_STRATA], &told, e) ||
		!frame_holidays(&holidays, f->job->worker->stream, f->a,
			f->job->worker->process->conf.calendar.file, e))
		return false;
	frame_span(&f->policy, &from, &to);
	int32_t uncovered = holidays_uncovered(&holidays, from, to);
	if (uncovered > 0)
		log_warning("freeze.calendar_uncovered", STR("round", f->round.id),
			NUM("days", uncovered));
	*result = bytes_of(arena_printf(f->a,
		"{\"round\":\"%s\",\"entry\":%" PRId64 ",\"register\":%" PRIu64
		",\"unclassed\":%" PRIu64 ",\"class_missing\":\"%c\",\"targeted\":%" PRIu64
		",\"empty\":%" PRIu64 ",\"uncovered_days\":%d,\"quality_rows\":%" PRIu64
		",\"quality_correct\":%" PRIu64 "}",
		f->round.id, entry, record_number(&rec, "register"), told.unclassed,
		"ABCD"[f->policy.class_missing], told.targeted, told.empty, uncovered,
		record_number(&rec, "quality-rows"), record_number(&rec, "quality-correct")));
	return true;
}

bool step_freeze(struct job *job, struct bytes *result, struct err *e)
{
	struct freeze *f = arena_calloc(job->arena, 1, sizeof *f);
	struct frozen frozen = { 0 };
	const char *state = NULL;
	int64_t entry = -1;
	f->job = job;
	f->a = job->arena;
	if (!read_args(f, e) || !worker_proposal(job, "freeze", &state, &entry, e))
		return false;
	bool ok = state != NULL ? worker_await(job, "freeze", &entry, e) : make(f, &entry, e);
	sodium_memzero(f->key, sizeof f->key);
	if (!ok)
		return err_at(e, "%s", f->round.id);
	crash_point("freeze.proposed");
	ok = tell(f, &frozen, entry, result, e);
	frozen_unload(&frozen);
	return ok;
}
