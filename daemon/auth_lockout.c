#include "daemon/auth_lockout.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* ---- one source --------------------------------------------------------------------------- */

int64_t lock_wait(struct lock_row r, int64_t now)
{
	int64_t over = r.n - LOCK_FREE + 1, wait = LOCK_MAX;
	if (over <= 0 || now - r.last >= LOCK_FORGET)
		return 0;
	if (over < 10) /* 2^10 is longer than LOCK_MAX */
		wait = INT64_C(1) << over;
	/* a clock that was set back does not make anybody wait longer than he had to */
	int64_t left = r.last + wait - now;
	return left < 0 ? 0 : left > wait ? wait : left;
}

struct lock_row lock_failed(struct lock_row r, int64_t now)
{
	bool old = now - r.last >= LOCK_FORGET;
	return (struct lock_row){ old ? 1 : r.n + 1, now };
}

/* ---- codes behind a right password -------------------------------------------------------- */

enum { CODES_FULL = CODES_FREE * CODES_EACH };

static int64_t debt(struct lock_row r, int64_t now)
{
	int64_t past = now > r.last ? now - r.last : 0;
	return r.n > past ? r.n - past : 0;
}

bool codes_spent(struct lock_row r, int64_t now)
{
	return debt(r, now) > CODES_FULL - CODES_EACH;
}

struct lock_row codes_failed(struct lock_row r, int64_t now)
{
	int64_t n = debt(r, now) + CODES_EACH;
	return (struct lock_row){ n > CODES_FULL ? CODES_FULL : n, now };
}

/* ---- sources ------------------------------------------------------------------------------ */

void lock_source(char out[SOURCE_MAX], const char *address)
{
	struct in6_addr six;
	char text[INET6_ADDRSTRLEN];
	if (inet_pton(AF_INET6, address, &six) != 1) {
		snprintf(out, SOURCE_MAX, "%s", address);
		return;
	}
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		inet_ntop(AF_INET, six.s6_addr + 12, out, SOURCE_MAX);
		return;
	}
	memset(six.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &six, text, sizeof text);
	snprintf(out, SOURCE_MAX, "%s/64", text);
}
