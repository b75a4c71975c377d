/* The frame 抽取库 loaded by column: a few bytes an object beside the artefact's own text, which
 * may be mapped and is read again on demand (PROTOCOL.md §5, §6.2). */
#ifndef DRAWD_SAMPLER_FRAME_H
#define DRAWD_SAMPLER_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/table.h"

/* The strata in the order of §6.2: the class in a task, unmarked, then with the mark of the first
 * and of the second adjustment. What a task column holds, in four bits: one of them, or OUT where
 * an exclusion code stands. */
enum stratum {
	STRATUM_A,
	STRATUM_B,
	STRATUM_C,
	STRATUM_D,
	STRATUM_U, /* 未分类 */
	STRATUM_A1,
	STRATUM_B1,
	STRATUM_C1,
	STRATUM_D1,
	STRATUM_U1,
	STRATUM_A2,
	STRATUM_B2,
	STRATUM_C2,
	STRATUM_D2,
	STRATUM_U2,
	STRATUM_OUT
};
/* Numbers, so that they compare with strata and with sizes. */
#define FRAME_STRATA  15
#define FRAME_CLASSES 5 /* A-D and U */
_Static_assert((int)STRATUM_OUT == FRAME_STRATA, "OUT is behind the last stratum");

/* "A" … "U2". */
const char *stratum_name(enum stratum s);
bool stratum_of(struct bytes name, enum stratum *out);

/* The class A-D or U of a stratum. */
static inline enum stratum stratum_class(enum stratum s)
{
	return (enum stratum)((unsigned)s % FRAME_CLASSES);
}

/* Its mark: 0 none, 1 adjust.1, 2 adjust.2. */
static inline unsigned stratum_mark(enum stratum s)
{
	return (unsigned)s / FRAME_CLASSES;
}

/* The exclusion codes that every policy has (§6.2); those of its modes and caps stand beside. */
#define EXCLUDED_TYPE    "type"
#define EXCLUDED_REMIT   "remit"
#define EXCLUDED_CLOSED  "closed"
#define EXCLUDED_CHECKED "checked"
#define EXCLUDED_MODE    "mode-"
#define EXCLUDED_CAP     "cap-"
/* The four, 99 modes and 99 caps. */
enum { EXCLUSIONS_MAX = 4 + 99 + 99 };
/* Has the value the form of an exclusion code? */
bool frame_is_exclusion(struct bytes code);

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
	FACT_CLASSES,
	FACT_LABELS,
	FACT_CHECKED,
	FACT_ENTERED,
	FACT_RESERVED,
	FRAME_FACTS
};

/* The rank of the strata of a policy (§6.3): the place of each, 0 for the one that an entity stands
 * in before all others; OUT comes last. */
struct strata_rank {
	uint8_t place[FRAME_STRATA + 1];
};

/* Is the value well-formed for the column (§5)? */
bool frame_fact_check(enum frame_fact f, struct bytes v);
/* All facts of a row. Errors: ERR_BAD_FRAME with column and value (ERR_BAD_OBJECT for the id). */
bool frame_facts_check(const struct bytes fact[FRAME_FACTS], struct err *e);

/* What stands in the task columns, counted: the same from a frame that is loaded and from one that
 * is built. Tasks in the order of the columns. */
struct frame_counts {
	size_t tasks;
	const uint64_t *population; /* objects: [task*FRAME_STRATA + stratum] */
	const uint64_t *units; /* the same in entities (§6.3); in a builder only of tasks by entity,
				* of the others the objects */
	size_t codes;
	const struct bytes *code; /* the exclusion codes, bytewise ascending: order of the ledger */
	const uint64_t *excluded; /* objects: [task*codes + code] */
	const uint64_t *among; /* A of §6.3 by task*FRAME_STRATA + stratum; NULL: the units */
};

/* The objects a code keeps out of a task; 0 for a code that is not among them. */
uint64_t frame_excluded(const struct frame_counts *c, size_t task, struct bytes code);

/* Entities with several objects: a sparse list, since most have one. Groups in the order of their
 * first object, the objects of each ascending. */
struct frame_groups {
	size_t n;
	const size_t *start; /* n + 1 places in member */
	const uint32_t *member;
	size_t members;
	const uint32_t *object; /* all members, ascending */
	const uint32_t *group; /* the group of object[k] */
};

/* A loaded frame. Object i (0 … n−1) is row i+1; the order of i is the bytewise order of ids.
 * Cells take four bits; those of one task for FRAME_BLOCK objects stand together. */
struct frame {
	struct table table;
	size_t n, tasks;
	const struct bytes *task; /* codes of the tasks, ascending */
	const uint8_t *cell; /* enum stratum: read them with frame_cell */
	const uint64_t *block; /* place of the text of every FRAME_BLOCK-th row in rows */
	const uint32_t *offset; /* place of row i after its block's place */
	const uint64_t *special; /* bits: see frame_special */
	struct strata_rank rank; /* by which entities stand */
	struct frame_counts counts;
	struct frame_groups groups;
	uint8_t universe[32]; /* the freeze's `universe` */
	uint8_t root[32]; /* the freeze's `frame-root` */
	bool weighted; /* some weight is not 1 */
};
enum { FRAME_BLOCK = 64 };

/* Load an opened frame artefact: checks facts, task codes, weights and salts, computes universe
 * and frame-root on the way. rank: that of the policy, for where entities stand. 4.3 bytes + half
 * a byte per task for each object, in the arena, and 16 for each of an entity with several. Errors:
 * ERR_BAD_FRAME, ERR_BAD_OBJECT with the row's number. */
bool frame_load(struct frame *f, const struct table *t, const struct strata_rank *rank,
	struct arena *a, struct err *e);

/* The line of object i without its line feed. */
struct bytes frame_line(const struct frame *f, size_t i);
/* The id of object i, and that of its entity. */
struct bytes frame_object(const struct frame *f, size_t i);
struct bytes frame_entity(const struct frame *f, size_t i);
/* The ids of objects first … first + n − 1, or up to the last one; returns how many. Rows ahead are
 * asked for while one is read, so that memory does not keep the processor waiting. */
size_t frame_objects(const struct frame *f, size_t first, size_t n, struct bytes *object);
/* The facts of object i, from the text. */
void frame_facts(const struct frame *f, size_t i, struct bytes fact[FRAME_FACTS]);
/* The facts and then the stratum or exclusion code of every task: FRAME_FACTS + tasks values. */
void frame_row(const struct frame *f, size_t i, struct bytes *field);
/* What stands in the task column of object i: a stratum or an exclusion code, from the text. */
struct bytes frame_code(const struct frame *f, size_t i, size_t task);
/* Its weight, 1 to 65535, from the text. */
uint32_t frame_weight(const struct frame *f, size_t i);
/* The object with this id; false if the frame has none. Binary search. */
bool frame_find(const struct frame *f, struct bytes object, size_t *i);

/* Is the entity of object i something else than this object alone under the same id: one with
 * several objects, or with another id? The ticket of its unit is then not its own (§8). */
static inline bool frame_special(const struct frame *f, size_t i)
{
	return (f->special[i / 64] >> i % 64 & 1) != 0;
}

/* The objects of the entity of object i, ascending, i among them; 0 where it has only this one. */
size_t frame_group(const struct frame *f, size_t i, const uint32_t **member);
/* Of n objects of an entity, ascending, the one that stands for it in the task: the first in the
 * stratum that comes first by rank. Its cell is STRATUM_OUT where none is in a stratum. */
uint32_t frame_standing(const struct frame *f, size_t task, const uint32_t *member, size_t n);

/* The cells of a task for the objects of block b: that of its j-th is frame_block_cell(…, j). */
static inline const uint8_t *frame_block(const struct frame *f, size_t b, size_t task)
{
	return f->cell + (b * f->tasks + task) * (FRAME_BLOCK / 2);
}

static inline enum stratum frame_block_cell(const uint8_t *block, size_t j)
{
	return (enum stratum)(block[j / 2] >> 4 * (j % 2) & 15);
}

static inline enum stratum frame_cell(const struct frame *f, size_t i, size_t task)
{
	return frame_block_cell(frame_block(f, i / FRAME_BLOCK, task), i % FRAME_BLOCK);
}

/* The cells of all tasks for object i, one byte each. */
static inline void frame_cells(const struct frame *f, size_t i, uint8_t *cell)
{
	for (size_t t = 0; t < f->tasks; t++)
		cell[t] = (uint8_t)frame_cell(f, i, t);
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
