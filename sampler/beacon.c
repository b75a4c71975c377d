#include "sampler/beacon.h"

#include "sampler/base/text.h"
#include "sampler/type.h"

static bool is_number(struct bytes v)
{
	uint64_t n;
	return text_u64(v, INT64_MAX, &n);
}

static bool is_issue(struct bytes v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
	return v.n == 7;
}

static bool is_hex64(struct bytes v)
{
	unsigned char b[32];
	return text_hex(v, b, sizeof b);
}

static bool is_hex128(struct bytes v)
{
	unsigned char b[64];
	return text_hex(v, b, sizeof b);
}

/* n two-digit numbers 01 … max, ascending, joined by ".", and nothing else. */
static bool balls(struct bytes v, size_t n, int max)
{
	int last = 0;
	if (v.n != 3 * n - 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *p = v.p + 3 * i;
		if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9' || (i > 0 && p[-1] != '.'))
			return false;
		int ball = (p[0] - '0') * 10 + (p[1] - '0');
		if (ball <= last || ball > max)
			return false;
		last = ball;
	}
	return true;
}

static bool is_ssq(struct bytes v)
{
	return v.n == 20 && balls((struct bytes){ v.p, 17 }, 6, 33) && v.p[17] == '.' &&
	       balls((struct bytes){ v.p + 18, 2 }, 1, 16);
}

static bool is_kl8(struct bytes v)
{
	return balls(v, 20, 80);
}

static bool is_faces(struct bytes v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < '1' || v.p[i] > '6')
			return false;
	return v.n >= 10 && v.n <= 64;
}

static const struct beacon_source sources[] = {
	{ "drand", "drand", is_number, is_hex64, "64 lower-case hex digits", false },
	{ "nist", "NIST", is_number, is_hex128, "128 lower-case hex digits", false },
	{ "ssq", "双色球", is_issue, is_ssq, "01.05.12.20.28.33.07: 6 reds ascending, 1 blue",
		false },
	{ "kl8", "快乐8", is_issue, is_kl8, "20 numbers 01-80 ascending, joined by '.'", false },
	{ "dice", "骰子", is_number, is_faces, "10-64 digits 1-6", true },
};
enum { SOURCES = sizeof sources / sizeof *sources };

const struct beacon_source *beacon_source_at(size_t i)
{
	return i < SOURCES ? &sources[i] : NULL;
}

const struct beacon_source *beacon_source(struct bytes source)
{
	for (size_t i = 0; i < SOURCES; i++)
		if (bytes_is(source, sources[i].source))
			return &sources[i];
	return NULL;
}

bool beacon_check(struct bytes source, struct bytes pulse, struct bytes value, struct err *e)
{
	const struct beacon_source *s = beacon_source(source);
	if (s == NULL)
		return err_set(e, ERR_BAD_BEACON, "unknown source \"%.*s\"",
			BYTES_ARG(type_shown(source)));
	if (!s->pulse(pulse))
		return err_set(e, ERR_BAD_BEACON, "%s: pulse \"%.*s\"", s->source,
			BYTES_ARG(type_shown(pulse)));
	if (!s->value(value))
		return err_set(e, ERR_BAD_BEACON, "%s %.*s: expected %s", s->source,
			BYTES_ARG(pulse), s->value_form);
	return true;
}
