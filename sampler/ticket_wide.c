/* Sixteen tickets at a time with AVX-512: where the processor has it, about twice as fast as its
 * SHA extensions. */
#include "sampler/ticket.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "sampler/sha256lanes.h"
#include "sampler/ticketblock.h"

WIDE void sixteen_tickets(const struct ticket_key *k, const struct bytes *objects, uint64_t *u)
{
	__m128i row[LANES][4];
	__m512i s[8];
	uint32_t a[LANES], b[LANES];
	for (unsigned i = 0; i < LANES; i++)
		ticket_load_block(objects[i], row[i]);
#pragma GCC unroll 8
	for (unsigned i = 0; i < 8; i++)
		s[i] = _mm512_set1_epi32((int)k->state[i]);
	sixteen_blocks(s, (const __m128i(*)[4])row);
	_mm512_storeu_si512(a, add(s[0], _mm512_set1_epi32((int)k->state[0])));
	_mm512_storeu_si512(b, add(s[1], _mm512_set1_epi32((int)k->state[1])));
	for (unsigned i = 0; i < LANES; i++)
		u[i] = (uint64_t)a[i] << 32 | b[i];
}

__attribute__((target("avx512f"))) void ticket_batch_wide(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u)
{
	size_t i = 0;
	for (; n - i >= LANES; i += LANES)
		sixteen_tickets(k, objects + i, u + i);
	if (i == n)
		return;
	struct bytes last[LANES];
	uint64_t v[LANES];
	for (size_t j = 0; j < LANES; j++)
		last[j] = objects[j < n - i ? i + j : i];
	sixteen_tickets(k, last, v);
	for (size_t j = 0; i + j < n; j++)
		u[i + j] = v[j];
}
#endif
