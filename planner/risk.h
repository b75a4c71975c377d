/* The risk model (信用风险分类模型) and the classes that follow from it. A model is a document of
 * settings of its own (planner/settings.h); the paths stand in risk_table.c and in
 * drawd-risk.conf(5). Everything is integers; time is a day that comes in. */
#ifndef DRAWD_PLANNER_RISK_H
#define DRAWD_PLANNER_RISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "planner/civil.h"
#include "planner/list.h"
#include "planner/settings.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/frame.h"

/* ---- the document ---- */

/* Where a signal comes from: the registers, what is known of the entity, another model. */
enum risk_source {
	RISK_CHECKS,
	RISK_COMMITMENTS,
	RISK_DECLARATIONS,
	RISK_ENTITY,
	RISK_EVENTS,
	RISK_LABELS,
	RISK_LISTINGS,
	RISK_MODEL,
	RISK_PERMITS,
	RISK_SOURCES
};
extern const char *const risk_source_names[RISK_SOURCES + 1];

/* What is made of the signals that count; each in thousandths. */
enum risk_measure {
	RISK_COUNT, /* how many */
	RISK_DAYS, /* days since the oldest */
	RISK_HAS, /* 1 where there is one */
	RISK_SUM /* their amounts, yuan */
};

/* A bound and the points that a value from there on has. */
struct risk_band {
	int64_t bound; /* thousandths */
	int32_t points;
};
struct risk_bands {
	uint32_t n;
	const struct risk_band *at; /* strictly ascending */
};

enum { RISK_RED_NONE, RISK_RED_B, RISK_RED_C, RISK_RED_D }; /* forced class, as enum stratum */

struct risk_field {
	struct bytes code, name;
};

struct risk_indicator {
	struct bytes code, name, basis;
	uint32_t source; /* enum risk_source */
	struct list match; /* kinds of signal, or * */
	struct list fields; /* codes of fields, or * */
	uint32_t measure; /* enum risk_measure */
	uint32_t window; /* the last days that count; 0: ever */
	uint32_t half; /* days after which a signal weighs half as much; 0: no decay */
	struct risk_bands bands;
	bool repair; /* stops counting on the day of its repair */
	bool ends; /* stops counting after the day on which its publication ends */
	uint32_t red; /* RISK_RED_*: who reaches the first bound is at least of that class */
};

struct risk_model {
	struct bytes code, name, basis;
	uint32_t version;
	struct bytes field_code; /* empty: the general class */
	struct list kinds, labels; /* whom it is for */
	struct prefixes industries;
	uint32_t points; /* 信用积分 at the start */
	uint32_t low, high; /* what points are kept within */
	uint32_t at_a, at_b, at_c; /* points from which on: A, B, C */
	struct list indicator_codes;
	/* derived */
	int64_t field; /* index, or -1: general */
	uint32_t indicator_count;
	const uint32_t *indicators;
};

/* Words of a foreign scale, `优=A`. */
struct risk_scale {
	struct bytes code, name, basis;
	struct list values;
};

/* Who gives classes (register `grades`; `register`: the class column of the entities). */
struct risk_giver {
	struct bytes code, name, basis;
	struct bytes field_code, scale_code; /* field empty: the general class; scale empty: A-D */
	uint32_t rank; /* the lower wins */
	uint32_t days; /* how long a class holds; 0: as long as it says */
};

/* Who reaches `at` is a 重点监管对象: has the label while it holds and `days` longer. Who reaches
 * `early` is on the early-warning list 预警名单, without a label. Letters are texts in which
 * {words} stand for what is known (risk_letter_words). */
struct risk_trigger {
	struct bytes code, name, basis;
	struct bytes letter; /* 预警函, of `at`; empty: none */
	struct bytes reminder; /* 提醒函, of `early`; empty: none */
	struct bytes indicator_code, label;
	int64_t at, early; /* thousandths; early 0: no such list */
	uint32_t days;
	/* derived */
	uint32_t indicator;
};
/* What may stand in braces in a letter, ended by NULL; `line` begins a new line. */
extern const char *const risk_letter_words[];
/* Alerts on inspections of one entity that follow each other too soon (register `checks`, visits):
 * days within which a second one is told, 0: none; basis of it. */
struct risk_repeat {
	struct bytes basis;
	uint32_t days; /* random and other inspections */
	uint32_t exempt; /* those for a cause, which no cap counts */
};

enum {
	RISK_LETTER_MAX = 3000, /* bytes */
	RISK_FIELDS_MAX = 63,
	RISK_INDICATORS_MAX = 999,
	RISK_MODELS_MAX = 99,
	RISK_POINTS_MAX = 100000
};

struct risk {
	uint32_t computed_rank; /* of classes that a model computes */
	struct risk_repeat repeat;
	/* each bytewise ascending by code */
	uint32_t field_count, indicator_count, model_count, scale_count, giver_count, trigger_count;
	struct risk_field *fields;
	struct risk_indicator *indicators;
	struct risk_model *models;
	struct risk_scale *scales;
	struct risk_giver *givers;
	struct risk_trigger *triggers;
	/* derived: indices of models, each behind those whose class it looks at */
	const uint32_t *order;
};

/* Make a risk model of rows that stand strictly ascending by path (settings_sort). Slices point
 * into the rows' bytes, arrays live in the arena. Errors, naming the path: ERR_BAD_MODEL,
 * ERR_NO_INDICATOR (one that is named and is not there), ERR_MODEL_CYCLE (models that look at each
 * other's class; the ring is told), ERR_BAD_BANDS (bounds or thresholds that overlap). */
bool risk_from_rows(
	struct risk *r, struct arena *a, const struct setting_row *rows, size_t n, struct err *e);
/* The rows of a model, in order, in the arena. */
void risk_rows(const struct risk *r, struct arena *a, const struct setting_row **rows, size_t *n);
/* The i-th row of the table of paths from 0; false behind the last. */
bool risk_path(size_t i, struct settings_path *path);

/* Index by code, or -1. */
int64_t risk_indicator(const struct risk *r, struct bytes code);
int64_t risk_model(const struct risk *r, struct bytes code);
int64_t risk_field(const struct risk *r, struct bytes code);

/* The class A-D that a giver's raw value stands for; false where its scale has no such value. */
bool risk_grade(
	const struct risk *r, const struct risk_giver *g, struct bytes raw, enum stratum *class);

/* ---- an entity ---- */

/* What is known of the entity itself. */
struct risk_facts {
	struct bytes kind, status, industry, labels; /* words of PROTOCOL.md §5 */
	int32_t established, since; /* or CIVIL_NONE */
};

/* One fact that indicators look at. */
struct risk_signal {
	enum risk_source source;
	struct bytes kind; /* what `match` is held against */
	struct bytes field; /* code or name of a field; may be empty */
	int32_t day; /* when; CIVIL_NONE: always */
	int32_t ends; /* last day of its publication, or CIVIL_NONE */
	int32_t repaired; /* or CIVIL_NONE */
	int64_t amount; /* fen */
};

enum { RISK_OWN_SIGNALS = 3 };
/* The signals that the facts are: kind, status, `established`; then one for each label. Writes at
 * most RISK_OWN_SIGNALS plus the number of labels; returns how many. */
size_t risk_own_signals(const struct risk_facts *f, struct risk_signal *out, size_t room);

/* The class of an entity in a field. */
struct risk_class {
	enum stratum class; /* STRATUM_U: no model is for it */
	int32_t points;
	uint32_t model; /* that gave it */
	bool forced; /* by a red line */
};

struct risk_result {
	struct risk_class *field; /* [0] general, [1 + f] of field f */
	const int64_t *value; /* of each indicator, thousandths */
	/* first later day on which time alone may change it or what triggers look at, or
	 * CIVIL_NONE */
	int32_t next;
};

/* The model made ready: a signal meets only the indicators that look for its like. Lives in the
 * arena and holds the scratch of one caller. The risk must stay as long. */
struct risk_machine;
struct risk_machine *risk_compile(const struct risk *r, struct arena *a);

/* Classify one entity on a day. The result is the machine's, until the next call. */
const struct risk_result *risk_classify(struct risk_machine *m, const struct risk_facts *facts,
	const struct risk_signal *signal, size_t n, int32_t day);

/* ---- why ---- */

/* A signal as an indicator sees it. */
struct risk_part {
	uint32_t signal; /* index */
	uint32_t weight; /* thousandths; 0: it does not count */
	int32_t until; /* first day on which it counts for less, or CIVIL_NONE */
	const char *state; /* counts, before, window, repaired, ended, decayed */
};
/* The signals that an indicator looks at, in their order: what it makes of each. `part` has room
 * for n; returns how many. */
uint32_t risk_parts(const struct risk_machine *m, uint32_t indicator,
	const struct risk_signal *signal, size_t n, int32_t day, struct risk_part *part);
struct risk_reason {
	uint32_t indicator;
	int64_t value; /* thousandths */
	int32_t points;
	bool red; /* forces a class */
	uint32_t parts;
	const struct risk_part *part;
};
struct risk_why {
	uint32_t model;
	struct risk_class class;
	uint32_t reasons; /* of all its indicators, in the order of their codes */
	const struct risk_reason *reason;
};

/* As risk_classify, with every indicator of every model that is for the entity. In the arena. */
void risk_explain(struct risk_machine *m, const struct risk_facts *facts,
	const struct risk_signal *signal, size_t n, int32_t day, struct arena *a,
	const struct risk_why **why, size_t *models);

#endif
