/* Who may inspect what: pool, recusals, history and calendar of a round, and the rules of
 * eligibility (PROTOCOL.md §10). */
#ifndef DRAWD_PLANNER_POOL_H
#define DRAWD_PLANNER_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/merge.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* Columns of the pool (§5). */
enum pool_column {
	POOL_INSPECTOR,
	POOL_DEPARTMENT,
	POOL_REGIONS,
	POOL_ITEMS,
	POOL_CERTIFICATE,
	POOL_LEAVE,
	POOL_LIMIT,
	POOL_COLUMNS
};

/* Codes in the order in which §10 tests them. */
enum eligibility {
	ELIGIBLE_DEPARTMENT,
	ELIGIBLE_REGION,
	ELIGIBLE_ITEM,
	ELIGIBLE_CERTIFICATE,
	ELIGIBLE_LEAVE,
	ELIGIBLE_RECUSAL,
	ELIGIBLE_ROTATION,
	ELIGIBLE_RULES,
	ELIGIBLE_ALL = ELIGIBLE_RULES /* every rule holds */
};

/* "department" … "rotation"; "eligible" for ELIGIBLE_ALL. */
const char *eligibility_name(enum eligibility code);

/* Indices [from, to) of some array; from ≥ to is empty. */
struct run {
	uint32_t from, to;
};

struct person {
	struct bytes id, department;
	uint32_t department_index; /* in the policy; UINT32_MAX where the policy does not know it */
	struct prefixes regions;
	struct list items;
	int32_t certificate; /* last day it is valid; CIVIL_NONE where the pool names none */
	uint32_t limit; /* personal limit: the policy's where the pool says 0 */
	uint32_t leave_count;
	const struct run *leave; /* calendar days, by start */
};

/* A person barred from a subject (object or entity). */
struct ban {
	struct bytes subject;
	uint32_t person;
	int32_t last; /* history: the last day there */
};

struct bans {
	uint32_t n;
	const struct ban *at; /* by subject, then person */
};

struct pool {
	uint32_t n;
	const struct person *at; /* ascending by id */
	uint32_t days;
	const int32_t *day; /* calendar: days (civil.h), ascending */
	struct bans recusals, history;
	/* persons with the same department, regions and items form a group */
	uint32_t groups;
	const uint32_t *group_start; /* groups + 1 */
	const uint32_t *group_member; /* ascending within a group */
	const struct run *department_groups; /* by department of the policy */
};

/* The artefacts, all bytes of each. Slices point into them. */
struct pool_artefacts {
	struct bytes pool, recusals, history, calendar;
};

/* Read and check all four. Refuses ERR_BAD_TABLE, ERR_BAD_DATE, ERR_BAD_NUMBER, naming artefact and
 * row. Recusals and history of persons who are not in the pool bar nobody. */
bool pool_read(struct pool *p, struct arena *a, const struct policy *policy,
	const struct pool_artefacts *in, struct err *e);

/* Index of a person, or -1. */
int64_t pool_find(const struct pool *p, struct bytes id);

/* Calendar days from … to, both included. */
struct run pool_window(const struct pool *p, int32_t from, int32_t to);

/* An assignment 检查分工: a visit and one of its departments (PROTOCOL.md §10). */
struct assignment {
	uint32_t visit; /* index in visits */
	uint32_t department; /* index in the policy */
	uint32_t places;
	struct bytes object, entity, region;
	int32_t from, to; /* the visit's first and last day */
	struct run window; /* its calendar days */
	uint32_t item_count;
	const uint32_t *items; /* indices in the policy, ascending */
	struct run recused_object, recused_entity; /* in the pool's recusals */
	struct run seen; /* in its history */
};

/* All assignments in the order of visits and departments. */
struct assignments {
	uint32_t n;
	const struct assignment *at;
	const uint32_t *visit_start; /* visits + 1: assignments of a visit */
};

/* Fill them in from the merged visits. Arrays live in the arena, slices are those of d. */
void assignments_make(struct assignments *out, struct arena *a, const struct policy *p,
	const struct draws *d, const struct visits *v, const struct pool *pool);

/* Is the person eligible? ELIGIBLE_ALL, or the first rule that fails. */
enum eligibility pool_eligible(const struct pool *pool, const struct policy *p,
	const struct assignment *s, uint32_t person);

/* One rule alone, below ELIGIBLE_RULES. */
bool pool_holds(const struct pool *pool, const struct policy *p, const struct assignment *s,
	uint32_t person, enum eligibility rule);

/* The eligible persons of every assignment: the same rules, evaluated by groups. to[] ascends
 * within an assignment. */
struct eligible {
	const uint32_t *start; /* assignments + 1 */
	const uint32_t *to;
};
void pool_eligible_all(struct eligible *out, struct arena *a, const struct pool *pool,
	const struct policy *p, const struct assignments *s);

#endif
