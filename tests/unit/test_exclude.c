#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/exclude.h"
#include "sampler/table.h"
#include "tests/unit/sample_policy.h"

/* ---- tests/vectors/exclude_rules.txt ---- */

struct situation {
	struct sample sample;
	struct bytes fact[FRAME_FACTS];
	int32_t date;
};

/* The object of every case, and its policy where it has none of its own. */
static void start(struct situation *c, struct arena *a)
{
	memset(c, 0, sizeof *c);
	sample_init(&c->sample, a);
	for (size_t i = 0; i < FRAME_FACTS; i++)
		c->fact[i] = BYTES("");
	c->fact[FACT_OBJECT] = BYTES("91371002MA3C00000X");
	c->fact[FACT_ENTITY] = c->fact[FACT_OBJECT];
	c->fact[FACT_REGION] = BYTES("371002");
	c->fact[FACT_STATUS] = BYTES("open");
	c->fact[FACT_CLASS] = BYTES("A");
	c->fact[FACT_RESERVED] = BYTES("0");
	assert_true(civil_parse(BYTES("2026-06-01"), &c->date));
}

/* Strata and kinds of codes that cases end in. */
struct seen {
	int cases;
	bool stratum[FRAME_STRATA], code[6];
};

static void see(struct seen *seen, struct bytes code)
{
	static const char *const kind[6] = { "type", "remit", "closed", "checked", "mode-",
		"cap-" };
	enum stratum s = STRATUM_OUT;

	seen->cases++;
	if (stratum_of(code, &s))
		seen->stratum[s] = true;
	for (size_t k = 0; k < sizeof kind / sizeof *kind; k++)
		if (bytes_starts(code, bytes_of(kind[k])))
			seen->code[k] = true;
}

static struct bytes trim(struct bytes s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = (struct bytes){ s.p + 1, s.n - 1 };
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static void set_fact(struct situation *c, struct bytes name, struct bytes value)
{
	for (size_t i = 0; i < FRAME_FACTS; i++) {
		if (bytes_is(name, table_form(TABLE_FRAME)->column[i])) {
			c->fact[i] = value;
			return;
		}
	}
	fail_msg("no fact \"%.*s\"", BYTES_ARG(name));
}

static void set_setting(struct situation *c, struct bytes name, struct bytes value)
{
	struct arena *a = c->sample.arena;
	const char *path = arena_strndup(a, name.p, name.n);
	size_t before = c->sample.n;

	if (strcmp(path, "date") == 0) {
		assert_true(civil_parse(value, &c->date));
		return;
	}
	for (size_t i = 0; i < c->sample.n; i++)
		if (bytes_is(c->sample.row[i].path, path))
			goto known;
	path = arena_printf(a, "task.t.%s", path);
known:
	sample_set(&c->sample, path, arena_strndup(a, value.p, value.n));
	if (c->sample.n != before)
		fail_msg("no setting \"%.*s\"", BYTES_ARG(name));
}

static void set_all(struct situation *c, struct bytes list,
	void (*set)(struct situation *, struct bytes, struct bytes))
{
	bool more = list.n > 0;

	while (more) {
		struct bytes value = bytes_cut(&list, ' ', &more);
		bool equals;
		struct bytes name = bytes_cut(&value, '=', &equals);
		assert_true(equals);
		set(c, name, value);
	}
}

static struct bytes code_of(struct situation *c, int line)
{
	struct arena *a = c->sample.arena;
	struct policy p;
	struct facts facts;
	struct err e = { 0 };

	if (!sample_read(&c->sample, &p, &e) || !frame_facts_check(c->fact, &e))
		fail_msg("line %d: %s: %s", line, e.where, e.what);
	uint8_t *codes = arena_calloc(a, p.task_count, 1);
	struct excluder *x = excluder_new(a, &p, c->date);
	facts_read(&facts, c->fact);
	exclude(x, &facts, codes);
	return excluder_code(x, codes[policy_task(&p, BYTES("t"))]);
}

/* "policy PATH VALUE": a row of the policy of the file. */
static void read_policy_line(struct sample *s, struct bytes line)
{
	bool more;

	bytes_cut(&line, ' ', &more);
	struct bytes path = bytes_cut(&line, ' ', &more);
	sample_set(s, arena_strndup(s->arena, path.p, path.n),
		arena_strndup(s->arena, line.p, line.n));
}

static void run_case(const struct sample *s, struct bytes rest, int number, struct seen *seen)
{
	ARENA_AUTO a = arena_new();
	struct situation c;
	bool more;

	start(&c, a);
	c.sample = *s;
	c.sample.arena = a;
	set_all(&c, trim(bytes_cut(&rest, '|', &more)), set_setting);
	set_all(&c, trim(bytes_cut(&rest, '|', &more)), set_fact);
	struct bytes expected = trim(bytes_cut(&rest, '|', &more));
	if (!more)
		fail_msg("line %d: settings | facts | code | note", number);
	struct bytes got = code_of(&c, number);
	if (!bytes_equal(got, expected))
		fail_msg("line %d: %.*s, expected %.*s", number, BYTES_ARG(got),
			BYTES_ARG(expected));
	see(seen, got);
}

static void rule_file(void **state)
{
	FILE *f = fopen("tests/vectors/exclude_rules.txt", "r");
	ARENA_AUTO a = arena_new();
	char line[1000];
	int number = 0;
	struct sample s;
	struct seen seen = { 0 };

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/exclude_rules.txt: cannot be opened");
	sample_empty(&s, a);
	while (fgets(line, sizeof line, f) != NULL) {
		struct bytes rest = { line, strcspn(line, "\n") };
		number++;
		if (rest.n == 0 || line[0] == '#')
			continue;
		if (bytes_starts(rest, BYTES("policy ")))
			read_policy_line(&s, rest);
		else
			run_case(&s, rest, number, &seen);
	}
	fclose(f);
	assert_true(seen.cases >= 100);
	for (int i = 0; i < FRAME_STRATA; i++)
		assert_true(seen.stratum[i]);
	for (size_t k = 0; k < sizeof seen.code; k++)
		assert_true(seen.code[k]);
}

/* ---- many tasks, labels, departments, regions ---- */

static void many_labels(void **state)
{
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };
	struct situation c;
	struct facts facts;

	(void)state;
	sample_init(&s, a);
	struct buf labels = buf_new(a, 0);
	for (int i = 0; i < 100; i++)
		buf_str(&labels, arena_printf(a, "%slabel-%03d", i > 0 ? "," : "", i));
	sample_set(&s, "task.t.labels", arena_strndup(a, labels.p, labels.n));
	assert_true(sample_read(&s, &p, &e));
	uint8_t codes[2];
	struct excluder *x = excluder_new(a, &p, 20605);
	start(&c, a);
	for (int i = 0; i < 102; i++) {
		c.fact[FACT_LABELS] = bytes_of(arena_printf(a, "label-%03d,other", i));
		facts_read(&facts, c.fact);
		exclude(x, &facts, codes);
		assert_true(bytes_is(excluder_code(x, codes[0]), i < 100 ? "A" : "type"));
	}
	/* what was known of one object is forgotten for the next */
	c.fact[FACT_LABELS] = BYTES("");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_true(bytes_is(excluder_code(x, codes[0]), "type"));
}

/* A department and an item behind many others are found too. */
static void many_departments(void **state)
{
	ARENA_AUTO a = arena_new();
	struct policy p;
	struct err e = { 0 };
	struct sample s;
	struct situation c;
	struct facts facts;
	size_t n = 0;

	(void)state;
	sample_init(&s, a);
	struct setting_row *rows = arena_calloc(a, s.n + 100 * 10, sizeof *rows);
	for (size_t i = 0; i < s.n; i++)
		rows[n++] = s.row[i];
	for (int i = 0; i < 100; i++) {
		const struct {
			const char *path, *value;
		} more[] = {
			{ "department.d%02d.apart", "" },
			{ "department.d%02d.inspects", "yes" },
			{ "department.d%02d.name", "某局" },
			{ "department.d%02d.regions", i == 99 ? "3710" : "11" },
			{ "item.i%02d.basis", "某法" },
			{ "item.i%02d.department", arena_printf(a, "d%02d", i) },
			{ "item.i%02d.field", "" },
			{ "item.i%02d.kind", "general" },
			{ "item.i%02d.name", "某事项" },
		};
		for (size_t k = 0; k < sizeof more / sizeof *more; k++) {
			struct bytes pattern = bytes_of(more[k].path);
			size_t at = strcspn(more[k].path, "%");
			rows[n++] = (struct setting_row){
				bytes_of(arena_printf(a, "%.*s%02d%s", (int)at, pattern.p, i,
					pattern.p + at + 4)),
				bytes_of(more[k].value),
			};
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (bytes_is(rows[i].path, "task.t.items"))
			rows[i].value = BYTES("i05,i99");
		if (bytes_is(rows[i].path, "task.t.lead"))
			rows[i].value = BYTES("d99");
	}
	settings_sort(rows, n);
	assert_true(policy_from_rows(&p, a, rows, n, &e));
	uint8_t codes[2];
	struct excluder *x = excluder_new(a, &p, 20605);
	start(&c, a);
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_true(bytes_is(excluder_code(x, codes[0]), "A"));
	c.fact[FACT_CHECKED] = BYTES("i99=2026-05-05");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_true(bytes_is(excluder_code(x, codes[0]), "checked"));
	c.fact[FACT_CHECKED] = BYTES("i98=2026-05-05");
	c.fact[FACT_REGION] = BYTES("120101");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_true(bytes_is(excluder_code(x, codes[0]), "remit"));
}

/* The rows of task number i, made from those of task t by a few changes. */
static size_t put_task(
	struct setting_row *rows, const struct sample *s, unsigned i, struct arena *a)
{
	static const char *const industries[] = { "*", "F", "C13,H62" }, *const labels[] = { "*",
		"food" };
	static const char *const items[] = { "licence", "scale" }, *const kinds[] = { "*",
		"enterprise" };
	const struct {
		const char *name, *value;
	} change[] = {
		{ ".industries", industries[i % 3] },
		{ ".items", items[i / 3 % 2] },
		{ ".kinds", kinds[i / 6 % 2] },
		{ ".labels", labels[i / 12 % 2] },
		{ ".safety", i / 24 % 2 ? "yes" : "no" },
		{ ".regions", i / 48 % 2 ? "3710" : "*" },
	};
	size_t n = 0;

	for (size_t k = 0; k < s->n; k++) {
		struct bytes path = s->row[k].path;
		if (!bytes_starts(path, BYTES("task.t.")))
			continue;
		struct bytes name = { path.p + 6, path.n - 6 };
		rows[n] = s->row[k];
		rows[n].path = bytes_of(arena_printf(a, "task.t%03u%.*s", i, BYTES_ARG(name)));
		for (size_t c = 0; c < sizeof change / sizeof *change; c++)
			if (bytes_is(name, change[c].name))
				rows[n].value = bytes_of(change[c].value);
		n++;
	}
	return n;
}

/* A policy of the tasks from … to−1 (numbers of put_task). */
static struct policy *tasks_policy(struct arena *a, unsigned from, unsigned to)
{
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct sample s;
	struct err e = { 0 };
	size_t n = 0;

	sample_init(&s, a);
	struct setting_row *rows = arena_calloc(a, s.n + (size_t)(to - from) * 30, sizeof *rows);
	for (size_t i = 0; i < s.n; i++)
		if (!bytes_starts(s.row[i].path, BYTES("task.")))
			rows[n++] = s.row[i];
	for (unsigned i = from; i < to; i++)
		n += put_task(rows + n, &s, i, a);
	settings_sort(rows, n);
	assert_true(policy_from_rows(p, a, rows, n, &e));
	assert_int_equal(p->task_count, to - from);
	return p;
}

/* Facts of an object that differ with i. */
static void vary(struct situation *c, unsigned i)
{
	static const char *const region[] = { "371002", "370203", "" }, *const label[] = { "",
		"food" };
	static const char *const industry[] = { "F51", "H6210", "", "C13" };
	static const char *const checked[] = { "", "*=2026-02-02", "scale=2026-03-03" };
	static const char *const established[] = { "", "2026-01-05" };

	c->fact[FACT_REGION] = bytes_of(region[i % 3]);
	c->fact[FACT_LABELS] = bytes_of(label[i / 3 % 2]);
	c->fact[FACT_INDUSTRY] = bytes_of(industry[i / 6 % 4]);
	c->fact[FACT_CHECKED] = bytes_of(checked[i / 24 % 3]);
	c->fact[FACT_ESTABLISHED] = bytes_of(established[i / 72 % 2]);
	c->fact[FACT_KIND] = bytes_of(kind_name((enum object_kind)(i / 144 % KINDS)));
}

/* What a task gets does not depend on the tasks beside it. */
static void many_tasks(void **state)
{
	enum { TASKS = 130, OBJECTS = 864 };
	static uint8_t together[OBJECTS][TASKS];
	ARENA_AUTO a = arena_new();
	struct excluder *x = excluder_new(a, tasks_policy(a, 0, TASKS), 20605);
	struct situation c;
	struct facts facts;
	uint8_t alone;

	(void)state;
	start(&c, a);
	for (unsigned i = 0; i < OBJECTS; i++) {
		vary(&c, i);
		facts_read(&facts, c.fact);
		exclude(x, &facts, together[i]);
	}
	for (unsigned t = 0; t < TASKS; t++) {
		ARENA_AUTO scratch = arena_new();
		x = excluder_new(scratch, tasks_policy(scratch, t, t + 1), 20605);
		for (unsigned i = 0; i < OBJECTS; i++) {
			vary(&c, i);
			facts_read(&facts, c.fact);
			exclude(x, &facts, &alone);
			if (together[i][t] != alone)
				fail_msg("task %u, object %u", t, i);
		}
	}
}

/* More regions than are remembered: what was forgotten is decided anew, and the same. */
static void many_regions(void **state)
{
	enum { REGIONS = 5000 };
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };
	struct situation c;
	struct facts facts;
	uint8_t codes[2];

	(void)state;
	sample_init(&s, a);
	sample_set(&s, "task.t.regions", "371002001,371002003");
	sample_set(&s, "department.market.regions", "3710020,3710021");
	assert_true(sample_read(&s, &p, &e));
	struct excluder *x = excluder_new(a, &p, 20605);
	start(&c, a);
	for (unsigned i = 0; i < 3 * REGIONS; i++) {
		char region[16];
		unsigned street = i * 37 % REGIONS;
		snprintf(region, sizeof region, "371002%03u%03u", street % 10, street / 10);
		c.fact[FACT_REGION] = bytes_of(region);
		facts_read(&facts, c.fact);
		exclude(x, &facts, codes);
		assert_true(bytes_is(excluder_code(x, codes[0]),
			street % 10 == 1 || street % 10 == 3 ? "A" : "type"));
	}
}

/* What the ledger says of each exclusion, in its order. */
static void exclusions(void **state)
{
	static const struct {
		const char *code, *basis;
		uint32_t version;
	} rows[] = {
		{ "cap-year", "涉企行政检查年度频次上限", 3 },
		{ "checked", "本周期内已检查的不再抽取", 1 },
		{ "closed", "已注销、吊销或迁出", 1 },
		{ "mode-observation", "新设经营主体观察期", 7 },
		{ "mode-tolerance", "歇业宽容期", 1 },
		{ "remit", "不在部门管辖范围", 1 },
		{ "type", "不属于任务的检查对象范围", 1 },
	};
	ARENA_AUTO a = arena_new();
	struct sample s;
	struct policy p;
	struct err e = { 0 };
	const struct exclusion *list;

	(void)state;
	sample_init(&s, a);
	sample_set(&s, "mode.observation.version", "7");
	sample_set(&s, "cap.year.version", "3");
	assert_true(sample_read(&s, &p, &e));
	assert_int_equal(exclusions_of(&p, a, &list), sizeof rows / sizeof *rows);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(bytes_is(list[i].code, rows[i].code));
		assert_true(bytes_is(list[i].basis, rows[i].basis));
		assert_int_equal(list[i].version, rows[i].version);
		assert_true(i == 0 || bytes_compare(list[i - 1].code, list[i].code) < 0);
	}
}

static void names(void **state)
{
	enum object_kind kind = KIND_OTHER;

	(void)state;
	for (int k = 0; k < KINDS; k++) {
		assert_true(kind_of(bytes_of(kind_name((enum object_kind)k)), &kind));
		assert_int_equal(kind, k);
	}
	assert_false(kind_of(BYTES("Enterprise"), &kind));
	assert_string_equal(status_name(STATUS_MOVED), "moved");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_file),
		cmocka_unit_test(many_labels),
		cmocka_unit_test(many_departments),
		cmocka_unit_test(many_tasks),
		cmocka_unit_test(many_regions),
		cmocka_unit_test(exclusions),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
