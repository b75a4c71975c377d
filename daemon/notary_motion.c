#include <string.h>

#include "daemon/clock.h"
#include "daemon/frozen.h"
#include "daemon/log.h"
#include "daemon/notary.h"

enum { EVERY = 10 }; /* seconds between two looks for motions that have lapsed */

/* Steps that follow from what was agreed before: nobody decides anything by asking for them. */
static bool follows(enum step_id step)
{
	return step == STEP_DRAW;
}

bool notary_agreed(struct notary *n, struct arena *a, const struct proposal *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (follows(p->step))
		return true;
	if (!DB_RUN(n->db, Q_proposal_agreed, &rows, e, DB_INT(p->id)))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	bool agreed = db_bool(&r, "agreed");
	if (r.bad)
		return false;
	return agreed || err_set(e, ERR_MOTION_NEEDED, "%.*s", BYTES_ARG(p->kind));
}

bool notary_lapse(struct notary *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (clock_tick() < n->lapse_at)
		return true;
	n->lapse_at = clock_tick() + EVERY;
	if (!DB_RUN(n->db, Q_motion_lapse, &rows, e, DB_INT(clock_now(&n->process->conf))))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	int64_t lapsed = db_int(&r, "lapsed");
	if (!r.bad && lapsed > 0)
		log_info("motion.lapsed", NUM("motions", lapsed));
	return !r.bad;
}

/* It names the last entry of the round: one that came in between makes another of it. */
bool notary_void(struct deed *d, struct err *e)
{
	struct record rec;
	if (!record_parse(&rec, d->p->body, e))
		return false;
	if (rec.kind != RECORD_VOID)
		return err_set(e, ERR_DIFFERS, "not a void record");
	buf_bytes(&d->text, d->p->body);
	return notary_expect(&rec, "round", d->r->id, e) &&
	       notary_expect(&rec, "last", frozen_hex(d->a, d->r->last), e);
}
