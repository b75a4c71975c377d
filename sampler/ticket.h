/* Tickets 抽签号: SHA256(K ‖ object), PROTOCOL.md §8. K is 64 characters, exactly one block of
 * SHA-256, so its state is computed once. ticket.c is freestanding, like sha256.c. */
#ifndef DRAWD_TICKET_H
#define DRAWD_TICKET_H

#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

enum { TICKET_OBJECT_MAX = 55 }; /* what one padded block holds */

struct ticket_key {
	uint32_t state[8]; /* after the block K */
};

/* K as its 64 lower-case hexadecimal digits; no NUL is read. */
void ticket_key_init(struct ticket_key *k, const char K[64]);

/* SHA256(K ‖ object). An object is 1–55 bytes; any other length ends the process (own bug). */
void ticket_one(const struct ticket_key *k, struct bytes object, uint8_t out[32]);

/* The number u of a ticket: its first 8 bytes, big-endian. */
uint64_t ticket_number(const uint8_t ticket[32]);

/* u[i] = number of the ticket of objects[i], for n objects of 1–55 bytes. Dispatched in cpu.c. */
void ticket_batch(const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u);

/* What ticket_batch chooses from; each x86-64 one only where cpu.h says the processor has it. */
void ticket_batch_portable(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u);
#if defined(__x86_64__)
/* four interleaved streams of SHA instructions: cpu_has_sha() */
void ticket_batch_ni(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u);
/* sixteen lanes (ticket_wide.c): cpu_has_avx512() */
void ticket_batch_wide(
	const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u);
#endif

#endif
