#include "daemon/register/cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/uscc.h"

/* ---- words ------------------------------------------------------------------------------- */

/* Blanks of more than one byte: NEL, NBSP, U+2000–200F, U+2028–202F, U+2060, U+3000, U+FEFF. */
static size_t blank_at(const char *p, size_t n)
{
	const unsigned char *c = (const unsigned char *)p;
	if (n >= 1 && (c[0] <= ' ' || c[0] == 0x7f))
		return 1;
	if (n >= 2 && c[0] == 0xc2 && (c[1] == 0x85 || c[1] == 0xa0))
		return 2;
	if (n < 3)
		return 0;
	unsigned u = (unsigned)(c[0] & 15) << 12 | (unsigned)(c[1] & 63) << 6 | (c[2] & 63);
	bool three = c[0] >= 0xe0 && c[0] < 0xf0;
	return three && ((u >= 0x2000 && u <= 0x200f) || (u >= 0x2028 && u <= 0x202f) ||
				u == 0x2060 || u == 0x3000 || u == 0xfeff)
		       ? 3
		       : 0;
}

static size_t blank_before(struct bytes s)
{
	for (size_t n = 1; n <= 3 && n <= s.n; n++)
		if (blank_at(s.p + s.n - n, n) == n)
			return n;
	return 0;
}

static bool is_nothing(struct bytes s)
{
	bool may_be = strchr("-/\\Nn#", s.p[0]) != NULL || (unsigned char)s.p[0] >= 0xe2;
	return may_be && cell_one_of(s, "-|--|—|/|\\N|N/A|n/a|#N/A|NULL|null|Null|无|空");
}

bool cell_is_formula(struct bytes s)
{
	static const char *const first[] = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－",
		"＠" };
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if (bytes_starts(s, bytes_of(first[i])))
			return true;
	return false;
}

struct bytes cell_trim(struct bytes s)
{
	size_t n;
	if (s.n > 1 && s.p[0] == '\'' && cell_is_formula((struct bytes){ s.p + 1, s.n - 1 }))
		s = (struct bytes){ s.p + 1, s.n - 1 };
	while ((n = blank_at(s.p, s.n)) > 0)
		s = (struct bytes){ s.p + n, s.n - n };
	while ((n = blank_before(s)) > 0)
		s.n -= n;
	return s.n > 0 && s.n <= 4 && is_nothing(s) ? (struct bytes){ s.p, 0 } : s;
}

bool cell_one_of(struct bytes s, const char *words)
{
	for (const char *at = words;; at++) {
		size_t n = 0;
		while (n < s.n && at[n] == s.p[n])
			n++;
		if (n == s.n && (at[n] == '|' || at[n] == '\0'))
			return true;
		at = strchr(at, '|');
		if (at == NULL)
			return false;
	}
}

const char *cell_word(const struct cell_word *table, struct bytes s)
{
	for (; table->words != NULL; table++)
		if (cell_one_of(s, table->words))
			return table->value;
	return NULL;
}

bool cell_contains(struct bytes s, const char *word)
{
	return s.n > 0 && memmem(s.p, s.n, word, strlen(word)) != NULL;
}

struct bytes cell_half(struct row *r, struct bytes s)
{
	if (s.n > 0 && s.p[0] == '\'')
		s = (struct bytes){ s.p + 1, s.n - 1 };
	if (memchr(s.p, 0xef, s.n) == NULL)
		return s;
	struct bytes copy = row_text(r, s);
	char *to = r->text + (copy.p - r->text);
	size_t n = 0;
	for (size_t i = 0; i < copy.n; i++) {
		const unsigned char *c = (const unsigned char *)copy.p + i;
		unsigned u = i + 2 < copy.n && c[0] == 0xef
				     ? (unsigned)(c[1] & 63) << 6 | (c[2] & 63)
				     : 0;
		bool wide = u >= 0xf01 && u <= 0xf5e; /* U+FF01–FF5E */
		to[n++] = wide ? (char)(u - 0xee0) : copy.p[i];
		i += wide ? 2 : 0;
	}
	return (struct bytes){ to, n };
}

/* ---- lists ------------------------------------------------------------------------------- */

static size_t separator_at(struct bytes s)
{
	static const char *const wide[] = { "，", "；", "、", "｜" };
	if (strchr(",;| \t\n", s.p[0]) != NULL && s.p[0] != '\0')
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (bytes_starts(s, bytes_of(wide[i])))
			return 3;
	return blank_at(s.p, s.n);
}

bool cell_next(struct bytes *rest, struct bytes *member)
{
	size_t n = 0, cut;
	while (rest->n > 0 && (cut = separator_at(*rest)) > 0)
		*rest = (struct bytes){ rest->p + cut, rest->n - cut };
	while (n < rest->n && separator_at((struct bytes){ rest->p + n, rest->n - n }) == 0)
		n++;
	*member = (struct bytes){ rest->p, n };
	*rest = (struct bytes){ rest->p + n, rest->n - n };
	return n > 0;
}

struct bytes cell_list(struct row *r, struct bytes *member, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && bytes_compare(member[k - 1], member[k]) > 0; k--) {
			struct bytes swap = member[k];
			member[k] = member[k - 1];
			member[k - 1] = swap;
		}
	struct bytes out = { r->text + r->text_n, 0 };
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && bytes_equal(member[i], member[i - 1]))
			continue;
		out.n += out.n > 0 ? row_text(r, BYTES(",")).n : 0;
		out.n += row_text(r, member[i]).n;
	}
	return out;
}

/* ---- dates ------------------------------------------------------------------------------- */

/* Digits at the start of *s, from least to most of them. */
static bool number(struct bytes *s, size_t least, size_t most, unsigned *out)
{
	size_t n = 0;
	*out = 0;
	while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
		*out = *out * 10 + (unsigned)(s->p[n++] - '0');
	*s = (struct bytes){ s->p + n, s->n - n };
	return n >= least;
}

static bool skip(struct bytes *s, const char *mark)
{
	struct bytes what = bytes_of(mark);
	if (!bytes_starts(*s, what))
		return false;
	*s = (struct bytes){ s->p + what.n, s->n - what.n };
	return true;
}

/* A time of day or nothing. */
static bool ends_date(struct bytes s)
{
	if (s.n == 0)
		return true;
	if (s.p[0] != ' ' && s.p[0] != 'T')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (strchr("0123456789:.+Z ", s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	return true;
}

static bool date_of(unsigned y, unsigned m, unsigned d, int32_t *day)
{
	return civil_make((struct civil){ (int32_t)y, (int32_t)m, (int32_t)d }, day);
}

bool cell_date(struct bytes s, int32_t *day, bool *serial)
{
	static const struct {
		const char *year, *month, *day;
	} marks[] = { { "-", "-", "" }, { "/", "/", "" }, { ".", ".", "" }, { "年", "月", "日" } };
	unsigned y, m, d;
	struct bytes at = s;
	*serial = false;
	if (number(&at, 8, 8, &y) && ends_date(at))
		return date_of(y / 10000, y / 100 % 100, y % 100, day);
	at = s;
	if (s.n == 5 && number(&at, 5, 5, &y)) {
		*serial = true;
		*day = (int32_t)y - 25569; /* spreadsheets count from 1899-12-30 */
		return y >= 10000 && y < 80000;
	}
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		at = s;
		if (number(&at, 4, 4, &y) && skip(&at, marks[i].year) && number(&at, 1, 2, &m) &&
			skip(&at, marks[i].month) && number(&at, 1, 2, &d) &&
			skip(&at, marks[i].day) && ends_date(at))
			return date_of(y, m, d, day);
	}
	return false;
}

struct bytes cell_put_date(struct row *r, int32_t day)
{
	char text[CIVIL_TEXT];
	return row_text(r, bytes_of(civil_format(day, text)));
}

bool cell_read_date(struct row *r, const struct column *c, struct bytes v, int32_t *day)
{
	bool serial;
	struct bytes s = cell_half(r, v);
	if (!cell_date(s, day, &serial)) {
		cell_wrong(r, c, ERR_BAD_DATE, v, "%s", "");
		return false;
	}
	if (serial) {
		char text[CIVIL_TEXT];
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %s", civil_format(*day, text));
	}
	return true;
}

/* ---- what is wrong ------------------------------------------------------------------------ */

void cell_wrong(struct row *r, const struct column *c, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, detail);
	vsnprintf(text, sizeof text, detail, ap);
	va_end(ap);
	if (c->fact >= 0 && registers[c->kind].fact[c->fact].form == FORM_PERSONAL)
		value = BYTES("***");
	if (c->soft && c->fact >= 0)
		r->fact[c->fact] = row_unsaid;
	(c->soft ? row_remark : row_fail)(r, c->name, code, value, "%s", text);
}
