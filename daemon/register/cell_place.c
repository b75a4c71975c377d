/* Checkers of regions, levels, industries and coordinates. */
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/tables.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

/* ---- regions ------------------------------------------------------------------------------ */

enum { RENAMES_MAX = 20, COUNTY = 6, WORDS_MAX = 600 };

/* Streets are numbered anew with their county: of a street whose county was renamed only the county
 * is known. The same rule as region_named of the database. */
bool region_renamed(const struct row *r, struct bytes code, struct bytes *now)
{
	struct bytes next;
	int n = 0;
	*now = code;
	for (; n < RENAMES_MAX; n++) {
		struct bytes county = { now->p, COUNTY };
		if (!tables_find(r->tables, TABLE_REGION, *now, &next) &&
			(now->n <= COUNTY || !tables_find(r->tables, TABLE_REGION, county, &next)))
			break;
		*now = next;
	}
	return n > 0;
}

/* The fact keeps what the file has; the freeze maps it as of its day. */
static void look_renamed(struct row *r, const struct column *c, struct bytes v, struct bytes code)
{
	struct bytes now;
	if (region_renamed(r, code, &now))
		row_remark(r, c->name, ERR_REGION_RENAMED, v, "%.*s → %.*s", BYTES_ARG(code),
			BYTES_ARG(now));
}

/* The code of a name that one region alone has, as the register of regions has it. */
static bool region_by_name(
	struct row *r, const struct column *c, struct bytes v, struct bytes *code)
{
	if (!tables_find(r->tables, TABLE_PLACE, v, code))
		return false;
	row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s", BYTES_ARG(*code));
	return true;
}

void cell_region(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes code = cell_half(r, v);
	if (!text_all_digits(code)) {
		r->fact[c->fact] = row_unsaid;
		if (region_by_name(r, c, v, &code))
			r->fact[c->fact] = code;
		else
			row_remark(r, c->name, ERR_REGION_NAME, v, "%s", "");
	} else if (frame_fact_check(FACT_REGION, code)) {
		r->fact[c->fact] = code;
		look_renamed(r, c, v, code);
	} else {
		cell_wrong(r, c, ERR_BAD_REGION, v, "%zu", code.n);
	}
}

/* A code of the list of regions: 6, 9 or 12 digits; those of provinces and cities may lack zeros.
 */
void cell_region_code(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes code = cell_half(r, v);
	bool digits = text_all_digits(code);
	if (digits && (code.n == 2 || code.n == 4))
		code = row_printf(r, "%.*s%s", BYTES_ARG(code), code.n == 2 ? "0000" : "00");
	if (digits && code.n > 0 && frame_fact_check(FACT_REGION, code))
		r->fact[c->fact] = code;
	else
		cell_wrong(r, c, ERR_BAD_REGION, v, "%zu", code.n);
}

static const char everywhere[] = "*|全部|不限|所有|全区|全县|全市|全域|全部区域|ALL|all";

/* The prefix that a province or city shares with all that lies in it. */
static struct bytes all_within(struct bytes code)
{
	if (code.n == COUNTY && memcmp(code.p + 2, "0000", 4) == 0)
		code.n = 2;
	else if (code.n == COUNTY && memcmp(code.p + 4, "00", 2) == 0)
		code.n = 4;
	return code;
}

/* A list of prefixes of codes, or of names of regions. */
void cell_regions(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	if (cell_one_of(rest, everywhere)) {
		r->fact[c->fact] = BYTES("*");
		return;
	}
	while (cell_next(&rest, &next)) {
		bool digits = text_all_digits(next);
		struct bytes code = next;
		if (n == CELL_MEMBERS ||
			(digits ? next.n > 12 : !region_by_name(r, c, next, &code))) {
			cell_wrong(r, c,
				n == CELL_MEMBERS ? ERR_BAD_LIST
				: digits          ? ERR_BAD_REGION
						  : ERR_REGION_NAME,
				next, "%s", "");
			return;
		}
		if (digits)
			look_renamed(r, c, v, next);
		member[n++] = digits ? code : all_within(code);
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

/* ---- levels ------------------------------------------------------------------------------- */

static bool starts_with_one(struct bytes s, const char *one, const char *other)
{
	const char *end = bytes_starts(s, BYTES("(")) ? memchr(s.p, ')', s.n) : NULL;
	if (end != NULL) /* 县级以上(含县级) */
		s = (struct bytes){ end + 1, s.n - (size_t)(end + 1 - s.p) };
	return bytes_starts(s, bytes_of(one)) || bytes_starts(s, bytes_of(other));
}

struct bytes levels_of(struct row *r, struct bytes text)
{
	enum { STATE, PROVINCE, CITY, COUNTY_LEVEL, TOWNSHIP, LEVELS };
	static const char *const value[LEVELS] = { "state", "province", "city", "county",
		"township" };
	static const struct {
		const char *mark;
		int level;
	} marks[] = { { "国家级", STATE }, { "省级", PROVINCE }, { "省、", PROVINCE },
		{ "地市级", CITY }, { "设区市级", CITY }, { "市级", CITY },
		{ "县级", COUNTY_LEVEL }, { "区县级", COUNTY_LEVEL }, { "区级", COUNTY_LEVEL },
		{ "乡级", TOWNSHIP }, { "乡镇级", TOWNSHIP } };
	bool named[LEVELS] = { false };
	struct bytes member[LEVELS];
	size_t n = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = memmem(text.p, text.n, marks[i].mark, strlen(marks[i].mark));
		if (at == NULL)
			continue;
		const char *to = at + strlen(marks[i].mark);
		struct bytes after = { to, text.n - (size_t)(to - text.p) };
		bool above = starts_with_one(after, "以上", "及以上");
		bool below = starts_with_one(after, "以下", "及以下");
		for (int k = above ? PROVINCE : marks[i].level;
			k <= (below ? COUNTY_LEVEL : marks[i].level); k++)
			named[k] = true;
	}
	for (int k = 0; k < LEVELS; k++)
		if (named[k])
			member[n++] = bytes_of(value[k]);
	return cell_list(r, member, n);
}

void cell_levels(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	struct bytes named = levels_of(r, rest);
	size_t n = 0;
	while (named.n == 0 && n < CELL_MEMBERS && cell_next(&rest, &next)) {
		const char *level = cell_word(words_level, next);
		if (level == NULL) {
			row_remark(r, c->name, ERR_BAD_WORD, next, "%s", "省级、市级、县级");
			return;
		}
		member[n++] = bytes_of(level);
	}
	r->fact[c->fact] = named.n > 0 ? named : cell_list(r, member, n);
}

/* ---- industries ---------------------------------------------------------------------------- */

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

/* "F5212", "f5212 超市零售", "5212" or "F" → true. */
static bool industry_of(struct row *r, struct bytes s, struct bytes *code)
{
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
		*code = row_printf(r, "%c%.*s", letter, BYTES_ARG(digits));
	return right;
}

/* A code, or the name of a section or division. Other words are kept as words. */
void cell_industry(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes s = cell_half(r, v), code;
	const char *named = cell_word(words_industry, v);
	r->fact[c->fact] = row_unsaid;
	if (industry_of(r, s, &code)) {
		r->fact[c->fact] = code;
	} else if (named != NULL) {
		r->fact[c->fact] = bytes_of(named);
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %s", named);
	} else {
		row_remark(r, c->name, ERR_BAD_INDUSTRY, v, "%s", "");
	}
	if (v.n <= WORDS_MAX)
		r->cell[CELL_INDUSTRY] = cell_clean(r, v);
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

/* Left out: what was known of the place stands, both halves of it. */
static void no_place(struct row *r, const struct column *c, struct bytes v, int64_t most)
{
	row_remark(r, c->name, ERR_BAD_COORDINATE, v, "±%lld", (long long)most);
	r->fact[ENTITY_X] = r->fact[ENTITY_Y] = row_unsaid;
}

static void coordinate(
	struct row *r, const struct column *c, struct bytes v, int fact, int64_t most)
{
	int64_t at;
	if (micro(cell_half(r, v), most, &at))
		r->fact[fact] = row_printf(r, "%lld", (long long)at);
	else
		no_place(r, c, v, most);
}

void cell_longitude(struct row *r, const struct column *c, struct bytes v)
{
	coordinate(r, c, v, ENTITY_X, 180);
}

void cell_latitude(struct row *r, const struct column *c, struct bytes v)
{
	coordinate(r, c, v, ENTITY_Y, 90);
}

/* Micro-degrees, as an export has them. */
void cell_micro(struct row *r, const struct column *c, struct bytes v)
{
	int64_t most = c->fact == ENTITY_X ? 180 : 90, at;
	struct bytes s = cell_half(r, v);
	if (memchr(s.p, '.', s.n) == NULL && micro(s, most * 1000000, &at))
		r->fact[c->fact] = row_printf(r, "%lld", (long long)(at / 1000000));
	else
		no_place(r, c, v, most);
}

/* 经度,纬度 in one cell. */
void cell_place(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes rest = v, x, y;
	if (cell_next(&rest, &x) && cell_next(&rest, &y) && rest.n == 0) {
		coordinate(r, c, x, ENTITY_X, 180);
		coordinate(r, c, y, ENTITY_Y, 90);
	} else {
		no_place(r, c, v, 180);
	}
}
