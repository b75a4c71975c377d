/* Compiling a policy into sets of tasks, modes and caps (PROTOCOL.md §6.2). */
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/exclude_inner.h"

/* ---- the exclusions ---- */

static struct bytes owned(struct arena *a, const char *prefix, struct bytes code)
{
	return bytes_of(arena_printf(a, "%s%.*s", prefix, BYTES_ARG(code)));
}

/* "cap-…" < "checked" < "closed" < "mode-…" < "remit" < "type" */
size_t exclusions_of(const struct policy *p, struct arena *a, const struct exclusion **list)
{
	size_t n = 0;
	struct exclusion *at = arena_calloc(a, RULES + p->cap_count + p->mode_count, sizeof *at);

	for (uint32_t c = 0; c < p->cap_count; c++)
		at[n++] = (struct exclusion){ owned(a, EXCLUDED_CAP, p->caps[c].code),
			p->caps[c].version, p->caps[c].basis };
	at[n++] = (struct exclusion){ BYTES(EXCLUDED_CHECKED), 1, p->basis[RULE_CHECKED] };
	at[n++] = (struct exclusion){ BYTES(EXCLUDED_CLOSED), 1, p->basis[RULE_CLOSED] };
	for (uint32_t m = 0; m < p->mode_count; m++)
		at[n++] = (struct exclusion){ owned(a, EXCLUDED_MODE, p->modes[m].code),
			p->modes[m].version, p->modes[m].basis };
	at[n++] = (struct exclusion){ BYTES(EXCLUDED_REMIT), 1, p->basis[RULE_REMIT] };
	at[n++] = (struct exclusion){ BYTES(EXCLUDED_TYPE), 1, p->basis[RULE_TYPE] };
	*list = at;
	return n;
}

const struct bytes *exclusion_codes(const struct exclusion *list, size_t n, struct arena *a)
{
	struct bytes *code = arena_calloc(a, n + 1, sizeof *code);

	for (size_t k = 0; k < n; k++)
		code[k] = list[k].code;
	return code;
}

static void name_codes(struct excluder *x, struct arena *a)
{
	const struct policy *p = x->policy;

	x->exclusions = exclusions_of(p, a, &x->exclusion);
	x->place[RULE_CHECKED] = p->cap_count;
	x->place[RULE_CLOSED] = p->cap_count + 1;
	x->first_mode = p->cap_count + 2;
	x->place[RULE_REMIT] = x->first_mode + p->mode_count;
	x->place[RULE_TYPE] = x->place[RULE_REMIT] + 1;
	for (unsigned s = 0; s < FRAME_STRATA; s++)
		x->name[s] = bytes_of(stratum_name((enum stratum)s));
	for (size_t k = 0; k < x->exclusions; k++)
		x->name[FRAME_STRATA + k] = x->exclusion[k].code;
}

/* ---- mentions ---- */

static int compare_mention(const void *a, const void *b)
{
	return bytes_compare(
		((const struct mention *)a)->value, ((const struct mention *)b)->value);
}

const word *excluder_mentioned(const struct mentions *m, struct bytes value)
{
	struct mention key = { value, NULL };
	const struct mention *found =
		m->n > 0 ? bsearch(&key, m->at, m->n, sizeof key, compare_mention) : NULL;

	return found != NULL ? found->set : NULL;
}

/* Mentions while they are gathered: a value, and the place of the bit it sets. */
struct gathered {
	struct bytes value;
	size_t bit;
};

struct gathering {
	struct arena *a;
	struct gathered *at;
	size_t n, room;
};

static void gather(struct gathering *g, struct bytes value, size_t bit)
{
	if (g->n == g->room) {
		struct gathered *more = arena_calloc(g->a, 2 * g->room + 64, sizeof *more);
		if (g->n > 0)
			memcpy(more, g->at, g->n * sizeof *more);
		g->at = more;
		g->room = 2 * g->room + 64;
	}
	g->at[g->n++] = (struct gathered){ value, bit };
}

static void gather_list(struct gathering *g, const struct list *l, size_t word_place, size_t i)
{
	for (uint32_t k = 0; k < l->n; k++)
		gather(g, l->at[k], 64 * word_place + i);
}

static int compare_gathered(const void *x, const void *y)
{
	const struct gathered *a = x, *b = y;
	int c = bytes_compare(a->value, b->value);
	return c != 0 ? c : (a->bit > b->bit) - (a->bit < b->bit);
}

static struct mentions make_mentions(struct gathering *g, struct arena *a, size_t words)
{
	struct mentions m = { 0, arena_calloc(a, g->n + 1, sizeof *m.at) };

	if (g->n > 1)
		qsort(g->at, g->n, sizeof *g->at, compare_gathered);
	for (size_t i = 0; i < g->n; i++) {
		if (m.n == 0 || !bytes_equal(m.at[m.n - 1].value, g->at[i].value))
			m.at[m.n++] = (struct mention){ g->at[i].value,
				arena_calloc(a, words + 1, sizeof(word)) };
		set_add(m.at[m.n - 1].set, g->at[i].bit);
	}
	return m;
}

static void mention_labels(struct excluder *x, struct arena *a, struct arena *scratch)
{
	const struct policy *p = x->policy;
	struct gathering g = { .a = scratch };

	for (uint32_t t = 0; t < p->task_count; t++)
		gather_list(&g, &p->tasks[t].labels, x->label.task, t);
	for (uint32_t m = 0; m < p->mode_count; m++) {
		gather_list(&g, &p->modes[m].labels, x->label.mode, m);
		gather_list(&g, &p->modes[m].except, x->label.except, m);
	}
	for (uint32_t c = 0; c < p->cap_count; c++)
		gather_list(&g, &p->caps[c].labels, x->label.cap, c);
	for (uint32_t k = 0; k < ADJUSTMENTS; k++)
		gather_list(&g, &p->adjust[k].labels, x->label.mark, k);
	x->labels = make_mentions(&g, a, x->label.words);
}

static void mention_items(struct excluder *x, struct arena *a, struct arena *scratch)
{
	const struct policy *p = x->policy;
	struct gathering items = { .a = scratch }, fields = { .a = scratch };

	for (uint32_t t = 0; t < p->task_count; t++) {
		gather_list(&items, &p->tasks[t].item_codes, 0, t);
		for (uint32_t i = 0; i < p->tasks[t].item_count; i++) {
			const struct item *item = &p->items[p->tasks[t].items[i]];
			if (item->field >= 0)
				gather(&fields, item->field_code, t);
		}
	}
	x->items = make_mentions(&items, a, x->task_words);
	x->fields = make_mentions(&fields, a, x->task_words);
}

/* ---- sets ---- */

static word *new_set(struct arena *a, size_t words)
{
	return arena_calloc(a, words + 1, sizeof(word));
}

static void add_kinds(const struct excluder *x, const struct list *kinds, size_t place, size_t i)
{
	/* the empty kind is in no list */
	for (int k = 0; k < KINDS; k++)
		if (list_has(kinds, bytes_of(kind_name((enum object_kind)k))))
			set_add(x->by_kind[k] + place, i);
}

static void add_classes(
	const struct excluder *x, const struct classes *classes, size_t place, size_t i)
{
	for (int c = 0; c < FRAME_CLASSES; c++)
		if ((classes->set >> c & 1) != 0)
			set_add(x->by_class[c] + place, i);
}

static void add_task(struct excluder *x, uint32_t t)
{
	const struct task *task = &x->policy->tasks[t];

	if (task->labels.all)
		set_add(x->any_label + x->label.task, t);
	for (uint32_t n = task->frequency; n < sizeof x->at_most / sizeof *x->at_most; n++)
		set_add(x->at_most[n], t);
	add_kinds(x, &task->kinds, x->kind.task, t);
}

static void add_mode(struct excluder *x, struct arena *a, uint32_t m)
{
	const struct policy *p = x->policy;
	const struct mode *mode = &p->modes[m];

	if (mode->from <= x->date && x->date <= mode->to)
		set_add(x->in_force, m);
	if (mode->labels.all)
		set_add(x->any_label + x->label.mode, m);
	for (int s = 0; s < STATUSES; s++)
		if (list_has(&mode->statuses, bytes_of(status_name((enum object_status)s))))
			set_add(x->by_status[s], m);
	add_kinds(x, &mode->kinds, x->kind.mode, m);
	add_classes(x, &mode->classes, x->class.mode, m);
	x->mode_tasks[m] = new_set(a, x->task_words);
	for (uint32_t t = 0; t < p->task_count; t++)
		if ((mode->scope == SCOPE_ALL || p->tasks[t].general) &&
			!(mode->lifts && p->tasks[t].strict))
			set_add(x->mode_tasks[m], t);
}

static void add_cap(struct excluder *x, struct arena *a, uint32_t c)
{
	const struct policy *p = x->policy;
	const struct cap *cap = &p->caps[c];

	if (cap->labels.all)
		set_add(x->any_label + x->label.cap, c);
	add_kinds(x, &cap->kinds, x->kind.cap, c);
	add_classes(x, &cap->classes, x->class.cap, c);
	x->cap_tasks[c] = new_set(a, x->task_words);
	for (uint32_t t = 0; t < p->task_count; t++)
		if (policy_cap_applies(p, cap, &p->tasks[t]))
			set_add(x->cap_tasks[c], t);
}

/* ---- all of it ---- */

static void lay_out(struct excluder *x)
{
	size_t t = ((size_t)x->policy->task_count + 63) / 64;
	size_t m = ((size_t)x->policy->mode_count + 63) / 64;
	size_t c = ((size_t)x->policy->cap_count + 63) / 64;

	x->task_words = t;
	x->mode_words = m;
	x->cap_words = c;
	x->label = (struct places){ .task = 0,
		.mode = t,
		.except = t + m,
		.cap = t + 2 * m,
		.mark = t + 2 * m + c,
		.words = t + 2 * m + c + 1 };
	x->region = (struct places){ .task = 0, .remit = t, .mode = 2 * t, .words = 2 * t + m };
	x->industry = (struct places){ .task = 0, .mode = t, .words = t + m };
	x->kind = (struct places){ .task = 0, .mode = t, .cap = t + m, .words = t + m + c };
	x->class = (struct places){ .mode = 0, .cap = m, .words = m + c };
}

static struct memo *new_memo(struct arena *a, size_t words)
{
	struct memo *m = arena_calloc(a, MEMO_PLACES, sizeof *m);
	for (size_t i = 0; i < MEMO_PLACES; i++)
		m[i].set = new_set(a, words);
	return m;
}

static void make_room(struct excluder *x, struct arena *a)
{
	const struct policy *p = x->policy;

	x->any_label = new_set(a, x->label.words);
	x->labelled = new_set(a, x->label.words);
	for (int k = 0; k < KINDS; k++)
		x->by_kind[k] = new_set(a, x->kind.words);
	for (int c = 0; c < FRAME_CLASSES; c++)
		x->by_class[c] = new_set(a, x->class.words);
	for (int s = 0; s < STATUSES; s++)
		x->by_status[s] = new_set(a, x->mode_words);
	for (size_t n = 0; n < sizeof x->at_most / sizeof *x->at_most; n++)
		x->at_most[n] = new_set(a, x->task_words);
	x->in_force = new_set(a, x->mode_words);
	x->left = new_set(a, x->task_words);
	x->scratch = new_set(a, x->task_words);
	x->mode_tasks = arena_calloc(a, p->mode_count + 1, sizeof *x->mode_tasks);
	x->cap_tasks = arena_calloc(a, p->cap_count + 1, sizeof *x->cap_tasks);
	x->worst = arena_calloc(a, p->task_count + 1, sizeof *x->worst);
	x->checks = arena_calloc(a, p->department_count + 1, sizeof *x->checks);
	x->regions = new_memo(a, x->region.words);
	x->industries = new_memo(a, x->industry.words);
}

struct excluder *excluder_new(struct arena *a, const struct policy *p, int32_t date)
{
	ARENA_AUTO scratch = arena_new();
	struct excluder *x = arena_calloc(a, 1, sizeof *x);

	x->policy = p;
	x->date = date;
	lay_out(x);
	make_room(x, a);
	for (uint32_t t = 0; t < p->task_count; t++)
		add_task(x, t);
	for (uint32_t m = 0; m < p->mode_count; m++)
		add_mode(x, a, m);
	for (uint32_t c = 0; c < p->cap_count; c++)
		add_cap(x, a, c);
	mention_labels(x, a, scratch);
	mention_items(x, a, scratch);
	name_codes(x, a);
	return x;
}
