/* A small complete round, made in memory from nothing: frozen, locked, drawn and revealed with keys
 * of its own. The self-test tampers with it between the stages and lets it go on, so that every
 * hash, signature and MANIFEST after the tampering is true. */
#ifndef DRAWD_REPLAY_SAMPLE_H
#define DRAWD_REPLAY_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/seed.h"
#include "sampler/select.h"
#include "sampler/table.h"

enum stage {
	AFTER_POLICY, /* policy rows, facts */
	AFTER_FRAME, /* artefact frame */
	AFTER_FROZEN, /* all artefacts before the draw */
	AFTER_FREEZE, /* the record, not yet signed; so for the records below */
	AFTER_LOCK,
	AFTER_BEACON,
	AFTER_SELECTION, /* artefact selection */
	AFTER_PLAN, /* artefacts visits … schedule */
	AFTER_DRAW,
	AFTER_REVEAL,
	AFTER_LOG, /* the signed entries */
	AFTER_BUNDLE, /* the archive */
	STAGES
};

enum { SAMPLE_ENTRIES_MAX = 16 };

struct sample {
	struct arena *arena;
	struct note_signer log, operator, witness, attester[2], stranger_key;
	struct setting_row *policy_row;
	size_t policy_rows;
	struct policy policy;
	struct bytes artefact[TABLES]; /* all bytes of each */
	struct buf protocol;
	struct record record[RECORD_KINDS]; /* those of the round, as they are made */
	uint8_t leaf[RECORD_KINDS][32];
	uint8_t secret[32];
	struct bytes seed_text;
	struct seed_keys keys;
	struct drawn drawn; /* as it should be: the ticket tree is always the true one */
	struct bytes entry[SAMPLE_ENTRIES_MAX]; /* whole notes */
	size_t entries;
	uint64_t cosign_time;
	const struct note_signer *log_signer; /* who signs checkpoints */
	const struct note_signer *draw_signer; /* who signs the draw */
	bool twice; /* enter the lock a second time */
	bool stranger; /* a department that is not of the freeze enters a result */
	bool loose; /* the bundle holds the content of a change that no record hides */
	bool early; /* an inspection for a cause is entered before the draw */
	bool stale_root; /* checkpoints are signed over a tree with another entry */
	struct bytes bundle, trust;
};

typedef void tamper_fn(struct sample *s, enum stage stage);

/* Make the sample; tamper (may be NULL) is called after every stage. Refusals of the pure floors
 * come back in e: a tampering that the planner itself refuses. */
bool sample_make(struct sample *s, struct arena *a, tamper_fn *tamper, struct err *e);

/* Replace the first occurrence of one text by another in an artefact; both exist (own bug). */
void sample_replace(struct sample *s, enum table_id id, const char *old, const char *new);
/* Value of a policy path. */
void sample_policy(struct sample *s, const char *path, const char *value);

#endif
