/* The connections of the loopback port. Whoever may reach it may open as many as he likes: they are
 * limited by themselves, so that descriptors are left for the Unix socket, and each has a few
 * seconds for the header of its next request. evhttp knows neither, so a connection is looked at by
 * its descriptor. */
#ifndef DRAWD_CLIENTS_H
#define DRAWD_CLIENTS_H

#include <event2/http.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"

struct clients;

/* `wanted` connections, or as many as the limit of descriptors leaves beside `others`, at least 1.
 * header_ms: from the connection, or from the end of a reply, to the end of the next header. */
struct clients *clients_new(struct arena *a, size_t wanted, size_t others, int64_t header_ms);
/* A listener's port begins to be served. */
void clients_listen(struct clients *c, int listener);

/* One more was accepted; false: it was the last that there is room for. */
bool clients_more(struct clients *c);
/* A request is being served: no deadline until it is answered. */
void clients_busy(struct clients *c, struct evhttp_request *http);
/* Counts anew and ends those that kept silent too long; false: there is no room. */
bool clients_sweep(struct clients *c, int64_t now);

#endif
