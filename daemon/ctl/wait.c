/* Waiting for jobs and proposals. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl.h"

enum { POLL_FIRST_MS = 50, POLL_LAST_MS = 1000, WAIT_SECONDS = 86400 };

/* One for the whole command, however many things it waits for. */
static int64_t deadline_of(struct ctl *c)
{
	int64_t most = INT64_C(365) * WAIT_SECONDS, seconds = WAIT_SECONDS;
	if (c->until == 0) {
		if (c->o.timeout != NULL)
			seconds = strtoll(c->o.timeout, NULL, 10);
		c->until = clock_ms() + (seconds < most ? seconds : most) * 1000;
	}
	return c->until;
}

bool wait_until(struct ctl *c, const char *path, const char *what,
	bool (*over)(struct ctl *c, json_t *state, bool *ok, int *exit_code), struct reply *last,
	int *exit_code)
{
	struct reply reply;
	int64_t until = deadline_of(c);
	bool ok = false;
	for (int ms = POLL_FIRST_MS;; ms = ms * 2 < POLL_LAST_MS ? ms * 2 : POLL_LAST_MS) {
		if (!client_get(c, path, &reply, exit_code))
			return false;
		if (over(c, reply.json, &ok, exit_code))
			break;
		if (clock_ms() > until) {
			*exit_code = tell(c, ERR_NOT_YET, "%s", path);
			return false;
		}
		tell_progress(
			c, what, member_int(reply.json, "done"), member_int(reply.json, "total"));
		pause_ms(ms);
	}
	tell_progress_end(c);
	if (last != NULL)
		*last = reply;
	return ok;
}

/* Is it over? Then *ok tells how; a failure is told. */
static bool settled(struct ctl *c, json_t *o, bool *ok, int *exit_code)
{
	const char *state = member_text(o, "state");
	*ok = strcmp(state, "done") == 0 || strcmp(state, "accepted") == 0;
	if (*ok)
		return true;
	if (strcmp(state, "failed") != 0 && strcmp(state, "refused") != 0)
		return false;
	*exit_code = tell_json_error(c, json_object_get(o, "error"));
	return true;
}

bool wait_for(struct ctl *c, json_t *started, const char *what, struct reply *last, int *exit_code)
{
	json_t *job = json_object_get(started, "job");
	json_t *id = job != NULL ? job : json_object_get(started, "proposal");
	if (last != NULL)
		*last = (struct reply){ .size = -1 };
	if (!json_is_integer(id))
		return true;
	const char *path = arena_printf(c->arena, "/api/v1/%s/%lld",
		job != NULL ? "jobs" : "proposals", (long long)json_integer_value(id));
	return wait_until(c, path, what, settled, last, exit_code);
}
