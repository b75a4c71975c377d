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

static void start(struct situation *c, struct arena *a)
{
	memset(c, 0, sizeof *c);
	sample_init(&c->sample, a);
	c->fact[FACT_OBJECT] = BYTES("91371002MA3C00000X");
	c->fact[FACT_ENTITY] = c->fact[FACT_OBJECT];
	c->fact[FACT_REGION] = BYTES("371002");
	c->fact[FACT_STATUS] = BYTES("open");
	c->fact[FACT_CLASS] = BYTES("A");
	assert_true(civil_parse(BYTES("2026-06-01"), &c->date));
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
	facts_read(&facts, c->fact);
	exclude(excluder_new(a, &p, c->date), &facts, codes);
	return bytes_of(frame_code_name((enum frame_code)codes[policy_task(&p, BYTES("t"))]));
}

static void rule_file(void **state)
{
	FILE *f = fopen("tests/vectors/exclude_rules.txt", "r");
	char line[1000];
	int number = 0, cases = 0;
	bool seen[FRAME_CODES] = { false };

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/exclude_rules.txt: cannot be opened");
	while (fgets(line, sizeof line, f) != NULL) {
		ARENA_AUTO a = arena_new();
		struct situation c;
		struct bytes rest = { line, strcspn(line, "\n") };
		enum frame_code code = CODE_A;
		bool more;
		number++;
		if (rest.n == 0 || line[0] == '#')
			continue;
		start(&c, a);
		set_all(&c, trim(bytes_cut(&rest, '|', &more)), set_setting);
		set_all(&c, trim(bytes_cut(&rest, '|', &more)), set_fact);
		struct bytes expected = trim(bytes_cut(&rest, '|', &more));
		struct bytes got = code_of(&c, number);
		if (!more || !frame_code_of(expected, &code))
			fail_msg("line %d: settings | facts | code | note", number);
		if (!bytes_equal(got, expected))
			fail_msg("line %d: %.*s, expected %.*s", number, BYTES_ARG(got),
				BYTES_ARG(expected));
		seen[code] = true;
		cases++;
	}
	fclose(f);
	assert_true(cases >= 60);
	for (int c = CODE_TYPE; c < FRAME_CODES; c++)
		assert_true(seen[c]);
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
		assert_int_equal(codes[0], i < 100 ? CODE_A : CODE_TYPE);
	}
	/* what was known of one object is forgotten for the next */
	c.fact[FACT_LABELS] = BYTES("");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_int_equal(codes[0], CODE_TYPE);
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
	struct policy_row *rows = arena_calloc(a, s.n + 100 * 9, sizeof *rows);
	for (size_t i = 0; i < s.n; i++)
		rows[n++] = s.row[i];
	for (int i = 0; i < 100; i++) {
		const struct {
			const char *path, *value;
		} more[] = {
			{ "department.d%02d.inspects", "yes" },
			{ "department.d%02d.name", "某局" },
			{ "department.d%02d.regions", i == 99 ? "3710" : "11" },
			{ "item.i%02d.basis", "某法" },
			{ "item.i%02d.department", arena_printf(a, "d%02d", i) },
			{ "item.i%02d.kind", "general" },
			{ "item.i%02d.name", "某事项" },
		};
		for (size_t k = 0; k < sizeof more / sizeof *more; k++) {
			struct bytes pattern = bytes_of(more[k].path);
			size_t at = strcspn(more[k].path, "%");
			rows[n++] = (struct policy_row){
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
	policy_sort(rows, n);
	assert_true(policy_from_rows(&p, a, rows, n, &e));
	uint8_t codes[2];
	struct excluder *x = excluder_new(a, &p, 20605);
	start(&c, a);
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_int_equal(codes[0], CODE_A);
	c.fact[FACT_CHECKED] = BYTES("i99=2026-05-05");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_int_equal(codes[0], CODE_CHECKED);
	c.fact[FACT_CHECKED] = BYTES("i98=2026-05-05");
	c.fact[FACT_REGION] = BYTES("120101");
	facts_read(&facts, c.fact);
	exclude(x, &facts, codes);
	assert_int_equal(codes[0], CODE_REMIT);
}

/* The rows of task number i, made from those of task t by a few changes. */
static size_t put_task(struct policy_row *rows, const struct sample *s, unsigned i, struct arena *a)
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
	struct policy_row *rows = arena_calloc(a, s.n + (size_t)(to - from) * 18, sizeof *rows);
	for (size_t i = 0; i < s.n; i++)
		if (!bytes_starts(s.row[i].path, BYTES("task.")))
			rows[n++] = s.row[i];
	for (unsigned i = from; i < to; i++)
		n += put_task(rows + n, &s, i, a);
	policy_sort(rows, n);
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
		assert_int_equal(
			codes[0], street % 10 == 1 || street % 10 == 3 ? CODE_A : CODE_TYPE);
	}
}

static void versions(void **state)
{
	(void)state;
	for (int c = CODE_TYPE; c < FRAME_CODES; c++)
		assert_int_equal(exclusion_version((enum frame_code)c), 1);
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

/* ---- tests/vectors/frame.txt: the same rules by the second implementation ---- */

/* What has been read of a block of the file. */
struct block {
	struct arena *a;
	struct policy_row row[1000];
	size_t rows;
	struct policy policy;
	bool lawful;
	int32_t date;
	struct facts facts;
	int compared;
};

static struct bytes tab(struct bytes *rest)
{
	bool more;
	return bytes_cut(rest, '\t', &more);
}

static void golden_policy(struct block *b, struct bytes rest)
{
	assert_true(b->rows < 1000);
	struct bytes path = tab(&rest);
	b->row[b->rows++] = (struct policy_row){ path, rest };
}

static void golden_verdict(struct block *b, struct bytes rest)
{
	struct bytes verdict = tab(&rest);
	struct err e = { 0 };

	b->lawful = policy_from_rows(&b->policy, b->a, b->row, b->rows, &e);
	if (b->lawful != bytes_is(verdict, "accept"))
		fail_msg("policy: %.*s (%.*s) expected; %s: %s", BYTES_ARG(verdict),
			BYTES_ARG(rest), e.where, e.what);
}

static void golden_date(struct block *b, struct bytes rest)
{
	assert_true(civil_parse(rest, &b->date));
}

static void golden_task(struct block *b, struct bytes rest)
{
	assert_true(policy_task(&b->policy, rest) >= 0);
}

static void golden_facts(struct block *b, struct bytes rest)
{
	struct bytes fact[FRAME_FACTS];
	struct err e = { 0 };

	for (size_t i = 0; i < FRAME_FACTS; i++)
		fact[i] = tab(&rest);
	if (!frame_facts_check(fact, &e))
		fail_msg("facts: %s: %s", e.where, e.what);
	facts_read(&b->facts, fact);
}

static void golden_codes(struct block *b, struct bytes rest)
{
	uint8_t *codes = arena_calloc(b->a, b->policy.task_count, 1);

	exclude(excluder_new(b->a, &b->policy, b->date), &b->facts, codes);
	for (uint32_t t = 0; t < b->policy.task_count; t++) {
		struct bytes expected = tab(&rest);
		const char *got = frame_code_name((enum frame_code)codes[t]);
		if (!bytes_is(expected, got))
			fail_msg("object %.*s, task %.*s: %s, expected %.*s",
				BYTES_ARG(b->facts.object), BYTES_ARG(b->policy.tasks[t].code), got,
				BYTES_ARG(expected));
		b->compared++;
	}
}

static const struct {
	const char *tag;
	void (*read)(struct block *b, struct bytes rest);
} tags[] = {
	{ "policy", golden_policy },
	{ "policy-verdict", golden_verdict },
	{ "date", golden_date },
	{ "task", golden_task },
	{ "facts", golden_facts },
	{ "codes", golden_codes },
};

static void golden_line(struct block *b, struct bytes line)
{
	struct bytes tag = tab(&line);

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (bytes_is(tag, tags[i].tag)) {
			tags[i].read(b, line);
			return;
		}
	}
	if (bytes_starts(tag, BYTES("case")) || bytes_is(tag, "end"))
		b->rows = 0;
	else
		fail_msg("frame.txt: unknown line \"%.*s\"", BYTES_ARG(tag));
}

static void golden(void **state)
{
	static struct block b;
	static char line[20000];
	FILE *f = fopen("tests/vectors/frame.txt", "r");

	(void)state;
	if (f == NULL)
		fail_msg("tests/vectors/frame.txt: cannot be opened");
	b.a = arena_new();
	while (fgets(line, sizeof line, f) != NULL) {
		size_t n = strcspn(line, "\n");
		if (n > 0 && line[0] != '#')
			golden_line(&b, (struct bytes){ arena_strndup(b.a, line, n), n });
	}
	fclose(f);
	arena_free(b.a);
	assert_true(b.compared > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_file),
		cmocka_unit_test(many_labels),
		cmocka_unit_test(many_departments),
		cmocka_unit_test(many_tasks),
		cmocka_unit_test(many_regions),
		cmocka_unit_test(versions),
		cmocka_unit_test(names),
		cmocka_unit_test(golden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
