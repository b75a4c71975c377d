/* Key files of an installation, mode 0600, and what is sealed with them. */
#ifndef DRAWD_KEYS_H
#define DRAWD_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/note.h"

/* Read a small file whole. ERR_FILE with name and reason. */
bool keys_read(const char *path, size_t max, struct arena *a, struct bytes *out, struct err *e);
/* Write a file so that it is there whole or not at all: temporary name, fsync, rename, fsync of the
 * folder. ERR_FILE. */
bool keys_write(const char *path, struct bytes content, unsigned mode, struct err *e);
/* The same, but an existing file is left alone and *made says so. */
bool keys_write_new(
	const char *path, struct bytes content, unsigned mode, bool *made, struct err *e);

/* Load a signing key: one line, note_signer_parse's form. Refuses a file that group or others may
 * read (ERR_KEY_FILE). */
bool keys_signer(const char *path, struct note_signer *s, struct err *e);
/* Make a signing key file if there is none; *vkey gets its public half either way. */
bool keys_make_signer(
	const char *path, const char *name, enum note_type type, struct vkey *vkey, struct err *e);

/* A box key (X25519) that seals secrets at rest. */
struct box_key {
	uint8_t open[32], secret[32];
};
bool keys_box(const char *path, struct box_key *k, struct err *e);
bool keys_make_box(const char *path, struct err *e);
/* Fresh box key in memory only. */
void keys_box_fresh(struct box_key *k);
void keys_box_wipe(struct box_key *k);
/* Seal to a public key (random: two calls differ); open with both halves. ERR_SEALED. */
struct bytes keys_seal(struct arena *a, const uint8_t to[32], struct bytes secret);
bool keys_unseal(struct arena *a, const struct box_key *k, struct bytes sealed, struct bytes *out,
	struct err *e);

#endif
