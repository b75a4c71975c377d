#include "daemon/events.h"

#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/export.h"
#include "daemon/http_inner.h"
#include "daemon/process.h"

enum {
	LOOK_MS = 1000, /* between looks at a job … */
	LOOKS_MAX = 50, /* … while no more streams than that are open: so many looks a second */
	QUIET_MS = 15000, /* then a comment says that the stream lives */
	ID_SIZE = 64,
};

const enum err_code events_errors[] = { ERR_TOO_MANY_STREAMS, ERR_NONE };

struct stream {
	LIST_ENTRY(stream) others;
	struct request *request;
	char id[ID_SIZE]; /* of the last event that was sent */
	struct arena *piece;
	struct buf out;
	int64_t sent; /* when, in monotonic milliseconds */
	bool started, over;
};
static LIST_HEAD(stream_list, stream) streams = LIST_HEAD_INITIALIZER(streams);

/* ---- limits ------------------------------------------------------------------------------- */

static size_t count(const char *account)
{
	const struct stream *s;
	size_t n = 0;
	LIST_FOREACH (s, &streams, others)
		n += account == NULL || strcmp(s->request->account, account) == 0;
	return n;
}

static bool has_room(const struct request *r, struct err *e)
{
	if (count(NULL) >= EVENTS_MAX)
		return err_set(e, ERR_TOO_MANY_STREAMS, "%d", EVENTS_MAX);
	if (count(r->account) >= EVENTS_ACCOUNT_MAX)
		return err_set(e, ERR_TOO_MANY_STREAMS, "%s: %d", r->account, EVENTS_ACCOUNT_MAX);
	return true;
}

static void clear_up(struct request *r)
{
	struct stream *s = r->ctx;
	LIST_REMOVE(s, others);
	arena_free(s->piece);
}

/* ---- events ------------------------------------------------------------------------------- */

/* The event that a row tells, unless it was sent; false where the row cannot be read. */
static bool put_event(struct stream *s, const struct db_rows *rows, struct err *e)
{
	char id[ID_SIZE];
	struct db_row row = db_row(rows, 0, s->piece, e);
	long long attempts = db_int(&row, "attempts"), done = db_int(&row, "done");
	const char *state = db_text(&row, "state");
	struct bytes json = db_bytes(&row, "json");
	if (row.bad)
		return false;
	bool ended = strcmp(state, "done") == 0 || strcmp(state, "failed") == 0;
	snprintf(id, sizeof id, "%lld-%lld-%s", attempts, done, state);
	s->over = ended;
	if (strcmp(id, s->id) == 0)
		return true;
	snprintf(s->id, sizeof s->id, "%s", id);
	buf_str(&s->out, arena_printf(s->piece, "id: %s\nevent: %s\ndata: ", id,
				 ended ? state : "progress"));
	buf_bytes(&s->out, json);
	buf_str(&s->out, "\n\n");
	return true;
}

static void new_piece(struct stream *s)
{
	arena_free(s->piece);
	s->piece = arena_new();
	s->out = buf_new(s->piece, 512);
}

/* ---- the stream --------------------------------------------------------------------------- */

static void told(struct request *r, const struct db_rows *rows);

static void ask(struct request *r)
{
	new_piece(r->ctx);
	REQUEST_ASK(r, Q_events_job, told, DB_INT(request_arg_id(r, 0)));
}

static void look(struct request *r)
{
	if (r->http == NULL || process_stopping())
		reply_end(r);
	else
		request_again(r, ask);
}

static void wait_on(struct request *r)
{
	const struct stream *s = r->ctx;
	size_t n = count(NULL);
	if (r->http == NULL || s->over)
		reply_end(r);
	else
		request_later(
			r, (int)(LOOK_MS * (n > LOOKS_MAX ? n : LOOKS_MAX) / LOOKS_MAX), look);
}

static void send_event(struct request *r)
{
	struct stream *s = r->ctx;
	int64_t now = request_clock();
	if (!s->started) {
		s->started = true;
		reply_start(r, "text/event-stream; charset=utf-8");
	}
	if (s->out.n == 0 && now - s->sent >= QUIET_MS)
		buf_str(&s->out, ": \n\n");
	if (s->out.n == 0) {
		wait_on(r);
		return;
	}
	s->sent = now;
	reply_piece(r, buf_view(&s->out));
}

static void told(struct request *r, const struct db_rows *rows)
{
	struct stream *s = r->ctx;
	struct err e = { 0 };
	if (rows->n == 0 && !s->started)
		reply_missing(r);
	else if (rows->n == 0)
		reply_end(r); /* it was shown before: the rights to it are gone */
	else if (!put_event(s, rows, &e))
		reply_error(r, &e);
	else if (!s->started && s->over && s->out.n == 0)
		request_finish(r, 204, "text/event-stream; charset=utf-8", BYTES(""));
	else
		request_release(r, send_event);
}

void job_events(struct request *r)
{
	const char *last = request_header(r, "Last-Event-ID");
	struct stream *s = arena_calloc(r->arena, 1, sizeof *s);
	struct err e = { 0 };
	if (!has_room(r, &e)) {
		reply_error(r, &e);
		return;
	}
	s->request = r;
	if (last != NULL)
		snprintf(s->id, sizeof s->id, "%s", last);
	s->sent = request_clock();
	LIST_INSERT_HEAD(&streams, s, others);
	r->ctx = s;
	r->ended = clear_up;
	r->stream = wait_on;
	export_patience(r);
	ask(r);
}
