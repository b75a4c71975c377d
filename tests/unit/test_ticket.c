#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "sampler/cpu.h"
#include "sampler/ticket.h"
#include "tests/unit/vectors.h"

static const char K[] = "00112233445566778899aabbccddeefffedcba98765432100123456789abcdef";

typedef void batch_fn(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u);

/* Every implementation this processor can run. */
static size_t ways(batch_fn *out[4])
{
	size_t n = 0;
	out[n++] = ticket_batch;
	out[n++] = ticket_batch_portable;
#if defined(__x86_64__)
	if (cpu_has_sha())
		out[n++] = ticket_batch_ni;
	if (cpu_has_avx512())
		out[n++] = ticket_batch_wide;
#endif
	return n;
}

static void by_libsodium(const char key[64], struct bytes object, uint8_t out[32])
{
	crypto_hash_sha256_state s;
	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const uint8_t *)key, 64);
	crypto_hash_sha256_update(&s, (const uint8_t *)object.p, object.n);
	crypto_hash_sha256_final(&s, out);
}

/* The object in an allocation of exactly its length, so that a read past it is found. */
static struct bytes exact(size_t n, unsigned seed)
{
	char *p = malloc(n);
	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 91 + n * 7 + seed * 131 + 1);
	return (struct bytes){ p, n };
}

static void release(const struct bytes *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *p;
		memcpy(&p, &b[i].p, sizeof p);
		free(p);
	}
}

static void test_every_length(void **state)
{
	struct ticket_key k;
	batch_fn *way[4];
	size_t count = ways(way);
	(void)state;
	ticket_key_init(&k, K);
	for (size_t n = 1; n <= TICKET_OBJECT_MAX; n++)
		for (unsigned seed = 0; seed < 4; seed++) {
			struct bytes object = exact(n, seed);
			uint8_t ours[32], theirs[32];
			by_libsodium(K, object, theirs);
			ticket_one(&k, object, ours);
			assert_memory_equal(ours, theirs, 32);
			for (size_t i = 0; i < count; i++) {
				uint64_t u = 0;
				way[i](&k, &object, 1, &u);
				assert_int_equal(u, ticket_number(theirs));
			}
			release(&object, 1);
		}
}

/* Batches of every size around the number of lanes, lengths mixed; nothing written behind u[n]. */
static void test_every_batch_size(void **state)
{
	struct bytes objects[70];
	struct ticket_key k;
	batch_fn *way[4];
	size_t count = ways(way);
	(void)state;
	ticket_key_init(&k, K);
	for (size_t i = 0; i < 70; i++)
		objects[i] = exact(1 + (i * 37 + 17) % TICKET_OBJECT_MAX, (unsigned)i);
	for (size_t n = 0; n <= 70; n++)
		for (size_t w = 0; w < count; w++) {
			uint64_t u[71];
			memset(u, 0xee, sizeof u);
			way[w](&k, objects, n, u);
			for (size_t i = 0; i < n; i++) {
				uint8_t theirs[32];
				by_libsodium(K, objects[i], theirs);
				assert_int_equal(u[i], ticket_number(theirs));
			}
			assert_int_equal(u[n], 0xeeeeeeeeeeeeeeee);
		}
	release(objects, 70);
}

static void test_random(void **state)
{
	struct bytes objects[33];
	batch_fn *way[4];
	size_t count = ways(way);
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		char key[64];
		struct ticket_key k;
		randombytes_buf(key, sizeof key);
		ticket_key_init(&k, key);
		for (size_t i = 0; i < 33; i++)
			objects[i] = exact(1 + randombytes_uniform(55), randombytes_random());
		for (size_t w = 0; w < count; w++) {
			uint64_t u[33];
			way[w](&k, objects, 33, u);
			for (size_t i = 0; i < 33; i++) {
				uint8_t theirs[32];
				by_libsodium(key, objects[i], theirs);
				assert_int_equal(u[i], ticket_number(theirs));
			}
		}
		release(objects, 33);
	}
}

static void test_golden(void **state)
{
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("tickets.txt", a);
	struct vector v;
	size_t lines = 0;
	(void)state;
	for (; vectors_next(&file, &v); lines++) {
		struct ticket_key k;
		uint8_t is[32], expect[32];
		uint64_t u;
		assert_true(v.n == 5 && bytes_is(v.field[0], "ticket") && v.field[1].n == 64);
		ticket_key_init(&k, v.field[1].p);
		ticket_one(&k, v.field[2], is);
		ticket_batch(&k, &v.field[2], 1, &u);
		vectors_hash(v.field[3], expect);
		assert_memory_equal(is, expect, 32);
		assert_int_equal(u, vectors_u64(v.field[4]));
		assert_int_equal(u, ticket_number(is));
	}
	assert_true(lines > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_every_batch_size),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_golden),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
