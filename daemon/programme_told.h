/* What a check of a programme found, as JSON (shapes_programme_round.c), and what of it refuses. */
#ifndef DRAWD_PROGRAMME_TOLD_H
#define DRAWD_PROGRAMME_TOLD_H

#include "daemon/programme.h"
#include "planner/programme.h"

/* An item that the joint list names, by its domain 抽查领域. */
struct joint_item {
	struct bytes name, field;
};

struct programme_found {
	struct year_plan plan;
	struct programme_year year; /* the days of the plan that could be composed */
	size_t *of_day; /* of each of them: which of the plan's */
	uint32_t *task; /* of each task of the year: which of the plan's */
	struct programme_result result;
	struct err *bodies; /* of each day of the year: who may not inspect */
	size_t joints;
	struct joint_item *joint; /* by name */
	int64_t days; /* entries closer than that are repeats */
	/* made by programme_told */
	int64_t refusals;
	const char *refused; /* the first, "" none */
};

/* All of it; `day` is that of the register. In the arena. */
struct bytes programme_told(struct programme_found *f, const char *day, struct arena *a);

#endif
