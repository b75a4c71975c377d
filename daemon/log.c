#include "daemon/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *speaker = "drawd";
static enum log_level lowest = LEVEL_INFO;
static enum log_format form = FORMAT_TEXT;

static const char *const level_names[] = { "debug", "info", "warning", "error" };

/* Values end at VALUE_END and pairs begin before PAIR_END, so that what closes them always fits. */
enum { LINE_SIZE = 4000, VALUE_END = LINE_SIZE - 64, PAIR_END = LINE_SIZE - 200 };

struct line {
	char text[LINE_SIZE];
	size_t n;
};

void log_open(const char *process, enum log_level level, enum log_format format)
{
	speaker = process;
	lowest = level;
	form = format;
}

bool log_wants(enum log_level level)
{
	return level >= lowest;
}

static void add(struct line *l, const char *s, size_t n)
{
	if (n <= sizeof l->text - 2 - l->n) {
		memcpy(l->text + l->n, s, n);
		l->n += n;
	}
}

static void add_str(struct line *l, const char *s)
{
	add(l, s, strlen(s));
}

/* A value between quotes; text lines go without them where no character asks for them. */
static void add_value(struct line *l, const char *s)
{
	bool plain = form == FORMAT_TEXT && strlen(s) < VALUE_END - l->n && *s != '\0' &&
		     strpbrk(s, " =\"\\") == NULL;
	for (const char *p = s; plain && *p != '\0'; p++)
		plain = (unsigned char)*p > ' ' && *p != 0x7f;
	if (plain) {
		add_str(l, s);
		return;
	}
	add_str(l, "\"");
	for (const char *p = s; *p != '\0' && l->n < VALUE_END; p++) {
		char escaped[8] = { '\\', *p };
		if (*p == '"' || *p == '\\')
			add(l, escaped, 2);
		else if ((unsigned char)*p < ' ' || *p == 0x7f)
			add(l, escaped,
				(size_t)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*p));
		else
			add(l, p, 1);
	}
	add_str(l, "\"");
}

static void add_key(struct line *l, const char *key)
{
	add_str(l, form == FORMAT_JSON ? (l->n == 1 ? "\"" : ",\"") : (l->n == 0 ? "" : " "));
	add_str(l, key);
	add_str(l, form == FORMAT_JSON ? "\":" : "=");
}

static void add_pair(struct line *l, const char *key, const char *value)
{
	if (l->n >= PAIR_END)
		return;
	add_key(l, key);
	add_value(l, value != NULL ? value : "");
}

static void add_head(struct line *l, enum log_level level, const char *event)
{
	struct timespec now;
	struct tm utc;
	char seconds[32], time_text[48];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(time_text, sizeof time_text, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
	if (form == FORMAT_JSON) {
		add_str(l, "{");
		add_pair(l, "time", time_text);
		add_pair(l, "level", level_names[level]);
		add_pair(l, "process", speaker);
		add_pair(l, "event", event);
		return;
	}
	const char *const words[] = { time_text, level_names[level], speaker, event };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		add_str(l, i == 0 ? "" : " ");
		add_value(l, words[i]);
	}
}

static void add_err(struct line *l, const struct err *e)
{
	add_pair(l, "error", err_row(e->code)->name);
	if (e->where[0] != '\0')
		add_pair(l, "where", e->where);
	if (e->what[0] != '\0')
		add_pair(l, "what", e->what);
}

static void add_field(struct line *l, const struct log_field *f)
{
	char number[24];
	switch (f->kind) {
	case FIELD_EVENT:
		return;
	case FIELD_STR:
		add_pair(l, f->key, f->str);
		return;
	case FIELD_NUM:
		if (l->n >= PAIR_END)
			return;
		snprintf(number, sizeof number, "%lld", (long long)f->num);
		add_key(l, f->key);
		add_str(l, number);
		return;
	case FIELD_ERR:
		add_err(l, f->err);
		return;
	}
}

void log_put(enum log_level level, const struct log_field *fields, size_t n)
{
	if (!log_wants(level))
		return;
	int kept = errno;
	struct line l = { .n = 0 };
	add_head(&l, level, n > 0 && fields[0].kind == FIELD_EVENT ? fields[0].str : "");
	for (size_t i = 0; i < n; i++)
		add_field(&l, &fields[i]);
	if (form == FORMAT_JSON)
		l.text[l.n++] = '}';
	l.text[l.n++] = '\n';
	/* nobody is left to tell when stderr is gone */
	ssize_t written = write(STDERR_FILENO, l.text, l.n);
	(void)written;
	errno = kept;
}
