#include "planner/explain.h"

#include <string.h>

#include "planner/civil.h"

/* ---- sentences ------------------------------------------------------------------------------- */

/* What a sentence may name. */
struct words {
	struct bytes inspector, department, object, text;
	uint64_t rank, candidates, held, capacity, tier, set, n, people, eligible, full, same;
};

static const struct {
	const char *name;
	size_t at;
} numbers[] = {
	{ "rank", offsetof(struct words, rank) },
	{ "candidates", offsetof(struct words, candidates) },
	{ "held", offsetof(struct words, held) },
	{ "capacity", offsetof(struct words, capacity) },
	{ "tier", offsetof(struct words, tier) },
	{ "set", offsetof(struct words, set) },
	{ "n", offsetof(struct words, n) },
	{ "people", offsetof(struct words, people) },
	{ "eligible", offsetof(struct words, eligible) },
	{ "full", offsetof(struct words, full) },
	{ "same", offsetof(struct words, same) },
};

static const struct {
	const char *name;
	size_t at;
} names[] = {
	{ "inspector", offsetof(struct words, inspector) },
	{ "department", offsetof(struct words, department) },
	{ "object", offsetof(struct words, object) },
	{ "text", offsetof(struct words, text) },
};

static void put_word(struct buf *b, const struct words *w, struct bytes name)
{
	const char *base = (const char *)w;
	uint64_t number;
	struct bytes text;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (bytes_is(name, numbers[i].name)) {
			memcpy(&number, base + numbers[i].at, sizeof number);
			buf_u64(b, number);
		}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bytes_is(name, names[i].name)) {
			memcpy(&text, base + names[i].at, sizeof text);
			buf_bytes(b, text);
		}
}

static void say(struct buf *b, const char *sentence, const struct words *w)
{
	for (const char *c = sentence; *c != '\0'; c++) {
		const char *end = *c == '{' ? strchr(c, '}') : NULL;
		if (end == NULL) {
			buf_byte(b, *c);
			continue;
		}
		put_word(b, w, (struct bytes){ c + 1, (size_t)(end - c) - 1 });
		c = end;
	}
}

static const char *const why_sentences[WHY_COUNT][2] = {
	[WHY_TAKEN] = { "{inspector} 抽中：在 {candidates} 名符合条件的人员中顺序第 {rank}，是顺序中第一个可以取用的人。",
		"{inspector} was drawn: number {rank} of the {candidates} who are eligible, and the first "
		"of them who could be taken." },
	[WHY_SAME] = { "{inspector} 未抽中：已在本检查分工的另一席位。",
		"{inspector} was passed over: already in another place of this assignment." },
	[WHY_FULL] = { "{inspector} 未抽中：轮到本席位时已有 {held} 席，达到名额 {capacity}。",
		"{inspector} was passed over: had {held} slots when this one was filled, as many as the "
		"capacity of {capacity} allows." },
	[WHY_RESERVED] = { "{inspector} 未抽中：须留给其他检查分工。连其在内的 {set} 名人员（层级 {tier} "
			   "及以上）的名额，离不开他们的检查分工全部需要；给了本席位，可填的席位就会减少。",
		"{inspector} was passed over: needed elsewhere. Assignments that have nobody else need "
		"every place left of {set} inspectors (tier {tier} and above), this one among them; with "
		"one of these places here fewer slots could be filled." },
	[WHY_LATER] = { "{inspector} 未抽中：在 {candidates} 名符合条件的人员中顺序第 {rank}，抽中的人在其前。",
		"{inspector} was not reached: number {rank} of the {candidates} who are eligible, after "
		"the one who was drawn." },
};

static const char *const rule_sentences[ELIGIBLE_RULES][2] = {
	[ELIGIBLE_DEPARTMENT] = { "{inspector} 不能参加：不属于承担本检查分工的 {department}。",
		"{inspector} is not eligible: not of {department}, whose assignment this is." },
	[ELIGIBLE_REGION] = { "{inspector} 不能参加：管辖区域不含检查对象所在的 {text}。",
		"{inspector} is not eligible: region {text} is outside the remit." },
	[ELIGIBLE_ITEM] = { "{inspector} 不能参加：可查事项缺 {text}。",
		"{inspector} is not eligible: may not inspect {text}." },
	[ELIGIBLE_CERTIFICATE] = { "{inspector} 不能参加：执法证有效期不到检查时段最后一天 {text}。",
		"{inspector} is not eligible: no certificate that is valid until {text}, the last day of "
		"the window." },
	[ELIGIBLE_LEAVE] = { "{inspector} 不能参加：截至 {text} 的检查时段内，每个工作日都不在岗。",
		"{inspector} is not eligible: away on every working day of the window, which ends on "
		"{text}." },
	[ELIGIBLE_RECUSAL] = { "{inspector} 不能参加：对 {object} 或其经营主体应当回避。",
		"{inspector} is not eligible: recused from {object} or its entity." },
	[ELIGIBLE_ROTATION] = { "{inspector} 不能参加：不久前检查过该经营主体，应当轮换。",
		"{inspector} is not eligible: inspected this entity not long ago, and takes turns." },
};

static const char *const nobody_heads[ELIGIBLE_RULES][2] = {
	[ELIGIBLE_DEPARTMENT] = { "", "" },
	[ELIGIBLE_REGION] = { "{n} 人管辖区域不符", "{n} not of this region" },
	[ELIGIBLE_ITEM] = { "{n} 人可查事项不全", "{n} may not inspect every item" },
	[ELIGIBLE_CERTIFICATE] = { "{n} 人执法证届时无效",
		"{n} without a certificate for the window" },
	[ELIGIBLE_LEAVE] = { "{n} 人整个时段不在岗", "{n} away for the whole window" },
	[ELIGIBLE_RECUSAL] = { "{n} 人应当回避", "{n} recused" },
	[ELIGIBLE_ROTATION] = { "{n} 人应当轮换", "{n} taking turns" },
};

/* ---- arguments ------------------------------------------------------------------------------- */

/* The first item that the person may not inspect. */
static struct bytes missing_item(
	const struct plan *plan, const struct assignment *s, uint32_t person)
{
	const struct list *l = &plan->pool.at[person].items;
	uint32_t k = 0;
	while (k < s->item_count && list_has(l, plan->in->policy->items[s->items[k]].code))
		k++;
	return k < s->item_count ? plan->in->policy->items[s->items[k]].code : BYTES("");
}

static struct bytes rule_text(const struct plan *plan, const struct assignment *s,
	const struct why_answer *w, uint32_t person, char day[CIVIL_TEXT])
{
	if (w->rule == ELIGIBLE_REGION)
		return s->region;
	if (w->rule == ELIGIBLE_ITEM)
		return missing_item(plan, s, person);
	return bytes_of(civil_format(s->to, day));
}

/* ---- why ------------------------------------------------------------------------------------- */

static struct words words_of(const struct plan *plan, const struct assignment *s)
{
	return (struct words){ .department = plan->in->policy->departments[s->department].code,
		.object = s->object };
}

void explain_why(struct buf *b, const struct why_slot *slot, uint32_t person, enum err_lang lang)
{
	const struct plan *plan = why_plan(slot);
	const struct assignment *s = &plan->assignments.at[why_assignment(slot)];
	struct why_answer why = why_person(slot, person);
	char day[CIVIL_TEXT];
	struct words w = words_of(plan, s);
	w.inspector = plan->pool.at[person].id;
	w.rank = why.rank;
	w.candidates = why.candidates;
	w.held = why.held;
	w.capacity = why.capacity;
	w.tier = why.tier;
	if (why.why == WHY_RULE) {
		w.text = rule_text(plan, s, &why, person, day);
		say(b, rule_sentences[why.rule][lang], &w);
		return;
	}
	if (why.why == WHY_RESERVED)
		w.set = why_set(slot, person, why.tier);
	say(b, why_sentences[why.why][lang], &w);
}

static const char *const nobody_sentences[][2] = {
	{ "本席位无人可派：{department} 共 {people} 人",
		"Nobody can take this slot: of the {people} inspectors of {department}" },
	{ "；符合条件的 {eligible} 人中，{same} 人已在本分工，{full} 人名额已满。",
		"; of the {eligible} who are eligible {same} stand in this assignment already and {full} "
		"are at their limits. " },
	{ "可依法从邻近地区随机借调，或者说明理由后指定；两者都记作变更（change）。",
		"The law offers borrowing by draw from a neighbouring area, or direct assignment with a "
		"reason; both are `change` records." },
};

void explain_nobody(struct buf *b, const struct why_slot *slot, enum err_lang lang)
{
	const struct plan *plan = why_plan(slot);
	struct why_nobody n = why_nobody(slot);
	struct words w = words_of(plan, &plan->assignments.at[why_assignment(slot)]);
	w.people = n.people;
	w.eligible = n.eligible;
	w.same = n.same;
	w.full = n.full;
	say(b, nobody_sentences[0][lang], &w);
	for (uint32_t k = 0; k < ELIGIBLE_RULES; k++) {
		w.n = n.fails[k];
		if (w.n == 0)
			continue;
		buf_str(b, lang == LANG_ZH ? "，" : ", ");
		say(b, nobody_heads[k][lang], &w);
	}
	say(b, nobody_sentences[1][lang], &w);
	say(b, nobody_sentences[2][lang], &w);
}

/* ---- a visit as JSON ------------------------------------------------------------------------- */

struct json {
	struct buf *b;
	bool first; /* nothing stands in this object or array yet */
};

/* Codes, ids and dates hold nothing that JSON would escape. */
static void put_name(struct json *j, const char *name)
{
	if (!j->first)
		buf_byte(j->b, ',');
	j->first = false;
	if (name == NULL)
		return;
	buf_byte(j->b, '"');
	buf_str(j->b, name);
	buf_str(j->b, "\":");
}

static void put_text(struct json *j, const char *name, struct bytes text)
{
	put_name(j, name);
	if (text.n == 0) {
		buf_str(j->b, "null");
		return;
	}
	buf_byte(j->b, '"');
	buf_bytes(j->b, text);
	buf_byte(j->b, '"');
}

static void put_number(struct json *j, const char *name, uint64_t v)
{
	put_name(j, name);
	buf_u64(j->b, v);
}

static void open_with(struct json *j, const char *name, char bracket)
{
	put_name(j, name);
	buf_byte(j->b, bracket);
	j->first = true;
}

static void close_with(struct json *j, char bracket)
{
	buf_byte(j->b, bracket);
	j->first = false;
}

static void put_passed(
	struct json *j, const struct plan *plan, uint32_t person, const struct why_answer *w)
{
	open_with(j, NULL, '{');
	put_text(j, "inspector", plan->pool.at[person].id);
	put_number(j, "rank", w->rank);
	put_text(j, "why", bytes_of(why_name(w->why)));
	put_number(j, "held", w->held);
	put_number(j, "capacity", w->capacity);
	if (w->why == WHY_RESERVED)
		put_number(j, "tier", w->tier);
	close_with(j, '}');
}

static void put_nobody(struct json *j, const struct why_slot *slot)
{
	struct why_nobody n = why_nobody(slot);
	open_with(j, "nobody", '{');
	put_number(j, "people", n.people);
	for (uint32_t k = 0; k < ELIGIBLE_RULES; k++)
		if (n.fails[k] > 0)
			put_number(j, eligibility_name((enum eligibility)k), n.fails[k]);
	put_number(j, "eligible", n.eligible);
	put_number(j, "same", n.same);
	put_number(j, "full", n.full);
	close_with(j, '}');
}

/* With those who stood before the one who was drawn, in the order of the pool. */
static void put_slot(struct json *j, const struct plan *plan, uint32_t assignment, uint32_t place)
{
	ARENA_AUTO a = arena_new();
	const struct why_slot *slot = why_slot_new(a, plan, assignment, place);
	uint32_t taker = why_taker(slot);
	uint32_t from = plan->eligible.start[assignment], to = plan->eligible.start[assignment + 1];
	open_with(j, NULL, '{');
	put_number(j, "place", place);
	put_text(j, "inspector", taker == SHP_OPEN ? BYTES("") : plan->pool.at[taker].id);
	put_number(j, "candidates", to - from);
	if (taker != SHP_OPEN)
		put_number(j, "rank", why_person(slot, taker).rank);
	open_with(j, "passed", '[');
	for (uint32_t e = from; e < to; e++) {
		struct why_answer w = why_person(slot, plan->eligible.to[e]);
		if (w.why == WHY_SAME || w.why == WHY_FULL || w.why == WHY_RESERVED)
			put_passed(j, plan, plan->eligible.to[e], &w);
	}
	close_with(j, ']');
	if (taker == SHP_OPEN)
		put_nobody(j, slot);
	close_with(j, '}');
}

static void put_assignment(struct json *j, const struct plan *plan, uint32_t assignment)
{
	const struct assignment *s = &plan->assignments.at[assignment];
	const struct policy *p = plan->in->policy;
	open_with(j, NULL, '{');
	put_text(j, "department", p->departments[s->department].code);
	open_with(j, "items", '[');
	for (uint32_t k = 0; k < s->item_count; k++)
		put_text(j, NULL, p->items[s->items[k]].code);
	close_with(j, ']');
	open_with(j, "slots", '[');
	for (uint32_t place = 1; place <= s->places; place++)
		put_slot(j, plan, assignment, place);
	close_with(j, ']');
	close_with(j, '}');
}

static void put_day(struct json *j, const struct plan *plan, uint32_t visit)
{
	char day[CIVIL_TEXT];
	uint32_t half = plan->half[visit], leader = plan->leader[visit];
	bool placed = half != HALF_NONE;
	put_text(j, "day",
		placed ? bytes_of(civil_format(plan->pool.day[half / 2], day)) : BYTES(""));
	put_text(j, "half", placed ? bytes_of(half_name(half)) : BYTES(""));
	put_text(j, "leader", leader == SHP_OPEN ? BYTES("") : plan->pool.at[leader].id);
}

void explain_visit(struct buf *b, const struct plan *plan, uint32_t visit)
{
	const struct visit *v = &plan->visits.at[visit];
	const struct policy *p = plan->in->policy;
	struct json j = { b, true };
	char from[CIVIL_TEXT], to[CIVIL_TEXT];
	open_with(&j, NULL, '{');
	put_text(&j, "object", plan->in->draws.at[v->object].object);
	put_number(&j, "ordinal", v->ordinal);
	put_text(&j, "mode", v->offsite ? BYTES("offsite") : BYTES("onsite"));
	put_text(&j, "from", bytes_of(civil_format(v->from, from)));
	put_text(&j, "to", bytes_of(civil_format(v->to, to)));
	put_text(&j, "lead", p->departments[v->lead].code);
	open_with(&j, "tasks", '[');
	for (uint32_t k = 0; k < v->task_count; k++)
		put_text(&j, NULL, p->tasks[v->tasks[k]].code);
	close_with(&j, ']');
	put_day(&j, plan, visit);
	open_with(&j, "assignments", '[');
	for (uint32_t s = plan->assignments.visit_start[visit];
		s < plan->assignments.visit_start[visit + 1]; s++)
		put_assignment(&j, plan, s);
	close_with(&j, ']');
	close_with(&j, '}');
}
