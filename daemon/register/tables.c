#include "daemon/register/tables.h"

#include <stdlib.h>
#include <string.h>

struct tables {
	size_t n[TOLD];
	struct table_line *line[TOLD];
};

static const char *const names[TOLD] = { "option", "department", "region", "exception", "given",
	"saved", "label", "place", "item" };
static const char marks[] = "tnr\\", marked[] = "\t\n\r\\";

/* ---- writing ----------------------------------------------------------------------------- */

static void put(struct buf *out, struct bytes s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *mark = s.p[i] != '\0' ? strchr(marked, s.p[i]) : NULL;
		if (mark != NULL)
			buf_byte(out, '\\');
		buf_byte(out, mark != NULL ? marks[mark - marked] : s.p[i]);
	}
}

void tables_put(struct buf *out, enum told_id id, struct bytes key, struct bytes value)
{
	buf_str(out, names[id]);
	buf_byte(out, '\t');
	put(out, key);
	buf_byte(out, '\t');
	put(out, value);
	buf_byte(out, '\n');
}

/* ---- reading ----------------------------------------------------------------------------- */

static bool plain(struct bytes *s, struct arena *a)
{
	if (s->n == 0 || memchr(s->p, '\\', s->n) == NULL)
		return true;
	char *to = arena_alloc(a, s->n);
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] != '\\') {
			to[n++] = s->p[i];
			continue;
		}
		const char *mark = ++i < s->n && s->p[i] != '\0' ? strchr(marks, s->p[i]) : NULL;
		if (mark == NULL)
			return false;
		to[n++] = marked[mark - marks];
	}
	*s = (struct bytes){ to, n };
	return true;
}

static bool table_of(struct bytes line, enum told_id *id, struct bytes *rest)
{
	bool more = false;
	struct bytes name = bytes_cut(&line, '\t', &more);
	*rest = line;
	for (unsigned i = 0; more && i < TOLD; i++)
		if (bytes_is(name, names[i])) {
			*id = (enum told_id)i;
			return true;
		}
	return false;
}

static int by_key(const void *x, const void *y)
{
	const struct table_line *a = x, *b = y;
	int order = bytes_compare(a->key, b->key);
	return order != 0 ? order : bytes_compare(a->value, b->value);
}

static bool next_line(struct bytes *lines, struct bytes *line)
{
	const char *end = lines->n > 0 ? memchr(lines->p, '\n', lines->n) : NULL;
	if (end == NULL)
		return false;
	*line = (struct bytes){ lines->p, (size_t)(end - lines->p) };
	*lines = (struct bytes){ end + 1, lines->n - line->n - 1 };
	return true;
}

static bool count(struct tables *t, struct bytes lines)
{
	struct bytes line, rest;
	enum told_id id;
	for (; next_line(&lines, &line); t->n[id]++)
		if (!table_of(line, &id, &rest))
			return false;
	return lines.n == 0;
}

static bool fill(struct tables *t, struct arena *a, struct bytes lines)
{
	struct bytes line, rest;
	enum told_id id;
	bool more;
	while (next_line(&lines, &line)) {
		if (!table_of(line, &id, &rest))
			return false;
		struct table_line *to = &t->line[id][t->n[id]++];
		to->key = bytes_cut(&rest, '\t', &more);
		to->value = rest;
		if (!more || !plain(&to->key, a) || !plain(&to->value, a))
			return false;
	}
	return true;
}

bool tables_read(struct tables **out, struct arena *a, struct bytes lines, struct err *e)
{
	struct tables *t = arena_calloc(a, 1, sizeof *t);
	bool ok = count(t, lines);
	for (size_t i = 0; ok && i < TOLD; i++) {
		t->line[i] = arena_calloc(a, t->n[i] + 1, sizeof **t->line);
		t->n[i] = 0;
	}
	if (!ok || !fill(t, a, lines))
		return err_set(e, ERR_PARSER, "tables");
	for (size_t i = 0; i < TOLD; i++)
		if (t->n[i] > 0)
			qsort(t->line[i], t->n[i], sizeof **t->line, by_key);
	*out = t;
	return true;
}

bool tables_find(const struct tables *t, enum told_id id, struct bytes key, struct bytes *value)
{
	size_t low = 0, high = t != NULL ? t->n[id] : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (bytes_compare(t->line[id][middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (t == NULL || low == t->n[id] || !bytes_equal(t->line[id][low].key, key))
		return false;
	*value = t->line[id][low].value;
	return true;
}

const struct table_line *tables_all(const struct tables *t, enum told_id id, size_t *n)
{
	*n = t != NULL ? t->n[id] : 0;
	return *n > 0 ? t->line[id] : NULL;
}
