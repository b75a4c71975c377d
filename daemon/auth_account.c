/* What an account signs in with: its password, its second factor. Whoever asks has a session or a
 * token; drawd.enter() says whose, in the transaction of the change, so that the audit log knows.
 */
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "daemon/auth_inner.h"
#include "daemon/clock.h"
#include "daemon/log.h"
#include "sampler/base/text.h"

/* ---- who asks ----------------------------------------------------------------------------- */

struct owner {
	int64_t session;
	const char *account, *name;
	bool restricted;
};

/* The account of the session that the question names. */
static bool read_owner(struct ask *q, struct owner *o, struct err *e)
{
	DB_ROWS rows = { 0 };
	uint8_t hash[32];
	if (strcmp(q->sent.kind, "session") != 0 || !text_hex(bytes_of(q->sent.secret), hash, 32))
		return err_set(e, ERR_SESSION_ENDED, "%s", "no session");
	if (!DB_RUN(q->auth->db, Q_auth_session_account, &rows, e, DB_HASH(hash)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_SESSION_ENDED, "%s", "");
	struct db_row r = db_row(&rows, 0, q->arena, e);
	*o = (struct owner){ db_int(&r, "id"), db_text(&r, "account"), db_text(&r, "name"),
		db_bool(&r, "restricted") };
	return !r.bad;
}

/* Enter inside the transaction of a change. */
static bool enter(struct ask *q, const char *route, struct err *e)
{
	DB_ROWS rows = { 0 };
	enum err_code code = ERR_SESSION_ENDED;
	if (!DB_RUN(q->auth->db, Q_auth_enter, &rows, e, DB_TEXT(q->sent.kind),
		    DB_TEXT(q->sent.secret), DB_TEXT(q->sent.address), DB_TEXT(route)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	const char *refused = db_text(&r, "refused");
	if (r.bad || refused[0] == '\0')
		return !r.bad;
	err_named(refused, strlen(refused), &code);
	return err_set(e, code, "%s", "");
}

/* The session goes on under a new token; the answer is not closed yet. */
static bool renew(
	struct ask *q, const struct owner *o, const char *needs, struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	char token[SECRET_SIZE], csrf[AUTH_CSRF];
	uint8_t hash[32];
	secret_make(token);
	secret_text(csrf, sizeof csrf);
	secret_hash(hash, bytes_of(token));
	if (!DB_RUN(q->auth->db, Q_auth_session_renew, &rows, e, DB_INT(o->session), DB_HASH(hash),
		    DB_TEXT(csrf), DB_INT(needs[0] != '\0')))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_SESSION_ENDED, "%s", "");
	struct db_row r = db_row(&rows, 0, q->arena, e);
	buf_byte(out, '{');
	json_put_member(out, "token", bytes_of(token));
	json_put_member(out, "csrf", bytes_of(csrf));
	json_put_member(out, "account", bytes_of(o->account));
	json_put_flag(out, "restricted", needs[0] != '\0');
	json_put_member(out, "needs", bytes_of(needs));
	json_put_number(out, "ends", db_int(&r, "ends"));
	secret_wipe(bytes_of(token));
	return !r.bad;
}

static bool finish(struct ask *q, bool ok, struct err *e)
{
	if (ok)
		return db_commit(q->auth->db, e);
	db_rollback(q->auth->db);
	return false;
}

/* ---- passwords ---------------------------------------------------------------------------- */

static bool old_fits(struct ask *q, const struct owner *o, bool *totp, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!auth_source(q, o->account, e) || !auth_held(q, o->account, e) ||
		!DB_RUN(q->auth->db, Q_auth_account, &rows, e, DB_TEXT(o->account), DB_INT(0)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	const char *own = db_text(&r, "password");
	*totp = db_bytea(&r, "totp").n > 0;
	if (r.bad)
		return false;
	if (own[0] != '\0' && password_fits(own, q->sent.password))
		return auth_forgive(q, o->account, e);
	auth_refused(q, o->account, "session.password");
	return auth_failed(q, o->account, e) && err_set(e, ERR_BAD_PASSWORD, "%s", "");
}

static bool may_be_new(struct ask *q, const struct owner *o, struct err *e)
{
	if (strcmp(q->sent.fresh, q->sent.password) == 0)
		return err_set(e, ERR_WEAK_PASSWORD, "%s", "old");
	return password_allowed(q->sent.fresh, o->account, o->name, e);
}

/* Whoever came by the old password is out: other sessions, tokens, browsers. */
struct ended {
	int64_t sessions, tokens;
};

static bool end_others(struct ask *q, const struct owner *o, struct ended *n, struct err *e)
{
	static const uint8_t none[32];
	DB_ROWS rows = { 0 };
	*n = (struct ended){ 0, 0 };
	if (strcmp(q->sent.others, "keep") == 0)
		return true;
	if (!db_query(q->auth->db, Q_auth_others_end, NULL, &rows, e) ||
		!DB_RUN(q->auth->db, Q_auth_devices_end, NULL, e, DB_TEXT(o->account),
			DB_HASH(q->known ? q->device : none)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	*n = (struct ended){ db_int(&r, "sessions"), db_int(&r, "tokens") };
	return !r.bad;
}

static bool put_password(struct ask *q, const struct owner *o, const char *string,
	const char *needs, struct buf *out, struct err *e)
{
	struct ended n;
	if (!enter(q, "session.password", e) ||
		!DB_RUN(q->auth->db, Q_auth_password_put, NULL, e, DB_TEXT(o->account),
			DB_TEXT(string), DB_INT(false)) ||
		!end_others(q, o, &n, e) || !renew(q, o, needs, out, e))
		return false;
	json_put_number(out, "ended_sessions", n.sessions);
	json_put_number(out, "ended_tokens", n.tokens);
	buf_byte(out, '}');
	return true;
}

bool auth_password(struct ask *q, struct buf *out, struct err *e)
{
	struct owner o;
	char string[PASSWORD_STRING];
	const char *needs;
	bool totp;
	if (!read_owner(q, &o, e) || !old_fits(q, &o, &totp, e) || !may_be_new(q, &o, e) ||
		!password_make(string, q->sent.fresh, auth_cost(q->auth), e) ||
		!auth_needs(q, o.account, false, totp, &needs, e) ||
		!db_begin(q->auth->db, false, e))
		return false;
	bool ok = finish(q, put_password(q, &o, string, needs, out, e), e);
	if (ok)
		log_info("auth.password", STR("account", o.account));
	return ok;
}

/* ---- first passwords ---------------------------------------------------------------------- */

struct first {
	bool told, fresh, once;
	const char *stored;
	int64_t side, ends; /* side: 1 or 2, whose half it is */
	char whole[PASSWORD_RANDOM], half[PASSWORD_RANDOM];
};

static bool read_first(struct ask *q, struct first *f, struct err *e)
{
	DB_ROWS rows = { 0 };
	uint8_t bytes[20];
	if (!enter(q, "account.password", e) ||
		!DB_RUN(q->auth->db, Q_auth_first, &rows, e, DB_TEXT(q->sent.account)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_NO_ACCOUNT, "%s", q->sent.account);
	struct db_row r = db_row(&rows, 0, q->arena, e);
	f->side = db_int(&r, "half");
	f->told = db_bool(&r, "told");
	f->fresh = db_bool(&r, "fresh");
	f->once = db_bool(&r, "once");
	f->stored = db_text(&r, "password");
	f->ends = db_int(&r, "ends");
	auth_first(q->auth, q->sent.account, db_int(&r, "motion"), bytes);
	password_of(f->whole, bytes, sizeof bytes);
	password_of(f->half, bytes + (f->side == 2 ? 10 : 0), 10);
	sodium_memzero(bytes, sizeof bytes);
	return !r.bad;
}

/* It is set when the first of the two asks; the other is told his half of the same. Neither is told
 * his half again: that it is gone shows that somebody else had it. */
static bool put_first(struct ask *q, const struct first *f, struct err *e)
{
	DB_ROWS rows = { 0 };
	char string[PASSWORD_STRING];
	if (!f->fresh && !(f->once && password_fits(f->stored, f->whole)))
		return err_set(e, ERR_PASSWORD_SET, "%s", q->sent.account);
	if (f->told)
		return err_set(e, ERR_HALF_TOLD, "%s", q->sent.account);
	if (!f->fresh)
		return true;
	if (!password_make(string, f->whole, auth_cost(q->auth), e) ||
		!DB_RUN(q->auth->db, Q_auth_first_put, &rows, e, DB_TEXT(q->sent.account),
			DB_TEXT(string)))
		return false;
	return rows.n == 1 || err_set(e, ERR_PASSWORD_SET, "%s", q->sent.account);
}

bool auth_password_first(struct ask *q, struct buf *out, struct err *e)
{
	struct first f = { 0 };
	bool ok = db_begin(q->auth->db, false, e) &&
		  finish(q, read_first(q, &f, e) && put_first(q, &f, e), e);
	if (ok) {
		buf_byte(out, '{');
		json_put_member(out, "account", bytes_of(q->sent.account));
		json_put_number(out, "half", f.side);
		json_put_member(out, "password", bytes_of(f.half));
		json_put_number(out, "ends", f.ends);
		buf_byte(out, '}');
		log_info("auth.password-issued", STR("account", q->sent.account),
			NUM("half", f.side));
	}
	sodium_memzero(&f, sizeof f);
	return ok;
}

/* ---- second factors ----------------------------------------------------------------------- */

static struct enrolment *enrolment_of(struct auth *a, const char *account)
{
	for (size_t i = 0; i < ENROLMENTS; i++)
		if (strcmp(a->enrolments[i].account, account) == 0)
			return &a->enrolments[i];
	return NULL;
}

/* The account's own place, a free one, or the oldest. */
static struct enrolment *place_for(struct auth *a, const char *account)
{
	struct enrolment *e = enrolment_of(a, account), *oldest = a->enrolments;
	if (e == NULL)
		e = enrolment_of(a, "");
	for (size_t i = 0; e == NULL && i < ENROLMENTS; i++)
		if (a->enrolments[i].at < oldest->at)
			oldest = &a->enrolments[i];
	return e != NULL ? e : oldest;
}

static bool has_none(struct ask *q, const struct owner *o, bool *once, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(q->auth->db, Q_auth_account, &rows, e, DB_TEXT(o->account), DB_INT(0)))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	bool set = db_bytea(&r, "totp").n > 0;
	*once = db_bool(&r, "once");
	return !r.bad && (!set || err_set(e, ERR_SECOND_FACTOR_SET, "%s", o->account));
}

bool auth_totp_new(struct ask *q, struct buf *out, struct err *e)
{
	struct owner o;
	bool once;
	if (!read_owner(q, &o, e) || !has_none(q, &o, &once, e))
		return false;
	struct enrolment *n = place_for(q->auth, o.account);
	*n = (struct enrolment){ .at = clock_tick() };
	memcpy(n->account, o.account, strlen(o.account) + 1);
	randombytes_buf(n->secret, sizeof n->secret);
	char *secret = totp_base32(q->arena, n->secret);
	char *uri = totp_uri(q->arena, q->auth->process->conf.authority, o.account, n->secret);
	buf_byte(out, '{');
	json_put_member(out, "secret", bytes_of(secret));
	json_put_member(out, "uri", bytes_of(uri));
	buf_byte(out, '}');
	sodium_memzero(secret, strlen(secret));
	sodium_memzero(uri, strlen(uri));
	return true;
}

static bool put_totp(struct ask *q, const struct owner *o, const struct enrolment *n, int64_t step,
	struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct bytes sealed = auth_seal(q->auth, q->arena, o->account, n->secret);
	if (!enter(q, "totp.confirm", e) ||
		!DB_RUN(q->auth->db, Q_auth_totp_put, &rows, e, DB_TEXT(o->account),
			DB_BYTEA(sealed), DB_INT(step)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_SECOND_FACTOR_SET, "%s", o->account);
	struct db_row r = db_row(&rows, 0, q->arena, e);
	bool once = db_bool(&r, "once");
	if (r.bad ||
		!DB_RUN(q->auth->db, Q_auth_sessions_end, NULL, e, DB_TEXT(o->account),
			DB_INT(o->session)) ||
		!renew(q, o, once ? "password" : "", out, e))
		return false;
	buf_byte(out, '}');
	return true;
}

bool auth_totp_confirm(struct ask *q, struct buf *out, struct err *e)
{
	struct owner o;
	int64_t step = 0;
	bool once;
	if (!read_owner(q, &o, e) || !has_none(q, &o, &once, e))
		return false;
	struct enrolment *n = enrolment_of(q->auth, o.account);
	if (n == NULL || clock_tick() - n->at > ENROLMENT_SECONDS || n->tries >= ENROLMENT_TRIES)
		return err_set(e, ERR_SECOND_FACTOR_OPEN, "%s", "");
	n->tries++;
	if (!totp_fits(n->secret, (int64_t)time(NULL), -1, q->sent.code, &step))
		return err_set(e, ERR_BAD_CODE, "%s", "");
	if (!db_begin(q->auth->db, false, e) || !finish(q, put_totp(q, &o, n, step, out, e), e))
		return false;
	log_info("auth.second-factor", STR("account", o.account));
	sodium_memzero(n, sizeof *n);
	return true;
}
