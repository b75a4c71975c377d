/* In whose turn a question to the database is asked (daemon/dbasync.h): the account's, however many
 * sessions and tokens it has. Before drawd.enter() has said whose a secret is, it is a guess from
 * the last time; a secret never seen before counts as its address, so that made-up ones are no
 * way to more turns. */
#ifndef DRAWD_ASKERS_H
#define DRAWD_ASKERS_H

#include <stdint.h>

#include "sampler/base/arena.h"

struct askers;

struct askers *askers_new(struct arena *a);

/* Whose turn; never 0. `kind` and `secret` as drawd.enter() is given them. */
uint64_t askers_of(
	const struct askers *s, const char *kind, const char *secret, const char *address);
/* The database said whose the secret is. */
void askers_learn(struct askers *s, const char *kind, const char *secret, const char *account);

#endif
