#include "planner/backtest.h"

#include <assert.h>
#include <string.h>

enum { CLASS_PARTS = SIMULATE_CLASSES + 1, FIELD_PARTS = 1 + CLASS_PARTS };

struct backtest {
	const struct policy *policy;
	const struct frame *frame;
	const uint8_t *class;
	const struct past_checks *past;
	uint32_t seeds, parts;
	struct arena *arena;
	uint8_t *of_department; /* task * departments + department: has it an item of it? */
	uint32_t *place; /* by object: place in what was drawn + 1, or 0 */
	uint64_t *value; /* (part * 2 + found) * seeds + seed */
};

struct backtest *backtest_start(const struct policy *p, const struct frame *f, const uint8_t *class,
	const struct past_checks *past, uint32_t seeds, struct arena *a)
{
	struct backtest *b = arena_calloc(a, 1, sizeof *b);

	*b = (struct backtest){ p, f, class, past, seeds, FIELD_PARTS + p->field_count, a, NULL,
		NULL, NULL };
	b->place = arena_calloc(a, f->n + 1, sizeof *b->place);
	b->value = arena_calloc(a, (size_t)b->parts * 2 * seeds + 1, sizeof *b->value);
	b->of_department = arena_calloc(a, (size_t)p->task_count * p->department_count + 1, 1);
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t d = 0; d < p->tasks[t].department_count; d++)
			b->of_department[t * p->department_count + p->tasks[t].departments[d]] = 1;
	return b;
}

/* Is the object drawn by a task of that department? */
static bool drawn_by(
	const struct backtest *b, const struct drawn *d, uint32_t object, uint32_t department)
{
	uint32_t place = b->place[object];
	if (place == 0 || department == PAST_NONE)
		return false;
	for (size_t t = d->first[place - 1]; t < d->first[place]; t++)
		if (department == PAST_ANY ||
			b->of_department[d->task[t] * b->policy->department_count + department])
			return true;
	return false;
}

static bool reached(const struct backtest *b, const struct drawn *d, const struct past_check *c)
{
	const uint32_t *member;
	size_t n = c->whole ? frame_group(b->frame, c->object, &member) : 0;
	if (n == 0)
		return drawn_by(b, d, c->object, c->department);
	for (size_t i = 0; i < n; i++)
		if (drawn_by(b, d, member[i], c->department))
			return true;
	return false;
}

static uint64_t *value_of(const struct backtest *b, uint32_t part, bool found, uint32_t seed)
{
	return &b->value[((size_t)part * 2 + found) * b->seeds + seed];
}

void backtest_seed(struct backtest *b, const struct drawn *d, uint32_t seed)
{
	assert(seed < b->seeds);
	for (size_t j = 0; j < d->n; j++)
		b->place[d->object[j]] = (uint32_t)j + 1;
	for (size_t i = 0; i < b->past->n; i++) {
		const struct past_check *c = &b->past->at[i];
		if (!reached(b, d, c))
			continue;
		++*value_of(b, 0, c->found, seed);
		++*value_of(b, 1u + b->class[c->object], c -> found, seed);
		if (c->field >= 0)
			++*value_of(b, FIELD_PARTS + (uint32_t)c->field, c->found, seed);
	}
	for (size_t j = 0; j < d->n; j++)
		b->place[d->object[j]] = 0;
}

static struct backtest_share *share_of(struct backtest_part *p, bool found)
{
	return found ? &p->found : &p->clean;
}

static void count(const struct backtest *b, struct backtest_part *part)
{
	for (size_t i = 0; i < b->past->n; i++) {
		const struct past_check *c = &b->past->at[i];
		share_of(&part[0], c->found)->checks++;
		share_of(&part[1 + b->class[c->object]], c->found)->checks++;
		if (c->field >= 0)
			share_of(&part[FIELD_PARTS + c->field], c->found)->checks++;
	}
}

static void name_parts(const struct backtest *b, struct backtest_part *part)
{
	static const char *const class_name[CLASS_PARTS] = { "A", "B", "C", "D", "U" };

	part[0].kind = "all";
	part[0].code = part[0].name = BYTES("");
	for (uint32_t i = 0; i < CLASS_PARTS; i++) {
		part[1 + i].kind = "class";
		part[1 + i].code = part[1 + i].name = bytes_of(class_name[i]);
	}
	for (uint32_t i = 0; i < b->policy->field_count; i++) {
		part[FIELD_PARTS + i].kind = "field";
		part[FIELD_PARTS + i].code = b->policy->fields[i].code;
		part[FIELD_PARTS + i].name = b->policy->fields[i].name;
	}
}

void backtest_end(struct backtest *b, struct backtest_result *r)
{
	struct backtest_part *part = arena_calloc(b->arena, b->parts, sizeof *part);

	name_parts(b, part);
	count(b, part);
	for (uint32_t i = 0; i < b->parts; i++)
		for (int found = 0; found < 2; found++)
			simulate_spread_of(&share_of(&part[i], found)->reached,
				value_of(b, i, found, 0), b->seeds);
	*r = (struct backtest_result){ b->parts, part };
}
