#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/approval.h"
#include "daemon/clock.h"
#include "daemon/notary.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"
#include "sampler/seed.h"

static struct bytes hex_of(struct arena *a, const uint8_t hash[32])
{
	struct buf b = buf_new(a, 65);
	buf_hex(&b, hash, 32);
	return buf_view(&b);
}

static struct bytes number_of(struct arena *a, int64_t v)
{
	return bytes_of(arena_printf(a, "%" PRId64, v));
}

/* The policy that was approved, with the blind of this round's frame-salt key. */
static bool policy_hash(struct deed *d, uint8_t hash[32], struct err *e)
{
	uint8_t salt[32], blind[32];
	char key[65], blind_hex[65];
	if (!notary_secret(d->n, d->r->id, "frame-salt", salt, e))
		return false;
	sha256_hex(salt, key);
	seed_frame_blind(key, "policy", blind);
	sha256_hex(blind, blind_hex);
	const struct bytes parts[] = { BYTES("blind "), bytes_of(blind_hex),
		BYTES("\ndrawd/policy/v1\npath\tvalue\n"), d->r->policy };
	sha256_parts(parts, sizeof parts / sizeof *parts, hash);
	sodium_memzero(salt, sizeof salt);
	sodium_memzero(key, sizeof key);
	return true;
}

static bool previous(struct deed *d, struct bytes *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	uint8_t leaf[32];
	if (!db_query(d->n->db, Q_last_freeze, NULL, &rows, e))
		return false;
	*out = BYTES("none");
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, d->a, e);
	db_hash(&r, "leaf", leaf);
	*out = hex_of(d->a, leaf);
	return !r.bad;
}

/* What the round's row says, word for word. */
static bool as_created(struct deed *d, const struct record *rec, struct err *e)
{
	const struct round_facts *r = d->r;
	const struct {
		const char *key;
		struct bytes wanted;
	} same[] = {
		{ "round", r->id },
		{ "demo", r->demo ? BYTES("yes") : BYTES("no") },
		{ "authority", bytes_of(d->n->process->conf.authority) },
		{ "departments", r->departments },
		{ "pulses", r->pulses },
		{ "delta", number_of(d->a, r->delta) },
		{ "draw-deadline", number_of(d->a, r->draw_deadline) },
		{ "reveal-after", r->reveal_after },
		{ "results-due", r->results_due },
		{ "disclosure", r->disclosure },
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		if (!notary_expect(rec, same[i].key, same[i].wanted, e))
			return false;
	}
	return true;
}

/* What the notary computes itself. */
static bool as_computed(struct deed *d, const struct record *rec, struct err *e)
{
	uint8_t protocol[32], policy[32];
	char day[CIVIL_TEXT];
	struct bytes approvals, before;
	uint64_t frozen = record_number(rec, "frozen"), now = clock_now(&d->n->process->conf);
	sha256(protocol_text, protocol_text_size, protocol);
	if (frozen > now)
		return err_set(e, ERR_DIFFERS, "frozen: %" PRIu64 ", now %" PRIu64, frozen, now);
	if (!approvals_text(d->n->db, d->r->id, d->r->departments, d->a, &approvals, e) ||
		!policy_hash(d, policy, e) || !previous(d, &before, e))
		return false;
	return notary_expect(rec, "date", bytes_of(civil_format(clock_date_of(frozen), day)), e) &&
	       notary_expect(rec, "approvals", approvals, e) &&
	       notary_expect(rec, "protocol", hex_of(d->a, protocol), e) &&
	       notary_expect(rec, "program", bytes_of(program_hash), e) &&
	       notary_expect(rec, "policy", hex_of(d->a, policy), e) &&
	       notary_expect(rec, "previous", before, e);
}

bool notary_freeze(struct deed *d, struct err *e)
{
	struct record rec;
	if (d->r->demo && !(d->n->process->conf.demo && d->n->trust.demo))
		return err_set(e, ERR_DEMO_ONLY, "%.*s", BYTES_ARG(d->r->id));
	if (!record_parse(&rec, d->p->body, e))
		return false;
	if (rec.kind != RECORD_FREEZE)
		return err_set(e, ERR_DIFFERS, "not a freeze record");
	buf_bytes(&d->text, d->p->body);
	return as_created(d, &rec, e) && as_computed(d, &rec, e) &&
	       notary_artefacts(d, &rec, step_form(STEP_FREEZE)->out, e);
}
