#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "sampler/cpu.h"
#include "sampler/sha256.h"

static void expect_hex(const void *p, size_t n, const char *hex)
{
	uint8_t out[32];
	char text[65];
	sha256(p, n, out);
	sha256_hex(out, text);
	assert_string_equal(text, hex);
}

/* FIPS 180-4 examples and the empty message */
static void test_published(void **state)
{
	static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char *million = malloc(1000000);
	(void)state;
	assert_non_null(million);
	memset(million, 'a', 1000000);
	expect_hex(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_hex("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_hex(two, sizeof two - 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_hex(million, 1000000,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

/* Every length up to a few blocks, in one piece and in pieces of every size, as libsodium. */
static void test_against_libsodium(void **state)
{
	uint8_t data[300], ours[32], theirs[32];
	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 167 + 13);
	for (size_t n = 0; n <= sizeof data; n++) {
		crypto_hash_sha256(theirs, data, n);
		sha256(data, n, ours);
		assert_memory_equal(ours, theirs, 32);
		for (size_t piece = 1; piece < 140; piece += 9) {
			struct sha256 s;
			sha256_init(&s);
			for (size_t at = 0; at < n; at += piece)
				sha256_update(&s, data + at, n - at < piece ? n - at : piece);
			sha256_final(&s, ours);
			assert_memory_equal(ours, theirs, 32);
		}
	}
}

static void test_implementations_agree(void **state)
{
	uint8_t data[64 * 9];
	(void)state;
	if (!cpu_has_sha()) {
		print_message("skipped: no SHA extensions here\n");
		skip();
	}
#if defined(__x86_64__)
	for (unsigned seed = 0; seed < 50; seed++) {
		uint32_t a[8], b[8];
		unsigned char key[32] = { (unsigned char)seed };
		randombytes_buf_deterministic(data, sizeof data, key);
		memcpy(a, data, sizeof a);
		memcpy(b, data, sizeof b);
		sha256_blocks_portable(a, data, seed % 10);
		sha256_blocks_ni(b, data, seed % 10);
		assert_memory_equal(a, b, sizeof a);
	}
#endif
}

static void test_parts_and_copies(void **state)
{
	uint8_t joined[32], parts[32], copied[32];
	struct sha256 s, copy;
	(void)state;
	sha256("drawd/x", 7, joined);
	sha256_parts(
		(struct bytes[]){ BYTES("dra"), { NULL, 0 }, BYTES("wd/"), BYTES("x") }, 4, parts);
	assert_memory_equal(joined, parts, 32);
	sha256_init(&s);
	sha256_update_bytes(&s, BYTES("drawd/"));
	copy = s;
	sha256_update(&s, "y", 1);
	sha256_final(&s, parts);
	sha256_update(&copy, "x", 1);
	sha256_final(&copy, copied);
	assert_memory_equal(joined, copied, 32);
	assert_memory_not_equal(joined, parts, 32);
}

/* Many at once: messages of every length behind beginnings of every length, one by one. */
static void test_batches(void **state)
{
	enum { MOST = 200 };
	uint8_t data[MOST];
	struct bytes rest[MOST + 1];
	struct hash plain[MOST + 1], batch[MOST + 1];
	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 71 + 5);
	for (size_t i = 0; i <= MOST; i++) /* lengths in no order */
		rest[i] = (struct bytes){ (const char *)data, i * 83 % (MOST + 1) };
	for (size_t taken = 0; taken <= 130; taken++) {
		struct sha256 begin;
		size_t n = taken % 3 == 0 ? MOST + 1 : taken % 37;
		sha256_init(&begin);
		sha256_update(&begin, data, taken);
		for (size_t i = 0; i < n; i++) {
			struct bytes parts[] = { { (const char *)data, taken }, rest[i] };
			sha256_parts(parts, 2, plain[i].b);
		}
		memset(batch, 0, sizeof batch);
		sha256_batch(&begin, rest, n, batch);
		assert_memory_equal(batch, plain, n * sizeof *plain);
		memset(batch, 0, sizeof batch);
		sha256_batch_plain(&begin, rest, n, batch);
		assert_memory_equal(batch, plain, n * sizeof *plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_against_libsodium),
		cmocka_unit_test(test_implementations_agree),
		cmocka_unit_test(test_parts_and_copies),
		cmocka_unit_test(test_batches),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
