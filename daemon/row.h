/* One row on its way in: what its cells say, and what is wrong with them. */
#ifndef DRAWD_ROW_H
#define DRAWD_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/departments.h"
#include "daemon/policy/labels.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum import_kind { IMPORT_ENTITIES, IMPORT_INSPECTORS, IMPORT_RECUSALS, IMPORT_KINDS };
/* "entities", "inspectors", "recusals" */
const char *import_kind_name(enum import_kind kind);
bool import_kind_of(struct bytes name, enum import_kind *kind);

/* What a row gives, in the order of the database's columns. The first of each is the key: two rows
 * of a file never share it. A fact of which the file has no column is row_unsaid (p NULL): what was
 * said before stands; an empty one says "unknown". */
enum entity_fact_id {
	ENTITY_OBJECT,
	ENTITY_ENTITY,
	ENTITY_NAME,
	ENTITY_KIND,
	ENTITY_INDUSTRY,
	ENTITY_REGION,
	ENTITY_ESTABLISHED,
	ENTITY_STATUS,
	ENTITY_SINCE,
	ENTITY_CLASS,
	ENTITY_LABELS,
	ENTITY_CHECKED,
	ENTITY_ADDRESS,
	ENTITY_SCOPE,
	ENTITY_X, /* micro-degrees of longitude, empty where unknown */
	ENTITY_Y, /* of latitude */
	ENTITY_MATCHED, /* labels that rules find in name, scope and industry; always said */
	ENTITY_FACTS
};
enum inspector_fact_id {
	INSPECTOR_KEY, /* department:certificate number */
	INSPECTOR_DEPARTMENT,
	INSPECTOR_NAME,
	INSPECTOR_CERTIFICATE_NO,
	INSPECTOR_CERTIFICATE,
	INSPECTOR_REGIONS,
	INSPECTOR_ITEMS,
	INSPECTOR_LEAVE,
	INSPECTOR_LIMIT,
	INSPECTOR_ACTIVE, /* "t" or "f" */
	INSPECTOR_FACTS
};
enum recusal_fact_id {
	RECUSAL_KEY, /* everything: several grounds for the same pair all stand */
	RECUSAL_INSPECTOR, /* id, or empty */
	RECUSAL_DEPARTMENT, /* of the certificate, or empty */
	RECUSAL_CERTIFICATE_NO,
	RECUSAL_SUBJECT,
	RECUSAL_GROUND,
	RECUSAL_SINCE,
	RECUSAL_FACTS
};
enum { ROW_FACTS = 17, ROW_NOTES = 40 };

/* Counted over the batch and said aloud in its result. */
enum derived {
	DERIVED_KIND = 1, /* no kind: the USCC's category tells it, unless it was said before */
	DERIVED_REGION = 2, /* no region: digits 3–8 of the USCC, unless it was said before */
	DERIVED_LABELS = 4, /* labels by rules */
	DERIVED_UNCLASSED = 8, /* no class: stratum U 未分类 */
	DERIVED_KINDS = 4 /* how many bits */
};
const char *derived_name(unsigned bit_number);

struct row_note {
	enum err_code code;
	bool warning;
	const char *column; /* "" for the whole row */
	struct bytes value, detail; /* in the row's text */
};

/* Columns without a fact of their own, kept until the row ends. */
enum cell {
	CELL_USCC,
	CELL_REGNO, /* with its R */
	CELL_PREMISES,
	CELL_REGION_NAME, /* where a code should stand */
	CELL_TYPE, /* kind as 企业类型 has it; 主体类型 comes first */
	CELL_UNIT,
	CELL_DEPARTMENT, /* comes before the unit */
	CELL_EXPERT,
	CELLS
};

struct row {
	uint64_t line;
	struct bytes fact[ROW_FACTS];
	struct bytes cell[CELLS];
	unsigned derived;
	bool bad; /* some note is not a warning */
	size_t notes;
	struct row_note note[ROW_NOTES];
	/* what rows are read with */
	const struct label_rules *labels; /* NULL: none */
	const struct departments *departments; /* NULL: codes only */
	struct bytes given; /* labels of every row: a list */
	char *text; /* bytes of everything above; grows by row_text only */
	size_t text_n, text_max;
};

struct column;

extern const struct bytes row_unsaid;

/* text_max bytes of room for one row's texts. */
struct row *row_new(struct arena *a, size_t text_max);
/* Forget the last row; every fact is row_unsaid. */
void row_start(struct row *r, uint64_t line);
/* Copy into the row's text; what does not fit is cut. */
struct bytes row_text(struct row *r, struct bytes s);
struct bytes row_printf(struct row *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Say what is wrong, or was put right: row_warn leaves the row good. `value` is copied, and made
 * fit to print: invalid UTF-8 and control characters become \xNN, long ones are cut. detail is
 * facts, in no language. */
void row_fail(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));
void row_warn(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...) __attribute__((format(printf, 5, 6)));

/* All cells are in: count what must be derived, check what must be there, make the key. */
void row_finish(struct row *r, enum import_kind kind);

#endif
