/* Classes of all entities, or of those that changed (sql/migrations/0017_risk.sql). */
#ifndef DRAWD_CLASSIFY_H
#define DRAWD_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/job.h"
#include "planner/risk.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* What looks on while entities are classified (triggers). start comes before the first entity, each
 * once for every entity that is looked at (value: of each indicator, thousandths; NULL where the
 * entity has none any more), end behind the last, inside the transaction on job->db that the
 * classes are written in. Until then that connection copies: each may only collect. */
struct classify_watch {
	bool (*start)(struct job *job, const struct risk *risk, int32_t day, bool whole, void **ctx,
		struct err *e);
	bool (*each)(void *ctx, struct bytes entity, const int64_t *value, struct err *e);
	bool (*end)(void *ctx, int64_t run, struct err *e);
};

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

/* An entity being put together of such rows: its objects and its signals, in whatever order. */
struct gathering {
	struct arena *arena;
	struct bytes entity, object; /* whose facts they are */
	struct risk_facts facts; /* of the object that is the entity, else of the smallest */
	bool main, known, open; /* the object that is the entity; any; any that is not closed */
	struct risk_signal *signal;
	size_t n, room;
	char *text; /* copies of values, until the next entity */
	size_t used, size;
};

/* Begin with the next entity; what was gathered before is gone. */
void gathering_next(struct gathering *g, struct bytes entity);
/* An object or a signal. Values are copied. False where the source is neither. */
bool gathering_take(struct gathering *g, const struct bytes value[SIGNAL_COLUMNS]);
/* All rows are in: add what the entity says of itself. False where there is nothing to classify. */
bool gathering_end(struct gathering *g);

#endif
