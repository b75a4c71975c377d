/* Classes of all entities, or of those that changed (sql/migrations/0017_risk.sql). */
#ifndef DRAWD_CLASSIFY_H
#define DRAWD_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/job.h"
#include "daemon/policy/labels.h"
#include "planner/risk.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Columns of the rows that entities are made of. */
enum {
	SIGNAL_ENTITY,
	SIGNAL_SOURCE,
	SIGNAL_KIND,
	SIGNAL_FIELD,
	SIGNAL_DAY,
	SIGNAL_ENDS,
	SIGNAL_REPAIRED,
	SIGNAL_AMOUNT,
	SIGNAL_BATCH,
	SIGNAL_LINE,
	SIGNAL_KEY,
	SIGNAL_COLUMNS
};

/* The fact that a signal is: a row of a register. */
struct origin {
	struct bytes in; /* the register's name */
	int64_t batch, line;
	struct bytes key;
};

/* An entity being put together of such rows: its objects and its signals, in whatever order. */
struct gathering {
	struct arena *arena;
	/* Rules that give labels by the names of permits, while these are in force, as a frame has
	 * them; NULL: none do. */
	const struct label_rules *rules;
	struct bytes entity, object; /* whose facts they are */
	struct risk_facts facts; /* of the object that is the entity, else of the smallest */
	bool main, known, open; /* the object that is the entity; any; any that is not closed */
	struct risk_signal *signal;
	struct origin *origin; /* of each signal */
	struct origin self; /* of the object whose facts are the entity's */
	size_t n, room;
	struct buf labels; /* of the permit at hand */
	char *text; /* copies of values, until the next entity */
	size_t used, size;
};

/* Set `rules` from the file of label rules ("": none), where one looks at permits. Errors: as
 * label_rules_load(). */
bool gathering_rules(struct gathering *g, const char *file, struct err *e);
/* Begin with the next entity; what was gathered before is gone. */
void gathering_next(struct gathering *g, struct bytes entity);
/* An object or a signal. Values are copied; batch and line are numbers as text. False where the
 * source is neither. */
bool gathering_take(struct gathering *g, const struct bytes value[SIGNAL_COLUMNS]);
/* All rows are in: add what the entity says of itself. False where there is nothing to classify. */
bool gathering_end(struct gathering *g);

/* ---- what looks on while entities are classified (triggers) ---- */

/* A run as it begins. The arena lives as long as the run. */
struct classify_run {
	struct job *job;
	struct arena *arena;
	const struct risk *risk;
	const struct risk_machine *machine;
	int32_t day;
	bool whole; /* all entities are looked at, else */
	struct bytes entities; /* those, joined by `,` */
};

/* start comes before the first entity; each once for every entity of which something is known; end
 * behind the last, inside the transaction on job->db that the classes are written in. Until then
 * that connection copies: each may only collect. result is NULL where the entity has none any
 * more. */
struct classify_watch {
	bool (*start)(const struct classify_run *run, void **ctx, struct err *e);
	bool (*each)(void *ctx, const struct gathering *g, const struct risk_result *result,
		struct err *e);
	bool (*end)(void *ctx, int64_t run, struct err *e);
};
extern const struct classify_watch trigger_watch; /* triggers.c */

/* A run of its own, in transactions of the job's connections (PROTOCOL.md §5: classes are as of the
 * freeze's date). result: as of the job `classify`, in the job's arena. */
bool classify(
	struct job *job, int32_t day, struct bytes scope, struct bytes *result, struct err *e);
/* Are the classes not those of that day and of the lists that count? Never where no model is in
 * force. */
bool classify_behind(struct db *db, int32_t day, bool *behind, struct err *e);

#endif
