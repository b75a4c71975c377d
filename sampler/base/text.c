#include "sampler/base/text.h"

#include <string.h>

/* Length of the UTF-8 sequence at p (1–4), or 0 if it is not one; *cp gets the code point. */
static size_t utf8_at(const unsigned char *p, size_t n, uint32_t *cp)
{
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	uint32_t v = p[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*cp = v;
	return len;
}

static bool walk(struct bytes s, bool controls)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t i = 0; i < s.n;) {
		uint32_t cp = 0;
		size_t len = utf8_at(p + i, s.n - i, &cp);
		if (len == 0 || (!controls && (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))))
			return false;
		i += len;
	}
	return true;
}

bool text_is_clean(struct bytes s)
{
	return walk(s, false);
}

bool text_is_utf8(struct bytes s)
{
	return walk(s, true);
}

enum { LOWER = 1, DIGIT = 2, UPPER = 4, DASH = 8, POINTS = 16 };

static unsigned class_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c == '-')
		return DASH;
	return c == ':' || c == '.' || c == '/' ? POINTS : 0;
}

static bool only(struct bytes s, unsigned allowed, size_t max)
{
	if (s.n < 1 || s.n > max)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!(class_of(s.p[i]) & allowed))
			return false;
	return true;
}

bool text_is_token(struct bytes s)
{
	return only(s, LOWER | DIGIT | DASH, 32);
}

bool text_is_object_id(struct bytes s)
{
	return only(s, DIGIT | UPPER | DASH | POINTS, 55);
}

bool text_is_inspector_id(struct bytes s)
{
	return only(s, DIGIT | UPPER | DASH, 32);
}

bool text_all_digits(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

bool text_u64(struct bytes s, uint64_t max, uint64_t *out)
{
	if (s.n < 1 || s.n > 20 || (s.n > 1 && s.p[0] == '0'))
		return false;
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		unsigned d = (unsigned)(s.p[i] - '0');
		if (v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return v <= max;
}

bool text_hex(struct bytes s, void *out, size_t size)
{
	/* one more than the value of a digit; a table, for random digits defeat guessed jumps */
	static const unsigned char digit[256] = {
		['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['a'] = 11, 12, 13, 14, 15, 16
	};
	unsigned char *o = out;
	if (s.n != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned high = digit[(unsigned char)s.p[2 * i]];
		unsigned low = digit[(unsigned char)s.p[2 * i + 1]];
		if (high == 0 || low == 0)
			return false;
		o[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	return true;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool text_base64(struct bytes s, void *out, size_t size, size_t *n)
{
	unsigned char *o = out;
	size_t len = 0, pad = 0;
	if (s.n % 4 != 0)
		return false;
	while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
		pad++;
	uint32_t acc = 0;
	int bits = 0;
	for (size_t i = 0; i < s.n - pad; i++) {
		int v = base64_value(s.p[i]);
		if (v < 0)
			return false;
		acc = acc << 6 | (uint32_t)v;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (len == size)
			return false;
		o[len++] = (unsigned char)(acc >> bits & 0xff);
	}
	*n = len;
	/* The bits left over must be zero, and as many as the padding says: one spelling only. */
	return (acc & ((1u << bits) - 1)) == 0 && (size_t)bits == pad * 2;
}

void text_put_base64(struct buf *b, const void *p, size_t n)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = p;
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)s[i] << 16 | (left > 1 ? (uint32_t)s[i + 1] << 8 : 0) |
			     (left > 2 ? s[i + 2] : 0u);
		char four[4] = { digit[v >> 18], digit[v >> 12 & 63],
			left > 1 ? digit[v >> 6 & 63] : '=', left > 2 ? digit[v & 63] : '=' };
		buf_put(b, four, 4);
	}
}
