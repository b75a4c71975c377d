#include "daemon/ctl/list.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_ROWS = 100, COLUMNS_MAX = 16, WIDTH_MAX = 40 };

/* ---- what is asked -------------------------------------------------------------------------- */

static const char *filled_path(struct ctl *c, const char *path)
{
	const char *hole = strstr(path, "{}");
	if (hole == NULL)
		return path;
	return arena_printf(
		c->arena, "%.*s%s%s", (int)(hole - path), path, url_text(c, c->o.arg[0]), hole + 2);
}

static void put_parameter(struct ctl *c, struct buf *b, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_str(b, memchr(b->p, '?', b->n) != NULL ? "&" : "?");
	buf_str(b, url_text(c, name));
	buf_byte(b, '=');
	buf_str(b, url_text(c, value));
}

static void put_filter(struct ctl *c, struct buf *b, const char *name, const char *value)
{
	buf_str(b, memchr(b->p, '?', b->n) != NULL ? "&" : "?");
	buf_str(b, url_text(c, name));
	buf_byte(b, '=');
	buf_str(b, url_text(c, value));
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n > m && strcmp(text + n - m, end) == 0;
}

/* The column of times that "at", "at_from" or "at_to" is about. */
static const struct list_column *time_column(
	struct ctl *c, const struct listing *l, const char *name)
{
	size_t n = strlen(name) - (ends_with(name, "_from") ? 5 : ends_with(name, "_to") ? 3 : 0);
	const struct list_column *k =
		list_column(l->list, bytes_of(arena_strndup(c->arena, name, n)));
	return k != NULL && k->kind == SHAPE_TIME ? k : NULL;
}

/* A day or a minute stands for all of its seconds. */
static bool put_time_filter(
	struct ctl *c, struct buf *b, const char *name, const char *value, int *code)
{
	int64_t first, last;
	bool from = ends_with(name, "_from"), to = ends_with(name, "_to");
	if (!time_range(value, &first, &last)) {
		*code = tell(c, ERR_BAD_TIME, "--filter \"%s=%s\"", name, value);
		return false;
	}
	const char *low = arena_printf(c->arena, "%lld", (long long)first),
		   *high = arena_printf(c->arena, "%lld", (long long)last);
	if (from || to || first == last) {
		put_filter(c, b, name, to ? high : low);
		return true;
	}
	put_filter(c, b, arena_printf(c->arena, "%s_from", name), low);
	put_filter(c, b, arena_printf(c->arena, "%s_to", name), high);
	return true;
}

/* An empty value asks for the rows without one: it is sent as well. */
static bool put_filters(struct ctl *c, const struct listing *l, struct buf *b, int *code)
{
	for (size_t i = 0; i < c->o.filter.n; i++) {
		const char *text = c->o.filter.text[i], *sign = strchr(text, '=');
		if (sign == NULL || sign == text) {
			*code = tell(c, ERR_USAGE, "--filter \"%s\": NAME=VALUE", text);
			return false;
		}
		const char *name = arena_strndup(c->arena, text, (size_t)(sign - text));
		bool time = sign[1] != '\0' && time_column(c, l, name) != NULL;
		if (!time)
			put_filter(c, b, name, sign + 1);
		else if (!put_time_filter(c, b, name, sign + 1, code))
			return false;
	}
	return true;
}

/* --at TIME, of a day its end. */
static bool put_at(struct ctl *c, struct buf *b, int *code)
{
	int64_t first, last;
	if (c->o.at == NULL)
		return true;
	if (!time_range(c->o.at, &first, &last)) {
		*code = tell(c, ERR_BAD_TIME, "--at %s", c->o.at);
		return false;
	}
	put_parameter(c, b, "at", arena_printf(c->arena, "%lld", (long long)last));
	return true;
}

/* Path, filters and order; the caller adds what belongs to a page or to a file. */
static bool begin_query(struct ctl *c, const struct listing *l, struct buf *b, int *code)
{
	*b = buf_new(c->arena, 128);
	buf_str(b, filled_path(c, l->path));
	put_parameter(c, b, "sort", c->o.sort != NULL ? c->o.sort : l->sort);
	if (l->list->of != NULL && c->o.args > 1)
		put_parameter(c, b, "key", c->o.arg[1]);
	put_parameter(c, b, "search", c->o.search);
	if (l->usual != NULL && !c->o.all && c->o.filter.n == 0) {
		buf_str(b, memchr(b->p, '?', b->n) != NULL ? "&" : "?");
		buf_str(b, l->usual);
	}
	return put_at(c, b, code) && put_filters(c, l, b, code);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* The server makes the file: the same rows as the pages, in the language of the one who asks. */
static int fetch_file(struct ctl *c, struct buf *query)
{
	bool terminal = c->o.output == NULL && isatty(STDOUT_FILENO) == 1;
	if (terminal && strcmp(c->o.format, "xlsx") == 0)
		return tell(c, ERR_USAGE, "-o FILE");
	put_parameter(c, query, "format", c->o.format);
	put_parameter(c, query, "limit", c->o.limit);
	buf_byte(query, '\0');
	return fetch_to_output(c, query->p);
}

/* ---- values --------------------------------------------------------------------------------- */

static const char *number_text(struct ctl *c, json_t *v)
{
	return arena_printf(c->arena, "%lld", (long long)json_integer_value(v));
}

static const char *json_text(struct ctl *c, json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *copy = arena_strdup(c->arena, text != NULL ? text : "");
	free(text);
	return copy;
}

/* "coordinator,clerk" word by word. */
static const char *words_text(struct ctl *c, const char *place, const char *text)
{
	struct buf b = buf_new(c->arena, 64);
	while (*text != '\0') {
		size_t n = strcspn(text, ",");
		buf_str(&b, word_in(c, place, arena_strndup(c->arena, text, n)));
		buf_str(&b, text[n] == ',' ? "," : "");
		text += n + (text[n] == ',');
	}
	buf_byte(&b, '\0');
	return b.p;
}

/* The name of an error as its sentence, where this program knows it. */
static const char *error_text(struct ctl *c, const char *name)
{
	enum err_code code;
	return c->lang == LANG_ZH && err_named(name, strlen(name), &code)
		       ? err_row(code)->sentence[LANG_ZH]
		       : name;
}

static const char *string_text(struct ctl *c, const struct list_column *k, const char *text)
{
	if (list_words(k) != NULL || is_wordy(k->name))
		return words_text(c, k->name, text);
	if (strcmp(k->name, "error") == 0)
		return error_text(c, text);
	return strcmp(k->name, "pulses") == 0 ? pulses_text(c, text) : text;
}

const char *value_text(struct ctl *c, const struct list_column *k, json_t *v)
{
	if (v == NULL || json_is_null(v))
		return "";
	if (json_is_string(v))
		return string_text(c, k, json_string_value(v));
	if (json_is_boolean(v))
		return json_is_true(v) ? TR(c, "是", "yes") : TR(c, "否", "no");
	if (json_is_integer(v))
		return k->kind == SHAPE_TIME ? time_text(c, json_integer_value(v))
					     : number_text(c, v);
	return json_text(c, v);
}

void show_members(struct ctl *c, const struct list *list, json_t *object)
{
	for (const struct list_column *k = list->columns; k->name != NULL; k++) {
		const char *text = value_text(c, k, json_object_get(object, k->name));
		if (text[0] == '\0')
			continue;
		printf("%s%s", TR(c, k->zh, k->en), TR(c, "：", ": "));
		put_clean(text);
		putchar('\n');
	}
}

/* ---- lines ---------------------------------------------------------------------------------- */

struct table {
	const struct list_column *column[COLUMNS_MAX];
	size_t width[COLUMNS_MAX], n;
	bool headed, noted;
};

static const struct list_column *column_named(const struct list *l, const char *name, size_t n)
{
	for (const struct list_column *k = l->columns; k->name != NULL; k++)
		if (strlen(k->name) == n && memcmp(k->name, name, n) == 0)
			return k;
	return NULL;
}

static struct table table_of(const struct listing *l)
{
	struct table t = { 0 };
	for (const char *p = l->shown; *p != '\0' && t.n < COLUMNS_MAX;) {
		size_t n = strcspn(p, " ");
		const struct list_column *k = column_named(l->list, p, n);
		if (k != NULL)
			t.column[t.n++] = k;
		p += n + (p[n] == ' ');
	}
	return t;
}

static void put_cell(const char *text, size_t width, bool right, bool last)
{
	size_t w = text_width(text), pad = w < width ? width - w : 0;
	if (right)
		printf("%*s", (int)pad, "");
	put_clean(text);
	if (!last)
		printf("%*s", (int)((right ? 0 : pad) + 2), "");
}

static bool right_hand(const struct list_column *k)
{
	return k->kind == SHAPE_NUMBER;
}

/* What is not there, or not for this reader, is told apart from what is empty. */
static const char *cell_text(struct ctl *c, const struct list_column *k, json_t *row)
{
	json_t *v = json_object_get(row, k->name);
	return v == NULL || json_is_null(v) ? "—" : value_text(c, k, v);
}

static void widen(struct ctl *c, struct table *t, json_t *rows)
{
	size_t i;
	json_t *row;
	for (size_t k = 0; k < t->n; k++) {
		size_t head = text_width(TR(c, t->column[k]->zh, t->column[k]->name));
		t->width[k] = head > t->width[k] ? head : t->width[k];
		json_array_foreach(rows, i, row)
		{
			size_t w = text_width(cell_text(c, t->column[k], row));
			if (w > t->width[k])
				t->width[k] = w < WIDTH_MAX ? w : WIDTH_MAX;
		}
	}
}

static void put_line(struct ctl *c, const struct table *t, json_t *row)
{
	for (size_t k = 0; k < t->n; k++) {
		const struct list_column *column = t->column[k];
		const char *text =
			row == NULL ? TR(c, column->zh, column->name) : cell_text(c, column, row);
		put_cell(text, t->width[k], right_hand(column), k + 1 == t->n);
	}
	putchar('\n');
}

static void put_head(struct ctl *c, const struct listing *l, struct table *t)
{
	if (!t->headed && !c->o.quiet && l->row == NULL)
		put_line(c, t, NULL);
	else if (!t->headed && !c->o.quiet && l->head[c->lang] != NULL)
		puts(l->head[c->lang]);
	t->headed = true;
}

static void put_rows(struct ctl *c, const struct listing *l, struct table *t, json_t *rows)
{
	size_t i;
	json_t *row;
	widen(c, t, rows);
	if (json_array_size(rows) > 0)
		put_head(c, l, t);
	json_array_foreach(rows, i, row)
	{
		if (l->row != NULL)
			l->row(c, row);
		else
			put_line(c, t, row);
		t->noted = t->noted || (l->noted != NULL && l->noted(row));
	}
}

/* ---- pages ---------------------------------------------------------------------------------- */

/* At most `most` rows of an array, no more. */
static void cut_rows(json_t *rows, int64_t most)
{
	while ((int64_t)json_array_size(rows) > most)
		json_array_remove(rows, json_array_size(rows) - 1);
}

struct pages {
	struct table table;
	json_t *kept; /* with --json: all rows */
	const char *next; /* "" at the end */
	int64_t told;
};

static bool one_page(
	struct ctl *c, const struct listing *l, struct pages *p, int64_t left, int *code)
{
	struct buf b;
	struct reply reply;
	if (!begin_query(c, l, &b, code))
		return false;
	if (left < PAGE_ROWS)
		put_parameter(c, &b, "limit", arena_printf(c->arena, "%lld", (long long)left));
	put_parameter(c, &b, "after", p->next);
	buf_byte(&b, '\0');
	if (!client_get(c, b.p, &reply, code))
		return false;
	json_t *rows = json_object_get(reply.json, l->list->name);
	cut_rows(rows, left);
	p->told += (int64_t)json_array_size(rows);
	p->next = arena_strdup(c->arena, member_text(reply.json, "next"));
	if (c->o.json)
		json_array_extend(p->kept, rows);
	else
		put_rows(c, l, &p->table, rows);
	client_forget(c);
	return true;
}

static void put_json(const struct listing *l, const struct pages *p)
{
	json_t *all = json_pack("{s:O, s:o}", l->list->name, p->kept, "next",
		p->next[0] != '\0' ? json_string(p->next) : json_null());
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void tell_end(struct ctl *c, const struct listing *l, const struct pages *p)
{
	if (p->table.noted)
		remark(c, "%s", l->note[c->lang]);
	if (p->told == 0)
		remark(c,
			c->o.filter.n > 0 ? TR(c, "没有符合条件的%s", "no %s that match")
					  : TR(c, "没有%s", "there are no %s"),
			TR(c, l->list->zh, l->list->en));
	else if (p->next[0] != '\0' && c->o.limit == NULL)
		remark(c, TR(c, "还有更多：--all 列出全部，--limit N 列出 N 行",
				  "there are more: --all for all of them, --limit N for N rows"));
}

int ctl_list(struct ctl *c)
{
	const struct listing *l = c->verb->with;
	struct pages p = { .next = "" };
	bool whole = c->o.all || (l->whole && c->o.limit == NULL);
	int64_t most = c->o.limit != NULL ? strtoll(c->o.limit, NULL, 10) : INT64_MAX;
	int code = CTL_OK;
	c->o.json = c->o.json || (c->o.format != NULL && strcmp(c->o.format, "json") == 0);
	if (c->o.format != NULL && strcmp(c->o.format, "json") != 0) {
		struct buf b;
		return begin_query(c, l, &b, &code) ? fetch_file(c, &b) : code;
	}
	p.kept = json_array();
	if (l->row == NULL)
		p.table = table_of(l);
	while (one_page(c, l, &p, most - p.told, &code) && p.next[0] != '\0' && p.told < most &&
		(whole || c->o.limit != NULL))
		;
	if (code == CTL_OK && c->o.json)
		put_json(l, &p);
	else if (code == CTL_OK)
		tell_end(c, l, &p);
	json_decref(p.kept);
	return code;
}
