#include "planner/plan.h"

#include "planner/planrows.h"
#include "planner/slotkeys.h"

/* ---- inspectors ------------------------------------------------------------------------------ */

static void draw_inspectors(struct plan *plan, struct arena *a)
{
	struct slot_keys keys = { .policy = plan->in->policy,
		.visits = &plan->visits,
		.assignments = &plan->assignments };
	struct shp_graph g;
	slot_graph(&g, a, &keys, plan->in->keys, &plan->pool, &plan->eligible);
	shp_run(&plan->shp, a, &g);
}

/* The lowest filled place of an assignment, or SHP_OPEN. */
static uint32_t lowest_filled(const struct plan *plan, uint32_t assignment)
{
	const uint32_t *start = plan->shp.slot_start;
	for (uint32_t k = start[assignment]; k < start[assignment + 1]; k++)
		if (plan->shp.slot[k] != SHP_OPEN)
			return plan->shp.slot[k];
	return SHP_OPEN;
}

/* Departments of a visit ascend, so the first with a filled place is the smallest. */
uint32_t plan_leader(const struct plan *plan, uint32_t visit)
{
	uint32_t leader = SHP_OPEN;
	const uint32_t *start = plan->assignments.visit_start;
	for (uint32_t s = start[visit]; s < start[visit + 1]; s++) {
		uint32_t person = lowest_filled(plan, s);
		if (person == SHP_OPEN)
			continue;
		if (plan->assignments.at[s].department == plan->visits.at[visit].lead)
			return person;
		leader = leader == SHP_OPEN ? person : leader;
	}
	return leader;
}

static void set_leaders(struct plan *plan, struct arena *a)
{
	uint32_t *leader = arena_calloc(a, (size_t)plan->visits.n + 1, sizeof *leader);
	for (uint32_t i = 0; i < plan->visits.n; i++)
		leader[i] = plan_leader(plan, i);
	plan->leader = leader;
}

/* ---- calendar -------------------------------------------------------------------------------- */

static void set_halves(struct plan *plan, struct arena *a)
{
	ARENA_AUTO scratch = arena_new();
	const uint32_t *visit_start = plan->assignments.visit_start;
	uint32_t n = 0;
	uint32_t *start = arena_calloc(scratch, (size_t)plan->visits.n + 1, sizeof *start);
	uint32_t *person = arena_calloc(scratch, (size_t)plan->shp.slots + 1, sizeof *person);
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		uint32_t from = plan->shp.slot_start[visit_start[i]];
		uint32_t to = plan->shp.slot_start[visit_start[i + 1]];
		for (uint32_t k = from; k < to; k++)
			if (plan->shp.slot[k] != SHP_OPEN)
				person[n++] = plan->shp.slot[k];
		start[i + 1] = n;
	}
	struct bytes *region = arena_calloc(scratch, (size_t)plan->visits.n + 1, sizeof *region);
	for (uint32_t i = 0; i < plan->visits.n; i++)
		region[i] = plan->in->draws.at[plan->visits.at[i].object].region;
	struct crews crews = { .start = start, .person = person };
	plan->half = calendar_place(a, &plan->visits, &plan->pool, &crews, region);
}

bool plan_make(struct plan *plan, struct arena *a, const struct plan_input *in, struct err *e)
{
	*plan = (struct plan){ .in = in, .arena = a };
	if (!pool_read(&plan->pool, a, in->policy, &in->artefacts, e) ||
		!merge_visits(&plan->visits, a, in->policy, &in->draws, e))
		return false;
	assignments_make(&plan->assignments, a, in->policy, &in->draws, &plan->visits, &plan->pool);
	pool_eligible_all(&plan->eligible, a, &plan->pool, in->policy, &plan->assignments);
	draw_inspectors(plan, a);
	set_leaders(plan, a);
	set_halves(plan, a);
	merge_figures(&plan->figures, in->policy, &in->draws, &plan->visits);
	plan->own = arena_calloc(a, (size_t)in->policy->department_count + 1, sizeof *plan->own);
	merge_department_figures(plan->own, in->policy, &plan->visits);
	return plan_write(plan, e);
}
