/* The files of the field: which column is what. One table, column → synonyms → checker; the parser,
 * its errors and the documents walk it. Lists: 检查对象名录库, 执法检查人员名录库, 回避关系. */
#ifndef DRAWD_COLUMNS_H
#define DRAWD_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/csvrecord.h"
#include "daemon/row.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Looks at one value and puts what it says into the row. An empty value is not handed to it. */
typedef void column_check(struct row *r, const struct column *c, struct bytes value);

struct column {
	enum import_kind kind;
	const char *name; /* as the field calls it; errors name it */
	const char *synonyms; /* further names, joined by | */
	int fact; /* of which it speaks (enum entity_fact_id …); −1: of the key, or of none */
	column_check *check; /* NULL: known, and of no use here */
};

/* Row i; NULL behind the last. */
const struct column *column_row(size_t i);

/* The column with this name (spaces, full-width forms, `*` and a remark in brackets are forgiven);
 * NULL where no column of the kind has it. */
const struct column *column_find(enum import_kind kind, struct bytes name);

/* A header read: column[i] is that of field i or NULL. Where several fields have one column, the
 * first that is not empty counts: earlier[i] is 1 + the field before i with the same column, or 0.
 */
struct header {
	size_t n;
	const struct column **column;
	size_t *earlier;
	bool said[ROW_FACTS]; /* facts of which some column speaks */
	struct bytes unknown; /* names nobody knows, joined by 、 */
};
/* ERR_NO_COLUMN where a column is missing without which no row can be read; ERR_COLUMN_TWICE, with
 * the places of both, where one stands twice under the same name. */
bool header_read(struct header *h, enum import_kind kind, const struct csv_record *record,
	struct arena *a, struct err *e);

#endif
