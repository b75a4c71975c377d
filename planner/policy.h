/* The policy of a round (PROTOCOL.md §6.1): rows `path`, `value` of the artefact `policy` and the
 * struct they stand for. One table of path patterns drives reader, writer and checks. */
#ifndef DRAWD_PLANNER_POLICY_H
#define DRAWD_PLANNER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/list.h"
#include "planner/settings.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"
#include "sampler/sink.h"
#include "sampler/table.h"

enum { CLASSES = 4 }; /* A-D, as in enum stratum */
enum { ADJUSTMENTS = 2, FACTOR_ONE = 1000000 };

enum rounding { ROUND_DOWN, ROUND_HALF_UP, ROUND_UP };

/* A list of general classes: bit STRATUM_A … STRATUM_U of the set. */
struct classes {
	struct list list;
	uint32_t set;
};

/* Whom the ratio is multiplied for: 激励, 联盟. */
struct adjustment {
	struct bytes basis;
	uint32_t factor; /* parts per million */
	struct list labels;
};

/* The rules that every policy has, bytewise by code. */
enum policy_rule { RULE_CHECKED, RULE_CLOSED, RULE_REMIT, RULE_TYPE, RULES };

enum cap_counts { COUNTS_ENTRIES, COUNTS_CHECKS };

/* A cap 频次上限. */
struct cap {
	struct bytes code, name, basis;
	uint32_t version, most;
	uint32_t days; /* 0: the cycle */
	uint32_t counts; /* enum cap_counts */
	struct classes classes;
	struct list departments, kinds, labels, levels;
};

struct department {
	struct bytes code, name;
	bool inspects;
	struct prefixes regions;
	struct list apart_codes;
	/* derived: departments apart from it, whichever of the two says so; indices, ascending */
	uint32_t apart_count;
	const uint32_t *apart;
};

/* A professional field 专业领域. */
struct field {
	struct bytes code, name;
	bool strict; /* 严格监管 */
};

struct item {
	struct bytes code, name, basis;
	struct bytes department_code, field_code; /* field_code may be empty */
	uint32_t key; /* 0 一般, 1 重点 */
	/* derived */
	uint32_t department;
	int64_t field; /* index, or -1 */
};

enum mode_scope { SCOPE_ALL, SCOPE_GENERAL };
enum mode_start { START_NONE, START_ESTABLISHED, START_STATUS };

/* An oversight mode 监管方式: whom it keeps out of the draw, and how long. */
struct mode {
	struct bytes code, name, basis;
	uint32_t version, months;
	uint32_t scope; /* enum mode_scope */
	uint32_t start; /* enum mode_start */
	int32_t from, to; /* days in force */
	bool lifts; /* not in strict tasks */
	struct classes classes;
	struct list except, kinds, labels, statuses;
	struct prefixes industries, regions;
};

enum task_class { CLASS_GENERAL, CLASS_PROFESSIONAL, CLASS_WORST, CLASS_MATRIX };
enum task_level { LEVEL_PROVINCE, LEVEL_CITY, LEVEL_COUNTY, LEVEL_STREET };
/* How a visit is made; only ONSITE goes through a door. */
enum task_way { WAY_ONSITE, WAY_PAPER, WAY_NETWORK, WAY_OFFSITE };

/* Whether strata of several tasks are drawn as one, and how the units of a stratum are drawn. */
enum task_coordination { COORDINATION_OWN, COORDINATION_SHARED };
enum task_design { DESIGN_EQUAL, DESIGN_WEIGHTED };

/* Days, first and last. */
struct span {
	int32_t from, to;
};

struct batches {
	uint32_t n;
	const struct span *at;
};

struct task {
	struct bytes code, name, ceiling_reason, officers_basis, reason;
	struct bytes lead_code;
	uint32_t special; /* 0 日常, 1 专项 */
	uint32_t class; /* enum task_class */
	uint32_t level; /* enum task_level */
	uint32_t shared; /* enum task_coordination */
	uint32_t weighted; /* enum task_design */
	uint32_t frequency; /* 检查频次 in a cycle */
	int32_t from, to; /* window, days (civil.h) */
	struct batches batches; /* within the window; n 0: none */
	struct prefixes industries, regions;
	struct list kinds, labels;
	struct list item_codes;
	uint32_t officers;
	uint32_t minimum; /* parts per million */
	uint32_t mode[CLASSES]; /* enum task_way, by class */
	uint32_t ratio[CLASSES]; /* parts per million, by class */
	bool safety;
	/* derived; indices into the arrays of the policy, ascending, so bytewise by code */
	bool general; /* all its items are 一般 */
	bool strict; /* safety, or the field of an item is */
	bool onsite; /* some mode is */
	bool by_entity; /* its unit is the entity (§6.3) */
	uint32_t lead;
	uint32_t item_count, department_count;
	const uint32_t *items, *departments;
};

enum { POLICY_TASKS_MAX = 999, POLICY_MODES_MAX = 99, POLICY_CAPS_MAX = 99, BATCHES_MAX = 12 };

struct policy {
	struct adjustment adjust[ADJUSTMENTS];
	uint32_t ceiling_general; /* parts per million */
	uint32_t class_missing; /* enum stratum, A-D */
	int32_t cycle_from, cycle_to;
	struct list focus_labels;
	uint32_t inspectors_limit;
	uint32_t inspectors_slack; /* per cent */
	uint32_t inspectors_rotation; /* days; 0: whatever history tells */
	uint32_t matrix[CLASSES][CLASSES]; /* enum stratum, by general, then professional class */
	uint32_t rounding; /* enum rounding */
	uint32_t empty_refuse; /* 1: strata.empty is `refuse` */
	uint32_t visits_departments; /* most of one visit; 0: no limit */
	struct bytes basis[RULES];
	/* each bytewise ascending by code */
	uint32_t cap_count, department_count, field_count, item_count, mode_count, task_count;
	struct cap *caps;
	struct department *departments;
	struct field *fields;
	struct item *items;
	struct mode *modes;
	struct task *tasks;
};

/* Make a policy of rows that stand strictly ascending by path (settings_sort). Slices point into
 * the rows' bytes, arrays live in the arena. Refuses, naming the path: unknown, missing, repeated
 * or misplaced paths, malformed values, unlawful settings. Errors: ERR_BAD_POLICY, ERR_BAD_DATE,
 * ERR_BAD_RATIO, ERR_NO_DEPARTMENT (a department of a task may not inspect), ERR_NO_REASON (a task
 * does what needs one), ERR_BASIS_MISSING (an adjustment or a single officer without its law). */
bool policy_from_rows(
	struct policy *p, struct arena *a, const struct setting_row *rows, size_t n, struct err *e);
/* As policy_from_rows, from the opened artefact `policy`. */
bool policy_read(struct policy *p, struct arena *a, const struct table *t, struct err *e);

/* The rows of a policy, in order, in the arena. */
void policy_rows(
	const struct policy *p, struct arena *a, const struct setting_row **rows, size_t *n);
/* Write the artefact `policy`. Errors: those of table_put and the sink. */
bool policy_write(const struct policy *p, const uint8_t blind[32], struct sink sink,
	struct arena *a, uint8_t hash[32], struct err *e);

/* Index by code, or -1. */
int64_t policy_department(const struct policy *p, struct bytes code);
int64_t policy_field(const struct policy *p, struct bytes code);
int64_t policy_item(const struct policy *p, struct bytes code);
int64_t policy_task(const struct policy *p, struct bytes code);

/* May the two departments, indices, not take part in one visit (§6.1)? */
bool policy_apart(const struct policy *p, uint32_t a, uint32_t b);

/* Append the departments of the tasks (§6.1) as `tokens`: what a freeze names. */
void policy_departments(const struct policy *p, struct buf *out);

/* Does the cap apply to the task (§6.2)? */
bool policy_cap_applies(const struct policy *p, const struct cap *c, const struct task *t);

/* The first day whose inspections a cap may count at a freeze of that date: `entered` of the frame
 * begins there. */
int32_t policy_counts_from(const struct policy *p, int32_t date);

/* The class A-D whose ratio and mode a stratum takes: its own, for U that of class.missing. */
uint32_t policy_class(const struct policy *p, enum stratum s);

/* The rank of the strata (§6.3): D, C, B, A, with U before the class whose ratio it takes, and
 * within a class the larger factor first. */
void policy_rank(const struct policy *p, struct strata_rank *rank);

/* frame_load with the rank of the policy. */
bool policy_frame(const struct policy *p, struct frame *f, const struct table *t, struct arena *a,
	struct err *e);

/* The words of the choices. */
const char *task_way_name(enum task_way way);
const char *task_level_name(enum task_level level);

/* The i-th row of the table of paths from 0; false behind the last. */
bool policy_path(size_t i, struct settings_path *path);

#endif
