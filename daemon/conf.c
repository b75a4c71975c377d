#include "daemon/conf.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/cfgfile.h"
#include "daemon/conf_keys.h"
#include "daemon/policy/settingsfile.h"
#include "daemon/roles.h"
#include "sampler/base/text.h"

enum { CONF_MAX = 1 << 20, LIST_MAX = 64 };

/* Where the value of a key stands in struct conf. */
static void *slot(struct conf *c, const struct conf_key *k)
{
	return (char *)c + k->offset;
}

static const void *slot_of(const struct conf *c, const struct conf_key *k)
{
	return (const char *)c + k->offset;
}

/* ---- values of one key ------------------------------------------------------------------- */

static bool set_int(void *at, const struct conf_key *k, const char *file, const config_setting_t *s,
	struct err *e)
{
	long long v;
	if (!cfg_int(s, &v))
		return cfg_refuse(e, file, s, "%s, an integer is wanted", cfg_type_name(s));
	if (v < k->min || v > k->max)
		return cfg_refuse(e, file, s, "%lld is not between %lld and %lld", v,
			(long long)k->min, (long long)k->max);
	*(int64_t *)at = v;
	return true;
}

static bool set_bool(void *at, const char *file, const config_setting_t *s, struct err *e)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return cfg_refuse(e, file, s, "%s, true or false is wanted", cfg_type_name(s));
	*(bool *)at = config_setting_get_bool(s) != 0;
	return true;
}

/* Position of a word in "debug|info|warning", or -1. */
static int choice_index(const char *choices, const char *word)
{
	size_t n = strlen(word);
	int i = 0;
	for (const char *p = choices; *p != '\0'; p += p[strcspn(p, "|")] == '|', i++) {
		size_t len = strcspn(p, "|");
		if (len == n && memcmp(p, word, n) == 0)
			return i;
		p += len;
	}
	return -1;
}

static const char *choice_word(const char *choices, int64_t i, char *out, size_t size)
{
	for (; i > 0; i--)
		choices += strcspn(choices, "|") + 1;
	snprintf(out, size, "%.*s", (int)strcspn(choices, "|"), choices);
	return out;
}

static const char *text_of(const char *file, const config_setting_t *s, struct err *e)
{
	if (config_setting_type(s) != CONFIG_TYPE_STRING) {
		cfg_refuse(e, file, s, "%s, a string is wanted", cfg_type_name(s));
		return NULL;
	}
	const char *text = config_setting_get_string(s);
	if (text_is_clean(bytes_of(text)))
		return text;
	cfg_refuse(e, file, s, "the string holds a control character");
	return NULL;
}

static bool set_choice(void *at, const struct conf_key *k, const char *file,
	const config_setting_t *s, struct err *e)
{
	const char *text = text_of(file, s, e);
	if (text == NULL)
		return false;
	int i = choice_index(k->form, text);
	if (i < 0)
		return cfg_refuse(e, file, s, "\"%.60s\" is none of %s", text, k->form);
	*(int64_t *)at = i;
	return true;
}

static bool set_text(void *at, struct arena *a, const struct conf_key *k, const char *file,
	const config_setting_t *s, struct err *e)
{
	const char *text = text_of(file, s, e);
	if (text == NULL)
		return false;
	size_t n = strlen(text);
	if ((int64_t)n < k->min || (int64_t)n > k->max)
		return cfg_refuse(e, file, s, "%zu bytes, %lld to %lld are wanted", n,
			(long long)k->min, (long long)k->max);
	*(const char **)at = arena_strdup(a, text);
	return true;
}

static bool set_list(void *at, struct arena *a, const struct conf_key *k, const char *file,
	const config_setting_t *s, struct err *e)
{
	int type = config_setting_type(s);
	if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST)
		return cfg_refuse(e, file, s, "%s, a list of strings is wanted", cfg_type_name(s));
	int n = config_setting_length(s);
	if (n > LIST_MAX)
		return cfg_refuse(e, file, s, "%d members, at most %d are allowed", n, LIST_MAX);
	const char **v = arena_calloc(a, (size_t)n + 1, sizeof *v);
	for (int i = 0; i < n; i++)
		if (!set_text(&v[i], a, k, file, config_setting_get_elem(s, (unsigned)i), e))
			return false;
	*(struct conf_list *)at = (struct conf_list){ (size_t)n, v };
	return true;
}

static bool set_key(struct conf *c, struct arena *a, const struct conf_key *k, const char *file,
	const config_setting_t *s, struct err *e)
{
	void *at = slot(c, k);
	switch (k->type) {
	case KEY_INT:
		return set_int(at, k, file, s, e);
	case KEY_BOOL:
		return set_bool(at, file, s, e);
	case KEY_CHOICE:
		return set_choice(at, k, file, s, e);
	case KEY_TEXT:
	case KEY_PATH:
		return set_text(at, a, k, file, s, e);
	case KEY_LIST:
		return set_list(at, a, k, file, s, e);
	}
	return false;
}

/* ---- the file ---------------------------------------------------------------------------- */

static const struct conf_key *find_key(const char *path)
{
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++)
		if (strcmp(k->name, path) == 0)
			return k;
	return NULL;
}

static bool is_group(const char *path)
{
	size_t n = strlen(path);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++)
		if (strncmp(k->name, path, n) == 0 && k->name[n] == '.')
			return true;
	return false;
}

static bool walk(struct conf *c, struct arena *a, const char *file, const config_setting_t *group,
	struct err *e)
{
	int n = config_setting_length(group);
	for (int i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		char path[200];
		cfg_path(s, path, sizeof path);
		const struct conf_key *k = find_key(path);
		bool is_open = config_setting_type(s) == CONFIG_TYPE_GROUP;
		if (k == NULL && !(is_open && is_group(path)))
			return cfg_refuse(e, file, s, "there is no such setting");
		if (!(k != NULL ? set_key(c, a, k, file, s, e) : walk(c, a, file, s, e)))
			return false;
	}
	return true;
}

/* The defaults go through the same door as the file: a table row that breaks its own range
 * cannot hide. */
static bool set_defaults(struct conf *c, struct arena *a, struct err *e)
{
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		config_t cfg;
		if (!cfg_parse(&cfg, arena_printf(a, "value = %s;", k->value), k->name, e))
			return false;
		bool ok = set_key(c, a, k, k->name, config_lookup(&cfg, "value"), e);
		config_destroy(&cfg);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- paths and rules across keys --------------------------------------------------------- */

static const char *join(struct arena *a, const char *folder, const char *path)
{
	if (path[0] == '/')
		return path;
	return path[0] == '\0' ? path : arena_printf(a, "%s/%s", folder, path);
}

static const char *folder_of(struct arena *a, const char *file)
{
	const char *slash = strrchr(file, '/');
	return slash == NULL || slash == file ? "/"
					      : arena_strndup(a, file, (size_t)(slash - file));
}

static const char *absolute(struct arena *a, const char *file)
{
	char here[PATH_MAX];
	if (file[0] == '/' || getcwd(here, sizeof here) == NULL)
		return arena_strdup(a, file);
	return arena_printf(a, "%s/%s", here, file);
}

static void settle_paths(struct conf *c, struct arena *a)
{
	c->state = join(a, folder_of(a, c->file), c->state);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		const char **path = slot(c, k);
		if (k->type == KEY_PATH && path != &c->state)
			*path = join(a, c->state, *path);
	}
}

static bool refuse_key(struct err *e, const struct conf *c, const char *what)
{
	err_set(e, ERR_CONF, "%s", what);
	return err_at(e, "%s", c->file);
}

static bool witness_form(const char *url)
{
	return strncmp(url, "unix:/", 6) == 0 || strncmp(url, "http://", 7) == 0;
}

static bool key_name_form(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789./-");
	return n > 0 && n <= 64 && name[n] == '\0';
}

/* "" or scheme://host[:port], as browsers write an origin: lower case, nothing behind it. */
static bool origin_form(const char *origin)
{
	const char *host = strstr(origin, "://");
	if (origin[0] == '\0')
		return true;
	if (strncmp(origin, "https://", 8) != 0 && strncmp(origin, "http://", 7) != 0)
		return false;
	host += 3;
	size_t n = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]");
	return n > 0 && host[n] == '\0' && host[0] != ':' && host[n - 1] != ':';
}

static bool field_name_form(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return n > 0 && name[n] == '\0';
}

static bool is_granted_role(const char *token)
{
	const struct role *r = role_by_token(bytes_of(token));
	return r != NULL && r->granted;
}

static uint64_t share(const char *text)
{
	unsigned ppm = 0;
	bool ok = settings_file_percent(text, 1000000, &ppm);
	assert(ok);
	(void)ok;
	return ppm;
}

uint64_t conf_quality_min(const struct conf *c)
{
	return share(c->registers.quality_min);
}

uint64_t conf_class_move_max(const struct conf *c)
{
	return share(c->registers.class_move_max);
}

static bool check_people(const struct conf *c, struct err *e)
{
	if (!origin_form(c->web.origin))
		return refuse_key(e, c,
			"web.origin: https://host[:port] is wanted, in lower case, without a path");
	if (!field_name_form(c->web.proxy_header))
		return refuse_key(e, c, "web.proxy_header: a-z A-Z 0-9 - are wanted");
	for (size_t i = 0; i < c->auth.totp.n; i++)
		if (!is_granted_role(c->auth.totp.v[i]))
			return refuse_key(e, c, "auth.totp: there is no such role");
	return c->auth.idle <= c->auth.absolute ||
	       refuse_key(e, c, "auth.idle: more than auth.absolute");
}

static bool check_rules(const struct conf *c, struct err *e)
{
	static const char loopback[] =
		"web.listen: only 127.0.0.0/8 and ::1 are served without TLS; "
		"put a proxy in front for others";
	if (c->clock.offset_days != 0 && !c->demo)
		return refuse_key(e, c, "clock.offset_days: the clock moves only with demo = true");
	if ((c->test.time != 0 || c->test.secret[0] != '\0' || !c->test.anchors) && !c->demo)
		return refuse_key(e, c,
			"test.time, test.secret, test.anchors = false: only with demo = true");
	unsigned ignored;
	if (!settings_file_percent(c->registers.quality_min, 1000000, &ignored))
		return refuse_key(e, c, "register.quality_min: \"0%\" to \"100%\" is wanted");
	if (!settings_file_percent(c->registers.class_move_max, 1000000, &ignored))
		return refuse_key(e, c, "register.class_move_max: \"0%\" to \"100%\" is wanted");
	if (!key_name_form(c->authority))
		return refuse_key(e, c, "authority: 1 to 64 of a-z 0-9 . / - are wanted");
	if (strncmp(c->web.listen, "127.", 4) != 0 && strcmp(c->web.listen, "::1") != 0)
		return refuse_key(e, c, loopback);
	for (size_t i = 0; i < c->notary.witnesses.n; i++)
		if (!witness_form(c->notary.witnesses.v[i]))
			return refuse_key(e, c,
				"notary.witnesses: unix:/path or http://host:port/prefix is wanted");
	return check_people(c, e);
}

bool conf_parse(struct conf *c, struct arena *a, const char *text, const char *file, struct err *e)
{
	config_t cfg;
	memset(c, 0, sizeof *c);
	c->file = absolute(a, file);
	if (!set_defaults(c, a, e) || !cfg_parse(&cfg, text, file, e))
		return false;
	bool ok = walk(c, a, file, config_root_setting(&cfg), e);
	config_destroy(&cfg);
	if (!ok)
		return false;
	settle_paths(c, a);
	return check_rules(c, e);
}

bool conf_load(struct conf *c, struct arena *a, const char *file, struct err *e)
{
	char *text;
	return cfg_read(&text, a, file, CONF_MAX, e) && conf_parse(c, a, text, file, e);
}

const char *conf_default_file(void)
{
	const char *named = getenv("DRAWD_CONF");
	return named != NULL && named[0] != '\0' ? named : "/etc/drawd/drawd.conf";
}

/* ---- reload ------------------------------------------------------------------------------ */

static bool same_list(const struct conf_list *x, const struct conf_list *y)
{
	bool same = x->n == y->n;
	for (size_t i = 0; same && i < x->n; i++)
		same = strcmp(x->v[i], y->v[i]) == 0;
	return same;
}

static bool same_value(const struct conf_key *k, const void *x, const void *y)
{
	switch (k->type) {
	case KEY_INT:
	case KEY_CHOICE:
		return *(const int64_t *)x == *(const int64_t *)y;
	case KEY_BOOL:
		return *(const bool *)x == *(const bool *)y;
	case KEY_TEXT:
	case KEY_PATH:
		return strcmp(*(const char *const *)x, *(const char *const *)y) == 0;
	case KEY_LIST:
		return same_list(x, y);
	}
	return false;
}

static size_t value_size(enum key_type type)
{
	static const size_t sizes[] = {
		[KEY_INT] = sizeof(int64_t),
		[KEY_CHOICE] = sizeof(int64_t),
		[KEY_BOOL] = sizeof(bool),
		[KEY_TEXT] = sizeof(char *),
		[KEY_PATH] = sizeof(char *),
		[KEY_LIST] = sizeof(struct conf_list),
	};
	return sizes[type];
}

size_t conf_reload(struct conf *c, const struct conf *fresh, const char **named)
{
	size_t frozen = 0;
	*named = NULL;
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		const void *from = slot_of(fresh, k);
		if (same_value(k, slot_of(c, k), from))
			continue;
		if (k->reloadable) {
			memcpy(slot(c, k), from, value_size(k->type));
			continue;
		}
		if (frozen++ == 0)
			*named = k->name;
	}
	return frozen;
}

/* ---- printing ---------------------------------------------------------------------------- */

static void print_quoted(FILE *out, const char *s)
{
	putc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		putc(*s, out);
	}
	putc('"', out);
}

static void print_value(const struct conf *c, const struct conf_key *k, FILE *out)
{
	const void *at = slot_of(c, k);
	const struct conf_list *list = at;
	char word[40];
	switch (k->type) {
	case KEY_INT:
		fprintf(out, "%lld%s", (long long)*(const int64_t *)at,
			*(const int64_t *)at > INT32_MAX ? "L" : "");
		return;
	case KEY_BOOL:
		fputs(*(const bool *)at ? "true" : "false", out);
		return;
	case KEY_CHOICE:
		print_quoted(out, choice_word(k->form, *(const int64_t *)at, word, sizeof word));
		return;
	case KEY_TEXT:
	case KEY_PATH:
		print_quoted(out, *(const char *const *)at);
		return;
	case KEY_LIST:
		fputc('(', out);
		for (size_t i = 0; i < list->n; i++) {
			fputs(i == 0 ? "" : ", ", out);
			print_quoted(out, list->v[i]);
		}
		fputc(')', out);
		return;
	}
}

void conf_print(const struct conf *c, FILE *out)
{
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		fprintf(out, "%s = ", k->name);
		print_value(c, k, out);
		fputs(";\n", out);
	}
}

/* Empty where the type says it all. */
static const char *range_of(const struct conf_key *k, char *out, size_t size)
{
	if (k->type == KEY_INT)
		snprintf(out, size, "%lld … %lld", (long long)k->min, (long long)k->max);
	else
		snprintf(out, size, "%s", k->form != NULL ? k->form : "");
	return out;
}

/* "web" of "web.port"; empty for a key outside groups. */
static int group_length(const char *name)
{
	const char *dot = strchr(name, '.');
	return dot == NULL ? 0 : (int)(dot - name);
}

void conf_print_sample(FILE *out)
{
	const char *open = "";
	int open_n = 0;
	fputs("# drawd.conf: drawd(8), drawd.conf(5). Every key with its default.\n"
	      "# 每个设置及其默认值；去掉行首的 # 即可修改。(r) = SIGHUP 后即生效 / takes effect on SIGHUP\n",
		out);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		int n = group_length(k->name);
		if (n != open_n || strncmp(open, k->name, (size_t)n) != 0) {
			fputs(open_n > 0 ? "};\n" : "", out);
			if (n > 0)
				fprintf(out, "\n%.*s:\n{\n", n, k->name);
			open = k->name;
			open_n = n;
		}
		const char *tab = n > 0 ? "\t" : "";
		char range[80];
		range_of(k, range, sizeof range);
		fprintf(out, "%s%s# %s\n%s# %s", n > 0 ? "" : "\n", tab, k->help[LANG_ZH], tab,
			k->help[LANG_EN]);
		if (range[0] != '\0')
			fprintf(out, " [%s]", range);
		fprintf(out, "%s\n%s#%s = %s;\n", k->reloadable ? " (r)" : "", tab,
			k->name + (n > 0 ? n + 1 : 0), k->value);
	}
	fputs(open_n > 0 ? "};\n" : "", out);
}

void conf_print_man(FILE *out, enum err_lang lang)
{
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		fprintf(out, ".TP\n\\fB%s\\fP = %s\n%s\n", k->name, k->value, k->help[lang]);
		char range[80];
		if (range_of(k, range, sizeof range)[0] != '\0')
			fprintf(out, lang == LANG_ZH ? "取值：%s。\n" : "Values: %s.\n", range);
		if (k->reloadable)
			fputs(lang == LANG_ZH ? "重新加载即生效。\n" : "Reloadable.\n", out);
	}
}

/* ---- database ---------------------------------------------------------------------------- */

/* A value of a libpq connection string: quotes and backslashes escaped. */
static const char *quoted(struct arena *a, const char *s)
{
	struct buf b = buf_new(a, strlen(s) + 8);
	buf_byte(&b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'' || *s == '\\')
			buf_byte(&b, '\\');
		buf_byte(&b, *s);
	}
	buf_byte(&b, '\'');
	return arena_strndup(a, b.p, b.n);
}

const char *conf_conninfo(const struct conf *c, enum conf_role role, struct arena *a)
{
	static const char *const roles[] = {
		[ROLE_OWNER] = "drawd_owner",
		[ROLE_NOTARY] = "drawd_notary",
		[ROLE_WEB] = "drawd_web",
		[ROLE_AUTH] = "drawd_auth",
		[ROLE_WORKER] = "drawd_worker",
		[ROLE_READER] = "drawd_reader",
	};
	return arena_printf(a,
		"host=%s port=%lld dbname=%s user=%s connect_timeout=%lld application_name=%s "
		"client_encoding=UTF8 options='" CONF_OPTIONS "'",
		quoted(a, c->database.host), (long long)c->database.port,
		quoted(a, c->database.name), roles[role], (long long)c->database.timeout,
		roles[role]);
}
