/* The job `look`: a policy over the present register, as a freeze would see it; nothing is frozen,
 * written or drawn (planner/look.h). What it found stands in the table `look`. */
#include "planner/look.h"

#include <stdio.h>

#include "daemon/clock.h"
#include "daemon/framerows.h"
#include "daemon/job.h"
#include "daemon/json.h"
#include "daemon/sqltext.h"
#include "daemon/untold.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "planner/compose.h"

enum {
	BEAT_ROWS = 4096,
	THOUSAND = 1000,
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

static void put_count(struct buf *b, const struct looking *l, const char *name, uint64_t n)
{
	json_put_number(b, name, (int64_t)untold_count(l->whole, n, 1));
}

static void put_stratum(struct buf *b, const struct looking *l, const struct stratum_row *r)
{
	buf_byte(b, '{');
	json_put_member(b, "stratum", bytes_of(stratum_name(r->stratum)));
	put_count(b, l, "population", r->population);
	put_count(b, l, "units", r->units);
	put_count(b, l, "quota", r->quota);
	json_put_number(b, "ratio", r->ratio);
	json_put_member(b, "report", bytes_of(r->report));
	buf_byte(b, '}');
}

/* A class of few objects would tell whose it is: of all such, and those of none, is told how many
 * objects they have together, and nothing that their classes would follow from. */
static void put_hidden(struct buf *b, const struct looking *l, uint64_t population)
{
	buf_byte(b, '{');
	json_put_member(b, "stratum", BYTES("*"));
	put_count(b, l, "population", population);
	json_put_raw(b, "units", BYTES("null"));
	json_put_raw(b, "quota", BYTES("null"));
	json_put_raw(b, "ratio", BYTES("null"));
	json_put_member(b, "report", BYTES("few"));
	buf_byte(b, '}');
}

static void put_strata(struct buf *b, const struct looking *l, const struct look_task *t)
{
	size_t told = 0, hidden = 0;
	uint64_t few = 0;

	for (size_t i = 0; i < t->strata; i++) {
		const struct stratum_row *r = &t->stratum[i];
		if (untold_few(l->whole, r->population)) {
			few += r->population;
			hidden++;
			continue;
		}
		comma(b, told++);
		put_stratum(b, l, r);
	}
	if (hidden > 0) {
		comma(b, told);
		put_hidden(b, l, few);
	}
}

static void put_ledger(struct buf *b, const struct looking *l, const struct look_result *r,
	const struct look_task *t)
{
	size_t n = 0;

	for (size_t i = 0; i < r->exclusions; i++) {
		const struct exclusion *x = &r->exclusion[i];
		char version[16];
		if (untold_count(l->whole, t->excluded[i], 1) == 0)
			continue;
		comma(b, n++);
		snprintf(version, sizeof version, "/%u", (unsigned)x->version);
		struct buf rule = buf_new(b->arena, 64);
		buf_bytes(&rule, x->code);
		buf_str(&rule, version);
		buf_byte(b, '{');
		json_put_member(b, "code", x->code);
		put_count(b, l, "count", t->excluded[i]);
		json_put_member(b, "rule", buf_view(&rule));
		json_put_member(b, "basis", x->basis);
		buf_byte(b, '}');
	}
}

static void put_task(struct buf *b, const struct looking *l, const struct look_result *r, size_t i)
{
	const struct task *task = &l->policy.tasks[i];
	const struct look_task *t = &r->task[i];
	bool few = untold_few(l->whole, t->population);
	struct err why = t->why;

	untold_error(l->whole, &why);
	buf_byte(b, '{');
	json_put_member(b, "task", task->code);
	json_put_member(b, "name", task->name);
	put_count(b, l, "population", t->population);
	if (few)
		json_put_raw(b, "drawn", BYTES("null"));
	else
		put_count(b, l, "drawn", t->drawn);
	json_put_raw(b, "strata", BYTES("["));
	if (!few)
		put_strata(b, l, t);
	buf_str(b, "]");
	json_put_raw(b, "ledger", BYTES("["));
	if (!few)
		put_ledger(b, l, r, t);
	buf_str(b, "]");
	if (why.code != ERR_NONE && !few)
		json_put_raw(b, "error", job_error_json(b->arena, &why));
	buf_byte(b, '}');
}

static void put_pair(struct buf *b, const struct looking *l, const struct look_pair *p)
{
	buf_byte(b, '{');
	json_put_member(b, "a", l->policy.tasks[p->a].code);
	json_put_member(b, "b", l->policy.tasks[p->b].code);
	put_count(b, l, "both", p->both);
	json_put_number(b, "expected", (int64_t)untold_count(l->whole, p->expected, THOUSAND));
	json_put_number(b, "saved", (int64_t)untold_count(l->whole, p->saved, THOUSAND));
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
	for (size_t i = 0, told = 0; i < r->pairs; i++) {
		if (untold_few(l->whole, r->pair[i].both))
			continue;
		comma(&b, told++);
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
	const struct conf *conf = &job->worker->process->conf;
	const struct frame_rows_of of = { &l->policy, day, conf->demo, conf->import.labels };
	bool ok = frame_rows(stream, &of, on_object, l, e);
	db_rollback(stream);
	if (!ok)
		return false;
	look_end(l->look, &found);
	*result = bytes_of(arena_printf(job->arena, "{\"look\":%lld}", (long long)job->id));
	return keep(l, tell(l, &found), e);
}
