#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/chunk.h"
#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/frozen.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "daemon/secret.h"
#include "planner/civil.h"
#include "sampler/beacon.h"
#include "sampler/seed.h"

static deed_fn *const deeds[STEPS] = {
	[STEP_FREEZE] = notary_freeze,
	[STEP_LOCK] = notary_lock,
	[STEP_BEACON] = notary_beacon,
	[STEP_DRAW] = notary_draw,
	[STEP_REVEAL] = notary_reveal,
	[STEP_VOID] = notary_void,
};

/* ---- what is known of a round ------------------------------------------------------------ */

static void note_entry(struct round_facts *r, enum record_kind kind, const struct record *rec,
	const uint8_t leaf[32], uint64_t idx)
{
	const struct {
		bool *has;
		uint8_t *leaf;
	} kept[RECORD_KINDS] = {
		[RECORD_FREEZE] = { &r->has_freeze, r->freeze },
		[RECORD_LOCK] = { &r->has_lock, r->lock },
		[RECORD_DRAW] = { &r->has_draw, r->draw },
	};
	if (kind != RECORD_CAUSE) /* these stand beside the round */
		memcpy(r->last, leaf, 32);
	if (kept[kind].has != NULL) {
		*kept[kind].has = true;
		memcpy(kept[kind].leaf, leaf, 32);
	}
	if (kind == RECORD_LOCK) {
		r->lock_idx = idx;
		r->lock_record = *rec;
	}
	if (kind == RECORD_BEACON)
		r->beacon[r->beacons++] = *rec;
}

static bool read_entries(struct notary *n, struct arena *a, struct round_facts *r, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(n->db, Q_round_entries, &rows, e, DB_BYTES(r->id)))
		return false;
	r->beacon = arena_calloc(a, rows.n + 1, sizeof *r->beacon);
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row row = db_row(&rows, i, a, e);
		struct record rec;
		struct note note;
		uint8_t leaf[32];
		uint64_t idx = (uint64_t)db_int(&row, "idx");
		struct bytes whole = db_bytea(&row, "note");
		db_hash(&row, "leaf", leaf);
		if (row.bad || !note_parse(&note, a, whole, e) || !record_parse(&rec, note.text, e))
			return err_at(e, "entry %" PRIu64, idx);
		note_entry(r, rec.kind, &rec, leaf, idx);
	}
	return true;
}

bool notary_round(
	struct notary *n, struct bytes id, struct arena *a, struct round_facts *r, struct err *e)
{
	DB_ROWS rows = { 0 };
	*r = (struct round_facts){ 0 };
	if (!DB_RUN(n->db, Q_round_lock, &rows, e, DB_BYTES(id)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_NO_ROUND, "%.*s", BYTES_ARG(id));
	struct db_row row = db_row(&rows, 0, a, e);
	r->id = db_bytes(&row, "id");
	struct bytes state = db_bytes(&row, "state");
	r->demo = db_bool(&row, "demo");
	r->policy = db_bytes(&row, "policy");
	r->departments = db_bytes(&row, "departments");
	r->pulses = db_bytes(&row, "pulses");
	r->delta = db_int(&row, "delta");
	r->draw_deadline = db_int(&row, "draw_deadline");
	r->reveal_after = db_bytes(&row, "reveal_after");
	r->results_due = db_bytes(&row, "results_due");
	r->disclosure = db_bytes(&row, "disclosure");
	if (row.bad)
		return false;
	if (!state_of(state, &r->state))
		return err_set(e, ERR_INTERNAL, "state %.*s", BYTES_ARG(state));
	return read_entries(n, a, r, e);
}

bool notary_expect(const struct record *rec, const char *key, struct bytes wanted, struct err *e)
{
	struct bytes v = record_get(rec, key);
	if (bytes_equal(v, wanted))
		return true;
	return err_set(
		e, ERR_DIFFERS, "%s: %.*s, expected %.*s", key, BYTES_ARG(v), BYTES_ARG(wanted));
}

bool notary_artefacts(struct deed *d, const struct record *rec, unsigned tables, struct err *e)
{
	DB_ROWS rows = { 0 };
	unsigned found = 0;
	if (!DB_RUN(d->n->db, Q_proposal_hashes, &rows, e, DB_INT(d->p->id)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, d->a, e);
		struct chunk_info info;
		enum table_id id;
		uint8_t hash[32], said[32];
		struct bytes name = db_bytes(&r, "name");
		db_hash(&r, "sha256", hash);
		if (r.bad || !chunk_find(d->n->db, hash, d->a, &info, e))
			return err_at(e, "%.*s", BYTES_ARG(name));
		if (!table_id_of(name, &id) || (TABLE_BIT(id) & tables) == 0)
			return err_set(e, ERR_DIFFERS, "artefact %.*s is not of this step",
				BYTES_ARG(name));
		if (!record_hash(rec, table_form(id)->name, said) || memcmp(said, hash, 32) != 0)
			return err_set(e, ERR_DIFFERS, "%s: the record has another hash",
				table_form(id)->name);
		found |= TABLE_BIT(id);
	}
	return found == tables || err_set(e, ERR_DIFFERS, "artefacts are missing");
}

/* ---- lock -------------------------------------------------------------------------------- */

/* Pulse i of the round; empty behind the last. */
static struct pulse pulse_at(const struct round_facts *r, size_t i)
{
	struct bytes rest = r->pulses;
	struct pulse p;
	for (size_t k = 0; type_next_pulse(&rest, &p); k++) {
		if (k == i)
			return p;
	}
	return (struct pulse){ 0 };
}

bool notary_lock(struct deed *d, struct err *e)
{
	const struct round_facts *r = d->r;
	struct record rec = { .kind = RECORD_LOCK };
	uint8_t secret[32], commitment[32];
	uint64_t now = clock_now(&d->n->process->conf), latest = 0;
	if (!lock_latest(r->pulses, (uint64_t)r->delta, &latest) || now > latest)
		return err_set(
			e, ERR_TOO_LATE, "lock: now %" PRIu64 ", latest %" PRIu64, now, latest);
	if (!notary_secret(d->n, r->id, "lock", secret, e))
		return false;
	seed_commitment(r->freeze, secret, commitment);
	sodium_memzero(secret, sizeof secret);
	record_set(&rec, "round", r->id);
	record_set(&rec, "freeze", frozen_hex(d->a, r->freeze));
	record_set(&rec, "commitment", frozen_hex(d->a, commitment));
	record_set(&rec, "pulses", r->pulses);
	return record_encode(&rec, &d->text, e);
}

/* ---- beacon ------------------------------------------------------------------------------ */

static bool before_deadline(const struct deed *d, struct err *e)
{
	uint64_t now = clock_now(&d->n->process->conf);
	return now <= (uint64_t)d->r->draw_deadline ||
	       err_set(e, ERR_TOO_LATE, "draw-deadline %" PRId64 ", now %" PRIu64,
		       d->r->draw_deadline, now);
}

static bool beacon_lawful(struct deed *d, const struct record *rec, struct err *e)
{
	const struct round_facts *r = d->r;
	struct pulse p = pulse_at(r, r->beacons);
	uint64_t place = record_number(rec, "place"), now = clock_now(&d->n->process->conf);
	uint64_t latest = 0;
	if (place <= r->beacons)
		return err_set(e, ERR_ALREADY, "beacon %" PRIu64, place);
	if (place != r->beacons + 1 || place != (uint64_t)d->p->place)
		return err_set(e, ERR_NO_BEACON, "place %zu comes first", r->beacons + 1);
	if (p.source.n == 0)
		return err_set(e, ERR_ALREADY, "the lock names no more pulses");
	if (!lock_latest(r->pulses, (uint64_t)r->delta, &latest))
		return err_set(e, ERR_TOO_LATE, "no lock could be in time");
	if (now < p.time)
		return err_set(e, ERR_TOO_EARLY, "pulse %.*s: %" PRIu64 ", now %" PRIu64,
			BYTES_ARG(p.pulse), p.time, now);
	return notary_expect(rec, "source", p.source, e) &&
	       notary_expect(rec, "pulse", p.pulse, e) &&
	       beacon_check(p.source, p.pulse, record_get(rec, "value"), e) &&
	       notary_in_time(d->n, r->lock_idx, latest, e);
}

bool notary_beacon(struct deed *d, struct err *e)
{
	struct record rec;
	if (!record_parse(&rec, d->p->body, e))
		return false;
	if (rec.kind != RECORD_BEACON)
		return err_set(e, ERR_DIFFERS, "not a beacon record");
	buf_bytes(&d->text, d->p->body);
	return notary_expect(&rec, "round", d->r->id, e) &&
	       notary_expect(&rec, "lock", frozen_hex(d->a, d->r->lock), e) &&
	       beacon_lawful(d, &rec, e) && before_deadline(d, e);
}

/* ---- draw -------------------------------------------------------------------------------- */

static bool all_beacons(const struct round_facts *r, struct err *e)
{
	return pulse_at(r, r->beacons).source.n == 0 ||
	       err_set(e, ERR_NO_BEACON, "place %zu", r->beacons + 1);
}

bool notary_draw(struct deed *d, struct err *e)
{
	struct record rec;
	if (!record_parse(&rec, d->p->body, e))
		return false;
	if (rec.kind != RECORD_DRAW)
		return err_set(e, ERR_DIFFERS, "not a draw record");
	buf_bytes(&d->text, d->p->body);
	return notary_expect(&rec, "round", d->r->id, e) &&
	       notary_expect(&rec, "lock", frozen_hex(d->a, d->r->lock), e) &&
	       notary_artefacts(d, &rec, step_form(STEP_DRAW)->out, e) && before_deadline(d, e);
}

/* ---- reveal ------------------------------------------------------------------------------ */

bool notary_reveal(struct deed *d, struct err *e)
{
	struct record rec = { .kind = RECORD_REVEAL };
	struct seed_keys keys;
	uint8_t blinding[32], content[32];
	int32_t after = 0, today = clock_date(&d->n->process->conf);
	char day[CIVIL_TEXT];
	if (!civil_parse(d->r->reveal_after, &after))
		return err_set(e, ERR_BAD_DATE, "reveal-after");
	if (today < after)
		return err_set(e, ERR_TOO_EARLY, "reveal-after %.*s, today %s",
			BYTES_ARG(d->r->reveal_after), civil_format(today, day));
	struct buf text = buf_new(d->a, 512);
	if (!notary_seed_text(d->n, d->r, &text, e))
		return false;
	seed_derive(buf_view(&text), &keys);
	seed_reveal_blinding(&keys, blinding);
	sodium_memzero(&keys, sizeof keys);
	seed_content(BYTES("reveal"), blinding, buf_view(&text), content);
	record_set(&rec, "round", d->r->id);
	record_set(&rec, "draw", frozen_hex(d->a, d->r->draw));
	record_set(&rec, "content", frozen_hex(d->a, content));
	d->extra_name = BYTES("seed.txt");
	d->extra = buf_view(&text);
	return record_encode(&rec, &d->text, e);
}

/* ---- deciding ---------------------------------------------------------------------------- */

/* What people must mend at this notary before it can decide anything. */
static const enum err_code house_faults[] = { ERR_ROLLED_BACK, ERR_FILE, ERR_SEALED, ERR_DENIED };

bool notary_undecided(enum err_code code)
{
	for (size_t i = 0; i < sizeof house_faults / sizeof *house_faults; i++) {
		if (house_faults[i] == code)
			return true;
	}
	return err_passes(code);
}

static bool read_proposal(struct notary *n, struct arena *a, int64_t id, struct proposal *p,
	bool *pending, struct err *e)
{
	DB_ROWS rows = { 0 };
	*pending = false;
	if (!DB_RUN(n->db, Q_proposal_lock, &rows, e, DB_INT(id)))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	p->id = id;
	p->place = db_int(&r, "place");
	p->round = db_bytes(&r, "round");
	p->kind = db_bytes(&r, "kind");
	p->body = db_bytes(&r, "body");
	p->attestations = db_bytes(&r, "attestations");
	*pending = strcmp(db_text(&r, "state"), "pending") == 0;
	return !r.bad;
}

/* Is the step one of ours, and lawful in the round's state? */
static bool lawful(struct proposal *p, const struct round_facts *r, struct err *e)
{
	if (!step_of(p->kind, &p->step) || deeds[p->step] == NULL)
		return err_set(e, ERR_BAD_STATE, "no such step: %.*s", BYTES_ARG(p->kind));
	return step_check(p->step, r->state, e) && (p->step != STEP_DRAW || all_beacons(r, e));
}

/* The seed text becomes an artefact in the same transaction as the reveal. */
static bool store_extra(struct deed *d, struct err *e)
{
	uint8_t hash[32];
	if (d->extra.n == 0)
		return true;
	const char *name = arena_strndup(d->a, d->extra_name.p, d->extra_name.n);
	return chunk_store_inside(d->n->db, name, d->extra, d->a, hash, e) &&
	       DB_RUN(d->n->db, Q_round_artefact_insert, NULL, e, DB_BYTES(d->r->id), DB_TEXT(name),
		       DB_HASH(hash));
}

static bool store_artefacts(struct deed *d, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(d->n->db, Q_proposal_hashes, &rows, e, DB_INT(d->p->id)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, d->a, e);
		uint8_t hash[32];
		struct bytes name = db_bytes(&r, "name");
		db_hash(&r, "sha256", hash);
		if (r.bad || !DB_RUN(d->n->db, Q_round_artefact_insert, NULL, e, DB_BYTES(d->r->id),
				     DB_BYTES(name), DB_HASH(hash)))
			return false;
	}
	return store_extra(d, e);
}

static bool advance(struct deed *d, struct err *e)
{
	DB_ROWS rows = { 0 };
	enum round_state to = step_after(d->p->step, d->r->state);
	if (to == d->r->state)
		return true;
	if (!DB_RUN(d->n->db, Q_round_advance, &rows, e, DB_BYTES(d->r->id),
		    DB_TEXT(state_form(d->r->state)->name), DB_TEXT(state_form(to)->name)))
		return false;
	return rows.affected == 1 || err_set(e, ERR_BUSY, "the round moved on");
}

/* Entry, state, artefacts and decision: all or nothing. */
static bool carry_out(struct deed *d, struct head *head, struct err *e)
{
	struct bytes note;
	uint64_t idx = 0;
	if (!deeds[d->p->step](d, e) || !notary_note(d, &note, e))
		return false;
	crash_point("notary.checked");
	const char *kind = record_form((enum record_kind)step_form(d->p->step)->record)->kind;
	if (!notary_append(d->n, head, note, kind, d->r->id, &idx, e) || !advance(d, e) ||
		!store_artefacts(d, e) ||
		!DB_RUN(d->n->db, Q_proposal_accept, NULL, e, DB_INT(d->p->id), DB_INT(idx)))
		return false;
	crash_point("notary.append");
	if (!db_commit(d->n->db, e))
		return false;
	crash_point("notary.committed");
	log_info("round.step", STR("round", arena_strndup(d->a, d->r->id.p, d->r->id.n)),
		STR("step", kind), NUM("entry", idx));
	return true;
}

static bool attempt(struct notary *n, struct arena *a, int64_t id, bool *pending, struct err *e)
{
	struct head head;
	struct proposal p = { 0 };
	struct round_facts r;
	if (!db_begin(n->db, false, e) || !notary_head(n, true, &head, e))
		return false;
	if (head.published < head.size)
		return err_set(e, ERR_BUSY, "the last entry is not published yet");
	if (!read_proposal(n, a, id, &p, pending, e) || !*pending)
		return !*pending && e->code == ERR_NONE;
	struct deed d = { .n = n, .a = a, .p = &p, .r = &r };
	d.text = buf_new(a, 4096);
	bool ok = notary_round(n, p.round, a, &r, e) && lawful(&p, &r, e) &&
		  notary_agreed(n, a, &p, e) && carry_out(&d, &head, e);
	secret_wipe(d.extra);
	return ok;
}

bool notary_decide(struct notary *n, int64_t proposal, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct err why = { 0 };
	bool pending = false;
	bool ok = attempt(n, a, proposal, &pending, &why);
	db_rollback(n->db);
	if (ok)
		return true;
	if (notary_undecided(why.code)) {
		*e = why;
		return false;
	}
	log_warning("round.refused", ERR(&why), NUM("proposal", proposal));
	return DB_RUN(n->db, Q_proposal_refuse, NULL, e, DB_INT(proposal),
		DB_BYTES(job_error_json(a, &why)));
}
