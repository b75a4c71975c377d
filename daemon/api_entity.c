/* What is known of an entity, and the question before each inspection (逢办必查). */
#include "daemon/api.h"

/* The text of the column json; empty where there is nothing, or nothing for the asker. */
void api_told(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes json = db_is_null(&row, "json") ? BYTES("") : db_bytes(&row, "json");
	if (row.bad)
		reply_error(r, &e);
	else if (json.n == 0)
		reply_missing(r);
	else
		reply_json(r, 200, json);
}

void entity_get(struct request *r)
{
	REQUEST_ASK(r, Q_entity_dossier, api_told, DB_TEXT(request_arg(r, 0)),
		DB_INT(param_number(r, "at")));
}

void entity_lookup(struct request *r)
{
	const char *code = param_word(r, "code");
	if (code[0] == '\0')
		reply_field(r, "code", ERR_BAD_REQUEST, "code");
	else
		REQUEST_ASK(r, Q_entity_lookup, api_told, DB_TEXT(code));
}
