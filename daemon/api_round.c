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
	struct motion_why why;
	const char *policy, *pulses, *reveal_after, *results_due, *disclosure;
	bool demo;
	int64_t delta, deadline;
};

static const struct json_field round_fields[] = {
	{ "policy", JSON_LONG, offsetof(struct round_body, policy), true, 1, POLICY_FILE_MAX,
		.zh = "方案文件的内容", .en = "text of the policy file" },
	{ "pulses", JSON_TEXT, offsetof(struct round_body, pulses), true, 1, 1000,
		.zh = "公共随机数，来源:期号:时间，以逗号分隔",
		.en = "source:pulse:time, joined by commas" },
	{ "demo", JSON_FLAG, offsetof(struct round_body, demo), false, 0, 0, .zh = "演示轮次",
		.en = "a demonstration" },
	{ "delta", JSON_INT64, offsetof(struct round_body, delta), false, 0, YEAR_SECONDS,
		.zh = "锁定取得见证到最早随机数的秒数，缺省 600（演示为 0）",
		.en = "seconds from the lock's cosignature to the earliest pulse; 600 if not said (a demonstration: 0)" },
	{ "draw_deadline", JSON_INT64, offsetof(struct round_body, deadline), false, 1, INT64_MAX,
		.zh = "抽取期限（1970 年以来的秒数），缺省为最后一个随机数之后一天",
		.en = "deadline of the draw, seconds since 1970; a day behind the last pulse if not said" },
	{ "reveal_after", JSON_DATE, offsetof(struct round_body, reveal_after), false, 0, 0,
		.zh = "此日起可以启封，缺省为检查窗口的末日",
		.en = "revealed from this day on; the last day of the windows if not said" },
	{ "results_due", JSON_DATE, offsetof(struct round_body, results_due), false, 0, 0,
		.zh = "结果公示期限，缺省为其后 28 天",
		.en = "results are due; 28 days behind them if not said" },
	{ "disclosure", JSON_TEXT, offsetof(struct round_body, disclosure), false, 1, 10,
		.zh = "复核包公开到哪一级，缺省 audit",
		.en = "level of the published bundle; audit if not said",
		.one_of = "audit,public" },
	MOTION_WHY(round_body),
	{ 0 },
};
static const struct round_body round_otherwise = {
	.disclosure = "audit", .delta = -1, .why = { .evidence = "" }
};
const struct json_form round_form = { round_fields, sizeof(struct round_body), &round_otherwise };

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
		b->deadline = last > INT64_MAX - DAY ? INT64_MAX : (int64_t)last + DAY;
}

static void make_round(
	struct request *r, const struct round_body *b, const struct policy_file *policy)
{
	char today[CIVIL_TEXT];
	const struct conf *conf = &r->web->process->conf;
	struct buf departments = buf_new(r->arena, 200);
	policy_departments(&policy->policy, &departments);
	civil_format(clock_date(conf), today);
	REQUEST_ASK(r, Q_round_make, reply_row_created, DB_TEXT(arena_strndup(r->arena, today, 4)),
		DB_INT(b->demo), DB_TEXT(policy->title), DB_BYTES(policy->rows), DB_TEXT(b->policy),
		DB_TEXT(arena_strndup(r->arena, departments.p, departments.n)), DB_TEXT(b->pulses),
		DB_INT(b->delta), DB_INT(b->deadline), DB_TEXT(b->reveal_after),
		DB_TEXT(b->results_due), DB_TEXT(b->disclosure), DB_TEXT(b->why.reason),
		DB_TEXT(b->why.evidence));
}

/* A round and the motion on its policy are made at once, or neither. */
void round_new(struct request *r)
{
	struct round_body *b = r->sent;
	struct policy_file policy;
	struct err e = { 0 };
	uint64_t last;
	if (b->delta < 0)
		b->delta = b->demo ? 0 : FREEZE_DELTA_MIN;
	if (!check_pulses(b, &last, &e) || !check_rules(r, b, &e) ||
		!policy_file_parse(&policy, r->arena, b->policy, "policy", &e)) {
		reply_error(r, &e);
		return;
	}
	fill_in(r, b, &policy.policy, last);
	if (strcmp(b->reveal_after, b->results_due) > 0) {
		reply_field(r, "reveal_after", ERR_REVEAL_LATE, "%s > %s", b->reveal_after,
			b->results_due);
		return;
	}
	if (api_evidence(r, b->why.evidence))
		make_round(r, b, &policy);
}

/* ---- read --------------------------------------------------------------------------------- */

static void tell_whole(struct request *r, const struct db_rows *rows)
{
	if (rows->n > 0)
		reply_row_json(r, rows);
	else
		REQUEST_ASK(r, Q_round_open, reply_row_json, DB_TEXT(request_arg(r, 0)));
}

/* Those who take part are told all of a round, everybody else what is public of it. */
void round_get(struct request *r)
{
	REQUEST_ASK(r, Q_round_whole, tell_whole, DB_TEXT(request_arg(r, 0)));
}

/* ---- approve ------------------------------------------------------------------------------ */

struct approve_body {
	const char *department;
};

static const struct json_field approve_fields[] = {
	{ "department", JSON_TOKEN, offsetof(struct approve_body, department), false, 0, 0,
		.zh = "部门，缺省为本人负责的部门",
		.en = "department; the one that he heads if not said" },
	{ 0 },
};
static const struct approve_body approve_otherwise = { .department = "" };
const struct json_form approve_form = { approve_fields, sizeof(struct approve_body),
	&approve_otherwise };

void round_approve(struct request *r)
{
	const struct approve_body *b = r->sent;
	REQUEST_ASK(r, Q_round_approve, reply_row_created, DB_TEXT(request_arg(r, 0)),
		DB_TEXT(b->department));
}
