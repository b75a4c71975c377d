/* Second factors: one-time codes by time (RFC 6238: SHA-1, 6 digits, steps of 30 seconds), by
 * liboath. */
#ifndef DRAWD_AUTH_TOTP_H
#define DRAWD_AUTH_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/arena.h"

enum {
	TOTP_SECRET = 20, /* bytes */
	TOTP_DIGITS = 6,
	TOTP_STEP = 30, /* seconds */
	TOTP_WINDOW = 1, /* steps before and after that are taken as well */
};

/* Is it the code of a step around `now` that is later than `last`, the last step taken (-1: none)?
 * *step gets it. A code of the wrong form is not. */
bool totp_fits(const uint8_t secret[TOTP_SECRET], int64_t now, int64_t last, const char *code,
	int64_t *step);

/* The secret in Base32 without padding, as people type it. */
char *totp_base32(struct arena *a, const uint8_t secret[TOTP_SECRET]);

/* otpauth://totp/ISSUER:ACCOUNT?secret=…: what authenticator programs read. */
char *totp_uri(struct arena *a, const char *issuer, const char *account,
	const uint8_t secret[TOTP_SECRET]);

#endif
