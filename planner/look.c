#include "planner/look.h"

#include <assert.h>
#include <string.h>

#include "planner/facts.h"
#include "planner/merge.h"
#include "planner/unit_count.h"
#include "sampler/sha256.h"
#include "sampler/type.h"

/* Cells are kept for the pairs, which need the quotas first: four bits a task, and before them four
 * bits of which the lowest says that the object is one of 重点监管对象. */
enum { CHUNK = 1024, FOCUS = 1, BILLION = 1000000000, PPM = 1000000 };

struct chunk {
	struct chunk *before;
	uint8_t cell[];
};

struct look {
	struct arena *arena;
	const struct policy *policy;
	struct excluder *excluder;
	struct unit_count *unit_count; /* NULL: no task by entity */
	const struct exclusion *exclusion;
	const struct bytes *code; /* of the exclusions */
	size_t exclusions, size; /* bytes of an object in a chunk */
	uint64_t rows;
	struct chunk *last;
	struct bytes object; /* the last one */
	char object_text[64];
	uint64_t *population, *units, *excluded;
	uint8_t *codes; /* of the object at hand */
};

struct look *look_start(struct arena *a, const struct policy *p, int32_t date)
{
	struct look *l = arena_calloc(a, 1, sizeof *l);
	size_t cells = (size_t)p->task_count * FRAME_STRATA + 1;

	l->arena = a;
	l->policy = p;
	l->excluder = excluder_new(a, p, date);
	l->unit_count = unit_count_new(a, p);
	l->exclusions = exclusions_of(p, a, &l->exclusion);
	l->code = exclusion_codes(l->exclusion, l->exclusions, a);
	l->size = ((size_t)p->task_count + 2) / 2;
	l->population = arena_calloc(a, cells, sizeof *l->population);
	l->units = arena_calloc(a, cells, sizeof *l->units);
	l->excluded = arena_calloc(a, p->task_count * l->exclusions + 1, sizeof *l->excluded);
	l->codes = arena_calloc(a, (size_t)p->task_count + 1, sizeof *l->codes);
	return l;
}

/* ---- objects ---- */

static bool check_order(struct look *l, struct bytes object, struct err *e)
{
	assert(object.n < sizeof l->object_text);
	if (l->rows > 0 && bytes_compare(l->object, object) >= 0)
		return err_set(e, ERR_BAD_TABLE, "not ascending: %.*s", BYTES_ARG(object));
	memcpy(l->object_text, object.p, object.n);
	l->object = (struct bytes){ l->object_text, object.n };
	return true;
}

static uint8_t *new_cells(struct look *l)
{
	size_t place = l->rows % CHUNK;

	if (place == 0) {
		struct chunk *c = arena_alloc(l->arena, sizeof *c + CHUNK * l->size);
		c->before = l->last;
		l->last = c;
	}
	return memset(l->last->cell + place * l->size, 0, l->size);
}

static void keep_cells(struct look *l, bool focus)
{
	uint8_t *cell = new_cells(l);

	cell[0] = focus ? FOCUS : 0;
	for (uint32_t t = 0; t < l->policy->task_count; t++) {
		unsigned c = l->codes[t] < FRAME_STRATA ? l->codes[t] : STRATUM_OUT;
		cell[(t + 1) / 2] |= (uint8_t)(c << 4 * ((t + 1) % 2));
	}
}

static void count(struct look *l)
{
	for (size_t t = 0; t < l->policy->task_count; t++) {
		size_t code = l->codes[t];
		if (code < FRAME_STRATA)
			l->population[t * FRAME_STRATA + code]++;
		else
			l->excluded[t * l->exclusions + code - FRAME_STRATA]++;
	}
}

/* Nobody keeps this id: any hash that nobody can make collide tells entities apart. */
static void count_unit(struct look *l, struct bytes entity)
{
	uint8_t id[SHA256_SIZE];

	if (l->unit_count == NULL)
		return;
	sha256(entity.p, entity.n, id);
	unit_count_put(l->unit_count, id, l->codes);
}

bool look_put(struct look *l, const struct bytes fact[FRAME_FACTS], struct err *e)
{
	struct facts facts;

	if (!frame_facts_check(fact, e))
		return err_at(e, "object %.*s", BYTES_ARG(type_shown(fact[FACT_OBJECT])));
	if (!check_order(l, fact[FACT_OBJECT], e))
		return false;
	facts_read(&facts, fact);
	exclude(l->excluder, &facts, l->codes);
	count(l);
	count_unit(l, fact[FACT_ENTITY]);
	keep_cells(l, merge_focus(l->policy, fact[FACT_LABELS]));
	l->rows++;
	return true;
}

/* ---- tasks ---- */

/* A task alone, so that what refuses one does not hide the others. */
static void end_task(struct look *l, uint32_t t, struct look_task *out)
{
	struct policy one = *l->policy;
	struct frame_counts counts = { .tasks = 1,
		.population = l->population + (size_t)t * FRAME_STRATA,
		.units = l->units + (size_t)t * FRAME_STRATA,
		.codes = l->exclusions,
		.code = l->code,
		.excluded = l->excluded + t * l->exclusions };
	struct strata strata = { 0 };

	one.tasks = &l->policy->tasks[t];
	one.task_count = 1;
	for (size_t s = 0; s < FRAME_STRATA; s++)
		out->population += counts.population[s];
	out->excluded = l->excluded + t * l->exclusions;
	if (!strata_make(&strata, &one, &counts, l->arena, &out->why))
		return;
	struct stratum_row *row = arena_calloc(l->arena, strata.n + 1, sizeof *row);
	for (size_t i = 0; i < strata.n; i++) {
		row[i] = strata.row[i];
		row[i].task = t;
		out->drawn += row[i].quota;
	}
	out->stratum = row;
	out->strata = strata.n;
}

/* ---- pairs ---- */

/* The chance of an object of a stratum to be drawn, in thousand-millionths. */
struct chance {
	uint64_t drawn;
	bool onsite;
};

struct pairing {
	struct look *look;
	uint32_t tasks;
	const struct chance *chance; /* task*FRAME_STRATA + stratum */
	struct look_pair *pair; /* of a < b at place(a, b) */
	uint32_t *in; /* tasks in which the object at hand is in a stratum */
	const struct chance **own; /* its chance there */
};

static const struct chance *chances(const struct look *l, const struct look_task *task)
{
	size_t tasks = l->policy->task_count;
	struct chance *c = arena_calloc(l->arena, tasks * FRAME_STRATA + 1, sizeof *c);

	for (size_t t = 0; t < tasks; t++) {
		for (size_t i = 0; i < task[t].strata; i++) {
			const struct stratum_row *r = &task[t].stratum[i];
			if (r->population > 0)
				c[t * FRAME_STRATA + r->stratum].drawn =
					r->quota * BILLION / r->population;
		}
		for (size_t s = 0; s < FRAME_STRATA; s++)
			c[t * FRAME_STRATA + s].onsite = merge_onsite(
				l->policy, &l->policy->tasks[t], (enum stratum)s, false);
	}
	return c;
}

/* Pairs by a, then b. */
static size_t place(const struct pairing *p, uint32_t a, uint32_t b)
{
	return (size_t)a * (2 * (size_t)p->tasks - a - 1) / 2 + (b - a - 1);
}

static void pair_object(struct pairing *p, const uint8_t *cell)
{
	uint32_t n = 0;
	bool focus = (cell[0] & FOCUS) != 0;

	for (uint32_t t = 0; t < p->tasks; t++) {
		unsigned s = cell[(t + 1) / 2] >> 4 * ((t + 1) % 2) & 15;
		if (s == STRATUM_OUT)
			continue;
		p->in[n] = t;
		p->own[n++] = &p->chance[(size_t)t * FRAME_STRATA + s];
	}
	for (uint32_t i = 0; i + 1 < n; i++) {
		struct look_pair *of = p->pair + place(p, p->in[i], p->in[i] + 1);
		for (uint32_t k = i + 1; k < n; k++) {
			struct look_pair *pair = of + (p->in[k] - p->in[i] - 1);
			uint64_t a = p->own[i]->drawn, b = p->own[k]->drawn;
			uint64_t least = a < b ? a : b;
			pair->both++;
			pair->expected += least;
			if (focus || (p->own[i]->onsite && p->own[k]->onsite))
				pair->saved += least;
		}
	}
}

static void pair_objects(struct pairing *p)
{
	const struct look *l = p->look;
	uint64_t left = l->rows;

	for (const struct chunk *c = l->last; c != NULL; c = c->before) {
		size_t n = left % CHUNK != 0 ? left % CHUNK : CHUNK;
		for (size_t i = 0; i < n; i++)
			pair_object(p, c->cell + i * l->size);
		left -= n;
	}
}

static bool meets(const struct task *a, const struct task *b)
{
	return a->from <= b->to && b->from <= a->to;
}

/* Thousandths, and only what there is. */
static size_t close_pairs(struct pairing *p)
{
	const struct task *task = p->look->policy->tasks;
	size_t n = 0, i = 0;

	for (uint32_t a = 0; a < p->tasks; a++) {
		for (uint32_t b = a + 1; b < p->tasks; b++, i++) {
			struct look_pair pair = p->pair[i];
			if (pair.both == 0)
				continue;
			pair.a = a;
			pair.b = b;
			pair.expected /= PPM;
			pair.saved /= PPM;
			pair.meets = meets(&task[a], &task[b]);
			p->pair[n++] = pair;
		}
	}
	return n;
}

static void end_pairs(struct look *l, struct look_result *out)
{
	size_t n = l->policy->task_count;
	struct pairing p = { .look = l, .tasks = (uint32_t)n, .chance = chances(l, out->task) };

	p.pair = arena_calloc(l->arena, n * (n + 1) / 2 + 1, sizeof *p.pair);
	p.in = arena_calloc(l->arena, n + 1, sizeof *p.in);
	p.own = arena_calloc(l->arena, n + 1, sizeof(void *));
	pair_objects(&p);
	out->pairs = close_pairs(&p);
	out->pair = p.pair;
}

void look_end(struct look *l, struct look_result *out)
{
	size_t n = l->policy->task_count;
	struct look_task *task = arena_calloc(l->arena, n + 1, sizeof *task);

	memcpy(l->units, l->population, n * FRAME_STRATA * sizeof *l->units);
	if (l->unit_count != NULL)
		unit_count_end(l->unit_count, l->units);
	for (uint32_t t = 0; t < n; t++)
		end_task(l, t, &task[t]);
	*out = (struct look_result){ .rows = l->rows,
		.task = task,
		.exclusions = l->exclusions,
		.exclusion = l->exclusion };
	end_pairs(l, out);
}
