#include "daemon/replay/why.h"

#include <stdio.h>

#include "planner/explain.h"
#include "planner/why.h"

struct asking {
	const struct plan *plan;
	int64_t inspector; /* or -1 */
	bool json;
	enum err_lang lang;
};

static void tell(const struct why_slot *slot, const struct asking *q, struct arena *a)
{
	struct buf b = buf_new(a, 256);
	uint32_t taker = why_taker(slot);
	if (q->inspector >= 0)
		explain_why(&b, slot, (uint32_t)q->inspector, q->lang);
	else if (taker == SHP_OPEN)
		explain_nobody(&b, slot, q->lang);
	else
		explain_why(&b, slot, taker, q->lang);
	printf("%.*s\n", BYTES_ARG(buf_view(&b)));
}

/* Everybody who stood before the one who was drawn. */
static void tell_passed(
	const struct why_slot *slot, const struct asking *q, uint32_t assignment, struct arena *a)
{
	const struct eligible *who = &q->plan->eligible;
	for (uint32_t e = who->start[assignment]; e < who->start[assignment + 1]; e++) {
		struct why_answer w = why_person(slot, who->to[e]);
		if (q->inspector >= 0 || w.why == WHY_TAKEN || w.why == WHY_LATER)
			continue;
		struct buf b = buf_new(a, 256);
		explain_why(&b, slot, who->to[e], q->lang);
		printf("  %.*s\n", BYTES_ARG(buf_view(&b)));
	}
}

static void tell_visit(const struct asking *q, uint32_t visit)
{
	const struct plan *plan = q->plan;
	const struct visit *v = &plan->visits.at[visit];
	const struct assignments *s = &plan->assignments;
	for (uint32_t k = s->visit_start[visit]; k < s->visit_start[visit + 1]; k++)
		for (uint32_t place = 1; place <= s->at[k].places; place++) {
			ARENA_AUTO a = arena_new();
			const struct why_slot *slot = why_slot_new(a, plan, k, place);
			struct bytes department =
				plan->in->policy->departments[s->at[k].department].code;
			printf("%.*s~%u/%.*s/%u ", BYTES_ARG(s->at[k].object), v->ordinal,
				BYTES_ARG(department), place);
			tell(slot, q, a);
			tell_passed(slot, q, k, a);
		}
}

static void print_json(const struct plan *plan, uint32_t visit)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 4096);
	explain_visit(&b, plan, visit);
	printf("%.*s\n", BYTES_ARG(buf_view(&b)));
}

bool print_why(const struct plan *plan, const char *object, const char *inspector, bool json,
	enum err_lang lang)
{
	struct asking q = { .plan = plan, .inspector = -1, .json = json, .lang = lang };
	struct bytes id = bytes_of(object);
	bool found = false;
	if (inspector != NULL && (q.inspector = pool_find(&plan->pool, bytes_of(inspector))) < 0)
		return false;
	for (uint32_t i = 0; i < plan->visits.n; i++) {
		if (!bytes_equal(plan->in->draws.at[plan->visits.at[i].object].object, id))
			continue;
		found = true;
		if (q.json)
			print_json(plan, i);
		else
			tell_visit(&q, i);
	}
	return found;
}
