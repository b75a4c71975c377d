#include "sampler/units.h"

#include <assert.h>
#include <string.h>

#include "sampler/ticket.h"

enum { BATCH = 256 };

/* ---- numbers ---- */

static const uint64_t *numbers(const struct frame *f, const struct ticket_key *key, struct arena *a)
{
	struct bytes object[BATCH];
	uint64_t *u = arena_alloc(a, (f->n + 1) * sizeof *u);
	for (size_t i = 0; i < f->n; i += BATCH)
		ticket_batch(key, object, frame_objects(f, i, BATCH, object), u + i);
	return u;
}

static size_t count_special(const struct frame *f)
{
	size_t n = 0;
	for (size_t w = 0; w < (f->n + 63) / 64; w++)
		n += (size_t)__builtin_popcountll(f->special[w]);
	return n;
}

/* Entities on their way to be hashed together. */
struct entity_batch {
	struct ticket_key key;
	struct bytes entity[BATCH];
	size_t n;
	uint64_t *u; /* where the next ones go */
};

static void flush(struct entity_batch *b)
{
	ticket_batch(&b->key, b->entity, b->n, b->u);
	b->u += b->n;
	b->n = 0;
}

static void entity_numbers(
	struct tickets *t, const struct frame *f, const struct ticket_key *key, struct arena *a)
{
	size_t most = count_special(f);
	uint32_t *other = arena_calloc(a, most + 1, sizeof *other);
	uint64_t *u = arena_calloc(a, most + 1, sizeof *u);
	struct entity_batch b = { .key = *key, .u = u };
	for (size_t i = 0; i < f->n && most > 0; i++) {
		if (!frame_special(f, i) || bytes_equal(frame_entity(f, i), frame_object(f, i)))
			continue;
		other[t->others++] = (uint32_t)i;
		b.entity[b.n++] = frame_entity(f, i);
		if (b.n == BATCH)
			flush(&b);
	}
	flush(&b);
	t->other = other;
	t->other_u = u;
}

void units_numbers(struct tickets *t, const struct frame *f, const struct seed_keys *k,
	bool entities, struct arena *a)
{
	struct ticket_key key;
	ticket_key_init(&key, k->k[KEY_ENTITY]);
	*t = (struct tickets){ .u = numbers(f, &key, a) };
	if (entities)
		entity_numbers(t, f, &key, a);
}

uint64_t units_number(const struct tickets *t, uint32_t object, bool by_entity)
{
	size_t low = 0, high = by_entity ? t->others : 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (t->other[mid] < object)
			low = mid + 1;
		else
			high = mid;
	}
	bool found = by_entity && low < t->others && t->other[low] == object;
	return found ? t->other_u[low] : t->u[object];
}

struct bytes units_id(const struct frame *f, uint32_t object, bool by_entity)
{
	return by_entity ? frame_entity(f, object) : frame_object(f, object);
}

/* ---- who stands for an entity ---- */

bool units_standing(const struct frame *f, size_t task, uint32_t object, uint32_t *standing)
{
	const uint32_t *member;
	size_t n = frame_group(f, object, &member);
	*standing = n == 0 ? object : frame_standing(f, task, member, n);
	return frame_cell(f, *standing, task) < FRAME_STRATA;
}

bool units_stands(const struct frame *f, size_t task, uint32_t object)
{
	uint32_t standing;
	return units_standing(f, task, object, &standing) && standing == object;
}

/* ---- candidates ---- */

uint32_t units_candidate(
	const struct frame *f, const struct seed_keys *k, size_t task, uint32_t standing)
{
	const uint32_t *member;
	size_t n = frame_group(f, standing, &member);
	enum stratum stratum = frame_cell(f, standing, task);
	uint32_t best = standing;
	uint8_t least[32], hash[32];
	struct ticket_key key;
	if (n == 0)
		return standing;
	ticket_key_init(&key, k->k[KEY_OBJECT]);
	memset(least, 0xff, sizeof least);
	for (size_t i = 0; i < n; i++) {
		if (frame_cell(f, member[i], task) != stratum)
			continue;
		ticket_one(&key, frame_object(f, member[i]), hash);
		if (member[i] != standing && memcmp(hash, least, sizeof hash) >= 0)
			continue;
		memcpy(least, hash, sizeof hash);
		best = member[i];
	}
	return best;
}

uint16_t units_weight(const struct frame *f, size_t task, uint32_t standing, bool by_entity)
{
	const uint32_t *member;
	size_t n = by_entity ? frame_group(f, standing, &member) : 0;
	enum stratum stratum = frame_cell(f, standing, task);
	uint32_t best = frame_weight(f, standing);
	for (size_t i = 0; i < n; i++) {
		uint32_t weight = frame_weight(f, member[i]);
		if (frame_cell(f, member[i], task) == stratum && weight > best)
			best = weight;
	}
	return (uint16_t)best;
}
