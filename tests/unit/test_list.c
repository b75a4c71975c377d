/* daemon/list*.c: the tables, what callers ask, cursors, and the SQL made of them. */
#include "tests/unit/test.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/dbasync.h"
#include "daemon/list.h"
#include "daemon/register/registers.h"
#include "sampler/base/arena.h"
#include "sampler/base/text.h"

static uint64_t state = 88172645463325252U;

static uint64_t any(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static struct list_ask asked(const struct list *l, const char *const (*sent)[2], struct arena *a)
{
	struct list_ask q = list_ask_new(l, 100);
	struct err e = { 0 };
	for (; (*sent)[0] != NULL; sent++)
		if (!list_ask_take(&q, (*sent)[0], (*sent)[1], &e))
			fail_msg("%s=%s: %s", (*sent)[0], (*sent)[1], e.what);
	assert_true(list_ask_end(&q, a, &e));
	return q;
}
/* ASKED(list, arena, { "sort", "id" }, …, END) */
#define END \
	{ \
		NULL, NULL \
	}
#define ASKED(l, a, ...) asked((l), (const char *const[][2]){ __VA_ARGS__ }, (a))

/* ---- the tables --------------------------------------------------------------------------- */

static bool can_take_part(const struct list_column *c)
{
	return c->kind != SHAPE_OBJECT && c->kind != SHAPE_LIST && c->kind != SHAPE_MAP &&
	       c->kind != SHAPE_ANY;
}

static void check_column(const struct list *l, const struct list_column *c)
{
	static const char *const taken[] = { "limit", "after", "sort", "format" };
	char from[80], to[80];
	assert_true(c->zh != NULL && c->zh[0] != '\0' && c->en != NULL && c->en[0] != '\0');
	for (size_t i = 0; i < 4; i++)
		assert_true(!c->filters || strcmp(c->name, taken[i]) != 0);
	assert_true(!(c->sorts || c->filters) || can_take_part(c));
	assert_true(!c->sorts || c->kind != SHAPE_FLAG);
	snprintf(from, sizeof from, "%s_from", c->name);
	snprintf(to, sizeof to, "%s_to", c->name);
	assert_null(list_column(l, bytes_of(from)));
	assert_null(list_column(l, bytes_of(to)));
	assert_ptr_equal(list_column(l, bytes_of(c->name)), c);
	assert_int_equal(strspn(c->name, "abcdefghijklmnopqrstuvwxyz_-"), strlen(c->name));
}

static void tables(void **unused)
{
	(void)unused;
	for (size_t i = 0; lists[i] != NULL; i++) {
		const struct list *l = lists[i];
		const struct list_column *key[LIST_KEYS];
		size_t keys = list_keys(l, key);
		for (size_t k = 0; k < keys; k++)
			assert_true(key[k] != NULL && !key[k]->maybe && can_take_part(key[k]));
		const struct list_column *order = list_column(l, bytes_of(l->order));
		assert_true(order != NULL && order->sorts);
		for (const struct list_column *c = l->columns; c->name != NULL; c++)
			check_column(l, c);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(lists[j]->name, l->name);
		if (l->within != NULL)
			assert_int_equal(queries[l->parent].params, 1);
	}
}

/* ---- what is asked ------------------------------------------------------------------------ */

static void refused(const struct list *l, const char *name, const char *value, enum err_code code)
{
	struct list_ask q = list_ask_new(l, 100);
	struct err e = { 0 };
	if (list_ask_take(&q, name, value, &e) || e.code != code)
		fail_msg("%s=%s: %s", name, value, err_row(e.code)->name);
}

static void parameters(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_ask q = ASKED(&list_jobs, a, { "state", "done" }, { "sort", "-finished" },
		{ "created_to", "-5" }, { "limit", "7" }, { "department", "" },
		{ "created_from", "-9223372036854775808" }, { "format", "jsonl" }, END);
	assert_string_equal(q.sort->name, "finished");
	assert_true(q.descending);
	assert_int_equal(q.limit, 7);
	assert_int_equal(q.format, LIST_JSON_LINES);
	assert_int_equal(q.filters, 4);
	assert_string_equal(q.filter[0].column->name, "state");
	assert_int_equal(q.filter[1].test, LIST_NONE);
	assert_int_equal(q.filter[2].test, LIST_FROM);
	assert_int_equal(q.filter[3].test, LIST_TO);
	refused(&list_jobs, "limit", "0", ERR_BAD_NUMBER);
	refused(&list_jobs, "limit", "101", ERR_BAD_NUMBER);
	refused(&list_jobs, "limit", "", ERR_BAD_NUMBER);
	refused(&list_jobs, "sort", "", ERR_BAD_SORT);
	refused(&list_jobs, "sort", "--id", ERR_BAD_SORT);
	refused(&list_jobs, "sort", "done", ERR_BAD_SORT);
	refused(&list_jobs, "sort", "id;drop", ERR_BAD_SORT);
	refused(&list_jobs, "format", "xml", ERR_BAD_FORMAT);
	refused(&list_jobs, "before", "1", ERR_BAD_REQUEST);
	refused(&list_jobs, "done", "1", ERR_BAD_REQUEST); /* a column that does not filter */
	refused(&list_jobs, "kind_from", "a", ERR_BAD_REQUEST);
	refused(&list_jobs, "id", "", ERR_BAD_FILTER);
	refused(&list_jobs, "id", "01", ERR_BAD_FILTER);
	refused(&list_jobs, "id", "9223372036854775808", ERR_BAD_FILTER);
	refused(&list_jobs, "id", "-0", ERR_BAD_FILTER);
	refused(&list_jobs, "id", "1'", ERR_BAD_FILTER);
	refused(&list_jobs, "state", "a\x1f", ERR_BAD_FILTER);
	refused(&list_jobs, "state", "\xff", ERR_BAD_FILTER);
	refused(&list_jobs, "state", "don", ERR_BAD_FILTER);
	refused(&list_jobs, "state", "done,failed", ERR_BAD_FILTER);
	refused(&list_motions, "kind", "frieze", ERR_BAD_FILTER);
	refused(&list_rounds, "demo", "1", ERR_BAD_FILTER);
	refused(&list_rounds, "demo", "", ERR_BAD_FILTER);
	refused(&list_rounds, "reveal_after_from", "2026-02-30", ERR_BAD_FILTER);
}

static void twice(void **unused)
{
	static const char *const sent[][2] = { { "limit", "5" }, { "sort", "id" }, { "after", "x" },
		{ "format", "csv" }, { "state", "done" }, { "created_from", "1" } };
	(void)unused;
	for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
		struct list_ask q = list_ask_new(&list_jobs, 100);
		struct err e = { 0 };
		assert_true(list_ask_take(&q, sent[i][0], sent[i][1], &e));
		assert_false(list_ask_take(&q, sent[i][0], sent[i][1], &e));
		assert_int_equal(e.code, ERR_BAD_REQUEST);
	}
	struct list_ask q = list_ask_new(&list_jobs, 100);
	struct err e = { 0 };
	assert_true(list_ask_take(&q, "state", "", &e));
	assert_false(list_ask_take(&q, "state", "done", &e));
}

/* ---- cursors ------------------------------------------------------------------------------ */

/* A text without NUL: what PostgreSQL could hold. */
static struct bytes random_text(struct arena *a, size_t chars_max)
{
	static const char *const pieces[] = { "a", "Z", "0", "'", "\"", "\\", "\n", "\x01", "é",
		"市", "\xf0\x9f\x98\x80", " ", ",", "~", "\x7f", "\xc2\x80" };
	struct buf b = buf_new(a, 64);
	size_t n = any(chars_max + 1);
	while (n-- > 0)
		buf_str(&b, pieces[any(sizeof pieces / sizeof *pieces)]);
	return buf_view(&b);
}

static struct bytes random_value(const struct list_column *c, struct arena *a)
{
	char text[32];
	if (c->kind != SHAPE_NUMBER && c->kind != SHAPE_TIME)
		return random_text(a, any(4) == 0 ? LIST_SORT_CHARS : 12);
	int64_t v = (int64_t)(any(1U << 31) << 33 | any(1U << 31)) >> any(63);
	snprintf(text, sizeof text, "%lld", (long long)v);
	return bytes_of(arena_strdup(a, text));
}

static struct list_ask random_ask(const struct list *l, struct arena *a)
{
	struct list_ask q = list_ask_new(l, 100);
	size_t columns = 0;
	while (l->columns[columns].name != NULL)
		columns++;
	do
		q.sort = &l->columns[any(columns)];
	while (!q.sort->sorts);
	q.descending = any(2) == 1;
	q.within = random_text(a, 5);
	return q;
}

static struct list_place random_place(const struct list_ask *q, struct arena *a)
{
	const struct list_column *key[LIST_KEYS];
	struct list_place p = { .set = true, .null = q->sort->maybe && any(3) == 0 };
	size_t keys = list_keys(q->list, key);
	if (!p.null)
		p.value = random_value(q->sort, a);
	for (size_t i = 0; i < keys; i++)
		p.key[i] = key[i] == q->sort ? p.value : random_value(key[i], a);
	return p;
}

static void assert_same_place(
	const struct list *l, const struct list_place *a, const struct list_place *b)
{
	const struct list_column *key[LIST_KEYS];
	size_t keys = list_keys(l, key);
	assert_int_equal(a->null, b->null);
	assert_true(a->null || bytes_equal(a->value, b->value));
	for (size_t i = 0; i < keys; i++)
		assert_true(bytes_equal(a->key[i], b->key[i]));
}

/* What a cursor says comes back; it holds for nothing else. */
static void cursors(void **unused)
{
	(void)unused;
	for (int round = 0; round < 4000; round++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		size_t n = 0;
		while (lists[n] != NULL)
			n++;
		struct list_ask q = random_ask(lists[any(n)], a);
		const struct list_place p = random_place(&q, a);
		const char *text = list_cursor(&q, &p, a);
		assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					      "0123456789_-"),
			strlen(text));
		q.after = bytes_of(text);
		assert_true(list_ask_end(&q, a, &e));
		assert_true(q.place.set);
		assert_same_place(q.list, &p, &q.place);

		struct list_ask other = q;
		other.descending = !q.descending;
		assert_false(list_ask_end(&other, a, &e));
		assert_int_equal(e.code, ERR_BAD_CURSOR);
		other = q;
		other.within = random_text(a, 5);
		assert_int_equal(list_ask_end(&other, a, &e), bytes_equal(other.within, q.within));
		other = random_ask(lists[any(n)], a);
		other.within = q.within;
		other.after = q.after;
		assert_int_equal(list_ask_end(&other, a, &e),
			other.list == q.list && other.sort == q.sort &&
				other.descending == q.descending);
	}
}

/* Rows of a query without filters are not those of one with them. */
static void cursors_know_filters(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	const struct list_place p = { .set = true, .value = BYTES("5"), .key = { BYTES("5") } };
	struct list_ask q = ASKED(&list_jobs, a, { "state", "done" }, { "created_to", "9" }, END);
	const char *text = list_cursor(&q, &p, a);
	struct list_ask same = ASKED(
		&list_jobs, a, { "created_to", "9" }, { "after", text }, { "state", "done" }, END);
	assert_true(same.place.set);
	static const char *const others[][2] = { { "state", "failed" }, { "kind", "done" },
		{ "created_from", "9" }, { "created", "9" }, { "state", "" } };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct list_ask other = list_ask_new(&list_jobs, 100);
		assert_true(list_ask_take(&other, "after", text, &e));
		assert_true(list_ask_take(&other, others[i][0], others[i][1], &e));
		assert_true(i == 2 || i == 3 || list_ask_take(&other, "created_to", "9", &e));
		assert_true(i == 0 || i == 4 || list_ask_take(&other, "state", "done", &e));
		assert_false(list_ask_end(&other, a, &e));
	}
}

/* Changed anywhere it is refused, or says a place of the right form. */
static void broken_cursors(void **unused)
{
	static const char letters[] = "ABCabc019_-+/= ~";
	(void)unused;
	for (int round = 0; round < 4000; round++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		struct list_ask q = random_ask(&list_visits, a);
		const struct list_place p = random_place(&q, a);
		const char *was = list_cursor(&q, &p, a);
		char *text = arena_strdup(a, was);
		size_t n = strlen(text);
		if (any(3) == 0)
			text[any(n)] = '\0';
		else
			text[any(n)] = letters[any(sizeof letters - 1)];
		q.after = bytes_of(text);
		if (list_ask_end(&q, a, &e)) {
			assert_string_equal(list_cursor(&q, &q.place, a), text);
			uint64_t v;
			assert_true(text_is_utf8(q.place.key[0]));
			struct bytes digits = q.place.key[1];
			if (digits.n > 0 && digits.p[0] == '-')
				digits = (struct bytes){ digits.p + 1, digits.n - 1 };
			assert_true(text_u64(digits, (uint64_t)INT64_MAX + 1, &v));
		} else {
			assert_int_equal(e.code, ERR_BAD_CURSOR);
		}
	}
	static const char *const none[] = { "", "A", "AA", "====", "am9icw", "%00",
		"am9icwAtaWQA" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		ARENA_AUTO a = arena_new();
		struct err e = { 0 };
		struct list_ask q = list_ask_new(&list_jobs, 100);
		assert_true(list_ask_take(&q, "after", none[i], &e));
		assert_false(list_ask_end(&q, a, &e));
		assert_int_equal(e.code, ERR_BAD_CURSOR);
	}
}

/* ---- SQL ---------------------------------------------------------------------------------- */

static const char *tail_of(const struct list_statement *s)
{
	const char *where = strstr(s->query->text, "\n WHERE");
	return where != NULL ? where : strstr(s->query->text, "\n ORDER");
}

static void statements(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_statement s;
	const struct list_place p = {
		.set = true, .value = BYTES("v"), .key = { BYTES("k1"), BYTES("k2") }
	};
	const struct list_place null = { .set = true, .null = true, .key = { BYTES("7") } };

	struct list_ask q = ASKED(&list_jobs, a, END);
	list_statement(&s, &q, 11, a);
	assert_string_equal(s.query->name, "list_jobs.-id");
	assert_string_equal(tail_of(&s), "\n ORDER BY \"id\" DESC\n LIMIT $1::int8");
	assert_int_equal(s.query->params, 1);
	assert_false(s.query->once);

	q.place = p;
	list_statement(&s, &q, 11, a);
	assert_string_equal(tail_of(&s), "\n WHERE (\"id\") < ($1::int8)\n ORDER BY \"id\" DESC"
					 "\n LIMIT $2::int8");
	assert_true(bytes_is(s.param[0].b, "k1"));
	assert_true(bytes_is(s.param[1].b, "11"));

	q = ASKED(&list_visits, a, { "sort", "mode" }, { "day_to", "2026-03-31" }, { "leader", "" },
		END);
	q.within = BYTES("2026-0001");
	q.place = p;
	list_statement(&s, &q, 11, a);
	assert_string_equal(s.query->name, "list_visits.mode.after.filtered");
	assert_true(s.query->once);
	assert_string_equal(tail_of(&s),
		"\n WHERE \"round\" = $1::text"
		"\n   AND \"day\" COLLATE \"C\" BETWEEN '1' AND $2::text"
		"\n   AND (\"leader\" IS NULL OR \"leader\" = '')"
		"\n   AND (left(\"mode\", 200) COLLATE \"C\", \"object\" COLLATE \"C\", \"ordinal\")"
		" > ($3::text, $4::text, $5::int8)"
		"\n ORDER BY left(\"mode\", 200) COLLATE \"C\", \"object\" COLLATE \"C\", \"ordinal\""
		"\n LIMIT $6::int8");
	assert_int_equal(s.query->params, 6);

	q = ASKED(&list_jobs, a, { "sort", "-finished" }, END);
	q.place = p;
	list_statement(&s, &q, 11, a);
	assert_string_equal(tail_of(&s),
		"\n WHERE (\"finished\" IS NULL OR (\"finished\", \"id\") < ($1::int8, $2::int8))"
		"\n ORDER BY \"finished\" DESC NULLS LAST, \"id\" DESC\n LIMIT $3::int8");
	q.place = null;
	list_statement(&s, &q, 11, a);
	assert_string_equal(tail_of(&s),
		"\n WHERE \"finished\" IS NULL AND (\"id\") < ($1::int8)"
		"\n ORDER BY \"finished\" DESC NULLS LAST, \"id\" DESC\n LIMIT $2::int8");
}

/* The text of a statement never depends on a value. */
static void values_stay_out(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_statement plain, evil;
	struct list_ask q = ASKED(&list_imports, a, { "source", "x" }, { "sort", "provider" }, END);
	struct list_ask w = ASKED(&list_imports, a, { "source", "'; DROP TABLE job; --" },
		{ "sort", "provider" }, END);
	q.place = (struct list_place){ .set = true, .value = BYTES("a"), .key = { BYTES("1") } };
	w.place =
		(struct list_place){ .set = true, .value = BYTES("$1'\""), .key = { BYTES("2") } };
	list_statement(&plain, &q, 5, a);
	list_statement(&evil, &w, 5, a);
	assert_string_equal(plain.query->text, evil.query->text);
	assert_true(bytes_is(evil.param[0].b, "'; DROP TABLE job; --"));
}

/* Kept statements are made once, and each has its own name. */
static bool note_statement(void *ctx, const struct query *q)
{
	size_t *n = ctx;
	int top = 0;
	for (const char *at = q->text; (at = strchr(at, '$')) != NULL; at++)
		top = atoi(at + 1) > top ? atoi(at + 1) : top;
	assert_int_equal(top, q->params);
	assert_true(q->params <= DB_PARAMS_MAX);
	assert_true(strlen(q->name) < 64); /* names of prepared statements end there */
	n[q->once]++;
	return true;
}

static void every_statement(void **unused)
{
	size_t n[2] = { 0, 0 };
	(void)unused;
	assert_true(list_statements(note_statement, n));
	assert_true(n[0] > 200 && n[1] > 2000);
	ARENA_AUTO a = arena_new();
	struct list_statement s, t;
	struct list_ask q = ASKED(&list_audit, a, END);
	list_statement(&s, &q, 5, a);
	list_statement(&t, &q, 6, a);
	assert_ptr_equal(s.query, t.query);
}

/* ---- rows --------------------------------------------------------------------------------- */

static PGresult *result_of(const struct list *l, struct arena *a)
{
	PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc d[64] = { 0 };
	int n = 0;
	for (; l->columns[n].name != NULL; n++) {
		d[n].name = arena_strdup(a, l->columns[n].name);
		d[n].typid = 25;
	}
	assert_int_equal(PQsetResultAttrs(res, n, d), 1);
	return res;
}

static void put(PGresult *res, int column, const char *value)
{
	char copy[1000];
	snprintf(copy, sizeof copy, "%s", value != NULL ? value : "");
	assert_int_equal(PQsetvalue(res, 0, column, value != NULL ? copy : NULL,
				 value != NULL ? (int)strlen(copy) : -1),
		1);
}

static void rows_become_json(void **unused)
{
	static const char *const values[] = { "2026-0001", "drawn", "t", "一\"\n", NULL, "ssq", "0",
		"5", "2026-01-01", "2026-02-01", "audit", NULL };
	(void)unused;
	ARENA_AUTO a = arena_new();
	PGresult *res = result_of(&list_rounds, a);
	for (int i = 0; i < 12; i++)
		put(res, i, values[i]);
	const struct db_rows rows = { res, 1, 0 };
	struct buf b = buf_new(a, 64);
	list_put_json(&b, &list_rounds, &rows, 0);
	buf_byte(&b, '\0');
	assert_string_equal(b.p,
		"{\"id\":\"2026-0001\",\"state\":\"drawn\",\"demo\":true,\"name\":\"一\\\"\\u000a\","
		"\"departments\":null,\"pulses\":\"ssq\",\"delta\":0,\"draw_deadline\":5,"
		"\"reveal_after\":\"2026-01-01\",\"results_due\":\"2026-02-01\","
		"\"disclosure\":\"audit\",\"created\":null}");
	PQclear(res);
}

static void long_values_are_cut(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	char name[3 * 250 + 1] = "";
	for (int i = 0; i < 250; i++)
		memcpy(name + 3 * i, "市", 4);
	PGresult *res = result_of(&list_rounds, a);
	put(res, 0, "2026-0001");
	put(res, 3, name);
	const struct db_rows rows = { res, 1, 0 };
	struct list_ask q = ASKED(&list_rounds, a, { "sort", "name" }, END);
	struct list_place p = list_place_after(&q, &rows, 0, a);
	assert_int_equal(p.value.n, 3 * LIST_SORT_CHARS);
	assert_memory_equal(p.value.p, name, p.value.n);
	assert_true(bytes_is(p.key[0], "2026-0001"));
	struct err e = { 0 };
	q.after = bytes_of(list_cursor(&q, &p, a));
	assert_true(q.after.n < 1500); /* the part behind `?` is 2048 bytes at most */
	assert_true(list_ask_end(&q, a, &e));
	PQclear(res);
}

/* ---- registers ---------------------------------------------------------------------------- */

/* Each register has rows and a history of its own, with its facts as columns. */
static void registers_have_lists(void **unused)
{
	(void)unused;
	const struct list *l;
	size_t n = 0;
	for (size_t i = 0; (l = list_each(i)) != NULL; i++) {
		const struct list_column *key[LIST_KEYS];
		assert_null(l->of);
		assert_non_null(l->view);
		n += l->of_name != NULL;
		for (const struct list_column *c = l->columns; c->name != NULL; c++)
			check_column(l, c);
		for (size_t k = list_keys(l, key); k > 0; k--)
			assert_true(key[k - 1] != NULL && !key[k - 1]->maybe);
	}
	assert_int_equal(n, 2 * REGISTERS);
	for (size_t i = 0; i < REGISTERS; i++) {
		const struct bytes name = bytes_of(registers[i].name);
		const struct list *rows = list_rows_of(name), *history = list_history_of(name);
		assert_string_equal(rows->name, "rows");
		assert_string_equal(rows->columns[0].name, "key");
		for (size_t k = 1; k < registers[i].facts; k++)
			assert_string_equal(rows->columns[k].name, registers[i].fact[k].name);
		/* what all of them are told to have, each has */
		for (const struct list_column *c = list_rows.columns; c->name != NULL; c++)
			assert_true(c->maybe || list_column(rows, bytes_of(c->name)) != NULL);
		for (const struct list_column *c = list_history.columns; c->name != NULL; c++)
			assert_true(strcmp(c->name, "entity") == 0 ||
				    list_column(history, bytes_of(c->name)) != NULL);
	}
	assert_null(list_rows_of(BYTES("people")));
}

static void a_time_is_asked_for(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	const struct list *items = list_rows_of(BYTES("items"));
	struct list_statement now, then;
	struct err e = { 0 };
	struct list_ask q = ASKED(items, a, { "key", "x" }, END);
	list_statement(&now, &q, 5, a);
	assert_non_null(strstr(now.query->text, "FROM items_rows\n"));
	struct list_ask w = ASKED(items, a, { "at", "1780000000" }, { "key", "x" }, END);
	list_statement(&then, &w, 5, a);
	assert_non_null(strstr(then.query->text, "FROM items_rows_at($1::int8)\n"));
	assert_true(bytes_is(then.param[0].b, "1780000000"));
	/* a cursor is of its time */
	const struct list_place p = { .set = true, .value = BYTES("a"), .key = { BYTES("a") } };
	q.after = bytes_of(list_cursor(&w, &p, a));
	assert_false(list_ask_end(&q, a, &e));
	assert_int_equal(e.code, ERR_BAD_CURSOR);
	/* only where there is one */
	struct list_ask x = list_ask_new(&list_jobs, 100);
	e = (struct err){ 0 };
	assert_false(list_ask_take(&x, "at", "1", &e));
	assert_int_equal(e.code, ERR_BAD_REQUEST);
	x = list_ask_new(items, 100);
	e = (struct err){ 0 };
	assert_false(list_ask_take(&x, "at", "253402300800", &e));
	assert_int_equal(e.code, ERR_BAD_NUMBER);
}

/* `entity` stands for the fact that names the entity. */
static void entities_filter(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_statement s;
	struct list_ask q = ASKED(list_rows_of(BYTES("successions")), a, { "entity", "x" }, END);
	list_statement(&s, &q, 5, a);
	assert_non_null(strstr(s.query->text, "WHERE \"old\" = $1"));
	/* what the view is looked up by */
	assert_non_null(strstr(s.query->text,
		"\"key\" = ANY (ARRAY(SELECT k FROM successions_keys($2::text) k))"));
	struct list_ask w = ASKED(list_rows_of(BYTES("agencies")), a, { "entity", "x" }, END);
	list_statement(&s, &w, 5, a);
	assert_non_null(strstr(s.query->text, "WHERE \"key\" = $1"));
	struct list_ask x = list_ask_new(list_rows_of(BYTES("regions")), 100);
	struct err e = { 0 };
	assert_false(list_ask_take(&x, "entity", "x", &e));
}

/* `search` looks in the name, where the register has one, and needs two characters. */
static void names_are_searched(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_statement s;
	struct err e = { 0 };
	struct list_ask q = ASKED(list_rows_of(BYTES("entities")), a, { "search", "餐饮" }, END);
	list_statement(&s, &q, 5, a);
	assert_non_null(
		strstr(s.query->text, "WHERE strpos(lower(\"name\"), lower($1::text)) > 0"));
	assert_non_null(strstr(
		s.query->text, "\"key\" = ANY (ARRAY(SELECT k FROM entities_named($2::text) k))"));
	assert_true(bytes_is(s.param[1].b, "餐饮"));
	struct list_ask w = list_ask_new(list_rows_of(BYTES("entities")), 100);
	assert_false(list_ask_take(&w, "search", "餐", &e));
	assert_int_equal(e.code, ERR_BAD_FILTER);
	w = list_ask_new(list_rows_of(BYTES("checks")), 100);
	e = (struct err){ 0 };
	assert_false(list_ask_take(&w, "search", "餐饮", &e));
	assert_int_equal(e.code, ERR_BAD_REQUEST);
}

/* The rows of an import are found by the keys that it speaks of; history has its number in an
 * index. */
static void imports_filter(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct list_statement s;
	struct list_ask q = ASKED(list_rows_of(BYTES("permits")), a, { "import", "7" }, END);
	list_statement(&s, &q, 5, a);
	assert_non_null(strstr(s.query->text,
		"WHERE \"import\" = $1::int8 AND \"key\" = ANY (ARRAY(SELECT k FROM permits_of($2::int8) k))"));
	struct list_ask w = ASKED(list_history_of(BYTES("permits")), a, { "import", "7" }, END);
	list_statement(&s, &w, 5, a);
	assert_null(strstr(s.query->text, "permits_of"));
}

/* The view gives the name of an error, the reader gets its sentence. */
static void errors_say_their_sentence(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	PGresult *res = result_of(&list_import_errors, a);
	const struct list_column *c = list_import_errors.columns;
	for (int i = 0; c[i].name != NULL; i++)
		put(res, i, c[i].says != SAYS_VALUE ? "bad-date" : "1");
	const struct db_rows rows = { res, 1, 0 };
	const struct err_row *known = err_row(ERR_BAD_DATE);
	size_t said = 0;
	for (size_t i = 0; c[i].name != NULL; i++) {
		const char *told = list_told(&list_import_errors, &rows, 0, i).p;
		said += c[i].says != SAYS_VALUE;
		if (c[i].says == SAYS_ZH)
			assert_string_equal(told, known->sentence[LANG_ZH]);
		else if (c[i].says == SAYS_REMEDY_EN)
			assert_string_equal(told, known->remedy[LANG_EN]);
		else if (c[i].says == SAYS_VALUE)
			assert_string_equal(told, "1");
	}
	assert_int_equal(said, 4);
	PQclear(res);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_have_lists),
		cmocka_unit_test(a_time_is_asked_for),
		cmocka_unit_test(entities_filter),
		cmocka_unit_test(names_are_searched),
		cmocka_unit_test(imports_filter),
		cmocka_unit_test(errors_say_their_sentence),
		cmocka_unit_test(tables),
		cmocka_unit_test(parameters),
		cmocka_unit_test(twice),
		cmocka_unit_test(cursors),
		cmocka_unit_test(cursors_know_filters),
		cmocka_unit_test(broken_cursors),
		cmocka_unit_test(statements),
		cmocka_unit_test(values_stay_out),
		cmocka_unit_test(every_statement),
		cmocka_unit_test(rows_become_json),
		cmocka_unit_test(long_values_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
