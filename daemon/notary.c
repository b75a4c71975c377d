#include "daemon/notary.h"

#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/job.h"
#include "daemon/log.h"

enum {
	TRUST_MAX = 1 << 20,
	SECONDS_OF_DAY = 86400,
	PAUSE_MAX = 10, /* seconds between attempts to reach the database */
	GRACE = 60, /* seconds that steps other than the lock wait for a quorum of witnesses */
};

/* ---- start ------------------------------------------------------------------------------- */

static const char *key_path(struct notary *n, const char *file)
{
	return arena_printf(n->arena, "%s/%s", n->process->conf.notary.keys, file);
}

/* The trust policy says whose keys count; ours must be among them. A department with a key would
 * have to sign every freeze, and nothing here collects its signature. */
static bool pinned(const struct notary *n, struct err *e)
{
	const struct trust_signer *s = trust_signer_of(&n->trust, &n->operator.vkey);
	if (!vkey_equal(&n->trust.log, &n->log.vkey))
		return err_set(e, ERR_BAD_TRUST, "log: our key is %s", n->log.vkey.name);
	if (s == NULL || s->role != TRUST_OPERATOR)
		return err_set(e, ERR_BAD_TRUST, "signer operator: our key %s is not there",
			n->operator.vkey.name);
	for (size_t i = 0; i < n->trust.signer_count; i++) {
		s = &n->trust.signers[i];
		if (s->role == TRUST_DEPARTMENT)
			return err_set(e, ERR_DEPARTMENT_KEY, "signer department:%.*s",
				BYTES_ARG(s->token));
	}
	return true;
}

static bool load(struct notary *n, struct err *e)
{
	struct bytes text;
	const char *file = n->process->conf.notary.trust;
	return keys_signer(key_path(n, "log.key"), &n->log, e) &&
	       keys_signer(key_path(n, "operator.key"), &n->operator, e) &&
	       keys_box(key_path(n, "notary.box"), &n->box, e) &&
	       keys_read(file, TRUST_MAX, n->arena, &text, e) &&
	       ((trust_parse(&n->trust, n->arena, text, e) && pinned(n, e)) ||
		       err_at(e, "%s", file));
}

static bool connect_database(struct notary *n, struct err *e)
{
	n->clock_told = false;
	n->db = db_open(conf_conninfo(&n->process->conf, ROLE_NOTARY, n->arena), e);
	return n->db != NULL && db_check_schema(n->db, e) && db_listen(n->db, Q_listen_notary, e);
}

/* ---- one turn ---------------------------------------------------------------------------- */

/* Lock and draw count only when they are cosigned in time (PROTOCOL.md §7): without a quorum of
 * witnesses they are refused at once, while they can still be asked for again. */
static bool needs_witnesses(const char *kind)
{
	return strcmp(kind, step_form(STEP_LOCK)->name) == 0 ||
	       strcmp(kind, step_form(STEP_DRAW)->name) == 0;
}

/* The other steps wait for the quorum on the newest checkpoint, but not for ever. */
static bool may_append(struct notary *n, const char *kind)
{
	if (n->unsigned_since == 0 || needs_witnesses(kind))
		return true;
	return clock_tick() - n->unsigned_since >= GRACE;
}

static bool refuse_unwitnessed(struct notary *n, int64_t id, bool *refused, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct err why = { 0 };
	*refused = false;
	if (notary_probe(n, &why))
		return true;
	if (why.code != ERR_NO_WITNESS) {
		*e = why;
		return false;
	}
	*refused = true;
	log_warning("round.refused", ERR(&why), NUM("proposal", id));
	return DB_RUN(
		n->db, Q_proposal_refuse, NULL, e, DB_INT(id), DB_BYTES(job_error_json(a, &why)));
}

/* Whatever the last entry still needs: a checkpoint, cosignatures. */
static bool settle(struct notary *n, struct err *e)
{
	struct err why = { 0 };
	if (!notary_publish(n, e))
		return false;
	if (clock_tick() < n->cosign_at || notary_cosign(n, &why))
		return true;
	if (why.code == ERR_NO_WITNESS) {
		log_warning("log.not_cosigned", ERR(&why), NUM("again_in", n->cosign_pause));
		return true;
	}
	*e = why;
	return false;
}

static bool decide(struct notary *n, int64_t id, const char *kind, const char *state, struct err *e)
{
	bool refused = false, due = false;
	enum step_id step;
	enum round_state now;
	if (needs_witnesses(kind) && step_of(bytes_of(kind), &step) &&
		state_of(bytes_of(state), &now))
		due = step_lawful(step, now);
	if (!may_append(n, kind))
		return true;
	if (!notary_compare(n, e))
		return false;
	if (due && !refuse_unwitnessed(n, id, &refused, e))
		return false;
	return refused || (notary_decide(n, id, e) && settle(n, e));
}

/* Requests are dated by the clock that is written down here, not by what the web process says. */
static bool tell_clock(struct notary *n, struct err *e)
{
	const struct conf *c = &n->process->conf;
	if (!n->clock_told)
		n->clock_told = DB_RUN(n->db, Q_clock_set, NULL, e,
			DB_INT(c->clock.offset_days * SECONDS_OF_DAY), DB_INT(c->test.time));
	return n->clock_told;
}

/* What a freeze asks for is told to whoever moves one, anew after each reload. */
static bool tell_minimum(struct notary *n, struct err *e)
{
	int64_t minimum = (int64_t)conf_quality_min(&n->process->conf);
	if (n->minimum_told != minimum + 1 &&
		!DB_RUN(n->db, Q_quality_asked, NULL, e, DB_INT(minimum)))
		return false;
	n->minimum_told = minimum + 1;
	return true;
}

/* Inspections for a cause: each is an entry of its own, of no step of a round. */
static bool causes(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (!db_query(n->db, Q_cause_pending, NULL, &rows, e))
		return false;
	for (size_t i = 0; i < rows.n && !process_stopping(); i++) {
		struct db_row r = db_row(&rows, i, a, e);
		int64_t id = db_int(&r, "id");
		if (r.bad)
			return false;
		if (!may_append(n, "cause"))
			return true;
		if (!notary_compare(n, e) || !notary_cause(n, id, e) || !settle(n, e))
			return false;
	}
	return true;
}

static bool turn(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (!tell_clock(n, e) || !tell_minimum(n, e) || !settle(n, e) || !notary_mailbox(n, e) ||
		!db_query(n->db, Q_proposal_pending, NULL, &rows, e))
		return false;
	for (size_t i = 0; i < rows.n && !process_stopping(); i++) {
		struct db_row r = db_row(&rows, i, a, e);
		int64_t id = db_int(&r, "id");
		const char *kind = db_text(&r, "kind"), *state = db_text(&r, "state");
		if (r.bad || !decide(n, id, kind, state, e) || !notary_mailbox(n, e))
			return false;
	}
	return causes(n, e) && notary_lapse(n, e) && notary_anchor(n, e) && settle(n, e);
}

/* ---- the process ------------------------------------------------------------------------- */

/* Pause; longer after each failure in a row. */
static void rest(struct notary *n, int64_t *pause, const struct err *why)
{
	log_failed("notary.waiting", ERR(why), NUM("seconds", *pause));
	if (n->db != NULL)
		db_rollback(n->db);
	if (n->db != NULL && (why->code == ERR_DATABASE || !db_ok(n->db))) {
		db_free(n->db);
		n->db = NULL;
	}
	for (int64_t until = clock_tick() + *pause; clock_tick() < until && !process_stopping();)
		process_sleep(200);
	*pause = 2 * *pause > PAUSE_MAX ? PAUSE_MAX : 2 * *pause;
}

static void serve(struct notary *n)
{
	int64_t pause = 1;
	while (!process_stopping()) {
		struct err e = { 0 };
		if ((n->db != NULL || connect_database(n, &e)) && turn(n, &e) &&
			db_wait(n->db, 1000, -1, NULL, &e))
			pause = 1;
		else if (!process_stopping())
			rest(n, &pause, &e);
		if (process_reloaded(n->process))
			n->clock_told = false;
	}
}

int notary_run(struct process *p, int argc, char **argv)
{
	struct notary *n = arena_calloc(p->arena, 1, sizeof *n);
	struct err e = { 0 };
	(void)argc;
	(void)argv;
	n->process = p;
	n->arena = p->arena;
	if (!load(n, &e))
		return process_fail(&e);
	log_info("notary.started", STR("log", n->log.vkey.name));
	serve(n);
	db_free(n->db);
	note_signer_wipe(&n->log);
	note_signer_wipe(&n->operator);
	keys_box_wipe(&n->box);
	log_plain(LEVEL_INFO, "notary.stopped");
	return 0;
}
