/* The frame by column: PROTOCOL.md §5. */
#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/merkle.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

enum { OBJECTS = 300, TASKS = 3 };
static const struct bytes tasks[TASKS] = { { "fire", 4 }, { "food-1", 6 }, { "tax", 3 } };

static uint8_t *cells(struct arena *a, size_t n)
{
	uint8_t *cell = arena_alloc(a, n);
	for (size_t i = 0; i < n; i++)
		cell[i] = (uint8_t)(frames_mix(i) % (FRAME_STRATA + 1));
	return cell;
}

static void test_load(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, OBJECTS);
	uint8_t *cell = cells(a, OBJECTS * TASKS);
	struct frame f;
	uint64_t count = 0, all = 0;
	frames_load(&f, a, tasks, TASKS, id, cell, OBJECTS);
	assert_int_equal(f.n, OBJECTS);
	assert_int_equal(f.tasks, TASKS);
	assert_false(f.weighted);
	for (size_t i = 0; i < OBJECTS; i++) {
		size_t at;
		assert_true(bytes_equal(frame_object(&f, i), id[i]));
		assert_true(frame_find(&f, id[i], &at) && at == i);
		uint8_t all_cells[TASKS];
		frame_cells(&f, i, all_cells);
		assert_memory_equal(all_cells, &cell[i * TASKS], TASKS);
		for (size_t t = 0; t < TASKS; t++) {
			uint8_t c = cell[i * TASKS + t];
			assert_int_equal(frame_cell(&f, i, t), c);
			assert_true(bytes_is(frame_code(&f, i, t),
				c < FRAME_STRATA ? stratum_name((enum stratum)c) : "closed"));
		}
		count += cell[i * TASKS + 1] == STRATUM_D2;
		assert_false(frame_special(&f, i));
		assert_true(bytes_equal(frame_entity(&f, i), id[i]));
	}
	assert_int_equal(f.counts.population[1 * FRAME_STRATA + STRATUM_D2], count);
	assert_int_equal(f.counts.units[1 * FRAME_STRATA + STRATUM_D2], count);
	for (size_t c = 0; c < FRAME_STRATA; c++)
		all += f.counts.population[2 * FRAME_STRATA + c];
	assert_int_equal(all + frame_excluded(&f.counts, 2, BYTES("closed")), OBJECTS);
	assert_int_equal(frame_excluded(&f.counts, 2, BYTES("type")), 0);
	assert_int_equal(f.counts.codes, 1);
	assert_int_equal(f.groups.n, 0);
	size_t at;
	assert_false(frame_find(&f, BYTES("91"), &at) || frame_find(&f, BYTES("92"), &at));
	struct bytes fact[FRAME_FACTS];
	frame_facts(&f, 77, fact);
	assert_true(bytes_equal(fact[FACT_OBJECT], id[77]));
	assert_true(bytes_is(fact[FACT_CHECKED], "*=2025-03-01"));
	assert_true(bytes_is(f.task[2], "tax"));
	struct bytes row[FRAME_FACTS + TASKS];
	frame_row(&f, 77, row);
	assert_true(bytes_equal(row[FACT_RESERVED], fact[FACT_RESERVED]));
	assert_true(bytes_equal(row[FRAME_FACTS + 2], frame_code(&f, 77, 2)));
}

/* universe and frame-root, computed again the plain way. */
static void test_hashes(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, OBJECTS);
	struct frame f;
	frames_load(&f, a, tasks, TASKS, id, cells(a, OBJECTS * TASKS), OBJECTS);
	struct buf universe = buf_new(a, 0);
	struct frame_universe u;
	struct hash *leaf = arena_calloc(a, OBJECTS, sizeof *leaf), root;
	uint8_t hash[32];
	buf_str(&universe, "drawd/universe/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			   "\tstatus\tsince\tclass\tclasses\tlabels\tchecked\tentered"
			   "\treserved\n");
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
	enum { N = 40000, T = 25 };
	ARENA_AUTO a = arena_new();
	ARENA_AUTO own = arena_new();
	struct bytes task[T];
	for (size_t t = 0; t < T; t++)
		task[t] = bytes_of(arena_printf(a, "t%02zu", t));
	struct bytes text = frames_text(a, task, T, frames_ids(a, N), NULL, cells(a, N * T), N);
	struct table t;
	struct frame f;
	struct err e = { 0 };
	assert_true(
		table_open(&t, TABLE_FRAME, text, &e) && frame_load(&f, &t, &frames_rank, own, &e));
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
		{ FACT_CLASSES, "", true },
		{ FACT_CLASSES, "fire=A,food=D", true },
		{ FACT_CLASSES, "fire=A,fire=D", false }, /* each field once */
		{ FACT_CLASSES, "food=D,fire=A", false },
		{ FACT_CLASSES, "fire=U", false },
		{ FACT_CLASSES, "fire=", false },
		{ FACT_CLASSES, "fire", false },
		{ FACT_CLASSES, "=A", false },
		{ FACT_CLASSES, "Fire=A", false },
		{ FACT_ENTERED, "", true },
		{ FACT_ENTERED, "2026-01-05/county/market/entry,2026-01-05/county/market/remote",
			true },
		{ FACT_ENTERED, "2026-01-05/county/market/remote,2026-01-05/county/market/entry",
			false },
		{ FACT_ENTERED, "2026-01-05/county/market", false },
		{ FACT_ENTERED, "2026-01-05/county/market/visit", false },
		{ FACT_ENTERED, "2026-01-05/county/market/entry/x", false },
		{ FACT_ENTERED, "2026-02-30/county/market/entry", false },
		{ FACT_ENTERED, "/county/market/entry", false },
		{ FACT_ENTERED, "2026-01-05//market/entry", false },
		{ FACT_RESERVED, "0", true },
		{ FACT_RESERVED, "999", true },
		{ FACT_RESERVED, "1000", false },
		{ FACT_RESERVED, "", false },
		{ FACT_RESERVED, "00", false },
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

/* The words of the task columns. */
static void test_words(void **state)
{
	static const char *const good[] = { "type", "remit", "closed", "checked", "mode-a", "cap-a",
		"mode-a23456789012345678901234567", "cap-a23456789012345678901234567" };
	static const char *const bad[] = { "", "Type", "mode", "mode-", "cap-", "tolerance",
		"mode-A", "mode-a234567890123456789012345678", "cap-a234567890123456789012345678" };
	static const char *const none[] = { "", "E", "A3", "A0", "AA", "1A", "A11", "a" };
	enum stratum s = STRATUM_OUT;

	(void)state;
	for (int i = 0; i < FRAME_STRATA; i++) {
		assert_true(stratum_of(bytes_of(stratum_name((enum stratum)i)), &s));
		assert_int_equal(s, i);
		assert_int_equal(stratum_class(s) + stratum_mark(s) * FRAME_CLASSES, i);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(stratum_of(bytes_of(none[i]), &s));
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(frame_is_exclusion(bytes_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(frame_is_exclusion(bytes_of(bad[i])));
}

/* ---- entities with several objects ---- */

/* Units and groups found the plain way: every object against every other. */
static void compare_groups(const struct frame *f, const struct bytes *entity)
{
	uint64_t units[TASKS * FRAME_STRATA] = { 0 };
	for (size_t i = 0; i < f->n; i++) {
		const uint32_t *member;
		size_t n = frame_group(f, i, &member), have = 0, first[TASKS] = { 0 };
		bool several = false;
		for (size_t k = 0; k < f->n; k++)
			several = several || (k != i && bytes_equal(entity[k], entity[i]));
		assert_int_equal(frame_special(f, i),
			several || !bytes_equal(entity[i], frame_object(f, i)));
		assert_int_equal(n > 0, several);
		for (size_t k = 0; k < f->n; k++) {
			if (!bytes_equal(entity[k], entity[i]))
				continue;
			if (several)
				assert_int_equal(member[have], k);
			have++;
			for (size_t t = 0; t < TASKS; t++) {
				uint8_t own = frames_rank.place[frame_cell(f, i, t)];
				uint8_t other = frames_rank.place[frame_cell(f, k, t)];
				first[t] += other < own || (other == own && k < i);
			}
		}
		assert_int_equal(n, several ? have : 0);
		for (size_t t = 0; t < TASKS; t++)
			if (first[t] == 0 && frame_cell(f, i, t) != STRATUM_OUT)
				units[t * FRAME_STRATA + frame_cell(f, i, t)]++;
	}
	assert_memory_equal(units, f->counts.units, sizeof units);
}

static void test_groups(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		ARENA_AUTO a = arena_new();
		struct bytes *id = frames_ids(a, OBJECTS);
		struct bytes *entity = arena_calloc(a, OBJECTS, sizeof *entity);
		struct frame f;
		size_t last = 0;
		for (size_t i = 0; i < OBJECTS; i++) {
			uint64_t r = frames_mix(round * 1000 + i);
			entity[i] = id[i];
			if (r % 4 < round % 4) /* of another object, of one behind it, of none */
				entity[i] = r / 4 % 3 == 0
						    ? BYTES("E1")
						    : id[r / 16 % (round < 20 ? 30 : OBJECTS)];
		}
		frames_load_entities(
			&f, a, tasks, TASKS, id, entity, cells(a, OBJECTS * TASKS), OBJECTS);
		compare_groups(&f, entity);
		for (size_t k = 0; k < f.groups.n; k++) {
			const uint32_t *member = f.groups.member + f.groups.start[k];
			assert_true(k == 0 || member[0] > last);
			last = member[0];
		}
	}
}

/* What is told of an entity is the same in all its rows (V9). */
static void test_one_entity(void **state)
{
	static const char was[] = "/entry\t0\tclosed", is[] = "/entry\t1\tclosed";
	ARENA_AUTO a = arena_new();
	const struct bytes entity[] = { BYTES("E"), BYTES("F"), BYTES("E") };
	uint8_t cell[3 * TASKS];

	(void)state;
	memset(cell, STRATUM_OUT, sizeof cell);
	struct bytes text = frames_text(a, tasks, TASKS, frames_ids(a, 3), entity, cell, 3);
	for (size_t row = 1; row <= 3; row++) {
		char *copy = arena_strndup(a, text.p, text.n), *at = copy;
		struct table t;
		struct frame f;
		struct err e = { 0 };
		for (size_t i = 0; i < row + 2; i++) /* three lines of head */
			at = strchr(at, '\n') + 1;
		at = strstr(at, was);
		assert_non_null(at);
		memcpy(at, is, strlen(is));
		assert_true(table_open(&t, TABLE_FRAME, (struct bytes){ copy, text.n }, &e));
		assert_int_equal(frame_load(&f, &t, &frames_rank, a, &e), row == 2);
		if (row == 2)
			continue;
		assert_int_equal(e.code, ERR_BAD_FRAME);
		assert_string_equal(e.where, "frame: row 3");
		assert_non_null(strstr(e.what, "reserved"));
	}
}

/* Codes of modes and caps, interned as they come, stand in the order of the ledger. */
static void test_exclusions(void **state)
{
	static const char *const to[] = { "cap-aa", "mode-x", "cap-b1", "remit1" };
	ARENA_AUTO a = arena_new();
	uint8_t cell[8];
	struct table t;
	struct frame f;
	struct err e = { 0 };

	(void)state;
	memset(cell, STRATUM_OUT, sizeof cell);
	struct bytes text = frames_text(a, tasks, 1, frames_ids(a, 8), NULL, cell, 8);
	char *copy = arena_strndup(a, text.p, text.n), *at = copy;
	for (size_t i = 0; i < 4; i++) {
		at = strstr(at, "\tclosed\t");
		assert_non_null(at);
		memcpy(at + 1, to[i == 3 ? 0 : i], 6);
	}
	assert_true(table_open(&t, TABLE_FRAME, (struct bytes){ copy, text.n }, &e));
	assert_true(frame_load(&f, &t, &frames_rank, a, &e));
	assert_int_equal(f.counts.codes, 4);
	assert_true(bytes_is(f.counts.code[0], "cap-aa") && bytes_is(f.counts.code[1], "cap-b1"));
	assert_true(bytes_is(f.counts.code[2], "closed") && bytes_is(f.counts.code[3], "mode-x"));
	assert_int_equal(frame_excluded(&f.counts, 0, BYTES("cap-aa")), 2);
	assert_int_equal(frame_excluded(&f.counts, 0, BYTES("closed")), 4);
	assert_int_equal(frame_excluded(&f.counts, 0, BYTES("mode-x")), 1);
	assert_int_equal(frame_excluded(&f.counts, 0, BYTES("mode-y")), 0);
	memcpy(strstr(copy, "\tclosed\t") + 1, to[3], 6);
	assert_false(frame_load(&f, &t, &frames_rank, a, &e));
	assert_int_equal(e.code, ERR_BAD_FRAME);
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
		{ "\tclosed\t", "\tclosex\t", ERR_BAD_FRAME },
		{ "\tfood=A\t", "\tfood=E\t", ERR_BAD_FRAME },
		{ "/entry\t", "/enter\t", ERR_BAD_FRAME }, { "\t0\t", "\tx\t", ERR_BAD_FRAME },
		{ "\t1\t", "\t0\t", ERR_BAD_FRAME },
		{ "\tfood,key\t", "\tfood,eye\t", ERR_BAD_FRAME },
		{ "\t1\t", "\t1\tX", ERR_BAD_FRAME }, /* the salt */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		uint8_t cell[10 * TASKS];
		memset(cell, STRATUM_OUT, sizeof cell);
		struct bytes text = frames_text(a, tasks, TASKS, frames_ids(a, 10), NULL, cell, 10);
		char *copy = arena_strndup(a, text.p, text.n), *row = strstr(copy, "\n91000009\t");
		assert_non_null(row);
		char *at = strstr(row, rows[i].good);
		assert_non_null(at);
		memcpy(at, rows[i].bad, strlen(rows[i].bad));
		struct table t;
		struct frame f;
		struct err e = { 0 };
		assert_true(table_open(&t, TABLE_FRAME, (struct bytes){ copy, text.n }, &e));
		assert_false(frame_load(&f, &t, &frames_rank, a, &e));
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
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_one_entity),
		cmocka_unit_test(test_exclusions),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
