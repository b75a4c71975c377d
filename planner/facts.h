/* The fact columns of a frame row as values (PROTOCOL.md §5). */
#ifndef DRAWD_PLANNER_FACTS_H
#define DRAWD_PLANNER_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/frame.h"

enum object_kind {
	KIND_NONE, /* empty */
	KIND_ENTERPRISE,
	KIND_INDIVIDUAL,
	KIND_COOPERATIVE,
	KIND_OFFICE,
	KIND_OTHER,
	KINDS
};

enum object_status {
	STATUS_OPEN, /* also where the column is empty */
	STATUS_CANCELLED,
	STATUS_REVOKED,
	STATUS_MOVED,
	STATUS_SUSPENDED,
	STATUSES
};

struct facts {
	struct bytes object, industry, region, labels, checked; /* slices of the row */
	int32_t established, since; /* day (civil.h) or CIVIL_NONE */
	enum object_kind kind;
	enum object_status status;
	enum frame_code stratum; /* the class; CODE_U where it is empty */
};

/* The values of well-formed facts (frame_facts_check); no other may be given. */
void facts_read(struct facts *f, const struct bytes fact[FRAME_FACTS]);

/* Cut the first entry off a well-formed `checked` value: item (or `*`) and day. False at the end.
 */
bool facts_next_check(struct bytes *rest, struct bytes *item, int32_t *day);

/* "" for KIND_NONE; "enterprise" … */
const char *kind_name(enum object_kind kind);
/* False where no kind has this name. */
bool kind_of(struct bytes name, enum object_kind *kind);
const char *status_name(enum object_status status);

#endif
