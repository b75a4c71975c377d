/* What benches share: policies of the templates, objects made up by counting, time, lines. */
#ifndef DRAWD_TESTS_BENCH_WORLD_H
#define DRAWD_TESTS_BENCH_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

/* Ends the program with the error, unless ok. */
void bench_must(bool ok, const struct err *e);

/* Nanoseconds of a clock that runs on. */
uint64_t bench_now(void);

/* One line: name, value, unit. */
void bench_line(const char *name, uint64_t value, const char *unit);
/* The same in milliseconds, of nanoseconds. */
void bench_ms(const char *name, uint64_t ns);
/* A name of two parts, the second one in words: `plan.county.all-steps`. */
void bench_said(const char *group, const char *words, uint64_t value, const char *unit);

/* Base and schemes of the templates in etc/policy, each scheme under further codes as often as is
 * needed for so many tasks. */
void bench_policy(struct policy *p, struct arena *a, size_t tasks);

enum { BENCH_LABELS = 64 };
/* Objects that the tasks look for: labels from theirs. */
struct bench_objects {
	struct bytes label[BENCH_LABELS];
	size_t labels;
	char id[32];
};
void bench_objects(struct bench_objects *o, const struct policy *p);
/* The facts of the i-th object; they point into *o and hold up to the next call. */
void bench_facts(struct bench_objects *o, size_t i, struct bytes fact[FRAME_FACTS]);

#endif
