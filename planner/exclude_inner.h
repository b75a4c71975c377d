/* A policy compiled for exclude(): what excluder.c makes and exclude.c reads. */
#ifndef DRAWD_PLANNER_EXCLUDE_INNER_H
#define DRAWD_PLANNER_EXCLUDE_INNER_H

#include "planner/exclude.h"

/* Everything is decided for all tasks at once, as sets of tasks: bit t%64 of word t/64 is task t.
 * What is asked of modes and of caps is decided for all of them at once in the same way. */
typedef uint64_t word;

static const word set_all = UINT64_MAX;

static inline void set_add(word *set, size_t i)
{
	set[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void set_remove(word *set, size_t i)
{
	set[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static inline bool set_has(const word *set, size_t i)
{
	return (set[i / 64] >> (i % 64) & 1) != 0;
}

/* What follows for the tasks from a value that repeats from object to object. A hash finds its
 * place; what stood there before is forgotten and decided anew when it comes again. */
enum { MEMO_PLACES = 1024, MEMO_KEY = 12 };

struct memo {
	bool used;
	uint8_t n;
	char key[MEMO_KEY]; /* a region has at most 12 characters, an industry 5 */
	word *set;
};

/* A value that some lists name, and the sets of those that name it. */
struct mention {
	struct bytes value;
	word *set;
};

/* All values named, bytewise ascending. */
struct mentions {
	size_t n;
	struct mention *at;
};

/* Where in the words of a label, a region, an industry and a kind the sets begin. */
struct places {
	size_t task, remit, mode, except, cap, mark, words;
};

struct excluder {
	const struct policy *policy;
	int32_t date;
	size_t task_words, mode_words, cap_words; /* of a set of tasks, modes, caps */
	/* of the policy */
	struct places label, region, industry, kind, class;
	struct mentions labels; /* label */
	struct mentions items, fields; /* tasks with an item of that code, of that field */
	word *any_label; /* label: those that take every one */
	word *by_kind[KINDS]; /* kind */
	word *by_class[FRAME_CLASSES]; /* class: modes and caps for the general class */
	word *by_status[STATUSES]; /* modes for the status */
	word *in_force; /* modes on the date */
	word **mode_tasks, **cap_tasks; /* to which tasks the mode, the cap applies */
	word *at_most[13]; /* tasks with this frequency or a smaller one */
	struct memo *regions, *industries;
	const struct exclusion *exclusion;
	size_t exclusions;
	size_t first_mode, place[RULES]; /* in exclusion; caps stand first */
	struct bytes name[FRAME_STRATA + EXCLUSIONS_MAX];
	/* of the object at hand */
	word *labelled; /* label */
	word *left; /* tasks for which no rule held yet */
	word *scratch; /* a set of tasks */
	uint8_t *worst; /* by task: 1 + the worst professional class, or 0 */
	uint32_t *checks; /* by department: inspections that count */
};

/* The sets of those that name the value, or NULL. */
const word *excluder_mentioned(const struct mentions *m, struct bytes value);

#endif
