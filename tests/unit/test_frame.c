/* The frame by column: PROTOCOL.md §5. */
#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/merkle.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

enum { OBJECTS = 300, TASKS = 3 };
static const struct bytes tasks[TASKS] = { { "fire", 4 }, { "food-1", 6 }, { "tax", 3 } };

static uint8_t *codes(struct arena *a, size_t n)
{
	uint8_t *code = arena_alloc(a, n);
	for (size_t i = 0; i < n; i++)
		code[i] = (uint8_t)(frames_mix(i) % FRAME_CODES);
	return code;
}

static void test_load(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, OBJECTS);
	uint8_t *code = codes(a, OBJECTS * TASKS);
	struct frame f;
	uint64_t count = 0, all = 0;
	frames_load(&f, a, tasks, TASKS, id, code, OBJECTS);
	assert_int_equal(f.n, OBJECTS);
	assert_int_equal(f.tasks, TASKS);
	assert_false(f.weighted);
	for (size_t i = 0; i < OBJECTS; i++) {
		size_t at;
		assert_true(bytes_equal(frame_object(&f, i), id[i]));
		assert_true(frame_find(&f, id[i], &at) && at == i);
		uint8_t all_codes[TASKS];
		frame_codes(&f, i, all_codes);
		assert_memory_equal(all_codes, &code[i * TASKS], TASKS);
		for (size_t t = 0; t < TASKS; t++)
			assert_int_equal(frame_code(&f, i, t), code[i * TASKS + t]);
		count += code[i * TASKS + 1] == CODE_TOLERANCE;
	}
	assert_int_equal(f.count[1 * FRAME_CODES + CODE_TOLERANCE], count);
	for (size_t c = 0; c < FRAME_CODES; c++)
		all += f.count[2 * FRAME_CODES + c];
	assert_int_equal(all, OBJECTS);
	size_t at;
	assert_false(frame_find(&f, BYTES("91"), &at) || frame_find(&f, BYTES("92"), &at));
	struct bytes fact[FRAME_FACTS];
	frame_facts(&f, 77, fact);
	assert_true(bytes_equal(fact[FACT_OBJECT], id[77]));
	assert_true(bytes_is(fact[FACT_CHECKED], "*=2025-03-01"));
	assert_true(bytes_is(f.task[2], "tax"));
}

/* universe and frame-root, computed again the plain way. */
static void test_hashes(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, OBJECTS);
	struct frame f;
	frames_load(&f, a, tasks, TASKS, id, codes(a, OBJECTS * TASKS), OBJECTS);
	struct buf universe = buf_new(a, 0);
	struct frame_universe u;
	struct hash *leaf = arena_calloc(a, OBJECTS, sizeof *leaf), root;
	uint8_t hash[32];
	buf_str(&universe, "drawd/universe/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			   "\tstatus\tsince\tclass\tlabels\tchecked\n");
	frame_universe_start(&u);
	for (size_t i = 0; i < OBJECTS; i++) {
		struct bytes line = frame_line(&f, i), fact[FRAME_FACTS];
		merkle_leaf((struct bytes){ line.p, line.n + 1 }, &leaf[i]);
		assert_int_equal(line.p[line.n], '\n');
		frame_facts(&f, i, fact);
		frame_universe_put(&u, fact);
		for (size_t k = 0; k < FRAME_FACTS; k++) {
			buf_bytes(&universe, fact[k]);
			buf_byte(&universe, k + 1 < FRAME_FACTS ? '\t' : '\n');
		}
	}
	sha256(universe.p, universe.n, hash);
	assert_memory_equal(f.universe, hash, 32);
	frame_universe_end(&u, hash);
	assert_memory_equal(f.universe, hash, 32);
	merkle_root_of(leaf, OBJECTS, &root);
	assert_memory_equal(f.root, root.b, 32);
}

static void test_empty(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct frame f;
	struct hash root;
	frames_load(&f, a, NULL, 0, NULL, NULL, 0);
	merkle_root_of(NULL, 0, &root);
	assert_int_equal(f.n, 0);
	assert_memory_equal(f.root, root.b, 32);
}

/* Memory beside the text: the promise of the header. */
static void test_memory(void **state)
{
	(void)state;
	enum { N = 20000, T = 25 };
	ARENA_AUTO a = arena_new();
	ARENA_AUTO own = arena_new();
	struct bytes task[T];
	for (size_t t = 0; t < T; t++)
		task[t] = bytes_of(arena_printf(a, "t%02zu", t));
	struct bytes text = frames_text(a, task, T, frames_ids(a, N), codes(a, N * T), N);
	struct table t;
	struct frame f;
	struct err e = { 0 };
	assert_true(table_open(&t, TABLE_FRAME, text, &e) && frame_load(&f, &t, own, &e));
	/* with the 8 bytes of its u an object takes at most 25, at 25 tasks */
	assert_true(arena_used(own) <= (size_t)17 * N);
}

static void test_facts(void **state)
{
	(void)state;
	static const struct {
		enum frame_fact fact;
		const char *value;
		bool ok;
	} rows[] = {
		{ FACT_OBJECT, "91371000MA3C/02", true },
		{ FACT_OBJECT, "", false },
		{ FACT_OBJECT, "91371000ma3c", false },
		{ FACT_ENTITY, "R371000", true },
		{ FACT_ENTITY, "", false },
		{ FACT_KIND, "", true },
		{ FACT_KIND, "cooperative", true },
		{ FACT_KIND, "shop", false },
		{ FACT_INDUSTRY, "", true },
		{ FACT_INDUSTRY, "A", true },
		{ FACT_INDUSTRY, "T9600", true },
		{ FACT_INDUSTRY, "U12", false },
		{ FACT_INDUSTRY, "C1", false },
		{ FACT_INDUSTRY, "C12345", false },
		{ FACT_INDUSTRY, "C1a", false },
		{ FACT_REGION, "", true },
		{ FACT_REGION, "371002", true },
		{ FACT_REGION, "371002001", true },
		{ FACT_REGION, "371002001002", true },
		{ FACT_REGION, "37100", false },
		{ FACT_REGION, "37100x", false },
		{ FACT_ESTABLISHED, "", true },
		{ FACT_ESTABLISHED, "2024-02-29", true },
		{ FACT_ESTABLISHED, "2023-02-29", false },
		{ FACT_ESTABLISHED, "1899-12-31", false },
		{ FACT_STATUS, "", true },
		{ FACT_STATUS, "suspended", true },
		{ FACT_STATUS, "Open", false },
		{ FACT_SINCE, "2999-12-31", true },
		{ FACT_SINCE, "3000-01-01", false },
		{ FACT_CLASS, "", true },
		{ FACT_CLASS, "D", true },
		{ FACT_CLASS, "E", false },
		{ FACT_CLASS, "U", false },
		{ FACT_LABELS, "", true },
		{ FACT_LABELS, "a,b", true },
		{ FACT_LABELS, "b,a", false },
		{ FACT_LABELS, "a,,b", false },
		{ FACT_CHECKED, "", true },
		{ FACT_CHECKED, "*=2025-01-01,food=2025-01-01,food=2025-02-01", true },
		{ FACT_CHECKED, "food=", false },
		{ FACT_CHECKED, "food", false },
		{ FACT_CHECKED, "=2025-01-01", false },
		{ FACT_CHECKED, "food=2025-13-01", false },
		{ FACT_CHECKED, "food=2025-01-01,*=2025-01-01", false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (frame_fact_check(rows[i].fact, bytes_of(rows[i].value)) != rows[i].ok)
			fail_msg("row %zu: \"%s\"", i, rows[i].value);
}

/* One bad value in an otherwise good frame is refused and its row named. */
static void test_refusals(void **state)
{
	(void)state;
	static const struct {
		const char *good, *bad;
		enum err_code code;
	} rows[] = {
		{ "\tenterprise\t", "\tenterpris3\t", ERR_BAD_FRAME },
		{ "91000009\t", "9100000_\t", ERR_BAD_OBJECT },
		{ "\tobservation\t", "\tobservatiox\t", ERR_BAD_FRAME },
		{ "\t1\t", "\t0\t", ERR_BAD_FRAME },
		{ "\tfood,key\t", "\tfood,eye\t", ERR_BAD_FRAME },
		{ "\t1\t", "\t1\tX", ERR_BAD_FRAME }, /* the salt */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		uint8_t code[10 * TASKS];
		memset(code, CODE_OBSERVATION, sizeof code);
		struct bytes text = frames_text(a, tasks, TASKS, frames_ids(a, 10), code, 10);
		char *copy = arena_strndup(a, text.p, text.n), *row = strstr(copy, "\n91000009\t");
		assert_non_null(row);
		char *at = strstr(row, rows[i].good);
		assert_non_null(at);
		memcpy(at, rows[i].bad, strlen(rows[i].bad));
		struct table t;
		struct frame f;
		struct err e = { 0 };
		assert_true(table_open(&t, TABLE_FRAME, (struct bytes){ copy, text.n }, &e));
		assert_false(frame_load(&f, &t, a, &e));
		assert_int_equal(e.code, rows[i].code);
		assert_string_equal(e.where, "frame: row 10");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
