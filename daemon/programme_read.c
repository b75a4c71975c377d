#include "daemon/programme.h"

#include <inttypes.h>
#include <string.h>

#include "planner/civil.h"

struct reading {
	struct db *db;
	struct arena *a;
	struct year_plan *p;
};

/* ---- rows ---- */

static bool read_head(struct reading *r, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct year_plan *p = r->p;

	if (!DB_RUN(r->db, Q_programme_head, &rows, e, DB_INT(p->year)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_NO_PROGRAMME, "%" PRId64, p->year);
	struct db_row row = db_row(&rows, 0, r->a, e);
	p->state = db_text(&row, "state");
	p->title = db_text(&row, "title");
	p->base = db_text(&row, "base");
	p->version = db_int(&row, "version");
	p->motion = db_int(&row, "motion");
	p->amended = db_int(&row, "amended");
	p->base_version = db_int(&row, "base_version");
	p->base_in_force = strcmp(db_text(&row, "base_state"), "agreed") == 0;
	db_hash(&row, "hash", p->hash);
	struct bytes text = db_bytes(&row, "rows");
	if (row.bad)
		return false;
	if (p->base_version == 0)
		return err_set(e, ERR_NO_DOCUMENT, "base/%s", p->base);
	return compose_split(text, r->a, &p->rows, e);
}

static void number_task(struct year_plan *p, struct plan_draw *d)
{
	uint32_t t = 0;

	while (t < p->tasks && !bytes_equal(p->code[t], d->code))
		t++;
	if (t == p->tasks) {
		p->code[t] = d->code;
		p->levels[p->tasks++] = d->levels;
	}
	d->task = t;
}

static bool read_draw(struct db_row *row, struct plan_draw *d)
{
	d->draw_on = db_bytes(row, "draw_on");
	d->code = db_bytes(row, "code");
	d->name = db_bytes(row, "name");
	d->number = db_bytes(row, "number");
	d->levels = db_bytes(row, "levels");
	d->scheme = db_bytes(row, "scheme");
	d->version = db_int(row, "scheme_version");
	d->in_force = bytes_is(db_bytes(row, "scheme_state"), "agreed");
	d->rows = db_bytes(row, "rows");
	d->from = db_bytes(row, "from_date");
	d->to = db_bytes(row, "to_date");
	d->batches = db_bytes(row, "batches");
	return !row->bad;
}

static bool read_draws(struct reading *r, const char *draw_on, struct err *e)
{
	struct year_plan *p = r->p;
	DB_ROWS rows = { 0 };

	if (!DB_RUN(r->db, Q_programme_draws, &rows, e, DB_INT(p->year), DB_TEXT(draw_on)))
		return false;
	p->draws = rows.n;
	p->draw = arena_calloc(r->a, rows.n + 1, sizeof *p->draw);
	p->day = arena_calloc(r->a, rows.n + 1, sizeof *p->day);
	p->code = arena_calloc(r->a, rows.n + 1, sizeof *p->code);
	p->levels = arena_calloc(r->a, rows.n + 1, sizeof *p->levels);
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row row = db_row(&rows, i, r->a, e);
		struct plan_draw *d = &p->draw[i];
		if (!read_draw(&row, d))
			return false;
		number_task(p, d);
		if (i == 0 || !bytes_equal(d->draw_on, d[-1].draw_on)) {
			struct plan_day *day = &p->day[p->days++];
			day->first = i;
			if (!civil_parse(d->draw_on, &day->draw_on))
				return err_set(e, ERR_BAD_DATE, "%.*s", BYTES_ARG(d->draw_on));
		}
		p->day[p->days - 1].n++;
	}
	return true;
}

/* ---- what is drawn above and inspected below ---- */

struct below {
	struct bytes levels, level;
	size_t n;
	struct compose_department *department;
};

/* The departments of two levels stand together. */
static bool read_below(
	struct reading *r, struct below **out, size_t *n, struct db_rows *rows, struct err *e)
{
	struct below *b;

	if (!DB_RUN(r->db, Q_programme_below, rows, e, DB_INT(r->p->year)))
		return false;
	b = arena_calloc(r->a, rows->n + 1, sizeof *b);
	struct compose_department *d = arena_calloc(r->a, rows->n + 1, sizeof *d);
	*n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->a, e);
		struct bytes levels = db_bytes(&row, "levels"), level = db_bytes(&row, "level");
		d[i] = (struct compose_department){ db_bytes(&row, "upper"), db_bytes(&row, "code"),
			db_bytes(&row, "name"), db_bytes(&row, "region"),
			db_bool(&row, "inspects") };
		if (row.bad)
			return false;
		if (*n == 0 || !bytes_equal(b[*n - 1].levels, levels))
			b[(*n)++] = (struct below){ levels, level, 0, &d[i] };
		b[*n - 1].n++;
	}
	*out = b;
	return true;
}

static bool is_below(struct bytes levels)
{
	bool more;
	struct bytes rest = levels, above = bytes_cut(&rest, '-', &more);

	return more && !bytes_equal(above, rest);
}

/* ---- composing ---- */

static struct compose_task compose_task_of(struct reading *r, const struct plan_draw *d)
{
	struct compose_task t = { .code = d->code,
		.name = d->name,
		.from = d->from,
		.to = d->to,
		.batches = d->batches };
	struct err ignored = { 0 };

	/* what was agreed to was split before */
	compose_split(d->rows, r->a, &t.scheme, &ignored);
	return t;
}

/* Every draw as it stands in a policy; the base gets what they need of departments below. */
static bool lower(struct reading *r, struct compose_task *task, struct err *e)
{
	struct year_plan *p = r->p;
	struct below *b;
	size_t kinds, n = 0;
	DB_ROWS rows = { 0 };
	struct compose_below *at = arena_calloc(r->a, p->draws + 1, sizeof *at);

	if (!read_below(r, &b, &kinds, &rows, e))
		return false;
	for (size_t i = 0; i < p->draws; i++) {
		if (!is_below(p->draw[i].levels))
			continue;
		at[n] = (struct compose_below){ .task = &task[i] };
		for (size_t k = 0; k < kinds; k++)
			if (bytes_equal(b[k].levels, p->draw[i].levels))
				at[n] = (struct compose_below){ &task[i], b[k].level,
					b[k].department, b[k].n };
		n++;
	}
	return compose_lower(&p->rows, at, n, r->a, &p->copy, &p->copies, e);
}

/* What is wrong with departments below is told of every day. */
static bool compose(struct reading *r, struct err *e)
{
	struct year_plan *p = r->p;
	struct compose_task *task = arena_calloc(r->a, p->draws + 1, sizeof *task);

	for (size_t i = 0; i < p->draws; i++)
		task[i] = compose_task_of(r, &p->draw[i]);
	struct err why = { 0 };
	if (!lower(r, task, &why) && why.code != ERR_NO_DEPARTMENT && why.code != ERR_BAD_POLICY) {
		*e = why;
		return false;
	}
	for (size_t d = 0; d < p->days; d++) {
		struct plan_day *day = &p->day[d];
		day->why = why;
		if (why.code != ERR_NONE || !compose_read(&day->policy, &p->rows, &task[day->first],
						    day->n, r->a, &day->rows, &day->why))
			err_at(&day->why, "%.*s", BYTES_ARG(p->draw[day->first].draw_on));
	}
	return true;
}

bool plan_read(struct year_plan *p, struct db *db, int64_t year, const char *draw_on,
	struct arena *a, struct err *e)
{
	struct reading r = { db, a, p };

	*p = (struct year_plan){ .year = year };
	return read_head(&r, e) && read_draws(&r, draw_on, e) && compose(&r, e);
}
