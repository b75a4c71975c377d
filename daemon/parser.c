/* The parser process: reads a file that came from outside on descriptor 0, says on descriptor 1
 * what is in it (daemon/parsewire.h). No database, no network, no files: daemon/sandbox.h. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/parse.h"
#include "daemon/parsewire.h"
#include "daemon/process.h"
#include "daemon/sandbox.h"

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

/* The departments that there are, from the worker's pipe. */
static bool read_departments(struct parse_rules *rules, struct arena *a,
	struct departments *spelled, int fd, struct err *e)
{
	struct buf lines = buf_new(a, 65536);
	char chunk[65536];
	ssize_t n;
	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n > 0)
			buf_put(&lines, chunk, (size_t)n);
		else if (errno != EINTR)
			return err_set(e, ERR_PARSER, "departments: %s", strerror(errno));
	}
	departments_know(&spelled, a, buf_view(&lines));
	rules->departments = spelled;
	return true;
}

/* Tables of the installation, read before the sandbox closes. */
static bool load(struct parse_rules *rules, struct process *p, int argc, char **argv, struct err *e)
{
	const struct conf *c = &p->conf;
	struct label_rules *labels = NULL;
	struct departments *departments = NULL;
	if (argc < 2 || argc > 4 || !import_kind_of(bytes_of(argv[1]), &rules->kind))
		return err_set(
			e, ERR_USAGE, "parser entities|inspectors|recusals [LABELS [DESCRIPTOR]]");
	bool entities = rules->kind == IMPORT_ENTITIES;
	if (entities && c->import.labels[0] != '\0' &&
		!label_rules_load(&labels, p->arena, c->import.labels, e))
		return false;
	if (!entities && c->import.departments[0] != '\0' &&
		!departments_load(&departments, p->arena, c->import.departments, e))
		return false;
	rules->labels = labels;
	rules->departments = departments;
	rules->given = bytes_of(argc >= 3 ? argv[2] : "");
	rules->row_max = (size_t)c->parser.row_max;
	rules->rows_max = (uint64_t)c->parser.rows_max;
	return argc < 4 || read_departments(rules, p->arena, departments, atoi(argv[3]), e);
}

static bool read_all(struct parse *parse, struct parse_totals *totals, struct err *e)
{
	static char chunk[WIRE_BUFFER];
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
	wire_open(&out, STDOUT_FILENO, 4 * (size_t)p->conf.parser.row_max + 65536, p->arena);
	rules.sink = wire_sink(&out);
	struct parse *parse = parse_new(p->arena, &rules);
	ready = ready && drop_root(&p->conf, &why) &&
		sandbox_enter(p->conf.parser.memory, p->conf.parser.seconds, &why);
	bool ok = ready && read_all(parse, &totals, &why);
	ok = ok ? wire_totals(&out, &totals, &e) : wire_refusal(&out, &why, &e);
	parse_free(parse);
	return ok ? 0 : 1;
}
