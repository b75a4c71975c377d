#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/quota.h"
#include "tests/unit/sample_policy.h"

/* ---- quotas ---- */

static void quotas(void **state)
{
	static const struct {
		uint64_t population;
		uint32_t ppm;
		uint64_t down, half_up, up;
	} rows[] = {
		{ 0, 0, 0, 0, 0 },
		{ 0, 1000000, 0, 0, 0 },
		{ 100, 0, 0, 0, 0 },
		{ 1, 1, 1, 1, 1 },
		{ 1, 1000000, 1, 1, 1 },
		{ 4, 999999, 3, 4, 4 },
		{ 49, 10000, 1, 1, 1 }, /* 0.49: the minimum of one */
		{ 150, 10000, 1, 2, 2 }, /* 1.5 */
		{ 149, 10000, 1, 1, 2 }, /* 1.49 */
		{ 250, 10000, 2, 3, 3 }, /* 2.5: not to even */
		{ 200, 10000, 2, 2, 2 },
		{ 22186, 20000, 443, 444, 444 },
		{ 5658, 50000, 282, 283, 283 },
		{ 1000000, 1, 1, 1, 1 },
		{ 1499999, 1, 1, 1, 2 },
		{ 1500000, 1, 1, 2, 2 },
		{ UINT64_C(1) << 40, 1000000, UINT64_C(1) << 40, UINT64_C(1) << 40,
			UINT64_C(1) << 40 },
		{ UINT64_C(1) << 40, 999999, 1099510528264, 1099510528264, 1099510528265 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(quota(rows[i].population, rows[i].ppm, ROUND_DOWN), rows[i].down);
		assert_int_equal(
			quota(rows[i].population, rows[i].ppm, ROUND_HALF_UP), rows[i].half_up);
		assert_int_equal(quota(rows[i].population, rows[i].ppm, ROUND_UP), rows[i].up);
	}
}

/* The three formulas as PROTOCOL.md §6.3 writes them, and what must hold of any quota. */
static void quotas_as_written(void **state)
{
	uint64_t x = 42;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		uint64_t n = (x >> 20) % (i % 2 ? 300 : 100000000), r = (x >> 5) % 1000001;
		uint64_t half = (2 * n * r + 1000000) / 2000000, down = n * r / 1000000;
		uint64_t up = n * r / 1000000 + (n * r % 1000000 != 0), least = n > 0 && r > 0;
		uint64_t got = quota(n, (uint32_t)r, ROUND_HALF_UP);
		assert_int_equal(got, half > least ? half : least);
		assert_int_equal(quota(n, (uint32_t)r, ROUND_DOWN), down > least ? down : least);
		assert_int_equal(quota(n, (uint32_t)r, ROUND_UP), up > least ? up : least);
		assert_true(got <= n);
	}
}

static void reports(void **state)
{
	(void)state;
	assert_string_equal(quota_report(0, 0, 1000000), "empty");
	assert_string_equal(quota_report(3, 3, 1000000), "full");
	assert_string_equal(quota_report(4, 1, 10000), "targeted");
	assert_string_equal(quota_report(5, 1, 10000), "random");
	assert_string_equal(quota_report(10, 5, 500000), "random");
	assert_string_equal(quota_report(10, 6, 600000), "targeted");
	assert_string_equal(quota_report(100, 0, 0), "random");
}

static void golden(void **state)
{
	static const char *const names[] = {
		[ROUND_DOWN] = "down", [ROUND_HALF_UP] = "half-up", [ROUND_UP] = "up"
	};
	FILE *f = fopen("tests/vectors/quota.txt", "r");
	char line[400];
	int number = 0, cases = 0;

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/quota.txt: cannot be opened");
	while (fgets(line, sizeof line, f) != NULL) {
		char rounding[16], report[16];
		unsigned long long population, n;
		unsigned ppm, r = 0;
		number++;
		if (line[0] == '\n' || line[0] == '#')
			continue;
		if (sscanf(line, "quota %llu %u %15s %llu %15s", &population, &ppm, rounding, &n,
			    report) != 5)
			fail_msg("line %d: quota N PPM ROUNDING QUOTA REPORT", number);
		while (r <= ROUND_UP && strcmp(rounding, names[r]) != 0)
			r++;
		assert_true(r <= ROUND_UP);
		uint64_t got = quota(population, ppm, (enum rounding)r);
		if (got != n || strcmp(quota_report(population, got, ppm), report) != 0)
			fail_msg(
				"line %d: %llu, expected %llu", number, (unsigned long long)got, n);
		cases++;
	}
	fclose(f);
	assert_true(cases > 0);
}

/* ---- strata and ledger ---- */

/* Tasks t and t-2 of the sample policy: A B C D U, then type remit closed tolerance observation
 * checked. */
static const uint64_t counts[2 * FRAME_CODES] = {
	1000, 150, 3, 0, 10, 20, 0, 5, 0, 7, 1, /* t: 2 %, 5 %, 20 %, 100 %; U as B */
	0, 30, 0, 2, 0, 1164, 0, 0, 0, 0, 0, /* t-2: 1 %, 3 %, 0 %, 50 % */
};
enum { REGISTER = 1196 };

struct fixture {
	struct arena *arena;
	struct sample sample;
	struct policy policy;
	struct err e;
};

static void start(struct fixture *f, struct arena *a)
{
	memset(f, 0, sizeof *f);
	f->arena = a;
	sample_init(&f->sample, a);
	assert_true(sample_read(&f->sample, &f->policy, &f->e));
}

static struct bytes rows_of(struct bytes all, enum table_id id, struct table *t)
{
	struct err e = { 0 };
	assert_true(table_open(t, id, all, &e));
	return t->rows;
}

static struct bytes write_strata(struct fixture *f, const uint64_t *count)
{
	struct strata s;
	struct buf out = buf_new(f->arena, 0);
	uint8_t blind[32] = { 1 }, hash[32];

	assert_true(strata_make(&s, &f->policy, count, f->arena, &f->e));
	assert_true(strata_write(&s, &f->policy, blind, sink_buf(&out), f->arena, hash, &f->e));
	return buf_view(&out);
}

static struct bytes write_ledger(struct fixture *f, const uint64_t *count)
{
	struct buf out = buf_new(f->arena, 0);
	uint8_t blind[32] = { 2 }, hash[32];

	assert_true(ledger_write(&f->policy, count, blind, sink_buf(&out), f->arena, hash, &f->e));
	return buf_view(&out);
}

static void artefacts(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct table t;

	(void)state;
	start(&f, a);
	assert_true(bytes_is(rows_of(write_strata(&f, counts), TABLE_STRATA, &t),
		"t\tA\t1000\t20\t20000\trandom\n"
		"t\tB\t150\t8\t50000\trandom\n"
		"t\tC\t3\t1\t200000\ttargeted\n"
		"t\tD\t0\t0\t1000000\tempty\n"
		"t\tU\t10\t1\t50000\trandom\n"
		"t-2\tA\t0\t0\t10000\tempty\n"
		"t-2\tB\t30\t1\t30000\trandom\n"
		"t-2\tD\t2\t1\t500000\ttargeted\n"));
	assert_true(bytes_is(rows_of(write_ledger(&f, counts), TABLE_LEDGER, &t),
		"t\tchecked\t1\tchecked/1\t本周期内已检查的不再抽取\n"
		"t\tclosed\t5\tclosed/1\t已注销、吊销或迁出\n"
		"t\tobservation\t7\tobservation/1\t新设经营主体观察期\n"
		"t\ttype\t20\ttype/1\t不属于任务的检查对象范围\n"
		"t-2\ttype\t1164\ttype/1\t不属于任务的检查对象范围\n"));
}

static void quotas_for_the_draw(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;
	static const uint64_t expected[2 * FRAME_STRATA] = { 20, 8, 1, 0, 1, 0, 1, 0, 1, 0 };

	(void)state;
	start(&f, a);
	assert_true(strata_make(&s, &f.policy, counts, a, &f.e));
	assert_memory_equal(s.quota, expected, sizeof expected);
	/* a class with ratio 0 and objects has a row and no quota */
	uint64_t more[2 * FRAME_CODES];
	memcpy(more, counts, sizeof more);
	more[FRAME_CODES + CODE_C] = 9;
	assert_true(strata_make(&s, &f.policy, more, a, &f.e));
	assert_int_equal(s.n, 9);
	assert_int_equal(s.row[7].stratum, CODE_C);
	assert_int_equal(s.row[7].quota, 0);
}

static void refusals(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;
	uint64_t few[2 * FRAME_CODES];

	(void)state;
	start(&f, a);
	/* the policy is content with empty strata, but never with an empty task */
	memcpy(few, counts, sizeof few);
	few[FRAME_CODES + CODE_B] = few[FRAME_CODES + CODE_D] = 0;
	assert_false(strata_make(&s, &f.policy, few, a, &f.e));
	assert_int_equal(f.e.code, ERR_EMPTY_STRATUM);
	assert_string_equal(f.e.where, "task t-2");

	f.e = (struct err){ 0 };
	sample_set(&f.sample, "strata.empty", "refuse");
	assert_true(sample_read(&f.sample, &f.policy, &f.e));
	assert_false(strata_make(&s, &f.policy, counts, a, &f.e));
	assert_int_equal(f.e.code, ERR_EMPTY_STRATUM);
	assert_string_equal(f.e.where, "task t, stratum D");
	/* C of t-2 has ratio 0 and no objects: no row, nothing to refuse */
	f.e = (struct err){ 0 };
	memcpy(few, counts, sizeof few);
	few[CODE_D] = few[FRAME_CODES + CODE_A] = 1;
	assert_true(strata_make(&s, &f.policy, few, a, &f.e));
}

/* ---- the replay ---- */

static const char *verify(
	struct fixture *f, struct bytes strata, struct bytes ledger, uint64_t rows)
{
	struct table s, l;

	f->e = (struct err){ 0 };
	assert_true(table_open(&s, TABLE_STRATA, strata, &f->e));
	assert_true(table_open(&l, TABLE_LEDGER, ledger, &f->e));
	bool ok = strata_verify(&f->policy, counts, rows, &s, &l, f->arena, &f->e);
	assert_int_equal(ok, f->e.code == ERR_NONE);
	return arena_printf(f->arena, "%s: %s", f->e.where, f->e.what);
}

/* The text with one place changed. */
static struct bytes forge(struct fixture *f, struct bytes all, const char *from, const char *to)
{
	struct buf out = buf_new(f->arena, all.n + 100);
	const char *at = memmem(all.p, all.n, from, strlen(from));

	assert_non_null(at);
	buf_put(&out, all.p, (size_t)(at - all.p));
	buf_str(&out, to);
	at += strlen(from);
	buf_put(&out, at, (size_t)(all.p + all.n - at));
	return buf_view(&out);
}

static void forged(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;

	(void)state;
	start(&f, a);
	struct bytes s = write_strata(&f, counts), l = write_ledger(&f, counts);
	static const struct {
		const char *from, *to, *error;
	} strata[] = {
		{ "t\tA\t1000\t20\t", "t\tA\t1000\t19\t",
			"strata: row 1 (t A), quota: \"19\" stands where \"20\" follows" },
		{ "t\tC\t3\t1\t200000\ttargeted", "t\tC\t3\t1\t200000\trandom",
			"strata: row 3 (t C), report: \"random\" stands where \"targeted\" follows" },
		{ "t-2\tD\t2\t1\t500000\ttargeted\n", "",
			"strata: row 8 (t-2 D), all columns: this row is missing" },
		{ "t\tU\t10\t1\t50000\trandom\n", "",
			"strata: row 5 (t U), task: \"t-2\" stands where \"t\" follows" },
		{ "t-2\tD\t2\t1\t500000\ttargeted\n", "t-2\tD\t2\t1\t500000\ttargeted\nt-3\tA\t1\t1\t1\tfull\n",
			"strata: row 9 (t-3 A), all columns: this row does not follow from the frame" },
	}, ledger[] = {
		{ "t\tclosed\t5\t", "t\tclosed\t4\t",
			"ledger: row 2 (t closed), count: \"4\" stands where \"5\" follows" },
		{ "closed/1", "closed/2",
			"ledger: row 2 (t closed), rule: \"closed/2\" stands where \"closed/1\" follows" },
	};
	assert_string_equal(verify(&f, s, l, REGISTER), ": ");
	for (size_t i = 0; i < sizeof strata / sizeof *strata; i++) {
		assert_string_equal(
			verify(&f, forge(&f, s, strata[i].from, strata[i].to), l, REGISTER),
			strata[i].error);
	}
	for (size_t i = 0; i < sizeof ledger / sizeof *ledger; i++)
		assert_string_equal(
			verify(&f, s, forge(&f, l, ledger[i].from, ledger[i].to), REGISTER),
			ledger[i].error);
	assert_string_equal(verify(&f, s, l, REGISTER + 1),
		"task t: 1196 objects counted, 1197 in the register");
	f.policy.empty_refuse = 1;
	assert_string_equal(verify(&f, s, l, REGISTER),
		"task t, stratum D: no object, and strata.empty is refuse");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotas),
		cmocka_unit_test(quotas_as_written),
		cmocka_unit_test(reports),
		cmocka_unit_test(golden),
		cmocka_unit_test(artefacts),
		cmocka_unit_test(quotas_for_the_draw),
		cmocka_unit_test(refusals),
		cmocka_unit_test(forged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
