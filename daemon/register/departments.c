#include "daemon/register/departments.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "sampler/base/text.h"

enum { FILE_MAX = 1 << 20, NAMES_MAX = 4096 };

struct entry {
	struct bytes name, code;
};

struct departments {
	size_t n;
	struct entry *at; /* longest names first */
	bool closed; /* only these are known: */
	size_t code_n;
	struct bytes *code; /* ascending */
};

static int by_length(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int order = (a->name.n < b->name.n) - (a->name.n > b->name.n);
	if (order == 0)
		order = bytes_compare(a->name, b->name);
	return order != 0 ? order : bytes_compare(a->code, b->code);
}

static int by_bytes(const void *x, const void *y)
{
	const struct bytes *a = x, *b = y;
	return bytes_compare(*a, *b);
}

static bool add(struct departments *d, struct arena *a, const char *file, const config_setting_t *s,
	int i, struct err *e)
{
	const char *name = config_setting_get_string_elem(s, i);
	const char *code = config_setting_name(s);
	if (name == NULL || name[0] == '\0' || !text_is_clean(bytes_of(name)))
		return cfg_refuse(e, file, s, "a list of names is wanted, none of them empty");
	if (d->n == NAMES_MAX)
		return cfg_refuse(e, file, s, "at most %d names are taken", NAMES_MAX);
	for (size_t k = 0; k < d->n; k++)
		if (bytes_is(d->at[k].name, name))
			return cfg_refuse(e, file, s, "the name %s stands here twice", name);
	d->at[d->n++] =
		(struct entry){ bytes_of(arena_strdup(a, name)), bytes_of(arena_strdup(a, code)) };
	return true;
}

static bool add_department(struct departments *d, struct arena *a, const char *file,
	const config_setting_t *s, struct err *e)
{
	int type = config_setting_type(s);
	if (!text_is_token(bytes_of(config_setting_name(s))))
		return cfg_refuse(e, file, s, "a department code is 1 to 32 of a-z 0-9 -");
	if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST)
		return cfg_refuse(e, file, s, "%s, a list of names is wanted", cfg_type_name(s));
	for (int i = 0; i < config_setting_length(s); i++)
		if (!add(d, a, file, s, i, e))
			return false;
	return true;
}

static bool add_all(struct departments *d, struct arena *a, const char *file,
	const config_setting_t *root, struct err *e)
{
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		if (strcmp(config_setting_name(s), "departments") != 0 ||
			config_setting_type(s) != CONFIG_TYPE_GROUP)
			return cfg_refuse(e, file, s, "only the group departments is wanted here");
		for (int k = 0; k < config_setting_length(s); k++)
			if (!add_department(d, a, file, config_setting_get_elem(s, (unsigned)k), e))
				return false;
	}
	return true;
}

bool departments_parse(struct departments **out, struct arena *a, const char *text,
	const char *file, struct err *e)
{
	config_t cfg;
	if (!cfg_parse(&cfg, text, file, e))
		return false;
	struct departments *d = arena_calloc(a, 1, sizeof *d);
	d->at = arena_calloc(a, NAMES_MAX, sizeof *d->at);
	bool ok = add_all(d, a, file, config_root_setting(&cfg), e);
	config_destroy(&cfg);
	if (d->n > 0)
		qsort(d->at, d->n, sizeof *d->at, by_length);
	*out = d;
	return ok;
}

bool departments_load(struct departments **out, struct arena *a, const char *file, struct err *e)
{
	char *text;
	return cfg_read(&text, a, file, FILE_MAX, e) && departments_parse(out, a, text, file, e);
}

void departments_know(struct departments **d, struct arena *a, struct bytes lines)
{
	struct departments *old = *d, *all = arena_calloc(a, 1, sizeof *all);
	size_t n = 0, old_n = old != NULL ? old->n : 0;
	for (size_t i = 0; i < lines.n; i++)
		n += lines.p[i] == '\n';
	all->closed = true;
	all->at = arena_calloc(a, n + old_n + 1, sizeof *all->at);
	all->code = arena_calloc(a, n + 1, sizeof *all->code);
	for (bool more = true; n > 0 && more;) {
		bool named = false;
		struct bytes name = bytes_cut(&lines, '\n', &more);
		struct bytes code = bytes_cut(&name, '\t', &named);
		if (code.n > 0)
			all->code[all->code_n++] = code;
		if (named && name.n > 0)
			all->at[all->n++] = (struct entry){ name, code };
	}
	for (size_t i = 0; i < old_n; i++)
		all->at[all->n++] = old->at[i];
	if (all->n > 0)
		qsort(all->at, all->n, sizeof *all->at, by_length);
	if (all->code_n > 0)
		qsort(all->code, all->code_n, sizeof *all->code, by_bytes);
	*d = all;
}

static bool is_known(const struct departments *d, struct bytes code)
{
	return d == NULL || !d->closed ||
	       (d->code_n > 0 && bsearch(&code, d->code, d->code_n, sizeof code, by_bytes) != NULL);
}

bool departments_code(const struct departments *d, struct bytes name, struct bytes *code)
{
	struct bytes found = text_is_token(name) ? name : BYTES("");
	size_t longest = 0, n = d != NULL && found.n == 0 ? d->n : 0;
	for (size_t i = 0; i < n && d->at[i].name.n >= longest; i++) {
		struct bytes s = d->at[i].name;
		if (s.n > name.n || memmem(name.p, name.n, s.p, s.n) == NULL)
			continue;
		if (longest > 0 && !bytes_equal(found, d->at[i].code))
			return false;
		longest = s.n;
		found = d->at[i].code;
	}
	if (found.n == 0 || !is_known(d, found))
		return false;
	*code = found;
	return true;
}
