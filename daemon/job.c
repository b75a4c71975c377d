#include "daemon/job.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/log.h"
#include "daemon/worker.h"

/* ---- taking and ending ------------------------------------------------------------------- */

bool job_take(
	struct db *db, int64_t lease, struct arena *a, struct job *job, bool *found, struct err *e)
{
	DB_ROWS rows = { 0 };
	*found = false;
	if (!DB_RUN(db, Q_job_take, &rows, e, DB_INT(lease)))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	job->id = db_int(&r, "id");
	job->fence = db_int(&r, "fence");
	job->attempts = db_int(&r, "attempts");
	job->kind = db_text(&r, "kind");
	job->args = db_bytes(&r, "args");
	job->arena = a;
	job->db = db;
	job->beat = clock_tick();
	*found = !r.bad;
	if (*found)
		crash_point("job.taken");
	return *found;
}

static bool fenced(const struct job *job, const struct db_rows *rows, struct err *e)
{
	return rows->affected == 1 || err_set(e, ERR_FENCED, "job %lld", (long long)job->id);
}

bool job_progress(struct job *job, int64_t done, int64_t total, const char *note, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (process_stopping())
		return err_set(e, ERR_STOPPING, "job %lld", (long long)job->id);
	if (beat_lost(job->worker->beat))
		return err_set(e, ERR_FENCED, "job %lld", (long long)job->id);
	if (clock_tick() == job->beat)
		return true;
	job->beat = clock_tick();
	return DB_RUN(job->db, Q_job_beat, &rows, e, DB_INT(job->id), DB_INT(job->fence),
		       DB_INT(job->worker->process->conf.worker.lease), DB_INT(done), DB_INT(total),
		       DB_TEXT(note)) &&
	       fenced(job, &rows, e);
}

bool job_hold(struct job *job, struct err *e)
{
	DB_ROWS rows = { 0 };
	return DB_RUN(job->db, Q_job_hold, &rows, e, DB_INT(job->id), DB_INT(job->fence)) &&
	       fenced(job, &rows, e);
}

bool job_done(struct job *job, struct bytes result, struct err *e)
{
	DB_ROWS rows = { 0 };
	crash_point("job.done");
	return DB_RUN(job->db, Q_job_done, &rows, e, DB_INT(job->id), DB_INT(job->fence),
		       result.p == NULL ? DB_NULL : DB_BYTES(result)) &&
	       fenced(job, &rows, e);
}

bool job_fail(struct job *job, const struct err *why, struct err *e)
{
	DB_ROWS rows = { 0 };
	return DB_RUN(job->db, Q_job_fail, &rows, e, DB_INT(job->id), DB_INT(job->fence),
		       DB_BYTES(job_error_json(job->arena, why))) &&
	       fenced(job, &rows, e);
}

/* The error of a job that nobody tries again: the last one, under a name that says so. */
static void give_up(const struct err *why, struct err *last)
{
	char text[sizeof last->what + 64];
	*last = *why;
	if (why->code == ERR_DIFFERS)
		return;
	snprintf(text, sizeof text, "%s: %s", err_row(why->code)->name, why->what);
	*last = (struct err){ .code = ERR_TOO_OFTEN };
	memcpy(last->where, why->where, sizeof last->where);
	memcpy(last->what, text, sizeof last->what - 1);
}

/* Seconds until the next attempt: a disk that is full, or a database that is away, is given a
 * minute or two altogether. A record that was overtaken is made anew at once. */
static int64_t pause_before_next(const struct job *job, enum err_code why)
{
	enum { DOUBLINGS = 8 };
	if (why == ERR_STOPPING || why == ERR_DIFFERS || job->attempts < 1)
		return 0;
	int64_t twice = 2 * (job->attempts - 1);
	return INT64_C(1) << (twice < DOUBLINGS ? twice : DOUBLINGS);
}

bool job_release(struct job *job, int64_t attempts_max, const struct err *why, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct err last;
	bool stopping = why->code == ERR_STOPPING;
	if (job->attempts >= attempts_max && !stopping) {
		give_up(why, &last);
		return job_fail(job, &last, e);
	}
	return DB_RUN(job->db, Q_job_release, &rows, e, DB_INT(job->id), DB_INT(job->fence),
		       DB_INT(stopping), DB_INT(pause_before_next(job, why->code))) &&
	       fenced(job, &rows, e);
}

/* ---- arguments --------------------------------------------------------------------------- */

static json_t *args_of(const struct job *job)
{
	return json_loadb(job->args.p, job->args.n, JSON_REJECT_DUPLICATES, NULL);
}

bool job_arg_text(struct job *job, const char *name, struct bytes *out, struct err *e)
{
	json_t *args = args_of(job);
	const json_t *v = json_object_get(args, name);
	bool ok = json_is_string(v);
	if (ok)
		*out = bytes_of(
			arena_strndup(job->arena, json_string_value(v), json_string_length(v)));
	json_decref(args);
	return ok || err_set(e, ERR_BAD_ARGS, "%s: a text is expected", name);
}

bool job_arg_int(struct job *job, const char *name, int64_t *out, struct err *e)
{
	json_t *args = args_of(job);
	const json_t *v = json_object_get(args, name);
	bool ok = json_is_integer(v);
	if (ok)
		*out = json_integer_value(v);
	json_decref(args);
	return ok || err_set(e, ERR_BAD_ARGS, "%s: an integer is expected", name);
}

struct bytes job_arg_text_or(struct job *job, const char *name, const char *otherwise)
{
	struct err ignored = { 0 };
	struct bytes out;
	return job_arg_text(job, name, &out, &ignored) ? out : bytes_of(otherwise);
}

/* ---- errors as JSON ---------------------------------------------------------------------- */

/* A fact cut in the middle of a character is still text. */
static json_t *fact(const char *s)
{
	size_t n = strlen(s);
	json_t *v = NULL;
	while ((v = json_stringn(s, n)) == NULL && n > 0)
		n--;
	return v;
}

struct bytes job_error_json(struct arena *a, const struct err *why)
{
	json_t *o = json_pack("{s:s, s:o, s:o}", "code", err_row(why->code)->name, "where",
		fact(why->where), "what", fact(why->what));
	char *text = json_dumps(o, JSON_COMPACT);
	struct bytes out =
		bytes_of(arena_strdup(a, text != NULL ? text : "{\"code\":\"internal\"}"));
	free(text);
	json_decref(o);
	return out;
}

static const char *member(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));
	return s != NULL ? s : "";
}

void job_error_of(struct bytes json, struct err *out)
{
	json_t *o = json_loadb(json.p, json.n, 0, NULL);
	*out = (struct err){ .code = ERR_INTERNAL };
	for (int c = ERR_NONE + 1; c < ERR_COUNT; c++) {
		if (strcmp(member(o, "code"), err_row((enum err_code)c)->name) == 0)
			out->code = (enum err_code)c;
	}
	snprintf(out->where, sizeof out->where, "%s", member(o, "where"));
	snprintf(out->what, sizeof out->what, "%s", member(o, "what"));
	json_decref(o);
}
