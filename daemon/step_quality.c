/* The job `quality`: look at what came in since, then write down how the registers stand. Each day
 * one, and one behind every change of what counts. */
#include <inttypes.h>

#include "daemon/clock.h"
#include "daemon/register/quality.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/civil.h"

static bool take(struct job *job, const char *day, const struct quality_pools *pools, int64_t *id,
	struct err *e)
{
	const struct conf *conf = &job->worker->process->conf;
	DB_ROWS rows = { 0 };
	bool ok = db_begin(job->db, false, e) && job_hold(job, e) &&
		  DB_RUN(job->db, Q_quality_snapshot, &rows, e, DB_INT(job->id), DB_TEXT(day),
			  DB_INT(conf_quality_min(conf)), DB_BYTES(pools->counts),
			  DB_BYTES(pools->samples)) &&
		  db_commit(job->db, e);
	if (!ok) {
		db_rollback(job->db);
		return false;
	}
	struct db_row r = db_row(&rows, 0, job->arena, e);
	*id = db_int(&r, "id");
	return !r.bad;
}

/* The snapshot that another job took since what this one was asked for; 0: none. A frame that was
 * frozen is never in one. */
static bool taken(struct job *job, int64_t *id, struct err *e)
{
	*id = 0;
	if (job_arg_text_or(job, "round", "").n > 0)
		return true;
	DB_ROWS rows = { 0 };
	if (!db_query(job->db, Q_quality_taken, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, job->arena, e);
	*id = db_int(&r, "id");
	return !r.bad;
}

bool step_quality(struct job *job, struct bytes *result, struct err *e)
{
	char day[CIVIL_TEXT];
	struct quality_pools pools;
	int64_t id = 0;
	const struct conf *conf = &job->worker->process->conf;
	civil_format(clock_date_of(clock_now(conf)), day);
	if (!taken(job, &id, e))
		return false;
	if (id == 0 && (!quality_look(job, e) || !quality_unpooled(job, day, &pools, e) ||
			       !take(job, day, &pools, &id, e)))
		return false;
	*result = bytes_of(
		arena_printf(job->arena, "{\"snapshot\":%" PRId64 ",\"day\":\"%s\"}", id, day));
	return true;
}
