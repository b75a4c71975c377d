/* A look gives what a freeze of the same rows would give, and counts pairs as written. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/frame_build.h"
#include "planner/look.h"
#include "planner/merge.h"
#include "tests/unit/sample_policy.h"

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

enum { MOST = 3000 };
struct object {
	struct bytes fact[FRAME_FACTS];
};

static uint64_t next(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

static struct bytes one_of(uint64_t *x, const char *const *words, size_t n)
{
	return bytes_of(words[next(x) % n]);
}

/* n objects, some of one entity, some excluded, of all classes and labels. */
static void make_objects(struct object *o, size_t n, uint64_t *x, struct arena *a)
{
	static const char *const kinds[] = { "enterprise", "individual", "" };
	static const char *const classes[] = { "A", "A", "A", "B", "B", "C", "D", "" };
	static const char *const regions[] = { "371002", "371003", "510116", "" };
	static const char *const labels[] = { "", "", "good", "bad", "focus", "bad,focus", "food" };
	static const char *const status[] = { "open", "open", "open", "cancelled", "suspended" };
	static const char *const checked[] = { "", "", "", "*=2026-02-01", "scale=2026-01-05" };
	static const char *const fields[] = { "", "", "fire-safety=D", "trade=C" };
	static const char *const born[] = { "2010-01-01", "2025-12-01", "" };
	struct bytes entity = { NULL, 0 };

	for (size_t i = 0; i < n; i++) {
		struct bytes *f = o[i].fact;
		f[FACT_OBJECT] = bytes_of(arena_printf(a, "OBJ%06zu", i));
		if (i == 0 || next(x) % 4 != 0)
			entity = f[FACT_OBJECT];
		f[FACT_ENTITY] = entity;
		f[FACT_KIND] = one_of(x, kinds, 3);
		f[FACT_INDUSTRY] = BYTES("F52");
		f[FACT_REGION] = one_of(x, regions, 4);
		f[FACT_ESTABLISHED] = one_of(x, born, 3);
		f[FACT_STATUS] = one_of(x, status, 5);
		f[FACT_SINCE] = BYTES("2024-01-01");
		f[FACT_CLASS] = one_of(x, classes, 8);
		f[FACT_CLASSES] = one_of(x, fields, 4);
		f[FACT_LABELS] = one_of(x, labels, 7);
		f[FACT_CHECKED] = one_of(x, checked, 5);
		f[FACT_ENTERED] = BYTES("");
		f[FACT_RESERVED] = BYTES("0");
	}
}

/* What the two tasks draw. */
enum units { BY_OBJECT, BY_ENTITY, MIXED };

/* The sample with marks. */
static void make_policy(struct policy *p, struct arena *a, enum units units, bool general_ceiling)
{
	struct sample s;
	struct err e = { 0 };
	char why[700];
	sample_init(&s, a);
	sample_set(&s, "adjust.1.labels", "good");
	sample_set(&s, "adjust.1.basis", "样例");
	sample_set(&s, "adjust.2.labels", "bad");
	sample_set(&s, "adjust.2.basis", "样例");
	sample_set(&s, "task.t-2.minimum", "300000");
	if (units == BY_OBJECT)
		sample_set(&s, "cap.year.levels", "province");
	if (units == BY_ENTITY)
		sample_set(&s, "cap.year.counts", "entries");
	if (units == MIXED)
		sample_set(&s, "cap.year.departments", "fire");
	if (general_ceiling) {
		sample_set(&s, "ceiling.general", "0");
		sample_set(&s, "task.t.reason", "");
		sample_set(&s, "task.t.mode.A", "offsite");
	}
	if (!sample_read(&s, p, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
}

static void look_at(struct look_result *r, const struct policy *p, const struct object *o, size_t n,
	int32_t day, struct arena *a)
{
	struct look *l = look_start(a, p, day);
	struct err e = { 0 };
	for (size_t i = 0; i < n; i++)
		assert_true(look_put(l, o[i].fact, &e));
	look_end(l, r);
	assert_int_equal(r->rows, n);
}

static bool drop(void *ctx, struct bytes b, struct err *e)
{
	(void)ctx;
	(void)b;
	(void)e;
	return true;
}

/* The same rows through the builder of frames. */
static void freeze(struct frame_sums *sums, struct strata *strata, const struct policy *p,
	const struct object *o, size_t n, int32_t day, struct arena *a)
{
	struct err e = { 0 };
	struct sink sink = { drop, NULL };
	struct frame_builder *b = frame_build_start(a, p, day, key, sink, &e);
	assert_non_null(b);
	for (size_t i = 0; i < n; i++)
		assert_true(frame_build_put(b, o[i].fact, 1, &e));
	assert_true(frame_build_end(b, sums, &e));
	assert_true(strata_make(strata, p, &sums->counts, a, &e));
}

static void same_as_frozen(const struct look_result *r, const struct policy *p,
	const struct frame_sums *sums, const struct strata *s)
{
	size_t row = 0;
	assert_int_equal(r->exclusions, sums->counts.codes);
	for (uint32_t t = 0; t < p->task_count; t++) {
		const struct look_task *task = &r->task[t];
		uint64_t all = task->population, drawn = 0;
		assert_int_equal(task->why.code, ERR_NONE);
		for (size_t i = 0; i < task->strata; i++, row++) {
			assert_true(row < s->n);
			assert_int_equal(task->stratum[i].task, t);
			assert_int_equal(task->stratum[i].stratum, s->row[row].stratum);
			assert_int_equal(task->stratum[i].population, s->row[row].population);
			assert_int_equal(task->stratum[i].units, s->row[row].units);
			assert_int_equal(task->stratum[i].quota, s->row[row].quota);
			assert_int_equal(task->stratum[i].ratio, s->row[row].ratio);
			assert_string_equal(task->stratum[i].report, s->row[row].report);
			drawn += s->row[row].quota;
		}
		assert_int_equal(task->drawn, drawn);
		for (size_t k = 0; k < r->exclusions; k++) {
			uint64_t want = frame_excluded(&sums->counts, t, r->exclusion[k].code);
			assert_int_equal(task->excluded[k], want);
			all += want;
		}
		assert_int_equal(all, r->rows); /* the ledger adds up to the register */
	}
	assert_int_equal(row, s->n);
}

/* Pairs by the letter: every object, every two tasks, from the codes that a freeze writes. */
static void pairs_by_letter(const struct look_result *r, const struct policy *p,
	const struct strata *s, const struct object *o, size_t n, int32_t day, struct arena *a)
{
	struct excluder *x = excluder_new(a, p, day);
	uint8_t code[2];
	uint64_t both = 0, expected = 0, saved = 0;
	assert_int_equal(p->task_count, 2);
	for (size_t i = 0; i < n; i++) {
		struct facts f;
		uint64_t chance[2] = { 0, 0 };
		bool onsite = true, focus = merge_focus(p, o[i].fact[FACT_LABELS]);
		facts_read(&f, o[i].fact);
		exclude(x, &f, code);
		if (code[0] >= FRAME_STRATA || code[1] >= FRAME_STRATA)
			continue;
		for (uint32_t t = 0; t < 2; t++) {
			onsite = onsite &&
				 merge_onsite(p, &p->tasks[t], (enum stratum)code[t], focus);
			for (size_t k = 0; k < s->n; k++)
				if (s->row[k].task == t && s->row[k].stratum == code[t])
					chance[t] =
						s->row[k].quota * 1000000000 / s->row[k].population;
		}
		both++;
		expected += chance[0] < chance[1] ? chance[0] : chance[1];
		saved += !onsite ? 0 : chance[0] < chance[1] ? chance[0] : chance[1];
	}
	assert_int_equal(r->pairs, both > 0);
	if (both == 0)
		return;
	assert_int_equal(r->pair[0].a, 0);
	assert_int_equal(r->pair[0].b, 1);
	assert_int_equal(r->pair[0].both, both);
	if (p->tasks[0].by_entity || p->tasks[1].by_entity)
		return; /* see drawn_on_average() */
	assert_int_equal(r->pair[0].expected, expected / 1000000);
	assert_int_equal(r->pair[0].saved, saved / 1000000);
	assert_true(saved <= expected && expected / 1000000 <= both * 1000);
}

static void as_frozen(void **state)
{
	static const size_t sizes[] = { 40, 1023, 1024, 1025, MOST };
	uint64_t x = 11;
	int32_t day;
	(void)state;
	assert_true(civil_parse(BYTES("2026-03-10"), &day));
	for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
		ARENA_AUTO a = arena_new();
		size_t n = sizes[i / 2];
		struct object *o = arena_calloc(a, n, sizeof *o);
		struct policy p;
		struct look_result r;
		struct frame_sums sums;
		struct strata strata;
		make_objects(o, n, &x, a);
		make_policy(&p, a, i % 2 == 1 ? BY_ENTITY : BY_OBJECT, false);
		look_at(&r, &p, o, n, day, a);
		freeze(&sums, &strata, &p, o, n, day, a);
		same_as_frozen(&r, &p, &sums, &strata);
		pairs_by_letter(&r, &p, &strata, o, n, day, a);
		assert_int_equal(r.pairs, 1);
		assert_true(r.pair[0].meets);
	}
}

/* ---- what is expected, drawn ---- */

enum { TRIALS = 4000, SOME = 400 };

struct trial {
	const struct policy *p;
	const struct object *o;
	size_t n;
	uint8_t (*code)[2];
	uint64_t (*share)[FRAME_STRATA]; /* of a task's strata, in thousand-millionths */
	struct strata_rank rank;
	uint64_t number[SOME], own[SOME]; /* of the unit with the object's id; among candidates */
	bool drawn[2][SOME];
};

static bool same_entity(const struct trial *t, size_t a, size_t b)
{
	return bytes_equal(t->o[a].fact[FACT_ENTITY], t->o[b].fact[FACT_ENTITY]);
}

/* Objects of an entity stand side by side, the first has its id. */
static void draw_entity(struct trial *t, uint32_t task, size_t first)
{
	size_t best = t->n;
	unsigned stands = STRATUM_OUT;
	for (size_t i = first; i < t->n && same_entity(t, i, first); i++) {
		unsigned s = t->code[i][task] < FRAME_STRATA ? t->code[i][task] : STRATUM_OUT;
		if (t->rank.place[s] < t->rank.place[stands] ||
			(s == stands && best < t->n && t->own[i] < t->own[best]))
			best = i;
		stands = best < t->n ? t->code[best][task] : STRATUM_OUT;
	}
	if (best < t->n)
		t->drawn[task][best] = t->number[first] < t->share[task][stands];
}

static void draw_task(struct trial *t, uint32_t task)
{
	memset(t->drawn[task], 0, sizeof t->drawn[task]);
	for (size_t i = 0; i < t->n; i++) {
		bool first = i == 0 || !same_entity(t, i, i - 1);
		if (!t->p->tasks[task].by_entity)
			t->drawn[task][i] = t->code[i][task] < FRAME_STRATA &&
					    t->number[i] < t->share[task][t->code[i][task]];
		else if (first)
			draw_entity(t, task, i);
	}
}

static uint64_t drawn_by_both(struct trial *t, uint64_t *x)
{
	uint64_t both = 0;
	for (size_t i = 0; i < t->n; i++) {
		t->number[i] = (next(x) << 31 | next(x)) % 1000000000;
		t->own[i] = next(x);
	}
	draw_task(t, 0);
	draw_task(t, 1);
	for (size_t i = 0; i < t->n; i++)
		both += t->drawn[0][i] && t->drawn[1][i];
	return both;
}

static void codes_of(struct trial *t, int32_t day, struct arena *a)
{
	struct excluder *x = excluder_new(a, t->p, day);
	t->code = arena_calloc(a, t->n, sizeof *t->code);
	for (size_t i = 0; i < t->n; i++) {
		struct facts f;
		facts_read(&f, t->o[i].fact);
		exclude(x, &f, t->code[i]);
	}
}

/* Numbers as PROTOCOL.md §8 gives them, many times: what both tasks draw on the average is what a
 * look expects, within a fiftieth. */
static void drawn_on_average(void **state)
{
	uint64_t x = 17;
	int32_t day;
	(void)state;
	assert_true(civil_parse(BYTES("2026-03-10"), &day));
	for (enum units units = BY_OBJECT; units <= MIXED; units++) {
		ARENA_AUTO a = arena_new();
		struct object *o = arena_calloc(a, SOME, sizeof *o);
		struct policy p;
		struct look_result r;
		make_objects(o, SOME, &x, a);
		make_policy(&p, a, units, false);
		assert_int_equal(p.tasks[0].by_entity + p.tasks[1].by_entity,
			units == MIXED ? 1 : 2 * units);
		look_at(&r, &p, o, SOME, day, a);
		struct trial *t = arena_calloc(a, 1, sizeof *t);
		*t = (struct trial){ .p = &p, .o = o, .n = SOME };
		t->share = arena_calloc(a, 2, sizeof *t->share);
		policy_rank(&p, &t->rank);
		codes_of(t, day, a);
		for (uint32_t k = 0; k < 2; k++)
			for (size_t i = 0; i < r.task[k].strata; i++) {
				const struct stratum_row *s = &r.task[k].stratum[i];
				if (s->units > 0)
					t->share[k][s->stratum] = s->quota * 1000000000 / s->units;
			}
		uint64_t sum = 0;
		for (int i = 0; i < TRIALS; i++)
			sum += drawn_by_both(t, &x);
		uint64_t mean = sum * 1000 / TRIALS, told = r.pair[0].expected;
		assert_true(told > 5000);
		assert_in_range(mean, told - told / 50, told + told / 50);
	}
}

/* 国市监信〔2019〕38号: the ratio of general items is limited. One task that a freeze refuses does
 * not hide the other. */
static void refused_alone(void **state)
{
	uint64_t x = 5;
	int32_t day;
	(void)state;
	ARENA_AUTO a = arena_new();
	struct object *o = arena_calloc(a, MOST, sizeof *o);
	struct policy p;
	struct look_result r;
	assert_true(civil_parse(BYTES("2026-03-10"), &day));
	make_objects(o, MOST, &x, a);
	make_policy(&p, a, BY_OBJECT, true);
	look_at(&r, &p, o, MOST, day, a);
	int64_t t = policy_task(&p, BYTES("t")), other = policy_task(&p, BYTES("t-2"));
	assert_int_equal(r.task[t].why.code, ERR_CEILING);
	assert_int_equal(r.task[t].strata, 0);
	assert_true(r.task[t].population > 0);
	assert_int_equal(r.task[other].why.code, ERR_NONE);
	assert_true(r.task[other].drawn > 0);
	assert_int_equal(r.pair[0].expected, 0); /* what is refused draws nobody */
}

static void wrong_rows(void **state)
{
	uint64_t x = 7;
	(void)state;
	ARENA_AUTO a = arena_new();
	struct object o[2];
	struct policy p;
	struct err e = { 0 }, again = { 0 };
	struct look_result r;
	make_policy(&p, a, BY_OBJECT, false);
	make_objects(o, 2, &x, a);
	struct look *l = look_start(a, &p, p.cycle_from);
	assert_true(look_put(l, o[1].fact, &e));
	assert_false(look_put(l, o[0].fact, &e));
	assert_int_equal(e.code, ERR_BAD_TABLE);
	o[1].fact[FACT_OBJECT] = BYTES("OBJ9");
	o[1].fact[FACT_CLASS] = BYTES("E");
	assert_false(look_put(l, o[1].fact, &again));
	assert_int_equal(again.code, ERR_BAD_FRAME);
	look_end(look_start(a, &p, p.cycle_from), &r);
	assert_int_equal(r.rows, 0);
	assert_int_equal(r.pairs, 0);
	assert_int_equal(r.task[0].why.code, ERR_EMPTY_STRATUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_frozen),
		cmocka_unit_test(drawn_on_average),
		cmocka_unit_test(refused_alone),
		cmocka_unit_test(wrong_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
