/* What one password hash takes, for the costs an installation may choose (auth.memory,
 * auth.passes): this and the queue of the process `auth` say how many people sign in a second. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <time.h>

#include "daemon/auth_password.h"

enum { TRIES = 8 };

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static bool measure(struct password_cost cost)
{
	char string[PASSWORD_STRING];
	struct err e = { 0 };
	if (!password_make(string, "correct horse battery", cost, &e))
		return false;
	int64_t best = INT64_MAX;
	for (int i = 0; i < TRIES; i++) {
		int64_t began = now();
		if (!password_fits(string, "correct horse battery"))
			return false;
		int64_t took = now() - began;
		best = took < best ? took : best;
	}
	printf("password.%" PRId64 "-mib-%" PRId64 "-passes %" PRId64 " us\n", cost.memory,
		cost.passes, best);
	return true;
}

int main(void)
{
	static const struct password_cost costs[] = { { 8, 1 }, { 32, 2 }, { 64, 2 }, { 64, 3 },
		{ 128, 3 } };
	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++)
		if (!measure(costs[i]))
			return 1;
	return 0;
}
