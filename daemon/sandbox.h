/* The parser's cage: memory and processor limits, no files, no network, no new programs. What was
 * open before stays usable: read and write on descriptors 0, 1 and 2, and on one that is kept. */
#ifndef DRAWD_SANDBOX_H
#define DRAWD_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/err.h"

/* memory in MiB of address space, seconds of processor time. Every descriptor above 2 is closed but
 * `keep` (-1: none), which is 3 from then on. A kernel without landlock is accepted (seccomp alone forbids opening files). Errors: ERR_PARSER.
 * Under a sanitizer the limit of memory and seccomp stay off: it needs both. */
bool sandbox_enter(int64_t memory, int64_t seconds, int keep, struct err *e);

#endif
