/* The connections of the web process. Whoever may reach a door may open as many as he likes, so
 * each door has a number of its own, one user of this machine or one address has a part of it, and
 * a connection has some seconds for its next request. evhttp knows none of this: it takes them, and
 * what is too much is looked at by its descriptor and ended. */
#ifndef DRAWD_CLIENTS_H
#define DRAWD_CLIENTS_H

#include <event2/http.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"

enum { CLIENTS_DOORS = 3 };

struct clients;

struct clients_limit {
	size_t all; /* connections of a door */
	size_t each; /* of one user (Unix sockets) or one address (TCP) among them */
	int64_t patience; /* milliseconds from the connection, or from the end of a reply, until the
			     next request has arrived */
};

/* A door's limits are as wanted, or its part of what the limit of descriptors leaves beside
 * `others`; at least 1. */
struct clients *clients_new(
	struct arena *a, const struct clients_limit wanted[CLIENTS_DOORS], size_t others);

/* The limits that hold. */
struct clients_limit clients_limit(const struct clients *c, int door);

/* The descriptor is a new connection of the door. False: its user or address has enough of them, or
 * the door has; it is for the caller to end it. */
bool clients_enter(struct clients *c, int door, int fd);
/* A request is being served: no deadline until it is answered. */
void clients_busy(struct clients *c, struct evhttp_request *http);
/* Counts anew and ends those that kept silent too long. */
void clients_sweep(struct clients *c, int64_t now);
/* Is there room behind the door? */
bool clients_room(const struct clients *c, int door);

#endif
