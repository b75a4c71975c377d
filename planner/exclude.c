#include "planner/exclude.h"

#include <assert.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/exclude_inner.h"
#include "planner/merge.h"
#include "sampler/type.h"

struct bytes excluder_code(const struct excluder *x, uint8_t code)
{
	assert(code < FRAME_STRATA + x->exclusions);
	return x->name[code];
}

/* ---- what repeats from object to object ---- */

static void decide_region(const struct excluder *x, struct bytes region, word *set)
{
	const struct policy *p = x->policy;

	for (uint32_t t = 0; t < p->task_count; t++) {
		const struct task *task = &p->tasks[t];
		if (prefixes_match(&task->regions, region))
			set_add(set + x->region.task, t);
		for (uint32_t i = 0; i < task->department_count; i++)
			if (prefixes_match(&p->departments[task->departments[i]].regions, region))
				set_add(set + x->region.remit, t);
	}
	for (uint32_t m = 0; m < p->mode_count; m++)
		if (prefixes_match(&p->modes[m].regions, region))
			set_add(set + x->region.mode, m);
}

static void decide_industry(const struct excluder *x, struct bytes industry, word *set)
{
	const struct policy *p = x->policy;

	for (uint32_t t = 0; t < p->task_count; t++)
		if (prefixes_match(&p->tasks[t].industries, industry))
			set_add(set + x->industry.task, t);
	for (uint32_t m = 0; m < p->mode_count; m++)
		if (prefixes_match(&p->modes[m].industries, industry))
			set_add(set + x->industry.mode, m);
}

static const word *recall(const struct excluder *x, struct memo *memo, struct bytes value,
	size_t words, void (*decide)(const struct excluder *x, struct bytes value, word *set))
{
	uint32_t hash = 2166136261;

	assert(value.n <= MEMO_KEY);
	for (size_t i = 0; i < value.n; i++)
		hash = (hash ^ (unsigned char)value.p[i]) * 16777619;
	struct memo *m = &memo[(hash ^ hash >> 16) % MEMO_PLACES];
	if (m->used && bytes_equal((struct bytes){ m->key, m->n }, value))
		return m->set;
	m->used = true;
	m->n = (uint8_t)value.n;
	for (size_t i = 0; i < value.n; i++)
		m->key[i] = value.p[i];
	memset(m->set, 0, words * sizeof(word));
	decide(x, value, m->set);
	return m->set;
}

/* ---- the rules (PROTOCOL.md §6.2), in the order in which they are tested ---- */

/* An object while its rules are tested. */
struct look {
	struct excluder *x;
	const struct facts *f;
	const word *region, *industry;
	uint8_t *codes;
};

/* The bits of word w that stand for one of n tasks. */
static word tasks_in(size_t n, size_t w)
{
	size_t rest = n - 64 * w;
	return rest >= 64 ? set_all : (UINT64_C(1) << rest) - 1;
}

static bool any_left(const struct excluder *x)
{
	word some = 0;
	for (size_t w = 0; w < x->task_words; w++)
		some |= x->left[w];
	return some != 0;
}

/* The rule holds for these tasks: those that are left get its code. */
static void take(const struct look *l, size_t exclusion, const word *tasks)
{
	const struct excluder *x = l->x;

	for (size_t w = 0; w < x->task_words; w++) {
		word hit = x->left[w] & tasks[w];
		x->left[w] &= ~hit;
		for (uint8_t *code = l->codes + 64 * w; hit != 0; hit >>= 1, code++)
			if ((hit & 1) != 0)
				*code = (uint8_t)(FRAME_STRATA + exclusion);
	}
}

static void take_type(const struct look *l)
{
	const struct excluder *x = l->x;
	const word *kind = x->by_kind[l->f->kind];

	for (size_t w = 0; w < x->task_words; w++)
		x->scratch[w] =
			~(x->labelled[x->label.task + w] & kind[x->kind.task + w] &
				l->industry[x->industry.task + w] & l->region[x->region.task + w]);
	take(l, x->place[RULE_TYPE], x->scratch);
}

static void take_remit(const struct look *l)
{
	const struct excluder *x = l->x;

	for (size_t w = 0; w < x->task_words; w++)
		x->scratch[w] = ~l->region[x->region.remit + w];
	take(l, x->place[RULE_REMIT], x->scratch);
}

static bool is_closed(const struct facts *f)
{
	return f->status == STATUS_CANCELLED || f->status == STATUS_REVOKED ||
	       f->status == STATUS_MOVED;
}

static void take_closed(const struct look *l)
{
	const struct excluder *x = l->x;

	if (!is_closed(l->f))
		return;
	memset(x->scratch, 0xff, x->task_words * sizeof(word));
	take(l, x->place[RULE_CLOSED], x->scratch);
}

/* Has what the mode counts from begun so lately that it still lasts? */
static bool lasts(const struct excluder *x, const struct mode *mode, const struct facts *f)
{
	int32_t start = mode->start == START_STATUS ? f->since : f->established;

	return mode->start == START_NONE ||
	       (start != CIVIL_NONE && x->date < civil_add_months(start, mode->months));
}

/* The mode's tasks but those whose professional class is none of the mode's. */
static const word *tasks_of_mode(const struct look *l, size_t m)
{
	const struct excluder *x = l->x;
	const uint32_t classes = x->policy->modes[m].classes.set, every = (1u << CLASSES) - 1;

	if (l->f->classes.n == 0 || (classes & every) == every)
		return x->mode_tasks[m];
	memcpy(x->scratch, x->mode_tasks[m], x->task_words * sizeof(word));
	for (uint32_t t = 0; t < x->policy->task_count; t++)
		if (x->worst[t] > 0 && (classes >> (x->worst[t] - 1) & 1) == 0)
			set_remove(x->scratch, t);
	return x->scratch;
}

static void take_modes(const struct look *l)
{
	const struct excluder *x = l->x;
	const struct facts *f = l->f;

	for (size_t w = 0; w < x->mode_words; w++) {
		word hold = x->in_force[w] & x->by_kind[f->kind][x->kind.mode + w] &
			    x->by_status[f->status][w] &
			    x->by_class[f->general][x->class.mode + w] &
			    x->labelled[x->label.mode + w] & ~x->labelled[x->label.except + w] &
			    l->region[x->region.mode + w] & l->industry[x->industry.mode + w];
		for (; hold != 0; hold &= hold - 1) {
			size_t m = 64 * w + (size_t)__builtin_ctzll(hold);
			if (lasts(x, &x->policy->modes[m], f))
				take(l, x->first_mode + m, tasks_of_mode(l, m));
		}
	}
}

/* Tasks with the item, or all of them, that may be checked n times and no more. */
static void add_checked(const struct excluder *x, const word *tasks, size_t n)
{
	enum { MOST = 12 };
	const word *at_most = x->at_most[n < MOST ? n : MOST];

	for (size_t w = 0; w < x->task_words; w++)
		x->scratch[w] |= at_most[w] & (tasks != NULL ? tasks[w] : set_all);
}

/* Entries of one item stand together, and those of `*` first. */
static void take_checked(const struct look *l)
{
	const struct excluder *x = l->x;
	struct bytes rest = l->f->checked, item, last = { NULL, 0 };
	size_t every = 0, same = 0;
	int32_t day;

	memset(x->scratch, 0, x->task_words * sizeof(word));
	while (facts_next_check(&rest, &item, &day)) {
		if (day < x->policy->cycle_from || day > x->date)
			continue;
		if (bytes_is(item, "*")) {
			add_checked(x, NULL, ++every);
			continue;
		}
		same = bytes_equal(item, last) ? same + 1 : 1;
		last = item;
		const word *tasks = excluder_mentioned(&x->items, item);
		if (tasks != NULL)
			add_checked(x, tasks, every + same);
	}
	take(l, x->place[RULE_CHECKED], x->scratch);
}

/* ---- caps ---- */

/* Does an inspection count for the cap? */
static bool counts(const struct excluder *x, const struct cap *cap, const struct inspection *i)
{
	bool late_enough = cap->days > 0 ? i->day > x->date - (int32_t)cap->days
					 : i->day >= x->policy->cycle_from;

	return late_enough && i->day <= x->date && list_has(&cap->levels, i->level) &&
	       list_has(&cap->departments, i->department);
}

/* Different dates among the entries that count; dates ascend. */
static uint32_t entries_used(const struct excluder *x, const struct cap *cap, const struct facts *f)
{
	struct bytes rest = f->entered;
	struct inspection i;
	int32_t last = CIVIL_NONE;
	uint32_t used = f->reserved;

	while (facts_next_inspection(&rest, &i)) {
		if (!i.entry || i.day == last || !counts(x, cap, &i))
			continue;
		last = i.day;
		used++;
	}
	return used;
}

static uint32_t most_checks(const struct excluder *x, const struct task *task)
{
	uint32_t most = 0;
	for (uint32_t i = 0; i < task->department_count; i++)
		if (x->checks[task->departments[i]] > most)
			most = x->checks[task->departments[i]];
	return most;
}

/* The tasks one department of which has been there as often as the cap allows. */
static void checks_used(const struct excluder *x, const struct cap *cap, size_t c,
	const struct facts *f, word *tasks)
{
	const struct policy *p = x->policy;
	struct bytes rest = f->entered;
	struct inspection i;

	memset(x->checks, 0, p->department_count * sizeof *x->checks);
	memset(tasks, 0, x->task_words * sizeof *tasks);
	while (facts_next_inspection(&rest, &i)) {
		int64_t d = counts(x, cap, &i) ? policy_department(p, i.department) : -1;
		if (d >= 0)
			x->checks[d]++;
	}
	for (uint32_t t = 0; t < p->task_count; t++)
		if (set_has(x->cap_tasks[c], t) && most_checks(x, &p->tasks[t]) >= cap->most)
			set_add(tasks, t);
}

/* Of the cap's tasks those that would draw the object onsite: no rule has taken them, so that its
 * stratum stands there. */
static const word *onsite_tasks(const struct look *l, size_t c)
{
	const struct excluder *x = l->x;
	const struct policy *p = x->policy;
	bool focus = merge_focus(p, l->f->labels);

	memset(x->scratch, 0, x->task_words * sizeof(word));
	for (uint32_t t = 0; t < p->task_count; t++)
		if (set_has(x->left, t) && set_has(x->cap_tasks[c], t) &&
			merge_onsite(p, &p->tasks[t], (enum stratum)l->codes[t], focus))
			set_add(x->scratch, t);
	return x->scratch;
}

static void take_cap(const struct look *l, size_t c)
{
	const struct excluder *x = l->x;
	const struct cap *cap = &x->policy->caps[c];

	if (cap->counts == COUNTS_CHECKS) {
		checks_used(x, cap, c, l->f, x->scratch);
		take(l, c, x->scratch);
	} else if (entries_used(x, cap, l->f) >= cap->most) {
		take(l, c, onsite_tasks(l, c));
	}
}

static void take_caps(const struct look *l)
{
	const struct excluder *x = l->x;
	const struct facts *f = l->f;

	for (size_t w = 0; w < x->cap_words; w++) {
		word hold = x->by_kind[f->kind][x->kind.cap + w] &
			    x->by_class[f->general][x->class.cap + w] &
			    x->labelled[x->label.cap + w];
		for (; hold != 0; hold &= hold - 1)
			take_cap(l, 64 * w + (size_t)__builtin_ctzll(hold));
	}
}

/* ---- the stratum ---- */

/* The class in a task where there is a professional one. */
static enum stratum class_of(const struct policy *p, const struct task *t, enum stratum general,
	enum stratum professional)
{
	if (t->class == CLASS_PROFESSIONAL || general == STRATUM_U)
		return professional;
	if (t->class == CLASS_MATRIX)
		return (enum stratum)p->matrix[general][professional];
	return general > professional ? general : professional;
}

/* The worst class of the fields of each task. */
static void look_at_fields(const struct look *l)
{
	const struct excluder *x = l->x;
	struct bytes rest = l->f->classes, field;
	enum stratum class;

	memset(x->worst, 0, x->policy->task_count);
	while (facts_next_class(&rest, &field, &class)) {
		const word *tasks = excluder_mentioned(&x->fields, field);
		for (size_t w = 0; tasks != NULL && w < x->task_words; w++) {
			for (word some = tasks[w]; some != 0; some &= some - 1) {
				uint8_t *worst = &x->worst[64 * w + (size_t)__builtin_ctzll(some)];
				if (*worst < class + 1)
					*worst = (uint8_t)(class + 1);
			}
		}
	}
}

/* Which adjustment counts, of two the larger one: 0 none. A strict task is never drawn less for a
 * label. */
static unsigned mark_of(const struct excluder *x, bool strict)
{
	unsigned mark = 0;
	uint32_t factor = 0;

	for (unsigned k = 0; k < ADJUSTMENTS; k++) {
		uint32_t own = x->policy->adjust[k].factor;
		if (!set_has(x->labelled + x->label.mark, k) || own <= factor ||
			(strict && own < FACTOR_ONE))
			continue;
		mark = k + 1;
		factor = own;
	}
	return mark;
}

static void put_strata(const struct look *l)
{
	const struct excluder *x = l->x;
	const struct policy *p = x->policy;
	const unsigned mark[2] = { mark_of(x, false), mark_of(x, true) };
	enum stratum general = l->f->general;

	memset(l->codes, (int)(mark[0] * FRAME_CLASSES + general), p->task_count);
	if (l->f->classes.n == 0 && mark[0] == mark[1])
		return;
	look_at_fields(l);
	for (uint32_t t = 0; t < p->task_count; t++) {
		enum stratum class = x->worst[t] == 0 || p->tasks[t].class == CLASS_GENERAL
					     ? general
					     : class_of(p, &p->tasks[t], general,
						       (enum stratum)(x->worst[t] - 1));
		l->codes[t] = (uint8_t)(mark[p->tasks[t].strict] * FRAME_CLASSES + class);
	}
}

/* ---- one object ---- */

static void look_at_labels(const struct look *l)
{
	const struct excluder *x = l->x;
	struct bytes rest = l->f->labels, label;

	memcpy(x->labelled, x->any_label, x->label.words * sizeof(word));
	while (type_next_member(&rest, &label)) {
		const word *sets = excluder_mentioned(&x->labels, label);
		for (size_t w = 0; sets != NULL && w < x->label.words; w++)
			x->labelled[w] |= sets[w];
	}
}

void exclude(struct excluder *x, const struct facts *f, uint8_t *codes)
{
	static void (*const rules[])(const struct look *) = { take_type, take_remit, take_closed,
		take_modes, take_checked, take_caps };
	const struct look l = { x, f,
		recall(x, x->regions, f->region, x->region.words, decide_region),
		recall(x, x->industries, f->industry, x->industry.words, decide_industry), codes };

	look_at_labels(&l);
	put_strata(&l);
	for (size_t w = 0; w < x->task_words; w++)
		x->left[w] = tasks_in(x->policy->task_count, w);
	for (size_t r = 0; r < sizeof rules / sizeof *rules && any_left(x); r++)
		rules[r](&l);
}

/* ---- the replay ---- */

static bool verify_tasks(const struct policy *p, const struct frame *f, struct err *e)
{
	if (f->tasks != p->task_count)
		return err_set(e, ERR_FRAME_DIFFERS,
			"the frame has %zu task columns, the policy %u tasks", f->tasks,
			p->task_count);
	for (uint32_t t = 0; t < p->task_count; t++)
		if (!bytes_equal(f->task[t], p->tasks[t].code))
			return err_set(e, ERR_FRAME_DIFFERS,
				"the frame has task %.*s, the policy %.*s", BYTES_ARG(f->task[t]),
				BYTES_ARG(p->tasks[t].code));
	return true;
}

static bool verify_codes(
	const struct excluder *x, const struct bytes *field, const uint8_t *codes, struct err *e)
{
	const struct policy *p = x->policy;

	for (uint32_t t = 0; t < p->task_count; t++) {
		struct bytes found = field[FRAME_FACTS + t], follows = excluder_code(x, codes[t]);
		if (bytes_equal(found, follows))
			continue;
		err_set(e, ERR_FRAME_DIFFERS, "\"%.*s\" stands where \"%.*s\" follows",
			BYTES_ARG(found), BYTES_ARG(follows));
		return err_at(e, "frame: object %.*s, task %.*s", BYTES_ARG(field[FACT_OBJECT]),
			BYTES_ARG(p->tasks[t].code));
	}
	return true;
}

bool exclude_verify(
	const struct policy *p, const struct frame *f, int32_t date, struct arena *a, struct err *e)
{
	struct excluder *x = excluder_new(a, p, date);
	uint8_t *codes = arena_calloc(a, p->task_count + 1, 1);
	struct bytes *field = arena_calloc(a, FRAME_FACTS + f->tasks, sizeof *field);

	if (!verify_tasks(p, f, e))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		struct facts facts;
		frame_row(f, i, field);
		facts_read(&facts, field);
		exclude(x, &facts, codes);
		if (!verify_codes(x, field, codes, e))
			return false;
	}
	return true;
}
