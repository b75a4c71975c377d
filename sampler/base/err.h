/* Errors are values with a sentence. One table (errors.def) gives each code its name, HTTP status,
 * exit code, and its sentence and remedy in Chinese and English; an error adds where and what. */
#ifndef DRAWD_BASE_ERR_H
#define DRAWD_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
	ERR_NONE = 0,
#define E(code, name, http, exit, zh, en, fix_zh, fix_en) ERR_##code,
#include "sampler/base/errors.def"
#undef E
	ERR_COUNT
};

enum err_lang { LANG_ZH, LANG_EN };

struct err_row {
	const char *name; /* stable machine name, lower case with hyphens */
	int http; /* HTTP status of a reply that carries this error */
	int exit; /* exit code of a tool that ends with it: 1 refused, 2 usage, 3 unreachable */
	const char *sentence[2]; /* by enum err_lang */
	const char *remedy[2];
};

struct err {
	enum err_code code;
	char where[200]; /* file, line, column, round: facts, in no language */
	char what[300]; /* the value at fault and what was expected: facts, in no language */
	char field[32]; /* member or parameter of the request at fault; "": none */
};

/* The row of a code; ERR_NONE has one too (name "ok"). */
const struct err_row *err_row(enum err_code code);

/* The code of a name of n bytes; false, and *code as it was, where the table has no such name. */
bool err_named(const char *name, size_t n, enum err_code *code);

/* Does it pass by itself, so that the same is worth trying again (HTTP 503)? */
bool err_passes(enum err_code code);

/* Set code and facts; the first error wins, a later call on a set error changes nothing.
 * Returns false, so that `return err_set(…)` reads well in functions that return bool. */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put a place in front of the places already named ("frame: row 17"). Returns false. */
bool err_at(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* One line for a person: "place: sentence (facts). remedy". Returns out. */
const char *err_text(const struct err *e, enum err_lang lang, char *out, size_t size);

#endif
