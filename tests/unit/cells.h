/* One row through the checkers, for tests: what its cells mean, and what is said. */
#ifndef TEST_CELLS_H
#define TEST_CELLS_H

#include "tests/unit/test.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/tables.h"
#include "planner/uscc.h"

struct fixture {
	struct arena *a;
	const struct tables *tables;
	const struct departments *departments;
	enum field_type type; /* of the next row's first cell */
	bool keys; /* say the hashes in keys */
	char said[4096];
	char key[100]; /* of the last row, good or bad */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct err e = { 0 };
	struct tables *t;
	struct departments *d;
	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	f->a = arena_new();
	struct buf lines = buf_new(f->a, 256);
	tables_put(&lines, TABLE_REGION, BYTES("510122"), BYTES("510116"));
	tables_put(&lines, TABLE_REGION, BYTES("310226"), BYTES("310127"));
	tables_put(&lines, TABLE_REGION, BYTES("310127"), BYTES("310120"));
	tables_put(&lines, TABLE_REGION, BYTES("999901"), BYTES("999902")); /* a ring */
	tables_put(&lines, TABLE_REGION, BYTES("999902"), BYTES("999901"));
	tables_put(&lines, TABLE_REGION, BYTES("510122100"), BYTES("510116001"));
	tables_put(&lines, TABLE_REGION, BYTES("310226003"), BYTES("310226004"));
	tables_put(&lines, TABLE_PLACE, BYTES("环翠区"), BYTES("371002"));
	tables_put(&lines, TABLE_PLACE, BYTES("北京市东城区"), BYTES("110101"));
	tables_put(&lines, TABLE_PLACE, BYTES("威海市"), BYTES("371000"));
	tables_put(&lines, TABLE_PLACE, BYTES("山东省"), BYTES("370000"));
	tables_put(&lines, TABLE_ITEM, BYTES("餐饮服务监督检查"), BYTES("scjg-catering"));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("91350203M0001QAY9B"), BYTES(""));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("R330199000000012"), BYTES(""));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("R330199850101012"), BYTES(""));
	assert_true(tables_read(&t, f->a, buf_view(&lines), &e));
	assert_true(departments_parse(&d, f->a,
		"departments: { scjg = [\"市场监督管理局\", \"市场监管局\"]; gaj = [\"公安局\"]; };\n",
		"departments", &e));
	f->tables = t;
	f->departments = d;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_free(f->a);
	free(f);
	return 0;
}

static void say(struct fixture *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct fixture *f, const char *fmt, ...)
{
	size_t n = strlen(f->said);
	va_list ap;
	va_start(ap, fmt);
	assert_true(
		vsnprintf(f->said + n, sizeof f->said - n, fmt, ap) < (int)(sizeof f->said - n));
	va_end(ap);
}

static void check_cell(struct row *r, const char *name, struct bytes v)
{
	const struct column *c = column_find(r->id, bytes_of(name));
	if (c == NULL)
		fail_msg("%s has no column %s", registers[r->id].name, name);
	else if (c->fact >= 0 && r->fact[c->fact].p == NULL)
		r->fact[c->fact] = BYTES("");
	v = cell_trim(v);
	if (c != NULL && c->check != NULL && v.n > 0)
		c->check(r, c, v);
}

/* <key>, with # for a hash. */
static void say_key(struct fixture *f, const struct row *r)
{
	enum { HEX = 24 };
	struct bytes key = r->fact[0];
	bool hash =
		!f->keys && key.n >= HEX && strspn(key.p + key.n - HEX, "0123456789abcdef") >= HEX;
	key.n -= hash ? HEX : 0;
	say(f, hash ? "<%.*s#>" : "<%.*s>", BYTES_ARG(key));
}

/* "列名=内容|列名=内容": notes ("severity code column [value] detail"), then facts "name=value" in
 * their order, the key last; all joined by blanks. */
static const char *read_row(struct fixture *f, enum register_id id, const char *cells)
{
	struct row *r = row_new(f->a, id, 65536);
	struct bytes rest = bytes_of(cells);
	bool more = rest.n > 0;
	r->departments = f->departments;
	r->tables = f->tables;
	row_start(r, 2);
	r->type = f->type;
	while (more) {
		bool filled;
		struct bytes value = bytes_cut(&rest, '|', &more);
		struct bytes name = bytes_cut(&value, '=', &filled);
		char column[100];
		assert_true(filled && name.n < sizeof column);
		memcpy(column, name.p, name.n);
		column[name.n] = '\0';
		check_cell(r, column, value);
		r->type = FIELD_TEXT;
	}
	row_finish(r);
	snprintf(f->key, sizeof f->key, "%.*s", BYTES_ARG(r->fact[0]));
	f->said[0] = '\0';
	for (size_t i = 0; i < r->notes; i++)
		say(f, "%s %s %s [%.*s] %.*s; ", row_severity_name(r->note[i].severity),
			err_row(r->note[i].code)->name, r->note[i].column,
			BYTES_ARG(r->note[i].value), BYTES_ARG(r->note[i].detail));
	for (size_t i = 1; !r->bad && i < registers[id].facts; i++)
		if (r->fact[i].n > 0)
			say(f, "%s=%.*s ", registers[id].fact[i].name, BYTES_ARG(r->fact[i]));
	if (!r->bad)
		say_key(f, r);
	return f->said;
}

/* Where of a wanted text only the end is given ("… x=1"), only the end counts. */
static void wants(struct fixture *f, enum register_id id, const char *cells, const char *wanted)
{
	const char *said = read_row(f, id, cells);
	size_t n = strlen(wanted), m = strlen(said);
	bool end = strncmp(wanted, "…", 3) == 0;
	if (end ? (m + 3 < n || strcmp(said + m + 3 - n, wanted + 3) != 0)
		: strcmp(said, wanted) != 0)
		fail_msg(
			"%s %s\n  says:  %s\n  wants: %s", registers[id].name, cells, said, wanted);
}

#define USCC "91350200MA2YJ1XR9G"
#define CUT  "913710000509012106, 913710000509012293, 913710000509012886, 913710000509012961"

#endif
