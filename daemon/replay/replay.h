/* The replay 复核: numbered checks of PROTOCOL.md §14 over one bundle, in memory, without network
 * or database. One table (replay.c) names the checks, what each builds on and what it reads. */
#ifndef DRAWD_REPLAY_H
#define DRAWD_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "planner/plan.h"
#include "planner/quota.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/bundle.h"
#include "sampler/checkpoint.h"
#include "sampler/frame.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/seed.h"
#include "sampler/select.h"
#include "sampler/table.h"
#include "sampler/trust.h"

enum check_id {
	V1_BUNDLE,
	V2_LOG,
	V3_CHECKPOINTS,
	V4_SIGNERS,
	V5_ROUND,
	V6_LOCK,
	V7_ARTEFACTS,
	V8_POLICY,
	V9_FRAME,
	V10_EXCLUSIONS,
	V11_STRATA,
	V12_SEED,
	V13_TICKETS,
	V14_SELECTION,
	V15_VISITS,
	V16_INSPECTORS,
	V17_SCHEDULE,
	V18_BLINDS,
	V19_RESULTS,
	V20_CHANGES,
	CHECKS
};

enum verdict { CHECK_PASS, CHECK_FAIL, CHECK_SKIP };

enum skip_reason {
	SKIP_NONE,
	SKIP_TRUST, /* no trust policy was given */
	SKIP_LEVEL, /* a public bundle does not hold what the check reads */
	SKIP_BASE /* a check it builds on did not pass */
};

struct outcome {
	enum verdict verdict;
	enum skip_reason skip;
	struct err err; /* FAIL: the first difference */
	char note[400]; /* PASS: what was counted, facts in no language */
};

/* A log entry of the bundle. */
struct entry {
	uint64_t index; /* the first of the log is 0 */
	struct note note;
	struct record record;
	uint8_t leaf[32];
	bool ours; /* a record of the bundle's round */
};

struct published {
	struct bytes whole;
	struct checkpoint checkpoint;
	struct note_mark *marks; /* one for each witness; set by V3 */
};

/* What the checks find and hand on. Everything lives in the arena or points into the bundle. */
struct replay {
	struct arena *arena;
	struct bytes all;
	const struct trust *trust; /* NULL: none given */
	/* V1, V2 */
	struct bundle bundle;
	struct entry *entry;
	size_t entries;
	struct published *published;
	size_t publications;
	/* V5: the records of the round; beacon[i] is that of pulse i */
	const struct entry *freeze, *lock, *draw, *reveal;
	const struct entry **beacon;
	size_t beacons;
	/* V7 … V11 */
	struct table table[TABLES];
	struct policy policy;
	int32_t date;
	struct frame frame;
	struct strata strata;
	/* V12 … V16 */
	struct seed_keys keys;
	bool drawn_anew; /* tickets, selection and drawn are there */
	struct tickets tickets;
	struct selection selection;
	struct drawn drawn;
	struct plan_input plan_input;
	struct plan plan;
};

struct check {
	const char *name; /* "bundle" */
	const char *zh, *en; /* what holds */
	const char *clause; /* of PROTOCOL.md */
	uint32_t base; /* bits of the checks it builds on */
	bool trust; /* needs a trust policy */
	bool audit; /* reads what only an audit bundle holds */
	/* True: it holds; note may say what was counted. False: e tells the first difference. */
	bool (*run)(struct replay *r, char *note, size_t size, struct err *e);
};

extern const struct check replay_checks[CHECKS];

/* Run all checks over the bundle's bytes. trust may be NULL. r lives in the arena; out gets one
 * outcome for each check. */
void replay_run(struct replay *r, struct arena *a, struct bytes all, const struct trust *trust,
	struct outcome out[CHECKS]);

/* Exit code of the tool (PROTOCOL.md §14) at the level asked for. */
int replay_exit(const struct outcome out[CHECKS], enum bundle_level level);

bool check_bundle(struct replay *r, char *note, size_t size, struct err *e);
bool check_log(struct replay *r, char *note, size_t size, struct err *e);
bool check_checkpoints(struct replay *r, char *note, size_t size, struct err *e);
bool check_signers(struct replay *r, char *note, size_t size, struct err *e);
bool check_round(struct replay *r, char *note, size_t size, struct err *e);
bool check_lock(struct replay *r, char *note, size_t size, struct err *e);
bool check_artefacts(struct replay *r, char *note, size_t size, struct err *e);
bool check_policy(struct replay *r, char *note, size_t size, struct err *e);
bool check_frame(struct replay *r, char *note, size_t size, struct err *e);
bool check_exclusions(struct replay *r, char *note, size_t size, struct err *e);
bool check_strata(struct replay *r, char *note, size_t size, struct err *e);
bool check_seed(struct replay *r, char *note, size_t size, struct err *e);
bool check_tickets(struct replay *r, char *note, size_t size, struct err *e);
bool check_selection(struct replay *r, char *note, size_t size, struct err *e);
bool check_visits(struct replay *r, char *note, size_t size, struct err *e);
bool check_inspectors(struct replay *r, char *note, size_t size, struct err *e);
bool check_schedule(struct replay *r, char *note, size_t size, struct err *e);
bool check_blinds(struct replay *r, char *note, size_t size, struct err *e);
bool check_results(struct replay *r, char *note, size_t size, struct err *e);
bool check_changes(struct replay *r, char *note, size_t size, struct err *e);

/* Is the department one of the freeze's? */
bool replay_has_department(const struct replay *r, struct bytes department);
/* Refuse with the hash found where the record's key has another one. */
bool replay_hash(const struct record *rec, const char *key, const uint8_t found[32], struct err *e);
/* Refuse where the record's key has another number. */
bool replay_number(const struct record *rec, const char *key, uint64_t found, struct err *e);
/* Compare the rows of an artefact with rows made anew; names the first that differs. */
bool replay_rows(const struct table *given, struct bytes made, struct err *e);

#endif
