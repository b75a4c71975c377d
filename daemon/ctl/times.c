/* Times as people read and write them: Beijing's, the same on every machine. The API counts seconds
 * since 1970; --json shows them so. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

enum { DAY = 86400, BEIJING = 8 * 3600 };

const char *time_text(struct ctl *c, int64_t seconds)
{
	int64_t local = seconds + BEIJING, day = local / DAY, rest = local % DAY;
	char date[CIVIL_TEXT];
	if (seconds <= 0 || day > CIVIL_MAX)
		return "";
	return arena_printf(c->arena, "%s %02lld:%02lld", civil_format((int32_t)day, date),
		(long long)rest / 3600, (long long)rest / 60 % 60);
}

/* Two digits below `most`. */
static bool two_digits(const char *p, int64_t most, int64_t *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (p[0] - '0') * 10 + (p[1] - '0');
	return *out < most;
}

/* Behind the minute: nothing, seconds, and Z or +08:00. */
static bool read_end(const char *p, int64_t *seconds, int64_t *length, int64_t *zone)
{
	int64_t hours, minutes;
	if (p[0] == ':') {
		if (!two_digits(p + 1, 60, seconds))
			return false;
		*length = 1;
		p += 3;
	}
	if (p[0] == 'Z' && p[1] == '\0') {
		*zone = 0;
		return true;
	}
	if (p[0] != '+' && p[0] != '-')
		return p[0] == '\0';
	if (!two_digits(p + 1, 15, &hours) || p[3] != ':' || !two_digits(p + 4, 60, &minutes))
		return false;
	*zone = (hours * 3600 + minutes * 60) * (p[0] == '-' ? -1 : 1);
	return p[6] == '\0';
}

/* "2026-03-31", "2026-03-31 09:30[:05][Z|+08:00]" with a blank or a T. */
static bool read_civil(const char *text, int64_t *first, int64_t *last)
{
	int64_t hours = 0, minutes = 0, seconds = 0, zone = BEIJING, length = DAY;
	int32_t day;
	size_t n = strlen(text);
	if (!civil_parse((struct bytes){ text, n < 10 ? n : 10 }, &day))
		return false;
	if (n > 10) {
		length = 60;
		if (n < 16 || (text[10] != ' ' && text[10] != 'T') ||
			!two_digits(text + 11, 24, &hours) || text[13] != ':' ||
			!two_digits(text + 14, 60, &minutes) ||
			!read_end(text + 16, &seconds, &length, &zone))
			return false;
	}
	*first = (int64_t)day * DAY + hours * 3600 + minutes * 60 + seconds - zone;
	*last = *first + length - 1;
	return true;
}

bool time_range(const char *text, int64_t *first, int64_t *last)
{
	const char *digits = text + (text[0] == '-');
	uint64_t n;
	if (!text_u64(bytes_of(digits), INT64_MAX, &n))
		return read_civil(text, first, last);
	*first = *last = text[0] == '-' ? -(int64_t)n : (int64_t)n;
	return true;
}

bool set_time(json_t *o, const char *name, const char *text, const char *option, struct err *e)
{
	int64_t first, last;
	if (text == NULL)
		return true;
	if (!time_range(text, &first, &last))
		return err_set(e, ERR_BAD_TIME, "--%s \"%s\"", option, text);
	return json_object_set_new(o, name, json_integer(last)) == 0;
}

/* ---- pulses --------------------------------------------------------------------------------- */

/* One "source:pulse:time" with the time in seconds; a day alone is no time. */
static bool put_pulse(struct buf *b, struct bytes pulse, struct arena *a, struct err *e)
{
	struct bytes rest = pulse;
	bool more;
	int64_t first, last;
	struct bytes source = bytes_cut(&rest, ':', &more);
	struct bytes number = more ? bytes_cut(&rest, ':', &more) : rest;
	const char *when = more ? arena_strndup(a, rest.p, rest.n) : "";
	if (!time_range(when, &first, &last) || last - first >= 60)
		return err_set(e, ERR_BAD_TIME, "--pulses \"%.*s\"", BYTES_ARG(type_shown(pulse)));
	buf_str(b, arena_printf(a, "%.*s:%.*s:%lld", BYTES_ARG(source), BYTES_ARG(number),
			   (long long)first));
	return true;
}

const char *pulses_sent(struct arena *a, const char *text, struct err *e)
{
	struct buf b = buf_new(a, 128);
	struct bytes rest = bytes_of(text);
	bool more = true;
	while (more) {
		buf_str(&b, b.n > 0 ? "," : "");
		if (!put_pulse(&b, bytes_cut(&rest, ',', &more), a, e))
			return NULL;
	}
	buf_byte(&b, '\0');
	return b.p;
}

const char *pulses_text(struct ctl *c, const char *pulses)
{
	struct buf b = buf_new(c->arena, 128);
	struct bytes rest = bytes_of(pulses);
	struct pulse p;
	while (type_next_pulse(&rest, &p)) {
		buf_str(&b, b.n > 0 ? TR(c, "；", "; ") : "");
		buf_str(&b, arena_printf(c->arena, TR(c, "%.*s 第 %.*s 期，%s", "%.*s %.*s, %s"),
				    BYTES_ARG(p.source), BYTES_ARG(p.pulse),
				    time_text(c, (int64_t)p.time)));
	}
	buf_byte(&b, '\0');
	return b.p;
}
