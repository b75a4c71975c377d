/* What drawctl says. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"
#include "sampler/base/text.h"

enum { PIPE_PROGRESS_MS = 10000, TERMINAL_PROGRESS_MS = 100 };

int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void pause_ms(int64_t ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	nanosleep(&t, NULL);
}

/* ---- members -------------------------------------------------------------------------------- */

const char *member_text(json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));
	return s != NULL ? s : "";
}

int64_t member_int(json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

bool set_text(json_t *o, const char *name, const char *text)
{
	return text == NULL || json_object_set_new(o, name, json_string(text)) == 0;
}

bool set_number(json_t *o, const char *name, const char *text)
{
	uint64_t v;
	if (text == NULL)
		return true;
	return text_u64(bytes_of(text), INT64_MAX, &v) &&
	       json_object_set_new(o, name, json_integer((json_int_t)v)) == 0;
}

bool set_list(json_t *o, const char *name, const struct texts *list)
{
	json_t *array;
	if (list->n == 0)
		return true;
	array = json_array();
	for (size_t i = 0; i < list->n; i++)
		if (json_array_append_new(array, json_string(list->text[i])) != 0) {
			json_decref(array);
			return false;
		}
	return json_object_set_new(o, name, array) == 0;
}

/* ---- errors --------------------------------------------------------------------------------- */

static void tell_as_json(const struct err *e, const char *field)
{
	const struct err_row *row = err_row(e->code);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "code", row->name, "zh",
		row->sentence[LANG_ZH], "en", row->sentence[LANG_EN], "where", e->where, "what",
		e->what, "field", field);
	char *json = json_dumps(o, 0);
	fprintf(stderr, "%s\n", json != NULL ? json : row->name);
	free(json);
	json_decref(o);
}

static void tell_as_text(struct ctl *c, const struct err *e, const char *field)
{
	char text[900];
	err_text(e, c->lang, text, sizeof text);
	if (field != NULL)
		fprintf(stderr, TR(c, "drawctl: %s：%s\n", "drawctl: %s: %s\n"), field, text);
	else
		fprintf(stderr, "drawctl: %s\n", text);
}

static int tell_with_field(struct ctl *c, const struct err *e, const char *field)
{
	const struct err_row *row = err_row(e->code);
	tell_progress_end(c);
	if (c->o.json)
		tell_as_json(e, field);
	else
		tell_as_text(c, e, field);
	return row->exit != 0 ? row->exit : CTL_REFUSED;
}

int tell_error(struct ctl *c, const struct err *e)
{
	return tell_with_field(c, e, NULL);
}

int tell(struct ctl *c, enum err_code code, const char *fmt, ...)
{
	struct err e = { 0 };
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(e.what, sizeof e.what, fmt, ap);
	va_end(ap);
	e.code = code;
	return tell_error(c, &e);
}

/* A policy travels without its name: the file's stands in front of the line instead. */
static const char *place_of(struct ctl *c, const char *where)
{
	static const char policy[] = "policy";
	size_t n = sizeof policy - 1;
	if (c->policy_file == NULL || strncmp(where, policy, n) != 0 ||
		(where[n] != ':' && where[n] != '\0'))
		return where;
	return arena_printf(c->arena, "%s%s", c->policy_file, where + n);
}

/* A code of a newer drawd: its own words. */
static int tell_unknown(struct ctl *c, json_t *error, const char *where)
{
	const char *said = member_text(error, TR(c, "zh", "en"));
	const char *mend = member_text(error, TR(c, "remedy_zh", "remedy_en"));
	tell_progress_end(c);
	fprintf(stderr, "drawctl: %s%s%s %s. %s\n", where, where[0] ? ": " : "",
		said[0] ? said : member_text(error, "code"), member_text(error, "what"), mend);
	return CTL_REFUSED;
}

int tell_json_error(struct ctl *c, json_t *error)
{
	struct err e = { 0 };
	const char *name = member_text(error, "code"), *field = member_text(error, "field");
	const char *where = place_of(c, member_text(error, "where"));
	const char *what = member_text(error, "what");
	if (!err_named(name, strlen(name), &e.code))
		return tell_unknown(c, error, where);
	snprintf(e.where, sizeof e.where, "%s", where);
	snprintf(e.what, sizeof e.what, "%s", what);
	/* where the facts name the field already it is not said twice */
	bool named =
		field[0] == '\0' || strstr(where, field) != NULL || strstr(what, field) != NULL;
	return tell_with_field(c, &e, named && !c->o.json ? NULL : field[0] ? field : NULL);
}

int tell_problem(struct ctl *c, const struct reply *reply)
{
	int code = tell_json_error(c, reply->json);
	if (reply->later >= 0 && !c->o.json)
		fprintf(stderr, TR(c, "请在 %lld 秒后重试\n", "try again in %lld s\n"),
			(long long)reply->later);
	if (reply->status >= 500 && reply->request[0] != '\0' && !c->o.json)
		fprintf(stderr,
			TR(c, "日志中的请求编号：%s\n", "the request's number in the log: %s\n"),
			reply->request);
	return code;
}

/* ---- progress and remarks ------------------------------------------------------------------- */

void tell_progress(struct ctl *c, const char *what, int64_t done, int64_t total)
{
	bool terminal = isatty(STDERR_FILENO) == 1;
	int64_t now = clock_ms();
	if (c->said == 0 && !terminal)
		c->said = now; /* what is over soon needs no line in a log */
	if (c->o.quiet || now - c->said < (terminal ? TERMINAL_PROGRESS_MS : PIPE_PROGRESS_MS))
		return;
	c->said = now;
	fprintf(stderr, "%s%s", terminal ? "\r\033[K" : "", what);
	if (total > 0)
		fprintf(stderr, " %lld/%lld (%lld%%)", (long long)done, (long long)total,
			(long long)(done * 100 / total));
	fputs(terminal ? "" : "\n", stderr);
	c->line_open = terminal;
}

void tell_progress_end(struct ctl *c)
{
	if (c->line_open)
		fputs("\r\033[K", stderr);
	c->line_open = false;
}

void remark(struct ctl *c, const char *fmt, ...)
{
	va_list ap;
	if (c->o.quiet)
		return;
	tell_progress_end(c);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void put_clean(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		bool control =
			*p < 0x20 || *p == 0x7f || (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);
		if (!control)
			putchar(*p);
		else
			fputs("\xef\xbf\xbd", stdout);
		p += control && *p == 0xc2;
	}
}

const char *time_text(struct ctl *c, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[32];
	if (seconds == 0 || localtime_r(&t, &tm) == NULL ||
		strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm) == 0)
		return "";
	return arena_strdup(c->arena, text);
}
