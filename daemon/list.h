/* Lists: what GET /jobs, /rounds, /motions … tell, as one page after the other or as a whole file.
 * A list is a view of the database and a table of its columns (lists.c); the SQL is put together
 * from these constants only (list_sql.c), every value that a caller sends is a parameter. The rows
 * are those that row-level security shows to the caller: pages and files tell the same.
 *
 * Query parameters of every list: limit (1 to web.page), after (the `next` of the page before),
 * sort (`name` or `-name` of a column that sorts), format (json, jsonl, csv, xlsx), and of every
 * column that filters its name (exact; empty: those without), and of times, numbers and days also
 * name_from and name_to (both inclusive); `at` where the rows of a time can be had; `search` where
 * rows have a name: those that have the text in it, letters in either case. Pages go by the
 * values of the last row told (keyset), so that nothing is told twice or left out while rows are
 * added; NULLs come last, also descending; texts go bytewise. */
#ifndef DRAWD_LIST_H
#define DRAWD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/shapes.h"
#include "daemon/sqltext.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct request;

enum {
	LIST_FILTERS = 12, /* of one request */
	LIST_KEYS = 3, /* columns of a key */
	LIST_SORT_CHARS = 200, /* of a text that decide its place */
	LIST_SEARCH_CHARS = 2, /* that `search` needs at least */
};
#define LIST_AT_MAX INT64_C(253402300799) /* the last second of the year 9999 */

/* ---- the tables (lists.c) ---- */

/* What a column tells: the value, or of the error that the value names a sentence or remedy. */
enum list_saying { SAYS_VALUE, SAYS_ZH, SAYS_EN, SAYS_REMEDY_ZH, SAYS_REMEDY_EN };

struct list_column {
	const char *name; /* in the view, as the member, in `sort`, as the filter */
	/* Types of the view: text (TEXT, DATE, HASH in hex), int8 (NUMBER, TIME), boolean (FLAG),
	 * json (OBJECT, LIST, MAP, ANY). */
	enum shape_kind kind;
	bool sorts, filters; /* of text, number, time, day, hash or flag */
	bool maybe; /* may be null */
	const struct shape *of; /* as in struct shape */
	const char *words; /* as in struct shape */
	/* Where `words` is NULL: the words there are today, joined by `,`. A filter is held to them
	 * as well; openapi.json does not promise that there will be no others. NULL: any text. */
	const char *some;
	/* A time (whole seconds, rounded down) of a list that grows for ever: the timestamptz
	 * behind it in the view, by which its index finds a range under row-level security. NULL:
	 * none. */
	const char *stamp;
	enum list_saying says;
	/* The function (sql/migrations/0015_quality.sql) that gives the keys of which some fact
	 * ever had that value, or that text in it: by them an index finds the rows. NULL: an index
	 * finds them as it is. */
	const char *keys;
	const char *zh, *en; /* the header of exports, the description in openapi.json */
};

struct list {
	const char *name; /* the member that holds the rows, the name of an exported file */
	const char *view;
	const struct list_column *columns; /* ended by name NULL */
	const char *key; /* columns that no two rows share, "id" or "object,ordinal"; never null */
	const char *order; /* the column that sorts where nothing was asked */
	bool descending; /* … from large to small */
	const char *
		within; /* column that the first argument of the path gives; NULL: the whole view */
	/* With within: gives a row where the caller may see what the argument names (else the
	 * route's `missing`), and notes the reading where its content is personal. Takes the
	 * argument. */
	enum query_id parent;
	/* Kind of object of the audit log: a role by which one sees rows of others has the reading
	 * noted, once for each request. NULL: nothing personal, or the parent notes it. */
	const char *personal;
	/* The rows have other columns for each argument of the path (a register): the list of one,
	 * NULL where there is none. `columns` here are those that all of them have, and the
	 * parameters that all of them take; what else a row has are texts. `parent` is asked as
	 * well. */
	const struct list *(*of)(struct bytes argument);
	const char
		*of_name; /* of such a one: the argument and a dot, for the names of statements */
	bool at; /* takes `at`, a time: the function <view>_at(int8) gives the rows of then */
	const char *entity; /* the column that the parameter `entity` filters; NULL: that name's */
	const char *search; /* the column in which the parameter `search` looks; NULL: none */
	const char *zh, *en;
};

extern const struct list list_jobs, list_imports, list_import_errors, list_uploads, list_rounds,
	list_motions, list_accounts, list_roles, list_departments, list_sessions, list_tokens,
	list_visits, list_proposals, list_audit, list_import_groups, list_rows, list_history,
	list_quality_edits, list_round_edits, list_focus, list_letters, list_buffers, list_repeats,
	list_documents, list_dropped;
/* lists_programme.c */
extern const struct list list_clues, list_causes;
extern const struct list list_programmes, list_programme_tasks, list_programme_amendments,
	list_public_programmes, list_public_tasks, list_public_amendments;
/* All of them, ended by NULL. */
extern const struct list *const lists[];
/* Those that a statement can be made of: lists[], and in the place of one with `of` the lists that
 * it stands for. NULL behind the last. */
const struct list *list_each(size_t i);
/* list_register.c: rows and history of the register with that name; NULL where there is none. */
const struct list *list_rows_of(struct bytes name), *list_history_of(struct bytes name);

/* The column with a name; NULL where there is none. */
const struct list_column *list_column(const struct list *l, struct bytes name);
/* The words that a filter of the column takes, joined by `,`; NULL: any text. */
const char *list_words(const struct list_column *c);
/* Does the column take name_from and name_to? */
bool list_has_range(const struct list_column *c);
/* The columns of the key; how many. */
size_t list_keys(const struct list *l, const struct list_column *key[LIST_KEYS]);
bool list_is_key(const struct list *l, const struct list_column *c);
/* What list_get refuses with, ended by ERR_NONE: for the route table. */
extern const enum err_code list_errors[];

/* ---- what was asked (list.c) ---- */

enum list_format { LIST_JSON, LIST_JSON_LINES, LIST_CSV, LIST_XLSX };
enum list_test { LIST_IS, LIST_NONE, LIST_FROM, LIST_TO, LIST_HAS };
struct list_filter {
	const struct list_column *column;
	enum list_test test;
	struct bytes value; /* checked: fits the column's kind */
};

/* The place after a row: where the next page goes on. */
struct list_place {
	bool set; /* false: from the start */
	bool null; /* the sort column was null */
	struct bytes value; /* of the sort column */
	struct bytes key[LIST_KEYS];
};

struct list_ask {
	const struct list *list;
	struct bytes within; /* the argument of the path; its text lives as long as the ask */
	const struct list_column *sort;
	bool descending;
	int64_t limit, limit_max;
	enum list_format format;
	struct list_filter
		filter[LIST_FILTERS]; /* in the order of the columns, then of the tests */
	size_t filters;
	int64_t at; /* seconds; 0: now */
	bool limit_set, sort_set, format_set, at_set;
	struct bytes after; /* as sent; list_ask_end makes `place` of it */
	struct list_place place;
};

/* Nothing asked yet: the first page of at most `limit_max` rows in the list's order. */
struct list_ask list_ask_new(const struct list *l, int64_t limit_max);
/* Take one query parameter; value lives as long as the ask. Errors: ERR_BAD_REQUEST (no such
 * parameter, or twice, or more than LIST_FILTERS), ERR_BAD_NUMBER, ERR_BAD_FILTER, ERR_BAD_SORT,
 * ERR_BAD_FORMAT. */
bool list_ask_take(struct list_ask *q, const char *name, const char *value, struct err *e);
/* After the last one: the cursor must be of this list, this sort, these filters and this argument
 * of the path (ERR_BAD_CURSOR). */
bool list_ask_end(struct list_ask *q, struct arena *a, struct err *e);
/* The cursor of a place, of [A-Za-z0-9_-]. */
const char *list_cursor(const struct list_ask *q, const struct list_place *p, struct arena *a);

/* ---- SQL (list_sql.c) ---- */

/* A statement with its parameters. Without filters it is one of few: made once, it stays for the
 * life of the process, so that connections keep it prepared. With filters it is `once` and lives in
 * the arena. */
struct list_statement {
	const struct query *query;
	struct db_param param[2 * LIST_FILTERS + LIST_KEYS + 4];
};

/* The statement that gives the rows after q->place, at most `rows` of them, with the columns of the
 * list in order. */
void list_statement(
	struct list_statement *s, const struct list_ask *q, int64_t rows, struct arena *a);
/* Every statement of every list: each sort, direction and place, without filters, with each filter
 * alone and with as many as there may be. False from `each` ends it. */
bool list_statements(bool (*each)(void *ctx, const struct query *q), void *ctx);
/* PREPARE all of these; the first that fails is the error, named. *n: how many. */
bool list_prepare_all(struct db *db, int *n, struct err *e);

/* ---- rows ---- */

/* A value: NULL (p == NULL) or the text PostgreSQL gives; valid as long as the rows. */
struct bytes list_value(const struct db_rows *rows, size_t row, size_t column);
/* What is told of it: the value, or the sentence that it stands for. */
struct bytes list_told(const struct list *l, const struct db_rows *rows, size_t row, size_t column);
/* The place after a row, its texts copied to `a`. */
struct list_place list_place_after(
	const struct list_ask *q, const struct db_rows *rows, size_t row, struct arena *a);
/* Append a row as a JSON object. */
void list_put_json(struct buf *b, const struct list *l, const struct db_rows *rows, size_t row);

/* ---- requests (list_get.c) ---- */

/* The handler of every route with a list. */
void list_get(struct request *r);

#endif
