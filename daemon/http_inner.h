/* Between http.c and http_reply.c only. */
#ifndef DRAWD_HTTP_INNER_H
#define DRAWD_HTTP_INNER_H

#include <stdint.h>

struct request;

/* The client or evhttp lets go of the request: r->http becomes NULL. */
void request_detach(struct request *r);
/* The end of a request that was replied to. */
void request_free(struct request *r);
/* Monotonic milliseconds. */
int64_t request_clock(void);

#endif
