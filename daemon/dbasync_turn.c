/* The queue of the pool: whose turn it is, how much of it one may have. */
#include "daemon/dbasync_inner.h"

/* ---- taking ------------------------------------------------------------------------------- */

static int held_by(const struct pool *p, uint64_t who)
{
	int n = 0;
	for (int i = 0; i < p->conns_n; i++)
		n += p->conns[i].state >= CONN_HELD && p->conns[i].who == who;
	return n;
}

void pool_take_out(struct pool *p, struct ask *q)
{
	STAILQ_REMOVE(&p->waiting, q, ask, next);
	p->waiting_n--;
	if (q->tx != NULL)
		q->tx->waiting = NULL;
}

/* Whoever has his share of the connections waits for one of his own. */
struct ask *pool_next(struct pool *p)
{
	struct ask *q, *first = NULL;
	uint64_t enough = 0; /* the last one that was seen to have his share */
	STAILQ_FOREACH (q, &p->waiting, next) {
		if ((first != NULL && q->turn >= first->turn) || (enough != 0 && q->who == enough))
			continue;
		if (held_by(p, q->who) < p->share)
			first = q;
		else
			enough = q->who;
	}
	if (first == NULL)
		return NULL;
	p->turn = first->turn > p->turn ? first->turn : p->turn;
	pool_take_out(p, first);
	return first;
}

void pool_fail_waiting(struct pool *p, enum err_code code, const char *why)
{
	struct ask *q;
	while ((q = STAILQ_FIRST(&p->waiting)) != NULL) {
		pool_take_out(p, q);
		ask_fail(p, q, code, why);
	}
}

/* ---- standing in line --------------------------------------------------------------------- */

/* How many of this asker wait, and the turn of his next one: one round behind his last. */
static int line_up(const struct pool *p, uint64_t who, uint64_t *turn)
{
	const struct ask *q;
	int n = 0;
	*turn = p->turn;
	STAILQ_FOREACH (q, &p->waiting, next) {
		if (q->who != who)
			continue;
		n++;
		*turn = q->turn > *turn ? q->turn : *turn;
	}
	++*turn;
	return n;
}

/* The one that is due last, if that is behind `turn`: its asker has most of the queue. */
static struct ask *last_behind(const struct pool *p, uint64_t turn)
{
	struct ask *q, *last = NULL;
	STAILQ_FOREACH (q, &p->waiting, next)
		if (q->turn > turn && (last == NULL || q->turn >= last->turn))
			last = q;
	return last;
}

static void turn_away(struct pool *p, struct ask *q, const char *why)
{
	if (q->tx != NULL)
		q->tx->waiting = NULL;
	ask_fail(p, q, ERR_BUSY, why);
}

void pool_enqueue(struct pool *p, struct ask *q)
{
	if (line_up(p, q->who, &q->turn) >= p->each) {
		turn_away(p, q, "too many requests of one account wait for the database");
		return;
	}
	if (p->waiting_n >= p->waiting_max) {
		struct ask *last = last_behind(p, q->turn);
		if (last != NULL)
			pool_take_out(p, last);
		turn_away(p, last != NULL ? last : q, "too many requests wait for the database");
		if (last == NULL)
			return;
	}
	STAILQ_INSERT_TAIL(&p->waiting, q, next);
	p->waiting_n++;
	event_active(p->kick, EV_TIMEOUT, 0);
}
