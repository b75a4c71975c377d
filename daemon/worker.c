#include "daemon/worker.h"

#include <string.h>

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/log.h"
#include "daemon/programme.h"
#include "daemon/register/returned.h"
#include "sampler/base/text.h"

static const struct job_kind kinds[] = {
	{ "import", import_run, "导入名录", "import a register" },
	{ "returned", returned_run, "生成退回文件", "make the file that goes back" },
	{ "freeze", step_freeze, "冻结", "freeze" },
	{ "draw", step_draw, "抽取", "draw" },
	{ "project", step_project, "补写抽取结果", "write the rows of a draw" },
	{ "bundle", step_bundle, "生成复核包", "make the bundle" },
	{ "look", look_run, "试算方案", "look what a policy would draw" },
	{ "programme-check", programme_check_run, "核对年度计划", "check the annual programme" },
	{ "programme-round", programme_round_run, "建立计划的轮次", "make a round of the programme" },
	{ "simulate", step_simulate, "模拟抽查", "simulate what policies would mean" },
	{ "quality", step_quality, "统计数据质量", "count the quality of the registers" },
	{ "classify", step_classify, "计算信用风险分类", "compute the credit risk classes" },
};

/* ---- asking the notary ------------------------------------------------------------------- */

/* Wait a moment for the notary's answer, with the lease kept. */
static bool wait_answer(struct job *job, struct err *e)
{
	return job_progress(job, 0, 0, "notary", e) && db_wait(job->db, 500, -1, NULL, e);
}

static bool read_answer(struct job *job, int64_t id, bool *there, struct bytes *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(job->db, Q_key_answer, &rows, e, DB_INT(id)))
		return false;
	struct db_row r = db_row(&rows, 0, job->arena, e);
	bool refused = db_bool(&r, "refused");
	*there = db_bool(&r, "sealed_there");
	struct bytes sealed = db_bytea(&r, "sealed"), error = db_bytes(&r, "error");
	if (r.bad)
		return false;
	if (refused) {
		job_error_of(error, e);
		return false;
	}
	return !*there || keys_unseal(job->arena, &job->worker->box, sealed, out, e);
}

bool worker_key(
	struct job *job, struct bytes round, const char *purpose, struct bytes *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	bool there = false;
	if (!DB_RUN(job->db, Q_key_ask, &rows, e, DB_BYTES(round), DB_TEXT(purpose),
		    DB_HASH(job->worker->box.open)))
		return false;
	struct db_row r = db_row(&rows, 0, job->arena, e);
	int64_t id = db_int(&r, "id");
	if (r.bad)
		return false;
	while (read_answer(job, id, &there, out, e)) {
		if (there)
			return true;
		if (!wait_answer(job, e))
			return false;
	}
	return false;
}

/* ---- rounds and proposals ---------------------------------------------------------------- */

bool worker_round(struct job *job, struct bytes id, struct round_row *round, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(job->db, Q_round_get, &rows, e, DB_BYTES(id)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_NO_ROUND, "%.*s", BYTES_ARG(id));
	struct db_row r = db_row(&rows, 0, job->arena, e);
	struct bytes state = db_bytes(&r, "state");
	*round = (struct round_row){
		.id = db_text(&r, "id"),
		.demo = db_bool(&r, "demo"),
		.policy = db_bytes(&r, "policy"),
		.departments = db_bytes(&r, "departments"),
		.pulses = db_bytes(&r, "pulses"),
		.reveal_after = db_bytes(&r, "reveal_after"),
		.results_due = db_bytes(&r, "results_due"),
		.disclosure = db_bytes(&r, "disclosure"),
		.delta = db_int(&r, "delta"),
		.draw_deadline = db_int(&r, "draw_deadline"),
	};
	if (r.bad)
		return false;
	return state_of(state, &round->state) ||
	       err_set(e, ERR_INTERNAL, "state %.*s", BYTES_ARG(state));
}

static bool read_decision(struct job *job, struct db_rows *rows, const char **state, int64_t *entry,
	struct err *why, struct err *e)
{
	struct db_row r = db_row(rows, 0, job->arena, e);
	*state = db_text(&r, "state");
	*entry = db_int(&r, "entry");
	struct bytes error = db_bytes(&r, "error");
	if (!r.bad && strcmp(*state, "refused") == 0)
		job_error_of(error, why);
	return !r.bad;
}

bool worker_proposal(
	struct job *job, const char *kind, const char **state, int64_t *entry, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct err why = { 0 };
	*state = NULL;
	if (!DB_RUN(job->db, Q_proposal_of_job, &rows, e, DB_INT(job->id), DB_TEXT(kind)))
		return false;
	if (rows.n == 0)
		return true;
	if (!read_decision(job, &rows, state, entry, &why, e))
		return false;
	/* what it differed from has changed since: the job is at it again */
	if (why.code == ERR_DIFFERS)
		*state = NULL;
	return true;
}

static struct bytes hashes_json(struct job *job, const struct named_hash *artefacts, size_t n)
{
	struct buf b = buf_new(job->arena, 128 * n + 8);
	buf_byte(&b, '{');
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, i > 0 ? ",\"" : "\"");
		buf_str(&b, artefacts[i].name);
		buf_str(&b, "\":\"");
		buf_hex(&b, artefacts[i].hash, 32);
		buf_byte(&b, '"');
	}
	buf_byte(&b, '}');
	return buf_view(&b);
}

static bool insert_proposal(struct job *job, const struct round_row *round, const char *kind,
	struct bytes body, struct bytes artefacts, struct bytes beside, struct err *e)
{
	bool ok = db_begin(job->db, false, e) && job_hold(job, e) &&
		  DB_RUN(job->db, Q_proposal_insert, NULL, e, DB_TEXT(round->id), DB_TEXT(kind),
			  DB_INT(job->id), DB_BYTES(body), DB_BYTES(artefacts), DB_BYTES(beside)) &&
		  db_commit(job->db, e);
	if (ok)
		return true;
	db_rollback(job->db);
	if (e->code != ERR_CONFLICT)
		return false;
	*e = (struct err){ 0 };
	return err_set(e, ERR_ALREADY, "%s %s", round->id, kind);
}

bool worker_await(struct job *job, const char *kind, int64_t *entry, struct err *e)
{
	for (;;) {
		DB_ROWS rows = { 0 };
		struct err why = { 0 };
		const char *state = NULL;
		if (!DB_RUN(job->db, Q_proposal_of_job, &rows, e, DB_INT(job->id), DB_TEXT(kind)))
			return false;
		if (rows.n == 0)
			return err_set(e, ERR_INTERNAL, "no proposal");
		if (!read_decision(job, &rows, &state, entry, &why, e))
			return false;
		if (strcmp(state, "accepted") == 0)
			return true;
		if (strcmp(state, "refused") == 0) {
			*e = why;
			return false;
		}
		if (!wait_answer(job, e))
			return false;
	}
}

bool worker_propose(struct job *job, const struct round_row *round, const char *kind,
	struct bytes body, const struct named_hash *artefacts, size_t n, struct bytes beside,
	int64_t *entry, struct err *e)
{
	return insert_proposal(job, round, kind, body, hashes_json(job, artefacts, n), beside, e) &&
	       worker_await(job, kind, entry, e);
}

bool worker_published(struct job *job, int64_t entry, struct err *e)
{
	for (;;) {
		DB_ROWS rows = { 0 };
		if (!DB_RUN(job->db, Q_checkpoint_after, &rows, e, DB_INT(entry)))
			return false;
		if (rows.n > 0)
			return true;
		if (!wait_answer(job, e))
			return false;
	}
}

bool worker_cosigned(struct job *job, int64_t entry, struct err *e)
{
	enum { WAIT = 60 };
	for (int64_t until = clock_tick() + WAIT; clock_tick() < until;) {
		ARENA_AUTO a = arena_new();
		DB_ROWS rows = { 0 };
		if (!db_query(job->db, Q_checkpoint_cosigned_size, NULL, &rows, e))
			return false;
		struct db_row r = db_row(&rows, 0, a, e);
		if (db_int(&r, "size") > entry || r.bad)
			return !r.bad;
		if (!wait_answer(job, e))
			return false;
	}
	return err_set(e, ERR_NO_WITNESS, "log entry %lld", (long long)entry);
}

/* ---- one job ----------------------------------------------------------------------------- */

static job_fn *find_kind(const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].run;
	}
	return NULL;
}

/* Try again? A record that differed was overtaken by another round's: the job makes it anew. */
static bool worth_again(enum err_code code)
{
	return err_passes(code) || code == ERR_DIFFERS;
}

static bool end_job(struct worker *w, struct job *job, bool ok, struct bytes result,
	const struct err *why, struct err *e)
{
	db_rollback(w->db);
	db_rollback(w->store);
	db_rollback(w->stream);
	if (ok) {
		log_info("job.done", STR("kind", job->kind), NUM("job", job->id));
		return job_done(job, result, e);
	}
	log_warning("job.stopped", ERR(why), STR("kind", job->kind), NUM("job", job->id));
	if (why->code == ERR_FENCED)
		return true;
	if (worth_again(why->code))
		return job_release(job, w->process->conf.worker.attempts, why, e);
	return job_fail(job, why, e);
}

static bool run_job(struct worker *w, struct job *job, struct err *e)
{
	struct bytes result = { NULL, 0 };
	struct err why = { 0 };
	job_fn *run = find_kind(job->kind);
	if (strcmp(job->kind, "programme-check") == 0)
		w->programmes = 0; /* once it is done, rounds may be due */
	job->worker = w;
	log_info("job.started", STR("kind", job->kind), NUM("job", job->id),
		NUM("attempt", job->attempts));
	bool ok = false;
	beat_on(w->beat, job->id, job->fence);
	if (job->attempts > w->process->conf.worker.attempts)
		err_set(&why, ERR_TOO_OFTEN, "%lld attempts", (long long)job->attempts - 1);
	else if (run == NULL)
		err_set(&why, ERR_BAD_ARGS, "kind %s", job->kind);
	else
		ok = run(job, &result, &why);
	beat_off(w->beat);
	return end_job(w, job, ok, result, &why, e);
}

static bool turn(struct worker *w, struct err *e)
{
	for (bool found = true; found && !process_stopping();) {
		ARENA_AUTO a = arena_new();
		struct job job = { 0 };
		if (!job_take(w->db, w->process->conf.worker.lease, a, &job, &found, e))
			return false;
		if (found && !run_job(w, &job, e))
			return e->code == ERR_FENCED;
	}
	return true;
}

/* ---- the process ------------------------------------------------------------------------- */

static void disconnect(struct worker *w)
{
	db_free(w->db);
	db_free(w->store);
	db_free(w->stream);
	w->db = w->store = w->stream = NULL;
}

static bool connected(struct worker *w, struct err *e)
{
	if (w->db != NULL && w->store != NULL && w->stream != NULL && db_ok(w->db) &&
		db_ok(w->store) && db_ok(w->stream))
		return true;
	ARENA_AUTO a = arena_new();
	const char *to = conf_conninfo(&w->process->conf, ROLE_WORKER, a);
	disconnect(w);
	return (w->db = db_open(to, e)) != NULL && (w->store = db_open(to, e)) != NULL &&
	       (w->stream = db_open(to, e)) != NULL && db_check_schema(w->db, e) &&
	       db_listen(w->db, Q_listen_job, e) && db_listen(w->db, Q_listen_answer, e) &&
	       db_query(w->db, Q_queue_projections, NULL, NULL, e);
}

/* Files that were kept long enough (import.keep_days). */
static bool sweep(struct worker *w, struct err *e)
{
	enum { AT_ONCE = 20 };
	for (int64_t uploads = AT_ONCE; uploads == AT_ONCE && !process_stopping();) {
		ARENA_AUTO a = arena_new();
		DB_ROWS rows = { 0 };
		if (!DB_RUN(w->db, Q_import_sweep, &rows, e,
			    DB_INT(w->process->conf.import.keep_days), DB_INT(AT_ONCE)))
			return false;
		struct db_row r = db_row(&rows, 0, a, e);
		int64_t files = db_int(&r, "files");
		uploads = db_int(&r, "uploads");
		if (r.bad)
			return false;
		if (uploads > 0)
			log_info("import.removed", NUM("uploads", uploads), NUM("files", files));
	}
	return true;
}

static bool ask_programmes(struct worker *w, struct err *e)
{
	return DB_RUN(w->db, Q_programme_due, NULL, e,
		DB_INT(w->process->conf.programme.lead_days), DB_INT(REPEAT_DAYS));
}

/* At once when a programme was approved, published or amended, or its check was made. */
static bool follow_programmes(struct worker *w, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	int64_t before = w->programmes;
	if (!db_query(w->db, Q_programme_mark, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	w->programmes = db_int(&r, "mark");
	if (r.bad)
		return false;
	return w->programmes == before || ask_programmes(w, e);
}

/* Now and then: is the quality of this day counted yet, is every class of this day, is there
 * anything to remove? */
static bool remind(struct worker *w, struct err *e)
{
	enum { PAUSE = 600 };
	if (clock_tick() < w->remind_at)
		return true;
	w->remind_at = clock_tick() + PAUSE;
	return db_query(w->db, Q_quality_due, NULL, NULL, e) &&
	       db_query(w->db, Q_classify_due, NULL, NULL, e) && ask_programmes(w, e) &&
	       sweep(w, e);
}

static void pause_after(const struct err *why, int64_t *pause)
{
	enum { PAUSE_MAX = 10 };
	log_failed("worker.waiting", ERR(why), NUM("seconds", *pause));
	for (int64_t until = clock_tick() + *pause; clock_tick() < until && !process_stopping();)
		process_sleep(200);
	*pause = 2 * *pause > PAUSE_MAX ? PAUSE_MAX : 2 * *pause;
}

int worker_run(struct process *p, int argc, char **argv)
{
	struct worker w = { .process = p };
	int64_t pause = 1;
	(void)argc;
	(void)argv;
	keys_box_fresh(&w.box);
	w.beat = beat_new(conf_conninfo(&p->conf, ROLE_WORKER, p->arena), p->conf.worker.lease);
	log_info("worker.started", NUM("jobs", sizeof kinds / sizeof *kinds));
	while (!process_stopping()) {
		struct err e = { 0 };
		if (connected(&w, &e) && remind(&w, &e) && follow_programmes(&w, &e) && turn(&w, &e) &&
			db_wait(w.db, 1000, -1, NULL, &e)) {
			pause = 1;
		} else if (!process_stopping()) {
			pause_after(&e, &pause);
			disconnect(&w);
		}
		if (process_reloaded(p))
			w.remind_at = 0;
	}
	disconnect(&w);
	beat_free(w.beat);
	keys_box_wipe(&w.box);
	log_plain(LEVEL_INFO, "worker.stopped");
	return 0;
}
