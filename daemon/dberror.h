/* What PostgreSQL says as an error of the error table. */
#ifndef DRAWD_DBERROR_H
#define DRAWD_DBERROR_H

#include <libpq-fe.h>

#include "sampler/base/err.h"

/* The error of a statement that failed: ERR_CONFLICT (with the constraint), ERR_BUSY, ERR_DENIED,
 * ERR_DATABASE, the one that a function of ours named (SQLSTATE DR000, "name: what"), or ERR_QUERY.
 * `name` is that of the statement. */
void db_error(struct err *e, const char *name, const PGresult *res);

#endif
