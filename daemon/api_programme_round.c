/* The programme's checks and rounds: asked for, and what came of them. Who sees a programme is
 * decided in the database (sql/migrations/0018_programme.sql). */
#include <stddef.h>

#include "daemon/api.h"
#include "daemon/programme.h"

struct programme_check_body {
	int64_t days;
};
static const struct programme_check_body check_otherwise = { .days = REPEAT_DAYS };
/* clang-format off */
static const struct json_field check_fields[] = {
	{ "days", JSON_INT64, offsetof(struct programme_check_body, days), false, 1, 366,
		.zh = "多少天以内先后入企算重复，缺省 60", .en = "entries closer than that many days are repeats; 60 if not said" },
	{ 0 },
};
/* clang-format on */
const struct json_form programme_check_form = { check_fields, sizeof(struct programme_check_body),
	&check_otherwise };

void programme_check_new(struct request *r)
{
	const struct programme_check_body *body = r->sent;
	REQUEST_ASK(r, Q_programme_check_ask, reply_row_accepted, DB_TEXT(request_arg(r, 0)),
		DB_INT(body->days));
}

void programme_check_get(struct request *r)
{
	REQUEST_ASK(r, Q_programme_check_told, reply_row_json, DB_TEXT(request_arg(r, 0)));
}

void programme_rounds_get(struct request *r)
{
	REQUEST_ASK(r, Q_programme_rounds, reply_row_json, DB_TEXT(request_arg(r, 0)),
		DB_INT(r->web->process->conf.programme.lead_days));
}
