/* The import of files: any bytes, as each kind of list.
 *   - every row that comes out is well-formed (a frame would take it), its key is unique or
 * withdrawn;
 *   - counts add up; every note has a code and a line of the file;
 *   - how the bytes are cut changes nothing;
 *   - echoed, every record is text that can be sent. */
#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/entityfacts.h"
#include "daemon/register/parse.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules_text[] =
	"labels: { food: { scope = [\"食品\"]; }; hotel: { name = [\"酒店\"]; }; };";
static const char names_text[] =
	"departments: { scjg = [\"市场监督管理局\"]; gaj = [\"公安局\"]; };";

struct seen {
	enum register_id kind;
	uint64_t lines, rows, withdrawn, sum;
};

/* Order matters: a sum that two different sequences of calls hardly share. */
static void mix(struct seen *s, struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		s->sum = (s->sum ^ (uint8_t)b.p[i]) * UINT64_C(1099511628211);
	s->sum = (s->sum ^ 0x100) * UINT64_C(1099511628211);
}

static bool on_row(void *ctx, const struct row *row, struct err *e)
{
	struct seen *s = ctx;
	struct bytes fact[FRAME_FACTS];
	assert(row->line >= 1 && row->line <= s->lines && !row->bad);
	entity_frame_facts(row->fact, fact);
	if (s->kind == REGISTER_ENTITIES) {
		bool ok = frame_facts_check(fact, e);
		assert(ok);
	}
	for (size_t i = 0; i < registers[s->kind].facts; i++) {
		assert(row->fact[i].n == 0 ||
			(text_is_utf8(row->fact[i]) &&
				memchr(row->fact[i].p, '\0', row->fact[i].n) == NULL));
		mix(s, row->fact[i]);
	}
	s->rows++;
	return true;
}

static bool on_note(void *ctx, uint64_t line, const struct row_note *note, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	assert(line >= 1 && line <= s->lines);
	assert(note->code > ERR_NONE && note->code < ERR_COUNT);
	assert(text_is_clean(note->value) && text_is_utf8(note->detail));
	mix(s, note->value);
	mix(s, note->detail);
	mix(s, bytes_of(note->column));
	return true;
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	assert(line >= 1 && line < s->lines);
	mix(s, key);
	s->withdrawn++;
	return true;
}

static bool on_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	assert(field < RAW_FIELDS_MAX && s->rows == 0 && text_is_clean(name));
	assert((column.n > 0) <= (strcmp(how, "unknown") != 0));
	mix(s, name);
	mix(s, column);
	return true;
}

static bool on_clue(void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	(void)e;
	assert(line >= 1 && text_is_utf8(name) && text_is_utf8(reg_no));
	mix(ctx, name);
	mix(ctx, reg_no);
	return true;
}

static bool on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	(void)type;
	assert(line >= 1 && line <= s->lines && n <= RAW_FIELDS_MAX);
	for (size_t i = 0; i < n; i++) {
		assert(text_is_utf8(field[i]) && memchr(field[i].p, '\0', field[i].n) == NULL);
		mix(s, field[i]);
	}
	s->rows++;
	return true;
}

static struct seen run(enum register_id kind, struct bytes all, size_t cut,
	const struct label_rules *labels, const struct departments *departments, bool echo)
{
	struct seen s = { .kind = kind, .lines = 2 };
	struct err e = { 0 };
	struct parse_totals t = { 0 };
	ARENA_AUTO a = arena_new();
	struct parse_rules rules = { .kind = kind,
		.row_max = 2048,
		.rows_max = 10000,
		.labels = labels,
		.departments = departments,
		.echo = echo,
		.sink = { .ctx = &s,
			.header = on_header,
			.row = on_row,
			.clue = on_clue,
			.note = on_note,
			.withdraw = on_withdraw,
			.echo = on_echo } };
	struct parse *p = parse_new(a, &rules);
	bool ok = true;
	for (size_t i = 0; i < all.n; i++)
		s.lines += all.p[i] == '\n' || all.p[i] == '\r';
	for (size_t at = 0; ok && at < all.n; at += cut)
		ok = parse_put(
			p, (struct bytes){ all.p + at, all.n - at < cut ? all.n - at : cut }, &e);
	ok = ok && parse_end(p, &t, &e);
	assert(ok == (e.code == ERR_NONE));
	if (ok && !echo) {
		assert(t.rows == t.accepted + t.refused && t.rows > 0);
		assert(t.accepted + s.withdrawn == s.rows);
	}
	s.sum += (uint64_t)e.code;
	parse_free(p);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct label_rules *labels;
	static struct departments *departments;
	static struct arena *arena;
	struct err e = { 0 };
	if (arena == NULL) {
		arena = arena_new();
		bool ready = sodium_init() >= 0 &&
			     label_rules_parse(&labels, arena, rules_text, "labels", &e) &&
			     departments_parse(&departments, arena, names_text, "departments", &e);
		assert(ready);
	}
	if (size < 2)
		return 0;
	enum register_id kind = (enum register_id)(data[0] % REGISTERS);
	size_t cut = (size_t)data[1] + 1;
	struct bytes all = { (const char *)data + 2, size - 2 };
	struct seen whole = run(kind, all, size, labels, departments, false);
	struct seen pieces = run(kind, all, cut, labels, departments, false);
	assert(whole.sum == pieces.sum && whole.rows == pieces.rows);
	struct seen echoed = run(kind, all, size, labels, departments, true);
	struct seen cut_echo = run(kind, all, cut, labels, departments, true);
	assert(echoed.sum == cut_echo.sum && echoed.rows == cut_echo.rows);
	return 0;
}
