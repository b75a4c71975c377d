#include "planner/uscc.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/base/text.h"

/* GB 32100-2015: no I, O, S, V, Z; the place in this string is the character's value. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
enum { ORG_LENGTH = 9, USCC_ORG_AT = 8 };

const char *ident_fault_name(enum ident_fault fault)
{
	static const char *const names[IDENT_FAULTS] = {
		[IDENT_OK] = "ok",
		[IDENT_LENGTH] = "len",
		[IDENT_CHARSET] = "charset",
		[IDENT_DATE] = "date",
		[IDENT_DIGIT] = "usccdigit",
		[IDENT_ORG_DIGIT] = "orgdigit",
	};
	assert((unsigned)fault < IDENT_FAULTS);
	return names[fault];
}

static int uscc_value(char c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at != NULL ? (int)(at - alphabet) : -1;
}

/* GB 11714: digits, then A = 10 to Z = 35, with no letter left out. */
static int org_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static int digit_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* Σ value·weight; -1 where a character has no value. */
static int weighted(const char *s, const int8_t *weight, size_t n, int (*value)(char))
{
	int sum = 0;
	for (size_t i = 0; i < n; i++) {
		int v = value(s[i]);
		if (v < 0)
			return -1;
		sum += v * weight[i];
	}
	return sum;
}

char uscc_digit(const char first[17])
{
	/* 3^i mod 31 */
	static const int8_t weight[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10,
		30, 28 };
	int sum = weighted(first, weight, 17, uscc_value);
	return sum < 0 ? '\0' : alphabet[(31 - sum % 31) % 31];
}

char org_digit(const char first[8])
{
	static const int8_t weight[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = weighted(first, weight, 8, org_value);
	return sum < 0 ? '\0' : "0X987654321"[sum % 11];
}

char regno_digit(const char first[14])
{
	/* ISO 7064 MOD 11,10 */
	int p = 10;
	for (size_t i = 0; i < 14; i++) {
		int d = digit_value(first[i]);
		if (d < 0)
			return '\0';
		int t = (p + d) % 10;
		p = 2 * (t == 0 ? 10 : t) % 11;
	}
	return (char)('0' + (11 - p) % 10);
}

char citizen_digit(const char first[17])
{
	/* 2^(17-i) mod 11 */
	static const int8_t weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = weighted(first, weight, 17, digit_value);
	return sum < 0 ? '\0' : "10X98765432"[sum % 11];
}

enum ident_fault uscc_check(struct bytes code)
{
	if (code.n != USCC_LENGTH)
		return IDENT_LENGTH;
	for (size_t i = 0; i < code.n; i++)
		if (uscc_value(code.p[i]) < 0)
			return IDENT_CHARSET;
	if (!text_all_digits((struct bytes){ code.p + 2, USCC_ORG_AT - 2 }))
		return IDENT_CHARSET; /* 登记管理机关行政区划码 */
	if (code.p[USCC_LENGTH - 1] != uscc_digit(code.p))
		return IDENT_DIGIT;
	if (code.p[USCC_ORG_AT + ORG_LENGTH - 1] != org_digit(code.p + USCC_ORG_AT))
		return IDENT_ORG_DIGIT;
	return IDENT_OK;
}

enum ident_fault regno_check(struct bytes number)
{
	if (number.n != REGNO_LENGTH)
		return IDENT_LENGTH;
	char digit = regno_digit(number.p);
	if (digit == '\0' || digit_value(number.p[REGNO_LENGTH - 1]) < 0)
		return IDENT_CHARSET;
	return number.p[REGNO_LENGTH - 1] == digit ? IDENT_OK : IDENT_DIGIT;
}

/* Characters 7 to 14 are the birthday, YYYYMMDD. */
static bool citizen_birthday(const char *number)
{
	char date[CIVIL_TEXT] = "0000-00-00";
	int32_t day;

	memcpy(date, number + 6, 4);
	memcpy(date + 5, number + 10, 2);
	memcpy(date + 8, number + 12, 2);
	return civil_parse((struct bytes){ date, CIVIL_TEXT - 1 }, &day);
}

enum ident_fault citizen_check(struct bytes number)
{
	if (number.n != CITIZEN_LENGTH)
		return IDENT_LENGTH;
	char digit = citizen_digit(number.p), last = number.p[CITIZEN_LENGTH - 1];
	if (digit == '\0' || (digit_value(last) < 0 && last != 'X'))
		return IDENT_CHARSET;
	if (!citizen_birthday(number.p))
		return IDENT_DATE;
	return last == digit ? IDENT_OK : IDENT_DIGIT;
}

bool citizen_like(struct bytes number)
{
	/* GB/T 2260, its first two digits */
	static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 "
					"45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83";
	if (number.n != CITIZEN_LENGTH || citizen_digit(number.p) == '\0' ||
		!citizen_birthday(number.p))
		return false;
	char last = number.p[CITIZEN_LENGTH - 1], head[] = { number.p[0], number.p[1], '\0' };
	unsigned century = (unsigned)(number.p[6] - '0') * 10 + (unsigned)(number.p[7] - '0');
	return (digit_value(last) >= 0 || last == 'X') && century >= 18 && century <= 20 &&
	       strstr(provinces, head) != NULL;
}

bool uscc_make(const char registrar[8], const char org[8], char out[USCC_LENGTH + 1])
{
	memcpy(out, registrar, USCC_ORG_AT);
	memcpy(out + USCC_ORG_AT, org, ORG_LENGTH - 1);
	out[16] = org_digit(org);
	out[17] = out[16] != '\0' ? uscc_digit(out) : '\0';
	out[18] = '\0';
	return out[17] != '\0' && text_all_digits((struct bytes){ out + 2, USCC_ORG_AT - 2 });
}

bool uscc_lookalike(struct bytes text, char out[USCC_LENGTH + 1])
{
	static const char letters[] = "IOSVZ", meant[] = "105U2";
	if (text.n != USCC_LENGTH)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] != '\0' ? strchr(letters, text.p[i]) : NULL;
		out[i] = at != NULL ? meant[at - letters] : text.p[i];
	}
	out[USCC_LENGTH] = '\0';
	return memcmp(out, text.p, USCC_LENGTH) != 0 &&
	       uscc_check((struct bytes){ out, USCC_LENGTH }) == IDENT_OK;
}

/* ---- repairs ---- */

/* One character of text known to be UTF-8; *rest moves behind it. */
static uint32_t next_character(struct bytes *rest)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3F);
	rest->p += n;
	rest->n -= n;
	return c;
}

/* White space and marks that nobody sees; no identifier has any. */
static bool is_blank(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{ 0x09, 0x0D }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xA0, 0xA0 },
		{ 0x2000, 0x200F }, /* spaces, zero-width, direction marks */
		{ 0x2028, 0x202F }, { 0x205F, 0x2060 }, { 0x3000, 0x3000 },
		{ 0xFEFF, 0xFEFF }, /* byte order mark */
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

/* The character as it is kept, '\0' where nothing is; 0xFF… never occurs in ASCII. */
static uint32_t repair(uint32_t c, unsigned *repairs)
{
	if (is_blank(c)) {
		*repairs |= IDENT_TRIMMED;
		return 0;
	}
	if (c >= 0xFF01 && c <= 0xFF5E) {
		*repairs |= IDENT_WIDTH;
		c -= 0xFEE0;
	}
	if (c >= 'a' && c <= 'z') {
		*repairs |= IDENT_CASE;
		c -= 'a' - 'A';
	}
	return c;
}

/* Spreadsheets mark text as 'text or ="text". */
static struct bytes unquote(struct bytes s, unsigned *repairs)
{
	if (s.n >= 1 && s.p[0] == '\'')
		s = (struct bytes){ s.p + 1, s.n - 1 };
	else if (s.n >= 3 && s.p[0] == '=' && s.p[1] == '"' && s.p[s.n - 1] == '"')
		s = (struct bytes){ s.p + 2, s.n - 3 };
	else
		return s;
	*repairs |= IDENT_UNQUOTED;
	return s;
}

bool ident_normalise(
	struct bytes text, char out[USCC_TEXT_MAX + 1], struct bytes *result, unsigned *repairs)
{
	size_t n = 0;

	out[0] = '\0';
	*repairs = 0;
	*result = (struct bytes){ out, 0 };
	if (!text_is_utf8(text))
		return false;
	while (text.n > 0) {
		struct bytes at = text;
		uint32_t was = next_character(&text), c = repair(was, repairs);
		size_t size = c == 0 ? was == 0 : c < 0x80 ? 1 : at.n - text.n;
		if (size > USCC_TEXT_MAX - n)
			return false;
		if (c < 0x80 && size > 0)
			out[n] = (char)c;
		else
			memcpy(out + n, at.p, size);
		n += size;
		out[n] = '\0';
		*result = (struct bytes){ out, n };
	}
	*result = unquote(*result, repairs);
	memmove(out, result->p, result->n);
	out[result->n] = '\0';
	result->p = out;
	return true;
}

/* ---- numbers that a spreadsheet cut ---- */

/* The nearest number with 53 significant bits, ties to even: what IEEE 754 keeps of v, which has
 * more of them. */
static uint64_t as_binary64(uint64_t v)
{
	unsigned drop = 0;
	while (v >> drop >= UINT64_C(1) << 53)
		drop++;
	assert(drop > 0);
	uint64_t unit = UINT64_C(1) << drop, rest = v & (unit - 1), down = v - rest;
	bool up = rest > unit / 2 || (rest == unit / 2 && (v & unit) != 0);
	return up ? down + unit : down;
}

static uint64_t as_15_digits(uint64_t v)
{
	return v - v % 1000;
}

/* What a cell may show of the code v. */
static bool shows(uint64_t v, uint64_t cell)
{
	return as_15_digits(v) == cell || as_binary64(as_15_digits(v)) == cell ||
	       as_binary64(v) == cell;
}

static void put_number(uint64_t v, char out[USCC_LENGTH + 1])
{
	for (size_t i = USCC_LENGTH; i-- > 0; v /= 10)
		out[i] = (char)('0' + v % 10);
	out[USCC_LENGTH] = '\0';
}

/* What it may have been; `written`: as the digits that a program writes of a binary fraction,
 * which may miss it as far as the code does. */
static size_t look_around(
	struct bytes text, bool written, char out[USCC_CANDIDATES][USCC_LENGTH + 1])
{
	/* 18 digits need at most 60 bits, so 53 of them miss by at most 64 */
	enum { MISS = 128, CUT = 999 };
	char code[USCC_LENGTH + 1];
	uint64_t cell;
	size_t n = 0;

	if (text.n != USCC_LENGTH || !text_u64(text, UINT64_C(999999999999999999), &cell))
		return 0;
	for (uint64_t v = cell - MISS; v <= cell + MISS + CUT && n < USCC_CANDIDATES; v++) {
		if (v > UINT64_C(999999999999999999) ||
			(v != cell && !shows(v, cell) &&
				!(written && as_binary64(v) == as_binary64(cell))))
			continue;
		put_number(v, code);
		if (uscc_check((struct bytes){ code, USCC_LENGTH }) == IDENT_OK)
			memcpy(out[n++], code, sizeof code);
	}
	return n;
}

size_t uscc_in_number(struct bytes text, char out[USCC_CANDIDATES][USCC_LENGTH + 1])
{
	/* of 17 significant digits or fewer the 18th is 0 */
	bool written = text.n == USCC_LENGTH && text.p[USCC_LENGTH - 1] == '0';
	return look_around(text, written, out);
}

size_t uscc_candidates(struct bytes text, char out[USCC_CANDIDATES][USCC_LENGTH + 1])
{
	return uscc_check(text) == IDENT_OK ? 0 : look_around(text, false, out);
}
