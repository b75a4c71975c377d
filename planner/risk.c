/* Classes of one entity: from signals to values, points and classes. */
#include "planner/risk.h"

#include <assert.h>
#include <string.h>

#include "planner/risk_inner.h"

enum { WHOLE = 1000, HALVINGS = 10, FEN_TO_THOUSANDTHS = 10 };
#define SUM_MAX INT64_C(4000000000000000000)

/* ---- what an entity says of itself ---- */

static struct risk_signal own(enum risk_source source, struct bytes kind, int32_t day)
{
	return (struct risk_signal){ .source = source,
		.kind = kind,
		.day = day,
		.ends = CIVIL_NONE,
		.repaired = CIVIL_NONE };
}

size_t risk_own_signals(const struct risk_facts *f, struct risk_signal *out, size_t room)
{
	const struct bytes status = f->status.n > 0 ? f->status : BYTES("open");
	struct bytes rest = f->labels;
	bool more = rest.n > 0;
	size_t n = 0;

	if (f->kind.n > 0 && n < room)
		out[n++] = own(RISK_ENTITY, f->kind, CIVIL_NONE);
	if (n < room)
		out[n++] = own(RISK_ENTITY, status, f->since);
	if (f->established != CIVIL_NONE && n < room)
		out[n++] = own(RISK_ENTITY, BYTES("established"), f->established);
	while (more && n < room)
		out[n++] = own(RISK_LABELS, bytes_cut(&rest, ',', &more), CIVIL_NONE);
	return n;
}

/* ---- how an indicator sees a signal ---- */

enum look_state { COUNTS, BEFORE, WINDOW, REPAIRED, ENDED, DECAYED };
static const char *const state_names[] = { [COUNTS] = "counts",
	[BEFORE] = "before",
	[WINDOW] = "window",
	[REPAIRED] = "repaired",
	[ENDED] = "ended",
	[DECAYED] = "decayed" };

struct look {
	enum look_state state;
	uint32_t weight; /* thousandths; 0 unless it counts */
	int32_t next; /* first later day on which this changes, or CIVIL_NONE */
};

static int32_t sooner(int32_t a, int32_t b)
{
	if (a == CIVIL_NONE || b == CIVIL_NONE)
		return a == CIVIL_NONE ? b : a;
	return a < b ? a : b;
}

static enum look_state stopped(
	const struct risk_indicator *i, const struct risk_signal *s, int32_t day)
{
	if (s->day != CIVIL_NONE && s->day > day)
		return BEFORE;
	if (i->window > 0 && (s->day == CIVIL_NONE || s->day <= day - (int32_t)i->window))
		return WINDOW;
	if (i->repair && s->repaired != CIVIL_NONE && s->repaired <= day)
		return REPAIRED;
	if (i->ends && s->ends != CIVIL_NONE && s->ends < day)
		return ENDED;
	return COUNTS;
}

/* The first day on which a signal that counts counts for less. */
static int32_t less_from(
	const struct risk_indicator *i, const struct risk_signal *s, uint32_t halvings)
{
	int32_t next = CIVIL_NONE;
	if (i->window > 0)
		next = s->day + (int32_t)i->window;
	if (i->repair)
		next = sooner(next, s->repaired);
	if (i->ends && s->ends != CIVIL_NONE)
		next = sooner(next, s->ends + 1);
	if (i->half > 0 && s->day != CIVIL_NONE)
		next = sooner(next, s->day + (int32_t)(i->half * (halvings + 1)));
	return next;
}

static struct look look(const struct risk_indicator *i, const struct risk_signal *s, int32_t day)
{
	struct look l = { stopped(i, s, day), 0, CIVIL_NONE };
	uint32_t halvings = 0;

	if (l.state == BEFORE)
		l.next = s->day;
	if (l.state != COUNTS)
		return l;
	if (i->half > 0 && s->day != CIVIL_NONE)
		halvings = (uint32_t)(day - s->day) / i->half;
	if (halvings >= HALVINGS) {
		l.state = DECAYED;
		return l;
	}
	l.weight = (uint32_t)WHOLE >> halvings;
	l.next = less_from(i, s, halvings);
	return l;
}

/* ---- gathering ---- */

static bool field_is(const struct risk_field *f, struct bytes text)
{
	return bytes_equal(f->code, text) || bytes_equal(f->name, text);
}

/* Bit of the field that a signal names by code or name; no bit for none. */
static uint64_t field_bit(const struct risk *r, struct bytes text)
{
	for (uint32_t f = 0; text.n > 0 && f < r->field_count; f++)
		if (field_is(&r->fields[f], text))
			return UINT64_C(1) << f;
	return 0;
}

static void touch(struct risk_machine *m, uint32_t i)
{
	if (m->gathered[i].touched)
		return;
	m->gathered[i] = (struct risk_gathered){ .touched = true, .oldest = CIVIL_NONE };
	m->touched[m->touched_n++] = i;
}

static int64_t amount_of(
	const struct risk_indicator *i, const struct risk_signal *s, uint32_t weight)
{
	if (i->measure != RISK_SUM)
		return weight;
	if (s->amount <= 0)
		return 0;
	return s->amount < SUM_MAX / WHOLE ? s->amount * weight / (WHOLE / FEN_TO_THOUSANDTHS)
					   : SUM_MAX;
}

static void gather(struct risk_machine *m, uint32_t i, const struct risk_signal *s, int32_t day)
{
	const struct risk_indicator *in = &m->r->indicators[i];
	struct look l = look(in, s, day);
	struct risk_gathered *g = &m->gathered[i];

	m->result.next = sooner(m->result.next, l.next);
	if (l.state != COUNTS)
		return;
	touch(m, i);
	int64_t amount = amount_of(in, s, l.weight);
	g->sum = g->sum > SUM_MAX - amount ? SUM_MAX : g->sum + amount;
	g->most = l.weight > g->most ? l.weight : g->most;
	g->oldest = sooner(g->oldest, s->day);
}

/* Models for certain labels only take them from the signals, which know from when to when. */
static void fit_labels(struct risk_machine *m, const struct risk_signal *s, int32_t day)
{
	if (s->day != CIVIL_NONE && s->day > day)
		m->result.next = sooner(m->result.next, s->day);
	else if (s->ends == CIVIL_NONE || s->ends >= day) {
		if (s->ends != CIVIL_NONE)
			m->result.next = sooner(m->result.next, s->ends + 1);
		for (uint32_t k = 0; k < m->r->model_count; k++)
			m->label_fits[k] =
				m->label_fits[k] || list_has(&m->r->models[k].labels, s->kind);
	}
}

static void take_signal(struct risk_machine *m, const struct risk_signal *s, int32_t day)
{
	struct risk_ids ids = risk_meets(m, s);
	uint64_t bit = 0;
	bool known = false;

	if (s->source == RISK_LABELS && m->labelled)
		fit_labels(m, s, day);
	for (uint32_t k = 0; k < ids.n; k++) {
		uint64_t fields = m->fields[ids.at[k]];
		if (fields != UINT64_MAX && !known) {
			bit = field_bit(m->r, s->field);
			known = true;
		}
		if (fields == UINT64_MAX || (fields & bit) != 0)
			gather(m, ids.at[k], s, day);
	}
}

/* ---- values, points, classes ---- */

static int64_t value_of(const struct risk_machine *m, uint32_t i, int32_t day)
{
	const struct risk_gathered *g = &m->gathered[i];
	switch ((enum risk_measure)m->r->indicators[i].measure) {
	case RISK_DAYS:
		return g->oldest == CIVIL_NONE ? 0 : (int64_t)(day - g->oldest) * WHOLE;
	case RISK_HAS:
		return g->most;
	case RISK_COUNT:
	case RISK_SUM:
		break;
	}
	return g->sum;
}

/* The day on which the age of the oldest signal reaches a bound that it has not reached. */
static int32_t age_day(int32_t oldest, int64_t value, int64_t bound)
{
	if (bound <= value || bound > (int64_t)CIVIL_MAX * WHOLE)
		return CIVIL_NONE;
	return oldest + (int32_t)((bound + WHOLE - 1) / WHOLE);
}

/* Days grow by themselves: the day on which the next bound is reached, of bands or triggers. */
static int32_t bound_day(const struct risk_machine *m, uint32_t i, int64_t value)
{
	const struct risk_indicator *in = &m->r->indicators[i];
	const struct risk_bands *b = &in->bands;
	int32_t oldest = m->gathered[i].oldest, next = CIVIL_NONE;

	if (in->measure != RISK_DAYS || oldest == CIVIL_NONE)
		return CIVIL_NONE;
	for (uint32_t k = 0; k < b->n; k++)
		next = sooner(next, age_day(oldest, value, b->at[k].bound));
	for (uint32_t t = 0; t < m->r->trigger_count; t++)
		if (m->r->triggers[t].indicator == i) {
			next = sooner(next, age_day(oldest, value, m->r->triggers[t].at));
			next = sooner(next, age_day(oldest, value, m->r->triggers[t].early));
		}
	return next;
}

/* Points and red line of a value that is not 0, for every model that has the indicator. */
static void weigh(struct risk_machine *m, uint32_t i)
{
	const struct risk_indicator *in = &m->r->indicators[i];
	const struct risk_ids *of = &m->models_of[i];
	int64_t delta = (int64_t)risk_points(&in->bands, m->value[i]) - m->rest_points[i];
	bool red = risk_red(in, m->value[i]);

	for (uint32_t k = 0; k < of->n; k++) {
		m->total[of->at[k]] += delta;
		if (red && in->red > m->forced[of->at[k]])
			m->forced[of->at[k]] = (uint8_t)in->red;
	}
}

static bool is_for(const struct risk_machine *m, uint32_t k, const struct risk_facts *f)
{
	const struct risk_model *model = &m->r->models[k];
	return list_has(&model->kinds, f->kind) &&
	       prefixes_match(&model->industries, f->industry) &&
	       (model->labels.all || m->label_fits[k]);
}

/* The worst class of the models that an indicator looks at; 0 where none is for the entity. */
static int64_t chained_value(const struct risk_machine *m, const struct risk_indicator *in)
{
	int64_t worst = 0;
	for (uint32_t k = 0; k < in->match.n; k++) {
		enum stratum class = m->class[risk_model(m->r, in->match.at[k])].class;
		if (class != STRATUM_U && (int64_t) class * WHOLE > worst)
			worst = (int64_t) class * WHOLE;
	}
	return worst;
}

static enum stratum class_at(const struct risk_model *model, int64_t points)
{
	if (points >= model->at_a)
		return STRATUM_A;
	if (points >= model->at_b)
		return STRATUM_B;
	return points >= model->at_c ? STRATUM_C : STRATUM_D;
}

static int64_t kept(const struct risk_model *model, int64_t points)
{
	if (points < model->low)
		return model->low;
	return points > model->high ? model->high : points;
}

static void classify_model(struct risk_machine *m, uint32_t k, const struct risk_facts *f)
{
	const struct risk_model *model = &m->r->models[k];
	const struct risk_ids *chained = &m->chained[k];
	struct risk_class c = { .class = STRATUM_U, .model = k };

	for (uint32_t j = 0; j < chained->n; j++) {
		uint32_t i = chained->at[j];
		if (m->gathered[i].touched)
			continue; /* by another model that has it too, for this one as well */
		int64_t value = chained_value(m, &m->r->indicators[i]);
		if (value == 0)
			continue;
		touch(m, i);
		m->value[i] = value;
		weigh(m, i);
	}
	if (is_for(m, k, f)) {
		c.points = (int32_t)kept(model, m->total[k]);
		c.class = class_at(model, c.points);
		c.forced = m->forced[k] > c.class;
		if (c.forced)
			c.class = (enum stratum)m->forced[k];
	}
	m->class[k] = c;
}

/* Of several models of a field the worst class counts, then the fewest points. */
static bool is_worse(const struct risk_class *a, const struct risk_class *b)
{
	if (a->class == STRATUM_U || b->class == STRATUM_U)
		return b->class == STRATUM_U && a->class != STRATUM_U;
	return a->class != b->class ? a->class > b->class : a->points < b->points;
}

/* Indicators that look at models and that a trigger alone asks for. */
static void value_triggers(struct risk_machine *m)
{
	for (uint32_t t = 0; t < m->r->trigger_count; t++) {
		uint32_t i = m->r->triggers[t].indicator;
		if (m->r->indicators[i].source != RISK_MODEL || m->gathered[i].touched)
			continue;
		touch(m, i);
		m->value[i] = chained_value(m, &m->r->indicators[i]);
	}
}

static void settle_fields(struct risk_machine *m)
{
	for (uint32_t f = 0; f <= m->r->field_count; f++)
		m->field[f] = (struct risk_class){ .class = STRATUM_U };
	for (uint32_t k = 0; k < m->r->model_count; k++) {
		struct risk_class *at = &m->field[m->r->models[k].field + 1];
		if (is_worse(&m->class[k], at))
			*at = m->class[k];
	}
}

static void begin(struct risk_machine *m)
{
	const struct risk *r = m->r;
	for (uint32_t k = 0; k < m->touched_n; k++) {
		m->gathered[m->touched[k]].touched = false;
		m->value[m->touched[k]] = 0;
	}
	m->touched_n = 0;
	m->result.next = CIVIL_NONE;
	memcpy(m->total, m->rest, r->model_count * sizeof *m->total);
	memset(m->forced, 0, r->model_count);
	memset(m->label_fits, 0, r->model_count * sizeof *m->label_fits);
}

const struct risk_result *risk_classify(struct risk_machine *m, const struct risk_facts *facts,
	const struct risk_signal *signal, size_t n, int32_t day)
{
	_Static_assert(RISK_RED_B == (int)STRATUM_B && RISK_RED_D == (int)STRATUM_D, "classes");
	begin(m);
	for (size_t s = 0; s < n; s++)
		take_signal(m, &signal[s], day);
	for (uint32_t k = 0; k < m->touched_n; k++) {
		uint32_t i = m->touched[k];
		m->value[i] = value_of(m, i, day);
		m->result.next = sooner(m->result.next, bound_day(m, i, m->value[i]));
		weigh(m, i);
	}
	for (uint32_t k = 0; k < m->r->model_count; k++)
		classify_model(m, m->r->order[k], facts);
	value_triggers(m);
	settle_fields(m);
	return &m->result;
}

/* ---- why ---- */

uint32_t risk_parts(const struct risk_machine *m, uint32_t indicator,
	const struct risk_signal *signal, size_t n, int32_t day, struct risk_part *part)
{
	uint64_t fields = m->fields[indicator];
	uint32_t parts = 0;

	for (size_t s = 0; s < n; s++) {
		struct risk_ids ids = risk_meets(m, &signal[s]);
		bool meets = false;
		for (uint32_t k = 0; k < ids.n && !meets; k++)
			meets = ids.at[k] == indicator;
		if (!meets ||
			(fields != UINT64_MAX && (fields & field_bit(m->r, signal[s].field)) == 0))
			continue;
		struct look l = look(&m->r->indicators[indicator], &signal[s], day);
		part[parts++] =
			(struct risk_part){ (uint32_t)s, l.weight, l.next, state_names[l.state] };
	}
	return parts;
}

static struct risk_reason reason(const struct risk_machine *m, uint32_t i,
	const struct risk_signal *signal, size_t n, int32_t day, struct arena *a)
{
	const struct risk_indicator *in = &m->r->indicators[i];
	struct risk_part *part = arena_calloc(a, n + 1, sizeof *part);
	uint32_t parts = risk_parts(m, i, signal, n, day, part);

	return (struct risk_reason){ .indicator = i,
		.value = m->value[i],
		.points = risk_points(&in->bands, m->value[i]),
		.red = risk_red(in, m->value[i]),
		.parts = parts,
		.part = part };
}

void risk_explain(struct risk_machine *m, const struct risk_facts *facts,
	const struct risk_signal *signal, size_t n, int32_t day, struct arena *a,
	const struct risk_why **why, size_t *models)
{
	const struct risk *r = m->r;
	struct risk_why *out = arena_calloc(a, r->model_count + 1, sizeof *out);

	risk_classify(m, facts, signal, n, day);
	*models = 0;
	for (uint32_t k = 0; k < r->model_count; k++) {
		const struct risk_model *model = &r->models[k];
		if (m->class[k].class == STRATUM_U)
			continue;
		struct risk_reason *at = arena_calloc(a, model->indicator_count + 1, sizeof *at);
		for (uint32_t i = 0; i < model->indicator_count; i++)
			at[i] = reason(m, model->indicators[i], signal, n, day, a);
		out[(*models)++] =
			(struct risk_why){ k, m->class[k], model -> indicator_count, at };
	}
	*why = out;
}
