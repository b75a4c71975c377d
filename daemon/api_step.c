/* The steps of a round that people ask for: motions for a second person, jobs for workers. */
#include <assert.h>
#include <string.h>

#include "daemon/api.h"
#include "sampler/base/text.h"
#include "sampler/beacon.h"
#include "sampler/record.h"
#include "sampler/step.h"
#include "sampler/type.h"

/* Is the step lawful in the round's state (the step table says)? False after a reply. */
static bool check_state(struct request *r, const struct db_rows *rows, enum step_id step)
{
	struct err e = { 0 };
	enum round_state state;
	if (rows->n == 0) {
		reply_missing(r);
		return false;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes name = db_bytes(&row, "state");
	if (!row.bad && !state_of(name, &state))
		err_set(&e, ERR_INTERNAL, "state %.*s", BYTES_ARG(name));
	if (e.code == ERR_NONE && step_check(step, state, &e))
		return true;
	reply_error(r, &e);
	return false;
}

/* ---- motions ------------------------------------------------------------------------------ */

/* What a step is moved with; first in the structs of the forms. */
struct step_body {
	struct motion_why why;
	int64_t place;
	const char *value, *attestations, *cause, *override;
};

/* The motion on a step of the round in the path. */
static struct motion_ask step_motion(const struct request *r, const char *kind, struct bytes body)
{
	const struct step_body *b = r->sent;
	return (struct motion_ask){
		.kind = kind, .round = request_arg(r, 0), .body = body, .why = &b->why
	};
}

/* Steps that need nothing but a reason: route → kind of motion. Whether the round is in a state for
 * it, or its policy to be moved anew, the database knows. */
static const struct {
	const char *route, *kind;
} plain[] = {
	{ "round.policy", "policy" },
	{ "round.lock", "lock" },
	{ "round.reveal", "publication" },
};

void round_move(struct request *r)
{
	const char *kind = NULL;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (strcmp(plain[i].route, r->route->name) == 0)
			kind = plain[i].kind;
	assert(kind != NULL);
	const struct motion_ask m = step_motion(r, kind, BYTES("{}"));
	api_move(r, &m);
}

static const struct json_field freeze_fields[] = {
	MOTION_WHY(step_body),
	{ "quality_override", JSON_TEXT, offsetof(struct step_body, override), false, 1, 200,
		.zh = "数据正确率低于要求仍须冻结的理由，写入冻结记录并公开",
		.en = "why to freeze though the lists are less correct than they must be: the freeze record tells it to everybody" },
	{ 0 },
};
const struct json_form freeze_form = { freeze_fields, sizeof(struct step_body), NULL };

void round_freeze(struct request *r)
{
	const struct step_body *b = r->sent;
	struct buf body = buf_new(r->arena, 256);
	if (b->override != NULL && (!type_check(TYPE_TEXT, bytes_of(b->override)) ||
					   strcmp(b->override, "none") == 0)) {
		reply_field(r, "quality_override", ERR_BAD_JSON, "%s", b->override);
		return;
	}
	buf_byte(&body, '{');
	if (b->override != NULL)
		json_put_member(&body, "quality_override", bytes_of(b->override));
	buf_byte(&body, '}');
	const struct motion_ask m = step_motion(r, "freeze", buf_view(&body));
	api_move(r, &m);
}

/* ---- jobs --------------------------------------------------------------------------------- */

/* `level` is NULL for jobs that have none. */
static void queue_job(struct request *r, const char *kind, const char *level)
{
	const char *round = request_arg(r, 0);
	struct buf args = buf_new(r->arena, 64);
	buf_byte(&args, '{');
	json_put_member(&args, "round", bytes_of(round));
	if (level != NULL)
		json_put_member(&args, "level", bytes_of(level));
	buf_byte(&args, '}');
	api_queue_job(r, kind, buf_view(&args),
		arena_printf(r->arena, level != NULL ? "%s:%s:%s" : "%s:%s", kind, round, level));
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
	if (unwritten(r, rows))
		queue_job(r, "project", NULL);
	else if (check_state(r, rows, STEP_DRAW))
		queue_job(r, "draw", NULL);
}

static const struct json_field no_fields[] = { { 0 } };
const struct json_form no_form = { no_fields, 1, NULL };

void round_draw(struct request *r)
{
	REQUEST_ASK(r, Q_round_state, queue_draw, DB_TEXT(request_arg(r, 0)));
}

struct bundle_body {
	const char *level;
};

static const struct json_field bundle_fields[] = {
	{ "level", JSON_TEXT, offsetof(struct bundle_body, level), false, 1, 10,
		.zh = "复核包级别，缺省 audit", .en = "level of the bundle; audit if not said",
		.one_of = "audit,public" },
	{ 0 },
};
static const struct bundle_body bundle_otherwise = { .level = "audit" };
const struct json_form bundle_form = { bundle_fields, sizeof(struct bundle_body),
	&bundle_otherwise };

static void queue_bundle(struct request *r, const struct db_rows *rows)
{
	const struct bundle_body *b = r->sent;
	struct err e = { 0 };
	enum round_state state;
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes name = db_bytes(&row, "state");
	if (row.bad || !state_of(name, &state) ||
		(state != STATE_REVEALED && state != STATE_CLOSED))
		reply_code(r, ERR_BAD_STATE, "bundle: %.*s", BYTES_ARG(name));
	else
		queue_job(r, "bundle", b->level);
}

/* A public bundle is published; an auditor changes nothing, and is given the one for audit. */
void round_bundle(struct request *r)
{
	const struct bundle_body *b = r->sent;
	if (strcmp(b->level, "audit") != 0 && !request_has(r, WHO_COORDINATOR)) {
		r->may = WHO_COORDINATOR;
		reply_field(r, "level", ERR_NOT_ALLOWED, "level: %s", b->level);
		return;
	}
	REQUEST_ASK(r, Q_round_state, queue_bundle, DB_TEXT(request_arg(r, 0)));
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

struct beacon_value {
	int64_t place;
	const char *value;
};

static bool beacon_record(struct request *r, const struct db_rows *rows,
	const struct beacon_value *v, struct buf *out, struct err *e)
{
	struct record rec = { .kind = RECORD_BEACON };
	struct pulse p;
	struct db_row row = db_row(rows, 0, r->arena, e);
	struct bytes pulses = db_bytes(&row, "pulses");
	if (row.bad)
		return false;
	if (db_is_null(&row, "leaf"))
		return err_set(e, ERR_BAD_STATE, "the round is not locked");
	if (!find_pulse(pulses, v->place, &p))
		return err_set(e, ERR_BAD_BEACON, "place %lld", (long long)v->place);
	if (!beacon_check(p.source, p.pulse, bytes_of(v->value), e))
		return false;
	record_set(&rec, "round", bytes_of(request_arg(r, 0)));
	record_set(&rec, "lock", db_bytes(&row, "leaf"));
	record_set(&rec, "place", bytes_of(arena_printf(r->arena, "%lld", (long long)v->place)));
	record_set(&rec, "source", p.source);
	record_set(&rec, "pulse", p.pulse);
	record_set(&rec, "value", bytes_of(v->value));
	return record_encode(&rec, out, e);
}

/* The record's text, or false after a reply. */
static bool beacon_text(struct request *r, const struct db_rows *rows, const struct beacon_value *v,
	struct buf *text)
{
	struct err e = { 0 };
	*text = buf_new(r->arena, 512);
	if (rows->n == 0)
		reply_missing(r);
	else if (beacon_record(r, rows, v, text, &e))
		return true;
	else
		reply_error(r, &e);
	return false;
}

static void tell_beacon(struct request *r, const struct db_rows *rows)
{
	struct buf text;
	const struct beacon_value v = { param_number(r, "place"), param_word(r, "value") };
	if (beacon_text(r, rows, &v, &text))
		reply_bytes(r, "text/plain; charset=utf-8", buf_view(&text));
}

void round_beacon_text(struct request *r)
{
	REQUEST_ASK(r, Q_round_lock_leaf, tell_beacon, DB_TEXT(request_arg(r, 0)));
}

static const struct json_field beacon_fields[] = {
	{ "place", JSON_INT64, offsetof(struct step_body, place), false, 1, 64,
		.zh = "第几个公共随机数，缺省 1", .en = "which of the pulses; 1 if not said" },
	{ "value", JSON_TEXT, offsetof(struct step_body, value), true, 1, 200, .zh = "其数值",
		.en = "its value" },
	{ "attestations", JSON_LONG, offsetof(struct step_body, attestations), false, 0, 8000,
		.zh = "两名见证人的签名行，也可由同意者提供",
		.en = "signature lines of two attesters; the one who seconds may give them too" },
	MOTION_WHY(step_body),
	{ 0 },
};
static const struct step_body step_otherwise = { .place = 1, .attestations = "" };
const struct json_form beacon_form = { beacon_fields, sizeof(struct step_body), &step_otherwise };

/* The record goes with the motion: who seconds sees what will stand in the log. */
static void move_beacon(struct request *r, const struct db_rows *rows)
{
	const struct step_body *b = r->sent;
	const struct beacon_value v = { b->place, b->value };
	struct buf text, body = buf_new(r->arena, 1024);
	if (!beacon_text(r, rows, &v, &text) ||
		(b->attestations[0] != '\0' &&
			!api_seals(r, buf_view(&text), bytes_of(b->attestations), false)))
		return;
	buf_byte(&body, '{');
	json_put_number(&body, "place", b->place);
	json_put_member(&body, "value", bytes_of(b->value));
	json_put_member(&body, "attestations", bytes_of(b->attestations));
	json_put_member(&body, "record", buf_view(&text));
	buf_byte(&body, '}');
	struct motion_ask m = step_motion(r, "beacon", buf_view(&body));
	m.subject = arena_printf(r->arena, "%lld", (long long)b->place);
	api_move(r, &m);
}

void round_beacon(struct request *r)
{
	REQUEST_ASK(r, Q_round_lock_leaf, move_beacon, DB_TEXT(request_arg(r, 0)));
}

/* ---- void --------------------------------------------------------------------------------- */

static const struct json_field void_fields[] = {
	{ "cause", JSON_TOKEN, offsetof(struct step_body, cause), true, 0, 0,
		.zh = "作废原因的代码，写入记录", .en = "a token for why, which the record tells" },
	MOTION_REASON(step_body),
	{ "evidence", JSON_TEXT, offsetof(struct step_body, why.evidence), true, 64, 64,
		.zh = "依据文件的 SHA-256，写入记录",
		.en = "SHA-256 of the document that supports it, which the record tells" },
	{ 0 },
};
const struct json_form void_form = { void_fields, sizeof(struct step_body), &step_otherwise };

static bool void_record(
	struct request *r, const struct db_rows *rows, struct buf *out, struct err *e)
{
	const struct step_body *b = r->sent;
	struct record rec = { .kind = RECORD_VOID };
	struct db_row row = db_row(rows, 0, r->arena, e);
	if (db_is_null(&row, "leaf"))
		return err_set(e, ERR_BAD_STATE, "the log has no entry of the round");
	record_set(&rec, "round", bytes_of(request_arg(r, 0)));
	record_set(&rec, "last", db_bytes(&row, "leaf"));
	record_set(&rec, "reason", bytes_of(b->cause));
	record_set(&rec, "evidence", bytes_of(b->why.evidence));
	return !row.bad && record_encode(&rec, out, e);
}

/* The custodian who seconds signs the record's text, which stands in the motion. */
static void move_void(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct buf text = buf_new(r->arena, 512), body = buf_new(r->arena, 1024);
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	if (!void_record(r, rows, &text, &e)) {
		reply_error(r, &e);
		return;
	}
	buf_byte(&body, '{');
	json_put_member(&body, "record", buf_view(&text));
	buf_byte(&body, '}');
	const struct motion_ask m = step_motion(r, "void", buf_view(&body));
	api_move(r, &m);
}

void round_void(struct request *r)
{
	REQUEST_ASK(r, Q_round_last_leaf, move_void, DB_TEXT(request_arg(r, 0)));
}
