/* Who has to wait after wrong sign-ins: arithmetic over the rows of signin_failure. Pure: the time
 * is an argument.
 *
 * An account is never locked. What waits is a source that failed at it: an address, or a browser
 * that signed in before (a known device). All addresses together have, besides, a budget for each
 * account. A known device is in neither: nobody else can make it wait. */
#ifndef DRAWD_AUTH_LOCKOUT_H
#define DRAWD_AUTH_LOCKOUT_H

#include <stdint.h>

enum {
	LOCK_FREE = 5, /* wrong sign-ins of one source without waiting */
	LOCK_MAX = 900, /* longest wait, seconds */
	LOCK_FORGET = 86400, /* a source's wrong sign-ins count no more after so many seconds */
	CROWD_FREE = 30, /* wrong sign-ins an hour of all addresses at one account */
	CROWD_EACH = 3600 / CROWD_FREE, /* seconds until one of them is forgotten */
	CROWD_PAUSE = 10, /* seconds between two tries when they are used up */
	SOURCE_MAX = 64, /* bytes of a source with its NUL */
};

/* One row. Of a source: n wrong sign-ins, the last at `last`. Of all addresses together: n seconds
 * of debt (CROWD_EACH a wrong sign-in, less one with each second), counted at `last`. Times are
 * seconds since 1970; nothing yet is { 0, 0 }. */
struct lock_row {
	int64_t n, last;
};

/* Seconds until the next try; 0: now. After the 5th wrong one in a row 2, then 4, 8, … LOCK_MAX. */
int64_t lock_wait(struct lock_row r, int64_t now);
/* The row after a wrong sign-in. */
struct lock_row lock_failed(struct lock_row r, int64_t now);

/* The same for all addresses together: free up to CROWD_FREE an hour, then one try in CROWD_PAUSE
 * seconds. */
int64_t crowd_wait(struct lock_row r, int64_t now);
struct lock_row crowd_failed(struct lock_row r, int64_t now);

/* The source that an address stands for: an IPv4 address itself (also in its form ::ffff:…), of an
 * IPv6 address the /64 that one subscriber has, "local" and all else as it is. */
void lock_source(char out[SOURCE_MAX], const char *address);

#endif
