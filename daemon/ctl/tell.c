/* What drawctl says. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utf8proc.h>

#include "daemon/ctl/ctl.h"
#include "daemon/register/detail.h"
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

/* Which rule a new password breaks (daemon/auth_password.c). */
static const char *rule_of(struct ctl *c, const char *rule)
{
	static const struct {
		const char *rule, *zh, *en;
	} rules[] = {
		{ "length", "须为 10 至 128 个字符，不含控制字符",
			"10 to 128 characters are wanted, none of them a control" },
		{ "variety", "不同的字符须有 5 个以上",
			"at least 5 different characters are wanted" },
		{ "letters", "须有 4 个以上字母（一个汉字算两个）",
			"at least 4 letters are wanted (a Chinese character counts for two)" },
		{ "name", "与账号或姓名太接近", "it is little more than the account or the name" },
		{ "common", "是常见密码", "it is a common password" },
		{ "old", "与原密码相同", "it is the old one" },
	};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (!c->o.json && strcmp(rules[i].rule, rule) == 0)
			return TR(c, rules[i].zh, rules[i].en);
	return rule;
}

/* Facts as people read them: what is wrong with a code, and instead of an address of the API what
 * was asked for. */
static const char *facts_of(struct ctl *c, enum err_code code, const char *what)
{
	const char *facts = strstr(what, ": ");
	if (code == ERR_WEAK_PASSWORD)
		return rule_of(c, what);
	if (c->o.json)
		return what;
	if (code == ERR_BAD_USCC && facts != NULL)
		return arena_printf(c->arena, "%.*s%s%s", (int)(facts - what), what,
			TR(c, "：", ": "),
			detail_words(c->arena, c->lang, err_row(code)->name, facts + 2));
	if (code == ERR_NOT_FOUND && strncmp(what, "/api/", 5) == 0)
		return c->o.args > 0 ? c->o.arg[0] : "";
	return what;
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
	snprintf(e.what, sizeof e.what, "%s", facts_of(c, e.code, what));
	/* where the facts name the field already it is not said twice */
	bool named =
		field[0] == '\0' || strstr(where, field) != NULL || strstr(what, field) != NULL;
	return tell_with_field(c, &e, named && !c->o.json ? NULL : field[0] ? field : NULL);
}

/* Who may do what one may not. */
static void tell_who(struct ctl *c, json_t *roles)
{
	struct buf b = buf_new(c->arena, 64);
	size_t i;
	json_t *role;
	json_array_foreach(roles, i, role)
	{
		buf_str(&b, i > 0 ? TR(c, "、", ", ") : "");
		buf_str(&b, role_name(c, json_string_value(role)));
	}
	buf_byte(&b, '\0');
	if (b.p[0] != '\0')
		fprintf(stderr, TR(c, "可办理的角色：%s\n", "roles that may: %s\n"), b.p);
}

int tell_problem(struct ctl *c, const struct reply *reply)
{
	int code = tell_json_error(c, reply->json);
	if (!c->o.json)
		tell_who(c, json_object_get(reply->json, "who"));
	if (reply->later >= 0 && !c->o.json)
		fprintf(stderr, TR(c, "请在 %lld 秒后重试\n", "try again in %lld s\n"),
			(long long)reply->later);
	if (reply->status >= 500 && reply->request[0] != '\0' && !c->o.json)
		fprintf(stderr,
			TR(c, "日志中的请求编号：%s\n", "the request's number in the log: %s\n"),
			reply->request);
	return code;
}

void tell_warnings(struct ctl *c, json_t *o)
{
	size_t i;
	json_t *w;
	json_array_foreach(json_object_get(o, "warnings"), i, w)
	{
		const char *what = member_text(w, "what");
		remark(c, TR(c, "提示：%s%s%s%s", "note: %s%s%s%s"),
			member_text(w, TR(c, "zh", "en")), what[0] ? TR(c, "（", " (") : "", what,
			what[0] ? TR(c, "）", ")") : "");
	}
}

/* ---- progress and remarks ------------------------------------------------------------------- */

/* What is left at the pace so far; nothing as long as there is none. */
static void put_left(struct ctl *c, int64_t now, int64_t done, int64_t total)
{
	int64_t moved = done - c->begun_done;
	if (moved <= 0 || done >= total)
		return;
	int64_t left = (now - c->begun) * (total - done) / moved / 1000 + 1;
	if (left < 120)
		fprintf(stderr, TR(c, "，约剩 %lld 秒", ", about %lld s left"), (long long)left);
	else
		fprintf(stderr, TR(c, "，约剩 %lld 分钟", ", about %lld min left"),
			(long long)(left + 59) / 60);
}

void tell_progress(struct ctl *c, const char *what, int64_t done, int64_t total)
{
	bool terminal = isatty(STDERR_FILENO) == 1;
	int64_t now = clock_ms();
	if (c->said == 0 && !terminal)
		c->said = now; /* what is over soon needs no line in a log */
	if (c->begun == 0 || done < c->begun_done) {
		c->begun = now;
		c->begun_done = done;
	}
	if (c->o.quiet || now - c->said < (terminal ? TERMINAL_PROGRESS_MS : PIPE_PROGRESS_MS))
		return;
	c->said = now;
	fprintf(stderr, "%s%s", terminal ? "\r\033[K" : "", what);
	if (total > 0)
		fprintf(stderr, " %lld/%lld (%lld%%)", (long long)done, (long long)total,
			(long long)(done * 100 / total));
	if (total > 0)
		put_left(c, now, done, total);
	fputs(terminal ? "" : "\n", stderr);
	c->line_open = terminal;
}

void tell_progress_end(struct ctl *c)
{
	if (c->line_open)
		fputs("\r\033[K", stderr);
	c->line_open = false;
	c->begun = 0;
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

size_t text_width(const char *text)
{
	size_t width = 0;
	utf8proc_int32_t ch;
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	while (*p != '\0') {
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &ch);
		if (n <= 0)
			return width;
		int w = utf8proc_charwidth(ch);
		width += w > 0 ? (size_t)w : 0;
		p += n;
	}
	return width;
}
