/* The credit of X_k is what keeps it from being tight: the sum of §10 less what is still to be
 * filled. It never grows: taking a pair lowers it by one where the inspector is in X_k and the
 * assignment could do without X_k, and else leaves it as it is. */
#include "planner/tiers.h"

#include <stdlib.h>
#include <string.h>

#define NO_TIER UINT32_MAX

struct slot {
	struct shp_key key;
	uint32_t assignment, place;
};

struct walk {
	const struct shp_graph *g;
	const struct shp_result *r;
	uint32_t *component; /* of an inspector: its smallest member */
	uint32_t *credit_at; /* by component: where its credits begin, that of X_1 first */
	int64_t *credit;
	int64_t *bare; /* by component: the credit of nobody, at the beginning */
	uint32_t *taken; /* by inspector */
	uint8_t *left; /* by assignment */
	uint8_t *done; /* by slot: its pair is taken */
	struct slot *order;
	struct shp_key *key; /* of one slot's candidates */
};

/* ---- components and credits ------------------------------------------------------------------ */

static uint32_t root_of(uint32_t *of, uint32_t i)
{
	while (of[i] != i)
		i = of[i] = of[of[i]];
	return i;
}

static void find_components(struct walk *w)
{
	const struct shp_graph *g = w->g;
	for (uint32_t i = 0; i < g->inspectors; i++)
		w->component[i] = i;
	for (uint32_t s = 0; s < g->assignments; s++)
		for (uint32_t e = g->start[s]; e + 1 < g->start[s + 1]; e++) {
			uint32_t a = root_of(w->component, g->to[e]);
			uint32_t b = root_of(w->component, g->to[e + 1]);
			w->component[a < b ? b : a] = a < b ? a : b;
		}
	for (uint32_t i = 0; i < g->inspectors; i++)
		w->component[i] = root_of(w->component, i);
}

static uint32_t component_of(const struct walk *w, uint32_t s)
{
	return w->component[w->g->to[w->g->start[s]]];
}

static uint32_t tiers_of(const struct walk *w, uint32_t component)
{
	return w->credit_at[component + 1] - w->credit_at[component];
}

/* Room for the credits of every component: as many as its largest tier. */
static void make_room(struct walk *w, struct arena *a)
{
	uint32_t n = w->g->inspectors;
	uint32_t *most = arena_calloc(a, (size_t)n + 1, sizeof *most);
	for (uint32_t i = 0; i < n; i++)
		if (w->r->tier[i] > most[w->component[i]])
			most[w->component[i]] = w->r->tier[i];
	for (uint32_t c = 0; c < n; c++)
		w->credit_at[c + 1] = w->credit_at[c] + most[c];
	w->bare = arena_calloc(a, (size_t)n + 1, sizeof *w->bare);
	w->credit = arena_calloc(a, (size_t)w->credit_at[n] + 1, sizeof *w->credit);
}

/* The n smallest tiers of those who are free for the assignment, ascending; NO_TIER behind them. */
static void smallest_tiers(const struct walk *w, uint32_t s, uint32_t n, uint32_t *smallest)
{
	const struct shp_graph *g = w->g;
	const struct shp_result *r = w->r;
	memset(smallest, 0xff, SHP_PLACES * sizeof *smallest);
	for (uint32_t e = g->start[s]; e < g->start[s + 1]; e++) {
		uint32_t t = r->tier[g->to[e]], k = n;
		bool here = false;
		for (uint32_t p = r->slot_start[s]; p < r->slot_start[s + 1]; p++)
			here = here || (w->done[p] && r->slot[p] == g->to[e]);
		if (here || n == 0 || t >= smallest[n - 1])
			continue;
		for (; --k > 0 && smallest[k - 1] > t;)
			smallest[k] = smallest[k - 1];
		smallest[k] = t;
	}
}

/* What an assignment adds to every credit: who is outside X_k has a tier below k. Written as what
 * it adds to all, less what it adds too much up to a tier. */
static void add_assignment(struct walk *w, uint32_t s)
{
	uint32_t c = component_of(w, s), smallest[SHP_PLACES];
	smallest_tiers(w, s, w->g->places[s], smallest);
	for (uint32_t p = 0; p < w->g->places[s]; p++) {
		if (smallest[p] != NO_TIER)
			w->bare[c]++;
		if (smallest[p] != NO_TIER && smallest[p] > 0)
			w->credit[w->credit_at[c] + smallest[p] - 1]--;
		w->bare[c] -= w->r->slot[w->r->slot_start[s] + p] != SHP_OPEN;
	}
}

/* Credits before anything is taken. */
static void first_credits(struct walk *w)
{
	const struct shp_graph *g = w->g;
	for (uint32_t i = 0; i < g->inspectors; i++)
		if (w->r->tier[i] > 0)
			w->credit[w->credit_at[w->component[i]] + w->r->tier[i] - 1] +=
				w->r->final[i];
	for (uint32_t s = 0; s < g->assignments; s++)
		if (g->start[s] < g->start[s + 1])
			add_assignment(w, s);
	for (uint32_t c = 0; c < g->inspectors; c++) {
		int64_t *credit = w->credit + w->credit_at[c], sum = 0;
		for (uint32_t k = tiers_of(w, c); k-- > 0;) {
			sum += credit[k];
			credit[k] = sum + w->bare[c];
		}
	}
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int slot_compare(const void *x, const void *y)
{
	const struct slot *a = x, *b = y;
	int c = shp_key_compare(&a->key, &b->key);
	if (c != 0)
		return c;
	if (a->assignment != b->assignment)
		return a->assignment < b->assignment ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static uint32_t slot_index(const struct walk *w, uint32_t s, uint32_t place)
{
	return w->r->slot_start[s] + place - 1;
}

static void walk_new(
	struct walk *w, struct arena *a, const struct shp_graph *g, const struct shp_result *r)
{
	uint32_t slots = r->slot_start[g->assignments], n = 0;
	*w = (struct walk){ .g = g, .r = r };
	w->component = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *w->component);
	w->credit_at = arena_calloc(a, (size_t)g->inspectors + 2, sizeof *w->credit_at);
	w->taken = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *w->taken);
	w->left = arena_calloc(a, (size_t)g->assignments + 1, 1);
	w->done = arena_calloc(a, (size_t)slots + 1, 1);
	w->order = arena_calloc(a, (size_t)slots + 1, sizeof *w->order);
	w->key = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *w->key);
	memcpy(w->left, g->places, g->assignments);
	for (uint32_t s = 0; s < g->assignments; s++)
		for (uint32_t place = 1; place <= g->places[s]; place++, n++) {
			w->order[n] = (struct slot){ .assignment = s, .place = place };
			g->slot_key(g->keys, s, place, &w->order[n].key);
		}
	qsort(w->order, n, sizeof *w->order, slot_compare);
	find_components(w);
	make_room(w, a);
	first_credits(w);
}

/* Largest k ≤ tier with X_k tight and k above `needed`, the tier up to which the assignment needs
 * somebody; 0 if there is none. */
static uint32_t barring(const struct walk *w, uint32_t inspector, uint32_t needed)
{
	const int64_t *credit = w->credit + w->credit_at[w->component[inspector]];
	for (uint32_t k = w->r->tier[inspector]; k > needed && k > 0; k--)
		if (credit[k - 1] == 0)
			return k;
	return 0;
}

static bool in_assignment(const struct walk *w, uint32_t s, uint32_t inspector)
{
	const struct shp_result *r = w->r;
	for (uint32_t k = r->slot_start[s]; k < r->slot_start[s + 1]; k++)
		if (w->done[k] && r->slot[k] == inspector)
			return true;
	return false;
}

static bool may_be_asked(const struct walk *w, uint32_t s, uint32_t inspector)
{
	return w->taken[inspector] < w->r->final[inspector] && !in_assignment(w, s, inspector);
}

/* The tier that the assignment's last place left must fall back on. */
static uint32_t needed_tier(const struct walk *w, uint32_t s)
{
	uint32_t smallest[SHP_PLACES];
	smallest_tiers(w, s, w->left[s], smallest);
	return smallest[w->left[s] - 1];
}

/* The first candidate whom nothing bars. */
static uint32_t first_free(const struct walk *w, const struct slot *x, uint32_t needed)
{
	const struct shp_graph *g = w->g;
	uint32_t s = x->assignment, from = g->start[s], n = g->start[s + 1] - from, best = SHP_OPEN;
	const struct shp_key *least = NULL;
	g->candidate_keys(g->keys, s, x->place, g->to + from, n, w->key);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = g->to[from + k];
		if ((least != NULL && shp_key_compare(&w->key[k], least) >= 0) ||
			!may_be_asked(w, s, i) || barring(w, i, needed) > 0)
			continue;
		best = i;
		least = &w->key[k];
	}
	return best;
}

static void take(struct walk *w, const struct slot *x, uint32_t inspector, uint32_t needed)
{
	int64_t *credit = w->credit + w->credit_at[w->component[inspector]];
	for (uint32_t k = needed; k < w->r->tier[inspector]; k++)
		credit[k]--;
	w->taken[inspector]++;
	w->left[x->assignment]--;
	w->done[slot_index(w, x->assignment, x->place)] = 1;
}

/* Where slots of a component are open, a tight set of inspectors at their limits says why; the
 * empty one where no assignment has more people than it takes. */
static bool size_shown(const struct walk *w, uint32_t component)
{
	const struct shp_graph *g = w->g;
	uint32_t k = tiers_of(w, component);
	if (w->bare[component] == 0)
		return true;
	while (k > 0 && w->credit[w->credit_at[component] + k - 1] != 0)
		k--;
	for (uint32_t i = 0; k > 0 && i < g->inspectors; i++)
		if (w->component[i] == component && w->r->tier[i] >= k &&
			w->r->final[i] < g->limit[i])
			return false;
	return k > 0;
}

static struct tiers_answer check_sizes(const struct walk *w, struct arena *a)
{
	const struct shp_graph *g = w->g;
	uint8_t *asked = arena_calloc(a, (size_t)g->inspectors + 1, 1);
	for (uint32_t s = 0; s < g->assignments; s++) {
		if (g->start[s] == g->start[s + 1] || asked[component_of(w, s)])
			continue;
		bool open = false;
		for (uint32_t k = w->r->slot_start[s]; k < w->r->slot_start[s + 1]; k++)
			open = open || w->r->slot[k] == SHP_OPEN;
		if (!open)
			continue;
		asked[component_of(w, s)] = 1;
		if (!size_shown(w, component_of(w, s)))
			return (struct tiers_answer){ TIERS_SIZE, s, 1 };
	}
	return (struct tiers_answer){ .fault = TIERS_HOLD };
}

struct tiers_answer tiers_check(const struct shp_graph *g, const struct shp_result *r)
{
	ARENA_AUTO a = arena_new();
	struct walk w;
	walk_new(&w, a, g, r);
	struct tiers_answer answer = check_sizes(&w, a);
	for (uint32_t n = 0; n < r->slot_start[g->assignments] && answer.fault == TIERS_HOLD; n++) {
		const struct slot *x = &w.order[n];
		uint32_t needed = needed_tier(&w, x->assignment);
		uint32_t first = first_free(&w, x, needed);
		if (first != r->slot[slot_index(&w, x->assignment, x->place)])
			answer = (struct tiers_answer){ TIERS_SLOT, x->assignment, x->place };
		else if (first != SHP_OPEN)
			take(&w, x, first, needed);
	}
	return answer;
}

/* ---- one moment ------------------------------------------------------------------------------ */

struct tiers_moment {
	struct walk walk;
	uint32_t assignment;
};

const struct tiers_moment *tiers_until(struct arena *a, const struct shp_graph *g,
	const struct shp_result *r, uint32_t assignment, uint32_t place)
{
	struct tiers_moment *m = arena_calloc(a, 1, sizeof *m);
	walk_new(&m->walk, a, g, r);
	m->assignment = assignment;
	for (const struct slot *x = m->walk.order; x->assignment != assignment || x->place != place;
		x++) {
		uint32_t taker = r->slot[slot_index(&m->walk, x->assignment, x->place)];
		if (taker != SHP_OPEN)
			take(&m->walk, x, taker, needed_tier(&m->walk, x->assignment));
	}
	return m;
}

uint32_t tiers_held(const struct tiers_moment *m, uint32_t inspector)
{
	return m->walk.taken[inspector];
}

bool tiers_in_assignment(const struct tiers_moment *m, uint32_t inspector)
{
	return in_assignment(&m->walk, m->assignment, inspector);
}

uint32_t tiers_barring(const struct tiers_moment *m, uint32_t inspector)
{
	return may_be_asked(&m->walk, m->assignment, inspector)
		       ? barring(&m->walk, inspector, needed_tier(&m->walk, m->assignment))
		       : 0;
}

uint32_t tiers_at_least(const struct tiers_moment *m, uint32_t inspector, uint32_t k)
{
	const struct walk *w = &m->walk;
	uint32_t n = 0;
	for (uint32_t i = 0; i < w->g->inspectors; i++)
		n += w->component[i] == w->component[inspector] && w->r->tier[i] >= k;
	return n;
}
