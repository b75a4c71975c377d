#include "daemon/auth_queue.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { OTHERS, KNOWN, CLASSES };

struct place {
	char source[SOURCE_MAX];
	void *item;
	uint64_t turn; /* the round of turns in which it is due */
	uint64_t order; /* of coming */
};

struct line {
	struct place *place;
	size_t n, room;
	uint64_t turn; /* of the last one taken */
};

struct auth_queue {
	struct line line[CLASSES];
	uint64_t order;
	int last; /* the class that was served last */
};

struct auth_queue *queue_new(struct arena *a, size_t places)
{
	struct auth_queue *q = arena_calloc(a, 1, sizeof *q);
	size_t known = places / 4 > 0 ? places / 4 : 1;
	q->line[KNOWN].room = known;
	q->line[OTHERS].room = places > known ? places - known : 1;
	for (int c = 0; c < CLASSES; c++)
		q->line[c].place = arena_calloc(a, q->line[c].room, sizeof(struct place));
	return q;
}

static size_t count(const struct line *l, const char *source)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		n += strcmp(l->place[i].source, source) == 0;
	return n;
}

static void *cut(struct line *l, size_t i)
{
	void *item = l->place[i].item;
	l->place[i] = l->place[--l->n];
	return item;
}

/* The last place of the source that has most, if it has more than `than`. */
static void *drop(struct line *l, size_t than)
{
	size_t most = 0, worst = 0;
	for (size_t i = 0; i < l->n; i++) {
		size_t n = count(l, l->place[i].source);
		if (n > most || (n == most && l->place[i].order > l->place[worst].order))
			worst = i;
		most = n > most ? n : most;
	}
	return most > than ? cut(l, worst) : NULL;
}

/* A source's places are due one round of turns after the other. */
static uint64_t turn_of(const struct line *l, const char *source)
{
	uint64_t turn = l->turn;
	for (size_t i = 0; i < l->n; i++)
		if (l->place[i].turn > turn && strcmp(l->place[i].source, source) == 0)
			turn = l->place[i].turn;
	return turn + 1;
}

bool queue_put(struct auth_queue *q, const char *source, bool known, void *item, void **dropped)
{
	struct line *l = &q->line[known ? KNOWN : OTHERS];
	size_t has = count(l, source);
	*dropped = NULL;
	if (has >= QUEUE_EACH)
		return false;
	if (l->n == l->room && (*dropped = drop(l, has + 1)) == NULL)
		return false;
	struct place *p = &l->place[l->n];
	snprintf(p->source, sizeof p->source, "%s", source);
	p->item = item;
	p->turn = turn_of(l, source);
	p->order = ++q->order;
	l->n++;
	return true;
}

static void *take(struct line *l)
{
	size_t first = 0;
	if (l->n == 0)
		return NULL;
	for (size_t i = 1; i < l->n; i++) {
		const struct place *p = &l->place[i], *f = &l->place[first];
		if (p->turn < f->turn || (p->turn == f->turn && p->order < f->order))
			first = i;
	}
	l->turn = l->place[first].turn;
	return cut(l, first);
}

void *queue_take(struct auth_queue *q)
{
	int next = q->last == KNOWN ? OTHERS : KNOWN;
	if (q->line[next].n == 0)
		next = next == KNOWN ? OTHERS : KNOWN;
	q->last = next;
	return take(&q->line[next]);
}

void queue_leave(struct auth_queue *q, const void *item)
{
	for (int c = 0; c < CLASSES; c++)
		for (size_t i = 0; i < q->line[c].n; i++)
			if (q->line[c].place[i].item == item) {
				cut(&q->line[c], i);
				return;
			}
}

size_t queue_length(const struct auth_queue *q)
{
	return q->line[OTHERS].n + q->line[KNOWN].n;
}
