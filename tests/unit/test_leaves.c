/* Ticket and visit leaves: PROTOCOL.md §8, §9. */
#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/leaves.h"
#include "sampler/type.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

enum { MOST = 1000 };

/* Leaves since the last root. */
struct pile {
	struct hash leaf[MOST];
	size_t n;
};

static void check_root(struct pile *p, const struct vector *v)
{
	struct hash root;
	uint8_t wanted[32];
	assert_int_equal(p->n, vectors_u64(v->field[1]));
	vectors_hash(v->field[2], wanted);
	merkle_sort_leaves(p->leaf, p->n);
	merkle_root_of(p->leaf, p->n, &root);
	assert_memory_equal(root.b, wanted, 32);
	p->n = 0;
}

static void add(struct pile *p, const struct buf *entry, struct bytes wanted)
{
	uint8_t h[32];
	assert_true(p->n < MOST);
	merkle_leaf(buf_view(entry), &p->leaf[p->n]);
	vectors_hash(wanted, h);
	assert_memory_equal(p->leaf[p->n].b, h, 32);
	p->n++;
}

static void ticket_leaf(struct pile *p, const struct vector *v, struct arena *a)
{
	struct seed_keys k = { 0 };
	struct buf entry = buf_new(a, 0);
	struct bytes list = v->field[4], task[VECTOR_FIELDS];
	uint8_t ticket[32];
	size_t tasks = 0;
	memcpy(k.k[KEY_SALT], v->field[1].p, 64);
	vectors_hash(v->field[3], ticket);
	while (type_next_member(&list, &task[tasks]))
		assert_true(++tasks < VECTOR_FIELDS);
	leaves_ticket(&entry, &k, v->field[2], ticket, task, tasks);
	add(p, &entry, v->field[5]);
}

static void visit_leaf(struct pile *p, const struct vector *v, struct arena *a)
{
	struct seed_keys k = { 0 };
	struct buf entry = buf_new(a, 0);
	memcpy(k.k[KEY_BLIND], v->field[1].p, 64);
	leaves_visit(&entry, &k, v->field[2], v->field[3], v->field[4]);
	add(p, &entry, v->field[5]);
}

static void test_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("leaves.txt", a);
	struct pile *p = arena_calloc(a, 1, sizeof *p);
	struct vector v;
	size_t roots = 0;
	while (vectors_next(&file, &v)) {
		if (bytes_is(v.field[0], "ticket-leaf")) {
			ticket_leaf(p, &v, a);
		} else if (bytes_is(v.field[0], "visit-leaf")) {
			visit_leaf(p, &v, a);
		} else if (bytes_is(v.field[0], "ticket-root") ||
			   bytes_is(v.field[0], "visit-root")) {
			check_root(p, &v);
			roots++;
		}
	}
	assert_true(roots > 1 && p->n == 0);
}

/* The root of a frame is that of its leaves made one by one. */
static void test_ticket_root(void **state)
{
	(void)state;
	enum { N = 500, T = 3 };
	static const struct bytes tasks[T] = { { "a", 1 }, { "b", 1 }, { "c", 1 } };
	ARENA_AUTO a = arena_new();
	uint8_t *code = arena_calloc(a, N, T), ticket[32];
	static const struct draw_rule rule[T];
	uint64_t units[T * FRAME_STRATA] = { 0 }, quota[T * FRAME_STRATA] = { 0 };
	const struct draw_order order = { .units = units, .quota = quota, .rule = rule };
	struct hash *leaf = arena_calloc(a, N, sizeof *leaf),
		    *plain = arena_calloc(a, N, sizeof *plain);
	struct hash root, wanted;
	struct frame f;
	struct tickets tickets;
	struct selection s;
	struct drawn d;
	struct seed_keys k;
	struct err e = { 0 };
	seed_derive(BYTES("drawd/seed/v1\n"), &k);
	frames_load(&f, a, tasks, T, frames_ids(a, N), code, N);
	units_numbers(&tickets, &f, &k, false, a);
	for (size_t t = 0; t < T; t++)
		units[t * FRAME_STRATA + STRATUM_A] = N;
	quota[0 * FRAME_STRATA + STRATUM_A] = 10;
	quota[2 * FRAME_STRATA + STRATUM_A] = 50;
	assert_true(select_draw(&s, &f, &tickets, &order, &k, a, &e));
	select_by_object(&d, &s, &f, a);
	assert_int_equal(d.n, 50); /* samples nest: the 10 are among the 50 */
	leaves_ticket_root(&f, &d, &k, leaf, &root);
	for (size_t i = 0; i < N; i++) {
		struct buf entry = buf_new(a, 0);
		struct bytes task[T];
		size_t n = 0;
		for (size_t j = 0; j < s.n; j++)
			if (s.object[j] == i)
				task[n++] = tasks[j < 10 ? 0 : 2];
		select_ticket(frame_object(&f, i), &k, ticket);
		leaves_ticket(&entry, &k, frame_object(&f, i), ticket, task, n);
		merkle_leaf(buf_view(&entry), &plain[i]);
		size_t at;
		assert_true(leaves_find(leaf, N, &plain[i], &at));
		assert_memory_equal(&leaf[at], &plain[i], sizeof *leaf);
		plain[i].b[31] ^= 1;
		assert_false(leaves_find(leaf, N, &plain[i], &at));
		plain[i].b[31] ^= 1;
	}
	merkle_sort_leaves(plain, N);
	merkle_root_of(plain, N, &wanted);
	assert_memory_equal(root.b, wanted.b, 32);
}

static void test_visit_root(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct table_pile p = table_pile_new(TABLE_VISITS, a);
	struct buf out = buf_new(a, 0);
	struct seed_keys k;
	struct table t;
	struct err e = { 0 };
	struct hash leaf[2], plain[2], root, wanted;
	uint8_t hash[32], blind[32] = { 1 };
	seed_derive(BYTES("drawd/seed/v1\n"), &k);
	for (size_t i = 0; i < 2; i++) {
		struct bytes departments = i == 0 ? BYTES("fire,tax") : BYTES("tax");
		struct bytes ordinal = i == 0 ? BYTES("1") : BYTES("2");
		struct bytes field[] = { BYTES("91"), ordinal, BYTES("onsite"), BYTES("2026-03-01"),
			BYTES("2026-03-31"), BYTES("tax"), BYTES("a"), departments };
		struct buf entry = buf_new(a, 0);
		table_pile_put(&p, field);
		leaves_visit(&entry, &k, BYTES("91"), ordinal, departments);
		merkle_leaf(buf_view(&entry), &plain[i]);
	}
	assert_true(table_pile_write(&p, TABLE_VISITS, blind, sink_buf(&out), hash, &e));
	assert_true(table_open(&t, TABLE_VISITS, buf_view(&out), &e));
	leaves_visit_root(&t, &k, leaf, &root);
	merkle_sort_leaves(plain, 2);
	merkle_root_of(plain, 2, &wanted);
	assert_memory_equal(root.b, wanted.b, 32);
	assert_memory_equal(leaf, plain, sizeof leaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_ticket_root),
		cmocka_unit_test(test_visit_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
