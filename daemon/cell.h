/* Tools for checkers of cells: what people write, made into the forms of PROTOCOL.md §1 and §5. */
#ifndef DRAWD_CELL_H
#define DRAWD_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/columns.h"
#include "daemon/row.h"
#include "sampler/base/bytes.h"

/* Without blanks (full-width and zero-width ones too) at both ends; empty for the words by which
 * tables say "nothing": -, /, N/A, NULL, 无 … */
struct bytes cell_trim(struct bytes s);
/* Would a spreadsheet take it for a formula? It begins with = + - @, full-width or not, a tab or a
 * CR. With an apostrophe before it, it is text there, and cell_trim takes that one off again. */
bool cell_is_formula(struct bytes s);
/* Full-width letters, digits and signs made half-width, an apostrophe in front taken off; the text
 * itself, or a copy in the row. */
struct bytes cell_half(struct row *r, struct bytes s);
/* Is s one of the words joined by | ? */
bool cell_one_of(struct bytes s, const char *words);
/* A word → value table; NULL where none has the word. The last row has words NULL. */
struct cell_word {
	const char *words; /* joined by | */
	const char *value;
};
const char *cell_word(const struct cell_word *table, struct bytes s);
/* Cut the next member off a list people wrote (, ; 、 | and spaces between); false at the end. */
bool cell_next(struct bytes *rest, struct bytes *member);
/* Sort members bytewise, drop repeated ones, join by commas. */
struct bytes cell_list(struct row *r, struct bytes *member, size_t n);
enum { CELL_MEMBERS = 100 };

/* A date as people write it: 2026-03-31, 2026/3/31, 2026.3.31, 20260331, 2026年3月31日, each with a
 * time of day behind it, and the day number of a spreadsheet (*serial says so). False if none. */
bool cell_date(struct bytes s, int32_t *day, bool *serial);
/* The same into the row as YYYY-MM-DD. */
struct bytes cell_put_date(struct row *r, int32_t day);

/* An entity or one of its premises, in the one spelling that the register, recusals and rounds
 * compare: the code (a USCC, R and a registration number of 15 digits, or a number of the house),
 * then / and 02 … 9999 for every premises but the first. Texts in the row. */
struct object {
	struct bytes entity, object;
	struct bytes premises; /* "02" …, empty for the first */
	bool numbered; /* 15 digits stood there */
	bool digit; /* and their check digit fails */
	bool repaired; /* by ident_normalise */
};
/* NULL, or what is wrong: facts, in no language. Whether the alphabet is that of PROTOCOL.md §1 is
 * left to the caller. */
const char *object_of(struct row *r, struct bytes text, struct object *o);
struct bytes object_join(struct row *r, struct bytes entity, struct bytes premises);
bool premises_of(struct row *r, struct bytes digits, struct bytes *premises);
/* The same for a cell: what is wrong fails the row with that code (ERR_BAD_OBJECT wants the
 * alphabet too), what was repaired or stands against its check digit is said. */
bool cell_read_object(struct row *r, const struct column *c, struct bytes v, enum err_code wrong,
	struct object *o);
void cell_warn_object(
	struct row *r, const struct column *c, struct bytes v, const struct object *o);

/* The checkers of the column table (daemon/columns.c). */
column_check cell_text, cell_uscc, cell_regno, cell_premises, cell_object, cell_kind, cell_type,
	cell_day, cell_status, cell_region, cell_industry, cell_labels, cell_checked, cell_class,
	cell_longitude, cell_latitude, cell_place;
column_check cell_unit, cell_department, cell_certificate_no, cell_certificate, cell_regions,
	cell_items, cell_leave, cell_limit, cell_active, cell_expert, cell_inspector, cell_subject;

#endif
