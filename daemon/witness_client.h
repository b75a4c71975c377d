/* Asking a witness for its cosignature: C2SP tlog-witness over HTTP/1.0, on a Unix socket or TCP.
 */
#ifndef DRAWD_WITNESS_CLIENT_H
#define DRAWD_WITNESS_CLIENT_H

#include <stdbool.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* POST body to ADDRESS/add-checkpoint. address: "unix:/path" or "http://host:port/prefix" (an
 * http address without port means 80). *status and *answer (in the arena) get what came back within
 * `seconds`. ERR_WITNESS when nobody answers, ERR_CONF when the address is none. */
bool witness_post(const char *address, struct bytes body, int seconds, struct arena *a, int *status,
	struct bytes *answer, struct err *e);

#endif
