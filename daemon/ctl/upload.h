/* Files on their way to drawd, in pieces that may be sent again. */
#ifndef DRAWD_CTL_UPLOAD_H
#define DRAWD_CTL_UPLOAD_H

#include "daemon/ctl/ctl.h"

/* The last part of a path. */
const char *base_name(const char *file);

/* Announce a file and send it. Errors are told. */
bool upload_file(struct ctl *c, const char *file, int64_t *id, int *exit_code);
/* The same of an open file of `size` bytes. */
bool upload_open_file(
	struct ctl *c, int fd, const char *name, int64_t size, int64_t *id, int *exit_code);

#endif
