/* Visits, inspectors and calendar against the golden vectors of the second implementation. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/calendar.h"
#include "planner/civil.h"
#include "planner/merge.h"
#include "planner/plan.h"
#include "planner/slotkeys.h"
#include "sampler/base/text.h"
#include "sampler/type.h"
#include "tests/unit/vectors.h"

enum { MOST = 512 };

static uint32_t split(struct bytes text, struct bytes *part)
{
	uint32_t n = 0;
	while (type_next_member(&text, &part[n]))
		assert_true(++n < MOST);
	return n;
}

static int32_t day_of(struct bytes text)
{
	int32_t day = 0;
	assert_true(civil_parse(text, &day));
	return day;
}

/* The next line of a block: the one that is open, or a fresh one. */
struct reader {
	struct vectors v;
	struct vector line;
};

static bool next(struct reader *r)
{
	return vectors_next(&r->v, &r->line);
}

static bool at(const struct reader *r, const char *tag)
{
	return bytes_is(r->line.field[0], tag);
}

/* ---- visits.txt ------------------------------------------------------------------------------ */

static uint32_t code_index(const struct policy *p, struct bytes code)
{
	int64_t i = policy_department(p, code);
	assert_true(i >= 0);
	return (uint32_t)i;
}

static void read_departments(struct reader *r, struct policy *p, struct arena *a)
{
	p->departments = arena_calloc(a, MOST, sizeof *p->departments);
	for (; at(r, "department"); next(r)) {
		struct department *d = &p->departments[p->department_count++];
		d->code = r->line.field[1];
		assert_true(prefixes_parse(&d->regions, a, r->line.field[2]));
		assert_true(list_parse(&d->apart_codes, a, r->line.field[3]));
	}
	for (uint32_t d = 0; d < p->department_count; d++) {
		struct department *own = &p->departments[d];
		uint32_t *apart = arena_calloc(a, own->apart_codes.n + 1, sizeof *apart);
		for (uint32_t i = 0; i < own->apart_codes.n; i++)
			apart[own->apart_count++] = code_index(p, own->apart_codes.at[i]);
		own->apart = apart;
	}
}

static uint32_t way_of(struct bytes name)
{
	uint32_t way = WAY_ONSITE;
	while (way < WAY_OFFSITE && !bytes_is(name, task_way_name((enum task_way)way)))
		way++;
	assert_true(bytes_is(name, task_way_name((enum task_way)way)));
	return way;
}

static struct span span_of(struct bytes text)
{
	assert_int_equal(text.n, 22);
	return (struct span){ day_of((struct bytes){ text.p, 10 }),
		day_of((struct bytes){ text.p + 12, 10 }) };
}

static struct batches batches_of(struct bytes text, struct arena *a)
{
	struct bytes range[MOST];
	uint32_t n = split(text, range);
	struct span *span = arena_calloc(a, n + 1, sizeof *span);
	for (uint32_t i = 0; i < n; i++)
		span[i] = span_of(range[i]);
	return (struct batches){ n, span };
}

static void read_head(struct reader *r, struct policy *p, struct arena *a)
{
	enum stratum missing = STRATUM_OUT;
	assert_true(at(r, "most"));
	p->visits_departments = (uint32_t)vectors_u64(r->line.field[1]);
	next(r);
	assert_true(at(r, "missing") && stratum_of(r->line.field[1], &missing));
	p->class_missing = (uint32_t)missing;
	next(r);
	assert_true(at(r, "focus") && list_parse(&p->focus_labels, a, r->line.field[1]));
	next(r);
}

static void read_tasks(struct reader *r, struct policy *p, struct arena *a)
{
	p->tasks = arena_calloc(a, MOST, sizeof *p->tasks);
	for (; at(r, "task"); next(r)) {
		struct task *t = &p->tasks[p->task_count++];
		struct bytes code[MOST], way[MOST];
		uint32_t n = split(r->line.field[6], code);
		uint32_t *departments = arena_calloc(a, n + 1, sizeof *departments);
		for (uint32_t i = 0; i < n; i++)
			departments[i] = code_index(p, code[i]);
		*t = (struct task){ .code = r->line.field[1],
			.from = day_of(r->line.field[3]),
			.to = day_of(r->line.field[4]),
			.batches = batches_of(r->line.field[7], a),
			.lead = code_index(p, r->line.field[5]),
			.departments = departments,
			.department_count = n };
		assert_int_equal(split(r->line.field[2], way), CLASSES);
		for (uint32_t c = 0; c < CLASSES; c++)
			t->mode[c] = way_of(way[c]);
	}
}

/* `drawn TASK STRATUM BATCH`: what draws_read makes of a row of `selection`. */
static void read_drawn(struct reader *r, const struct policy *p, struct plan_object *object,
	struct bytes labels, struct arena *a)
{
	struct drawn_task *drawn = arena_calloc(a, MOST, sizeof *drawn);
	bool focus = merge_focus(p, labels);

	for (; at(r, "drawn"); next(r)) {
		struct drawn_task *d = &drawn[object->task_count++];
		enum stratum stratum = STRATUM_OUT;
		uint64_t batch = vectors_u64(r->line.field[3]);
		d->task = (uint32_t)policy_task(p, r->line.field[1]);
		assert_true(stratum_of(r->line.field[2], &stratum));
		const struct task *t = &p->tasks[d->task];
		d->onsite = merge_onsite(p, t, stratum, focus);
		d->from = batch > 0 ? t->batches.at[batch - 1].from : t->from;
		d->to = batch > 0 ? t->batches.at[batch - 1].to : t->to;
	}
	object->tasks = drawn;
}

/* The visits of a block stand by number, ours by ordinal as text. */
static const struct visit *with_ordinal(const struct visits *v, uint64_t ordinal)
{
	uint32_t i = 0;
	while (i < v->n && v->at[i].ordinal != ordinal)
		i++;
	assert_true(i < v->n);
	return &v->at[i];
}

static void same_visit(
	const struct visit *v, const struct policy *p, const struct vector *line, struct arena *a)
{
	struct buf tasks = buf_new(a, 0), departments = buf_new(a, 0);
	assert_int_equal(v->offsite, bytes_is(line->field[2], "offsite"));
	assert_int_equal(v->from, day_of(line->field[3]));
	assert_int_equal(v->to, day_of(line->field[4]));
	assert_true(bytes_equal(p->departments[v->lead].code, line->field[5]));
	visit_put_tasks(&tasks, p, v);
	visit_put_departments(&departments, p, v);
	assert_true(bytes_equal(buf_view(&tasks), line->field[6]));
	assert_true(bytes_equal(buf_view(&departments), line->field[7]));
}

static void one_merge(struct reader *r)
{
	ARENA_AUTO a = arena_new();
	struct policy p = { 0 };
	struct plan_object object = { 0 };
	struct draws d = { .n = 1, .at = &object };
	struct visits v;
	struct err e = { 0 };
	uint32_t count = 0;

	next(r);
	read_departments(r, &p, a);
	read_head(r, &p, a);
	read_tasks(r, &p, a);
	assert_true(at(r, "object"));
	object.object = r->line.field[1];
	object.region = r->line.field[2];
	struct bytes labels = r->line.field[3];
	next(r);
	read_drawn(r, &p, &object, labels, a);
	assert_true(merge_visits(&v, a, &p, &d, &e));
	for (; at(r, "visit"); next(r), count++)
		same_visit(with_ordinal(&v, vectors_u64(r->line.field[1])), &p, &r->line, a);
	assert_true(at(r, "end"));
	assert_int_equal(count, v.n);
}

static void visits_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader r = { .v = vectors_open("visits.txt", a) };
	uint32_t blocks = 0;
	for (; next(&r); blocks++) {
		assert_true(at(&r, "case"));
		one_merge(&r);
	}
	assert_true(blocks > 50);
}

/* ---- shp.txt --------------------------------------------------------------------------------- */

struct shp_case {
	struct policy policy;
	struct department department;
	struct pool pool;
	struct person person[MOST];
	struct visits visits;
	struct visit visit[4 * MOST];
	struct assignments assignments;
	struct assignment assignment[4 * MOST];
	struct seed_keys keys;
	uint32_t limit[MOST];
	uint8_t places[4 * MOST];
	uint32_t start[4 * MOST + 1];
	uint32_t to[64 * MOST];
};

static void read_shp_head(struct reader *r, struct shp_case *c)
{
	next(r);
	c->policy.inspectors_slack = (uint32_t)vectors_u64(r->line.field[1]);
	next(r);
	memcpy(c->keys.k[KEY_SLOT], r->line.field[1].p, 64);
	memcpy(c->keys.k[KEY_CANDIDATE], r->line.field[2].p, 64);
	next(r);
	c->department.code = r->line.field[1];
	c->policy.departments = &c->department;
	c->policy.department_count = 1;
	c->pool.at = c->person;
	for (next(r); at(r, "inspector"); next(r)) {
		assert_true(c->pool.n < MOST);
		c->limit[c->pool.n] = (uint32_t)vectors_u64(r->line.field[2]);
		c->person[c->pool.n++].id = r->line.field[1];
	}
}

static void read_shp_assignments(struct reader *r, struct shp_case *c)
{
	uint32_t n = 0, edges = 0;
	for (; at(r, "assignment"); next(r), n++) {
		struct bytes id[MOST];
		uint32_t eligible = split(r->line.field[4], id);
		assert_true(n < 4 * MOST && edges + eligible < 64 * MOST);
		c->visit[n].ordinal = (uint32_t)vectors_u64(r->line.field[2]);
		c->assignment[n] = (struct assignment){ .visit = n, .object = r->line.field[1] };
		c->places[n] = (uint8_t)vectors_u64(r->line.field[3]);
		for (uint32_t i = 0; i < eligible; i++)
			c->to[edges++] = (uint32_t)pool_find(&c->pool, id[i]);
		c->start[n + 1] = edges;
	}
	c->visits = (struct visits){ .n = n, .at = c->visit };
	c->assignments = (struct assignments){ .n = n, .at = c->assignment };
}

static void same_shp(struct reader *r, const struct shp_case *c, const struct shp_result *s)
{
	uint32_t slots = 0, persons = 0;
	for (; at(r, "slot"); next(r), slots++) {
		uint32_t k = 0;
		while (!bytes_equal(c->assignment[k].object, r->line.field[1]) ||
			c->visit[k].ordinal != vectors_u64(r->line.field[2]))
			assert_true(++k < c->visits.n);
		uint32_t who = s->slot[s->slot_start[k] + vectors_u64(r->line.field[3]) - 1];
		struct bytes id = who == SHP_OPEN ? BYTES("") : c->person[who].id;
		assert_true(bytes_equal(id, r->line.field[4]));
	}
	assert_int_equal(slots, s->slots);
	for (; at(r, "capacity"); next(r), persons++) {
		int64_t i = pool_find(&c->pool, r->line.field[1]);
		assert_true(i >= 0);
		assert_int_equal(s->first[i], vectors_u64(r->line.field[2]));
		assert_int_equal(s->final[i], vectors_u64(r->line.field[3]));
		assert_int_equal(s->used[i], vectors_u64(r->line.field[4]));
		assert_int_equal(s->tier[i], vectors_u64(r->line.field[5]));
	}
	assert_int_equal(persons, c->pool.n);
}

static void one_shp(struct reader *r)
{
	ARENA_AUTO a = arena_new();
	struct shp_case *c = arena_calloc(a, 1, sizeof *c);
	struct slot_keys keys = {
		.policy = &c->policy, .visits = &c->visits, .assignments = &c->assignments
	};
	struct shp_result s;
	read_shp_head(r, c);
	read_shp_assignments(r, c);
	slot_keys_init(&keys, a, &c->keys, &c->pool);
	struct shp_graph g = { .assignments = c->visits.n,
		.inspectors = c->pool.n,
		.start = c->start,
		.to = c->to,
		.places = c->places,
		.limit = c->limit,
		.slack = c->policy.inspectors_slack,
		.keys = &keys,
		.slot_key = slot_key,
		.candidate_keys = slot_candidate_keys };
	shp_run(&s, a, &g);
	same_shp(r, c, &s);
	assert_true(at(r, "end"));
}

static void inspectors_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader r = { .v = vectors_open("shp.txt", a) };
	uint32_t blocks = 0;
	for (; next(&r); blocks++) {
		assert_true(at(&r, "case"));
		one_shp(&r);
	}
	assert_true(blocks > 50);
}

/* ---- schedule.txt ---------------------------------------------------------------------------- */

struct schedule_case {
	struct pool pool;
	int32_t day[MOST];
	struct person person[MOST];
	struct visits visits;
	struct visit visit[MOST];
	struct bytes object[MOST], region[MOST];
	uint32_t start[MOST + 1], crew[4 * MOST];
};

static void read_people(struct reader *r, struct schedule_case *c, struct arena *a)
{
	c->pool.day = c->day;
	c->pool.at = c->person;
	for (next(r); at(r, "day"); next(r)) {
		assert_true(c->pool.days < MOST);
		c->day[c->pool.days++] = day_of(r->line.field[1]);
	}
	for (; at(r, "inspector"); next(r)) {
		struct bytes leave[MOST];
		uint32_t n = split(r->line.field[2], leave);
		struct run *run = arena_calloc(a, n + 1, sizeof *run);
		for (uint32_t i = 0; i < n; i++)
			run[i] = pool_window(&c->pool, day_of((struct bytes){ leave[i].p, 10 }),
				day_of((struct bytes){ leave[i].p + 12, 10 }));
		c->person[c->pool.n++] =
			(struct person){ .id = r->line.field[1], .leave = run, .leave_count = n };
	}
}

static void read_visits(struct reader *r, struct schedule_case *c)
{
	uint32_t people = 0;
	c->visits.at = c->visit;
	for (; at(r, "visit"); next(r)) {
		struct bytes id[MOST];
		uint32_t n = split(r->line.field[7], id), k = c->visits.n++;
		assert_true(k < MOST && people + n < 4 * MOST);
		c->object[k] = r->line.field[1];
		c->visit[k] = (struct visit){ .ordinal = (uint32_t)vectors_u64(r->line.field[2]),
			.from = day_of(r->line.field[3]),
			.to = day_of(r->line.field[4]),
			.offsite = bytes_is(r->line.field[5], "offsite") };
		c->region[k] = r->line.field[6];
		for (uint32_t i = 0; i < n; i++)
			c->crew[people++] = (uint32_t)pool_find(&c->pool, id[i]);
		c->start[k + 1] = people;
	}
}

static void one_schedule(struct reader *r)
{
	ARENA_AUTO a = arena_new();
	struct schedule_case *c = arena_calloc(a, 1, sizeof *c);
	read_people(r, c, a);
	read_visits(r, c);
	struct crews crews = { .start = c->start, .person = c->crew };
	const uint32_t *half = calendar_place(a, &c->visits, &c->pool, &crews, c->region);
	uint32_t count = 0;
	for (; at(r, "half"); next(r), count++) {
		uint32_t k = 0;
		while (!bytes_equal(c->object[k], r->line.field[1]) ||
			c->visit[k].ordinal != vectors_u64(r->line.field[2]))
			assert_true(++k < c->visits.n);
		if (r->line.field[3].n == 0) {
			assert_int_equal(half[k], HALF_NONE);
			continue;
		}
		assert_int_not_equal(half[k], HALF_NONE);
		assert_int_equal(c->day[half[k] / 2], day_of(r->line.field[3]));
		assert_true(bytes_is(r->line.field[4], half_name(half[k])));
	}
	assert_int_equal(count, c->visits.n);
	assert_true(at(r, "end"));
}

/* `leader LEAD FILLED INSPECTOR`, FILLED being department/place/inspector: a plan of one visit. */
static void one_leader(const struct vector *line)
{
	struct bytes filled[MOST], id[MOST] = { { NULL, 0 } };
	struct department department[MOST] = { { .name = { NULL, 0 } } };
	struct assignment assignment[MOST] = { { .visit = 0 } };
	uint32_t slot[MOST], slot_start[MOST] = { 0 }, n = split(line->field[2], filled), last = 0;
	struct visit visit = { .lead = UINT32_MAX };
	memset(slot, 0xff, sizeof slot);
	for (uint32_t i = 0; i < n; i++) {
		bool more;
		uint64_t place;
		struct bytes code = bytes_cut(&filled[i], '/', &more);
		assert_true(text_u64(bytes_cut(&filled[i], '/', &more), SHP_PLACES, &place));
		if (i == 0 || !bytes_equal(department[last - 1].code, code)) {
			department[last].code = code;
			assignment[last].department = last;
			slot_start[last + 1] = slot_start[last] + SHP_PLACES;
			visit.lead = bytes_equal(code, line->field[1]) ? last : visit.lead;
			last++;
		}
		id[i] = filled[i];
		slot[slot_start[last - 1] + place - 1] = i;
	}
	uint32_t visit_start[2] = { 0, last };
	struct plan plan = { .visits = { .n = 1, .at = &visit },
		.assignments = { .n = last, .at = assignment, .visit_start = visit_start },
		.shp = { .slot = slot, .slot_start = slot_start } };
	uint32_t leader = plan_leader(&plan, 0);
	assert_true(bytes_equal(leader == SHP_OPEN ? BYTES("") : id[leader], line->field[3]));
}

static void schedules_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader r = { .v = vectors_open("schedule.txt", a) };
	uint32_t blocks = 0, leaders = 0;
	while (next(&r)) {
		if (at(&r, "leader")) {
			one_leader(&r.line);
			leaders++;
			continue;
		}
		assert_true(at(&r, "case"));
		one_schedule(&r);
		blocks++;
	}
	assert_true(blocks > 20 && leaders > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(visits_agree),
		cmocka_unit_test(inspectors_agree),
		cmocka_unit_test(schedules_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
