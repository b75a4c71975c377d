/* Checkers of the codes of entities and objects. */
#include <stdio.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/tables.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

static bool looks_rounded(struct bytes code)
{
	size_t digits = 0, marks = 0;
	for (size_t i = 0; i < code.n; i++) {
		digits += code.p[i] >= '0' && code.p[i] <= '9';
		marks += code.p[i] == '.' || code.p[i] == '+' || code.p[i] == 'E';
	}
	bool cut = digits == USCC_LENGTH && code.n == USCC_LENGTH &&
		   memcmp(code.p + 15, "000", 3) == 0;
	return cut ||
	       (digits + marks == code.n && marks >= 2 && memchr(code.p, 'E', code.n) != NULL);
}

static void refuse_rounded(struct row *r, const struct column *c, struct bytes v,
	char candidate[][USCC_LENGTH + 1], size_t n)
{
	char list[USCC_CANDIDATES * (USCC_LENGTH + 2)] = "";
	size_t at = 0;
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(
			list + at, sizeof list - at, i > 0 ? ", %s" : "%s", candidate[i]);
	row_fail(r, c->name, ERR_USCC_ROUNDED, v, "%s", list);
}

/* True where the code was turned into a number by a spreadsheet, or may have been: that is said. */
static bool rounded(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	enum { LEAST = 16 }; /* digits beyond those that a number keeps */
	char candidate[USCC_CANDIDATES][USCC_LENGTH + 1];
	bool number = r->type == FIELD_NUMBER && code.n >= LEAST;
	size_t n = (number ? uscc_in_number : uscc_candidates)(code, candidate);
	if (n == 0 && !number && !looks_rounded(code))
		return false;
	refuse_rounded(r, c, v, candidate, n);
	return true;
}

/* A number cell keeps 15 digits: right check digits do not tell that the rest is as it was, unless
 * no other code looks the same. */
static bool doubtful(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	char candidate[USCC_CANDIDATES][USCC_LENGTH + 1];
	if (r->type != FIELD_NUMBER || uscc_check(code) != IDENT_OK)
		return false;
	size_t n = uscc_in_number(code, candidate);
	if (n < 2)
		return false;
	refuse_rounded(r, c, v, candidate, n);
	return true;
}

static bool in_alphabet(struct bytes code)
{
	for (size_t i = 0; i < code.n; i++)
		if (strchr("0123456789ABCDEFGHJKLMNPQRTUWXY", code.p[i]) == NULL ||
			code.p[i] == '\0')
			return false;
	return true;
}

static void refuse_uscc(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	char instead[USCC_LENGTH + 1];
	size_t letters = 0;
	for (size_t i = 0; i < code.n; i++)
		letters += (code.p[i] & 0xc0) != 0x80;
	if (rounded(r, c, v, code))
		return;
	if (letters != USCC_LENGTH)
		row_fail(r, c->name, ERR_BAD_USCC, v, "%zu ≠ %d", letters, USCC_LENGTH);
	else if (uscc_lookalike(code, instead))
		row_fail(r, c->name, ERR_BAD_USCC, v, "→ %s ?", instead);
	else if (in_alphabet(code))
		row_fail(r, c->name, ERR_BAD_USCC, v, "[3–8] %s", "0-9");
	else
		row_fail(r, c->name, ERR_BAD_USCC, v, "0-9 A-Z, %s", "I O S V Z ✗");
}

/* A code that is right, or one whose check digits alone fail, which is taken in, and said where no
 * exception is recorded for it. */
static bool take_uscc(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	enum ident_fault fault = uscc_check(code);
	if (fault == IDENT_LENGTH || fault == IDENT_CHARSET) {
		refuse_uscc(r, c, v, code);
		return false;
	}
	if ((fault != IDENT_OK && rounded(r, c, v, code)) || doubtful(r, c, v, code))
		return false;
	struct bytes excepted;
	if (fault != IDENT_OK && tables_find(r->tables, TABLE_EXCEPTION, code, &excepted))
		return true;
	if (fault == IDENT_DIGIT)
		row_remark(r, c->name, ERR_USCC_DIGIT, v, "[18] %c ≠ %c", code.p[17],
			uscc_digit(code.p));
	else if (fault == IDENT_ORG_DIGIT)
		row_remark(r, c->name, ERR_USCC_DIGIT, v, "[17] %c ≠ %c", code.p[16],
			org_digit(code.p + 8));
	return true;
}

void cell_uscc(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	if (!cell_read_object(r, c, v, ERR_BAD_USCC, &o))
		return;
	if (o.numbered)
		r->cell[CELL_REGNO] = o.entity;
	else if (take_uscc(r, c, v, o.entity))
		r->cell[CELL_USCC] = o.entity;
	if (o.premises.n > 0)
		r->cell[CELL_PREMISES] = o.premises;
}

/* Newer licences print the USCC where the number was; what is neither is of no use and said. */
void cell_regno(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	char mask[CITIZEN_LENGTH + 1];
	const char *wrong = object_of(r, v, &o);
	if (code_of_person(v, r->type == FIELD_NUMBER, mask) ||
		(wrong == NULL && object_of_person(r, &o, mask))) {
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
		return;
	}
	bool code = wrong == NULL && uscc_check(o.entity) == IDENT_OK;
	if (wrong != NULL)
		row_remark(r, c->name, ERR_BAD_REGNO, v, "%s", wrong);
	else if (!code && !o.numbered)
		row_remark(r, c->name, ERR_BAD_REGNO, v, "%zu ≠ %d", o.entity.n, REGNO_LENGTH);
	else {
		cell_warn_object(r, c, v, &o);
		r->cell[code ? CELL_USCC : CELL_REGNO] = o.entity;
		if (!code && c->fact >= 0) /* without its R */
			r->fact[c->fact] = (struct bytes){ o.entity.p + 1, o.entity.n - 1 };
		if (o.premises.n > 0)
			r->cell[CELL_PREMISES] = o.premises;
	}
}

void cell_premises(struct row *r, const struct column *c, struct bytes v)
{
	if (!premises_of(r, cell_half(r, v), &r->cell[CELL_PREMISES]))
		row_fail(r, c->name, ERR_BAD_NUMBER, v, "1–9999");
}

void cell_object(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	if (!cell_read_object(r, c, v, ERR_BAD_OBJECT, &o))
		return;
	r->cell[CELL_OBJECT] = o.object;
	r->cell[CELL_OBJECT_ENTITY] = o.entity;
}

/* An entity or an object. */
void cell_subject(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	if (cell_read_object(r, c, v, ERR_BAD_OBJECT, &o))
		r->fact[c->fact] = o.object;
}

/* A code that is valid although its check digits fail. */
void cell_exception(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	if (!cell_read_object(r, c, v, ERR_BAD_USCC, &o))
		return;
	enum ident_fault fault = uscc_check(o.entity);
	if (o.numbered) /* a 注册号, as every register knows it: with its R */
		fault = o.digit ? IDENT_DIGIT : IDENT_OK;
	if (fault == IDENT_LENGTH || fault == IDENT_CHARSET || o.premises.n > 0)
		refuse_uscc(r, c, v, o.entity);
	else
		r->fact[c->fact] = o.entity;
	if (fault == IDENT_OK)
		row_remark(r, c->name, ERR_NO_EXCEPTION, v, "%s", "");
}

void cell_name(struct row *r, const struct column *c, struct bytes v)
{
	char mask[CITIZEN_LENGTH + 1];
	if (code_of_person(v, r->type == FIELD_NUMBER, mask))
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
	else
		cell_text(r, c, v);
}

bool cell_is_code(const struct column *c)
{
	static column_check *const codes[] = { cell_uscc, cell_regno, cell_object, cell_subject,
		cell_exception, cell_name, cell_certificate_no, cell_id, cell_text, cell_unit };
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (c->check == codes[i])
			return true;
	return false;
}
