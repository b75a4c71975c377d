/* The step table: PROTOCOL.md §7, §14. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/step.h"
#include "tests/unit/vectors.h"

static void test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STEPS; i++) {
		enum step_id s;
		assert_true(step_of(bytes_of(step_form((enum step_id)i)->name), &s));
		assert_int_equal(s, i);
	}
	for (unsigned i = 0; i < STATES; i++) {
		enum round_state s;
		assert_true(state_of(bytes_of(state_form((enum round_state)i)->name), &s));
		assert_int_equal(s, i);
	}
	enum step_id s;
	enum round_state st;
	assert_false(step_of(BYTES("redraw"), &s) || state_of(BYTES(""), &st));
}

/* The steps a replay demands, in the order of the table, lead from the draft to the reveal. */
static void test_the_way(void **state)
{
	(void)state;
	static const enum record_kind order[] = { RECORD_FREEZE, RECORD_LOCK, RECORD_BEACON,
		RECORD_DRAW, RECORD_REVEAL };
	enum round_state now = STATE_DRAFT;
	size_t met = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		const struct step_form *f = step_form((enum step_id)i);
		enum step_id s;
		if (f->record >= 0) {
			assert_true(step_of_record((enum record_kind)f->record, &s));
			assert_int_equal(s, i);
		}
		if (f->times == TIMES_ANY)
			continue;
		assert_true(met < sizeof order / sizeof *order);
		assert_int_equal(f->record, order[met++]);
		assert_true(step_lawful((enum step_id)i, now));
		now = step_after((enum step_id)i, now);
	}
	assert_int_equal(met, sizeof order / sizeof *order);
	assert_int_equal(now, STATE_REVEALED);
	assert_int_equal(step_after(STEP_CLOSE, now), STATE_CLOSED);
	enum step_id s;
	assert_false(step_of_record(RECORD_ANCHOR, &s));
}

/* Nothing is frozen twice, locked twice or drawn twice, and nothing leaves an end. */
static void test_no_way_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STEPS; i++)
		for (unsigned from = 0; from < STATES; from++) {
			enum step_id s = (enum step_id)i;
			if (!step_lawful(s, (enum round_state)from))
				continue;
			assert_true(step_after(s, (enum round_state)from) >= from);
			assert_true(from != STATE_VOID && from != STATE_CLOSED);
		}
	static const enum step_id once[] = { STEP_FREEZE, STEP_LOCK, STEP_DRAW, STEP_REVEAL,
		STEP_DISPATCH, STEP_CLOSE, STEP_VOID };
	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		for (unsigned from = 0; from < STATES; from++)
			if (step_lawful(once[i], (enum round_state)from))
				assert_false(step_lawful(
					once[i], step_after(once[i], (enum round_state)from)));
}

static void test_reasons(void **state)
{
	(void)state;
	static const struct {
		enum step_id step;
		enum round_state state;
		enum err_code code;
	} rows[] = {
		{ STEP_FREEZE, STATE_DRAFT, ERR_NONE },
		{ STEP_FREEZE, STATE_FROZEN, ERR_ALREADY },
		{ STEP_FREEZE, STATE_CLOSED, ERR_ALREADY },
		{ STEP_FREEZE, STATE_VOID, ERR_BAD_STATE },
		{ STEP_LOCK, STATE_DRAFT, ERR_BAD_STATE },
		{ STEP_LOCK, STATE_LOCKED, ERR_ALREADY },
		{ STEP_BEACON, STATE_DRAWN, ERR_BAD_STATE },
		{ STEP_DRAW, STATE_FROZEN, ERR_BAD_STATE },
		{ STEP_DRAW, STATE_VISITING, ERR_ALREADY },
		{ STEP_REVEAL, STATE_CLOSED, ERR_ALREADY },
		{ STEP_VOID, STATE_VOID, ERR_ALREADY },
		{ STEP_VOID, STATE_REVEALED, ERR_BAD_STATE },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		bool ok = step_check(rows[i].step, rows[i].state, &e);
		assert_int_equal(ok, rows[i].code == ERR_NONE);
		assert_int_equal(e.code, rows[i].code);
		if (!ok)
			assert_non_null(strstr(e.what, state_form(rows[i].state)->name));
	}
}

/* Every artefact is left by one step, its record holds the hash under the artefact's name, and a
 * part of that step computes it from artefacts that are there by then. */
static void test_artefacts(void **state)
{
	(void)state;
	unsigned known = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		const struct step_form *f = step_form((enum step_id)i);
		assert_int_equal(f->in & ~known, 0);
		assert_int_equal(f->out & known, 0);
		for (unsigned t = 0; t < TABLES; t++)
			if (f->out & TABLE_BIT(t)) {
				const struct table_form *table = table_form((enum table_id)t);
				assert_true(record_has((enum record_kind)f->record, table->name));
				assert_int_equal(table->after_draw, i == STEP_DRAW);
			}
		known |= f->out;
	}
	assert_int_equal(known, TABLE_BIT(TABLES) - 1);
	size_t parts = 0;
	unsigned left = 0;
	for (const struct step_part *p; (p = step_part_at(parts)) != NULL; parts++) {
		const struct step_form *f = step_form(p->step);
		assert_int_equal(p->in & ~(f->in | left), 0);
		assert_int_equal(p->out & ~f->out, 0);
		left |= p->out;
		assert_int_equal(p->check[0], 'V');
	}
	assert_true(parts > 0);
}

static size_t count(const struct buf *b, const char *word)
{
	size_t n = 0;
	for (const char *p = b->p; (p = strstr(p, word)) != NULL; p++)
		n++;
	return n;
}

static void test_documents(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct buf graph = buf_new(a, 0), text = buf_new(a, 0);
	size_t edges = 0, parts = 0;
	step_graphviz(&graph);
	buf_byte(&graph, '\0');
	step_markdown(&text);
	buf_byte(&text, '\0');
	for (unsigned i = 0; i < STEPS; i++)
		edges += (size_t)__builtin_popcount(step_form((enum step_id)i)->from);
	while (step_part_at(parts) != NULL)
		parts++;
	assert_int_equal(count(&graph, " -> "), edges);
	assert_non_null(strstr(graph.p, "locked -> drawn [label=\"抽取 draw\"];"));
	assert_int_equal(count(&text, "\n"), STEPS + parts + 5);
	assert_non_null(strstr(text.p, "| 锁定 lock | frozen | locked | lock | once |"));
	struct bytes page = vectors_file("sampler/README.md", a);
	if (memmem(page.p, page.n, text.p, text.n - 1) == NULL)
		fail_msg("sampler/README.md does not hold the step table:\n%s", text.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_the_way),
		cmocka_unit_test(test_no_way_back),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_artefacts),
		cmocka_unit_test(test_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
