#include "tests/unit/test.h"

#include <string.h>

#include "daemon/auth_queue.h"

/* Items are texts: who stands in line. */
static char names[][3] = { "a1", "a2", "a3", "a4", "a5", "b1", "b2", "c1", "d1", "k1", "k2" };

static void *item(const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return names[i];
	fail_msg("no item %s", name);
	return NULL;
}

/* The first letter is the source; k is a known device. Gives the one that was dropped, "-" for
 * none, or "no". */
static const char *put(struct auth_queue *q, const char *name)
{
	char source[2] = { name[0], '\0' };
	void *dropped = NULL;
	if (!queue_put(q, source, name[0] == 'k', item(name), &dropped))
		return "no";
	return dropped == NULL ? "-" : dropped;
}

static void in_order(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 32);
	(void)state;
	assert_null(queue_take(q));
	assert_string_equal(put(q, "a1"), "-");
	assert_string_equal(put(q, "a2"), "-");
	assert_int_equal(queue_length(q), 2);
	assert_string_equal(queue_take(q), "a1");
	assert_string_equal(queue_take(q), "a2");
	assert_null(queue_take(q));
}

static void four_of_a_source(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 32);
	(void)state;
	put(q, "a1");
	put(q, "a2");
	put(q, "a3");
	assert_string_equal(put(q, "a4"), "-");
	assert_string_equal(put(q, "a5"), "no");
	assert_string_equal(put(q, "b1"), "-");
	assert_string_equal(queue_take(q), "a1");
	assert_string_equal(put(q, "a5"), "-");
}

static void sources_take_turns(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 32);
	static const char *const wanted[] = { "a1", "b1", "c1", "a2", "b2", "a3", "a4" };
	(void)state;
	put(q, "a1");
	put(q, "a2");
	put(q, "a3");
	put(q, "a4");
	put(q, "b1");
	put(q, "b2");
	put(q, "c1");
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		assert_string_equal(queue_take(q), wanted[i]);
}

/* Whoever comes later is not before those who wait, nor behind all that one source holds. */
static void newcomers(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 32);
	(void)state;
	put(q, "a1");
	put(q, "a2");
	put(q, "a3");
	put(q, "b1");
	assert_string_equal(queue_take(q), "a1");
	put(q, "c1");
	assert_string_equal(queue_take(q), "b1");
	assert_string_equal(queue_take(q), "a2");
	assert_string_equal(queue_take(q), "c1");
	assert_string_equal(queue_take(q), "a3");
}

static void the_biggest_gives_way(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 6); /* one of them for known devices */
	(void)state;
	put(q, "a1");
	put(q, "a2");
	put(q, "a3");
	put(q, "a4");
	put(q, "b1");
	assert_string_equal(put(q, "c1"), "a4");
	assert_string_equal(put(q, "b2"), "a3"); /* two of b, two of a */
	assert_string_equal(put(q, "c1"), "no"); /* would be two of c against two */
	assert_string_equal(put(q, "d1"), "b2"); /* the last that came of the biggest */
	assert_int_equal(queue_length(q), 5);
	assert_string_equal(queue_take(q), "a1");
}

static void known_devices_have_their_own(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 4);
	(void)state;
	put(q, "a1");
	put(q, "b1");
	put(q, "c1");
	assert_string_equal(put(q, "d1"), "no");
	assert_string_equal(put(q, "k1"), "-");
	assert_string_equal(put(q, "k2"), "no");
	/* by turns */
	assert_string_equal(queue_take(q), "k1");
	put(q, "k2");
	assert_string_equal(queue_take(q), "a1");
	assert_string_equal(queue_take(q), "k2");
	assert_string_equal(queue_take(q), "b1");
}

static void leaving(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 32);
	(void)state;
	put(q, "a1");
	put(q, "a2");
	put(q, "k1");
	queue_leave(q, item("a1"));
	queue_leave(q, item("k1"));
	queue_leave(q, item("k1"));
	assert_int_equal(queue_length(q), 1);
	assert_string_equal(queue_take(q), "a2");
}

static void smallest(void **state)
{
	ARENA_AUTO a = arena_new();
	struct auth_queue *q = queue_new(a, 1);
	(void)state;
	assert_string_equal(put(q, "k1"), "-");
	assert_string_equal(put(q, "a1"), "-");
	assert_string_equal(put(q, "b1"), "no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(four_of_a_source),
		cmocka_unit_test(sources_take_turns),
		cmocka_unit_test(newcomers),
		cmocka_unit_test(the_biggest_gives_way),
		cmocka_unit_test(known_devices_have_their_own),
		cmocka_unit_test(leaving),
		cmocka_unit_test(smallest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
