/* Rows of a file that name a key which another row of it names. The first rows are kept in memory,
 * as hashes, so that one that comes again is told at once; those beyond are put on a heap, each
 * found new, and looked at when the file is over. So the memory does not depend on how long the
 * file is. */
#ifndef DRAWD_REPEATS_H
#define DRAWD_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* A row seen before: what it is called and what it says, as hashes. Two keys with the same 96 bits
 * do not occur (2^-49 for 20 million rows). */
struct repeat {
	uint32_t key[3];
	uint32_t line; /* 0: free */
	uint32_t facts; /* a hash; its lowest bits are whoever asks's */
};

/* The heap: what is put behind what is there, and read from any place of it. */
struct repeats_heap {
	void *ctx;
	bool (*put)(void *ctx, struct bytes s, struct err *e);
	bool (*get)(void *ctx, uint64_t from, char *to, size_t n, struct err *e);
};

struct repeats;
/* most: rows in memory; without a heap (put NULL) all of them. */
struct repeats *repeats_new(size_t most, const struct repeats_heap *heap);
void repeats_free(struct repeats *r);

/* A hash of what a row says. */
uint32_t repeats_hash(struct bytes s);
/* The row that named this key before; NULL where none is known to, and this one is remembered. */
bool repeats_find(struct repeats *r, struct bytes key, uint32_t line, uint32_t facts,
	struct repeat **before, struct err *e);
/* The file is over: each row of the heap that repeats another one there. `before` stands until the
 * next call. In the order of the file among those of one key. */
bool repeats_end(struct repeats *r,
	bool (*each)(void *ctx, struct repeat *before, struct bytes key, uint32_t line,
		uint32_t facts, struct err *e),
	void *ctx, struct err *e);

#endif
