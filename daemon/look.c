/* The job `look`: a policy over the present register, as a freeze would see it; nothing is frozen,
 * written or drawn (planner/look.h). What it found stands in the table `look`. */
#include "planner/look.h"

#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/framerows.h"
#include "daemon/job.h"
#include "daemon/json.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "planner/compose.h"

enum {
	BEAT_ROWS = 4096,
	FEW = 5, /* strata with fewer objects are told together to whom classes are not told */
};

struct looking {
	struct job *job;
	struct policy policy;
	struct look *look;
	int64_t rows;
	bool whole; /* whoever asked may know every class */
};

static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct looking *l = ctx;
	(void)columns;
	l->rows++;
	return look_put(l->look, value, e) &&
	       (l->rows % BEAT_ROWS != 0 || job_progress(l->job, l->rows, 0, "look", e));
}

/* ---- what it tells ----------------------------------------------------------------------- */

static void comma(struct buf *b, size_t i)
{
	if (i > 0)
		buf_byte(b, ',');
}

static void put_stratum(struct buf *b, const struct stratum_row *r, const char *name)
{
	buf_byte(b, '{');
	json_put_member(b, "stratum", bytes_of(name));
	json_put_number(b, "population", (int64_t)r->population);
	json_put_number(b, "units", (int64_t)r->units);
	json_put_number(b, "quota", (int64_t)r->quota);
	json_put_number(b, "ratio", r->ratio);
	json_put_member(b, "report", bytes_of(r->report));
	buf_byte(b, '}');
}

/* A class of few objects would tell whose it is: all such, and those of none, are told as one. */
static void put_strata(struct buf *b, const struct looking *l, const struct look_task *t)
{
	struct stratum_row few = { .report = "few" };
	size_t told = 0, hidden = 0;

	for (size_t i = 0; i < t->strata; i++) {
		const struct stratum_row *r = &t->stratum[i];
		if (!l->whole && r->population < FEW) {
			few.population += r->population;
			few.units += r->units;
			few.quota += r->quota;
			hidden++;
			continue;
		}
		comma(b, told++);
		put_stratum(b, r, stratum_name(r->stratum));
	}
	if (hidden > 0) {
		comma(b, told);
		put_stratum(b, &few, "*");
	}
}

static void put_ledger(struct buf *b, const struct look_result *r, const struct look_task *t)
{
	size_t n = 0;

	for (size_t i = 0; i < r->exclusions; i++) {
		const struct exclusion *x = &r->exclusion[i];
		char version[16];
		if (t->excluded[i] == 0)
			continue;
		comma(b, n++);
		snprintf(version, sizeof version, "/%u", (unsigned)x->version);
		struct buf rule = buf_new(b->arena, 64);
		buf_bytes(&rule, x->code);
		buf_str(&rule, version);
		buf_byte(b, '{');
		json_put_member(b, "code", x->code);
		json_put_number(b, "count", (int64_t)t->excluded[i]);
		json_put_member(b, "rule", buf_view(&rule));
		json_put_member(b, "basis", x->basis);
		buf_byte(b, '}');
	}
}

static void put_task(struct buf *b, const struct looking *l, const struct look_result *r, size_t i)
{
	const struct task *task = &l->policy.tasks[i];
	const struct look_task *t = &r->task[i];

	buf_byte(b, '{');
	json_put_member(b, "task", task->code);
	json_put_member(b, "name", task->name);
	json_put_number(b, "population", (int64_t)t->population);
	json_put_number(b, "drawn", (int64_t)t->drawn);
	json_put_raw(b, "strata", BYTES("["));
	put_strata(b, l, t);
	buf_str(b, "]");
	json_put_raw(b, "ledger", BYTES("["));
	put_ledger(b, r, t);
	buf_str(b, "]");
	if (t->why.code != ERR_NONE)
		json_put_raw(b, "error", job_error_json(b->arena, &t->why));
	buf_byte(b, '}');
}

static void put_pair(struct buf *b, const struct looking *l, const struct look_pair *p)
{
	buf_byte(b, '{');
	json_put_member(b, "a", l->policy.tasks[p->a].code);
	json_put_member(b, "b", l->policy.tasks[p->b].code);
	json_put_number(b, "both", (int64_t)p->both);
	json_put_number(b, "expected", (int64_t)p->expected);
	json_put_number(b, "saved", (int64_t)p->saved);
	json_put_flag(b, "meets", p->meets);
	buf_byte(b, '}');
}

static struct bytes tell(const struct looking *l, const struct look_result *r)
{
	struct buf b = buf_new(l->job->arena, 65536);

	buf_byte(&b, '{');
	json_put_number(&b, "register", (int64_t)r->rows);
	json_put_raw(&b, "tasks", BYTES("["));
	for (size_t i = 0; i < l->policy.task_count; i++) {
		comma(&b, i);
		put_task(&b, l, r, i);
	}
	buf_str(&b, "]");
	json_put_raw(&b, "overlaps", BYTES("["));
	for (size_t i = 0; i < r->pairs; i++) {
		comma(&b, i);
		put_pair(&b, l, &r->pair[i]);
	}
	buf_str(&b, "]}");
	return buf_view(&b);
}

/* ---- the job ----------------------------------------------------------------------------- */

static bool read_policy(struct looking *l, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct compose_rows policy;

	if (!DB_RUN(l->job->db, Q_look_policy, &rows, e, DB_INT(l->job->id)))
		return false;
	struct db_row r = db_row(&rows, 0, l->job->arena, e);
	struct bytes text = db_bytes(&r, "policy");
	return !r.bad && compose_split(text, l->job->arena, &policy, e) &&
	       policy_from_rows(&l->policy, l->job->arena, policy.row, policy.n, e);
}

static bool keep(struct looking *l, struct bytes found, struct err *e)
{
	struct db *db = l->job->db;
	bool ok = db_begin(db, false, e) && job_hold(l->job, e) &&
		  DB_RUN(db, Q_look_found, NULL, e, DB_INT(l->job->id), DB_BYTES(found)) &&
		  db_commit(db, e);

	if (!ok)
		db_rollback(db);
	return ok;
}

static bool read_day(struct looking *l, int32_t *day, struct err *e)
{
	struct bytes text = job_arg_text_or(l->job, "day", "");

	if (text.n == 0) {
		*day = clock_date_of(clock_now(&l->job->worker->process->conf));
		return true;
	}
	return civil_parse(text, day) || err_set(e, ERR_BAD_DATE, "day: %.*s", BYTES_ARG(text));
}

bool look_run(struct job *job, struct bytes *result, struct err *e)
{
	struct looking *l = arena_calloc(job->arena, 1, sizeof *l);
	struct look_result found;
	struct db *stream = job->worker->stream;
	int32_t day;

	l->job = job;
	l->whole = bytes_is(job_arg_text_or(job, "whole", "no"), "yes");
	if (!read_policy(l, e) || !read_day(l, &day, e))
		return false;
	l->look = look_start(job->arena, &l->policy, day);
	if (!db_begin(stream, true, e))
		return false;
	const struct frame_rows_of of = { &l->policy, day, false,
		job->worker->process->conf.import.labels };
	bool ok = frame_rows(stream, &of, on_object, l, e);
	db_rollback(stream);
	if (!ok)
		return false;
	look_end(l->look, &found);
	*result = bytes_of(arena_printf(job->arena, "{\"look\":%lld}", (long long)job->id));
	return keep(l, tell(l, &found), e);
}
