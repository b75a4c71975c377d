#include "daemon/framepeople.h"

#include <assert.h>
#include <string.h>

#include "daemon/keys.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"
#include "planner/compose_lower.h"
#include "sampler/seed.h"
#include "sampler/table.h"

enum { CALENDAR_MAX = 1 << 20 };

/* ---- tables ------------------------------------------------------------------------------- */

struct people {
	const struct frame_people_of *of;
	struct db *stream;
	struct arena *a;
};

/* Rows in whatever order; the pile sorts them. */
static bool write_pile(struct people *p, struct table_pile *pile, enum table_id id,
	struct bytes *out, struct err *e)
{
	struct buf *b = arena_calloc(p->a, 1, sizeof *b);
	uint8_t blind[32], hash[32];
	*b = buf_new(p->a, 4096);
	seed_frame_blind(p->of->key, table_form(id)->name, blind);
	if (!table_pile_write(pile, id, blind, sink_buf(b), hash, e))
		return err_at(e, "%s", table_form(id)->name);
	*out = buf_view(b);
	return true;
}

static bool on_row(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	(void)columns;
	(void)e;
	table_pile_put(ctx, value);
	return true;
}

static bool fill(struct people *p, enum table_id id, enum query_id q, const struct db_param *about,
	struct bytes *out, struct err *e)
{
	struct table_pile pile = table_pile_new(id, p->a);
	return db_stream(p->stream, q, about, on_row, &pile, e) && write_pile(p, &pile, id, out, e);
}

/* ---- working days ------------------------------------------------------------------------- */

/* Days of the register of working days. */
struct days {
	struct arena *a;
	struct special_day *at;
	size_t n, room;
};

static bool on_day(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct days *d = ctx;
	struct special_day day = { .working = bytes_is(value[1], "t") };
	(void)columns;
	if (!civil_parse(value[0], &day.day))
		return err_set(e, ERR_BAD_DATE, "calendar: %.*s", BYTES_ARG(value[0]));
	if (d->n == d->room) {
		struct special_day *more = arena_calloc(d->a, 2 * d->room + 64, sizeof *more);
		if (d->n > 0)
			memcpy(more, d->at, d->n * sizeof *more);
		d->at = more;
		d->room = 2 * d->room + 64;
	}
	d->at[d->n++] = day;
	return true;
}

bool frame_holidays(
	struct holidays *h, struct db *stream, struct arena *a, const char *file, struct err *e)
{
	struct days days = { .a = a };
	struct bytes text;
	if (!keys_read(file, CALENDAR_MAX, a, &text, e) ||
		!(holidays_parse(h, a, text, e) || err_at(e, "%s", file)) ||
		!db_stream(stream, Q_calendar_days, NULL, on_day, &days, e))
		return false;
	holidays_join(h, a, days.at, days.n);
	return true;
}

void frame_span(const struct policy *p, int32_t *from, int32_t *to)
{
	*from = INT32_MAX;
	*to = INT32_MIN;
	for (uint32_t i = 0; i < p->task_count; i++) {
		*from = p->tasks[i].from < *from ? p->tasks[i].from : *from;
		*to = p->tasks[i].to > *to ? p->tasks[i].to : *to;
	}
}

/* All working days of that span. */
static bool write_calendar(struct people *p, struct bytes *out, struct err *e)
{
	int32_t from, to;
	struct holidays holidays;
	struct table_pile pile = table_pile_new(TABLE_CALENDAR, p->a);
	if (!frame_holidays(&holidays, p->stream, p->a, p->of->calendar, e))
		return false;
	frame_span(p->of->policy, &from, &to);
	for (int32_t day = from; day <= to; day++) {
		char name[CIVIL_TEXT];
		const struct bytes field = bytes_of(civil_format(day, name));
		if (holidays_working(&holidays, day))
			table_pile_put(&pile, &field);
	}
	return write_pile(p, &pile, TABLE_CALENDAR, out, e);
}

/* ---- people ------------------------------------------------------------------------------- */

struct persons {
	struct people *p;
	struct table_pile pile;
	const struct compose_copy *copy; /* items of the policy that stand for others */
	size_t copies;
};

/* Departments below inspect under items of their own; lists of inspectors name those above. */
static bool on_person(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct persons *s = ctx;
	struct bytes field[POOL_COLUMNS];
	(void)e;
	assert(columns == POOL_COLUMNS);
	memcpy(field, value, sizeof field);
	field[POOL_ITEMS] = compose_items(s->p->of->policy, s->copy, s->copies,
		value[POOL_DEPARTMENT], value[POOL_ITEMS], s->p->a);
	table_pile_put(&s->pile, field);
	return true;
}

static bool fill_pool(
	struct people *p, const struct db_param *about, struct bytes *out, struct err *e)
{
	struct persons s = { .p = p, .pile = table_pile_new(TABLE_POOL, p->a) };

	s.copy = compose_copies(p->of->policy, p->a, &s.copies);
	return db_stream(p->stream, Q_pool_rows, about, on_person, &s, e) &&
	       write_pile(p, &s.pile, TABLE_POOL, out, e);
}

/* Rotation reads the rows of the draws before: all of them must be there. */
static bool history_written(struct people *p, const struct db_param *before, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!db_query(p->stream, Q_history_unwritten, before, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, p->a, e);
	const char *missing = db_text(&r, "rounds");
	if (r.bad)
		return false;
	return missing[0] == '\0' || err_set(e, ERR_NOT_PROJECTED, "%s", missing);
}

bool frame_people(struct pool_artefacts *out, struct db *stream, struct arena *a,
	const struct frame_people_of *of, struct err *e)
{
	struct people p = { of, stream, a };
	char cycle[CIVIL_TEXT], day[CIVIL_TEXT];
	const struct db_param departments[] = { DB_BYTES(of->departments),
		DB_TEXT(civil_format(of->day, day)) };
	const struct db_param before[] = { DB_INT(of->demo),
		DB_TEXT(civil_format(of->policy->cycle_from, cycle)), departments[1] };
	struct pool pool;

	return history_written(&p, before, e) && fill_pool(&p, departments, &out->pool, e) &&
	       fill(&p, TABLE_RECUSALS, Q_recusal_rows, departments, &out->recusals, e) &&
	       fill(&p, TABLE_HISTORY, Q_history_rows, before, &out->history, e) &&
	       write_calendar(&p, &out->calendar, e) && pool_read(&pool, a, of->policy, out, e);
}
