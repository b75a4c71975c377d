/* The programme of a year as jobs read it: what is drawn on which day, composed of the base and the
 * schemes that were agreed to. */
#ifndef DRAWD_PROGRAMME_H
#define DRAWD_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/db.h"
#include "planner/compose.h"
#include "planner/compose_lower.h"
#include "planner/policy.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { REPEAT_DAYS = 60 }; /* entries closer than that are told, where nobody asks for another */

/* A draw of a task. */
struct plan_draw {
	struct bytes draw_on, code, name, number, levels, scheme, from, to, batches;
	struct bytes rows; /* of its scheme */
	int64_t version; /* of the scheme */
	bool in_force; /* that version still is */
	uint32_t task; /* of the year: draws with the same code */
};

/* A day: its draws and their policy. */
struct plan_day {
	int32_t draw_on;
	size_t first, n; /* draws */
	struct err why; /* it cannot be composed; policy and rows are not there */
	struct policy policy; /* its tasks are the draws, in order */
	struct compose_rows rows;
};

struct year_plan {
	int64_t year, version, base_version;
	int64_t motion, amended; /* by which it was approved, amended last; 0: was not */
	const char *state, *title, *base;
	bool base_in_force;
	uint8_t hash[32];
	size_t draws, days, tasks;
	struct plan_draw *draw; /* by day, then code */
	struct plan_day *day;
	struct bytes *code, *levels; /* of each task */
	struct compose_rows rows; /* of the base, with the items of departments below */
	size_t copies;
	const struct compose_copy *copy;
};

/* Read what is drawn in a year, or on one day of it (`draw_on`; "": all), and compose each day.
 * Errors: ERR_NO_PROGRAMME; ERR_NO_DOCUMENT without a base; what keeps a day from being composed is
 * told of the day. */
bool plan_read(struct year_plan *p, struct db *db, int64_t year, const char *draw_on,
	struct arena *a, struct err *e);

#endif
