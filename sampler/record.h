/* Records: what the log holds. ONE table gives each kind its keys, their types and its signers; it
 * drives the encoder, the parser, the documents and the replay's signer check (PROTOCOL.md §3). */
#ifndef DRAWD_SAMPLER_RECORD_H
#define DRAWD_SAMPLER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/type.h"

enum record_kind {
	RECORD_KEY,
	RECORD_FREEZE,
	RECORD_ESCROW,
	RECORD_LOCK,
	RECORD_BEACON,
	RECORD_DRAW,
	RECORD_CAUSE,
	RECORD_CHANGE,
	RECORD_VISIT,
	RECORD_RESULT,
	RECORD_REVEAL,
	RECORD_VOID,
	RECORD_ANCHOR,
	RECORD_KINDS
};

enum record_role {
	ROLE_NONE, /* ends a list of signers */
	ROLE_OPERATOR, /* one operator */
	ROLE_DEPARTMENT, /* the department in the record's key `department` */
	ROLE_DEPARTMENT_OR_OPERATOR, /* the same where it holds a key, else one operator */
	ROLE_DEPARTMENTS, /* every department in the key `departments` that holds a key */
	ROLE_CUSTODIAN, /* one custodian */
	ROLE_ATTESTER /* attesters */
};

enum { RECORD_KEYS_MAX = 31, RECORD_SIGNERS_MAX = 2 };
enum { MILLION = 1000000 }; /* of what is written in parts per million */
enum { FREEZE_DELTA_MIN = 600 }; /* seconds from the last cosignature of a lock to its pulse */

struct record_key {
	const char *name;
	enum value_type type;
};

struct record_signer {
	enum record_role role;
	unsigned count; /* different keys of this role; of ROLE_DEPARTMENTS one for each department
			 */
};

/* A row of the record table. */
struct record_form {
	const char *kind;
	struct record_key key[RECORD_KEYS_MAX + 1]; /* ended by name == NULL */
	struct record_signer signer[RECORD_SIGNERS_MAX + 1]; /* in the order of their lines */
};

/* A record: the values stand in the order of the keys of its kind and belong to the caller. */
struct record {
	enum record_kind kind;
	struct bytes value[RECORD_KEYS_MAX];
};

/* The row of a kind, never NULL. */
const struct record_form *record_form(enum record_kind kind);
size_t record_key_count(enum record_kind kind);
/* The kind of a name ("freeze"); false if there is none. */
bool record_kind_of(struct bytes name, enum record_kind *out);
/* Has the kind this key? */
bool record_has(enum record_kind kind, const char *key);

/* The value of a key. A key that its kind does not have is a bug of the caller and asserted. */
struct bytes record_get(const struct record *r, const char *key);
void record_set(struct record *r, const char *key, struct bytes value);
/* The value of a number or time key of a checked record. */
uint64_t record_number(const struct record *r, const char *key);
/* The value of a hash key of a checked record; false where it is `none`. */
bool record_hash(const struct record *r, const char *key, uint8_t out[32]);

/* Parse the text of a note, without its signatures. The values point into text.
 * Errors: ERR_BAD_RECORD with the kind, the key and its value. */
bool record_parse(struct record *r, struct bytes text, struct err *e);

/* The kind alone, from the first line; false if it is not a record of a known kind. */
bool record_kind_of_text(struct bytes text, enum record_kind *out);

/* Append the canonical text. Checks what record_parse checks, with the same errors. */
bool record_encode(const struct record *r, struct buf *out, struct err *e);

/* The rules of §3 that bind the settings of a freeze together: whoever makes a round, proposes its
 * freeze, signs it or replays it asks here. pulses are of type `pulses`. Errors: ERR_ROUND_SETTINGS
 * names the setting, ERR_DICE_ALONE. */
bool freeze_rules(
	bool demo, uint64_t delta, struct bytes pulses, struct bytes disclosure, struct err *e);
/* Are that many correct rows enough, of a minimum in parts per million (§3)? correct ≤ rows,
 * minimum ≤ MILLION. */
bool quality_enough(uint64_t rows, uint64_t correct, uint64_t minimum);
/* Both for the keys of a checked freeze, and that `override` says so; parsing leaves them to the
 * check of the round (V5). */
bool record_freeze_rules(const struct record *r, struct err *e);

/* The last moment at which the witnesses may have cosigned a lock: the earliest pulse's time less
 * delta (PROTOCOL.md §7.2). False where there is no such moment. */
bool lock_latest(struct bytes pulses, uint64_t delta, uint64_t *latest);

/* The leaf of an entry: SHA256(0x00 ‖ whole note). */
void record_leaf(struct bytes note, uint8_t out[32]);

/* Append the signers of a kind as the table of PROTOCOL.md §3 writes them. */
void record_signers_put(enum record_kind kind, struct buf *out);

/* Append the table of PROTOCOL.md §3 as Markdown, from its header line to its last row. */
void record_markdown(struct buf *out);

#endif
