/* Personal facts at rest (daemon/register/sealing.h), against sealing.txt of a second program. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/keys.h"
#include "daemon/register/sealing.h"
#include "tests/unit/vectors.h"

static struct sealing_place place_of(struct arena *a, const struct vector *v)
{
	return (struct sealing_place){ arena_strndup(a, v->field[1].p, v->field[1].n),
		arena_strndup(a, v->field[2].p, v->field[2].n), v->field[3] };
}

static void test_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("sealing.txt", a);
	struct vector v;
	struct sealing s = { 0 };
	size_t n = 0;
	while (vectors_next(&file, &v)) {
		if (bytes_is(v.field[0], "key")) {
			uint8_t key[32];
			vectors_hash(v.field[1], key);
			sealing_of(&s, key);
			continue;
		}
		struct sealing_place place = place_of(a, &v);
		struct bytes text = vectors_hex(v.field[4], a), open, again;
		struct bytes sealed = sealing_seal(&s, a, &place, text);
		struct err e = { 0 };
		assert_true(bytes_equal(sealed, vectors_hex(v.field[5], a)));
		assert_true(sealing_open(&s, a, &place, sealed, &open, &e));
		assert_true(bytes_equal(open, text));
		again = sealing_seal(&s, a, &place, text);
		assert_true(bytes_equal(again, sealed));
		n++;
	}
	assert_true(n >= 10);
}

static const uint8_t key[32] = { 1, 2, 3 };
static const struct sealing_place place = { "entities", "phone", { "91350200MA2YJ1XR9G", 18 } };

static bool opens(const struct sealing_place *at, struct bytes sealed)
{
	ARENA_AUTO a = arena_new();
	struct sealing s;
	struct bytes text;
	struct err e = { 0 };
	sealing_of(&s, key);
	bool ok = sealing_open(&s, a, at, sealed, &text, &e);
	assert_int_equal(e.code, ok ? ERR_NONE : ERR_SEALED);
	return ok;
}

/* The same number at another place looks otherwise, and opens only where it was put. */
static void test_bound(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sealing s;
	sealing_of(&s, key);
	struct bytes sealed = sealing_seal(&s, a, &place, BYTES("13812345678"));
	struct sealing_place other[3] = { place, place, place };
	other[0].table = "inspectors";
	other[1].fact = "id_no";
	other[2].key = BYTES("91350200MA2YJ1XR9G/02");
	assert_true(opens(&place, sealed));
	for (size_t i = 0; i < 3; i++) {
		assert_false(opens(&other[i], sealed));
		struct bytes there = sealing_seal(&s, a, &other[i], BYTES("13812345678"));
		assert_false(bytes_equal(there, sealed));
	}
}

static void test_changed(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sealing s;
	sealing_of(&s, key);
	struct bytes sealed = sealing_seal(&s, a, &place, BYTES("13812345678"));
	char *copy = arena_strndup(a, sealed.p, sealed.n);
	for (size_t i = 12; i < sealed.n; i++) {
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		assert_false(opens(&place, (struct bytes){ copy, sealed.n }));
		copy[i] = sealed.p[i];
	}
	for (size_t n = 1; n < sealed.n; n++)
		assert_false(opens(&place, (struct bytes){ copy, n }));
	assert_false(opens(&place, BYTES("no blank in it")));
	assert_true(opens(&place, BYTES("")));
	struct sealing another;
	uint8_t other_key[32] = { 9 };
	struct bytes text;
	struct err e = { 0 };
	sealing_of(&another, other_key);
	assert_false(sealing_open(&another, a, &place, sealed, &text, &e));
}

static void test_masks(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	static const struct {
		const char *fact, *text, *mask;
	} rows[] = {
		{ "phone", "13812345678", "138****5678" },
		{ "phone", "0571-88881234", "057*-****1234" },
		{ "phone", "123456789", "1********" },
		{ "id_no", "11010519491231002X", "110***********002X" },
		{ "born", "1949-12-31", "1949-**-**" },
		{ "liaison", "张三丰", "张**" },
		{ "liaison", "张", "*" },
		{ "liaison", "John Smith", "J*********" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes mask = sealing_mask(a, rows[i].fact, bytes_of(rows[i].text));
		assert_string_equal(arena_strndup(a, mask.p, mask.n), rows[i].mask);
	}
}

static void test_file(void **state)
{
	(void)state;
	char folder[] = "/tmp/drawd-sealing.XXXXXX", path[64];
	struct sealing s, again;
	struct err e = { 0 };
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/personal.key", folder);
	assert_false(sealing_load(&s, path, &e));
	e = (struct err){ 0 };
	assert_true(keys_make_box(path, &e));
	assert_true(sealing_load(&s, path, &e));
	assert_true(keys_make_box(path, &e)); /* a key that is there stays */
	assert_true(sealing_load(&again, path, &e));
	assert_memory_equal(&s, &again, sizeof s);
	assert_int_equal(chmod(path, 0640), 0);
	assert_false(sealing_load(&s, path, &e));
	assert_int_equal(e.code, ERR_KEY_FILE);
	sealing_wipe(&again);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
