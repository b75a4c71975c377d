#include "daemon/cfgfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/bytes.h"
#include "sampler/base/text.h"

bool cfg_read(char **text, struct arena *a, const char *file, size_t max, struct err *e)
{
	FILE *in = fopen(file, "re");
	if (in == NULL)
		return err_set(e, ERR_FILE, "%s: %s", file, strerror(errno));
	struct buf b = buf_new(a, 4096);
	char piece[4096];
	size_t n;
	while (b.n <= max && (n = fread(piece, 1, sizeof piece, in)) > 0)
		buf_put(&b, piece, n);
	bool broken = ferror(in) != 0;
	fclose(in);
	if (broken)
		return err_set(e, ERR_FILE, "%s: read error", file);
	if (b.n > max || memchr(b.p, '\0', b.n) != NULL) {
		err_set(e, ERR_CONF, b.n > max ? "more than %zu bytes" : "a NUL byte (%zu)", max);
		return err_at(e, "%s", file);
	}
	*text = arena_strndup(a, b.p, b.n);
	return true;
}

static bool refuse_line(struct err *e, const char *file, unsigned line, const char *reason)
{
	err_set(e, ERR_CONF, "%s", reason);
	return err_at(e, "%s:%u", file, line);
}

/* Past a string or a comment that begins at p; p itself where none does. Counts lines. */
static const char *skip_quiet(const char *p, unsigned *line)
{
	const char *end = p;
	if (*p == '"') {
		for (end++; *end != '\0' && *end != '"'; end++) {
			*line += *end == '\n';
			if (*end == '\\' && end[1] != '\0')
				end++;
		}
		return *end == '"' ? end + 1 : end;
	}
	if (*p == '#' || (p[0] == '/' && p[1] == '/'))
		return p + strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*') {
		for (end += 2; *end != '\0' && !(end[0] == '*' && end[1] == '/'); end++)
			*line += *end == '\n';
		return *end == '*' ? end + 2 : end;
	}
	return p;
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_' || c == '.' || c == '-' || c == '*';
}

/* libconfig 1.5 keeps the low 32 bits of an integer without L, and of one with L the low 64. */
static const char *check_number(const char *word, size_t n)
{
	char copy[72];
	if (n >= sizeof copy)
		return "a number of more than 70 characters";
	memcpy(copy, word, n);
	copy[n] = '\0';
	char *end;
	errno = 0;
	long long v = strtoll(copy, &end, strncmp(copy, "0x", 2) == 0 ? 16 : 10);
	bool wide = *end == 'L';
	if (end == copy || (*end != '\0' && !wide))
		return NULL; /* not an integer: the parser has its say */
	if (errno == ERANGE)
		return "the integer does not fit into 64 bits";
	if (!wide && (v > INT32_MAX || v < INT32_MIN))
		return "an integer of more than 32 bits is written with L at its end";
	return NULL;
}

static bool scan(const char *text, const char *file, struct err *e)
{
	unsigned line = 1;
	for (const char *p = text; *p != '\0';) {
		const char *past = skip_quiet(p, &line);
		if (past != p) {
			p = past;
			continue;
		}
		if (*p == '@')
			return refuse_line(
				e, file, line, "@include is not allowed: a file stands alone");
		size_t n = 0;
		while (is_word(p[n]))
			n++;
		const char *reason = n > 0 && strchr("-0123456789", *p) ? check_number(p, n) : NULL;
		if (reason != NULL)
			return refuse_line(e, file, line, reason);
		line += *p == '\n';
		p += n > 0 ? n : 1;
	}
	return true;
}

bool cfg_parse(config_t *cfg, const char *text, const char *file, struct err *e)
{
	if (!text_is_utf8(bytes_of(text))) {
		err_set(e, ERR_BAD_UTF8, "%s", "");
		return err_at(e, "%s", file);
	}
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (!scan(text, file, e))
		return false;
	/* libconfig takes a comment in the last line only with its newline */
	ARENA_AUTO a = arena_new();
	config_init(cfg);
	if (config_read_string(cfg, arena_printf(a, "%s\n", text)) == CONFIG_TRUE)
		return true;
	err_set(e, ERR_CONF, "%s", config_error_text(cfg));
	err_at(e, "%s:%d", file, config_error_line(cfg));
	config_destroy(cfg);
	return false;
}

const char *cfg_path(const config_setting_t *s, char *out, size_t size)
{
	char tail[200] = "";
	for (; s != NULL && !config_setting_is_root(s); s = config_setting_parent(s)) {
		const char *name = config_setting_name(s);
		const char *dot = tail[0] == '\0' || tail[0] == '[' ? "" : ".";
		char old[sizeof tail];
		memcpy(old, tail, sizeof old);
		if (name != NULL)
			snprintf(tail, sizeof tail, "%.60s%s%.130s", name, dot, old);
		else
			snprintf(tail, sizeof tail, "[%d]%s%.130s", config_setting_index(s), dot,
				old);
	}
	snprintf(out, size, "%s", tail);
	return out;
}

bool cfg_refuse(struct err *e, const char *file, const config_setting_t *s, const char *reason, ...)
{
	char path[200], why[200];
	va_list ap;
	va_start(ap, reason);
	vsnprintf(why, sizeof why, reason, ap);
	va_end(ap);
	cfg_path(s, path, sizeof path);
	err_set(e, ERR_CONF, "%.100s%s%.180s", path, path[0] ? ": " : "", why);
	return err_at(e, "%s:%u", file, (unsigned)config_setting_source_line(s));
}

bool cfg_int(const config_setting_t *s, long long *out)
{
	int type = config_setting_type(s);
	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return false;
	*out = config_setting_get_int64(s);
	return true;
}

const char *cfg_type_name(const config_setting_t *s)
{
	static const char *const names[] = {
		[CONFIG_TYPE_NONE] = "nothing",
		[CONFIG_TYPE_GROUP] = "a group { }",
		[CONFIG_TYPE_INT] = "an integer",
		[CONFIG_TYPE_INT64] = "an integer",
		[CONFIG_TYPE_FLOAT] = "a decimal fraction",
		[CONFIG_TYPE_STRING] = "a string",
		[CONFIG_TYPE_BOOL] = "true or false",
		[CONFIG_TYPE_ARRAY] = "an array [ ]",
		[CONFIG_TYPE_LIST] = "a list ( )",
	};
	return names[config_setting_type(s)];
}
