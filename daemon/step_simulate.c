/* The job `simulate`: a policy drawn many times over the present register, with keys that no round
 * has (planner/simulate.h). The frame stays in memory and no round is written; what came out stands
 * in the table `look`. */
#include "planner/simulate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/framerows.h"
#include "daemon/job.h"
#include "daemon/json.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "planner/compose.h"
#include "planner/frame_build.h"

enum {
	BEAT_ROWS = 4096,
	FEW = 5, /* classes with fewer objects are not told to whom classes are not told */
	INDEPENDENT = 20, /* seeds of the draws without a common number, which only compare */
	THOUSAND = 1000,
};

/* Salts hide rows of an artefact that others see; nobody sees this one. */
static const char salt_key[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* What past inspections of a class found. */
struct rate {
	uint64_t checks, found;
	uint32_t ppm;
};

struct simulating {
	struct job *job;
	int32_t day;
	uint32_t seeds;
	bool whole; /* whoever asked may know every class */
	struct rate rate[SIMULATE_CLASSES];
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
	struct simulation found;
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
	const struct frame_rows_of of = { &d->policy, d->s->day, false,
		w->process->conf.import.labels };
	if (!db_begin(w->stream, true, e))
		return false;
	bool ok = frame_rows(w->stream, d->arena, &of, on_object, d, e);
	db_rollback(w->stream);
	return ok;
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
	       policy_frame(&d->policy, &d->frame, table, d->arena, e) &&
	       strata_make(&d->strata, &d->policy, &d->frame.counts, d->arena, e);
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
		s->rate[class.p[0] - 'A'] = (struct rate){ (uint64_t)checks, (uint64_t)found,
			(uint32_t)(found * MILLION / checks) };
	}
	return true;
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
	struct simulate_input in = { .policy = &d->policy,
		.frame = &d->frame,
		.strata = &d->strata,
		.seeds = s->seeds,
		.independent = s->seeds < INDEPENDENT ? s->seeds : INDEPENDENT,
		.progress = on_seed,
		.ctx = s };

	for (size_t c = 0; c < SIMULATE_CLASSES; c++)
		in.finding[c] = s->rate[c].ppm;
	return simulate(&d->found, &in, d->arena, e);
}

/* ---- what it tells ------------------------------------------------------------------------- */

/* A number of thousandths, and of thousandths of those, as a decimal. */
static void put_decimal(struct buf *b, const char *name, uint64_t value, uint64_t unit)
{
	char text[48];
	uint64_t rest = value % unit;
	if (rest == 0)
		snprintf(text, sizeof text, "%" PRIu64, value / unit);
	else
		snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64, value / unit,
			unit == THOUSAND ? 3 : 6, rest);
	json_put_raw(b, name, bytes_of(text));
}

static void put_spread(struct buf *b, const struct simulate_spread *s, bool thousandths)
{
	put_decimal(b, "mean", s->mean, thousandths ? MILLION : THOUSAND);
	put_decimal(b, "low", s->low, thousandths ? THOUSAND : 1);
	put_decimal(b, "high", s->high, thousandths ? THOUSAND : 1);
}

static void put_figures(struct buf *b, const struct simulation *found)
{
	for (size_t i = 0; i < SIMULATE_FIGURES; i++) {
		struct buf one = buf_new(b->arena, 128);
		if (simulate_form[i].staffed && !found->staffed)
			continue;
		buf_byte(&one, '{');
		put_spread(&one, &found->figure[i], simulate_form[i].thousandths);
		if (i == SIMULATE_VISITS) {
			put_decimal(&one, "bound", found->bound, THOUSAND);
			put_decimal(&one, "independent", found->independent.mean, THOUSAND);
		}
		buf_byte(&one, '}');
		json_put_raw(b, simulate_form[i].name, buf_view(&one));
	}
}

static void put_parts(struct buf *b, const struct side *d)
{
	size_t told = 0;

	json_put_raw(b, "parts", BYTES("["));
	for (uint32_t i = 0; i < d->found.parts; i++) {
		const struct simulate_part *p = &d->found.part[i];
		if (!d->s->whole && strcmp(p->kind, "class") == 0 && p->population < FEW)
			continue;
		buf_str(b, told++ > 0 ? ",{" : "{");
		json_put_member(b, "kind", bytes_of(p->kind));
		json_put_member(b, "code", p->code);
		json_put_member(b, "name", p->name);
		json_put_number(b, "population", (int64_t)p->population);
		put_spread(b, &p->drawn, false);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

static void put_rates(struct buf *b, const struct simulating *s)
{
	size_t told = 0;

	json_put_raw(b, "rates", BYTES("["));
	for (size_t c = 0; c < SIMULATE_CLASSES; c++) {
		const struct rate *r = &s->rate[c];
		if (r->checks == 0 || (!s->whole && r->checks < FEW))
			continue;
		buf_str(b, told++ > 0 ? ",{" : "{");
		json_put_member(b, "class", (struct bytes){ &"ABCD"[c], 1 });
		json_put_number(b, "checks", (int64_t)r->checks);
		json_put_number(b, "found", (int64_t)r->found);
		json_put_number(b, "ppm", r->ppm);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

static void put_side(struct buf *b, const struct side *d)
{
	buf_byte(b, '{');
	json_put_number(b, "seeds", d->found.seeds);
	json_put_number(b, "register", d->rows);
	put_figures(b, &d->found);
	put_parts(b, d);
}

static struct bytes tell(const struct side *first, const struct side *against)
{
	struct simulating *s = first->s;
	struct buf b = buf_new(s->job->arena, 8192), other = buf_new(s->job->arena, 8192);

	put_side(&b, first);
	put_rates(&b, s);
	if (against != NULL) {
		put_side(&other, against);
		buf_byte(&other, '}');
		json_put_raw(&b, "against", buf_view(&other));
	}
	buf_byte(&b, '}');
	return buf_view(&b);
}

/* ---- the job ------------------------------------------------------------------------------- */

static bool read_args(struct simulating *s, struct err *e)
{
	struct bytes day = job_arg_text_or(s->job, "day", "");
	int64_t seeds;

	if (!job_arg_int(s->job, "seeds", &seeds, e))
		return false;
	if (seeds < 1 || seeds > SIMULATE_SEEDS_MAX)
		return err_set(e, ERR_BAD_ARGS, "seeds: %" PRId64, seeds);
	s->seeds = (uint32_t)seeds;
	s->whole = bytes_is(job_arg_text_or(s->job, "whole", "no"), "yes");
	if (day.n > 0)
		return civil_parse(day, &s->day) ||
		       err_set(e, ERR_BAD_DATE, "day: %.*s", BYTES_ARG(day));
	s->day = clock_date_of(clock_now(&s->job->worker->process->conf));
	return true;
}

static bool make_side(
	struct side *d, struct simulating *s, struct arena *a, struct bytes text, struct err *e)
{
	struct compose_rows rows;

	*d = (struct side){ .s = s, .arena = a };
	return compose_split(text, a, &rows, e) &&
	       policy_from_rows(&d->policy, a, rows.row, rows.n, e) && make_frame(d, e) &&
	       run(d, e);
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

static bool run_all(struct simulating *s, struct bytes policy, struct bytes against, struct err *e)
{
	ARENA_AUTO a = arena_new();
	ARENA_AUTO b = arena_new();
	struct side *first = arena_calloc(a, 1, sizeof *first);
	struct side *second = arena_calloc(b, 1, sizeof *second);
	bool two = against.n > 0;

	s->all = (int64_t)s->seeds * (two ? 2 : 1);
	return make_side(first, s, a, policy, e) &&
	       (!two || make_side(second, s, b, against, e) || err_at(e, "against")) &&
	       keep(s, tell(first, two ? second : NULL), e);
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
