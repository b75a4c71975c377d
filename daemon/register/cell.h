/* Checkers of cells and tools for them: what people write, made into the forms of PROTOCOL.md §1
 * and §5. */
#ifndef DRAWD_CELL_H
#define DRAWD_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/columns.h"
#include "daemon/register/row.h"
#include "daemon/register/words.h"
#include "planner/uscc.h"
#include "sampler/base/bytes.h"

/* ---- tools (cell.c) ---- */

/* Without blanks (full-width and zero-width ones too) at both ends; empty for the words by which
 * tables say "nothing": -, /, N/A, NULL, 无 … */
struct bytes cell_trim(struct bytes s);
/* Would a spreadsheet take it for a formula? It begins with = + - @, full-width or not, a tab or a
 * CR. With an apostrophe before it, it is text there, and cell_trim takes that one off again. */
bool cell_is_formula(struct bytes s);
/* Full-width letters, digits and signs made half-width, an apostrophe in front taken off; the text
 * itself, or a copy in the row. */
struct bytes cell_half(struct row *r, struct bytes s);
/* Line feeds and other control characters made spaces; the text itself, or a copy in the row. */
struct bytes cell_clean(struct row *r, struct bytes s);
/* Is s one of the words joined by | ? */
bool cell_one_of(struct bytes s, const char *words);
/* The value of a word; NULL where no row of the table has it. */
const char *cell_word(const struct cell_word *table, struct bytes s);
bool cell_contains(struct bytes s, const char *word);
/* The name of a body that only co-ordinates: 国办发〔2024〕54号, 议事协调机构不得实施行政检查. */
bool cell_coordinates(struct bytes name);
/* Cut the next member off a list people wrote (, ; 、 | and spaces between); false at the end. */
bool cell_next(struct bytes *rest, struct bytes *member);
/* Sort members bytewise, drop repeated ones, join by commas. */
struct bytes cell_list(struct row *r, struct bytes *member, size_t n);
enum { CELL_MEMBERS = 100 };
/* The day that stands for no end. */
#define CELL_ENDLESS "2999-12-31"

/* A date as people write it: 2026-03-31, 2026/3/31, 2026.3.31, 20260331, 2026年3月31日, each with a
 * time of day behind it, and the day number of a spreadsheet (*serial says so). False if none. */
bool cell_date(struct bytes s, int32_t *day, bool *serial);
/* The same into the row as YYYY-MM-DD. */
struct bytes cell_put_date(struct row *r, int32_t day);
/* The same for a cell: what is wrong is said. */
bool cell_read_date(struct row *r, const struct column *c, struct bytes v, int32_t *day);

/* A value that cannot be read: in a soft column it is left out and said, otherwise the row fails.
 * Personal values are never repeated. */
void cell_wrong(struct row *r, const struct column *c, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));

/* ---- entities and objects (cell_object.c) ---- */

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
/* Is it, or does it hold, a citizen number and is no USCC? One that lost its last digits as a
 * number counts too. Then `mask` is how it may be shown. Not where it is too long to be a code. */
bool code_of_person(struct bytes text, bool number, char mask[CITIZEN_LENGTH + 1]);
/* Is its number an old citizen ID of 15 digits, and not recorded as an exception? */
bool object_of_person(const struct row *r, const struct object *o, char mask[CITIZEN_LENGTH + 1]);
void cell_warn_object(
	struct row *r, const struct column *c, struct bytes v, const struct object *o);

/* ---- levels and regions ---- */

/* The levels that a text names (省级, 县级以上 …) as a list; empty where it names none. */
struct bytes levels_of(struct row *r, struct bytes text);
/* The region code in force for one that was, by the table of renames; false where it still is. */
bool region_renamed(const struct row *r, struct bytes code, struct bytes *now);

/* ---- the checkers of the column table (daemon/register/columns_table.c) ---- */

/* any register (cell_plain.c) */
column_check cell_text, cell_foreign, cell_long, cell_words, cell_day, cell_until, cell_id, cell_members,
	cell_label, cell_personal, cell_phone, cell_citizen, cell_born;
/* sums of money (cell_money.c) */
column_check cell_capital, cell_money_wan, cell_money_yuan, cell_money_fen;
/* codes (cell_code.c) */
column_check cell_uscc, cell_regno, cell_premises, cell_object, cell_subject, cell_exception;
/* names, which are no citizen numbers either */
column_check cell_name;
/* Is it a column where a citizen number may stand by mistake: one of codes or names? */
bool cell_is_code(const struct column *c);
/* regions, levels and industries (cell_place.c) */
column_check cell_region, cell_region_code, cell_regions, cell_levels, cell_industry,
	cell_longitude, cell_latitude, cell_place, cell_micro;
/* objects (cell_entity.c) */
/* A label, or the title of one. Remarks on one that no rule gives and no policy asks for, where any
 * are known; false where it is neither. */
bool cell_label_of(struct row *r, const struct column *c, struct bytes v, struct bytes *label);
/* What the labels of the rules are called, joined by 、; in the row's text. */
struct bytes cell_label_names(struct row *r);
column_check cell_kind, cell_type, cell_status, cell_labels, cell_checked, cell_class;
/* people (cell_people.c) */
column_check cell_unit, cell_department, cell_certificate_no, cell_items, cell_leave, cell_limit,
	cell_expert, cell_inspector;

#endif
