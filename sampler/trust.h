/* The trust policy: whose log, which witnesses, which signers; PROTOCOL.md §13. */
#ifndef DRAWD_TRUST_H
#define DRAWD_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/checkpoint.h"
#include "sampler/note.h"

enum trust_role { TRUST_OPERATOR, TRUST_DEPARTMENT, TRUST_CUSTODIAN, TRUST_ATTESTER, TRUST_ROLES };

struct trust_signer {
	enum trust_role role;
	struct bytes token; /* empty for the operator */
	struct vkey key;
};

struct trust_witness {
	struct bytes name; /* the policy's name for it, not that of the key */
	struct vkey key;
};

/* A witness or an earlier group, by its place in the arrays of struct trust. */
struct trust_member {
	bool group;
	size_t index;
};

struct trust_group {
	struct bytes name;
	size_t need; /* k of its members */
	struct trust_member *members;
	size_t count;
};

/* Everything lives in the arena and in the bytes of the file. */
struct trust {
	struct vkey log;
	struct trust_witness *witnesses;
	struct vkey *witness_keys; /* the same keys in the same order, for note_verify */
	size_t witness_count;
	struct trust_group *groups;
	size_t group_count;
	bool quorum_none;
	struct trust_member quorum;
	struct trust_signer *signers; /* in the order of the file */
	size_t signer_count;
	bool demo;
};

/* Read a trust policy. ERR_BAD_TRUST, the place names the line. */
bool trust_parse(struct trust *t, struct arena *a, struct bytes file, struct err *e);

/* The first signer of a role at or after *from, or NULL; *from moves behind it. A role may have
 * several keys. token: of the department, custodian or attester; {NULL, 0} for any. */
const struct trust_signer *trust_next(
	const struct trust *t, enum trust_role role, struct bytes token, size_t *from);
/* The first signer with this role and token, or NULL. */
const struct trust_signer *trust_signer(
	const struct trust *t, enum trust_role role, struct bytes token);
/* The signer that holds this key, or NULL. */
const struct trust_signer *trust_signer_of(const struct trust *t, const struct vkey *key);
/* "operator", "department", "custodian", "attester" */
const char *trust_role_name(enum trust_role role);

/* Do the witnesses with cosigned[i] meet the quorum? A quorum `none` is always met. */
bool trust_quorum_met(const struct trust *t, const bool *cosigned);

/* Open a checkpoint: of the policy's log, signed by its key; marks[i] (one for each witness) tells
 * which witnesses cosigned and when. Errors as checkpoint_open and note_verify. */
bool trust_checkpoint(const struct trust *t, struct arena *a, struct bytes whole,
	struct checkpoint *c, struct note_mark *marks, struct err *e);
/* Is the quorum met by the cosignatures with a time ≤ latest (UINT64_MAX: any time)? */
bool trust_quorum_by(const struct trust *t, const struct note_mark *marks, uint64_t latest);

#endif
