/* Which of several equal implementations this processor runs. The choice is made on first use,
 * is always the same on one machine, and never changes a result. */
#ifndef DRAWD_CPU_H
#define DRAWD_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The SHA extensions of x86-64 (and SSE 4.1, which every processor with them has). */
bool cpu_has_sha(void);
/* AVX-512 F, and an operating system that keeps its registers. */
bool cpu_has_avx512(void);

/* sha256_blocks_ni where there is one, else sha256_blocks_portable. */
void sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks);

#endif
