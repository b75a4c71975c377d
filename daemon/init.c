#include "daemon/init.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/keys.h"
#include "daemon/process.h"
#include "sampler/trust.h"

enum { ATTESTERS_MAX = 16 };

struct init {
	struct arena *a;
	const char *folder, *authority, *database, *name, *port, *calendar, *labels, *departments;
	bool demo;
	const char *attester[ATTESTERS_MAX]; /* token=vkey */
	size_t attesters;
	struct vkey log, operator, witness;
};

static const struct {
	const char *name;
	size_t offset;
} options[] = {
	{ "--authority", offsetof(struct init, authority) },
	{ "--database", offsetof(struct init, database) },
	{ "--name", offsetof(struct init, name) },
	{ "--port", offsetof(struct init, port) },
	{ "--calendar", offsetof(struct init, calendar) },
	{ "--labels", offsetof(struct init, labels) },
	{ "--departments", offsetof(struct init, departments) },
};

/* Folders, their modes, and the users they are for where root sets up distinct ones. */
static const struct {
	const char *name;
	mode_t mode;
	const char *owner;
	const char *asker; /* whose group reaches the socket in it; NULL: the owner's */
	bool demo;
} folders[] = {
	{ "", 0755, NULL, NULL, false },
	{ "/keys", 0700, "drawd-notary", NULL, false },
	{ "/run", 0755, "drawd-web", NULL, false },
	/* a socket gets the group of the folder (daemon/peer.h); the files are 0600 */
	{ "/auth", 02710, "drawd-auth", "drawd-web", false },
	{ "/personal", 0700, "drawd-worker", NULL, false },
	{ "/clues", 0700, "drawd-web", NULL, false },
	{ "/witness", 02710, "drawd-witness", "drawd-notary", true },
	{ "/attesters", 0700, NULL, NULL, true },
};

/* ---- arguments --------------------------------------------------------------------------- */

static bool set_option(struct init *i, const char *option, const char *value)
{
	if (strcmp(option, "--attester") == 0 && i->attesters < ATTESTERS_MAX) {
		i->attester[i->attesters++] = value;
		return true;
	}
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		if (strcmp(options[k].name, option) == 0) {
			*(const char **)(void *)((char *)i + options[k].offset) = value;
			return true;
		}
	}
	return false;
}

static bool read_args(struct init *i, int argc, char **argv, struct err *e)
{
	for (int k = 1; k < argc; k++) {
		if (strcmp(argv[k], "--demo") == 0)
			i->demo = true;
		else if (argv[k][0] != '-' && i->folder == NULL)
			i->folder = argv[k];
		else if (argv[k][0] != '-' || k + 1 >= argc || !set_option(i, argv[k], argv[k + 1]))
			return err_set(e, ERR_USAGE, "init: %s", argv[k]);
		else
			k++;
	}
	if (i->folder == NULL)
		return err_set(e, ERR_USAGE, "init FOLDER");
	return true;
}

/* ---- folders and keys -------------------------------------------------------------------- */

static void give_to(const char *path, const char *user)
{
	const struct passwd *pw = user != NULL && geteuid() == 0 ? getpwnam(user) : NULL;
	if (pw != NULL && chown(path, pw->pw_uid, pw->pw_gid) != 0)
		fprintf(stderr, "drawd: %s: %s\n", path, strerror(errno));
}

static void give_group(const char *path, const char *user)
{
	const struct passwd *pw = user != NULL && geteuid() == 0 ? getpwnam(user) : NULL;
	if (pw != NULL && chown(path, (uid_t)-1, pw->pw_gid) != 0)
		fprintf(stderr, "drawd: %s: %s\n", path, strerror(errno));
}

static bool make_folders(struct init *i, struct err *e)
{
	for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
		const char *path = arena_printf(i->a, "%s%s", i->folder, folders[k].name);
		if (folders[k].demo && !i->demo)
			continue;
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			return err_set(e, ERR_FILE, "%s: %s", path, strerror(errno));
		give_to(path, folders[k].owner);
		give_group(path, folders[k].asker);
		if (k > 0 && chmod(path, folders[k].mode) != 0)
			return err_set(e, ERR_FILE, "%s: %s", path, strerror(errno));
	}
	return true;
}

static bool make_key(struct init *i, const char *file, const char *role, const char *owner,
	enum note_type type, struct vkey *out, struct err *e)
{
	const char *path = arena_printf(i->a, "%s/%s", i->folder, file);
	const char *name =
		role[0] == '\0' ? i->authority : arena_printf(i->a, "%s/%s", i->authority, role);
	if (!keys_make_signer(path, name, type, out, e))
		return err_at(e, "%s", file);
	give_to(path, owner);
	return true;
}

static bool make_attesters(struct init *i, struct err *e)
{
	static const char *const tokens[] = { "notary-office", "supervision" };
	if (!i->demo || i->attesters > 0)
		return true;
	for (size_t k = 0; k < sizeof tokens / sizeof *tokens; k++) {
		struct vkey key;
		struct buf line = buf_new(i->a, 256);
		const char *file = arena_printf(i->a, "attesters/%s.key", tokens[k]);
		if (!make_key(i, file, tokens[k], NULL, NOTE_ED25519, &key, e))
			return false;
		buf_str(&line, tokens[k]);
		buf_byte(&line, '=');
		vkey_put(&line, &key);
		i->attester[i->attesters++] = arena_strndup(i->a, line.p, line.n);
	}
	return true;
}

static bool make_box(struct init *i, const char *file, const char *owner, struct err *e)
{
	const char *path = arena_printf(i->a, "%s/%s", i->folder, file);
	if (!keys_make_box(path, e))
		return err_at(e, "%s", file);
	give_to(path, owner);
	return true;
}

/* The half to which the web process seals whistle-blowers' names; the other half is the workers'.
 */
static bool make_callers(struct init *i, struct err *e)
{
	struct box_key k;
	struct buf line = buf_new(i->a, 80);
	bool made;
	const char *path = arena_printf(i->a, "%s/clues/callers.open", i->folder);
	bool ok = keys_box(arena_printf(i->a, "%s/personal/personal.key", i->folder), &k, e);
	buf_hex(&line, k.open, sizeof k.open);
	buf_byte(&line, '\n');
	keys_box_wipe(&k);
	ok = ok && keys_write_new(path, buf_view(&line), 0644, &made, e);
	give_to(path, "drawd-web");
	return ok;
}

static bool make_keys(struct init *i, struct err *e)
{
	if (!make_key(i, "keys/log.key", "", "drawd-notary", NOTE_ED25519, &i->log, e) ||
		!make_key(i, "keys/operator.key", "operator", "drawd-notary", NOTE_ED25519,
			&i->operator, e) ||
		!make_box(i, "keys/notary.box", "drawd-notary", e) ||
		!make_box(i, "auth/auth.box", "drawd-auth", e) ||
		!make_box(i, "personal/personal.key", "drawd-worker", e) ||
		!make_box(i, "clues/clues.box", "drawd-web", e) || !make_callers(i, e))
		return false;
	if (i->demo && !make_key(i, "witness/witness.key", "demo-witness", "drawd-witness",
			       NOTE_COSIGNATURE, &i->witness, e))
		return false;
	return make_attesters(i, e);
}

/* ---- trust and configuration ------------------------------------------------------------- */

static void put_vkey(struct buf *b, const char *before, const struct vkey *key)
{
	buf_str(b, before);
	vkey_put(b, key);
	buf_byte(b, '\n');
}

/* PROTOCOL.md §13. Without --demo the witnesses and their quorum are for the operator to add: until
 * then the quorum `none` is what it says. */
static bool make_trust(struct init *i, struct err *e)
{
	struct buf b = buf_new(i->a, 2048);
	struct trust check;
	bool made;
	put_vkey(&b, "log ", &i->log);
	if (i->demo)
		put_vkey(&b, "witness demo ", &i->witness);
	buf_str(&b, i->demo ? "group witnesses 1 demo\nquorum witnesses\n" : "quorum none\n");
	put_vkey(&b, "signer operator ", &i->operator);
	for (size_t k = 0; k < i->attesters; k++) {
		const char *equals = strchr(i->attester[k], '=');
		if (equals == NULL)
			return err_set(e, ERR_USAGE, "--attester TOKEN=VKEY: %s", i->attester[k]);
		buf_str(&b, "signer attester:");
		buf_put(&b, i->attester[k], (size_t)(equals - i->attester[k]));
		buf_byte(&b, ' ');
		buf_str(&b, equals + 1);
		buf_byte(&b, '\n');
	}
	if (i->demo)
		buf_str(&b, "demo yes\n");
	return trust_parse(&check, i->a, buf_view(&b), e) &&
	       keys_write_new(
		       arena_printf(i->a, "%s/trust", i->folder), buf_view(&b), 0644, &made, e);
}

static void put_text(struct buf *b, const char *before, const char *value)
{
	if (value == NULL)
		return;
	buf_str(b, before);
	buf_str(b, " = \"");
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_byte(b, '\\');
		buf_byte(b, *value);
	}
	buf_str(b, "\";\n");
}

static bool make_conf(struct init *i, struct err *e)
{
	struct buf b = buf_new(i->a, 2048);
	char folder[PATH_MAX];
	bool made;
	if (realpath(i->folder, folder) == NULL)
		return err_set(e, ERR_FILE, "%s: %s", i->folder, strerror(errno));
	buf_str(&b, "# drawd.conf(5); `drawd sample-config` prints every key with its help\n");
	put_text(&b, "state", ".");
	put_text(&b, "authority", i->authority);
	if (i->demo)
		buf_str(&b, "demo = true;\n");
	buf_str(&b, "database: {\n");
	put_text(&b, "\thost", i->database);
	put_text(&b, "\tname", i->name);
	buf_str(&b, "};\nnotary: {\n");
	put_text(&b, "\thigh_water", "keys/high-water");
	if (i->demo)
		buf_str(&b,
			arena_printf(i->a, "\twitnesses = ( \"unix:%s/witness/witness.sock\" );\n",
				folder));
	buf_str(&b, "};\n");
	if (i->demo)
		buf_str(&b,
			"witness: {\n\trun = true;\n};\nauth: {\n\ttotp = ();\n\tmemory = 19;\n};\n");
	if (i->port != NULL)
		buf_str(&b, arena_printf(i->a, "web: {\n\tport = %s;\n};\n", i->port));
	buf_str(&b, "calendar: {\n");
	put_text(&b, "\tfile", i->calendar);
	buf_str(&b, "};\nimport: {\n");
	put_text(&b, "\tlabels", i->labels);
	put_text(&b, "\tdepartments", i->departments);
	buf_str(&b, "};\n");
	return keys_write_new(
		arena_printf(i->a, "%s/drawd.conf", i->folder), buf_view(&b), 0644, &made, e);
}

int init_main(int argc, char **argv)
{
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct init i = { .a = a, .authority = "drawd.localhost" };
	if (sodium_init() < 0)
		return 1;
	if (!read_args(&i, argc, argv, &e) || !make_folders(&i, &e) || !make_keys(&i, &e) ||
		!make_trust(&i, &e) || !make_conf(&i, &e))
		return process_fail(&e);
	struct buf line = buf_new(a, 256);
	vkey_put(&line, &i.log);
	printf("%.*s\n", (int)line.n, line.p);
	return 0;
}
