/* The step table: the architecture as data. Each row is a step of a round: what it reads, what it
 * leaves, which record it enters, between which states. The daemon attaches its own functions by
 * step id; the replay and the documents walk the same rows (PROTOCOL.md §7). */
#ifndef DRAWD_SAMPLER_STEP_H
#define DRAWD_SAMPLER_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/record.h"
#include "sampler/table.h"

enum round_state {
	STATE_DRAFT,
	STATE_FROZEN,
	STATE_LOCKED,
	STATE_DRAWN,
	STATE_VISITING,
	STATE_REVEALED,
	STATE_CLOSED,
	STATE_VOID,
	STATES
};
#define STATE_BIT(s) (1u << (s))
enum { STATE_SAME = STATES }; /* a step that leaves the state as it is */

struct state_form {
	const char *name; /* as stored and shown by tools */
	const char *zh, *en;
};
const struct state_form *state_form(enum round_state s);
bool state_of(struct bytes name, enum round_state *out);

enum step_id {
	STEP_FREEZE,
	STEP_LOCK,
	STEP_BEACON,
	STEP_DRAW,
	STEP_DISPATCH,
	STEP_RESULT,
	STEP_REVEAL,
	STEP_CLOSE,
	STEP_VOID,
	STEPS
};

enum step_times {
	TIMES_ONCE, /* exactly once in every complete round: what a replay demands */
	TIMES_PER_PULSE, /* once for every pulse of the lock, in lock order */
	TIMES_ANY /* any number of times, none included */
};

enum step_public {
	PUBLIC_NOW, /* with the record */
	PUBLIC_REVEAL, /* the artefacts from the reveal on, to those entitled */
	PUBLIC_NEVER /* inside the daemon only */
};

struct step_form {
	const char *name; /* machine name, used in URLs and commands */
	const char *zh, *en;
	unsigned from; /* STATE_BITs in which it is lawful */
	unsigned to; /* enum round_state after it, or STATE_SAME */
	int record; /* enum record_kind it enters, −1 for none */
	enum step_times times;
	unsigned in, out; /* TABLE_BITs read and left */
	enum step_public shown;
	const char *clause; /* of PROTOCOL.md */
};

const struct step_form *step_form(enum step_id s);
bool step_of(struct bytes name, enum step_id *out);
/* Is the step lawful in this state? */
bool step_lawful(enum step_id s, enum round_state state);
/* The same with the reason: ERR_ALREADY where the step led to this state or to one before it,
 * ERR_BAD_STATE otherwise. Errors name step and state. */
bool step_check(enum step_id s, enum round_state state, struct err *e);
/* The state after the step. */
enum round_state step_after(enum step_id s, enum round_state state);
/* The step that enters records of this kind; false for kinds outside the round's life. */
bool step_of_record(enum record_kind kind, enum step_id *out);

/* How each artefact comes from others: the pure functions inside a step, in the order in which they
 * run; the replay does them again, one check each. */
struct step_part {
	enum step_id step;
	const char *pure; /* module that computes it */
	unsigned in, out; /* TABLE_BITs */
	const char *check, *clause; /* of the replay, PROTOCOL.md §14 */
};

/* Part i, NULL behind the last. */
const struct step_part *step_part_at(size_t i);

/* Append the states and steps as a graphviz graph; as Markdown tables. */
void step_graphviz(struct buf *out);
void step_markdown(struct buf *out);

#endif
