#include "sampler/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/frame_groups.h"
#include "sampler/merkle.h"
#include "sampler/type.h"

/* ---- loading ---- */

/* Rows whose leaves are hashed together. */
enum { BATCH = 512 };

/* The exclusion codes as they come, and how often each stands in each task. */
struct codes {
	size_t n;
	struct bytes code[EXCLUSIONS_MAX];
	uint64_t *count; /* [task*EXCLUSIONS_MAX + code] */
	uint8_t *last; /* by task: what stood there last, and mostly stands there again */
};
_Static_assert(EXCLUSIONS_MAX <= UINT8_MAX, "a byte names a code");

/* What is filled while the rows go by. */
struct load {
	struct frame *f;
	struct bytes *field;
	uint8_t *cell;
	uint64_t *population, *block, *special;
	uint32_t *offset;
	struct codes out;
	struct frame_universe universe;
	struct merkle tree;
	struct bytes row[BATCH]; /* not yet in the tree */
	size_t rows;
};

/* The place of a code among those that have come; n where there is no room for it. */
static size_t code_place(struct codes *c, struct bytes code)
{
	size_t i = 0;
	while (i < c->n && !bytes_equal(c->code[i], code))
		i++;
	if (i == c->n && c->n < EXCLUSIONS_MAX)
		c->code[c->n++] = code;
	return i;
}

static bool count_code(struct codes *c, size_t task, struct bytes code)
{
	size_t i = c->last[task];
	if (i >= c->n || !bytes_equal(c->code[i], code)) {
		if (!frame_is_exclusion(code) || (i = code_place(c, code)) == EXCLUSIONS_MAX)
			return false;
		c->last[task] = (uint8_t)i;
	}
	c->count[task * EXCLUSIONS_MAX + i]++;
	return true;
}

static bool load_cells(struct load *l, size_t i, struct err *e)
{
	size_t tasks = l->f->tasks, block = i / FRAME_BLOCK, j = i % FRAME_BLOCK;
	uint8_t *cell = l->cell + block * tasks * (FRAME_BLOCK / 2) + j / 2;
	for (size_t t = 0; t < tasks; t++, cell += FRAME_BLOCK / 2) {
		struct bytes v = l->field[FRAME_FACTS + t];
		enum stratum s = STRATUM_OUT;
		if (stratum_of(v, &s))
			l->population[t * FRAME_STRATA + s]++;
		else if (!count_code(&l->out, t, v))
			return err_set(e, ERR_BAD_FRAME,
				"task:%.*s \"%.*s\": no stratum and no code",
				BYTES_ARG(l->f->task[t]), BYTES_ARG(type_shown(v)));
		*cell |= (uint8_t)(s << 4 * (j % 2));
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
		!load_cells(l, i, e) || !load_tail(l, e))
		return false;
	if (!bytes_equal(l->field[FACT_OBJECT], l->field[FACT_ENTITY]))
		l->special[i / 64] |= UINT64_C(1) << i % 64;
	frame_universe_line(
		&l->universe, (struct bytes){ line.p, (size_t)(last->p + last->n - line.p) });
	l->row[l->rows++] = (struct bytes){ line.p, line.n + 1 };
	if (l->rows == BATCH)
		load_leaves(l);
	return true;
}

static void load_prepare(struct load *l, struct arena *a, struct arena *scratch)
{
	struct frame *f = l->f;
	struct bytes *task = arena_calloc(a, f->tasks + 1, sizeof *task);
	size_t blocks = f->n / FRAME_BLOCK + 1;
	table_task_codes(&f->table, task);
	f->task = task;
	f->cell = l->cell = arena_calloc(a, blocks * f->tasks + 1, FRAME_BLOCK / 2);
	f->block = l->block = arena_calloc(a, blocks, sizeof *l->block);
	f->offset = l->offset = arena_calloc(a, f->n + 1, sizeof *l->offset);
	f->special = l->special = arena_calloc(a, f->n / 64 + 1, sizeof *l->special);
	l->population = arena_calloc(a, f->tasks + 1, FRAME_STRATA * sizeof *l->population);
	l->field = arena_calloc(scratch, f->table.columns, sizeof *l->field);
	l->out.count = arena_calloc(scratch, f->tasks + 1, EXCLUSIONS_MAX * sizeof *l->out.count);
	l->out.last = arena_calloc(scratch, f->tasks + 1, 1);
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

static int compare_code(const void *a, const void *b)
{
	return bytes_compare(**(const struct bytes *const *)a, **(const struct bytes *const *)b);
}

/* The codes that came, ascending, and their counts. */
static void load_excluded(struct load *l, struct arena *a)
{
	struct frame_counts *counts = &l->f->counts;
	const struct codes *out = &l->out;
	const struct bytes *order[EXCLUSIONS_MAX];
	struct bytes *code = arena_calloc(a, out->n + 1, sizeof *code);
	uint64_t *excluded = arena_calloc(a, counts->tasks * out->n + 1, sizeof *excluded);
	for (size_t k = 0; k < out->n; k++)
		order[k] = &out->code[k];
	if (out->n > 1)
		qsort(order, out->n, sizeof *order, compare_code);
	for (size_t k = 0; k < out->n; k++) {
		size_t from = (size_t)(order[k] - out->code);
		code[k] = *order[k];
		for (size_t t = 0; t < counts->tasks; t++)
			excluded[t * out->n + k] = out->count[t * EXCLUSIONS_MAX + from];
	}
	counts->codes = out->n;
	counts->code = code;
	counts->excluded = excluded;
}

/* What was and will be inspected is told of the entity, so all its objects tell the same. */
static bool load_agrees(const struct frame *f, struct err *e)
{
	static const enum frame_fact shared[] = { FACT_ENTERED, FACT_RESERVED };
	const struct frame_groups *g = &f->groups;
	for (size_t k = 0; k < g->n; k++) {
		struct bytes first[FRAME_FACTS], fact[FRAME_FACTS];
		frame_facts(f, g->member[g->start[k]], first);
		for (size_t m = g->start[k] + 1; m < g->start[k + 1]; m++) {
			frame_facts(f, g->member[m], fact);
			for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
				if (bytes_equal(fact[shared[i]], first[shared[i]]))
					continue;
				err_set(e, ERR_BAD_FRAME, "%s is not that of %.*s, of one entity",
					table_form(TABLE_FRAME)->column[shared[i]],
					BYTES_ARG(first[FACT_OBJECT]));
				return err_at(e, "frame: row %zu", (size_t)g->member[m] + 1);
			}
		}
	}
	return true;
}

/* Where an entity has several objects in strata of a task, it is a unit in the first by rank of
 * these strata and in no other (§6.3). */
static void load_units(const struct load *l, struct arena *a)
{
	const struct frame *f = l->f;
	const struct frame_groups *g = &f->groups;
	size_t cells = f->tasks * FRAME_STRATA;
	uint64_t *units = arena_calloc(a, cells + 1, sizeof *units);
	memcpy(units, l->population, cells * sizeof *units);
	for (size_t k = 0; k < g->n; k++) {
		const uint32_t *member = g->member + g->start[k];
		size_t n = g->start[k + 1] - g->start[k];
		for (size_t t = 0; t < f->tasks; t++) {
			uint32_t standing = frame_standing(f, t, member, n);
			for (size_t i = 0; i < n; i++) {
				enum stratum s = frame_cell(f, member[i], t);
				if (s != STRATUM_OUT && member[i] != standing)
					units[t * FRAME_STRATA + s]--;
			}
		}
	}
	l->f->counts.units = units;
}

bool frame_load(struct frame *f, const struct table *t, const struct strata_rank *rank,
	struct arena *a, struct err *e)
{
	assert(t->id == TABLE_FRAME);
	*f = (struct frame){ .table = *t, .n = t->n, .tasks = t->tasks, .rank = *rank };
	if (t->n > UINT32_MAX || t->tasks > UINT16_MAX)
		return err_set(e, ERR_BAD_FRAME,
			"%zu objects, %zu tasks: more than this program holds", t->n, t->tasks);
	ARENA_AUTO scratch = arena_new();
	struct load *l = arena_calloc(scratch, 1, sizeof *l);
	l->f = f;
	load_prepare(l, a, scratch);
	if (!load_rows(l, e))
		return false;
	frame_groups_find(&f->groups, f, l->special, a);
	if (!load_agrees(f, e))
		return false;
	f->counts.tasks = f->tasks;
	f->counts.population = l->population;
	load_excluded(l, a);
	load_units(l, a);
	struct hash root;
	merkle_root(&l->tree, &root);
	memcpy(f->root, root.b, sizeof f->root);
	frame_universe_end(&l->universe, f->universe);
	return true;
}

uint64_t frame_excluded(const struct frame_counts *c, size_t task, struct bytes code)
{
	size_t low = 0, high = c->codes;
	assert(task < c->tasks);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = bytes_compare(c->code[mid], code);
		if (order == 0)
			return c->excluded[task * c->codes + mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
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

struct bytes frame_entity(const struct frame *f, size_t i)
{
	struct bytes line = frame_line(f, i);
	bool more;
	bytes_cut(&line, '\t', &more);
	return bytes_cut(&line, '\t', &more);
}

/* The first n columns. */
static void first_columns(const struct frame *f, size_t i, struct bytes *field, size_t n)
{
	struct bytes line = frame_line(f, i);
	bool more;
	for (size_t k = 0; k < n; k++)
		field[k] = bytes_cut(&line, '\t', &more);
}

void frame_facts(const struct frame *f, size_t i, struct bytes fact[FRAME_FACTS])
{
	first_columns(f, i, fact, FRAME_FACTS);
}

void frame_row(const struct frame *f, size_t i, struct bytes *field)
{
	first_columns(f, i, field, FRAME_FACTS + f->tasks);
}

struct bytes frame_code(const struct frame *f, size_t i, size_t task)
{
	struct bytes line = frame_line(f, i);
	bool more;
	assert(task < f->tasks);
	for (size_t k = 0; k < FRAME_FACTS + task; k++)
		bytes_cut(&line, '\t', &more);
	return bytes_cut(&line, '\t', &more);
}

uint32_t frame_weight(const struct frame *f, size_t i)
{
	enum { SALT = 32 };
	struct bytes line = frame_line(f, i);
	uint32_t weight = 0, place = 1;
	for (size_t at = line.n - SALT - 1; at > 0 && line.p[at - 1] != '\t'; at--, place *= 10)
		weight += place * (uint32_t)(line.p[at - 1] - '0');
	return weight;
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
