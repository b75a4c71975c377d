/* What is known of an entity, and the question before each inspection (逢办必查). */
#include <string.h>

#include "daemon/api.h"
#include "planner/uscc.h"

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

/* Is it a USCC, or meant as one, that cannot be right? A code of an object goes on behind a `/`. */
static bool mistyped(const char *code, enum ident_fault *fault)
{
	struct bytes text = { code, strcspn(code, "/") };
	*fault = IDENT_OK;
	if (text.n >= 15 && text.n <= 20 && text.p[0] != 'R')
		*fault = uscc_check(text);
	return *fault != IDENT_OK;
}

static void refuse_code(struct request *r, const char *code, enum ident_fault fault)
{
	const char *cut = arena_strndup(r->arena, code, strcspn(code, "/"));
	if (fault == IDENT_DIGIT)
		reply_field(
			r, "code", ERR_BAD_USCC, "%s: [18] %c ≠ %c", cut, cut[17], uscc_digit(cut));
	else if (fault == IDENT_ORG_DIGIT)
		reply_field(r, "code", ERR_BAD_USCC, "%s: [17] %c ≠ %c", cut, cut[16],
			org_digit(cut + 8));
	else if (fault == IDENT_LENGTH)
		reply_field(r, "code", ERR_BAD_USCC, "%s: %zu ≠ %d", cut, strlen(cut), USCC_LENGTH);
	else
		reply_field(r, "code", ERR_BAD_USCC, "%s", cut);
}

/* Of a code that nothing is said of and that cannot be right it is not said that there is no
 * record: codes issued with wrong digits are in the registers. */
static void tell_lookup(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	enum ident_fault fault;
	const char *code = r->ctx;
	struct db_row row = db_row(rows, 0, r->arena, &e);
	if (rows->n > 0 && !db_bool(&row, "found") && mistyped(code, &fault))
		refuse_code(r, code, fault);
	else
		api_told(r, rows);
}

/* The code is read as an import reads it. */
void entity_lookup(struct request *r)
{
	const char *code = param_word(r, "code");
	char *plain = arena_calloc(r->arena, 1, USCC_TEXT_MAX + 1);
	struct bytes read;
	unsigned repairs;
	if (code[0] == '\0' || !ident_normalise(bytes_of(code), plain, &read, &repairs) ||
		read.n == 0) {
		reply_field(r, "code", ERR_BAD_REQUEST, "code");
		return;
	}
	r->ctx = arena_strndup(r->arena, read.p, read.n);
	REQUEST_ASK(r, Q_entity_lookup, tell_lookup, DB_TEXT(r->ctx));
}
