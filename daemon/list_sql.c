/* The SQL of lists: put together from the constants of lists.c; every value is a parameter. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/list.h"

/* How a statement goes on from a place. */
enum place_kind { PLACE_START, PLACE_VALUE, PLACE_NULL };

struct text {
	struct buf sql;
	struct list_statement *s;
	int params;
};

/* ---- columns ------------------------------------------------------------------------------ */

static const char *type_of(const struct list_column *c)
{
	switch (c->kind) {
	case SHAPE_NUMBER:
	case SHAPE_TIME:
		return "int8";
	case SHAPE_FLAG:
		return "boolean";
	case SHAPE_TEXT:
	case SHAPE_DATE:
	case SHAPE_HASH:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ANY:
		break;
	}
	return "text";
}

static bool is_text(const struct list_column *c)
{
	return c->kind == SHAPE_TEXT || c->kind == SHAPE_DATE || c->kind == SHAPE_HASH;
}

/* `name`, in quotes. Texts are equal where their bytes are, and an index of any collation finds
 * them. */
static void put_name(struct buf *b, const struct list_column *c)
{
	buf_byte(b, '"');
	buf_str(b, c->name);
	buf_byte(b, '"');
}

/* With the order of bytes where it is a text. */
static void put_column(struct buf *b, const struct list_column *c)
{
	put_name(b, c);
	buf_str(b, is_text(c) ? " COLLATE \"C\"" : "");
}

static void put_param(struct text *t, const struct list_column *c, struct bytes value)
{
	t->s->param[t->params++] = DB_BYTES(value);
	buf_byte(&t->sql, '$');
	buf_u64(&t->sql, (uint64_t)t->params);
	buf_str(&t->sql, "::");
	buf_str(&t->sql, type_of(c));
}

/* ---- order -------------------------------------------------------------------------------- */

/* A text may be long, a cursor may not: its beginning decides, and then the key. */
static void put_sort(struct buf *b, const struct list_ask *q)
{
	if (q->sort->kind == SHAPE_TEXT && !list_is_key(q->list, q->sort)) {
		buf_str(b, "left(\"");
		buf_str(b, q->sort->name);
		buf_str(b, "\", 200) COLLATE \"C\"");
	} else {
		put_column(b, q->sort);
	}
}
_Static_assert(LIST_SORT_CHARS == 200, "put_sort says so too");

/* The columns that order the rows: the one asked for, then the key's others. */
static size_t order_of(const struct list_ask *q, const struct list_column **order)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(q->list, key), n = 0;
	order[n++] = q->sort;
	for (size_t i = 0; i < keys; i++)
		if (key[i] != q->sort)
			order[n++] = key[i];
	return n;
}

/* The value of the place for a member of the order. */
static struct bytes value_at(
	const struct list_place *p, const struct list *l, const struct list_column *c)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(l, key);
	for (size_t i = 0; i < keys; i++)
		if (key[i] == c)
			return p->key[i];
	return p->value;
}

/* Rows behind the place: (a, b, …) > (value, …), over the order's columns from `first` on. */
static void put_behind(struct text *t, const struct list_ask *q, size_t first)
{
	const struct list_column *order[LIST_KEYS + 1];
	size_t n = order_of(q, order);
	for (size_t i = first; i < n; i++) {
		buf_str(&t->sql, i > first ? ", " : "(");
		if (i == 0)
			put_sort(&t->sql, q);
		else
			put_column(&t->sql, order[i]);
	}
	buf_str(&t->sql, q->descending ? ") < (" : ") > (");
	for (size_t i = first; i < n; i++) {
		buf_str(&t->sql, i > first ? ", " : "");
		put_param(t, order[i], value_at(&q->place, q->list, order[i]));
	}
	buf_byte(&t->sql, ')');
}

static void put_is_null(struct text *t, const struct list_column *c, const char *rest)
{
	put_name(&t->sql, c);
	buf_str(&t->sql, " IS NULL");
	buf_str(&t->sql, rest);
}

static void put_place(struct text *t, const struct list_ask *q)
{
	if (!q->sort->maybe) {
		put_behind(t, q, 0);
	} else if (q->place.null) {
		put_is_null(t, q->sort, " AND ");
		put_behind(t, q, 1);
	} else {
		buf_byte(&t->sql, '(');
		put_is_null(t, q->sort, " OR ");
		put_behind(t, q, 0);
		buf_byte(&t->sql, ')');
	}
}

static void put_order(struct text *t, const struct list_ask *q)
{
	const struct list_column *order[LIST_KEYS + 1];
	size_t n = order_of(q, order);
	buf_str(&t->sql, "\n ORDER BY ");
	for (size_t i = 0; i < n; i++) {
		buf_str(&t->sql, i > 0 ? ", " : "");
		if (i == 0)
			put_sort(&t->sql, q);
		else
			put_column(&t->sql, order[i]);
		buf_str(&t->sql, q->descending ? " DESC" : "");
		/* a column without NULLs keeps the order of an index read backwards */
		buf_str(&t->sql, order[i]->maybe ? " NULLS LAST" : "");
	}
}

/* ---- filters ------------------------------------------------------------------------------ */

static void put_and(struct text *t, bool *first)
{
	buf_str(&t->sql, *first ? "\n WHERE " : "\n   AND ");
	*first = false;
}

/* One end of a range of a timestamptz, from the second of a parameter on. */
static void put_stamp(struct text *t, const struct list_filter *f, const char *than, int later)
{
	buf_byte(&t->sql, '"');
	buf_str(&t->sql, f->column->stamp);
	buf_str(&t->sql, than);
	/* what lies beyond every time would be an error of to_timestamp */
	buf_str(&t->sql, "to_timestamp(least(greatest(");
	put_param(t, f->column, f->value);
	buf_str(&t->sql, later ? ", 0), 253402300799) + 1)" : ", 0), 253402300799))");
}

static void put_time_filter(struct text *t, const struct list_filter *f)
{
	if (f->test != LIST_TO)
		put_stamp(t, f, "\" >= ", 0);
	if (f->test == LIST_IS)
		buf_str(&t->sql, " AND ");
	if (f->test != LIST_FROM)
		put_stamp(t, f, "\" < ", 1);
}

/* A view of what holds now is read whole unless its keys are told: a condition on anything else
 * is looked at when the last fact of each key has been found. */
static void put_keys(struct text *t, const struct list_filter *f)
{
	if (f->column->keys == NULL || (f->test != LIST_IS && f->test != LIST_HAS))
		return;
	buf_str(&t->sql, " AND \"key\" = ANY (ARRAY(SELECT k FROM ");
	buf_str(&t->sql, f->column->keys);
	buf_byte(&t->sql, '(');
	put_param(t, f->column, f->value);
	buf_str(&t->sql, ") k))");
}

static void put_filter(struct text *t, const struct list_filter *f)
{
	const struct list_column *c = f->column;
	if (c->stamp != NULL && f->test != LIST_NONE) {
		put_time_filter(t, f);
		return;
	}
	switch (f->test) {
	case LIST_IS:
		put_name(&t->sql, c);
		buf_str(&t->sql, " = ");
		put_param(t, c, f->value);
		return;
	case LIST_NONE:
		buf_byte(&t->sql, '(');
		put_is_null(t, c, is_text(c) ? " OR " : ")");
		if (is_text(c)) {
			put_name(&t->sql, c);
			buf_str(&t->sql, " = '')");
		}
		return;
	case LIST_FROM:
		put_column(&t->sql, c);
		buf_str(&t->sql, " >= ");
		put_param(t, c, f->value);
		return;
	case LIST_TO:
		/* a day that is empty is none */
		put_column(&t->sql, c);
		buf_str(&t->sql, is_text(c) ? " BETWEEN '1' AND " : " <= ");
		put_param(t, c, f->value);
		return;
	case LIST_HAS:
		buf_str(&t->sql, "strpos(lower(");
		put_name(&t->sql, c);
		buf_str(&t->sql, "), lower(");
		put_param(t, c, f->value);
		buf_str(&t->sql, ")) > 0");
		return;
	}
}

static void put_where(struct text *t, const struct list_ask *q)
{
	bool first = true;
	if (q->list->within != NULL) {
		const struct list_column within = { .name = q->list->within,
			.kind = strncmp(queries[q->list->parent].types, "int8", 4) == 0
					? SHAPE_NUMBER
					: SHAPE_TEXT };
		put_and(t, &first);
		put_name(&t->sql, &within);
		buf_str(&t->sql, " = ");
		put_param(t, &within, q->within);
	}
	for (size_t i = 0; i < q->filters; i++) {
		put_and(t, &first);
		put_filter(t, &q->filter[i]);
		put_keys(t, &q->filter[i]);
	}
	if (q->place.set) {
		put_and(t, &first);
		put_place(t, q);
	}
}

/* ---- statements --------------------------------------------------------------------------- */

static void put_statement(
	struct text *t, const struct list_ask *q, struct bytes rows, struct bytes seconds)
{
	static const struct list_column limit = { .name = "limit", .kind = SHAPE_NUMBER };
	buf_str(&t->sql, "SELECT ");
	for (const struct list_column *c = q->list->columns; c->name != NULL; c++) {
		buf_str(&t->sql, c > q->list->columns ? ", " : "");
		put_name(&t->sql, c);
	}
	buf_str(&t->sql, "\n  FROM ");
	buf_str(&t->sql, q->list->view);
	if (q->at_set) {
		static const struct list_column at = { .name = "at", .kind = SHAPE_NUMBER };
		buf_str(&t->sql, "_at(");
		put_param(t, &at, seconds);
		buf_byte(&t->sql, ')');
	}
	put_where(t, q);
	put_order(t, q);
	buf_str(&t->sql, "\n LIMIT ");
	put_param(t, &limit, rows);
	buf_byte(&t->sql, '\0');
}

static enum place_kind place_kind(const struct list_ask *q)
{
	return !q->place.set ? PLACE_START : q->place.null ? PLACE_NULL : PLACE_VALUE;
}

/* Is it one of the few that stay prepared? */
static bool is_kept(const struct list_ask *q)
{
	return q->filters == 0 && !q->at_set;
}

/* "list_jobs.-created.after", "… .filtered", "list_rows.items.key" */
static const char *name_of(const struct list_ask *q, struct arena *a)
{
	static const char *const places[] = { "", ".after", ".after-null" };
	const struct list *l = q->list;
	return arena_printf(a, "list_%s.%s%s%s%s%s", l->name, l->of_name != NULL ? l->of_name : "",
		q->descending ? "-" : "", q->sort->name, places[place_kind(q)],
		is_kept(q) ? "" : ".filtered");
}

/* Statements without filters, made when they are first asked for: by list, column of the sort,
 * direction and place. They are never freed: connections know them by their address. */
enum { KEPT_LISTS = 80, KEPT_SORTS = 32 };
static struct query kept[KEPT_LISTS][KEPT_SORTS][2][3];

static struct query *kept_of(const struct list_ask *q)
{
	size_t list = 0, sort = 0;
	while (list_each(list) != q->list)
		list++;
	for (const struct list_column *c = q->list->columns; c < q->sort; c++)
		sort += c->sorts;
	assert(list < KEPT_LISTS && sort < KEPT_SORTS);
	return &kept[list][sort][q->descending][place_kind(q)];
}

static struct arena *kept_arena(void)
{
	static struct arena *a;
	if (a == NULL)
		a = arena_new();
	return a;
}

void list_statement(
	struct list_statement *s, const struct list_ask *q, int64_t rows, struct arena *a)
{
	struct query *query = is_kept(q) ? kept_of(q) : arena_calloc(a, 1, sizeof(struct query));
	/* made each time, for the parameters; what was kept has the same text */
	struct text t = { .sql = buf_new(a, 1024), .s = s };
	put_statement(&t, q, bytes_of(arena_printf(a, "%lld", (long long)rows)),
		bytes_of(arena_printf(a, "%lld", (long long)q->at)));
	s->query = query;
	if (query->text != NULL)
		return;
	struct arena *home = is_kept(q) ? kept_arena() : a;
	*query = (struct query){ .name = name_of(q, home),
		.text = arena_strndup(home, t.sql.p, t.sql.n - 1),
		.params = t.params,
		.types = "",
		.once = !is_kept(q) };
}

/* ---- all of them -------------------------------------------------------------------------- */

struct walk {
	bool (*each)(void *ctx, const struct query *q);
	void *ctx;
	struct arena *arena;
};

static bool each_place(const struct walk *w, struct list_ask q)
{
	for (int place = PLACE_START; place <= (q.sort->maybe ? PLACE_NULL : PLACE_VALUE);
		place++) {
		struct list_statement s;
		q.place = (struct list_place){ .set = place != PLACE_START,
			.null = place == PLACE_NULL };
		list_statement(&s, &q, 1, w->arena);
		if (!w->each(w->ctx, s.query))
			return false;
	}
	return true;
}

static bool each_sort(const struct walk *w, struct list_ask q)
{
	for (const struct list_column *c = q.list->columns; c->name != NULL; c++)
		for (int descending = 0; c->sorts && descending < 2; descending++) {
			q.sort = c;
			q.descending = descending == 1;
			if (!each_place(w, q))
				return false;
		}
	return true;
}

static bool can_ask(const struct list *l, const struct list_column *c, enum list_test test)
{
	if (test == LIST_HAS)
		return l->search != NULL && strcmp(l->search, c->name) == 0;
	return c->filters && (test <= LIST_NONE || list_has_range(c));
}

static bool each_filter(const struct walk *w, const struct list *l)
{
	struct list_ask all = list_ask_new(l, 1);
	for (const struct list_column *c = l->columns; c->name != NULL; c++)
		for (int test = LIST_IS; test <= LIST_HAS; test++) {
			struct list_ask one = list_ask_new(l, 1);
			if (!can_ask(l, c, (enum list_test)test))
				continue;
			one.filter[one.filters++] =
				(struct list_filter){ c, (enum list_test)test, BYTES("") };
			if (all.filters < LIST_FILTERS)
				all.filter[all.filters++] = one.filter[0];
			if (!each_sort(w, one))
				return false;
		}
	return each_sort(w, all);
}

static bool each_at(const struct walk *w, const struct list *l)
{
	struct list_ask q = list_ask_new(l, 1);
	q.at_set = l->at;
	return !l->at || each_sort(w, q);
}

bool list_statements(bool (*each)(void *ctx, const struct query *q), void *ctx)
{
	const struct list *l;
	for (size_t i = 0; (l = list_each(i)) != NULL; i++) {
		ARENA_AUTO a = arena_new();
		const struct walk w = { each, ctx, a };
		if (!each_sort(&w, list_ask_new(l, 1)) || !each_filter(&w, l) || !each_at(&w, l))
			return false;
	}
	return true;
}
