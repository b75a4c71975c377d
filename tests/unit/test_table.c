/* Artefact tables: PROTOCOL.md §5. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/table.h"
#include "tests/unit/vectors.h"

#define BLIND "blind 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static const uint8_t blind[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };

static void test_table_is_that_of_the_text(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes text = vectors_file("sampler/PROTOCOL.md", a);
	struct buf table = buf_new(a, 8192);
	table_markdown(&table);
	buf_byte(&table, '\0');
	assert_non_null(strstr(arena_strndup(a, text.p, text.n), table.p));
}

static void test_open(void **state)
{
	(void)state;
	static const struct {
		enum table_id id;
		const char *text;
		bool ok;
	} rows[] = {
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n", true },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-01\n2026-01-02\n", true },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-02\n2026-01-01\n", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-02\n2026-01-02\n", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-01", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-01\tx\n", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\ndays\n", false },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v2\nday\n", false },
		{ TABLE_CALENDAR, BLIND "drawd/history/v1\nday\n", false },
		{ TABLE_CALENDAR, BLIND "drawd//v1\nday\n", false },
		{ TABLE_CALENDAR, "blind 00\ndrawd/calendar/v1\nday\n", false },
		{ TABLE_CALENDAR, "drawd/calendar/v1\nday\n", false },
		{ TABLE_CALENDAR, "", false },
		/* one empty value is a row too; an empty last row is not */
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n\n", true },
		{ TABLE_CALENDAR, BLIND "drawd/calendar/v1\nday\n2026-01-01\n\n", false },
		/* text: UTF-8 without controls */
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\t\n", true },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\t市场监管\xf0\x9f\x8f\xad\n",
			true },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\t\xe5\xb8\n", false },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\tx\xc2\x85\n", false },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\tx\r\n", false },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\tx\x7f\n", false },
		{ TABLE_POLICY, BLIND "drawd/policy/v1\npath\tvalue\na\tx\na\ty\n", false },
		/* keys: a prefix of the row … */
		{ TABLE_RECUSALS,
			BLIND "drawd/recusals/v1\ninspector\tsubject\tground\tsince\n"
			      "I1\tA\tkin\t\nI1\tB\tkin\t\n",
			true },
		{ TABLE_RECUSALS,
			BLIND "drawd/recusals/v1\ninspector\tsubject\tground\tsince\n"
			      "I1\tA\tkin\t\nI1\tA\town\t\n",
			false },
		/* … and `selection`, whose key column object stands behind stratum */
		{ TABLE_SELECTION,
			BLIND "drawd/selection/v1\ntask\tstratum\tobject\tbatch\n"
			      "a\tA\t91\t0\na\tB\t92\t1\nb\tA\t92\t0\n",
			true },
		{ TABLE_SELECTION,
			BLIND "drawd/selection/v1\ntask\tstratum\tobject\tbatch\n"
			      "a\tA\t91\t0\na\tA\t93\t1\na\tB\t92\t0\na\tC\t93\t2\nb\tA\t9\t0\n",
			false },
		{ TABLE_SELECTION,
			BLIND "drawd/selection/v1\ntask\tstratum\tobject\tbatch\n"
			      "a\tA\t1\t0\nb\tA\t91\t0\nb\tB\t91\t0\n",
			false },
		/* the frame's task columns */
		{ TABLE_FRAME,
			BLIND
			"drawd/frame/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			"\tstatus\tsince\tclass\tclasses\tlabels\tchecked\tentered\treserved\tweight\tsalt\n",
			true },
		{ TABLE_FRAME,
			BLIND
			"drawd/frame/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			"\tstatus\tsince\tclass\tclasses\tlabels\tchecked\tentered\treserved\ttask:a\ttask:b\tweight"
			"\tsalt\n",
			true },
		{ TABLE_FRAME,
			BLIND
			"drawd/frame/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			"\tstatus\tsince\tclass\tclasses\tlabels\tchecked\tentered\treserved\ttask:b\ttask:a\tweight"
			"\tsalt\n",
			false },
		{ TABLE_FRAME,
			BLIND
			"drawd/frame/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			"\tstatus\tsince\tclass\tclasses\tlabels\tchecked\tentered\treserved\ttask:B\tweight\tsalt\n",
			false },
		{ TABLE_FRAME,
			BLIND "drawd/frame/v1\nobject\tentity\tkind\tindustry\tregion\testablished"
			      "\tstatus\tsince\tclass\tlabels\ttask:a\tchecked\tweight\tsalt\n",
			false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table t;
		struct err e = { 0 };
		if (table_open(&t, rows[i].id, bytes_of(rows[i].text), &e) != rows[i].ok)
			fail_msg("row %zu: %s", i, e.what);
		assert_int_equal(e.code, rows[i].ok ? ERR_NONE : ERR_BAD_TABLE);
	}
}

static void test_read_and_write(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct buf out = buf_new(a, 0);
	struct table_pile p = table_pile_new(TABLE_POLICY, a);
	struct err e = { 0 };
	uint8_t hash[32], again[32];
	table_pile_put(&p, (struct bytes[]){ BYTES("b"), BYTES("二") });
	table_pile_put(&p, (struct bytes[]){ BYTES("a"), BYTES("") });
	table_pile_put(&p, (struct bytes[]){ BYTES("a.b"), BYTES("3") });
	assert_true(table_pile_write(&p, TABLE_POLICY, blind, sink_buf(&out), hash, &e));
	buf_byte(&out, '\0');
	assert_string_equal(out.p, BLIND "drawd/policy/v1\npath\tvalue\na\t\na.b\t3\nb\t二\n");
	sha256(out.p, out.n - 1, again);
	assert_memory_equal(hash, again, 32);

	struct table t;
	struct bytes field[TABLE_COLUMNS_MAX];
	assert_true(table_open(&t, TABLE_POLICY, (struct bytes){ out.p, out.n - 1 }, &e));
	assert_memory_equal(t.blind, blind, 32);
	assert_int_equal(t.n, 3);
	struct table_cursor c = table_rows(&t);
	assert_true(table_next(&t, &c, field) && bytes_is(field[0], "a") && field[1].n == 0);
	assert_true(table_next(&t, &c, field) && bytes_is(field[0], "a.b"));
	assert_true(table_next(&t, &c, field) && bytes_is(field[1], "二") && c.row == 3);
	assert_false(table_next(&t, &c, field));
}

/* The order in which rows come in makes no difference. */
static void test_permutation(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	uint8_t hash[2][32];
	for (size_t turn = 0; turn < 2; turn++) {
		struct table_pile p = table_pile_new(TABLE_CALENDAR, a);
		struct err e = { 0 };
		for (size_t i = 0; i < 97; i++) {
			size_t at = turn == 0 ? i : i * 31 % 97;
			struct bytes day = bytes_of(arena_printf(a, "%zu", at));
			table_pile_put(&p, &day);
		}
		assert_true(
			table_pile_write(&p, TABLE_CALENDAR, blind, sink_none(), hash[turn], &e));
	}
	assert_memory_equal(hash[0], hash[1], 32);
}

static void test_writer_refuses(void **state)
{
	(void)state;
	static const char *const second[][2] = {
		{ "a", "1" }, /* before the first */
		{ "b", "3" }, /* the key again */
		{ "b", "2" }, /* the row again */
		{ "c", "x\ty" }, /* TAB in a value */
		{ "c", "x\ny" }, /* line feed in a value */
		{ "c", "x\n" }, /* at its end */
		{ "c", "\xff" }, /* not UTF-8 */
	};
	for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
		ARENA_AUTO a = arena_new();
		struct table_writer w;
		struct err e = { 0 };
		struct bytes first[] = { BYTES("b"), BYTES("2") };
		struct bytes next[] = { bytes_of(second[i][0]), bytes_of(second[i][1]) };
		assert_true(table_start(&w, TABLE_POLICY, blind, NULL, 0, sink_none(), a, &e));
		assert_true(table_put(&w, first, &e));
		assert_true(bytes_is(table_last_row(&w), "b\t2\n"));
		assert_false(table_put(&w, next, &e));
		assert_int_equal(e.code, ERR_BAD_TABLE);
	}
}

static bool refuse(void *ctx, struct bytes chunk, struct err *e)
{
	(void)ctx, (void)chunk;
	return err_set(e, ERR_INTERNAL, "full");
}

static void test_sink_stops_the_writer(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct table_writer w;
	struct err e = { 0 };
	uint8_t hash[32];
	bool ok = table_start(
		&w, TABLE_CALENDAR, blind, NULL, 0, (struct sink){ refuse, NULL }, a, &e);
	for (unsigned i = 0; ok && i < 100000; i++) {
		struct bytes day = bytes_of(arena_printf(a, "%06u", i));
		ok = table_put(&w, &day, &e);
	}
	assert_false(ok && table_end(&w, hash, &e));
	assert_string_equal(e.what, "full");
	struct table_pile p = table_pile_new(TABLE_CALENDAR, a);
	struct bytes day = BYTES("2026-01-01");
	struct err third = { 0 };
	table_pile_put(&p, &day);
	table_pile_put(&p, &day);
	assert_false(table_pile_write(&p, TABLE_CALENDAR, blind, sink_none(), hash, &third));
	assert_int_equal(third.code, ERR_BAD_TABLE);
	struct bytes codes[] = { BYTES("b"), BYTES("a") };
	struct err other = { 0 };
	assert_false(table_start(&w, TABLE_FRAME, blind, codes, 2, sink_none(), a, &other));
	assert_int_equal(other.code, ERR_BAD_TABLE);
}

static void test_names(void **state)
{
	(void)state;
	enum table_id id;
	for (unsigned i = 0; i < TABLES; i++) {
		assert_true(table_id_of(bytes_of(table_form((enum table_id)i)->name), &id));
		assert_int_equal(id, i);
	}
	assert_false(table_id_of(BYTES("poolx"), &id));
	assert_int_equal(table_column(TABLE_VISITS, "departments"), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_that_of_the_text),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_read_and_write),
		cmocka_unit_test(test_permutation),
		cmocka_unit_test(test_writer_refuses),
		cmocka_unit_test(test_sink_stops_the_writer),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
