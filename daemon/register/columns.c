#include "daemon/register/columns.h"

#include <string.h>
#include <strings.h>

#include "daemon/register/cell.h"

/* ---- names of columns --------------------------------------------------------------------- */

enum { NAME_MAX_CHARS = 120 };

/* A name as it is compared: half-width, no blanks, no asterisk, ASCII in lower case. */
static struct bytes plain(struct bytes s, char out[NAME_MAX_CHARS])
{
	static const struct {
		const char *wide;
		char narrow;
	} signs[] = { { "（", '(' }, { "）", ')' }, { "／", '/' }, { "，", ',' }, { "＊", '*' } };
	size_t n = 0;
	s = cell_trim(s);
	while (s.n > 0 && n < NAME_MAX_CHARS) {
		size_t size = 1;
		char c = s.p[0];
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			if (bytes_starts(s, bytes_of(signs[i].wide))) {
				c = signs[i].narrow;
				size = 3;
			}
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != '*' && c != ' ' && c != '\n')
			out[n++] = c;
		s = (struct bytes){ s.p + size, s.n - size };
	}
	return (struct bytes){ out, n };
}

/* A name of the table; it begins with what it is compared by, so that most need no second look. */
static bool is_name(struct bytes name, struct bytes wanted)
{
	char one[NAME_MAX_CHARS];
	size_t n = wanted.n < 3 ? wanted.n : 3;
	return strncasecmp(name.p, wanted.p, n) == 0 && bytes_equal(plain(name, one), wanted);
}

static bool has_name(const struct column *c, struct bytes wanted)
{
	struct bytes rest = bytes_of(c->synonyms);
	bool more = true;
	if (is_name(bytes_of(c->name), wanted))
		return true;
	while (more)
		if (is_name(bytes_cut(&rest, '|', &more), wanted))
			return true;
	return false;
}

static const struct column *find_plain(enum register_id kind, struct bytes wanted)
{
	const struct column *c;
	for (size_t i = 0; wanted.n > 0 && (c = column_row(i)) != NULL; i++)
		if (c->kind == kind && has_name(c, wanted))
			return c;
	return NULL;
}

bool column_same_name(struct bytes a, struct bytes b)
{
	char one[NAME_MAX_CHARS], other[NAME_MAX_CHARS];
	return bytes_equal(plain(a, one), plain(b, other));
}

const struct column *column_find(enum register_id kind, struct bytes name)
{
	char text[NAME_MAX_CHARS];
	struct bytes wanted = plain(name, text);
	const struct column *c = find_plain(kind, wanted);
	const char *remark = wanted.n > 0 ? memchr(wanted.p, '(', wanted.n) : NULL;
	if (c == NULL && remark != NULL)
		c = find_plain(kind, (struct bytes){ wanted.p, (size_t)(remark - wanted.p) });
	return c;
}

/* ---- how they are filled in --------------------------------------------------------------- */

const char *column_hint(const struct column *c, enum err_lang lang)
{
	static const struct {
		column_check *check;
		const char *text[2]; /* by enum err_lang */
	} hints[] = {
		{ cell_uscc, { "18 位，按文本填写", "USCC, 18 characters, as text" } },
		{ cell_regno,
			{ "15 位数字，按文本填写", "registration number, 15 digits, as text" } },
		{ cell_object, { "代码，或代码/02", "object: its code, or code/02" } },
		{ cell_premises,
			{ "数字，第二处场所起为 2、3", "number of the premises, 2 and up" } },
		{ cell_department,
			{ "部门的代码、名称或简称", "department: its code, name or short name" } },
		{ cell_unit, { "部门或单位的名称", "name of the department or unit" } },
		{ cell_region, { "区划代码（6、9 或 12 位），或名称，如 北京市东城区",
				       "region: its code of 6, 9 or 12 digits, or its name" } },
		{ cell_region_code,
			{ "区划代码，6、9 或 12 位", "code of a region, 6, 9 or 12 digits" } },
		{ cell_regions, { "区划代码或名称，几项以逗号或顿号分隔；不限写 *",
					"regions: codes or names, joined by commas; * for all" } },
		{ cell_items, { "事项编号或事项名称，几项以逗号或顿号分隔；不限写 *",
				      "items: ids or names, joined by commas; * for all" } },
		{ cell_leave,
			{ "起日至止日，如 2026-08-10至2026-08-20；几段以逗号分隔",
				"leave: first and last day, as 2026-08-10..2026-08-20, joined by commas" } },
		{ cell_label, { "标签的中文名或代码，如 餐饮、catering", "a label or its title" } },
		{ cell_labels, { "标签的中文名或代码，几项以逗号或顿号分隔",
				       "labels or their titles, joined by commas" } },
		{ cell_until, { "日期，如 2026-03-31，或 长期", "a day, or 长期" } },
		{ cell_limit, { "数字 0–9999，0 为不限", "a number, 0: no limit" } },
		{ cell_longitude, { "十进制度，如 122.120000", "longitude, decimal degrees" } },
		{ cell_latitude, { "十进制度，如 37.510000", "latitude, decimal degrees" } },
	};
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].check == c->check)
			return hints[i].text[lang];
	return NULL;
}

/* ---- facts as people read them ------------------------------------------------------------ */

const struct column *column_of_fact(enum register_id kind, size_t fact, const char *said)
{
	const struct column *c, *first = NULL;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++) {
		if (c->kind != kind || c->fact != (int)fact)
			continue;
		if (said != NULL && strcmp(c->name, said) == 0)
			return c;
		first = first != NULL ? first : c;
	}
	return first;
}

/* An integer with its point moved left, without zeros behind it. */
static const char *moved(struct arena *a, const char *value, size_t places)
{
	bool minus = value[0] == '-';
	const char *digits = value + minus;
	size_t n = strlen(digits), zeros = n <= places ? places + 1 - n : 0;
	char *text = arena_printf(a, "%s%.*s%s", minus ? "-" : "", (int)zeros, "0000000", digits);
	size_t whole = strlen(text) - places, end = places;
	while (end > 0 && text[whole + end - 1] == '0')
		end--;
	return end == 0 ? arena_printf(a, "%.*s", (int)whole, text)
			: arena_printf(a, "%.*s.%.*s", (int)whole, text, (int)end, text + whole);
}

const char *column_unit_text(
	struct arena *a, const struct column *c, enum err_lang lang, const char *value)
{
	static const struct {
		size_t places[2];
		const char *sign[2];
	} units[] = {
		[UNIT_NONE] = { { 0, 0 }, { "", "" } },
		[UNIT_DEGREES] = { { 6, 6 }, { "°", "°" } },
		[UNIT_YUAN] = { { 2, 2 }, { " 元", " yuan" } },
		[UNIT_WAN] = { { 6, 2 }, { " 万元", " yuan" } },
	};
	size_t n = strlen(value), sign = value[0] == '-';
	if (c == NULL || c->unit == UNIT_NONE || n == sign ||
		strspn(value + sign, "0123456789") != n - sign)
		return value;
	return arena_printf(
		a, "%s%s", moved(a, value, units[c->unit].places[lang]), units[c->unit].sign[lang]);
}
