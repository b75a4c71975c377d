/* What is needed to recompute the audit log's chain, and its anchors in the public log
 * (sql/README.md, "The audit log"). */
#include "daemon/api.h"

void audit_chain(struct request *r)
{
	REQUEST_ASK(r, Q_audit_chain, reply_row_json, DB_INT(param_number(r, "after")),
		DB_INT(param_number(r, "limit")));
}

void audit_anchors(struct request *r)
{
	request_ask(r, Q_audit_anchors, NULL, reply_row_json);
}
