/* A file of one kind, from bytes to rows and notes. Pure memory: the parser process runs it in a
 * sandbox, the fuzzer as it is. What comes out depends on the bytes alone, not on how they are cut;
 * which rows are good does not depend on their order. */
#ifndef DRAWD_PARSE_H
#define DRAWD_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/columns.h"
#include "daemon/departments.h"
#include "daemon/policy/labels.h"
#include "daemon/row.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* How many facts a row of the kind has: 17, 10, 7. */
size_t parse_facts(enum import_kind kind);

struct parse_totals {
	uint64_t rows, good, bad, warned;
	uint64_t derived[DERIVED_KINDS]; /* among the rows handed over */
	const char *encoding;
	struct bytes unknown; /* columns nobody knows, joined by 、 */
};

/* Where rows and notes go; false from any of them ends the parsing with its error. */
struct parse_sink {
	void *ctx;
	/* A good row; fact[] as parse_facts counts them. */
	bool (*row)(void *ctx, const struct row *row, struct err *e);
	/* Something wrong or repaired at a line. Notes of a line come together; a line may get
	 * further ones later (DUPLICATE_DIFFERS). */
	bool (*note)(void *ctx, uint64_t line, const struct row_note *note, struct err *e);
	/* The row with this key, handed over before, does not count after all: another row of the
	 * file has the same key and other facts. At most once for a key. */
	bool (*withdraw)(void *ctx, uint64_t line, struct bytes key, struct err *e);
};

struct parse_rules {
	enum import_kind kind;
	size_t row_max;
	uint64_t rows_max;
	const struct label_rules *labels; /* NULL: none */
	const struct departments *departments; /* NULL: codes only */
	struct bytes given; /* labels that every object gets: a list (PROTOCOL.md §5) */
	struct parse_sink sink;
};

struct parse;

/* Opens converters: call it before a sandbox closes. Lives in the arena, but for tables that
 * parse_free gives back. */
struct parse *parse_new(struct arena *a, const struct parse_rules *rules);
void parse_free(struct parse *p);
bool parse_put(struct parse *p, struct bytes chunk, struct err *e);
/* Errors beside those of the sink: ERR_NO_COLUMN, ERR_BAD_ENCODING, ERR_EMPTY_FILE,
 * ERR_TOO_MANY_ROWS. */
bool parse_end(struct parse *p, struct parse_totals *totals, struct err *e);

#endif
