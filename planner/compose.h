/* Schemes (抽查方案) and policies put together of them. A scheme is a task without the round: its
 * rows are `scheme.<s>.…` with the paths of a task (PROTOCOL.md §6.1) but `from`, `to`, `batches`,
 * and with `draws` and `measures.A` … `measures.D` of its own. A base is a policy without tasks. */
#ifndef DRAWD_PLANNER_COMPOSE_H
#define DRAWD_PLANNER_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "planner/settings.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Rows that stand strictly ascending by path. */
struct compose_rows {
	const struct setting_row *row;
	size_t n;
};

/* Cut canonical text, `path TAB value LF …`, into rows that point into it. ERR_BAD_POLICY names the
 * line that is none. */
bool compose_split(struct bytes text, struct arena *a, struct compose_rows *out, struct err *e);
/* The same rows in the order of a document; in the arena. */
struct compose_rows compose_sorted(const struct compose_rows *rows, struct arena *a);
/* The text of rows. */
struct bytes compose_join(const struct compose_rows *rows, struct arena *a);

/* What a scheme says beside the paths of a task. */
struct scheme {
	struct bytes code;
	uint32_t draws; /* 抽查频次: draws a year, 1-12 */
	struct bytes measures[CLASSES]; /* 差异化监管措施, by class; may be empty */
};

/* Read those settings out of the rows of one scheme, or of each of several: bytewise by code, in
 * the arena. Errors, naming the path: ERR_BAD_POLICY; a path of a round (`from`, `to`, `batches`)
 * is refused here, what else a task says is policy_from_rows' to check. */
bool schemes_read(const struct compose_rows *rows, struct arena *a, const struct scheme **scheme,
	size_t *n, struct err *e);
/* The rows of that scheme among them. */
struct compose_rows scheme_rows(
	const struct compose_rows *rows, struct bytes code, struct arena *a);

/* A task of a round, or of a year. */
struct compose_task {
	struct bytes code; /* token; another one than the scheme's where it is drawn twice */
	struct compose_rows scheme; /* of one scheme */
	struct bytes name; /* empty: that of the scheme */
	struct bytes from, to; /* dates, as text */
	struct bytes batches; /* as in §6.1; empty: none */
};

/* The rows of the policy: those of the base and, for every task, those of its scheme with its
 * dates. Sorted; what they say is policy_from_rows' to check. ERR_BAD_POLICY where the base holds a
 * task or rows of a scheme are not one scheme's. */
bool compose_policy(const struct compose_rows *base, const struct compose_task *task, size_t tasks,
	struct arena *a, struct compose_rows *out, struct err *e);

/* As compose_policy and policy_from_rows; a refusal names paths of the schemes, `scheme.<code of
 * the task>.…`, as whoever wrote them knows them. */
bool compose_read(struct policy *p, const struct compose_rows *base,
	const struct compose_task *task, size_t tasks, struct arena *a, struct compose_rows *out,
	struct err *e);

/* What is lawful, and yet worth a second look: nothing of it refuses. */
enum scheme_warning {
	SCHEME_CLASS_IGNORED, /* the same ratio and the same mode for every class */
	SCHEME_ONSITE_A, /* class A is visited on site, and the task is not strict */
	SCHEME_OVER_CEILING, /* general items, and every class above `ceiling.general` */
	SCHEME_WARNINGS
};
/* Bit w is set for every warning w of a task. */
uint32_t scheme_warnings(const struct policy *p, const struct task *t);
/* "class-ignored" … */
const char *scheme_warning_name(enum scheme_warning w);

#endif
