#include "planner/exclude.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/type.h"

/* Everything is decided for all tasks at once, as sets of tasks: bit t%64 of word t/64 is task t.
 */
typedef uint64_t word;

static const word all = UINT64_MAX;

static void set_add(word *set, size_t i)
{
	set[i / 64] |= UINT64_C(1) << (i % 64);
}

/* What follows for the tasks from a value that repeats from object to object. A hash finds its
 * place; what stood there before is forgotten and decided anew when it comes again. */
enum { MEMO_PLACES = 1024, MEMO_KEY = 12 };

struct memo {
	bool used;
	uint8_t n;
	char key[MEMO_KEY]; /* a region has at most 12 characters, an industry 5 */
	word *set;
};

/* A value that some tasks name in a list, and these tasks. */
struct mention {
	struct bytes value;
	word *tasks;
};

/* All values named in one list of the tasks, bytewise ascending. */
struct mentions {
	size_t n;
	struct mention *at;
};

struct excluder {
	const struct policy *policy;
	int32_t date;
	size_t words; /* of a set of tasks */
	/* of the policy */
	word *by_kind[KINDS]; /* tasks that take the kind */
	word *any_label; /* tasks that take every label */
	word *no_safety; /* tasks that are not about safety */
	struct mentions labels, items;
	struct memo
		*region; /* two sets: task's regions match; those of one of its departments do */
	struct memo *industry; /* one set: industries match */
	/* of the object at hand */
	word *in_scope; /* kind, industry, region and label are the task's */
	const word *in_remit;
	word *checked; /* tasks already checked in this cycle */
};

/* ---- the rules (PROTOCOL.md §6.2) ---- */

/* Each gives word w of the set of tasks for which the rule holds; bits behind the last task do not
 * matter. */
typedef word rule_fn(const struct excluder *x, const struct facts *f, size_t w);

static word of_other_type(const struct excluder *x, const struct facts *f, size_t w)
{
	(void)f;
	return ~x->in_scope[w];
}

static word out_of_remit(const struct excluder *x, const struct facts *f, size_t w)
{
	(void)f;
	return ~x->in_remit[w];
}

static word is_closed(const struct excluder *x, const struct facts *f, size_t w)
{
	bool holds = f->status == STATUS_CANCELLED || f->status == STATUS_REVOKED ||
		     f->status == STATUS_MOVED;

	(void)x;
	(void)w;
	return holds ? all : 0;
}

static bool before_end(const struct excluder *x, int32_t start, uint32_t months)
{
	return x->date < civil_add_months(start, months);
}

static word in_tolerance(const struct excluder *x, const struct facts *f, size_t w)
{
	bool holds =
		f->status == STATUS_SUSPENDED &&
		(f->since == CIVIL_NONE || before_end(x, f->since, x->policy->tolerance_months));

	(void)w;
	return holds ? all : 0;
}

static word in_observation(const struct excluder *x, const struct facts *f, size_t w)
{
	bool holds = f->established != CIVIL_NONE &&
		     before_end(x, f->established, x->policy->observation_months);

	return holds ? x->no_safety[w] : 0;
}

static word was_checked(const struct excluder *x, const struct facts *f, size_t w)
{
	(void)f;
	return x->checked[w];
}

/* In the order in which they are tested. */
static const struct rule {
	enum frame_code code;
	uint32_t version;
	rule_fn *holds;
} rules[EXCLUSIONS] = {
	{ CODE_TYPE, 1, of_other_type },
	{ CODE_REMIT, 1, out_of_remit },
	{ CODE_CLOSED, 1, is_closed },
	{ CODE_TOLERANCE, 1, in_tolerance },
	{ CODE_OBSERVATION, 1, in_observation },
	{ CODE_CHECKED, 1, was_checked },
};

uint32_t exclusion_version(enum frame_code code)
{
	assert(code >= CODE_TYPE && code < FRAME_CODES && rules[code - CODE_TYPE].code == code);
	return rules[code - CODE_TYPE].version;
}

/* ---- compiling a policy ---- */

static word *new_set(const struct excluder *x, struct arena *a, size_t sets)
{
	return arena_calloc(a, sets * x->words + 1, sizeof(word));
}

static int compare_mention(const void *a, const void *b)
{
	return bytes_compare(
		((const struct mention *)a)->value, ((const struct mention *)b)->value);
}

/* The tasks that name the value, or NULL. */
static const word *mentioned(const struct mentions *m, struct bytes value)
{
	struct mention key = { value, NULL };
	const struct mention *found =
		m->n > 0 ? bsearch(&key, m->at, m->n, sizeof key, compare_mention) : NULL;

	return found != NULL ? found->tasks : NULL;
}

static const struct list *labels_of(const struct task *t)
{
	return &t->labels;
}

static const struct list *items_of(const struct task *t)
{
	return &t->item_codes;
}

static struct mentions make_mentions(const struct excluder *x, struct arena *a,
	const struct list *(*list_of)(const struct task *))
{
	const struct policy *p = x->policy;
	struct mentions m = { 0, NULL };
	size_t n = 0;

	for (uint32_t t = 0; t < p->task_count; t++)
		n += list_of(&p->tasks[t])->n;
	m.at = arena_calloc(a, n + 1, sizeof *m.at);
	n = 0;
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < list_of(&p->tasks[t])->n; i++)
			m.at[n++].value = list_of(&p->tasks[t])->at[i];
	qsort(m.at, n, sizeof *m.at, compare_mention);
	for (size_t i = 0; i < n; i++)
		if (m.n == 0 || !bytes_equal(m.at[m.n - 1].value, m.at[i].value))
			m.at[m.n++].value = m.at[i].value;
	for (size_t i = 0; i < m.n; i++) {
		m.at[i].tasks = new_set(x, a, 1);
		for (uint32_t t = 0; t < p->task_count; t++)
			if (list_has(list_of(&p->tasks[t]), m.at[i].value))
				set_add(m.at[i].tasks, t);
	}
	return m;
}

static struct memo *new_memo(const struct excluder *x, struct arena *a, size_t sets)
{
	struct memo *m = arena_calloc(a, MEMO_PLACES, sizeof *m);
	for (size_t i = 0; i < MEMO_PLACES; i++)
		m[i].set = new_set(x, a, sets);
	return m;
}

static void add_task(struct excluder *x, uint32_t t)
{
	const struct task *task = &x->policy->tasks[t];

	if (task->labels.all)
		set_add(x->any_label, t);
	if (!task->safety)
		set_add(x->no_safety, t);
	/* the empty kind is in no list */
	for (int k = 0; k < KINDS; k++)
		if (list_has(&task->kinds, bytes_of(kind_name((enum object_kind)k))))
			set_add(x->by_kind[k], t);
}

struct excluder *excluder_new(struct arena *a, const struct policy *p, int32_t date)
{
	struct excluder *x = arena_calloc(a, 1, sizeof *x);

	x->policy = p;
	x->date = date;
	x->words = ((size_t)p->task_count + 63) / 64;
	x->any_label = new_set(x, a, 1);
	x->no_safety = new_set(x, a, 1);
	x->in_scope = new_set(x, a, 1);
	x->checked = new_set(x, a, 1);
	for (int k = 0; k < KINDS; k++)
		x->by_kind[k] = new_set(x, a, 1);
	for (uint32_t t = 0; t < p->task_count; t++)
		add_task(x, t);
	x->labels = make_mentions(x, a, labels_of);
	x->items = make_mentions(x, a, items_of);
	x->region = new_memo(x, a, 2);
	x->industry = new_memo(x, a, 1);
	return x;
}

/* ---- one object ---- */

static void decide_region(const struct excluder *x, struct bytes region, word *set)
{
	const struct policy *p = x->policy;

	for (uint32_t t = 0; t < p->task_count; t++) {
		const struct task *task = &p->tasks[t];
		if (prefixes_match(&task->regions, region))
			set_add(set, t);
		for (uint32_t i = 0; i < task->department_count; i++)
			if (prefixes_match(&p->departments[task->departments[i]].regions, region))
				set_add(set + x->words, t);
	}
}

static void decide_industry(const struct excluder *x, struct bytes industry, word *set)
{
	for (uint32_t t = 0; t < x->policy->task_count; t++)
		if (prefixes_match(&x->policy->tasks[t].industries, industry))
			set_add(set, t);
}

static const word *recall(const struct excluder *x, struct memo *memo, struct bytes value,
	size_t sets, void (*decide)(const struct excluder *x, struct bytes value, word *set))
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
	memset(m->set, 0, sets * x->words * sizeof(word));
	decide(x, value, m->set);
	return m->set;
}

static void look_at_scope(struct excluder *x, const struct facts *f)
{
	const word *region = recall(x, x->region, f->region, 2, decide_region);
	const word *industry = recall(x, x->industry, f->industry, 1, decide_industry);
	struct bytes rest = f->labels, label;

	for (size_t w = 0; w < x->words; w++)
		x->in_scope[w] = x->any_label[w];
	while (type_next_member(&rest, &label)) {
		const word *tasks = mentioned(&x->labels, label);
		for (size_t w = 0; tasks != NULL && w < x->words; w++)
			x->in_scope[w] |= tasks[w];
	}
	for (size_t w = 0; w < x->words; w++)
		x->in_scope[w] &= x->by_kind[f->kind][w] & industry[w] & region[w];
	x->in_remit = region + x->words;
}

static void look_at_checks(struct excluder *x, const struct facts *f)
{
	struct bytes rest = f->checked, item;
	int32_t day;

	memset(x->checked, 0, x->words * sizeof(word));
	while (facts_next_check(&rest, &item, &day)) {
		if (day < x->policy->cycle_from || day > x->date)
			continue;
		bool every = bytes_is(item, "*");
		const word *tasks = mentioned(&x->items, item);
		for (size_t w = 0; w < x->words; w++)
			x->checked[w] |= every ? all : tasks != NULL ? tasks[w] : 0;
	}
}

/* The bits of word w that stand for one of n tasks. */
static word tasks_in(size_t n, size_t w)
{
	size_t rest = n - 64 * w;
	return rest >= 64 ? all : (UINT64_C(1) << rest) - 1;
}

void exclude(struct excluder *x, const struct facts *f, uint8_t *codes)
{
	size_t n = x->policy->task_count;

	look_at_scope(x, f);
	look_at_checks(x, f);
	memset(codes, (int)f->stratum, n);
	for (size_t w = 0; w < x->words; w++) {
		word left = tasks_in(n, w);
		for (size_t r = 0; r < EXCLUSIONS && left != 0; r++) {
			word hit = left & rules[r].holds(x, f, w);
			left &= ~hit;
			for (uint8_t *code = codes + 64 * w; hit != 0; hit >>= 1, code++)
				if ((hit & 1) != 0)
					*code = (uint8_t)rules[r].code;
		}
	}
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

static bool refuse_codes(const struct policy *p, const struct frame *f, size_t i,
	const uint8_t *codes, struct err *e)
{
	struct bytes object = frame_object(f, i);
	uint32_t t = 0;

	while (frame_code(f, i, t) == (enum frame_code)codes[t])
		t++;
	err_set(e, ERR_FRAME_DIFFERS, "\"%s\" stands where \"%s\" follows",
		frame_code_name(frame_code(f, i, t)), frame_code_name((enum frame_code)codes[t]));
	return err_at(
		e, "frame: object %.*s, task %.*s", BYTES_ARG(object), BYTES_ARG(p->tasks[t].code));
}

bool exclude_verify(
	const struct policy *p, const struct frame *f, int32_t date, struct arena *a, struct err *e)
{
	struct excluder *x = excluder_new(a, p, date);
	uint8_t *codes = arena_calloc(a, p->task_count + 1, 1);
	uint8_t *found = arena_calloc(a, p->task_count + 1, 1);

	if (!verify_tasks(p, f, e))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		struct bytes fact[FRAME_FACTS];
		struct facts facts;
		frame_facts(f, i, fact);
		facts_read(&facts, fact);
		exclude(x, &facts, codes);
		frame_codes(f, i, found);
		if (memcmp(codes, found, f->tasks) != 0)
			return refuse_codes(p, f, i, codes, e);
	}
	return true;
}
