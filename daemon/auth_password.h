/* Passwords: which are allowed, and their argon2id strings (libsodium's form, with the cost). A
 * password counts in its compatibility form (Unicode NFKC), so that full-width letters of an input
 * method are the same as narrow ones. Nothing here logs or keeps a password. */
#ifndef DRAWD_AUTH_PASSWORD_H
#define DRAWD_AUTH_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/err.h"

enum {
	PASSWORD_MIN = 10, /* characters */
	PASSWORD_MAX = 128, /* characters */
	PASSWORD_BYTES = 512, /* of UTF-8 as sent, at most */
	PASSWORD_STRING = 128, /* bytes of an argon2id string with its NUL */
	PASSWORD_RANDOM = 24, /* bytes of a random password with its NUL */
};

/* What one hash takes. */
struct password_cost {
	int64_t memory; /* MiB */
	int64_t passes;
};

/* May it be the password of this account? Characters: PASSWORD_MIN to PASSWORD_MAX. Refused as
 * easy to guess: fewer than five different characters; fewer than four letters (a Chinese
 * character counts for two); less than eight characters besides the account's and the person's
 * name; and a common word, keyboard row or phrase with nothing but digits and signs around it.
 * These rules refuse every password of ten and more characters among the thousand commonest of the
 * international and of the Chinese lists. Error: ERR_WEAK_PASSWORD, which says the rule but never
 * the password. */
bool password_allowed(const char *password, const char *account, const char *name, struct err *e);

/* The argon2id string of a password. Errors: ERR_BAD_UTF8, ERR_INTERNAL where the memory for it is
 * not there. */
bool password_make(
	char out[PASSWORD_STRING], const char *password, struct password_cost cost, struct err *e);

/* Does it fit? Takes the time that the string's cost says, whatever the password. */
bool password_fits(const char *string, const char *password);

/* Was the string made with another cost than this? */
bool password_stale(const char *string, struct password_cost cost);

/* A password for a first sign-in: 20 letters and digits in groups of five, 100 bits. */
void password_random(char out[PASSWORD_RANDOM]);
/* The same of given bytes: two passwords of ten bytes each joined by `-` are that of all twenty. */
void password_of(char out[PASSWORD_RANDOM], const uint8_t *bytes, size_t n);

#endif
