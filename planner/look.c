#include "planner/look.h"

#include <assert.h>
#include <string.h>

#include "planner/facts.h"
#include "planner/look_inner.h"
#include "planner/merge.h"
#include "planner/unit_count.h"
#include "sampler/sha256.h"
#include "sampler/type.h"

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
	size_t place = l->rows % LOOK_CHUNK;

	if (place == 0) {
		struct look_chunk *c = arena_alloc(l->arena, sizeof *c + LOOK_CHUNK * l->size);
		c->before = l->last;
		l->last = c;
	}
	return memset(l->last->cell + place * l->size, 0, l->size);
}

static void keep_cells(struct look *l, unsigned flags)
{
	uint8_t *cell = new_cells(l);

	cell[0] = (uint8_t)flags;
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
	keep_cells(l, (merge_focus(l->policy, fact[FACT_LABELS]) ? LOOK_FOCUS : 0) |
			      (bytes_equal(fact[FACT_OBJECT], fact[FACT_ENTITY]) ? 0 : LOOK_OTHER));
	l->rows++;
	return true;
}

const uint8_t *look_codes(const struct look *l)
{
	return l->codes;
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

/* ---- the end ---- */

static void on_group(void *ctx, const uint32_t *object, size_t n)
{
	struct look *l = ctx;
	struct look_group *g = arena_alloc(l->arena, sizeof *g + n * sizeof *object);
	g->before = l->groups;
	g->n = n;
	memcpy(g->object, object, n * sizeof *object);
	l->groups = g;
}

void look_end(struct look *l, struct look_result *out)
{
	size_t n = l->policy->task_count;
	struct look_task *task = arena_calloc(l->arena, n + 1, sizeof *task);

	memcpy(l->units, l->population, n * FRAME_STRATA * sizeof *l->units);
	if (l->unit_count != NULL)
		unit_count_tell(l->unit_count, l->units, on_group, l);
	for (uint32_t t = 0; t < n; t++)
		end_task(l, t, &task[t]);
	*out = (struct look_result){ .rows = l->rows,
		.task = task,
		.exclusions = l->exclusions,
		.exclusion = l->exclusion };
	look_pairs(l, out);
}
