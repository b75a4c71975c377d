/* Checkpoints of the log (C2SP tlog-checkpoint without extension lines), PROTOCOL.md §4. */
#ifndef DRAWD_CHECKPOINT_H
#define DRAWD_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/note.h"
#include "sampler/sha256.h"

struct checkpoint {
	struct bytes origin; /* the name of the log key */
	uint64_t size;
	struct hash root;
};

/* Read the text of a checkpoint note; origin points into it. ERR_BAD_NOTE. */
bool checkpoint_parse(struct checkpoint *c, struct bytes text, struct err *e);
void checkpoint_put(struct buf *out, const struct checkpoint *c);

/* Read a whole checkpoint note of a log: form, origin and the signature of the log key. `note`
 * gets its parts, for note_verify of the witnesses. ERR_BAD_NOTE, ERR_BAD_SIGNATURE,
 * ERR_MISSING_SIGNER, ERR_BAD_KEY where the origin is another log's. */
bool checkpoint_open(struct checkpoint *c, struct note *note, struct arena *a, struct bytes whole,
	const struct vkey *log, struct err *e);

#endif
