#include "sampler/base/bytes.h"

#include <string.h>

struct bytes bytes_of(const char *s)
{
	return (struct bytes){ s, strlen(s) };
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool bytes_is(struct bytes a, const char *s)
{
	return bytes_equal(a, bytes_of(s));
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;
	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool bytes_starts(struct bytes a, struct bytes prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

struct bytes bytes_cut(struct bytes *rest, char sep, bool *more)
{
	const char *at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	struct bytes head = *rest;
	*more = at != NULL;
	if (at == NULL) {
		*rest = (struct bytes){ rest->p + rest->n, 0 };
		return head;
	}
	head.n = (size_t)(at - rest->p);
	*rest = (struct bytes){ at + 1, rest->n - head.n - 1 };
	return head;
}

struct buf buf_new(struct arena *a, size_t room)
{
	struct buf b = { .arena = a, .room = room > 0 ? room : 256 };
	b.p = arena_alloc(a, b.room);
	return b;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (b->room - b->n < n) {
		size_t room = b->room * 2 > b->n + n ? b->room * 2 : b->n + n;
		char *bigger = arena_alloc(b->arena, room);
		memcpy(bigger, b->p, b->n);
		b->p = bigger;
		b->room = room;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_bytes(struct buf *b, struct bytes s)
{
	buf_put(b, s.p, s.n);
}

void buf_byte(struct buf *b, char c)
{
	if (b->n < b->room)
		b->p[b->n++] = c;
	else
		buf_put(b, &c, 1);
}

void buf_u64(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t i = sizeof digits;
	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_put(b, digits + i, sizeof digits - i);
}

void buf_hex(struct buf *b, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *s = p;
	for (size_t i = 0; i < n; i++) {
		char two[2] = { digit[s[i] >> 4], digit[s[i] & 15] };
		buf_put(b, two, 2);
	}
}

struct bytes buf_view(const struct buf *b)
{
	return (struct bytes){ b->p, b->n };
}
