/* Numbered migrations with checksums (sql/migrations), under an advisory lock. */
#ifndef DRAWD_MIGRATE_H
#define DRAWD_MIGRATE_H

#include <stdbool.h>

#include "daemon/db.h"
#include "sampler/base/err.h"

/* Bring the schema to the version of this program, one transaction a migration. Refuses
 * (ERR_SCHEMA) a database that is newer, or whose applied migrations are not the ones this program
 * knows. *applied gets how many were new. */
bool migrate_run(struct db *owner, int *applied, struct err *e);

#endif
