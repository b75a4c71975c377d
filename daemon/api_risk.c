/* Classes: why an entity has the one it has, how many have which, who moved, and a new run. Whose
 * classes the asker needs is decided in the database (sql/migrations/0017_risk.sql). */
#include <inttypes.h>
#include <stddef.h>

#include "daemon/api.h"
#include "daemon/classify.h"
#include "daemon/policy/riskfile.h"
#include "planner/risk_table.h"

/* ---- a run ---------------------------------------------------------------------------------- */

struct class_run_body {
	const char *scope;
};
static const struct class_run_body run_otherwise = { .scope = "changed" };
/* clang-format off */
static const struct json_field run_fields[] = {
	{ "scope", JSON_TEXT, offsetof(struct class_run_body, scope), false, 4, 7,
		.zh = "full 全部主体，changed 有变化的（缺省）", .en = "full, all entities, or changed, which it is if not said",
		.one_of = "full,changed" },
	{ 0 },
};
/* clang-format on */
const struct json_form class_run_form = { run_fields, sizeof(struct class_run_body),
	&run_otherwise };

void class_run(struct request *r)
{
	const struct class_run_body *body = r->sent;
	REQUEST_ASK(r, Q_class_run_ask, reply_row_accepted, DB_TEXT(body->scope));
}

/* ---- figures -------------------------------------------------------------------------------- */

void class_summary(struct request *r)
{
	request_ask(r, Q_class_summary, NULL, api_told);
}

void class_months(struct request *r)
{
	request_ask(r, Q_class_months, NULL, api_told);
}

static bool is_day(struct request *r, const char *name)
{
	int32_t day;
	if (param_word(r, name)[0] == '\0' || civil_parse(bytes_of(param_word(r, name)), &day))
		return true;
	reply_field(r, name, ERR_BAD_REQUEST, "%s", param_word(r, name));
	return false;
}

void class_moves(struct request *r)
{
	if (is_day(r, "from") && is_day(r, "to"))
		REQUEST_ASK(r, Q_class_moves, api_told, DB_TEXT(param_word(r, "from")),
			DB_TEXT(param_word(r, "to")));
}

/* ---- a batch that would move many -------------------------------------------------------------
 */

void import_propose(struct request *r)
{
	struct buf b = buf_new(r->arena, 64);
	buf_byte(&b, '{');
	json_put_number(&b, "import", request_arg_id(r, 0));
	buf_byte(&b, '}');
	api_move(
		r, &(struct motion_ask){ .kind = "classes", .body = buf_view(&b), .why = r->sent });
}

/* ---- why ------------------------------------------------------------------------------------ */

struct why {
	struct request *r;
	struct risk risk;
	struct bytes model, version_hash;
	int64_t version;
	int32_t day;
	struct gathering g;
	struct list fields; /* told to the asker; "" the general class */
	struct buf current, out;
};

static const char *const columns[SIGNAL_COLUMNS] = { [SIGNAL_SOURCE] = "source",
	[SIGNAL_KIND] = "kind",
	[SIGNAL_FIELD] = "field",
	[SIGNAL_DAY] = "day",
	[SIGNAL_ENDS] = "ends",
	[SIGNAL_REPAIRED] = "repaired",
	[SIGNAL_AMOUNT] = "amount",
	[SIGNAL_KEY] = "key" };

static void put_current(struct buf *b, const struct bytes *v, int64_t rank)
{
	buf_str(b, b->n > 1 ? ",{" : "{");
	json_put_member(b, "field", v[SIGNAL_FIELD]);
	json_put_member(b, "class", v[SIGNAL_KIND]);
	json_put_member(b, "source", v[SIGNAL_KEY]);
	json_put_number(b, "rank", rank);
	json_put_member(b, "day", v[SIGNAL_DAY]);
	json_put_raw(b, "points", v[SIGNAL_AMOUNT].n > 0 ? v[SIGNAL_AMOUNT] : BYTES("null"));
	buf_byte(b, '}');
}

static struct bytes number_text(struct why *w, int64_t n)
{
	return bytes_of(arena_printf(w->r->arena, "%" PRId64, n));
}

static bool read_rows(struct why *w, const struct db_rows *rows, struct err *e)
{
	size_t fields = 0;
	struct bytes *field = arena_calloc(w->r->arena, rows->n + 1, sizeof *field);

	for (size_t i = 0; i < rows->n; i++) {
		struct bytes v[SIGNAL_COLUMNS] = { { NULL, 0 } };
		struct db_row row = db_row(rows, i, w->r->arena, e);
		for (size_t k = 0; k < SIGNAL_COLUMNS; k++)
			if (columns[k] != NULL)
				v[k] = db_is_null(&row, columns[k]) ? BYTES("")
								    : db_bytes(&row, columns[k]);
		int64_t batch = db_int(&row, "batch"), line = db_int(&row, "line");
		if (row.bad)
			return false;
		if (bytes_is(v[SIGNAL_SOURCE], "model")) {
			w->model = v[SIGNAL_KIND];
			w->version = batch;
			w->version_hash = v[SIGNAL_KEY];
		} else if (bytes_is(v[SIGNAL_SOURCE], "day")) {
			civil_parse(v[SIGNAL_KIND], &w->day);
		} else if (bytes_is(v[SIGNAL_SOURCE], "field")) {
			field[fields++] = v[SIGNAL_KIND];
		} else if (bytes_is(v[SIGNAL_SOURCE], "current")) {
			put_current(&w->current, v, batch);
		} else {
			v[SIGNAL_BATCH] = number_text(w, batch);
			v[SIGNAL_LINE] = number_text(w, line);
			gathering_take(&w->g, v);
		}
	}
	w->fields = (struct list){ .n = (uint32_t)fields, .at = field };
	return true;
}

static bool may_see(const struct why *w, struct bytes field)
{
	for (uint32_t i = 0; i < w->fields.n; i++)
		if (bytes_equal(w->fields.at[i], field))
			return true;
	return false;
}

static void put_thousandths(struct why *w, const char *name, int64_t v)
{
	struct buf text = buf_new(w->r->arena, 24);
	risk_thousandths_put(&text, v);
	json_put_member(&w->out, name, buf_view(&text));
}

static void put_day(struct buf *b, const char *name, int32_t day)
{
	char text[CIVIL_TEXT];
	json_put_member(b, name, bytes_of(civil_format(day, text)));
}

static void put_part(struct why *w, const struct risk_part *p)
{
	struct buf *b = &w->out;
	const struct risk_signal *s = &w->g.signal[p->signal];
	const struct origin *o = &w->g.origin[p->signal];

	json_put_member(b, "register", o->in);
	json_put_number(b, "import", o->batch);
	json_put_number(b, "row", o->line);
	json_put_member(b, "key", o->key);
	json_put_member(b, "kind", s->kind);
	json_put_member(b, "field", s->field);
	put_day(b, "date", s->day);
	json_put_number(b, "weight", p->weight);
	json_put_member(b, "state", bytes_of(p->state));
	put_day(b, "until", p->until);
}

static void put_reason(struct why *w, const struct risk_reason *reason)
{
	struct buf *b = &w->out;
	const struct risk_indicator *i = &w->risk.indicators[reason->indicator];

	json_put_member(b, "indicator", i->code);
	json_put_member(b, "name", i->name);
	json_put_member(b, "basis", i->basis);
	put_thousandths(w, "value", reason->value);
	json_put_number(b, "points", reason->points);
	json_put_flag(b, "red", reason->red);
	json_put_raw(b, "signals", BYTES("["));
	for (uint32_t k = 0; k < reason->parts; k++) {
		buf_str(b, k > 0 ? ",{" : "{");
		put_part(w, &reason->part[k]);
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static void put_model(struct why *w, const struct risk_why *why)
{
	struct buf *b = &w->out;
	const struct risk_model *m = &w->risk.models[why->model];
	bool any = false;

	json_put_member(b, "model", m->code);
	json_put_member(b, "name", m->name);
	json_put_member(b, "field", m->field_code);
	json_put_member(b, "class", bytes_of(stratum_name(why->class.class)));
	json_put_number(b, "points", why->class.points);
	json_put_flag(b, "forced", why->class.forced);
	json_put_number(b, "start", m->points);
	json_put_number(b, "a", m->at_a);
	json_put_number(b, "b", m->at_b);
	json_put_number(b, "c", m->at_c);
	json_put_raw(b, "reasons", BYTES("["));
	for (uint32_t i = 0; i < why->reasons; i++) {
		const struct risk_reason *reason = &why->reason[i];
		if (reason->parts == 0 && reason->points == 0)
			continue;
		buf_str(b, any ? ",{" : "{");
		put_reason(w, reason);
		buf_byte(b, '}');
		any = true;
	}
	buf_byte(b, ']');
}

static void put_models(struct why *w)
{
	const struct risk_why *why;
	size_t n = 0;
	bool any = false;

	json_put_raw(&w->out, "models", BYTES("["));
	if (gathering_end(&w->g))
		risk_explain(risk_compile(&w->risk, w->r->arena), &w->g.facts, w->g.signal, w->g.n,
			w->day, w->r->arena, &why, &n);
	for (size_t i = 0; i < n; i++) {
		if (!may_see(w, w->risk.models[why[i].model].field_code))
			continue;
		buf_str(&w->out, any ? ",{" : "{");
		put_model(w, &why[i]);
		buf_byte(&w->out, '}');
		any = true;
	}
	buf_byte(&w->out, ']');
}

static void tell_why(struct request *r, const struct db_rows *rows)
{
	struct why *w = arena_calloc(r->arena, 1, sizeof *w);
	struct err e = { 0 };

	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	w->r = r;
	w->g.arena = r->arena;
	w->current = buf_new(r->arena, 512);
	w->out = buf_new(r->arena, 8192);
	buf_byte(&w->current, '[');
	if (!gathering_rules(&w->g, r->web->process->conf.import.labels, &e)) {
		reply_error(r, &e);
		return;
	}
	gathering_next(&w->g, bytes_of(request_arg(r, 0)));
	if (!read_rows(w, rows, &e) || !risk_of_text(&w->risk, r->arena, w->model, &e)) {
		reply_error(r, &e);
		return;
	}
	buf_byte(&w->current, ']');
	buf_byte(&w->out, '{');
	json_put_member(&w->out, "entity", bytes_of(request_arg(r, 0)));
	put_day(&w->out, "day", w->day);
	json_put_number(&w->out, "version", w->version);
	json_put_member(&w->out, "sha256", w->version_hash);
	json_put_raw(&w->out, "current", buf_view(&w->current));
	put_models(w);
	buf_byte(&w->out, '}');
	reply_json(r, 200, buf_view(&w->out));
}

void class_why(struct request *r)
{
	if (is_day(r, "day"))
		REQUEST_ASK(r, Q_class_why, tell_why, DB_TEXT(request_arg(r, 0)),
			DB_TEXT(param_word(r, "day")));
}

void class_history(struct request *r)
{
	REQUEST_ASK(r, Q_class_history, api_told, DB_TEXT(request_arg(r, 0)));
}
