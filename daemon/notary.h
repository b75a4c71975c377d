/* The notary: the only holder of the log key and of sealed secrets, and the door through which a
 * round changes its state (PROTOCOL.md §3, §4, §7). Parts of one process:
 *   notary.c         start, main loop
 *   notary_log.c     append, publish, high-water mark
 *   notary_cosign.c  witnesses
 *   notary_steps.c   may this proposal be entered? the record it becomes
 *   notary_freeze.c  the same for the freeze
 *   notary_motion.c  is there a motion that somebody else seconded? void
 *   notary_cause.c   inspections for a cause, which stand outside of rounds
 *   notary_anchor.c  the audit log's daily anchor
 *   notary_sign.c    the note with all its signature lines
 *   notary_secret.c  secrets and the mailbox of the workers */
#ifndef DRAWD_NOTARY_H
#define DRAWD_NOTARY_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/db.h"
#include "daemon/keys.h"
#include "daemon/process.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/merkle.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/step.h"
#include "sampler/trust.h"

struct notary {
	struct process *process;
	struct db *db;
	struct arena *arena; /* of trust and keys */
	struct trust trust;
	struct note_signer log, operator;
	struct box_key box;
	int64_t cosign_at, cosign_pause; /* clock_tick of the next try, and the pause before it */
	int64_t anchor_at; /* clock_tick of the next look at the audit log */
	int64_t lapse_at; /* and at motions whose time is over */
	bool clock_told; /* the database knows how far our clock is from its own */
	int64_t minimum_told; /* what it knows that a freeze asks for, and 1; 0: nothing */
	bool compared; /* since the start: no witness knows more of our log than we do */
	int64_t unsigned_since; /* clock_tick when the newest checkpoint was found without quorum; 0
				 */
};

/* ---- the log ---- */

struct head {
	uint64_t size, published;
	struct merkle tree;
};
/* The head; in a transaction with `lock` its row is locked. Checks it against the high-water file:
 * ERR_ROLLED_BACK where the database is older than what was signed. */
bool notary_head(struct notary *n, bool lock, struct head *head, struct err *e);
/* Write an entry at the end, inside the caller's transaction that holds the head. */
bool notary_append(struct notary *n, struct head *head, struct bytes note, const char *kind,
	struct bytes round, uint64_t *idx, struct err *e);
/* Publish what was appended: tiles, high-water mark, checkpoint; nothing to do is no error. */
bool notary_publish(struct notary *n, struct err *e);

/* Perfect subtrees out of the published tiles: where consistency proofs come from. */
struct notary_tiles {
	struct notary *n;
	struct arena *a;
};
struct merkle_source notary_source(const struct notary_tiles *t);

/* The high-water file: "size root\n". A missing file is size 0. */
struct high_water {
	uint64_t size;
	struct hash root;
};
bool high_water_read(const char *path, struct high_water *h, struct err *e);
bool high_water_write(const char *path, const struct high_water *h, struct err *e);

/* ---- witnesses ---- */

/* Have the newest checkpoint cosigned if it is not yet. ERR_NO_WITNESS without a quorum. */
bool notary_cosign(struct notary *n, struct err *e);
/* Once after each start, before anything is appended: does a witness know of a log that is larger
 * or another? ERR_ROLLED_BACK. Witnesses that do not answer are asked again the next time. */
bool notary_compare(struct notary *n, struct err *e);
/* Do enough witnesses answer right now? They cosign the newest checkpoint once more, and nothing
 * is stored. ERR_NO_WITNESS. */
bool notary_probe(struct notary *n, struct err *e);
/* Was entry idx under a checkpoint cosigned by the quorum at a time ≤ latest? ERR_NO_WITNESS. */
bool notary_in_time(struct notary *n, uint64_t idx, uint64_t latest, struct err *e);

/* ---- steps ---- */

struct proposal {
	int64_t id, place;
	struct bytes round, kind, body, attestations;
	enum step_id step;
};
struct round_facts {
	struct bytes id, policy, departments, pulses, reveal_after, results_due, disclosure;
	enum round_state state;
	bool demo;
	int64_t delta, draw_deadline;
	/* from its entries */
	bool has_freeze, has_lock, has_draw;
	uint8_t freeze[32], lock[32], draw[32];
	uint8_t last[32]; /* of the newest that is not a cause */
	uint64_t lock_idx;
	struct record lock_record;
	size_t beacons;
	struct record *beacon; /* in order */
};

/* What a step asks the door to do: set by its function, done in one transaction. */
struct deed {
	struct notary *n;
	struct arena *a;
	const struct proposal *p;
	const struct round_facts *r;
	struct buf text; /* of the record: what the function leaves */
	struct bytes extra_name,
		extra; /* an artefact the step itself makes (the seed text), or none */
};
typedef bool deed_fn(struct deed *d, struct err *e);
deed_fn notary_freeze, notary_lock, notary_beacon, notary_draw, notary_reveal, notary_void;

/* Was what is proposed moved by one person and seconded by another
 * (sql/migrations/0007_motion.sql)? A draw follows from what was agreed before. ERR_MOTION_NEEDED.
 */
bool notary_agreed(struct notary *n, struct arena *a, const struct proposal *p, struct err *e);
/* From time to time: motions that nobody seconded in time lapse. */
bool notary_lapse(struct notary *n, struct err *e);
/* From time to time: once a civil day on which the audit log has grown enter its
 * head into the log (PROTOCOL.md §3, `anchor`). An audit log that does not have the hash of its
 * last anchor any more is told in the log of this process and not anchored. */
bool notary_anchor(struct notary *n, struct err *e);

/* Decide one proposal: accept (entry, state, artefacts, all in one transaction) or refuse. False
 * only where nothing could be decided: ERR_DATABASE, ERR_BUSY, ERR_ROLLED_BACK. */
bool notary_decide(struct notary *n, int64_t proposal, struct err *e);
/* Enter one inspection for a cause that two persons decided on (PROTOCOL.md §3, `cause`), or
 * refuse it; false as of notary_decide. */
bool notary_cause(struct notary *n, int64_t cause, struct err *e);
/* Is this an error after which nothing was decided? */
bool notary_undecided(enum err_code code);

/* The record's text signed by the operator and, from the proposal's attestations, by all others
 * whom the record table demands (PROTOCOL.md §3). ERR_MISSING_SIGNER, ERR_BAD_SIGNATURE. */
bool notary_note(struct deed *d, struct bytes *note, struct err *e);

/* The round's row and entries, inside the caller's transaction. ERR_NO_ROUND. */
bool notary_round(
	struct notary *n, struct bytes id, struct arena *a, struct round_facts *r, struct err *e);
/* The named artefacts of the proposal exist and are those of the record's keys. */
bool notary_artefacts(struct deed *d, const struct record *rec, unsigned tables, struct err *e);
/* A value of the record must be this one: ERR_DIFFERS names the key. */
bool notary_expect(const struct record *rec, const char *key, struct bytes wanted, struct err *e);

/* ---- secrets ---- */

/* 32 new bytes; in a demonstration that asks for it derived from the label and purpose. */
void notary_fresh(struct notary *n, struct bytes label, const char *purpose, uint8_t out[32]);
/* The secret of a round for a purpose ("frame-salt", "lock"): 32 bytes, made if there is none.
 * Inside the caller's transaction. Wipe it after use. */
bool notary_secret(
	struct notary *n, struct bytes round, const char *purpose, uint8_t out[32], struct err *e);
/* The seed text of a round whose beacons are all in. ERR_NO_BEACON. */
bool notary_seed_text(
	struct notary *n, const struct round_facts *r, struct buf *out, struct err *e);
/* Answer the workers' requests. */
bool notary_mailbox(struct notary *n, struct err *e);

#endif
