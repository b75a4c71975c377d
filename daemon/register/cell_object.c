/* Identifiers of entities and objects: one reading of them for every column. */
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/personal.h"
#include "daemon/register/tables.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

bool premises_of(struct row *r, struct bytes digits, struct bytes *premises)
{
	uint64_t n;
	while (digits.n > 1 && digits.p[0] == '0')
		digits = (struct bytes){ digits.p + 1, digits.n - 1 };
	if (!text_u64(digits, 9999, &n) || n == 0)
		return false;
	*premises = n == 1 ? BYTES("") : row_printf(r, "%02u", (unsigned)n);
	return true;
}

const char *object_of(struct row *r, struct bytes text, struct object *o)
{
	char normal[USCC_TEXT_MAX + 1];
	struct bytes all, number;
	unsigned repairs = 0;
	bool more;
	*o = (struct object){ .premises = BYTES("") };
	if (!ident_normalise(text, normal, &all, &repairs))
		return "> 64";
	if (memchr(all.p, '\0', all.n) != NULL)
		return "\\x00";
	all = row_text(r, all);
	o->repaired = repairs != 0 && !bytes_equal(all, text);
	number = bytes_cut(&all, '/', &more);
	if (more && !premises_of(r, all, &o->premises))
		return "/ 2–9999";
	struct bytes digits = number;
	if (number.n == REGNO_LENGTH + 1 && number.p[0] == 'R')
		digits = (struct bytes){ number.p + 1, REGNO_LENGTH };
	enum ident_fault fault = regno_check(digits);
	o->numbered = fault == IDENT_OK || fault == IDENT_DIGIT;
	o->digit = fault == IDENT_DIGIT;
	o->entity = o->numbered ? row_printf(r, "R%.*s", BYTES_ARG(digits)) : number;
	o->object = object_join(r, o->entity, o->premises);
	return NULL;
}

struct bytes object_join(struct row *r, struct bytes entity, struct bytes premises)
{
	return premises.n == 0 ? entity
			       : row_printf(r, "%.*s/%.*s", BYTES_ARG(entity), BYTES_ARG(premises));
}

/* As sealed ones are shown. */
static void hide(struct bytes number, char mask[CITIZEN_LENGTH + 1])
{
	enum { HEAD = 3, TAIL = 4 };
	memset(mask, '*', number.n);
	memcpy(mask, number.p, HEAD);
	memcpy(mask + number.n - TAIL, number.p + number.n - TAIL, TAIL);
	mask[number.n] = '\0';
}

bool code_of_person(struct bytes text, bool number, char mask[CITIZEN_LENGTH + 1])
{
	char normal[USCC_TEXT_MAX + 1];
	struct bytes s;
	unsigned repairs;
	if (text.n < CITIZEN_LENGTH || !ident_normalise(text, normal, &s, &repairs) ||
		uscc_check(s) == IDENT_OK)
		return false;
	for (; s.n >= CITIZEN_LENGTH; s.p++, s.n--) {
		struct bytes one = { s.p, CITIZEN_LENGTH };
		if (!citizen_like(one))
			continue;
		bool cut = number || memcmp(one.p + CITIZEN_LENGTH - 3, "000", 3) == 0;
		if (citizen_check(one) != IDENT_OK && !cut)
			continue;
		hide(one, mask);
		return true;
	}
	return false;
}

bool object_of_person(const struct row *r, const struct object *o, char mask[CITIZEN_LENGTH + 1])
{
	struct bytes excepted, number = { o->entity.p + 1, REGNO_LENGTH }; /* behind the R */
	if (!o->digit || !personal_is_old(number) || r->id == REGISTER_EXCEPTIONS ||
		tables_find(r->tables, TABLE_EXCEPTION, o->entity, &excepted))
		return false;
	hide(number, mask);
	return true;
}

void cell_warn_object(struct row *r, const struct column *c, struct bytes v, const struct object *o)
{
	const char *number = o->entity.p + 1; /* behind the R */
	bool trimmed = r->raw.n > v.n;
	if (o->repaired || trimmed)
		row_repair(r, c->name, ERR_REPAIRED, trimmed ? r->raw : v, "→ %.*s",
			BYTES_ARG(o->object));
	struct bytes excepted;
	bool known = r->id == REGISTER_EXCEPTIONS ||
		     tables_find(r->tables, TABLE_EXCEPTION, o->entity, &excepted);
	if (o->digit && !known)
		row_remark(r, c->name, ERR_BAD_REGNO, v, "[15] %c ≠ %c", number[14],
			regno_digit(number));
}

bool cell_read_object(struct row *r, const struct column *c, struct bytes v, enum err_code wrong,
	struct object *o)
{
	char mask[CITIZEN_LENGTH + 1];
	const char *detail = object_of(r, v, o);
	if (code_of_person(v, r->type == FIELD_NUMBER, mask) ||
		(detail == NULL && object_of_person(r, o, mask))) {
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
		return false;
	}
	bool id = wrong != ERR_BAD_OBJECT || (detail == NULL && text_is_object_id(o->object));
	if (detail != NULL || !id) {
		row_fail(r, c->name, wrong, v, "%s", detail != NULL ? detail : "");
		return false;
	}
	cell_warn_object(r, c, v, o);
	return true;
}
