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
	uint32_t halves;
	uint32_t *at; /* halves for each person: onsite visit placed then + 1, or 0 */
	const struct visits *all;
	const struct bytes *region;
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

enum { APART = 2 }; /* the way where somebody has no other visit on the day */

uint32_t calendar_way(struct bytes a, struct bytes b)
{
	uint32_t n = 0;
	if (a.n == 0 || b.n == 0)
		return APART;
	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n >= 12 ? 0 : n >= 9 ? 1 : n >= 6 ? APART : APART + 1;
}

/* The way of a visit on a half-day: of each of the crew to what he does on the other half. */
static uint32_t way(
	const struct board *b, uint32_t visit, uint32_t half, const uint32_t *person, uint32_t n)
{
	uint32_t sum = 0;
	if (b->all->at[visit].offsite)
		return 0;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t other = b->at[(size_t)person[k] * b->halves + (half ^ 1)];
		sum += other == 0 ? APART : calendar_way(b->region[visit], b->region[other - 1]);
	}
	return sum;
}

/* The half-day of the window with the least way on which all of the crew are free; of these the
 * emptiest, the earliest. */
static uint32_t best_half(
	struct board *b, uint32_t visit, struct run window, const uint32_t *person, uint32_t n)
{
	uint32_t best = HALF_NONE, least = 0;
	memset(b->crew, 0, b->words * sizeof *b->crew);
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t w = window.from / 32; w < b->words && w <= window.to / 32; w++)
			b->crew[w] |= b->busy[(size_t)person[k] * b->words + w];
	for (uint32_t half = 2 * window.from; half < 2 * window.to; half++) {
		if (b->crew[half / 64] >> half % 64 & 1)
			continue;
		uint32_t here = way(b, visit, half, person, n);
		if (best != HALF_NONE &&
			(here > least || (here == least && b->visits[half] >= b->visits[best])))
			continue;
		best = half;
		least = here;
	}
	return best;
}

static void place(
	struct board *b, uint32_t visit, uint32_t half, const uint32_t *person, uint32_t n)
{
	if (half == HALF_NONE)
		return;
	b->visits[half]++;
	for (uint32_t k = 0; k < n; k++) {
		b->busy[(size_t)person[k] * b->words + half / 64] |= (uint64_t)1 << half % 64;
		if (!b->all->at[visit].offsite)
			b->at[(size_t)person[k] * b->halves + half] = visit + 1;
	}
}

const uint32_t *calendar_place(struct arena *a, const struct visits *v, const struct pool *pool,
	const struct crews *crews, const struct bytes *region)
{
	ARENA_AUTO scratch = arena_new();
	uint32_t *half = arena_calloc(a, (size_t)v->n + 1, sizeof *half);
	struct turn *turn = arena_calloc(scratch, (size_t)v->n + 1, sizeof *turn);
	struct board b = {
		.words = pool->days / 32 + 1, .halves = 2 * pool->days, .all = v, .region = region
	};
	b.at = arena_calloc(scratch, (size_t)b.halves * pool->n + 1, sizeof *b.at);
	b.busy = arena_calloc(scratch, (size_t)b.words * ((size_t)pool->n + 1), sizeof *b.busy);
	b.crew = arena_calloc(scratch, b.words, sizeof *b.crew);
	b.visits = arena_calloc(scratch, 2 * ((size_t)pool->days + 1), sizeof *b.visits);
	mark_leave(&b, pool);
	for (uint32_t i = 0; i < v->n; i++)
		turn[i] = (struct turn){ .to = v->at[i].to, .from = v->at[i].from, .visit = i };
	qsort(turn, v->n, sizeof *turn, turn_compare);
	for (uint32_t i = 0; i < v->n; i++) {
		uint32_t k = turn[i].visit, from = crews->start[k];
		const uint32_t *crew = crews->person + from, n = crews->start[k + 1] - from;
		half[k] = best_half(&b, k, pool_window(pool, turn[i].from, turn[i].to), crew, n);
		place(&b, k, half[k], crew, n);
	}
	return half;
}
