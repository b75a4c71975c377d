#include "daemon/departments.h"

#include <string.h>

#include "daemon/cfgfile.h"
#include "sampler/base/text.h"

enum { FILE_MAX = 1 << 20, NAMES_MAX = 4096 };

struct entry {
	struct bytes name, code;
};

struct departments {
	size_t n;
	struct entry *at;
};

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
	*out = d;
	return ok;
}

bool departments_load(struct departments **out, struct arena *a, const char *file, struct err *e)
{
	char *text;
	return cfg_read(&text, a, file, FILE_MAX, e) && departments_parse(out, a, text, file, e);
}

bool departments_code(const struct departments *d, struct bytes name, struct bytes *code)
{
	size_t longest = 0;
	if (text_is_token(name)) {
		*code = name;
		return true;
	}
	for (size_t i = 0; d != NULL && i < d->n; i++) {
		struct bytes s = d->at[i].name;
		if (s.n > longest && memmem(name.p, name.n, s.p, s.n) != NULL) {
			longest = s.n;
			*code = d->at[i].code;
		}
	}
	return longest > 0;
}
