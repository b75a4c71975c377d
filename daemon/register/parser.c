/* The parser process: reads a file that came from outside on descriptor 0 (a workbook is a regular
 * file, a CSV any), what it is told about it on descriptor 3 (daemon/register/tables.h), and says
 * on descriptor 1 what is in it (daemon/register/parsewire.h). Descriptor 4 may be an empty file,
 * for what would not fit into memory (daemon/register/repeats.h). No database, no network, no
 * files: daemon/sandbox.h. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/process.h"
#include "daemon/register/parse.h"
#include "daemon/register/parsewire.h"
#include "daemon/register/tables.h"
#include "daemon/register/xlsxrecord.h"
#include "daemon/sandbox.h"

/* HEAP_HERE: where that file is behind the sandbox. */
enum { TABLES_FD = 3, HEAP_FD = 4, HEAP_HERE = 3 };

/* Started by root it becomes the parser's user, where there is one. */
static bool drop_root(const struct conf *c, struct err *e)
{
	const struct passwd *pw = geteuid() == 0 ? getpwnam(c->users.parser) : NULL;
	if (pw == NULL)
		return true;
	return (setgroups(0, NULL) == 0 && setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == 0 &&
		       setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == 0) ||
	       err_set(e, ERR_PARSER, "user %s: %s", c->users.parser, strerror(errno));
}

static bool read_tables(struct parse_rules *rules, struct arena *a, struct err *e)
{
	struct buf lines = buf_new(a, 65536);
	struct tables *tables = NULL;
	char chunk[65536];
	ssize_t n;
	while ((n = read(TABLES_FD, chunk, sizeof chunk)) != 0) {
		if (n > 0)
			buf_put(&lines, chunk, (size_t)n);
		else if (errno != EINTR)
			return err_set(e, ERR_PARSER, "tables: %s", strerror(errno));
	}
	if (!tables_read(&tables, a, buf_view(&lines), e))
		return false;
	rules->tables = tables;
	return true;
}

/* The departments that there are, and how else they are spelled. */
static void know_departments(
	struct parse_rules *rules, struct arena *a, struct departments *spelled)
{
	size_t n;
	const struct table_line *line = tables_all(rules->tables, TABLE_DEPARTMENT, &n);
	struct buf lines = buf_new(a, 4096);
	for (size_t i = 0; i < n; i++) {
		buf_bytes(&lines, line[i].key);
		buf_byte(&lines, '\t');
		buf_bytes(&lines, line[i].value);
		buf_byte(&lines, '\n');
	}
	departments_know(&spelled, a, buf_view(&lines));
	rules->departments = spelled;
}

/* ---- what does not fit into memory ---------------------------------------------------------- */

static bool heap_put(void *ctx, struct bytes s, struct err *e)
{
	(void)ctx;
	while (s.n > 0) {
		ssize_t n = write(HEAP_HERE, s.p, s.n);
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_FILE, "heap: %s", strerror(errno));
		if (n > 0)
			s = (struct bytes){ s.p + n, s.n - (size_t)n };
	}
	return true;
}

static bool heap_get(void *ctx, uint64_t from, char *to, size_t n, struct err *e)
{
	(void)ctx;
	while (n > 0) {
		ssize_t got = pread(HEAP_HERE, to, n, (off_t)from);
		if (got == 0 || (got < 0 && errno != EINTR))
			return err_set(e, ERR_FILE, "heap: %s", got == 0 ? "EOF" : strerror(errno));
		if (got > 0) {
			to += got;
			from += (uint64_t)got;
			n -= (size_t)got;
		}
	}
	return true;
}

/* The descriptor to keep; -1: whoever started the parser gave none. */
static int heap(struct parse_rules *rules)
{
	struct stat st;
	if (fstat(HEAP_FD, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	rules->heap = (struct repeats_heap){ .put = heap_put, .get = heap_get };
	return HEAP_FD;
}

static struct bytes option(const struct parse_rules *rules, const char *name)
{
	struct bytes value = BYTES("");
	tables_find(rules->tables, TABLE_OPTION, bytes_of(name), &value);
	return value;
}

static void limit(struct parse_rules *rules, const struct conf *c)
{
	rules->row_max = (size_t)c->parser.row_max;
	rules->rows_max = (uint64_t)c->parser.rows_max;
	rules->seen_most = (size_t)c->parser.rows_known;
	rules->xlsx = (struct xlsx_caps){ .file = (uint64_t)c->parser.xlsx_file << 20,
		.inflated = (uint64_t)c->parser.xlsx_inflated << 20,
		.strings = (uint64_t)c->parser.xlsx_strings << 20 };
}

/* What the installation says, read before the sandbox closes. */
static bool load(struct parse_rules *rules, struct process *p, int argc, char **argv, struct err *e)
{
	const struct conf *c = &p->conf;
	struct label_rules *labels = NULL;
	struct departments *departments = NULL;
	limit(rules, c);
	if (argc != 2 || !register_named(bytes_of(argv[1]), &rules->kind))
		return err_set(e, ERR_USAGE, "parser REGISTER");
	if ((rules->kind == REGISTER_ENTITIES || rules->kind == REGISTER_LABELS) &&
		c->import.labels[0] != '\0' &&
		!label_rules_load(&labels, p->arena, c->import.labels, e))
		return false;
	if (c->import.departments[0] != '\0' &&
		!departments_load(&departments, p->arena, c->import.departments, e))
		return false;
	if (!read_tables(rules, p->arena, e))
		return false;
	know_departments(rules, p->arena, departments);
	rules->labels = labels;
	rules->given = option(rules, "labels");
	rules->sheet = option(rules, "sheet");
	rules->echo = bytes_is(option(rules, "echo"), "1");
	return true;
}

static bool is_workbook(void)
{
	char head[4];
	struct stat st;
	return fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	       pread(STDIN_FILENO, head, sizeof head, 0) == sizeof head &&
	       xlsx_is_zip((struct bytes){ head, sizeof head });
}

static bool read_all(struct parse *parse, struct parse_totals *totals, struct err *e)
{
	static char chunk[WIRE_BUFFER];
	if (is_workbook())
		return parse_workbook(parse, STDIN_FILENO, totals, e);
	for (;;) {
		ssize_t n = read(STDIN_FILENO, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR && !process_stopping())
			continue;
		if (n < 0)
			return err_set(e, ERR_PARSER, "read: %s", strerror(errno));
		if (n == 0)
			return parse_end(parse, totals, e);
		if (!parse_put(parse, (struct bytes){ chunk, (size_t)n }, e))
			return false;
	}
}

int parser_run(struct process *p, int argc, char **argv)
{
	struct parse_rules rules = { 0 };
	struct parse_totals totals = { 0 };
	struct wire_out out;
	struct err why = { 0 }, e = { 0 };
	bool ready = load(&rules, p, argc, argv, &why);
	wire_open(&out, STDOUT_FILENO, wire_message_max(rules.row_max), p->arena);
	rules.sink = wire_sink(&out);
	int keep = heap(&rules);
	struct parse *parse = parse_new(p->arena, &rules);
	ready = ready && drop_root(&p->conf, &why) &&
		sandbox_enter(p->conf.parser.memory, p->conf.parser.seconds, keep, &why);
	bool ok = ready && read_all(parse, &totals, &why);
	ok = ok ? wire_totals(&out, &totals, &e) : wire_refusal(&out, &why, &e);
	parse_free(parse);
	return ok ? 0 : 1;
}
