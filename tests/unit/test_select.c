/* Tickets, selection, reserve: PROTOCOL.md §8. */
#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/select.h"
#include "sampler/ticket.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

static void keys_of(struct seed_keys *k, struct bytes entity)
{
	seed_derive(BYTES("drawd/seed/v1\n"), k);
	if (entity.n > 0)
		memcpy(k->k[KEY_ENTITY], entity.p, 64);
}

/* ---- golden vectors: one stratum of one task ---- */

struct stratum {
	struct seed_keys keys;
	uint64_t quota;
	struct bytes object[4096];
	size_t n, at; /* objects; lines `order` met */
};

/* Draw and rank the whole stratum; then each line `order` names the next object. */
static void stratum_draw(struct stratum *s, struct arena *a, struct frame *f,
	struct selection *drawn, const uint32_t **order)
{
	struct bytes task = BYTES("food");
	uint8_t *code = arena_alloc(a, s->n + 1);
	struct err e = { 0 };
	uint64_t *u = arena_calloc(a, s->n + 1, sizeof *u), quota[FRAME_STRATA] = { 0 };
	memset(code, CODE_B, s->n + 1);
	quota[CODE_B] = s->quota;
	frames_load(f, a, &task, 1, s->object, code, s->n);
	select_tickets(f, &s->keys, u);
	assert_true(select_draw(drawn, f, u, quota, a, &e));
	assert_int_equal(select_reserve(f, u, 0, CODE_B, 0, s->n, a, order), s->n);
}

static bool is_drawn(const struct selection *s, uint32_t object)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->object[i] == object)
			return true;
	return false;
}

static void test_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("selection.txt", a);
	struct stratum *s = arena_calloc(a, 1, sizeof *s);
	struct vector v;
	struct frame f = { 0 };
	struct selection drawn = { 0 };
	const uint32_t *order = NULL;
	size_t cases = 0;
	while (vectors_next(&file, &v)) {
		if (bytes_is(v.field[0], "case")) {
			s->n = s->at = 0;
		} else if (bytes_is(v.field[0], "key")) {
			keys_of(&s->keys, v.field[1]);
		} else if (bytes_is(v.field[0], "quota")) {
			s->quota = vectors_u64(v.field[1]);
		} else if (bytes_is(v.field[0], "object")) {
			assert_true(s->n < 4096);
			s->object[s->n++] = v.field[1];
		} else if (bytes_is(v.field[0], "order")) {
			if (s->at == 0)
				stratum_draw(s, a, &f, &drawn, &order);
			uint32_t o = order[s->at];
			assert_true(bytes_equal(frame_object(&f, o), v.field[1]));
			assert_int_equal(is_drawn(&drawn, o), bytes_is(v.field[2], "drawn"));
			assert_int_equal(is_drawn(&drawn, o), s->at < s->quota);
			s->at++;
		} else {
			assert_true(bytes_is(v.field[0], "end") && s->at == s->n);
			cases++;
		}
	}
	assert_true(cases > 0);
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
		keys_of(&k, v.field[1]);
		select_ticket(v.field[2], &k, ticket);
		vectors_hash(v.field[3], wanted);
		assert_memory_equal(ticket, wanted, 32);
		assert_int_equal(ticket_number(ticket), vectors_u64(v.field[4]));
	}
	assert_true(n > 0);
}

/* ---- against the plainest selection ---- */

enum { T = 5 };
static const struct bytes tasks[T] = { { "a", 1 }, { "b", 1 }, { "c", 1 }, { "d", 1 }, { "e", 1 } };

/* Is object i among the n smallest of its cell? Count those before it. */
static bool plainly_drawn(const struct frame *f, const uint64_t *u, size_t t, size_t i, uint64_t n)
{
	uint64_t before = 0;
	for (size_t j = 0; j < f->n; j++)
		if (frame_code(f, j, t) == frame_code(f, i, t) &&
			(u[j] < u[i] || (u[j] == u[i] && j < i)))
			before++;
	return before < n;
}

static void compare(const struct frame *f, const uint64_t *u, const uint64_t *quota)
{
	ARENA_AUTO a = arena_new();
	struct selection s;
	struct drawn d;
	struct err e = { 0 };
	assert_true(select_draw(&s, f, u, quota, a, &e));
	size_t at = 0;
	for (size_t cell = 0; cell < T * FRAME_STRATA; cell++) {
		size_t t = cell / FRAME_STRATA, c = cell % FRAME_STRATA;
		assert_int_equal(s.start[cell], at);
		for (size_t i = 0; i < f->n; i++)
			if (frame_code(f, i, t) == c && plainly_drawn(f, u, t, i, quota[cell]))
				assert_int_equal(s.object[at++], i);
	}
	assert_int_equal(s.n, at);
	select_by_object(&d, &s, f, a);
	size_t pairs = 0;
	for (size_t j = 0; j < d.n; j++) {
		assert_true(j == 0 || d.object[j - 1] < d.object[j]);
		assert_true(d.first[j] < d.first[j + 1]);
		for (size_t k = d.first[j]; k < d.first[j + 1]; k++, pairs++) {
			size_t t = d.task[k], c = frame_code(f, d.object[j], t);
			assert_true(k == d.first[j] || d.task[k - 1] < t);
			assert_true(c < FRAME_STRATA);
			assert_true(
				plainly_drawn(f, u, t, d.object[j], quota[t * FRAME_STRATA + c]));
		}
	}
	assert_int_equal(pairs, s.n);
}

/* What u looks like: spread evenly, as hashes are, and in ways that no hash gives. */
static uint64_t shape_even(size_t i)
{
	return frames_mix(i);
}
static uint64_t shape_equal(size_t i)
{
	(void)i;
	return 42;
}
static uint64_t shape_few(size_t i)
{
	return frames_mix(i) % 3;
}
static uint64_t shape_top(size_t i)
{
	return UINT64_MAX - i % 2;
}
static uint64_t shape_zero_heavy(size_t i)
{
	return i % 4 == 0 ? 0 : frames_mix(i);
}
static uint64_t shape_falling(size_t i)
{
	return 1000000 - i;
}

static void test_against_plain(void **state)
{
	(void)state;
	static uint64_t (*const shapes[])(size_t) = { shape_even, shape_equal, shape_few, shape_top,
		shape_zero_heavy, shape_falling };
	static const size_t sizes[] = { 1, 7, 60, 700 };
	for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
		ARENA_AUTO a = arena_new();
		size_t n = sizes[z];
		uint8_t *code = arena_alloc(a, n * T);
		uint64_t *u = arena_calloc(a, n, sizeof *u), quota[T * FRAME_STRATA];
		struct frame f;
		for (size_t i = 0; i < n * T; i++) /* task c: one stratum alone */
			code[i] = i % T == 2 ? CODE_C : (uint8_t)(frames_mix(i) % FRAME_CODES);
		frames_load(&f, a, tasks, T, frames_ids(a, n), code, n);
		for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
			for (uint64_t per_mille = 0; per_mille <= 1000; per_mille += 125) {
				for (size_t i = 0; i < n; i++)
					u[i] = shapes[s](i);
				for (size_t c = 0; c < T * FRAME_STRATA; c++)
					quota[c] = f.count[c / FRAME_STRATA * FRAME_CODES +
							   c % FRAME_STRATA] *
						   per_mille / 1000;
				compare(&f, u, quota);
			}
	}
}

/* A large stratum, so that the bound of candidates leaves some out: the k-th is still exact. */
static void test_large(void **state)
{
	(void)state;
	enum { N = 60000 };
	ARENA_AUTO a = arena_new();
	uint8_t *code = arena_calloc(a, N, 1);
	uint64_t *u = arena_calloc(a, N, sizeof *u), quota[FRAME_STRATA] = { 0 };
	struct frame f;
	struct selection s;
	struct err e = { 0 };
	struct seed_keys k;
	keys_of(&k, (struct bytes){ NULL, 0 });
	frames_load(&f, a, tasks, 1, frames_ids(a, N), code, N);
	select_tickets(&f, &k, u);
	for (uint64_t n = 1; n < N; n = n * 3 + 1) {
		const uint32_t *ranked;
		quota[CODE_A] = n;
		assert_true(select_draw(&s, &f, u, quota, a, &e));
		assert_int_equal(s.n, n);
		assert_int_equal(select_reserve(&f, u, 0, CODE_A, n - 1, 2, a, &ranked), 2);
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
	uint64_t u[N];
	struct frame f;
	const uint32_t *all, *part;
	for (size_t i = 0; i < N; i++) {
		code[i] = i % 3 == 0 ? CODE_TYPE : CODE_D;
		u[i] = shape_few(i);
	}
	frames_load(&f, a, tasks, 1, frames_ids(a, N), code, N);
	size_t have = select_reserve(&f, u, 0, CODE_D, 0, N, a, &all);
	assert_int_equal(have, f.count[CODE_D]);
	for (size_t i = 1; i < have; i++)
		assert_true(u[all[i - 1]] < u[all[i]] ||
			    (u[all[i - 1]] == u[all[i]] && all[i - 1] < all[i]));
	for (size_t after = 0; after <= have; after++) {
		size_t got = select_reserve(&f, u, 0, CODE_D, after, 5, a, &part);
		assert_int_equal(got, have - after < 5 ? have - after : 5);
		for (size_t i = 0; i < got; i++)
			assert_int_equal(part[i], all[after + i]);
	}
	assert_int_equal(select_reserve(&f, u, 0, CODE_D, UINT64_MAX, UINT64_MAX, a, &part), 0);
	assert_int_equal(select_reserve(&f, u, 0, CODE_A, 0, 1, a, &part), 0);
	assert_int_equal(select_reserve(&f, u, 0, CODE_D, have - 1, UINT64_MAX, a, &part), 1);
}

static void test_quota_too_large(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	uint8_t code[4] = { CODE_A, CODE_A, CODE_B, CODE_REMIT };
	uint64_t u[4] = { 1, 2, 3, 4 }, quota[FRAME_STRATA] = { 0 };
	struct frame f;
	struct selection s;
	struct err e = { 0 };
	frames_load(&f, a, tasks, 1, frames_ids(a, 4), code, 4);
	quota[CODE_A] = 3;
	assert_false(select_draw(&s, &f, u, quota, a, &e));
	assert_int_equal(e.code, ERR_BAD_STRATUM);
	assert_string_equal(e.what, "a A: N = 2, n = 3");
}

static bool refuse(void *ctx, struct bytes chunk, struct err *e)
{
	(void)ctx, (void)chunk;
	return err_set(e, ERR_INTERNAL, "full");
}

/* The artefact: rows as drawn, readable, and its hash that of its bytes. */
static void test_write(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	uint8_t code[12], hash[32], again[32], blind[32] = { 7 };
	uint64_t u[4] = { 9, 2, 7, 4 }, quota[3 * FRAME_STRATA] = { 0 };
	struct frame f;
	struct selection s;
	struct table t;
	struct err e = { 0 };
	struct buf out = buf_new(a, 0);
	memset(code, CODE_B, sizeof code);
	code[1] = code[4] = CODE_A;
	frames_load(&f, a, tasks, 3, frames_ids(a, 4), code, 4);
	quota[CODE_B] = 2;
	quota[FRAME_STRATA + CODE_A] = quota[FRAME_STRATA + CODE_B] = 1;
	assert_true(select_draw(&s, &f, u, quota, a, &e));
	assert_true(select_write(&s, &f, blind, sink_buf(&out), hash, &e));
	sha256(out.p, out.n, again);
	assert_memory_equal(hash, again, 32);
	assert_true(table_open(&t, TABLE_SELECTION, buf_view(&out), &e));
	assert_true(bytes_is(
		t.rows, "a\tB\t91000001\na\tB\t91000003\nb\tA\t91000001\nb\tB\t91000003\n"));
	assert_false(select_write(&s, &f, blind, (struct sink){ refuse, NULL }, hash, &e));
	assert_string_equal(e.what, "full");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_ticket_vectors),
		cmocka_unit_test(test_against_plain),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_quota_too_large),
		cmocka_unit_test(test_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
