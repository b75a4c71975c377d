/* Merging the draws of all departments into visits (PROTOCOL.md §9) and the figures of a plan. */
#ifndef DRAWD_PLANNER_MERGE_H
#define DRAWD_PLANNER_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* A drawn object: what the plan needs of its frame row, and the tasks that drew it. */
struct plan_object {
	struct bytes object, entity, region;
	uint32_t task_count;
	const uint32_t *tasks; /* indices in the policy, ascending, unique */
};

/* The drawn objects, ascending by object. */
struct draws {
	uint32_t n;
	struct plan_object *at;
};

/* Read the artefact `selection` (all its bytes): objects with their tasks; entity and region stay
 * empty, the caller fills them in from the frame's rows. Slices point into the artefact, arrays
 * live in the arena. Refuses with ERR_BAD_TABLE, ERR_PLAN_RULE (a task that the policy does not
 * know). */
bool draws_read(struct draws *d, struct arena *a, const struct policy *p, struct bytes selection,
	struct err *e);

/* The drawn object of that id, or NULL: where a caller who walks the frame puts entity and region
 * (slices that must outlive the draws). */
struct plan_object *draws_find(const struct draws *d, struct bytes object);

/* The same with all facts, from a loaded frame and its draw by object (sampler/select.h). Slices
 * point into the frame's text. Refuses with ERR_PLAN_RULE where the frame has a task that the
 * policy does not know. */
struct frame;
struct drawn;
bool draws_of_frame(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	const struct drawn *drawn, struct err *e);

/* One visit 入企检查, or one offsite check. */
struct visit {
	uint32_t object; /* index in draws */
	uint32_t ordinal;
	bool offsite;
	int32_t from, to; /* days (civil.h) */
	uint32_t lead; /* department, index in the policy */
	uint32_t task_count, department_count;
	const uint32_t *tasks, *departments; /* indices in the policy, ascending */
};

/* In the order of the artefact `visits`: by object, then by ordinal as text. */
struct visits {
	uint32_t n;
	const struct visit *at;
};

/* PROTOCOL.md §9. Refuses with ERR_PLAN_RULE a visit in which no department of its tasks has the
 * object's region in its remit (§6.2 `remit` excludes such objects). Arrays live in the arena. */
bool merge_visits(struct visits *v, struct arena *a, const struct policy *p, const struct draws *d,
	struct err *e);

/* Append the codes of a visit's tasks or departments, joined by `,`. */
void visit_put_tasks(struct buf *b, const struct policy *p, const struct visit *v);
void visit_put_departments(struct buf *b, const struct policy *p, const struct visit *v);

/* L: the sum over the objects of the frame of the highest probability n/N that any onsite task
 * gives it. No fair design averages fewer visits. Integers: each probability is
 * floor(n · 10^9 / N). */
struct bound;
struct bound *bound_new(struct arena *a, const struct policy *p);
/* N and n of a stratum of a task; a stratum that is never named has probability 0. */
void bound_stratum(
	struct bound *b, uint32_t task, uint32_t stratum, uint64_t population, uint64_t quota);
/* One object of the frame: one cell per task of the policy; a cell that is not a stratum (an
 * exclusion code, frame.h or exclude.h) gives nothing. */
void bound_object(struct bound *b, const uint8_t *cells);
/* Sum so far, in thousand-millionths of a visit. */
uint64_t bound_sum(const struct bound *b);

struct plan_figures {
	uint64_t drawn_pairs; /* rows of the selection (task × object) */
	uint64_t objects; /* objects drawn */
	uint64_t visits; /* onsite: door entries */
	uint64_t offsite; /* offsite checks */
	uint64_t assignments; /* onsite: sum over the visits of their departments */
	uint64_t department_pairs; /* onsite: department × object pairs, each once */
	uint64_t merged_objects; /* objects that get one onsite visit for two or more departments */
};

/* Figures of the merge; divisions are left to the reader of the numbers. Entries saved against
 * unmerged inspections are department_pairs - visits. */
void merge_figures(struct plan_figures *f, const struct policy *p, const struct draws *d,
	const struct visits *v);

#endif
