/* Texts by key: found in any order of asking, nothing found that was not put, order kept. */
#include "tests/unit/test.h"

#include <string.h>

#include "daemon/keyed.h"

enum { MANY = 3000 };

/* The i-th key: of several lengths, ascending. */
static struct bytes key_of(struct arena *a, unsigned i)
{
	return bytes_of(arena_printf(a, "K%05u%s", i / 2 * 2, i % 2 != 0 ? "/01" : ""));
}

static void fill(struct keyed *k, struct arena *a)
{
	struct err e = { 0 };
	for (unsigned i = 0; i < MANY; i++)
		if (i % 3 != 1)
			assert_true(keyed_put(
				k, key_of(a, i), bytes_of(arena_printf(a, "text %u", i)), &e));
}

static void look(struct keyed *k, struct arena *a, unsigned i)
{
	struct bytes text = BYTES("");
	bool there = keyed_get(k, key_of(a, i), &text);
	assert_int_equal(there, i % 3 != 1);
	if (there)
		assert_true(bytes_is(text, arena_printf(a, "text %u", i)));
}

static void test_asked(void **state)
{
	ARENA_AUTO a = arena_new();
	struct keyed k = { .arena = a };
	struct bytes text;
	(void)state;
	assert_false(keyed_get(&k, BYTES("A"), &text));
	fill(&k, a);
	for (unsigned i = 0; i < MANY; i++)
		look(&k, a, i);
	for (unsigned i = 0; i < MANY; i++)
		look(&k, a, i * 977 % MANY);
	for (unsigned i = MANY; i-- > 0;)
		look(&k, a, i);
	assert_false(keyed_get(&k, BYTES("Z"), &text));
	assert_false(keyed_get(&k, BYTES("A"), &text));
	assert_false(keyed_get(&k, BYTES("K00000/"), &text));
	look(&k, a, 0);
}

static void test_refused(void **state)
{
	static const char *const keys[] = { "", "K0000", "K00100", "K02998" };
	ARENA_AUTO a = arena_new();
	struct keyed k = { .arena = a };
	(void)state;
	fill(&k, a);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct err e = { 0 };
		assert_false(keyed_put(&k, bytes_of(keys[i]), BYTES("x"), &e));
		assert_int_equal(e.code, ERR_QUERY);
	}
	struct err e = { 0 };
	char *longest = arena_calloc(a, 257, 1);
	memset(longest, 'L', 256);
	assert_false(keyed_put(&k, (struct bytes){ longest, 256 }, BYTES("x"), &e));
	assert_true(keyed_put(&k, (struct bytes){ longest, 255 }, BYTES(""), &e));
	struct bytes text = BYTES("x");
	assert_true(keyed_get(&k, (struct bytes){ longest, 255 }, &text));
	assert_int_equal(text.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
