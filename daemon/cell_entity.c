/* Checkers of the columns of 检查对象名录库. */
#include <stdio.h>
#include <string.h>

#include "daemon/cell.h"
#include "planner/civil.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

enum { NAME_MAX_BYTES = 600, TEXT_MAX_BYTES = 30000 };

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

/* A plain text: line feeds and other control characters become spaces. */
void cell_text(struct row *r, const struct column *c, struct bytes v)
{
	bool scope = c->kind == IMPORT_ENTITIES && c->fact == ENTITY_SCOPE;
	size_t most = scope ? TEXT_MAX_BYTES : NAME_MAX_BYTES;
	if (v.n > most) {
		row_fail(r, c->name, ERR_ROW_TOO_LONG, v, "%zu > %zu", v.n, most);
		return;
	}
	if (has_control(v)) {
		struct bytes copy = row_text(r, v);
		char *p = r->text + (copy.p - r->text);
		for (size_t i = 0; i < copy.n; i++) {
			bool c1 = i + 1 < copy.n && (unsigned char)p[i] == 0xc2 &&
				  (unsigned char)p[i + 1] < 0xa0;
			if ((unsigned char)p[i] < ' ' || p[i] == 0x7f || c1)
				p[i] = ' ';
			if (c1)
				p[++i] = ' ';
		}
		row_warn(
			r, c->name, ERR_REPAIRED, v, "→ %.*s", (int)(copy.n < 120 ? copy.n : 0), p);
		v = copy;
	}
	r->fact[c->fact] = v;
}

/* ---- identifiers ------------------------------------------------------------------------- */

/* Letters that are in no USCC, read as the digits they are mistaken for. */
static bool mistaken(struct bytes code, char out[USCC_LENGTH + 1])
{
	static const char letters[] = "IOSVZ", digits[] = "105U2";
	if (code.n != USCC_LENGTH)
		return false;
	for (size_t i = 0; i < code.n; i++) {
		const char *at = strchr(letters, code.p[i]);
		out[i] = at != NULL && *at != '\0' ? digits[at - letters] : code.p[i];
	}
	out[USCC_LENGTH] = '\0';
	return uscc_check((struct bytes){ out, USCC_LENGTH }) == IDENT_OK;
}

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

/* True where the code was turned into a number by a spreadsheet: that is said. */
static bool rounded(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	char candidate[USCC_CANDIDATES][USCC_LENGTH + 1], list[USCC_CANDIDATES * (USCC_LENGTH + 2)];
	size_t n = uscc_candidates(code, candidate), at = 0;
	if (n == 0 && !looks_rounded(code))
		return false;
	list[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(
			list + at, sizeof list - at, i > 0 ? ", %s" : "%s", candidate[i]);
	row_fail(r, c->name, ERR_USCC_ROUNDED, v, "%s", list);
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
	else if (mistaken(code, instead))
		row_fail(r, c->name, ERR_BAD_USCC, v, "→ %s ?", instead);
	else
		row_fail(r, c->name, ERR_BAD_USCC, v, "0-9 A-Z, %s", "I O S V Z ✗");
}

/* A code that is right, or one whose check digits alone fail, which is taken in and said. */
static bool take_uscc(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	enum ident_fault fault = uscc_check(code);
	if (fault == IDENT_LENGTH || fault == IDENT_CHARSET) {
		refuse_uscc(r, c, v, code);
		return false;
	}
	if (fault != IDENT_OK && rounded(r, c, v, code))
		return false;
	if (fault == IDENT_DIGIT)
		row_warn(r, c->name, ERR_USCC_DIGIT, v, "[18] %c ≠ %c", code.p[17],
			uscc_digit(code.p));
	else if (fault == IDENT_ORG_DIGIT)
		row_warn(r, c->name, ERR_USCC_DIGIT, v, "[17] %c ≠ %c", code.p[16],
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
	const char *wrong = object_of(r, v, &o);
	bool code = wrong == NULL && uscc_check(o.entity) == IDENT_OK;
	if (wrong != NULL)
		row_warn(r, c->name, ERR_BAD_REGNO, v, "%s", wrong);
	else if (!code && !o.numbered)
		row_warn(r, c->name, ERR_BAD_REGNO, v, "%zu ≠ %d", o.entity.n, REGNO_LENGTH);
	else {
		cell_warn_object(r, c, v, &o);
		r->cell[code ? CELL_USCC : CELL_REGNO] = o.entity;
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
	r->fact[ENTITY_ENTITY] = o.entity;
	r->fact[ENTITY_OBJECT] = o.object;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool contains(struct bytes s, const char *word)
{
	return memmem(s.p, s.n, word, strlen(word)) != NULL;
}

static const char *kind_of_words(struct bytes v)
{
	/* the first that occurs decides */
	static const struct cell_word words[] = {
		{ "代表机构", "office" },
		{ "代表处", "office" },
		{ "合作社", "cooperative" },
		{ "农专社", "cooperative" },
		{ "个体", "individual" },
		{ NULL, NULL },
	};
	for (const struct cell_word *w = words; w->words != NULL; w++)
		if (contains(v, w->words))
			return w->value;
	return NULL;
}

void cell_kind(struct row *r, const struct column *c, struct bytes v)
{
	static const struct cell_word table[] = {
		{ "企业|enterprise|公司|法人企业|非法人企业", "enterprise" },
		{ "individual", "individual" },
		{ "cooperative", "cooperative" },
		{ "office", "office" },
		{ "其他|其它|other|事业单位|社会团体|民办非企业单位|社会服务机构|机关|基金会",
			"other" },
		{ NULL, NULL },
	};
	const char *kind = cell_word(table, v);
	if (kind == NULL)
		kind = kind_of_words(v);
	if (kind == NULL && (contains(v, "公司") || contains(v, "企业")))
		kind = "enterprise";
	if (kind != NULL)
		r->fact[c->fact] = bytes_of(kind);
	else
		row_fail(r, c->name, ERR_BAD_KIND, v, "%s", "");
}

/* 企业类型: some hundred values; all but a few name enterprises. */
void cell_type(struct row *r, const struct column *c, struct bytes v)
{
	const char *kind = kind_of_words(v);
	(void)c;
	r->cell[CELL_TYPE] = bytes_of(kind != NULL ? kind : "enterprise");
}

void cell_status(struct row *r, const struct column *c, struct bytes v)
{
	static const struct cell_word exact[] = {
		{ "open|正常|有效|在册|确立|登记成立|清算|清算中|正在清算|1", "open" },
		{ "cancelled", "cancelled" },
		{ "revoked", "revoked" },
		{ "moved", "moved" },
		{ "suspended", "suspended" },
		{ NULL, NULL },
	};
	/* the first that occurs decides: 吊销，未注销 is revoked, 吊销后注销 cancelled */
	static const struct cell_word within[] = {
		{ "未注销", "revoked" },
		{ "未吊销", "open" },
		{ "注销", "cancelled" },
		{ "撤销", "cancelled" },
		{ "吊销", "revoked" },
		{ "迁出", "moved" },
		{ "迁往", "moved" },
		{ "歇业", "suspended" },
		{ "存续", "open" },
		{ "在营", "open" },
		{ "开业", "open" },
		{ "在业", "open" },
		{ NULL, NULL },
	};
	const char *status = cell_word(exact, v);
	for (const struct cell_word *w = within; status == NULL && w->words != NULL; w++)
		if (contains(v, w->words))
			status = w->value;
	if (status != NULL)
		r->fact[c->fact] = bytes_of(status);
	else
		row_fail(r, c->name, ERR_BAD_STATUS, v, "%s", "");
}

void cell_class(struct row *r, const struct column *c, struct bytes v)
{
	static const struct cell_word table[] = {
		{ "A|a|A类|A级|A类企业|低|低风险|风险低|信用风险低|信用风险低(A)|A低", "A" },
		{ "B|b|B类|B级|B类企业|一般|中|一般风险|中风险|风险一般|信用风险一般|信用风险一般(B)",
			"B" },
		{ "C|c|C类|C级|C类企业|较高|中高|较高风险|中高风险|风险较高|信用风险较高|信用风险较高(C)",
			"C" },
		{ "D|d|D类|D级|D类企业|高|高风险|风险高|信用风险高|信用风险高(D)", "D" },
		{ "未分类|未评定|未定级|U", "" },
		{ NULL, NULL },
	};
	const char *class = cell_word(table, cell_half(r, v));
	if (class != NULL)
		r->fact[c->fact] = bytes_of(class);
	else
		row_fail(r, c->name, ERR_BAD_CLASS, v, "A B C D");
}

/* ---- dates, codes ------------------------------------------------------------------------ */

static bool day_of(struct row *r, const struct column *c, struct bytes v, int32_t *day)
{
	bool serial;
	struct bytes s = cell_half(r, v);
	if (!cell_date(s, day, &serial)) {
		row_fail(r, c->name, ERR_BAD_DATE, v, "%s", "");
		return false;
	}
	if (serial) {
		char text[CIVIL_TEXT];
		row_warn(r, c->name, ERR_REPAIRED, v, "→ %s", civil_format(*day, text));
	}
	return true;
}

void cell_day(struct row *r, const struct column *c, struct bytes v)
{
	int32_t day;
	if (day_of(r, c, v, &day))
		r->fact[c->fact] = cell_put_date(r, day);
}

void cell_region(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes code = cell_half(r, v);
	if (!text_all_digits(code)) { /* a name, not a code: it says nothing */
		r->fact[c->fact] = row_unsaid;
		r->cell[CELL_REGION_NAME] = v;
	} else if (frame_fact_check(FACT_REGION, code)) {
		r->fact[c->fact] = code;
	} else {
		row_fail(r, c->name, ERR_BAD_REGION, v, "%zu", code.n);
	}
}

/* The section of a division of GB/T 4754-2017, 0 where there is no such division. */
static char section_of(struct bytes digits)
{
	static const char last[] = { 5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83,
		85, 90, 96, 97 };
	int division = (digits.p[0] - '0') * 10 + (digits.p[1] - '0');
	for (size_t i = 0; division > 0 && i < sizeof last; i++)
		if (division <= last[i])
			return (char)('A' + i);
	return '\0';
}

/* "F5212", "f5212 超市零售", "5212" or "F"; names alone are not known. */
void cell_industry(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes s = cell_half(r, v);
	char letter = s.n > 0 ? s.p[0] : '\0';
	letter = letter >= 'a' && letter <= 't' ? (char)(letter - 'a' + 'A') : letter;
	size_t from = letter >= 'A' && letter <= 'T', n = 0;
	while (from + n < s.n && s.p[from + n] >= '0' && s.p[from + n] <= '9')
		n++;
	struct bytes digits = { s.p + from, n };
	bool ends = from + n == s.n || (unsigned char)s.p[from + n] >= 0x80 ||
		    strchr(" -_(:", s.p[from + n]) != NULL;
	if (from == 0 && n >= 2)
		letter = section_of(digits);
	bool right = ends && letter >= 'A' && letter <= 'T' &&
		     (n == 0 ? from == 1 : n >= 2 && n <= 4 && section_of(digits) == letter);
	if (right)
		r->fact[c->fact] = row_printf(r, "%c%.*s", letter, BYTES_ARG(digits));
	else {
		r->fact[c->fact] = row_unsaid;
		row_warn(r, c->name, ERR_BAD_INDUSTRY, v, "%s", "");
	}
}

void cell_labels(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	while (cell_next(&rest, &next)) {
		if (!text_is_token(next) || n == CELL_MEMBERS)
			row_warn(r, c->name, ERR_BAD_LABEL, next, "%s", "");
		else
			member[n++] = next;
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

/* A date (of a check of everything), or a list of item=date. */
void cell_checked(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	char text[CIVIL_TEXT];
	size_t n = 0;
	int32_t day;
	if (memchr(rest.p, '=', rest.n) == NULL) {
		if (day_of(r, c, rest, &day))
			r->fact[c->fact] = row_printf(r, "*=%s", civil_format(day, text));
		return;
	}
	while (cell_next(&rest, &next)) {
		bool more;
		struct bytes date = next, item = bytes_cut(&date, '=', &more);
		if (!more || n == CELL_MEMBERS || !(bytes_is(item, "*") || text_is_token(item))) {
			row_fail(r, c->name, ERR_BAD_LIST, next, "item=YYYY-MM-DD");
			return;
		}
		if (!day_of(r, c, date, &day))
			return;
		member[n++] = row_printf(r, "%.*s=%s", BYTES_ARG(item), civil_format(day, text));
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

/* ---- coordinates ------------------------------------------------------------------------- */

/* Decimal degrees → micro-degrees, at most `most` degrees either way; further decimals are cut. */
static bool micro(struct bytes s, int64_t most, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-', point = false;
	int64_t v = 0;
	size_t digits = 0, decimals = 0;
	for (size_t i = minus; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || digits > 20)
			return false;
		digits++;
		if (decimals < 6)
			v = v * 10 + (s.p[i] - '0');
		decimals += point && decimals < 6;
		if (v > INT64_C(1000000000))
			return false;
	}
	for (; decimals < 6; decimals++)
		v *= 10;
	*out = minus ? -v : v;
	return digits > 0 && v <= most * 1000000;
}

static void coordinate(
	struct row *r, const struct column *c, struct bytes v, int fact, int64_t most)
{
	int64_t at;
	if (micro(cell_half(r, v), most, &at))
		r->fact[fact] = row_printf(r, "%lld", (long long)at);
	else
		row_warn(r, c->name, ERR_BAD_COORDINATE, v, "±%lld", (long long)most);
}

void cell_longitude(struct row *r, const struct column *c, struct bytes v)
{
	coordinate(r, c, v, ENTITY_X, 180);
}

void cell_latitude(struct row *r, const struct column *c, struct bytes v)
{
	coordinate(r, c, v, ENTITY_Y, 90);
}

/* 经度,纬度 in one cell. */
void cell_place(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes rest = v, x, y;
	if (cell_next(&rest, &x) && cell_next(&rest, &y) && rest.n == 0) {
		coordinate(r, c, x, ENTITY_X, 180);
		coordinate(r, c, y, ENTITY_Y, 90);
	} else {
		row_warn(r, c->name, ERR_BAD_COORDINATE, v, "%s", "");
	}
}
