#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/exclude.h"
#include "planner/frame_build.h"
#include "planner/quota.h"
#include "sampler/merkle.h"
#include "sampler/seed.h"
#include "tests/unit/sample_policy.h"

static const char salt_key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct fixture {
	struct arena *arena;
	struct policy policy;
	int32_t date;
	struct err e;
};

/* counts: what the cap of the sample counts; `entries` makes the entity the unit of task t. */
static void start_counting(struct fixture *f, struct arena *a, const char *counts)
{
	struct sample s;

	memset(f, 0, sizeof *f);
	f->arena = a;
	sample_init(&s, a);
	sample_set(&s, "cap.year.counts", counts);
	sample_set(&s, "focus.labels", "");
	assert_true(sample_read(&s, &f->policy, &f->e));
	assert_true(civil_parse(BYTES("2026-06-01"), &f->date));
}

static void start(struct fixture *f, struct arena *a)
{
	start_counting(f, a, "checks");
}

struct object {
	struct bytes fact[FRAME_FACTS];
};

static struct bytes pick(const char *const *from, size_t n, uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return bytes_of(from[(*x >> 33) % n]);
}

#define PICK(from) pick(from, sizeof(from) / sizeof *(from), &x)

/* n objects with facts of every kind, in no order. */
static struct object *make_objects(struct arena *a, size_t n)
{
	static const char *const kind[] = { "enterprise", "individual", "cooperative", "office",
		"other", "" };
	static const char *const industry[] = { "F5211", "H6110", "H62", "A01", "C", "" };
	static const char *const region[] = { "371002", "371003001", "370203", "371002001002", "" };
	static const char *const date[] = { "2010-05-06", "2025-12-24", "2026-03-01", "2025-06-01",
		"" };
	static const char *const status[] = { "open", "open", "open", "", "cancelled", "revoked",
		"moved", "suspended" };
	static const char *const class[] = { "A", "A", "A", "B", "C", "D", "" };
	static const char *const labels[] = { "", "food", "food,hotel" };
	static const char *const checked[] = { "", "", "", "*=2026-02-02", "alarm=2026-05-05",
		"licence=2025-05-05,scale=2026-04-04" };
	static const char *const classes[] = { "", "", "trade=C", "fire-safety=D,trade=A" };
	static const char *const entered[] = { "", "2026-02-02/county/market/entry",
		"2026-01-02/county/market/remote,2026-02-02/city/fire/entry",
		"2026-01-02/county/market/entry,2026-01-03/county/market/entry,"
		"2026-01-04/county/market/entry,2026-01-05/county/market/entry" };
	static const char *const reserved[] = { "0", "0", "0", "1", "4" };
	struct object *o = arena_calloc(a, n, sizeof *o);
	uint64_t x = 1;

	for (size_t i = 0; i < n; i++) {
		struct bytes *f = o[i].fact;
		f[FACT_OBJECT] = bytes_of(arena_printf(a, "91371002MA3C%06u%s",
			(unsigned)(i * 7919 % 1000003), i % 5 ? "" : "/02"));
		f[FACT_ENTITY] = (struct bytes){ f[FACT_OBJECT].p, 18 };
		f[FACT_KIND] = PICK(kind);
		f[FACT_INDUSTRY] = PICK(industry);
		f[FACT_REGION] = PICK(region);
		f[FACT_ESTABLISHED] = PICK(date);
		f[FACT_STATUS] = PICK(status);
		f[FACT_SINCE] = PICK(date);
		f[FACT_CLASS] = PICK(class);
		f[FACT_LABELS] = PICK(labels);
		f[FACT_CHECKED] = PICK(checked);
		f[FACT_CLASSES] = PICK(classes);
		f[FACT_ENTERED] = PICK(entered);
		f[FACT_RESERVED] = PICK(reserved);
		if (i % 7 == 1) { /* of the entity of the one before */
			f[FACT_ENTITY] = o[i - 1].fact[FACT_ENTITY];
			f[FACT_ENTERED] = o[i - 1].fact[FACT_ENTERED];
			f[FACT_RESERVED] = o[i - 1].fact[FACT_RESERVED];
		}
	}
	return o;
}

static int by_object(const void *a, const void *b)
{
	return bytes_compare(((const struct object *)a)->fact[FACT_OBJECT],
		((const struct object *)b)->fact[FACT_OBJECT]);
}

/* Sort as the register's export does, and build. */
static struct bytes build(struct fixture *f, struct object *o, size_t n, struct frame_sums *sums)
{
	struct buf out = buf_new(f->arena, 1 << 16);

	qsort(o, n, sizeof *o, by_object);
	struct frame_builder *b =
		frame_build_start(f->arena, &f->policy, f->date, salt_key, sink_buf(&out), &f->e);
	assert_non_null(b);
	for (size_t i = 0; i < n; i++)
		assert_true(frame_build_put(b, o[i].fact, 1 + (uint32_t)i % 65535, &f->e));
	assert_true(frame_build_end(b, sums, &f->e));
	return buf_view(&out);
}

/* What a builder counts and what a loader does; the builder knows every exclusion of the policy,
 * the loader those that came. */
static void compare_counts(const struct frame_counts *built, const struct frame_counts *loaded)
{
	assert_int_equal(built->tasks, loaded->tasks);
	assert_memory_equal(built->population, loaded->population,
		built->tasks * FRAME_STRATA * sizeof *built->population);
	for (size_t t = 0; t < built->tasks; t++)
		for (size_t k = 0; k < built->codes; k++)
			assert_int_equal(built->excluded[t * built->codes + k],
				frame_excluded(loaded, t, built->code[k]));
	for (size_t k = 0; k < loaded->codes; k++)
		assert_true(frame_excluded(built, 0, loaded->code[k]) ==
			    frame_excluded(loaded, 0, loaded->code[k]));
}

/* What is built is what the loader reads, and what the formulas of §5 say. */
static void built_and_loaded(void **state)
{
	enum { N = 5000 };
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums;
	struct table t;
	struct frame frame;
	uint8_t hash[32], blind[32];

	(void)state;
	start(&f, a);
	struct bytes text = build(&f, make_objects(a, N), N, &sums);
	assert_true(table_open(&t, TABLE_FRAME, text, &f.e));
	assert_true(policy_frame(&f.policy, &frame, &t, a, &f.e));
	sha256(text.p, text.n, hash);
	assert_memory_equal(sums.frame, hash, 32);
	assert_memory_equal(sums.universe, frame.universe, 32);
	assert_memory_equal(sums.root, frame.root, 32);
	assert_int_equal(sums.rows, N);
	assert_int_equal(frame.n, N);
	compare_counts(&sums.counts, &frame.counts);
	sha256_parts((const struct bytes[]){ { salt_key, 64 }, BYTES("frame\n") }, 2, blind);
	assert_memory_equal(t.blind, blind, 32);
	/* every code came, but `remit`: what is out of remit is out of the tasks' regions here */
	for (size_t k = 0; k < sums.counts.codes; k++)
		if (!bytes_is(sums.counts.code[k], "remit"))
			assert_true(sums.counts.excluded[k] +
					    sums.counts.excluded[sums.counts.codes + k] >
				    0);
	assert_true(exclude_verify(&f.policy, &frame, f.date, a, &f.e));
	assert_int_equal(f.e.code, ERR_NONE);

	/* the last columns of a row: codes, weight, salt */
	char salt[65];
	struct bytes first = frame_object(&frame, 41), line = frame_line(&frame, 41);
	sha256_parts((const struct bytes[]){ { salt_key, 64 }, first }, 2, hash);
	sha256_hex(hash, salt);
	const char *end =
		arena_printf(a, "\t%.*s\t%.*s\t%d\t%.32s", BYTES_ARG(frame_code(&frame, 41, 0)),
			BYTES_ARG(frame_code(&frame, 41, 1)), 42, salt);
	assert_true(line.n > strlen(end));
	assert_memory_equal(line.p + line.n - strlen(end), end, strlen(end));
}

/* Units: counted on the way by the builder, from the groups by the loader. */
static void units(void **state)
{
	enum { N = 5000 };
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums;
	struct table t;
	struct frame frame;
	uint64_t all = 0, objects = 0;

	(void)state;
	start_counting(&f, a, "entries");
	assert_true(f.policy.tasks[0].by_entity && !f.policy.tasks[1].by_entity);
	struct bytes text = build(&f, make_objects(a, N), N, &sums);
	assert_true(table_open(&t, TABLE_FRAME, text, &f.e));
	assert_true(policy_frame(&f.policy, &frame, &t, a, &f.e));
	assert_true(exclude_verify(&f.policy, &frame, f.date, a, &f.e));
	compare_counts(&sums.counts, &frame.counts);
	assert_memory_equal(
		sums.counts.units, frame.counts.units, FRAME_STRATA * sizeof *sums.counts.units);
	assert_memory_equal(sums.counts.units + FRAME_STRATA, sums.counts.population + FRAME_STRATA,
		FRAME_STRATA * sizeof *sums.counts.units);
	for (size_t c = 0; c < FRAME_STRATA; c++) {
		all += sums.counts.units[c];
		objects += sums.counts.population[c];
	}
	assert_true(frame.groups.n > 0 && all > 0 && all < objects);
}

/* Rows may arrive in any order: sorted, they give the same bytes. */
static void order_of_arrival(void **state)
{
	enum { N = 400 };
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums, again;
	uint32_t x = 3;

	(void)state;
	start(&f, a);
	struct object *o = make_objects(a, N);
	struct bytes text = build(&f, o, N, &sums);
	for (int round = 0; round < 30; round++) {
		for (size_t i = N; i > 1; i--) {
			x = x * 1664525 + 1013904223;
			size_t k = (x >> 8) % i;
			struct object swap = o[i - 1];
			o[i - 1] = o[k];
			o[k] = swap;
		}
		/* weights follow the sorted order here, so they are the same too */
		assert_true(bytes_equal(text, build(&f, o, N, &again)));
		assert_memory_equal(sums.root, again.root, 32);
	}
}

/* Units of unions are counted the same row by row and of the whole frame, by objects and by
 * entities; a union has at least the units of its largest stratum and at most those of all. */
static void unions_are_counted_alike(void **state)
{
	enum { N = 3000, OF_TASK = FRAME_STRATA };
	(void)state;
	for (int entities = 0; entities < 2; entities++) {
		ARENA_AUTO a = arena_new();
		struct fixture f;
		struct frame_sums sums;
		struct table t;
		struct frame frame;
		size_t larger = 0;
		start_counting(&f, a, entities ? "checks" : "entries");
		for (uint32_t k = 0; k < 2; k++) {
			f.policy.tasks[k].shared = COORDINATION_SHARED;
			f.policy.tasks[k].by_entity = entities;
			for (int c = 0; c < CLASSES; c++)
				f.policy.tasks[k].ratio[c] = 100000;
		}
		struct bytes text = build(&f, make_objects(a, N), N, &sums);
		assert_true(table_open(&t, TABLE_FRAME, text, &f.e));
		assert_true(policy_frame(&f.policy, &frame, &t, a, &f.e));
		const uint64_t *units = entities ? frame.counts.units : frame.counts.population;
		for (size_t s = 0; s < OF_TASK; s++) {
			uint64_t one = units[s], two = units[OF_TASK + s];
			uint64_t among = frame.counts.among[s];
			assert_int_equal(among, sums.counts.among[s]);
			assert_int_equal(among, sums.counts.among[OF_TASK + s]);
			assert_int_equal(among, frame.counts.among[OF_TASK + s]);
			assert_in_range(among, one > two ? one : two, one + two);
			larger += among > one && among > two;
		}
		assert_true(larger > 0);
	}
}

/* A refused row leaves no trace. */
static void refusals(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums, expected;
	struct buf out = buf_new(a, 0);

	(void)state;
	start(&f, a);
	struct object *o = make_objects(a, 3);
	struct bytes text = build(&f, o, 3, &expected);
	struct frame_builder *b =
		frame_build_start(a, &f.policy, f.date, salt_key, sink_buf(&out), &f.e);
	struct object bad = o[1];

	assert_true(frame_build_put(b, o[0].fact, 1, &f.e));
	assert_true(frame_build_put(b, o[1].fact, 2, &f.e));
	assert_false(frame_build_put(b, o[1].fact, 2, &f.e));
	assert_int_equal(f.e.code, ERR_BAD_TABLE);
	assert_non_null(strstr(f.e.where, "object 91371002MA3C"));
	f.e = (struct err){ 0 };
	assert_false(frame_build_put(b, o[0].fact, 2, &f.e));
	assert_int_equal(f.e.code, ERR_BAD_TABLE);
	f.e = (struct err){ 0 };
	bad.fact[FACT_CLASS] = BYTES("E");
	assert_false(frame_build_put(b, bad.fact, 2, &f.e));
	assert_int_equal(f.e.code, ERR_BAD_FRAME);
	assert_non_null(strstr(f.e.what, "class"));
	f.e = (struct err){ 0 };
	bad.fact[FACT_OBJECT] = BYTES("91371002ma3c000000");
	assert_false(frame_build_put(b, bad.fact, 2, &f.e));
	assert_int_equal(f.e.code, ERR_BAD_OBJECT);
	f.e = (struct err){ 0 };
	assert_true(frame_build_put(b, o[2].fact, 3, &f.e));
	assert_true(frame_build_end(b, &sums, &f.e));
	assert_true(bytes_equal(text, buf_view(&out)));
	assert_int_equal(sums.rows, 3);
	assert_memory_equal(sums.root, expected.root, 32);
	assert_memory_equal(sums.universe, expected.universe, 32);
	compare_counts(&sums.counts, &expected.counts);
}

static bool full(void *ctx, struct bytes chunk, struct err *e)
{
	(void)ctx;
	(void)chunk;
	return err_set(e, ERR_INTERNAL, "no room");
}

/* What the sink says reaches the caller. */
static void sink_refuses(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums;
	struct sink sink = { full, NULL };

	(void)state;
	start(&f, a);
	struct frame_builder *b = frame_build_start(a, &f.policy, f.date, salt_key, sink, &f.e);
	if (b != NULL)
		assert_false(frame_build_end(b, &sums, &f.e));
	assert_int_equal(f.e.code, ERR_INTERNAL);
}

/* ---- the replay ---- */

/* Replace the code of a task in a row of the text: a forged frame, well-formed in itself. */
static void forge(
	struct buf *out, struct bytes text, struct bytes object, size_t column, const char *to)
{
	struct bytes rest = text;
	bool more = true;

	while (more && rest.n > 0) {
		struct bytes line = bytes_cut(&rest, '\n', &more);
		bool here =
			line.n > object.n && bytes_starts(line, object) && line.p[object.n] == '\t';
		bool tab = true;
		for (size_t k = 0; tab; k++) {
			struct bytes value = bytes_cut(&line, '\t', &tab);
			if (here && k == column)
				buf_str(out, to);
			else
				buf_bytes(out, value);
			buf_byte(out, tab ? '\t' : '\n');
		}
	}
}

static void forged_codes(void **state)
{
	enum { N = 200 };
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums;

	(void)state;
	start(&f, a);
	struct bytes text = build(&f, make_objects(a, N), N, &sums);
	struct table t;
	struct frame honest, frame;
	assert_true(table_open(&t, TABLE_FRAME, text, &f.e));
	assert_true(policy_frame(&f.policy, &honest, &t, a, &f.e));
	for (size_t i = 0; i < N; i += 7) {
		for (size_t task = 0; task < 2; task++) {
			struct buf out = buf_new(a, text.n + 100);
			struct bytes object = frame_object(&honest, i);
			struct bytes was = frame_code(&honest, i, task);
			const char *to = bytes_is(was, "checked") ? "A" : "checked";
			forge(&out, text, object, FRAME_FACTS + task, to);
			f.e = (struct err){ 0 };
			assert_true(table_open(&t, TABLE_FRAME, buf_view(&out), &f.e));
			assert_true(policy_frame(&f.policy, &frame, &t, a, &f.e));
			assert_false(exclude_verify(&f.policy, &frame, f.date, a, &f.e));
			assert_int_equal(f.e.code, ERR_FRAME_DIFFERS);
			assert_string_equal(
				f.e.where, arena_printf(a, "frame: object %.*s, task %s",
						   BYTES_ARG(object), task == 0 ? "t" : "t-2"));
			assert_string_equal(
				f.e.what, arena_printf(a, "\"%s\" stands where \"%.*s\" follows",
						  to, BYTES_ARG(was)));
		}
	}
	/* task columns that are not those of the policy */
	f.e = (struct err){ 0 };
	f.policy.tasks[1].code = BYTES("t-3");
	assert_false(exclude_verify(&f.policy, &honest, f.date, a, &f.e));
	assert_string_equal(f.e.what, "the frame has task t-2, the policy t-3");
	f.policy.tasks[1].code = BYTES("t-2");
	/* another day or another policy does not give the same codes */
	f.e = (struct err){ 0 };
	assert_false(exclude_verify(&f.policy, &honest, f.date + 200, a, &f.e));
	struct sample s;
	sample_init(&s, a);
	sample_drop_all(&s, "task.t-2.");
	f.e = (struct err){ 0 };
	assert_true(sample_read(&s, &f.policy, &f.e));
	assert_false(exclude_verify(&f.policy, &honest, f.date, a, &f.e));
	assert_non_null(strstr(f.e.what, "2 task columns, the policy 1"));
}

/* An empty register is a frame of no rows; its tasks are refused later, by their strata. */
static void no_rows(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct frame_sums sums;
	struct strata s;
	uint8_t empty[32];

	(void)state;
	start(&f, a);
	struct object none = { 0 };
	build(&f, &none, 0, &sums);
	sha256("", 0, empty);
	assert_int_equal(sums.rows, 0);
	assert_memory_equal(sums.root, empty, 32);
	assert_false(strata_make(&s, &f.policy, &sums.counts, a, &f.e));
	assert_int_equal(f.e.code, ERR_EMPTY_STRATUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_and_loaded),
		cmocka_unit_test(units),
		cmocka_unit_test(order_of_arrival),
		cmocka_unit_test(unions_are_counted_alike),
		cmocka_unit_test(refusals),
		cmocka_unit_test(sink_refuses),
		cmocka_unit_test(forged_codes),
		cmocka_unit_test(no_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
