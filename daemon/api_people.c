/* One account, one department, one role of an account; lists are list.c's, changes are motions. */
#include "daemon/api.h"

void account_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_account, reply_row_json, DB_BYTES(r->arg[0]));
}

void department_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_department, reply_row_json, DB_BYTES(r->arg[0]));
}

void role_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_role, reply_row_json, DB_INT(request_arg_id(r, 0)));
}
