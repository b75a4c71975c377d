/* The job `import` (daemon/job.h: import_run): an upload through the parser process into a
 * register. A batch is read, checked and staged in one transaction; that it counts is a matter of
 * its state (sql/migrations/0004_register.sql), never of its facts.
 *
 *   import.c         arguments, the batch, the transaction
 *   import_feed.c    the parser process and the pipes to it
 *   import_tables.c  what the parser is told before it reads
 *   import_rows.c    a row on its way into the fact table; personal facts are sealed
 *   import_people.c  inspectors and their numbers, recusals
 *   import_notes.c   what was wrong, repaired or worth a remark
 *   import_doubts.c  what is worth a look once other lists are compared
 *   import_stage.c   the difference, the result, the end */
#ifndef DRAWD_IMPORT_H
#define DRAWD_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/job.h"
#include "daemon/register/departments.h"
#include "daemon/register/parsewire.h"
#include "daemon/register/registers.h"
#include "daemon/register/row.h"
#include "daemon/register/sealing.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum import_mode {
	IMPORT_PREVIEW, /* staged: somebody looks at the difference and confirms it */
	IMPORT_CONFIRM, /* staged and confirmed at once */
	IMPORT_DRY_RUN, /* no fact is kept */
	IMPORT_MODES
};

/* A row of a register whose rows wait for the end of the file (registers.h: held). */
struct import_row {
	uint64_t line;
	struct bytes fact[FACTS_MAX];
};

/* Lines of the file, a bit each. */
struct line_set {
	uint8_t *bits;
	size_t room; /* bytes */
};

struct import_note {
	struct wire_note note; /* texts in the arena */
	uint64_t ordinal; /* as they came */
	struct bytes name, reg_no; /* of the row, where its detail is candidate codes */
};

/* What the difference is (sql: import_stage). */
struct import_difference {
	int64_t new_rows, changed, gone, same;
	struct bytes preview; /* JSON */
};

struct import {
	struct job *job;
	struct db *db; /* the transaction's connection, not the job's */
	struct arena *arena;
	enum register_id kind;
	const struct register_info *of;
	enum import_mode mode;
	bool full; /* the file is the whole list of its source */
	struct bytes source, provider, labels;
	struct bytes sheet; /* name or number; empty: the first whose header reads */
	struct bytes department; /* the only one whose rows the file may hold; empty: all */
	struct bytes tables; /* lines for the parser (daemon/register/tables.h) */
	bool echo; /* records as they stand in the file, and nothing else */
	struct departments *known; /* that there are */
	struct sealing sealing;
	int64_t upload, size, batch;
	struct buf copy; /* lines of a COPY under way */
	struct arena *scratch; /* of the rows on their way, renewed now and then */
	size_t scratched; /* rows since then */
	struct import_note *notes;
	size_t note_n, note_room, note_max;
	uint64_t counted[ROW_SEVERITIES]; /* notes; of each severity note_max are kept */
	struct line_set noted[ROW_SEVERITIES]; /* lines with a note that the parser sent */
	int64_t some_say, all_say; /* facts that rows say: bit f + 1 for fact f */
	struct line_set refused; /* lines that do not count although the parser handed them over */
	int64_t refused_here; /* how many of them the parser does not know of */
	int64_t repaired_less, remarked_less; /* among these */
	uint64_t clue_line;
	struct bytes clue_name, clue_reg_no; /* of that line */
	uint64_t unknown_subjects; /* rows of recusals from what no list has */
	struct import_row *rows;
	size_t row_n, row_room;
	struct buf withdrawn; /* rows: key TAB line LF */
	struct buf spared; /* keys of rows that were refused, the same: a whole list names them */
	struct buf mapping; /* JSON: what was made of the header */
	struct import_difference difference;
	int64_t read_in, staged_in; /* milliseconds */
	struct parse_totals totals;
};

/* Run the parser over the upload; rows, notes and withdrawals go to import_on_…, records to
 * import_on_echo where echo is set. Totals are in i->totals. Errors: what the parser refused,
 * ERR_PARSER, ERR_BAD_UPLOAD, ERR_STOPPING, ERR_FENCED, ERR_DATABASE. */
bool import_feed(struct import *i, struct err *e);

bool import_on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e);
bool import_on_note(void *ctx, const struct wire_note *note, struct err *e);
bool import_on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e);
bool import_on_refused(void *ctx, uint64_t line, struct bytes key, struct err *e);
bool import_on_header(void *ctx, size_t field, struct bytes header, struct bytes column,
	const char *how, struct err *e);
/* Name and registration number of a line whose notes have candidates; comes before them. */
bool import_on_clue(
	void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e);

/* returned.c: a record as it stands in the file; type[] is enum field_type, or NULL. */
bool import_on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e);

/* ---- import_tables.c ---- */

/* Inside the transaction, before the parser starts: i->tables and i->known. */
bool import_tables(struct import *i, struct err *e);
/* The same for an echo: which sheet. */
void import_echo_tables(struct import *i);

/* ---- import_rows.c ---- */

bool import_copy_start(struct import *i, struct err *e);
bool import_copy_end(struct import *i, struct err *e);
/* A row for the COPY under way, key first; `from` is the first of facts that follow it. */
bool import_put_row(
	struct import *i, uint64_t line, struct bytes key, const struct bytes *fact, struct err *e);
/* Send what copy holds once it is large, or at once. */
bool import_send(struct import *i, bool now, struct err *e);
void import_put_int(struct import *i, int64_t v, char after);
void import_put(struct import *i, struct bytes v, char after); /* row_unsaid is NULL */
/* Is what the parser, which is not trusted, calls a department one? */
bool import_is_department(const struct import *i, struct bytes code);
/* May the file speak of it? */
bool import_is_ours(const struct import *i, struct bytes department);

/* ---- import_people.c ---- */

/* Inside the transaction: rows in memory become facts. */
bool import_inspectors(struct import *i, struct err *e);
bool import_recusals(struct import *i, struct err *e);

/* ---- import_notes.c ---- */

/* A row that the parser let pass and that only the worker can find wrong, or worth a remark. */
bool import_refuse(struct import *i, uint64_t line, enum err_code code, const char *column,
	struct bytes value, struct err *e);
bool import_remark(struct import *i, uint64_t line, enum err_code code, const char *column,
	struct bytes value, struct err *e);
bool import_is_refused(const struct import *i, uint64_t line);
/* Say which candidate codes are those of an entity with the row's name or registration number. */
bool import_match_candidates(struct import *i, struct err *e);
bool import_write_notes(struct import *i, struct err *e);
/* Notes beyond import.errors_max, counted apart: no number of remarks hides an error. */
int64_t import_dropped(const struct import *i, enum row_severity severity);
/* The parser's totals and what came after. */
struct parse_totals import_totals(const struct import *i);
/* Room for one more member; old ones stay in the arena. */
void *import_grow(struct arena *a, void *old, size_t n, size_t *room, size_t size);

/* ---- import_doubts.c ---- */

/* Inside the transaction, all rows are in: remarks on what other lists say otherwise. */
bool import_doubts(struct import *i, struct err *e);

/* ---- import_stage.c ---- */

/* Are there facts to keep? Not of a dry run, nor of a file without a good row: it would make the
 * whole of its source gone, or the newest list of it one of nothing. */
bool import_is_kept(const struct import *i);
/* Inside the transaction, all rows are in: the difference to what counts. */
bool import_stage(struct import *i, struct err *e);
/* Close the batch: staged, discarded (dry run), or staged and confirmed. *result is the job's. */
bool import_close(struct import *i, struct bytes *result, struct err *e);

#endif
