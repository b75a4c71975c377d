/* Signed notes and their keys (C2SP signed-note), PROTOCOL.md §2. */
#ifndef DRAWD_NOTE_H
#define DRAWD_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { NOTE_MAX = 65535, NOTE_LINES_MAX = 64, NOTE_NAME_MAX = 64 };
enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

/* A verifier key. */
struct vkey {
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[4];
	uint8_t type; /* enum note_type */
	uint8_t key[32];
};

/* A key that signs. Wipe it after use; it is never printed but by note_signer_put. */
struct note_signer {
	struct vkey vkey;
	uint8_t secret[64]; /* libsodium's: seed, then public key */
};

/* A note taken apart; all slices point into `whole` or the arena. */
struct note_line {
	struct bytes name;
	uint8_t id[4];
	struct bytes signature; /* what follows the key id; at least one byte */
};
struct note {
	struct bytes whole, text;
	struct note_line *lines;
	size_t count;
};

/* What a known key has to do with a note. */
struct note_mark {
	bool found;
	uint64_t time; /* of a cosignature (the first line where there are several), else 0 */
};

/* `name` of PROTOCOL.md §1: 1–64 bytes of [A-Za-z0-9._/-]. */
bool note_is_name(struct bytes s);

/* Read a verifier key: known type, right key id, canonical base64. ERR_BAD_KEY. */
bool vkey_parse(struct vkey *k, struct bytes s, struct err *e);
void vkey_put(struct buf *out, const struct vkey *k);
struct bytes vkey_name(const struct vkey *k);
/* Same name, type and public key. */
bool vkey_equal(const struct vkey *a, const struct vkey *b);

/* A signer from 32 secret bytes. ERR_BAD_KEY where the name is no name. */
bool note_signer_init(struct note_signer *s, struct bytes name, enum note_type type,
	const uint8_t seed[32], struct err *e);
/* Text form for storage, "PRIVATE+KEY+" name "+" id "+" base64(type ‖ seed), no line end. */
bool note_signer_parse(struct note_signer *s, struct bytes text, struct err *e);
void note_signer_put(struct buf *out, const struct note_signer *s);
void note_signer_wipe(struct note_signer *s);

/* Take a note apart. Form only, no signature is looked at. ERR_BAD_NOTE. */
bool note_parse(struct note *n, struct arena *a, struct bytes whole, struct err *e);
/* The part of note_parse for a text about to be signed: not empty, ends in "\n", UTF-8 without
 * other control characters. */
bool note_text_ok(struct bytes text, struct err *e);

/* Verify the lines of known keys and mark those found, marks[i] for keys[i]. Lines of other keys
 * are ignored; a line of a known key that fails rejects the note (ERR_BAD_SIGNATURE). Two known
 * keys with the same name and id: ERR_BAD_KEY. That a key is *not* among the lines is no error. */
bool note_verify(const struct note *n, const struct vkey *keys, size_t count,
	struct note_mark *marks, struct err *e);
/* note_verify for one key that must have signed (ERR_MISSING_SIGNER). time may be NULL. */
bool note_verify_one(const struct note *n, const struct vkey *key, uint64_t *time, struct err *e);

/* Append one signature line over text, as the type of the key says: a cosignature carries `time`
 * (seconds), the plain signature ignores it. */
void note_put_line(struct buf *out, struct bytes text, const struct note_signer *s, uint64_t time);
/* A whole note: text, blank line, one line per signer in the order given (type 01 or, with the
 * time, 04). The text must be note_text_ok and the note within the limits (own bug otherwise). */
struct bytes note_sign(struct arena *a, struct bytes text, const struct note_signer *signers,
	size_t count, uint64_t time);

#endif
