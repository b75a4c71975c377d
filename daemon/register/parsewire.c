#include "daemon/register/parsewire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	TYPE_ROW = 'R',
	TYPE_NOTE = 'N',
	TYPE_WITHDRAW = 'W',
	TYPE_REFUSED = 'K',
	TYPE_HEADER = 'H',
	TYPE_CLUE = 'C',
	TYPE_ECHO = 'E',
	TYPE_PROGRESS = 'P',
	TYPE_TOTALS = 'T',
	TYPE_REFUSAL = 'F'
};
enum { HEAD = 5 };
#define UNSAID UINT32_MAX /* for the length of a fact */

size_t wire_message_max(size_t row_max)
{
	/* a byte that is no text takes four; notes, and lengths of all fields, take the rest */
	return 4 * row_max + 131072;
}

/* ---- writing ----------------------------------------------------------------------------- */

void wire_open(struct wire_out *w, int fd, size_t message_max, struct arena *a)
{
	w->fd = fd;
	w->n = 0;
	w->room = WIRE_BUFFER + message_max;
	w->p = arena_alloc(a, w->room);
}

static bool flush(struct wire_out *w, struct err *e)
{
	size_t done = 0;
	while (done < w->n) {
		ssize_t n = write(w->fd, w->p + done, w->n - done);
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_PARSER, "write: %s", strerror(errno));
		done += n > 0 ? (size_t)n : 0;
	}
	w->n = 0;
	return true;
}

static void put(struct wire_out *w, const void *p, size_t n)
{
	if (n > w->room - w->n)
		abort(); /* wire_open was told a smaller message */
	if (n > 0)
		memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void put_be(struct wire_out *w, uint64_t v, size_t n)
{
	uint8_t b[8];
	for (size_t i = 0; i < n; i++)
		b[i] = (uint8_t)(v >> 8 * (n - 1 - i));
	put(w, b, n);
}

static void put_text(struct wire_out *w, struct bytes s)
{
	put_be(w, s.n, 4);
	put(w, s.p, s.n);
}

/* A text, or nothing said. */
static void put_fact(struct wire_out *w, struct bytes s)
{
	if (s.p == NULL)
		put_be(w, UNSAID, 4);
	else
		put_text(w, s);
}

static size_t start(struct wire_out *w, char type)
{
	size_t at = w->n;
	put_be(w, 0, 4);
	put(w, &type, 1);
	return at;
}

static bool end(struct wire_out *w, size_t at, struct err *e)
{
	size_t n = w->n, size = n - at - 4;
	w->n = at;
	put_be(w, size, 4);
	w->n = n;
	return n < WIRE_BUFFER || flush(w, e);
}

static bool put_row(void *ctx, const struct row *row, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_ROW);
	put_be(w, row->line, 8);
	for (size_t i = 0; i < registers[row->id].facts; i++)
		put_fact(w, row->fact[i]);
	return end(w, at, e);
}

static bool put_note(void *ctx, uint64_t line, const struct row_note *note, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_NOTE);
	put_be(w, line, 8);
	put_be(w, (uint64_t)note->severity, 8);
	put_text(w, bytes_of(err_row(note->code)->name));
	put_text(w, bytes_of(note->column));
	put_text(w, note->value);
	put_text(w, note->detail);
	return end(w, at, e);
}

static bool put_key(struct wire_out *w, char type, uint64_t line, struct bytes key, struct err *e)
{
	size_t at = start(w, type);
	put_be(w, line, 8);
	put_text(w, key);
	return end(w, at, e);
}

static bool put_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	return put_key(ctx, TYPE_WITHDRAW, line, key, e);
}

static bool put_refused(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	return put_key(ctx, TYPE_REFUSED, line, key, e);
}

static bool put_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_HEADER);
	put_be(w, field, 8);
	put_text(w, name);
	put_text(w, column);
	put_text(w, bytes_of(how));
	return end(w, at, e);
}

static bool put_clue(
	void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_CLUE);
	put_be(w, line, 8);
	put_text(w, name);
	put_text(w, reg_no);
	return end(w, at, e);
}

static bool put_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_ECHO);
	put_be(w, line, 8);
	put_be(w, n, 8);
	for (size_t i = 0; i < n; i++) {
		uint8_t one = type != NULL ? type[i] : FIELD_TEXT;
		put(w, &one, 1);
		put_text(w, field[i]);
	}
	return end(w, at, e);
}

/* Told at once: it is told so that somebody may see it. */
static bool put_progress(void *ctx, uint64_t done, uint64_t all, struct err *e)
{
	struct wire_out *w = ctx;
	size_t at = start(w, TYPE_PROGRESS);
	put_be(w, done, 8);
	put_be(w, all, 8);
	return end(w, at, e) && flush(w, e);
}

struct parse_sink wire_sink(struct wire_out *w)
{
	return (struct parse_sink){ .ctx = w,
		.header = put_header,
		.row = put_row,
		.clue = put_clue,
		.note = put_note,
		.withdraw = put_withdraw,
		.refused = put_refused,
		.echo = put_echo,
		.progress = put_progress };
}

bool wire_totals(struct wire_out *w, const struct parse_totals *t, struct err *e)
{
	size_t at = start(w, TYPE_TOTALS);
	put_be(w, t->rows, 8);
	put_be(w, t->accepted, 8);
	put_be(w, t->refused, 8);
	put_be(w, t->repaired, 8);
	put_be(w, t->remarked, 8);
	for (size_t i = 0; i < DERIVED_KINDS; i++)
		put_be(w, t->derived[i], 8);
	put_be(w, t->header_line, 8);
	put_text(w, bytes_of(t->encoding));
	put_text(w, t->unknown);
	put_text(w, t->sheet);
	put_text(w, t->unread);
	return end(w, at, e) && flush(w, e);
}

bool wire_refusal(struct wire_out *w, const struct err *why, struct err *e)
{
	size_t at = start(w, TYPE_REFUSAL);
	put_text(w, bytes_of(err_row(why->code)->name));
	put_text(w, bytes_of(why->where));
	put_text(w, bytes_of(why->what));
	return end(w, at, e) && flush(w, e);
}

/* ---- reading ----------------------------------------------------------------------------- */

/* Reads off a payload; bad once something was missing. */
struct cursor {
	struct bytes rest;
	bool bad;
};

static struct bytes get(struct cursor *c, size_t n)
{
	c->bad = c->bad || n > c->rest.n;
	if (c->bad)
		return (struct bytes){ "", 0 };
	struct bytes out = { c->rest.p, n };
	c->rest = (struct bytes){ c->rest.p + n, c->rest.n - n };
	return out;
}

static uint64_t get_be(struct cursor *c, size_t n)
{
	struct bytes b = get(c, n);
	uint64_t v = 0;
	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | (uint8_t)b.p[i];
	return v;
}

/* Without NUL. That it is UTF-8 the database sees to. */
static struct bytes get_text_of(struct cursor *c, size_t n)
{
	struct bytes s = get(c, n);
	c->bad = c->bad || memchr(s.p, '\0', s.n) != NULL;
	return s;
}

static struct bytes get_text(struct cursor *c)
{
	return get_text_of(c, get_be(c, 4));
}

static struct bytes get_fact(struct cursor *c)
{
	size_t n = get_be(c, 4);
	return n == UNSAID ? row_unsaid : get_text_of(c, n);
}

static enum err_code code_of(struct cursor *c)
{
	struct bytes name = get_text(c);
	for (unsigned i = ERR_NONE + 1; i < ERR_COUNT; i++)
		if (bytes_is(name, err_row((enum err_code)i)->name))
			return (enum err_code)i;
	c->bad = true;
	return ERR_PARSER;
}

static bool foul(struct err *e, const char *what)
{
	return err_set(e, ERR_PARSER, "message: %s", what);
}

static bool take_row(struct wire_in *w, struct cursor *c, struct err *e)
{
	struct bytes fact[FACTS_MAX] = { 0 };
	uint64_t line = get_be(c, 8);
	for (size_t i = 0; i < registers[w->kind].facts; i++)
		fact[i] = get_fact(c);
	if (c->bad || c->rest.n > 0 || w->row == NULL)
		return foul(e, "row");
	return w->row(w->ctx, line, fact, e);
}

static bool take_note(struct wire_in *w, struct cursor *c, struct err *e)
{
	struct wire_note note = { .line = get_be(c, 8) };
	uint64_t severity = get_be(c, 8);
	c->bad = c->bad || severity >= ROW_SEVERITIES;
	note.severity = c->bad ? ROW_ERROR : (enum row_severity)severity;
	note.code = code_of(c);
	note.column = get_text(c);
	note.value = get_text(c);
	note.detail = get_text(c);
	if (c->bad || c->rest.n > 0 || w->note == NULL)
		return foul(e, "note");
	return w->note(w->ctx, &note, e);
}

static bool take_withdraw(struct wire_in *w, struct cursor *c, struct err *e)
{
	uint64_t line = get_be(c, 8);
	struct bytes key = get_text(c);
	if (c->bad || c->rest.n > 0 || w->withdraw == NULL)
		return foul(e, "withdraw");
	return w->withdraw(w->ctx, line, key, e);
}

static bool take_refused(struct wire_in *w, struct cursor *c, struct err *e)
{
	uint64_t line = get_be(c, 8);
	struct bytes key = get_text(c);
	if (c->bad || c->rest.n > 0 || w->refused == NULL)
		return foul(e, "refused");
	return w->refused(w->ctx, line, key, e);
}

static bool take_header(struct wire_in *w, struct cursor *c, struct err *e)
{
	static const char *const hows[] = { "given", "saved", "automatic", "unknown" };
	size_t field = get_be(c, 8), i = 0;
	struct bytes name = get_text(c), column = get_text(c), how = get_text(c);
	while (i < sizeof hows / sizeof *hows && !bytes_is(how, hows[i]))
		i++;
	if (c->bad || c->rest.n > 0 || i == sizeof hows / sizeof *hows || field >= RAW_FIELDS_MAX ||
		w->header == NULL || (column.n > 0 && column_find(w->kind, column) == NULL))
		return foul(e, "header");
	return w->header(w->ctx, field, name, column, hows[i], e);
}

static bool take_clue(struct wire_in *w, struct cursor *c, struct err *e)
{
	uint64_t line = get_be(c, 8);
	struct bytes name = get_text(c), reg_no = get_text(c);
	if (c->bad || c->rest.n > 0 || w->clue == NULL)
		return foul(e, "clue");
	return w->clue(w->ctx, line, name, reg_no, e);
}

static bool take_echo(struct wire_in *w, struct cursor *c, struct err *e)
{
	struct bytes field[RAW_FIELDS_MAX];
	uint8_t type[RAW_FIELDS_MAX];
	uint64_t line = get_be(c, 8);
	size_t n = get_be(c, 8);
	if (n > RAW_FIELDS_MAX || w->echo == NULL)
		return foul(e, "echo");
	for (size_t i = 0; i < n; i++) {
		type[i] = (uint8_t)get_be(c, 1);
		c->bad = c->bad || type[i] >= FIELD_TYPES;
		field[i] = get_text(c);
	}
	if (c->bad || c->rest.n > 0)
		return foul(e, "echo");
	return w->echo(w->ctx, line, field, type, n, e);
}

static bool take_progress(struct wire_in *w, struct cursor *c, struct err *e)
{
	uint64_t done = get_be(c, 8), all = get_be(c, 8);
	if (c->bad || c->rest.n > 0 || done > all)
		return foul(e, "progress");
	return w->progress == NULL || w->progress(w->ctx, done, all, e);
}

static struct bytes kept(struct wire_in *w, struct bytes s)
{
	return (struct bytes){ arena_strndup(w->arena, s.p, s.n), s.n };
}

static bool take_totals(struct wire_in *w, struct cursor *c, struct err *e)
{
	struct parse_totals *t = &w->totals;
	t->rows = get_be(c, 8);
	t->accepted = get_be(c, 8);
	t->refused = get_be(c, 8);
	t->repaired = get_be(c, 8);
	t->remarked = get_be(c, 8);
	for (size_t i = 0; i < DERIVED_KINDS; i++)
		t->derived[i] = get_be(c, 8);
	t->header_line = get_be(c, 8);
	struct bytes encoding = get_text(c), unknown = get_text(c);
	struct bytes sheet = get_text(c), unread = get_text(c);
	if (c->bad || c->rest.n > 0)
		return foul(e, "totals");
	t->encoding = kept(w, encoding).p;
	t->unknown = kept(w, unknown);
	t->sheet = kept(w, sheet);
	t->unread = kept(w, unread);
	w->ended = true;
	return true;
}

static bool take_refusal(struct wire_in *w, struct cursor *c, struct err *e)
{
	enum err_code code = code_of(c);
	struct bytes where = get_text(c), what = get_text(c);
	w->ended = true;
	if (c->bad)
		return foul(e, "refusal");
	err_set(e, code, "%.*s", BYTES_ARG(what));
	return where.n > 0 ? err_at(e, "%.*s", BYTES_ARG(where)) : false;
}

static bool take(struct wire_in *w, char type, struct cursor *c, struct err *e)
{
	static const struct {
		char type;
		bool (*take)(struct wire_in *w, struct cursor *c, struct err *e);
	} types[] = { { TYPE_ROW, take_row }, { TYPE_NOTE, take_note },
		{ TYPE_WITHDRAW, take_withdraw }, { TYPE_REFUSED, take_refused },
		{ TYPE_HEADER, take_header }, { TYPE_CLUE, take_clue }, { TYPE_ECHO, take_echo },
		{ TYPE_PROGRESS, take_progress }, { TYPE_TOTALS, take_totals },
		{ TYPE_REFUSAL, take_refusal } };
	for (size_t i = 0; i < sizeof types / sizeof *types && !w->ended; i++)
		if (types[i].type == type)
			return types[i].take(w, c, e);
	return foul(e, "type");
}

/* All whole messages in `all`; *used bytes of it. */
static bool take_whole(struct wire_in *w, struct bytes all, size_t *used, struct err *e)
{
	*used = 0;
	while (all.n - *used >= HEAD) {
		struct cursor c = { { all.p + *used, all.n - *used }, false };
		size_t size = get_be(&c, 4);
		if (size == 0 || size > w->message_max)
			return foul(e, "length");
		if (c.rest.n < size)
			return true;
		struct cursor payload = { { c.rest.p + 1, size - 1 }, false };
		if (!take(w, c.rest.p[0], &payload, e))
			return false;
		*used += 4 + size;
	}
	return true;
}

bool wire_take(struct wire_in *w, struct bytes chunk, struct err *e)
{
	size_t used;
	if (w->n + chunk.n > w->room) {
		size_t room = 2 * (w->n + chunk.n);
		char *p = realloc(w->p, room);
		if (p == NULL)
			abort();
		w->p = p;
		w->room = room;
	}
	if (chunk.n > 0)
		memcpy(w->p + w->n, chunk.p, chunk.n);
	w->n += chunk.n;
	if (!take_whole(w, (struct bytes){ w->p, w->n }, &used, e))
		return false;
	memmove(w->p, w->p + used, w->n - used);
	w->n -= used;
	return true;
}

void wire_close(struct wire_in *w)
{
	free(w->p);
	w->p = NULL;
	w->n = w->room = 0;
}
