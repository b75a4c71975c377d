/* Quality as a standing figure (sql/migrations/0015_quality.sql). */
#include "daemon/api.h"

void quality_get(struct request *r)
{
	REQUEST_ASK(r, Q_quality_read, api_told, DB_TEXT(param_word(r, "register")),
		DB_TEXT(param_word(r, "department")), DB_TEXT(param_word(r, "level")));
}

void quality_trend(struct request *r)
{
	REQUEST_ASK(r, Q_quality_trend, api_told, DB_TEXT(param_word(r, "figure")),
		DB_TEXT(param_word(r, "fact")), DB_TEXT(param_word(r, "register")),
		DB_TEXT(param_word(r, "department")),
		DB_TEXT(param_word(r, "source")), DB_TEXT(param_word(r, "from")),
		DB_TEXT(param_word(r, "to")));
}
