/* The parser process and the pipes to it: pieces of the upload go in, messages come out. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/import.h"
#include "daemon/worker.h"

enum { PIPE_SIZE = 1048576 };

struct feed {
	struct import *i;
	pid_t pid;
	int in, out; /* -1: closed */
	struct arena *arena; /* of the piece */
	struct bytes piece; /* what of it is still to be written */
	int64_t fed;
	struct wire_in wire;
};

/* ---- the process ----------------------------------------------------------------------------- */

static bool spawn(
	struct feed *f, const int in[2], const int out[2], const int table[2], struct err *e)
{
	const struct import *i = f->i;
	char mode[] = "parser", conf[] = "--conf", name[] = "drawd";
	char *file = arena_strdup(i->arena, i->job->worker->process->conf.file);
	char *kind = arena_strdup(i->arena, import_kind_name(i->kind));
	char *labels = arena_strndup(i->arena, i->labels.p, i->labels.n);
	char descriptor[] = "3", *env[] = { NULL };
	char *argv[] = { name, conf, file, mode, kind, labels,
		i->kind == IMPORT_ENTITIES ? NULL : descriptor, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, table[0], STDERR_FILENO + 1);
	int why = posix_spawn(&f->pid, "/proc/self/exe", &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return why == 0 || err_set(e, ERR_PARSER, "spawn: %s", strerror(why));
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The parser reads all of it before anything else; what goes wrong there it says itself. */
static void write_departments(int fd, struct bytes s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			s = (struct bytes){ s.p + n, s.n - (size_t)n };
	}
}

static bool start(struct feed *f, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, table[2] = { -1, -1 };
	bool ok = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
		  pipe2(table, O_CLOEXEC) == 0;
	if (!ok)
		err_set(e, ERR_PARSER, "pipe: %s", strerror(errno));
	if (ok) {
		/* larger pipes mean fewer turns; where the system says no, the small ones do */
		fcntl(in[1], F_SETPIPE_SZ, PIPE_SIZE);
		fcntl(out[0], F_SETPIPE_SZ, PIPE_SIZE);
		fcntl(in[1], F_SETFL, O_NONBLOCK);
		ok = spawn(f, in, out, table, e);
	}
	close_one(&in[0]);
	close_one(&out[1]);
	close_one(&table[0]);
	if (ok)
		write_departments(table[1], f->i->departments);
	close_one(&table[1]);
	f->in = in[1];
	f->out = out[0];
	return ok;
}

/* Wait for its end; how it ended matters only where it did not say it. */
static bool finish(struct feed *f, bool ok, struct err *e)
{
	int status = 0;
	close_one(&f->in);
	close_one(&f->out);
	if (f->pid <= 0)
		return false;
	if (!ok)
		kill(f->pid, SIGKILL);
	while (waitpid(f->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!ok)
		return false;
	if (WIFSIGNALED(status))
		return err_set(e, ERR_PARSER, "signal %d", WTERMSIG(status));
	return f->wire.ended || err_set(e, ERR_PARSER, "status %d", WEXITSTATUS(status));
}

/* ---- pieces in, messages out ------------------------------------------------------------------
 */

static bool next_piece(struct feed *f, struct err *e)
{
	DB_ROWS rows = { 0 };
	arena_free(f->arena);
	f->arena = arena_new();
	if (!DB_RUN(f->i->job->db, Q_import_slice, &rows, e, DB_INT(f->i->upload), DB_INT(f->fed)))
		return false;
	struct db_row r = db_row(&rows, 0, f->arena, e);
	if (rows.n == 1)
		f->piece = db_bytea(&r, "data");
	if (rows.n != 1 || (!r.bad && f->piece.n == 0))
		return err_set(e, ERR_BAD_UPLOAD, "upload %lld, offset %lld",
			(long long)f->i->upload, (long long)f->fed);
	return !r.bad;
}

static bool write_some(struct feed *f, struct err *e)
{
	if (f->piece.n == 0 && f->fed < f->i->size && !next_piece(f, e))
		return false;
	if (f->piece.n == 0) {
		close_one(&f->in);
		return true;
	}
	ssize_t n = write(f->in, f->piece.p, f->piece.n);
	if (n > 0) {
		f->piece = (struct bytes){ f->piece.p + n, f->piece.n - (size_t)n };
		f->fed += n;
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		close_one(&f->in); /* it stopped reading: what it says tells why */
	}
	return true;
}

static bool read_some(struct feed *f, bool *more, struct err *e)
{
	static char chunk[WIRE_BUFFER];
	ssize_t n = read(f->out, chunk, sizeof chunk);
	if (n < 0)
		return errno == EINTR || err_set(e, ERR_PARSER, "read: %s", strerror(errno));
	*more = n > 0;
	return wire_take(&f->wire, (struct bytes){ chunk, (size_t)n }, e);
}

static bool turn(struct feed *f, bool *more, struct err *e)
{
	struct pollfd fds[2] = { { f->out, POLLIN, 0 }, { f->in, POLLOUT, 0 } };
	if (poll(fds, 2, 500) < 0 && errno != EINTR)
		return err_set(e, ERR_PARSER, "poll: %s", strerror(errno));
	if (f->in >= 0 && fds[1].revents != 0 && !write_some(f, e))
		return false;
	if (fds[0].revents != 0 && !read_some(f, more, e))
		return false;
	return job_progress(f->i->job, f->fed, f->i->size, "import", e);
}

bool import_feed(struct import *i, struct err *e)
{
	size_t row_max = (size_t)i->job->worker->process->conf.parser.row_max;
	struct feed f = { .i = i,
		.in = -1,
		.out = -1,
		.wire = { .kind = i->kind,
			.message_max = 4 * row_max + 65536,
			.arena = i->arena,
			.ctx = i,
			.row = import_on_row,
			.note = import_on_note,
			.withdraw = import_on_withdraw } };
	bool more = true, ok = start(&f, e);
	while (ok && more)
		ok = turn(&f, &more, e);
	ok = finish(&f, ok, e);
	i->totals = f.wire.totals;
	arena_free(f.arena);
	wire_close(&f.wire);
	return ok;
}
