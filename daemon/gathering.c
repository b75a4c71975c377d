/* An entity as the risk model sees it, of the rows that the database tells of it. */
#include <string.h>

#include "daemon/classify.h"
#include "sampler/base/text.h"

enum { TEXT_PIECE = 1 << 16, SIGNALS_FIRST = 64 };

/* A copy that stays until the next entity. */
static struct bytes keep(struct gathering *g, struct bytes v)
{
	if (g->used + v.n > g->size) {
		g->size = v.n > TEXT_PIECE ? v.n : TEXT_PIECE;
		g->text = arena_alloc(g->arena, g->size);
		g->used = 0;
	}
	char *at = g->text + g->used;
	if (v.n > 0)
		memcpy(at, v.p, v.n);
	g->used += v.n;
	return (struct bytes){ at, v.n };
}

void gathering_next(struct gathering *g, struct bytes entity)
{
	g->used = 0;
	g->n = 0;
	g->main = g->known = g->open = false;
	g->facts = (struct risk_facts){ .established = CIVIL_NONE, .since = CIVIL_NONE };
	g->self = (struct origin){ .in = BYTES("entities") };
	g->entity = keep(g, entity);
}

static void grow(struct gathering *g)
{
	size_t room = g->room > 0 ? 2 * g->room : SIGNALS_FIRST;
	struct risk_signal *signal = arena_calloc(g->arena, room, sizeof *signal);
	struct origin *origin = arena_calloc(g->arena, room, sizeof *origin);

	if (g->n > 0) {
		memcpy(signal, g->signal, g->n * sizeof *signal);
		memcpy(origin, g->origin, g->n * sizeof *origin);
	}
	g->signal = signal;
	g->origin = origin;
	g->room = room;
}

static void add(struct gathering *g, const struct risk_signal *s, const struct origin *o)
{
	if (g->n == g->room)
		grow(g);
	g->origin[g->n] = *o;
	g->signal[g->n++] = *s;
}

static int64_t number_of(struct bytes v)
{
	uint64_t n = 0;
	return text_u64(v, INT64_MAX, &n) ? (int64_t)n : 0;
}

static struct origin origin_of(struct gathering *g, const struct bytes *value, struct bytes in)
{
	return (struct origin){ in, number_of(value[SIGNAL_BATCH]), number_of(value[SIGNAL_LINE]),
		keep(g, value[SIGNAL_KEY]) };
}

/* Dates that are none (a register keeps what it was told) count as not said. */
static int32_t day_of(struct bytes v)
{
	int32_t day = CIVIL_NONE;
	return civil_parse_or_none(v, &day) ? day : CIVIL_NONE;
}

static bool is_closed(struct bytes status)
{
	return bytes_is(status, "cancelled") || bytes_is(status, "revoked") ||
	       bytes_is(status, "moved");
}

static bool has_label(const struct gathering *g, struct bytes label)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->signal[i].source == RISK_LABELS && g->signal[i].day == CIVIL_NONE &&
			g->signal[i].ends == CIVIL_NONE && bytes_equal(g->signal[i].kind, label))
			return true;
	return false;
}

/* Labels of all objects are the entity's. */
static void take_labels(struct gathering *g, struct bytes list, const struct origin *o)
{
	bool more = list.n > 0;
	while (more) {
		struct bytes label = bytes_cut(&list, ',', &more);
		if (!has_label(g, label))
			add(g,
				&(struct risk_signal){ .source = RISK_LABELS,
					.kind = keep(g, label),
					.field = BYTES(""),
					.day = CIVIL_NONE,
					.ends = CIVIL_NONE,
					.repaired = CIVIL_NONE },
				o);
	}
}

static void take_object(struct gathering *g, const struct bytes *value)
{
	bool main = bytes_equal(value[SIGNAL_KEY], g->entity);
	struct origin o = origin_of(g, value, BYTES("entities"));
	/* where the entity itself is no object, the smallest one speaks for it, in whatever order
	 * they come */
	if (main || !g->known || (!g->main && bytes_compare(value[SIGNAL_KEY], g->object) < 0)) {
		g->object = o.key;
		g->self = o;
		g->facts = (struct risk_facts){ .kind = keep(g, value[SIGNAL_KIND]),
			.industry = keep(g, value[SIGNAL_FIELD]),
			.established = day_of(value[SIGNAL_DAY]),
			.since = day_of(value[SIGNAL_ENDS]),
			.status = keep(g, value[SIGNAL_REPAIRED]) };
	}
	g->main = g->main || main;
	g->known = true;
	g->open = g->open || !is_closed(value[SIGNAL_REPAIRED]);
	take_labels(g, value[SIGNAL_AMOUNT], &o);
}

static bool source_of(struct bytes name, enum risk_source *source)
{
	for (unsigned s = 0; s < RISK_SOURCES; s++)
		if (bytes_is(name, risk_source_names[s])) {
			*source = (enum risk_source)s;
			return true;
		}
	return false;
}

bool gathering_take(struct gathering *g, const struct bytes value[SIGNAL_COLUMNS])
{
	struct risk_signal s = { .day = day_of(value[SIGNAL_DAY]),
		.ends = day_of(value[SIGNAL_ENDS]),
		.repaired = day_of(value[SIGNAL_REPAIRED]),
		.amount = number_of(value[SIGNAL_AMOUNT]) };

	if (bytes_is(value[SIGNAL_SOURCE], "object")) {
		take_object(g, value);
		return true;
	}
	if (!source_of(value[SIGNAL_SOURCE], &s.source))
		return false;
	s.kind = keep(g, value[SIGNAL_KIND]);
	s.field = keep(g, value[SIGNAL_FIELD]);
	struct origin o = origin_of(g, value, bytes_of(risk_source_names[s.source]));
	add(g, &s, &o);
	return true;
}

/* ---- labels of permits ---------------------------------------------------------------------- */

bool gathering_rules(struct gathering *g, const char *file, struct err *e)
{
	struct label_rules *rules;

	if (file[0] == '\0')
		return true;
	if (!label_rules_load(&rules, g->arena, file, e))
		return false;
	g->rules = label_rules_have_permits(rules) ? rules : NULL;
	g->labels = buf_new(g->arena, 256);
	return true;
}

/* The labels hold as long as the permit; what an object has for good needs none. */
static void take_permit(struct gathering *g, struct risk_signal permit, struct origin o)
{
	g->labels.n = 0;
	label_rules_permits(g->rules, &permit.field, 1, BYTES(""), &g->labels);
	struct bytes list = buf_view(&g->labels);
	bool more = list.n > 0;
	while (more) {
		struct bytes label = bytes_cut(&list, ',', &more);
		if (has_label(g, label))
			continue;
		permit.source = RISK_LABELS;
		permit.kind = keep(g, label);
		permit.field = BYTES("");
		add(g, &permit, &o);
	}
}

static void take_permits(struct gathering *g)
{
	size_t n = g->rules != NULL ? g->n : 0;

	for (size_t i = 0; i < n; i++)
		if (g->signal[i].source == RISK_PERMITS && bytes_is(g->signal[i].kind, "valid"))
			take_permit(g, g->signal[i], g->origin[i]);
}

bool gathering_end(struct gathering *g)
{
	struct risk_signal own[RISK_OWN_SIGNALS];
	size_t n;

	if (!g->known || !g->open)
		return false;
	take_permits(g);
	n = risk_own_signals(&g->facts, own, RISK_OWN_SIGNALS);
	for (size_t i = 0; i < n; i++)
		add(g, &own[i], &g->self);
	return true;
}
