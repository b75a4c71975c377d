#include "sampler/frame.h"

#include <assert.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/merkle.h"
#include "sampler/type.h"

#define WORD(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static const struct bytes code_names[FRAME_CODES] = {
	[CODE_A] = WORD("A"),
	[CODE_B] = WORD("B"),
	[CODE_C] = WORD("C"),
	[CODE_D] = WORD("D"),
	[CODE_U] = WORD("U"),
	[CODE_TYPE] = WORD("type"),
	[CODE_REMIT] = WORD("remit"),
	[CODE_CLOSED] = WORD("closed"),
	[CODE_TOLERANCE] = WORD("tolerance"),
	[CODE_OBSERVATION] = WORD("observation"),
	[CODE_CHECKED] = WORD("checked"),
};

/* As bytes_equal; most words that differ do so in length or in the first byte. */
static bool is_word(struct bytes v, struct bytes word)
{
	return v.n == word.n &&
	       (v.n == 0 || (v.p[0] == word.p[0] && memcmp(v.p, word.p, v.n) == 0));
}

const char *frame_code_name(enum frame_code c)
{
	assert(c < FRAME_CODES);
	return code_names[c].p;
}

bool frame_code_of(struct bytes name, enum frame_code *out)
{
	for (unsigned c = 0; c < FRAME_CODES; c++)
		if (is_word(name, code_names[c])) {
			*out = (enum frame_code)c;
			return true;
		}
	return false;
}

/* ---- the facts ---- */

static bool one_of(struct bytes v, const struct bytes *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_word(v, words[i]))
			return true;
	return false;
}

static bool is_kind(struct bytes v)
{
	static const struct bytes words[] = { WORD(""), WORD("enterprise"), WORD("individual"),
		WORD("cooperative"), WORD("office"), WORD("other") };
	return one_of(v, words, sizeof words / sizeof *words);
}

static bool is_industry(struct bytes v)
{
	if (v.n == 0)
		return true;
	return v.p[0] >= 'A' && v.p[0] <= 'T' && (v.n == 1 || (v.n >= 3 && v.n <= 5)) &&
	       text_all_digits((struct bytes){ v.p + 1, v.n - 1 });
}

static bool is_region(struct bytes v)
{
	return (v.n == 0 || v.n == 6 || v.n == 9 || v.n == 12) && text_all_digits(v);
}

static bool is_date(struct bytes v)
{
	int y, m, d;
	return v.n == 0 || type_date(v, &y, &m, &d);
}

static bool is_status(struct bytes v)
{
	static const struct bytes words[] = { WORD(""), WORD("open"), WORD("cancelled"),
		WORD("revoked"), WORD("moved"), WORD("suspended") };
	return one_of(v, words, sizeof words / sizeof *words);
}

static bool is_class(struct bytes v)
{
	return v.n == 0 || (v.n == 1 && v.p[0] >= 'A' && v.p[0] <= 'D');
}

static bool is_labels(struct bytes v)
{
	return type_is_list(v, text_is_token);
}

static bool is_past_check(struct bytes v)
{
	bool more;
	struct bytes item = bytes_cut(&v, '=', &more);
	return more && v.n > 0 && (bytes_is(item, "*") || text_is_token(item)) && is_date(v);
}

static bool is_checked(struct bytes v)
{
	return type_is_list(v, is_past_check);
}

static bool (*const fact_check[FRAME_FACTS])(struct bytes v) = {
	[FACT_OBJECT] = text_is_object_id,
	[FACT_ENTITY] = text_is_object_id,
	[FACT_KIND] = is_kind,
	[FACT_INDUSTRY] = is_industry,
	[FACT_REGION] = is_region,
	[FACT_ESTABLISHED] = is_date,
	[FACT_STATUS] = is_status,
	[FACT_SINCE] = is_date,
	[FACT_CLASS] = is_class,
	[FACT_LABELS] = is_labels,
	[FACT_CHECKED] = is_checked,
};

bool frame_fact_check(enum frame_fact f, struct bytes v)
{
	assert(f < FRAME_FACTS);
	return fact_check[f](v);
}

bool frame_facts_check(const struct bytes fact[FRAME_FACTS], struct err *e)
{
	for (unsigned i = 0; i < FRAME_FACTS; i++)
		if (!fact_check[i](fact[i]))
			return err_set(e, i == FACT_OBJECT ? ERR_BAD_OBJECT : ERR_BAD_FRAME,
				"%s \"%.*s\"", table_form(TABLE_FRAME)->column[i],
				BYTES_ARG(type_shown(fact[i])));
	return true;
}

/* ---- universe ---- */

void frame_universe_start(struct frame_universe *u)
{
	const struct table_form *f = table_form(TABLE_FRAME);
	struct bytes column[FRAME_FACTS];
	for (size_t i = 0; i < FRAME_FACTS; i++)
		column[i] = bytes_of(f->column[i]);
	sha256_init(&u->hash);
	sha256_update_bytes(&u->hash, BYTES("drawd/universe/v1\n"));
	frame_universe_put(u, column);
}

void frame_universe_put(struct frame_universe *u, const struct bytes fact[FRAME_FACTS])
{
	for (size_t i = 0; i < FRAME_FACTS; i++) {
		sha256_update_bytes(&u->hash, fact[i]);
		sha256_update(&u->hash, i + 1 < FRAME_FACTS ? "\t" : "\n", 1);
	}
}

void frame_universe_line(struct frame_universe *u, struct bytes facts)
{
	sha256_update_bytes(&u->hash, facts);
	sha256_update(&u->hash, "\n", 1);
}

void frame_universe_end(struct frame_universe *u, uint8_t out[32])
{
	sha256_final(&u->hash, out);
}

/* ---- loading ---- */

/* Rows whose leaves are hashed together. */
enum { BATCH = 512 };

/* What is filled while the rows go by. */
struct load {
	struct frame *f;
	struct bytes *field;
	uint8_t *code;
	uint64_t *count, *block;
	uint32_t *offset;
	struct frame_universe universe;
	struct merkle tree;
	struct bytes row[BATCH]; /* not yet in the tree */
	size_t rows;
};

static bool load_codes(struct load *l, size_t i, struct err *e)
{
	size_t tasks = l->f->tasks, block = i / FRAME_BLOCK, j = i % FRAME_BLOCK;
	uint8_t *code = l->code + block * tasks * (FRAME_BLOCK / 2) + j / 2;
	for (size_t t = 0; t < tasks; t++, code += FRAME_BLOCK / 2) {
		struct bytes v = l->field[FRAME_FACTS + t];
		enum frame_code c;
		if (!frame_code_of(v, &c))
			return err_set(e, ERR_BAD_FRAME,
				"task:%.*s \"%.*s\": no stratum and no code",
				BYTES_ARG(l->f->task[t]), BYTES_ARG(type_shown(v)));
		*code |= (uint8_t)(c << 4 * (j % 2));
		l->count[t * FRAME_CODES + c]++;
	}
	return true;
}

static bool load_tail(struct load *l, struct err *e)
{
	const struct bytes *tail = l->field + FRAME_FACTS + l->f->tasks;
	uint64_t weight;
	uint8_t salt[16];
	if (!text_u64(tail[0], 65535, &weight) || weight == 0)
		return err_set(e, ERR_BAD_FRAME, "weight \"%.*s\": 1-65535",
			BYTES_ARG(type_shown(tail[0])));
	if (!text_hex(tail[1], salt, sizeof salt))
		return err_set(e, ERR_BAD_FRAME, "salt \"%.*s\": 32 hex digits",
			BYTES_ARG(type_shown(tail[1])));
	l->f->weighted |= weight != 1;
	return true;
}

static bool load_place(struct load *l, size_t i, const char *row, struct err *e)
{
	uint64_t at = (uint64_t)(row - l->f->table.rows.p);
	if (i % FRAME_BLOCK == 0)
		l->block[i / FRAME_BLOCK] = at;
	uint64_t offset = at - l->block[i / FRAME_BLOCK];
	if (offset > UINT32_MAX)
		return err_set(e, ERR_BAD_FRAME, "rows longer than this program can hold");
	l->offset[i] = (uint32_t)offset;
	return true;
}

static void load_leaves(struct load *l)
{
	struct hash leaf[BATCH];
	merkle_leaves(l->row, l->rows, leaf);
	merkle_append_all(&l->tree, leaf, l->rows);
	l->rows = 0;
}

static bool load_row(struct load *l, size_t i, struct bytes line, struct err *e)
{
	const struct bytes *last = &l->field[FRAME_FACTS - 1];
	table_split(&l->f->table, line, l->field);
	if (!load_place(l, i, line.p, e) || !frame_facts_check(l->field, e) ||
		!load_codes(l, i, e) || !load_tail(l, e))
		return false;
	frame_universe_line(
		&l->universe, (struct bytes){ line.p, (size_t)(last->p + last->n - line.p) });
	l->row[l->rows++] = (struct bytes){ line.p, line.n + 1 };
	if (l->rows == BATCH)
		load_leaves(l);
	return true;
}

static void load_prepare(struct load *l, struct arena *a)
{
	struct frame *f = l->f;
	struct bytes *task = arena_calloc(a, f->tasks + 1, sizeof *task);
	size_t blocks = f->n / FRAME_BLOCK + 1;
	table_task_codes(&f->table, task);
	f->task = task;
	f->code = l->code = arena_calloc(a, blocks * f->tasks + 1, FRAME_BLOCK / 2);
	f->count = l->count = arena_calloc(a, f->tasks + 1, FRAME_CODES * sizeof *l->count);
	f->block = l->block = arena_calloc(a, blocks, sizeof *l->block);
	f->offset = l->offset = arena_calloc(a, f->n + 1, sizeof *l->offset);
	frame_universe_start(&l->universe);
	merkle_init(&l->tree);
}

static bool load_rows(struct load *l, struct err *e)
{
	struct table_cursor c = table_rows(&l->f->table);
	struct bytes line;
	while (table_next_line(&c, &line))
		if (!load_row(l, c.row - 1, line, e))
			return err_at(e, "frame: row %zu", c.row);
	load_leaves(l);
	return true;
}

bool frame_load(struct frame *f, const struct table *t, struct arena *a, struct err *e)
{
	assert(t->id == TABLE_FRAME);
	*f = (struct frame){ .table = *t, .n = t->n, .tasks = t->tasks };
	if (t->n > UINT32_MAX || t->tasks > UINT16_MAX)
		return err_set(e, ERR_BAD_FRAME,
			"%zu objects, %zu tasks: more than this program holds", t->n, t->tasks);
	ARENA_AUTO scratch = arena_new();
	struct load *l = arena_calloc(scratch, 1, sizeof *l);
	l->f = f;
	l->field = arena_calloc(scratch, t->columns, sizeof *l->field);
	load_prepare(l, a);
	if (!load_rows(l, e))
		return false;
	struct hash root;
	merkle_root(&l->tree, &root);
	memcpy(f->root, root.b, sizeof f->root);
	frame_universe_end(&l->universe, f->universe);
	return true;
}

/* ---- reading ---- */

static const char *row_at(const struct frame *f, size_t i)
{
	return f->table.rows.p + f->block[i / FRAME_BLOCK] + f->offset[i];
}

static struct bytes up_to(const struct frame *f, size_t i, char end)
{
	const char *row = row_at(f, i), *all = f->table.rows.p + f->table.rows.n;
	const char *stop = memchr(row, end, (size_t)(all - row));
	return (struct bytes){ row, (size_t)((stop != NULL ? stop : all) - row) };
}

size_t frame_objects(const struct frame *f, size_t first, size_t n, struct bytes *object)
{
	enum { AHEAD = 16 };
	if (n > f->n - first)
		n = f->n - first;
	for (size_t j = 0; j < n; j++) {
		if (first + j + AHEAD < f->n)
			__builtin_prefetch(row_at(f, first + j + AHEAD));
		object[j] = frame_object(f, first + j);
	}
	return n;
}

struct bytes frame_line(const struct frame *f, size_t i)
{
	assert(i < f->n);
	return up_to(f, i, '\n');
}

struct bytes frame_object(const struct frame *f, size_t i)
{
	assert(i < f->n);
	return up_to(f, i, '\t');
}

void frame_facts(const struct frame *f, size_t i, struct bytes fact[FRAME_FACTS])
{
	struct bytes line = frame_line(f, i);
	bool more;
	for (size_t k = 0; k < FRAME_FACTS; k++)
		fact[k] = bytes_cut(&line, '\t', &more);
}

bool frame_find(const struct frame *f, struct bytes object, size_t *i)
{
	size_t low = 0, high = f->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = bytes_compare(frame_object(f, mid), object);
		if (c == 0) {
			*i = mid;
			return true;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}
