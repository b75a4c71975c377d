/* What drawctl says, and how it waits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"

enum { POLL_FIRST_MS = 50, POLL_LAST_MS = 1000, PIPE_PROGRESS_MS = 10000, WAIT_SECONDS = 86400 };

static int64_t clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

const char *member_text(json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));
	return s != NULL ? s : "";
}

int64_t member_int(json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

/* ---- errors ------------------------------------------------------------------------------- */

int tell_error(struct ctl *c, const struct err *e)
{
	char text[800];
	const struct err_row *row = err_row(e->code);
	tell_progress_end(c);
	if (c->o.json) {
		json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", row->name, "zh",
			row->sentence[LANG_ZH], "en", row->sentence[LANG_EN], "where", e->where,
			"what", e->what);
		char *json = json_dumps(o, 0);
		fprintf(stderr, "%s\n", json != NULL ? json : row->name);
		free(json);
		json_decref(o);
	} else {
		fprintf(stderr, "drawctl: %s\n", err_text(e, c->lang, text, sizeof text));
	}
	return row->exit != 0 ? row->exit : CTL_REFUSED;
}

static bool code_of(const char *name, enum err_code *code)
{
	for (*code = ERR_NONE + 1; *code < ERR_COUNT; (*code)++)
		if (strcmp(err_row(*code)->name, name) == 0)
			return true;
	return false;
}

const struct err_row *error_of(const char *name)
{
	enum err_code code;
	return code_of(name, &code) ? err_row(code) : NULL;
}

/* A policy travels without its name: the file's stands in front of the line instead. */
static const char *place_of(struct ctl *c, const char *where)
{
	static const char policy[] = "policy";
	size_t n = sizeof policy - 1;
	if (c->policy_file == NULL || strncmp(where, policy, n) != 0 ||
		(where[n] != ':' && where[n] != '\0'))
		return where;
	return arena_printf(c->arena, "%s%s", c->policy_file, where + n);
}

int tell_json_error(struct ctl *c, json_t *error)
{
	struct err e = { 0 };
	const char *where = place_of(c, member_text(error, "where"));
	if (!code_of(member_text(error, "code"), &e.code)) {
		tell_progress_end(c);
		const char *said = member_text(error, c->lang == LANG_ZH ? "zh" : "en");
		fprintf(stderr, "drawctl: %s %s %s\n", said[0] ? said : member_text(error, "code"),
			where, member_text(error, "what"));
		return CTL_REFUSED;
	}
	snprintf(e.where, sizeof e.where, "%s", where);
	snprintf(e.what, sizeof e.what, "%s", member_text(error, "what"));
	return tell_error(c, &e);
}

/* ---- progress ----------------------------------------------------------------------------- */

void tell_progress(struct ctl *c, const char *what, int64_t done, int64_t total)
{
	bool terminal = isatty(STDERR_FILENO) == 1;
	int64_t now = clock_ms();
	if (c->said == 0 && !terminal)
		c->said = now; /* what is over soon needs no line in a log */
	if (c->o.quiet || now - c->said < (terminal ? 100 : PIPE_PROGRESS_MS))
		return;
	c->said = now;
	fprintf(stderr, "%s%s", terminal ? "\r\033[K" : "", what);
	if (total > 0)
		fprintf(stderr, " %lld/%lld (%lld%%)", (long long)done, (long long)total,
			(long long)(done * 100 / total));
	fputs(terminal ? "" : "\n", stderr);
	c->line_open = terminal;
}

void tell_progress_end(struct ctl *c)
{
	if (c->line_open)
		fputs("\r\033[K", stderr);
	c->line_open = false;
}

bool tell_raw(struct ctl *c, const struct reply *reply)
{
	if (!c->o.json)
		return false;
	fwrite(reply->body.p, 1, reply->body.n, stdout);
	if (reply->body.n == 0 || reply->body.p[reply->body.n - 1] != '\n')
		putchar('\n');
	return true;
}

/* ---- waiting ------------------------------------------------------------------------------ */

static void pause_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	nanosleep(&t, NULL);
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

static int64_t deadline_of(struct ctl *c)
{
	int64_t seconds = c->o.wait != NULL ? strtoll(c->o.wait, NULL, 10) : WAIT_SECONDS;
	return clock_ms() + seconds * 1000;
}

bool wait_for(struct ctl *c, const struct reply *started, const char *what, struct reply *last,
	int *exit_code)
{
	json_t *job = json_object_get(started->json, "job");
	json_t *id = job != NULL ? job : json_object_get(started->json, "proposal");
	const char *path = arena_printf(c->arena, "/api/v1/%s/%lld",
		job != NULL ? "jobs" : "proposals", (long long)json_integer_value(id));
	struct reply reply;
	int64_t until = deadline_of(c);
	bool ok = false;
	for (int ms = POLL_FIRST_MS;; ms = ms * 2 < POLL_LAST_MS ? ms * 2 : POLL_LAST_MS) {
		if (!client_get(c, path, &reply, exit_code))
			return false;
		if (settled(c, reply.json, &ok, exit_code))
			break;
		if (clock_ms() > until) {
			struct err e = { 0 };
			err_set(&e, ERR_BUSY, "%s", path);
			*exit_code = tell_error(c, &e);
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

/* ---- files -------------------------------------------------------------------------------- */

bool open_output(struct ctl *c, int *fd)
{
	struct err e = { 0 };
	*fd = STDOUT_FILENO;
	if (c->o.output == NULL || strcmp(c->o.output, "-") == 0)
		return true;
	*fd = open(c->o.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (*fd >= 0)
		return true;
	err_set(&e, ERR_FILE, "%s: %s", c->o.output, strerror(errno));
	tell_error(c, &e);
	return false;
}

bool write_all(int fd, struct bytes b)
{
	while (b.n > 0) {
		ssize_t n = write(fd, b.p, b.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		b.p += n;
		b.n -= (size_t)n;
	}
	return true;
}

bool read_input(struct ctl *c, const char *name, size_t max, struct bytes *out, struct err *e)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *in = standard ? stdin : fopen(name, "re");
	struct buf b = buf_new(c->arena, 4096);
	char piece[4096];
	size_t n;
	if (in == NULL)
		return err_set(e, ERR_FILE, "%s: %s", name, strerror(errno));
	while (b.n <= max && (n = fread(piece, 1, sizeof piece, in)) > 0)
		buf_put(&b, piece, n);
	bool broken = ferror(in) != 0;
	if (!standard)
		fclose(in);
	if (broken || b.n > max)
		return err_set(e, ERR_FILE, "%s: %s", name, broken ? "read error" : "too large");
	*out = (struct bytes){ arena_strndup(c->arena, b.p, b.n), b.n };
	return true;
}
