/* The frame 抽取库 loaded by column: a few bytes an object beside the artefact's own text, which
 * may be mapped and is read again on demand (PROTOCOL.md §5, §6.2). */
#ifndef DRAWD_SAMPLER_FRAME_H
#define DRAWD_SAMPLER_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/table.h"

/* What a task column holds: the strata first, then the exclusion codes in the order of §6.2. */
enum frame_code {
	CODE_A,
	CODE_B,
	CODE_C,
	CODE_D,
	CODE_U,
	CODE_TYPE,
	CODE_REMIT,
	CODE_CLOSED,
	CODE_TOLERANCE,
	CODE_OBSERVATION,
	CODE_CHECKED,
	FRAME_CODES
};
/* The codes below this one are strata. A number, so that it compares with codes and with sizes. */
#define FRAME_STRATA 5
_Static_assert((int)CODE_U + 1 == FRAME_STRATA, "U is the last stratum");

const char *frame_code_name(enum frame_code c);
bool frame_code_of(struct bytes name, enum frame_code *out);

/* The columns of the frame before the tasks. */
enum frame_fact {
	FACT_OBJECT,
	FACT_ENTITY,
	FACT_KIND,
	FACT_INDUSTRY,
	FACT_REGION,
	FACT_ESTABLISHED,
	FACT_STATUS,
	FACT_SINCE,
	FACT_CLASS,
	FACT_LABELS,
	FACT_CHECKED,
	FRAME_FACTS
};

/* Is the value well-formed for the column (§5)? */
bool frame_fact_check(enum frame_fact f, struct bytes v);
/* All facts of a row. Errors: ERR_BAD_FRAME with column and value (ERR_BAD_OBJECT for the id). */
bool frame_facts_check(const struct bytes fact[FRAME_FACTS], struct err *e);

/* A loaded frame. Object i (0 … n−1) is row i+1; the order of i is the bytewise order of ids.
 * Codes take four bits; those of one task for FRAME_BLOCK objects stand together. */
struct frame {
	struct table table;
	size_t n, tasks;
	const struct bytes *task; /* codes of the tasks, ascending */
	const uint8_t *code; /* enum frame_code: read them with frame_code */
	const uint64_t *count; /* objects by task and code: count[t*FRAME_CODES + code] */
	const uint64_t *block; /* place of the text of every FRAME_BLOCK-th row in rows */
	const uint32_t *offset; /* place of row i after its block's place */
	uint8_t universe[32]; /* the freeze's `universe` */
	uint8_t root[32]; /* the freeze's `frame-root` */
	bool weighted; /* some weight is not 1 */
};
enum { FRAME_BLOCK = 64 };
_Static_assert(FRAME_CODES <= 16, "a code fits four bits");

/* Load an opened frame artefact: checks facts, task codes, weights and salts, computes universe
 * and frame-root on the way. 4.2 bytes + half a byte per task for each object, in the arena.
 * Errors: ERR_BAD_FRAME, ERR_BAD_OBJECT with the row's number. */
bool frame_load(struct frame *f, const struct table *t, struct arena *a, struct err *e);

/* The line of object i without its line feed. */
struct bytes frame_line(const struct frame *f, size_t i);
/* The id of object i. */
struct bytes frame_object(const struct frame *f, size_t i);
/* The ids of objects first … first + n − 1, or up to the last one; returns how many. Rows ahead are
 * asked for while one is read, so that memory does not keep the processor waiting. */
size_t frame_objects(const struct frame *f, size_t first, size_t n, struct bytes *object);
/* The facts of object i, from the text. */
void frame_facts(const struct frame *f, size_t i, struct bytes fact[FRAME_FACTS]);
/* The object with this id; false if the frame has none. Binary search. */
bool frame_find(const struct frame *f, struct bytes object, size_t *i);

/* The codes of a task for the objects of block b: that of its j-th is frame_block_code(…, j). */
static inline const uint8_t *frame_block(const struct frame *f, size_t b, size_t task)
{
	return f->code + (b * f->tasks + task) * (FRAME_BLOCK / 2);
}

static inline enum frame_code frame_block_code(const uint8_t *block, size_t j)
{
	return (enum frame_code)(block[j / 2] >> 4 * (j % 2) & 15);
}

static inline enum frame_code frame_code(const struct frame *f, size_t i, size_t task)
{
	return frame_block_code(frame_block(f, i / FRAME_BLOCK, task), i % FRAME_BLOCK);
}

/* The codes of all tasks for object i, one byte each. */
static inline void frame_codes(const struct frame *f, size_t i, uint8_t *code)
{
	for (size_t t = 0; t < f->tasks; t++)
		code[t] = (uint8_t)frame_code(f, i, t);
}

/* Streaming `universe`: start, every row's facts in order, end. For the freeze, which writes the
 * frame and never holds it. */
struct frame_universe {
	struct sha256 hash;
};
void frame_universe_start(struct frame_universe *u);
void frame_universe_put(struct frame_universe *u, const struct bytes fact[FRAME_FACTS]);
/* The same, facts joined by TAB as they stand in a row of the frame. */
void frame_universe_line(struct frame_universe *u, struct bytes facts);
void frame_universe_end(struct frame_universe *u, uint8_t out[32]);

#endif
