#include "planner/calendar.h"

#include <stdlib.h>
#include <string.h>

const char *half_name(uint32_t half)
{
	return half % 2 == 0 ? "am" : "pm";
}

/* Half-days as bits: 64 in a word. */
struct board {
	uint32_t words;
	uint64_t *busy; /* words for each person */
	uint64_t *crew; /* scratch: when somebody of the crew is busy */
	uint32_t *visits; /* visits placed, by half-day */
};

static void mark_leave(struct board *b, const struct pool *pool)
{
	for (uint32_t i = 0; i < pool->n; i++)
		for (uint32_t k = 0; k < pool->at[i].leave_count; k++) {
			struct run r = pool->at[i].leave[k];
			uint64_t *busy = b->busy + (size_t)i * b->words;
			for (uint32_t half = 2 * r.from; half < 2 * r.to; half++)
				busy[half / 64] |= (uint64_t)1 << half % 64;
		}
}

struct turn {
	int32_t to, from;
	uint32_t visit;
};

/* (to, from, object, ordinal): the order of visits is that of the last two. */
static int turn_compare(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->visit > b->visit) - (a->visit < b->visit);
}

/* The emptiest half-day of the window on which all of the crew are free; the earliest of these. */
static uint32_t place(struct board *b, struct run window, const uint32_t *person, uint32_t n)
{
	uint32_t best = HALF_NONE;
	memset(b->crew, 0, b->words * sizeof *b->crew);
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t w = window.from / 32; w < b->words && w <= window.to / 32; w++)
			b->crew[w] |= b->busy[(size_t)person[k] * b->words + w];
	for (uint32_t half = 2 * window.from; half < 2 * window.to; half++)
		if (!(b->crew[half / 64] >> half % 64 & 1) &&
			(best == HALF_NONE || b->visits[half] < b->visits[best]))
			best = half;
	if (best == HALF_NONE)
		return best;
	b->visits[best]++;
	for (uint32_t k = 0; k < n; k++)
		b->busy[(size_t)person[k] * b->words + best / 64] |= (uint64_t)1 << best % 64;
	return best;
}

const uint32_t *calendar_place(
	struct arena *a, const struct visits *v, const struct pool *pool, const struct crews *crews)
{
	ARENA_AUTO scratch = arena_new();
	uint32_t *half = arena_calloc(a, (size_t)v->n + 1, sizeof *half);
	struct turn *turn = arena_calloc(scratch, (size_t)v->n + 1, sizeof *turn);
	struct board b = { .words = pool->days / 32 + 1 };
	b.busy = arena_calloc(scratch, (size_t)b.words * ((size_t)pool->n + 1), sizeof *b.busy);
	b.crew = arena_calloc(scratch, b.words, sizeof *b.crew);
	b.visits = arena_calloc(scratch, 2 * ((size_t)pool->days + 1), sizeof *b.visits);
	mark_leave(&b, pool);
	for (uint32_t i = 0; i < v->n; i++)
		turn[i] = (struct turn){ .to = v->at[i].to, .from = v->at[i].from, .visit = i };
	qsort(turn, v->n, sizeof *turn, turn_compare);
	for (uint32_t i = 0; i < v->n; i++) {
		uint32_t k = turn[i].visit, from = crews->start[k];
		half[k] = place(&b, pool_window(pool, turn[i].from, turn[i].to),
			crews->person + from, crews->start[k + 1] - from);
	}
	return half;
}
