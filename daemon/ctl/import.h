/* Imports in drawctl: files become batches, batches are shown. */
#ifndef DRAWD_CTL_IMPORT_H
#define DRAWD_CTL_IMPORT_H

#include "daemon/ctl/ctl.h"
#include "daemon/register/registers.h"

/* A register in the reader's language. */
const char *register_title(struct ctl *c, const char *name);
/* A fact as people read it: in Chinese the first of the words that mean it, yes or no, with its
 * unit as the column table has it. `mapping` (of a batch; NULL: none) says which column a file was
 * read by. */
const char *fact_text(
	struct ctl *c, enum register_id id, size_t fact, json_t *mapping, const char *value);
/* Print facts of a register in their order: "名称：甲；地址：…"; of `before` and `after` what it
 * was and is. The key is left out, and what repeats it. A line end follows. */
void put_facts(struct ctl *c, enum register_id id, json_t *mapping, json_t *before, json_t *after,
	const char *key);
/* GET a batch. Errors are told. */
bool get_batch(struct ctl *c, int64_t id, struct reply *reply, int *code);
/* A batch with what it would change, as long as it does not count. */
void show_preview(struct ctl *c, json_t *batch);
/* The first of its errors, remarks and repairs, and how many more there are. The exit code; errors
 * of asking are told. */
int show_notes(struct ctl *c, json_t *batch);

#endif
