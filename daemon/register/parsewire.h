/* What the parser process says to the worker: messages of a 4-byte big-endian length, a type and a
 * payload. Numbers are 8 bytes, texts a 4-byte length and bytes; the length 2^32−1 marks a fact
 * that is not said. The reader trusts nothing: a message that is too long, cut or malformed ends
 * the import. */
#ifndef DRAWD_PARSEWIRE_H
#define DRAWD_PARSEWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/parse.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { WIRE_BUFFER = 262144 };

/* The largest message about rows of at most row_max bytes. */
size_t wire_message_max(size_t row_max);

/* ---- writing (the parser) ---- */

struct wire_out {
	int fd;
	size_t n, room;
	char *p; /* room bytes: WIRE_BUFFER and the largest message */
};
void wire_open(struct wire_out *w, int fd, size_t message_max, struct arena *a);
/* A sink that writes what it gets. Errors: ERR_PARSER when nobody reads. */
struct parse_sink wire_sink(struct wire_out *w);
/* The end: totals, or the error that refused the file. */
bool wire_totals(struct wire_out *w, const struct parse_totals *totals, struct err *e);
bool wire_refusal(struct wire_out *w, const struct err *why, struct err *e);

/* ---- reading (the worker) ---- */

/* What a message said; slices of the bytes read. */
struct wire_note {
	uint64_t line;
	enum err_code code;
	enum row_severity severity;
	struct bytes column, value, detail;
};
/* What parse.h says of the functions of the same names holds here. */
struct wire_in {
	enum register_id kind;
	size_t message_max;
	char *p;
	size_t n, room;
	bool ended; /* totals or refusal came */
	struct parse_totals totals; /* texts in the arena */
	struct arena *arena;
	void *ctx;
	bool (*header)(void *ctx, size_t field, struct bytes name, struct bytes column,
		const char *how, struct err *e);
	bool (*row)(void *ctx, uint64_t line, const struct bytes *fact, struct err *e);
	bool (*clue)(
		void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e);
	bool (*note)(void *ctx, const struct wire_note *note, struct err *e);
	bool (*withdraw)(void *ctx, uint64_t line, struct bytes key, struct err *e);
	bool (*refused)(void *ctx, uint64_t line, struct bytes key, struct err *e);
	bool (*echo)(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
		size_t n, struct err *e);
	bool (*progress)(void *ctx, uint64_t done, uint64_t all, struct err *e);
};
/* Take bytes as they come. A refusal is returned as its own error. Errors: ERR_PARSER for anything
 * that the parser of this program does not write. */
bool wire_take(struct wire_in *w, struct bytes chunk, struct err *e);
void wire_close(struct wire_in *w);

#endif
