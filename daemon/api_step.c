/* The steps of a round that people ask for: jobs for workers, proposals for the notary. */
#include <string.h>

#include "daemon/api.h"
#include "daemon/clock.h"
#include "sampler/base/text.h"
#include "sampler/beacon.h"
#include "sampler/record.h"
#include "sampler/step.h"
#include "sampler/type.h"

/* What a step needs to know while the database answers. */
struct step_request {
	const char *round;
	enum step_id step;
	int64_t place;
	const char *value, *attestations, *level;
	bool text_only;
};

static struct step_request *step_new(struct request *r, enum step_id step)
{
	struct step_request *s = arena_calloc(r->arena, 1, sizeof *s);
	s->step = step;
	s->place = 1;
	s->attestations = "";
	r->ctx = s;
	return request_round(r, &s->round) ? s : NULL;
}

static const struct json_field no_fields[] = { { 0 } };

/* A step that takes no members. */
static bool step_plain(struct request *r, enum step_id step, struct step_request **s)
{
	*s = step_new(r, step);
	return *s != NULL && request_json(r, no_fields, *s);
}

/* The step table says in which states a step is lawful. */
static bool check_state(struct request *r, const struct db_rows *rows, bool *replied)
{
	const struct step_request *s = r->ctx;
	struct err e = { 0 };
	enum round_state state;
	*replied = true;
	if (rows->n == 0) {
		reply_code(r, ERR_NO_ROUND, "%s", s->round);
		return false;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes name = db_bytes(&row, "state");
	if (row.bad || !state_of(name, &state)) {
		reply_code(r, ERR_INTERNAL, "state %.*s", BYTES_ARG(name));
		return false;
	}
	*replied = false;
	if (step_check(s->step, state, &e))
		return true;
	*replied = true;
	reply_error(r, &e);
	return false;
}

/* ---- jobs --------------------------------------------------------------------------------- */

static void queue_job(struct request *r, const char *kind, struct bytes args)
{
	const struct step_request *s = r->ctx;
	const char *dedup = s->level != NULL
				    ? arena_printf(r->arena, "%s:%s:%s", kind, s->round, s->level)
				    : arena_printf(r->arena, "%s:%s", kind, s->round);
	api_queue_job(r, kind, args, dedup);
}

/* The time is fixed now, so that another attempt gives the same bytes. */
static void queue_freeze(struct request *r, const struct db_rows *rows)
{
	const struct step_request *s = r->ctx;
	const struct conf *conf = &r->web->process->conf;
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	const char *missing = db_text(&row, "missing");
	if (row.bad || missing[0] != '\0') {
		reply_code(r, ERR_NOT_APPROVED, "%s", missing);
		return;
	}
	struct buf args = buf_new(r->arena, 128);
	buf_byte(&args, '{');
	json_put_member(&args, "round", bytes_of(s->round));
	json_put_number(&args, "frozen", (int64_t)clock_now(conf));
	buf_byte(&args, '}');
	queue_job(r, "freeze", buf_view(&args));
}

static void check_approvals(struct request *r, const struct db_rows *rows)
{
	const struct step_request *s = r->ctx;
	bool replied;
	if (check_state(r, rows, &replied))
		REQUEST_ASK(r, Q_web_missing_approvals, queue_freeze, DB_TEXT(s->round));
}

void round_freeze(struct request *r)
{
	struct step_request *s;
	if (step_plain(r, STEP_FREEZE, &s))
		REQUEST_ASK(r, Q_web_round_state, check_approvals, DB_TEXT(s->round));
}

/* Is it drawn, and nobody has written the rows of the draw yet? */
static bool unwritten(struct request *r, const struct db_rows *rows)
{
	struct err ignored = { 0 };
	enum round_state state;
	if (rows->n == 0)
		return false;
	struct db_row row = db_row(rows, 0, r->arena, &ignored);
	bool projected = db_bool(&row, "projected");
	return state_of(db_bytes(&row, "state"), &state) && state >= STATE_DRAWN &&
	       state != STATE_VOID && !projected;
}

/* Nothing is drawn twice; what a draw left is written as often as it is missing. */
static void queue_draw(struct request *r, const struct db_rows *rows)
{
	const struct step_request *s = r->ctx;
	struct buf args = buf_new(r->arena, 64);
	bool replied, write_only = unwritten(r, rows);
	if (!write_only && !check_state(r, rows, &replied))
		return;
	buf_byte(&args, '{');
	json_put_member(&args, "round", bytes_of(s->round));
	buf_byte(&args, '}');
	queue_job(r, write_only ? "project" : "draw", buf_view(&args));
}

void round_draw(struct request *r)
{
	struct step_request *s;
	if (step_plain(r, STEP_DRAW, &s))
		REQUEST_ASK(r, Q_web_round_state, queue_draw, DB_TEXT(s->round));
}

static void queue_bundle(struct request *r, const struct db_rows *rows)
{
	const struct step_request *s = r->ctx;
	struct err e = { 0 };
	enum round_state state;
	struct buf args = buf_new(r->arena, 64);
	if (rows->n == 0) {
		reply_code(r, ERR_NO_ROUND, "%s", s->round);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes name = db_bytes(&row, "state");
	if (row.bad || !state_of(name, &state) ||
		(state != STATE_REVEALED && state != STATE_CLOSED)) {
		reply_code(r, ERR_BAD_STATE, "bundle: %.*s", BYTES_ARG(name));
		return;
	}
	buf_byte(&args, '{');
	json_put_member(&args, "round", bytes_of(s->round));
	json_put_member(&args, "level", bytes_of(s->level));
	buf_byte(&args, '}');
	queue_job(r, "bundle", buf_view(&args));
}

static const struct json_field bundle_fields[] = {
	{ "level", JSON_TEXT, offsetof(struct step_request, level), false, 1, 10 },
	{ 0 },
};

void round_bundle(struct request *r)
{
	struct step_request *s = step_new(r, STEP_CLOSE);
	if (s == NULL)
		return;
	s->level = "audit";
	if (!request_json(r, bundle_fields, s))
		return;
	if (strcmp(s->level, "audit") != 0 && strcmp(s->level, "public") != 0) {
		reply_code(r, ERR_BAD_JSON, "level: audit or public is wanted");
		return;
	}
	REQUEST_ASK(r, Q_web_round_state, queue_bundle, DB_TEXT(s->round));
}

/* ---- proposals ---------------------------------------------------------------------------- */

static void propose(struct request *r, struct bytes body)
{
	const struct step_request *s = r->ctx;
	r->conflict = ERR_ALREADY;
	REQUEST_ASK(r, Q_web_propose, reply_row_accepted, DB_TEXT(s->round),
		DB_TEXT(step_form(s->step)->name), DB_INT(s->place), DB_BYTES(body),
		DB_TEXT(s->attestations), DB_TEXT(r->account));
}

static void propose_plain(struct request *r, const struct db_rows *rows)
{
	bool replied;
	if (check_state(r, rows, &replied))
		propose(r, BYTES(""));
}

void round_lock(struct request *r)
{
	struct step_request *s;
	if (step_plain(r, STEP_LOCK, &s))
		REQUEST_ASK(r, Q_web_round_state, propose_plain, DB_TEXT(s->round));
}

void round_reveal(struct request *r)
{
	struct step_request *s;
	if (step_plain(r, STEP_REVEAL, &s))
		REQUEST_ASK(r, Q_web_round_state, propose_plain, DB_TEXT(s->round));
}

/* ---- beacons ------------------------------------------------------------------------------ */

/* Pulse number `place` of the round. */
static bool find_pulse(struct bytes pulses, int64_t place, struct pulse *p)
{
	for (int64_t i = 0; i < place; i++)
		if (!type_next_pulse(&pulses, p))
			return false;
	return place > 0;
}

static bool beacon_record(
	struct request *r, const struct db_rows *rows, struct buf *out, struct err *e)
{
	const struct step_request *s = r->ctx;
	struct record rec = { .kind = RECORD_BEACON };
	struct pulse p;
	struct db_row row = db_row(rows, 0, r->arena, e);
	struct bytes pulses = db_bytes(&row, "pulses");
	if (row.bad)
		return false;
	if (db_is_null(&row, "leaf"))
		return err_set(e, ERR_BAD_STATE, "the round is not locked");
	if (!find_pulse(pulses, s->place, &p))
		return err_set(e, ERR_BAD_BEACON, "place %lld", (long long)s->place);
	if (!beacon_check(p.source, p.pulse, bytes_of(s->value), e))
		return false;
	record_set(&rec, "round", bytes_of(s->round));
	record_set(&rec, "lock", db_bytes(&row, "leaf"));
	record_set(&rec, "place", bytes_of(arena_printf(r->arena, "%lld", (long long)s->place)));
	record_set(&rec, "source", p.source);
	record_set(&rec, "pulse", p.pulse);
	record_set(&rec, "value", bytes_of(s->value));
	return record_encode(&rec, out, e);
}

static void use_beacon(struct request *r, const struct db_rows *rows)
{
	const struct step_request *s = r->ctx;
	struct buf text = buf_new(r->arena, 512);
	struct err e = { 0 };
	if (rows->n == 0)
		reply_code(r, ERR_NO_ROUND, "%s", s->round);
	else if (!beacon_record(r, rows, &text, &e))
		reply_error(r, &e);
	else if (s->text_only)
		reply_bytes(r, "text/plain; charset=utf-8", buf_view(&text));
	else
		propose(r, buf_view(&text));
}

void round_beacon_text(struct request *r)
{
	struct step_request *s = step_new(r, STEP_BEACON);
	if (s == NULL || !request_number(r, "place", 1, 64, &s->place) ||
		!request_word(r, "value", "", &s->value) || !request_no_more(r))
		return;
	s->text_only = true;
	REQUEST_ASK(r, Q_web_lock_leaf, use_beacon, DB_TEXT(s->round));
}

static const struct json_field beacon_fields[] = {
	{ "place", JSON_INT64, offsetof(struct step_request, place), false, 1, 64 },
	{ "value", JSON_TEXT, offsetof(struct step_request, value), true, 1, 200 },
	{ "attestations", JSON_LONG, offsetof(struct step_request, attestations), true, 0, 8000 },
	{ 0 },
};

void round_beacon(struct request *r)
{
	struct step_request *s = step_new(r, STEP_BEACON);
	if (s != NULL && request_json(r, beacon_fields, s))
		REQUEST_ASK(r, Q_web_lock_leaf, use_beacon, DB_TEXT(s->round));
}
