/* job show, job watch, proposal show: what is under way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

static int show_job(struct ctl *c, json_t *job)
{
	json_t *error = json_object_get(job, "error");
	printf("%lld %s %s %lld/%lld ", (long long)member_int(job, "id"),
		word_of(c, member_text(job, "kind")), word_of(c, member_text(job, "state")),
		(long long)member_int(job, "done"), (long long)member_int(job, "total"));
	put_clean(member_text(job, "note"));
	putchar('\n');
	return json_is_object(error) ? tell_json_error(c, error) : CTL_OK;
}

int ctl_job(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(c->arena, "/api/v1/jobs/%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	return show_job(c, reply.json);
}

int ctl_proposal(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(c->arena, "/api/v1/proposals/%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code) || tell_raw(c, &reply))
		return code;
	json_t *o = reply.json, *error = json_object_get(o, "error");
	printf("%lld %s %s %s\n", (long long)member_int(o, "id"), member_text(o, "round"),
		word_of(c, member_text(o, "kind")), word_of(c, member_text(o, "state")));
	return json_is_object(error) ? tell_json_error(c, error) : CTL_OK;
}

/* ---- watch: server-sent events -------------------------------------------------------------- */

enum { WATCH_BREAKS = 10, BREAK_MS = 1000 };

/* One event as its lines come in. */
struct watch {
	struct ctl *c;
	struct arena *arena; /* of the line and the event */
	struct buf line;
	const char *event, *id, *data;
	char last[100]; /* id of the last whole event */
	bool over;
	bool lived; /* something came since the stream was opened */
	int code;
};

static void show_progress(struct watch *w, json_t *job)
{
	struct ctl *c = w->c;
	if (c->o.json)
		return;
	printf("%s %s %lld/%lld ", w->id, word_of(c, member_text(job, "state")),
		(long long)member_int(job, "done"), (long long)member_int(job, "total"));
	put_clean(member_text(job, "note"));
	putchar('\n');
	fflush(stdout);
}

/* An empty line ends an event. */
static void end_event(struct watch *w)
{
	json_t *job = w->data != NULL ? json_loads(w->data, 0, NULL) : NULL;
	if (w->event != NULL && w->data != NULL) {
		if (w->c->o.json)
			printf("%s\n", w->data);
		show_progress(w, job);
		w->over = strcmp(w->event, "done") == 0 || strcmp(w->event, "failed") == 0;
		if (strcmp(w->event, "failed") == 0)
			w->code = tell_json_error(w->c, json_object_get(job, "error"));
		snprintf(w->last, sizeof w->last, "%s", w->id);
	}
	json_decref(job);
	w->event = w->data = NULL;
	w->id = "";
}

static const char *after(const char *line, const char *field)
{
	size_t n = strlen(field);
	if (strncmp(line, field, n) != 0 || line[n] != ':')
		return NULL;
	return line + n + 1 + (line[n + 1] == ' ');
}

static void take_line(struct watch *w, const char *line)
{
	const char *v;
	if (line[0] == '\0')
		end_event(w);
	else if ((v = after(line, "event")) != NULL)
		w->event = arena_strdup(w->arena, v);
	else if ((v = after(line, "id")) != NULL)
		w->id = arena_strdup(w->arena, v);
	else if ((v = after(line, "data")) != NULL)
		w->data = w->data == NULL ? arena_strdup(w->arena, v)
					  : arena_printf(w->arena, "%s\n%s", w->data, v);
}

static bool take_events(void *ctx, struct bytes piece)
{
	struct watch *w = ctx;
	w->lived = true;
	for (size_t i = 0; i < piece.n && !w->over; i++) {
		if (piece.p[i] != '\n') {
			if (piece.p[i] != '\r')
				buf_byte(&w->line, piece.p[i]);
			continue;
		}
		buf_byte(&w->line, '\0');
		take_line(w, w->line.p);
		w->line.n = 0;
	}
	return !w->over;
}

/* A stream that breaks is opened again behind the last event; nothing is told twice. */
int ctl_job_watch(struct ctl *c)
{
	ARENA_AUTO a = arena_new();
	struct watch w = { .c = c, .arena = a, .line = buf_new(a, 1024), .id = "", .code = CTL_OK };
	const char *path =
		arena_printf(c->arena, "/api/v1/jobs/%s/events", url_text(c, c->o.arg[0]));
	if (c->o.last != NULL)
		snprintf(w.last, sizeof w.last, "%s", c->o.last);
	bool ever = false;
	for (int breaks = 0; !w.over;) {
		struct reply reply;
		struct call call = { .method = "GET",
			.path = path,
			.last = w.last[0] != '\0' ? w.last : NULL,
			.take = take_events,
			.ctx = &w };
		w.lived = false;
		w.line.n = 0;
		if (!client_stream(c, &call, ever, &reply, &w.code))
			return w.code;
		ever = ever || w.lived;
		breaks = w.lived ? 0 : breaks + 1;
		if (!w.over && breaks == WATCH_BREAKS)
			return tell(c, ERR_BAD_REPLY, "%s", path);
		if (!w.over)
			pause_ms(BREAK_MS);
	}
	return w.code;
}
