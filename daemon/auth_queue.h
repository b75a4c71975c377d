/* The sign-ins that wait for their hash, one at a time. Nobody can fill it for the others: a
 * quarter of the places is for known devices; a source has QUEUE_EACH places at most, and where the
 * places are taken the one that has most gives its last up to a newcomer; and sources take turns.
 * Pure: no clock, no I/O. */
#ifndef DRAWD_AUTH_QUEUE_H
#define DRAWD_AUTH_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/auth_lockout.h"
#include "sampler/base/arena.h"

enum { QUEUE_EACH = 4 };

struct auth_queue;

/* `places` in all, one of each class at least; lives in the arena. */
struct auth_queue *queue_new(struct arena *a, size_t places);

/* Stand in line. `known`: a known device, whose source is its own name. False: there is no place.
 * *dropped gets what had to give its place up, else NULL. */
bool queue_put(struct auth_queue *q, const char *source, bool known, void *item, void **dropped);

/* Whose turn it is: known devices and others by turns, among them one of each source after the
 * other. NULL: nobody waits. */
void *queue_take(struct auth_queue *q);

/* Leave the line (the caller has gone). */
void queue_leave(struct auth_queue *q, const void *item);

size_t queue_length(const struct auth_queue *q);

#endif
