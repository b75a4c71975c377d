/* Personal facts at rest (FORM_PERSONAL of daemon/register/registers.h): telephone numbers, citizen
 * IDs, days of birth. The fact table keeps what everybody who sees the row may see, and the rest
 * sealed by a key that only the worker has:
 *
 *     138****5678 hvWt…
 *
 * that is a mask without blanks, a blank, and in base64url without padding nonce ‖ ciphertext ‖ tag
 * of XChaCha20-Poly1305 over the UTF-8 text. Bound to it (additional data) is the place
 *
 *     drawd/personal/v1 LF register LF fact LF key of the row LF
 *
 * and the nonce is BLAKE2b-192, under a key, of place ‖ text: the same text of the same person is
 * the same fact again, so that a list handed in twice changes nothing; of two persons it never
 * looks alike, but for the one that sealing_at names. The two keys are BLAKE2b-256 under the 32 bytes of the key file, of
 * "drawd/personal/seal/v1" and "drawd/personal/nonce/v1". */
#ifndef DRAWD_SEALING_H
#define DRAWD_SEALING_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct sealing {
	uint8_t seal[32], nonce[32];
};

/* Where a fact stands; none of the three has a LF. */
struct sealing_place {
	const char *table, *fact; /* names of register and fact */
	struct bytes key; /* fact[0] of the row */
};

/* The place of a fact of a row. The citizen ID of an inspector has the key `*` instead of the row's: one
 * person with two numbers is found by it, as recusals hold for both (sql: same_person). */
struct sealing_place sealing_at(const char *table, const char *fact, struct bytes key);

void sealing_of(struct sealing *s, const uint8_t key[32]);
/* From a key file (daemon/keys.h: keys_make_box). ERR_KEY_FILE, ERR_FILE. */
bool sealing_load(struct sealing *s, const char *path, struct err *e);
void sealing_wipe(struct sealing *s);

/* The sealed form, in `a`; an empty text stays empty. */
struct bytes sealing_seal(const struct sealing *s, struct arena *a,
	const struct sealing_place *place, struct bytes text);
/* The text again, in `a`. ERR_SEALED: another key or place, or bytes that were changed. */
bool sealing_open(const struct sealing *s, struct arena *a, const struct sealing_place *place,
	struct bytes sealed, struct bytes *text, struct err *e);

/* What of a fact everybody may see: 138****5678, 110***********002X, 1980-**-**, 张**. */
struct bytes sealing_mask(struct arena *a, const char *fact, struct bytes text);

#endif
