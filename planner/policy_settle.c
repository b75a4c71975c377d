/* What the settings of a policy must be to one another, and what follows from them (PROTOCOL.md
 * §6.1, and §6.2, §6.3 for strict, general and the unit of a task). */
#include "planner/civil.h"
#include "planner/policy_table.h"
#include "sampler/type.h"

/* "item.<i>.field": which setting of which owner, and what is wrong with its value. */
static bool refuse(struct err *e, enum err_code code, const char *prefix, struct bytes owner,
	const char *name, struct bytes value, const char *what)
{
	err_set(e, code, "\"%.*s\": %s", BYTES_ARG(type_shown(value)), what);
	return err_at(e, "policy: %s.%.*s.%s", prefix, BYTES_ARG(owner), name);
}

static bool refuse_task(struct err *e, enum err_code code, const struct task *t, const char *name,
	struct bytes value, const char *what)
{
	return refuse(e, code, "task", t->code, name, value, what);
}

static bool refuse_root(struct err *e, enum err_code code, struct bytes path, const char *what)
{
	return settings_refuse(&policy_form, e, code, path, what);
}

/* ---- adjustments, modes ---- */

static bool check_adjustments(const struct policy *p, struct err *e)
{
	static const struct bytes basis[ADJUSTMENTS] = { { "adjust.1.basis", 14 },
		{ "adjust.2.basis", 14 } };

	for (int i = 0; i < ADJUSTMENTS; i++)
		if (p->adjust[i].labels.n > 0 && p->adjust[i].basis.n == 0)
			return refuse_root(e, ERR_BASIS_MISSING, basis[i],
				"an adjustment that has labels needs the law behind it");
	for (uint32_t i = 0; i < p->adjust[1].labels.n; i++)
		if (list_has(&p->adjust[0].labels, p->adjust[1].labels.at[i]))
			return refuse_root(e, ERR_BAD_POLICY, BYTES("adjust.2.labels"),
				"a label of adjust.1 too: whom it is for must be one of them");
	return true;
}

static bool check_modes(const struct policy *p, struct err *e)
{
	char from[CIVIL_TEXT];

	for (uint32_t m = 0; m < p->mode_count; m++) {
		const struct mode *mode = &p->modes[m];
		if (mode->from > mode->to)
			return refuse(e, ERR_BAD_DATE, "mode", mode->code, "from",
				bytes_of(civil_format(mode->from, from)), "after its last day");
	}
	return true;
}

/* ---- departments ---- */

/* Either names the other. */
static bool are_apart(const struct department *a, const struct department *b)
{
	return list_has(&a->apart_codes, b->code) || list_has(&b->apart_codes, a->code);
}

static bool check_apart(const struct policy *p, const struct department *d, struct err *e)
{
	for (uint32_t i = 0; i < d->apart_codes.n; i++) {
		int64_t other = policy_department(p, d->apart_codes.at[i]);
		if (other < 0 || &p->departments[other] == d)
			return refuse(e, ERR_BAD_POLICY, "department", d->code, "apart",
				d->apart_codes.at[i],
				other < 0 ? "no such department" : "the department itself");
	}
	return true;
}

static bool settle_apart(struct policy *p, struct arena *a, struct err *e)
{
	uint32_t n = p->department_count, *apart = arena_calloc(a, (size_t)n + 1, sizeof *apart);

	for (uint32_t d = 0; d < n; d++) {
		struct department *own = &p->departments[d];
		if (!check_apart(p, own, e))
			return false;
		for (uint32_t k = 0; k < n; k++)
			if (k != d && are_apart(own, &p->departments[k]))
				apart[own->apart_count++] = k;
		if (own->apart_count == 0)
			continue;
		own->apart = apart;
		apart = arena_calloc(a, (size_t)n + 1, sizeof *apart);
	}
	return true;
}

/* ---- items ---- */

static bool settle_items(struct policy *p, struct err *e)
{
	for (uint32_t i = 0; i < p->item_count; i++) {
		struct item *item = &p->items[i];
		int64_t d = policy_department(p, item->department_code);
		if (d < 0)
			return refuse(e, ERR_BAD_POLICY, "item", item->code, "department",
				item->department_code, "no such department");
		item->department = (uint32_t)d;
		item->field = policy_field(p, item->field_code);
		if (item->field < 0 && item->field_code.n > 0)
			return refuse(e, ERR_BAD_POLICY, "item", item->code, "field",
				item->field_code, "no such field");
	}
	return true;
}

/* ---- tasks ---- */

/* Items of the task and their departments, as indices; general and strict. */
static bool settle_task_items(
	const struct policy *p, struct task *t, struct arena *a, struct err *e)
{
	uint32_t *items = arena_calloc(a, t->item_codes.n + 1, sizeof *items);
	uint32_t *departments = arena_calloc(a, p->department_count + 1, sizeof *departments);
	bool *used = arena_calloc(a, p->department_count + 1, sizeof *used);

	t->general = true;
	t->strict = t->safety;
	for (uint32_t i = 0; i < t->item_codes.n; i++) {
		int64_t place = policy_item(p, t->item_codes.at[i]);
		if (place < 0)
			return refuse_task(
				e, ERR_BAD_POLICY, t, "items", t->item_codes.at[i], "no such item");
		const struct item *item = &p->items[place];
		items[t->item_count++] = (uint32_t)place;
		used[item->department] = true;
		t->general = t->general && item->key == 0;
		t->strict = t->strict || (item->field >= 0 && p->fields[item->field].strict);
	}
	for (uint32_t d = 0; d < p->department_count; d++)
		if (used[d])
			departments[t->department_count++] = d;
	t->items = items;
	t->departments = departments;
	return true;
}

static bool settle_departments(const struct policy *p, struct task *t, struct err *e)
{
	int64_t lead = policy_department(p, t->lead_code);

	for (uint32_t i = 0; i < t->department_count; i++) {
		const struct department *d = &p->departments[t->departments[i]];
		if (!d->inspects)
			return refuse_task(e, ERR_NO_DEPARTMENT, t, "items", d->code,
				"this department of the task may not inspect");
	}
	if (lead < 0)
		return refuse_task(
			e, ERR_BAD_POLICY, t, "lead", t->lead_code, "no such department");
	for (uint32_t i = 0; i < t->department_count; i++) {
		if (t->departments[i] == lead) {
			t->lead = (uint32_t)lead;
			return true;
		}
	}
	return refuse_task(e, ERR_BAD_POLICY, t, "lead", t->lead_code,
		"no item of the task is this department's");
}

/* Its departments meet in one visit at least where it is alone there. */
static bool check_together(const struct policy *p, const struct task *t, struct err *e)
{
	if (p->visits_departments > 0 && t->department_count > p->visits_departments)
		return refuse_task(e, ERR_BAD_POLICY, t, "items", t->code,
			"more departments than visits.departments lets into one visit");
	for (uint32_t i = 0; i < t->department_count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (policy_apart(p, t->departments[i], t->departments[k]))
				return refuse_task(e, ERR_BAD_POLICY, t, "items",
					p->departments[t->departments[i]].code,
					"apart from another department of the task");
	return true;
}

static bool check_shared(const struct task *t, struct err *e)
{
	if (t->shared == COORDINATION_OWN)
		return true;
	if (t->weighted == DESIGN_WEIGHTED)
		return refuse_task(e, ERR_BAD_POLICY, t, "design", BYTES("weighted"),
			"tasks that share a cutoff draw with equal chances");
	if (t->minimum > 0)
		return refuse_task(e, ERR_BAD_POLICY, t, "coordination", BYTES("shared-cutoff"),
			"a task with a legal minimum has a quota of its own");
	return true;
}

static bool refuse_day(
	struct err *e, const struct task *t, const char *name, int32_t day, const char *what)
{
	char text[CIVIL_TEXT];
	return refuse_task(e, ERR_BAD_DATE, t, name, bytes_of(civil_format(day, text)), what);
}

static bool check_window(const struct policy *p, const struct task *t, struct err *e)
{
	if (t->from > t->to)
		return refuse_day(e, t, "from", t->from, "after the window's last day");
	if (t->from < p->cycle_from)
		return refuse_day(e, t, "from", t->from, "before cycle.from");
	if (t->to > p->cycle_to)
		return refuse_day(e, t, "to", t->to, "after cycle.to");
	return true;
}

static bool refuse_batch(
	struct err *e, const struct task *t, const struct span *span, const char *what)
{
	return refuse_day(e, t, "batches", span->from, what);
}

static bool check_batches(const struct task *t, struct err *e)
{
	if (t->batches.n > BATCHES_MAX)
		return refuse_batch(e, t, &t->batches.at[BATCHES_MAX], "more than 12 batches");
	for (uint32_t i = 0; i < t->batches.n; i++) {
		const struct span *span = &t->batches.at[i];
		if (span->from > span->to)
			return refuse_batch(e, t, span, "this batch begins after its last day");
		if (span->from < t->from || span->to > t->to)
			return refuse_batch(e, t, span, "this batch is not within the window");
		if (i > 0 && span->from <= span[-1].to)
			return refuse_batch(
				e, t, span, "this batch begins before the one before has ended");
	}
	return true;
}

static bool check_officers(const struct task *t, struct err *e)
{
	if (t->officers == 1 && t->officers_basis.n == 0)
		return refuse_task(e, ERR_BASIS_MISSING, t, "officers-basis", t->officers_basis,
			"one officer alone needs a legal basis");
	if (t->officers > 1 && t->officers_basis.n > 0)
		return refuse_task(e, ERR_BAD_POLICY, t, "officers-basis", t->officers_basis,
			"must be empty unless officers is 1");
	return true;
}

static bool check_strict(const struct task *t, struct err *e)
{
	static const char *const ratio[CLASSES] = { "ratio.A", "ratio.B", "ratio.C", "ratio.D" };

	for (int c = 0; c < CLASSES; c++)
		if (t->strict && t->ratio[c] == 0)
			return refuse_task(e, ERR_BAD_RATIO, t, ratio[c], BYTES("0"),
				"a task of safety or of a strict field leaves no class out");
	return true;
}

/* A key item among general ones lifts what holds for general items alone: ceiling.general, modes of
 * scope general. */
static bool is_mixed(const struct policy *p, const struct task *t)
{
	for (uint32_t i = 0; i < t->item_count; i++)
		if (!t->general && p->items[t->items[i]].key == 0)
			return true;
	return false;
}

/* What a task may do only with a reason; NULL where it does none of it. */
static const char *needs_reason(const struct policy *p, const struct task *t)
{
	for (int c = 1; c < CLASSES; c++)
		if (t->ratio[c - 1] > t->ratio[c])
			return "a worse class is drawn less than a better one";
	for (int c = 0; c < CLASSES; c++)
		if (t->ratio[c] == 0)
			return "a class is not drawn at all";
	if (!t->strict && t->ratio[STRATUM_A] > 0 && t->mode[STRATUM_A] == WAY_ONSITE)
		return "class A is visited on site";
	if (is_mixed(p, t))
		return "general and key items in one task";
	return NULL;
}

static bool check_reason(const struct policy *p, const struct task *t, struct err *e)
{
	const char *why = needs_reason(p, t);

	if (why == NULL || t->reason.n > 0)
		return true;
	err_set(e, ERR_NO_REASON, "%s", why);
	return err_at(e, "policy: task.%.*s.reason", BYTES_ARG(t->code));
}

static bool names_department(const struct policy *p, const struct task *t, const struct list *l)
{
	for (uint32_t i = 0; i < t->department_count; i++)
		if (list_has(l, p->departments[t->departments[i]].code))
			return true;
	return false;
}

bool policy_cap_applies(const struct policy *p, const struct cap *c, const struct task *t)
{
	return list_has(&c->levels, bytes_of(task_level_name((enum task_level)t->level))) &&
	       names_department(p, t, &c->departments) &&
	       (c->counts != COUNTS_ENTRIES || t->onsite || p->focus_labels.n > 0);
}

static void settle_unit(const struct policy *p, struct task *t)
{
	for (int c = 0; c < CLASSES; c++)
		t->onsite = t->onsite || t->mode[c] == WAY_ONSITE;
	for (uint32_t c = 0; c < p->cap_count; c++)
		t->by_entity = t->by_entity || policy_cap_applies(p, &p->caps[c], t);
}

static bool settle_task(const struct policy *p, struct task *t, struct arena *a, struct err *e)
{
	if (!check_window(p, t, e) || !check_batches(t, e) || !check_officers(t, e) ||
		!settle_task_items(p, t, a, e) || !settle_departments(p, t, e) ||
		!check_together(p, t, e) || !check_shared(t, e) || !check_strict(t, e) ||
		!check_reason(p, t, e))
		return false;
	settle_unit(p, t);
	return true;
}

static bool check_counts(const struct policy *p, struct err *e)
{
	if (p->task_count > POLICY_TASKS_MAX)
		return refuse_root(e, ERR_BAD_POLICY, BYTES("task"), "more than 999 tasks");
	if (p->mode_count > POLICY_MODES_MAX)
		return refuse_root(e, ERR_BAD_POLICY, BYTES("mode"), "more than 99 modes");
	if (p->cap_count > POLICY_CAPS_MAX)
		return refuse_root(e, ERR_BAD_POLICY, BYTES("cap"), "more than 99 caps");
	return true;
}

bool policy_settle(struct policy *p, struct arena *a, struct err *e)
{
	if (p->cycle_from > p->cycle_to)
		return refuse_root(e, ERR_BAD_DATE, BYTES("cycle.from"), "after cycle.to");
	if (policy_department(p, BYTES("none")) >= 0)
		return refuse_root(e, ERR_BAD_POLICY, BYTES("department.none"),
			"a code like any other, but not none");
	if (!check_counts(p, e) || !check_adjustments(p, e) || !check_modes(p, e) ||
		!settle_apart(p, a, e) || !settle_items(p, e))
		return false;
	for (uint32_t i = 0; i < p->task_count; i++)
		if (!settle_task(p, &p->tasks[i], a, e))
			return false;
	return true;
}
