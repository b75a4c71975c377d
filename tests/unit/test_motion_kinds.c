/* The states in which a motion on a step is lawful stand in SQL; they are those of the step table.
 */
#include "tests/unit/test.h"

#include <string.h>

#include "daemon/sqltext.h"
#include "sampler/step.h"

enum { KIND, FIRST, SECOND, AFTER, STATES_OF, STEP, TEXTS = 8 };

static const char *kinds_sql(void)
{
	for (const struct migration *m = migrations; m->number != 0; m++)
		if (strcmp(m->name, "motion") == 0)
			return strstr(m->text,
				"INSERT INTO drawd.motion_kind (kind, first, second, "
				"seconds, after, states, step, zh, en)");
	return NULL;
}

/* The quoted texts of a row that begins at *at; false behind the last. */
static bool next_row(const char **at, const char *end, struct bytes text[TEXTS])
{
	const char *p = strstr(*at, "\n\t('");
	if (p == NULL || p > end)
		return false;
	for (size_t i = 0; i < TEXTS; i++) {
		const char *from = strchr(p, '\''), *to = strchr(from + 1, '\'');
		text[i] = (struct bytes){ from + 1, (size_t)(to - from - 1) };
		p = to + 1;
	}
	*at = p;
	return true;
}

static unsigned states_of(struct bytes list)
{
	unsigned bits = 0;
	bool more = list.n > 2;
	list = (struct bytes){ list.p + 1, list.n - 2 };
	while (more) {
		enum round_state s;
		assert_true(state_of(bytes_cut(&list, ',', &more), &s));
		bits |= STATE_BIT(s);
	}
	return bits;
}

static void test_states(void **state)
{
	(void)state;
	const char *at = kinds_sql();
	assert_non_null(at);
	const char *end = strchr(at, ';');
	struct bytes text[TEXTS];
	unsigned moved = 0;
	while (next_row(&at, end, text)) {
		enum step_id step;
		if (text[STEP].n == 0)
			continue;
		assert_true(step_of(text[STEP], &step));
		assert_int_equal(states_of(text[STATES_OF]), step_form(step)->from);
		assert_int_equal(moved & (1u << step), 0);
		moved |= 1u << step;
	}
	assert_int_equal(moved, 1u << STEP_FREEZE | 1u << STEP_LOCK | 1u << STEP_BEACON |
					1u << STEP_REVEAL | 1u << STEP_VOID);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_states) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
