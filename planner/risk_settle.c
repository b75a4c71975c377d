/* What the settings of a risk model must be to one another. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/risk_table.h"

struct settler {
	struct risk *r;
	struct arena *arena;
	struct err *e;
	const char *kind; /* of the owner at hand: "model" */
	struct bytes code;
};

int64_t risk_indicator(const struct risk *r, struct bytes code)
{
	return settings_find(r->indicators, r->indicator_count, sizeof *r->indicators, code);
}

int64_t risk_model(const struct risk *r, struct bytes code)
{
	return settings_find(r->models, r->model_count, sizeof *r->models, code);
}

int64_t risk_field(const struct risk *r, struct bytes code)
{
	return settings_find(r->fields, r->field_count, sizeof *r->fields, code);
}

static bool refuse(const struct settler *s, enum err_code error, const char *name, const char *what)
{
	return settings_refuse(&risk_form, s->e, error,
		bytes_of(arena_printf(s->arena, "%s.%.*s.%s", s->kind, BYTES_ARG(s->code), name)),
		what);
}

static bool refuse_named(const struct settler *s, enum err_code error, const char *name,
	const char *kind, struct bytes code)
{
	return refuse(s, error, name,
		arena_printf(s->arena, "there is no %s \"%.*s\"", kind, BYTES_ARG(code)));
}

static bool check_field(
	const struct settler *s, const char *name, struct bytes code, int64_t *field)
{
	*field = code.n > 0 ? risk_field(s->r, code) : -1;
	if (code.n > 0 && *field < 0)
		return refuse_named(s, ERR_BAD_MODEL, name, "field", code);
	return true;
}

/* ---- indicators ---- */

/* Points go one way, from the 0 below the first bound on: with 1:-20,3:0 who offends more often
 * would stand better. */
static bool one_way(const struct risk_bands *b)
{
	int32_t before = b->at[0].bound > 0 ? 0 : b->at[0].points;
	bool falls = false, rises = false;

	for (uint32_t i = 0; i < b->n; i++) {
		falls = falls || b->at[i].points < before;
		rises = rises || b->at[i].points > before;
		before = b->at[i].points;
	}
	return !falls || !rises;
}

static bool check_bands(const struct settler *s, const struct risk_bands *b, bool red)
{
	for (uint32_t i = 1; i < b->n; i++)
		if (b->at[i - 1].bound >= b->at[i].bound)
			return refuse(s, ERR_BAD_BANDS, "bands",
				"a bound is not above the one before it");
	if (!one_way(b))
		return refuse(s, ERR_BAD_BANDS, "bands",
			"points fall and rise again: they go one way, from 0 below the first bound on");
	if (red && b->at[b->n - 1].points > 0)
		return refuse(s, ERR_BAD_BANDS, "bands", "a red line that gives points");
	if (red && b->at[0].bound == 0)
		return refuse(s, ERR_BAD_BANDS, "bands",
			"the first bound is 0, so that the red line would hold for everybody");
	return true;
}

/* What a source cannot tell. */
static bool check_measure(const struct settler *s, const struct risk_indicator *i)
{
	bool dated = i->source != RISK_MODEL;
	if (i->measure == RISK_SUM && i->source != RISK_EVENTS)
		return refuse(s, ERR_BAD_MODEL, "measure", "only events have amounts");
	if (!dated && (i->measure != RISK_HAS || i->window > 0 || i->half > 0))
		return refuse(s, ERR_BAD_MODEL, "measure",
			"a model's class has no days: measure has, window 0, half 0");
	if (i->measure == RISK_DAYS && i->half > 0)
		return refuse(s, ERR_BAD_MODEL, "half", "days do not decay");
	return true;
}

static bool settle_indicator(const struct settler *s, const struct risk_indicator *i)
{
	const struct risk *r = s->r;
	int64_t field;

	for (uint32_t k = 0; k < i->fields.n; k++)
		if (!check_field(s, "field", i->fields.at[k], &field))
			return false;
	if (i->source == RISK_MODEL && i->match.all)
		return refuse(s, ERR_BAD_MODEL, "match", "name the models whose class it looks at");
	for (uint32_t k = 0; i->source == RISK_MODEL && k < i->match.n; k++)
		if (risk_model(r, i->match.at[k]) < 0)
			return refuse_named(s, ERR_BAD_MODEL, "match", "model", i->match.at[k]);
	return check_bands(s, &i->bands, i->red != RISK_RED_NONE) && check_measure(s, i);
}

/* ---- models ---- */

static bool check_thresholds(const struct settler *s, const struct risk_model *m)
{
	if (m->at_a <= m->at_b)
		return refuse(s, ERR_BAD_BANDS, "at.B", "not below at.A");
	if (m->at_b <= m->at_c)
		return refuse(s, ERR_BAD_BANDS, "at.C", "not below at.B");
	if (m->low >= m->high)
		return refuse(s, ERR_BAD_BANDS, "high", "not above low");
	if (m->points < m->low || m->points > m->high)
		return refuse(s, ERR_BAD_BANDS, "points", "not within low and high");
	if (m->at_c <= m->low || m->at_a > m->high)
		return refuse(s, ERR_BAD_BANDS, m->at_a > m->high ? "at.A" : "at.C",
			"no points within low and high reach it on both sides");
	return true;
}

static bool settle_model(const struct settler *s, struct risk_model *m)
{
	uint32_t *index = arena_calloc(s->arena, m->indicator_codes.n + 1, sizeof *index);

	if (!check_field(s, "field", m->field_code, &m->field) || !check_thresholds(s, m))
		return false;
	for (uint32_t i = 0; i < m->indicator_codes.n; i++) {
		int64_t k = risk_indicator(s->r, m->indicator_codes.at[i]);
		if (k < 0)
			return refuse_named(s, ERR_NO_INDICATOR, "indicators", "indicator",
				m->indicator_codes.at[i]);
		index[i] = (uint32_t)k;
	}
	m->indicators = index;
	m->indicator_count = m->indicator_codes.n;
	return true;
}

/* ---- which model first ---- */

enum { WHITE, GREY, BLACK };

struct walk {
	const struct settler *s;
	uint8_t *colour; /* of each model */
	uint32_t *order, *path;
	uint32_t done, depth;
};

/* "a → b → a" */
static bool refuse_ring(const struct walk *w, uint32_t again)
{
	const struct risk *r = w->s->r;
	struct buf ring = buf_new(w->s->arena, 80);
	uint32_t from = 0;

	while (w->path[from] != again)
		from++;
	for (uint32_t i = from; i < w->depth; i++) {
		buf_bytes(&ring, r->models[w->path[i]].code);
		buf_str(&ring, " → ");
	}
	buf_bytes(&ring, r->models[again].code);
	struct settler at = *w->s;
	at.kind = "model";
	at.code = r->models[again].code;
	return refuse(
		&at, ERR_MODEL_CYCLE, "indicators", arena_strndup(w->s->arena, ring.p, ring.n));
}

/* In the order of codes, so that the same ring is told whatever the rows' order was. The depth is
 * at most RISK_MODELS_MAX. */
static bool visit(struct walk *w, uint32_t model)
{
	const struct risk *r = w->s->r;
	const struct risk_model *m = &r->models[model];

	if (w->colour[model] == BLACK)
		return true;
	if (w->colour[model] == GREY)
		return refuse_ring(w, model);
	w->colour[model] = GREY;
	w->path[w->depth++] = model;
	for (uint32_t i = 0; i < m->indicator_count; i++) {
		const struct risk_indicator *in = &r->indicators[m->indicators[i]];
		for (uint32_t k = 0; in->source == RISK_MODEL && k < in->match.n; k++)
			if (!visit(w, (uint32_t)risk_model(r, in->match.at[k])))
				return false;
	}
	w->depth--;
	w->colour[model] = BLACK;
	w->order[w->done++] = model;
	return true;
}

static bool settle_order(const struct settler *s)
{
	struct risk *r = s->r;
	struct walk w = { .s = s,
		.colour = arena_calloc(s->arena, r->model_count + 1, 1),
		.order = arena_calloc(s->arena, r->model_count + 1, sizeof *w.order),
		.path = arena_calloc(s->arena, r->model_count + 1, sizeof *w.path) };

	for (uint32_t m = 0; m < r->model_count; m++)
		if (!visit(&w, m))
			return false;
	assert(w.done == r->model_count);
	r->order = w.order;
	return true;
}

/* ---- who gives classes ---- */

static int compare_values(const void *x, const void *y)
{
	return bytes_compare(*(const struct bytes *)x, *(const struct bytes *)y);
}

static bool settle_scale(const struct settler *s, const struct risk_scale *c)
{
	struct bytes *raw = arena_calloc(s->arena, c->values.n + 1, sizeof *raw);
	bool more;

	for (uint32_t i = 0; i < c->values.n; i++) {
		struct bytes rest = c->values.at[i];
		raw[i] = bytes_cut(&rest, '=', &more);
	}
	qsort(raw, c->values.n, sizeof *raw, compare_values);
	for (uint32_t i = 1; i < c->values.n; i++)
		if (bytes_equal(raw[i - 1], raw[i]))
			return refuse(s, ERR_BAD_BANDS, "values",
				arena_printf(s->arena, "\"%.*s\" stands for two classes",
					BYTES_ARG(raw[i])));
	return true;
}

static bool settle_giver(const struct settler *s, uint32_t at)
{
	const struct risk *r = s->r;
	const struct risk_giver *g = &r->givers[at];
	int64_t field;

	if (!check_field(s, "field", g->field_code, &field))
		return false;
	if (g->scale_code.n > 0 &&
		settings_find(r->scales, r->scale_count, sizeof *r->scales, g->scale_code) < 0)
		return refuse_named(s, ERR_BAD_MODEL, "scale", "scale", g->scale_code);
	if (bytes_is(g->code, "register") && (g->field_code.n > 0 || g->scale_code.n > 0))
		return refuse(s, ERR_BAD_MODEL, g->field_code.n > 0 ? "field" : "scale",
			"the register holds the general class as A to D");
	if (g->rank == r->computed_rank)
		return refuse(s, ERR_BAD_MODEL, "rank", "computed classes have the same rank");
	for (uint32_t i = 0; i < at; i++)
		if (r->givers[i].rank == g->rank &&
			bytes_equal(r->givers[i].field_code, g->field_code))
			return refuse(s, ERR_BAD_MODEL, "rank",
				arena_printf(s->arena, "source \"%.*s\" has the same rank",
					BYTES_ARG(r->givers[i].code)));
	return true;
}

/* ---- triggers ---- */

const char *const risk_letter_words[] = { "at", "basis", "code", "days", "from", "indicator",
	"line", "name", "number", "trigger", "until", "value", NULL };

static bool is_letter_word(struct bytes word)
{
	for (size_t i = 0; risk_letter_words[i] != NULL; i++)
		if (bytes_is(word, risk_letter_words[i]))
			return true;
	return false;
}

static bool check_letter(const struct settler *s, const char *name, struct bytes letter)
{
	bool more = true;

	while (more) {
		struct bytes text = bytes_cut(&letter, '{', &more), word;
		bool closed;
		if (text.n > 0 && memchr(text.p, '}', text.n) != NULL)
			return refuse(s, ERR_BAD_MODEL, name, "a } without its {");
		if (!more)
			return true;
		word = bytes_cut(&letter, '}', &closed);
		if (!closed || !is_letter_word(word))
			return refuse(s, ERR_BAD_MODEL, name,
				arena_printf(s->arena,
					"{%.*s} stands for nothing that a letter knows",
					BYTES_ARG(word)));
	}
	return true;
}

static bool check_early(const struct settler *s, const struct risk_trigger *t)
{
	if (t->early >= t->at)
		return refuse(s, ERR_BAD_BANDS, "early", "not below at");
	if (t->early == 0 && t->reminder.n > 0)
		return refuse(s, ERR_BAD_MODEL, "reminder", "early is 0: nobody would get it");
	return true;
}

static bool settle_repeat(const struct risk *r, struct err *e)
{
	if (r->repeat.basis.n > 0 || (r->repeat.days == 0 && r->repeat.exempt == 0))
		return true;
	return settings_refuse(
		&risk_form, e, ERR_BAD_MODEL, BYTES("repeat.basis"), "an alert has its basis");
}

static bool settle_trigger(const struct settler *s, struct risk_trigger *t)
{
	int64_t i = risk_indicator(s->r, t->indicator_code);

	if (i < 0)
		return refuse_named(
			s, ERR_NO_INDICATOR, "indicator", "indicator", t->indicator_code);
	if (t->at == 0)
		return refuse(s, ERR_BAD_BANDS, "at", "0 would hold for everybody");
	t->indicator = (uint32_t)i;
	return check_early(s, t) && check_letter(s, "letter", t->letter) &&
	       check_letter(s, "reminder", t->reminder);
}

/* ---- all of it ---- */

static bool check_counts(const struct risk *r, struct err *e)
{
	if (r->field_count <= RISK_FIELDS_MAX && r->indicator_count <= RISK_INDICATORS_MAX &&
		r->model_count <= RISK_MODELS_MAX)
		return true;
	err_set(e, ERR_BAD_MODEL, "more than %d fields, %d indicators or %d models",
		RISK_FIELDS_MAX, RISK_INDICATORS_MAX, RISK_MODELS_MAX);
	return err_at(e, "risk model");
}

#define EACH(count, owner, member, call) \
	for (uint32_t i = 0; i < r->count; i++) { \
		s.kind = owner; \
		s.code = r->member[i].code; \
		if (!(call)) \
			return false; \
	}

bool risk_settle(struct risk *r, struct arena *a, struct err *e)
{
	struct settler s = { .r = r, .arena = a, .e = e };

	if (!check_counts(r, e) || !settle_repeat(r, e))
		return false;
	EACH(indicator_count, "indicator", indicators, settle_indicator(&s, &r->indicators[i]))
	EACH(model_count, "model", models, settle_model(&s, &r->models[i]))
	if (!settle_order(&s))
		return false;
	EACH(scale_count, "scale", scales, settle_scale(&s, &r->scales[i]))
	EACH(giver_count, "source", givers, settle_giver(&s, i))
	EACH(trigger_count, "trigger", triggers, settle_trigger(&s, &r->triggers[i]))
	return true;
}

bool risk_grade(
	const struct risk *r, const struct risk_giver *g, struct bytes raw, enum stratum *class)
{
	int64_t scale = settings_find(r->scales, r->scale_count, sizeof *r->scales, g->scale_code);

	if (scale < 0)
		return raw.n == 1 && raw.p[0] <= 'D' && stratum_of(raw, class);
	const struct list *values = &r->scales[scale].values;
	for (uint32_t i = 0; i < values->n; i++) {
		bool more;
		struct bytes word = values->at[i], value = bytes_cut(&word, '=', &more);
		if (bytes_equal(value, raw))
			return stratum_of(word, class);
	}
	return false;
}
