/* Triggers (触发式监管): while entities are classified, those are collected whose indicators reach
 * what a trigger of the model in force asks for, with the facts that count. What becomes of them
 * (重点监管 对象, early-warning list, letters) is settled in the database
 * (sql/migrations/0019_triggers.sql). */
#include <stdlib.h>

#include "daemon/classify.h"
#include "daemon/json.h"
#include "daemon/sqltext.h"
#include "planner/risk_table.h"

enum { PIECE_FIRST = 1 << 14, PIECE_FULL = 1 << 19, FACTS_TOLD = 100 };

/* Who reached a trigger, as a JSON array; pieces, as there may be many. */
struct piece {
	struct piece *before;
	struct buf json;
};

/* A signal that counts for a trigger. */
struct fact {
	const struct risk_signal *signal;
	const struct origin *origin;
	uint32_t weight;
};

struct watch {
	struct classify_run run;
	/* scratch for the signals of an entity */
	struct risk_part *part;
	struct fact *fact;
	size_t room;
	struct piece *pieces;
};

static bool start(const struct classify_run *run, void **ctx, struct err *e)
{
	struct watch *w = arena_calloc(run->arena, 1, sizeof *w);

	(void)e;
	w->run = *run;
	*ctx = w;
	return true;
}

/* ---- facts ---------------------------------------------------------------------------------- */

/* The newest first, then by key: the same facts are told in the same order whatever the order was
 * in which they came. */
static int compare_facts(const void *x, const void *y)
{
	const struct fact *a = x, *b = y;
	int c;

	if (a->signal->day != b->signal->day)
		return a->signal->day > b->signal->day ? -1 : 1;
	c = bytes_compare(a->origin->key, b->origin->key);
	if (c == 0)
		c = bytes_compare(a->signal->kind, b->signal->kind);
	if (c == 0)
		c = (a->origin->batch > b->origin->batch) - (a->origin->batch < b->origin->batch);
	return c != 0 ? c
		      : (a->origin->line > b->origin->line) - (a->origin->line < b->origin->line);
}

static void put_fact(struct buf *b, const struct fact *f)
{
	char day[CIVIL_TEXT];

	json_put_member(b, "register", f->origin->in);
	json_put_number(b, "import", f->origin->batch);
	json_put_number(b, "row", f->origin->line);
	json_put_member(b, "key", f->origin->key);
	json_put_member(b, "kind", f->signal->kind);
	json_put_member(b, "field", f->signal->field);
	json_put_member(b, "date", bytes_of(civil_format(f->signal->day, day)));
	json_put_number(b, "weight", f->weight);
}

static void make_room(struct watch *w, size_t n)
{
	if (w->room >= n)
		return;
	w->room = 2 * n;
	w->part = arena_calloc(w->run.arena, w->room, sizeof *w->part);
	w->fact = arena_calloc(w->run.arena, w->room, sizeof *w->fact);
}

/* The facts of an indicator that count, the newest FACTS_TOLD of them. */
static void put_facts(struct watch *w, struct buf *b, const struct gathering *g, uint32_t indicator)
{
	size_t n = 0;

	make_room(w, g->n);
	uint32_t parts =
		risk_parts(w->run.machine, indicator, g->signal, g->n, w->run.day, w->part);
	for (uint32_t i = 0; i < parts; i++) {
		uint32_t s = w->part[i].signal;
		if (w->part[i].weight > 0)
			w->fact[n++] =
				(struct fact){ &g->signal[s], &g->origin[s], w->part[i].weight };
	}
	if (n > 1)
		qsort(w->fact, n, sizeof *w->fact, compare_facts);
	json_put_raw(b, "facts", BYTES("["));
	for (size_t i = 0; i < n && i < FACTS_TOLD; i++) {
		buf_str(b, i > 0 ? ",{" : "{");
		put_fact(b, &w->fact[i]);
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

/* ---- who reached what ------------------------------------------------------------------------ */

static void put_thousandths(struct watch *w, struct buf *b, const char *name, int64_t v)
{
	struct buf text = buf_new(w->run.arena, 24);
	risk_thousandths_put(&text, v);
	json_put_member(b, name, buf_view(&text));
}

static struct buf *room_for_one(struct watch *w)
{
	struct piece *p = w->pieces;

	if (p == NULL || p->json.n > PIECE_FULL) {
		p = arena_calloc(w->run.arena, 1, sizeof *p);
		*p = (struct piece){ w->pieces, buf_new(w->run.arena, PIECE_FIRST) };
		w->pieces = p;
	}
	buf_str(&p->json, p->json.n == 0 ? "[{" : ",{");
	return &p->json;
}

static void reached(struct watch *w, const struct gathering *g, const struct risk_trigger *t,
	const char *kind, int64_t value)
{
	struct buf *b = room_for_one(w);

	json_put_member(b, "entity", g->entity);
	json_put_member(b, "trigger", t->code);
	json_put_member(b, "kind", bytes_of(kind));
	put_thousandths(w, b, "value", value);
	put_facts(w, b, g, t->indicator);
	buf_byte(b, '}');
}

static bool each(
	void *ctx, const struct gathering *g, const struct risk_result *result, struct err *e)
{
	struct watch *w = ctx;
	const struct risk *r = w->run.risk;

	(void)e;
	for (uint32_t i = 0; result != NULL && i < r->trigger_count; i++) {
		const struct risk_trigger *t = &r->triggers[i];
		int64_t value = result->value[t->indicator];
		if (t->early > 0 && value >= t->early)
			reached(w, g, t, "early", value);
		if (value >= t->at)
			reached(w, g, t, "focus", value);
	}
	return true;
}

/* ---- the triggers themselves ------------------------------------------------------------------
 */

/* Fields of which somebody needs an item to be told; none: whoever may be told the general class.
 */
static void put_fields(struct watch *w, struct buf *b, const struct risk_indicator *in)
{
	const struct risk *r = w->run.risk;
	struct buf list = buf_new(w->run.arena, 64);
	bool general = in->source == RISK_MODEL ? false : in->fields.all;

	if (in->source != RISK_MODEL)
		for (uint32_t i = 0; i < in->fields.n; i++) {
			buf_str(&list, i > 0 ? "," : "");
			json_put_text(&list, in->fields.at[i]);
		}
	else
		for (uint32_t i = 0; i < in->match.n; i++) {
			const struct risk_model *m = &r->models[risk_model(r, in->match.at[i])];
			general = general || m->field_code.n == 0;
			buf_str(&list, i > 0 ? "," : "");
			json_put_text(&list, m->field_code);
		}
	json_put_raw(b, "fields", BYTES("["));
	if (!general)
		buf_bytes(b, buf_view(&list));
	buf_byte(b, ']');
}

static void put_trigger(struct watch *w, struct buf *b, const struct risk_trigger *t)
{
	const struct risk_indicator *in = &w->run.risk->indicators[t->indicator];

	json_put_member(b, "code", t->code);
	json_put_member(b, "name", t->name);
	json_put_member(b, "basis", t->basis);
	json_put_member(b, "indicator", in->name);
	json_put_member(b, "label", t->label);
	json_put_number(b, "days", t->days);
	put_thousandths(w, b, "at", t->at);
	put_thousandths(w, b, "early", t->early);
	json_put_member(b, "letter", t->letter);
	json_put_member(b, "reminder", t->reminder);
	put_fields(w, b, in);
}

static struct bytes triggers_json(struct watch *w)
{
	struct buf b = buf_new(w->run.arena, 4096);

	buf_byte(&b, '[');
	for (uint32_t i = 0; i < w->run.risk->trigger_count; i++) {
		buf_str(&b, i > 0 ? ",{" : "{");
		put_trigger(w, &b, &w->run.risk->triggers[i]);
		buf_byte(&b, '}');
	}
	buf_byte(&b, ']');
	return buf_view(&b);
}

static bool end(void *ctx, int64_t run, struct err *e)
{
	struct watch *w = ctx;
	struct db *db = w->run.job->db;
	struct bytes triggers = triggers_json(w);

	for (struct piece *p = w->pieces; p != NULL; p = p->before) {
		buf_byte(&p->json, ']');
		if (!DB_RUN(db, Q_focus_take, NULL, e, DB_INT(run), DB_BYTES(triggers),
			    DB_BYTES(buf_view(&p->json))))
			return false;
	}
	return DB_RUN(db, Q_focus_settle, NULL, e, DB_INT(run), DB_BYTES(triggers),
		DB_BYTES(w->run.whole ? BYTES("*") : w->run.entities));
}

const struct classify_watch trigger_watch = { start, each, end };
