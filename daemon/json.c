#include "daemon/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/base/text.h"

/* ---- reading ------------------------------------------------------------------------------ */

static const char *const kind_names[] = {
	[JSON_TEXT] = "a string without control characters and marks of writing direction",
	[JSON_LONG] = "a string without marks of writing direction",
	[JSON_TOKEN] = "a token [a-z0-9-]",
	[JSON_DATE] = "a day like 2026-03-31",
	[JSON_INT64] = "an integer",
	[JSON_FLAG] = "true or false",
	[JSON_MAP] = "an object of strings without control characters",
};

/* U+200E, U+200F, U+2028–202E, U+2066–2069: with them a text is read otherwise than it stands. */
static bool has_direction(struct bytes s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		if (p[0] != 0xe2)
			continue;
		if (p[1] == 0x80 &&
			(p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae)))
			return true;
		if (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
			return true;
	}
	return false;
}

static bool is_text(struct bytes s)
{
	return text_is_clean(s) && !has_direction(s);
}

static bool is_long(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == 0x7f || (c < ' ' && c != '\n' && c != '\r' && c != '\t'))
			return false;
	}
	return text_is_utf8(s) && !has_direction(s);
}

static bool is_day(struct bytes s)
{
	int32_t day;
	return civil_parse(s, &day);
}

/* By kind; NULL where it is no text. */
static bool (*const text_checks[])(struct bytes s) = {
	[JSON_TEXT] = is_text,
	[JSON_LONG] = is_long,
	[JSON_TOKEN] = text_is_token,
	[JSON_DATE] = is_day,
	[JSON_INT64] = NULL,
	[JSON_FLAG] = NULL,
	[JSON_MAP] = NULL,
};

static bool wrong_kind(const struct json_field *f, struct err *e)
{
	return err_set(e, ERR_BAD_JSON, "%s: %s is wanted", f->name, kind_names[f->kind]);
}

static bool in_range(const struct json_field *f, int64_t v, const char *unit, struct err *e)
{
	return (v >= f->min && v <= f->max) ||
	       err_set(e, ERR_BAD_JSON, "%s: %" PRId64 "%s, %" PRId64 " to %" PRId64 " are wanted",
		       f->name, v, unit, f->min, f->max);
}

static bool among(struct bytes s, const char *list)
{
	struct bytes rest = bytes_of(list);
	bool more = true;
	while (more)
		if (bytes_equal(bytes_cut(&rest, ',', &more), s))
			return true;
	return false;
}

static bool take_text(const json_t *v, const struct json_field *f, const char **at, struct arena *a,
	struct err *e)
{
	bool sized = f->kind == JSON_TEXT || f->kind == JSON_LONG;
	struct bytes s = { json_string_value(v), json_string_length(v) };
	if (!json_is_string(v) || !text_checks[f->kind](s))
		return wrong_kind(f, e);
	if (f->one_of != NULL && !among(s, f->one_of))
		return err_set(e, ERR_BAD_JSON, "%s: one of %s is wanted", f->name, f->one_of);
	*at = arena_strndup(a, s.p, s.n);
	return !sized || f->one_of != NULL || in_range(f, (int64_t)s.n, " bytes", e);
}

/* Names and values are texts of at most MAP_TEXT bytes. */
static bool take_map(
	json_t *v, const struct json_field *f, struct bytes *at, struct arena *a, struct err *e)
{
	enum { MAP_TEXT = 400 };
	struct buf b = buf_new(a, 256);
	const char *name;
	json_t *m;
	if (!json_is_object(v))
		return wrong_kind(f, e);
	buf_byte(&b, '{');
	json_object_foreach(v, name, m)
	{
		struct bytes key = bytes_of(name),
			     s = { json_string_value(m), json_string_length(m) };
		if (!json_is_string(m) || !is_text(key) || !is_text(s) || key.n > MAP_TEXT ||
			s.n > MAP_TEXT)
			return wrong_kind(f, e);
		if (b.n > 1)
			buf_byte(&b, ',');
		json_put_text(&b, key);
		buf_byte(&b, ':');
		json_put_text(&b, s);
	}
	buf_byte(&b, '}');
	*at = buf_view(&b);
	return in_range(f, (int64_t)json_object_size(v), " members", e);
}

static bool take(json_t *v, const struct json_field *f, void *out, struct arena *a, struct err *e)
{
	void *at = (char *)out + f->offset;
	switch (f->kind) {
	case JSON_TEXT:
	case JSON_LONG:
	case JSON_TOKEN:
	case JSON_DATE:
		return take_text(v, f, at, a, e);
	case JSON_INT64:
		if (!json_is_integer(v))
			return wrong_kind(f, e);
		*(int64_t *)at = json_integer_value(v);
		return in_range(f, *(int64_t *)at, "", e);
	case JSON_FLAG:
		if (!json_is_boolean(v))
			return wrong_kind(f, e);
		*(bool *)at = json_is_true(v);
		return true;
	case JSON_MAP:
		return take_map(v, f, at, a, e);
	}
	return false;
}

/* Does the form hold what nobody else may read? Then no word of what was sent is repeated: a quote
 * in the wrong place makes a member's name of it. */
static bool holds_secret(const struct json_field *fields)
{
	for (; fields->name != NULL; fields++)
		if (fields->secret)
			return true;
	return false;
}

static bool known(const struct json_field *fields, const char *name)
{
	for (; fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return true;
	return false;
}

static bool refuse_unknown(const struct json_field *fields, const char *name, struct arena *a,
	const char **field, struct err *e)
{
	struct bytes text = bytes_of(name);
	if (holds_secret(fields))
		return err_set(e, ERR_BAD_JSON, "a member that the form does not have");
	if (text_is_clean(text) && text.n <= 60)
		*field = arena_strdup(a, name);
	return err_set(e, ERR_BAD_JSON, "%.60s: there is no such member", name);
}

static bool read_members(json_t *object, const struct json_field *fields, void *out,
	struct arena *a, const char **field, struct err *e)
{
	const char *name;
	json_t *v;
	if (!json_is_object(object))
		return err_set(e, ERR_BAD_JSON, "an object { } is wanted");
	json_object_foreach(object, name, v)
	{
		if (!known(fields, name))
			return refuse_unknown(fields, name, a, field, e);
	}
	for (const struct json_field *f = fields; f->name != NULL; f++) {
		v = json_object_get(object, f->name);
		bool ok = v != NULL ? take(v, f, out, a, e)
				    : !f->required ||
					      err_set(e, ERR_BAD_JSON, "%s: missing", f->name);
		if (!ok) {
			*field = f->name;
			return false;
		}
	}
	return true;
}

bool json_read_object(struct bytes text, const struct json_field *fields, void *out,
	struct arena *a, const char **field, struct err *e)
{
	json_error_t why;
	json_t *object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
	if (object == NULL)
		return err_set(e, ERR_BAD_JSON, "line %d, column %d: %s", why.line, why.column,
			holds_secret(fields) ? "not JSON" : why.text);
	bool ok = read_members(object, fields, out, a, field, e);
	json_decref(object);
	return ok;
}

/* ---- writing ------------------------------------------------------------------------------ */

void json_put_text(struct buf *b, struct bytes s)
{
	char escaped[8];
	bool utf8 = text_is_utf8(s);
	buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\') {
			buf_byte(b, '\\');
			buf_byte(b, (char)c);
		} else if (c < ' ' || c == 0x7f) {
			snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)c);
			buf_str(b, escaped);
		} else if (c >= 0x80 && !utf8) {
			buf_str(b, "\xef\xbf\xbd");
		} else {
			buf_byte(b, (char)c);
		}
	}
	buf_byte(b, '"');
}

static void put_name(struct buf *b, const char *name)
{
	if (b->n > 0 && b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
		buf_byte(b, ',');
	buf_byte(b, '"');
	buf_str(b, name);
	buf_str(b, "\":");
}

void json_put_member(struct buf *b, const char *name, struct bytes value)
{
	put_name(b, name);
	json_put_text(b, value);
}

void json_put_number(struct buf *b, const char *name, int64_t value)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%" PRId64, value);
	put_name(b, name);
	buf_str(b, digits);
}

void json_put_flag(struct buf *b, const char *name, bool value)
{
	put_name(b, name);
	buf_str(b, value ? "true" : "false");
}

void json_put_raw(struct buf *b, const char *name, struct bytes json)
{
	put_name(b, name);
	buf_bytes(b, json);
}

void json_put_problem(struct buf *b, const struct json_problem *p)
{
	const struct err *e = p->e;
	const struct err_row *r = err_row(e->code);
	const char *const *remedy = p->remedy != NULL ? p->remedy : r->remedy;
	buf_byte(b, '{');
	json_put_member(b, "type", BYTES("about:blank"));
	json_put_member(b, "title", bytes_of(r->sentence[LANG_EN]));
	json_put_number(b, "status", r->http);
	json_put_member(b, "code", bytes_of(r->name));
	json_put_member(b, "zh", bytes_of(r->sentence[LANG_ZH]));
	json_put_member(b, "en", bytes_of(r->sentence[LANG_EN]));
	json_put_member(b, "remedy_zh", bytes_of(remedy[LANG_ZH]));
	json_put_member(b, "remedy_en", bytes_of(remedy[LANG_EN]));
	json_put_member(b, "where", bytes_of(e->where));
	json_put_member(b, "what", bytes_of(e->what));
	if (p->field != NULL && p->field[0] != '\0')
		json_put_member(b, "field", bytes_of(p->field));
	if (p->who.n > 0)
		json_put_raw(b, "who", p->who);
	buf_byte(b, '}');
}
