#include "sampler/type.h"

#include <assert.h>

#include "sampler/base/text.h"
#include "sampler/beacon.h"
#include "sampler/note.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does v look like the pattern, where 9 stands for a digit and the rest for itself? */
static bool looks_like(struct bytes v, const char *pattern)
{
	for (size_t i = 0; i < v.n; i++) {
		if (pattern[i] == '\0' ||
			(pattern[i] == '9' ? !is_digit(v.p[i]) : v.p[i] != pattern[i]))
			return false;
	}
	return pattern[v.n] == '\0';
}

static int digits(const char *p, int n)
{
	int v = 0;
	for (int i = 0; i < n; i++)
		v = v * 10 + (p[i] - '0');
	return v;
}

bool type_date(struct bytes v, int *year, int *month, int *day)
{
	static const int days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (!looks_like(v, "9999-99-99"))
		return false;
	int y = digits(v.p, 4), m = digits(v.p + 5, 2), d = digits(v.p + 8, 2);
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	if (y < 1900 || y > 2999 || m < 1 || m > 12 || d < 1)
		return false;
	*year = y;
	*month = m;
	*day = d;
	return d <= days[m] + (m == 2 && leap ? 1 : 0);
}

bool type_next_member(struct bytes *rest, struct bytes *out)
{
	bool more;
	if (rest->n == 0)
		return false;
	*out = bytes_cut(rest, ',', &more);
	return true;
}

/* Members joined by ",", each accepted; ordered: bytewise ascending and unique. At least one. */
static bool is_joined(struct bytes v, bool (*member)(struct bytes), bool ordered)
{
	struct bytes last = { NULL, 0 };
	bool more = true;
	for (size_t i = 0; more; i++) {
		struct bytes m = bytes_cut(&v, ',', &more);
		if (m.n == 0 || (member != NULL && !member(m)))
			return false;
		if (ordered && i > 0 && bytes_compare(last, m) >= 0)
			return false;
		last = m;
	}
	return true;
}

bool type_is_list(struct bytes v, bool (*member)(struct bytes))
{
	return v.n == 0 || is_joined(v, member, true);
}

/* ---- one checker per type ---- */

static bool is_number(struct bytes v)
{
	uint64_t n;
	return text_u64(v, INT64_MAX, &n);
}

static bool is_date(struct bytes v)
{
	int y, m, d;
	return type_date(v, &y, &m, &d);
}

static bool is_hash(struct bytes v)
{
	unsigned char h[32];
	return text_hex(v, h, sizeof h);
}

static bool is_hash_or_none(struct bytes v)
{
	return bytes_is(v, "none") || is_hash(v);
}

static bool is_tokens(struct bytes v)
{
	return is_joined(v, text_is_token, true);
}

static bool is_round(struct bytes v)
{
	return looks_like(v, "9999-9999");
}

static bool is_round_or_none(struct bytes v)
{
	return bytes_is(v, "none") || is_round(v);
}

static bool is_vkey(struct bytes v)
{
	struct vkey k;
	struct err e = { 0 };
	return vkey_parse(&k, v, &e);
}

static bool is_flag(struct bytes v)
{
	return bytes_is(v, "yes") || bytes_is(v, "no");
}

static bool is_text(struct bytes v)
{
	return v.n >= 1 && v.n <= 200 && v.p[0] != ' ' && v.p[v.n - 1] != ' ' && text_is_clean(v);
}

static bool is_pulse_name(struct bytes v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !is_digit(c) && c != '-')
			return false;
	}
	return v.n >= 1 && v.n <= 40;
}

/* Cut `a:b:time`; false unless it has exactly these three parts and the time is one. */
static bool cut_triple(struct bytes v, struct bytes *a, struct bytes *b, uint64_t *time)
{
	bool more;
	*a = bytes_cut(&v, ':', &more);
	if (!more)
		return false;
	*b = bytes_cut(&v, ':', &more);
	return more && text_u64(v, INT64_MAX, time);
}

static bool is_pulse(struct bytes v)
{
	struct pulse p;
	return cut_triple(v, &p.source, &p.pulse, &p.time) && beacon_source(p.source) != NULL &&
	       is_pulse_name(p.pulse);
}

static bool is_pulses(struct bytes v)
{
	return is_joined(v, is_pulse, false);
}

static bool is_approval(struct bytes v)
{
	struct approval a;
	return cut_triple(v, &a.department, &a.account, &a.time) && text_is_token(a.department) &&
	       text_is_token(a.account);
}

static bool is_approvals(struct bytes v)
{
	return bytes_is(v, "none") || is_joined(v, is_approval, true);
}

static const struct {
	const char *name;
	bool (*check)(struct bytes v);
} types[TYPE_COUNT] = {
	[TYPE_NUMBER] = { "number", is_number },
	[TYPE_TIME] = { "time", is_number },
	[TYPE_DATE] = { "date", is_date },
	[TYPE_HASH] = { "hash", is_hash },
	[TYPE_HASH_OR_NONE] = { "hash?", is_hash_or_none },
	[TYPE_TOKEN] = { "token", text_is_token },
	[TYPE_TOKENS] = { "tokens", is_tokens },
	[TYPE_ROUND] = { "round", is_round },
	[TYPE_ROUND_OR_NONE] = { "round?", is_round_or_none },
	[TYPE_NAME] = { "name", note_is_name },
	[TYPE_VKEY] = { "vkey", is_vkey },
	[TYPE_FLAG] = { "flag", is_flag },
	[TYPE_TEXT] = { "text", is_text },
	[TYPE_PULSES] = { "pulses", is_pulses },
	[TYPE_APPROVALS] = { "approvals", is_approvals },
	[TYPE_OBJECT] = { "object", text_is_object_id },
	[TYPE_INSPECTOR] = { "inspector", text_is_inspector_id },
};

const char *type_name(enum value_type t)
{
	assert(t < TYPE_COUNT);
	return types[t].name;
}

bool type_check(enum value_type t, struct bytes v)
{
	assert(t < TYPE_COUNT);
	return types[t].check(v);
}

bool type_next_pulse(struct bytes *rest, struct pulse *out)
{
	struct bytes m;
	return type_next_member(rest, &m) && cut_triple(m, &out->source, &out->pulse, &out->time);
}

bool type_next_approval(struct bytes *rest, struct approval *out)
{
	struct bytes m;
	return type_next_member(rest, &m) &&
	       cut_triple(m, &out->department, &out->account, &out->time);
}

struct bytes type_shown(struct bytes v)
{
	size_t n = v.n < 60 ? v.n : 60;
	if (!text_is_clean(v))
		return BYTES("?");
	while (n < v.n && n > 0 && ((unsigned char)v.p[n] & 0xc0) == 0x80)
		n--;
	return (struct bytes){ v.p, n };
}
