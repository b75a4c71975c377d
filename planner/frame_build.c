#include "planner/frame_build.h"

#include <assert.h>
#include <string.h>

#include "planner/exclude.h"
#include "planner/facts.h"
#include "planner/unit_count.h"
#include "sampler/base/text.h"
#include "sampler/merkle.h"
#include "sampler/seed.h"
#include "sampler/sha256.h"
#include "sampler/table.h"
#include "sampler/type.h"

/* Rows whose leaves are hashed together, and their bytes on average. */
enum { BATCH = 512, ROW = 512 };

struct frame_builder {
	const struct policy *policy;
	struct excluder *excluder;
	char salt_key[64];
	struct table_writer writer;
	struct frame_universe universe;
	struct merkle tree;
	struct buf rows; /* not yet in the tree, one after the other */
	size_t end[BATCH]; /* of each in rows */
	size_t held;
	struct unit_count *unit_count; /* NULL: no task by entity */
	struct union_count unions; /* where tasks share */
	struct arena *arena;
	struct frame_counts counts;
	uint64_t *population, *units, *excluded;
	uint8_t *codes; /* of the object at hand */
	struct bytes *field; /* its row */
};

static struct bytes *task_codes(const struct policy *p, struct arena *a)
{
	struct bytes *code = arena_calloc(a, p->task_count + 1, sizeof *code);
	for (uint32_t t = 0; t < p->task_count; t++)
		code[t] = p->tasks[t].code;
	return code;
}

static void prepare_counts(struct frame_builder *b, struct arena *a)
{
	const struct exclusion *exclusion;
	size_t tasks = b->policy->task_count, codes = exclusions_of(b->policy, a, &exclusion);

	b->population = arena_calloc(a, tasks * FRAME_STRATA + 1, sizeof *b->population);
	b->units = arena_calloc(a, tasks * FRAME_STRATA + 1, sizeof *b->units);
	b->excluded = arena_calloc(a, tasks * codes + 1, sizeof *b->excluded);
	b->counts = (struct frame_counts){ .tasks = tasks,
		.population = b->population,
		.units = b->units,
		.codes = codes,
		.code = exclusion_codes(exclusion, codes, a),
		.excluded = b->excluded };
}

struct frame_builder *frame_build_start(struct arena *a, const struct policy *p, int32_t date,
	const char salt_key[64], struct sink sink, struct err *e)
{
	struct frame_builder *b = arena_calloc(a, 1, sizeof *b);
	uint8_t blind[32];

	b->policy = p;
	b->arena = a;
	const struct unions *unions = unions_of(p, a);
	if (unions != NULL)
		b->unions = union_count_new(unions, a);
	b->excluder = excluder_new(a, p, date);
	memcpy(b->salt_key, salt_key, sizeof b->salt_key);
	b->unit_count = unit_count_new(a, p);
	prepare_counts(b, a);
	b->codes = arena_calloc(a, p->task_count + 1, sizeof *b->codes);
	b->field = arena_calloc(a, FRAME_FACTS + (size_t)p->task_count + 2, sizeof *b->field);
	frame_universe_start(&b->universe);
	merkle_init(&b->tree);
	b->rows = buf_new(a, (size_t)BATCH * ROW);
	seed_frame_blind(salt_key, table_form(TABLE_FRAME)->name, blind);
	bool ok = table_start(
		&b->writer, TABLE_FRAME, blind, task_codes(p, a), p->task_count, sink, a, e);
	return ok ? b : NULL;
}

/* Decimal of 1-65535 into text; returns the slice. */
static struct bytes weight_text(uint32_t weight, char text[5])
{
	size_t at = 5;
	do
		text[--at] = (char)('0' + weight % 10);
	while ((weight /= 10) > 0);
	return (struct bytes){ text + at, 5 - at };
}

static bool put_row(struct frame_builder *b, const struct bytes fact[FRAME_FACTS], uint32_t weight,
	const char salt[33], struct err *e)
{
	uint32_t tasks = b->policy->task_count;
	char text[5];

	memcpy(b->field, fact, FRAME_FACTS * sizeof *fact);
	for (uint32_t t = 0; t < tasks; t++)
		b->field[FRAME_FACTS + t] = excluder_code(b->excluder, b->codes[t]);
	b->field[FRAME_FACTS + tasks] = weight_text(weight, text);
	b->field[FRAME_FACTS + tasks + 1] = (struct bytes){ salt, 32 };
	return table_put(&b->writer, b->field, e);
}

static void put_leaves(struct frame_builder *b)
{
	struct bytes row[BATCH];
	struct hash leaf[BATCH];
	for (size_t i = 0, start = 0; i < b->held; start = b->end[i++])
		row[i] = (struct bytes){ b->rows.p + start, b->end[i] - start };
	merkle_leaves(row, b->held, leaf);
	merkle_append_all(&b->tree, leaf, b->held);
	b->rows.n = b->held = 0;
}

/* The row just written goes into the tree and, up to and with `reserved`, into the universe. */
static void put_sums(struct frame_builder *b, const struct bytes fact[FRAME_FACTS])
{
	struct bytes row = table_last_row(&b->writer);
	size_t n = FRAME_FACTS - 1;
	for (size_t i = 0; i < FRAME_FACTS; i++)
		n += fact[i].n;
	frame_universe_line(&b->universe, (struct bytes){ row.p, n });
	buf_bytes(&b->rows, row);
	b->end[b->held++] = b->rows.n;
	if (b->held == BATCH)
		put_leaves(b);
}

/* The salt of the entity's id tells entities apart, and nobody who made a register knows it. */
static void count_unit(
	struct frame_builder *b, const struct bytes fact[FRAME_FACTS], const char salt[33])
{
	char of_entity[33];
	uint8_t id[16];

	if (b->unit_count == NULL)
		return;
	if (bytes_equal(fact[FACT_ENTITY], fact[FACT_OBJECT]))
		memcpy(of_entity, salt, sizeof of_entity);
	else
		seed_frame_salt(b->salt_key, fact[FACT_ENTITY], of_entity);
	bool ok = text_hex((struct bytes){ of_entity, 32 }, id, sizeof id);
	assert(ok);
	(void)ok;
	unit_count_put(b->unit_count, id, b->codes);
}

static void count_codes(struct frame_builder *b)
{
	if (b->unions.unions != NULL)
		union_count_add(&b->unions, b->codes, true, true, 1);
	for (size_t t = 0; t < b->counts.tasks; t++) {
		size_t code = b->codes[t];
		if (code < FRAME_STRATA)
			b->population[t * FRAME_STRATA + code]++;
		else
			b->excluded[t * b->counts.codes + code - FRAME_STRATA]++;
	}
}

bool frame_build_put(struct frame_builder *b, const struct bytes fact[FRAME_FACTS], uint32_t weight,
	struct err *e)
{
	struct facts facts;
	char salt[33];

	assert(weight >= 1 && weight <= 65535);
	if (!frame_facts_check(fact, e))
		return err_at(e, "object %.*s", BYTES_ARG(type_shown(fact[FACT_OBJECT])));
	facts_read(&facts, fact);
	exclude(b->excluder, &facts, b->codes);
	seed_frame_salt(b->salt_key, fact[FACT_OBJECT], salt);
	if (!put_row(b, fact, weight, salt, e))
		return err_at(e, "object %.*s", BYTES_ARG(fact[FACT_OBJECT]));
	count_codes(b);
	count_unit(b, fact, salt);
	put_sums(b, fact);
	return true;
}

bool frame_build_end(struct frame_builder *b, struct frame_sums *sums, struct err *e)
{
	struct hash root;

	put_leaves(b);
	memcpy(b->units, b->population, b->counts.tasks * FRAME_STRATA * sizeof *b->units);
	if (b->unit_count != NULL)
		unit_count_end(
			b->unit_count, b->units, b->unions.unions != NULL ? &b->unions : NULL);
	if (b->unions.unions != NULL)
		b->counts.among = union_count_among(&b->unions, b->counts.tasks, b->arena);
	sums->rows = b->writer.n;
	sums->counts = b->counts;
	frame_universe_end(&b->universe, sums->universe);
	merkle_root(&b->tree, &root);
	memcpy(sums->root, root.b, sizeof root.b);
	return table_end(&b->writer, sums->frame, e);
}
