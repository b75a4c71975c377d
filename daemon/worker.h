/* A worker: takes jobs from the queue and runs them, one after the other. */
#ifndef DRAWD_WORKER_H
#define DRAWD_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/beat.h"
#include "daemon/db.h"
#include "daemon/job.h"
#include "daemon/keys.h"
#include "daemon/process.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/step.h"

struct worker {
	struct process *process;
	struct db *db; /* jobs, small queries, transactions */
	struct db *store; /* artefacts being written */
	struct db *stream; /* long reads beside them */
	struct beat *beat; /* keeps the lease of the job in hand */
	struct box_key box; /* made at the start, never stored */
	int64_t remind_at; /* clock_tick() at which to ask for what is due next */
	int64_t programmes; /* mark of the programmes as they stood when that was asked last */
};

/* Ask the notary for a round's frame-salt key or seed text and wait for the answer, keeping the
 * job's lease. *out lives in the job's arena. Errors: what the notary refused, ERR_FENCED … */
bool worker_key(
	struct job *job, struct bytes round, const char *purpose, struct bytes *out, struct err *e);

/* A round as the jobs need it; texts live in the job's arena. */
struct round_row {
	const char *id;
	enum round_state state;
	bool demo;
	struct bytes policy; /* rows of PROTOCOL.md §6.1 */
	struct bytes departments, pulses, reveal_after, results_due, disclosure;
	int64_t delta, draw_deadline;
};
bool worker_round(struct job *job, struct bytes id, struct round_row *round, struct err *e);

/* Propose a record and wait for the notary's decision, keeping the lease. A proposal that this job
 * made before is found again. artefacts: names and hashes. beside: JSON that is kept with the
 * proposal and stands in no record. *entry gets the log index. Errors: the
 * notary's refusal, ERR_ALREADY when another proposal of the kind stands. */
struct named_hash {
	const char *name;
	uint8_t hash[32];
};
bool worker_propose(struct job *job, const struct round_row *round, const char *kind,
	struct bytes body, const struct named_hash *artefacts, size_t n, struct bytes beside,
	int64_t *entry, struct err *e);
/* Wait for the decision on this job's proposal of a kind. Errors: the notary's refusal. */
bool worker_await(struct job *job, const char *kind, int64_t *entry, struct err *e);
/* Wait until a checkpoint covers this entry. */
bool worker_published(struct job *job, int64_t entry, struct err *e);
/* Wait until a checkpoint with its quorum covers it; ERR_NO_WITNESS after a minute. */
bool worker_cosigned(struct job *job, int64_t entry, struct err *e);
/* The state of this job's proposal of a kind: NULL, "pending", "accepted" or "refused". */
bool worker_proposal(
	struct job *job, const char *kind, const char **state, int64_t *entry, struct err *e);

#endif
