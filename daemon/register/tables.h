/* What the worker tells the parser before it reads (its descriptor 3): lines
 * `table TAB key TAB value LF`, in which \t, \n, \r and \\ stand for what would end them. */
#ifndef DRAWD_TABLES_H
#define DRAWD_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum told_id {
	TABLE_OPTION, /* "option": labels, sheet, department, echo; see parser.c */
	TABLE_DEPARTMENT, /* "department": code → one of its names; several lines for one code */
	TABLE_REGION, /* "region": old code → the code in force */
	TABLE_EXCEPTION, /* "exception": USCC, or R and a 注册号 → "" (历史赋码例外) */
	TABLE_GIVEN, /* "given": a header's text → the column, "" for none; the importer's choice */
	TABLE_SAVED, /* "saved": the same, as confirmed for this source before */
	TABLE_LABEL, /* "label": one that a policy asks for → "" */
	TABLE_PLACE, /* "place": a region's name, alone or behind its parent's → its code */
	TABLE_ITEM, /* "item": the name of an item → its id */
	TOLD
};
struct table_line {
	struct bytes key, value;
};
struct tables;

/* Append one line. */
void tables_put(struct buf *out, enum told_id id, struct bytes key, struct bytes value);

/* Read the lines, which outlive the tables. ERR_PARSER for anything else. */
bool tables_read(struct tables **out, struct arena *a, struct bytes lines, struct err *e);
/* The value of a key (of several the bytewise first); false where there is none, or t is NULL. */
bool tables_find(const struct tables *t, enum told_id id, struct bytes key, struct bytes *value);
/* All lines of a table, ascending by key and value. */
const struct table_line *tables_all(const struct tables *t, enum told_id id, size_t *n);

#endif
