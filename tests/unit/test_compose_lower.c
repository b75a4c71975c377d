/* What one level draws and the one below inspects (市抽县查). */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/compose_lower.h"
#include "tests/unit/sample_policy.h"

static const struct compose_department counties[] = {
	{ { "fire", 4 }, { "fire-a", 6 }, { "甲县消防救援大队", 24 }, { "371002", 6 }, true },
	{ { "fire", 4 }, { "fire-b", 6 }, { "乙县消防救援大队", 24 }, { "371003", 6 }, true },
	{ { "market", 6 }, { "market-a", 8 }, { "甲县市场监督管理局", 27 }, { "371002", 6 }, true },
	{ { "market", 6 }, { "market-b", 8 }, { "乙县市场监督管理局", 27 }, { "371003", 6 }, true },
};
enum { COUNTIES = sizeof counties / sizeof *counties };

/* The sample without its tasks, and t-2 (items alarm, licence; led by fire) as a scheme. */
struct world {
	struct compose_rows base;
	struct compose_task task;
};

static struct world world_make(struct arena *a)
{
	struct sample s;
	struct world w;
	struct setting_row *base = arena_calloc(a, SAMPLE_ROOM, sizeof *base);
	struct setting_row *scheme = arena_calloc(a, SAMPLE_ROOM, sizeof *scheme);
	size_t n = 0, k = 0;

	sample_init(&s, a);
	sample_set(&s, "department.fire.apart", "office");
	for (size_t i = 0; i < s.n; i++) {
		struct bytes path = s.row[i].path;
		if (bytes_starts(path, BYTES("task.t-2."))) {
			struct bytes name = { path.p + 9, path.n - 9 };
			if (!bytes_is(name, "from") && !bytes_is(name, "to") &&
				!bytes_is(name, "batches"))
				scheme[k++] = (struct setting_row){ bytes_of(arena_printf(a,
									    "scheme.public.%.*s",
									    BYTES_ARG(name))),
					s.row[i].value };
		} else if (!bytes_starts(path, BYTES("task."))) {
			base[n++] = s.row[i];
		}
	}
	w.base = compose_sorted(&(struct compose_rows){ base, n }, a);
	w.task = (struct compose_task){ .code = BYTES("public"),
		.scheme = { scheme, k },
		.name = BYTES("市抽县查"),
		.from = BYTES("2026-05-01"),
		.to = BYTES("2026-05-31"),
		.batches = BYTES("") };
	return w;
}

static void lowered(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w = world_make(a);
	struct compose_below below = { &w.task, BYTES("county"), counties, COUNTIES };
	const struct compose_copy *copy;
	size_t copies;
	struct policy p;
	struct compose_rows rows;
	struct err e = { 0 };
	struct buf departments = buf_new(a, 100);
	(void)state;
	assert_true(compose_lower(&w.base, &below, 1, a, &copy, &copies, &e));
	assert_int_equal(copies, 4);
	if (!compose_read(&p, &w.base, &w.task, 1, a, &rows, &e))
		fail_msg("%s: %s", e.where, e.what);
	policy_departments(&p, &departments);
	assert_true(bytes_is(buf_view(&departments), "fire-a,fire-b,market-a,market-b"));
	assert_int_equal(p.tasks[0].level, LEVEL_COUNTY);
	assert_true(bytes_is(p.tasks[0].lead_code, "fire-a"));
	assert_true(bytes_is(p.tasks[0].name, "市抽县查"));
	for (size_t i = 0; i < copies; i++) {
		const struct item *item = &p.items[policy_item(&p, copy[i].item)];
		const struct item *of = &p.items[policy_item(&p, copy[i].of)];
		const struct department *d = &p.departments[item->department];
		assert_true(
			bytes_equal(item->name, of->name) && bytes_equal(item->basis, of->basis));
		assert_int_equal(item->key, of->key);
		assert_true(bytes_starts(item->department_code, of->department_code));
		/* each for its own region */
		assert_true(prefixes_match(&d->regions, BYTES("371002101")) !=
			    prefixes_match(&d->regions, BYTES("371003101")));
	}
}

/* An inspector below whose list names what the upper level publishes inspects its copy for his own
 * department, and no other. */
static void lists_of_items(void **state)
{
	static const struct {
		const char *department, *items, *wanted;
	} cases[] = {
		{ "fire-a", "alarm", "alarm,alarm-371002" },
		{ "fire-b", "alarm", "alarm,alarm-371003" },
		{ "market-a", "alarm", "alarm" },
		{ "market-b", "alarm,licence,zzz", "alarm,licence,licence-371003,zzz" },
		{ "fire-a", "alarm,alarm-371002", "alarm,alarm-371002" },
		{ "fire-a", "alarm-371003", "alarm-371003" },
		{ "fire-a", "*", "*" },
		{ "fire-a", "", "" },
		{ "fire-a", "b,alarm", "b,alarm" },
		{ "fire", "alarm", "alarm" },
	};
	ARENA_AUTO a = arena_new();
	struct world w = world_make(a);
	struct compose_below below = { &w.task, BYTES("county"), counties, COUNTIES };
	const struct compose_copy *copy, *found;
	size_t copies, n;
	struct policy p;
	struct compose_rows rows;
	struct err e = { 0 };
	(void)state;
	assert_true(compose_lower(&w.base, &below, 1, a, &copy, &copies, &e));
	if (!compose_read(&p, &w.base, &w.task, 1, a, &rows, &e))
		fail_msg("%s: %s", e.where, e.what);
	found = compose_copies(&p, a, &n);
	assert_int_equal(n, copies);
	for (size_t i = 0; i < copies; i++) {
		size_t k = 0;
		while (k < n && !bytes_equal(found[k].item, copy[i].item))
			k++;
		assert_true(k < n && bytes_equal(found[k].of, copy[i].of));
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bytes made = compose_items(
			&p, found, n, bytes_of(cases[i].department), bytes_of(cases[i].items), a);
		assert_true(bytes_is(made, cases[i].wanted));
	}
}

/* Apart above, apart below; a department that no task takes is not named. */
static void apart(void **state)
{
	static const struct compose_department below[] = {
		{ { "fire", 4 }, { "fire-a", 6 }, { "甲", 3 }, { "371002", 6 }, true },
		{ { "market", 6 }, { "market-a", 8 }, { "乙", 3 }, { "371002", 6 }, true },
		{ { "office", 6 }, { "office-a", 8 }, { "丙", 3 }, { "371002", 6 }, false },
	};
	static const struct {
		const char *from, *named;
	} cases[] = { { "office", "" }, { "market,office", "market-a" } };
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		ARENA_AUTO a = arena_new();
		struct world w = world_make(a);
		struct compose_below b = { &w.task, BYTES("county"), below, 3 };
		const struct compose_copy *copy;
		size_t copies, found = 0;
		struct err e = { 0 };
		for (size_t k = 0; k < w.base.n; k++)
			if (bytes_is(w.base.row[k].path, "department.fire.apart"))
				((struct setting_row *)(uintptr_t)&w.base.row[k])->value =
					bytes_of(cases[i].from);
		assert_true(compose_lower(&w.base, &b, 1, a, &copy, &copies, &e));
		for (size_t k = 0; k < w.base.n; k++) {
			if (!bytes_is(w.base.row[k].path, "department.fire-a.apart"))
				continue;
			assert_true(bytes_is(w.base.row[k].value, cases[i].named));
			found++;
		}
		assert_int_equal(found, 1);
	}
}

/* A second task below adds no second department or item. */
static void twice(void **state)
{
	ARENA_AUTO a = arena_new();
	struct world w = world_make(a);
	struct compose_task other = w.task;
	struct compose_below below[] = { { &w.task, BYTES("county"), counties, COUNTIES },
		{ &other, BYTES("county"), counties, COUNTIES } };
	const struct compose_copy *copy;
	size_t copies;
	struct err e = { 0 };
	(void)state;
	assert_true(compose_lower(&w.base, below, 2, a, &copy, &copies, &e));
	assert_int_equal(copies, 4);
	for (size_t i = 1; i < w.base.n; i++)
		assert_true(bytes_compare(w.base.row[i - 1].path, w.base.row[i].path) < 0);
}

static void refused(void **state)
{
	static const struct {
		size_t first, n;
		enum err_code code;
	} cases[] = { { 0, 0, ERR_NO_DEPARTMENT }, { 2, 2, ERR_NO_DEPARTMENT } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA_AUTO a = arena_new();
		struct world w = world_make(a);
		struct compose_below below = { &w.task, BYTES("county"), counties + cases[i].first,
			cases[i].n };
		const struct compose_copy *copy;
		size_t copies;
		struct err e = { 0 };
		assert_false(compose_lower(&w.base, &below, 1, a, &copy, &copies, &e));
		assert_int_equal(e.code, cases[i].code);
		assert_non_null(strstr(e.what, "fire"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lowered),
		cmocka_unit_test(lists_of_items),
		cmocka_unit_test(apart),
		cmocka_unit_test(twice),
		cmocka_unit_test(refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
