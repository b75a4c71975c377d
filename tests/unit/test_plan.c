/* The plan as a whole: same input, same bytes; hard rules, tampering, explanations. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "planner/why.h"
#include "sampler/sha256.h"
#include "sampler/table.h"
#include "tests/unit/planworld.h"

static const struct world_size sizes[] = {
	{ .objects = 150,
		.inspectors = 60,
		.departments = 6,
		.regions = 2,
		.slack = 130,
		.limit = 9999,
		.roaming = 30,
		.days = 120,
		.seed = 1 },
	{ .objects = 150,
		.inspectors = 40,
		.departments = 6,
		.regions = 2,
		.slack = 100,
		.limit = 9999,
		.roaming = 20,
		.days = 40,
		.seed = 2 },
	{ .objects = 120,
		.inspectors = 40,
		.departments = 4,
		.regions = 1,
		.slack = 120,
		.limit = 4,
		.roaming = 50,
		.days = 120,
		.seed = 3 },
	{ .objects = 40,
		.inspectors = 3,
		.departments = 2,
		.regions = 3,
		.slack = 130,
		.limit = 9999,
		.roaming = 0,
		.days = 10,
		.seed = 4 },
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void make(struct world *w, struct plan *plan, struct arena *a, const struct world_size *size)
{
	struct err e = { 0 };
	world_make(w, a, size);
	if (!plan_make(plan, a, &w->in, &e))
		fail_msg("%s: %s", e.where, e.what);
}

/* Addresses differ between the two, and what lies in memory that was not cleared. */
static void same_input_gives_the_same_bytes(void **unused)
{
	(void)unused;
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		ARENA_AUTO b = arena_new();
		struct world one, two;
		struct plan p, q;
		make(&one, &p, a, &sizes[k]);
		for (size_t i = 0; i < 100; i++)
			memset(arena_alloc(b, 1000 * i), 0xa5, 1000 * i);
		make(&two, &q, b, &sizes[k]);
		assert_true(bytes_equal(p.made.visits, q.made.visits));
		assert_true(bytes_equal(p.made.slots, q.made.slots));
		assert_true(bytes_equal(p.made.capacity, q.made.capacity));
		assert_true(bytes_equal(p.made.schedule, q.made.schedule));
		uint8_t hash[32];
		sha256(p.made.slots.p, p.made.slots.n, hash);
		assert_memory_equal(hash, q.slots_hash, 32);
		assert_true(p.assignments.n > 0 && p.made.slots.n > 1000);
	}
}

/* The rows of an artefact put down in another order. */
static struct bytes shuffled(struct arena *a, enum table_id id, struct bytes artefact, uint32_t k)
{
	struct table t;
	struct err e = { 0 };
	uint8_t hash[32];
	assert_true(table_open(&t, id, artefact, &e));
	struct bytes(*row)[TABLE_COLUMNS_MAX] = arena_calloc(a, t.n + 1, sizeof *row);
	struct table_cursor c = table_rows(&t);
	for (size_t n = 0; table_next(&t, &c, row[n]); n++)
		;
	struct table_pile pile = table_pile_new(id, a);
	for (size_t n = 0; n < t.n; n++) /* a step that has no divisor in common with t.n */
		table_pile_put(&pile, row[(n * (t.n - 1) + k) % t.n]);
	struct buf out = buf_new(a, artefact.n);
	assert_true(table_pile_write(&pile, id, t.blind, sink_buf(&out), hash, &e));
	return buf_view(&out);
}

static void the_order_of_the_lists_changes_nothing(void **unused)
{
	(void)unused;
	for (uint32_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p, q;
		struct err e = { 0 };
		make(&w, &p, a, &sizes[k]);
		struct plan_input in = w.in;
		in.artefacts.pool = shuffled(a, TABLE_POOL, w.in.artefacts.pool, k);
		in.artefacts.recusals = shuffled(a, TABLE_RECUSALS, w.in.artefacts.recusals, k + 1);
		in.artefacts.history = shuffled(a, TABLE_HISTORY, w.in.artefacts.history, k + 2);
		in.artefacts.calendar = shuffled(a, TABLE_CALENDAR, w.in.artefacts.calendar, k + 3);
		assert_true(plan_make(&q, a, &in, &e));
		assert_true(bytes_equal(p.made.visits, q.made.visits));
		assert_true(bytes_equal(p.made.slots, q.made.slots));
		assert_true(bytes_equal(p.made.capacity, q.made.capacity));
		assert_true(bytes_equal(p.made.schedule, q.made.schedule));
	}
}

static void made_plans_pass_the_check(void **unused)
{
	(void)unused;
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		struct err e = { 0 };
		make(&w, &p, a, &sizes[k]);
		if (!plan_check(&w.in, &p.made, &e))
			fail_msg("%s: %s", e.where, e.what);
	}
}

/* ---- tampering ------------------------------------------------------------------------------- */

/* The artefact with the values of one row changed: NULL keeps a value. */
static struct bytes altered(struct arena *a, enum table_id id, struct bytes artefact, size_t row,
	const char *const *value)
{
	struct table t;
	struct err e = { 0 };
	uint8_t hash[32];
	assert_true(table_open(&t, id, artefact, &e));
	struct table_pile pile = table_pile_new(id, a);
	struct table_cursor c = table_rows(&t);
	struct bytes field[TABLE_COLUMNS_MAX];
	for (size_t n = 0; table_next(&t, &c, field); n++) {
		for (size_t i = 0; n == row && i < t.columns; i++)
			if (value[i] != NULL)
				field[i] = bytes_of(value[i]);
		table_pile_put(&pile, field);
	}
	struct buf out = buf_new(a, artefact.n);
	assert_true(table_pile_write(&pile, id, t.blind, sink_buf(&out), hash, &e));
	return buf_view(&out);
}

static void refused(const struct world *w, const struct plan_artefacts *made, const char *what)
{
	struct err e = { 0 };
	assert_false(plan_check(&w->in, made, &e));
	assert_int_equal(e.code, ERR_PLAN_RULE);
	if (strstr(e.what, what) == NULL)
		fail_msg("expected \"%s\", got \"%s: %s\"", what, e.where, e.what);
}

/* An assignment with both places filled; its first slot's row number is *row. */
static uint32_t full_assignment(const struct plan *p, size_t *row)
{
	for (uint32_t s = 0; s < p->assignments.n; s++) {
		*row = p->shp.slot_start[s];
		if (p->shp.slot[*row] != SHP_OPEN && p->shp.slot[*row + 1] != SHP_OPEN)
			return s;
	}
	fail();
	return 0;
}

static void slots_that_break_a_rule(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	size_t row = 0;
	make(&w, &p, a, &sizes[0]);
	uint32_t s = full_assignment(&p, &row);
	struct plan_artefacts bad = p.made;
	const char *twin[TABLE_COLUMNS_MAX] = {
		[4] = arena_printf(a, "%.*s", BYTES_ARG(p.pool.at[p.shp.slot[row + 1]].id))
	};
	bad.slots = altered(a, TABLE_SLOTS, p.made.slots, row, twin);
	refused(&w, &bad, "one inspector in two places");
	for (uint32_t i = 0; i < p.pool.n; i++) {
		enum eligibility rule = pool_eligible(&p.pool, &w.policy, &p.assignments.at[s], i);
		if (rule == ELIGIBLE_ALL)
			continue;
		const char *other[TABLE_COLUMNS_MAX] = { [4] = arena_printf(a, "%.*s",
								 BYTES_ARG(p.pool.at[i].id)) };
		bad.slots = altered(a, TABLE_SLOTS, p.made.slots, row, other);
		refused(&w, &bad, eligibility_name(rule));
	}
	const char *nobody[TABLE_COLUMNS_MAX] = { [4] = "" };
	bad.slots = altered(a, TABLE_SLOTS, p.made.slots, row, nobody);
	refused(&w, &bad, "not the slots taken");
	const char *unknown[TABLE_COLUMNS_MAX] = { [4] = "NOBODY" };
	bad.slots = altered(a, TABLE_SLOTS, p.made.slots, row, unknown);
	refused(&w, &bad, "not in the pool");
	const char *place[TABLE_COLUMNS_MAX] = { [3] = "3" };
	bad.slots = altered(a, TABLE_SLOTS, p.made.slots, row + 1, place);
	refused(&w, &bad, "not the slot that comes next");
}

static void capacities_that_break_a_rule(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	make(&w, &p, a, &sizes[2]);
	struct plan_artefacts bad = p.made;
	const char *beyond[TABLE_COLUMNS_MAX] = { [3] = "5" };
	bad.capacity = altered(a, TABLE_CAPACITY, p.made.capacity, 0, beyond);
	refused(&w, &bad, "personal limit");
	const char *used[TABLE_COLUMNS_MAX] = { [4] = "9" };
	bad.capacity = altered(a, TABLE_CAPACITY, p.made.capacity, 0, used);
	refused(&w, &bad, "not the slots taken");
	const char *home[TABLE_COLUMNS_MAX] = { [0] = "d99" };
	bad.capacity = altered(a, TABLE_CAPACITY, p.made.capacity, 0, home);
	refused(&w, &bad, "not an inspector of that department");
}

static void visits_that_break_a_rule(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	make(&w, &p, a, &sizes[0]);
	uint32_t joint = 0;
	while (p.visits.at[joint].department_count < 2)
		joint++;
	const struct visit *v = &p.visits.at[joint];
	struct plan_artefacts bad = p.made;
	char late[CIVIL_TEXT];
	civil_format(v->to + 1, late);
	const char *window[TABLE_COLUMNS_MAX] = { [4] = late };
	bad.visits = altered(a, TABLE_VISITS, p.made.visits, joint, window);
	refused(&w, &bad, "window");
	const char *code =
		arena_printf(a, "%.*s", BYTES_ARG(w.policy.departments[v->departments[0]].code));
	const char *fewer[TABLE_COLUMNS_MAX] = { [5] = code, [7] = code };
	bad.visits = altered(a, TABLE_VISITS, p.made.visits, joint, fewer);
	refused(&w, &bad, "departments of the tasks");
	const char *mode[TABLE_COLUMNS_MAX] = { [2] = v->offsite ? "onsite" : "offsite" };
	bad.visits = altered(a, TABLE_VISITS, p.made.visits, joint, mode);
	refused(&w, &bad, "other mode");
}

/* Two visits of one inspector moved to the same half-day; a day outside; a stranger who leads. */
static void schedules_that_break_a_rule(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	uint32_t first = 0, second = 0;
	make(&w, &p, a, &sizes[0]);
	for (uint32_t s = 0; s < p.assignments.n && second == 0; s++)
		for (uint32_t q = s + 1; q < p.assignments.n && second == 0; q++) {
			uint32_t x = p.assignments.at[s].visit, y = p.assignments.at[q].visit;
			uint32_t who = p.shp.slot[p.shp.slot_start[s]];
			if (x != y && who != SHP_OPEN && who == p.shp.slot[p.shp.slot_start[q]] &&
				p.half[x] != HALF_NONE && p.half[y] != HALF_NONE &&
				p.visits.at[x].from == p.visits.at[y].from &&
				p.visits.at[x].to == p.visits.at[y].to) {
				first = x;
				second = y;
			}
		}
	assert_int_not_equal(second, 0);
	char day[CIVIL_TEXT], outside[CIVIL_TEXT];
	civil_format(p.pool.day[p.half[first] / 2], day);
	struct plan_artefacts bad = p.made;
	const char *same[TABLE_COLUMNS_MAX] = { [2] = day, [3] = half_name(p.half[first]) };
	bad.schedule = altered(a, TABLE_SCHEDULE, p.made.schedule, second, same);
	struct err e = { 0 };
	assert_false(plan_check(&w.in, &bad, &e));
	assert_true(strstr(e.what, "double-booked") != NULL || strstr(e.what, "leave") != NULL);
	civil_format(p.visits.at[first].to + 1, outside);
	const char *moved[TABLE_COLUMNS_MAX] = { [2] = outside, [3] = "am" };
	bad.schedule = altered(a, TABLE_SCHEDULE, p.made.schedule, first, moved);
	refused(&w, &bad, "outside the window");
	const char *half[TABLE_COLUMNS_MAX] = { [3] = "" };
	bad.schedule = altered(a, TABLE_SCHEDULE, p.made.schedule, first, half);
	refused(&w, &bad, "not a half-day");
	const char *stranger[TABLE_COLUMNS_MAX] = { [4] = "NOBODY" };
	bad.schedule = altered(a, TABLE_SCHEDULE, p.made.schedule, first, stranger);
	refused(&w, &bad, "leader");
	uint32_t away = p.pool.n;
	const struct person *q = NULL;
	/* an inspector with leave inside the window of one of his visits */
	for (uint32_t s = 0; s < p.assignments.n && away == p.pool.n; s++) {
		uint32_t who = p.shp.slot[p.shp.slot_start[s]];
		q = who == SHP_OPEN ? NULL : &p.pool.at[who];
		struct run window = p.assignments.at[s].window;
		if (q != NULL && q->leave_count > 0 && q->leave[0].from >= window.from &&
			q->leave[0].from < window.to && q->leave[0].from < q->leave[0].to) {
			away = who;
			civil_format(p.pool.day[q->leave[0].from], day);
			const char *then[TABLE_COLUMNS_MAX] = { [2] = day, [3] = "pm" };
			bad.schedule = altered(a, TABLE_SCHEDULE, p.made.schedule,
				p.assignments.at[s].visit, then);
			refused(&w, &bad, "on leave");
		}
	}
	assert_true(away < p.pool.n);
}

/* ---- eligibility and why --------------------------------------------------------------------- */

/* The rules evaluated by groups say what they say one by one. */
static void groups_agree_with_single_questions(void **unused)
{
	(void)unused;
	uint32_t seen[ELIGIBLE_RULES + 1] = { 0 };
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		make(&w, &p, a, &sizes[k]);
		for (uint32_t s = 0; s < p.assignments.n; s++) {
			uint32_t at = p.eligible.start[s];
			for (uint32_t i = 0; i < p.pool.n; i++) {
				enum eligibility c =
					pool_eligible(&p.pool, &w.policy, &p.assignments.at[s], i);
				bool listed =
					at < p.eligible.start[s + 1] && p.eligible.to[at] == i;
				assert_int_equal(c == ELIGIBLE_ALL, listed);
				at += listed;
				seen[c]++;
			}
			assert_int_equal(at, p.eligible.start[s + 1]);
		}
	}
	for (int c = 0; c <= ELIGIBLE_RULES; c++)
		if (seen[c] == 0)
			fail_msg("no case of %s", eligibility_name((enum eligibility)c));
}

static void check_slot(const struct plan *p, uint32_t s, uint32_t place, uint32_t *seen)
{
	ARENA_AUTO a = arena_new();
	const struct why_slot *slot = why_slot_new(a, p, s, place);
	uint32_t taker = p->shp.slot[p->shp.slot_start[s] + place - 1], rank = UINT32_MAX;
	assert_int_equal(why_taker(slot), taker);
	if (taker != SHP_OPEN)
		rank = why_person(slot, taker).rank;
	for (uint32_t i = 0; i < p->pool.n; i++) {
		struct why_answer w = why_person(slot, i);
		seen[w.why]++;
		assert_int_equal(w.why == WHY_TAKEN, i == taker);
		assert_int_equal(w.why == WHY_RULE, w.rule != ELIGIBLE_ALL);
		assert_true(w.held <= p->shp.used[i] && w.capacity == p->shp.final[i]);
		if (w.why == WHY_RULE)
			continue;
		assert_true(w.rank >= 1 && w.rank <= w.candidates);
		if (w.why == WHY_LATER)
			assert_true(w.rank > rank);
		if (w.why == WHY_FULL)
			assert_true(w.rank < rank && w.held == w.capacity);
		if (w.why == WHY_RESERVED)
			assert_true(w.rank < rank && w.held < w.capacity && w.tier > 0 &&
				    w.tier <= p->shp.tier[i]);
		else
			assert_int_equal(w.tier, 0);
	}
}

static void why_is_consistent(void **unused)
{
	(void)unused;
	uint32_t seen[WHY_COUNT] = { 0 };
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		make(&w, &p, a, &sizes[k]);
		for (uint32_t s = 0; s < p.assignments.n; s += 7)
			for (uint32_t place = 1; place <= p.assignments.at[s].places; place++)
				check_slot(&p, s, place, seen);
	}
	for (int c = 0; c < WHY_COUNT; c++)
		if (seen[c] == 0)
			fail_msg("no case of %s", why_name((enum why)c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_input_gives_the_same_bytes),
		cmocka_unit_test(the_order_of_the_lists_changes_nothing),
		cmocka_unit_test(made_plans_pass_the_check),
		cmocka_unit_test(slots_that_break_a_rule),
		cmocka_unit_test(capacities_that_break_a_rule),
		cmocka_unit_test(visits_that_break_a_rule),
		cmocka_unit_test(schedules_that_break_a_rule),
		cmocka_unit_test(groups_agree_with_single_questions),
		cmocka_unit_test(why_is_consistent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
