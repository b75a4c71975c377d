/* The forms of values that documents of settings share. */
#include "planner/civil.h"
#include "planner/list.h"
#include "planner/settings.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

static bool read_text(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	*(struct bytes *)at = value;
	return type_check(TYPE_TEXT, value);
}

static bool read_text_or_empty(
	const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_text(s, a, value, at) || value.n == 0;
}

/* What forms are filled in with that have nothing to say. */
bool setting_names_law(struct bytes value)
{
	static const char *const nothing[] = { " ", "　", "-", "—", "/", "无" };
	size_t i = 0;

	while (i < sizeof nothing / sizeof *nothing) {
		struct bytes mark = bytes_of(nothing[i++]);
		if (!bytes_starts(value, mark))
			continue;
		value = (struct bytes){ value.p + mark.n, value.n - mark.n };
		i = 0;
	}
	return value.n > 0;
}

static bool read_basis(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_text(s, a, value, at) && setting_names_law(value);
}

static bool read_basis_or_empty(
	const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_text_or_empty(s, a, value, at) && (value.n == 0 || setting_names_law(value));
}

static bool read_token(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	*(struct bytes *)at = value;
	return text_is_token(value);
}

static bool read_token_or_empty(
	const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_token(s, a, value, at) || value.n == 0;
}

static void write_bytes(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	buf_bytes(out, *(const struct bytes *)at);
}

static bool read_number(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	uint64_t v;

	(void)a;
	if (!text_u64(value, s->max, &v) || v < s->min)
		return false;
	*(uint32_t *)at = (uint32_t)v;
	return true;
}

static void write_number(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	buf_u64(out, *(const uint32_t *)at);
}

static bool read_date(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	return civil_parse(value, at);
}

static void write_date(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	civil_put(out, *(const int32_t *)at);
}

static bool read_choice(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)a;
	for (uint32_t i = 0; s->choice[i] != NULL; i++) {
		if (bytes_is(value, s->choice[i])) {
			*(uint32_t *)at = i;
			return true;
		}
	}
	return false;
}

static void write_choice(const struct setting *s, const void *at, struct buf *out)
{
	buf_str(out, s->choice[*(const uint32_t *)at]);
}

static bool read_flag(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	*(bool *)at = bytes_is(value, "yes");
	return type_check(TYPE_FLAG, value);
}

static void write_flag(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	buf_str(out, *(const bool *)at ? "yes" : "no");
}

static bool read_prefixes(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	return text_is_clean(value) && prefixes_parse(at, a, value);
}

static void write_prefixes(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	list_put(&((const struct prefixes *)at)->list, out);
}

static bool read_tokens_or_all(
	const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	struct list *l = at;

	(void)s;
	if (!list_parse(l, a, value))
		return false;
	for (uint32_t i = 0; i < l->n; i++)
		if (!text_is_token(l->at[i]))
			return false;
	return true;
}

static bool read_tokens(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_tokens_or_all(s, a, value, at) && !((struct list *)at)->all;
}

static bool read_some_tokens(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	return read_tokens(s, a, value, at) && ((struct list *)at)->n > 0;
}

static void write_list(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	list_put(at, out);
}

const struct setting_form setting_text = { "text of 1 to 200 bytes", read_text, write_bytes };
const struct setting_form setting_text_or_empty = { "text of at most 200 bytes", read_text_or_empty,
	write_bytes };
const struct setting_form setting_basis = { "text of 1 to 200 bytes that names the law", read_basis,
	write_bytes };
const struct setting_form setting_basis_or_empty = {
	"text of at most 200 bytes that names the law, or empty", read_basis_or_empty, write_bytes
};
const struct setting_form setting_token = { "token", read_token, write_bytes };
const struct setting_form setting_token_or_empty = { "token, or empty", read_token_or_empty,
	write_bytes };
const struct setting_form setting_number = { "number", read_number, write_number };
const struct setting_form setting_date = { "date YYYY-MM-DD", read_date, write_date };
const struct setting_form setting_choice = { "one of", read_choice, write_choice };
const struct setting_form setting_flag = { "yes or no", read_flag, write_flag };
const struct setting_form setting_prefixes = { "prefix list in ascending order, or *",
	read_prefixes, write_prefixes };
const struct setting_form setting_tokens_or_all = { "list of tokens in ascending order, or *",
	read_tokens_or_all, write_list };
const struct setting_form setting_tokens = { "list of tokens in ascending order", read_tokens,
	write_list };
const struct setting_form setting_some_tokens = { "list of tokens in ascending order, not empty",
	read_some_tokens, write_list };
