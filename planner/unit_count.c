#include "planner/unit_count.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An entry is the entity's id without its last four bytes, the object's number as four bytes,
 * most significant first, and a cell of four bits for each task: ordered as bytes, the objects of
 * an entity stand together and in the order of the frame. 96 bits tell entities apart: by chance
 * two of 10^8 meet once in 10^13 frames. The first byte of the id names the bucket. */
enum { ID = 12, KEY = 16, BUCKETS = 256, CHUNK = 128 };

struct chunk {
	struct chunk *before;
	uint8_t entry[];
};

struct bucket {
	struct chunk *last;
	size_t n;
};

struct unit_count {
	struct arena *arena;
	const uint32_t *task; /* whose unit is the entity */
	size_t all_tasks; /* of the policy */
	size_t tasks, size; /* of an entry */
	struct strata_rank rank;
	uint32_t objects;
	struct bucket bucket[BUCKETS];
	unit_count_each *each; /* NULL: nobody is told */
	void *ctx;
};

struct unit_count *unit_count_new(struct arena *a, const struct policy *p)
{
	uint32_t *task = arena_calloc(a, p->task_count + 1, sizeof *task);
	size_t n = 0;

	for (uint32_t t = 0; t < p->task_count; t++)
		if (p->tasks[t].by_entity)
			task[n++] = t;
	if (n == 0)
		return NULL;
	struct unit_count *u = arena_calloc(a, 1, sizeof *u);
	*u = (struct unit_count){ .arena = a,
		.task = task,
		.all_tasks = p->task_count,
		.tasks = n,
		.size = KEY + (n + 1) / 2 };
	policy_rank(p, &u->rank);
	return u;
}

static uint8_t *new_entry(struct unit_count *u, struct bucket *b)
{
	size_t place = b->n++ % CHUNK;
	if (place == 0) {
		struct chunk *c = arena_alloc(u->arena, sizeof *c + CHUNK * u->size);
		c->before = b->last;
		b->last = c;
	}
	return b->last->entry + place * u->size;
}

static bool in_a_stratum(const struct unit_count *u, const uint8_t *codes)
{
	for (size_t k = 0; k < u->tasks; k++)
		if (codes[u->task[k]] < FRAME_STRATA)
			return true;
	return false;
}

void unit_count_put(struct unit_count *u, const uint8_t id[16], const uint8_t *codes)
{
	uint32_t object = u->objects++;
	if (!in_a_stratum(u, codes))
		return;
	uint8_t *entry = new_entry(u, &u->bucket[id[0]]);
	memcpy(entry, id, ID);
	for (int i = 0; i < KEY - ID; i++)
		entry[ID + i] = (uint8_t)(object >> (24 - 8 * i));
	memset(entry + KEY, 0, u->size - KEY);
	for (size_t k = 0; k < u->tasks; k++) {
		uint8_t code = codes[u->task[k]];
		unsigned cell = code < FRAME_STRATA ? code : STRATUM_OUT;
		entry[KEY + k / 2] |= (uint8_t)(cell << 4 * (k % 2));
	}
}

static int compare_entry(const void *a, const void *b)
{
	return memcmp(a, b, KEY);
}

static unsigned cell_of(const uint8_t *entry, size_t k)
{
	return entry[KEY + k / 2] >> 4 * (k % 2) & 15;
}

/* As one object each in the tasks of the entity, and then as what stands for them all. */
static void count_unions(const struct unit_count *u, const uint8_t *entry, size_t n, uint8_t *codes,
	struct union_count *c)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < u->tasks; k++)
			codes[u->task[k]] = (uint8_t)cell_of(entry + i * u->size, k);
		union_count_add(c, codes, false, true, -1);
	}
	for (size_t k = 0; k < u->tasks; k++) {
		unsigned stands = STRATUM_OUT;
		for (size_t i = 0; i < n; i++) {
			unsigned cell = cell_of(entry + i * u->size, k);
			if (u->rank.place[cell] < u->rank.place[stands])
				stands = cell;
		}
		codes[u->task[k]] = (uint8_t)stands;
	}
	union_count_add(c, codes, false, true, 1);
}

/* n entries of one entity: of those in strata it is a unit in one. */
static void count_entity(
	const struct unit_count *u, const uint8_t *entry, size_t n, uint64_t *units)
{
	for (size_t k = 0; k < u->tasks; k++) {
		uint64_t *of_task = units + (size_t)u->task[k] * FRAME_STRATA;
		unsigned stands = STRATUM_OUT;
		for (size_t i = 0; i < n; i++) {
			unsigned cell = cell_of(entry + i * u->size, k);
			if (cell != STRATUM_OUT)
				of_task[cell]--;
			if (u->rank.place[cell] < u->rank.place[stands])
				stands = cell;
		}
		if (stands != STRATUM_OUT)
			of_task[stands]++;
	}
}

static uint32_t object_of(const uint8_t *entry)
{
	uint32_t n = 0;
	for (int i = ID; i < KEY; i++)
		n = n << 8 | entry[i];
	return n;
}

static void tell_entity(
	const struct unit_count *u, const uint8_t *entry, size_t n, uint32_t *object)
{
	if (u->each == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		object[i] = object_of(entry + i * u->size);
	u->each(u->ctx, object, n);
}

static void count_bucket(const struct unit_count *u, const struct bucket *b, uint64_t *units,
	struct union_count *unions)
{
	ARENA_AUTO scratch = arena_new();
	uint8_t *all = arena_alloc(scratch, b->n * u->size + 1);
	uint32_t *object = arena_alloc(scratch, (b->n + 1) * sizeof *object);
	uint8_t *codes = arena_alloc(scratch, u->all_tasks + 1);
	size_t left = b->n;

	memset(codes, STRATUM_OUT, u->all_tasks);

	for (const struct chunk *c = b->last; c != NULL; c = c->before) {
		size_t n = left % CHUNK != 0 ? left % CHUNK : CHUNK;
		left -= n;
		memcpy(all + left * u->size, c->entry, n * u->size);
	}
	if (b->n > 1)
		qsort(all, b->n, u->size, compare_entry);
	for (size_t i = 0, end; i < b->n; i = end) {
		for (end = i + 1;
			end < b->n && memcmp(all + i * u->size, all + end * u->size, ID) == 0;)
			end++;
		if (end - i < 2)
			continue;
		count_entity(u, all + i * u->size, end - i, units);
		if (unions != NULL)
			count_unions(u, all + i * u->size, end - i, codes, unions);
		tell_entity(u, all + i * u->size, end - i, object);
	}
}

static void count_all(const struct unit_count *u, uint64_t *units, struct union_count *unions)
{
	for (size_t i = 0; i < BUCKETS; i++)
		count_bucket(u, &u->bucket[i], units, unions);
}

void unit_count_end(struct unit_count *u, uint64_t *units, struct union_count *unions)
{
	count_all(u, units, unions);
}

void unit_count_tell(struct unit_count *u, uint64_t *units, unit_count_each *each, void *ctx)
{
	u->each = each;
	u->ctx = ctx;
	count_all(u, units, NULL);
}
