/* Explanations: sentences in both languages and JSON, made of what the plan says. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/explain.h"
#include "planner/why.h"
#include "tests/unit/planworld.h"

static const struct world_size sizes[] = {
	{ 150, 60, 6, 2, 130, 9999, 30, 120, 1 },
	{ 150, 40, 6, 2, 100, 9999, 20, 40, 2 },
	{ 120, 40, 4, 1, 120, 4, 50, 120, 3 },
	{ 40, 3, 2, 3, 130, 9999, 0, 10, 4 },
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void make(struct world *w, struct plan *plan, struct arena *a, size_t k)
{
	struct err e = { 0 };
	world_make(w, a, &sizes[k]);
	if (!plan_make(plan, a, &w->in, &e))
		fail_msg("%s: %s", e.where, e.what);
}

static bool holds(struct bytes text, struct bytes part)
{
	for (size_t i = 0; i + part.n <= text.n; i++)
		if (memcmp(text.p + i, part.p, part.n) == 0)
			return true;
	return false;
}

/* A sentence: ends as one, and every word that it should name stands in it. */
static void is_sentence(struct bytes text, enum err_lang lang)
{
	struct bytes end = lang == LANG_ZH ? BYTES("。") : BYTES(".");
	assert_false(holds(text, BYTES("{")) || holds(text, BYTES("}")));
	assert_true(text.n > end.n && memcmp(text.p + text.n - end.n, end.p, end.n) == 0);
	bool chinese = false;
	for (size_t i = 0; i < text.n; i++)
		chinese = chinese || (unsigned char)text.p[i] > 0x7f;
	assert_int_equal(chinese, lang == LANG_ZH);
}

static void ask_everybody(
	const struct plan *p, uint32_t s, uint32_t place, uint32_t *rules, uint32_t *whys)
{
	ARENA_AUTO a = arena_new();
	const struct why_slot *slot = why_slot_new(a, p, s, place);
	for (uint32_t i = 0; i < p->pool.n; i++) {
		struct why_answer w = why_person(slot, i);
		rules[w.rule]++;
		whys[w.why]++;
		for (enum err_lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
			struct buf b = buf_new(a, 256);
			explain_why(&b, slot, i, lang);
			is_sentence(buf_view(&b), lang);
			assert_true(holds(buf_view(&b), p->pool.at[i].id));
		}
	}
}

static void every_code_has_its_sentences(void **unused)
{
	(void)unused;
	uint32_t rules[ELIGIBLE_RULES + 1] = { 0 }, whys[WHY_COUNT] = { 0 };
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		make(&w, &p, a, k);
		for (uint32_t s = 0; s < p.assignments.n; s += 9)
			for (uint32_t place = 1; place <= p.assignments.at[s].places; place++)
				ask_everybody(&p, s, place, rules, whys);
	}
	for (int c = 0; c <= ELIGIBLE_RULES; c++)
		assert_true(rules[c] > 0);
	for (int c = 0; c < WHY_COUNT; c++)
		assert_true(whys[c] > 0);
}

/* Everybody of the department falls away somewhere, and nobody twice. */
static void an_open_slot_is_accounted_for(void **unused)
{
	(void)unused;
	uint32_t open = 0, full = 0;
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		make(&w, &p, a, k);
		for (uint32_t s = 0; s < p.assignments.n; s++)
			for (uint32_t place = 1; place <= p.assignments.at[s].places; place++) {
				ARENA_AUTO b = arena_new();
				const struct why_slot *slot = why_slot_new(b, &p, s, place);
				if (why_taker(slot) != SHP_OPEN)
					continue;
				struct why_nobody n = why_nobody(slot);
				uint32_t sum = n.same + n.full;
				for (int c = 0; c < ELIGIBLE_RULES; c++)
					sum += n.fails[c];
				assert_int_equal(sum, n.people);
				assert_int_equal(n.same + n.full, n.eligible);
				open++;
				full += n.full > 0;
				for (enum err_lang lang = LANG_ZH; lang <= LANG_EN; lang++) {
					struct buf text = buf_new(b, 256);
					explain_nobody(&text, slot, lang);
					is_sentence(buf_view(&text), lang);
				}
			}
	}
	assert_true(open > 100 && full > 10);
}

/* Brackets match outside of strings, and no comma stands where JSON has none. */
static void is_json(struct bytes text)
{
	char stack[16];
	unsigned depth = 0;
	bool inside = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : '\0';
		inside = c == '"' ? !inside : inside;
		if (inside)
			continue;
		if (c == '{' || c == '[') {
			assert_true(depth < sizeof stack);
			stack[depth++] = c == '{' ? '}' : ']';
		}
		if (c == '}' || c == ']')
			assert_true(depth > 0 && stack[--depth] == c);
		if (c == ',' || c == '{' || c == '[')
			assert_true(next != ',' && (c != ',' || (next != '}' && next != ']')));
	}
	assert_true(depth == 0 && !inside);
}

static void a_visit_as_json(void **unused)
{
	(void)unused;
	uint32_t nobody = 0, reserved = 0;
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		make(&w, &p, a, k);
		for (uint32_t i = 0; i < p.visits.n; i += 3) {
			struct buf b = buf_new(a, 4096), again = buf_new(a, 16);
			explain_visit(&b, &p, i);
			explain_visit(&again, &p, i);
			assert_true(bytes_equal(buf_view(&b), buf_view(&again)));
			is_json(buf_view(&b));
			assert_true(
				holds(buf_view(&b), w.in.draws.at[p.visits.at[i].object].object));
			nobody += holds(buf_view(&b), BYTES("\"nobody\":{\"people\":"));
			reserved += holds(buf_view(&b), BYTES("\"why\":\"reserved\""));
		}
	}
	assert_true(nobody > 10 && reserved > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_sentences),
		cmocka_unit_test(an_open_slot_is_accounted_for),
		cmocka_unit_test(a_visit_as_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
