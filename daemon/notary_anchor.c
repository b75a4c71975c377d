#include <inttypes.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/frozen.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "planner/civil.h"

enum { EVERY = 10 }; /* seconds between two looks at the audit log */

/* The audit log's head, and the newest anchor. */
struct audit_state {
	int64_t entries, anchored;
	uint8_t hash[32];
	const char *date; /* of the newest anchor, "" if there is none */
	bool stands; /* the audit log still has its hash where that anchor says */
};

static bool read_audit(struct notary *n, struct arena *a, struct audit_state *s, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!db_query(n->db, Q_anchor_due, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	s->entries = db_int(&r, "entries");
	s->anchored = db_int(&r, "anchored");
	s->date = db_text(&r, "date");
	s->stands = db_bool(&r, "stands");
	db_hash(&r, "hash", s->hash);
	return !r.bad;
}

static bool anchor_note(struct notary *n, struct arena *a, const struct audit_state *s,
	const char *today, struct bytes *note, struct err *e)
{
	const struct proposal nobody = { 0 };
	struct record rec = { .kind = RECORD_ANCHOR };
	struct deed d = { .n = n, .a = a, .p = &nobody };
	d.text = buf_new(a, 512);
	record_set(&rec, "date", bytes_of(today));
	record_set(&rec, "entries", frozen_number(a, (uint64_t)s->entries));
	record_set(&rec, "audit", frozen_hex(a, s->hash));
	return record_encode(&rec, &d.text, e) && notary_note(&d, note, e);
}

/* Entry and row in one transaction. What is being published comes first: then it is the next
 * turn's. */
static bool append(struct notary *n, struct arena *a, const struct audit_state *s,
	const char *today, struct err *e)
{
	struct head head;
	struct bytes note;
	uint64_t idx = 0;
	if (!db_begin(n->db, false, e) || !notary_head(n, true, &head, e))
		return false;
	if (head.published < head.size)
		return true;
	if (!anchor_note(n, a, s, today, &note, e) ||
		!notary_append(
			n, &head, note, record_form(RECORD_ANCHOR)->kind, BYTES(""), &idx, e) ||
		!DB_RUN(n->db, Q_anchor_insert, NULL, e, DB_TEXT(today), DB_INT(s->entries),
			DB_HASH(s->hash), DB_INT(idx)) ||
		!db_commit(n->db, e))
		return false;
	log_info("audit.anchored", NUM("entries", s->entries), NUM("entry", idx));
	return true;
}

bool notary_anchor(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct audit_state s;
	char today[CIVIL_TEXT];
	if (clock_tick() < n->anchor_at)
		return true;
	n->anchor_at = clock_tick() + EVERY;
	civil_format(clock_date(&n->process->conf), today);
	if (!read_audit(n, a, &s, e))
		return false;
	if (!s.stands) {
		struct err why = { 0 };
		err_set(&why, ERR_AUDIT_ANCHOR, "entry %" PRId64 ", anchored %s", s.anchored,
			s.date);
		log_failed("audit.changed", ERR(&why));
		return true;
	}
	if (!n->process->conf.test.anchors || s.entries == s.anchored ||
		strcmp(today, s.date) <= 0 || n->unsigned_since != 0)
		return true;
	bool ok = append(n, a, &s, today, e);
	db_rollback(n->db);
	return ok;
}
