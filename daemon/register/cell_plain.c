/* Checkers that any register may use: texts, words, days, keys, and personal facts. */
#include <stdio.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "planner/civil.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

enum { TEXT_MAX_BYTES = 600, LONG_MAX_BYTES = 30000, ID_MAX_BYTES = 100, MEMBER_MAX_BYTES = 120 };

/* ---- texts ------------------------------------------------------------------------------- */

/* Of valid UTF-8: C0, DEL, C1. */
static bool has_control(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < ' ' || c == 0x7f ||
			(c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0))
			return true;
	}
	return false;
}

struct bytes cell_clean(struct row *r, struct bytes s)
{
	if (!has_control(s))
		return s;
	struct bytes copy = row_text(r, s);
	char *p = r->text + (copy.p - r->text);
	for (size_t i = 0; i < copy.n; i++) {
		bool c1 = i + 1 < copy.n && (unsigned char)p[i] == 0xc2 &&
			  (unsigned char)p[i + 1] < 0xa0;
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f || c1)
			p[i] = ' ';
		if (c1)
			p[++i] = ' ';
	}
	return copy;
}

/* A plain text: line feeds and other control characters become spaces. */
static void take_text(struct row *r, const struct column *c, struct bytes v, size_t most)
{
	if (v.n > most) {
		cell_wrong(r, c, ERR_ROW_TOO_LONG, v, "%zu > %zu", v.n, most);
		return;
	}
	if (has_control(v)) {
		struct bytes copy = cell_clean(r, v);
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s", (int)(copy.n < 120 ? copy.n : 0),
			copy.p);
		v = copy;
	}
	r->fact[c->fact] = v;
}

static bool is_of_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A citizen ID in a text, with neither digits nor letters at its sides: of numbers of documents,
 * some have a birthday and a check digit somewhere in them. */
static bool names_person(struct row *r, struct bytes v, char mask[CITIZEN_LENGTH + 1])
{
	size_t text_n = r->text_n, at = 0, n = 0;
	struct bytes s = v.n >= CITIZEN_LENGTH ? cell_half(r, v) : BYTES("");
	for (; at < s.n; at += n + 1) {
		for (n = 0; at + n < s.n && is_of_word(s.p[at + n]);)
			n++;
		struct bytes one = { s.p + at, n };
		if (n == CITIZEN_LENGTH && memcmp(one.p + 15, "000", 3) != 0 &&
			code_of_person(one, false, mask))
			break;
	}
	r->text_n = text_n; /* what cell_half needed */
	return at < s.n;
}

void cell_text(struct row *r, const struct column *c, struct bytes v)
{
	char mask[CITIZEN_LENGTH + 1];
	if (names_person(r, v, mask))
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
	else
		take_text(r, c, v, TEXT_MAX_BYTES);
}

/* A number of another system's, whatever it looks like. */
void cell_foreign(struct row *r, const struct column *c, struct bytes v)
{
	take_text(r, c, v, TEXT_MAX_BYTES);
}

void cell_long(struct row *r, const struct column *c, struct bytes v)
{
	take_text(r, c, v, LONG_MAX_BYTES);
}

void cell_id(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes id = cell_half(r, v);
	char mask[CITIZEN_LENGTH + 1];
	if (code_of_person(v, r->type == FIELD_NUMBER, mask))
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
	else if (id.n > ID_MAX_BYTES || !text_is_clean(id))
		cell_wrong(r, c, ERR_BAD_TEXT, v, "%zu > %d", id.n, ID_MAX_BYTES);
	else
		r->fact[c->fact] = id;
}

/* A list of short texts. */
void cell_members(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	while (cell_next(&rest, &next)) {
		if (n == CELL_MEMBERS || next.n > MEMBER_MAX_BYTES || !text_is_clean(next)) {
			cell_wrong(r, c, ERR_BAD_LIST, next, "≤ %d", CELL_MEMBERS);
			return;
		}
		member[n++] = next;
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

void cell_label(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes label = cell_half(r, v);
	if (cell_label_of(r, c, v, &label)) {
		r->fact[c->fact] = label;
		return;
	}
	struct bytes names = cell_label_names(r);
	cell_wrong(r, c, ERR_BAD_LABEL, v, "%.*s", BYTES_ARG(names));
}

/* ---- words ------------------------------------------------------------------------------- */

/* The words to choose from, as a template offers them. */
static struct bytes choices(struct row *r, const struct cell_word *table)
{
	struct bytes out = { r->text + r->text_n, 0 };
	for (; table->words != NULL; table++) {
		out.n += out.n > 0 ? row_text(r, BYTES("、")).n : 0;
		out.n += row_text(r, (struct bytes){ table->words, strcspn(table->words, "|") }).n;
	}
	return out;
}

/* A term of its own that is read as one of the words: 黑名单 is 严重违法失信名单. */
static void tell_loose(struct row *r, const struct column *c, struct bytes v, struct bytes s)
{
	for (const struct cell_word *w = c->words; w->words != NULL; w++) {
		const char *loose = strstr(w->words, "||");
		if (loose != NULL && cell_one_of(s, loose + strlen("||")))
			row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s",
				(int)strcspn(w->words, "|"), w->words);
	}
}

void cell_words(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes s = cell_half(r, v);
	const char *value = cell_word(c->words, s);
	if (value != NULL) {
		r->fact[c->fact] = bytes_of(value);
		tell_loose(r, c, v, s);
		return;
	}
	struct bytes list = choices(r, c->words);
	cell_wrong(r, c, ERR_BAD_WORD, v, "%.*s", BYTES_ARG(list));
}

/* ---- days -------------------------------------------------------------------------------- */

void cell_day(struct row *r, const struct column *c, struct bytes v)
{
	int32_t day;
	if (cell_read_date(r, c, v, &day))
		r->fact[c->fact] = cell_put_date(r, day);
}

/* The end of something, which may have none. */
void cell_until(struct row *r, const struct column *c, struct bytes v)
{
	static const char *const joints[] = { "至", "到", "~", "～" };
	if (cell_one_of(v, "长期|长期有效|永久|永久有效|无固定期限|永续经营|不约定期限|无期限")) {
		r->fact[c->fact] = BYTES(CELL_ENDLESS);
		return;
	}
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) { /* 2020-01-01至2040-01-01 */
		const char *at = memmem(v.p, v.n, joints[i], strlen(joints[i]));
		size_t skip = at != NULL ? (size_t)(at - v.p) + strlen(joints[i]) : 0;
		if (at != NULL && skip < v.n) {
			struct bytes end = { v.p + skip, v.n - skip };
			cell_until(r, c, cell_trim(end));
			return;
		}
	}
	cell_day(r, c, v);
}

/* ---- personal facts ------------------------------------------------------------------------ */

void cell_personal(struct row *r, const struct column *c, struct bytes v)
{
	if (v.n > ID_MAX_BYTES || !text_is_clean(v))
		cell_wrong(r, c, ERR_BAD_TEXT, v, "> %d", ID_MAX_BYTES);
	else
		r->fact[c->fact] = v;
}

void cell_phone(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes s = cell_half(r, v);
	size_t digits = 0, others = 0;
	char mask[CITIZEN_LENGTH + 1];
	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		others += s.p[i] != '\0' && strchr("+-()/,; ", s.p[i]) != NULL;
	}
	if (digits < 7 || digits > 30 || digits + others != s.n ||
		code_of_person(v, r->type == FIELD_NUMBER, mask))
		cell_wrong(r, c, ERR_BAD_PHONE, v, "%zu", digits);
	else
		r->fact[c->fact] = s;
}

void cell_citizen(struct row *r, const struct column *c, struct bytes v)
{
	char text[USCC_TEXT_MAX + 1];
	struct bytes out = { "", 0 };
	unsigned repairs;
	enum ident_fault fault =
		ident_normalise(v, text, &out, &repairs) ? citizen_check(out) : IDENT_LENGTH;
	if (fault != IDENT_OK)
		cell_wrong(r, c, ERR_BAD_CITIZEN, v, "%s", ident_fault_name(fault));
	else
		r->fact[c->fact] = row_text(r, out);
}

/* A birthday, or its month: 1980-05, 1980.5, 198005, 1980年5月. */
void cell_born(struct row *r, const struct column *c, struct bytes v)
{
	static const char *const tails[] = { "", "-01", "/1", ".1", "01", "1日" };
	char text[64];
	struct bytes s = cell_half(r, v);
	int32_t day;
	bool serial = true;
	for (size_t i = 0; s.n < 40 && i < sizeof tails / sizeof *tails; i++) {
		int n = snprintf(text, sizeof text, "%.*s%s", BYTES_ARG(s), tails[i]);
		if (!cell_date((struct bytes){ text, (size_t)n }, &day, &serial) || serial)
			continue;
		struct bytes date = cell_put_date(r, day);
		r->fact[c->fact] = (struct bytes){ date.p, i == 0 ? date.n : 7 };
		return;
	}
	cell_wrong(r, c, ERR_BAD_DATE, v, "%s", "");
}
