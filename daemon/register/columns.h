/* The files of the field: which column is what. One table, column → synonyms → checker; the parser,
 * its errors, templates, the API and the documents walk it. */
#ifndef DRAWD_COLUMNS_H
#define DRAWD_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/row.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

/* Looks at one value and puts what it says into the row. An empty value is not handed to it. */
typedef void column_check(struct row *r, const struct column *c, struct bytes value);

/* The unit of a fact that is kept as an integer: how people read it. */
enum column_unit {
	UNIT_NONE,
	UNIT_DEGREES, /* kept in micro-degrees */
	UNIT_YUAN, /* kept in 分 */
	UNIT_WAN, /* the same, read in 万元 */
};

struct cell_word;
struct column {
	enum register_id kind;
	const char *name; /* as the field calls it; errors name it */
	const char *synonyms; /* further names, joined by | */
	int fact; /* of which it speaks (daemon/register/facts.h); −1: of the key, or of none */
	column_check *check; /* NULL: known, and of no use here */
	const struct cell_word *words; /* what may be written in it; NULL: not one of some words */
	bool soft; /* what cannot be read is left out with a remark, and the row goes in */
	enum column_unit unit;
};

/* Row i; NULL behind the last. */
const struct column *column_row(size_t i);

/* How its checker wants it written; NULL where the form of the fact says enough. */
const char *column_hint(const struct column *c, enum err_lang lang);

/* The column that says how a fact is read: `said` where that is one of the fact's (what a file was
 * read by), else the first of the fact's; NULL where it has none. */
const struct column *column_of_fact(enum register_id kind, size_t fact, const char *said);
/* A fact in its column's unit, without one as it is: "119.867504°", "990 万元", "50000 元"; never
 * rounded, and what is no integer is left alone. */
const char *column_unit_text(
	struct arena *a, const struct column *c, enum err_lang lang, const char *value);

/* The column with this name (spaces, full-width forms, `*` and a remark in brackets are forgiven);
 * NULL where no column of the kind has it. */
const struct column *column_find(enum register_id kind, struct bytes name);

/* Are two names of columns the same, as far as column_find looks? */
bool column_same_name(struct bytes a, struct bytes b);

#endif
