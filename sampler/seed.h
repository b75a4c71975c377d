/* The seed: commitment, seed text, the keys derived from it, blinds and salts (PROTOCOL.md §3, §5,
 * §7). */
#ifndef DRAWD_SAMPLER_SEED_H
#define DRAWD_SAMPLER_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* The lock's `commitment` (§7.2): freeze is the freeze's leaf. */
void seed_commitment(const uint8_t freeze[32], const uint8_t secret[32], uint8_t out[32]);

/* The `content` of a record of this kind (§3). */
void seed_content(
	struct bytes kind, const uint8_t blinding[32], struct bytes content, uint8_t out[32]);

struct seed_pulse {
	struct bytes source, pulse, value;
};

/* What the seed text holds (§7.4). */
struct seed {
	uint8_t lock[32]; /* leaf of the lock */
	uint8_t secret[32];
	const struct seed_pulse *pulse;
	size_t pulses;
};

/* Append the seed text. */
void seed_text(const struct seed *s, struct buf *out);
/* Parse it; checks the form, and the values by their sources (beacon.h). The pulses live in the
 * arena and point into text. Errors: ERR_BAD_SEED, ERR_BAD_BEACON. */
bool seed_parse(struct seed *s, struct bytes text, struct arena *a, struct err *e);

enum seed_key { KEY_ENTITY, KEY_OBJECT, KEY_SLOT, KEY_CANDIDATE, KEY_SALT, KEY_BLIND, SEED_KEYS };

/* The derived keys K_x, as the 64 characters that go into the hashes, NUL-ended. */
struct seed_keys {
	char k[SEED_KEYS][65];
};

/* All K_x of a seed text. */
void seed_derive(struct bytes text, struct seed_keys *out);
struct bytes seed_key(const struct seed_keys *k, enum seed_key which);

/* The blind of an artefact made after the draw (§5): SHA256(K_blind ‖ name ‖ "\n"). */
void seed_blind(const struct seed_keys *k, const char *artefact, uint8_t out[32]);
/* The blinding of the reveal's content (§7): SHA256(K_blind ‖ "reveal\n"). */
void seed_reveal_blinding(const struct seed_keys *k, uint8_t out[32]);

/* Before the draw: key is the frame-salt key, 64 hexadecimal digits that are never revealed (§5).
 */
void seed_frame_blind(const char key[64], const char *artefact, uint8_t out[32]);
/* The salt of an object's row: 32 hexadecimal digits and NUL. */
void seed_frame_salt(const char key[64], struct bytes object, char out[33]);

#endif
