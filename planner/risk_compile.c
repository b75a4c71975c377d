/* A risk model made ready: signals find their indicators by one look into a hash table. The order
 * of that table decides nothing: what a signal meets is a list that ascends. */
#include <assert.h>
#include <stdlib.h>

#include "planner/risk_inner.h"

struct pair {
	enum risk_source source;
	struct bytes kind;
	uint32_t indicator;
};

static int compare_pair(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	int c = bytes_compare(a->kind, b->kind);
	if (c != 0)
		return c;
	return (a->indicator > b->indicator) - (a->indicator < b->indicator);
}

static uint32_t hash_of(enum risk_source source, struct bytes kind)
{
	uint32_t h = 2166136261u ^ (uint32_t)source; /* FNV-1a */
	for (size_t i = 0; i < kind.n; i++)
		h = (h ^ (uint8_t)kind.p[i]) * 16777619u;
	return h ^ h >> 15;
}

/* Every kind that an indicator names, in order. */
static struct pair *pairs_of(const struct risk *r, struct arena *a, size_t *n)
{
	size_t room = 0;
	for (uint32_t i = 0; i < r->indicator_count; i++)
		room += r->indicators[i].match.n;
	struct pair *pair = arena_calloc(a, room + 1, sizeof *pair);
	*n = 0;
	for (uint32_t i = 0; i < r->indicator_count; i++) {
		const struct risk_indicator *in = &r->indicators[i];
		for (uint32_t k = 0; k < in->match.n; k++)
			pair[(*n)++] = (struct pair){ in->source, in->match.at[k], i };
	}
	if (*n > 1)
		qsort(pair, *n, sizeof *pair, compare_pair);
	return pair;
}

static struct risk_ids any_of(const struct risk *r, struct arena *a, enum risk_source source)
{
	uint32_t *id = arena_calloc(a, r->indicator_count + 1, sizeof *id), n = 0;
	for (uint32_t i = 0; i < r->indicator_count; i++)
		if (r->indicators[i].source == source && r->indicators[i].match.all)
			id[n++] = i;
	return (struct risk_ids){ n, id };
}

/* Two ascending lists without a common member as one. */
static struct risk_ids join(struct arena *a, const struct pair *p, size_t n, struct risk_ids any)
{
	uint32_t *id = arena_calloc(a, n + any.n + 1, sizeof *id), k = 0, j = 0;
	for (size_t i = 0; i < n; i++) {
		while (j < any.n && any.at[j] < p[i].indicator)
			id[k++] = any.at[j++];
		id[k++] = p[i].indicator;
	}
	while (j < any.n)
		id[k++] = any.at[j++];
	return (struct risk_ids){ k, id };
}

static void put_key(struct risk_machine *m, uint32_t key)
{
	uint32_t at = hash_of(m->key[key].source, m->key[key].kind) & m->slot_mask;
	while (m->slot[at] != 0)
		at = (at + 1) & m->slot_mask;
	m->slot[at] = key;
}

static void make_keys(struct risk_machine *m, struct arena *a)
{
	size_t n;
	const struct pair *pair = pairs_of(m->r, a, &n);
	struct risk_key *key = arena_calloc(a, n + 2, sizeof *key);
	uint32_t keys = 0, slots = 16;

	while (slots < 4 * n)
		slots *= 2;
	m->slot = arena_calloc(a, slots, sizeof *m->slot);
	m->slot_mask = slots - 1;
	m->key = key;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && pair[end].source == pair[i].source &&
				  bytes_equal(pair[end].kind, pair[i].kind);)
			end++;
		key[++keys] = (struct risk_key){ pair[i].source, pair[i].kind,
			join(a, &pair[i], end - i, m->any[pair[i].source]) };
		put_key(m, keys);
	}
}

struct risk_ids risk_meets(const struct risk_machine *m, const struct risk_signal *s)
{
	uint32_t at = hash_of(s->source, s->kind) & m->slot_mask;
	for (; m->slot[at] != 0; at = (at + 1) & m->slot_mask) {
		const struct risk_key *key = &m->key[m->slot[at]];
		if (key->source == s->source && bytes_equal(key->kind, s->kind))
			return key->ids;
	}
	return m->any[s->source];
}

int32_t risk_points(const struct risk_bands *b, int64_t value)
{
	int32_t points = 0;
	for (uint32_t i = 0; i < b->n && b->at[i].bound <= value; i++)
		points = b->at[i].points;
	return points;
}

bool risk_red(const struct risk_indicator *i, int64_t value)
{
	return i->red != RISK_RED_NONE && value >= i->bands.at[0].bound;
}

static uint64_t fields_of(const struct risk *r, const struct risk_indicator *in)
{
	uint64_t set = 0;
	if (in->fields.all)
		return UINT64_MAX;
	for (uint32_t k = 0; k < in->fields.n; k++)
		set |= UINT64_C(1) << risk_field(r, in->fields.at[k]);
	return set;
}

static void make_indicators(struct risk_machine *m, struct arena *a)
{
	const struct risk *r = m->r;
	m->fields = arena_calloc(a, r->indicator_count + 1, sizeof *m->fields);
	m->models_of = arena_calloc(a, r->indicator_count + 1, sizeof *m->models_of);
	m->rest_points = arena_calloc(a, r->indicator_count + 1, sizeof *m->rest_points);
	for (uint32_t i = 0; i < r->indicator_count; i++) {
		uint32_t *id = arena_calloc(a, r->model_count + 1, sizeof *id), n = 0;
		for (uint32_t k = 0; k < r->model_count; k++)
			if (list_has(&r->models[k].indicator_codes, r->indicators[i].code))
				id[n++] = k;
		m->models_of[i] = (struct risk_ids){ n, id };
		m->fields[i] = fields_of(r, &r->indicators[i]);
		m->rest_points[i] = risk_points(&r->indicators[i].bands, 0);
	}
}

static void make_models(struct risk_machine *m, struct arena *a)
{
	const struct risk *r = m->r;
	m->rest = arena_calloc(a, r->model_count + 1, sizeof *m->rest);
	m->chained = arena_calloc(a, r->model_count + 1, sizeof *m->chained);
	for (uint32_t k = 0; k < r->model_count; k++) {
		const struct risk_model *model = &r->models[k];
		uint32_t *id = arena_calloc(a, model->indicator_count + 1, sizeof *id), n = 0;
		m->rest[k] = model->points;
		m->labelled = m->labelled || !model->labels.all;
		for (uint32_t i = 0; i < model->indicator_count; i++) {
			m->rest[k] += m->rest_points[model->indicators[i]];
			if (r->indicators[model->indicators[i]].source == RISK_MODEL)
				id[n++] = model->indicators[i];
		}
		m->chained[k] = (struct risk_ids){ n, id };
	}
}

struct risk_machine *risk_compile(const struct risk *r, struct arena *a)
{
	struct risk_machine *m = arena_calloc(a, 1, sizeof *m);

	m->r = r;
	for (unsigned s = 0; s < RISK_SOURCES; s++)
		m->any[s] = any_of(r, a, (enum risk_source)s);
	make_keys(m, a);
	make_indicators(m, a);
	make_models(m, a);
	m->gathered = arena_calloc(a, r->indicator_count + 1, sizeof *m->gathered);
	m->touched = arena_calloc(a, r->indicator_count + 1, sizeof *m->touched);
	m->value = arena_calloc(a, r->indicator_count + 1, sizeof *m->value);
	m->total = arena_calloc(a, r->model_count + 1, sizeof *m->total);
	m->label_fits = arena_calloc(a, r->model_count + 1, sizeof *m->label_fits);
	m->forced = arena_calloc(a, r->model_count + 1, sizeof *m->forced);
	m->class = arena_calloc(a, r->model_count + 1, sizeof *m->class);
	m->field = arena_calloc(a, r->field_count + 1, sizeof *m->field);
	m->result = (struct risk_result){ m->field, m->value, CIVIL_NONE };
	return m;
}
