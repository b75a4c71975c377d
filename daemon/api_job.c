/* Jobs that people ask for; what is proposed to the notary. */
#include "daemon/api.h"

enum { TRIES = 20, PAUSE_MS = 20 };

struct new_job {
	const char *kind, *dedup;
	struct bytes args;
	int tries;
};

static void ask(struct request *r);

/* Without a row somebody else queued the same job, and after this question began: then the next one
 * sees it, unless it has ended by then, and then the next one queues another. */
static void take_job(struct request *r, const struct db_rows *rows)
{
	struct new_job *j = r->ctx;
	if (rows->n > 0)
		reply_row_accepted(r, rows);
	else if (++j->tries < TRIES)
		request_later(r, PAUSE_MS, ask);
	else
		reply_code(r, ERR_BUSY, "%s", j->dedup);
}

static void ask(struct request *r)
{
	const struct new_job *j = r->ctx;
	REQUEST_ASK(
		r, Q_web_job_new, take_job, DB_TEXT(j->kind), DB_BYTES(j->args), DB_TEXT(j->dedup));
}

void api_queue_job(struct request *r, const char *kind, struct bytes args, const char *dedup)
{
	struct new_job *j = arena_calloc(r->arena, 1, sizeof *j);
	*j = (struct new_job){ .kind = kind, .dedup = dedup, .args = args };
	r->ctx = j;
	ask(r);
}

void job_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_job, reply_row_json, DB_INT(request_arg_id(r, 0)));
}

void proposal_get(struct request *r)
{
	REQUEST_ASK(r, Q_web_proposal, reply_row_json, DB_INT(request_arg_id(r, 0)));
}
