/* Progress of a job as server-sent events (WHATWG HTML, 9.2): GET /jobs/{id}/events.
 *
 *	id: 1-4096-running        attempts-done-state: with Last-Event-ID the stream goes on behind
 *it event: progress           or done, failed: the last one data: {"id": 7, "state": "running",
 *"attempts": 1, "done": 4096, "total": 9000, "note": ""}
 *
 * Each look at the job enters anew: when the session ends, the stream ends. */
#ifndef DRAWD_EVENTS_H
#define DRAWD_EVENTS_H

#include "daemon/http.h"

enum {
	EVENTS_MAX = 200, /* streams of this process */
	EVENTS_ACCOUNT_MAX = 8, /* of one account */
};

/* The handler. 204 where the job has ended and Last-Event-ID says that this is known: browsers ask
 * no more. Errors: ERR_TOO_MANY_STREAMS. */
void job_events(struct request *r);
/* What job_events refuses with, ended by ERR_NONE. */
extern const enum err_code events_errors[];

#endif
