/* The policy of a round (PROTOCOL.md §6.1): rows `path`, `value` of the artefact `policy` and the
 * struct they stand for. One table of path patterns drives reader, writer and checks. */
#ifndef DRAWD_PLANNER_POLICY_H
#define DRAWD_PLANNER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/list.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/sink.h"
#include "sampler/table.h"

enum { CLASSES = 4 }; /* A-D, as in enum frame_code */
enum { EXCLUSIONS = FRAME_CODES - CODE_TYPE };

enum rounding { ROUND_DOWN, ROUND_HALF_UP, ROUND_UP };

struct department {
	struct bytes code, name;
	bool inspects;
	struct prefixes regions;
};

struct item {
	struct bytes code, name, basis;
	struct bytes department_code;
	uint32_t key; /* 0 一般, 1 重点 */
	uint32_t department;
};

struct task {
	struct bytes code, name, officers_basis;
	struct bytes lead_code;
	uint32_t special; /* 0 日常, 1 专项 */
	uint32_t offsite; /* 0 现场, 1 非现场 */
	int32_t from, to; /* window, days (civil.h) */
	struct prefixes industries, regions;
	struct list kinds, labels;
	struct list item_codes;
	uint32_t officers;
	uint32_t ratio[CLASSES]; /* parts per million, by class */
	bool safety;
	/* derived; indices into the arrays of the policy, ascending, so bytewise by code */
	uint32_t lead;
	uint32_t item_count, department_count;
	const uint32_t *items, *departments;
};

enum { POLICY_TASKS_MAX = 999 };

struct policy {
	uint32_t class_missing; /* enum frame_code, A-D */
	int32_t cycle_from, cycle_to;
	uint32_t inspectors_limit;
	uint32_t inspectors_slack; /* per cent */
	uint32_t observation_months, tolerance_months;
	uint32_t rounding; /* enum rounding */
	uint32_t empty_refuse; /* 1: strata.empty is `refuse` */
	struct bytes basis[EXCLUSIONS]; /* by code − CODE_TYPE */
	/* each bytewise ascending by code */
	uint32_t department_count, item_count, task_count;
	struct department *departments;
	struct item *items;
	struct task *tasks;
};

/* One row of the artefact. */
struct policy_row {
	struct bytes path, value;
};

/* Make a policy of rows that stand strictly ascending by path (policy_sort). Slices point into the
 * rows' bytes, arrays live in the arena. Refuses, naming the path: unknown, missing, repeated or
 * misplaced paths, malformed values, unlawful settings. Errors: ERR_BAD_POLICY, ERR_BAD_DATE,
 * ERR_BAD_RATIO, ERR_NO_DEPARTMENT (a department of a task may not inspect). */
bool policy_from_rows(
	struct policy *p, struct arena *a, const struct policy_row *rows, size_t n, struct err *e);
/* As policy_from_rows, from the opened artefact `policy`. */
bool policy_read(struct policy *p, struct arena *a, const struct table *t, struct err *e);

/* Sort rows into the order of the artefact: a total order by path, then value. */
void policy_sort(struct policy_row *rows, size_t n);

/* The rows of a policy, in order, in the arena. */
void policy_rows(
	const struct policy *p, struct arena *a, const struct policy_row **rows, size_t *n);
/* Write the artefact `policy`. Errors: those of table_put and the sink. */
bool policy_write(const struct policy *p, const uint8_t blind[32], struct sink sink,
	struct arena *a, uint8_t hash[32], struct err *e);

/* Index by code, or -1. */
int64_t policy_department(const struct policy *p, struct bytes code);
int64_t policy_item(const struct policy *p, struct bytes code);
int64_t policy_task(const struct policy *p, struct bytes code);

/* Append the departments of the tasks (§6.1) as `tokens`: what a freeze names. */
void policy_departments(const struct policy *p, struct buf *out);

/* A row of the table of paths, for documents and messages. */
struct policy_path {
	const char *owner; /* "", "department.<d>.", "item.<i>.", "task.<t>." */
	const char *name; /* "ratio.A" */
	const char *form; /* "number", "date", … */
	uint32_t min, max; /* of a number */
	const char *const *choice; /* of a choice: NULL-ended names; else NULL */
};
/* The i-th row from 0; false behind the last. */
bool policy_path(size_t i, struct policy_path *path);

#endif
