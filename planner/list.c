#include "planner/list.h"

static uint32_t members(struct bytes text)
{
	uint32_t n = text.n > 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	return n;
}

bool list_parse(struct list *l, struct arena *a, struct bytes text)
{
	bool more = text.n > 0;
	struct bytes *at = arena_calloc(a, members(text) + 1, sizeof *at);
	uint32_t n = 0;

	*l = (struct list){ .all = bytes_is(text, "*"), .at = at };
	if (l->all)
		return true;
	while (more) {
		at[n] = bytes_cut(&text, ',', &more);
		if (at[n].n == 0 || bytes_is(at[n], "*") ||
			(n > 0 && bytes_compare(at[n - 1], at[n]) >= 0))
			return false;
		n++;
	}
	l->n = n;
	return true;
}

bool prefixes_parse(struct prefixes *p, struct arena *a, struct bytes text)
{
	*p = (struct prefixes){ 0 };
	if (!list_parse(&p->list, a, text))
		return false;
	struct bytes *root = arena_calloc(a, p->list.n + 1, sizeof *root);
	/* in this order everything that begins with a member stands right behind it */
	for (uint32_t i = 0; i < p->list.n; i++)
		if (p->roots == 0 || !bytes_starts(p->list.at[i], root[p->roots - 1]))
			root[p->roots++] = p->list.at[i];
	p->root = root;
	return true;
}

/* How many of the ascending values are ≤ value. */
static uint32_t up_to(const struct bytes *at, uint32_t n, struct bytes value)
{
	uint32_t low = 0, high = n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (bytes_compare(at[middle], value) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool list_has(const struct list *l, struct bytes value)
{
	if (l->all)
		return true;
	uint32_t i = up_to(l->at, l->n, value);
	return i > 0 && bytes_equal(l->at[i - 1], value);
}

bool prefixes_match(const struct prefixes *p, struct bytes value)
{
	if (p->list.all)
		return true;
	/* a prefix of the value is ≤ the value, and between the two stand only roots that begin
	 * with it, so none */
	uint32_t i = up_to(p->root, p->roots, value);
	return i > 0 && bytes_starts(value, p->root[i - 1]);
}

void list_put(const struct list *l, struct buf *out)
{
	if (l->all)
		buf_byte(out, '*');
	for (uint32_t i = 0; i < l->n; i++) {
		if (i > 0)
			buf_byte(out, ',');
		buf_bytes(out, l->at[i]);
	}
}
