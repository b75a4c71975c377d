#include "daemon/register/quality.h"

#include <inttypes.h>

#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "planner/uscc.h"
#include "sampler/record.h"

/* ---- codes ------------------------------------------------------------------------------- */

bool quality_code_fails(struct bytes code)
{
	if (code.n == USCC_LENGTH && code.p[1] != '-')
		return uscc_check(code) != IDENT_OK;
	if (code.n == REGNO_LENGTH + 1 && code.p[0] == 'R')
		return regno_check((struct bytes){ code.p + 1, code.n - 1 }) != IDENT_OK;
	return false;
}

/* Codes of a batch that fail: lines `code TAB rows LF`. */
static bool on_code(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct buf *failed = ctx;
	(void)columns;
	(void)e;
	if (quality_code_fails(value[0])) {
		buf_bytes(failed, value[0]);
		buf_byte(failed, '\t');
		buf_bytes(failed, value[1]);
		buf_byte(failed, '\n');
	}
	return true;
}

static bool look_at(struct job *job, int64_t batch, struct err *e)
{
	struct db *stream = job->worker->stream;
	const struct db_param p[] = { DB_INT(batch) };
	ARENA_AUTO a = arena_new();
	struct buf failed = buf_new(a, 4096);
	bool ok = db_begin(stream, true, e) &&
		  db_stream(stream, Q_quality_codes, p, on_code, &failed, e);
	db_rollback(stream);
	ok = ok && db_begin(job->db, false, e) && job_hold(job, e) &&
	     DB_RUN(job->db, Q_quality_looked, NULL, e, DB_INT(job->id), DB_INT(job->fence),
		     DB_INT(batch), DB_BYTES(buf_view(&failed))) &&
	     db_commit(job->db, e);
	if (!ok)
		db_rollback(job->db);
	return ok;
}

bool quality_look(struct job *job, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!db_query(job->db, Q_quality_unlooked, NULL, &rows, e))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, job->arena, e);
		int64_t batch = db_int(&r, "batch");
		if (r.bad || !look_at(job, batch, e) ||
			!job_progress(job, (int64_t)i + 1, (int64_t)rows.n, "batches", e))
			return false;
	}
	return true;
}

/* ---- how it stands ----------------------------------------------------------------------- */

const char *quality_told(struct arena *a, uint64_t correct, uint64_t rows)
{
	uint64_t n = correct, of = rows;
	while (of > UINT64_MAX / MILLION / 100) { /* the percentage alone; far from any register */
		n /= 2;
		of = of / 2 + of % 2;
	}
	uint64_t parts = of == 0 ? MILLION : n * MILLION / of;
	return arena_printf(a, "%" PRIu64 ".%04" PRIu64 "%% (%" PRIu64 "/%" PRIu64 ")",
		parts / 10000, parts % 10000, correct, rows);
}

static const char *worst_told(struct arena *a, const struct db_rows *rows, struct err *e)
{
	struct buf b = buf_new(a, 256);
	for (size_t i = 1; i < rows->n; i++) { /* row 0 is the sum of all */
		struct db_row r = db_row(rows, i, a, e);
		const char *source = db_text(&r, "source");
		int64_t n = db_int(&r, "rows"), correct = db_int(&r, "correct");
		if (r.bad)
			return NULL;
		buf_str(&b, i > 1 ? "; " : "");
		buf_str(&b, source);
		buf_byte(&b, ' ');
		buf_str(&b, quality_told(a, (uint64_t)correct, (uint64_t)n));
	}
	return arena_strndup(a, b.p, b.n);
}

bool quality_stands(struct db *db, struct arena *a, struct quality_stand *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!db_query(db, Q_quality_stands, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	int64_t n = db_int(&r, "rows"), correct = db_int(&r, "correct");
	if (r.bad)
		return false;
	if (correct < 0 || correct > n)
		return err_set(e, ERR_INTERNAL, "quality %" PRId64 "/%" PRId64, correct, n);
	out->rows = (uint64_t)n;
	out->correct = (uint64_t)correct;
	out->worst = worst_told(a, &rows, e);
	return out->worst != NULL;
}
