/* The job `simulate`: a policy drawn many times over the present register, with keys that no round
 * has (planner/simulate.h). The frame stays in memory and no round is written; what came out stands
 * in the table `look`. */
#include "planner/simulate.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/framepeople.h"
#include "daemon/framerows.h"
#include "daemon/job.h"
#include "daemon/simulated.h"
#include "daemon/sqltext.h"
#include "daemon/untold.h"
#include "daemon/worker.h"
#include "planner/backtest.h"
#include "planner/civil.h"
#include "planner/compose.h"
#include "planner/frame_build.h"
#include "planner/staffing.h"
#include "sampler/base/text.h"

enum {
	BEAT_ROWS = 4096,
	INDEPENDENT = 20, /* seeds of the draws without a common number, which only compare */
	PPM = 1000000,
};

/* Salts hide rows of an artefact that others see; nobody sees this one. */
static const char salt_key[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct simulating {
	struct job *job;
	int32_t day;
	uint32_t seeds;
	bool whole; /* whoever asked may know every class */
	bool staffed;
	struct staffing staffing; /* another one than the pool's */
	struct past_period past;
	struct past_rate rate[SIMULATE_CLASSES];
	int64_t done, all; /* seeds, of all policies */
};

/* One of the policies. */
struct side {
	struct simulating *s;
	struct arena *arena;
	struct policy policy;
	struct frame_builder *build;
	struct frame frame;
	struct strata strata;
	struct pool_artefacts pool;
	struct past_check *check;
	size_t checks, room;
	uint64_t outside[2];
	struct simulation found;
	bool few; /* some task has few objects, and whoever asked may not know every class */
	int64_t rows;
};

/* ---- the frame ----------------------------------------------------------------------------- */

static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct side *d = ctx;
	(void)columns;
	d->rows++;
	return frame_build_put(d->build, value, 1, e) &&
	       (d->rows % BEAT_ROWS != 0 || job_progress(d->s->job, d->rows, 0, "frame", e));
}

static bool read_rows(struct side *d, struct err *e)
{
	struct worker *w = d->s->job->worker;
	const struct frame_rows_of of = { &d->policy, d->s->day, w->process->conf.demo,
		w->process->conf.import.labels };
	return frame_rows(w->stream, &of, on_object, d, e);
}

static bool make_frame(struct side *d, struct err *e)
{
	struct buf *text = arena_calloc(d->arena, 1, sizeof *text);
	struct table *table = arena_calloc(d->arena, 1, sizeof *table);
	struct frame_sums sums;

	*text = buf_new(d->arena, 1 << 20);
	d->build = frame_build_start(d->arena, &d->policy, d->s->day, salt_key, sink_buf(text), e);
	return d->build != NULL && read_rows(d, e) && frame_build_end(d->build, &sums, e) &&
	       table_open(table, TABLE_FRAME, buf_view(text), e) &&
	       policy_frame(&d->policy, &d->frame, table, d->arena, e);
}

/* ---- past outcomes ------------------------------------------------------------------------- */

static bool read_rates(struct simulating *s, struct err *e)
{
	char day[CIVIL_TEXT];
	DB_ROWS rows = { 0 };

	if (!DB_RUN(s->job->db, Q_finding_rates, &rows, e, DB_TEXT(civil_format(s->day, day))))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, s->job->arena, e);
		struct bytes class = db_bytes(&r, "class");
		int64_t checks = db_int(&r, "checks"), found = db_int(&r, "found");
		if (r.bad)
			return false;
		if (class.n != 1 || class.p[0] < 'A' || class.p[0] >= 'A' + SIMULATE_CLASSES ||
			checks <= 0)
			continue;
		s->rate[class.p[0] - 'A'] = (struct past_rate){ (uint64_t)checks, (uint64_t)found,
			(uint32_t)(found * PPM / checks) };
	}
	return true;
}

/* Which of the policy's fields an item is of, by its code or name. */
static int32_t field_of(const struct policy *p, struct bytes item)
{
	for (uint32_t i = 0; i < p->item_count; i++)
		if (bytes_equal(p->items[i].code, item) || bytes_equal(p->items[i].name, item))
			return (int32_t)p->items[i].field;
	return -1;
}

static uint32_t department_of(const struct policy *p, struct bytes code)
{
	int64_t d = policy_department(p, code);
	return code.n == 0 ? PAST_ANY : d < 0 ? PAST_NONE : (uint32_t)d;
}

enum { PAST_OBJECT, PAST_OTHER, PAST_DEPARTMENT, PAST_ITEM, PAST_FOUND };

static bool on_check(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct side *d = ctx;
	bool found = bytes_is(value[PAST_FOUND], "t"), named;
	size_t object;
	(void)columns;
	(void)e;
	named = frame_find(&d->frame, value[PAST_OBJECT], &object);
	if (!named && !frame_find(&d->frame, value[PAST_OTHER], &object)) {
		d->outside[found]++;
		return true;
	}
	if (d->checks == d->room) {
		struct past_check *more = arena_calloc(d->arena, 2 * d->room + 1024, sizeof *more);
		if (d->checks > 0)
			memcpy(more, d->check, d->checks * sizeof *more);
		d->check = more;
		d->room = 2 * d->room + 1024;
	}
	d->check[d->checks++] = (struct past_check){ .object = (uint32_t)object,
		.whole = !named,
		.found = found,
		.department = department_of(&d->policy, value[PAST_DEPARTMENT]),
		.field = field_of(&d->policy, value[PAST_ITEM]) };
	return true;
}

static bool read_past(struct side *d, struct err *e)
{
	const struct past_period *past = &d->s->past;
	char from[CIVIL_TEXT], to[CIVIL_TEXT];
	const struct db_param days[] = { DB_TEXT(civil_format(past->from, from)),
		DB_TEXT(civil_format(past->to, to)) };
	return !past->asked ||
	       db_stream(d->s->job->worker->stream, Q_past_checks, days, on_check, d, e);
}

/* ---- the inspectors ------------------------------------------------------------------------ */

static bool read_people(struct side *d, const struct staffing *staffing, struct err *e)
{
	struct worker *w = d->s->job->worker;
	struct buf departments = buf_new(d->arena, 256);
	if (!d->s->staffed)
		return true;
	policy_departments(&d->policy, &departments);
	const struct frame_people_of of = { &d->policy, buf_view(&departments), d->s->day,
		w->process->conf.demo, salt_key, w->process->conf.calendar.file };
	return frame_people(&d->pool, w->stream, d->arena, &of, e) &&
	       staffing_apply(staffing, &d->policy, d->pool.pool, d->arena, &d->pool.pool, e);
}

/* ---- the seeds ----------------------------------------------------------------------------- */

static bool on_seed(void *ctx, uint32_t done, struct err *e)
{
	struct simulating *s = ctx;
	(void)done;
	s->done++;
	return job_progress(s->job, s->done, s->all, "seeds", e);
}

static bool run(struct side *d, struct err *e)
{
	struct simulating *s = d->s;
	const struct past_checks past = { d->check, d->checks };
	struct simulate_input in = { .policy = &d->policy,
		.frame = &d->frame,
		.strata = &d->strata,
		.pool = s->staffed ? &d->pool : NULL,
		.past = s->past.asked ? &past : NULL,
		.seeds = s->seeds,
		.independent = s->seeds < INDEPENDENT ? s->seeds : INDEPENDENT,
		.progress = on_seed,
		.ctx = s };

	for (size_t c = 0; c < SIMULATE_CLASSES; c++) {
		in.finding[c] = s->rate[c].ppm;
		in.rated[c] = s->rate[c].checks > 0;
	}
	return simulate(&d->found, &in, d->arena, e);
}

/* ---- the job ------------------------------------------------------------------------------- */

/* A day that is a member of the arguments; what it is otherwise stays. */
static bool read_day(struct job *job, const char *name, int32_t *day, struct err *e)
{
	struct bytes text = job_arg_text_or(job, name, "");
	return text.n == 0 || civil_parse(text, day) ||
	       err_set(e, ERR_BAD_DATE, "%s: %.*s", name, BYTES_ARG(text));
}

/* A backtest looks at the year up to the day, where no other period is asked for, and freezes on
 * the day before: nobody knew then what the inspections would find. */
static bool read_period(struct simulating *s, struct err *e)
{
	struct past_period *past = &s->past;
	past->asked = bytes_is(job_arg_text_or(s->job, "backtest", "no"), "yes");
	if (!past->asked)
		return true;
	past->to = s->day;
	if (!read_day(s->job, "past_to", &past->to, e))
		return false;
	struct civil from = civil_of(past->to);
	from.year--;
	if (!civil_make(from, &past->from)) /* 29 February */
		past->from = past->to - 365;
	if (!read_day(s->job, "past_from", &past->from, e))
		return false;
	if (past->from > past->to)
		return err_set(e, ERR_BAD_DATE, "past_from, past_to");
	s->day = past->from - 1;
	return true;
}

static bool read_staffing(struct simulating *s, struct err *e)
{
	struct bytes change = job_arg_text_or(s->job, "inspectors", "");
	struct bytes limit = job_arg_text_or(s->job, "limit", "0");
	uint64_t n;
	if (!text_u64(limit, STAFFING_MOST, &n))
		return err_set(e, ERR_BAD_ARGS, "limit: %.*s", BYTES_ARG(limit));
	s->staffed =
		bytes_is(job_arg_text_or(s->job, "staff", "no"), "yes") || change.n > 0 || n > 0;
	return staffing_parse(&s->staffing, change, (uint32_t)n, s->job->arena, e);
}

static bool read_args(struct simulating *s, struct err *e)
{
	int64_t seeds;

	if (!job_arg_int(s->job, "seeds", &seeds, e))
		return false;
	if (seeds < 1 || seeds > SIMULATE_SEEDS_MAX)
		return err_set(e, ERR_BAD_ARGS, "seeds: %" PRId64, seeds);
	s->seeds = (uint32_t)seeds;
	s->whole = bytes_is(job_arg_text_or(s->job, "whole", "no"), "yes");
	s->day = clock_date_of(clock_now(&s->job->worker->process->conf));
	return read_day(s->job, "day", &s->day, e) && read_period(s, e) && read_staffing(s, e);
}

/* In one snapshot. */
static bool read_registers(struct side *d, const struct staffing *staffing, struct err *e)
{
	struct db *stream = d->s->job->worker->stream;
	if (!db_begin(stream, true, e))
		return false;
	bool ok = make_frame(d, e) && read_people(d, staffing, e) && read_past(d, e);
	db_rollback(stream);
	return ok;
}

static bool has_few(const struct side *d)
{
	const struct frame_counts *c = &d->frame.counts;
	for (size_t t = 0; t < c->tasks; t++) {
		uint64_t objects = 0, units = 0;
		for (size_t i = t * FRAME_STRATA; i < (t + 1) * FRAME_STRATA; i++) {
			objects += c->population[i];
			units += c->units[i];
		}
		if (untold_few(d->s->whole, objects) || untold_few(d->s->whole, units))
			return true;
	}
	return false;
}

/* Where nothing may be told of it, nothing is simulated, nor refused. */
static bool simulate_side(struct side *d, struct err *e)
{
	d->few = has_few(d);
	if (d->few)
		return true;
	if (strata_make(&d->strata, &d->policy, &d->frame.counts, d->arena, e))
		return run(d, e);
	untold_error(d->s->whole, e);
	return false;
}

static bool make_side(struct side *d, struct simulating *s, struct arena *a, struct bytes text,
	const struct staffing *staffing, struct err *e)
{
	struct compose_rows rows;

	*d = (struct side){ .s = s, .arena = a };
	return compose_split(text, a, &rows, e) &&
	       policy_from_rows(&d->policy, a, rows.row, rows.n, e) &&
	       read_registers(d, staffing, e) && simulate_side(d, e);
}

static bool keep(struct simulating *s, struct bytes found, struct err *e)
{
	struct db *db = s->job->db;
	bool ok = db_begin(db, false, e) && job_hold(s->job, e) &&
		  DB_RUN(db, Q_look_found, NULL, e, DB_INT(s->job->id), DB_BYTES(found)) &&
		  db_commit(db, e);

	if (!ok)
		db_rollback(db);
	return ok;
}

static struct simulated told(const struct side *d)
{
	return (struct simulated){ d->few ? NULL : &d->found, d->rows,
		{ d->outside[0], d->outside[1] } };
}

/* Beside it stands another policy or, with another staffing, the same with the present one. */
static bool run_all(struct simulating *s, struct bytes policy, struct bytes against, struct err *e)
{
	static const struct staffing present = { 0 };
	ARENA_AUTO a = arena_new();
	ARENA_AUTO b = arena_new();
	struct side *first = arena_calloc(a, 1, sizeof *first);
	struct side *second = arena_calloc(b, 1, sizeof *second);
	bool other = against.n > 0, changed = s->staffing.n > 0 || s->staffing.limit > 0;
	bool two = other || changed;

	s->all = (int64_t)s->seeds * (two ? 2 : 1);
	if (!make_side(first, s, a, policy, &s->staffing, e))
		return false;
	if (two && !make_side(second, s, b, other ? against : policy,
			   other ? &s->staffing : &present, e))
		return err_at(e, "against");
	const struct simulated one = told(first), beside = told(second);
	const struct simulated_about about = { s->whole, s->seeds, s->rate, s->past };
	return keep(s, simulated_tell(&one, two ? &beside : NULL, &about, s->job->arena), e);
}

bool step_simulate(struct job *job, struct bytes *result, struct err *e)
{
	struct simulating *s = arena_calloc(job->arena, 1, sizeof *s);
	DB_ROWS rows = { 0 };

	s->job = job;
	if (!read_args(s, e) || !read_rates(s, e) ||
		!DB_RUN(job->db, Q_look_policy, &rows, e, DB_INT(job->id)))
		return false;
	struct db_row r = db_row(&rows, 0, job->arena, e);
	struct bytes policy = db_bytes(&r, "policy"), against = db_bytes(&r, "against");
	*result = bytes_of(arena_printf(job->arena, "{\"simulation\":%lld}", (long long)job->id));
	return !r.bad && run_all(s, policy, against, e);
}
