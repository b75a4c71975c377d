#include "daemon/keyed.h"

#include <string.h>

enum { KEY_MAX = 255 };

static struct bytes key_of(const struct keyed *k, size_t i)
{
	return (struct bytes){ k->at[i] + 1, (unsigned char)k->at[i][0] };
}

static void grow(struct keyed *k)
{
	size_t room = 2 * k->room + 1024;
	const char **more = arena_calloc(k->arena, room, sizeof *more);
	if (k->n > 0)
		memcpy(more, k->at, k->n * sizeof *more);
	k->at = more;
	k->room = room;
}

bool keyed_put(struct keyed *k, struct bytes key, struct bytes text, struct err *e)
{
	if (key.n == 0 || key.n > KEY_MAX ||
		(k->n > 0 && bytes_compare(key_of(k, k->n - 1), key) >= 0))
		return err_set(e, ERR_QUERY, "%.*s: out of order", BYTES_ARG(key));
	if (k->n == k->room)
		grow(k);
	char *p = arena_alloc(k->arena, key.n + text.n + 2);
	p[0] = (char)(unsigned char)key.n;
	memcpy(p + 1, key.p, key.n);
	if (text.n > 0)
		memcpy(p + 1 + key.n, text.p, text.n);
	p[1 + key.n + text.n] = '\0';
	k->at[k->n++] = p;
	return true;
}

/* The first place from `low` on whose key is not before it: in steps that double, then halve. */
static size_t find(const struct keyed *k, struct bytes key, size_t low)
{
	size_t step = 1, high = low;
	while (high < k->n && bytes_compare(key_of(k, high), key) < 0) {
		low = high + 1;
		high += step;
		step *= 2;
	}
	high = high < k->n ? high : k->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (bytes_compare(key_of(k, mid), key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool keyed_get(struct keyed *k, struct bytes key, struct bytes *text)
{
	size_t from = k->last < k->n && bytes_compare(key_of(k, k->last), key) <= 0 ? k->last : 0;
	size_t i = find(k, key, from);
	if (i < k->n)
		k->last = i;
	if (i == k->n || !bytes_equal(key_of(k, i), key))
		return false;
	*text = bytes_of(k->at[i] + 1 + key.n);
	return true;
}
