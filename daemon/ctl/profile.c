#include "daemon/ctl/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/cfgfile.h"
#include "daemon/keys.h"
#include "daemon/secret.h"
#include "sampler/base/bytes.h"

/* ---- where ---------------------------------------------------------------------------------- */

const char *profiles_file(const char *option, struct arena *a)
{
	const char *named = getenv("DRAWD_PROFILES"), *config = getenv("XDG_CONFIG_HOME"),
		   *home = getenv("HOME");
	if (option != NULL)
		return option;
	if (named != NULL && named[0] != '\0')
		return named;
	if (config != NULL && config[0] == '/')
		return arena_printf(a, "%s/drawd/profiles.conf", config);
	return arena_printf(a, "%s/.config/drawd/profiles.conf", home != NULL ? home : "");
}

/* ---- read ----------------------------------------------------------------------------------- */

static bool read_fd(int fd, const char *file, struct arena *a, char **text, struct err *e)
{
	struct buf b = buf_new(a, 4096);
	char piece[4096];
	ssize_t n = 0;
	while (b.n <= PROFILES_MAX && (n = read(fd, piece, sizeof piece)) > 0)
		buf_put(&b, piece, (size_t)n);
	if (n < 0)
		return err_set(e, ERR_FILE, "%s: %s", file, strerror(errno));
	if (b.n > PROFILES_MAX || memchr(b.p, '\0', b.n) != NULL)
		return err_set(e, ERR_CONF, "%s: too large, or a NUL byte", file);
	*text = arena_strndup(a, b.p, b.n);
	return true;
}

/* What is read is what was looked at: both by the same descriptor; a pipe that nobody writes to is
 * not waited for. *text is NULL where there is no
 * file. */
static bool read_private(const char *file, struct arena *a, char **text, struct err *e)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool ok = false;
	*text = NULL;
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0 || fstat(fd, &st) != 0)
		err_set(e, ERR_FILE, "%s: %s", file, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err_set(e, ERR_FILE, "%s: not a file", file);
	else if (st.st_uid != geteuid())
		err_set(e, ERR_PROFILES_OPEN, "%s: uid %u", file, (unsigned)st.st_uid);
	else if ((st.st_mode & 077) != 0)
		err_set(e, ERR_PROFILES_OPEN, "%s: mode %04o, 0600 is wanted", file,
			(unsigned)st.st_mode & 07777U);
	else
		ok = read_fd(fd, file, a, text, e);
	if (fd >= 0)
		close(fd);
	return ok;
}

static const struct {
	const char *name;
	size_t offset;
} members[] = {
	{ "name", offsetof(struct profile, name) },
	{ "account", offsetof(struct profile, account) },
	{ "socket", offsetof(struct profile, socket) },
	{ "url", offsetof(struct profile, url) },
	{ "ca", offsetof(struct profile, ca) },
	{ "token", offsetof(struct profile, token) },
	{ "device", offsetof(struct profile, device) },
};
enum { MEMBERS = sizeof members / sizeof *members };

static const char **member(struct profile *p, size_t i)
{
	return (const char **)(void *)((char *)p + members[i].offset);
}

static struct profile empty_profile(void)
{
	struct profile p;
	for (size_t i = 0; i < MEMBERS; i++)
		*member(&p, i) = "";
	return p;
}

static bool read_member(struct profile *p, const config_setting_t *s, const char *file,
	struct arena *a, struct err *e)
{
	const char *name = config_setting_name(s);
	for (size_t i = 0; i < MEMBERS; i++) {
		if (strcmp(members[i].name, name) != 0)
			continue;
		const char *text = config_setting_get_string(s);
		if (text == NULL)
			return cfg_refuse(e, file, s, "a string is wanted");
		*member(p, i) = arena_strdup(a, text);
		return true;
	}
	return cfg_refuse(e, file, s,
		"not a setting of a profile (name, account, socket, url, ca, token, device)");
}

static bool read_profile(struct profile *p, const config_setting_t *s, const char *file,
	struct arena *a, struct err *e)
{
	*p = empty_profile();
	if (!config_setting_is_group(s))
		return cfg_refuse(e, file, s, "{ name = …; … } is wanted");
	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++)
		if (!read_member(p, config_setting_get_elem(s, i), file, a, e))
			return false;
	if (p->name[0] == '\0')
		return cfg_refuse(e, file, s, "a profile has a name");
	if (p->socket[0] != '\0' && p->url[0] != '\0')
		return cfg_refuse(e, file, s, "a profile has a socket or a url, not both");
	if (p->url[0] != '\0' && !profile_url_ok(p->url, e))
		return err_at(e, "%s:%u", file, (unsigned)config_setting_source_line(s));
	return true;
}

static bool read_profiles(struct profiles *p, const config_setting_t *list, const char *file,
	struct arena *a, struct err *e)
{
	int n = config_setting_length(list);
	if (!config_setting_is_list(list))
		return cfg_refuse(e, file, list, "( { … }, … ) is wanted");
	p->all = arena_calloc(a, (size_t)n + 1, sizeof *p->all);
	for (unsigned i = 0; i < (unsigned)n; i++) {
		const config_setting_t *s = config_setting_get_elem(list, i);
		struct profile one;
		if (!read_profile(&one, s, file, a, e))
			return false;
		if (profiles_find(p, one.name) != NULL)
			return cfg_refuse(e, file, s, "another profile is called \"%s\"", one.name);
		p->all[p->n++] = one;
	}
	return true;
}

static bool read_root(
	struct profiles *p, const config_t *cfg, const char *file, struct arena *a, struct err *e)
{
	const config_setting_t *root = config_root_setting(cfg);
	for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, i);
		const char *name = config_setting_name(s), *text = config_setting_get_string(s);
		if (strcmp(name, "default") == 0 && text != NULL)
			p->standard = arena_strdup(a, text);
		else if (strcmp(name, "profiles") != 0)
			return cfg_refuse(e, file, s, "default = \"…\" and profiles = ( … ) only");
		else if (!read_profiles(p, s, file, a, e))
			return false;
	}
	return true;
}

bool profiles_load(struct profiles *p, const char *file, struct arena *a, struct err *e)
{
	config_t cfg;
	char *text;
	*p = (struct profiles){ .file = file, .standard = "" };
	if (!read_private(file, a, &text, e))
		return false;
	if (text == NULL)
		return true;
	if (!cfg_parse(&cfg, text, file, e))
		return false;
	bool ok = read_root(p, &cfg, file, a, e);
	config_destroy(&cfg);
	return ok;
}

struct profile *profiles_find(const struct profiles *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->all[i].name, name) == 0)
			return &p->all[i];
	return NULL;
}

/* ---- write ---------------------------------------------------------------------------------- */

void profiles_put(struct profiles *p, const struct profile *profile, struct arena *a)
{
	struct profile *there = profiles_find(p, profile->name);
	if (there == NULL) {
		struct profile *all = arena_calloc(a, p->n + 1, sizeof *all);
		if (p->n > 0)
			memcpy(all, p->all, p->n * sizeof *all);
		p->all = all;
		there = &all[p->n++];
	}
	*there = *profile;
}

static void put_string(struct buf *b, const char *text)
{
	buf_byte(b, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_byte(b, '\\');
		buf_byte(b, *text);
	}
	buf_byte(b, '"');
}

static void put_profile(struct buf *b, struct profile *p)
{
	buf_str(b, "\t{");
	for (size_t i = 0; i < MEMBERS; i++) {
		if ((*member(p, i))[0] == '\0')
			continue;
		buf_str(b, " ");
		buf_str(b, members[i].name);
		buf_str(b, " = ");
		put_string(b, *member(p, i));
		buf_byte(b, ';');
	}
	buf_str(b, " }");
}

/* The folders above, 0700 where they are new. */
static bool make_folder(const char *file, struct arena *a, struct err *e)
{
	char *path = arena_strdup(a, file);
	for (char *slash = path; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return err_set(e, ERR_FILE, "%s: %s", path, strerror(errno));
	}
	return true;
}

bool profiles_store(const struct profiles *p, struct arena *a, struct err *e)
{
	struct buf b = buf_new(a, 4096);
	if (p->standard[0] != '\0') {
		buf_str(&b, "default = ");
		put_string(&b, p->standard);
		buf_str(&b, ";\n");
	}
	buf_str(&b, "profiles = (\n");
	for (size_t i = 0; i < p->n; i++) {
		put_profile(&b, &p->all[i]);
		buf_str(&b, i + 1 < p->n ? ",\n" : "\n");
	}
	buf_str(&b, ");\n");
	bool ok = make_folder(p->file, a, e) && keys_write(p->file, buf_view(&b), 0600, e);
	secret_wipe(buf_view(&b));
	return ok;
}

/* ---- addresses ------------------------------------------------------------------------------ */

bool profile_url_ok(const char *url, struct err *e)
{
	static const char *const here[] = { "localhost", "127.0.0.1", "[::1]" };
	static const char plain[] = "http://", safe[] = "https://";
	bool encrypted = strncmp(url, safe, sizeof safe - 1) == 0;
	if (!encrypted && strncmp(url, plain, sizeof plain - 1) != 0)
		return err_set(e, ERR_CONF, "url \"%s\": https://…", url);
	const char *host = strstr(url, "//") + 2;
	if (strpbrk(url, " \t\r\n\"<>\\^`{|}") != NULL || host[strcspn(host, "@/?#")] == '@' ||
		strpbrk(host, "?#") != NULL || strchr(":/", host[0]) != NULL)
		return err_set(e, ERR_CONF, "url \"%s\"", url);
	if (encrypted)
		return true;
	size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	for (size_t i = 0; i < sizeof here / sizeof *here; i++)
		if (strlen(here[i]) == n && strncmp(here[i], host, n) == 0)
			return true;
	return err_set(e, ERR_CLEAR_TEXT, "%s", url);
}
