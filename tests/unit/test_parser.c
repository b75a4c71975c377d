/* What stands between the parser process and the worker: messages and the cage. */
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/register/parsewire.h"
#include "daemon/sandbox.h"

/* ---- messages ------------------------------------------------------------------------------- */

struct seen {
	char text[1024];
	size_t n;
};

static void add(struct seen *s, struct bytes b)
{
	assert_true(s->n + b.n + 2 < sizeof s->text);
	if (b.n > 0)
		memcpy(s->text + s->n, b.p, b.n);
	s->n += b.n;
	s->text[s->n++] = '|';
	s->text[s->n] = '\0';
}

static bool on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e)
{
	(void)e;
	assert_int_equal(line, 7);
	for (size_t i = 0; i < 3; i++)
		add(ctx, fact[i]);
	return true;
}

static bool on_note(void *ctx, const struct wire_note *note, struct err *e)
{
	(void)e;
	assert_int_equal(note->line, 8);
	assert_int_equal(note->code, ERR_BAD_CLASS);
	assert_int_equal(note->severity, ROW_REPAIR);
	add(ctx, note->column);
	add(ctx, note->value);
	add(ctx, note->detail);
	return true;
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	(void)e;
	assert_int_equal(line, 9);
	add(ctx, key);
	return true;
}

static bool on_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	(void)e;
	assert_int_equal(field, 4);
	add(ctx, name);
	add(ctx, column);
	add(ctx, bytes_of(how));
	return true;
}

static bool on_clue(void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	(void)e;
	assert_int_equal(line, 8);
	add(ctx, name);
	add(ctx, reg_no);
	return true;
}

static bool on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	(void)e;
	assert_int_equal(line, 10);
	assert_int_equal(n, 2);
	assert_int_equal(type[1], FIELD_NUMBER);
	add(ctx, field[0]);
	add(ctx, field[1]);
	return true;
}

static bool on_progress(void *ctx, uint64_t done, uint64_t all, struct err *e)
{
	(void)e;
	assert_int_equal(done, 1);
	assert_int_equal(all, 2);
	add(ctx, BYTES("half"));
	return true;
}

/* All kinds of messages through a pipe into buf; returns their size. */
static size_t write_all(struct arena *a, char *buf, size_t room, const struct err *why)
{
	int fd[2];
	struct wire_out w;
	struct err e = { 0 };
	struct row *row = row_new(a, REGISTER_ENTITIES, 4096);
	struct row_note note = { ERR_BAD_CLASS, ROW_REPAIR, "列", BYTES("值"), BYTES("A B") };
	struct parse_totals totals = { 1, 2, 3, 4, 5, { 5, 6, 7, 8 }, "XLSX", BYTES("怪"),
		BYTES("名录"), BYTES("说明"), 3 };
	assert_int_equal(pipe(fd), 0);
	wire_open(&w, fd[1], 4096, a);
	struct parse_sink sink = wire_sink(&w);
	row_start(row, 7);
	row->fact[0] = BYTES("key");
	row->fact[2] = BYTES("乙");
	assert_true(sink.header(sink.ctx, 4, BYTES("企业"), BYTES("名称"), "given", &e));
	assert_true(sink.progress(sink.ctx, 1, 2, &e));
	assert_true(sink.row(sink.ctx, row, &e));
	assert_true(sink.clue(sink.ctx, 8, BYTES("甲"), BYTES("110"), &e));
	assert_true(sink.note(sink.ctx, 8, &note, &e));
	assert_true(sink.withdraw(sink.ctx, 9, BYTES("key"), &e));
	assert_true(sink.echo(sink.ctx, 10, (const struct bytes[]){ { "x", 1 }, { "1.5", 3 } },
		(const uint8_t[]){ FIELD_TEXT, FIELD_NUMBER }, 2, &e));
	assert_true(why != NULL ? wire_refusal(&w, why, &e) : wire_totals(&w, &totals, &e));
	close(fd[1]);
	ssize_t n = read(fd[0], buf, room);
	assert_true(n > 0 && (size_t)n < room);
	close(fd[0]);
	return (size_t)n;
}

static struct wire_in reader(struct seen *s, struct arena *a)
{
	return (struct wire_in){ .kind = REGISTER_ENTITIES,
		.message_max = 4096,
		.arena = a,
		.ctx = s,
		.row = on_row,
		.note = on_note,
		.withdraw = on_withdraw,
		.header = on_header,
		.clue = on_clue,
		.echo = on_echo,
		.progress = on_progress };
}

/* Whatever the cut, the reader sees what the writer wrote. */
static void test_messages(void **state)
{
	char buf[4096];
	ARENA_AUTO a = arena_new();
	size_t n = write_all(a, buf, sizeof buf, NULL);
	(void)state;
	for (size_t cut = 1; cut <= n; cut += 3) {
		struct seen s = { .n = 0 };
		struct err e = { 0 };
		struct wire_in w = reader(&s, a);
		for (size_t at = 0; at < n; at += cut)
			assert_true(wire_take(
				&w, (struct bytes){ buf + at, n - at < cut ? n - at : cut }, &e));
		assert_string_equal(
			s.text, "企业|名称|given|half|key||乙|甲|110|列|值|A B|key|x|1.5|");
		assert_true(w.ended);
		assert_int_equal(w.totals.refused, 3);
		assert_int_equal(w.totals.remarked, 5);
		assert_int_equal(w.totals.derived[3], 8);
		assert_string_equal(w.totals.encoding, "XLSX");
		assert_true(bytes_is(w.totals.unknown, "怪"));
		assert_true(bytes_is(w.totals.sheet, "名录"));
		assert_true(bytes_is(w.totals.unread, "说明"));
		assert_int_equal(w.totals.header_line, 3);
		wire_close(&w);
	}
}

static void test_refusal(void **state)
{
	char buf[4096];
	ARENA_AUTO a = arena_new();
	struct err why = { 0 }, e = { 0 };
	struct seen s = { .n = 0 };
	struct wire_in w = reader(&s, a);
	(void)state;
	err_set(&why, ERR_NO_COLUMN, "名称");
	err_at(&why, "line 1");
	size_t n = write_all(a, buf, sizeof buf, &why);
	assert_false(wire_take(&w, (struct bytes){ buf, n }, &e));
	assert_int_equal(e.code, ERR_NO_COLUMN);
	assert_string_equal(e.what, "名称");
	assert_string_equal(e.where, "line 1");
	assert_true(w.ended);
	wire_close(&w);
}

/* A parser that was taken over can stop an import, not more: no byte of a message may be changed
 * into something that reads past the end; a length is never believed beyond its limit. */
static void test_foul_messages(void **state)
{
	char buf[4096], spoilt[4096];
	ARENA_AUTO a = arena_new();
	size_t n = write_all(a, buf, sizeof buf, NULL), refused = 0;
	(void)state;
	for (size_t at = 0; at < 5; at++) { /* length and type of the first message */
		struct seen s = { .n = 0 };
		struct err e = { 0 };
		struct wire_in w = reader(&s, a);
		memcpy(spoilt, buf, n);
		spoilt[at] = (char)(spoilt[at] ^ 0x7f);
		bool ok = wire_take(&w, (struct bytes){ spoilt, n }, &e);
		refused += !ok || !w.ended;
		if (!ok)
			assert_int_equal(e.code, ERR_PARSER);
		wire_close(&w);
	}
	assert_int_equal(refused, 5);
}

static void test_nothing_after_the_end(void **state)
{
	char buf[4096];
	ARENA_AUTO a = arena_new();
	struct seen s = { .n = 0 };
	struct err e = { 0 };
	struct wire_in w = reader(&s, a);
	size_t n = write_all(a, buf, sizeof buf, NULL);
	(void)state;
	assert_true(wire_take(&w, (struct bytes){ buf, n }, &e));
	assert_false(wire_take(&w, (struct bytes){ buf, n }, &e));
	assert_int_equal(e.code, ERR_PARSER);
	wire_close(&w);
}

/* ---- the cage ---------------------------------------------------------------------------------
 */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

typedef void deed(void);

static void opens(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	_exit(fd < 0 ? 1 : 0);
}
static void connects(void)
{
	_exit(socket(AF_UNIX, SOCK_STREAM, 0) < 0);
}
static void forks(void)
{
	_exit(fork() < 0);
}
static void executes(void)
{
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}
static void takes_much(void)
{
	void *p = mmap(
		NULL, (size_t)1 << 32, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	_exit(p == MAP_FAILED);
}
static void never_ends(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}
/* What it is there for. */
static void works(void)
{
	void *p = malloc(1 << 20);
	bool ok = p != NULL && write(1, "x", 1) == 1;
	free(p);
	_exit(ok ? 42 : 1);
}

static void keeps(void)
{
	char c = 0;
	bool ok = write(3, "x", 1) == 1 && pread(3, &c, 1, 0) == 1 && c == 'x';
	_exit(ok && write(4, "x", 1) < 0 ? 42 : 1);
}

/* How a child ends that does this in the cage. */
static int ends(deed *what)
{
	int status = 0, out = open("/dev/null", O_WRONLY);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0 && out >= 0);
	if (pid == 0) {
		struct err e = { 0 };
		dup2(out, 1);
		int kept = what == keeps ? fcntl(memfd_create("kept", 0), F_DUPFD, 9) : -1;
		if (!sandbox_enter(256, 1, kept, &e))
			_exit(99);
		what();
	}
	close(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_cage(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	static deed *const forbidden[] = { opens, connects, forks, executes };
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		int status = ends(forbidden[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
	int status = ends(works);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	status = ends(keeps);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	status = ends(takes_much);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	status = ends(never_ends);
	assert_true(WIFSIGNALED(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_foul_messages),
		cmocka_unit_test(test_nothing_after_the_end),
		cmocka_unit_test(test_cage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
