/* Reads the golden vectors of tests/vectors (the form is in its README.md). */
#ifndef DRAWD_TESTS_UNIT_VECTORS_H
#define DRAWD_TESTS_UNIT_VECTORS_H

#include "sampler/base/bytes.h"

enum { VECTOR_FIELDS = 32 };

/* One line: field[0] is its tag. */
struct vector {
	struct bytes field[VECTOR_FIELDS];
	size_t n;
	size_t line; /* in the file, from 1 */
};

struct vectors {
	struct bytes rest;
	char separator;
	size_t line;
	const char *name;
};

/* A whole file; a file that cannot be read fails the test. The path counts from the root of the
 * project, where the tests run. */
struct bytes vectors_file(const char *path, struct arena *a);

/* Open tests/vectors/NAME. */
struct vectors vectors_open(const char *name, struct arena *a);

/* The next line that is neither empty nor a comment; false at the end. A single "-" comes out as
 * the empty field. */
bool vectors_next(struct vectors *v, struct vector *out);

/* The bytes of a HEX field. */
struct bytes vectors_hex(struct bytes field, struct arena *a);
/* A HASH field. */
void vectors_hash(struct bytes field, uint8_t out[32]);
uint64_t vectors_u64(struct bytes field);
/* Does the verdict say accept? */
bool vectors_accept(struct bytes field);

#endif
