#include <inttypes.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "daemon/witness_client.h"
#include "sampler/base/text.h"
#include "sampler/checkpoint.h"
#include "sampler/witness.h"

enum { PAUSE_MAX = 30 };

/* One question to one witness: `old` is what it knows. */
static bool ask(struct notary *n, struct arena *a, const char *address, uint64_t old, uint64_t size,
	struct bytes note, int *status, struct bytes *answer, struct err *e)
{
	struct witness_request request = { .old = old, .checkpoint = note };
	const struct notary_tiles tiles = { n, a };
	const struct merkle_source source = notary_source(&tiles);
	if (!merkle_prove_consistency(&source, old, size, &request.proof, e))
		return false;
	struct buf body = buf_new(a, note.n + 4096);
	witness_request_put(&body, &request);
	return witness_post(address, buf_view(&body), (int)n->process->conf.notary.witness_timeout,
		a, status, answer, e);
}

/* The cosignature lines of one witness. A conflict says what it knows; then we ask once more. */
static bool ask_witness(struct notary *n, struct arena *a, const char *address, uint64_t size,
	struct bytes note, struct bytes *lines, struct err *e)
{
	int status = 0;
	bool more;
	uint64_t old = 0;
	DB_ROWS rows = { 0 };
	if (!db_query(n->db, Q_checkpoint_cosigned_size, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	old = (uint64_t)db_int(&r, "size");
	if (r.bad || !ask(n, a, address, old, size, note, &status, lines, e))
		return false;
	if (status == WITNESS_CONFLICT) {
		struct bytes rest = *lines, known = bytes_cut(&rest, '\n', &more);
		if (!text_u64(known, MERKLE_SIZE_MAX, &old))
			return err_set(e, ERR_WITNESS, "%s: conflict without a size", address);
		if (old > size)
			return err_set(e, ERR_ROLLED_BACK,
				"%s knows size %" PRIu64 ", we have %" PRIu64, address, old, size);
		if (!ask(n, a, address, old, size, note, &status, lines, e))
			return false;
		if (status == WITNESS_CONFLICT || status == WITNESS_NO_PROOF)
			return err_set(e, ERR_ROLLED_BACK, "%s knows another log of size %" PRIu64,
				address, old);
	}
	return status == WITNESS_OK || err_set(e, ERR_WITNESS, "%s: answer %d", address, status);
}

/* Is this note a checkpoint of ours with the quorum's cosignatures made at a time ≤ latest? */
static bool quorum(struct notary *n, struct arena *a, struct bytes note, uint64_t latest, bool *met,
	struct err *e)
{
	struct checkpoint c;
	struct note_mark *marks = arena_calloc(a, n->trust.witness_count + 1, sizeof *marks);
	if (!trust_checkpoint(&n->trust, a, note, &c, marks, e))
		return false;
	*met = trust_quorum_by(&n->trust, marks, latest);
	return true;
}

/* Collect cosignatures on a checkpoint from every witness until the quorum is met. */
static bool collect(struct notary *n, struct arena *a, uint64_t size, struct bytes note,
	struct bytes *joined, struct err *e)
{
	const struct conf_list *list = &n->process->conf.notary.witnesses;
	bool met = false;
	*joined = note;
	if (!quorum(n, a, note, UINT64_MAX, &met, e))
		return false;
	for (size_t i = 0; i < list->n; i++) {
		struct err why = { 0 };
		struct bytes lines, with;
		bool enough = false;
		if (ask_witness(n, a, list->v[i], size, note, &lines, &why) &&
			witness_answer_join(&with, a, *joined, lines, &why) &&
			quorum(n, a, with, UINT64_MAX, &enough, &why)) {
			*joined = with;
			met = enough;
			continue;
		}
		log_warning("witness.refused", ERR(&why), NUM("size", size));
		if (why.code == ERR_ROLLED_BACK) {
			*e = why;
			return false;
		}
	}
	return met || err_set(e, ERR_NO_WITNESS, "log size %" PRIu64, size);
}

struct newest {
	uint64_t size;
	struct bytes note;
	bool none, done;
};

static bool newest(struct notary *n, struct arena *a, struct newest *c, struct err *e)
{
	DB_ROWS rows = { 0 };
	*c = (struct newest){ .none = true };
	if (!db_query(n->db, Q_checkpoint_newest, NULL, &rows, e))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	c->none = false;
	c->size = (uint64_t)db_int(&r, "size");
	c->note = db_bytes(&r, "note");
	c->done = db_bool(&r, "done");
	return !r.bad;
}

bool notary_cosign(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct newest c;
	struct bytes joined;
	if (!newest(n, a, &c, e))
		return false;
	if (c.none || c.done) {
		n->unsigned_since = 0;
		return true;
	}
	if (!collect(n, a, c.size, c.note, &joined, e)) {
		n->cosign_pause = n->cosign_pause == 0 ? 1 : 2 * n->cosign_pause;
		n->cosign_pause = n->cosign_pause > PAUSE_MAX ? PAUSE_MAX : n->cosign_pause;
		n->cosign_at = clock_tick() + n->cosign_pause;
		if (n->unsigned_since == 0)
			n->unsigned_since = clock_tick();
		return false;
	}
	n->unsigned_since = 0;
	if (!DB_RUN(n->db, Q_checkpoint_cosign, NULL, e, DB_INT(c.size), DB_BYTES(joined),
		    DB_INT(clock_now(&n->process->conf))))
		return false;
	crash_point("notary.cosigned");
	log_info("log.cosigned", NUM("size", c.size));
	return true;
}

bool notary_probe(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct newest c;
	struct bytes joined;
	if (!newest(n, a, &c, e))
		return false;
	if (c.none)
		return err_set(e, ERR_NO_WITNESS, "the log has no checkpoint yet");
	return collect(n, a, c.size, c.note, &joined, e);
}

bool notary_compare(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct err why = { 0 };
	struct newest c;
	struct bytes joined;
	if (n->compared)
		return true;
	if (!newest(n, a, &c, e))
		return false;
	n->compared = c.none || collect(n, a, c.size, c.note, &joined, &why);
	if (!n->compared && why.code != ERR_NO_WITNESS) {
		*e = why;
		return false;
	}
	return true;
}

bool notary_in_time(struct notary *n, uint64_t idx, uint64_t latest, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	bool met = false;
	if (!DB_RUN(n->db, Q_checkpoint_covering, &rows, e, DB_INT(idx)))
		return false;
	for (size_t i = 0; i < rows.n && !met; i++) {
		struct db_row r = db_row(&rows, i, a, e);
		struct bytes note = db_bytes(&r, "cosigned");
		if (r.bad || !quorum(n, a, note, latest, &met, e))
			return false;
	}
	return met || err_set(e, ERR_NO_WITNESS,
			      "entry %" PRIu64 ": not cosigned by the quorum in time", idx);
}
