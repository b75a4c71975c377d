/* Randomness and output of the generator: numbers from a SHA-256 counter stream, text through a
 * large buffer. The same seed gives the same bytes everywhere. */
#ifndef DRAWD_TESTS_GEN_STREAM_H
#define DRAWD_TESTS_GEN_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sampler/sha256.h"

/* Numbers that depend on seed, topic and index alone. */
struct dice {
	struct sha256 start;
	uint64_t block;
	uint32_t word[8];
	unsigned used;
};
void dice_start(struct dice *d, const char *seed, const char *topic, uint64_t index);
/* 0 … n−1, n from 1 to 2^31. Uniform to 2^-32·n. */
uint32_t dice_below(struct dice *d, uint32_t n);
/* Happens n times in ten thousand. */
int dice_chance(struct dice *d, uint32_t n);

/* Which of n weights a number below their sum falls to. */
size_t dice_weighted(struct dice *d, const uint32_t *weight, size_t n);

struct out {
	FILE *file;
	const char *path;
	size_t n;
	char text[65536];
};
/* A file below a folder; trouble ends the program with a sentence. */
void out_open(struct out *o, const char *folder, const char *name);
void out_close(struct out *o);
void out_put(struct out *o, const char *p, size_t n);
void out_text(struct out *o, const char *s);
void out_number(struct out *o, uint64_t v, unsigned digits);
/* A CSV value, quoted where it must be, and what follows it: ',' or '\n'. */
void out_value(struct out *o, const char *s, char after);

#endif
