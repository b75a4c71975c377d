/* A sign of life for the job in hand, from a thread with a connection of its own: long pure steps
 * need not stop to say that they are alive. A process that is stopped or killed says nothing, and
 * its lease runs out. */
#ifndef DRAWD_BEAT_H
#define DRAWD_BEAT_H

#include <stdbool.h>
#include <stdint.h>

struct beat;

/* conninfo must live as long as the beat. lease: seconds. */
struct beat *beat_new(const char *conninfo, int64_t lease);
void beat_free(struct beat *b);

/* Renew the lease of this job three times a lease until beat_off. */
void beat_on(struct beat *b, int64_t job, int64_t fence);
void beat_off(struct beat *b);
/* Did the database say that somebody else has the job? */
bool beat_lost(struct beat *b);

#endif
