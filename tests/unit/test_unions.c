/* Strata that are drawn as one (PROTOCOL.md §6.3, §8), against the plainest way. */
#include "tests/unit/frames.h"
#include "tests/unit/lot.h"
#include "tests/unit/test.h"

/* Task b and d draw their strata together, by entity, and so do a and e, by object. */
static void make_unions(struct lot *l, struct arena *a)
{
	l->together = arena_calloc(a, LOT_TASKS * FRAME_STRATA, sizeof *l->together);
	l->among = arena_calloc(a, LOT_TASKS * FRAME_STRATA, sizeof *l->among);
	l->unions = 2 * FRAME_STRATA;
	for (size_t s = 0; s < FRAME_STRATA; s++) {
		l->together[FRAME_STRATA + s] = (uint16_t)(1 + s);
		l->together[3 * FRAME_STRATA + s] = (uint16_t)(1 + s);
		l->together[s] = l->together[4 * FRAME_STRATA + s] =
			(uint16_t)(1 + FRAME_STRATA + s);
	}
}

static bool plainly_in(const struct lot *l, size_t t, size_t s, size_t i)
{
	return frame_cell(&l->frame, i, t) == s && plainly_unit(l, t, i);
}

/* Is i the first object that brings its unit into the union of the tasks? */
static bool plainly_first(const struct lot *l, const size_t task[2], size_t s, size_t i)
{
	const struct frame *f = &l->frame;
	bool entity = l->rule[task[0]].by_entity;
	if (!plainly_in(l, task[0], s, i) && !plainly_in(l, task[1], s, i))
		return false;
	for (size_t j = 0; j < i; j++)
		if ((plainly_in(l, task[0], s, j) || plainly_in(l, task[1], s, j)) && entity &&
			bytes_equal(frame_entity(f, j), frame_entity(f, i)))
			return false;
	return true;
}

static void compare_union(
	struct lot *l, const size_t task[2], size_t s, const struct selection *made)
{
	const struct frame *f = &l->frame;
	size_t at[2] = { made->start[task[0] * FRAME_STRATA + s],
		made->start[task[1] * FRAME_STRATA + s] };
	uint64_t want = l->quota[task[0] * FRAME_STRATA + s];
	for (int k = 0; k < 2; k++) {
		size_t n = 0, place = task[k] * FRAME_STRATA + s;
		for (size_t i = 0; i < f->n; i++) {
			uint64_t before = 0;
			bool met = false;
			if (!plainly_in(l, task[k], s, i))
				continue;
			for (size_t j = 0; j < f->n; j++)
				before += plainly_first(l, task, s, j) &&
					  plainly_before(l, task[0], j, i);
			size_t object = plainly_candidate(l, task[k], i);
			for (size_t x = at[k]; x < made->start[place + 1]; x++)
				met = met || made->object[x] == object;
			assert_int_equal(met, before < want);
			n += met;
		}
		assert_int_equal(n, made->start[place + 1] - made->start[place]);
	}
}

static void compare_unions(struct lot *l, uint64_t per_mille)
{
	static const size_t pair[2][2] = { { 1, 3 }, { 0, 4 } };
	ARENA_AUTO a = arena_new();
	struct selection s;
	struct err e = { 0 };
	for (int p = 0; p < 2; p++)
		for (size_t c = 0; c < FRAME_STRATA; c++) {
			uint64_t n = 0;
			for (size_t i = 0; i < l->frame.n; i++)
				n += plainly_first(l, pair[p], c, i);
			for (int k = 0; k < 2; k++) {
				l->among[pair[p][k] * FRAME_STRATA + c] = n;
				l->quota[pair[p][k] * FRAME_STRATA + c] = n * per_mille / 1000;
			}
		}
	assert_true(lot_draw(l, a, &s, &e));
	for (int p = 0; p < 2; p++)
		for (size_t c = 0; c < FRAME_STRATA; c++)
			compare_union(l, pair[p], c, &s);
}

static void test_unions(void **state)
{
	(void)state;
	enum { N = 70 };
	ARENA_AUTO a = arena_new();
	struct lot l = { .rule = lot_rules };
	struct bytes *object = frames_ids(a, N), *entity = arena_calloc(a, N, sizeof *entity);
	for (size_t i = 0; i < N; i++)
		entity[i] = object[i % 3 == 1 ? i : i / 5 * 5];
	keys_of(&l.keys, BYTES(""), BYTES(""));
	frames_load_entities(&l.frame, a, lot_task, LOT_TASKS, object, entity, made_cells(a, N), N);
	lot_start(&l, a);
	make_unions(&l, a);
	static uint64_t (*const shapes[])(size_t) = { shape_even, shape_equal, shape_few };
	for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
		ARENA_AUTO own = arena_new();
		reshape(&l, shapes[s], own);
		for (uint64_t per_mille = 0; per_mille <= 1000; per_mille += 200)
			compare_unions(&l, per_mille);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
