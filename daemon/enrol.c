#include "daemon/enrol.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/auth_password.h"
#include "daemon/clock.h"
#include "daemon/db.h"
#include "daemon/keys.h"
#include "daemon/people.h"
#include "daemon/secret.h"
#include "planner/civil.h"

struct enrol {
	struct arena *a;
	const struct conf *conf;
	struct db *db;
	const char *file, *profiles, *passwords; /* NULL: not asked for */
	struct people people;
	const char **hash; /* argon2id string of each account, or "" */
	char today[CIVIL_TEXT];
	struct buf profile_text, password_text;
};

/* ---- arguments --------------------------------------------------------------------------- */

static bool read_args(struct enrol *n, int argc, char **argv, struct err *e)
{
	for (int i = 1; i < argc; i++) {
		bool profiles = strcmp(argv[i], "--profiles") == 0;
		bool passwords = strcmp(argv[i], "--passwords") == 0;
		if ((profiles || passwords) && i + 1 < argc)
			*(profiles ? &n->profiles : &n->passwords) = argv[++i];
		else if (argv[i][0] != '-' && n->file == NULL)
			n->file = argv[i];
		else
			return err_set(e, ERR_USAGE, "enrol: %s", argv[i]);
	}
	return n->file != NULL ||
	       err_set(e, ERR_USAGE, "enrol FILE [--profiles OUT] [--passwords OUT]");
}

static bool is_free(const char *path, struct err *e)
{
	return path == NULL || access(path, F_OK) != 0 || err_set(e, ERR_FILE_EXISTS, "%s", path);
}

/* ---- passwords and tokens ---------------------------------------------------------------- */

static bool make_password(struct enrol *n, size_t i, struct err *e)
{
	const struct people_account *account = &n->people.account[i];
	const struct password_cost cost = { n->conf->auth.memory, n->conf->auth.passes };
	char password[PASSWORD_RANDOM], hash[PASSWORD_STRING];
	n->hash[i] = "";
	if (n->passwords == NULL || account->service)
		return true;
	password_random(password);
	bool ok = password_make(hash, password, cost, e);
	if (ok) {
		n->hash[i] = arena_strdup(n->a, hash);
		buf_str(&n->password_text, account->id);
		buf_byte(&n->password_text, '\t');
		buf_str(&n->password_text, password);
		buf_byte(&n->password_text, '\t');
		buf_str(&n->password_text, account->name);
		buf_byte(&n->password_text, '\n');
	}
	sodium_memzero(password, sizeof password);
	return ok;
}

/* A text in quotes, as libconfig reads it. */
static void put_quoted(struct buf *b, const char *s)
{
	buf_byte(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_byte(b, '\\');
		buf_byte(b, *s);
	}
	buf_byte(b, '"');
}

static bool make_token(struct enrol *n, const struct people_account *account, struct err *e)
{
	uint8_t hash[SECRET_HASH];
	char token[SECRET_SIZE];
	struct buf *b = &n->profile_text;
	if (n->profiles == NULL)
		return true;
	secret_make(token);
	secret_hash(hash, bytes_of(token));
	buf_str(b, account == n->people.account ? "" : ",\n");
	buf_str(b, "\t{ name = ");
	put_quoted(b, account->id);
	buf_str(b, "; account = ");
	put_quoted(b, account->id);
	buf_str(b, "; socket = ");
	put_quoted(b, n->conf->web.socket);
	buf_str(b, "; token = \"drawd_");
	buf_str(b, token);
	buf_str(b, "\"; }");
	secret_wipe(bytes_of(token));
	return DB_RUN(n->db, Q_enrol_token, NULL, e, DB_TEXT(account->id), DB_HASH(hash),
		DB_INT(ENROL_TOKEN_DAYS));
}

/* ---- rows -------------------------------------------------------------------------------- */

static bool write_department(struct enrol *n, const struct people_department *d, struct err *e)
{
	return DB_RUN(n->db, Q_enrol_department, NULL, e, DB_TEXT(d->id), DB_TEXT(d->system),
		       DB_TEXT(d->level), DB_TEXT(d->region), DB_TEXT(d->name), DB_TEXT(d->name_en),
		       DB_TEXT(d->brief), DB_INT(d->inspects)) ||
	       err_at(e, "%s:%u", n->file, d->line);
}

static bool write_roles(struct enrol *n, const struct people_account *account, struct err *e)
{
	for (size_t i = 0; i < account->roles; i++) {
		const struct people_role *r = &account->role[i];
		if (!DB_RUN(n->db, Q_enrol_role, NULL, e, DB_TEXT(account->id),
			    DB_TEXT(r->role->token), DB_TEXT(r->department),
			    DB_TEXT(r->from[0] != '\0' ? r->from : n->today), DB_TEXT(r->to)))
			return false;
	}
	return true;
}

static bool write_account(struct enrol *n, size_t i, struct err *e)
{
	const struct people_account *account = &n->people.account[i];
	bool ok =
		DB_RUN(n->db, Q_enrol_account, NULL, e, DB_TEXT(account->id),
			DB_TEXT(account->service ? "service" : "person"), DB_TEXT(account->person),
			DB_TEXT(account->name), DB_TEXT(account->department),
			DB_TEXT(account->inspector), DB_TEXT(account->os_user),
			DB_TEXT(account->sso_name), DB_TEXT(n->hash[i]), DB_INT(!n->conf->demo)) &&
		write_roles(n, account, e) && make_token(n, account, e);
	return ok || err_at(e, "%s:%u", n->file, account->line);
}

static bool check_empty(struct enrol *n, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(n->db, Q_enrol_named, NULL, e, DB_NULL) ||
		!DB_RUN(n->db, Q_enrol_lock, NULL, e, DB_NULL) ||
		!DB_RUN(n->db, Q_enrol_accounts, &rows, e, DB_NULL))
		return false;
	struct db_row r = db_row(&rows, 0, n->a, e);
	int64_t accounts = db_int(&r, "n");
	return !r.bad && (accounts == 0 || err_set(e, ERR_ENROLLED, "%lld", (long long)accounts));
}

static bool write_rows(struct enrol *n, struct err *e)
{
	for (size_t i = 0; i < n->people.departments; i++)
		if (!write_department(n, &n->people.department[i], e))
			return false;
	for (size_t i = 0; i < n->people.accounts; i++)
		if (!write_account(n, i, e))
			return false;
	return true;
}

/* ---- files ------------------------------------------------------------------------------- */

static bool write_secret(const char *path, const struct buf *text, struct err *e)
{
	bool made = true;
	return path == NULL || (keys_write_new(path, buf_view(text), 0600, &made, e) &&
				       (made || err_set(e, ERR_FILE_EXISTS, "%s", path)));
}

/* The files first: passwords that are in the database and nowhere else help nobody. */
static bool finish(struct enrol *n, struct err *e)
{
	buf_str(&n->profile_text, "\n);\n");
	if (!write_secret(n->profiles, &n->profile_text, e))
		return false;
	bool ok = write_secret(n->passwords, &n->password_text, e);
	bool both = ok;
	ok = ok && db_commit(n->db, e);
	if (!ok && n->profiles != NULL)
		unlink(n->profiles);
	if (!ok && both && n->passwords != NULL)
		unlink(n->passwords);
	return ok;
}

static bool enrol(struct enrol *n, struct err *e)
{
	n->hash = arena_calloc(n->a, n->people.accounts, sizeof *n->hash);
	n->password_text = buf_new(n->a, 8192);
	n->profile_text = buf_new(n->a, 16384);
	buf_str(&n->profile_text, "# drawctl(1): one profile for each account\nprofiles:\n(\n");
	for (size_t i = 0; i < n->people.accounts; i++)
		if (!make_password(n, i, e))
			return false;
	if (!db_begin(n->db, false, e))
		return false;
	if (check_empty(n, e) && write_rows(n, e) && finish(n, e))
		return true;
	db_rollback(n->db);
	return false;
}

int enrol_run(struct process *p, int argc, char **argv)
{
	struct enrol n = { .a = p->arena, .conf = &p->conf };
	struct err e = { 0 };
	civil_format(clock_date(&p->conf), n.today);
	bool ok = read_args(&n, argc, argv, &e) && is_free(n.profiles, &e) &&
		  is_free(n.passwords, &e) && people_load(&n.people, n.a, n.file, &e);
	if (ok) {
		n.db = db_open(conf_conninfo(&p->conf, ROLE_OWNER, n.a), &e);
		ok = n.db != NULL && db_check_schema(n.db, &e) && enrol(&n, &e);
		db_free(n.db);
	}
	if (!ok)
		return process_fail(&e);
	printf("%zu 个部门、%zu 个账号已登记 / %zu departments and %zu accounts enrolled\n",
		n.people.departments, n.people.accounts, n.people.departments, n.people.accounts);
	return 0;
}
