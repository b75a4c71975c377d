#include <sodium.h>
#include <string.h>

#include "daemon/crash.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "daemon/secret.h"
#include "sampler/beacon.h"
#include "sampler/seed.h"

/* ---- secrets ----------------------------------------------------------------------------- */

/* Random; in a demo installation that asks for it, derived, so that two runs give the same bytes.
 */
void notary_fresh(struct notary *n, struct bytes label, const char *purpose, uint8_t out[32])
{
	struct bytes from = bytes_of(n->process->conf.test.secret);
	if (from.n == 0) {
		randombytes_buf(out, 32);
		return;
	}
	const struct bytes parts[] = { BYTES("drawd/test/v1\n"), from, BYTES("\n"), label,
		BYTES("\n"), bytes_of(purpose), BYTES("\n") };
	sha256_parts(parts, sizeof parts / sizeof *parts, out);
}

static bool stored(struct notary *n, struct arena *a, struct bytes round, const char *purpose,
	struct bytes *sealed, struct err *e)
{
	DB_ROWS rows = { 0 };
	*sealed = (struct bytes){ NULL, 0 };
	if (!DB_RUN(n->db, Q_secret_get, &rows, e, DB_BYTES(round), DB_TEXT(purpose)))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	*sealed = db_bytea(&r, "sealed");
	return !r.bad;
}

static bool make(
	struct notary *n, struct arena *a, struct bytes round, const char *purpose, struct err *e)
{
	uint8_t secret[32];
	notary_fresh(n, round, purpose, secret);
	struct bytes sealed = keys_seal(a, n->box.open, (struct bytes){ (const char *)secret, 32 });
	sodium_memzero(secret, sizeof secret);
	return DB_RUN(n->db, Q_secret_insert, NULL, e, DB_BYTES(round), DB_TEXT(purpose),
		DB_BYTEA(sealed));
}

bool notary_secret(
	struct notary *n, struct bytes round, const char *purpose, uint8_t out[32], struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct bytes sealed, secret;
	if (!stored(n, a, round, purpose, &sealed, e))
		return false;
	/* two notaries may race: what was inserted first is read back and counts */
	if (sealed.p == NULL &&
		(!make(n, a, round, purpose, e) || !stored(n, a, round, purpose, &sealed, e)))
		return false;
	crash_point("notary.secret");
	if (!keys_unseal(a, &n->box, sealed, &secret, e))
		return err_at(e, "%.*s %s", BYTES_ARG(round), purpose);
	if (secret.n != 32)
		return err_set(e, ERR_SEALED, "%zu bytes", secret.n);
	memcpy(out, secret.p, 32);
	secret_wipe(secret);
	return true;
}

bool notary_seed_text(struct notary *n, const struct round_facts *r, struct buf *out, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct seed seed = { 0 };
	struct bytes rest = r->pulses;
	struct pulse p;
	size_t wanted = 0;
	while (type_next_pulse(&rest, &p))
		wanted++;
	if (!r->has_lock || r->beacons < wanted)
		return err_set(e, ERR_NO_BEACON, "%zu of %zu entered", r->beacons, wanted);
	struct seed_pulse *pulse = arena_calloc(a, wanted, sizeof *pulse);
	for (size_t i = 0; i < wanted; i++) {
		pulse[i].source = record_get(&r->beacon[i], "source");
		pulse[i].pulse = record_get(&r->beacon[i], "pulse");
		pulse[i].value = record_get(&r->beacon[i], "value");
	}
	memcpy(seed.lock, r->lock, 32);
	seed.pulse = pulse;
	seed.pulses = wanted;
	if (!notary_secret(n, r->id, "lock", seed.secret, e))
		return false;
	seed_text(&seed, out);
	sodium_memzero(seed.secret, sizeof seed.secret);
	return true;
}

/* ---- the mailbox ------------------------------------------------------------------------- */

static bool salt_text(struct notary *n, const struct round_facts *r, struct buf *out, struct err *e)
{
	uint8_t salt[32];
	if (r->state != STATE_DRAFT && r->state != STATE_FROZEN)
		return err_set(e, ERR_BAD_STATE, "%s", state_form(r->state)->name);
	if (!notary_secret(n, r->id, "frame-salt", salt, e))
		return false;
	buf_hex(out, salt, sizeof salt);
	sodium_memzero(salt, sizeof salt);
	return true;
}

static bool seed_answer(
	struct notary *n, const struct round_facts *r, struct buf *out, struct err *e)
{
	if (r->state != STATE_LOCKED && r->state != STATE_DRAWN && r->state != STATE_VISITING)
		return err_set(e, ERR_BAD_STATE, "%s", state_form(r->state)->name);
	return notary_seed_text(n, r, out, e);
}

static const struct {
	const char *purpose;
	bool (*text)(struct notary *n, const struct round_facts *r, struct buf *out, struct err *e);
} answers[] = { { "frame-salt", salt_text }, { "seed", seed_answer } };

static bool answer_text(struct notary *n, struct arena *a, struct bytes round, const char *purpose,
	struct buf *out, struct err *e)
{
	struct round_facts r;
	if (!notary_round(n, round, a, &r, e))
		return false;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		if (strcmp(answers[i].purpose, purpose) == 0)
			return answers[i].text(n, &r, out, e);
	}
	return err_set(e, ERR_BAD_ARGS, "purpose %s", purpose);
}

/* One request in one transaction: an answer, or the error as the answer. */
static bool answer(struct notary *n, struct db_row *row, struct arena *a, struct err *e)
{
	struct err why = { 0 };
	uint8_t key[32];
	int64_t id = db_int(row, "id");
	struct bytes round = db_bytes(row, "round");
	const char *purpose = db_text(row, "purpose");
	db_hash(row, "worker_key", key);
	struct buf text = buf_new(a, 4096);
	if (row->bad || !db_begin(n->db, false, e))
		return false;
	bool ok = answer_text(n, a, round, purpose, &text, &why);
	if (!ok && (err_passes(why.code) || why.code == ERR_QUERY)) { /* the transaction is lost */
		*e = why;
		return false;
	}
	if (!ok)
		log_warning("mailbox.refused", ERR(&why), NUM("request", id));
	struct bytes sealed = { NULL, 0 };
	if (ok)
		sealed = keys_seal(a, key, buf_view(&text));
	sodium_memzero(text.p, text.n);
	return DB_RUN(n->db, Q_key_request_answer, NULL, e, DB_INT(id),
		       ok ? DB_BYTEA(sealed) : DB_NULL,
		       ok ? DB_NULL : DB_BYTES(job_error_json(a, &why))) &&
	       db_commit(n->db, e);
}

bool notary_mailbox(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (!db_query(n->db, Q_key_request_open, NULL, &rows, e))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, a, e);
		if (!answer(n, &r, a, e)) {
			db_rollback(n->db);
			return err_at(e, "mailbox");
		}
		crash_point("notary.answered");
	}
	return true;
}
