#include "planner/simulate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/backtest.h"
#include "planner/bound.h"
#include "sampler/base/bytes.h"
#include "sampler/select.h"

enum { THOUSAND = 1000, MILLION = 1000000, NO_CLASS = CLASSES };

const struct simulate_form simulate_form[SIMULATE_FIGURES] = {
	[SIMULATE_VISITS] = { "visits", "入企检查次数", "door entries", false, false },
	[SIMULATE_OFFSITE] = { "offsite", "非现场检查次数", "offsite checks", false, false },
	[SIMULATE_OBJECTS] = { "objects", "抽中的检查对象", "objects drawn", false, false },
	[SIMULATE_SEPARATE] = { "separate", "各部门分别入企的次数",
		"entries if every department went by itself", false, false },
	[SIMULATE_SAVED] = { "saved", "合并减少的入企次数", "entries saved by merging", false,
		false },
	[SIMULATE_JOINT] = { "joint", "部门联合检查次数", "entries of two or more departments",
		false, false },
	[SIMULATE_DEPARTMENTS] = { "departments_per_visit", "每次入企的部门数",
		"departments per entry", false, true },
	[SIMULATE_REPEATS] = { "repeats", "此前已被检查的主体再次入企",
		"entries to entities inspected before", false, false },
	[SIMULATE_AGAIN] = { "again", "同一主体的第二次及以后入企",
		"entries beyond the first of an entity", false, false },
	[SIMULATE_FINDINGS] = { "findings", "预计发现问题的检查",
		"entries with a finding, expected", false, true },
	[SIMULATE_RATED] = { "rated", "其中所属等级有既往检查结果的入企",
		"entries to classes with past outcomes", false, false },
	[SIMULATE_SLOTS] = { "slots", "所需的检查人次", "slots of inspectors", true, false },
	[SIMULATE_OPEN] = { "open", "无人可派的名额", "slots that nobody can fill", true, false },
	[SIMULATE_BUSIEST] = { "busiest", "一人最多的检查次数", "most slots of one inspector", true,
		false },
	[SIMULATE_IDLE] = { "idle", "没有检查任务的人员", "inspectors without a slot", true,
		false },
	[SIMULATE_UNPLACED] = { "unplaced", "排不进日程的检查", "visits without a half-day", true,
		false },
};

/* What is known of every object before any seed. */
struct known {
	uint8_t *class; /* 0 … 3, NO_CLASS */
	uint64_t *before; /* bits: its entity was inspected before */
	uint32_t *entity; /* the first object of its entity */
};

/* The tasks of a field or department, and its population. */
struct part_tasks {
	const char *kind;
	struct bytes code, name;
	uint64_t population;
};

/* Lines of a department's inspectors. */
enum { STAFF_SLOTS, STAFF_OPEN, STAFF_IDLE, STAFF_BUSIEST, STAFF_LINES };

struct simulating {
	const struct simulate_input *in;
	struct arena *arena;
	struct known known;
	uint32_t parts, fields, departments; /* of parts: classes and U first, then fields … */
	struct part_tasks *part;
	uint8_t *of_field; /* task * fields + field: has the task an item of it? */
	uint64_t *value; /* figure * seeds + seed, then part * seeds + seed, then STAFF_* of each
			  * department */
	uint32_t *inspectors; /* of each department */
	struct backtest *backtest; /* NULL: none */
	uint32_t *seen; /* by object: the last seed in which its entity was entered */
};

void simulate_keys(uint32_t seed, struct seed_keys *keys)
{
	ARENA_AUTO a = arena_new();
	struct buf text = buf_new(a, 64);

	buf_str(&text, "drawd/simulate/v1\n");
	buf_u64(&text, seed);
	buf_byte(&text, '\n');
	seed_derive(buf_view(&text), keys);
}

/* ---- before the seeds ---- */

static void learn(struct simulating *s)
{
	const struct frame *f = s->in->frame;
	struct bytes fact[FRAME_FACTS];
	const uint32_t *member;

	s->known.class = arena_calloc(s->arena, f->n + 1, 1);
	s->known.before = arena_calloc(s->arena, f->n / 64 + 1, sizeof(uint64_t));
	s->known.entity = arena_calloc(s->arena, f->n + 1, sizeof(uint32_t));
	for (size_t i = 0; i < f->n; i++) {
		frame_facts(f, i, fact);
		s->known.class[i] = fact[FACT_CLASS].n == 1 ? (uint8_t)(fact[FACT_CLASS].p[0] - 'A')
							    : (uint8_t)NO_CLASS;
		if (fact[FACT_ENTERED].n > 0 || fact[FACT_CHECKED].n > 0)
			s->known.before[i / 64] |= UINT64_C(1) << (i % 64);
		s->known.entity[i] = frame_group(f, i, &member) > 0 ? member[0] : (uint32_t)i;
	}
}

static void add_part(struct simulating *s, const char *kind, struct bytes code, struct bytes name)
{
	s->part[s->parts++] = (struct part_tasks){ kind, code, name, 0 };
}

static void make_parts(struct simulating *s)
{
	static const char *const class_name[] = { "A", "B", "C", "D", "U" };
	const struct policy *p = s->in->policy;

	s->fields = p->field_count;
	s->departments = p->department_count;
	s->part =
		arena_calloc(s->arena, NO_CLASS + 2 + s->fields + s->departments, sizeof *s->part);
	for (uint32_t c = 0; c <= NO_CLASS; c++)
		add_part(s, "class", bytes_of(class_name[c]), bytes_of(class_name[c]));
	for (uint32_t k = 0; k < s->fields; k++)
		add_part(s, "field", p->fields[k].code, p->fields[k].name);
	for (uint32_t d = 0; d < s->departments; d++)
		add_part(s, "department", p->departments[d].code, p->departments[d].name);
	s->of_field = arena_calloc(s->arena, (size_t)p->task_count * (s->fields + 1) + 1, 1);
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < p->tasks[t].item_count; i++)
			if (p->items[p->tasks[t].items[i]].field >= 0)
				s->of_field[t * s->fields +
					    (uint32_t)p->items[p->tasks[t].items[i]].field] = 1;
}

/* Marks the parts of a task that is in scope of an object. */
static void mark(const struct simulating *s, uint32_t task, uint8_t *hit)
{
	const struct task *t = &s->in->policy->tasks[task];

	for (uint32_t k = 0; k < s->fields; k++)
		hit[k] |= s->of_field[task * s->fields + k];
	for (uint32_t d = 0; d < t->department_count; d++)
		hit[s->fields + t->departments[d]] = 1;
}

static void count_population(struct simulating *s)
{
	const struct frame *f = s->in->frame;
	size_t marks = (size_t)s->fields + s->departments;
	uint8_t *hit = arena_calloc(s->arena, marks + 1, 1);

	for (size_t i = 0; i < f->n; i++) {
		bool any = false;
		memset(hit, 0, marks);
		for (size_t t = 0; t < f->tasks; t++) {
			if (frame_cell(f, i, t) == STRATUM_OUT)
				continue;
			any = true;
			mark(s, (uint32_t)t, hit);
		}
		s->part[s->known.class[i]].population += any;
		for (size_t k = 0; k < marks; k++)
			s->part[NO_CLASS + 1 + k].population += hit[k];
	}
}

/* ---- one seed ---- */

struct seed_run {
	struct arena *arena;
	struct seed_keys keys;
	struct tickets tickets;
	struct drawn drawn;
	struct draws draws;
	struct visits visits;
	struct plan_figures figures;
	struct plan *plan; /* NULL without a pool */
};

static uint64_t *value_of(const struct simulating *s, uint32_t line, uint32_t seed)
{
	return &s->value[(size_t)line * s->in->seeds + seed];
}

static bool draw(const struct simulating *s, struct seed_run *r, const struct draw_order *order,
	struct err *e)
{
	const struct simulate_input *in = s->in;
	struct selection selection;

	units_numbers(&r->tickets, in->frame, &r->keys, order->by_entity, r->arena);
	if (!select_draw(&selection, in->frame, &r->tickets, order, &r->keys, r->arena, e))
		return false;
	select_by_object(&r->drawn, &selection, in->frame, r->arena);
	draws_of_frame(&r->draws, r->arena, in->policy, in->frame, &r->drawn);
	return true;
}

static bool arrange(const struct simulating *s, struct seed_run *r, struct err *e)
{
	struct plan_input *input;

	if (s->in->pool == NULL)
		return merge_visits(&r->visits, r->arena, s->in->policy, &r->draws, e);
	input = arena_calloc(r->arena, 1, sizeof *input);
	*input = (struct plan_input){ s->in->policy, r->draws, *s->in->pool, &r->keys };
	r->plan = arena_calloc(r->arena, 1, sizeof *r->plan);
	if (!plan_make(r->plan, r->arena, input, e))
		return false;
	r->visits = r->plan->visits;
	return true;
}

static uint64_t *staff_of(
	const struct simulating *s, uint32_t department, uint32_t line, uint32_t seed)
{
	return value_of(s, SIMULATE_FIGURES + s->parts + department * STAFF_LINES + line, seed);
}

/* What every inspector has to do. */
static void note_people(const struct simulating *s, const struct plan *plan, uint32_t seed)
{
	uint64_t *busiest = value_of(s, SIMULATE_BUSIEST, seed);

	for (uint32_t d = 0; d < s->departments; d++)
		s->inspectors[d] = 0;
	for (uint32_t i = 0; i < plan->pool.n; i++) {
		uint32_t used = plan->shp.used[i], d = plan->pool.at[i].department_index;
		*busiest = used > *busiest ? used : *busiest;
		*value_of(s, SIMULATE_IDLE, seed) += used == 0;
		if (d == UINT32_MAX)
			continue;
		uint64_t *most = staff_of(s, d, STAFF_BUSIEST, seed);
		s->inspectors[d]++;
		*most = used > *most ? used : *most;
		*staff_of(s, d, STAFF_IDLE, seed) += used == 0;
	}
}

static void note_slots(const struct simulating *s, const struct plan *plan, uint32_t seed)
{
	for (uint32_t i = 0; i < plan->assignments.n; i++) {
		uint32_t d = plan->assignments.at[i].department;
		uint32_t from = plan->shp.slot_start[i], to = plan->shp.slot_start[i + 1];
		*staff_of(s, d, STAFF_SLOTS, seed) += to - from;
		for (uint32_t k = from; k < to; k++)
			*staff_of(s, d, STAFF_OPEN, seed) += plan->shp.slot[k] == SHP_OPEN;
	}
}

static void note_plan(const struct simulating *s, const struct seed_run *r, uint32_t seed)
{
	uint32_t unplaced = 0;

	for (uint32_t i = 0; i < r->visits.n; i++)
		unplaced += r->plan->half[i] == HALF_NONE;
	*value_of(s, SIMULATE_SLOTS, seed) = r->plan->shp.slots;
	*value_of(s, SIMULATE_OPEN, seed) = r->plan->shp.open;
	*value_of(s, SIMULATE_UNPLACED, seed) = unplaced;
	note_people(s, r->plan, seed);
	note_slots(s, r->plan, seed);
}

/* What the visits mean for those who get them. */
static void note_visits(struct simulating *s, const struct seed_run *r, uint32_t seed)
{
	uint64_t repeats = 0, again = 0, joint = 0, findings = 0, rated = 0;
	const uint32_t departments = SIMULATE_FIGURES + NO_CLASS + 1 + s->fields;

	for (uint32_t i = 0; i < r->visits.n; i++) {
		const struct visit *v = &r->visits.at[i];
		uint32_t object = r->drawn.object[v->object];
		uint32_t class = s->known.class[object];
		uint32_t *seen = &s->seen[s->known.entity[object]];
		for (uint32_t d = 0; d < v->department_count; d++)
			++*value_of(s, departments + v->departments[d], seed);
		if (v->offsite)
			continue;
		joint += v->department_count > 1;
		repeats += s->known.before[object / 64] >> object % 64 & 1;
		class = class < NO_CLASS ? class : s->in->policy->class_missing;
		findings += s->in->finding[class];
		rated += s->in->rated[class];
		again += *seen == seed + 1;
		*seen = seed + 1;
	}
	*value_of(s, SIMULATE_JOINT, seed) = joint;
	*value_of(s, SIMULATE_REPEATS, seed) = repeats;
	*value_of(s, SIMULATE_AGAIN, seed) = again;
	*value_of(s, SIMULATE_FINDINGS, seed) = findings / (MILLION / THOUSAND);
	*value_of(s, SIMULATE_RATED, seed) = rated;
}

/* Who is drawn, by class and by field. */
static void note_coverage(const struct simulating *s, const struct seed_run *r, uint32_t seed)
{
	for (size_t j = 0; j < r->drawn.n; j++) {
		uint8_t class = s->known.class[r->drawn.object[j]];
		++*value_of(s, SIMULATE_FIGURES + class, seed);
		for (uint32_t k = 0; k < s->fields; k++) {
			bool hit = false;
			for (size_t t = r->drawn.first[j]; t < r->drawn.first[j + 1] && !hit; t++)
				hit = s->of_field[r->drawn.task[t] * s->fields + k] != 0;
			*value_of(s, SIMULATE_FIGURES + NO_CLASS + 1 + k, seed) += hit;
		}
	}
}

static void note_merge(const struct simulating *s, struct seed_run *r, uint32_t seed)
{
	merge_figures(&r->figures, s->in->policy, &r->draws, &r->visits);
	const struct plan_figures *f = &r->figures;
	*value_of(s, SIMULATE_VISITS, seed) = f->visits;
	*value_of(s, SIMULATE_OFFSITE, seed) = f->offsite;
	*value_of(s, SIMULATE_OBJECTS, seed) = f->objects;
	*value_of(s, SIMULATE_SEPARATE, seed) = f->department_pairs;
	*value_of(s, SIMULATE_SAVED, seed) =
		f->department_pairs > f->visits ? f->department_pairs - f->visits : 0;
	*value_of(s, SIMULATE_DEPARTMENTS, seed) =
		f->visits > 0 ? f->assignments * THOUSAND / f->visits : 0;
}

static bool run_seed(struct simulating *s, uint32_t seed, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct seed_run r = { .arena = a };

	simulate_keys(seed + 1, &r.keys);
	if (!draw(s, &r, &s->in->strata->order, e) || !arrange(s, &r, e))
		return false;
	note_merge(s, &r, seed);
	note_visits(s, &r, seed);
	note_coverage(s, &r, seed);
	if (s->backtest != NULL)
		backtest_seed(s->backtest, &r.drawn, seed);
	if (r.plan != NULL)
		note_plan(s, &r, seed);
	return true;
}

/* ---- independent draws ---- */

/* The keys of a task that draws by itself: the seed's number and the task's together. */
static void own_keys(uint32_t seed, uint32_t task, struct seed_keys *keys)
{
	simulate_keys((seed + 1) * (POLICY_TASKS_MAX + 1) + task + 1, keys);
}

/* What it draws then: of strata that it shares as many as of its own. */
static void alone_quotas(const struct simulating *s, uint32_t task, uint64_t *out)
{
	const struct policy *p = s->in->policy;
	const struct task *t = &p->tasks[task];
	const struct draw_order *order = &s->in->strata->order;
	size_t from = (size_t)task * FRAME_STRATA;

	for (size_t i = 0; i < FRAME_STRATA; i++)
		out[from + i] = t->shared ? quota(order->units[from + i],
						    quota_ratio(p, t, (enum stratum)i),
						    (enum rounding)p->rounding)
					  : order->quota[from + i];
}

/* Entries of a task that drew alone: an entry for each object drawn onsite. */
static bool count_alone(
	const struct simulating *s, uint32_t seed, uint32_t task, uint64_t *entries, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct seed_run r = { .arena = a };
	size_t cells = (size_t)s->in->policy->task_count * FRAME_STRATA;
	uint64_t *quota = arena_calloc(a, cells + 1, sizeof *quota);
	struct draw_order order = s->in->strata->order;

	alone_quotas(s, task, quota);
	order.quota = quota;
	order.together = NULL;
	own_keys(seed, task, &r.keys);
	if (!draw(s, &r, &order, e))
		return false;
	for (uint32_t i = 0; i < r.draws.n; i++)
		*entries += r.draws.at[i].tasks[0].onsite;
	return true;
}

static bool run_alone(struct simulating *s, struct simulation *out, struct err *e)
{
	uint32_t n = s->in->independent < s->in->seeds ? s->in->independent : s->in->seeds;
	uint64_t *value = arena_calloc(s->arena, (size_t)n + 1, sizeof *value);

	for (uint32_t seed = 0; seed < n; seed++)
		for (uint32_t t = 0; t < s->in->policy->task_count; t++)
			if (!count_alone(s, seed, t, &value[seed], e))
				return false;
	out->independent_seeds = n;
	simulate_spread_of(&out->independent, value, n);
	return true;
}

/* ---- over the seeds ---- */

static int compare_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

void simulate_spread_of(struct simulate_spread *s, uint64_t *value, uint32_t n)
{
	uint64_t sum = 0;

	*s = (struct simulate_spread){ 0, 0, 0 };
	if (n == 0)
		return;
	qsort(value, n, sizeof *value, compare_value);
	for (uint32_t i = 0; i < n; i++)
		sum += value[i];
	s->mean = (2 * sum * THOUSAND + n) / (2 * (uint64_t)n);
	s->low = value[(uint64_t)(n - 1) * 25 / 1000];
	s->high = value[((uint64_t)(n - 1) * 975 + 999) / 1000];
}

static void summarise(struct simulating *s, struct simulation *out)
{
	for (uint32_t i = 0; i < SIMULATE_FIGURES; i++)
		simulate_spread_of(&out->figure[i], value_of(s, i, 0), s->in->seeds);
	struct simulate_part *part = arena_calloc(s->arena, s->parts + 1, sizeof *part);
	for (uint32_t i = 0; i < s->parts; i++) {
		part[i] = (struct simulate_part){ .kind = s->part[i].kind,
			.code = s->part[i].code,
			.name = s->part[i].name,
			.population = s->part[i].population };
		simulate_spread_of(
			&part[i].drawn, value_of(s, SIMULATE_FIGURES + i, 0), s->in->seeds);
	}
	out->parts = s->parts;
	out->part = part;
}

static void summarise_staff(const struct simulating *s, struct simulation *out)
{
	const struct department *of = s->in->policy->departments;
	struct simulate_staff *staff = arena_calloc(s->arena, s->departments + 1, sizeof *staff);

	for (uint32_t d = 0; d < s->departments; d++) {
		struct simulate_spread spread[STAFF_LINES];
		for (uint32_t i = 0; i < STAFF_LINES; i++)
			simulate_spread_of(&spread[i], staff_of(s, d, i, 0), s->in->seeds);
		staff[d] = (struct simulate_staff){ of[d].code, of[d].name, s->inspectors[d],
			spread[STAFF_SLOTS], spread[STAFF_OPEN], spread[STAFF_IDLE],
			spread[STAFF_BUSIEST] };
	}
	out->staffs = s->departments;
	out->staff = staff;
}

static void make_room(struct simulating *s)
{
	const struct simulate_input *in = s->in;
	size_t lines = SIMULATE_FIGURES + s->parts +
		       (in->pool != NULL ? STAFF_LINES * (size_t)s->departments : 0);

	s->value = arena_calloc(s->arena, lines * in->seeds + 1, sizeof *s->value);
	s->seen = arena_calloc(s->arena, in->frame->n + 1, sizeof *s->seen);
	s->inspectors = arena_calloc(s->arena, s->departments + 1, sizeof *s->inspectors);
	if (in->past != NULL)
		s->backtest = backtest_start(
			in->policy, in->frame, s->known.class, in->past, in->seeds, s->arena);
}

static void finish(struct simulating *s, struct simulation *out)
{
	const struct simulate_input *in = s->in;

	summarise(s, out);
	if (in->pool != NULL)
		summarise_staff(s, out);
	if (s->backtest != NULL) {
		struct backtest_result *past = arena_calloc(s->arena, 1, sizeof *past);
		backtest_end(s->backtest, past);
		out->past = past;
	}
	out->bound = bound_of(in->policy, in->strata, in->frame) / MILLION;
}

bool simulate(
	struct simulation *out, const struct simulate_input *in, struct arena *a, struct err *e)
{
	struct simulating s = { .in = in, .arena = a };

	assert(in->seeds > 0 && in->seeds <= SIMULATE_SEEDS_MAX);
	*out = (struct simulation){ .seeds = in->seeds, .staffed = in->pool != NULL };
	learn(&s);
	make_parts(&s);
	count_population(&s);
	make_room(&s);
	for (uint32_t seed = 0; seed < in->seeds; seed++)
		if (!run_seed(&s, seed, e) ||
			(in->progress != NULL && !in->progress(in->ctx, seed + 1, e)))
			return false;
	if (!run_alone(&s, out, e))
		return false;
	finish(&s, out);
	return true;
}
