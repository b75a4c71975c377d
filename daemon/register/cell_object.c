/* Identifiers of entities and objects: one reading of them for every column. */
#include <string.h>

#include "daemon/register/cell.h"
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

void cell_warn_object(struct row *r, const struct column *c, struct bytes v, const struct object *o)
{
	const char *number = o->entity.p + 1; /* behind the R */
	if (o->repaired)
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s", BYTES_ARG(o->object));
	if (o->digit)
		row_remark(r, c->name, ERR_BAD_REGNO, v, "[15] %c ≠ %c", number[14],
			regno_digit(number));
}

bool cell_read_object(struct row *r, const struct column *c, struct bytes v, enum err_code wrong,
	struct object *o)
{
	const char *detail = object_of(r, v, o);
	bool id = wrong != ERR_BAD_OBJECT || (detail == NULL && text_is_object_id(o->object));
	if (detail != NULL || !id) {
		row_fail(r, c->name, wrong, v, "%s", detail != NULL ? detail : "");
		return false;
	}
	cell_warn_object(r, c, v, o);
	return true;
}
