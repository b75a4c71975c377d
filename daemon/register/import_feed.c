/* The parser process and the pipes to it: pieces of the upload go in, messages come out. A workbook
 * is read from its end and back and forth: it goes in as a file without a name. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/register/import.h"
#include "daemon/register/tables.h"
#include "daemon/register/xlsxrecord.h"
#include "daemon/worker.h"
#include "daemon/xlsx.h"

/* Descriptors of the parser (daemon/register/parser.c). */
enum { PIPE_SIZE = 1048576, TABLES_FD = 3, HEAP_FD = 4 };

struct feed {
	struct import *i;
	pid_t pid;
	int in, out; /* -1: closed */
	struct arena *arena; /* of the piece */
	struct bytes piece; /* what of it is still to be written */
	int64_t fed;
	bool workbook; /* all of it was fed before the parser started */
	int64_t done; /* what of it the parser has read, of the upload's size */
	struct wire_in wire;
};

/* ---- the process ----------------------------------------------------------------------------- */

/* Closed when the parser starts; it has its own, behind those that it is given. */
static int heap(struct err *e)
{
	int fd = xlsx_nameless(), behind = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, HEAP_FD + 1) : -1;
	if (behind < 0)
		err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
	if (fd >= 0)
		close(fd);
	return behind;
}

static bool spawn(struct feed *f, int in, int out, int table, struct err *e)
{
	const struct import *i = f->i;
	char mode[] = "parser", conf[] = "--conf", name[] = "drawd";
	char *file = arena_strdup(i->arena, i->job->worker->process->conf.file);
	char *kind = arena_strdup(i->arena, registers[i->kind].name);
	char *env[] = { NULL }, *argv[] = { name, conf, file, mode, kind, NULL };
	posix_spawn_file_actions_t actions;
	int spare = heap(e);
	if (spare < 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, table, TABLES_FD);
	posix_spawn_file_actions_adddup2(&actions, spare, HEAP_FD);
	int why = posix_spawn(&f->pid, "/proc/self/exe", &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	close(spare);
	return why == 0 || err_set(e, ERR_PARSER, "spawn: %s", strerror(why));
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool write_all(int fd, struct bytes s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			s = (struct bytes){ s.p + n, s.n - (size_t)n };
	}
	return true;
}

/* The parser reads all of it before anything else; what goes wrong there it says itself. */
static void write_tables(const struct feed *f, int fd)
{
	struct buf echo = buf_new(f->i->arena, 64);
	if (f->i->echo)
		tables_put(&echo, TABLE_OPTION, BYTES("echo"), BYTES("1"));
	if (write_all(fd, f->i->tables))
		write_all(fd, buf_view(&echo));
}

/* file: the workbook, or -1 where pieces of the upload go through a pipe. */
static bool start(struct feed *f, int file, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, table[2] = { -1, -1 };
	bool ok = (file >= 0 || pipe2(in, O_CLOEXEC) == 0) && pipe2(out, O_CLOEXEC) == 0 &&
		  pipe2(table, O_CLOEXEC) == 0;
	if (!ok)
		err_set(e, ERR_PARSER, "pipe: %s", strerror(errno));
	if (ok) {
		/* larger pipes mean fewer turns; where the system says no, the small ones do */
		fcntl(out[0], F_SETPIPE_SZ, PIPE_SIZE);
		if (file < 0) {
			fcntl(in[1], F_SETPIPE_SZ, PIPE_SIZE);
			fcntl(in[1], F_SETFL, O_NONBLOCK);
		}
		ok = spawn(f, file >= 0 ? file : in[0], out[1], table[0], e);
	}
	close_one(&in[0]);
	close_one(&out[1]);
	close_one(&table[0]);
	if (ok)
		write_tables(f, table[1]);
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

/* The first piece is there and says that it is a workbook: all of it into a file. -1 with e. */
static int spool(struct feed *f, struct err *e)
{
	int64_t most = f->i->job->worker->process->conf.parser.xlsx_file;
	if (f->i->size >> 20 >= most) {
		err_set(e, ERR_XLSX_LIMIT, "parser.xlsx_file: %lld > %lld MiB",
			(long long)(f->i->size >> 20), (long long)most);
		return -1;
	}
	int fd = xlsx_nameless();
	bool ok = fd >= 0;
	while (ok) {
		ok = write_all(fd, f->piece);
		f->fed += (int64_t)f->piece.n;
		f->piece.n = 0;
		if (!ok || f->fed == f->i->size)
			break;
		if (!job_progress(f->i->job, 0, f->i->size, "import", e) || !next_piece(f, e)) {
			close_one(&fd);
			return -1;
		}
	}
	if (ok)
		return fd;
	err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
	close_one(&fd);
	return -1;
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
	return job_progress(f->i->job, f->workbook ? f->done : f->fed, f->i->size, "import", e);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* One context for all calls: the import's; the progress of a workbook is the feed's. */
static bool on_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	return import_on_header(((struct feed *)ctx)->i, field, name, column, how, e);
}

static bool on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e)
{
	return import_on_row(((struct feed *)ctx)->i, line, fact, e);
}

static bool on_clue(void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	return import_on_clue(((struct feed *)ctx)->i, line, name, reg_no, e);
}

static bool on_note(void *ctx, const struct wire_note *note, struct err *e)
{
	return import_on_note(((struct feed *)ctx)->i, note, e);
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	return import_on_withdraw(((struct feed *)ctx)->i, line, key, e);
}

static bool on_refused(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	return import_on_refused(((struct feed *)ctx)->i, line, key, e);
}

static bool on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	return import_on_echo(((struct feed *)ctx)->i, line, field, type, n, e);
}

static bool on_progress(void *ctx, uint64_t done, uint64_t all, struct err *e)
{
	struct feed *f = ctx;
	uint64_t thousandths = all > 0 ? done * 1000 / all : 0;
	(void)e;
	int64_t now = f->i->size / 1000 * (int64_t)(thousandths < 1000 ? thousandths : 1000);
	f->done = now > f->done ? now : f->done; /* sheets that do not read come before */
	return true;
}

static struct wire_in wire_of(struct feed *f)
{
	size_t row_max = (size_t)f->i->job->worker->process->conf.parser.row_max;
	return (struct wire_in){ .kind = f->i->kind,
		.message_max = wire_message_max(row_max),
		.arena = f->i->arena,
		.ctx = f,
		.header = on_header,
		.row = on_row,
		.clue = on_clue,
		.note = on_note,
		.withdraw = on_withdraw,
		.refused = on_refused,
		.echo = f->i->echo ? on_echo : NULL,
		.progress = on_progress };
}

bool import_feed(struct import *i, struct err *e)
{
	struct feed f = { .i = i, .in = -1, .out = -1 };
	int file = -1;
	f.wire = wire_of(&f);
	bool more = true, ok = i->size == 0 || next_piece(&f, e);
	f.workbook = ok && xlsx_is_zip(f.piece);
	if (f.workbook)
		ok = (file = spool(&f, e)) >= 0;
	ok = ok && start(&f, file, e);
	close_one(&file);
	while (ok && more)
		ok = turn(&f, &more, e);
	ok = finish(&f, ok, e);
	i->totals = f.wire.totals;
	arena_free(f.arena);
	wire_close(&f.wire);
	return ok;
}
