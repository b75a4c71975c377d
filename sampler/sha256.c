#include "sampler/sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "sampler/cpu.h"

const uint32_t sha256_start[8] = {
	0x6a09e667,
	0xbb67ae85,
	0x3c6ef372,
	0xa54ff53a,
	0x510e527f,
	0x9b05688c,
	0x1f83d9ab,
	0x5be0cd19,
};

/* clang-format off */
_Alignas(16) const uint32_t sha256_round[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
/* clang-format on */

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t load_be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_be(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* One round; the caller turns the eight names, so nothing is moved. */
static inline void step(uint32_t s[8], unsigned turn, uint32_t kw)
{
#define AT(i) s[((i)-turn) & 7]
	uint32_t e = AT(4), a = AT(0);
	uint32_t t = AT(7) + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
		     ((e & AT(5)) ^ (~e & AT(6))) + kw;
	AT(3) += t;
	AT(7) = t + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
		((a & AT(1)) ^ (a & AT(2)) ^ (AT(1) & AT(2)));
#undef AT
}

static void compress(uint32_t state[8], const uint8_t *p)
{
	uint32_t w[16], s[8];
	__builtin_memcpy(s, state, sizeof s);
	for (unsigned i = 0; i < 16; i++)
		w[i] = load_be(p + 4 * i);
	for (unsigned i = 0; i < 64; i += 16) {
		if (i > 0)
			for (unsigned j = 0; j < 16; j++) {
				uint32_t x = w[(j + 1) & 15], y = w[(j + 14) & 15];
				w[j] += (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[(j + 9) & 15] +
					(rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
			}
		for (unsigned j = 0; j < 16; j += 8) {
			step(s, 0, sha256_round[i + j] + w[j]);
			step(s, 1, sha256_round[i + j + 1] + w[j + 1]);
			step(s, 2, sha256_round[i + j + 2] + w[j + 2]);
			step(s, 3, sha256_round[i + j + 3] + w[j + 3]);
			step(s, 4, sha256_round[i + j + 4] + w[j + 4]);
			step(s, 5, sha256_round[i + j + 5] + w[j + 5]);
			step(s, 6, sha256_round[i + j + 6] + w[j + 6]);
			step(s, 7, sha256_round[i + j + 7] + w[j + 7]);
		}
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

void sha256_blocks_portable(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	for (; blocks > 0; blocks--, p += SHA256_BLOCK)
		compress(state, p);
}

#if defined(__x86_64__)
/* The SHA instructions keep the state as the two vectors ABEF and CDGH, and the message words in
 * the order of memory, so words are turned to big-endian on the way in. */
__attribute__((target("sha,sse4.1"))) void sha256_blocks_ni(
	uint32_t state[8], const uint8_t *p, size_t blocks)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i abcd, efgh, s0, s1, m[4];
	__builtin_memcpy(&abcd, state, 16);
	__builtin_memcpy(&efgh, state + 4, 16);
	abcd = _mm_shuffle_epi32(abcd, 0xb1);
	efgh = _mm_shuffle_epi32(efgh, 0x1b);
	s0 = _mm_alignr_epi8(abcd, efgh, 8);
	s1 = _mm_blend_epi16(efgh, abcd, 0xf0);
	for (; blocks > 0; blocks--, p += SHA256_BLOCK) {
		const __m128i was0 = s0, was1 = s1;
#pragma GCC unroll 16
		for (unsigned r = 0; r < 16; r++) {
			__m128i k;
			if (r < 4) {
				__builtin_memcpy(&m[r], p + 16 * (size_t)r, 16);
				m[r] = _mm_shuffle_epi8(m[r], swap);
			} else {
				__m128i x = _mm_sha256msg1_epu32(m[r & 3], m[(r + 1) & 3]);
				x = _mm_add_epi32(
					x, _mm_alignr_epi8(m[(r + 3) & 3], m[(r + 2) & 3], 4));
				m[r & 3] = _mm_sha256msg2_epu32(x, m[(r + 3) & 3]);
			}
			__builtin_memcpy(&k, sha256_round + 4 * (size_t)r, 16);
			k = _mm_add_epi32(k, m[r & 3]);
			s1 = _mm_sha256rnds2_epu32(s1, s0, k);
			s0 = _mm_sha256rnds2_epu32(s0, s1, _mm_shuffle_epi32(k, 0x0e));
		}
		s0 = _mm_add_epi32(s0, was0);
		s1 = _mm_add_epi32(s1, was1);
	}
	abcd = _mm_shuffle_epi32(s0, 0x1b);
	efgh = _mm_shuffle_epi32(s1, 0xb1);
	s0 = _mm_blend_epi16(abcd, efgh, 0xf0);
	s1 = _mm_alignr_epi8(efgh, abcd, 8);
	__builtin_memcpy(state, &s0, 16);
	__builtin_memcpy(state + 4, &s1, 16);
}
#endif

void sha256_init(struct sha256 *s)
{
	__builtin_memcpy(s->state, sha256_start, sizeof s->state);
	s->n = 0;
}

void sha256_update(struct sha256 *s, const void *p, size_t n)
{
	const uint8_t *in = p;
	size_t held = s->n % SHA256_BLOCK;
	if (n == 0)
		return;
	s->n += n;
	if (held > 0) {
		size_t take = n < SHA256_BLOCK - held ? n : SHA256_BLOCK - held;
		__builtin_memcpy(s->block + held, in, take);
		in += take;
		n -= take;
		if (held + take < SHA256_BLOCK)
			return;
		sha256_blocks(s->state, s->block, 1);
	}
	sha256_blocks(s->state, in, n / SHA256_BLOCK);
	in += n / SHA256_BLOCK * SHA256_BLOCK;
	__builtin_memcpy(s->block, in, n % SHA256_BLOCK);
}

void sha256_update_bytes(struct sha256 *s, struct bytes b)
{
	sha256_update(s, b.p, b.n);
}

void sha256_final(struct sha256 *s, uint8_t out[SHA256_SIZE])
{
	uint8_t tail[2 * SHA256_BLOCK] = { 0 };
	size_t held = s->n % SHA256_BLOCK;
	size_t size = held < SHA256_BLOCK - 8 ? SHA256_BLOCK : 2 * SHA256_BLOCK;
	__builtin_memcpy(tail, s->block, held);
	tail[held] = 0x80;
	store_be(tail + size - 8, (uint32_t)(s->n >> 29));
	store_be(tail + size - 4, (uint32_t)(s->n << 3));
	sha256_blocks(s->state, tail, size / SHA256_BLOCK);
	for (unsigned i = 0; i < 8; i++)
		store_be(out + 4 * i, s->state[i]);
}

void sha256(const void *p, size_t n, uint8_t out[SHA256_SIZE])
{
	struct sha256 s;
	sha256_init(&s);
	sha256_update(&s, p, n);
	sha256_final(&s, out);
}

void sha256_parts(const struct bytes *parts, size_t count, uint8_t out[SHA256_SIZE])
{
	struct sha256 s;
	sha256_init(&s);
	for (size_t i = 0; i < count; i++)
		sha256_update(&s, parts[i].p, parts[i].n);
	sha256_final(&s, out);
}

void sha256_batch_plain(
	const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out)
{
	for (size_t i = 0; i < n; i++) {
		struct sha256 s = *begin;
		sha256_update_bytes(&s, rest[i]);
		sha256_final(&s, out[i].b);
	}
}

void sha256_hex(const uint8_t hash[SHA256_SIZE], char out[2 * SHA256_SIZE + 1])
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		out[2 * i] = digit[hash[i] >> 4];
		out[2 * i + 1] = digit[hash[i] & 15];
	}
	out[2 * SHA256_SIZE] = '\0';
}
