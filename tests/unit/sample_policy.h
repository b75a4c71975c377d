/* A small lawful policy for tests, as rows that a test may change before it reads them. */
#ifndef DRAWD_TESTS_UNIT_SAMPLE_POLICY_H
#define DRAWD_TESTS_UNIT_SAMPLE_POLICY_H

#include "planner/policy.h"

enum { SAMPLE_ROOM = 400 };

/* Departments fire, market (may inspect), office (may not); items alarm (fire), licence and scale
 * (market), in the fields fire-safety (strict), trade and none; modes observation (12 months,
 * general items) and tolerance (6 months); cap year (four checks a cycle); tasks t (items licence,
 * scale; everything allowed; on site) and t-2 (alarm, licence; fire leads; off site, two batches).
 */
struct sample {
	struct arena *arena;
	struct setting_row row[SAMPLE_ROOM];
	size_t n;
};

void sample_init(struct sample *s, struct arena *a);
/* The same without any row. */
void sample_empty(struct sample *s, struct arena *a);
/* Change a row, or add it; texts are copied. */
void sample_set(struct sample *s, const char *path, const char *value);
/* Take a row away; it must be there. */
void sample_drop(struct sample *s, const char *path);
/* Take away all rows whose path begins so. */
void sample_drop_all(struct sample *s, const char *prefix);
/* Sort and read. */
bool sample_read(struct sample *s, struct policy *p, struct err *e);

#endif
