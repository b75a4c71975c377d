/* What log and witness say to each other (C2SP tlog-witness), and the witness's decision. */
#ifndef DRAWD_WITNESS_H
#define DRAWD_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/checkpoint.h"
#include "sampler/merkle.h"
#include "sampler/note.h"

/* The body of POST add-checkpoint: "old " size, consistency proof lines, blank line, checkpoint. */
struct witness_request {
	uint64_t old;
	struct merkle_proof proof; /* at most 63 hashes */
	struct bytes checkpoint; /* the whole note */
};

/* ERR_BAD_NOTE says what is wrong; slices point into body. The checkpoint is not read yet. */
bool witness_request_parse(struct witness_request *r, struct bytes body, struct err *e);
void witness_request_put(struct buf *out, const struct witness_request *r);

/* What a witness knows of a log: the largest checkpoint it cosigned; size 0 at the start. */
struct witness_state {
	uint64_t size;
	struct hash root;
};

/* HTTP status of the answer (C2SP tlog-witness). */
enum witness_answer {
	WITNESS_OK = 200, /* cosign; *next is stored before the cosignature leaves */
	WITNESS_BAD = 400, /* malformed, or old > size */
	WITNESS_UNSIGNED = 403, /* no valid signature of the log */
	WITNESS_UNKNOWN = 404, /* the origin is another log's */
	WITNESS_CONFLICT =
		409, /* old is not known->size (say it), or the same size, another root */
	WITNESS_NO_PROOF = 422, /* the proof does not hold */
};

/* Decide a request: pure, the caller signs and stores. On WITNESS_OK *next is the new state and
 * *note the checkpoint to cosign; else e says why. */
enum witness_answer witness_judge(const struct witness_state *known, const struct vkey *log,
	struct bytes body, struct arena *a, struct witness_state *next, struct note *note,
	struct err *e);

/* Read the answer's cosignature lines and append those that are lines to the checkpoint; the
 * result is again a note. ERR_BAD_NOTE. Verification is the caller's (note_verify). */
bool witness_answer_join(struct bytes *joined, struct arena *a, struct bytes checkpoint,
	struct bytes lines, struct err *e);

#endif
