/* Tickets, selection, reserve: PROTOCOL.md §8. */
#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/select.h"
#include "sampler/ticket.h"
#include "tests/unit/lot.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

/* ---- golden vectors: the strata of one task ---- */

struct block {
	struct lot lot;
	struct draw_rule rule;
	struct strata_rank rank;
	uint64_t quota[FRAME_STRATA];
	struct bytes object[4096], entity[4096];
	uint8_t code[4096];
	uint16_t weight[4096];
	size_t n;
	struct selection drawn;
	bool loaded;
	size_t ranked[FRAME_STRATA], selected; /* lines met */
};

static void block_draw(struct block *b, struct arena *a)
{
	static const struct bytes task = { "food", 4 };
	struct err e = { 0 };
	if (b->loaded)
		return;
	b->loaded = true;
	frames_load_weighted(&b->lot.frame, a, &task, 1, b->object, b->entity, b->code, b->weight,
		b->n, &b->rank);
	b->lot.rule = &b->rule;
	lot_start(&b->lot, a);
	b->lot.quota = b->quota;
	assert_true(lot_draw(&b->lot, a, &b->drawn, &e));
}

static void block_object(struct block *b, const struct vector *v)
{
	enum stratum s = STRATUM_OUT;
	assert_true(b->n < 4096);
	(void)stratum_of(v->field[3], &s);
	b->object[b->n] = v->field[1];
	b->entity[b->n] = v->field[2];
	b->weight[b->n] = (uint16_t)vectors_u64(v->field[4]);
	b->code[b->n++] = (uint8_t)s;
}

/* `order STRATUM UNIT drawn|reserve CHANCE`: the next unit of its stratum. */
static void block_order(struct block *b, const struct vector *v, struct arena *a)
{
	enum stratum s;
	const uint32_t *object;
	assert_true(stratum_of(v->field[1], &s));
	const struct draw_order order = lot_order(&b->lot);
	struct draw_cell cell = { 0, s, b->rule.by_entity, &order };
	size_t at = b->ranked[s]++;
	assert_int_equal(select_reserve(&b->lot.frame, &b->lot.tickets, &cell, at, 1, &b->lot.keys,
				 a, &object),
		1);
	assert_true(
		bytes_equal(units_id(&b->lot.frame, object[0], b->rule.by_entity), v->field[2]));
	assert_int_equal(at < b->quota[s], bytes_is(v->field[3], "drawn"));
	assert_int_equal(select_place(&b->lot.frame, &b->lot.tickets, &cell, object[0]), at + 1);
	assert_int_equal(select_chance(&b->lot.frame, &cell, object[0]), vectors_u64(v->field[4]));
}

/* `selection STRATUM OBJECT BATCH`: the next row of the artefact. */
static void block_selection(struct block *b, const struct vector *v, struct arena *a)
{
	struct buf out = buf_new(a, 0);
	uint8_t blind[32] = { 0 }, hash[32];
	struct table t;
	struct err e = { 0 };
	struct bytes line;
	assert_true(select_write(&b->drawn, &b->lot.frame, blind, sink_buf(&out), hash, &e));
	assert_true(table_open(&t, TABLE_SELECTION, buf_view(&out), &e));
	struct table_cursor c = table_rows(&t);
	for (size_t i = 0; i <= b->selected; i++)
		assert_true(table_next_line(&c, &line));
	b->selected++;
	assert_true(bytes_is(line, arena_printf(a, "food\t%.*s\t%.*s\t%.*s", BYTES_ARG(v->field[1]),
					   BYTES_ARG(v->field[2]), BYTES_ARG(v->field[3]))));
}

static void block_end(const struct block *b)
{
	assert_int_equal(b->selected, b->drawn.n);
	for (size_t s = 0; s < FRAME_STRATA; s++)
		assert_int_equal(b->ranked[s], b->lot.units[s]);
}

/* `rank LIST`: the strata, worst first. */
static void block_rank(struct block *b, struct bytes list)
{
	struct bytes name;
	enum stratum s;
	uint8_t n = 0;
	bool more = true;
	while (more) {
		name = bytes_cut(&list, ',', &more);
		assert_true(stratum_of(name, &s));
		b->rank.place[s] = n++;
	}
	assert_int_equal(n, FRAME_STRATA);
	b->rank.place[STRATUM_OUT] = FRAME_STRATA;
}

static void block_line(struct block *b, const struct vector *v, struct arena *a)
{
	enum stratum s;
	const struct bytes *field = v->field;
	if (bytes_is(field[0], "keys")) {
		keys_of(&b->lot.keys, field[1], field[2]);
	} else if (bytes_is(field[0], "unit")) {
		b->rule.by_entity = bytes_is(field[1], "entity");
	} else if (bytes_is(field[0], "design")) {
		b->rule.weighted = bytes_is(field[1], "weighted");
	} else if (bytes_is(field[0], "batches")) {
		b->rule.batches = (uint8_t)vectors_u64(field[1]);
	} else if (bytes_is(field[0], "rank")) {
		block_rank(b, field[1]);
	} else if (bytes_is(field[0], "missing") || bytes_is(field[0], "factors")) {
		assert_true(field[1].n > 0); /* the rank stands in the next lines */
	} else if (bytes_is(field[0], "quota")) {
		assert_true(stratum_of(field[1], &s));
		b->quota[s] = vectors_u64(field[2]);
	} else if (bytes_is(field[0], "object")) {
		block_object(b, v);
	} else if (bytes_is(field[0], "order")) {
		block_draw(b, a);
		block_order(b, v, a);
	} else {
		assert_true(bytes_is(field[0], "selection"));
		block_draw(b, a);
		block_selection(b, v, a);
	}
}

static void test_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("selection.txt", a);
	struct block *b = arena_calloc(a, 1, sizeof *b);
	struct vector v;
	size_t cases = 0;
	struct arena *own = arena_new();
	while (vectors_next(&file, &v)) {
		if (bytes_is(v.field[0], "case")) {
			memset(b, 0, sizeof *b);
		} else if (!bytes_is(v.field[0], "end")) {
			block_line(b, &v, own);
		} else {
			block_draw(b, own);
			block_end(b);
			cases++;
			arena_freep(&own);
			own = arena_new();
		}
	}
	arena_freep(&own);
	assert_true(cases > 20);
}

static void test_ticket_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("tickets.txt", a);
	struct vector v;
	size_t n = 0;
	for (; vectors_next(&file, &v); n++) {
		struct seed_keys k;
		uint8_t ticket[32], wanted[32];
		keys_of(&k, v.field[1], BYTES(""));
		select_ticket(v.field[2], &k, ticket);
		vectors_hash(v.field[3], wanted);
		assert_memory_equal(ticket, wanted, 32);
		assert_int_equal(ticket_number(ticket), vectors_u64(v.field[4]));
	}
	assert_true(n > 0);
}

/* ---- against the plainest selection ---- */
/* Drawn by the task: bit per object. */
static size_t plainly_drawn(const struct lot *l, size_t t, size_t stratum, bool *drawn)
{
	const struct frame *f = &l->frame;
	uint64_t want = l->quota[t * FRAME_STRATA + stratum];
	size_t n = 0;
	memset(drawn, 0, f->n);
	for (size_t i = 0; i < f->n; i++) {
		uint64_t before = 0;
		if (frame_cell(f, i, t) != stratum || !plainly_unit(l, t, i))
			continue;
		for (size_t j = 0; j < f->n; j++)
			before += frame_cell(f, j, t) == stratum && plainly_unit(l, t, j) &&
				  plainly_before(l, t, j, i);
		if (before < want) {
			drawn[plainly_candidate(l, t, i)] = true;
			n++;
		}
	}
	return n;
}

/* The place of a drawn object's unit among all that the task drew. */
static size_t plainly_queued(const struct lot *l, const struct selection *s, size_t t, size_t i)
{
	size_t n = 0;
	for (size_t k = s->start[t * FRAME_STRATA]; k < s->start[(t + 1) * FRAME_STRATA]; k++)
		n += plainly_before(l, t, s->object[k], i);
	return n;
}

static void compare_batches(const struct lot *l, const struct selection *s, size_t t)
{
	size_t from = s->start[t * FRAME_STRATA], to = s->start[(t + 1) * FRAME_STRATA];
	for (size_t k = from; k < to; k++) {
		size_t batches = l->rule[t].batches;
		size_t place = plainly_queued(l, s, t, s->object[k]);
		assert_int_equal(s->batch[k], batches == 0 ? 0 : place * batches / (to - from) + 1);
	}
}

static void compare_by_object(const struct lot *l, const struct selection *s, struct arena *a)
{
	struct drawn d;
	size_t pairs = 0;
	select_by_object(&d, s, &l->frame, a);
	for (size_t j = 0; j < d.n; j++) {
		assert_true(j == 0 || d.object[j - 1] < d.object[j]);
		assert_true(d.first[j] < d.first[j + 1]);
		for (size_t k = d.first[j]; k < d.first[j + 1]; k++, pairs++) {
			size_t t = d.task[k], at = 0;
			assert_true(k == d.first[j] || d.task[k - 1] < t);
			size_t cell = t * FRAME_STRATA + frame_cell(&l->frame, d.object[j], t);
			while (s->object[s->start[cell] + at] != d.object[j])
				at++;
			assert_true(s->start[cell] + at < s->start[cell + 1]);
			assert_int_equal(s->batch[s->start[cell] + at], d.batch[k]);
		}
	}
	assert_int_equal(pairs, s->n);
}

static void compare(struct lot *l)
{
	ARENA_AUTO a = arena_new();
	struct selection s;
	struct err e = { 0 };
	bool *drawn = arena_calloc(a, l->frame.n + 1, sizeof *drawn);
	size_t at = 0;
	assert_true(lot_draw(l, a, &s, &e));
	for (size_t cell = 0; cell < l->frame.tasks * FRAME_STRATA; cell++) {
		size_t n = plainly_drawn(l, cell / FRAME_STRATA, cell % FRAME_STRATA, drawn);
		assert_int_equal(s.start[cell], at);
		for (size_t i = 0; i < l->frame.n; i++)
			if (drawn[i])
				assert_int_equal(s.object[at++], i);
		assert_int_equal(at - s.start[cell], n);
	}
	assert_int_equal(s.n, at);
	for (size_t t = 0; t < l->frame.tasks; t++)
		compare_batches(l, &s, t);
	compare_by_object(l, &s, a);
}

static void lot_quotas(struct lot *l, uint64_t per_mille)
{
	for (size_t c = 0; c < l->frame.tasks * FRAME_STRATA; c++)
		l->quota[c] = l->units[c] * per_mille / 1000;
}

static void shape_all(struct lot *l)
{
	static uint64_t (*const shapes[])(size_t) = { shape_even, shape_equal, shape_few, shape_top,
		shape_zero_heavy, shape_falling };
	for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
		ARENA_AUTO a = arena_new();
		reshape(l, shapes[s], a);
		for (uint64_t per_mille = 0; per_mille <= 1000; per_mille += 125) {
			lot_quotas(l, per_mille);
			compare(l);
		}
	}
}

static void test_against_plain(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 7, 60, 200 };
	for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
		ARENA_AUTO a = arena_new();
		size_t n = sizes[z];
		struct lot l = { .rule = lot_rules };
		keys_of(&l.keys, BYTES(""), BYTES(""));
		frames_load(
			&l.frame, a, lot_task, LOT_TASKS, frames_ids(a, n), made_cells(a, n), n);
		lot_start(&l, a);
		assert_int_equal(l.tickets.others, 0);
		shape_all(&l);
	}
}

/* Entities with several objects, ids of entities that are those of other objects, of none, and in
 * another order than the objects. */
static void test_entities(void **state)
{
	(void)state;
	static const size_t sizes[] = { 2, 9, 40, 90 };
	for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
		ARENA_AUTO a = arena_new();
		size_t n = sizes[z];
		struct lot l = { .rule = lot_rules };
		struct bytes *id = frames_ids(a, n), *entity = arena_calloc(a, n, sizeof *entity);
		for (size_t i = 0; i < n; i++)
			entity[i] = i % 3 == 0 ? id[i]
					       : bytes_of(arena_printf(a, "9%u%06zu",
							 (unsigned)(frames_mix(i) % 3),
							 (size_t)(frames_mix(i * 7) % (n / 2))));
		keys_of(&l.keys, BYTES(""), BYTES(""));
		frames_load_entities(
			&l.frame, a, lot_task, LOT_TASKS, id, entity, made_cells(a, n), n);
		lot_start(&l, a);
		assert_true(l.tickets.others > 0);
		lot_quotas(&l, 500);
		compare(&l); /* with true tickets */
		shape_all(&l);
	}
}

/* The number of a unit is that of the entity's id, whatever stands beside. */
static void test_unit_numbers(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, 3), entity[3] = { id[0], id[0], BYTES("X-1") };
	uint8_t cell[3] = { STRATUM_A, STRATUM_A, STRATUM_A }, ticket[32];
	struct frame f;
	struct tickets t;
	struct seed_keys k;
	keys_of(&k, BYTES(""), BYTES(""));
	frames_load_entities(&f, a, lot_task, 1, id, entity, cell, 3);
	units_numbers(&t, &f, &k, true, a);
	assert_int_equal(t.others, 2);
	for (uint32_t i = 0; i < 3; i++) {
		select_ticket(id[i], &k, ticket);
		assert_int_equal(units_number(&t, i, false), ticket_number(ticket));
		select_ticket(entity[i], &k, ticket);
		assert_int_equal(units_number(&t, i, true), ticket_number(ticket));
		assert_true(bytes_equal(units_id(&f, i, true), entity[i]));
		assert_true(bytes_equal(units_id(&f, i, false), id[i]));
	}
	assert_true(units_stands(&f, 0, 0) && !units_stands(&f, 0, 1) && units_stands(&f, 0, 2));
	units_numbers(&t, &f, &k, false, a);
	assert_int_equal(t.others, 0);
}

/* More entities than are hashed at a time. */
static void test_many_entities(void **state)
{
	(void)state;
	enum { N = 1000 };
	ARENA_AUTO a = arena_new();
	struct bytes *id = frames_ids(a, N), *entity = arena_calloc(a, N, sizeof *entity);
	struct frame f;
	struct tickets t;
	struct seed_keys k;
	size_t others = 0;
	for (size_t i = 0; i < N; i++) {
		entity[i] = i % 4 == 1 ? id[i] : bytes_of(arena_printf(a, "E-%zu", i / 2));
		others += i % 4 != 1;
	}
	keys_of(&k, BYTES(""), BYTES(""));
	frames_load_entities(&f, a, lot_task, 1, id, entity, arena_calloc(a, N, 1), N);
	units_numbers(&t, &f, &k, true, a);
	assert_int_equal(t.others, others);
	for (uint32_t i = 0; i < N; i++) {
		uint8_t ticket[32];
		select_ticket(entity[i], &k, ticket);
		assert_int_equal(units_number(&t, i, true), ticket_number(ticket));
	}
}

static void single(struct lot *l, struct arena *a, const uint8_t *code, size_t n)
{
	static struct draw_rule plain[LOT_TASKS];
	*l = (struct lot){ .rule = plain };
	keys_of(&l->keys, BYTES(""), BYTES(""));
	frames_load(&l->frame, a, lot_task, 1, frames_ids(a, n), code, n);
	lot_start(l, a);
}

static size_t reserve(const struct lot *l, enum stratum s, uint64_t after, uint64_t want,
	struct arena *a, const uint32_t **object)
{
	const struct draw_cell cell = { 0, s, false, NULL };
	return select_reserve(&l->frame, &l->tickets, &cell, after, want, &l->keys, a, object);
}

/* A large stratum, so that the bound of candidates leaves some out: the k-th is still exact. */
static void test_large(void **state)
{
	(void)state;
	enum { N = 60000 };
	ARENA_AUTO a = arena_new();
	struct lot l;
	struct selection s;
	struct err e = { 0 };
	single(&l, a, arena_calloc(a, N, 1), N);
	const uint64_t *u = l.tickets.u;
	for (uint64_t n = 1; n < N; n = n * 3 + 1) {
		const uint32_t *ranked;
		l.quota[STRATUM_A] = n;
		assert_true(lot_draw(&l, a, &s, &e));
		assert_int_equal(s.n, n);
		assert_int_equal(reserve(&l, STRATUM_A, n - 1, 2, a, &ranked), 2);
		uint64_t last = u[ranked[0]], next = u[ranked[1]], most = 0;
		for (size_t i = 0; i < n; i++)
			most = u[s.object[i]] > most ? u[s.object[i]] : most;
		assert_true(most == last && last < next);
	}
}

static void test_reserve(void **state)
{
	(void)state;
	enum { N = 200 };
	ARENA_AUTO a = arena_new();
	uint8_t code[N];
	struct lot l;
	const uint32_t *all, *part;
	for (size_t i = 0; i < N; i++)
		code[i] = i % 3 == 0 ? STRATUM_OUT : STRATUM_D;
	single(&l, a, code, N);
	reshape(&l, shape_few, a);
	const uint64_t *u = l.tickets.u;
	size_t have = reserve(&l, STRATUM_D, 0, N, a, &all);
	assert_int_equal(have, l.units[STRATUM_D]);
	for (size_t i = 1; i < have; i++)
		assert_true(u[all[i - 1]] < u[all[i]] ||
			    (u[all[i - 1]] == u[all[i]] && all[i - 1] < all[i]));
	for (size_t after = 0; after <= have; after++) {
		size_t got = reserve(&l, STRATUM_D, after, 5, a, &part);
		assert_int_equal(got, have - after < 5 ? have - after : 5);
		for (size_t i = 0; i < got; i++)
			assert_int_equal(part[i], all[after + i]);
	}
	assert_int_equal(reserve(&l, STRATUM_D, UINT64_MAX, UINT64_MAX, a, &part), 0);
	assert_int_equal(reserve(&l, STRATUM_A, 0, 1, a, &part), 0);
	assert_int_equal(reserve(&l, STRATUM_D, have - 1, UINT64_MAX, a, &part), 1);
}

static void test_quota_too_large(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	uint8_t code[4] = { STRATUM_A, STRATUM_A, STRATUM_B1, STRATUM_OUT };
	struct lot l;
	struct selection s;
	struct err e = { 0 };
	single(&l, a, code, 4);
	l.quota[STRATUM_B1] = 2;
	assert_false(lot_draw(&l, a, &s, &e));
	assert_int_equal(e.code, ERR_BAD_STRATUM);
	assert_string_equal(e.what, "a B1: N = 1, n = 2");
}

static bool refuse(void *ctx, struct bytes chunk, struct err *e)
{
	(void)ctx, (void)chunk;
	return err_set(e, ERR_INTERNAL, "full");
}

/* The artefact: rows by task, name of the stratum and object, its hash that of its bytes. */
static void test_write(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	static struct draw_rule batched[3] = { { false, 2, false }, { false, 0, false },
		{ false, 0, false } };
	static const uint64_t u[4] = { 9, 2, 7, 4 };
	uint8_t code[12], hash[32], again[32], blind[32] = { 7 };
	struct lot l = { .rule = batched };
	struct selection s;
	struct table t;
	struct err e = { 0 };
	struct buf out = buf_new(a, 0);
	memset(code, STRATUM_B, sizeof code);
	code[1] = STRATUM_A;
	code[4] = STRATUM_A2;
	keys_of(&l.keys, BYTES(""), BYTES(""));
	frames_load(&l.frame, a, lot_task, 3, frames_ids(a, 4), code, 4);
	lot_start(&l, a);
	l.tickets.u = u;
	l.quota[STRATUM_B] = 2;
	l.quota[FRAME_STRATA + STRATUM_A] = l.quota[FRAME_STRATA + STRATUM_A2] =
		l.quota[FRAME_STRATA + STRATUM_B] = 1;
	assert_true(lot_draw(&l, a, &s, &e));
	assert_true(select_write(&s, &l.frame, blind, sink_buf(&out), hash, &e));
	sha256(out.p, out.n, again);
	assert_memory_equal(hash, again, 32);
	assert_true(table_open(&t, TABLE_SELECTION, buf_view(&out), &e));
	assert_true(bytes_is(t.rows, "a\tB\t91000001\t1\na\tB\t91000003\t2\n"
				     "b\tA\t91000000\t0\nb\tA2\t91000001\t0\n"
				     "b\tB\t91000003\t0\n"));
	assert_false(select_write(&s, &l.frame, blind, (struct sink){ refuse, NULL }, hash, &e));
	assert_string_equal(e.what, "full");
}

/* The strata in the order of their names, each once. */
static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < FRAME_STRATA; i++)
		assert_true(strcmp(stratum_name(stratum_by_name(i)),
				    stratum_name(stratum_by_name(i + 1))) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_ticket_vectors),
		cmocka_unit_test(test_against_plain),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_unit_numbers),
		cmocka_unit_test(test_many_entities),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_quota_too_large),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
