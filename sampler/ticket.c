#include "sampler/ticket.h"

#include "sampler/cpu.h"
#include "sampler/sha256.h"
#include "sampler/ticketblock.h"

void ticket_key_init(struct ticket_key *k, const char K[64])
{
	__builtin_memcpy(k->state, sha256_start, sizeof k->state);
	sha256_blocks(k->state, (const uint8_t *)K, 1);
}

void ticket_one(const struct ticket_key *k, struct bytes object, uint8_t out[32])
{
	uint8_t block[SHA256_BLOCK];
	uint32_t state[8];
	ticket_last_block(object, block);
	__builtin_memcpy(state, k->state, sizeof state);
	sha256_blocks(state, block, 1);
	for (size_t i = 0; i < 32; i++)
		out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

uint64_t ticket_number(const uint8_t ticket[32])
{
	uint64_t u = 0;
	for (size_t i = 0; i < 8; i++)
		u = u << 8 | ticket[i];
	return u;
}

void ticket_batch_portable(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t block[SHA256_BLOCK];
		uint32_t state[8];
		ticket_last_block(objects[i], block);
		__builtin_memcpy(state, k->state, sizeof state);
		sha256_blocks_portable(state, block, 1);
		u[i] = (uint64_t)state[0] << 32 | state[1];
	}
}

#if defined(__x86_64__)
#define NI __attribute__((target("sha,sse4.1"), always_inline)) static inline
enum { STREAMS = 4 }; /* independent hashes that hide each other's latency */

/* Four rounds of every stream; r is a constant once the loop is unrolled. */
NI void four_rounds(unsigned r, __m128i s0[STREAMS], __m128i s1[STREAMS], __m128i m[STREAMS][4])
{
	const __m128i k = ticket_load(sha256_round + 4 * (size_t)r);
#pragma GCC unroll 4
	for (unsigned i = 0; i < STREAMS; i++) {
		__m128i *w = m[i], x;
		if (r >= 4) {
			x = _mm_sha256msg1_epu32(w[r & 3], w[(r + 1) & 3]);
			x = _mm_add_epi32(x, _mm_alignr_epi8(w[(r + 3) & 3], w[(r + 2) & 3], 4));
			w[r & 3] = _mm_sha256msg2_epu32(x, w[(r + 3) & 3]);
		}
		x = _mm_add_epi32(w[r & 3], k);
		s1[i] = _mm_sha256rnds2_epu32(s1[i], s0[i], x);
		s0[i] = _mm_sha256rnds2_epu32(s0[i], s1[i], _mm_shuffle_epi32(x, 0x0e));
	}
}

/* u of four objects; begin is the state of the key as the vectors ABEF, CDGH. */
NI void four_tickets(const __m128i begin[2], const struct bytes *objects, uint64_t *u)
{
	__m128i s0[STREAMS], s1[STREAMS], m[STREAMS][4];
#pragma GCC unroll 4
	for (unsigned i = 0; i < STREAMS; i++) {
		ticket_load_block(objects[i], m[i]);
		s0[i] = begin[0];
		s1[i] = begin[1];
	}
#pragma GCC unroll 16
	for (unsigned r = 0; r < 16; r++)
		four_rounds(r, s0, s1, m);
		/* A and B, the first two words of the hash, are the upper half of ABEF. */
#pragma GCC unroll 4
	for (unsigned i = 0; i < STREAMS; i++)
		u[i] = (uint64_t)_mm_extract_epi64(_mm_add_epi32(s0[i], begin[0]), 1);
}

__attribute__((target("sha,sse4.1"))) void ticket_batch_ni(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u)
{
	__m128i abcd = _mm_shuffle_epi32(ticket_load(k->state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(ticket_load(k->state + 4), 0x1b);
	const __m128i begin[2] = { _mm_alignr_epi8(abcd, efgh, 8),
		_mm_blend_epi16(efgh, abcd, 0xf0) };
	size_t i = 0;
	for (; n - i >= STREAMS; i += STREAMS)
		four_tickets(begin, objects + i, u + i);
	if (i == n)
		return;
	struct bytes last[STREAMS];
	uint64_t v[STREAMS];
	for (size_t j = 0; j < STREAMS; j++)
		last[j] = objects[j < n - i ? i + j : i];
	four_tickets(begin, last, v);
	for (size_t j = 0; i + j < n; j++)
		u[i + j] = v[j];
}
#endif
