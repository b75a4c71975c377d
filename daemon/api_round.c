/* Rounds: made, listed, approved, never edited. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/clock.h"
#include "daemon/policy/policyfile.h"
#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/beacon.h"
#include "sampler/record.h"
#include "sampler/type.h"

enum {
	DAY = 86400, /* from the last pulse to the draw's deadline, where nobody says */
	RESULT_DAYS = 28, /* 20 working days (国发〔2019〕5号) are at least that many days */
	YEAR_SECONDS = 31622400,
};

/* ---- make --------------------------------------------------------------------------------- */

struct round_body {
	const char *policy, *pulses, *reveal_after, *results_due, *disclosure;
	bool demo;
	int64_t delta, deadline;
};

static const struct json_field round_fields[] = {
	{ "policy", JSON_LONG, offsetof(struct round_body, policy), true, 1, POLICY_FILE_MAX },
	{ "pulses", JSON_TEXT, offsetof(struct round_body, pulses), true, 1, 1000 },
	{ "demo", JSON_FLAG, offsetof(struct round_body, demo), false, 0, 0 },
	{ "delta", JSON_INT64, offsetof(struct round_body, delta), false, 0, YEAR_SECONDS },
	{ "draw-deadline", JSON_INT64, offsetof(struct round_body, deadline), false, 1, INT64_MAX },
	{ "reveal-after", JSON_TEXT, offsetof(struct round_body, reveal_after), false, 10, 10 },
	{ "results-due", JSON_TEXT, offsetof(struct round_body, results_due), false, 10, 10 },
	{ "disclosure", JSON_TEXT, offsetof(struct round_body, disclosure), false, 1, 10 },
	{ 0 },
};

static bool check_one_pulse(const struct pulse *p, struct err *e)
{
	const struct beacon_source *s = beacon_source(p->source);
	if (s == NULL)
		return err_set(
			e, ERR_BAD_BEACON, "pulses: %.*s is no source", BYTES_ARG(p->source));
	return s->pulse(p->pulse) || err_set(e, ERR_BAD_BEACON, "pulses: %.*s:%.*s",
					     BYTES_ARG(p->source), BYTES_ARG(p->pulse));
}

/* Known sources and their forms of pulse; *last gets the latest time. */
static bool check_pulses(const struct round_body *b, uint64_t *last, struct err *e)
{
	struct bytes rest = bytes_of(b->pulses);
	struct pulse p;
	*last = 0;
	if (!type_check(TYPE_PULSES, rest))
		return err_set(e, ERR_BAD_BEACON, "pulses: source:pulse:time,… is wanted");
	while (type_next_pulse(&rest, &p)) {
		if (!check_one_pulse(&p, e))
			return false;
		*last = p.time > *last ? p.time : *last;
	}
	return true;
}

static bool check_rules(const struct request *r, const struct round_body *b, struct err *e)
{
	if (b->demo && !r->web->process->conf.demo)
		return err_set(e, ERR_DEMO_ONLY, "demo = true is not in the configuration");
	return freeze_rules(
		b->demo, (uint64_t)b->delta, bytes_of(b->pulses), bytes_of(b->disclosure), e);
}

static bool check_dates(const struct round_body *b, struct err *e)
{
	int32_t reveal, due;
	if (!civil_parse(bytes_of(b->reveal_after), &reveal))
		return err_set(e, ERR_BAD_DATE, "reveal-after: %s", b->reveal_after);
	if (!civil_parse(bytes_of(b->results_due), &due))
		return err_set(e, ERR_BAD_DATE, "results-due: %s", b->results_due);
	return true;
}

/* What nobody said follows from the policy and the pulses. */
static void fill_in(struct request *r, struct round_body *b, const struct policy *p, uint64_t last)
{
	int32_t end = CIVIL_MIN;
	for (uint32_t i = 0; i < p->task_count; i++)
		end = p->tasks[i].to > end ? p->tasks[i].to : end;
	char *reveal = arena_alloc(r->arena, CIVIL_TEXT), *due = arena_alloc(r->arena, CIVIL_TEXT);
	if (b->reveal_after == NULL)
		b->reveal_after = civil_format(end, reveal);
	if (b->results_due == NULL)
		b->results_due = civil_format(end + RESULT_DAYS, due);
	if (b->deadline == 0)
		b->deadline = (int64_t)last + DAY;
}

struct fresh_round {
	struct round_body body;
	struct policy_file policy;
	const char *departments, *year;
	int tries;
};

static void insert_round(struct request *r)
{
	const struct fresh_round *f = r->ctx;
	const struct round_body *b = &f->body;
	REQUEST_ASK(r, Q_web_round_new, reply_row_created, DB_TEXT(f->year), DB_INT(b->demo),
		DB_TEXT(f->policy.title), DB_BYTES(f->policy.rows), DB_TEXT(b->policy),
		DB_TEXT(f->departments), DB_TEXT(b->pulses), DB_INT(b->delta), DB_INT(b->deadline),
		DB_TEXT(b->reveal_after), DB_TEXT(b->results_due), DB_TEXT(b->disclosure),
		DB_TEXT(r->account));
}

/* Somebody else took the number: take the next. Nobody deletes rounds, so there are no gaps. */
static bool insert_again(struct request *r)
{
	enum { TRIES = 20 };
	struct fresh_round *f = r->ctx;
	if (++f->tries >= TRIES)
		return false;
	insert_round(r);
	return true;
}

void round_new(struct request *r)
{
	struct fresh_round *f = arena_calloc(r->arena, 1, sizeof *f);
	struct round_body *b = &f->body;
	struct err e = { 0 };
	uint64_t last;
	char today[CIVIL_TEXT];
	b->disclosure = "audit";
	b->delta = -1;
	if (!request_json(r, round_fields, b))
		return;
	if (b->delta < 0)
		b->delta = b->demo ? 0 : FREEZE_DELTA_MIN;
	bool ok = check_pulses(b, &last, &e) && check_rules(r, b, &e) &&
		  policy_file_parse(&f->policy, r->arena, b->policy, "policy", &e);
	if (ok)
		fill_in(r, b, &f->policy.policy, last);
	if (!ok || !check_dates(b, &e)) {
		reply_error(r, &e);
		return;
	}
	struct buf departments = buf_new(r->arena, 200);
	policy_departments(&f->policy.policy, &departments);
	f->departments = arena_strndup(r->arena, departments.p, departments.n);
	civil_format(clock_date(&r->web->process->conf), today);
	f->year = arena_strndup(r->arena, today, 4);
	r->ctx = f;
	r->conflict = ERR_BUSY;
	r->conflicted = insert_again;
	insert_round(r);
}

/* ---- read --------------------------------------------------------------------------------- */

void round_list(struct request *r)
{
	const char *before;
	int64_t limit, page = r->web->process->conf.web.page;
	if (request_word(r, "before", "9999-9999", &before) &&
		request_number(r, "limit", page < 100 ? page : 100, page, &limit) &&
		request_no_more(r))
		REQUEST_ASK(r, r->local ? Q_web_rounds : Q_web_rounds_public, reply_row_json,
			DB_TEXT(before), DB_INT(limit));
}

void round_get(struct request *r)
{
	const char *id;
	if (request_round(r, &id) && request_no_more(r))
		REQUEST_ASK(r, r->local ? Q_web_round : Q_web_round_public, reply_row_json,
			DB_TEXT(id));
}

/* "object~ordinal"; ids hold no `~`. */
static bool split_visit(struct request *r, const char *after, const char **object, int64_t *ordinal)
{
	const char *tilde = strrchr(after, '~');
	uint64_t v = 0;
	*object = "";
	*ordinal = 0;
	if (after[0] == '\0')
		return true;
	if (tilde == NULL || !text_u64(bytes_of(tilde + 1), INT32_MAX, &v)) {
		reply_code(r, ERR_BAD_REQUEST, "after: object~ordinal is wanted");
		return false;
	}
	*object = arena_strndup(r->arena, after, (size_t)(tilde - after));
	*ordinal = (int64_t)v;
	return true;
}

void round_visits(struct request *r)
{
	const char *id, *after, *object;
	int64_t ordinal, limit, page = r->web->process->conf.web.page;
	if (request_round(r, &id) && request_word(r, "after", "", &after) &&
		request_number(r, "limit", page, page, &limit) && request_no_more(r) &&
		split_visit(r, after, &object, &ordinal))
		REQUEST_ASK(r, Q_web_visits, reply_row_json, DB_TEXT(id), DB_TEXT(object),
			DB_INT(ordinal), DB_INT(limit));
}

/* ---- edit --------------------------------------------------------------------------------- */

static void refuse_edit(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_code(r, ERR_NO_ROUND, "%s", r->path);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	const char *state = db_text(&row, "state");
	if (strcmp(state, "draft") == 0)
		reply_code(r, ERR_NOT_EDITED, "%s", state);
	else
		reply_code(r, ERR_FROZEN, "%s", state);
}

void round_edit(struct request *r)
{
	const char *id;
	if (request_round(r, &id))
		REQUEST_ASK(r, Q_web_round_state, refuse_edit, DB_TEXT(id));
}

/* ---- approve ------------------------------------------------------------------------------ */

struct approve_body {
	const char *department, *account;
};

static const struct json_field approve_fields[] = {
	{ "department", JSON_TEXT, offsetof(struct approve_body, department), true, 1, 32 },
	{ "account", JSON_TEXT, offsetof(struct approve_body, account), false, 1, 32 },
	{ 0 },
};

static void approved(struct request *r, const struct db_rows *rows)
{
	const struct approve_body *b = r->ctx;
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_code(r, ERR_NO_ROUND, "%s", r->path);
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	const char *state = db_text(&row, "state");
	bool named = db_bool(&row, "named"), fresh = db_bool(&row, "fresh");
	const char *missing = db_is_null(&row, "missing") ? "" : db_text(&row, "missing");
	if (!row.bad && strcmp(state, "draft") != 0)
		err_set(&e, ERR_FROZEN, "%s", state);
	else if (!row.bad && !named)
		err_set(&e, ERR_BAD_DEPARTMENT, "%s", b->department);
	else if (!row.bad && !fresh)
		err_set(&e, ERR_ALREADY, "%s", b->department);
	if (e.code != ERR_NONE) {
		reply_error(r, &e);
		return;
	}
	struct buf json = buf_new(r->arena, 128);
	buf_byte(&json, '{');
	json_put_member(&json, "department", bytes_of(b->department));
	json_put_member(&json, "missing", bytes_of(missing));
	buf_byte(&json, '}');
	reply_json(r, 201, buf_view(&json));
}

void round_approve(struct request *r)
{
	struct approve_body *b = arena_calloc(r->arena, 1, sizeof *b);
	const char *id;
	b->account = r->account;
	if (!request_round(r, &id) || !request_json(r, approve_fields, b))
		return;
	if (!text_is_token(bytes_of(b->department)) || !text_is_token(bytes_of(b->account))) {
		reply_code(r, ERR_BAD_JSON, "department, account: tokens [a-z0-9-] are wanted");
		return;
	}
	r->ctx = b;
	REQUEST_ASK(r, Q_web_approve, approved, DB_TEXT(id), DB_TEXT(b->department),
		DB_TEXT(b->account), DB_INT(clock_now(&r->web->process->conf)));
}
