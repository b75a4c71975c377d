/* The job `classify` {scope: full | changed, day}: the rows of an entity come together, sorted by
 * entity; the model in force says its classes, and those that changed are copied as said. All of it
 * is one transaction: a run that is broken off has said nothing. */
#include <inttypes.h>
#include <string.h>

#include "daemon/classify.h"
#include "daemon/clock.h"
#include "daemon/policy/riskfile.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"

enum { CHUNK = 1 << 20, DUES = 1 << 20 };

/* Days on which entities are due, as the text of a COPY; pieces, as there may be millions. */
struct dues {
	struct dues *before;
	size_t n;
	char text[];
};

/* What was said of a field, as the entity at hand has it. */
struct said {
	bool there;
	char class; /* 0: none */
	int32_t points;
};

struct classify {
	struct job *job;
	struct arena *a;
	char day_text[CIVIL_TEXT];
	int32_t day;
	/* what there is to do */
	struct risk risk;
	struct risk_machine *machine;
	struct bytes model, entities, batches; /* hash; `,`-joined lists */
	int64_t version, run;
	bool whole;
	/* the entity at hand */
	struct gathering g;
	struct said *said; /* [0] general, [1 + f] */
	bool any;
	struct buf out;
	struct dues *dues;
	int64_t looked, rows, moved;
	void *watching[4];
};

static const struct classify_watch *const watches[] = { &trigger_watch, NULL };

/* ---- what there is to do ------------------------------------------------------------------ */

static bool look(struct classify *c, struct bytes scope, struct err *e)
{
	struct db *db = c->job->worker->stream;
	const struct db_param p[] = { DB_TEXT(c->day_text), DB_BYTES(scope) };
	DB_ROWS rows = { 0 };

	if (!db_query(db, Q_classify_look, p, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, c->a, e);
	struct bytes text = db_bytes(&r, "rows");
	c->model = db_bytea(&r, "model");
	c->version = db_int(&r, "version");
	c->whole = db_bool(&r, "whole");
	c->entities = db_bytes(&r, "entities");
	c->batches = db_bytes(&r, "batches");
	if (r.bad || !risk_of_text(&c->risk, c->a, text, e))
		return false;
	c->machine = risk_compile(&c->risk, c->a);
	c->said = arena_calloc(c->a, c->risk.field_count + 1, sizeof *c->said);
	return true;
}

static bool begin(struct classify *c, struct err *e)
{
	DB_ROWS rows = { 0 };

	if (!db_begin(c->job->db, false, e) ||
		!DB_RUN(c->job->db, Q_classify_begin, &rows, e, DB_INT(c->job->id),
			DB_INT(c->job->fence), DB_TEXT(c->day_text),
			DB_TEXT(c->whole ? "full" : "changed"), DB_BYTEA(c->model),
			DB_INT(c->version)))
		return false;
	struct db_row r = db_row(&rows, 0, c->a, e);
	const struct classify_run run = { c->job, c->a, &c->risk, c->machine, c->day, c->whole,
		c->entities };
	c->run = db_int(&r, "run");
	for (size_t i = 0; !r.bad && watches[i] != NULL; i++)
		if (!watches[i]->start(&run, &c->watching[i], e))
			return false;
	return !r.bad && db_copy_into(c->job->db, "class_said",
				 "entity,field,run,class,points,day,model,forced", e);
}

/* ---- one entity ----------------------------------------------------------------------------- */

static bool flush(struct classify *c, struct err *e)
{
	bool ok = c->out.n == 0 || db_copy_put(c->job->db, buf_view(&c->out), e);
	c->out.n = 0;
	return ok;
}

static void put_number(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_byte(b, '-');
	buf_u64(b, (uint64_t)(v < 0 ? -v : v));
}

static bool say(struct classify *c, struct bytes field, const struct risk_class *now,
	struct bytes model, struct err *e)
{
	struct buf *b = &c->out;

	buf_bytes(b, c->g.entity);
	buf_byte(b, '\t');
	buf_bytes(b, field);
	buf_byte(b, '\t');
	put_number(b, c->run);
	buf_byte(b, '\t');
	if (now->class != STRATUM_U)
		buf_str(b, stratum_name(now->class));
	buf_byte(b, '\t');
	put_number(b, now->points);
	buf_byte(b, '\t');
	buf_str(b, c->day_text);
	buf_byte(b, '\t');
	buf_bytes(b, model);
	buf_str(b, now->forced ? "\tt\n" : "\tf\n");
	c->rows++;
	return b->n < CHUNK - 4096 || flush(c, e);
}

static char letter(const struct risk_class *c)
{
	return c->class == STRATUM_U ? '\0' : stratum_name(c->class)[0];
}

static bool say_field(struct classify *c, uint32_t at, const struct risk_class *now, struct err *e)
{
	const struct said *was = &c->said[at];
	bool none = now->class == STRATUM_U;

	if (was->there ? was->class == letter(now) && was->points == now->points : none)
		return true;
	c->moved += (was->there ? was->class : '\0') != letter(now);
	return say(c, at == 0 ? BYTES("") : c->risk.fields[at - 1].code, now,
		none ? BYTES("") : c->risk.models[now->model].code, e);
}

static void due(struct classify *c, int32_t day)
{
	enum { LINE = 256 };
	char text[CIVIL_TEXT];
	struct dues *d = c->dues;

	if (c->g.entity.n > LINE - CIVIL_TEXT - 2)
		return; /* no code is so long */
	if (d == NULL || d->n + LINE > DUES) {
		d = arena_alloc(c->a, sizeof *d + DUES);
		*d = (struct dues){ c->dues, 0 };
		c->dues = d;
	}
	civil_format(day, text);
	memcpy(d->text + d->n, c->g.entity.p, c->g.entity.n);
	d->n += c->g.entity.n;
	d->text[d->n++] = '\t';
	memcpy(d->text + d->n, text, CIVIL_TEXT - 1);
	d->n += CIVIL_TEXT - 1;
	d->text[d->n++] = '\n';
}

static bool end_entity(struct classify *c, struct err *e)
{
	static const struct risk_class none = { .class = STRATUM_U };
	const struct risk_result *got = NULL;
	bool ok = true;

	if (!c->any)
		return true;
	c->looked++;
	if (gathering_end(&c->g))
		got = risk_classify(c->machine, &c->g.facts, c->g.signal, c->g.n, c->day);
	for (uint32_t f = 0; ok && f <= c->risk.field_count; f++)
		ok = say_field(c, f, got != NULL ? &got->field[f] : &none, e);
	if (got != NULL && got->next != CIVIL_NONE)
		due(c, got->next);
	for (size_t i = 0; ok && watches[i] != NULL; i++)
		ok = watches[i]->each(c->watching[i], &c->g, got, e);
	return ok;
}

static bool take_said(struct classify *c, const struct bytes *value, struct err *e)
{
	struct bytes field = value[SIGNAL_FIELD], class = value[SIGNAL_KIND];
	int64_t f = field.n > 0 ? risk_field(&c->risk, field) : -1;
	uint64_t points = 0;
	static const struct risk_class none = { .class = STRATUM_U };

	for (size_t i = 0; i < value[SIGNAL_AMOUNT].n; i++)
		points = points * 10 + (uint64_t)(value[SIGNAL_AMOUNT].p[i] - '0');
	if (field.n > 0 && f < 0) { /* a field that the model has no more */
		if (class.n == 0)
			return true;
		c->moved++;
		return say(c, field, &none, BYTES(""), e);
	}
	c->said[f + 1] = (struct said){ true, class.n > 0 ? class.p[0] : '\0', (int32_t)points };
	return true;
}

static bool on_row(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct classify *c = ctx;

	if (columns != SIGNAL_COLUMNS)
		return err_set(e, ERR_QUERY, "%zu columns", columns);
	if (!c->any || !bytes_equal(value[SIGNAL_ENTITY], c->g.entity)) {
		if (!end_entity(c, e))
			return false;
		c->any = true;
		gathering_next(&c->g, value[SIGNAL_ENTITY]);
		memset(c->said, 0, (c->risk.field_count + 1) * sizeof *c->said);
	}
	if (bytes_is(value[SIGNAL_SOURCE], "said"))
		return take_said(c, value, e);
	return gathering_take(&c->g, value) ||
	       err_set(e, ERR_QUERY, "%.*s", BYTES_ARG(value[SIGNAL_SOURCE]));
}

static bool stream(struct classify *c, struct err *e)
{
	struct db *db = c->job->worker->stream;
	const struct db_param all[] = { DB_TEXT(c->day_text) };
	const struct db_param some[] = { DB_TEXT(c->day_text), DB_BYTES(c->entities) };

	if (c->whole)
		return db_stream(db, Q_classify_all, all, on_row, c, e) && end_entity(c, e);
	return c->entities.n == 0 ||
	       (db_stream(db, Q_classify_some, some, on_row, c, e) && end_entity(c, e));
}

/* ---- the end -------------------------------------------------------------------------------- */

static bool write_dues(struct classify *c, struct err *e)
{
	struct bytes which = c->whole ? BYTES("*") : c->entities;
	int64_t rows;

	if (!DB_RUN(c->job->db, Q_classify_due_clear, NULL, e, DB_BYTES(which)) ||
		!db_copy_into(c->job->db, "class_due", "entity,day", e))
		return false;
	for (const struct dues *d = c->dues; d != NULL; d = d->before)
		if (!db_copy_put(c->job->db, (struct bytes){ d->text, d->n }, e))
			return false;
	return db_copy_end(c->job->db, &rows, e);
}

static bool finish(struct classify *c, struct err *e)
{
	int64_t rows;

	if (!flush(c, e) || !db_copy_end(c->job->db, &rows, e) || !write_dues(c, e))
		return false;
	for (size_t i = 0; watches[i] != NULL; i++)
		if (!watches[i]->end(c->watching[i], c->run, e))
			return false;
	return DB_RUN(c->job->db, Q_classify_end, NULL, e, DB_INT(c->run), DB_INT(c->looked),
		       DB_INT(c->rows), DB_INT(c->moved), DB_BYTES(c->batches)) &&
	       job_hold(c->job, e) && db_commit(c->job->db, e);
}

static bool run(struct classify *c, struct bytes scope, struct err *e)
{
	struct db *reading = c->job->worker->stream;

	return db_begin(reading, true, e) && look(c, scope, e) && begin(c, e) && stream(c, e) &&
	       db_commit(reading, e) && finish(c, e);
}

static bool read_day(struct job *job, int32_t *date, struct err *e)
{
	struct bytes day = job_arg_text_or(job, "day", "");

	*date = clock_date_of(clock_now(&job->worker->process->conf));
	if (day.n > 0 && !civil_parse(day, date))
		return err_set(e, ERR_BAD_ARGS, "day %.*s", BYTES_ARG(day));
	return true;
}

bool classify(struct job *job, int32_t day, struct bytes scope, struct bytes *result, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct classify c = { .job = job, .a = a, .day = day, .g = { .arena = a } };

	civil_format(day, c.day_text);
	c.out = buf_new(a, CHUNK);
	if (!gathering_rules(&c.g, job->worker->process->conf.import.labels, e))
		return false;
	if (!run(&c, scope, e)) {
		db_copy_cancel(job->db, "classify");
		db_rollback(job->db);
		db_rollback(job->worker->stream);
		return false;
	}
	*result = bytes_of(arena_printf(job->arena,
		"{\"run\":%" PRId64 ",\"day\":\"%s\",\"scope\":\"%s\",\"version\":%" PRId64
		",\"entities\":%" PRId64 ",\"said\":%" PRId64 ",\"moved\":%" PRId64 "}",
		c.run, c.day_text, c.whole ? "full" : "changed", c.version, c.looked, c.rows,
		c.moved));
	return true;
}

bool classify_behind(struct db *db, int32_t day, bool *behind, struct err *e)
{
	char text[CIVIL_TEXT];
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };

	if (!DB_RUN(db, Q_classify_behind, &rows, e, DB_TEXT(civil_format(day, text))))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	*behind = db_bool(&r, "behind");
	return !r.bad;
}

bool step_classify(struct job *job, struct bytes *result, struct err *e)
{
	int32_t day;

	return read_day(job, &day, e) &&
	       classify(job, day, job_arg_text_or(job, "scope", "changed"), result, e);
}
