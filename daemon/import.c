#include "daemon/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/crash.h"
#include "daemon/json.h"
#include "daemon/log.h"
#include "daemon/worker.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

enum { COPY_SIZE = 262144 };

/* ---- lines of a COPY ---------------------------------------------------------------------- */

bool import_send(struct import *i, bool now, struct err *e)
{
	if (i->copy.n == 0 || (!now && i->copy.n < COPY_SIZE))
		return true;
	bool ok = db_copy_put(i->db, buf_view(&i->copy), e);
	i->copy.n = 0;
	return ok;
}

void import_put_int(struct import *i, int64_t v, char after)
{
	if (v < 0)
		buf_byte(&i->copy, '-');
	buf_u64(&i->copy, v < 0 ? (uint64_t)-v : (uint64_t)v);
	buf_byte(&i->copy, after);
}

void import_put(struct import *i, struct bytes v, char after)
{
	if (v.p != NULL)
		db_copy_value(&i->copy, v);
	else
		buf_str(&i->copy, "\\N");
	buf_byte(&i->copy, after);
}

/* ---- what the parser says ------------------------------------------------------------------ */

static void *grow(struct arena *a, void *old, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return old;
	*room = *room == 0 ? 64 : 2 * *room;
	void *p = arena_calloc(a, *room, size);
	if (n > 0)
		memcpy(p, old, n * size);
	return p;
}

static struct bytes keep(struct import *i, struct bytes s)
{
	return s.n == 0 ? s : (struct bytes){ arena_strndup(i->arena, s.p, s.n), s.n };
}

bool import_on_note(void *ctx, const struct wire_note *note, struct err *e)
{
	struct import *i = ctx;
	(void)e;
	i->noted = note->line;
	if (i->notes[note->warning]++ >= i->note_max)
		return true;
	i->errors = grow(i->arena, i->errors, i->error_n, &i->error_room, sizeof *i->errors);
	struct import_error *to = &i->errors[i->error_n];
	to->note = *note;
	to->note.column = keep(i, note->column);
	to->note.value = keep(i, note->value);
	to->note.detail = keep(i, note->detail);
	to->ordinal = i->error_n++;
	return true;
}

void import_refuse(struct import *i, struct import_row *row, enum err_code code, const char *column,
	struct bytes value)
{
	struct wire_note note = { row->line, code, false, bytes_of(column), value, { "", 0 } };
	import_on_note(i, &note, NULL);
	row->bad = true;
	i->totals.good--;
	i->totals.bad++;
}

void import_warn(struct import *i, struct import_row *row, enum err_code code, const char *column,
	struct bytes value)
{
	struct wire_note note = { row->line, code, true, bytes_of(column), value, { "", 0 } };
	import_on_note(i, &note, NULL);
	i->totals.warned += !row->warned;
	row->warned = true;
}

/* Micro-degrees or nothing. */
static bool is_micro(struct bytes s, struct err *e)
{
	uint64_t v;
	bool minus = s.n > 0 && s.p[0] == '-';
	return s.n == 0 || text_u64((struct bytes){ s.p + minus, s.n - minus }, 180000000, &v) ||
	       err_set(e, ERR_PARSER, "coordinate");
}

/* The parser is not trusted: what it calls good is looked at once more. */
static bool put_entity(struct import *i, uint64_t line, const struct bytes *fact, struct err *e)
{
	static const enum entity_fact_id frame[FRAME_FACTS] = { ENTITY_OBJECT, ENTITY_ENTITY,
		ENTITY_KIND, ENTITY_INDUSTRY, ENTITY_REGION, ENTITY_ESTABLISHED, ENTITY_STATUS,
		ENTITY_SINCE, ENTITY_CLASS, ENTITY_LABELS, ENTITY_CHECKED };
	struct bytes facts[FRAME_FACTS];
	for (size_t f = 0; f < FRAME_FACTS; f++)
		facts[f] = fact[frame[f]];
	if (!frame_facts_check(facts, e) || !is_micro(fact[ENTITY_X], e) ||
		!is_micro(fact[ENTITY_Y], e) ||
		(!frame_fact_check(FACT_LABELS, fact[ENTITY_MATCHED]) &&
			!err_set(e, ERR_PARSER, "labels")))
		return err_at(e, "line %llu", (unsigned long long)line);
	import_put(i, fact[ENTITY_OBJECT], '\t');
	import_put_int(i, i->batch, '\t');
	import_put_int(i, (int64_t)line, '\t');
	for (size_t f = ENTITY_ENTITY; f < ENTITY_FACTS; f++)
		import_put(i, fact[f], f + 1 == ENTITY_FACTS ? '\n' : '\t');
	return import_send(i, false, e);
}

bool import_on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e)
{
	struct import *i = ctx;
	if (i->kind == IMPORT_ENTITIES)
		return put_entity(i, line, fact, e);
	i->rows = grow(i->arena, i->rows, i->row_n, &i->row_room, sizeof *i->rows);
	struct import_row *row = &i->rows[i->row_n++];
	row->line = line;
	row->warned = i->noted == line;
	for (size_t f = 0; f < ROW_FACTS; f++)
		row->fact[f] = keep(i, fact[f]);
	return true;
}

bool import_on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	struct import *i = ctx;
	(void)e;
	for (size_t k = 0; k < i->row_n; k++)
		i->rows[k].bad = i->rows[k].bad || i->rows[k].line == line;
	if (i->kind == IMPORT_ENTITIES) {
		if (i->withdrawn.n > 0)
			buf_byte(&i->withdrawn, ',');
		buf_bytes(&i->withdrawn, key);
	}
	return true;
}

/* ---- the transaction ------------------------------------------------------------------------ */

static int by_line(const void *x, const void *y)
{
	const struct import_error *a = x, *b = y;
	if (a->note.line != b->note.line)
		return a->note.line < b->note.line ? -1 : 1;
	return (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

static bool write_errors(struct import *i, struct err *e)
{
	int64_t rows;
	if (i->error_n == 0)
		return true;
	qsort(i->errors, i->error_n, sizeof *i->errors, by_line);
	if (!db_copy_start(i->db, Q_copy_import_error, e))
		return false;
	for (size_t k = 0; k < i->error_n; k++) {
		const struct wire_note *note = &i->errors[k].note;
		import_put_int(i, i->batch, '\t');
		import_put_int(i, (int64_t)k + 1, '\t');
		import_put_int(i, (int64_t)note->line, '\t');
		import_put(i, note->column, '\t');
		import_put(i, note->value, '\t');
		import_put(i, bytes_of(err_row(note->code)->name), '\t');
		import_put(i, note->detail, '\t');
		import_put(i, bytes_of(note->warning ? "warning" : "error"), '\n');
		if (!import_send(i, false, e))
			return false;
	}
	return import_send(i, true, e) && db_copy_end(i->db, &rows, e);
}

/* Notes beyond import.errors_max, counted apart: no number of warnings hides an error. */
static int64_t dropped(const struct import *i, bool warning)
{
	uint64_t n = i->notes[warning];
	return n > i->note_max ? (int64_t)(n - i->note_max) : 0;
}

static struct bytes result_json(struct import *i)
{
	const struct parse_totals *t = &i->totals;
	struct buf b = buf_new(i->arena, 512);
	buf_byte(&b, '{');
	json_put_number(&b, "batch", i->batch);
	json_put_member(&b, "kind", bytes_of(import_kind_name(i->kind)));
	json_put_number(&b, "rows", (int64_t)t->rows);
	json_put_number(&b, "good", (int64_t)t->good);
	json_put_number(&b, "bad", (int64_t)t->bad);
	json_put_number(&b, "warned", (int64_t)t->warned);
	json_put_member(&b, "encoding", bytes_of(t->encoding));
	json_put_member(&b, "unknown_columns", t->unknown);
	buf_str(&b, ",\"derived\":{");
	for (unsigned k = 0; k < DERIVED_KINDS; k++)
		json_put_number(&b, derived_name(k), (int64_t)t->derived[k]);
	buf_byte(&b, '}');
	json_put_number(&b, "unknown_subjects", (int64_t)i->unknown_subjects);
	json_put_number(&b, "errors_dropped", dropped(i, false));
	json_put_number(&b, "warnings_dropped", dropped(i, true));
	buf_byte(&b, '}');
	return buf_view(&b);
}

static bool read_file(struct import *i, struct err *e)
{
	int64_t rows;
	if (i->kind != IMPORT_ENTITIES)
		return import_departments(i, e) && import_feed(i, e);
	return db_copy_start(i->db, Q_copy_entity_fact, e) && import_feed(i, e) &&
	       import_send(i, true, e) && db_copy_end(i->db, &rows, e);
}

/* A department speaks of its own objects and of new ones; rows of others go, whoever they are. */
static bool withdraw_others(struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	int64_t gone = 0;
	if (!DB_RUN(i->db, Q_import_object_lock, NULL, e, DB_NULL) ||
		!DB_RUN(i->db, Q_import_withdraw_others, &rows, e, DB_INT(i->batch),
			DB_INT((int64_t)i->note_max)))
		return false;
	for (size_t k = 0; k < rows.n; k++) {
		struct db_row r = db_row(&rows, k, i->arena, e);
		struct wire_note note = { (uint64_t)db_int(&r, "line"), ERR_OTHER_DEPARTMENT, false,
			BYTES(""), db_bytes(&r, "object"), BYTES("") };
		gone = db_int(&r, "gone");
		if (r.bad || !import_on_note(i, &note, e))
			return false;
	}
	i->notes[false] += (uint64_t)gone - rows.n; /* those not named */
	i->totals.good -= (uint64_t)gone;
	i->totals.bad += (uint64_t)gone;
	return true;
}

static bool write_entities(struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (i->withdrawn.n > 0 && !DB_RUN(i->db, Q_import_withdraw, &rows, e, DB_INT(i->batch),
					  DB_BYTES(buf_view(&i->withdrawn))))
		return false;
	return i->department.n == 0 || withdraw_others(i, e);
}

static bool write_kind(struct import *i, struct err *e)
{
	static bool (*const write[IMPORT_KINDS])(struct import *, struct err *) = { write_entities,
		import_inspectors, import_recusals };
	return write[i->kind](i, e);
}

static bool transaction(struct import *i, struct bytes *result, struct err *e)
{
	const struct parse_totals *t = &i->totals;
	struct job held = *i->job;
	held.db = i->db;
	if (!db_begin(i->db, false, e) || !read_file(i, e) || !write_kind(i, e) ||
		!write_errors(i, e))
		return false;
	*result = result_json(i);
	crash_point("import.copied");
	return job_hold(&held, e) &&
	       DB_RUN(i->db, Q_import_close, NULL, e, DB_INT(i->batch), DB_INT(t->rows),
		       DB_INT(t->good), DB_INT(t->bad), DB_INT(t->warned), DB_TEXT(t->encoding),
		       DB_BYTES(*result)) &&
	       db_commit(i->db, e);
}

/* ---- the job -------------------------------------------------------------------------------- */

static bool read_args(struct import *i, struct err *e)
{
	struct bytes kind;
	if (!job_arg_text(i->job, "kind", &kind, e) ||
		!job_arg_int(i->job, "upload", &i->upload, e) ||
		!job_arg_text(i->job, "source", &i->source, e) ||
		!job_arg_text(i->job, "provider", &i->provider, e))
		return false;
	i->labels = job_arg_text_or(i->job, "labels", "");
	if (!frame_fact_check(FACT_LABELS, i->labels))
		return err_set(e, ERR_BAD_ARGS, "labels \"%.*s\"", BYTES_ARG(i->labels));
	return import_kind_of(kind, &i->kind) ||
	       err_set(e, ERR_BAD_ARGS, "kind \"%.*s\"", BYTES_ARG(kind));
}

/* The batch of this job, made if it is new. *done: it was committed by an earlier attempt. */
static bool open_batch(struct import *i, bool *done, struct bytes *result, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct db *db = i->job->db;
	if (!DB_RUN(db, Q_import_open, NULL, e, DB_TEXT(import_kind_name(i->kind)),
		    DB_INT(i->upload), DB_INT(i->job->id), DB_BYTES(i->source),
		    DB_BYTES(i->provider)) ||
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

bool import_run(struct job *job, struct bytes *result, struct err *e)
{
	struct import i = { .job = job,
		.db = job->worker->store,
		.arena = job->arena,
		.note_max = (size_t)job->worker->process->conf.import.errors_max };
	bool done = false;
	if (!read_args(&i, e) || !open_batch(&i, &done, result, e))
		return false;
	if (done)
		return true;
	crash_point("import.opened");
	i.copy = buf_new(i.arena, 2 * COPY_SIZE);
	i.withdrawn = buf_new(i.arena, 0);
	if (transaction(&i, result, e)) {
		crash_point("import.committed");
		log_info("import.done", STR("kind", import_kind_name(i.kind)),
			NUM("batch", i.batch), NUM("rows", i.totals.rows),
			NUM("good", i.totals.good), NUM("bad", i.totals.bad),
			NUM("warned", i.totals.warned));
		return true;
	}
	db_copy_cancel(i.db, err_row(e->code)->name);
	db_rollback(i.db);
	return false;
}
