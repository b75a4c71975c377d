/* Signing in. Every step is done for every name, in the same order and at the same cost; whether it
 * was right is looked at last. */
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "daemon/auth_inner.h"
#include "daemon/log.h"
#include "sampler/base/text.h"

/* The source under which wrong codes behind a right password are counted; no address is that. */
static const char codes[] = "codes";

/* ---- who has to wait ---------------------------------------------------------------------- */

struct failures {
	struct lock_row source, codes;
};

static bool read_failures(struct ask *q, const char *account, struct failures *f, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(q->auth->db, Q_auth_failures, &rows, e, DB_TEXT(account), DB_TEXT(q->source)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	f->source = (struct lock_row){ db_int(&r, "n"), db_int(&r, "last") };
	f->codes = (struct lock_row){ db_int(&r, "codes_n"), db_int(&r, "codes_last") };
	return !r.bad;
}

bool auth_held(struct ask *q, const char *account, struct err *e)
{
	struct failures f;
	if (!read_failures(q, account, &f, e))
		return false;
	q->after = lock_wait(f.source, (int64_t)time(NULL));
	return q->after == 0 || err_set(e, ERR_TRY_LATER, "%lld s", (long long)q->after);
}

static bool put(
	struct ask *q, const char *account, const char *source, struct lock_row r, struct err *e)
{
	return DB_RUN(q->auth->db, Q_auth_failure_put, NULL, e, DB_TEXT(account), DB_TEXT(source),
		DB_INT(r.n), DB_INT(r.last));
}

bool auth_failed(struct ask *q, const char *account, struct err *e)
{
	struct failures f;
	int64_t now = (int64_t)time(NULL);
	return read_failures(q, account, &f, e) &&
	       put(q, account, q->source, lock_failed(f.source, now), e);
}

bool auth_forgive(struct ask *q, const char *account, struct err *e)
{
	return DB_RUN(
		q->auth->db, Q_auth_failure_end, NULL, e, DB_TEXT(account), DB_TEXT(q->source));
}

/* The device's counter is its own: nobody else knows the name. */
static void device_source(struct ask *q)
{
	struct buf b = buf_new(q->arena, SOURCE_MAX);
	buf_str(&b, "device:");
	buf_hex(&b, q->device, 16);
	memcpy(q->source, b.p, b.n);
	q->source[b.n] = '\0';
}

bool auth_source(struct ask *q, const char *account, struct err *e)
{
	DB_ROWS rows = { 0 };
	lock_source(q->source, q->sent.address);
	if (!secret_form(bytes_of(q->sent.device)))
		return true;
	secret_hash(q->device, bytes_of(q->sent.device));
	if (!DB_RUN(q->auth->db, Q_auth_device, &rows, e, DB_TEXT(account), DB_HASH(q->device)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	q->known = db_bool(&r, "known");
	q->issued = db_bool(&r, "issued");
	if (q->known)
		device_source(q);
	return !r.bad;
}

/* ---- is it he ----------------------------------------------------------------------------- */

struct found {
	bool found, lives, once, has_totp;
	bool guessed; /* the password is right, a code was sent and is wrong */
	const char *name, *password;
	struct bytes totp;
	int64_t step; /* of the code that fits */
};

static bool read_account(struct ask *q, struct found *f, int64_t *last, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(q->auth->db, Q_auth_account, &rows, e, DB_TEXT(q->sent.account),
		    DB_INT(auth_pick(q->auth, q->sent.account))))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	const char *own = db_text(&r, "password"), *decoy = db_text(&r, "decoy");
	f->found = db_bool(&r, "found");
	f->lives = db_bool(&r, "lives") && !db_bool(&r, "stale") && own[0] != '\0';
	f->once = db_bool(&r, "once");
	f->name = db_text(&r, "name");
	f->totp = db_bytea(&r, "totp");
	f->has_totp = f->totp.n > 0;
	*last = db_int(&r, "totp_step");
	f->password = own[0] != '\0' ? own : decoy[0] != '\0' ? decoy : q->auth->decoy;
	return !r.bad;
}

static bool code_fits(struct ask *q, struct found *f, int64_t last)
{
	uint8_t secret[TOTP_SECRET];
	memcpy(secret, q->auth->keys->decoy, sizeof secret);
	bool open = !f->has_totp || auth_unseal(q->auth, q->sent.account, f->totp, secret);
	if (!open)
		log_warning("auth.sealed", STR("account", q->sent.account));
	bool fits = totp_fits(secret, (int64_t)time(NULL), last, q->sent.code, &f->step);
	sodium_memzero(secret, sizeof secret);
	return !f->has_totp || (open && fits);
}

static bool is_he(struct ask *q, struct found *f, bool *yes, struct err *e)
{
	struct failures before;
	int64_t last = -1;
	if (!read_account(q, f, &last, e) || !read_failures(q, q->sent.account, &before, e))
		return false;
	bool password = password_fits(f->password, q->sent.password);
	bool code = code_fits(q, f, last);
	bool spent = f->has_totp && !q->known && codes_spent(before.codes, (int64_t)time(NULL));
	f->guessed = f->lives && password && !code && q->sent.code[0] != '\0';
	*yes = f->lives && password && code && !spent;
	return true;
}

/* The row is written whatever was wrong, so that the time does not tell. */
static bool count_code(struct ask *q, const struct found *f, struct err *e)
{
	struct failures before;
	if (q->known)
		return true;
	if (!read_failures(q, q->sent.account, &before, e))
		return false;
	return put(q, q->sent.account, codes,
		f->guessed ? codes_failed(before.codes, (int64_t)time(NULL)) : before.codes, e);
}

static bool refuse(struct ask *q, const struct found *f, struct err *e)
{
	if (!auth_failed(q, q->sent.account, e) || !count_code(q, f, e))
		return false;
	/* a name that nobody has may be a password in the wrong field */
	const char *account = f->found ? q->sent.account : "";
	log_warning("auth.refused", STR("account", account), STR("source", q->source));
	auth_refused(q, account, "session.new");
	return err_set(e, ERR_BAD_SIGN_IN, "%s", "");
}

/* ---- the session -------------------------------------------------------------------------- */

/* A code counts once, also when two processes look at it. */
static bool use_step(struct ask *q, const struct found *f, bool *fresh, struct err *e)
{
	DB_ROWS rows = { 0 };
	*fresh = true;
	if (!f->has_totp)
		return true;
	if (!DB_RUN(q->auth->db, Q_auth_totp_step, &rows, e, DB_TEXT(q->sent.account),
		    DB_INT(f->step)))
		return false;
	*fresh = rows.n == 1;
	return true;
}

static bool hash_again(struct ask *q, const struct found *f, struct err *e)
{
	char string[PASSWORD_STRING];
	if (!password_stale(f->password, auth_cost(q->auth)))
		return true;
	return password_make(string, q->sent.password, auth_cost(q->auth), e) &&
	       DB_RUN(q->auth->db, Q_auth_password_again, NULL, e, DB_TEXT(q->sent.account),
		       DB_TEXT(string), DB_TEXT(f->password));
}

/* A browser gets a name of its own, by which it is known next time, at every account it is used
 * for. One that we did not make is not taken: another might know it. */
static bool know_device(struct ask *q, struct buf *out, struct err *e)
{
	char device[SECRET_SIZE];
	if (q->known)
		return true;
	if (!q->issued) {
		secret_make(device);
		secret_hash(q->device, bytes_of(device));
		json_put_member(out, "device", bytes_of(device));
		secret_wipe(bytes_of(device));
	}
	return DB_RUN(q->auth->db, Q_auth_device_put, NULL, e, DB_TEXT(q->sent.account),
		       DB_HASH(q->device)) &&
	       DB_RUN(q->auth->db, Q_auth_devices_forget, NULL, e, DB_TEXT(q->sent.account));
}

static bool make_session(struct ask *q, const struct found *f, struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	const struct conf *c = &q->auth->process->conf;
	char token[SECRET_SIZE], csrf[AUTH_CSRF];
	uint8_t hash[32];
	const char *needs;
	if (!auth_needs(q, q->sent.account, f->once, f->has_totp, &needs, e))
		return false;
	secret_make(token);
	secret_text(csrf, sizeof csrf);
	secret_hash(hash, bytes_of(token));
	if (!DB_RUN(q->auth->db, Q_auth_session_new, &rows, e, DB_TEXT(q->sent.account),
		    DB_HASH(hash), DB_TEXT(csrf), DB_INT(c->auth.idle), DB_INT(c->auth.absolute),
		    DB_INT(needs[0] != '\0'), DB_TEXT(q->sent.address), DB_TEXT(q->sent.agent)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	json_put_member(out, "token", bytes_of(token));
	json_put_member(out, "csrf", bytes_of(csrf));
	json_put_member(out, "account", bytes_of(q->sent.account));
	json_put_flag(out, "restricted", needs[0] != '\0');
	json_put_member(out, "needs", bytes_of(needs));
	json_put_number(out, "ends", db_int(&r, "ends"));
	log_info("auth.signed-in", STR("account", q->sent.account), STR("source", q->source),
		NUM("session", db_int(&r, "id")));
	secret_wipe(bytes_of(token));
	return !r.bad;
}

static bool admit(struct ask *q, const struct found *f, bool *fresh, struct buf *out, struct err *e)
{
	struct db *db = q->auth->db;
	if (!db_begin(db, false, e))
		return false;
	buf_byte(out, '{');
	bool ok = use_step(q, f, fresh, e);
	if (ok && *fresh)
		ok = hash_again(q, f, e) && auth_forgive(q, q->sent.account, e) &&
		     make_session(q, f, out, e) && know_device(q, out, e);
	buf_byte(out, '}');
	if (ok && *fresh)
		return db_commit(db, e);
	db_rollback(db);
	return ok;
}

bool auth_sign_in(struct ask *q, struct buf *out, struct err *e)
{
	struct found f = { 0 };
	bool yes = false, fresh = true;
	if (!auth_held(q, q->sent.account, e) || !is_he(q, &f, &yes, e))
		return false;
	if (!yes)
		return refuse(q, &f, e);
	if (!admit(q, &f, &fresh, out, e))
		return false;
	return fresh || refuse(q, &f, e);
}
