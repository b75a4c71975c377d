/* A parser on memory, for tests: text goes in, one line for each row, note and withdrawal comes
 * out. */
#ifndef TEST_PARSING_H
#define TEST_PARSING_H

#include "tests/unit/test.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/register/columns.h"
#include "daemon/register/parse.h"

struct seen {
	char text[65536];
	size_t n;
};

static void add(struct seen *s, struct bytes b)
{
	assert_true(s->n + b.n < sizeof s->text);
	if (b.n > 0)
		memcpy(s->text + s->n, b.p, b.n);
	s->n += b.n;
	s->text[s->n] = '\0';
}

static void add_line(struct seen *s, const char *what, uint64_t line)
{
	char head[64];
	snprintf(head, sizeof head, "%s %d", what, (int)line);
	add(s, bytes_of(head));
}

static bool on_row(void *ctx, const struct row *row, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	add_line(s, "row", row->line);
	for (size_t i = 0; i <= ENTITY_MATCHED; i++) {
		add(s, BYTES("|"));
		add(s, row->fact[i].p != NULL ? row->fact[i] : BYTES("~")); /* not said */
	}
	for (size_t i = ENTITY_MATCHED + 1; i < registers[row->id].facts; i++)
		if (row->fact[i].n > 0) {
			add(s, BYTES("|"));
			add(s, bytes_of(registers[row->id].fact[i].name));
			add(s, BYTES("="));
			add(s, row->fact[i]);
		}
	add(s, BYTES("\n"));
	return true;
}

static bool on_note(void *ctx, uint64_t line, const struct row_note *note, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	assert_true(note->code > ERR_NONE && note->code < ERR_COUNT);
	add_line(s, row_severity_name(note->severity), line);
	add(s, BYTES(" "));
	add(s, bytes_of(err_row(note->code)->name));
	add(s, BYTES(" "));
	add(s, bytes_of(note->column));
	add(s, BYTES(" ["));
	add(s, note->value);
	add(s, BYTES("] "));
	add(s, note->detail);
	add(s, BYTES("\n"));
	return true;
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	add_line(s, "withdraw", line);
	add(s, BYTES(" "));
	add(s, key);
	add(s, BYTES("\n"));
	return true;
}

static const char labels[] = "negations = [\"不含\"];\nlabels: { food: { scope = [\"食品\"]; }; "
			     "fire: { name = [\"酒店\"]; }; };\n";
static const char departments_text[] =
	"departments: { scjg = [\"市场监督管理局\", \"市场监管局\"]; gaj = [\"公安局\"]; "
	"jyj = [\"教育局\"]; sthj = [\"生态环境局\", \"生态环境分局\"]; };\n";

struct fixture {
	struct arena *a;
	struct parse_rules rules;
	struct seen seen;
	struct parse_totals totals;
	struct err e;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct label_rules *l;
	struct departments *d;
	assert_true(sodium_init() >= 0);
	f->a = arena_new();
	assert_true(label_rules_parse(&l, f->a, labels, "labels", &f->e));
	assert_true(departments_parse(&d, f->a, departments_text, "departments", &f->e));
	f->rules = (struct parse_rules){
		.kind = REGISTER_ENTITIES,
		.row_max = 4096,
		.rows_max = 1000,
		.labels = l,
		.departments = d,
		.sink = { .ctx = &f->seen, .row = on_row, .note = on_note, .withdraw = on_withdraw }
	};
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

static bool parse_text(struct fixture *f, const char *text, size_t cut)
{
	size_t n = strlen(text);
	struct parse *p = parse_new(f->a, &f->rules);
	bool ok = true;
	f->seen.n = 0;
	f->seen.text[0] = '\0';
	f->e = (struct err){ 0 };
	for (size_t at = 0; ok && at < n; at += cut)
		ok = parse_put(p, (struct bytes){ text + at, n - at < cut ? n - at : cut }, &f->e);
	ok = ok && parse_end(p, &f->totals, &f->e);
	parse_free(p);
	return ok;
}

/* One row under a header, and all that comes of it. */
static void row_wants(struct fixture *f, const char *head, const char *row, const char *wanted)
{
	char text[4096];
	snprintf(text, sizeof text, "%s\n%s\n", head, row);
	assert_true(parse_text(f, text, 1000000));
	assert_string_equal(f->seen.text, wanted);
}

#endif
