#include "sampler/step.h"

#include <assert.h>

static const struct state_form states[STATES] = {
	[STATE_DRAFT] = { "draft", "草拟", "draft" },
	[STATE_FROZEN] = { "frozen", "已冻结", "frozen" },
	[STATE_LOCKED] = { "locked", "已锁定", "locked" },
	[STATE_DRAWN] = { "drawn", "已抽取", "drawn" },
	[STATE_VISITING] = { "visiting", "检查中", "visiting" },
	[STATE_REVEALED] = { "revealed", "已启封", "revealed" },
	[STATE_CLOSED] = { "closed", "已办结", "closed" },
	[STATE_VOID] = { "void", "已作废", "void" },
};

#define T(name) TABLE_BIT(TABLE_##name)
#define S(name) STATE_BIT(STATE_##name)
#define FROZEN_TABLES \
	(T(POLICY) | T(FRAME) | T(STRATA) | T(LEDGER) | T(POOL) | T(RECUSALS) | T(HISTORY) | \
		T(CALENDAR))
#define DRAWN_TABLES (T(SELECTION) | T(VISITS) | T(DROPPED) | T(SLOTS) | T(CAPACITY) | T(SCHEDULE))
#define NO_RECORD    (-1)

static const struct step_form steps[STEPS] = {
	[STEP_FREEZE] = { "freeze", "冻结", "freeze", S(DRAFT), STATE_FROZEN, RECORD_FREEZE,
		TIMES_ONCE, 0, FROZEN_TABLES, PUBLIC_REVEAL, "§7.1" },
	[STEP_LOCK] = { "lock", "锁定", "lock", S(FROZEN), STATE_LOCKED, RECORD_LOCK, TIMES_ONCE, 0,
		0, PUBLIC_NOW, "§7.2" },
	[STEP_BEACON] = { "beacon", "公共随机数", "beacon", S(LOCKED), STATE_SAME, RECORD_BEACON,
		TIMES_PER_PULSE, 0, 0, PUBLIC_NOW, "§7.3" },
	[STEP_DRAW] = { "draw", "抽取", "draw", S(LOCKED), STATE_DRAWN, RECORD_DRAW, TIMES_ONCE,
		FROZEN_TABLES, DRAWN_TABLES, PUBLIC_REVEAL, "§7.5" },
	[STEP_DISPATCH] = { "dispatch", "派发", "dispatch", S(DRAWN), STATE_VISITING, NO_RECORD,
		TIMES_ANY, T(VISITS) | T(SLOTS) | T(SCHEDULE), 0, PUBLIC_NEVER, "" },
	[STEP_RESULT] = { "result", "检查结果", "result", S(DRAWN) | S(VISITING) | S(REVEALED),
		STATE_SAME, RECORD_RESULT, TIMES_ANY, T(VISITS), 0, PUBLIC_NOW, "§3" },
	[STEP_REVEAL] = { "reveal", "启封", "reveal", S(DRAWN) | S(VISITING), STATE_REVEALED,
		RECORD_REVEAL, TIMES_ONCE, 0, 0, PUBLIC_NOW, "§7.6" },
	[STEP_CLOSE] = { "close", "办结", "close", S(REVEALED), STATE_CLOSED, NO_RECORD, TIMES_ANY,
		0, 0, PUBLIC_NOW, "" },
	[STEP_VOID] = { "void", "作废", "void", S(FROZEN) | S(LOCKED) | S(DRAWN) | S(VISITING),
		STATE_VOID, RECORD_VOID, TIMES_ANY, 0, 0, PUBLIC_NOW, "§3" },
};

static const struct step_part parts[] = {
	{ STEP_FREEZE, "policy", 0, T(POLICY), "V8", "§6.1" },
	{ STEP_FREEZE, "frame", 0, T(FRAME), "V9", "§5" },
	{ STEP_FREEZE, "exclude", T(POLICY) | T(FRAME), T(FRAME), "V10", "§6.2" },
	{ STEP_FREEZE, "quota", T(POLICY) | T(FRAME), T(STRATA) | T(LEDGER), "V11", "§6.3" },
	{ STEP_DRAW, "select", T(POLICY) | T(FRAME) | T(STRATA), T(SELECTION), "V14", "§8" },
	{ STEP_DRAW, "leaves", T(FRAME) | T(SELECTION), 0, "V13", "§8" },
	{ STEP_DRAW, "merge", T(POLICY) | T(FRAME) | T(SELECTION), T(VISITS) | T(DROPPED), "V15",
		"§9" },
	{ STEP_DRAW, "inspectors",
		T(POLICY) | T(FRAME) | T(VISITS) | T(POOL) | T(RECUSALS) | T(HISTORY) | T(CALENDAR),
		T(SLOTS) | T(CAPACITY), "V16", "§10" },
	{ STEP_DRAW, "calendar", T(VISITS) | T(SLOTS) | T(POOL) | T(CALENDAR), T(SCHEDULE), "V17",
		"§11" },
};
enum { PARTS = sizeof parts / sizeof *parts };

const struct state_form *state_form(enum round_state s)
{
	assert(s < STATES);
	return &states[s];
}

bool state_of(struct bytes name, enum round_state *out)
{
	for (unsigned i = 0; i < STATES; i++)
		if (bytes_is(name, states[i].name)) {
			*out = (enum round_state)i;
			return true;
		}
	return false;
}

const struct step_form *step_form(enum step_id s)
{
	assert(s < STEPS);
	return &steps[s];
}

bool step_of(struct bytes name, enum step_id *out)
{
	for (unsigned i = 0; i < STEPS; i++)
		if (bytes_is(name, steps[i].name)) {
			*out = (enum step_id)i;
			return true;
		}
	return false;
}

bool step_lawful(enum step_id s, enum round_state state)
{
	return (step_form(s)->from & STATE_BIT(state)) != 0;
}

bool step_check(enum step_id s, enum round_state state, struct err *e)
{
	const struct step_form *f = step_form(s);
	if (step_lawful(s, state))
		return true;
	/* void lies behind nothing but itself */
	bool behind = f->to != STATE_SAME && state >= f->to &&
		      (state != STATE_VOID || f->to == STATE_VOID);
	return err_set(e, behind ? ERR_ALREADY : ERR_BAD_STATE, "%s: %s", f->name,
		state_form(state)->name);
}

enum round_state step_after(enum step_id s, enum round_state state)
{
	unsigned to = step_form(s)->to;
	return to == STATE_SAME ? state : (enum round_state)to;
}

bool step_of_record(enum record_kind kind, enum step_id *out)
{
	for (unsigned i = 0; i < STEPS; i++)
		if (steps[i].record == (int)kind) {
			*out = (enum step_id)i;
			return true;
		}
	return false;
}

const struct step_part *step_part_at(size_t i)
{
	return i < PARTS ? &parts[i] : NULL;
}

/* ---- the documents ---- */

static const char *const shown_text[] = {
	[PUBLIC_NOW] = "at once",
	[PUBLIC_REVEAL] = "record at once, artefacts from the reveal",
	[PUBLIC_NEVER] = "never",
};

static const char *const times_text[] = {
	[TIMES_ONCE] = "once",
	[TIMES_PER_PULSE] = "once a pulse",
	[TIMES_ANY] = "any number",
};

static void put_edge(struct buf *out, const struct step_form *s, enum round_state from)
{
	unsigned to = s->to == STATE_SAME ? from : s->to;
	buf_str(out, "\t");
	buf_str(out, states[from].name);
	buf_str(out, " -> ");
	buf_str(out, states[to].name);
	buf_str(out, " [label=\"");
	buf_str(out, s->zh);
	buf_str(out, " ");
	buf_str(out, s->en);
	buf_str(out, "\"];\n");
}

void step_graphviz(struct buf *out)
{
	buf_str(out, "digraph round {\n\trankdir=LR;\n");
	for (unsigned i = 0; i < STATES; i++) {
		buf_str(out, "\t");
		buf_str(out, states[i].name);
		buf_str(out, " [label=\"");
		buf_str(out, states[i].zh);
		buf_str(out, "\\n");
		buf_str(out, states[i].en);
		buf_str(out, "\"];\n");
	}
	for (unsigned i = 0; i < STEPS; i++)
		for (unsigned from = 0; from < STATES; from++)
			if (steps[i].from & STATE_BIT(from))
				put_edge(out, &steps[i], (enum round_state)from);
	buf_str(out, "}\n");
}

static void put_tables(struct buf *out, unsigned bits)
{
	const char *before = "";
	for (unsigned i = 0; i < TABLES; i++) {
		if (!(bits & TABLE_BIT(i)))
			continue;
		buf_str(out, before);
		buf_byte(out, '`');
		buf_str(out, table_form((enum table_id)i)->name);
		buf_byte(out, '`');
		before = " ";
	}
}

static void put_states(struct buf *out, unsigned bits)
{
	const char *before = "";
	for (unsigned i = 0; i < STATES; i++) {
		if (!(bits & STATE_BIT(i)))
			continue;
		buf_str(out, before);
		buf_str(out, states[i].name);
		before = ", ";
	}
}

static void put_step(struct buf *out, const struct step_form *s)
{
	buf_str(out, "| ");
	buf_str(out, s->zh);
	buf_byte(out, ' ');
	buf_str(out, s->en);
	buf_str(out, " | ");
	put_states(out, s->from);
	buf_str(out, " | ");
	buf_str(out, s->to == STATE_SAME ? "the same" : states[s->to].name);
	buf_str(out, " | ");
	buf_str(out, s->record == NO_RECORD ? "" : record_form((enum record_kind)s->record)->kind);
	buf_str(out, " | ");
	buf_str(out, times_text[s->times]);
	buf_str(out, " | ");
	put_tables(out, s->in);
	buf_str(out, " | ");
	put_tables(out, s->out);
	buf_str(out, " | ");
	buf_str(out, shown_text[s->shown]);
	buf_str(out, " | ");
	buf_str(out, s->clause);
	buf_str(out, " |\n");
}

static void put_part(struct buf *out, const struct step_part *p)
{
	buf_str(out, "| ");
	buf_str(out, steps[p->step].en);
	buf_str(out, " | ");
	buf_str(out, p->pure);
	buf_str(out, " | ");
	put_tables(out, p->in);
	buf_str(out, " | ");
	put_tables(out, p->out);
	buf_str(out, " | ");
	buf_str(out, p->check);
	buf_str(out, " | ");
	buf_str(out, p->clause);
	buf_str(out, " |\n");
}

void step_markdown(struct buf *out)
{
	buf_str(out, "| step | from | to | record | times | reads | leaves | public | clause |\n"
		     "|---|---|---|---|---|---|---|---|---|\n");
	for (unsigned i = 0; i < STEPS; i++)
		put_step(out, &steps[i]);
	buf_str(out, "\n| step | computed by | from | leaves | check | clause |\n"
		     "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < PARTS; i++)
		put_part(out, &parts[i]);
}
