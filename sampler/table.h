/* Artefacts: tables too large for the log, which holds their hashes (PROTOCOL.md §5). ONE table
 * names them, their columns and keys. Writing streams; reading works on a slice, mapped or not. */
#ifndef DRAWD_SAMPLER_TABLE_H
#define DRAWD_SAMPLER_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/sha256.h"
#include "sampler/sink.h"

enum table_id {
	TABLE_POLICY,
	TABLE_FRAME,
	TABLE_STRATA,
	TABLE_LEDGER,
	TABLE_POOL,
	TABLE_RECUSALS,
	TABLE_HISTORY,
	TABLE_CALENDAR,
	TABLE_SELECTION,
	TABLE_VISITS,
	TABLE_DROPPED,
	TABLE_SLOTS,
	TABLE_CAPACITY,
	TABLE_SCHEDULE,
	TABLES
};

#define TABLE_BIT(id) (1u << (id))

/* Columns of any artefact, the task columns of the frame not counted. */
enum { TABLE_COLUMNS_MAX = 16 };

struct table_form {
	const char *name;
	const char *column[TABLE_COLUMNS_MAX + 1]; /* ended by NULL */
	unsigned keys; /* bit i: column i is a key column */
	unsigned tasks_at; /* the frame: its task columns stand before this column; else 0 */
	bool after_draw; /* made after the draw: its blind must be that of K_blind */
};

/* The row of an artefact, never NULL. */
const struct table_form *table_form(enum table_id id);
bool table_id_of(struct bytes name, enum table_id *out);
/* The place of a column that stands before any task column. An unknown name is asserted. */
size_t table_column(enum table_id id, const char *column);
/* Append the table of PROTOCOL.md §5 as Markdown. */
void table_markdown(struct buf *out);

/* ---- reading ---- */

/* An artefact that was opened; everything points into the slice it was opened on. */
struct table {
	enum table_id id;
	struct bytes all;
	uint8_t blind[32];
	struct bytes header; /* without its line feed */
	size_t columns; /* task columns included */
	size_t tasks; /* task columns: columns form->tasks_at … +tasks−1 */
	struct bytes rows; /* all rows with their line feeds */
	size_t n; /* rows */
};

/* Check everything §5 says of every artefact: blind line, name, header, values, order, keys.
 * The slice must outlive the table. Its hash is not computed here: sha256(all).
 * Errors: ERR_BAD_TABLE with the name, row and column. */
bool table_open(struct table *t, enum table_id id, struct bytes all, struct err *e);

struct table_cursor {
	struct bytes rest;
	size_t row; /* rows returned so far: after table_next the number of the row, from 1 */
};

struct table_cursor table_rows(const struct table *t);
/* The next row's values; field has room for t->columns. False after the last row. */
bool table_next(const struct table *t, struct table_cursor *c, struct bytes *field);
/* The next row as a line without its line feed. */
bool table_next_line(struct table_cursor *c, struct bytes *line);
/* Split a line of the table into t->columns values. */
void table_split(const struct table *t, struct bytes line, struct bytes *field);
/* The code of task column i (0 …) from the header: "task:" is cut off. */
void table_task_codes(const struct table *t, struct bytes *code);

/* ---- writing ---- */

/* Hashes while it writes, keeps one chunk and the last row in memory. Rows come in order. */
struct table_writer {
	enum table_id id;
	size_t columns;
	size_t n; /* rows written */
	struct sink sink;
	struct sha256 hash;
	struct buf chunk;
	struct buf last; /* the last row, for order and keys */
	struct buf row;
};

/* Start an artefact. task: the codes of the frame's task columns, ascending; else NULL, 0.
 * blind: the 32 bytes whose hex stands in the first line. The arena holds the writer's buffers. */
bool table_start(struct table_writer *w, enum table_id id, const uint8_t blind[32],
	const struct bytes *task, size_t tasks, struct sink sink, struct arena *a, struct err *e);
/* Append a row of w->columns values. Refuses unclean text, a row out of order, equal keys where
 * the key columns come first (elsewhere table_open finds them). Errors: ERR_BAD_TABLE. */
bool table_put(struct table_writer *w, const struct bytes *field, struct err *e);
/* The row table_put has just written, with its line feed; valid until the next one. */
struct bytes table_last_row(const struct table_writer *w);
/* Flush and give the artefact's hash. */
bool table_end(struct table_writer *w, uint8_t hash[32], struct err *e);

/* Rows in any order, sorted bytewise before they are written; for the small artefacts. */
struct table_pile {
	struct arena *arena;
	size_t columns;
	struct bytes *line;
	size_t n, room;
};

struct table_pile table_pile_new(enum table_id id, struct arena *a);
void table_pile_put(struct table_pile *p, const struct bytes *field);
/* Sort and write a whole artefact (never the frame). Errors: as table_put, and equal rows. */
bool table_pile_write(struct table_pile *p, enum table_id id, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e);

#endif
