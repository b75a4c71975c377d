/* Questions of the web process to the process `auth`: asynchronous, a connection each, bounded. */
#ifndef DRAWD_AUTHCLIENT_H
#define DRAWD_AUTHCLIENT_H

#include <event2/event.h>

#include "daemon/process.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct authclient;

/* What became of a question. e->code is ERR_NONE or the error, ERR_BUSY also where the process does
 * not answer in time or too much is under way. */
struct auth_answer {
	struct bytes json; /* an object without line feed; empty with an error */
	int64_t after; /* with ERR_TRY_LATER: seconds */
	const struct err *e;
};
typedef void authclient_done(void *ctx, const struct auth_answer *answer);

/* Lives in the process' arena; conf of the process is read when asking. */
struct authclient *authclient_new(struct event_base *base, struct process *p);
/* Questions not answered yet get ERR_STOPPING. NULL is allowed. */
void authclient_free(struct authclient *c);

/* Ask: `question` is a verb and its object on one line (daemon/auth.h); `source` (an address)
 * bounds how much one of them has under way. done is called exactly once, never from within this
 * call; the answer lives as long as that call. What is sent and what comes is overwritten here
 * afterwards; the caller overwrites its own. */
void authclient_ask(struct authclient *c, struct bytes question, const char *source,
	authclient_done *done, void *ctx);

#endif
