#include "planner/programme.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/facts.h"
#include "planner/merge.h"
#include "planner/programme_inner.h"
#include "sampler/sha256.h"

enum { BILLION = 1000000000 };

const struct policy *programme_policy(const struct programme *p, size_t draw)
{
	return p->year->day[p->draw[draw].day].policy;
}

const struct task *programme_task(const struct programme *p, size_t draw)
{
	return &programme_policy(p, draw)->tasks[p->draw[draw].of];
}

/* ---- draws ---- */

static void lay_out(struct programme *p)
{
	const struct programme_year *y = p->year;
	size_t n = 0;

	for (size_t d = 0; d < y->days; d++)
		n += y->day[d].policy->task_count;
	struct programme_draw *draw = arena_calloc(p->arena, n + 1, sizeof *draw);
	uint32_t *first = arena_calloc(p->arena, y->tasks + 1, sizeof *first);
	for (size_t t = 0; t < y->tasks; t++)
		first[t] = (uint32_t)n;
	for (size_t d = 0; d < y->days; d++) {
		for (uint32_t k = 0; k < y->day[d].policy->task_count; k++) {
			uint32_t t = y->day[d].task[k], at = (uint32_t)p->draws;
			assert(t < y->tasks);
			draw[p->draws++] = (struct programme_draw){ (uint32_t)d, t, k };
			first[t] = at < first[t] ? at : first[t];
		}
	}
	p->draw = draw;
	p->first = first;
}

struct programme *programme_start(struct arena *a, const struct programme_year *y)
{
	struct programme *p = arena_calloc(a, 1, sizeof *p);

	p->arena = a;
	p->year = y;
	lay_out(p);
	p->base = y->days > 0 ? y->day[0].policy : NULL;
	p->size = (sizeof(struct programme_object) + (p->draws + 1) / 2 + 7) / 8 * 8;
	p->look = arena_calloc(a, y->days + 1, sizeof(void *));
	for (size_t d = 0; d < y->days; d++)
		p->look[d] = look_start(a, y->day[d].policy, y->day[d].draw_on);
	return p;
}

/* ---- objects ---- */

const struct programme_object *programme_object(const struct programme *p, size_t row)
{
	return (const void *)(p->chunk[row / PROGRAMME_CHUNK] + row % PROGRAMME_CHUNK * p->size);
}

unsigned programme_cell(const struct programme_object *o, size_t draw)
{
	return o->cell[draw / 2] >> 4 * (draw % 2) & 15;
}

static struct programme_object *new_object(struct programme *p)
{
	size_t place = p->rows % PROGRAMME_CHUNK;

	if (place == 0) {
		if (p->chunks == p->room) {
			uint8_t **more = arena_calloc(p->arena, 2 * p->room + 64, sizeof *more);
			if (p->chunks > 0)
				memcpy(more, p->chunk, p->chunks * sizeof *more);
			p->chunk = more;
			p->room = 2 * p->room + 64;
		}
		p->chunk[p->chunks++] = arena_calloc(p->arena, PROGRAMME_CHUNK, p->size);
	}
	return (void *)(p->chunk[p->chunks - 1] + place * p->size);
}

static bool shares(const struct list *l, struct bytes labels)
{
	bool more = labels.n > 0;

	if (l->all)
		return true;
	while (more)
		if (list_has(l, bytes_cut(&labels, ',', &more)))
			return true;
	return false;
}

static bool cap_is_for(const struct cap *c, const struct facts *f)
{
	return (c->classes.set >> f->general & 1) != 0 &&
	       list_has(&c->kinds, bytes_of(kind_name(f->kind))) && shares(&c->labels, f->labels);
}

static void keep(struct programme *p, const struct bytes fact[FRAME_FACTS])
{
	struct programme_object *o = new_object(p);
	struct facts f;
	uint8_t id[SHA256_SIZE];
	size_t draw = 0;

	facts_read(&f, fact);
	sha256(f.entity.p, f.entity.n, id);
	memcpy(o->entity, id, sizeof o->entity);
	p->premises |= !bytes_equal(f.entity, f.object);
	o->focus = merge_focus(p->base, f.labels);
	for (uint32_t c = 0; c < p->base->cap_count; c++)
		if (cap_is_for(&p->base->caps[c], &f))
			o->caps[c / 64] |= UINT64_C(1) << c % 64;
	for (size_t d = 0; d < p->year->days; d++) {
		const uint8_t *code = look_codes(p->look[d]);
		for (uint32_t k = 0; k < p->year->day[d].policy->task_count; k++, draw++) {
			unsigned c = code[k] < FRAME_STRATA ? code[k] : STRATUM_OUT;
			o->cell[draw / 2] |= (uint8_t)(c << 4 * (draw % 2));
		}
	}
}

bool programme_put(struct programme *p, const struct bytes fact[FRAME_FACTS], struct err *e)
{
	for (size_t d = 0; d < p->year->days; d++)
		if (!look_put(p->look[d], fact, e))
			return false;
	if (p->year->days > 0)
		keep(p, fact);
	p->rows++;
	return true;
}

/* ---- chances ---- */

/* The chance of an object of a stratum to be drawn, in thousand-millionths. */
struct chance {
	uint64_t drawn;
	bool onsite;
};

struct counting {
	struct programme *p;
	struct programme_entries *day;
	const struct chance *chance; /* draw*FRAME_STRATA + stratum */
	struct programme_pair *pair; /* of a < b at place(a, b) */
	uint32_t *in; /* tasks of the year in whose first draw the object at hand is in a stratum */
	const struct chance **own; /* its chance there */
};

static const struct chance *chances(const struct programme *p, const struct programme_entries *day)
{
	struct chance *c = arena_calloc(p->arena, p->draws * FRAME_STRATA + 1, sizeof *c);

	for (size_t i = 0; i < p->draws; i++) {
		const struct look_task *t = &day[p->draw[i].day].look.task[p->draw[i].of];
		for (size_t k = 0; k < t->strata; k++) {
			const struct stratum_row *r = &t->stratum[k];
			if (r->population > 0)
				c[i * FRAME_STRATA + r->stratum].drawn =
					r->quota * BILLION / r->population;
		}
		for (size_t s = 0; s < FRAME_STRATA; s++)
			c[i * FRAME_STRATA + s].onsite = merge_onsite(programme_policy(p, i),
				programme_task(p, i), (enum stratum)s, false);
	}
	return c;
}

/* All tasks of a day draw by the same number of an object: the largest chance is that of an entry.
 */
static void count_days(struct counting *c, const struct programme_object *o)
{
	const struct programme *p = c->p;
	uint64_t most = 0;

	for (size_t i = 0; i < p->draws; i++) {
		unsigned s = programme_cell(o, i);
		const struct chance *chance = &c->chance[i * FRAME_STRATA + s];
		struct programme_entries *day = &c->day[p->draw[i].day];
		if (i == 0 || p->draw[i].day != p->draw[i - 1].day)
			most = 0;
		if (s == STRATUM_OUT || !(o->focus || chance->onsite))
			continue;
		day->separate += chance->drawn;
		if (chance->drawn > most) {
			day->merged += chance->drawn - most;
			most = chance->drawn;
		}
	}
}

/* ---- pairs ---- */

/* Pairs by a, then b. */
static size_t place(size_t tasks, uint32_t a, uint32_t b)
{
	return (size_t)a * (2 * tasks - a - 1) / 2 + (b - a - 1);
}

static void count_pair(
	struct programme_pair *pair, const struct chance *a, const struct chance *b, bool focus)
{
	uint64_t least = a->drawn < b->drawn ? a->drawn : b->drawn;

	pair->both++;
	pair->expected += least;
	if (!focus && !(a->onsite && b->onsite))
		return;
	pair->saved += least;
	pair->repeats += a->drawn * b->drawn / BILLION;
}

static void count_pairs(struct counting *c, const struct programme_object *o)
{
	const struct programme *p = c->p;
	uint32_t n = 0;

	for (uint32_t t = 0; t < p->year->tasks; t++) {
		unsigned s = programme_cell(o, p->first[t]);
		if (s == STRATUM_OUT)
			continue;
		c->in[n] = t;
		c->own[n++] = &c->chance[p->first[t] * FRAME_STRATA + s];
	}
	for (uint32_t i = 0; i + 1 < n; i++)
		for (uint32_t k = i + 1; k < n; k++)
			count_pair(&c->pair[place(p->year->tasks, c->in[i], c->in[k])], c->own[i],
				c->own[k], o->focus != 0);
}

/* How far the draws of two tasks lie apart, and whether a visit may be for both. */
static void put_gap(const struct programme *p, struct programme_pair *pair)
{
	pair->gap = INT32_MAX;
	for (size_t i = 0; i < p->draws; i++) {
		for (size_t k = 0; k < p->draws && p->draw[i].task == pair->a; k++) {
			const struct task *a = programme_task(p, i), *b = programme_task(p, k);
			int32_t gap = p->year->day[p->draw[i].day].draw_on -
				      p->year->day[p->draw[k].day].draw_on;
			if (p->draw[k].task != pair->b)
				continue;
			gap = gap < 0 ? -gap : gap;
			pair->gap = gap < pair->gap ? gap : pair->gap;
			pair->meets |= gap == 0 && a->from <= b->to && b->from <= a->to;
		}
	}
}

/* Thousandths, and only what there is. */
static size_t close_pairs(struct counting *c)
{
	size_t tasks = c->p->year->tasks, n = 0, i = 0;

	for (uint32_t a = 0; a < tasks; a++) {
		for (uint32_t b = a + 1; b < tasks; b++, i++) {
			struct programme_pair pair = c->pair[i];
			if (pair.both == 0)
				continue;
			pair.a = a;
			pair.b = b;
			pair.expected /= PROGRAMME_PPM;
			pair.saved /= PROGRAMME_PPM;
			pair.repeats /= PROGRAMME_PPM;
			put_gap(c->p, &pair);
			c->pair[n++] = pair;
		}
	}
	return n;
}

/* ---- the end ---- */

static void count(struct counting *c, struct programme_result *out)
{
	const struct programme *p = c->p;
	size_t tasks = p->year->tasks;

	c->chance = chances(p, c->day);
	c->pair = arena_calloc(p->arena, tasks * (tasks + 1) / 2 + 1, sizeof *c->pair);
	c->in = arena_calloc(p->arena, tasks + 1, sizeof *c->in);
	c->own = arena_calloc(p->arena, tasks + 1, sizeof(void *));
	for (size_t row = 0; row < p->rows; row++) {
		const struct programme_object *o = programme_object(p, row);
		count_days(c, o);
		count_pairs(c, o);
	}
	for (size_t d = 0; d < p->year->days; d++) {
		c->day[d].merged /= PROGRAMME_PPM;
		c->day[d].separate /= PROGRAMME_PPM;
	}
	out->pairs = close_pairs(c);
	out->pair = c->pair;
}

void programme_end(struct programme *p, struct programme_result *out)
{
	struct programme_entries *day = arena_calloc(p->arena, p->year->days + 1, sizeof *day);
	struct counting c = { .p = p, .day = day };

	*out = (struct programme_result){ .rows = p->rows, .day = day };
	if (p->year->days == 0)
		return;
	for (size_t d = 0; d < p->year->days; d++)
		look_end(p->look[d], &day[d].look);
	count(&c, out);
	programme_caps(p, out);
	programme_levels(p, out);
}
