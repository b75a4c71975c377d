/* Keys of the process `auth`, sealed secrets of second factors, first passwords. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/auth_inner.h"
#include "daemon/clock.h"
#include "daemon/keys.h"
#include "planner/civil.h"

static void derive(uint8_t *out, size_t n, const char *purpose, const uint8_t from[32])
{
	crypto_generichash(out, n, (const unsigned char *)purpose, strlen(purpose), from, 32);
}

bool auth_keys_load(struct auth *a, struct err *e)
{
	struct box_key box;
	if (!keys_box(a->process->conf.auth.box, &box, e))
		return err_at(e, "%s", a->process->conf.auth.box);
	a->keys = sodium_malloc(sizeof *a->keys);
	a->enrolments = sodium_allocarray(ENROLMENTS, sizeof *a->enrolments);
	bool ok = a->keys != NULL && a->enrolments != NULL;
	if (ok) {
		derive(a->keys->seal, sizeof a->keys->seal, "drawd auth: second factors",
			box.secret);
		derive(a->keys->first, sizeof a->keys->first, "drawd auth: first passwords",
			box.secret);
		derive(a->keys->pick, sizeof a->keys->pick, "drawd auth: picks", box.secret);
		randombytes_buf(a->keys->decoy, sizeof a->keys->decoy);
		sodium_memzero(a->enrolments, ENROLMENTS * sizeof *a->enrolments);
	}
	keys_box_wipe(&box);
	return ok || err_set(e, ERR_INTERNAL, "no memory for keys");
}

void auth_keys_wipe(struct auth *a)
{
	sodium_free(a->keys);
	sodium_free(a->enrolments);
	a->keys = NULL;
	a->enrolments = NULL;
}

/* ---- sealed secrets ----------------------------------------------------------------------- */

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	SEALED = NONCE + TOTP_SECRET + crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

struct bytes auth_seal(
	struct auth *a, struct arena *arena, const char *account, const uint8_t secret[TOTP_SECRET])
{
	uint8_t *out = arena_alloc(arena, SEALED);
	randombytes_buf(out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, secret, TOTP_SECRET,
		(const unsigned char *)account, strlen(account), NULL, out, a->keys->seal);
	return (struct bytes){ (const char *)out, SEALED };
}

bool auth_unseal(
	struct auth *a, const char *account, struct bytes sealed, uint8_t secret[TOTP_SECRET])
{
	const uint8_t *p = (const uint8_t *)sealed.p;
	return sealed.n == SEALED &&
	       crypto_aead_xchacha20poly1305_ietf_decrypt(secret, NULL, NULL, p + NONCE,
		       SEALED - NONCE, (const unsigned char *)account, strlen(account), p,
		       a->keys->seal) == 0;
}

int64_t auth_pick(const struct auth *a, const char *account)
{
	int64_t pick;
	derive((uint8_t *)&pick, sizeof pick, account, a->keys->pick);
	return pick & INT64_MAX;
}

void auth_first(const struct auth *a, const char *account, int64_t motion, uint8_t out[20])
{
	char text[64];
	snprintf(text, sizeof text, "%s %lld", account, (long long)motion);
	derive(out, 20, text, a->keys->first);
}

/* ---- small things of every verb ----------------------------------------------------------- */

struct password_cost auth_cost(const struct auth *a)
{
	const struct conf *c = &a->process->conf;
	return (struct password_cost){ c->auth.memory, c->auth.passes };
}

const char *auth_day(struct ask *q)
{
	char *day = arena_alloc(q->arena, CIVIL_TEXT);
	return civil_format(clock_date(&q->auth->process->conf), day);
}

/* Does one of the roles (comma list) need a second factor? */
static bool needs_factor(const struct conf_list *wanted, struct bytes roles)
{
	bool more = true;
	while (more) {
		struct bytes role = bytes_cut(&roles, ',', &more);
		for (size_t i = 0; i < wanted->n; i++)
			if (bytes_is(role, wanted->v[i]))
				return true;
	}
	return false;
}

bool auth_needs(
	struct ask *q, const char *account, bool once, bool totp, const char **needs, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(q->auth->db, Q_auth_roles, &rows, e, DB_TEXT(account), DB_TEXT(auth_day(q))))
		return false;
	struct db_row r = db_row(&rows, 0, q->arena, e);
	struct bytes roles = db_bytes(&r, "roles");
	bool factor = !totp && needs_factor(&q->auth->process->conf.auth.totp, roles);
	*needs = once ? "password" : factor ? "totp" : "";
	return !r.bad;
}
