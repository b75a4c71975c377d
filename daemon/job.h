/* The job queue: leases in database time, fencing, progress, structured results and errors.
 * A worker that lost its lease finds out at its next write; what it wrote before is idempotent. */
#ifndef DRAWD_JOB_H
#define DRAWD_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/conf.h"
#include "daemon/db.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct worker; /* daemon/worker.h */

/* A job in hand. args is read with job_arg_*. */
struct job {
	int64_t id, fence;
	int64_t attempts; /* this one included */
	const char *kind;
	struct bytes args; /* JSON object */
	struct arena *arena; /* lives as long as the job is in hand */
	struct db *db; /* the worker's connection; jobs may use transactions on it */
	struct worker *worker;
	int64_t beat; /* when the lease was last renewed, CLOCK_MONOTONIC seconds */
};

/* A kind of job. run returns false with the error that ends the job as failed; an error that passes
 * by itself (err_passes), or ERR_DIFFERS, instead leaves it to another attempt. *result, where set,
 * becomes the job's `result` (a JSON object). The table of kinds is in worker.c. */
typedef bool job_fn(struct job *job, struct bytes *result, struct err *e);
struct job_kind {
	const char *kind;
	job_fn *run;
	const char *zh, *en;
};

/* Take the job whose turn it is of those that nobody holds (accounts take turns, of one the
 * oldest); *job unchanged and *found false if there is none. */
bool job_take(
	struct db *db, int64_t lease, struct arena *a, struct job *job, bool *found, struct err *e);
/* Renew the lease and say how far it is; cheap to call often (it writes at most once a second).
 * Outside a transaction only. Errors: ERR_FENCED when the lease was lost, ERR_STOPPING when the
 * process shall end (the job goes back to the queue). */
bool job_progress(struct job *job, int64_t done, int64_t total, const char *note, struct err *e);
/* Inside the transaction that writes what the job made: locks the job's row and proves that the
 * lease is still ours. ERR_FENCED otherwise. */
bool job_hold(struct job *job, struct err *e);
/* End it. */
bool job_done(struct job *job, struct bytes result, struct err *e);
bool job_fail(struct job *job, const struct err *why, struct err *e);
/* Put it back for another attempt, after 1, 4, 16, 64 … at most 256 seconds; after `attempts_max`
 * attempts it fails with `why`. */
bool job_release(struct job *job, int64_t attempts_max, const struct err *why, struct err *e);

/* Arguments: members of the JSON object. ERR_BAD_ARGS names the member that is missing or of the
 * wrong type. job_arg_text_or returns `otherwise` where the member is missing. */
bool job_arg_text(struct job *job, const char *name, struct bytes *out, struct err *e);
bool job_arg_int(struct job *job, const char *name, int64_t *out, struct err *e);
struct bytes job_arg_text_or(struct job *job, const char *name, const char *otherwise);

/* An error as JSON {"code","where","what"}, and back from it. */
struct bytes job_error_json(struct arena *a, const struct err *why);
void job_error_of(struct bytes json, struct err *out);

/* The kinds, one function each. */
bool step_freeze(struct job *job, struct bytes *result, struct err *e); /* step_freeze.c */
bool step_draw(struct job *job, struct bytes *result, struct err *e); /* step_draw.c */
bool step_project(struct job *job, struct bytes *result, struct err *e); /* project.c */
bool step_bundle(struct job *job, struct bytes *result, struct err *e); /* step_bundle.c */
bool step_quality(struct job *job, struct bytes *result, struct err *e); /* step_quality.c */
bool step_classify(struct job *job, struct bytes *result, struct err *e); /* step_classify.c */
bool step_simulate(struct job *job, struct bytes *result, struct err *e); /* step_simulate.c */
bool programme_check_run(struct job *job, struct bytes *result, struct err *e); /* programme.c */
bool programme_round_run(
	struct job *job, struct bytes *result, struct err *e); /* programme_rounds.c */
bool look_run(struct job *job, struct bytes *result, struct err *e); /* look.c */
bool import_run(struct job *job, struct bytes *result, struct err *e); /* import.c */

#endif
