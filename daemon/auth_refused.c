/* Refused sign-ins, for the audit log. They are written a moment after they were told: an account
 * that is there has more to be written than a name that nobody has, and the time of the answer must
 * not say so. Killed in between, the process forgets what came in that moment; the counters of
 * auth_lockout.h it does not. */
#include <stdio.h>
#include <string.h>

#include "daemon/auth_inner.h"
#include "daemon/log.h"

void auth_refused(struct ask *q, const char *account, const char *route)
{
	struct auth *a = q->auth;
	if (a->refusals == REFUSALS)
		auth_refused_write(a);
	if (a->refusals == REFUSALS)
		return; /* that they cannot be written was logged */
	struct refusal *r = &a->refusal[a->refusals++];
	snprintf(r->account, sizeof r->account, "%s", account);
	snprintf(r->address, sizeof r->address, "%s", q->sent.address);
	r->route = route;
}

void auth_refused_write(struct auth *a)
{
	struct err e = { 0 };
	size_t n = 0;
	if (a->refusals == 0 || a->db == NULL || !db_ok(a->db))
		return;
	while (n < a->refusals &&
		DB_RUN(a->db, Q_auth_refused, NULL, &e, DB_TEXT(a->refusal[n].account),
			DB_TEXT(a->refusal[n].address), DB_TEXT(a->refusal[n].route)))
		n++;
	if (n < a->refusals)
		log_failed("auth.refusals", NUM("unwritten", a->refusals - n), ERR(&e));
	a->refusals -= n;
	memmove(a->refusal, a->refusal + n, a->refusals * sizeof *a->refusal);
}

void auth_refused_close(struct auth *a)
{
	struct err e = { 0 };
	if (!DB_RUN(a->db, Q_auth_refusals_close, NULL, &e, DB_NULL))
		log_failed("auth.refusals", ERR(&e));
}
