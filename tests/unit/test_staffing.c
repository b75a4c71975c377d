/* Another staffing: forms of the text, who goes, who comes, limits, refusals. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/staffing.h"
#include "sampler/table.h"
#include "tests/unit/sample_policy.h"

static const char *const pool_rows[] = {
	"CX-1\tscjg\t\tcx\t2027-01-01\t\t0",
	"CX-2\tscjg\t3301\tcx\t2027-01-01\t2026-05-01..2026-05-03\t4",
	"CX-3\tscjg\t*\t*\t\t\t0",
	"GA-1\tgaj\t*\t*\t\t\t0",
};

/* Departments of the policy under test, in the order of the sample. */
static struct bytes pool_of(struct arena *a, const char *const *row, size_t n)
{
	struct buf *b = arena_calloc(a, 1, sizeof *b);
	*b = buf_new(a, 512);
	buf_str(b, "blind ");
	for (int i = 0; i < 64; i++)
		buf_byte(b, '0');
	buf_str(b,
		"\ndrawd/pool/v1\ninspector\tdepartment\tregions\titems\tcertificate\tleave\tlimit\n");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, row[i]);
		buf_byte(b, '\n');
	}
	return buf_view(b);
}

/* ---- forms ---- */

static void test_forms(void **state)
{
	static const struct {
		const char *text;
		uint32_t n; /* 0 and text: refused */
		const char *department;
		bool fewer;
		uint32_t by;
	} rows[] = {
		{ "", 0, NULL, false, 0 },
		{ "scjg+3", 1, "scjg", false, 3 },
		{ "scjg-2,gaj+9999", 2, "scjg", true, 2 },
		{ "dep-2-3", 1, "dep-2", true, 3 },
		{ "dep-2+3", 1, "dep-2", false, 3 },
		{ "scjg", 0, NULL, false, 0 },
		{ "scjg+", 0, NULL, false, 0 },
		{ "+3", 0, NULL, false, 0 },
		{ "scjg+0", 0, NULL, false, 0 },
		{ "scjg+03", 0, NULL, false, 0 },
		{ "scjg+10000", 0, NULL, false, 0 },
		{ "SCJG+1", 0, NULL, false, 0 },
		{ "scjg+1,", 0, NULL, false, 0 },
		{ "scjg+1,scjg-1", 0, NULL, false, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct staffing s;
		struct err e = { 0 };
		bool ok = staffing_parse(&s, bytes_of(rows[i].text), 7, a, &e);
		assert_int_equal(ok, rows[i].n > 0 || rows[i].text[0] == '\0');
		if (!ok) {
			assert_int_equal(e.code, ERR_STAFFING);
			continue;
		}
		assert_int_equal(s.n, rows[i].n);
		assert_int_equal(s.limit, 7);
		if (s.n == 0)
			continue;
		assert_true(bytes_is(s.change[0].department, rows[i].department));
		assert_int_equal(s.change[0].fewer, rows[i].fewer);
		assert_int_equal(s.change[0].by, rows[i].by);
	}
}

/* ---- pools ---- */

struct world {
	struct sample sample;
	struct policy policy;
};

static void make(struct world *w, struct arena *a)
{
	struct err e = { 0 };
	sample_init(&w->sample, a);
	assert_true(sample_read(&w->sample, &w->policy, &e));
}

/* The pool's rows with the first two departments of the policy in place of scjg and gaj. */
static struct bytes sample_pool(const struct policy *p, struct arena *a)
{
	const char *row[4];
	for (size_t i = 0; i < 4; i++) {
		const char *d = strchr(pool_rows[i], '\t') + 1, *end = strchr(d, '\t');
		row[i] = arena_printf(a, "%.*s%.*s%s", (int)(d - pool_rows[i]), pool_rows[i],
			BYTES_ARG(p->departments[i / 3].code), end);
	}
	return pool_of(a, row, 4);
}

static bool apply(struct world *w, struct arena *a, const char *text, uint32_t limit,
	struct table *t, struct err *e)
{
	struct staffing s;
	struct bytes changed;
	assert_true(staffing_parse(&s, bytes_of(text), limit, a, e));
	if (!staffing_apply(&s, &w->policy, sample_pool(&w->policy, a), a, &changed, e))
		return false;
	assert_true(table_open(t, TABLE_POOL, changed, e));
	return true;
}

/* How many rows have the value in the column. */
static size_t having(const struct table *t, size_t column, struct bytes value)
{
	struct bytes field[TABLE_COLUMNS_MAX];
	struct table_cursor c = table_rows(t);
	size_t n = 0;
	while (table_next(t, &c, field))
		n += bytes_equal(field[column], value);
	return n;
}

enum { INSPECTOR, DEPARTMENT, REGIONS, ITEMS, CERTIFICATE, LEAVE, LIMIT };

static void test_fewer_and_more(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct table t;
	struct err e = { 0 };
	(void)state;
	make(&w, a);
	struct bytes first = w.policy.departments[0].code, second = w.policy.departments[1].code;
	assert_true(apply(&w, a, "", 0, &t, &e));
	assert_int_equal(t.n, 4);
	assert_true(apply(&w, a,
		arena_printf(a, "%.*s-2,%.*s+2", BYTES_ARG(first), BYTES_ARG(second)), 0, &t, &e));
	assert_int_equal(t.n, 4);
	assert_int_equal(having(&t, DEPARTMENT, first), 1);
	assert_int_equal(having(&t, DEPARTMENT, second), 3);
	assert_int_equal(having(&t, INSPECTOR, BYTES("SIM-00001")), 1);
	assert_int_equal(having(&t, INSPECTOR, BYTES("SIM-00002")), 1);
	/* five more of a department of three: each of them at least once again */
	assert_true(apply(&w, a, arena_printf(a, "%.*s+5", BYTES_ARG(first)), 0, &t, &e));
	assert_int_equal(having(&t, DEPARTMENT, first), 8);
	assert_in_range(having(&t, LIMIT, BYTES("4")), 2, 3);
	assert_in_range(having(&t, REGIONS, BYTES("3301")), 2, 3);
	assert_int_equal(having(&t, LEAVE, BYTES("2026-05-01..2026-05-03")), 1);
	/* the same asked again gives the same */
	struct table again;
	assert_true(apply(&w, a, arena_printf(a, "%.*s+5", BYTES_ARG(first)), 0, &again, &e));
	assert_true(bytes_equal(t.rows, again.rows));
	/* nobody to be like */
	assert_true(apply(&w, a, arena_printf(a, "%.*s-1", BYTES_ARG(second)), 0, &t, &e));
	assert_int_equal(having(&t, DEPARTMENT, second), 0);
}

static void test_limit(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	struct table t;
	struct err e = { 0 };
	(void)state;
	make(&w, a);
	assert_true(apply(&w, a, arena_printf(a, "%.*s+1", BYTES_ARG(w.policy.departments[1].code)),
		12, &t, &e));
	assert_int_equal(having(&t, LIMIT, BYTES("12")), 5);
}

static void test_nobody_there(void **state)
{
	static const char *const number[] = { "SIM-00001\tX\t*\t*\t\t\t9" };
	ARENA_AUTO a = arena_new();
	struct world w;
	struct staffing s;
	struct table t;
	struct bytes changed;
	struct err e = { 0 };
	(void)state;
	make(&w, a);
	struct bytes first = w.policy.departments[0].code;
	assert_true(staffing_parse(
		&s, bytes_of(arena_printf(a, "%.*s+2", BYTES_ARG(first))), 0, a, &e));
	assert_true(staffing_apply(&s, &w.policy, pool_of(a, number, 1), a, &changed, &e));
	assert_true(table_open(&t, TABLE_POOL, changed, &e));
	assert_int_equal(t.n, 3);
	assert_int_equal(having(&t, INSPECTOR, BYTES("SIM-00001")), 1); /* whose it is */
	assert_int_equal(having(&t, INSPECTOR, BYTES("SIM-00003")), 1);
	assert_int_equal(having(&t, REGIONS, BYTES("*")), 3);
	assert_int_equal(having(&t, LIMIT, BYTES("0")), 2);
}

static void test_refused(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w;
	(void)state;
	make(&w, a);
	const char *const rows[] = {
		"nowhere+1",
		arena_printf(a, "%.*s-4", BYTES_ARG(w.policy.departments[0].code)),
		arena_printf(a, "%.*s-2", BYTES_ARG(w.policy.departments[1].code)),
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table t;
		struct err e = { 0 };
		assert_false(apply(&w, a, rows[i], 0, &t, &e));
		assert_int_equal(e.code, ERR_STAFFING);
	}
	struct staffing none = { 0 };
	struct bytes changed;
	struct err e = { 0 };
	assert_false(staffing_apply(&none, &w.policy, BYTES("no pool"), a, &changed, &e));
	assert_int_equal(e.code, ERR_BAD_TABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_fewer_and_more),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
