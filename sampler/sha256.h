/* SHA-256 (FIPS 180-4). sha256.c is freestanding: no libc, so that it also compiles to
 * WebAssembly. Which block function runs is chosen in cpu.c; all give the same bits. */
#ifndef DRAWD_SHA256_H
#define DRAWD_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64 };

/* A hash as a value, so that arrays of hashes can be const. */
struct hash {
	uint8_t b[SHA256_SIZE];
};

/* A hash in progress. A copy of it is a second, independent hash with the same beginning. */
struct sha256 {
	uint32_t state[8];
	uint64_t n; /* bytes taken so far */
	uint8_t block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *p, size_t n);
void sha256_update_bytes(struct sha256 *s, struct bytes b);
/* Writes the hash; s is used up. */
void sha256_final(struct sha256 *s, uint8_t out[SHA256_SIZE]);

/* SHA256 of n bytes; p may be NULL when n is 0. */
void sha256(const void *p, size_t n, uint8_t out[SHA256_SIZE]);
/* SHA256 of the parts joined: the ‖ of PROTOCOL.md §1. */
void sha256_parts(const struct bytes *parts, size_t count, uint8_t out[SHA256_SIZE]);
/* Many hashes with the same beginning: out[i] = SHA256(what begin has taken ‖ rest[i]). Several
 * times as fast as one by one where the processor has lanes for it. Dispatched in cpu.c. */
void sha256_batch(const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out);
/* 64 lower-case hexadecimal digits and a NUL. */
void sha256_hex(const uint8_t hash[SHA256_SIZE], char out[2 * SHA256_SIZE + 1]);

/* The state before the first block, and the round constants. */
extern const uint32_t sha256_start[8];
extern const uint32_t sha256_round[64];

/* Compress whole blocks into the state: plain C, and the SHA extensions of x86-64, which may be
 * called only where cpu_has_sha() (sampler/cpu.h) says so. */
void sha256_blocks_portable(uint32_t state[8], const uint8_t *p, size_t blocks);
/* What sha256_batch chooses from: one after the other, and sixteen lanes (sha256_wide.c), only
 * where cpu_has_avx512(). */
void sha256_batch_plain(
	const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out);
#if defined(__x86_64__)
void sha256_blocks_ni(uint32_t state[8], const uint8_t *p, size_t blocks);
void sha256_batch_wide(
	const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out);
#endif

#endif
