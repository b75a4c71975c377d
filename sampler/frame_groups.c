#include "sampler/frame_groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An object with another id than its entity, under a hash of the entity's. The hash only brings
 * equal ids together: what is told apart is the text, what is ordered are the objects. */
struct guest {
	uint64_t hash;
	uint32_t object;
};

/* A group while they are found: places in finder.member. */
struct found {
	uint32_t first; /* object */
	size_t start, n;
};

struct finder {
	const struct frame *f;
	uint64_t *special;
	struct guest *guest;
	size_t guests;
	uint32_t *member;
	size_t members;
	struct found *found;
	size_t n;
};

static uint64_t hash_of(struct bytes id)
{
	uint64_t h = UINT64_C(0xCBF29CE484222325);
	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * UINT64_C(0x100000001B3);
	return h;
}

static int compare_guest(const void *x, const void *y)
{
	const struct guest *a = x, *b = y;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->object > b->object) - (a->object < b->object);
}

static int compare_found(const void *x, const void *y)
{
	const struct found *a = x, *b = y;
	return (a->first > b->first) - (a->first < b->first);
}

static size_t count_special(const struct finder *d)
{
	size_t n = 0;
	for (size_t w = 0; w <= d->f->n / 64; w++)
		n += (size_t)__builtin_popcountll(d->special[w]);
	return n;
}

static void list_guests(struct finder *d)
{
	for (size_t w = 0; w <= d->f->n / 64; w++) {
		for (uint64_t left = d->special[w]; left != 0; left &= left - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(left);
			d->guest[d->guests++] =
				(struct guest){ hash_of(frame_entity(d->f, i)), (uint32_t)i };
		}
	}
	if (d->guests > 1)
		qsort(d->guest, d->guests, sizeof *d->guest, compare_guest);
}

/* The object that has the entity's id, where that entity is its own, goes to its place. */
static void add_host(struct finder *d, struct found *found, struct bytes entity)
{
	size_t host, at;
	if (!frame_find(d->f, entity, &host) || !bytes_equal(frame_entity(d->f, host), entity))
		return;
	uint32_t *member = d->member + found->start;
	for (at = found->n; at > 0 && member[at - 1] > host; at--)
		member[at] = member[at - 1];
	member[at] = (uint32_t)host;
	found->n++;
	d->special[host / 64] |= UINT64_C(1) << host % 64;
}

/* The entity of the first of n guests with one hash: its guests become a group, where they are
 * several or have a host; the others move to the front. Returns how many these are. */
static size_t take_entity(struct finder *d, struct guest *guest, size_t n)
{
	struct bytes entity = frame_entity(d->f, guest[0].object);
	struct found found = { .start = d->members };
	size_t others = 0;
	for (size_t i = 0; i < n; i++) {
		if (bytes_equal(frame_entity(d->f, guest[i].object), entity))
			d->member[found.start + found.n++] = guest[i].object;
		else
			guest[others++] = guest[i];
	}
	add_host(d, &found, entity);
	if (found.n > 1) {
		found.first = d->member[found.start];
		d->members += found.n;
		d->found[d->n++] = found;
	}
	return others;
}

static void find(struct finder *d)
{
	for (size_t i = 0, end; i < d->guests; i = end) {
		for (end = i + 1; end < d->guests && d->guest[end].hash == d->guest[i].hash;)
			end++;
		for (size_t left = end - i; left > 0;)
			left = take_entity(d, d->guest + i, left);
	}
	if (d->n > 1)
		qsort(d->found, d->n, sizeof *d->found, compare_found);
}

/* A member and its group. */
struct membership {
	uint32_t object, group;
};

static int compare_membership(const void *x, const void *y)
{
	const struct membership *a = x, *b = y;
	return (a->object > b->object) - (a->object < b->object);
}

/* By object. */
static void give_memberships(struct frame_groups *g, struct arena *a, struct arena *scratch)
{
	struct membership *by = arena_calloc(scratch, g->members + 1, sizeof *by);
	uint32_t *object = arena_calloc(a, g->members + 1, sizeof *object);
	uint32_t *group = arena_calloc(a, g->members + 1, sizeof *group);
	for (size_t k = 0; k < g->n; k++)
		for (size_t m = g->start[k]; m < g->start[k + 1]; m++)
			by[m] = (struct membership){ g->member[m], (uint32_t)k };
	if (g->members > 1)
		qsort(by, g->members, sizeof *by, compare_membership);
	for (size_t m = 0; m < g->members; m++) {
		object[m] = by[m].object;
		group[m] = by[m].group;
	}
	g->object = object;
	g->group = group;
}

static void give(const struct finder *d, struct frame_groups *g, struct arena *a)
{
	size_t *start = arena_calloc(a, d->n + 1, sizeof *start);
	uint32_t *member = arena_calloc(a, d->members + 1, sizeof *member);
	for (size_t k = 0; k < d->n; k++) {
		const struct found *found = &d->found[k];
		memcpy(member + start[k], d->member + found->start, found->n * sizeof *member);
		start[k + 1] = start[k] + found->n;
	}
	*g = (struct frame_groups){
		.n = d->n, .start = start, .member = member, .members = d->members
	};
}

void frame_groups_find(
	struct frame_groups *g, const struct frame *f, uint64_t *special, struct arena *a)
{
	ARENA_AUTO scratch = arena_new();
	struct finder d = { .f = f, .special = special };
	size_t guests = count_special(&d);
	d.guest = arena_calloc(scratch, guests + 1, sizeof *d.guest);
	/* every entity has a guest, and adds at most its host */
	d.member = arena_calloc(scratch, 2 * guests + 1, sizeof *d.member);
	d.found = arena_calloc(scratch, guests + 1, sizeof *d.found);
	list_guests(&d);
	find(&d);
	give(&d, g, a);
	give_memberships(g, a, scratch);
}

size_t frame_group(const struct frame *f, size_t i, const uint32_t **member)
{
	const struct frame_groups *g = &f->groups;
	size_t low = 0, high = frame_special(f, i) ? g->members : 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (g->object[mid] < i)
			low = mid + 1;
		else
			high = mid;
	}
	if (!frame_special(f, i) || low == g->members || g->object[low] != i)
		return 0;
	*member = g->member + g->start[g->group[low]];
	return g->start[g->group[low] + 1] - g->start[g->group[low]];
}

uint32_t frame_standing(const struct frame *f, size_t task, const uint32_t *member, size_t n)
{
	const uint8_t *place = f->rank.place;
	uint32_t best = member[0];
	for (size_t i = 1; i < n; i++)
		if (place[frame_cell(f, member[i], task)] < place[frame_cell(f, best, task)])
			best = member[i];
	return best;
}
