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
#include "sampler/frame.h"
#include "sampler/select.h"

/* Is the object one of 重点监管对象: has it a label of `focus.labels`? */
bool merge_focus(const struct policy *p, struct bytes labels);
/* Does a task draw an object of this stratum onsite 现场? */
bool merge_onsite(const struct policy *p, const struct task *t, enum stratum s, bool focus);

/* A task that drew an object. */
struct drawn_task {
	uint32_t task; /* index in the policy */
	bool onsite;
	int32_t from, to; /* its window, or the range of the object's batch; days (civil.h) */
};

/* A drawn object: what the plan needs of its frame row, and the tasks that drew it. */
struct plan_object {
	struct bytes object, entity, region;
	struct bytes kind, class, labels, checked, entered, reserved; /* §5 */
	uint32_t task_count;
	const struct drawn_task *tasks; /* ascending by task, each once */
};

/* The drawn objects, ascending by object. */
struct draws {
	uint32_t n;
	struct plan_object *at;
};

/* The draws of an artefact `selection` (all its bytes) from a frame. Slices point into the frame's
 * text, arrays live in the arena. Refuses with ERR_BAD_TABLE, and with ERR_PLAN_RULE a task,
 * stratum or batch that the policy does not know and an object that the frame does not have. */
bool draws_read(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	struct bytes selection, struct err *e);

/* The drawn object of that id, or NULL. */
struct plan_object *draws_find(const struct draws *d, struct bytes object);

/* The same from a draw by object (sampler/select.h). The frame's tasks are those of the policy. */
void draws_of_frame(struct draws *d, struct arena *a, const struct policy *p, const struct frame *f,
	const struct drawn *drawn);

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

/* A task that a cap or its frequency keeps out of a visit of the same round. */
enum { DROP_CHECKED = -1 };
struct dropped {
	uint32_t object, task; /* indices in draws and policy */
	int32_t why; /* the cap, index in the policy, or DROP_CHECKED */
};

/* In the order of the artefact `visits`: by object, then by ordinal as text. */
struct visits {
	uint32_t n, dropped_count;
	const struct visit *at;
	const struct dropped *dropped; /* in any order */
};

/* PROTOCOL.md §9. Refuses with ERR_PLAN_RULE a visit in which no department of its tasks has the
 * object's region in its remit (§6.2 `remit` excludes such objects). Arrays live in the arena. */
bool merge_visits(struct visits *v, struct arena *a, const struct policy *p, const struct draws *d,
	struct err *e);

/* Append the codes of a visit's tasks or departments, joined by `,`. */
void visit_put_tasks(struct buf *b, const struct policy *p, const struct visit *v);
void visit_put_departments(struct buf *b, const struct policy *p, const struct visit *v);

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

/* Figures of one department: of the visits in which it takes part. */
struct department_figures {
	uint64_t visits, offsite; /* onsite and offsite, as in plan_figures */
	uint64_t
		joint; /* onsite, with other departments; the merge rate 合并率 is joint / visits */
	uint64_t saved; /* entries fewer than if every department of these visits came by itself */
};

/* Of every department of the policy, one each. */
void merge_department_figures(
	struct department_figures *f, const struct policy *p, const struct visits *v);

#endif
