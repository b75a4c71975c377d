#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/approval.h"
#include "daemon/clock.h"
#include "daemon/frozen.h"
#include "daemon/notary.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"
#include "planner/policy.h"

/* What follows from the policy that was approved: its artefact's hash, made with the blind of this
 * round's frame-salt key, and the departments that must approve. */
struct approved {
	uint8_t policy[32];
	struct bytes departments;
};

static bool read_policy(struct deed *d, struct approved *out, struct err *e)
{
	uint8_t salt[32];
	char key[65];
	struct table t;
	struct policy policy;
	struct buf departments = buf_new(d->a, 256);
	if (!notary_secret(d->n, d->r->id, "frame-salt", salt, e))
		return false;
	sha256_hex(salt, key);
	struct bytes text = frozen_text(d->a, TABLE_POLICY, key, d->r->policy);
	sodium_memzero(salt, sizeof salt);
	sodium_memzero(key, sizeof key);
	sha256(text.p, text.n, out->policy);
	if (!table_open(&t, TABLE_POLICY, text, e) || !policy_read(&policy, d->a, &t, e))
		return false;
	policy_departments(&policy, &departments);
	out->departments = buf_view(&departments);
	return true;
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
		{ "pulses", r->pulses },
		{ "delta", frozen_number(d->a, (uint64_t)r->delta) },
		{ "draw-deadline", frozen_number(d->a, (uint64_t)r->draw_deadline) },
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

/* Not dated ahead, and not dated back: behind every approval, not before the previous freeze, and
 * not long before it is signed. */
static bool in_time(
	struct deed *d, uint64_t frozen, struct bytes approvals, uint64_t before, struct err *e)
{
	const struct conf *conf = &d->n->process->conf;
	uint64_t now = clock_now(conf), age = (uint64_t)conf->notary.freeze_age;
	struct approval a;
	if (frozen > now || now - frozen > age)
		return err_set(e, ERR_FREEZE_TIME,
			"frozen %" PRIu64 ", now %" PRIu64 ", notary.freeze_age %" PRIu64, frozen,
			now, age);
	if (frozen < before)
		return err_set(e, ERR_FREEZE_TIME,
			"frozen %" PRIu64 ", the freeze before it %" PRIu64, frozen, before);
	while (type_next_approval(&approvals, &a)) {
		if (frozen < a.time)
			return err_set(e, ERR_FREEZE_TIME,
				"frozen %" PRIu64 ", %.*s approved %" PRIu64, frozen,
				BYTES_ARG(a.department), a.time);
	}
	return true;
}

/* The least quality is the configured one, and a reason to freeze below it the one that two persons
 * agreed to; whether it was needed follows from the figures (record_freeze_rules). */
static bool as_agreed(struct deed *d, const struct record *rec, struct err *e)
{
	DB_ROWS rows = { 0 };
	uint64_t least = conf_quality_min(&d->n->process->conf);
	if (!notary_expect(rec, "quality-min", frozen_number(d->a, least), e))
		return false;
	if (bytes_is(record_get(rec, "override"), "none"))
		return true;
	if (!DB_RUN(d->n->db, Q_quality_override, &rows, e, DB_INT(d->p->id)))
		return false;
	struct db_row r = db_row(&rows, 0, d->a, e);
	struct bytes agreed = db_bytes(&r, "reason");
	return !r.bad && notary_expect(rec, "override", agreed, e);
}

/* What the notary computes itself. */
static bool as_computed(struct deed *d, const struct record *rec, struct err *e)
{
	uint8_t protocol[32];
	char day[CIVIL_TEXT];
	struct approved ours;
	struct bytes approvals;
	struct freeze_before before;
	uint64_t frozen = record_number(rec, "frozen");
	sha256(protocol_text, protocol_text_size, protocol);
	if (!read_policy(d, &ours, e) || !freeze_before(d->n->db, d->a, &before, e) ||
		!approvals_text(d->n->db, d->r->id, ours.departments, d->a, &approvals, e) ||
		!in_time(d, frozen, approvals, before.frozen, e))
		return false;
	return notary_expect(rec, "date", bytes_of(civil_format(clock_date_of(frozen), day)), e) &&
	       notary_expect(rec, "departments", ours.departments, e) &&
	       notary_expect(rec, "approvals", approvals, e) &&
	       notary_expect(rec, "protocol", frozen_hex(d->a, protocol), e) &&
	       notary_expect(rec, "program", bytes_of(program_hash), e) &&
	       notary_expect(rec, "policy", frozen_hex(d->a, ours.policy), e) &&
	       notary_expect(rec, "previous", before.leaf, e);
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
	return record_freeze_rules(&rec, e) && as_created(d, &rec, e) && as_agreed(d, &rec, e) &&
	       as_computed(d, &rec, e) && notary_artefacts(d, &rec, step_form(STEP_FREEZE)->out, e);
}
