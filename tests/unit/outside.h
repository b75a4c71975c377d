/* Data of other implementations, read where the environment variable DRAWD_TEST_DATA names the
 * folder that holds them; elsewhere the test is skipped. */
#ifndef DRAWD_TESTS_UNIT_OUTSIDE_H
#define DRAWD_TESTS_UNIT_OUTSIDE_H

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

/* A file below $DRAWD_TEST_DATA. The calling test is skipped, aloud, where the variable is unset;
 * a file that is missing from the folder fails it. */
struct bytes outside_file(struct arena *a, const char *name);
/* The same without a line end behind the last line. */
struct bytes outside_line(struct arena *a, const char *name);

#endif
