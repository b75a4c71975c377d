/* How the ticket code lays out the second block of K ‖ object: shared by its implementations,
 * not for others. Freestanding. */
#ifndef DRAWD_TICKETBLOCK_H
#define DRAWD_TICKETBLOCK_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "sampler/base/bytes.h"
#include "sampler/sha256.h"
#include "sampler/ticket.h"

static inline void ticket_check_length(size_t n)
{
	if (n < 1 || n > TICKET_OBJECT_MAX)
		__builtin_trap(); /* freestanding: no assert */
}

/* The second and last block of the message: object, padding, length of K and object in bits. */
static inline void ticket_last_block(struct bytes object, uint8_t block[SHA256_BLOCK])
{
	size_t bits = 8 * (SHA256_BLOCK + object.n);
	ticket_check_length(object.n);
	__builtin_memset(block, 0, SHA256_BLOCK);
	__builtin_memcpy(block, object.p, object.n);
	block[object.n] = 0x80;
	block[SHA256_BLOCK - 2] = (uint8_t)(bits >> 8);
	block[SHA256_BLOCK - 1] = (uint8_t)bits;
}

#if defined(__x86_64__)
/* Inlined into code that may use more than SSE 4.1. */
#define TICKET_SSE __attribute__((target("sse4.1"), always_inline)) static inline

/* Read 16 bytes at ticket_slide + 16 - r to shuffle the last r bytes of a vector to its front
 * (zeros behind them), at ticket_pad + 16 - r for the byte 0x80 that follows r bytes. */
/* clang-format off */
static const uint8_t ticket_slide[32] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
};
/* clang-format on */
static const uint8_t ticket_pad[32] = { [16] = 0x80 };

TICKET_SSE __m128i ticket_load(const void *p)
{
	__m128i v;
	__builtin_memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t ticket_load_little(const char *p, size_t size)
{
	uint64_t v = 0;
	__builtin_memcpy(&v, p, size);
	return v;
}

/* Fewer than 16 bytes as a vector, without reading past them: two overlapping reads. */
TICKET_SSE __m128i ticket_load_short(const char *p, size_t n)
{
	uint64_t low, high = 0;
	if (n > 8) {
		low = ticket_load_little(p, 8);
		high = ticket_load_little(p + n - 8, 8) >> 8 * (16 - n);
	} else if (n >= 4) {
		low = ticket_load_little(p, 4) | ticket_load_little(p + n - 4, 4) << 8 * (n - 4);
	} else {
		low = (uint64_t)(uint8_t)p[0] | (uint64_t)(uint8_t)p[n / 2] << 8 * (n / 2) |
		      (uint64_t)(uint8_t)p[n - 1] << 8 * (n - 1);
	}
	return _mm_set_epi64x((long long)high, (long long)low);
}

/* The words of ticket_last_block(), built in registers: no bytes are written and read back. */
TICKET_SSE void ticket_load_block(struct bytes object, __m128i m[4])
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	size_t n = object.n, full = n / 16, r = n % 16;
	__m128i tail;
	ticket_check_length(n);
	m[1] = m[2] = m[3] = _mm_setzero_si128();
	if (full > 0) {
		tail = _mm_shuffle_epi8(
			ticket_load(object.p + n - 16), ticket_load(ticket_slide + 16 - r));
		m[0] = _mm_shuffle_epi8(ticket_load(object.p), swap);
	} else {
		tail = ticket_load_short(object.p, n);
	}
	tail = _mm_shuffle_epi8(_mm_or_si128(tail, ticket_load(ticket_pad + 16 - r)), swap);
	if (full > 1)
		m[1] = _mm_shuffle_epi8(ticket_load(object.p + 16), swap);
	if (full > 2)
		m[2] = _mm_shuffle_epi8(ticket_load(object.p + 32), swap);
	m[full] = tail;
	m[3] = _mm_or_si128(m[3], _mm_set_epi32((int)(8 * (SHA256_BLOCK + n)), 0, 0, 0));
}
#endif

#endif
