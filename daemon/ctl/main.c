/* drawctl: main, from the command line to a verb. */
#include <curl/curl.h>
#include <locale.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/help.h"
#include "daemon/ctl/verbs.h"

/* ---- verbs ---------------------------------------------------------------------------------- */

/* Does the command line begin with these words? How many they are, else 0. */
static size_t begins(const struct options *o, const char *words)
{
	size_t i = 0;
	while (*words != '\0') {
		size_t n = strcspn(words, " ");
		if (i >= o->args || strlen(o->arg[i]) != n || memcmp(o->arg[i], words, n) != 0)
			return 0;
		i++;
		words += n + (words[n] == ' ');
	}
	return i;
}

const struct verb *verb_find(struct options *o)
{
	const struct verb *found = NULL;
	size_t most = 0;
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		size_t n = begins(o, v->words);
		if (n > most) {
			found = v;
			most = n;
		}
	}
	memmove(o->arg, o->arg + most, (o->args - most) * sizeof *o->arg);
	o->args -= most;
	return found;
}

/* Words of v->args: all, and those that may be left out. */
static void count_args(const char *args, size_t *least, size_t *most)
{
	*least = *most = 0;
	while (*args != '\0') {
		size_t n = strcspn(args, " ");
		bool any = n >= 3 && memcmp(args + n - 3, "…", 3) == 0;
		*most = any ? CTL_ARGS : *most + 1;
		*least += args[0] != '[';
		args += n + (args[n] == ' ');
	}
}

static bool args_fit(const struct ctl *c)
{
	size_t least, most;
	count_args(c->verb->args, &least, &most);
	for (size_t i = 0; i < c->o.args; i++)
		if (c->o.arg[i][0] == '\0')
			return false;
	return c->o.args >= least && c->o.args <= most;
}

/* Is every argument one of the words it takes, where it takes only some? One in Chinese becomes the
 * word of the API. */
static bool args_known(struct ctl *c, struct err *e)
{
	const char *p = c->verb->args;
	for (size_t i = 0; i < c->o.args && *p != '\0'; i++) {
		size_t n = strcspn(p, " "), name = strcspn(p, "= ");
		if (name < n) {
			const char *word =
				word_typed(c, arg_place(c, p), p + name + 1, c->o.arg[i]);
			if (word == NULL)
				return err_set(e, ERR_USAGE, "%.*s \"%s\": %.*s", (int)name, p,
					c->o.arg[i], (int)(n - name - 1), p + name + 1);
			c->o.arg[i] = word;
		}
		p += n + (p[n] == ' ');
	}
	return true;
}

/* ---- who and where -------------------------------------------------------------------------- */

/* Chinese unless somebody says otherwise. */
static enum err_lang language(const struct options *o)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	if (o->lang != NULL)
		return strcmp(o->lang, "en") == 0 ? LANG_EN : LANG_ZH;
	for (size_t i = 0; i < 3; i++) {
		const char *v = getenv(names[i]);
		if (v != NULL && v[0] != '\0')
			return strncmp(v, "en", 2) == 0 ? LANG_EN : LANG_ZH;
	}
	return LANG_ZH;
}

static const char *environment(const char *name)
{
	const char *v = getenv(name);
	return v != NULL && v[0] != '\0' ? v : NULL;
}

/* The profile that is meant; nobody's where --socket stands alone, so that no token goes astray. */
static const struct profile *find_profile(
	struct ctl *c, const struct profiles *all, const char *named, struct err *e)
{
	bool standard = all->standard[0] != '\0';
	if (named == NULL && c->o.socket != NULL)
		return NULL;
	if (named == NULL && !standard)
		return profiles_find(all, "default");
	const struct profile *p = profiles_find(all, named != NULL ? named : all->standard);
	if (p == NULL && c->verb->run != ctl_login && c->verb->run != ctl_profile_list)
		err_set(e, ERR_NO_PROFILE, "%s: %s", all->file,
			named != NULL ? named : all->standard);
	return p;
}

/* --socket, --url; the profile's own; $DRAWD_SOCKET; where an installation has it. */
static bool set_address(struct ctl *c, struct err *e)
{
	struct profile *p = &c->profile;
	if (c->o.socket != NULL || c->o.url != NULL)
		p->url = p->socket = p->ca = "";
	if (c->o.url != NULL && !profile_url_ok(c->o.url, e))
		return false;
	if (c->o.url != NULL)
		p->url = c->o.url;
	else if (c->o.socket != NULL)
		p->socket = c->o.socket;
	if (c->o.ca != NULL)
		p->ca = c->o.ca;
	if (p->url[0] != '\0' || p->socket[0] != '\0')
		return true;
	const char *named = environment("DRAWD_SOCKET");
	p->socket = named != NULL ? named : "/var/lib/drawd/run/web.sock";
	return true;
}

static bool choose_profile(struct ctl *c, struct err *e)
{
	struct profiles all;
	const char *named = c->o.profile != NULL ? c->o.profile : environment("DRAWD_PROFILE");
	c->profile = (struct profile){ "", "", "", "", "", "", "" };
	if (!profiles_load(&all, profiles_file(c->o.profiles, c->arena), c->arena, e))
		return false;
	const struct profile *p = find_profile(c, &all, named, e);
	if (e->code != ERR_NONE)
		return false;
	if (p != NULL)
		c->profile = *p;
	return set_address(c, e);
}

/* ---- main ----------------------------------------------------------------------------------- */

static int refuse_usage(struct ctl *c, const char *what)
{
	return tell(c, ERR_USAGE, "%s", what);
}

static int run(struct ctl *c)
{
	struct err e = { 0 };
	if (c->o.help)
		return print_help(c, stdout);
	if (c->o.version) {
		puts("drawctl " DRAWD_VERSION);
		return CTL_OK;
	}
	if (c->o.args == 0) {
		print_page(c, stderr);
		return CTL_USAGE;
	}
	c->verb = verb_find(&c->o);
	if (c->verb == NULL)
		return tell_no_verb(c);
	if (!args_fit(c))
		return refuse_usage(
			c, arena_printf(c->arena, "drawctl %s", usage_of(c->arena, c->verb)));
	if (!args_known(c, &e) || !options_check(&c->o, c->verb->options, &e))
		return tell_error(c, &e);
	/* a verb that asks no route needs to know nobody */
	if (c->verb->routes[0] != '\0' && !choose_profile(c, &e))
		return tell_error(c, &e);
	return c->verb->run(c);
}

int main(int argc, char **argv)
{
	struct ctl c = { .arena = arena_new() };
	struct err e = { 0 };
	int code;
	setlocale(LC_CTYPE, "");
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return CTL_REFUSED;
	if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
		code = complete(&c, argc - 2, argv + 2);
	} else {
		bool ok = options_read(&c.o, argc, argv, &e);
		c.lang = language(&c.o);
		code = ok ? run(&c) : tell_error(&c, &e);
	}
	if (fflush(stdout) != 0 && code == CTL_OK)
		code = CTL_REFUSED;
	client_free(c.client);
	curl_global_cleanup();
	arena_free(c.arena);
	return code;
}
