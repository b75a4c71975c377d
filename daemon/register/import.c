#include "daemon/register/import.h"

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/json.h"
#include "daemon/log.h"
#include "daemon/register/columns.h"
#include "daemon/worker.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

enum { COPY_ROOM = 524288 };

/* ---- the file ----------------------------------------------------------------------------------
 */

bool import_on_header(void *ctx, size_t field, struct bytes header, struct bytes column,
	const char *how, struct err *e)
{
	struct import *i = ctx;
	const struct column *c = column.n > 0 ? column_find(i->kind, column) : NULL;
	(void)field;
	(void)e;
	if (c != NULL && c->check == NULL)
		column = BYTES(""); /* known, and of no use: whatever it shares its row of the table
				       with */
	buf_str(&i->mapping, i->mapping.n > 1 ? ",{" : "{");
	json_put_member(&i->mapping, "header", header);
	json_put_member(&i->mapping, "column", column);
	json_put_member(&i->mapping, "how", bytes_of(how));
	buf_byte(&i->mapping, '}');
	return true;
}

/* A row of a list of a department about what is not its own. */
static bool on_other(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct import *i = ctx;
	uint64_t line;
	if (columns != 2 || !text_u64(value[1], INT64_MAX, &line))
		return err_set(e, ERR_INTERNAL, "line");
	return import_refuse(i, line, ERR_OTHER_DEPARTMENT, "", value[0], e);
}

/* A department speaks of its own objects and of new ones; rows of others go, whoever they are. */
static bool withdraw_others(struct import *i, struct err *e)
{
	return i->department.n == 0 ||
	       db_stream(i->db, Q_import_withdraw_others,
		       (const struct db_param[]){ DB_INT(i->batch) }, on_other, i, e);
}

static bool read_streamed(struct import *i, struct err *e)
{
	if (!import_copy_start(i, e) || !import_feed(i, e) || !import_copy_end(i, e))
		return false;
	if (i->withdrawn.n > 0 && !DB_RUN(i->db, Q_import_withdraw, NULL, e, DB_INT(i->batch),
					  DB_BYTES(buf_view(&i->withdrawn))))
		return false;
	return withdraw_others(i, e);
}

static bool read_held(struct import *i, struct err *e)
{
	if (!import_feed(i, e))
		return false;
	return i->kind == REGISTER_RECUSALS ? import_recusals(i, e) : import_inspectors(i, e);
}

static bool read_file(struct import *i, struct err *e)
{
	return import_tables(i, e) && (i->of->held ? read_held(i, e) : read_streamed(i, e)) &&
	       import_match_candidates(i, e) && import_doubts(i, e);
}

/* ---- the transaction
 * ------------------------------------------------------------------------------ */

/* A transaction whose facts and notes are those of this batch. */
static bool begin(struct import *i, struct err *e)
{
	return db_begin(i->db, false, e) &&
	       DB_RUN(i->db, Q_import_loading, NULL, e, DB_INT(i->batch));
}

/* Of a dry run, and of a file without a good row, nothing is kept but what was found: another
 * transaction tells it. */
static bool begin_again(struct import *i, struct err *e)
{
	db_rollback(i->db);
	return begin(i, e);
}

/* The difference, with the beat going on; how long reading and staging took is for the log. */
static bool stage(struct import *i, struct err *e)
{
	int64_t from = clock_milliseconds();
	bool ok = job_progress(i->job, i->size, i->size, "difference", e) && import_stage(i, e);
	i->staged_in = clock_milliseconds() - from;
	return ok;
}

static bool transaction(struct import *i, struct bytes *result, struct err *e)
{
	struct job held = *i->job;
	int64_t from = clock_milliseconds();
	held.db = i->db;
	if (!begin(i, e) || !read_file(i, e))
		return false;
	i->read_in = clock_milliseconds() - from;
	crash_point("import.copied");
	if ((import_totals(i).accepted > 0 && !stage(i, e)) ||
		(!import_is_kept(i) && !begin_again(i, e)) || !import_write_notes(i, e) ||
		!job_hold(&held, e) || !import_close(i, result, e))
		return false;
	return db_commit(i->db, e);
}

/* ---- the job
 * -------------------------------------------------------------------------------------- */

static bool read_mode(struct import *i, struct err *e)
{
	static const char *const modes[IMPORT_MODES] = { "preview", "confirm", "dry-run" };
	struct bytes mode = job_arg_text_or(i->job, "mode", "preview");
	struct bytes scope = job_arg_text_or(i->job, "scope", "update");
	unsigned m = 0;
	while (m < IMPORT_MODES && !bytes_is(mode, modes[m]))
		m++;
	i->mode = (enum import_mode)m;
	i->full = bytes_is(scope, "full");
	if (m == IMPORT_MODES)
		return err_set(e, ERR_BAD_ARGS, "mode \"%.*s\"", BYTES_ARG(mode));
	return i->full || bytes_is(scope, "update") ||
	       err_set(e, ERR_BAD_ARGS, "scope \"%.*s\"", BYTES_ARG(scope));
}

static bool read_args(struct import *i, struct err *e)
{
	struct bytes kind;
	if (!job_arg_text(i->job, "kind", &kind, e) ||
		!job_arg_int(i->job, "upload", &i->upload, e) ||
		!job_arg_text(i->job, "source", &i->source, e) ||
		!job_arg_text(i->job, "provider", &i->provider, e) || !read_mode(i, e))
		return false;
	i->labels = job_arg_text_or(i->job, "labels", "");
	i->sheet = job_arg_text_or(i->job, "sheet", "");
	if (!frame_fact_check(FACT_LABELS, i->labels))
		return err_set(e, ERR_BAD_ARGS, "labels \"%.*s\"", BYTES_ARG(i->labels));
	if (!register_named(kind, &i->kind))
		return err_set(e, ERR_BAD_ARGS, "kind \"%.*s\"", BYTES_ARG(kind));
	i->of = &registers[i->kind];
	return true;
}

/* The batch of this job, made if it is new. *done: it was committed by an earlier attempt. */
static bool open_batch(struct import *i, bool *done, struct bytes *result, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct db *db = i->job->db;
	if (!DB_RUN(db, Q_import_open, NULL, e, DB_TEXT(i->of->name), DB_INT(i->upload),
		    DB_INT(i->job->id), DB_BYTES(i->source), DB_BYTES(i->provider),
		    DB_TEXT(i->full ? "full" : "update"), DB_BYTES(i->sheet)) ||
		!DB_RUN(db, Q_import_batch, &rows, e, DB_INT(i->job->id)))
		return false;
	struct db_row r = db_row(&rows, 0, i->arena, e);
	i->batch = db_int(&r, "id");
	i->size = db_int(&r, "size");
	i->department = db_bytes(&r, "department");
	*result = db_bytes(&r, "result");
	if (r.bad)
		return false;
	if (db_int(&r, "received") != i->size)
		return err_set(e, ERR_BAD_UPLOAD, "upload %lld", (long long)i->upload);
	*done = result->n > 0;
	return true;
}

/* Registers without personal facts need no key. */
static bool load_key(struct import *i, struct err *e)
{
	for (size_t f = 0; f < i->of->facts; f++)
		if (i->of->fact[f].form == FORM_PERSONAL)
			return sealing_load(
				&i->sealing, i->job->worker->process->conf.import.sealing, e);
	return true;
}

static bool run(struct import *i, struct bytes *result, struct err *e)
{
	if (!load_key(i, e))
		return false;
	i->copy = buf_new(i->arena, COPY_ROOM);
	i->withdrawn = buf_new(i->arena, 0);
	i->spared = buf_new(i->arena, 0);
	i->mapping = buf_new(i->arena, 1024);
	buf_byte(&i->mapping, '[');
	if (transaction(i, result, e))
		return true;
	db_copy_cancel(i->db, err_row(e->code)->name);
	db_rollback(i->db);
	return false;
}

bool import_run(struct job *job, struct bytes *result, struct err *e)
{
	struct import i = { .job = job,
		.db = job->worker->store,
		.arena = job->arena,
		.all_say = -1,
		.difference.preview = BYTES("{\"columns\":{},\"columns_rows\":0,\"new\":[],"
					    "\"changed\":[],\"gone\":[],\"same\":[]}"),
		.note_max = (size_t)job->worker->process->conf.import.errors_max };
	bool done = false;
	if (!read_args(&i, e) || !open_batch(&i, &done, result, e))
		return false;
	if (done)
		return true;
	crash_point("import.opened");
	bool ok = run(&i, result, e);
	sealing_wipe(&i.sealing);
	arena_free(i.scratch);
	if (!ok)
		return false;
	crash_point("import.committed");
	const struct parse_totals t = import_totals(&i);
	log_info("import.done", STR("kind", i.of->name), NUM("batch", i.batch), NUM("rows", t.rows),
		NUM("accepted", t.accepted), NUM("refused", t.refused), NUM("repaired", t.repaired),
		NUM("remarked", t.remarked), NUM("read_ms", i.read_in),
		NUM("stage_ms", i.staged_in));
	return true;
}
