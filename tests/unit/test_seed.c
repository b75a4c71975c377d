/* Seed text, derived keys, commitment, blinds, beacons: PROTOCOL.md §3, §5, §6.4, §7. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/beacon.h"
#include "sampler/seed.h"
#include "sampler/sha256.h"
#include "tests/unit/vectors.h"

static const char *const key_names[SEED_KEYS] = { "entity", "object", "slot", "candidate", "salt",
	"blind" };

static void check_key(const struct vector *v, const struct seed_keys *k)
{
	for (size_t i = 0; i < SEED_KEYS; i++)
		if (bytes_is(v->field[1], key_names[i])) {
			assert_true(bytes_equal(seed_key(k, (enum seed_key)i), v->field[2]));
			return;
		}
	fail_msg("keys.txt line %zu: unknown key", v->line);
}

static void check_reveal(const struct vector *v, const struct seed_keys *k, struct bytes text)
{
	uint8_t wanted[32], blinding[32], content[32];
	seed_reveal_blinding(k, blinding);
	vectors_hash(v->field[1], wanted);
	assert_memory_equal(blinding, wanted, 32);
	seed_content(BYTES("reveal"), blinding, text, content);
	vectors_hash(v->field[2], wanted);
	assert_memory_equal(content, wanted, 32);
}

static void test_key_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("keys.txt", a);
	struct vector v;
	struct bytes text = { NULL, 0 };
	struct seed_keys k;
	size_t reveals = 0;
	while (vectors_next(&file, &v)) {
		uint8_t h[32], wanted[32];
		if (bytes_is(v.field[0], "text")) {
			text = vectors_hex(v.field[1], a);
			seed_derive(text, &k);
		} else if (bytes_is(v.field[0], "key")) {
			check_key(&v, &k);
		} else if (bytes_is(v.field[0], "blind")) {
			const char *name = arena_strndup(a, v.field[1].p, v.field[1].n);
			seed_blind(&k, name, h);
			vectors_hash(v.field[2], wanted);
			assert_memory_equal(h, wanted, 32);
		} else if (bytes_is(v.field[0], "reveal")) {
			check_reveal(&v, &k, text);
			reveals++;
		}
	}
	assert_true(reveals > 0);
}

static void test_commit_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("commit.txt", a);
	struct vector v;
	size_t n = 0;
	for (; vectors_next(&file, &v); n++) {
		uint8_t freeze[32], secret[32], wanted[32], h[32];
		vectors_hash(v.field[1], freeze);
		vectors_hash(v.field[2], secret);
		vectors_hash(v.field[3], wanted);
		seed_commitment(freeze, secret, h);
		assert_memory_equal(h, wanted, 32);
	}
	assert_true(n > 0);
}

static void test_content_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("content.txt", a);
	struct vector v;
	size_t n = 0;
	for (; vectors_next(&file, &v); n++) {
		uint8_t blinding[32], wanted[32], h[32];
		vectors_hash(v.field[2], blinding);
		vectors_hash(v.field[4], wanted);
		seed_content(v.field[1], blinding, vectors_hex(v.field[3], a), h);
		assert_memory_equal(h, wanted, 32);
	}
	assert_true(n > 0);
}

static void test_salt_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("leaves.txt", a);
	struct vector v;
	size_t salts = 0, blinds = 0;
	while (vectors_next(&file, &v)) {
		uint8_t h[32], wanted[32];
		char salt[33];
		if (bytes_is(v.field[0], "salt")) {
			seed_frame_salt(v.field[1].p, v.field[2], salt);
			assert_true(bytes_is(v.field[3], salt));
			salts++;
		} else if (bytes_is(v.field[0], "before")) {
			seed_frame_blind(
				v.field[1].p, arena_strndup(a, v.field[2].p, v.field[2].n), h);
			vectors_hash(v.field[3], wanted);
			assert_memory_equal(h, wanted, 32);
			blinds++;
		}
	}
	assert_true(salts > 0 && blinds > 0);
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SSQ   "01.05.12.20.28.33.07"
#define KL8   "01.02.03.04.05.06.07.08.09.10.11.12.13.14.15.16.17.18.19.80"

static void test_seed_text(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t pulses;
		enum err_code code;
	} rows[] = {
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice 1 1234561234\n", 1, ERR_NONE },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice 1 1234561234\nssq 2026001 " SSQ "\n",
			2, ERR_NONE },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\n", 0, ERR_NONE },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice 1 1234561234", 0, ERR_BAD_SEED },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice 1 1234561234\n\n", 0, ERR_BAD_SEED },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice  1 1234561234\n", 0, ERR_BAD_SEED },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ndice 1 1234561237\n", 0, ERR_BAD_BEACON },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64 "\ncoin 1 1234561234\n", 0, ERR_BAD_BEACON },
		{ "drawd/seed/v1\n" HEX64 "\n" HEX64, 0, ERR_BAD_SEED },
		{ "drawd/seed/v1\n" HEX64 "\n0" HEX64 "\n", 0, ERR_BAD_SEED },
		{ "drawd/seed/v1\nx" HEX64 "\n" HEX64 "\n", 0, ERR_BAD_SEED },
		{ "drawd/seed/v2\n" HEX64 "\n" HEX64 "\n", 0, ERR_BAD_SEED },
		{ "", 0, ERR_BAD_SEED },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct seed s;
		struct err e = { 0 };
		bool ok = seed_parse(&s, bytes_of(rows[i].text), a, &e);
		if (e.code != rows[i].code)
			fail_msg("row %zu: %s", i, e.what);
		assert_int_equal(ok, e.code == ERR_NONE);
		if (!ok)
			continue;
		struct buf again = buf_new(a, 0);
		seed_text(&s, &again);
		assert_true(bytes_is(buf_view(&again), rows[i].text));
		assert_int_equal(s.pulses, rows[i].pulses);
		assert_int_equal(s.lock[1], 0x23);
	}
}

static void test_beacons(void **state)
{
	(void)state;
	static const struct {
		const char *source, *pulse, *value;
		bool ok;
	} rows[] = {
		{ "drand", "5000000", HEX64, true },
		{ "drand", "05", HEX64, false },
		{ "drand", "5", HEX64 "0", false },
		{ "drand", "5", "X123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
			false },
		{ "nist", "1767225600", HEX64 HEX64, true },
		{ "nist", "1767225600", HEX64, false },
		{ "ssq", "2026001", SSQ, true },
		{ "ssq", "026001", SSQ, false },
		{ "ssq", "202600x", SSQ, false },
		{ "ssq", "2026001", "01.05.12.20.2x.33.07", false },
		{ "ssq", "2026001", "01.05.12.20.28.34.07", false },
		{ "ssq", "2026001", "01.05.12.20.28.33.17", false },
		{ "ssq", "2026001", "01.05.12.20.28.33.00", false },
		{ "ssq", "2026001", "01.05.05.20.28.33.07", false },
		{ "ssq", "2026001", "05.01.12.20.28.33.07", false },
		{ "ssq", "2026001", "01.05.12.20.28.33+07", false },
		{ "ssq", "2026001", "01.05.12.20.28.33", false },
		{ "kl8", "2026001", KL8, true },
		{ "kl8", "2026001", KL8 ".81", false },
		{ "kl8", "2026001", "", false },
		{ "dice", "7", "1234561234", true },
		{ "dice", "7", "123456123", false },
		{ "dice", "7", "12345612340", false },
		{ "dice", "7", HEX64, false },
		{ "lotto", "7", "1234561234", false },
		{ "", "7", "1234561234", false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		if (beacon_check(bytes_of(rows[i].source), bytes_of(rows[i].pulse),
			    bytes_of(rows[i].value), &e) != rows[i].ok)
			fail_msg("row %zu: %s", i, e.what);
		assert_int_equal(e.code, rows[i].ok ? ERR_NONE : ERR_BAD_BEACON);
	}
	size_t n = 0;
	for (; beacon_source_at(n) != NULL; n++)
		assert_ptr_equal(
			beacon_source(bytes_of(beacon_source_at(n)->source)), beacon_source_at(n));
	assert_int_equal(n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_vectors),
		cmocka_unit_test(test_commit_vectors),
		cmocka_unit_test(test_content_vectors),
		cmocka_unit_test(test_salt_vectors),
		cmocka_unit_test(test_seed_text),
		cmocka_unit_test(test_beacons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
