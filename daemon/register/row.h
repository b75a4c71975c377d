/* One row on its way in: what its cells say, and what is wrong with them. */
#ifndef DRAWD_ROW_H
#define DRAWD_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/policy/labels.h"
#include "daemon/register/departments.h"
#include "daemon/register/record.h"
#include "daemon/register/registers.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* A row gives the facts of its register (registers[].fact), fact[0] being the key. A fact of which
 * the file has no column is row_unsaid (p NULL): what was said before stands; an empty one says
 * "unknown". */
enum { ROW_NOTES = 40 };

/* Counted over the batch and said aloud in its result. */
enum derived {
	DERIVED_KIND = 1, /* no kind: the USCC's category tells it, unless it was said before */
	DERIVED_REGION = 2, /* no region: digits 3–8 of the USCC, unless it was said before */
	DERIVED_LABELS = 4, /* labels by rules */
	DERIVED_UNCLASSED = 8, /* no class: stratum U 未分类 */
	DERIVED_KINDS = 4 /* how many bits */
};
const char *derived_name(unsigned bit_number);

enum row_severity {
	ROW_ERROR, /* the row is refused */
	ROW_REPAIR, /* a value was put right */
	ROW_REMARK, /* worth a look; nothing was changed */
	ROW_SEVERITIES
};
/* "error", "repair", "remark" */
const char *row_severity_name(enum row_severity severity);

struct row_note {
	enum err_code code;
	enum row_severity severity;
	const char *column; /* "" for the whole row */
	struct bytes value, detail; /* in the row's text */
};

/* Columns without a fact of their own, kept until the row ends. */
enum cell {
	CELL_USCC,
	CELL_REGNO, /* with its R */
	CELL_PREMISES,
	CELL_TYPE, /* kind as 企业类型 has it; 主体类型 comes first */
	CELL_UNIT,
	CELL_DEPARTMENT, /* comes before the unit */
	CELL_OBJECT, /* 检查对象编号 */
	CELL_OBJECT_ENTITY, /* whose it is */
	CELL_INDUSTRY, /* as written */
	CELLS
};

struct tables;
struct row {
	enum register_id id;
	uint64_t line;
	struct bytes fact[FACTS_MAX];
	struct bytes cell[CELLS];
	unsigned derived;
	enum field_type type; /* what the file says of the cell being checked */
	struct bytes raw; /* that cell with the blanks around its value */
	bool bad; /* some note is an error */
	bool repaired, remarked; /* some note is a repair, a remark */
	size_t notes;
	struct row_note note[ROW_NOTES];
	/* what rows are read with */
	const struct label_rules *labels; /* NULL: none */
	const struct departments *departments; /* NULL: codes only */
	const struct tables *tables; /* NULL: none */
	struct bytes given; /* labels of every row: a list */
	char *text; /* bytes of everything above; grows by row_text only */
	size_t text_n, text_max;
};

struct column;

extern const struct bytes row_unsaid;

/* text_max bytes of room for one row's texts. */
struct row *row_new(struct arena *a, enum register_id id, size_t text_max);
/* Forget the last row; every fact is row_unsaid. */
void row_start(struct row *r, uint64_t line);
/* Copy into the row's text; what does not fit is cut. */
struct bytes row_text(struct row *r, struct bytes s);
struct bytes row_printf(struct row *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Say what is wrong (row_fail), was put right (row_repair), or is worth a look (row_remark); only
 * the first makes the row bad. `value` is copied, and made fit to print: invalid UTF-8 and control
 * characters become \xNN, long ones are cut. detail is facts, in no language. */
void row_fail(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));
void row_repair(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));
void row_remark(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));

/* Was an error of this column told? */
bool row_told(const struct row *r, const char *column);
/* A value that is needed is missing: told once, and not where what stood there was wrong. */
void row_miss(struct row *r, const char *column);

/* All cells are in: derive what follows from them, check what must be there, make the key. Of a bad
 * row fact[0] is the key it had if the rest is right; `X:` is how that begins where no more of it
 * can be known, and only `:` where it begins with nothing. */
void row_finish(struct row *r);

/* What the registers do of their own before that (finish.c). */
typedef void row_finisher(struct row *r);
row_finisher finish_entity, finish_inspector, finish_recusal, finish_expert, finish_agency,
	finish_authority, finish_item, finish_joint, finish_region, finish_calendar, finish_coded,
	finish_succession, finish_exception;
/* What ends before it begins is said, in every register that has both days. */
row_finisher finish_period;

#endif
