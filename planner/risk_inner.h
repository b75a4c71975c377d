/* What risk_compile.c and risk.c share. */
#ifndef DRAWD_PLANNER_RISK_INNER_H
#define DRAWD_PLANNER_RISK_INNER_H

#include "planner/risk.h"

/* Indicators, ascending. */
struct risk_ids {
	uint32_t n;
	const uint32_t *at;
};

/* Which indicators look for signals of a source and a kind. */
struct risk_key {
	enum risk_source source;
	struct bytes kind;
	struct risk_ids ids;
};

/* What has been gathered of an indicator for the entity at hand. */
struct risk_gathered {
	bool touched;
	int64_t sum; /* thousandths */
	uint32_t most; /* largest weight */
	int32_t oldest; /* day, or CIVIL_NONE */
};

struct risk_machine {
	const struct risk *r;
	/* by (source, kind): an open hash table of indices into key, 0 empty */
	const struct risk_key *key;
	uint32_t *slot, slot_mask;
	struct risk_ids any[RISK_SOURCES]; /* of indicators that match every kind */
	uint64_t *fields; /* of an indicator: bit f; all ones: every field */
	/* by indicator: the models that have it, and its points at value 0 */
	struct risk_ids *models_of;
	int32_t *rest_points;
	/* by model */
	int64_t *rest; /* points where nothing is known of an entity */
	struct risk_ids *chained; /* its indicators that look at models */
	bool labelled; /* some model is for certain labels only */
	/* of the entity at hand */
	struct risk_gathered *gathered;
	uint32_t *touched, touched_n;
	int64_t *value, *total; /* by indicator; by model */
	bool *label_fits; /* by model */
	uint8_t *forced; /* by model: enum stratum */
	struct risk_class *class; /* by model */
	struct risk_class *field;
	struct risk_result result;
};

/* The indicators that a signal meets. */
struct risk_ids risk_meets(const struct risk_machine *m, const struct risk_signal *s);
/* Points of a value, and whether it reaches the first bound. */
int32_t risk_points(const struct risk_bands *b, int64_t value);
bool risk_red(const struct risk_indicator *i, int64_t value);

#endif
