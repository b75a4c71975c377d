#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "daemon/keys.h"
#include "daemon/notary.h"

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/drawd-keys.XXXXXX");
	return mkdtemp(folder) == NULL || sodium_init() < 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "a", "b", "key", "box", "mark", "wide" };
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]));
	return rmdir(folder);
}

static void test_write_replaces_whole(void **state)
{
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct bytes got;
	struct stat st;
	(void)state;
	assert_true(keys_write(path_of("a"), BYTES("first, and longer"), 0600, &e));
	assert_true(keys_write(path_of("a"), BYTES("second"), 0640, &e));
	assert_true(keys_read(path_of("a"), 100, a, &got, &e));
	assert_true(bytes_is(got, "second"));
	assert_int_equal(stat(path_of("a"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_false(keys_read(path_of("a"), 5, a, &got, &e));
	assert_int_equal(e.code, ERR_FILE);
}

static void test_write_new_leaves_what_is_there(void **state)
{
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct bytes got;
	bool made;
	(void)state;
	assert_true(keys_write_new(path_of("b"), BYTES("one"), 0600, &made, &e));
	assert_true(made);
	assert_true(keys_write_new(path_of("b"), BYTES("two"), 0600, &made, &e));
	assert_false(made);
	assert_true(keys_read(path_of("b"), 100, a, &got, &e));
	assert_true(bytes_is(got, "one"));
	assert_false(keys_write_new(path_of("none/b"), BYTES("x"), 0600, &made, &e));
	assert_int_equal(e.code, ERR_FILE);
}

static void test_signer_is_made_once_and_kept_private(void **state)
{
	struct err e = { 0 };
	struct vkey first, second;
	struct note_signer s;
	(void)state;
	assert_true(keys_make_signer(path_of("key"), "a.test", NOTE_ED25519, &first, &e));
	assert_true(keys_make_signer(path_of("key"), "a.test", NOTE_ED25519, &second, &e));
	assert_true(vkey_equal(&first, &second));
	assert_true(keys_signer(path_of("key"), &s, &e));
	assert_true(vkey_equal(&first, &s.vkey));
	assert_int_equal(chmod(path_of("key"), 0644), 0);
	assert_false(keys_signer(path_of("key"), &s, &e));
	assert_int_equal(e.code, ERR_KEY_FILE);
}

static void test_box_opens_only_its_own(void **state)
{
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct box_key k, other;
	struct bytes out;
	(void)state;
	assert_true(keys_make_box(path_of("box"), &e));
	assert_true(keys_box(path_of("box"), &k, &e));
	keys_box_fresh(&other);
	struct bytes sealed = keys_seal(a, k.open, BYTES("32 bytes or any other number"));
	struct bytes again = keys_seal(a, k.open, BYTES("32 bytes or any other number"));
	assert_false(bytes_equal(sealed, again));
	assert_true(keys_unseal(a, &k, sealed, &out, &e));
	assert_true(bytes_is(out, "32 bytes or any other number"));
	assert_false(keys_unseal(a, &other, sealed, &out, &e));
	assert_int_equal(e.code, ERR_SEALED);
	e = (struct err){ 0 };
	assert_false(keys_unseal(a, &k, BYTES("short"), &out, &e));
	assert_int_equal(e.code, ERR_SEALED);
}

static void test_high_water(void **state)
{
	struct err e = { 0 };
	struct high_water h = { .size = 7 }, back;
	(void)state;
	memset(h.root.b, 0xab, 32);
	assert_true(high_water_read(path_of("mark"), &back, &e));
	assert_int_equal(back.size, 0);
	assert_true(high_water_write(path_of("mark"), &h, &e));
	assert_true(high_water_read(path_of("mark"), &back, &e));
	assert_int_equal(back.size, 7);
	assert_memory_equal(back.root.b, h.root.b, 32);
	assert_true(keys_write(path_of("mark"), BYTES("7 abc\n"), 0600, &e));
	assert_false(high_water_read(path_of("mark"), &back, &e));
	assert_int_equal(e.code, ERR_FILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_replaces_whole),
		cmocka_unit_test(test_write_new_leaves_what_is_there),
		cmocka_unit_test(test_signer_is_made_once_and_kept_private),
		cmocka_unit_test(test_box_opens_only_its_own),
		cmocka_unit_test(test_high_water),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
