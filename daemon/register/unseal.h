/* `drawd unseal REGISTER KEY FACT REASON`: prints one personal fact of a row that counts (whom to
 * telephone), for whoever may act as the user of the workers on this machine: the key is theirs,
 * and the audit log notes the reading and its reason. Errors: ERR_BAD_ARGS, ERR_NOT_FOUND,
 * ERR_KEY_FILE, ERR_SEALED, and those of the database. */
#ifndef DRAWD_UNSEAL_H
#define DRAWD_UNSEAL_H

#include "daemon/process.h"

mode_fn unseal_run;

#endif
