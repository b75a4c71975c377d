/* The job `programme-round`: a date of the programme becomes a round. Its policy is the base and
 * the schemes of all tasks of that date, as all heads and two persons agreed to them with the
 * programme, or two persons with an amendment since, whose effect on the year was checked;
 * departments approve the round and two persons freeze it as any other. */
#include <inttypes.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/conf.h"
#include "daemon/crash.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/programme.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "sampler/record.h"

enum {
	DAY = 86400,
	CHINA = 8 * 3600,
	RESULT_DAYS = 28, /* 20 working days (国发〔2019〕5号) are at least that many days */
};

struct making {
	struct job *job;
	struct arena *a;
	const struct conf *conf;
	struct year_plan plan;
	struct bytes draw_on;
	int32_t today, pulse_day, last; /* last: of all windows */
	int64_t pulse_at; /* UTC seconds */
};

/* ---- what stands behind it ---- */

static bool still_stands(const struct making *m, struct err *e)
{
	const struct year_plan *p = &m->plan;

	if (!p->base_in_force)
		return err_set(
			e, ERR_PROGRAMME_STALE, "base/%s %" PRId64, p->base, p->base_version);
	for (size_t i = 0; i < p->draws; i++) {
		const struct plan_draw *d = &p->draw[i];
		if (!d->in_force)
			return err_set(e, ERR_PROGRAMME_STALE, "%.*s: scheme/%.*s %" PRId64,
				BYTES_ARG(d->code), BYTES_ARG(d->scheme), d->version);
	}
	return true;
}

/* ---- when it is drawn ---- */

/* By the pulse of its day; a round that is late, by that of tomorrow: it has to be locked before.
 */
static bool set_times(struct making *m, struct err *e)
{
	const struct policy *p = &m->plan.day[0].policy;

	m->today = clock_date_of(clock_now(m->conf));
	m->last = CIVIL_MIN;
	for (uint32_t i = 0; i < p->task_count; i++)
		m->last = p->tasks[i].to > m->last ? p->tasks[i].to : m->last;
	m->pulse_day = m->plan.day[0].draw_on > m->today ? m->plan.day[0].draw_on : m->today + 1;
	m->pulse_at = (int64_t)m->pulse_day * DAY + m->conf->programme.hour * 3600 - CHINA;
	if (m->last < m->pulse_day)
		return err_set(e, ERR_PROGRAMME_OVER, "%.*s", BYTES_ARG(m->draw_on));
	return true;
}

/* The pulse of a source at that time (PROTOCOL.md §6.4). */
static void put_pulse(const struct making *m, struct buf *b, const char *source)
{
	char day[CIVIL_TEXT];

	civil_format(m->pulse_day, day);
	if (strcmp(source, "dice") == 0)
		buf_str(b, arena_printf(m->a, "dice:%.4s%.2s%.2s:%" PRId64, day, day + 5, day + 8,
				   m->pulse_at));
	else
		buf_str(b,
			arena_printf(m->a, "nist:%" PRId64 ":%" PRId64, m->pulse_at, m->pulse_at));
}

/* A demonstration throws dice; a round in earnest takes what the configuration names. */
static struct bytes pulses(const struct making *m)
{
	struct buf b = buf_new(m->a, 100);
	bool nist = !m->conf->demo, dice = m->conf->demo || m->conf->programme.beacon != 0;

	if (nist)
		put_pulse(m, &b, "nist");
	if (nist && dice)
		buf_byte(&b, ',');
	if (dice)
		put_pulse(m, &b, "dice");
	return buf_view(&b);
}

/* ---- the round ---- */

/* What the policy was composed of, for whoever reads the round. */
static struct bytes source(const struct making *m)
{
	struct buf b = buf_new(m->a, 1024);
	const struct year_plan *p = &m->plan;

	buf_str(&b, arena_printf(m->a, "# %s %" PRId64 "/%" PRId64 "\n# base %s %" PRId64 "\n",
			    p->title, p->year, p->version, p->base, p->base_version));
	buf_str(&b, arena_printf(m->a, "# approved by motion %" PRId64, p->motion));
	if (p->amended != 0)
		buf_str(&b, arena_printf(m->a, ", amended by motion %" PRId64, p->amended));
	buf_byte(&b, '\n');
	for (size_t i = 0; i < p->draws; i++) {
		const struct plan_draw *d = &p->draw[i];
		buf_str(&b, arena_printf(m->a,
				    "# %.*s %.*s %.*s: scheme %.*s %" PRId64 ", %.*s..%.*s\n",
				    BYTES_ARG(d->code), BYTES_ARG(d->number), BYTES_ARG(d->name),
				    BYTES_ARG(d->scheme), d->version, BYTES_ARG(d->from),
				    BYTES_ARG(d->to)));
	}
	return buf_view(&b);
}

static bool make(struct making *m, struct bytes *result, struct err *e)
{
	const struct plan_day *day = &m->plan.day[0];
	struct db *db = m->job->db;
	struct buf departments = buf_new(m->a, 200);
	char reveal[CIVIL_TEXT], due[CIVIL_TEXT];
	DB_ROWS rows = { 0 };

	policy_departments(&day->policy, &departments);
	const char *name = arena_printf(m->a, "%s %.*s", m->plan.title, BYTES_ARG(m->draw_on));
	bool ok = db_begin(db, false, e) && job_hold(m->job, e) &&
		  DB_RUN(db, Q_programme_round_make, &rows, e, DB_INT(m->job->id),
			  DB_INT(m->job->fence), DB_HASH(m->plan.hash), DB_INT(m->conf->demo),
			  DB_TEXT(name), DB_BYTES(compose_join(&day->rows, m->a)),
			  DB_BYTES(source(m)), DB_BYTES(buf_view(&departments)),
			  DB_BYTES(pulses(m)), DB_INT(m->conf->demo ? 0 : FREEZE_DELTA_MIN),
			  DB_INT(m->pulse_at + DAY), DB_TEXT(civil_format(m->last, reveal)),
			  DB_TEXT(civil_format(m->last + RESULT_DAYS, due)));
	if (ok) {
		struct db_row row = db_row(&rows, 0, m->a, e);
		const char *round = db_text(&row, "round");
		*result = bytes_of(arena_printf(m->a, "{\"round\":\"%s\"}", row.bad ? "" : round));
		crash_point("programme.made");
		ok = !row.bad && db_commit(db, e);
	}
	if (!ok)
		db_rollback(db);
	return ok;
}

static bool try(struct making *m, int64_t year, struct bytes *result, struct err *e)
{
	const char *draw_on = arena_strndup(m->a, m->draw_on.p, m->draw_on.n);

	if (!plan_read(&m->plan, m->job->db, year, draw_on, m->a, e) || !still_stands(m, e))
		return false;
	if (m->plan.days == 0)
		return err_set(e, ERR_PROGRAMME_EMPTY, "%s", draw_on);
	if (m->plan.day[0].why.code != ERR_NONE) {
		*e = m->plan.day[0].why;
		return false;
	}
	crash_point("programme.composed");
	return set_times(m, e) && make(m, result, e);
}

/* Kept until there is a round, so that nobody has to look into the log. */
static void note_failure(struct making *m, const struct err *why)
{
	struct err e = { 0 };
	struct db *db = m->job->db;

	log_warning("programme.no_round", ERR(why),
		STR("draw_on", arena_strndup(m->a, m->draw_on.p, m->draw_on.n)));
	if (!db_begin(db, false, &e) || !job_hold(m->job, &e) ||
		!DB_RUN(db, Q_programme_round_failed, NULL, &e, DB_INT(m->job->id),
			DB_INT(m->job->fence), DB_BYTES(job_error_json(m->a, why))) ||
		!db_commit(db, &e))
		db_rollback(db);
}

bool programme_round_run(struct job *job, struct bytes *result, struct err *e)
{
	struct making *m = arena_calloc(job->arena, 1, sizeof *m);
	int64_t year;

	m->job = job;
	m->a = job->arena;
	m->conf = &job->worker->process->conf;
	if (!job_arg_int(job, "year", &year, e) || !job_arg_text(job, "draw_on", &m->draw_on, e))
		return false;
	if (try(m, year, result, e))
		return true;
	if (!err_passes(e->code) && e->code != ERR_FENCED && e->code != ERR_STOPPING)
		note_failure(m, e);
	return false;
}
