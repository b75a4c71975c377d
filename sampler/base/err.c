#include "sampler/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[ERR_COUNT] = {
	[ERR_NONE] = { "ok", 200, 0, { "正常", "ok" }, { "", "" } },
#define E(code, name, http, exit, zh, en, fix_zh, fix_en) \
	[ERR_##code] = { name, http, exit, { zh, en }, { fix_zh, fix_en } },
#include "sampler/base/errors.def"
#undef E
};

const struct err_row *err_row(enum err_code code)
{
	return &rows[code];
}

bool err_named(const char *name, size_t n, enum err_code *code)
{
	for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++) {
		if (strlen(rows[c].name) == n && memcmp(rows[c].name, name, n) == 0) {
			*code = c;
			return true;
		}
	}
	return false;
}

bool err_passes(enum err_code code)
{
	return rows[code].http == 503;
}

bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	if (e->code != ERR_NONE)
		return false;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(e->what, sizeof e->what, fmt, ap);
	va_end(ap);
	e->where[0] = '\0';
	e->code = code;
	return false;
}

bool err_at(struct err *e, const char *fmt, ...)
{
	char place[sizeof e->where], old[sizeof e->where];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(place, sizeof place, fmt, ap);
	va_end(ap);
	memcpy(old, e->where, sizeof old);
	snprintf(e->where, sizeof e->where, "%.120s%s%.70s", place, old[0] ? ": " : "", old);
	return false;
}

const char *err_text(const struct err *e, enum err_lang lang, char *out, size_t size)
{
	const struct err_row *r = err_row(e->code);
	bool zh = lang == LANG_ZH;
	snprintf(out, size, "%s%s%s%s%s%s%s%s", e->where, e->where[0] ? (zh ? "：" : ": ") : "",
		r->sentence[lang], e->what[0] ? (zh ? "（" : " (") : "", e->what,
		e->what[0] ? (zh ? "）" : ")") : "", zh ? "。" : ". ", r->remedy[lang]);
	return out;
}
