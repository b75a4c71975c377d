#include "daemon/dberror.h"

#include <stdio.h>
#include <string.h>

#include "sampler/base/bytes.h"

/* SQLSTATE classes that callers tell apart. */
static enum err_code code_of(const char *state)
{
	static const struct {
		const char *prefix;
		enum err_code code;
	} states[] = {
		{ "40", ERR_BUSY }, /* deadlock, serialisation failure */
		{ "55P03", ERR_BUSY }, /* lock not available */
		{ "57014", ERR_BUSY }, /* statement timeout */
		{ "42501", ERR_DENIED }, { "23", ERR_CONFLICT }, { "08", ERR_DATABASE },
		{ "57P", ERR_DATABASE }, /* the server is shutting down, starting up, or cut us off
					  */
		{ "53", ERR_DATABASE }, /* no disk, no memory, no connections */
		{ "25006", ERR_DATABASE }, /* read-only: a standby */
	};
	for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++)
		if (strncmp(state, states[i].prefix, strlen(states[i].prefix)) == 0)
			return states[i].code;
	return ERR_QUERY;
}

static bool named_error(struct err *e, const char *state, const char *text, const char *field)
{
	enum err_code code;
	bool more;
	if (state == NULL || text == NULL || strcmp(state, "DR000") != 0)
		return false;
	struct bytes what = bytes_of(text), name = bytes_cut(&what, ':', &more);
	if (!err_named(name.p, name.n, &code) || code == ERR_NONE)
		return false;
	err_set(e, code, "%s", what.p + (more && *what.p == ' '));
	snprintf(e->field, sizeof e->field, "%s", field != NULL ? field : "");
	return true;
}

bool db_row_denied(const PGresult *res)
{
	/* it has the SQLSTATE of a grant that is missing, and the server's sentence may be in any
	 * language */
	const char *raised_by = PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION);
	return raised_by != NULL && strcmp(raised_by, "ExecWithCheckOptions") == 0;
}

void db_error(struct err *e, const char *name, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
	enum err_code code = code_of(state);
	if (named_error(e, state, text, PQresultErrorField(res, PG_DIAG_COLUMN_NAME)))
		return;
	if (constraint != NULL && code == ERR_CONFLICT)
		err_set(e, code, "%s: %s", name, constraint);
	else
		err_set(e, code, "%s: %s %s", name, state != NULL ? state : "",
			text != NULL ? text : PQresStatus(PQresultStatus(res)));
}
