/* What somebody signs in with and others must not guess: the secrets of sessions, known browsers
 * and access tokens. Each is 32 random bytes, written as 43 characters of base64url without
 * padding; whoever has to know it again keeps its SHA-256 alone. */
#ifndef DRAWD_SECRET_H
#define DRAWD_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

enum {
	SECRET_LENGTH = 43, /* characters */
	SECRET_SIZE = SECRET_LENGTH + 1, /* with the NUL */
	SECRET_HASH = 32, /* bytes of the SHA-256 of the characters */
	SECRET_HEX = 2 * SECRET_HASH + 1, /* that in lower-case hexadecimal, with the NUL */
};

/* A new secret. Its bytes are nowhere else when this returns. */
void secret_make(char out[SECRET_SIZE]);
/* A random text of size - 1 characters of base64url, at most SECRET_LENGTH, and a NUL: for what
 * needs no more (a session's csrf). */
void secret_text(char *out, size_t size);

/* Could it be a secret: SECRET_LENGTH of [A-Za-z0-9_-]? */
bool secret_form(struct bytes s);

void secret_hash(uint8_t out[SECRET_HASH], struct bytes secret);
/* The same in hexadecimal, as drawd.enter() is told it. Returns out. */
const char *secret_hex(char out[SECRET_HEX], struct bytes secret);

/* Overwrite a text that is not needed any more; n == 0 is allowed. */
void secret_wipe(struct bytes b);

#endif
