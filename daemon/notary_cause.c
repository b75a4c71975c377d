#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "daemon/crash.h"
#include "daemon/frozen.h"
#include "daemon/job.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "sampler/seed.h"

/* What two persons decided on (sql/migrations/0020_clues.sql); texts live in the deed's arena. */
struct cause {
	int64_t id;
	struct bytes department, round; /* n == 0: of no round */
	struct buf content;
	uint8_t blinding[32];
};

/* The content's lines, PROTOCOL.md §3. */
static bool put_content(struct cause *c, struct db_row *r)
{
	static const char *const keys[] = { "entity", "object", "items", "basis", "date",
		"officers", "way" };
	buf_str(&c->content, "number ");
	buf_u64(&c->content, (uint64_t)c->id);
	buf_byte(&c->content, '\n');
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct bytes v = db_bytes(r, keys[i]);
		buf_str(&c->content, keys[i]);
		buf_byte(&c->content, ' ');
		buf_bytes(&c->content, v.n > 0 ? v : BYTES("none"));
		buf_byte(&c->content, '\n');
	}
	return !r->bad;
}

/* *there: it still waits. */
static bool read_cause(struct deed *d, int64_t id, struct cause *c, bool *there, struct err *e)
{
	DB_ROWS rows = { 0 };
	*c = (struct cause){ .id = id, .content = buf_new(d->a, 1024) };
	if (!DB_RUN(d->n->db, Q_cause_lock, &rows, e, DB_INT(id)))
		return false;
	*there = rows.n > 0;
	if (!*there)
		return true;
	struct db_row r = db_row(&rows, 0, d->a, e);
	c->department = db_bytes(&r, "department");
	c->round = db_is_null(&r, "round") ? (struct bytes){ NULL, 0 } : db_bytes(&r, "round");
	return put_content(c, &r);
}

static bool make_record(struct deed *d, struct cause *c, struct err *e)
{
	struct record rec = { .kind = RECORD_CAUSE };
	uint8_t content[32];
	const char *label = arena_printf(d->a, "cause %" PRId64, c->id);
	notary_fresh(d->n, bytes_of(label), "blinding", c->blinding);
	seed_content(BYTES("cause"), c->blinding, buf_view(&c->content), content);
	record_set(&rec, "round", c->round.n > 0 ? c->round : BYTES("none"));
	record_set(&rec, "department", c->department);
	record_set(&rec, "content", frozen_hex(d->a, content));
	return record_encode(&rec, &d->text, e);
}

/* Entry and decision: both or neither. */
static bool enter(struct deed *d, struct head *head, struct cause *c, struct err *e)
{
	struct bytes note;
	uint64_t idx = 0;
	if (!make_record(d, c, e) || !notary_note(d, &note, e) ||
		!notary_append(d->n, head, note, "cause", c->round, &idx, e))
		return false;
	if (!DB_RUN(d->n->db, Q_cause_enter, NULL, e, DB_INT(c->id),
		    c->round.n > 0 ? DB_BYTES(c->round) : DB_NULL, DB_BYTES(buf_view(&c->content)),
		    DB_HASH(c->blinding), DB_INT(idx)) ||
		!db_commit(d->n->db, e))
		return false;
	crash_point("notary.committed");
	log_info("cause.entered", NUM("cause", c->id), NUM("entry", idx));
	return true;
}

static bool attempt(struct notary *n, struct arena *a, int64_t id, struct err *e)
{
	struct head head;
	struct cause c;
	bool there = false;
	const struct proposal none = { 0 }; /* nobody hands in signature lines */
	struct deed d = { .n = n, .a = a, .p = &none, .text = buf_new(a, 512) };
	if (!db_begin(n->db, false, e) || !notary_head(n, true, &head, e))
		return false;
	if (head.published < head.size)
		return err_set(e, ERR_BUSY, "the last entry is not published yet");
	bool ok = read_cause(&d, id, &c, &there, e) && (!there || enter(&d, &head, &c, e));
	sodium_memzero(c.blinding, sizeof c.blinding);
	return ok;
}

bool notary_cause(struct notary *n, int64_t id, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct err why = { 0 };
	bool ok = attempt(n, a, id, &why);
	db_rollback(n->db);
	if (ok)
		return true;
	if (notary_undecided(why.code)) {
		*e = why;
		return false;
	}
	log_warning("cause.refused", ERR(&why), NUM("cause", id));
	return DB_RUN(
		n->db, Q_cause_refuse, NULL, e, DB_INT(id), DB_BYTES(job_error_json(a, &why)));
}
