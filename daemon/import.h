/* The job `import` (daemon/job.h: import_run): an upload through the parser process into the
 * register. import.c: the batch, one transaction, errors, result. import_feed.c: the parser process
 * and the pipes to it. import_people.c: departments, inspectors and their numbers, recusals. */
#ifndef DRAWD_IMPORT_H
#define DRAWD_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/departments.h"
#include "daemon/job.h"
#include "daemon/parsewire.h"
#include "daemon/row.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* A row of inspectors or recusals; entities are never all in memory. */
struct import_row {
	uint64_t line;
	struct bytes fact[ROW_FACTS];
	bool bad, warned;
};

struct import_error {
	struct wire_note note; /* texts in the arena */
	uint64_t ordinal; /* as they came */
};

struct import {
	struct job *job;
	struct db *db; /* the transaction's connection, not the job's */
	struct arena *arena;
	enum import_kind kind;
	struct bytes source, provider, labels;
	struct bytes department; /* the only one whose rows the file may hold; empty: all */
	struct bytes departments; /* that there are: lines for departments_know */
	struct departments *known;
	int64_t upload, size, batch;
	struct buf copy; /* lines of a COPY under way */
	struct import_error *errors;
	size_t error_n, error_room, note_max;
	uint64_t notes[2]; /* errors, warnings: of each note_max are kept */
	uint64_t noted; /* line of the last note */
	uint64_t unknown_subjects; /* rows of recusals from what no list has */
	struct import_row *rows;
	size_t row_n, row_room;
	struct buf withdrawn; /* keys joined by commas */
	struct parse_totals totals;
};

/* Run the parser over the upload; rows, notes and withdrawals go to import_on_… Totals are in
 * i->totals. Errors: what the parser refused, ERR_PARSER, ERR_BAD_UPLOAD, ERR_STOPPING, ERR_FENCED,
 * ERR_DATABASE. */
bool import_feed(struct import *i, struct err *e);

bool import_on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e);
bool import_on_note(void *ctx, const struct wire_note *note, struct err *e);
bool import_on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e);

/* A row that only the database can find wrong, or worth a remark. */
void import_refuse(struct import *i, struct import_row *row, enum err_code code, const char *column,
	struct bytes value);
void import_warn(struct import *i, struct import_row *row, enum err_code code, const char *column,
	struct bytes value);

/* Send what copy holds once it is large, or at once. */
bool import_send(struct import *i, bool now, struct err *e);
void import_put_int(struct import *i, int64_t v, char after);
void import_put(struct import *i, struct bytes v, char after); /* row_unsaid is NULL */

/* Inside the transaction: the table of departments, before the parser starts. */
bool import_departments(struct import *i, struct err *e);
/* Inside the transaction: rows in memory become facts. */
bool import_inspectors(struct import *i, struct err *e);
bool import_recusals(struct import *i, struct err *e);

#endif
