/* What PostgreSQL says as an error of the error table. */
#ifndef DRAWD_DBERROR_H
#define DRAWD_DBERROR_H

#include <libpq-fe.h>

#include "sampler/base/err.h"

/* The error of a statement that failed: ERR_CONFLICT (with the constraint), ERR_BUSY, ERR_DENIED,
 * ERR_DATABASE, the one that a function of ours named (SQLSTATE DR000, "name: what"; its column is
 * the error's field), or ERR_QUERY. `name` is that of the statement. */
void db_error(struct err *e, const char *name, const PGresult *res);

/* Was it refused because row security does not let this row be written (not for want of a grant)?
 */
bool db_row_denied(const PGresult *res);

#endif
