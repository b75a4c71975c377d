#include "daemon/policy/settingsfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "sampler/base/text.h"

enum { ROWS_MAX = 20000, PATH_ROOM = 200 };

/* A setting and where it stands; groups are kept too, for errors about what is missing. */
struct place {
	const char *path;
	unsigned line;
};

struct compiler {
	const struct settings_file_form *form;
	struct arena *arena;
	const char *file;
	struct setting_row *rows;
	struct place *places;
	size_t n, places_n;
	struct err *e;
};

bool settings_file_percent(const char *text, unsigned max, unsigned *ppm)
{
	unsigned long whole = 0, part = 0, unit = 10000;
	const char *p = text;
	size_t digits = strspn(p, "0123456789");
	if (digits < 1 || digits > 5 || (digits > 1 && p[0] == '0'))
		return false;
	for (; digits > 0; digits--)
		whole = whole * 10 + (unsigned long)(*p++ - '0');
	if (*p == '.') {
		size_t n = strspn(++p, "0123456789");
		if (n < 1 || n > 4)
			return false;
		for (; n > 0; n--, unit /= 10)
			part += (unsigned long)(*p++ - '0') * (unit / 10);
	}
	if (strcmp(p, "%") != 0 || whole * 10000 + part > max)
		return false;
	*ppm = (unsigned)(whole * 10000 + part);
	return true;
}

/* ---- values ------------------------------------------------------------------------------ */

static bool refuse(struct compiler *c, const config_setting_t *s, const char *reason)
{
	return cfg_refuse(c->e, c->file, s, "%s", reason);
}

static int compare_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool list_value(struct compiler *c, const config_setting_t *s, const char **value)
{
	size_t n = (size_t)config_setting_length(s);
	const char **v = arena_calloc(c->arena, n + 1, sizeof *v);
	for (size_t i = 0; i < n; i++) {
		v[i] = config_setting_get_string_elem(s, (int)i);
		if (v[i] == NULL || v[i][0] == '\0' || strchr(v[i], ',') != NULL)
			return refuse(c, s, "a list holds strings, not empty and without commas");
	}
	qsort(v, n, sizeof *v, compare_text);
	struct buf b = buf_new(c->arena, 64);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(v[i - 1], v[i]) == 0)
			return cfg_refuse(c->e, c->file, s, "\"%.60s\" stands twice", v[i]);
		if (i > 0)
			buf_byte(&b, ',');
		buf_str(&b, v[i]);
	}
	*value = arena_strndup(c->arena, b.p, b.n);
	return true;
}

/* Does the path fit the pattern? `*` stands for one part between dots. */
static bool fits(const char *path, const char *pattern)
{
	for (;;) {
		size_t n = strcspn(path, "."), m = strcspn(pattern, ".");
		bool any = m == 1 && pattern[0] == '*';
		if (!any && (n != m || strncmp(path, pattern, n) != 0))
			return false;
		if (path[n] == '\0' || pattern[m] == '\0')
			return path[n] == pattern[m];
		path += n + 1;
		pattern += m + 1;
	}
}

static const struct settings_file_share *share_of(const struct compiler *c, const char *path)
{
	for (size_t i = 0; i < c->form->shares; i++)
		if (fits(path, c->form->share[i].pattern))
			return &c->form->share[i];
	return NULL;
}

static bool share_value(struct compiler *c, const config_setting_t *s,
	const struct settings_file_share *share, const char **value)
{
	unsigned ppm;
	const char *text = config_setting_get_string(s);
	if (text != NULL && settings_file_percent(text, share->max, &ppm)) {
		*value = arena_printf(c->arena, "%u", ppm);
		return true;
	}
	char path[PATH_ROOM];
	err_set(c->e, ERR_BAD_RATIO, "%s: %.40s%s%u%%\"", cfg_path(s, path, sizeof path),
		text != NULL ? text : cfg_type_name(s), ", wanted \"2.5%\" up to \"",
		share->max / 10000);
	return err_at(c->e, "%s:%u", c->file, (unsigned)config_setting_source_line(s));
}

static bool scalar_value(struct compiler *c, const config_setting_t *s, const char **value)
{
	long long number;
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_BOOL:
		*value = config_setting_get_bool(s) ? "yes" : "no";
		return true;
	case CONFIG_TYPE_STRING:
		*value = arena_strdup(c->arena, config_setting_get_string(s));
		return text_is_clean(bytes_of(*value)) ||
		       refuse(c, s, "the string holds a control character");
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		return list_value(c, s, value);
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		if (!cfg_int(s, &number) || number < 0)
			return refuse(c, s, "the number is negative");
		*value = arena_printf(c->arena, "%lld", number);
		return true;
	default:
		return refuse(c, s, "a decimal fraction; write a ratio as a string, \"2.5%\"");
	}
}

/* ---- rows -------------------------------------------------------------------------------- */

static bool note_place(struct compiler *c, const config_setting_t *s, const char *path)
{
	if (c->places_n == ROWS_MAX)
		return refuse(c, s, "there are too many settings");
	c->places[c->places_n++] = (struct place){ path, (unsigned)config_setting_source_line(s) };
	return true;
}

static bool has_row(const struct compiler *c, const char *path)
{
	for (size_t i = c->n; i-- > 0;)
		if (bytes_is(c->rows[i].path, path))
			return true;
	return false;
}

/* One setting under the path it stands for, which in `defaults` is not the one where it stands. */
static bool add_setting(struct compiler *c, const config_setting_t *s, const char *path)
{
	const char *value = "";
	if (!note_place(c, s, path))
		return false;
	const struct settings_file_share *share = share_of(c, path);
	if (!(share != NULL ? share_value(c, s, share, &value) : scalar_value(c, s, &value)))
		return false;
	if (c->n == ROWS_MAX)
		return refuse(c, s, "there are too many settings");
	c->rows[c->n++] = (struct setting_row){ bytes_of(path), bytes_of(value) };
	return true;
}

static bool add_group(struct compiler *c, const config_setting_t *g, const char *prefix, bool fill);

/* Groups without names, "( { … }, { … } )", are numbered from 1. */
static bool is_numbered(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_LIST && config_setting_length(s) > 0 &&
	       config_setting_type(config_setting_get_elem(s, 0)) == CONFIG_TYPE_GROUP;
}

static bool add_numbered(
	struct compiler *c, const config_setting_t *list, const char *prefix, bool fill)
{
	for (int i = 0; i < config_setting_length(list); i++) {
		const config_setting_t *g = config_setting_get_elem(list, (unsigned)i);
		const char *path = arena_printf(c->arena, "%s.%d", prefix, i + 1);
		if (config_setting_type(g) != CONFIG_TYPE_GROUP)
			return refuse(c, g, "a group is wanted, like the first of the list");
		if ((!fill && !note_place(c, g, path)) || !add_group(c, g, path, fill))
			return false;
	}
	return true;
}

/* A setting, or all that stands in a group. fill: only what is not there yet. */
static bool add_any(struct compiler *c, const config_setting_t *s, const char *path, bool fill)
{
	if (config_setting_type(s) == CONFIG_TYPE_GROUP)
		return (fill || note_place(c, s, path)) && add_group(c, s, path, fill);
	if (is_numbered(s))
		return (fill || note_place(c, s, path)) && add_numbered(c, s, path, fill);
	return (fill && has_row(c, path)) || add_setting(c, s, path);
}

static bool add_group(struct compiler *c, const config_setting_t *g, const char *prefix, bool fill)
{
	int n = config_setting_length(g);
	for (int i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(g, (unsigned)i);
		const char *path = arena_printf(c->arena, "%s.%s", prefix, config_setting_name(s));
		if (!add_any(c, s, path, fill))
			return false;
	}
	return true;
}

/* What `defaults.task` says, for every member of `task` that does not say it itself. */
static bool add_defaults(struct compiler *c, const config_t *cfg, const char *kind)
{
	char name[40];
	snprintf(name, sizeof name, "defaults.%s", kind);
	const config_setting_t *defaults = config_lookup(cfg, name);
	const config_setting_t *members = config_lookup(cfg, kind);
	if (defaults == NULL || members == NULL)
		return true;
	if (config_setting_type(defaults) != CONFIG_TYPE_GROUP)
		return refuse(c, defaults, "a group is wanted");
	for (int i = 0; i < config_setting_length(members); i++) {
		const config_setting_t *m = config_setting_get_elem(members, (unsigned)i);
		if (config_setting_type(m) == CONFIG_TYPE_GROUP &&
			!add_group(c, defaults,
				arena_printf(c->arena, "%s.%s", kind, config_setting_name(m)),
				true))
			return false;
	}
	return true;
}

static bool check_defaults(struct compiler *c, const config_setting_t *defaults)
{
	if (config_setting_type(defaults) != CONFIG_TYPE_GROUP)
		return refuse(c, defaults, "a group is wanted");
	for (int i = 0; i < config_setting_length(defaults); i++) {
		const config_setting_t *s = config_setting_get_elem(defaults, (unsigned)i);
		const char *const *o = c->form->owner;
		while (*o != NULL && strcmp(config_setting_name(s), *o) != 0)
			o++;
		if (*o == NULL)
			return refuse(c, s, "there are no defaults for this");
	}
	return true;
}

static bool add_all(struct compiler *c, const config_t *cfg, const char **title)
{
	const config_setting_t *root = config_root_setting(cfg);
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(s);
		bool ok;
		if (strcmp(name, "title") == 0)
			ok = scalar_value(c, s, title);
		else if (strcmp(name, "defaults") == 0)
			ok = check_defaults(c, s);
		else
			ok = add_any(c, s, name, false);
		if (!ok)
			return false;
	}
	for (const char *const *o = c->form->owner; *o != NULL; o++)
		if (!add_defaults(c, cfg, *o))
			return false;
	return true;
}

static void fill_one(struct compiler *c, const char *path, const char *value)
{
	if (c->n < ROWS_MAX && !has_row(c, path))
		c->rows[c->n++] = (struct setting_row){ bytes_of(path), bytes_of(value) };
}

/* What means nothing where it is left out. */
static void fill(struct compiler *c, const config_t *cfg)
{
	for (size_t k = 0; k < c->form->fills; k++) {
		const struct settings_file_fill *f = &c->form->fill[k];
		if (f->owner == NULL) {
			fill_one(c, f->name, f->value);
			continue;
		}
		const config_setting_t *of = config_lookup(cfg, f->owner);
		for (int i = 0; of != NULL && i < config_setting_length(of); i++) {
			const char *name =
				config_setting_name(config_setting_get_elem(of, (unsigned)i));
			fill_one(c,
				arena_printf(
					c->arena, "%s.%s.%s", f->owner, name ? name : "", f->name),
				f->value);
		}
	}
}

/* ---- errors about paths become places in the file ---------------------------------------- */

static bool is_path_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-';
}

/* How much of the longest path named in `text` the setting at `place` covers. */
static size_t covers(const char *text, const char *place)
{
	size_t n = strlen(place);
	for (const char *p = text; (p = strstr(p, place)) != NULL; p++) {
		bool starts = p == text || !is_path_char(p[-1]);
		if (starts && (!is_path_char(p[n]) || p[n] == '.'))
			return n;
	}
	return 0;
}

static void locate(const struct compiler *c)
{
	size_t best = 0;
	unsigned line = 0;
	for (size_t i = 0; i < c->places_n; i++) {
		size_t n = covers(c->e->where, c->places[i].path);
		size_t m = covers(c->e->what, c->places[i].path);
		n = n > m ? n : m;
		if (n > best) {
			best = n;
			line = c->places[i].line;
		}
	}
	if (line > 0)
		err_at(c->e, "%s:%u", c->file, line);
	else
		err_at(c->e, "%s", c->file);
}

static struct bytes canonical(struct compiler *c)
{
	struct buf b = buf_new(c->arena, 16384);
	for (size_t i = 0; i < c->n; i++) {
		buf_bytes(&b, c->rows[i].path);
		buf_byte(&b, '\t');
		buf_bytes(&b, c->rows[i].value);
		buf_byte(&b, '\n');
	}
	return buf_view(&b);
}

static bool compile(struct compiler *c, struct settings_file *out, const config_t *cfg,
	settings_check_fn *check, void *ctx)
{
	out->title = "";
	if (!add_all(c, cfg, &out->title))
		return false;
	fill(c, cfg);
	settings_sort(c->rows, c->n);
	if (!check(ctx, c->arena, c->rows, c->n, c->e)) {
		locate(c);
		return false;
	}
	out->row = c->rows;
	out->n = c->n;
	out->rows = canonical(c);
	return true;
}

bool settings_file_parse(struct settings_file *out, const struct settings_file_form *form,
	struct arena *a, const char *text, const char *file, settings_check_fn *check, void *ctx,
	struct err *e)
{
	config_t cfg;
	if (!cfg_parse(&cfg, text, file, e))
		return false;
	struct compiler c = { .form = form, .arena = a, .file = file, .e = e };
	c.rows = arena_calloc(a, ROWS_MAX, sizeof *c.rows);
	c.places = arena_calloc(a, ROWS_MAX, sizeof *c.places);
	bool ok = compile(&c, out, &cfg, check, ctx);
	config_destroy(&cfg);
	return ok;
}
