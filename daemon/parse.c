#include "daemon/parse.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cell.h"

/* A row seen before: what it is called and what it says, as hashes. Two keys with the same 96 bits
 * do not occur (2^-49 for 20 million rows). */
struct seen {
	uint32_t key[3];
	uint32_t line; /* 0: free */
	uint32_t facts; /* of 31 bits; the lowest bit says that the key is in dispute */
};

struct parse {
	struct parse_rules rules;
	struct arena *arena;
	struct csv_reader *reader;
	struct row *row;
	struct header header;
	bool has_header;
	struct parse_totals totals;
	struct seen *seen;
	size_t seen_room, seen_n; /* room is a power of two */
};

size_t parse_facts(enum import_kind kind)
{
	static const size_t n[IMPORT_KINDS] = { ENTITY_FACTS, INSPECTOR_FACTS, RECUSAL_FACTS };
	return n[kind];
}

/* ---- rows that were there before ----------------------------------------------------------- */

enum { SEEN_START = 4096, DISPUTED = 1 };

static struct seen *find_in(struct seen *table, size_t room, const uint32_t key[3])
{
	size_t i = key[0] & (room - 1);
	while (table[i].line != 0 && memcmp(table[i].key, key, sizeof table[i].key) != 0)
		i = (i + 1) & (room - 1);
	return &table[i];
}

static void make_room(struct parse *p)
{
	size_t room = p->seen_room == 0 ? SEEN_START : 2 * p->seen_room;
	struct seen *table = calloc(room, sizeof *table);
	if (table == NULL)
		abort();
	for (size_t i = 0; i < p->seen_room; i++)
		if (p->seen[i].line != 0)
			*find_in(table, room, p->seen[i].key) = p->seen[i];
	free(p->seen);
	p->seen = table;
	p->seen_room = room;
}

/* Names of rows need no secret: whoever makes two of them collide spoils his own file. */
static void hash(struct bytes s, uint32_t out[4])
{
	static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "drawd import/v1";
	unsigned char h[crypto_shorthash_siphashx24_BYTES];
	crypto_shorthash_siphashx24(h, (const unsigned char *)s.p, s.n, key);
	memcpy(out, h, sizeof h);
}

static uint32_t hash_facts(const struct parse *p)
{
	uint32_t sum = 0, h[4];
	for (size_t i = 0; i < parse_facts(p->rules.kind); i++) {
		hash(p->row->fact[i], h);
		sum = (sum << 5 | sum >> 27) ^ h[0];
	}
	return sum & ~(uint32_t)DISPUTED;
}

/* A row whose key has been seen: the same facts are a repetition, others put the key in dispute. */
static bool dispute(struct parse *p, struct seen *first, uint32_t facts, struct err *e)
{
	struct row *row = p->row;
	const struct parse_sink *sink = &p->rules.sink;
	if ((first->facts & DISPUTED) == 0 && first->facts == facts) {
		row_fail(row, "", ERR_DUPLICATE_ROW, row->fact[0], "= %u", first->line);
		return true;
	}
	row_fail(row, "", ERR_DUPLICATE_DIFFERS, row->fact[0], "≠ %u", first->line);
	if ((first->facts & DISPUTED) != 0)
		return true;
	first->facts |= DISPUTED;
	p->totals.good--;
	p->totals.bad++;
	struct bytes other = row_printf(row, "≠ %llu", (unsigned long long)row->line);
	struct row_note note = { ERR_DUPLICATE_DIFFERS, false, "", row->fact[0], other };
	return sink->withdraw(sink->ctx, first->line, row->fact[0], e) &&
	       sink->note(sink->ctx, first->line, &note, e);
}

static bool remember(struct parse *p, struct err *e)
{
	uint32_t h[4], facts = hash_facts(p);
	hash(p->row->fact[0], h);
	if (4 * p->seen_n >= 3 * p->seen_room)
		make_room(p);
	struct seen *at = find_in(p->seen, p->seen_room, h);
	if (at->line != 0)
		return dispute(p, at, facts, e);
	memcpy(at->key, h, sizeof at->key);
	at->line = (uint32_t)p->row->line;
	at->facts = facts;
	p->seen_n++;
	return true;
}

/* ---- rows -------------------------------------------------------------------------------- */

static bool hand_over(struct parse *p, struct err *e)
{
	const struct parse_sink *sink = &p->rules.sink;
	const struct row *row = p->row;
	struct parse_totals *t = &p->totals;
	t->rows++;
	t->good += !row->bad;
	t->bad += row->bad;
	t->warned += !row->bad && row->notes > 0;
	for (unsigned i = 0; i < DERIVED_KINDS && !row->bad; i++)
		t->derived[i] += (row->derived >> i) & 1;
	for (size_t i = 0; i < row->notes; i++)
		if (!sink->note(sink->ctx, row->line, &row->note[i], e))
			return false;
	return row->bad || sink->row(sink->ctx, row, e);
}

static void fail_record(struct parse *p, const struct csv_record *record)
{
	bool line = record->fault == ERR_UNCLOSED_QUOTE || record->fault == ERR_ROW_TOO_LONG;
	const struct column *c = !line && record->fault_field < p->header.n
					 ? p->header.column[record->fault_field]
					 : NULL;
	row_fail(p->row, c != NULL ? c->name : "", record->fault,
		record->field[record->fault_field], "%s", "");
}

static bool is_empty(const struct csv_record *record)
{
	for (size_t i = 0; i < record->n && i < CSV_FIELDS_MAX; i++)
		if (cell_trim(record->field[i]).n > 0)
			return false;
	return record->n > 0;
}

static void read_cells(struct parse *p, const struct csv_record *record)
{
	const struct header *h = &p->header;
	for (size_t i = 0; i < ROW_FACTS; i++)
		if (h->said[i])
			p->row->fact[i] = BYTES("");
	for (size_t i = 0; i < h->n; i++) {
		const struct column *c = h->column[i];
		struct bytes v = cell_trim(record->field[i]);
		size_t before = h->earlier[i];
		while (before > 0 && cell_trim(record->field[before - 1]).n == 0)
			before = h->earlier[before - 1];
		if (c != NULL && c->check != NULL && v.n > 0 && before == 0)
			c->check(p->row, c, v);
	}
}

static bool on_row(struct parse *p, const struct csv_record *record, struct err *e)
{
	struct row *row = p->row;
	if (p->totals.rows >= p->rules.rows_max || record->line > UINT32_MAX)
		return err_set(
			e, ERR_TOO_MANY_ROWS, "> %llu", (unsigned long long)p->rules.rows_max);
	row_start(row, record->line);
	if (record->fault != ERR_NONE) {
		fail_record(p, record);
		return hand_over(p, e);
	}
	if (record->n != p->header.n) {
		row_fail(row, "", ERR_COLUMN_COUNT, record->field[0], "%zu ≠ %zu", record->n,
			p->header.n);
		return hand_over(p, e);
	}
	read_cells(p, record);
	row_finish(row, p->rules.kind);
	return (row->bad || remember(p, e)) && hand_over(p, e);
}

static bool on_record(void *ctx, const struct csv_record *record, struct err *e)
{
	struct parse *p = ctx;
	if (record->fault == ERR_NONE && is_empty(record))
		return true;
	if (p->has_header)
		return on_row(p, record, e);
	if (record->fault != ERR_NONE)
		return err_set(e, record->fault == ERR_BAD_UTF8 ? ERR_BAD_ENCODING : ERR_NO_COLUMN,
			"line %llu: %s", (unsigned long long)record->line,
			err_row(record->fault)->name);
	p->has_header = true;
	return header_read(&p->header, p->rules.kind, record, p->arena, e);
}

static bool knows(const void *ctx, struct bytes name)
{
	const struct parse *p = ctx;
	return column_find(p->rules.kind, name) != NULL;
}

struct parse *parse_new(struct arena *a, const struct parse_rules *rules)
{
	struct parse *p = arena_calloc(a, 1, sizeof *p);
	struct csv_rules csv = { .row_max = rules->row_max,
		.knows = knows,
		.knows_ctx = p,
		.each = on_record,
		.ctx = p };
	p->rules = *rules;
	p->arena = a;
	/* room for every text of a row twice, its notes and its labels */
	size_t labels = rules->labels != NULL ? label_rules_count(rules->labels) : 0;
	p->row = row_new(a, 3 * rules->row_max + ROW_NOTES * 1024 + 33 * labels + 4096);
	p->row->labels = rules->labels;
	p->row->departments = rules->departments;
	p->row->given = rules->given;
	p->reader = csv_reader_new(&csv);
	return p;
}

void parse_free(struct parse *p)
{
	csv_reader_free(p->reader);
	free(p->seen);
}

bool parse_put(struct parse *p, struct bytes chunk, struct err *e)
{
	return csv_reader_put(p->reader, chunk, e);
}

bool parse_end(struct parse *p, struct parse_totals *totals, struct err *e)
{
	if (!csv_reader_end(p->reader, e))
		return false;
	if (p->totals.rows == 0)
		return err_set(e, ERR_EMPTY_FILE, "%s", "");
	p->totals.encoding = csv_encoding_name(csv_reader_encoding(p->reader));
	p->totals.unknown = p->header.unknown;
	*totals = p->totals;
	return true;
}
