#include "daemon/register/xlsxnumber.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "planner/civil.h"

/* ---- formats ----------------------------------------------------------------------------- */

struct xlsx_format xlsx_format_builtin(unsigned id)
{
	/* ECMA-376 part 1, 18.8.30; 27–36 and 50–58 are dates of Chinese, Japanese and Korean */
	static const struct {
		unsigned first, last;
		enum xlsx_show show;
	} table[] = { { 9, 10, SHOW_PERCENT }, { 14, 17, SHOW_DATE }, { 18, 21, SHOW_TIME },
		{ 22, 22, SHOW_DATETIME }, { 27, 31, SHOW_DATE }, { 32, 35, SHOW_TIME },
		{ 36, 36, SHOW_DATE }, { 45, 47, SHOW_TIME }, { 50, 58, SHOW_DATE } };
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (id >= table[i].first && id <= table[i].last)
			return (struct xlsx_format){ (uint8_t)table[i].show, 0 };
	return (struct xlsx_format){ SHOW_PLAIN, 0 };
}

/* [h], [mm], [s]: hours, minutes and seconds that run on; other brackets are colours and countries.
 */
static bool runs_on(const char *p, const char *end)
{
	const char *first = p;
	while (p < end && strchr("hHmMsS", *p) != NULL && *p == *first)
		p++;
	return p == end && p > first;
}

/* The letters that count: the first section, without quoted and escaped signs, without brackets but
 * those of hours, minutes and seconds that run on. */
static size_t letters(struct bytes s, char out[128])
{
	size_t n = 0;
	for (size_t i = 0; i < s.n && s.p[i] != ';' && n < 127; i++) {
		const char *end;
		char c = s.p[i];
		if (c == '\\' || c == '_' || c == '*')
			i++;
		else if (c != '"' && c != '[')
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		if (c != '"' && c != '[')
			continue;
		end = memchr(s.p + i + 1, c == '"' ? '"' : ']', s.n - i - 1);
		if (end == NULL)
			break;
		if (c == '[' && runs_on(s.p + i + 1, end))
			out[n++] = 'h';
		i = (size_t)(end - s.p);
	}
	out[n] = '\0';
	return n;
}

struct xlsx_format xlsx_format_of(struct bytes code)
{
	char s[128];
	size_t n = letters(code, s);
	if (strncmp(s, "general", 7) == 0 || strchr(s, '@') != NULL || n == 0)
		return (struct xlsx_format){ SHOW_PLAIN, 0 };
	if (strchr(s, '%') != NULL)
		return (struct xlsx_format){ SHOW_PERCENT, 0 };
	if (strspn(s, "0") == n)
		return (struct xlsx_format){ n > 1 && n <= 20 ? SHOW_ZEROS : SHOW_PLAIN,
			(uint8_t)n };
	bool digits = strpbrk(s, "0#?") != NULL; /* then an e is one of 1E+07 */
	bool time = strpbrk(s, "hs") != NULL;
	bool day = strpbrk(s, "yd") != NULL || strstr(s, "aaa") != NULL ||
		   (!digits && strchr(s, 'e') != NULL);
	bool month = strchr(s, 'm') != NULL;
	if (day || (month && !time))
		return (struct xlsx_format){ time ? SHOW_DATETIME : SHOW_DATE, 0 };
	return (struct xlsx_format){ time ? SHOW_TIME : SHOW_PLAIN, 0 };
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* ± 0.d1 d2 d3 … × 10^point; d1 is not 0, and no digits mean zero. */
struct decimal {
	bool minus;
	size_t n;
	int point;
	char digit[40];
};

enum { PLACES_MAX = 30, SIGNIFICANT = 15 };

static bool take_digits(struct bytes *s, struct decimal *d, bool behind, bool *any)
{
	for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--) {
		*any = true;
		bool leading = d->n == 0 && s->p[0] == '0';
		if (!leading && d->n < sizeof d->digit)
			d->digit[d->n++] = s->p[0];
		else if (!leading && s->p[0] != '0')
			return false; /* more digits than any number of a spreadsheet has */
		if (!behind && !leading)
			d->point++;
		if (behind && leading)
			d->point--;
	}
	return true;
}

static bool take_exponent(struct bytes *s, int *exponent)
{
	bool minus = false;
	size_t digits = 0;
	if (s->n == 0 || (s->p[0] != 'e' && s->p[0] != 'E'))
		return true;
	s->p++, s->n--;
	if (s->n > 0 && (s->p[0] == '+' || s->p[0] == '-')) {
		minus = s->p[0] == '-';
		s->p++, s->n--;
	}
	for (*exponent = 0; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9' && digits < 4; digits++) {
		*exponent = *exponent * 10 + (s->p[0] - '0');
		s->p++, s->n--;
	}
	*exponent = minus ? -*exponent : *exponent;
	return digits > 0;
}

static void trim(struct decimal *d)
{
	while (d->n > 0 && d->digit[d->n - 1] == '0')
		d->n--;
	if (d->n == 0) {
		d->point = 0;
		d->minus = false;
	}
}

static bool read_decimal(struct bytes s, struct decimal *d)
{
	int exponent = 0;
	bool any = false;
	*d = (struct decimal){ 0 };
	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		d->minus = s.p[0] == '-';
		s.p++, s.n--;
	}
	if (!take_digits(&s, d, false, &any))
		return false;
	if (s.n > 0 && s.p[0] == '.') {
		s.p++, s.n--;
		if (!take_digits(&s, d, true, &any))
			return false;
	}
	if (!any || !take_exponent(&s, &exponent) || s.n > 0)
		return false;
	d->point += exponent;
	trim(d);
	return true;
}

/* Half up, to `keep` digits. */
static void round_to(struct decimal *d, size_t keep)
{
	if (d->n <= keep)
		return;
	bool up = d->digit[keep] >= '5';
	d->n = keep;
	for (size_t i = keep; up && i-- > 0;) {
		up = d->digit[i] == '9';
		d->digit[i] = up ? '0' : (char)(d->digit[i] + 1);
	}
	if (up) {
		d->digit[0] = '1'; /* 99… became 00… */
		d->n = keep > 0 ? keep : 1;
		d->point++;
	}
	trim(d);
}

/* A number is kept in binary and written with 17 digits, of which spreadsheets show 15; in front of
 * the point all digits stay that the file has. */
static void settle(struct decimal *d)
{
	if (d->n > SIGNIFICANT && d->point < (int)d->n)
		round_to(d, d->point > SIGNIFICANT ? (size_t)d->point : SIGNIFICANT);
}

static struct bytes write_decimal(
	const struct decimal *d, size_t zeros, const char *after, char out[XLSX_NUMBER_TEXT])
{
	size_t n = 0, whole = d->point > 0 ? (size_t)d->point : 0;
	if (d->minus)
		out[n++] = '-';
	for (size_t i = whole; i < zeros; i++)
		out[n++] = '0';
	if (whole == 0 && zeros == 0)
		out[n++] = '0';
	for (size_t i = 0; i < whole; i++)
		out[n++] = i < d->n ? d->digit[i] : '0';
	if (d->n > whole || d->point < 0) {
		out[n++] = '.';
		for (int i = d->point; i < 0; i++)
			out[n++] = '0';
		for (size_t i = whole; i < d->n; i++)
			out[n++] = d->digit[i];
	}
	for (; *after != '\0'; after++)
		out[n++] = *after;
	return (struct bytes){ out, n };
}

/* ---- dates ------------------------------------------------------------------------------- */

enum { SECONDS = 86400, LAST_DAY = 2958465, FROM_1904 = 1462, TO_1970 = 25569, NO_DAY = 60 };

/* Whole days, and seconds of the day. */
static bool serial_of(const struct decimal *d, int32_t *day, int32_t *second)
{
	uint64_t whole = 0, part = 0;
	if (d->minus || d->point > 7 || d->point < -12)
		return false;
	for (int i = 0; i < d->point; i++)
		whole = whole * 10 + (i < (int)d->n ? (uint64_t)(d->digit[i] - '0') : 0);
	for (int i = d->point; i < d->point + 12; i++)
		part = part * 10 + (i >= 0 && i < (int)d->n ? (uint64_t)(d->digit[i] - '0') : 0);
	part = (part * SECONDS + UINT64_C(500000000000)) / UINT64_C(1000000000000);
	*day = (int32_t)(whole + part / SECONDS);
	*second = (int32_t)(part % SECONDS);
	return true;
}

static bool write_date(const struct decimal *d, enum xlsx_show show, bool from_1904,
	char out[XLSX_NUMBER_TEXT], struct bytes *field)
{
	int32_t day, second;
	char time[16] = "", date[CIVIL_TEXT];
	if (!serial_of(d, &day, &second))
		return false;
	day += from_1904 ? FROM_1904 : 0;
	if (day > LAST_DAY || (!from_1904 && day == NO_DAY))
		return false; /* no 1900-02-29, and no year 10000 */
	bool has_day = day >= 1;
	if (show == SHOW_TIME || (show == SHOW_DATETIME && second > 0) || !has_day)
		snprintf(time, sizeof time, "%02d:%02d:%02d", second / 3600, second / 60 % 60,
			second % 60);
	civil_format(day - TO_1970 + (day < NO_DAY), date);
	int n = snprintf(out, XLSX_NUMBER_TEXT, "%s%s%s", has_day ? date : "",
		has_day && time[0] != '\0' ? " " : "", time);
	*field = (struct bytes){ out, (size_t)n };
	return true;
}

enum field_type xlsx_number(struct bytes value, struct xlsx_format format, bool from_1904,
	char out[XLSX_NUMBER_TEXT], struct bytes *field)
{
	struct decimal d;
	enum xlsx_show show = (enum xlsx_show)format.show;
	bool date = show == SHOW_DATE || show == SHOW_TIME || show == SHOW_DATETIME;
	*field = value;
	if (!read_decimal(value, &d))
		return FIELD_TEXT;
	settle(&d);
	if (date && write_date(&d, show, from_1904, out, field))
		return FIELD_DATE;
	if (show == SHOW_PERCENT)
		d.point += d.n > 0 ? 2 : 0;
	if (d.point > PLACES_MAX || d.point < -PLACES_MAX)
		return value.n < XLSX_NUMBER_TEXT ? FIELD_NUMBER : FIELD_TEXT;
	bool whole = d.point >= (int)d.n && !d.minus;
	*field = write_decimal(&d, show == SHOW_ZEROS && whole ? format.zeros : 0,
		show == SHOW_PERCENT ? "%" : "", out);
	return FIELD_NUMBER;
}
