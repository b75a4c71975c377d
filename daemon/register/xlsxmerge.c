#include "daemon/register/xlsxmerge.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/register/xlsxrecord.h"
#include "daemon/register/xlsxsheet.h"

/* What is looked for is never longer than this, so that it is not lost between two chunks. */
enum { CARRY = 256 };

struct search {
	struct xlsx_merges *m;
	char text[XLSX_CHUNK + CARRY];
	size_t n;
};

static bool add(struct xlsx_merges *m, struct bytes ref, struct err *e)
{
	bool two = false;
	struct bytes rest = ref, from = bytes_cut(&rest, ':', &two);
	size_t left, right;
	uint64_t top, bottom;
	if (!two || !xlsx_place(from, &left, &top) || !xlsx_place(rest, &right, &bottom) ||
		bottom <= top || left >= RAW_FIELDS_MAX)
		return true;
	if (m->n == XLSX_MERGES_MAX)
		return err_set(e, ERR_XLSX_LIMIT, "merged cells > %d", XLSX_MERGES_MAX);
	if (m->n == m->room) {
		m->room = m->room == 0 ? 256 : 2 * m->room;
		m->at = realloc(m->at, m->room * sizeof *m->at);
		if (m->at == NULL)
			abort();
	}
	m->at[m->n++] = (struct xlsx_merge){
		.first = (uint32_t)top, .last = (uint32_t)bottom, .column = (uint32_t)left
	};
	return true;
}

/* <mergeCell ref="A1:A3"/>, whatever the prefix and the kind of quote. The number of bytes that
 * need not be looked at again. */
static bool look(struct search *s, size_t *done, struct err *e)
{
	static const char mark[] = "mergeCell ";
	const char *p = s->text, *end = s->text + s->n, *found;
	*done = s->n > CARRY ? s->n - CARRY : 0;
	while ((found = memmem(p, (size_t)(end - p), mark, sizeof mark - 1)) != NULL) {
		const char *close = memchr(found, '>', (size_t)(end - found));
		if (close == NULL)
			return true; /* the rest of it comes with the next chunk */
		const char *ref = memmem(found, (size_t)(close - found), "ref=", 4);
		const char *quote = ref != NULL && close - ref > 5
					    ? memchr(ref + 5, ref[4], (size_t)(close - ref - 5))
					    : NULL;
		if (quote != NULL &&
			!add(s->m, (struct bytes){ ref + 5, (size_t)(quote - ref - 5) }, e))
			return false;
		p = close;
		if ((size_t)(p - s->text) > *done)
			*done = (size_t)(p - s->text);
	}
	return true;
}

static bool on_chunk(void *ctx, struct bytes chunk, struct err *e)
{
	struct search *s = ctx;
	size_t done;
	memcpy(s->text + s->n, chunk.p, chunk.n);
	s->n += chunk.n;
	if (!look(s, &done, e))
		return false;
	memmove(s->text, s->text + done, s->n - done);
	s->n -= done;
	return true;
}

static int by_row(const void *x, const void *y)
{
	const struct xlsx_merge *a = x, *b = y;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

bool xlsx_merges_read(struct xlsx_merges *m, struct xlsx_zip *z, size_t entry, struct err *e)
{
	*m = (struct xlsx_merges){ 0 };
	struct search *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	s->m = m;
	bool ok = xlsx_zip_read(z, entry, on_chunk, s, e);
	free(s);
	if (m->n > 0)
		qsort(m->at, m->n, sizeof *m->at, by_row);
	m->open = calloc(RAW_FIELDS_MAX, sizeof(struct xlsx_merge *));
	if (m->open == NULL)
		abort();
	return ok;
}

void xlsx_merges_free(struct xlsx_merges *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->at[i].text);
	free(m->at);
	free(m->open);
}

/* Forget those that end above this row; take up those that begin in it or were begun in a row that
 * the file leaves out. */
static void turn(struct xlsx_merges *m, uint64_t row)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->active; i++) {
		struct xlsx_merge *one = m->open[i];
		if (one->last >= row) {
			m->open[kept++] = one;
			continue;
		}
		free(one->text);
		one->text = NULL;
	}
	m->active = kept;
	for (; m->next < m->n && m->at[m->next].first <= row; m->next++)
		if (m->at[m->next].last >= row && m->active < RAW_FIELDS_MAX)
			m->open[m->active++] = &m->at[m->next];
}

static void hold(struct xlsx_merge *m, const struct xlsx_cell *cell)
{
	m->held = true;
	m->type = cell->type;
	m->n = cell->text.n;
	m->text = malloc(m->n + 1);
	if (m->text == NULL)
		abort();
	memcpy(m->text, cell->text.p, m->n);
}

void xlsx_merges_fill(struct xlsx_merges *m, uint64_t row, struct xlsx_cell *cell, size_t *n)
{
	turn(m, row);
	for (size_t i = 0; i < m->active; i++) {
		struct xlsx_merge *one = m->open[i];
		struct xlsx_cell *at = &cell[one->column];
		if (one->first == row && !one->held && one->column < *n && at->text.n > 0) {
			hold(one, at);
		} else if (one->held && (one->column >= *n || at->text.n == 0)) {
			for (; *n <= one->column; ++*n)
				cell[*n] = (struct xlsx_cell){ { "", 0 }, FIELD_TEXT };
			*at = (struct xlsx_cell){ { one->text, one->n }, one->type };
		}
	}
}
