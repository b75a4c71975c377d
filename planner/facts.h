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
	/* slices of the row */
	struct bytes object, entity, industry, region, classes, labels, checked, entered;
	int32_t established, since; /* day (civil.h) or CIVIL_NONE */
	enum object_kind kind;
	enum object_status status;
	enum stratum general; /* the general class; STRATUM_U where it is empty */
	uint32_t reserved;
};

/* The values of well-formed facts (frame_facts_check); no other may be given. */
void facts_read(struct facts *f, const struct bytes fact[FRAME_FACTS]);

/* Cut the first member off a well-formed list; false at the end.
 * `checked`: item (or `*`) and day. `classes`: field and class A-D. */
bool facts_next_check(struct bytes *rest, struct bytes *item, int32_t *day);
bool facts_next_class(struct bytes *rest, struct bytes *field, enum stratum *class);

/* A member of `entered`: an inspection of the entity. */
struct inspection {
	int32_t day;
	struct bytes level, department;
	bool entry; /* 入企, else 非现场 */
};
bool facts_next_inspection(struct bytes *rest, struct inspection *out);

/* "" for KIND_NONE; "enterprise" … */
const char *kind_name(enum object_kind kind);
/* False where no kind has this name. */
bool kind_of(struct bytes name, enum object_kind *kind);
const char *status_name(enum object_status status);

#endif
