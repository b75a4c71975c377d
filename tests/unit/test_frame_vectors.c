/* Policies, exclusions, strata and ledger against the golden vectors of the second implementation:
 * frame.txt and strata.txt. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "planner/exclude.h"
#include "planner/policy.h"
#include "planner/quota.h"
#include "sampler/frame.h"
#include "sampler/table.h"
#include "tests/unit/vectors.h"

enum { MOST = 4000 };

/* The policy that the first block gives, and the lines of the block at hand. */
struct reader {
	struct vectors v;
	struct vector line;
	struct setting_row base[MOST];
	size_t bases;
	struct setting_row row[MOST];
	size_t rows;
	struct bytes label;
};

static bool next(struct reader *r)
{
	return vectors_next(&r->v, &r->line);
}

static bool at(const struct reader *r, const char *tag)
{
	return bytes_is(r->line.field[0], tag);
}

static struct reader *reader_open(const char *name, struct arena *a)
{
	struct reader *r = arena_calloc(a, 1, sizeof *r);
	r->v = vectors_open(name, a);
	r->v.separator = '\t';
	return r;
}

/* ---- the policy of a block ---- */

static size_t place_of(const struct reader *r, struct bytes path)
{
	size_t i = 0;
	while (i < r->rows && !bytes_equal(r->row[i].path, path))
		i++;
	return i;
}

static void change(struct reader *r)
{
	size_t i = place_of(r, r->line.field[1]);

	if (at(r, "drop")) {
		assert_true(i < r->rows);
		r->row[i] = r->row[--r->rows];
		return;
	}
	assert_true(i < MOST);
	r->rows += i == r->rows;
	r->row[i] = (struct setting_row){ r->line.field[1], r->line.field[2] };
}

static bool read_policy(struct reader *r, struct policy *p, struct arena *a, struct err *e)
{
	assert_true(at(r, "case"));
	r->label = r->line.field[1];
	for (next(r); at(r, "policy"); next(r)) {
		assert_true(r->bases < MOST);
		r->base[r->bases++] = (struct setting_row){ r->line.field[1], r->line.field[2] };
	}
	memcpy(r->row, r->base, r->bases * sizeof *r->base);
	r->rows = r->bases;
	for (; at(r, "set") || at(r, "drop"); next(r))
		change(r);
	settings_sort(r->row, r->rows);
	return policy_from_rows(p, a, r->row, r->rows, e);
}

static void read_tasks(struct reader *r, const struct policy *p)
{
	uint32_t n = 0;
	for (; at(r, "task"); next(r), n++)
		assert_true(n < p->task_count && bytes_equal(p->tasks[n].code, r->line.field[1]));
	assert_int_equal(n, p->task_count);
}

/* ---- frame.txt ------------------------------------------------------------------------------- */

static void same_codes(struct reader *r, const struct policy *p, struct excluder *x, uint8_t *codes)
{
	struct facts facts;
	struct err e = { 0 };

	assert_int_equal(r->line.n, 1 + FRAME_FACTS);
	if (!frame_facts_check(&r->line.field[1], &e))
		fail_msg("frame.txt, line %zu: %s: %s", r->line.line, e.where, e.what);
	facts_read(&facts, &r->line.field[1]);
	exclude(x, &facts, codes);
	next(r);
	assert_true(at(r, "codes") && r->line.n == 1 + p->task_count);
	for (uint32_t t = 0; t < p->task_count; t++) {
		struct bytes ours = excluder_code(x, codes[t]), theirs = r->line.field[1 + t];
		if (!bytes_equal(ours, theirs))
			fail_msg("frame.txt, %.*s, line %zu, task %.*s: %.*s, expected %.*s",
				BYTES_ARG(r->label), r->line.line, BYTES_ARG(p->tasks[t].code),
				BYTES_ARG(ours), BYTES_ARG(theirs));
	}
	next(r);
}

/* `fact COLUMN VERDICT VALUE` */
static void one_fact(const struct vector *line, struct arena *a)
{
	size_t column =
		table_column(TABLE_FRAME, arena_strndup(a, line->field[1].p, line->field[1].n));
	bool good = frame_fact_check((enum frame_fact)column, line->field[3]);

	if (good != vectors_accept(line->field[2]))
		fail_msg("frame.txt, line %zu: %.*s \"%.*s\": %.*s expected", line->line,
			BYTES_ARG(line->field[1]), BYTES_ARG(line->field[3]),
			BYTES_ARG(line->field[2]));
}

static uint32_t one_frame(struct reader *r)
{
	ARENA_AUTO a = arena_new();
	struct policy p = { 0 };
	struct err e = { 0 };
	int32_t date = 0;
	uint32_t rows = 0;

	bool lawful = read_policy(r, &p, a, &e);
	assert_true(at(r, "policy-verdict"));
	if (lawful != vectors_accept(r->line.field[1]))
		fail_msg("frame.txt, %.*s: %.*s expected; %s: %s", BYTES_ARG(r->label),
			BYTES_ARG(r->line.field[1]), e.where, e.what);
	next(r);
	if (!lawful) {
		assert_true(at(r, "end"));
		return 0;
	}
	assert_true(at(r, "date") && civil_parse(r->line.field[1], &date));
	next(r);
	read_tasks(r, &p);
	struct excluder *x = excluder_new(a, &p, date);
	uint8_t *codes = arena_calloc(a, p.task_count, 1);
	for (; at(r, "facts"); rows++)
		same_codes(r, &p, x, codes);
	assert_true(at(r, "end"));
	return rows;
}

static void exclusions_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader *r = reader_open("frame.txt", a);
	uint32_t facts = 0, blocks = 0, rows = 0;

	for (; next(r) && at(r, "fact"); facts++)
		one_fact(&r->line, a);
	do
		rows += one_frame(r);
	while (blocks++, next(r));
	assert_true(facts > 100 && blocks > 100 && rows > 1000);
}

/* ---- strata.txt ------------------------------------------------------------------------------ */

/* The artefact of the lines with this tag as they stand in the file, TAB for TAB. */
static struct bytes artefact(struct reader *r, enum table_id id, const char *tag, struct arena *a)
{
	struct buf out = buf_new(a, 4096);
	const struct table_form *form = table_form(id);

	buf_str(&out, arena_printf(a, "blind %064d\ndrawd/%s/v1\n", 0, form->name));
	for (size_t i = 0; form->column[i] != NULL; i++)
		buf_str(&out, arena_printf(a, "%s%s", i > 0 ? "\t" : "", form->column[i]));
	buf_str(&out, "\n");
	for (; at(r, tag); next(r))
		for (size_t i = 1; i < r->line.n; i++) {
			buf_put(&out, r->line.field[i].p, r->line.field[i].n);
			buf_str(&out, i + 1 < r->line.n ? "\t" : "\n");
		}
	return buf_view(&out);
}

static void read_frame(struct reader *r, const struct policy *p, struct frame *f, struct arena *a)
{
	struct buf out = buf_new(a, 65536);
	struct table t;
	struct err e = { 0 };

	buf_str(&out, arena_printf(a,
			      "blind %064d\ndrawd/frame/v1\nobject\tentity\tkind\tindustry\t"
			      "region\testablished\tstatus\tsince\tclass\tclasses\tlabels\t"
			      "checked\tentered\treserved",
			      0));
	for (uint32_t i = 0; i < p->task_count; i++)
		buf_str(&out, arena_printf(a, "\ttask:%.*s", BYTES_ARG(p->tasks[i].code)));
	buf_str(&out, "\tweight\tsalt\n");
	for (; at(r, "object"); next(r)) {
		assert_int_equal(r->line.n, 3 + p->task_count);
		buf_str(&out, arena_printf(a, "%.*s\t%.*s", BYTES_ARG(r->line.field[1]),
				      BYTES_ARG(r->line.field[2])));
		for (int i = FACT_KIND; i < FACT_RESERVED; i++)
			buf_str(&out, "\t");
		buf_str(&out, "\t0");
		for (size_t i = 3; i < r->line.n; i++)
			buf_str(&out, arena_printf(a, "\t%.*s", BYTES_ARG(r->line.field[i])));
		buf_str(&out, arena_printf(a, "\t1\t%032d\n", 0));
	}
	if (!table_open(&t, TABLE_FRAME, buf_view(&out), &e) || !policy_frame(p, f, &t, a, &e))
		fail_msg("strata.txt, %.*s: %s: %s", BYTES_ARG(r->label), e.where, e.what);
}

static bool one_strata(struct reader *r)
{
	ARENA_AUTO a = arena_new();
	struct policy p = { 0 };
	struct frame f;
	struct strata s;
	struct table strata, ledger;
	struct err e = { 0 };

	if (!read_policy(r, &p, a, &e))
		fail_msg("strata.txt, %.*s: %s: %s", BYTES_ARG(r->label), e.where, e.what);
	read_tasks(r, &p);
	read_frame(r, &p, &f, a);
	assert_true(at(r, "verdict"));
	bool accept = vectors_accept(r->line.field[1]);
	bool made = strata_make(&s, &p, &f.counts, a, &e);
	if (made != accept)
		fail_msg("strata.txt, %.*s: %.*s expected; %s: %s", BYTES_ARG(r->label),
			BYTES_ARG(r->line.field[1]), e.where, e.what);
	next(r);
	if (accept) {
		struct bytes rows = artefact(r, TABLE_STRATA, "strata", a);
		struct bytes counts = artefact(r, TABLE_LEDGER, "ledger", a);
		assert_true(table_open(&strata, TABLE_STRATA, rows, &e));
		assert_true(table_open(&ledger, TABLE_LEDGER, counts, &e));
		assert_int_equal(strata.n, s.n);
		if (!strata_verify(&s, &p, &f.counts, f.n, &strata, &ledger, a, &e))
			fail_msg("strata.txt, %.*s: %s: %s", BYTES_ARG(r->label), e.where, e.what);
	}
	assert_true(at(r, "end"));
	return accept;
}

static void strata_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader *r = reader_open("strata.txt", a);
	uint32_t good = 0, bad = 0;

	while (next(r))
		one_strata(r) ? good++ : bad++;
	assert_true(good > 10 && bad > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exclusions_agree),
		cmocka_unit_test(strata_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
