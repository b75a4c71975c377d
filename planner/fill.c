/* The fill is a flow: source → assignment (at most its places) → inspector (one) → sink (at most
 * the capacity). Searches walk the residual graph, breadth first and without recursion.
 *
 * Classes. A search that fails has found a closed set: nothing leads out of it, and as every later
 * change is a cycle in the residual graph, nothing ever will. Its inspectors get a fresh label.
 * What lies on a common cycle is in the same closed sets, so it always has the same label: a later
 * search stays within the label it starts in, and is not begun where no goal has it. Every failure
 * splits a class, so there are at most as many as inspectors.
 *
 * Tiers. The closed part of a class that splits is put directly below the rest of it. So the
 * classes of a component stand in a line, nothing ever leads upwards in it, and what stands at or
 * below a class (but the first) is closed: the tight sets of §10. */
#include "planner/fill.h"

#include <assert.h>
#include <string.h>

/* ---- components ------------------------------------------------------------------------------ */

static uint32_t root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root_of(parent, a);
	b = root_of(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

/* Number the components by their smallest inspector; of[i] becomes the component of inspector i. */
static uint32_t components(const struct shp_graph *g, uint32_t *of)
{
	for (uint32_t i = 0; i < g->inspectors; i++)
		of[i] = i;
	for (uint32_t s = 0; s < g->assignments; s++)
		for (uint32_t e = g->start[s]; e + 1 < g->start[s + 1]; e++)
			join(of, g->to[e], g->to[e + 1]);
	for (uint32_t i = 0; i < g->inspectors; i++)
		of[i] = root_of(of, i);
	uint32_t n = 0;
	/* A root stands before its members: its number can overwrite its own entry. */
	for (uint32_t i = 0; i < g->inspectors; i++)
		of[i] = of[i] == i ? n++ : of[of[i]];
	return n;
}

/* Sort 0 … n-1 into runs by their group; FILL_NONE stays out. size[g] gets the run's length. */
static uint32_t *runs(
	struct arena *a, const uint32_t *group, uint32_t n, uint32_t groups, uint32_t **start)
{
	uint32_t *at = arena_calloc(a, (size_t)groups + 2, sizeof *at);
	uint32_t *member = arena_calloc(a, (size_t)n + 1, sizeof *member);
	for (uint32_t i = 0; i < n; i++)
		if (group[i] != FILL_NONE)
			at[group[i] + 2]++;
	for (uint32_t k = 0; k < groups; k++)
		at[k + 2] += at[k + 1];
	for (uint32_t i = 0; i < n; i++)
		if (group[i] != FILL_NONE)
			member[at[group[i] + 1]++] = i;
	*start = at;
	return member;
}

static void make_parts(struct fill *f, struct arena *a)
{
	const struct shp_graph *g = f->g;
	uint32_t *inspector_part = arena_calloc(a, (size_t)g->inspectors + 1, sizeof(uint32_t));
	uint32_t *part_of = arena_calloc(a, (size_t)g->assignments + 1, sizeof(uint32_t));
	uint32_t *assignment_at, *inspector_at;

	f->parts = components(g, inspector_part);
	for (uint32_t s = 0; s < g->assignments; s++)
		part_of[s] = g->start[s] < g->start[s + 1] ? inspector_part[g->to[g->start[s]]]
							   : FILL_NONE;
	uint32_t *member = runs(a, part_of, g->assignments, f->parts, &assignment_at);
	uint32_t *person = runs(a, inspector_part, g->inspectors, f->parts, &inspector_at);
	uint32_t *lacking = arena_calloc(a, (size_t)g->assignments + 1, sizeof *lacking);
	f->part = arena_calloc(a, (size_t)f->parts + 1, sizeof *f->part);
	for (uint32_t k = 0; k < f->parts; k++)
		f->part[k] = (struct fill_part){
			.assignments = assignment_at[k + 1] - assignment_at[k],
			.inspectors = inspector_at[k + 1] - inspector_at[k],
			.assignment = member + assignment_at[k],
			.inspector = person + inspector_at[k],
			.lacking = lacking + assignment_at[k],
		};
	f->part_of = part_of;
}

static uint32_t *numbers(struct arena *a, uint32_t n)
{
	return arena_calloc(a, (size_t)n + 1, sizeof(uint32_t));
}

static void make_nodes(struct fill *f, struct arena *a)
{
	const struct shp_graph *g = f->g;
	uint32_t *start = numbers(a, g->assignments);
	for (uint32_t s = 0; s < g->assignments; s++) {
		assert(g->places[s] >= 1 && g->places[s] <= SHP_PLACES);
		start[s + 1] = start[s] + g->places[s];
	}
	uint32_t n = start[g->assignments];
	f->node_start = start;
	f->node_of = numbers(a, n);
	f->edge = numbers(a, n);
	f->next = numbers(a, n);
	f->prev = numbers(a, n);
	memset(f->edge, 0xff, n * sizeof *f->edge);
	for (uint32_t s = 0; s < g->assignments; s++)
		for (uint32_t k = start[s]; k < start[s + 1]; k++)
			f->node_of[k] = s;
}

void fill_init(struct fill *f, struct arena *a, const struct shp_graph *g)
{
	*f = (struct fill){ .g = g };
	make_parts(f, a);
	make_nodes(f, a);
	f->state = arena_calloc(a, (size_t)g->start[g->assignments] + 1, 1);
	f->pairs = arena_calloc(a, (size_t)g->assignments + 1, 1);
	f->lacking_at = numbers(a, g->assignments);
	f->seen_assignment = numbers(a, g->assignments);
	f->queue = numbers(a, g->inspectors);
	f->below = numbers(a, g->inspectors + f->parts);
	f->person = arena_calloc(a, (size_t)g->inspectors + 1, sizeof *f->person);
	for (uint32_t i = 0; i < g->inspectors; i++)
		f->person[i].head = FILL_NONE;
	for (uint32_t k = 0; k < f->parts; k++) {
		struct fill_part *p = &f->part[k];
		for (p->lacks = 0; p->lacks < p->assignments; p->lacks++) {
			p->lacking[p->lacks] = p->assignment[p->lacks];
			f->lacking_at[p->assignment[p->lacks]] = p->lacks;
		}
	}
}

/* ---- pairs ----------------------------------------------------------------------------------- */

static bool spare(const struct fill *f, uint32_t i)
{
	return f->person[i].load < f->person[i].capacity;
}

static bool lacks(const struct fill *f, uint32_t s)
{
	return f->pairs[s] < f->g->places[s];
}

static void unlink_node(struct fill *f, uint32_t n, uint32_t i)
{
	if (f->prev[n] != FILL_NONE)
		f->next[f->prev[n]] = f->next[n];
	else
		f->person[i].head = f->next[n];
	if (f->next[n] != FILL_NONE)
		f->prev[f->next[n]] = f->prev[n];
}

/* Put the edge into a free node of its assignment. */
static void pair(struct fill *f, uint32_t s, uint32_t e)
{
	uint32_t i = f->g->to[e], n = f->node_start[s];
	assert(lacks(f, s));
	while (f->edge[n] != FILL_NONE)
		n++;
	f->state[e] = EDGE_PAIRED;
	f->edge[n] = e;
	f->prev[n] = FILL_NONE;
	f->next[n] = f->person[i].head;
	if (f->person[i].head != FILL_NONE)
		f->prev[f->person[i].head] = n;
	f->person[i].head = n;
	f->person[i].load++;
	if (++f->pairs[s] == f->g->places[s]) {
		struct fill_part *p = &f->part[f->part_of[s]];
		uint32_t last = p->lacking[--p->lacks];
		p->lacking[f->lacking_at[s]] = last;
		f->lacking_at[last] = f->lacking_at[s];
	}
}

static void unpair(struct fill *f, uint32_t n)
{
	uint32_t e = f->edge[n], i = f->g->to[e], s = f->node_of[n];
	assert(f->state[e] == EDGE_PAIRED);
	unlink_node(f, n, i);
	f->state[e] = EDGE_FREE;
	f->edge[n] = FILL_NONE;
	f->person[i].load--;
	if (f->pairs[s]-- == f->g->places[s]) {
		struct fill_part *p = &f->part[f->part_of[s]];
		f->lacking_at[s] = p->lacks;
		p->lacking[p->lacks++] = s;
	}
}

static void commit(struct fill *f, uint32_t s, uint32_t e)
{
	uint32_t i = f->g->to[e], n = f->node_start[s];
	while (f->edge[n] != e)
		n++;
	unlink_node(f, n, i);
	f->state[e] = EDGE_TAKEN;
	f->person[i].taken++;
}

/* ---- search ---------------------------------------------------------------------------------- */

struct search {
	uint32_t label; /* stay among inspectors of this label */
	uint32_t n; /* in the queue */
};

static bool is_goal(const struct fill *f, uint32_t i)
{
	return spare(f, i) || f->person[i].goal == f->stamp;
}

/* Enter every inspector that the assignment can be paired with; `dropped` is the node that gives
 * way for it. Returns a goal or FILL_NONE. */
static uint32_t expand(struct fill *f, struct search *x, uint32_t s, uint32_t dropped)
{
	if (f->seen_assignment[s] == f->stamp)
		return FILL_NONE;
	f->seen_assignment[s] = f->stamp;
	const uint32_t *to = f->g->to;
	for (uint32_t e = f->g->start[s]; e < f->g->start[s + 1]; e++) {
		uint32_t i = to[e];
		struct fill_person *q = &f->person[i];
		if (q->seen == f->stamp || f->state[e] != EDGE_FREE || q->label != x->label)
			continue;
		q->seen = f->stamp;
		q->via_edge = e;
		q->via_assignment = s;
		q->via_node = dropped;
		if (is_goal(f, i))
			return i;
		f->queue[x->n++] = i;
	}
	return FILL_NONE;
}

/* Work off the queue. */
static uint32_t walk(struct fill *f, struct search *x, uint32_t from)
{
	for (uint32_t at = from; at < x->n; at++)
		for (uint32_t n = f->person[f->queue[at]].head; n != FILL_NONE; n = f->next[n]) {
			uint32_t found = expand(f, x, f->node_of[n], n);
			if (found != FILL_NONE)
				return found;
		}
	return FILL_NONE;
}

/* Move every pair on the way back from inspector i one step; i gains one. Ends at the inspector
 * `first`, which loses one, or behind the node-less beginning in an assignment. */
static void apply(struct fill *f, uint32_t i, uint32_t first)
{
	while (i != first) {
		uint32_t n = f->person[i].via_node, e = f->person[i].via_edge,
			 s = f->person[i].via_assignment;
		uint32_t before = n == FILL_NONE ? first : f->g->to[f->edge[n]];
		if (n != FILL_NONE)
			unpair(f, n);
		pair(f, s, e);
		i = before;
	}
}

static void relabel(struct fill *f, uint32_t n)
{
	f->labels++;
	for (uint32_t k = 0; k < n; k++)
		f->person[f->queue[k]].label = f->labels;
}

/* ---- largest fills --------------------------------------------------------------------------- */

/* Among free edges to inspectors with room: the one least loaded for its capacity. */
static uint32_t lightest(const struct fill *f, uint32_t s)
{
	uint32_t best = FILL_NONE;
	for (uint32_t e = f->g->start[s]; e < f->g->start[s + 1]; e++) {
		uint32_t i = f->g->to[e];
		if (f->state[e] != EDGE_FREE || !spare(f, i))
			continue;
		uint32_t b = best == FILL_NONE ? i : f->g->to[best];
		if (best == FILL_NONE ||
			(uint64_t)f->person[i].load * f->person[b].capacity <
				(uint64_t)f->person[b].load * f->person[i].capacity)
			best = e;
	}
	return best;
}

/* One more pair for the assignment, by moving others. */
static bool augment(struct fill *f, uint32_t s)
{
	struct search x = { 0 };
	f->stamp++;
	uint32_t found = expand(f, &x, s, FILL_NONE);
	if (found == FILL_NONE)
		found = walk(f, &x, 0);
	if (found == FILL_NONE) {
		relabel(f, x.n); /* no way out: nobody need look here again */
		return false;
	}
	apply(f, found, FILL_NONE);
	return true;
}

static void serve(struct fill *f, uint32_t s)
{
	while (lacks(f, s)) {
		uint32_t e = lightest(f, s);
		if (e != FILL_NONE)
			pair(f, s, e);
		else if (!augment(f, s))
			return;
	}
}

void fill_maximise(struct fill *f, struct fill_part *p)
{
	for (uint32_t k = 0; k < p->inspectors; k++)
		f->person[p->inspector[k]].label = 0;
	/* Downwards: serving one removes it by moving the last, already served, into its place. */
	for (uint32_t k = p->lacks; k-- > 0;)
		serve(f, p->lacking[k]);
}

/* All that the lacking assignments lead to, in queue; nobody there has room. */
uint32_t fill_reach(struct fill *f, const struct fill_part *p)
{
	struct search x = { 0 };
	for (uint32_t k = 0; k < p->inspectors; k++)
		f->person[p->inspector[k]].label = 0;
	f->stamp++;
	uint32_t found = FILL_NONE;
	for (uint32_t k = 0; k < p->lacks && found == FILL_NONE; k++)
		found = expand(f, &x, p->lacking[k], FILL_NONE);
	if (found == FILL_NONE)
		found = walk(f, &x, 0);
	assert(found == FILL_NONE);
	return x.n;
}

void fill_lower(struct fill *f, uint32_t inspector, uint32_t capacity)
{
	f->person[inspector].capacity = capacity;
	while (f->person[inspector].load > capacity)
		unpair(f, f->person[inspector].head);
}

/* The n in queue, all of one class, become a class of their own directly below it. */
static void split(struct fill *f, struct fill_part *p, uint32_t n)
{
	uint32_t old = f->person[f->queue[0]].label, fresh = ++f->classes;
	uint32_t *above = old == 0 ? &p->below : &f->below[old];
	f->below[fresh] = *above;
	*above = fresh;
	for (uint32_t k = 0; k < n; k++)
		f->person[f->queue[k]].label = fresh;
}

void fill_settle(struct fill *f, struct fill_part *p)
{
	uint32_t n = fill_reach(f, p);
	p->below = 0;
	p->label = 0;
	if (n == 0)
		return;
	split(f, p, n);
	p->label = f->classes;
}

void fill_tiers(const struct fill *f, uint32_t *tier)
{
	ARENA_AUTO scratch = arena_new();
	uint32_t *of = arena_calloc(scratch, (size_t)f->classes + 1, sizeof *of);
	for (uint32_t k = 0; k < f->parts; k++) {
		uint32_t n = 0;
		for (uint32_t c = f->part[k].below; c != 0; c = f->below[c])
			of[c] = ++n;
	}
	for (uint32_t i = 0; i < f->g->inspectors; i++)
		tier[i] = of[f->person[i].label];
}

/* ---- taking ---------------------------------------------------------------------------------- */

/* A node of the assignment whose pair is not taken, with its inspector in the class; marks those
 * inspectors as goals. FILL_NONE if there is none. */
static uint32_t mark_goals(struct fill *f, uint32_t s, uint32_t label)
{
	uint32_t any = FILL_NONE;
	for (uint32_t n = f->node_start[s]; n < f->node_start[s + 1]; n++) {
		uint32_t e = f->edge[n];
		if (f->state[e] != EDGE_PAIRED || f->person[f->g->to[e]].label != label)
			continue;
		f->person[f->g->to[e]].goal = f->stamp;
		any = n;
	}
	return any;
}

/* A way for inspector i to lose a pair: to someone with room, or to a goal. Through the source too:
 * the assignment that gives way lacks a pair instead of another one that gains it. */
static uint32_t shed(struct fill *f, struct fill_part *p, uint32_t i)
{
	struct search x = { .label = f->person[i].label, .n = 1 };
	bool source = p->lacks > 0 && p->label == x.label;
	f->person[i].seen = f->stamp;
	f->queue[0] = i;
	uint32_t found = FILL_NONE;
	for (uint32_t n = f->person[i].head; n != FILL_NONE && found == FILL_NONE; n = f->next[n])
		found = expand(f, &x, f->node_of[n], n);
	for (uint32_t k = 0; source && k < p->lacks && found == FILL_NONE; k++)
		found = expand(f, &x, p->lacking[k], f->person[i].head);
	if (found == FILL_NONE)
		found = walk(f, &x, 1);
	if (found == FILL_NONE) {
		split(f, p, x.n);
		if (source)
			p->label = f->classes;
	}
	return found;
}

/* All places of the assignment are paired, one of them with somebody who may be replaced. */
static bool exchange(struct fill *f, struct fill_part *p, uint32_t s, uint32_t e)
{
	uint32_t i = f->g->to[e];
	f->stamp++;
	uint32_t out = mark_goals(f, s, f->person[i].label);
	if (out == FILL_NONE)
		return false;
	if (!spare(f, i)) {
		uint32_t found = shed(f, p, i);
		if (found == FILL_NONE)
			return false;
		if (f->person[found].goal == f->stamp)
			for (out = f->node_start[s]; f->state[f->edge[out]] != EDGE_PAIRED ||
						     f->g->to[f->edge[out]] != found;)
				out++;
		apply(f, found, i);
	}
	unpair(f, out);
	pair(f, s, e);
	return true;
}

bool fill_take(struct fill *f, uint32_t assignment, uint32_t edge)
{
	uint32_t i = f->g->to[edge];
	struct fill_part *p = &f->part[f->part_of[assignment]];
	if (f->state[edge] == EDGE_BARRED || f->state[edge] == EDGE_TAKEN ||
		f->person[i].taken >= f->person[i].capacity)
		return false;
	if (f->state[edge] == EDGE_FREE && lacks(f, assignment)) {
		/* The fill is largest, so i is full; a pair of i's moves here from elsewhere. */
		assert(!spare(f, i));
		unpair(f, f->person[i].head);
		pair(f, assignment, edge);
	} else if (f->state[edge] == EDGE_FREE && !exchange(f, p, assignment, edge)) {
		f->state[edge] = EDGE_BARRED; /* and for ever: what is taken only grows */
		return false;
	}
	commit(f, assignment, edge);
	return true;
}
