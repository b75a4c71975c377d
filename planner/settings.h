/* Documents of settings: rows `path`, `value` and the structs they stand for. A document is a table
 * of its paths; reader, writer and messages walk it (PROTOCOL.md §6.1 for the policy). */
#ifndef DRAWD_PLANNER_SETTINGS_H
#define DRAWD_PLANNER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* One row of a document. */
struct setting_row {
	struct bytes path, value;
};

/* Sort rows into the order of the document: a total order by path, then value. */
void settings_sort(struct setting_row *rows, size_t n);

/* ---- the table of paths ---- */

struct setting;

/* Read a value into its place in the struct, and write it back. */
typedef bool setting_read_fn(
	const struct setting *s, struct arena *a, struct bytes value, void *at);
typedef void setting_write_fn(const struct setting *s, const void *at, struct buf *out);

struct setting_form {
	const char *name; /* how a message names it: "not a …" */
	setting_read_fn *read;
	setting_write_fn *write;
};

/* One path of an owner. */
struct setting {
	const char *name;
	const struct setting_form *form;
	size_t at; /* offset in the owner's struct */
	uint32_t min, max; /* numbers, and lists that may hold so many */
	const char *const *choice; /* choices, NULL-ended: the value is the index */
	enum err_code error; /* ERR_NONE: the document's */
};

/* Who has paths. The first of a document is the document itself, with the prefix ""; every other
 * owner is a struct that begins with `struct bytes code`. */
struct setting_owner {
	const char *prefix, *pattern; /* "task.", "task.<t>." */
	const struct setting *setting;
	size_t settings; /* at most 64 */
	size_t size; /* of the owner's struct */
	size_t code_max; /* bytes of a code; 0: those of a token */
};

struct settings_form {
	const char *name; /* what messages call the document: "policy" */
	enum err_code error;
	const struct setting_owner *owner;
	size_t owners; /* at most SETTING_OWNERS_MAX */
};
enum { SETTING_OWNERS_MAX = 12 };

/* The owners of one kind, bytewise ascending by code. */
struct setting_list {
	char *base;
	uint32_t n;
};

/* Read rows that stand strictly ascending by path into the document and into list[1] …, arrays in
 * the arena; slices point into the rows' bytes. Refuses, naming the path: unknown, missing,
 * repeated or misplaced paths and malformed values; with the error of the setting, or the
 * document's. */
bool settings_read(const struct settings_form *form, void *document, struct setting_list *list,
	struct arena *a, const struct setting_row *rows, size_t n, struct err *e);
/* The rows of a document, in order, in the arena. list[0] is not looked at. */
void settings_rows(const struct settings_form *form, const void *document,
	const struct setting_list *list, struct arena *a, const struct setting_row **rows,
	size_t *n);

/* Refuse a path: what is wrong with it, and where. Always false. */
bool settings_refuse(const struct settings_form *form, struct err *e, enum err_code code,
	struct bytes path, const char *what);

/* Index of the owner with this code, or -1. */
int64_t settings_find(const void *base, uint32_t n, size_t size, struct bytes code);

/* A row of the table of paths, for documents and messages. */
struct settings_path {
	const char *owner; /* "", "cap.<c>.", "department.<d>.", … */
	const char *name; /* "ratio.A" */
	const char *form; /* "number", "date", … */
	uint32_t min, max; /* of a number */
	const char *const *choice; /* of a choice: NULL-ended names; else NULL */
};
/* The i-th row from 0; false behind the last. */
bool settings_path(const struct settings_form *form, size_t i, struct settings_path *path);
/* Whether a legal basis says more than blanks, `-`, `—`, `/` and `无` (PROTOCOL.md §6.1). */
bool setting_names_law(struct bytes value);
/* Append what values a setting takes: "number from 1 to 8", "one of A B C D", … */
void setting_form_put(const struct setting *s, struct buf *out);

/* ---- forms of values ---- */

extern const struct setting_form setting_text, /* struct bytes; 1 to 200 bytes */
	setting_text_or_empty, /* struct bytes */
	setting_basis, /* struct bytes; a text that names a law */
	setting_basis_or_empty, setting_token, /* struct bytes */
	setting_token_or_empty, setting_number, /* uint32_t, min … max */
	setting_date, /* int32_t (civil.h) */
	setting_choice, /* uint32_t, index into choice */
	setting_flag, /* bool */
	setting_prefixes, /* struct prefixes */
	setting_tokens_or_all, /* struct list */
	setting_tokens, /* struct list, never `*` */
	setting_some_tokens; /* not empty either */

#endif
