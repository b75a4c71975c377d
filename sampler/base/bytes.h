/* Checked bytes: slices that are read, buffers that grow in an arena. */
#ifndef DRAWD_BASE_BYTES_H
#define DRAWD_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"

/* A slice of bytes somebody else owns; not NUL-terminated. */
struct bytes {
	const char *p;
	size_t n;
};

#define BYTES(literal) ((struct bytes){ "" literal, sizeof(literal) - 1 })
/* for printf: "%.*s", BYTES_ARG(b) */
#define BYTES_ARG(b) (int)(b).n, (b).p

struct bytes bytes_of(const char *s);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_is(struct bytes a, const char *s);
/* Bytewise order, a proper prefix first: <0, 0, >0. Never the locale's order. */
int bytes_compare(struct bytes a, struct bytes b);
bool bytes_starts(struct bytes a, struct bytes prefix);
/* Cut off and return what stands before the first sep; *rest keeps what follows it.
 * Without a sep all of *rest is returned, *rest becomes empty and *more false. */
struct bytes bytes_cut(struct bytes *rest, char sep, bool *more);

/* A growing buffer; its bytes live in the arena given at the start. */
struct buf {
	struct arena *arena;
	char *p;
	size_t n, room;
};

struct buf buf_new(struct arena *a, size_t room);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_bytes(struct buf *b, struct bytes s);
void buf_byte(struct buf *b, char c);
/* Decimal without leading zeros. */
void buf_u64(struct buf *b, uint64_t v);
/* Lower-case hexadecimal of n bytes. */
void buf_hex(struct buf *b, const void *p, size_t n);
struct bytes buf_view(const struct buf *b);

#endif
