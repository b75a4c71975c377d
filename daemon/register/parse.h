/* A file of one register, from bytes to rows and notes. Pure memory but for the workbook it is
 * handed: the parser process runs it in a sandbox, the fuzzer as it is. What comes out depends on
 * the bytes alone, not on how they are cut; which rows are good does not depend on their order. */
#ifndef DRAWD_PARSE_H
#define DRAWD_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/policy/labels.h"
#include "daemon/register/columns.h"
#include "daemon/register/departments.h"
#include "daemon/register/repeats.h"
#include "daemon/register/row.h"
#include "daemon/register/tables.h"
#include "daemon/register/xlsxzip.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Rows above the header that are passed over: titles, dates, who made the table. */
enum { PARSE_TITLES = 10 };

struct parse_totals {
	uint64_t rows, accepted, refused;
	uint64_t repaired, remarked; /* of those accepted */
	uint64_t derived[DERIVED_KINDS]; /* among the rows handed over */
	const char *encoding; /* "UTF-8", "UTF-8 BOM", "GB18030", "XLSX" */
	struct bytes unknown; /* columns nobody knows, joined by 、 */
	struct bytes sheet; /* that was read; empty for CSV */
	struct bytes unread; /* other sheets of the workbook, joined by 、 */
	uint64_t header_line;
};

/* Where rows and notes go; false from any of them ends the parsing with its error. Those that are
 * NULL are not called. */
struct parse_sink {
	void *ctx;
	/* A field of the header, once for each, in order, before any row: what it is called, its
	 * column (empty: none) and "given", "saved", "automatic" or "unknown". */
	bool (*header)(void *ctx, size_t field, struct bytes name, struct bytes column,
		const char *how, struct err *e);
	/* A good row; fact[] as registers[].facts counts them. */
	bool (*row)(void *ctx, const struct row *row, struct err *e);
	/* Name and registration number of a line among whose notes are candidate codes; before
	 * them. */
	bool (*clue)(
		void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e);
	/* Something wrong, repaired or remarkable at a line. Notes of a line come together; a line
	 * may get further ones later (DUPLICATE_DIFFERS, DUPLICATE_ROW). */
	bool (*note)(void *ctx, uint64_t line, const struct row_note *note, struct err *e);
	/* The row at this line, with this key, handed over before, does not count after all: another
	 * row of the file has the same key. Once for a line at most. */
	bool (*withdraw)(void *ctx, uint64_t line, struct bytes key, struct err *e);
	/* The key of a row that was refused, or how it begins (daemon/register/row.h), where it could
	 * be read: a whole list that names it does not lack it. */
	bool (*refused)(void *ctx, uint64_t line, struct bytes key, struct err *e);
	/* With rules.echo, instead of all above: each record from the first on, titles too, as it
	 * stands in the file; what is no text is marked \xNN. type may be NULL. */
	bool (*echo)(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
		size_t n, struct err *e);
	/* How far a workbook is read. */
	bool (*progress)(void *ctx, uint64_t done, uint64_t all, struct err *e);
};

struct parse_rules {
	enum register_id kind;
	size_t row_max;
	uint64_t rows_max;
	struct xlsx_caps xlsx;
	const struct label_rules *labels; /* NULL: none */
	const struct departments *departments; /* NULL: codes only */
	const struct tables *tables; /* NULL: none */
	struct bytes given; /* labels that every object gets: a list (PROTOCOL.md §5) */
	struct bytes sheet; /* name or number, from 1; empty: the first whose header reads */
	bool echo;
	/* So many rows are remembered in memory, lest one come twice, the others on a heap; without
	 * one all of them in memory. */
	size_t seen_most;
	struct repeats_heap heap;
	struct parse_sink sink;
};

struct parse;

/* Opens converters: call it before a sandbox closes. Lives in the arena, but for tables that
 * parse_free gives back. */
struct parse *parse_new(struct arena *a, const struct parse_rules *rules);
void parse_free(struct parse *p);

/* A CSV in pieces. */
bool parse_put(struct parse *p, struct bytes chunk, struct err *e);
/* Errors beside those of the sink: ERR_NO_COLUMN, ERR_COLUMN_TWICE, ERR_TOO_MANY_COLUMNS,
 * ERR_BAD_MAPPING, ERR_BAD_ENCODING, ERR_EMPTY_FILE, ERR_TOO_MANY_ROWS, and what
 * daemon/register/foreign.h tells of files of other kinds. */
bool parse_end(struct parse *p, struct parse_totals *totals, struct err *e);

/* A workbook, all of it: a regular file, taken over. Errors beside: those of
 * daemon/register/xlsxrecord.h, ERR_NO_SHEET. */
bool parse_workbook(struct parse *p, int fd, struct parse_totals *totals, struct err *e);

#endif
