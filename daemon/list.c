#include "daemon/list.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "daemon/json.h"
#include "sampler/base/text.h"
#include "sampler/sha256.h"
#include "sampler/type.h"

enum {
	FILTER_MAX = 1000, /* bytes of a filter's value */
	VALUE_MAX = 4 * LIST_SORT_CHARS, /* bytes of a value in a cursor */
	NAMES_MAX = 200, /* bytes of a list's columns in a sentence */
	MARK_SIZE = 8, /* bytes of the hash that binds a cursor to its filters */
};

const enum err_code list_errors[] = { ERR_BAD_REQUEST, ERR_BAD_NUMBER, ERR_BAD_SORT, ERR_BAD_FILTER,
	ERR_BAD_CURSOR, ERR_BAD_FORMAT, ERR_XLSX_FULL, ERR_NONE };

/* ---- columns ------------------------------------------------------------------------------ */

const struct list_column *list_column(const struct list *l, struct bytes name)
{
	for (const struct list_column *c = l->columns; c->name != NULL; c++)
		if (bytes_is(name, c->name))
			return c;
	return NULL;
}

const char *list_words(const struct list_column *c)
{
	return c->words != NULL ? c->words : c->some;
}

bool list_has_range(const struct list_column *c)
{
	return c->kind == SHAPE_NUMBER || c->kind == SHAPE_TIME || c->kind == SHAPE_DATE;
}

size_t list_keys(const struct list *l, const struct list_column *key[LIST_KEYS])
{
	struct bytes rest = bytes_of(l->key);
	bool more = true;
	size_t n = 0;
	while (more)
		key[n++] = list_column(l, bytes_cut(&rest, ',', &more));
	return n;
}

bool list_is_key(const struct list *l, const struct list_column *c)
{
	const struct list_column *key[LIST_KEYS];
	size_t n = list_keys(l, key);
	for (size_t i = 0; i < n; i++)
		if (key[i] == c)
			return true;
	return false;
}

static bool is_number(const struct list_column *c)
{
	return c->kind == SHAPE_NUMBER || c->kind == SHAPE_TIME;
}

/* An int8 in its one spelling. */
static bool is_int8(struct bytes v)
{
	uint64_t n;
	bool minus = v.n > 0 && v.p[0] == '-';
	struct bytes digits = { v.p + minus, v.n - minus };
	return text_u64(digits, minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &n) &&
	       !(minus && n == 0);
}

/* ---- parameters --------------------------------------------------------------------------- */

struct list_ask list_ask_new(const struct list *l, int64_t limit_max)
{
	return (struct list_ask){ .list = l,
		.sort = list_column(l, bytes_of(l->order)),
		.descending = l->descending,
		.limit = limit_max,
		.limit_max = limit_max };
}

static bool twice(struct err *e, const char *name)
{
	return err_set(e, ERR_BAD_REQUEST, "%.60s stands twice", name);
}

static bool take_limit(struct list_ask *q, const char *value, struct err *e)
{
	uint64_t n;
	if (q->limit_set)
		return twice(e, "limit");
	if (!text_u64(bytes_of(value), (uint64_t)q->limit_max, &n) || n == 0)
		return err_set(e, ERR_BAD_NUMBER, "limit, 1 to %lld", (long long)q->limit_max);
	q->limit = (int64_t)n;
	return q->limit_set = true;
}

static bool take_after(struct list_ask *q, const char *value, struct err *e)
{
	if (q->after.p != NULL)
		return twice(e, "after");
	q->after = bytes_of(value);
	return true;
}

/* The columns of which `part` is true, with commas, for a sentence. Returns out. */
static const char *names_text(
	const struct list *l, bool (*part)(const struct list_column *c), char *out, size_t size)
{
	size_t n = 0;
	out[0] = '\0';
	for (const struct list_column *c = l->columns; c->name != NULL; c++)
		if (part(c) && n < size)
			n += (size_t)snprintf(out + n, size - n, "%s%s", n > 0 ? "," : "", c->name);
	return out;
}
#define NAMES(list, part) names_text((list), (part), (char[NAMES_MAX]){ 0 }, NAMES_MAX)

static bool sorts(const struct list_column *c)
{
	return c->sorts;
}

static bool take_sort(struct list_ask *q, const char *value, struct err *e)
{
	bool minus = value[0] == '-';
	const struct list_column *c = list_column(q->list, bytes_of(value + minus));
	if (q->sort_set)
		return twice(e, "sort");
	if (c == NULL || !c->sorts)
		return err_set(e, ERR_BAD_SORT, "%.60s (%s)", value, NAMES(q->list, sorts));
	q->sort = c;
	q->descending = minus;
	return q->sort_set = true;
}

static bool take_at(struct list_ask *q, const char *value, struct err *e)
{
	uint64_t n;
	if (q->at_set)
		return twice(e, "at");
	if (!text_u64(bytes_of(value), LIST_AT_MAX, &n))
		return err_set(e, ERR_BAD_NUMBER, "at, 0 to %lld", (long long)LIST_AT_MAX);
	q->at = (int64_t)n;
	return q->at_set = true;
}

static bool take_format(struct list_ask *q, const char *value, struct err *e)
{
	static const char *const names[] = { "json", "jsonl", "csv", "xlsx" };
	if (q->format_set)
		return twice(e, "format");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(value, names[i]) == 0) {
			q->format = (enum list_format)i;
			return q->format_set = true;
		}
	return err_set(e, ERR_BAD_FORMAT, "%.60s", value);
}

/* ---- filters ------------------------------------------------------------------------------ */

/* Is the name that of a column, or of the begin or end of its range? */
static const struct list_column *filter_of(
	const struct list *l, struct bytes name, enum list_test *test)
{
	static const struct {
		const char *end;
		enum list_test test;
	} ends[] = { { "_from", LIST_FROM }, { "_to", LIST_TO } };
	const struct list_column *c = list_column(l, name);
	if (l->search != NULL && bytes_is(name, "search")) {
		*test = LIST_HAS;
		return list_column(l, bytes_of(l->search));
	}
	*test = LIST_IS;
	if (c == NULL && l->entity != NULL && bytes_is(name, "entity"))
		c = list_column(l, bytes_of(l->entity));
	for (size_t i = 0; i < 2 && c == NULL; i++) {
		size_t n = strlen(ends[i].end);
		if (name.n <= n || memcmp(name.p + name.n - n, ends[i].end, n) != 0)
			continue;
		c = list_column(l, (struct bytes){ name.p, name.n - n });
		*test = ends[i].test;
		c = c != NULL && list_has_range(c) ? c : NULL;
	}
	return c != NULL && c->filters ? c : NULL;
}

static bool fits(const struct list_column *c, struct bytes v)
{
	uint8_t hash[32];
	switch (c->kind) {
	case SHAPE_NUMBER:
	case SHAPE_TIME:
		return is_int8(v);
	case SHAPE_FLAG:
		return bytes_is(v, "true") || bytes_is(v, "false");
	case SHAPE_DATE:
		return type_check(TYPE_DATE, v);
	case SHAPE_HASH:
		return text_hex(v, hash, sizeof hash);
	case SHAPE_TEXT:
		return v.n <= FILTER_MAX && text_is_clean(v);
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ANY:
		break;
	}
	return false;
}

/* One character stands in every second name. */
static bool is_part(struct bytes v)
{
	size_t chars = 0;
	for (size_t i = 0; i < v.n; i++)
		chars += ((unsigned char)v.p[i] & 0xc0) != 0x80;
	return chars >= LIST_SEARCH_CHARS;
}

/* Is it one of the column's words, where it has any? */
static bool is_word(const struct list_column *c, struct bytes v)
{
	const char *words = list_words(c);
	struct bytes rest = bytes_of(words != NULL ? words : "");
	bool more = words != NULL;
	while (more)
		if (bytes_equal(bytes_cut(&rest, ',', &more), v))
			return true;
	return words == NULL;
}

/* Filters stand in the order of columns and tests, whatever the order of the parameters. */
static bool add_filter(struct list_ask *q, struct list_filter f, const char *name, struct err *e)
{
	size_t at = q->filters;
	if (q->filters == LIST_FILTERS)
		return err_set(e, ERR_BAD_REQUEST, "more than %d filters", (int)LIST_FILTERS);
	for (size_t i = 0; i < q->filters; i++) {
		const struct list_filter *g = &q->filter[i];
		bool same_test = g->test == f.test || (g->test <= LIST_NONE && f.test <= LIST_NONE);
		if (g->column == f.column && same_test)
			return twice(e, name);
	}
	while (at > 0 &&
		(q->filter[at - 1].column > f.column || (q->filter[at - 1].column == f.column &&
								q->filter[at - 1].test > f.test))) {
		q->filter[at] = q->filter[at - 1];
		at--;
	}
	q->filter[at] = f;
	q->filters++;
	return true;
}

static bool filters(const struct list_column *c)
{
	return c->filters;
}

static bool take_filter(struct list_ask *q, const char *name, const char *value, struct err *e)
{
	struct list_filter f = { .value = bytes_of(value) };
	f.column = filter_of(q->list, bytes_of(name), &f.test);
	if (f.column == NULL)
		return err_set(e, ERR_BAD_REQUEST, "?%.60s (%s)", name, NAMES(q->list, filters));
	if (f.test == LIST_IS && f.value.n == 0 && (f.column->maybe || !is_number(f.column)) &&
		f.column->kind != SHAPE_FLAG)
		f.test = LIST_NONE;
	if (f.test != LIST_NONE &&
		(!fits(f.column, f.value) || (f.test == LIST_HAS && !is_part(f.value))))
		return err_set(
			e, ERR_BAD_FILTER, "%.60s: %.*s", name, BYTES_ARG(type_shown(f.value)));
	if (f.test == LIST_IS && !is_word(f.column, f.value))
		return err_set(e, ERR_BAD_FILTER, "%.60s: %.*s (%s)", name,
			BYTES_ARG(type_shown(f.value)), list_words(f.column));
	return add_filter(q, f, name, e);
}

bool list_ask_take(struct list_ask *q, const char *name, const char *value, struct err *e)
{
	static const struct {
		const char *name;
		bool (*take)(struct list_ask *q, const char *value, struct err *e);
	} own[] = { { "limit", take_limit }, { "after", take_after }, { "sort", take_sort },
		{ "format", take_format } };
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(name, own[i].name) == 0)
			return own[i].take(q, value, e);
	if (q->list->at && strcmp(name, "at") == 0)
		return take_at(q, value, e);
	return take_filter(q, name, value, e);
}

/* ---- cursors ------------------------------------------------------------------------------ */

/* What a cursor says, each part ended by NUL: list, sort, mark, "v" and the value or "n", keys. */

/* The hash of all that decides which rows there are. */
static void put_mark(struct buf *b, const struct list_ask *q)
{
	struct sha256 s;
	uint8_t hash[SHA256_SIZE];
	sha256_init(&s);
	sha256_update_bytes(&s, q->within);
	sha256_update(&s, &q->at, sizeof q->at);
	for (size_t i = 0; i < q->filters; i++) {
		const struct list_filter *f = &q->filter[i];
		const char test = (char)f->test;
		sha256_update(&s, "", 1);
		sha256_update(&s, f->column->name, strlen(f->column->name) + 1);
		sha256_update(&s, &test, 1);
		sha256_update_bytes(&s, f->value);
	}
	sha256_final(&s, hash);
	buf_hex(b, hash, MARK_SIZE);
}

static void put_beginning(struct buf *b, const struct list_ask *q)
{
	buf_str(b, q->list->name);
	buf_byte(b, '\0');
	buf_str(b, q->descending ? "-" : "");
	buf_str(b, q->sort->name);
	buf_byte(b, '\0');
	put_mark(b, q);
	buf_byte(b, '\0');
}

const char *list_cursor(const struct list_ask *q, const struct list_place *p, struct arena *a)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(q->list, key);
	struct buf plain = buf_new(a, 256), out = buf_new(a, 512);
	put_beginning(&plain, q);
	buf_str(&plain, p->null ? "n" : "v");
	buf_bytes(&plain, p->null ? BYTES("") : p->value);
	for (size_t i = 0; i < keys; i++) {
		buf_byte(&plain, '\0');
		buf_bytes(&plain, p->key[i]);
	}
	text_put_base64(&out, plain.p, plain.n);
	while (out.p[out.n - 1] == '=')
		out.n--;
	for (size_t i = 0; i < out.n; i++)
		out.p[i] = out.p[i] == '+' ? '-' : out.p[i] == '/' ? '_' : out.p[i];
	return arena_strndup(a, out.p, out.n);
}

/* The bytes of a cursor; false where it is none. */
static bool decode(struct bytes cursor, struct arena *a, struct bytes *plain)
{
	struct buf b = buf_new(a, cursor.n + 4);
	for (size_t i = 0; i < cursor.n; i++) {
		char c = cursor.p[i];
		if (c == '+' || c == '/' || c == '=')
			return false;
		buf_byte(&b, (char)(c == '-' ? '+' : c == '_' ? '/' : c));
	}
	while (b.n % 4 != 0)
		buf_byte(&b, '=');
	char *out = arena_alloc(a, b.n + 1);
	plain->p = out;
	return text_base64(buf_view(&b), out, b.n, &plain->n);
}

static bool is_value(const struct list_column *c, struct bytes v)
{
	if (is_number(c))
		return is_int8(v);
	return v.n <= VALUE_MAX && text_is_utf8(v);
}

static bool read_place(struct list_ask *q, struct bytes rest)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(q->list, key);
	bool more;
	struct bytes v = bytes_cut(&rest, '\0', &more);
	if (v.n == 0 || (v.p[0] != 'v' && v.p[0] != 'n') || !more)
		return false;
	q->place = (struct list_place){ .set = true, .null = v.p[0] == 'n' };
	q->place.value = (struct bytes){ v.p + 1, v.n - 1 };
	if (q->place.null ? v.n > 1 || !q->sort->maybe : !is_value(q->sort, q->place.value))
		return false;
	for (size_t i = 0; i < keys; i++) {
		if (!more)
			return false;
		q->place.key[i] = bytes_cut(&rest, '\0', &more);
		if (!is_value(key[i], q->place.key[i]) ||
			(key[i] == q->sort && !bytes_equal(q->place.key[i], q->place.value)))
			return false;
	}
	return !more;
}

bool list_ask_end(struct list_ask *q, struct arena *a, struct err *e)
{
	struct bytes plain;
	struct buf beginning = buf_new(a, 256);
	if (q->after.p == NULL)
		return true;
	put_beginning(&beginning, q);
	if (decode(q->after, a, &plain) && bytes_starts(plain, buf_view(&beginning)) &&
		read_place(q, (struct bytes){ plain.p + beginning.n, plain.n - beginning.n }))
		return true;
	return err_set(e, ERR_BAD_CURSOR, "after");
}

/* ---- rows --------------------------------------------------------------------------------- */

struct bytes list_value(const struct db_rows *rows, size_t row, size_t column)
{
	const PGresult *res = rows->res;
	if (PQgetisnull(res, (int)row, (int)column))
		return (struct bytes){ NULL, 0 };
	return (struct bytes){ PQgetvalue(res, (int)row, (int)column),
		(size_t)PQgetlength(res, (int)row, (int)column) };
}

struct bytes list_told(const struct list *l, const struct db_rows *rows, size_t row, size_t column)
{
	struct bytes v = list_value(rows, row, column);
	enum list_saying says = l->columns[column].says;
	enum err_code code;
	if (says == SAYS_VALUE || v.p == NULL || !err_named(v.p, v.n, &code))
		return v;
	const struct err_row *known = err_row(code);
	switch (says) {
	case SAYS_ZH:
		return bytes_of(known->sentence[LANG_ZH]);
	case SAYS_EN:
		return bytes_of(known->sentence[LANG_EN]);
	case SAYS_REMEDY_ZH:
		return bytes_of(known->remedy[LANG_ZH]);
	case SAYS_REMEDY_EN:
		return bytes_of(known->remedy[LANG_EN]);
	case SAYS_VALUE:
		break;
	}
	return v;
}

/* The first characters of a text, as left() of PostgreSQL cuts it. */
static struct bytes left(struct bytes v)
{
	size_t chars = 0;
	for (size_t i = 0; i < v.n; i++)
		if (((unsigned char)v.p[i] & 0xc0) != 0x80 && ++chars > LIST_SORT_CHARS)
			return (struct bytes){ v.p, i };
	return v;
}

static struct bytes value_in(const struct list_ask *q, const struct list_column *c,
	const struct db_rows *rows, size_t row, struct arena *a)
{
	struct bytes v = list_value(rows, row, (size_t)(c - q->list->columns));
	if (c == q->sort)
		v = left(v);
	return v.p == NULL ? v : (struct bytes){ arena_strndup(a, v.p, v.n), v.n };
}

struct list_place list_place_after(
	const struct list_ask *q, const struct db_rows *rows, size_t row, struct arena *a)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(q->list, key);
	struct list_place p = { .set = true, .value = value_in(q, q->sort, rows, row, a) };
	p.null = p.value.p == NULL;
	for (size_t i = 0; i < keys; i++)
		p.key[i] = value_in(q, key[i], rows, row, a);
	return p;
}

static void put_value(struct buf *b, const struct list_column *c, struct bytes v)
{
	switch (c->kind) {
	case SHAPE_TEXT:
	case SHAPE_DATE:
	case SHAPE_HASH:
		json_put_text(b, v);
		return;
	case SHAPE_FLAG:
		buf_str(b, bytes_is(v, "t") ? "true" : "false");
		return;
	case SHAPE_NUMBER:
	case SHAPE_TIME:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ANY:
		buf_bytes(b, v);
		return;
	}
}

void list_put_json(struct buf *b, const struct list *l, const struct db_rows *rows, size_t row)
{
	buf_byte(b, '{');
	for (size_t i = 0; l->columns[i].name != NULL; i++) {
		struct bytes v = list_told(l, rows, row, i);
		buf_str(b, i > 0 ? ",\"" : "\"");
		buf_str(b, l->columns[i].name);
		buf_str(b, "\":");
		if (v.p == NULL)
			buf_str(b, "null");
		else
			put_value(b, &l->columns[i], v);
	}
	buf_byte(b, '}');
}
