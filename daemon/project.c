#include "daemon/project.h"

#include <string.h>

#include "daemon/json.h"
#include "planner/bound.h"
#include "planner/policy.h"
#include "planner/quota.h"
#include "sampler/frame.h"

enum { FLUSH = 1 << 16 };

/* One COPY: values of a row are put one by one, the buffer leaves when it is full. */
struct copy {
	struct db *db;
	struct buf out;
	size_t columns;
};

static bool copy_start(struct copy *c, struct job *job, enum query_id q, struct err *e)
{
	*c = (struct copy){ .db = job->db, .out = buf_new(job->arena, FLUSH + 4096) };
	return db_copy_start(job->db, q, e);
}

static void copy_put(struct copy *c, struct bytes value)
{
	if (c->columns++ > 0)
		buf_byte(&c->out, '\t');
	db_copy_value(&c->out, value);
}

static bool copy_row(struct copy *c, struct err *e)
{
	buf_byte(&c->out, '\n');
	c->columns = 0;
	if (c->out.n < FLUSH)
		return true;
	bool ok = db_copy_put(c->db, buf_view(&c->out), e);
	c->out.n = 0;
	return ok;
}

static bool copy_end(struct copy *c, struct err *e)
{
	int64_t rows;
	return db_copy_put(c->db, buf_view(&c->out), e) && db_copy_end(c->db, &rows, e);
}

/* ---- rows -------------------------------------------------------------------------------- */

/* A table copied as it is: the round, then its columns. */
static bool copy_table(struct job *job, const struct round_row *round, const struct table *t,
	enum query_id q, struct err *e)
{
	struct copy c;
	struct bytes field[TABLE_COLUMNS_MAX];
	struct table_cursor at = table_rows(t);
	if (!copy_start(&c, job, q, e))
		return false;
	while (table_next(t, &at, field)) {
		copy_put(&c, bytes_of(round->id));
		for (size_t i = 0; i < t->columns; i++)
			copy_put(&c, field[i]);
		if (!copy_row(&c, e))
			return false;
	}
	return copy_end(&c, e);
}

/* The frame walked along with the visits, which stand in the same order of objects. */
struct walk {
	const struct table *frame;
	struct table_cursor at;
	struct bytes *field;
	bool there;
};

static struct bytes entity_of(struct walk *w, struct bytes object)
{
	while (w->there && bytes_compare(w->field[FACT_OBJECT], object) < 0)
		w->there = table_next(w->frame, &w->at, w->field);
	bool found = w->there && bytes_equal(w->field[FACT_OBJECT], object);
	return found ? w->field[FACT_ENTITY] : BYTES("");
}

/* visits: object ordinal mode from to lead tasks departments; schedule: object ordinal day half
 * leader. Both have one row for each visit, in the same order. */
static bool copy_visit(struct copy *c, const struct round_row *round, const struct bytes *visit,
	const struct bytes *plan, struct bytes entity, struct err *e)
{
	if (!bytes_equal(visit[0], plan[0]) || !bytes_equal(visit[1], plan[1]))
		return err_set(e, ERR_BAD_TABLE, "schedule: %.*s is missing", BYTES_ARG(visit[0]));
	copy_put(c, bytes_of(round->id));
	copy_put(c, visit[0]);
	copy_put(c, visit[1]);
	copy_put(c, entity);
	for (size_t i = 2; i < 8; i++)
		copy_put(c, visit[i]);
	for (size_t i = 2; i < 5; i++)
		copy_put(c, plan[i]);
	return copy_row(c, e);
}

static bool copy_visits(
	struct job *job, const struct round_row *round, const struct frozen *f, struct err *e)
{
	struct copy c;
	const struct table *visits = &f->table[TABLE_VISITS], *schedule = &f->table[TABLE_SCHEDULE];
	struct walk w = { .frame = &f->table[TABLE_FRAME],
		.at = table_rows(&f->table[TABLE_FRAME]) };
	struct bytes visit[TABLE_COLUMNS_MAX], plan[TABLE_COLUMNS_MAX];
	struct table_cursor v = table_rows(visits), s = table_rows(schedule);
	w.field = arena_calloc(job->arena, w.frame->columns, sizeof *w.field);
	w.there = table_next(w.frame, &w.at, w.field);
	if (!copy_start(&c, job, Q_copy_visit, e))
		return false;
	while (table_next(visits, &v, visit)) {
		if (!table_next(schedule, &s, plan))
			return err_set(
				e, ERR_BAD_TABLE, "schedule: %.*s is missing", BYTES_ARG(visit[0]));
		if (!copy_visit(&c, round, visit, plan, entity_of(&w, visit[0]), e))
			return false;
	}
	return copy_end(&c, e);
}

/* dropped: object task code, in the same order of objects as well. */
static bool copy_dropped(
	struct job *job, const struct round_row *round, const struct frozen *f, struct err *e)
{
	struct copy c;
	struct walk w = { .frame = &f->table[TABLE_FRAME],
		.at = table_rows(&f->table[TABLE_FRAME]) };
	struct bytes field[TABLE_COLUMNS_MAX];
	struct table_cursor at = table_rows(&f->table[TABLE_DROPPED]);
	w.field = arena_calloc(job->arena, w.frame->columns, sizeof *w.field);
	w.there = table_next(w.frame, &w.at, w.field);
	if (!copy_start(&c, job, Q_copy_dropped, e))
		return false;
	while (table_next(&f->table[TABLE_DROPPED], &at, field)) {
		copy_put(&c, bytes_of(round->id));
		copy_put(&c, field[0]);
		copy_put(&c, field[1]);
		copy_put(&c, entity_of(&w, field[0]));
		copy_put(&c, field[2]);
		if (!copy_row(&c, e))
			return false;
	}
	return copy_end(&c, e);
}

/* ---- the transaction --------------------------------------------------------------------- */

static bool is_there(struct job *job, const struct round_row *round, bool *there, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(job->db, Q_projected, &rows, e, DB_TEXT(round->id)))
		return false;
	struct db_row r = db_row(&rows, 0, job->arena, e);
	*there = db_bool(&r, "there");
	return !r.bad;
}

/* The bound L of the round, and that of each department as JSON. */
struct bounds {
	uint64_t all;
	const char *own;
};

static void put_bounds(struct buf *b, const struct policy *p, const uint64_t *bound)
{
	buf_byte(b, '{');
	for (uint32_t i = 0; i < p->department_count; i++)
		json_put_number(b,
			arena_strndup(b->arena, p->departments[i].code.p, p->departments[i].code.n),
			(int64_t)bound[i]);
	buf_byte(b, '}');
}

/* They are computed from the artefacts alone, whoever writes the rows, and whenever. */
static bool compute_bounds(
	const struct frozen *f, struct bounds *out, struct arena *arena, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct policy policy;
	struct frame frame;
	struct strata strata;
	if (!policy_read(&policy, a, &f->table[TABLE_POLICY], e) ||
		!policy_frame(&policy, &frame, &f->table[TABLE_FRAME], a, e) ||
		!strata_make(&strata, &policy, &frame.counts, a, e))
		return false;
	uint64_t *own = arena_calloc(a, (size_t)policy.department_count + 1, sizeof *own);
	struct buf b = buf_new(arena, 256);
	bound_departments(&policy, &strata, &frame, own);
	put_bounds(&b, &policy, own);
	*out = (struct bounds){ bound_of(&policy, &strata, &frame),
		arena_strndup(arena, b.p, b.n) };
	return true;
}

static bool write_rows(struct job *job, const struct round_row *round, const struct frozen *f,
	const struct bounds *bounds, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!db_begin(job->db, false, e) || !job_hold(job, e) ||
		!DB_RUN(job->db, Q_projection_insert, &rows, e, DB_TEXT(round->id),
			DB_INT(bounds->all), DB_TEXT(bounds->own)))
		return false;
	if (rows.affected == 0) { /* somebody else was quicker */
		db_rollback(job->db);
		return true;
	}
	return copy_table(job, round, &f->table[TABLE_SELECTION], Q_copy_selection, e) &&
	       copy_dropped(job, round, f, e) && copy_visits(job, round, f, e) &&
	       copy_table(job, round, &f->table[TABLE_SLOTS], Q_copy_slot, e) &&
	       db_commit(job->db, e);
}

bool project_draw(struct job *job, const struct round_row *round, struct frozen *f, struct err *e)
{
	bool there = false;
	struct bounds bounds = { 0 };
	const unsigned tables = TABLE_BIT(TABLE_POLICY) | TABLE_BIT(TABLE_FRAME) |
				TABLE_BIT(TABLE_SELECTION) | TABLE_BIT(TABLE_VISITS) |
				TABLE_BIT(TABLE_DROPPED) | TABLE_BIT(TABLE_SLOTS) |
				TABLE_BIT(TABLE_SCHEDULE);
	if (!is_there(job, round, &there, e) || there)
		return there;
	if (!frozen_load(job, round, tables, f, e) || !compute_bounds(f, &bounds, job->arena, e))
		return false;
	bool ok = write_rows(job, round, f, &bounds, e);
	if (!ok)
		db_copy_cancel(job->db, "the job stopped");
	return ok;
}

/* ---- the job ----------------------------------------------------------------------------- */

bool step_project(struct job *job, struct bytes *result, struct err *e)
{
	struct round_row round;
	struct frozen frozen = { 0 };
	struct bytes id;
	if (!job_arg_text(job, "round", &id, e) || !worker_round(job, id, &round, e))
		return false;
	if (round.state < STATE_DRAWN || round.state == STATE_VOID)
		return err_set(e, ERR_BAD_STATE, "%s: %s", round.id, state_form(round.state)->name);
	bool ok = project_draw(job, &round, &frozen, e);
	frozen_unload(&frozen);
	*result = bytes_of(arena_printf(job->arena, "{\"round\":\"%s\"}", round.id));
	return ok || err_at(e, "%s", round.id);
}
