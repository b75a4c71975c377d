/* sha256_batch with AVX-512: every lane works on a message of its own and takes the next one when
 * it has done, so messages of any lengths keep all sixteen busy. */
#include "sampler/sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "sampler/sha256lanes.h"

struct lane {
	const char *next; /* what is left of the message … */
	size_t left, held; /* … behind so many bytes that already stand in block */
	uint64_t bits; /* of the whole message */
	size_t at; /* number of the message */
	bool marked, ended; /* the byte 0x80 stands, the length stands: this is the last block */
	uint8_t block[SHA256_BLOCK];
};

static void lane_begin(
	struct lane *l, const struct sha256 *begin, const struct bytes *rest, size_t at)
{
	l->next = rest[at].p;
	l->left = rest[at].n;
	l->held = begin->n % SHA256_BLOCK;
	l->bits = 8 * (begin->n + rest[at].n);
	l->at = at;
	l->marked = l->ended = false;
	__builtin_memcpy(l->block, begin->block, SHA256_BLOCK);
}

/* The lane's next block: where it stands in the message, or put together in the lane. */
static const void *lane_block(struct lane *l)
{
	size_t room = SHA256_BLOCK - l->held, take = l->left < room ? l->left : room;
	size_t fill = l->held + take;
	const char *from = l->next;
	l->next += take;
	l->left -= take;
	if (take == SHA256_BLOCK)
		return from;
	if (take > 0)
		__builtin_memcpy(l->block + l->held, from, take);
	l->held = 0;
	if (fill == SHA256_BLOCK)
		return l->block;
	__builtin_memset(l->block + fill, 0, SHA256_BLOCK - fill);
	if (!l->marked)
		l->block[fill] = 0x80;
	l->ended = l->marked || fill < SHA256_BLOCK - 8;
	l->marked = true;
	for (size_t i = 0; l->ended && i < 8; i++)
		l->block[SHA256_BLOCK - 1 - i] = (uint8_t)(l->bits >> 8 * i);
	return l->block;
}

/* state[w][lane]: word w of the lane's state. */
__attribute__((target("avx512f"))) static void compress(
	uint32_t state[8][LANES], const void *const block[LANES])
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i row[LANES][4];
	__m512i s[8];
	for (unsigned i = 0; i < LANES; i++) {
		__builtin_memcpy(row[i], block[i], SHA256_BLOCK);
		for (unsigned j = 0; j < 4; j++)
			row[i][j] = _mm_shuffle_epi8(row[i][j], swap);
	}
#pragma GCC unroll 8
	for (unsigned i = 0; i < 8; i++)
		s[i] = _mm512_loadu_si512(state[i]);
	sixteen_blocks(s, (const __m128i(*)[4])row);
#pragma GCC unroll 8
	for (unsigned i = 0; i < 8; i++)
		_mm512_storeu_si512(state[i], add(s[i], _mm512_loadu_si512(state[i])));
}

static void lane_end(const uint32_t state[8][LANES], unsigned lane, struct hash *out)
{
	for (unsigned w = 0; w < 8; w++)
		for (unsigned i = 0; i < 4; i++)
			out->b[4 * w + i] = (uint8_t)(state[w][lane] >> (24 - 8 * i));
}

void sha256_batch_wide(
	const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out)
{
	static const uint8_t idle[SHA256_BLOCK];
	struct lane lane[LANES];
	uint32_t state[8][LANES] = { 0 };
	const void *block[LANES];
	size_t given = 0, done = 0;
	for (unsigned i = 0; i < LANES; i++)
		lane[i].ended = true;
	while (done < n) {
		for (unsigned i = 0; i < LANES; i++) {
			if (lane[i].ended && given < n) {
				lane_begin(&lane[i], begin, rest, given++);
				for (unsigned w = 0; w < 8; w++)
					state[w][i] = begin->state[w];
			}
			block[i] = lane[i].ended ? idle : lane_block(&lane[i]);
		}
		compress(state, block);
		for (unsigned i = 0; i < LANES; i++)
			if (block[i] != idle && lane[i].ended) {
				lane_end((const uint32_t(*)[LANES])state, i, &out[lane[i].at]);
				done++;
			}
	}
}
#endif
