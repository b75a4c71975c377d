/* SHA-256 in the sixteen lanes of AVX-512: word i of the sixteen messages is one vector. Shared by
 * ticket_wide.c and sha256_wide.c, not for others. Freestanding. */
#ifndef DRAWD_SHA256LANES_H
#define DRAWD_SHA256LANES_H

#if defined(__x86_64__)
#include <immintrin.h>

#include "sampler/sha256.h"

/* Inlined into code that may use AVX-512. */
#define WIDE __attribute__((target("avx512f"), always_inline)) static inline
enum { LANES = 16 };
enum { XOR3 = 0x96, CHOOSE = 0xca, MAJORITY = 0xe8 }; /* truth tables for ternlog */

WIDE __m512i add(__m512i a, __m512i b)
{
	return _mm512_add_epi32(a, b);
}

WIDE __m512i four_lanes(const __m128i row[LANES][4], unsigned first, unsigned part)
{
	__m512i v = _mm512_castsi128_si512(row[first][part]);
	v = _mm512_inserti32x4(v, row[first + 4][part], 1);
	v = _mm512_inserti32x4(v, row[first + 8][part], 2);
	return _mm512_inserti32x4(v, row[first + 12][part], 3);
}

/* Rows of 16 words become words of 16 rows. */
WIDE void turn(const __m128i row[LANES][4], __m512i w[16])
{
#pragma GCC unroll 4
	for (unsigned part = 0; part < 4; part++) {
		__m512i a = four_lanes(row, 0, part), b = four_lanes(row, 1, part);
		__m512i c = four_lanes(row, 2, part), d = four_lanes(row, 3, part);
		__m512i ab = _mm512_unpacklo_epi32(a, b), cd = _mm512_unpacklo_epi32(c, d);
		__m512i AB = _mm512_unpackhi_epi32(a, b), CD = _mm512_unpackhi_epi32(c, d);
		w[4 * part] = _mm512_unpacklo_epi64(ab, cd);
		w[4 * part + 1] = _mm512_unpackhi_epi64(ab, cd);
		w[4 * part + 2] = _mm512_unpacklo_epi64(AB, CD);
		w[4 * part + 3] = _mm512_unpackhi_epi64(AB, CD);
	}
}

WIDE void step(__m512i s[8], unsigned turned, __m512i kw)
{
#define AT(i) s[((i)-turned) & 7]
	__m512i e = AT(4), a = AT(0);
	__m512i big1 = _mm512_ternarylogic_epi32(
		_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25), XOR3);
	__m512i big0 = _mm512_ternarylogic_epi32(
		_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22), XOR3);
	__m512i t =
		add(add(AT(7), kw), add(big1, _mm512_ternarylogic_epi32(e, AT(5), AT(6), CHOOSE)));
	AT(3) = add(AT(3), t);
	AT(7) = add(t, add(big0, _mm512_ternarylogic_epi32(a, AT(1), AT(2), MAJORITY)));
#undef AT
}

WIDE __m512i next_word(const __m512i w[16], unsigned i)
{
	__m512i x = w[(i + 1) & 15], y = w[(i + 14) & 15];
	__m512i small0 = _mm512_ternarylogic_epi32(
		_mm512_ror_epi32(x, 7), _mm512_ror_epi32(x, 18), _mm512_srli_epi32(x, 3), XOR3);
	__m512i small1 = _mm512_ternarylogic_epi32(
		_mm512_ror_epi32(y, 17), _mm512_ror_epi32(y, 19), _mm512_srli_epi32(y, 10), XOR3);
	return add(add(w[i & 15], small0), add(w[(i + 9) & 15], small1));
}

/* The 64 rounds over one block of every lane; what is fed forward is left to the caller. */
WIDE void sixteen_blocks(__m512i s[8], const __m128i row[LANES][4])
{
	__m512i w[16];
	turn(row, w);
#pragma GCC unroll 64
	for (unsigned i = 0; i < 64; i++) {
		if (i >= 16)
			w[i & 15] = next_word(w, i);
		step(s, i, add(w[i & 15], _mm512_set1_epi32((int)sha256_round[i])));
	}
}
#endif

#endif
