#include "sampler/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/type.h"

#define KEY(i) (1u << (i))

/* clang-format off */
static const struct table_form forms[TABLES] = {
	[TABLE_POLICY] = { "policy", { "path", "value" }, KEY(0), 0, false },
	[TABLE_FRAME] = { "frame", { "object", "entity", "kind", "industry", "region", "established",
		"status", "since", "class", "classes", "labels", "checked", "entered", "reserved", "weight",
		"salt" }, KEY(0), 14, false },
	[TABLE_STRATA] = { "strata", { "task", "stratum", "population", "units", "among", "quota", "ratio",
		"report" },
		KEY(0) | KEY(1), 0, false },
	[TABLE_LEDGER] = { "ledger", { "task", "code", "count", "rule", "basis" },
		KEY(0) | KEY(1), 0, false },
	[TABLE_POOL] = { "pool", { "inspector", "department", "regions", "items", "certificate",
		"leave", "limit" }, KEY(0), 0, false },
	[TABLE_RECUSALS] = { "recusals", { "inspector", "subject", "ground", "since" },
		KEY(0) | KEY(1), 0, false },
	[TABLE_HISTORY] = { "history", { "inspector", "entity", "last" }, KEY(0) | KEY(1), 0, false },
	[TABLE_CALENDAR] = { "calendar", { "day" }, KEY(0), 0, false },
	[TABLE_SELECTION] = { "selection", { "task", "stratum", "object", "batch" }, KEY(0) | KEY(2), 0,
		true },
	[TABLE_VISITS] = { "visits", { "object", "ordinal", "mode", "from", "to", "lead", "tasks",
		"departments" }, KEY(0) | KEY(1), 0, true },
	[TABLE_DROPPED] = { "dropped", { "object", "task", "code" }, KEY(0) | KEY(1), 0, true },
	[TABLE_SLOTS] = { "slots", { "object", "ordinal", "department", "place", "inspector" },
		KEY(0) | KEY(1) | KEY(2) | KEY(3), 0, true },
	[TABLE_CAPACITY] = { "capacity", { "department", "inspector", "first", "final", "used",
		"tier" },
		KEY(0) | KEY(1), 0, true },
	[TABLE_SCHEDULE] = { "schedule", { "object", "ordinal", "day", "half", "leader" },
		KEY(0) | KEY(1), 0, true },
};
/* clang-format on */

const struct table_form *table_form(enum table_id id)
{
	assert(id < TABLES);
	return &forms[id];
}

bool table_id_of(struct bytes name, enum table_id *out)
{
	for (unsigned i = 0; i < TABLES; i++)
		if (bytes_is(name, forms[i].name)) {
			*out = (enum table_id)i;
			return true;
		}
	return false;
}

static size_t fixed_columns(enum table_id id)
{
	size_t n = 0;
	while (table_form(id)->column[n] != NULL)
		n++;
	return n;
}

size_t table_column(enum table_id id, const char *column)
{
	const struct table_form *f = table_form(id);
	size_t i = 0;
	while (f->column[i] != NULL && strcmp(f->column[i], column) != 0)
		i++;
	assert(f->column[i] != NULL && (f->tasks_at == 0 || i < f->tasks_at));
	return i;
}

/* How many key columns stand at the front of the row. */
static unsigned leading_keys(const struct table_form *f)
{
	unsigned n = 0;
	while (f->keys & KEY(n))
		n++;
	return n;
}

/* The header without its line feed. */
static void put_header(struct buf *out, enum table_id id, const struct bytes *task, size_t tasks)
{
	const struct table_form *f = table_form(id);
	for (size_t i = 0; f->column[i] != NULL; i++) {
		for (size_t t = 0; f->tasks_at > 0 && i == f->tasks_at && t < tasks; t++) {
			buf_str(out, "\ttask:");
			buf_bytes(out, task[t]);
		}
		if (i > 0)
			buf_byte(out, '\t');
		buf_str(out, f->column[i]);
	}
}

/* ---- one row ---- */

enum { PLAIN, TAB, END, HIGH, BAD };

/* Class of every byte of a row; PLAIN is ASCII without controls. */
static const uint8_t class_of[256] = {
	/* clang-format off */
	BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, TAB, END, BAD, BAD, BAD, BAD, BAD,
	BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	['\x7f'] = BAD,
#define HIGH16 HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH
	[128] = HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16, HIGH16,
#undef HIGH16
	/* clang-format on */
};

/* Most of a row is ASCII: a chunk without other bytes, controls and line feed is passed at once.
 * The loop has no way out, so that compilers make vectors of it. */
enum { PLAIN_CHUNK = 32 };

static bool is_plain(const unsigned char *p, size_t *tabs)
{
	unsigned char found = 0, other = 0;
	for (size_t i = 0; i < PLAIN_CHUNK; i++) {
		found = (unsigned char)(found + (p[i] == '\t'));
		other |= (unsigned char)((p[i] < ' ' || p[i] > '~') && p[i] != '\t');
	}
	*tabs += other == 0 ? found : 0;
	return other == 0;
}

/* Read a row of clean text up to its line feed. Returns its length, the line feed not counted, or
 * SIZE_MAX where a byte is not allowed or the end is missing; *tabs counts its TABs. */
static size_t scan_row(struct bytes s, size_t *tabs)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0, t = 0;
	while (s.n - i >= PLAIN_CHUNK && is_plain(p + i, &t))
		i += PLAIN_CHUNK;
	while (i < s.n) {
		size_t start = i;
		switch (class_of[p[i++]]) {
		case PLAIN:
			break;
		case TAB:
			t++;
			break;
		case END:
			*tabs = t;
			return start;
		case HIGH: /* a run of bytes above ASCII is whole characters or it is not UTF-8 */
			while (i < s.n && class_of[p[i]] == HIGH)
				i++;
			if (!text_is_clean((struct bytes){ s.p + start, i - start }))
				return SIZE_MAX;
			break;
		case BAD:
			return SIZE_MAX;
		}
	}
	return SIZE_MAX;
}

/* What stands before the n-th TAB of a line, or all of it. */
static struct bytes first_values(struct bytes line, unsigned n)
{
	const char *p = line.p, *end = line.p + line.n;
	for (unsigned i = 0; i < n; i++) {
		const char *tab = p < end ? memchr(p, '\t', (size_t)(end - p)) : NULL;
		if (tab == NULL)
			return line;
		p = tab + 1;
	}
	return (struct bytes){ line.p, (size_t)(p - line.p) - 1 };
}

/* Form, order and leading keys of a row; last is the row before, n the number of this one. */
static bool check_row(const struct table_form *f, size_t columns, struct bytes rest,
	struct bytes last, size_t n, size_t *len, struct err *e)
{
	size_t tabs = 0;
	*len = scan_row(rest, &tabs);
	if (*len == SIZE_MAX)
		return err_set(e, ERR_BAD_TABLE,
			"%s: row %zu: not clean UTF-8 text ended by a line feed", f->name, n);
	if (tabs != columns - 1)
		return err_set(e, ERR_BAD_TABLE, "%s: row %zu: %zu values, expected %zu", f->name,
			n, tabs + 1, columns);
	struct bytes line = { rest.p, *len };
	if (n == 1)
		return true;
	if (bytes_compare(last, line) >= 0)
		return err_set(e, ERR_BAD_TABLE, "%s: row %zu: rows are not strictly ascending",
			f->name, n);
	unsigned keys = leading_keys(f);
	if (bytes_equal(first_values(last, keys), first_values(line, keys)) &&
		f->keys == KEY(keys) - 1)
		return err_set(e, ERR_BAD_TABLE, "%s: row %zu: the key \"%.*s\" again", f->name, n,
			BYTES_ARG(type_shown(first_values(line, 1))));
	return true;
}

/* ---- keys that do not stand in front ---- */

static int by_bytes(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static bool check_group(const struct table *t, struct bytes *value, size_t n, struct err *e)
{
	if (n > 1)
		qsort(value, n, sizeof *value, by_bytes);
	for (size_t i = 1; i < n; i++)
		if (bytes_equal(value[i - 1], value[i]))
			return err_set(e, ERR_BAD_TABLE, "%s: the key \"%.*s\" twice",
				table_form(t->id)->name, BYTES_ARG(type_shown(value[i])));
	return true;
}

/* One key column stands behind others that are no keys: sort its values within each group of rows
 * whose leading keys are the same. */
static bool check_far_key(const struct table *t, struct err *e)
{
	const struct table_form *f = table_form(t->id);
	unsigned lead = leading_keys(f), far = lead;
	if (f->keys == KEY(lead) - 1)
		return true;
	while (!(f->keys & KEY(far)))
		far++;
	assert(f->keys == ((KEY(lead) - 1) | KEY(far)) && f->tasks_at == 0);
	ARENA_AUTO a = arena_new();
	struct bytes *value = arena_calloc(a, t->n + 1, sizeof *value);
	struct table_cursor c = table_rows(t);
	struct bytes line, group = { NULL, 0 }, field[TABLE_COLUMNS_MAX];
	size_t n = 0;
	while (table_next_line(&c, &line)) {
		struct bytes own = first_values(line, lead);
		if (!bytes_equal(own, group)) {
			if (!check_group(t, value, n, e))
				return false;
			n = 0;
			group = own;
		}
		table_split(t, line, field);
		value[n++] = field[far];
	}
	return check_group(t, value, n, e);
}

/* ---- opening ---- */

static bool next_line(struct bytes *rest, struct bytes *line)
{
	bool more;
	*line = bytes_cut(rest, '\n', &more);
	return more;
}

/* The frame's header: the fixed columns with the task columns between, codes ascending. */
static bool frame_header(struct table *t)
{
	const struct table_form *f = table_form(t->id);
	struct bytes rest = t->header, last = { NULL, 0 };
	size_t fixed = 0;
	bool more = true;
	while (more) {
		struct bytes name = bytes_cut(&rest, '\t', &more);
		if (fixed == f->tasks_at && bytes_starts(name, BYTES("task:"))) {
			struct bytes code = { name.p + 5, name.n - 5 };
			if (!text_is_token(code) ||
				(t->tasks > 0 && bytes_compare(last, code) >= 0))
				return false;
			last = code;
			t->tasks++;
		} else if (f->column[fixed] == NULL || !bytes_is(name, f->column[fixed++])) {
			return false;
		}
	}
	t->columns = fixed + t->tasks;
	return f->column[fixed] == NULL;
}

static bool check_header(struct table *t)
{
	if (table_form(t->id)->tasks_at > 0)
		return frame_header(t);
	char room[256];
	struct buf expected = { .p = room, .room = sizeof room };
	put_header(&expected, t->id, NULL, 0);
	t->columns = fixed_columns(t->id);
	return bytes_equal(t->header, buf_view(&expected));
}

static bool open_head(struct table *t, struct bytes *rest, struct err *e)
{
	const char *name = table_form(t->id)->name;
	struct bytes line;
	if (!next_line(rest, &line) || !bytes_starts(line, BYTES("blind ")) ||
		!text_hex((struct bytes){ line.p + 6, line.n - 6 }, t->blind, 32))
		return err_set(e, ERR_BAD_TABLE,
			"%s: first line: expected \"blind\" and 64 hex digits", name);
	bool form = next_line(rest, &line) && bytes_starts(line, BYTES("drawd/")) && line.n > 9 &&
		    bytes_is((struct bytes){ line.p + line.n - 3, 3 }, "/v1") &&
		    bytes_is((struct bytes){ line.p + 6, line.n - 9 }, name);
	if (!form)
		return err_set(
			e, ERR_BAD_TABLE, "%s: second line: expected drawd/%s/v1", name, name);
	if (!next_line(rest, &t->header) || !check_header(t))
		return err_set(
			e, ERR_BAD_TABLE, "%s: the header is not that of the artefact", name);
	return true;
}

bool table_open(struct table *t, enum table_id id, struct bytes all, struct err *e)
{
	struct bytes rest = all, last = { NULL, 0 };
	*t = (struct table){ .id = id, .all = all };
	if (!open_head(t, &rest, e))
		return false;
	t->rows = rest;
	while (rest.n > 0) {
		size_t len;
		if (!check_row(table_form(id), t->columns, rest, last, t->n + 1, &len, e))
			return false;
		last = (struct bytes){ rest.p, len };
		rest = (struct bytes){ rest.p + len + 1, rest.n - len - 1 };
		t->n++;
	}
	return check_far_key(t, e);
}

struct table_cursor table_rows(const struct table *t)
{
	return (struct table_cursor){ t->rows, 0 };
}

bool table_next_line(struct table_cursor *c, struct bytes *line)
{
	if (c->rest.n == 0)
		return false;
	c->row++;
	return next_line(&c->rest, line);
}

/* Values are so short that looking at each byte is faster than a call of memchr for every one. */
void table_split(const struct table *t, struct bytes line, struct bytes *field)
{
	const char *p = line.p, *end = line.p + line.n;
	for (size_t i = 0; i < t->columns; i++) {
		const char *start = p;
		while (p < end && *p != '\t')
			p++;
		field[i] = (struct bytes){ start, (size_t)(p - start) };
		p += p < end;
	}
}

bool table_next(const struct table *t, struct table_cursor *c, struct bytes *field)
{
	struct bytes line;
	if (!table_next_line(c, &line))
		return false;
	table_split(t, line, field);
	return true;
}

void table_task_codes(const struct table *t, struct bytes *code)
{
	struct bytes rest = t->header;
	bool more;
	for (size_t i = 0; i < table_form(t->id)->tasks_at; i++)
		bytes_cut(&rest, '\t', &more);
	for (size_t i = 0; i < t->tasks; i++) {
		struct bytes name = bytes_cut(&rest, '\t', &more);
		code[i] = (struct bytes){ name.p + 5, name.n - 5 };
	}
}

/* ---- writing ---- */

enum { CHUNK = 64 * 1024 };

static bool flush(struct table_writer *w, struct err *e)
{
	struct bytes chunk = buf_view(&w->chunk);
	w->chunk.n = 0;
	if (chunk.n == 0)
		return true;
	sha256_update_bytes(&w->hash, chunk);
	return w->sink.put(w->sink.ctx, chunk, e);
}

static bool codes_ok(const struct bytes *task, size_t tasks)
{
	for (size_t i = 0; i < tasks; i++)
		if (!text_is_token(task[i]) || (i > 0 && bytes_compare(task[i - 1], task[i]) >= 0))
			return false;
	return true;
}

bool table_start(struct table_writer *w, enum table_id id, const uint8_t blind[32],
	const struct bytes *task, size_t tasks, struct sink sink, struct arena *a, struct err *e)
{
	const struct table_form *f = table_form(id);
	assert(tasks == 0 || f->tasks_at > 0);
	*w = (struct table_writer){ .id = id, .columns = fixed_columns(id) + tasks, .sink = sink };
	w->chunk = buf_new(a, CHUNK + 4096);
	w->last = buf_new(a, 512);
	w->row = buf_new(a, 512);
	sha256_init(&w->hash);
	if (!codes_ok(task, tasks))
		return err_set(
			e, ERR_BAD_TABLE, "%s: task codes are not ascending tokens", f->name);
	buf_str(&w->chunk, "blind ");
	buf_hex(&w->chunk, blind, 32);
	buf_str(&w->chunk, "\ndrawd/");
	buf_str(&w->chunk, f->name);
	buf_str(&w->chunk, "/v1\n");
	put_header(&w->chunk, id, task, tasks);
	buf_byte(&w->chunk, '\n');
	return true;
}

/* Write the row in w->row, which ends in a line feed. */
static bool put_row(struct table_writer *w, struct err *e)
{
	struct bytes row = buf_view(&w->row);
	size_t len;
	if (!check_row(table_form(w->id), w->columns, row, buf_view(&w->last), w->n + 1, &len, e))
		return false;
	if (len != row.n - 1)
		return err_set(e, ERR_BAD_TABLE, "%s: row %zu: a value holds a line feed",
			table_form(w->id)->name, w->n + 1);
	w->n++;
	buf_bytes(&w->chunk, row);
	struct buf old = w->last;
	w->last = w->row;
	w->last.n = len;
	w->row = old;
	return w->chunk.n < CHUNK || flush(w, e);
}

static void join(struct buf *out, const struct bytes *field, size_t columns)
{
	for (size_t i = 0; i < columns; i++) {
		buf_bytes(out, field[i]);
		buf_byte(out, i + 1 < columns ? '\t' : '\n');
	}
}

bool table_put(struct table_writer *w, const struct bytes *field, struct err *e)
{
	w->row.n = 0;
	join(&w->row, field, w->columns);
	return put_row(w, e);
}

struct bytes table_last_row(const struct table_writer *w)
{
	return (struct bytes){ w->last.p, w->last.n + 1 };
}

bool table_end(struct table_writer *w, uint8_t hash[32], struct err *e)
{
	if (!flush(w, e))
		return false;
	sha256_final(&w->hash, hash);
	return true;
}

/* ---- rows in any order ---- */

struct table_pile table_pile_new(enum table_id id, struct arena *a)
{
	assert(table_form(id)->tasks_at == 0);
	return (struct table_pile){ .arena = a, .columns = fixed_columns(id) };
}

void table_pile_put(struct table_pile *p, const struct bytes *field)
{
	size_t room = 0;
	for (size_t i = 0; i < p->columns; i++)
		room += field[i].n + 1;
	struct buf line = buf_new(p->arena, room);
	join(&line, field, p->columns);
	if (p->n == p->room) {
		p->room = p->room == 0 ? 64 : 2 * p->room;
		struct bytes *more = arena_calloc(p->arena, p->room, sizeof *more);
		if (p->n > 0)
			memcpy(more, p->line, p->n * sizeof *more);
		p->line = more;
	}
	p->line[p->n++] = buf_view(&line);
}

bool table_pile_write(struct table_pile *p, enum table_id id, const uint8_t blind[32],
	struct sink sink, uint8_t hash[32], struct err *e)
{
	struct table_writer w;
	if (!table_start(&w, id, blind, NULL, 0, sink, p->arena, e))
		return false;
	if (p->n > 1)
		qsort(p->line, p->n, sizeof *p->line, by_bytes);
	for (size_t i = 0; i < p->n; i++) {
		w.row.n = 0;
		buf_bytes(&w.row, p->line[i]);
		if (!put_row(&w, e))
			return false;
	}
	return table_end(&w, hash, e);
}

/* ---- the documents ---- */

void table_markdown(struct buf *out)
{
	buf_str(out, "| name | columns |\n|---|---|\n");
	for (unsigned t = 0; t < TABLES; t++) {
		const struct table_form *f = &forms[t];
		buf_str(out, "| `");
		buf_str(out, f->name);
		buf_str(out, "` |");
		for (size_t i = 0; f->column[i] != NULL; i++) {
			if (f->tasks_at > 0 && i == f->tasks_at)
				buf_str(out,
					", then `task:<code>` for every task in ascending order of "
					"codes, then");
			buf_str(out, " `");
			buf_str(out, f->column[i]);
			buf_str(out, f->keys & KEY(i) ? "`*" : "`");
		}
		buf_str(out, " |\n");
	}
}
