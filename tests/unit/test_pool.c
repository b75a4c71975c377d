/* Pool, recusals, history, calendar and the rules of eligibility (PROTOCOL.md §10), line by line.
 */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "planner/pool.h"

#define BLIND "blind 0000000000000000000000000000000000000000000000000000000000000000\n"
#define POOL \
	BLIND "drawd/pool/v1\ninspector\tdepartment\tregions\titems\tcertificate\tleave\tlimit\n"
#define RECUSALS BLIND "drawd/recusals/v1\ninspector\tsubject\tground\tsince\n"
#define HISTORY  BLIND "drawd/history/v1\ninspector\tentity\tlast\n"
#define CALENDAR BLIND "drawd/calendar/v1\nday\n2026-04-01\n2026-04-02\n2026-04-03\n2026-04-07\n"

struct office {
	struct policy policy;
	struct department department[2];
	struct item item[3];
	struct assignment s;
	uint32_t items[2];
};

/* The assignment: department market, items i1 and i2, object OBJ of entity ENT in 371002, to
 * 2026-04-07. */
static void office_init(struct office *o)
{
	memset(o, 0, sizeof *o);
	o->department[0].code = BYTES("fire");
	o->department[1].code = BYTES("market");
	o->item[0].code = BYTES("i0");
	o->item[1].code = BYTES("i1");
	o->item[2].code = BYTES("i2");
	o->policy = (struct policy){ .department_count = 2,
		.departments = o->department,
		.item_count = 3,
		.items = o->item,
		.inspectors_limit = 7 };
	o->items[0] = 1;
	o->items[1] = 2;
	o->s = (struct assignment){ .department = 1,
		.object = BYTES("OBJ"),
		.entity = BYTES("ENT"),
		.region = BYTES("371002"),
		.item_count = 2,
		.items = o->items };
	assert_true(civil_parse(BYTES("2026-04-07"), &o->s.to));
}

struct question {
	const char *person; /* the row of the pool behind the id P */
	const char *recusals, *history; /* rows */
	enum eligibility answer;
};

static const struct question questions[] = {
	{ "market\t*\t*\t2026-04-07\t\t0", "", "", ELIGIBLE_ALL },
	{ "market\t3710,4\ti0,i1,i2\t2026-12-31\t\t3", "", "", ELIGIBLE_ALL },
	{ "fire\t9\ti0\t2020-01-01\t\t0", "", "", ELIGIBLE_DEPARTMENT },
	{ "water\t*\t*\t2026-12-31\t\t0", "", "", ELIGIBLE_DEPARTMENT },
	{ "market\t371001,371003\t*\t2026-12-31\t\t0", "", "", ELIGIBLE_REGION },
	{ "market\t\t*\t2026-12-31\t\t0", "", "", ELIGIBLE_REGION },
	{ "market\t371002001\t\t2026-12-31\t\t0", "", "", ELIGIBLE_REGION },
	{ "market\t37\ti1\t2026-12-31\t\t0", "", "", ELIGIBLE_ITEM },
	{ "market\t37\t\t2020-12-31\t\t0", "", "", ELIGIBLE_ITEM },
	{ "market\t37\t*\t2026-04-06\t2026-01-01..2026-12-31\t0", "", "", ELIGIBLE_CERTIFICATE },
	{ "market\t37\t*\t\t\t0", "", "", ELIGIBLE_CERTIFICATE },
	{ "market\t37\t*\t2026-12-31\t2026-04-01..2026-04-07\t0", "P\tOBJ\tkin\t\n", "",
		ELIGIBLE_LEAVE },
	{ "market\t37\t*\t2026-12-31\t2026-03-30..2026-04-02,2026-04-02..2026-04-03,"
	  "2026-04-06..2026-04-08\t0",
		"", "", ELIGIBLE_LEAVE },
	/* 2026-04-03 is free; an upside-down leave has no day */
	{ "market\t37\t*\t2026-12-31\t2026-03-30..2026-04-02,2026-04-04..2026-04-08\t0", "", "",
		ELIGIBLE_ALL },
	{ "market\t37\t*\t2026-12-31\t2026-04-07..2026-04-01\t0", "", "", ELIGIBLE_ALL },
	{ "market\t37\t*\t2026-12-31\t\t0", "P\tOBJ\tkin\t\n", "P\tENT\t2020-06-01\n",
		ELIGIBLE_RECUSAL },
	{ "market\t37\t*\t2026-12-31\t\t0", "P\tENT\tkin\t2020-01-01\n", "", ELIGIBLE_RECUSAL },
	{ "market\t37\t*\t2026-12-31\t\t0", "Q\tENT\tkin\t\n", "Q\tENT\t2020-06-01\n",
		ELIGIBLE_ALL },
	{ "market\t37\t*\t2026-12-31\t\t0", "", "P\tENT\t2020-06-01\n", ELIGIBLE_ROTATION },
	{ "market\t37\t*\t2026-12-31\t\t0", "", "P\tOBJ\t2020-06-01\n", ELIGIBLE_ALL },
};

static bool read(struct pool *p, struct arena *a, const struct office *o, const char *persons,
	const char *recusals, const char *history, struct err *e)
{
	struct pool_artefacts in = {
		.pool = bytes_of(arena_printf(a, "%s%s", POOL, persons)),
		.recusals = bytes_of(arena_printf(a, "%s%s", RECUSALS, recusals)),
		.history = bytes_of(arena_printf(a, "%s%s", HISTORY, history)),
		.calendar = BYTES(CALENDAR),
	};
	return pool_read(p, a, &o->policy, &in, e);
}

/* The whole window is the calendar of four days. */
static enum eligibility ask(struct office *o, const struct question *q)
{
	ARENA_AUTO a = arena_new();
	struct pool p;
	struct err e = { 0 };
	if (!read(&p, a, o, arena_printf(a, "P\t%s\n", q->person), q->recusals, q->history, &e))
		fail_msg("%s: %s", e.where, e.what);
	struct plan_object object = {
		.object = o->s.object, .entity = o->s.entity, .region = o->s.region
	};
	uint32_t departments[] = { 1 }, zero = 0, items[] = { 1, 2 };
	struct task task = { .items = items,
		.item_count = 2,
		.departments = departments,
		.department_count = 1,
		.officers = 2 };
	struct visit visit = { .from = o->s.to - 6,
		.to = o->s.to,
		.task_count = 1,
		.tasks = &zero,
		.departments = departments,
		.department_count = 1 };
	struct draws d = { .n = 1, .at = &object };
	struct visits v = { .n = 1, .at = &visit };
	struct assignments s;
	o->policy.tasks = &task;
	o->policy.task_count = 1;
	o->item[1].department = o->item[2].department = 1;
	assignments_make(&s, a, &o->policy, &d, &v, &p);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.at[0].places, 2);
	assert_int_equal(s.at[0].item_count, 2);
	struct eligible all;
	pool_eligible_all(&all, a, &p, &o->policy, &s);
	enum eligibility answer = pool_eligible(&p, &o->policy, &s.at[0], 0);
	assert_int_equal(all.start[1], answer == ELIGIBLE_ALL);
	return answer;
}

static void each_rule_in_its_order(void **unused)
{
	(void)unused;
	struct office o;
	office_init(&o);
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
		enum eligibility answer = ask(&o, &questions[i]);
		if (answer != questions[i].answer)
			fail_msg("question %zu: %s, expected %s", i, eligibility_name(answer),
				eligibility_name(questions[i].answer));
	}
}

/* The visit begins on 2026-04-01: with thirty days, whoever was there from 2026-03-03 on. */
static void rotation_within_its_days(void **unused)
{
	(void)unused;
	static const struct {
		uint32_t days;
		const char *history;
		enum eligibility answer;
	} turns[] = {
		{ 0, "P\tENT\t2020-01-01\n", ELIGIBLE_ROTATION },
		{ 30, "P\tENT\t2026-03-02\n", ELIGIBLE_ALL },
		{ 30, "P\tENT\t2026-03-03\n", ELIGIBLE_ROTATION },
		{ 30, "P\tENT\t2026-05-01\n", ELIGIBLE_ROTATION },
		{ 30, "Q\tENT\t2026-03-31\n", ELIGIBLE_ALL },
	};
	struct office o;
	office_init(&o);
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
		struct question q = { "market\t37\t*\t2026-12-31\t\t0", "", turns[i].history,
			turns[i].answer };
		o.policy.inspectors_rotation = turns[i].days;
		assert_int_equal(ask(&o, &q), q.answer);
	}
}

static void limits_and_lookup(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct office o;
	struct pool p;
	struct err e = { 0 };
	office_init(&o);
	assert_true(read(&p, a, &o,
		"A\tfire\t*\t*\t2026-12-31\t\t0\nB\tmarket\t*\t*\t2026-12-31\t\t3\n"
		"C\tfire\t*\t*\t2026-12-31\t\t9999\n",
		"", "", &e));
	assert_int_equal(p.at[0].limit, 7);
	assert_int_equal(p.at[1].limit, 3);
	assert_int_equal(p.at[2].limit, 9999);
	assert_int_equal(pool_find(&p, BYTES("B")), 1);
	assert_int_equal(pool_find(&p, BYTES("BB")), -1);
	assert_int_equal(p.groups, 2);
	assert_int_equal(p.department_groups[0].to - p.department_groups[0].from, 1);
	struct run r = pool_window(&p, p.day[0] - 1, p.day[2] + 3);
	assert_int_equal(r.from, 0);
	assert_int_equal(r.to, 3);
}

static void malformed_rows_are_named(void **unused)
{
	(void)unused;
	static const struct {
		const char *pool, *recusals, *history, *where;
		enum err_code code;
	} bad[] = {
		{ "p\tfire\t*\t*\t2026-12-31\t\t0\n", "", "", "pool: row 1", ERR_BAD_TABLE },
		{ "P\tFire\t*\t*\t2026-12-31\t\t0\n", "", "", "pool: row 1", ERR_BAD_TABLE },
		{ "P\tfire\t4,3\t*\t2026-12-31\t\t0\n", "", "", "pool: row 1", ERR_BAD_TABLE },
		{ "P\tfire\t*\tA\t2026-12-31\t\t0\n", "", "", "pool: row 1", ERR_BAD_TABLE },
		{ "P\tfire\t*\t*\t2026-02-30\t\t0\n", "", "", "pool: row 1", ERR_BAD_DATE },
		{ "P\tfire\t*\t*\t2026-12-31\t2026-01-01\t0\n", "", "", "pool: row 1",
			ERR_BAD_DATE },
		{ "P\tfire\t*\t*\t2026-12-31\t*\t0\n", "", "", "pool: row 1", ERR_BAD_TABLE },
		{ "P\tfire\t*\t*\t2026-12-31\t\t-1\n", "", "", "pool: row 1", ERR_BAD_NUMBER },
		{ "P\tfire\t*\t*\t2026-12-31\t\t00\n", "", "", "pool: row 1", ERR_BAD_NUMBER },
		{ "P\tfire\t*\t*\t2026-12-31\t\t10000\n", "", "", "pool: row 1", ERR_BAD_NUMBER },
		{ "", "p\tOBJ\tkin\t\n", "", "recusals: row 1", ERR_BAD_TABLE },
		{ "", "P\tobj\tkin\t\n", "", "recusals: row 1", ERR_BAD_TABLE },
		{ "", "P\tOBJ\tkin\tnever\n", "", "recusals: row 1", ERR_BAD_DATE },
		{ "", "", "A\tOBJ\t2025-06-01\nP\t\t2025-06-01\n", "history: row 2",
			ERR_BAD_TABLE },
		{ "", "", "P\tOBJ\t\n", "history: row 1", ERR_BAD_DATE },
	};
	struct office o;
	office_init(&o);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct pool p;
		struct err e = { 0 };
		assert_false(read(&p, a, &o, bad[i].pool, bad[i].recusals, bad[i].history, &e));
		if (e.code != bad[i].code || strcmp(e.where, bad[i].where) != 0)
			fail_msg("case %zu: %s: %s", i, e.where, e.what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_in_its_order),
		cmocka_unit_test(rotation_within_its_days),
		cmocka_unit_test(limits_and_lookup),
		cmocka_unit_test(malformed_rows_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
