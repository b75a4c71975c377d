/* Files of other kinds, told by their first bytes: each is refused with what it is and what helps.
 */
#ifndef DRAWD_FOREIGN_H
#define DRAWD_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* False with ERR_UTF16_TEXT, ERR_XLS_FILE or ERR_OTHER_FILE where the file is no CSV; of the first
 * FOREIGN_HEAD bytes, or of all where there are fewer. */
enum { FOREIGN_HEAD = 4096 };
bool foreign_check(struct bytes head, struct err *e);

/* The container of .xls and .et, and of workbooks that are locked with a password; which of them it
 * is says a name somewhere in it. */
bool foreign_is_ole(struct bytes head);
struct foreign_ole {
	char tail[64]; /* the end of what was seen */
	size_t n;
	bool locked;
};
void foreign_ole_put(struct foreign_ole *o, struct bytes chunk);
/* All was seen: ERR_ENCRYPTED_FILE or ERR_XLS_FILE. Returns false. */
bool foreign_ole_refuse(const struct foreign_ole *o, struct err *e);

#endif
