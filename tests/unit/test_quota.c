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
	assert_string_equal(quota_report(0, 0, 0, 1000000), "empty");
	assert_string_equal(quota_report(3, 3, 3, 1000000), "full");
	assert_string_equal(quota_report(4, 4, 1, 10000), "targeted");
	assert_string_equal(quota_report(5, 5, 1, 10000), "random");
	assert_string_equal(quota_report(10, 10, 5, 500000), "random");
	assert_string_equal(quota_report(10, 10, 6, 600000), "targeted");
	assert_string_equal(quota_report(100, 100, 0, 0), "random");
	/* in a union what counts is the union, but an empty stratum is empty */
	assert_string_equal(quota_report(2, 200, 6, 30000), "random");
	assert_string_equal(quota_report(2, 10, 6, 600000), "targeted");
	assert_string_equal(quota_report(2, 4, 1, 30000), "targeted");
	assert_string_equal(quota_report(0, 200, 6, 30000), "empty");
}

/* 激励 and 联盟 lower, 重点 raises; never above all, and never from some to none. */
static void adjustments(void **state)
{
	static const struct {
		uint32_t ppm, factor, adjusted;
	} rows[] = {
		{ 0, 100000000, 0 },
		{ 20000, 500000, 10000 },
		{ 20000, 1000000, 20000 },
		{ 20001, 500000, 10000 },
		{ 1, 1, 1 },
		{ 1, 999999, 1 },
		{ 600000, 2000000, 1000000 },
		{ 1000000, 100000000, 1000000 },
		{ 500000, 1999999, 999999 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(quota_adjust(rows[i].ppm, rows[i].factor), rows[i].adjusted);
}

/* quota N PPM ROUNDING QUOTA REPORT */
static int golden_quota(const char *line, int number)
{
	static const char *const names[] = {
		[ROUND_DOWN] = "down", [ROUND_HALF_UP] = "half-up", [ROUND_UP] = "up"
	};
	char rounding[16], report[16];
	unsigned long long units, n;
	unsigned ppm, r = 0;

	if (sscanf(line, "quota %llu %u %15s %llu %15s", &units, &ppm, rounding, &n, report) != 5)
		fail_msg("line %d: quota N PPM ROUNDING QUOTA REPORT", number);
	while (r <= ROUND_UP && strcmp(rounding, names[r]) != 0)
		r++;
	assert_true(r <= ROUND_UP);
	uint64_t got = quota(units, ppm, (enum rounding)r);
	if (got != n || strcmp(quota_report(units, units, got, ppm), report) != 0)
		fail_msg("line %d: %llu, expected %llu", number, (unsigned long long)got, n);
	return 1;
}

/* ratio R FACTOR RESULT */
static int golden_ratio(const char *line, int number)
{
	unsigned ppm, factor, adjusted;

	if (sscanf(line, "ratio %u %u %u", &ppm, &factor, &adjusted) != 3)
		fail_msg("line %d: ratio R FACTOR RESULT", number);
	if (quota_adjust(ppm, factor) != adjusted)
		fail_msg("line %d: %u, expected %u", number, quota_adjust(ppm, factor), adjusted);
	return 1;
}

/* rank MISSING FACTOR1 FACTOR2 LIST */
static int golden_rank(const char *line, int number)
{
	struct policy p = { 0 };
	struct strata_rank rank;
	char missing, list[80];
	struct bytes rest, name;
	enum stratum s;
	bool more = true;
	uint8_t place = 0;

	if (sscanf(line, "rank %c %u %u %79s", &missing, &p.adjust[0].factor, &p.adjust[1].factor,
		    list) != 4)
		fail_msg("line %d: rank MISSING FACTOR1 FACTOR2 LIST", number);
	p.class_missing = (uint32_t)(missing - 'A');
	policy_rank(&p, &rank);
	for (rest = bytes_of(list); more; place++) {
		name = bytes_cut(&rest, ',', &more);
		if (!stratum_of(name, &s) || rank.place[s] != place)
			fail_msg("line %d: %.*s has place %u", number, BYTES_ARG(name),
				rank.place[s]);
	}
	assert_int_equal(place, FRAME_STRATA);
	return 1;
}

static void golden(void **state)
{
	FILE *f = fopen("tests/vectors/quota.txt", "r");
	char line[400];
	int number = 0, quotas = 0, ratios = 0, ranks = 0;

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/quota.txt: cannot be opened");
	while (fgets(line, sizeof line, f) != NULL) {
		number++;
		if (line[0] == '\n' || line[0] == '#')
			continue;
		if (strncmp(line, "ratio ", 6) == 0)
			ratios += golden_ratio(line, number);
		else if (strncmp(line, "rank ", 5) == 0)
			ranks += golden_rank(line, number);
		else
			quotas += golden_quota(line, number);
	}
	fclose(f);
	assert_true(quotas > 0 && ratios > 0 && ranks > 0);
}

/* ---- strata and ledger ---- */

enum { TASKS = 2, CODES = 4, REGISTER = 1196 };
static const struct bytes codes[CODES] = { { "checked", 7 }, { "closed", 6 },
	{ "mode-observation", 16 }, { "type", 4 } };

/* What a frame counts of the tasks t and t-2 of the sample policy. */
struct counts {
	uint64_t population[TASKS * FRAME_STRATA], units[TASKS * FRAME_STRATA],
		excluded[TASKS * CODES];
	struct frame_counts seen;
};

struct fixture {
	struct arena *arena;
	struct sample sample;
	struct policy policy;
	struct counts counts;
	struct err e;
};

static void start(struct fixture *f, struct arena *a)
{
	memset(f, 0, sizeof *f);
	f->arena = a;
	sample_init(&f->sample, a);
	sample_set(&f->sample, "cap.year.levels", "street"); /* no cap: units are objects */
	assert_true(sample_read(&f->sample, &f->policy, &f->e));
	f->counts = (struct counts){
		.population = { /* t: 2 %, 5 %, 20 %, 100 %; U as B */
			[STRATUM_A] = 1000,
			[STRATUM_B] = 150,
			[STRATUM_C] = 3,
			[STRATUM_U] = 10,
			/* t-2: 1 %, 3 %, 2 %, 50 % */
			[FRAME_STRATA + STRATUM_B] = 30,
			[FRAME_STRATA + STRATUM_D] = 2 },
		.excluded = { 1, 5, 7, 20, 0, 0, 0, 1164 },
	};
	memcpy(f->counts.units, f->counts.population, sizeof f->counts.units);
	f->counts.seen = (struct frame_counts){ TASKS, f->counts.population, f->counts.units, CODES,
		codes, f->counts.excluded, NULL };
}

/* The sample policy with another value. */
static void change(struct fixture *f, const char *path, const char *value)
{
	f->e = (struct err){ 0 };
	sample_set(&f->sample, path, value);
	if (!sample_read(&f->sample, &f->policy, &f->e))
		fail_msg("%s: %s", f->e.where, f->e.what);
}

static bool make(struct fixture *f, struct strata *s)
{
	f->e = (struct err){ 0 };
	return strata_make(s, &f->policy, &f->counts.seen, f->arena, &f->e);
}

static struct bytes rows_of(struct bytes all, enum table_id id)
{
	struct err e = { 0 };
	struct table t;
	assert_true(table_open(&t, id, all, &e));
	return t.rows;
}

static struct bytes write_strata(struct fixture *f)
{
	struct strata s;
	struct buf out = buf_new(f->arena, 0);
	uint8_t blind[32] = { 1 }, hash[32];

	if (!make(f, &s))
		fail_msg("%s: %s", f->e.where, f->e.what);
	assert_true(strata_write(&s, &f->policy, blind, sink_buf(&out), f->arena, hash, &f->e));
	return buf_view(&out);
}

static struct bytes write_ledger(struct fixture *f)
{
	struct buf out = buf_new(f->arena, 0);
	uint8_t blind[32] = { 2 }, hash[32];

	assert_true(ledger_write(
		&f->policy, &f->counts.seen, blind, sink_buf(&out), f->arena, hash, &f->e));
	return buf_view(&out);
}

static void strata_are(struct fixture *f, const char *rows)
{
	struct bytes got = rows_of(write_strata(f), TABLE_STRATA);
	assert_string_equal(arena_printf(f->arena, "%.*s", BYTES_ARG(got)), rows);
}

static void artefacts(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;

	(void)state;
	start(&f, a);
	strata_are(&f, "t\tA\t1000\t1000\t1000\t20\t20000\trandom\n"
		       "t\tB\t150\t150\t150\t8\t50000\trandom\n"
		       "t\tC\t3\t3\t3\t1\t200000\ttargeted\n"
		       "t\tD\t0\t0\t0\t0\t1000000\tempty\n"
		       "t\tU\t10\t10\t10\t1\t50000\trandom\n"
		       "t-2\tA\t0\t0\t0\t0\t10000\tempty\n"
		       "t-2\tB\t30\t30\t30\t1\t30000\trandom\n"
		       "t-2\tC\t0\t0\t0\t0\t20000\tempty\n"
		       "t-2\tD\t2\t2\t2\t1\t500000\ttargeted\n");
	assert_true(bytes_is(rows_of(write_ledger(&f), TABLE_LEDGER),
		"t\tchecked\t1\tchecked/1\t本周期内已检查的不再抽取\n"
		"t\tclosed\t5\tclosed/1\t已注销、吊销或迁出\n"
		"t\tmode-observation\t7\tmode-observation/1\t新设经营主体观察期\n"
		"t\ttype\t20\ttype/1\t不属于任务的检查对象范围\n"
		"t-2\ttype\t1164\ttype/1\t不属于任务的检查对象范围\n"));
}

/* Version and basis of a mode's exclusion are the mode's. */
static void versions(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;

	(void)state;
	start(&f, a);
	change(&f, "mode.observation.version", "12");
	change(&f, "mode.observation.basis", "某省优化营商环境条例");
	struct bytes rows = rows_of(write_ledger(&f), TABLE_LEDGER);
	const char *row = "t\tmode-observation\t7\tmode-observation/12\t某省优化营商环境条例\n";
	assert_non_null(memmem(rows.p, rows.n, row, strlen(row)));
}

/* A frame of another policy: its codes are no rules of this one. */
static void foreign_codes(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct buf out = buf_new(a, 0);
	struct bytes other[CODES] = { codes[0], codes[1], BYTES("mode-unheard"), codes[3] };
	uint8_t blind[32] = { 2 }, hash[32];

	(void)state;
	start(&f, a);
	f.counts.seen.code = other;
	assert_false(ledger_write(&f.policy, &f.counts.seen, blind, sink_buf(&out), a, hash, &f.e));
	assert_int_equal(f.e.code, ERR_FRAME_DIFFERS);
	assert_string_equal(f.e.what, "\"mode-unheard\" is no rule of the policy");
}

static void quotas_for_the_draw(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;
	static const uint64_t expected[TASKS * FRAME_STRATA] = { [STRATUM_A] = 20,
		[STRATUM_B] = 8,
		[STRATUM_C] = 1,
		[STRATUM_U] = 1,
		[FRAME_STRATA + STRATUM_B] = 1,
		[FRAME_STRATA + STRATUM_D] = 1 };

	(void)state;
	start(&f, a);
	assert_true(make(&f, &s));
	assert_memory_equal(s.order.quota, expected, sizeof expected);
	assert_memory_equal(s.order.units, f.counts.population, sizeof f.counts.population);
	assert_int_equal(s.order.rule[0].batches, 0);
	assert_int_equal(s.order.rule[1].batches, 2);
	assert_false(s.order.by_entity);
	/* a class with ratio 0 and objects has a row and no quota, one without objects no row */
	change(&f, "task.t.ratio.C", "0");
	assert_true(make(&f, &s));
	assert_int_equal(s.n, 9);
	assert_int_equal(s.row[2].stratum, STRATUM_C);
	assert_int_equal(s.row[2].quota, 0);
	f.counts.population[STRATUM_C] = 0;
	assert_true(make(&f, &s));
	assert_int_equal(s.n, 8);
	assert_int_equal(s.row[2].stratum, STRATUM_D);
}

/* Marked strata stand behind their class; the factor holds for their ratio only. */
static void marked_strata(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;

	(void)state;
	start(&f, a);
	f.counts.population[STRATUM_A1] = 400;
	f.counts.population[STRATUM_U2] = 30;
	f.counts.population[STRATUM_C1] = 9;
	strata_are(&f, "t\tA\t1000\t1000\t1000\t20\t20000\trandom\n"
		       "t\tA1\t400\t400\t400\t4\t10000\trandom\n"
		       "t\tB\t150\t150\t150\t8\t50000\trandom\n"
		       "t\tC\t3\t3\t3\t1\t200000\ttargeted\n"
		       "t\tC1\t9\t9\t9\t1\t100000\trandom\n"
		       "t\tD\t0\t0\t0\t0\t1000000\tempty\n"
		       "t\tU\t10\t10\t10\t1\t50000\trandom\n"
		       "t\tU2\t30\t30\t30\t3\t100000\trandom\n"
		       "t-2\tA\t0\t0\t0\t0\t10000\tempty\n"
		       "t-2\tB\t30\t30\t30\t1\t30000\trandom\n"
		       "t-2\tC\t0\t0\t0\t0\t20000\tempty\n"
		       "t-2\tD\t2\t2\t2\t1\t500000\ttargeted\n");
}

/* A cap counts the inspections of an entity, so that is what its tasks draw; one of entries has
 * nothing to say to t-2, which opens a door only for 重点监管对象. */
static void entities_are_units(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;

	(void)state;
	start(&f, a);
	change(&f, "cap.year.levels", "*");
	change(&f, "cap.year.counts", "entries");
	change(&f, "focus.labels", "");
	f.counts.units[STRATUM_A] = 800;
	f.counts.units[STRATUM_C] = 0; /* all stand elsewhere */
	f.counts.units[FRAME_STRATA + STRATUM_B] = 7;
	strata_are(&f, "t\tA\t1000\t800\t800\t16\t20000\trandom\n"
		       "t\tB\t150\t150\t150\t8\t50000\trandom\n"
		       "t\tC\t3\t0\t0\t0\t200000\tempty\n"
		       "t\tD\t0\t0\t0\t0\t1000000\tempty\n"
		       "t\tU\t10\t10\t10\t1\t50000\trandom\n"
		       "t-2\tA\t0\t0\t0\t0\t10000\tempty\n"
		       "t-2\tB\t30\t30\t30\t1\t30000\trandom\n"
		       "t-2\tC\t0\t0\t0\t0\t20000\tempty\n"
		       "t-2\tD\t2\t2\t2\t1\t500000\ttargeted\n");
	assert_true(make(&f, &s));
	assert_true(s.order.by_entity && s.order.rule[0].by_entity && !s.order.rule[1].by_entity);
	assert_int_equal(s.order.units[STRATUM_A], 800);
	assert_int_equal(s.order.units[FRAME_STRATA + STRATUM_B], 30);
	change(&f, "focus.labels", "school");
	assert_true(make(&f, &s));
	assert_true(s.order.rule[1].by_entity);
	assert_int_equal(s.order.units[FRAME_STRATA + STRATUM_B], 7);
	change(&f, "focus.labels", "");
	change(&f, "cap.year.counts", "checks");
	assert_true(make(&f, &s));
	assert_true(s.order.rule[1].by_entity);
}

/* What the law asks for at least, of 1173 units of t and the 8 objects that a mode and `checked`
 * keep out: first from D, then C, U, B, A, and within a class those with the larger factor. */
static void minimum(void **state)
{
	static const struct {
		const char *ppm;
		uint64_t a, b, c, u, b1;
	} rows[] = {
		{ "0", 20, 8, 1, 1, 1 },
		{ "26248", 20, 8, 1, 1, 1 }, /* ⌈30.999⌉: 31 are drawn */
		{ "26249", 20, 8, 2, 1, 1 }, /* ⌈31.0001⌉ */
		{ "27500", 20, 8, 3, 1, 1 },
		{ "30000", 20, 8, 3, 4, 1 }, /* ⌈35.43⌉ */
		{ "40000", 20, 14, 3, 10, 1 },
		{ "160000", 20, 150, 3, 10, 6 },
		{ "170000", 28, 150, 3, 10, 10 },
		{ "1000000", 1000, 150, 3, 10, 10 },
	};
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;

	(void)state;
	start(&f, a);
	f.counts.population[STRATUM_B1] = 10;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		change(&f, "task.t.minimum", rows[i].ppm);
		assert_true(make(&f, &s));
		assert_int_equal(s.order.quota[STRATUM_A], rows[i].a);
		assert_int_equal(s.order.quota[STRATUM_B], rows[i].b);
		assert_int_equal(s.order.quota[STRATUM_B1], rows[i].b1);
		assert_int_equal(s.order.quota[STRATUM_C], rows[i].c);
		assert_int_equal(s.order.quota[STRATUM_U], rows[i].u);
	}
	change(&f, "adjust.1.factor", "2000000"); /* 10 % of B1, and B1 before B */
	change(&f, "task.t.minimum", "40000");
	assert_true(make(&f, &s));
	assert_int_equal(s.order.quota[STRATUM_B1], 7);
	assert_int_equal(s.order.quota[STRATUM_B], 8);
	/* a class that is not drawn stays so, though the share is missed */
	change(&f, "task.t.minimum", "1000000");
	change(&f, "task.t.ratio.C", "0");
	change(&f, "task.t.ratio.A", "0");
	assert_true(make(&f, &s));
	assert_int_equal(s.order.quota[STRATUM_C], 0);
	assert_int_equal(s.order.quota[STRATUM_A], 0);
	assert_int_equal(s.order.quota[STRATUM_B], 150);
	assert_int_equal(s.order.quota[STRATUM_U], 10);
}

/* 一般检查事项 draw no more than the ceiling, but for a reason of its own or what the law asks
 * for at least. */
static void ceiling(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;

	(void)state;
	start(&f, a); /* 30 of 1163: 2.58 %, and t-2, which has key items, 2 of 32 */
	change(&f, "task.t.mode.A", "paper");
	change(&f, "task.t.reason", "");
	change(&f, "task.t-2.ratio.C", "30000");
	change(&f, "task.t-2.items", "alarm");
	change(&f, "task.t-2.reason", "");
	change(&f, "ceiling.general", "25795"); /* ⌊29.9996⌋ */
	assert_false(make(&f, &s));
	assert_int_equal(f.e.code, ERR_CEILING);
	assert_string_equal(f.e.where, "task t");
	assert_string_equal(f.e.what, "30 of 1163, at most 29");
	change(&f, "ceiling.general", "25796");
	assert_true(make(&f, &s));
	change(&f, "ceiling.general", "0");
	assert_false(make(&f, &s));
	change(&f, "task.t.minimum", "25500"); /* of 1171: ⌈29.86⌉ */
	assert_true(make(&f, &s));
	change(&f, "task.t.minimum", "24000");
	assert_false(make(&f, &s));
	change(&f, "task.t.reason", "上级部署的专项整治");
	assert_false(make(&f, &s));
	change(&f, "task.t.reason", "");
	change(&f, "task.t.ceiling-reason", "上级部署的专项整治");
	assert_true(make(&f, &s));
}

/* Both tasks draw 5 % of B together, and each its other strata by itself. */
static void shared_cutoff(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;
	enum { B = STRATUM_B, B2 = FRAME_STRATA + STRATUM_B, D2 = FRAME_STRATA + STRATUM_D };
	uint64_t among[TASKS * FRAME_STRATA] = { 0 };

	(void)state;
	start(&f, a);
	change(&f, "task.t-2.ratio.B", "50000");
	change(&f, "task.t.coordination", "shared-cutoff");
	change(&f, "task.t-2.coordination", "shared-cutoff");
	memcpy(among, f.counts.population, sizeof among);
	among[B] = among[B2] = 170; /* 150 and 30 with ten in both */
	f.counts.seen.among = among;
	assert_true(make(&f, &s));
	assert_int_equal(s.order.quota[B], 9); /* 8.5 */
	assert_int_equal(s.order.quota[B2], 9);
	assert_int_equal(s.order.quota[STRATUM_A], 20);
	assert_int_equal(s.order.quota[D2], 1);
	assert_int_equal(s.order.among[B2], 170);
	assert_int_equal(s.order.units[B2], 30);
	assert_true(s.order.together[B] > 0 && s.order.together[B] <= s.order.unions);
	assert_int_equal(s.order.together[B], s.order.together[B2]);
	assert_int_not_equal(s.order.together[STRATUM_A], s.order.together[FRAME_STRATA]);

	/* the ceiling counts what t draws on average: 20 of A, ⌈9·150/170⌉ of B, of C, U */
	change(&f, "ceiling.general", "25800"); /* 30.0 of 1163 */
	assert_true(make(&f, &s));
	change(&f, "ceiling.general", "25790");
	assert_false(make(&f, &s));
	assert_int_equal(f.e.code, ERR_CEILING);

	change(&f, "task.t-2.coordination", "own");
	change(&f, "ceiling.general", "1000000");
	among[B] = 150;
	assert_true(make(&f, &s));
	assert_int_equal(s.order.quota[B2], 2); /* 1.5 */
	assert_int_equal(s.order.together[B2], 0);
	assert_true(s.order.together[B] > 0);
}

static void weighted_strata_have_a_size(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;

	(void)state;
	start(&f, a);
	change(&f, "task.t.design", "weighted");
	assert_true(make(&f, &s));
	assert_true(s.order.rule[0].weighted && !s.order.rule[1].weighted);
	f.counts.population[STRATUM_A] = UINT64_C(1) << 30;
	assert_false(make(&f, &s));
	assert_int_equal(f.e.code, ERR_BAD_STRATUM);
	f.counts.population[STRATUM_A]--;
	assert_true(make(&f, &s));
}

static void refusals(void **state)
{
	ARENA_AUTO a = arena_new();
	struct fixture f;
	struct strata s;

	(void)state;
	start(&f, a);
	/* the policy is content with empty strata, but never with an empty task */
	struct counts whole = f.counts;
	f.counts.population[FRAME_STRATA + STRATUM_B] = 0;
	f.counts.population[FRAME_STRATA + STRATUM_D] = 0;
	assert_false(make(&f, &s));
	assert_int_equal(f.e.code, ERR_EMPTY_STRATUM);
	assert_string_equal(f.e.where, "task t-2");

	memcpy(f.counts.population, whole.population, sizeof whole.population);
	change(&f, "strata.empty", "refuse");
	assert_false(make(&f, &s));
	assert_int_equal(f.e.code, ERR_EMPTY_STRATUM);
	assert_string_equal(f.e.where, "task t, stratum D");
	/* A of t has ratio 0 and no objects: no row, nothing to refuse; a stratum whose objects
	 * stand for no entity is not empty */
	change(&f, "cap.year.levels", "*");
	change(&f, "task.t.ratio.A", "0");
	f.counts.population[STRATUM_A] = f.counts.units[STRATUM_A] = 0;
	f.counts.population[STRATUM_D] = f.counts.population[FRAME_STRATA + STRATUM_A] = 1;
	f.counts.population[FRAME_STRATA + STRATUM_C] = 1;
	f.counts.units[STRATUM_D] = 0;
	assert_true(make(&f, &s));
}

/* ---- the replay ---- */

static const char *verify(
	struct fixture *f, struct bytes strata, struct bytes ledger, uint64_t rows)
{
	struct table s, l;

	f->e = (struct err){ 0 };
	assert_true(table_open(&s, TABLE_STRATA, strata, &f->e));
	assert_true(table_open(&l, TABLE_LEDGER, ledger, &f->e));
	struct strata made;
	bool ok = strata_verify(&made, &f->policy, &f->counts.seen, rows, &s, &l, f->arena, &f->e);
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
	struct bytes s = write_strata(&f), l = write_ledger(&f);
	static const struct {
		const char *from, *to, *error;
	} strata[] = {
		{ "t\tA\t1000\t1000\t1000\t20\t", "t\tA\t1000\t1000\t1000\t19\t",
			"strata: row 1 (t A), quota: \"19\" stands where \"20\" follows" },
		{ "t\tC\t3\t3\t3\t1\t200000\ttargeted", "t\tC\t3\t3\t3\t1\t200000\trandom",
			"strata: row 3 (t C), report: \"random\" stands where \"targeted\" follows" },
		{ "t-2\tD\t2\t2\t2\t1\t500000\ttargeted\n", "",
			"strata: row 9 (t-2 D), all columns: this row is missing" },
		{ "t\tU\t10\t10\t10\t1\t50000\trandom\n", "",
			"strata: row 5 (t U), task: \"t-2\" stands where \"t\" follows" },
		{ "t-2\tD\t2\t2\t2\t1\t500000\ttargeted\n",
			"t-2\tD\t2\t2\t2\t1\t500000\ttargeted\nt-3\tA\t1\t1\t1\t1\t1\tfull\n",
			"strata: row 10 (t-3 A), all columns: this row does not follow from the frame" },
		{ "t\tA\t1000\t1000\t1000\t20\t", "t\tA\t1000\t999\t1000\t20\t",
			"strata: row 1 (t A), units: \"999\" stands where \"1000\" follows" },
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
		cmocka_unit_test(adjustments),
		cmocka_unit_test(golden),
		cmocka_unit_test(artefacts),
		cmocka_unit_test(versions),
		cmocka_unit_test(foreign_codes),
		cmocka_unit_test(quotas_for_the_draw),
		cmocka_unit_test(marked_strata),
		cmocka_unit_test(entities_are_units),
		cmocka_unit_test(minimum),
		cmocka_unit_test(ceiling),
		cmocka_unit_test(shared_cutoff),
		cmocka_unit_test(weighted_strata_have_a_size),
		cmocka_unit_test(refusals),
		cmocka_unit_test(forged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
