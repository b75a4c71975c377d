#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "daemon/secret.h"

#define SECRET "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE" /* 43 */

static void made(void **state)
{
	char one[SECRET_SIZE], other[SECRET_SIZE];
	(void)state;
	secret_make(one);
	secret_make(other);
	assert_int_equal(strlen(one), SECRET_LENGTH);
	assert_true(secret_form(bytes_of(one)));
	assert_string_not_equal(one, other);
}

/* All 256 bits of it are random: each place of the text is seen with many letters, the last, which
 * holds four bits, with 16. */
static void every_bit_is_random(void **state)
{
	bool seen[SECRET_LENGTH][128] = { 0 };
	(void)state;
	for (int n = 0; n < 2000; n++) {
		char one[SECRET_SIZE];
		secret_make(one);
		for (size_t i = 0; i < SECRET_LENGTH; i++)
			seen[i][(unsigned char)one[i]] = true;
	}
	for (size_t i = 0; i < SECRET_LENGTH; i++) {
		int letters = 0;
		for (size_t c = 0; c < 128; c++)
			letters += seen[i][c];
		if (i < SECRET_LENGTH - 1)
			assert_in_range(letters, 60, 64);
		else
			assert_int_equal(letters, 16);
	}
}

static void shorter_texts(void **state)
{
	static const size_t sizes[] = { 3, 4, 5, 7, 33, 44 };
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char text[SECRET_SIZE + 1];
		memset(text, '!', sizeof text);
		secret_text(text, sizes[i]);
		assert_int_equal(strlen(text), sizes[i] - 1);
		assert_int_equal(text[sizes[i]], '!');
	}
}

static void forms(void **state)
{
	(void)state;
	assert_true(secret_form(BYTES(SECRET)));
	assert_false(secret_form(BYTES(SECRET "A")));
	assert_false(secret_form(BYTES("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd")));
	assert_false(secret_form(BYTES("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd=")));
	assert_false(secret_form(BYTES("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbC\0E")));
	assert_false(secret_form(BYTES("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE")));
	assert_false(secret_form(BYTES("")));
}

/* SHA-256 of "abc", FIPS 180-4. */
static void hashes(void **state)
{
	static const char wanted[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	uint8_t hash[SECRET_HASH];
	char hex[SECRET_HEX], again[SECRET_HEX];
	(void)state;
	assert_string_equal(secret_hex(hex, BYTES("abc")), wanted);
	secret_hash(hash, BYTES("abc"));
	sodium_bin2hex(again, sizeof again, hash, sizeof hash);
	assert_string_equal(again, wanted);
}

static void wiped(void **state)
{
	static const char nothing[sizeof SECRET];
	char text[] = SECRET;
	(void)state;
	secret_wipe(bytes_of(text));
	assert_memory_equal(text, nothing, sizeof text);
	secret_wipe((struct bytes){ NULL, 0 });
	secret_wipe(BYTES(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made),
		cmocka_unit_test(every_bit_is_random),
		cmocka_unit_test(shorter_texts),
		cmocka_unit_test(forms),
		cmocka_unit_test(hashes),
		cmocka_unit_test(wiped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
