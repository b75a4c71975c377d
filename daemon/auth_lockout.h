/* Who has to wait after wrong sign-ins: arithmetic over the rows of signin_failure. Pure: the time
 * is an argument.
 *
 * An account is never locked. What waits is a source that failed at it: an address, or a browser
 * that signed in before (a known device). What others do at an account holds nobody up; how much
 * work they make is bounded by the line that all stand in (auth_queue.h).
 *
 * Whoever knows a password and guesses at the code of the second factor, from however many
 * addresses, has CODES_FREE of them a day. Then a browser that nobody knows is refused as if its
 * password were wrong, and is not told why. */
#ifndef DRAWD_AUTH_LOCKOUT_H
#define DRAWD_AUTH_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	LOCK_FREE = 5, /* wrong sign-ins of one source without waiting */
	LOCK_MAX = 900, /* longest wait, seconds */
	LOCK_FORGET = 86400, /* a source's wrong sign-ins count no more after so many seconds */
	CODES_FREE = 20, /* wrong codes behind a right password, a day, of unknown browsers */
	CODES_EACH = 86400 / CODES_FREE, /* seconds until one of them is forgotten */
	SOURCE_MAX = 64, /* bytes of a source with its NUL */
};

/* One row. Of a source: n wrong sign-ins, the last at `last`. Of wrong codes: n seconds of debt
 * (CODES_EACH a wrong code, less one with each second), counted at `last`. Times are seconds since
 * 1970; nothing yet is { 0, 0 }. */
struct lock_row {
	int64_t n, last;
};

/* Seconds until the next try; 0: now. After the 5th wrong one in a row 2, then 4, 8, … LOCK_MAX. */
int64_t lock_wait(struct lock_row r, int64_t now);
/* The row after a wrong sign-in. */
struct lock_row lock_failed(struct lock_row r, int64_t now);

/* Are the wrong codes of a day used up? */
bool codes_spent(struct lock_row r, int64_t now);
/* The row after a wrong code behind a right password. */
struct lock_row codes_failed(struct lock_row r, int64_t now);

/* The source that an address stands for: an IPv4 address itself (also in its form ::ffff:…), of an
 * IPv6 address the /64 that one subscriber has, "unix:1000" (a user of this machine) and all else
 * as it is. */
void lock_source(char out[SOURCE_MAX], const char *address);

#endif
