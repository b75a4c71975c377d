/* Crash points: places where a test kills the process. Each is named here once; the environment
 * variable DRAWD_CRASH_AT=name makes the process end by SIGKILL when it comes there, but only once:
 * the folder DRAWD_CRASH_DIR gets a file of that name first and the point is passed from then on.
 */
#ifndef DRAWD_CRASH_H
#define DRAWD_CRASH_H

#include <stddef.h>

void crash_point(const char *name);

/* Name i of the table, NULL behind the last (`drawd crash-points`). */
const char *crash_point_name(size_t i);

#endif
