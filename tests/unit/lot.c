#include "tests/unit/lot.h"

#include <string.h>

#include "tests/unit/frames.h"
#include "tests/unit/test.h"

void keys_of(struct seed_keys *k, struct bytes entity, struct bytes object)
{
	seed_derive(BYTES("drawd/seed/v1\n"), k);
	if (entity.n > 0)
		memcpy(k->k[KEY_ENTITY], entity.p, 64);
	if (object.n > 0)
		memcpy(k->k[KEY_OBJECT], object.p, 64);
}

/* Does the object stand for a unit of its cell? Not where another one of its entity stands before
 * it by rank, or beside it and earlier. */
bool plainly_unit(const struct lot *l, size_t t, size_t i)
{
	const struct frame *f = &l->frame;
	const uint8_t *place = f->rank.place;
	for (size_t j = 0; j < f->n && l->rule[t].by_entity; j++) {
		uint8_t own = place[frame_cell(f, i, t)], other = place[frame_cell(f, j, t)];
		if ((other < own || (other == own && j < i)) &&
			bytes_equal(frame_entity(f, i), frame_entity(f, j)))
			return false;
	}
	return true;
}

/* Units of all strata, counted the plainest way. */
static void lot_units(struct lot *l)
{
	for (size_t t = 0; t < l->frame.tasks; t++)
		for (size_t i = 0; i < l->frame.n; i++) {
			size_t s = frame_cell(&l->frame, i, t);
			if (s < FRAME_STRATA && plainly_unit(l, t, i))
				l->units[t * FRAME_STRATA + s]++;
		}
}

struct draw_order lot_order(const struct lot *l)
{
	struct draw_order o = { .units = l->units,
		.quota = l->quota,
		.rule = l->rule,
		.together = l->together,
		.among = l->among,
		.unions = l->unions };
	for (size_t t = 0; t < l->frame.tasks; t++)
		o.by_entity |= l->rule[t].by_entity;
	return o;
}

/* The frame is loaded, the keys and rules are set. */
void lot_start(struct lot *l, struct arena *a)
{
	size_t cells = l->frame.tasks * FRAME_STRATA;
	l->units = arena_calloc(a, cells + 1, sizeof *l->units);
	l->quota = arena_calloc(a, cells + 1, sizeof *l->quota);
	lot_units(l);
	units_numbers(&l->tickets, &l->frame, &l->keys, lot_order(l).by_entity, a);
}

bool lot_draw(struct lot *l, struct arena *a, struct selection *s, struct err *e)
{
	struct draw_order o = lot_order(l);
	return select_draw(s, &l->frame, &l->tickets, &o, &l->keys, a, e);
}

const struct bytes lot_task[LOT_TASKS] = { { "a", 1 }, { "b", 1 }, { "c", 1 }, { "d", 1 },
	{ "e", 1 } };

bool plainly_before(const struct lot *l, size_t t, size_t i, size_t j)
{
	bool entity = l->rule[t].by_entity;
	uint64_t u = units_number(&l->tickets, (uint32_t)i, entity),
		 v = units_number(&l->tickets, (uint32_t)j, entity);
	return u < v || (u == v && bytes_compare(units_id(&l->frame, (uint32_t)i, entity),
					   units_id(&l->frame, (uint32_t)j, entity)) < 0);
}

/* Which object is drawn with the unit that object i stands for: look at all of the same entity. */
size_t plainly_candidate(const struct lot *l, size_t t, size_t i)
{
	const struct frame *f = &l->frame;
	size_t best = i;
	uint8_t least[32], hash[32];
	for (size_t j = i; j < f->n && l->rule[t].by_entity; j++) {
		struct bytes parts[] = { seed_key(&l->keys, KEY_OBJECT), frame_object(f, j) };
		if (frame_cell(f, j, t) != frame_cell(f, i, t) ||
			!bytes_equal(frame_entity(f, i), frame_entity(f, j)))
			continue;
		sha256_parts(parts, 2, hash);
		if (j == i || memcmp(hash, least, 32) < 0) {
			memcpy(least, hash, 32);
			best = j;
		}
	}
	return best;
}

/* What u looks like: spread evenly, as hashes are, and in ways that no hash gives. */
uint64_t shape_even(size_t i)
{
	return frames_mix(i);
}
uint64_t shape_equal(size_t i)
{
	(void)i;
	return 42;
}
uint64_t shape_few(size_t i)
{
	return frames_mix(i) % 3;
}
uint64_t shape_top(size_t i)
{
	return UINT64_MAX - i % 2;
}
uint64_t shape_zero_heavy(size_t i)
{
	return i % 4 == 0 ? 0 : frames_mix(i);
}
uint64_t shape_falling(size_t i)
{
	return 1000000 - i;
}

/* The last six digits of an id, for a made-up object its index. */
static size_t last_digits(struct bytes id)
{
	size_t n = 0;
	for (size_t i = id.n - 6; i < id.n; i++)
		n = n * 10 + (size_t)(id.p[i] - '0');
	return n;
}

/* Numbers of that shape in the place of hashes. */
void reshape(struct lot *l, uint64_t (*shape)(size_t), struct arena *a)
{
	uint64_t *u = arena_calloc(a, l->frame.n + 1, sizeof *u);
	uint64_t *other = arena_calloc(a, l->tickets.others + 1, sizeof *other);
	for (size_t i = 0; i < l->frame.n; i++)
		u[i] = shape(i);
	for (size_t k = 0; k < l->tickets.others; k++) /* one number for all of an entity */
		other[k] = shape(last_digits(frame_entity(&l->frame, l->tickets.other[k])));
	l->tickets.u = u;
	l->tickets.other_u = other;
}

/* Task c: one stratum alone; b and d by entity; a, d and e in batches. */
struct draw_rule lot_rules[LOT_TASKS] = { { false, 1, false }, { true, 0, false },
	{ false, 0, false }, { true, 3, false }, { false, 12, false } };

uint8_t *made_cells(struct arena *a, size_t n)
{
	uint8_t *code = arena_alloc(a, n * LOT_TASKS);
	for (size_t i = 0; i < n * LOT_TASKS; i++)
		code[i] = i % LOT_TASKS == 2 ? STRATUM_C
					     : (uint8_t)(frames_mix(i) % (FRAME_STRATA + 1));
	for (size_t i = 0; i < n; i++) /* few strata, so that entities stand in the same one */
		code[i * LOT_TASKS + 3] =
			(uint8_t)(frames_mix(i + n) % 3 == 2 ? STRATUM_OUT : frames_mix(i + n) % 3);
	return code;
}
