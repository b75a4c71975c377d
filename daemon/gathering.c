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
	g->entity = keep(g, entity);
}

static void add(struct gathering *g, const struct risk_signal *s)
{
	if (g->n == g->room) {
		size_t room = g->room > 0 ? 2 * g->room : SIGNALS_FIRST;
		struct risk_signal *more = arena_calloc(g->arena, room, sizeof *more);
		if (g->n > 0)
			memcpy(more, g->signal, g->n * sizeof *more);
		g->signal = more;
		g->room = room;
	}
	g->signal[g->n++] = *s;
}

/* Dates that are none (a register keeps what it was told) count as not said. */
static int32_t day_of(struct bytes v)
{
	int32_t day = CIVIL_NONE;
	return civil_parse_or_none(v, &day) ? day : CIVIL_NONE;
}

static int64_t amount_of(struct bytes v)
{
	uint64_t fen = 0;
	return text_u64(v, INT64_MAX, &fen) ? (int64_t)fen : 0;
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
static void take_labels(struct gathering *g, struct bytes list)
{
	bool more = list.n > 0;
	while (more) {
		struct bytes label = bytes_cut(&list, ',', &more);
		if (!has_label(g, label))
			add(g, &(struct risk_signal){ .source = RISK_LABELS,
				       .kind = keep(g, label),
				       .field = BYTES(""),
				       .day = CIVIL_NONE,
				       .ends = CIVIL_NONE,
				       .repaired = CIVIL_NONE });
	}
}

static void take_object(struct gathering *g, const struct bytes *value)
{
	bool main = bytes_equal(value[SIGNAL_KEY], g->entity);
	/* where the entity itself is no object, the smallest one speaks for it, in whatever order
	 * they come */
	if (main || !g->known || (!g->main && bytes_compare(value[SIGNAL_KEY], g->object) < 0)) {
		g->object = keep(g, value[SIGNAL_KEY]);
		g->facts = (struct risk_facts){ .kind = keep(g, value[SIGNAL_KIND]),
			.industry = keep(g, value[SIGNAL_FIELD]),
			.established = day_of(value[SIGNAL_DAY]),
			.since = day_of(value[SIGNAL_ENDS]),
			.status = keep(g, value[SIGNAL_REPAIRED]) };
	}
	g->main = g->main || main;
	g->known = true;
	g->open = g->open || !is_closed(value[SIGNAL_REPAIRED]);
	take_labels(g, value[SIGNAL_AMOUNT]);
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
		.amount = amount_of(value[SIGNAL_AMOUNT]) };

	if (bytes_is(value[SIGNAL_SOURCE], "object")) {
		take_object(g, value);
		return true;
	}
	if (!source_of(value[SIGNAL_SOURCE], &s.source))
		return false;
	s.kind = keep(g, value[SIGNAL_KIND]);
	s.field = keep(g, value[SIGNAL_FIELD]);
	add(g, &s);
	return true;
}

bool gathering_end(struct gathering *g)
{
	struct risk_signal own[RISK_OWN_SIGNALS];
	size_t n;

	if (!g->known || !g->open)
		return false;
	n = risk_own_signals(&g->facts, own, RISK_OWN_SIGNALS);
	for (size_t i = 0; i < n; i++)
		add(g, &own[i]);
	return true;
}
