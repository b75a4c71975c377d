#include "daemon/register/personal.h"

#include <string.h>

#include "planner/uscc.h"

enum { RUN_MAX = 40, MOBILE = 11, LEAST = 7, HEAD = 3, TAIL = 4 };

/* Digits that belong together. */
struct run {
	char digit[RUN_MAX]; /* the last may be an X */
	size_t n, bytes;
	bool joined; /* nothing between them */
	bool in_word; /* letters of a code before or behind it */
};

/* ---- runs ---------------------------------------------------------------------------------- */

/* Bytes of the digit at s, half- or full-width; 0: none. */
static size_t digit_at(struct bytes s, char *digit)
{
	const unsigned char *c = (const unsigned char *)s.p;
	if (s.n >= 1 && c[0] >= '0' && c[0] <= '9') {
		*digit = s.p[0];
		return 1;
	}
	if (s.n < 3 || c[0] != 0xef || c[1] != 0xbc || c[2] < 0x90 || c[2] > 0x99)
		return 0;
	*digit = (char)('0' + c[2] - 0x90);
	return 3;
}

/* Bytes of what may stand between two digits of one number. */
static size_t gap_at(struct bytes s)
{
	static const char *const gaps[] = { " ", "-", "+", "(", ")", ".", "/", "\t", "　", "－",
		"—", "–", "\xc2\xa0", "（", "）", "\xe2\x80\x8b" };
	size_t n = 0;
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps;) {
		struct bytes rest = { s.p + n, s.n - n };
		bool here = bytes_starts(rest, bytes_of(gaps[i]));
		n += here ? strlen(gaps[i]) : 0;
		i = here ? 0 : i + 1;
	}
	return n;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void run_of(struct bytes s, bool behind_letter, struct run *r)
{
	size_t at = 0, n, gap = 0;
	char digit;
	*r = (struct run){ .joined = true, .in_word = behind_letter };
	while (r->n < RUN_MAX &&
		(n = digit_at((struct bytes){ s.p + at + gap, s.n - at - gap }, &digit)) > 0) {
		r->joined = r->joined && gap == 0;
		r->digit[r->n++] = digit;
		at += gap + n;
		gap = gap_at((struct bytes){ s.p + at, s.n - at });
	}
	bool x = at + gap < s.n && (s.p[at + gap] | 0x20) == 'x';
	if (r->n == CITIZEN_LENGTH - 1 && x) {
		r->digit[r->n++] = 'X';
		at += gap + 1;
	}
	r->bytes = at;
	r->in_word = r->in_word || (at < s.n && is_letter(s.p[at]));
}

/* ---- what they are ------------------------------------------------------------------------- */

bool personal_is_old(struct bytes digits)
{
	char number[CITIZEN_LENGTH];
	if (digits.n != REGNO_LENGTH || regno_check(digits) != IDENT_DIGIT)
		return false;
	memcpy(number, digits.p, 6);
	memcpy(number + 6, "19", 2);
	memcpy(number + 8, digits.p + 6, 9);
	number[CITIZEN_LENGTH - 1] = '0';
	return citizen_like((struct bytes){ number, sizeof number });
}

static bool is_citizen(const struct run *r)
{
	for (size_t at = 0; at + CITIZEN_LENGTH <= r->n; at++) {
		struct bytes one = { r->digit + at, CITIZEN_LENGTH };
		if (citizen_check(one) == IDENT_OK && uscc_check(one) != IDENT_OK)
			return true;
	}
	return false;
}

static bool is_mobile(const struct run *r)
{
	size_t country = r->n == MOBILE + 2 && memcmp(r->digit, "86", 2) == 0 ? 2 : 0;
	return r->n == MOBILE + country && r->digit[country] == '1';
}

static bool is_day(const struct run *r)
{
	return r->n == 8 && r->joined && (r->digit[0] == '1' || r->digit[0] == '2') &&
	       (r->digit[1] == '9' || r->digit[1] == '0');
}

static bool is_personal(const struct run *r, enum personal_how how)
{
	struct bytes all = { r->digit, r->n };
	if (is_citizen(r))
		return true;
	if (how == PERSONAL_CITIZENS)
		return false;
	if (personal_is_old(all) || is_mobile(r))
		return true;
	return how == PERSONAL_NUMBERS && r->n >= LEAST && !r->in_word && !is_day(r) &&
	       uscc_check(all) != IDENT_OK;
}

/* Bytes of a day with signs in it: 2026-13-45, 2026/3/1, 2026.03.01. */
static size_t day_at(struct bytes s)
{
	size_t at = 0, n[3] = { 0 };
	for (size_t part = 0; part < 3; part++) {
		while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
			at++;
			n[part]++;
		}
		if (part < 2 && (at == s.n || strchr("-/.", s.p[at]) == NULL || s.p[at] == '\0'))
			return 0;
		at += part < 2;
	}
	bool year = n[0] == 4 && (memcmp(s.p, "19", 2) == 0 || memcmp(s.p, "20", 2) == 0);
	return year && n[1] > 0 && n[1] <= 2 && n[2] > 0 && n[2] <= 2 ? at : 0;
}

/* ---- the text ------------------------------------------------------------------------------ */

static void put_stars(struct buf *b, struct bytes s, size_t n)
{
	size_t head = n >= HEAD + TAIL + 3 ? HEAD : 1, tail = head == HEAD ? TAIL : 0, seen = 0;
	char digit;
	for (size_t at = 0; at < s.n;) {
		size_t bytes = digit_at((struct bytes){ s.p + at, s.n - at }, &digit);
		bool counts = bytes > 0 || (s.p[at] | 0x20) == 'x';
		seen += counts;
		bytes = bytes > 0 ? bytes : 1;
		if (counts && seen > head && seen + tail <= n)
			buf_byte(b, '*');
		else
			buf_put(b, s.p + at, bytes);
		at += bytes;
	}
}

struct bytes personal_hide(struct arena *a, enum personal_how how, struct bytes text)
{
	struct buf b = buf_new(a, text.n);
	struct run r;
	char digit, before = '\0';
	bool hidden = false;
	for (size_t at = 0, n; at < text.n; at += n) {
		struct bytes rest = { text.p + at, text.n - at };
		n = 1;
		if (digit_at(rest, &digit) == 0) {
			before = rest.p[0];
			buf_byte(&b, before);
			continue;
		}
		run_of(rest, is_letter(before), &r);
		bool personal = is_citizen(&r);
		size_t day = personal ? 0 : day_at(rest);
		n = day > 0 ? day : r.bytes;
		if (day == 0 && is_personal(&r, how)) {
			put_stars(&b, (struct bytes){ rest.p, n }, r.n);
			hidden = true;
		} else {
			buf_put(&b, rest.p, n);
		}
		before = '\0';
	}
	return hidden ? buf_view(&b) : text;
}
