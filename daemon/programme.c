/* The job `programme-check`: the tasks of a year over the present register, before anybody agrees
 * to them (planner/programme.h). What it found stands in the table `programme_check`. */
#include "planner/programme.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/authority.h"
#include "daemon/clock.h"
#include "daemon/framerows.h"
#include "daemon/job.h"
#include "daemon/programme_told.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"

enum { BEAT_ROWS = 4096 };

struct checking {
	struct job *job;
	struct programme_found f;
	struct programme *programme;
	int64_t rows;
};

/* ---- the year as planner/programme.h takes it ---- */

/* Which item each stands for, in the order of the policies: all have the same items. */
static const uint32_t *items_of(
	const struct year_plan *p, const struct policy *base, struct arena *a)
{
	uint32_t *of = arena_calloc(a, base->item_count + 1, sizeof *of);

	for (uint32_t i = 0; i < base->item_count; i++)
		of[i] = i;
	for (size_t i = 0; i < p->copies; i++) {
		int64_t copy = policy_item(base, p->copy[i].item),
			item = policy_item(base, p->copy[i].of);
		if (copy >= 0 && item >= 0)
			of[copy] = (uint32_t)item;
	}
	return of;
}

/* The days that could be composed, and the tasks that are drawn on them. */
static void make_year(struct checking *c)
{
	struct programme_found *f = &c->f;
	const struct year_plan *p = &f->plan;
	struct arena *a = c->job->arena;
	struct programme_day *day = arena_calloc(a, p->days + 1, sizeof *day);
	uint32_t *place = arena_calloc(a, p->tasks + 1, sizeof *place);
	struct bytes *levels = arena_calloc(a, p->tasks + 1, sizeof *levels);

	f->task = arena_calloc(a, p->tasks + 1, sizeof *f->task);
	f->of_day = arena_calloc(a, p->days + 1, sizeof *f->of_day);
	for (size_t d = 0; d < p->days; d++) {
		const struct plan_day *from = &p->day[d];
		if (from->why.code != ERR_NONE)
			continue;
		uint32_t *task = arena_calloc(a, from->n + 1, sizeof *task);
		for (size_t i = 0; i < from->n; i++) {
			uint32_t t = p->draw[from->first + i].task;
			if (place[t] == 0) {
				f->task[f->year.tasks] = t;
				levels[f->year.tasks] = p->levels[t];
				place[t] = (uint32_t)++f->year.tasks;
			}
			task[i] = place[t] - 1;
		}
		f->of_day[f->year.days] = d;
		day[f->year.days++] = (struct programme_day){ from->draw_on, &from->policy, task };
	}
	f->year.day = day;
	f->year.levels = levels;
	if (f->year.days > 0)
		f->year.item_of = items_of(p, day[0].policy, a);
}

/* ---- the joint list ---- */

static bool read_joint(struct checking *c, const char *day, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct programme_found *f = &c->f;

	if (!DB_RUN(c->job->db, Q_programme_joint, &rows, e, DB_TEXT(day)))
		return false;
	f->joints = rows.n;
	f->joint = arena_calloc(c->job->arena, rows.n + 1, sizeof *f->joint);
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row row = db_row(&rows, i, c->job->arena, e);
		f->joint[i].name = db_bytes(&row, "name");
		f->joint[i].field = db_bytes(&row, "field");
		if (row.bad)
			return false;
	}
	return true;
}

/* ---- who may inspect ---- */

static bool check_bodies(struct checking *c, struct err *e)
{
	struct programme_found *f = &c->f;

	f->bodies = arena_calloc(c->job->arena, f->year.days + 1, sizeof *f->bodies);
	for (size_t d = 0; d < f->year.days; d++) {
		const struct programme_day *day = &f->year.day[d];
		struct err *why = &f->bodies[d];
		if (authority_check(c->job->db, day->policy, day->draw_on, c->job->arena, why))
			continue;
		if (why->code != ERR_NO_DEPARTMENT) {
			*e = *why;
			return false;
		}
	}
	return true;
}

/* ---- the register ---- */

static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct checking *c = ctx;

	(void)columns;
	c->rows++;
	return programme_put(c->programme, value, e) &&
	       (c->rows % BEAT_ROWS != 0 || job_progress(c->job, c->rows, 0, "programme-check", e));
}

static bool read_register(struct checking *c, int32_t day, struct err *e)
{
	struct db *stream = c->job->worker->stream;

	c->programme = programme_start(c->job->arena, &c->f.year);
	if (c->f.year.days == 0) {
		programme_end(c->programme, &c->f.result);
		return true;
	}
	const struct conf *conf = &c->job->worker->process->conf;
	const struct frame_rows_of of = { c->f.year.day[0].policy, day, conf->demo,
		conf->import.labels };
	if (!db_begin(stream, true, e))
		return false;
	bool ok = frame_rows(stream, &of, on_object, c, e);
	db_rollback(stream);
	if (ok)
		programme_end(c->programme, &c->f.result);
	return ok;
}

/* ---- the job ---- */

static bool keep(struct checking *c, struct bytes found, struct err *e)
{
	struct db *db = c->job->db;
	const struct programme_found *f = &c->f;
	bool ok =
		db_begin(db, false, e) && job_hold(c->job, e) &&
		DB_RUN(db, Q_programme_check_found, NULL, e, DB_INT(c->job->id),
			DB_INT(c->job->fence), DB_HASH(f->plan.hash), DB_INT(f->plan.base_version),
			DB_INT(f->refusals), DB_TEXT(f->refused), DB_BYTES(found)) &&
		db_commit(db, e);

	if (!ok)
		db_rollback(db);
	return ok;
}

bool programme_check_run(struct job *job, struct bytes *result, struct err *e)
{
	struct checking *c = arena_calloc(job->arena, 1, sizeof *c);
	int32_t today = clock_date_of(clock_now(&job->worker->process->conf));
	char day[CIVIL_TEXT];
	int64_t year;

	c->job = job;
	if (!job_arg_int(job, "year", &year, e) || !job_arg_int(job, "days", &c->f.days, e) ||
		!plan_read(&c->f.plan, job->db, year, "", job->arena, e))
		return false;
	make_year(c);
	if (!read_joint(c, civil_format(today, day), e) || !check_bodies(c, e) ||
		!read_register(c, today, e))
		return false;
	struct bytes found = programme_told(&c->f, day, job->arena);
	*result = bytes_of(arena_printf(job->arena,
		"{\"year\":%" PRId64 ",\"refusals\":%" PRId64 "}", year, c->f.refusals));
	return keep(c, found, e);
}
