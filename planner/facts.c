#include "planner/facts.h"

#include <assert.h>

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

static const char *const kind_names[KINDS] = {
	[KIND_NONE] = "",
	[KIND_ENTERPRISE] = "enterprise",
	[KIND_INDIVIDUAL] = "individual",
	[KIND_COOPERATIVE] = "cooperative",
	[KIND_OFFICE] = "office",
	[KIND_OTHER] = "other",
};

static const char *const status_names[STATUSES] = {
	[STATUS_OPEN] = "open",
	[STATUS_CANCELLED] = "cancelled",
	[STATUS_REVOKED] = "revoked",
	[STATUS_MOVED] = "moved",
	[STATUS_SUSPENDED] = "suspended",
};

const char *kind_name(enum object_kind kind)
{
	assert((unsigned)kind < KINDS);
	return kind_names[kind];
}

const char *status_name(enum object_status status)
{
	assert((unsigned)status < STATUSES);
	return status_names[status];
}

/* Index of the name, or n. */
static unsigned find(struct bytes name, const char *const *names, unsigned n)
{
	unsigned i = 0;
	while (i < n && !bytes_is(name, names[i]))
		i++;
	return i;
}

bool kind_of(struct bytes name, enum object_kind *kind)
{
	unsigned i = find(name, kind_names, KINDS);
	if (i < KINDS)
		*kind = (enum object_kind)i;
	return i < KINDS;
}

static int32_t day_of(struct bytes date)
{
	int32_t day = CIVIL_NONE;
	bool ok = civil_parse_or_none(date, &day);
	assert(ok);
	(void)ok;
	return day;
}

static enum stratum class_of(struct bytes class)
{
	assert(class.n == 1 && class.p[0] >= 'A' && class.p[0] <= 'D');
	return (enum stratum)(STRATUM_A + (class.p[0] - 'A'));
}

void facts_read(struct facts *f, const struct bytes fact[FRAME_FACTS])
{
	struct bytes class = fact[FACT_CLASS], status = fact[FACT_STATUS];
	unsigned kind = find(fact[FACT_KIND], kind_names, KINDS);
	uint64_t reserved = 0;
	unsigned state = status.n == 0 ? STATUS_OPEN : find(status, status_names, STATUSES);

	bool ok = text_u64(fact[FACT_RESERVED], 999, &reserved);

	(void)ok;
	assert(kind < KINDS && state < STATUSES && ok);
	*f = (struct facts){
		.object = fact[FACT_OBJECT],
		.entity = fact[FACT_ENTITY],
		.industry = fact[FACT_INDUSTRY],
		.region = fact[FACT_REGION],
		.labels = fact[FACT_LABELS],
		.classes = fact[FACT_CLASSES],
		.checked = fact[FACT_CHECKED],
		.entered = fact[FACT_ENTERED],
		.established = day_of(fact[FACT_ESTABLISHED]),
		.since = day_of(fact[FACT_SINCE]),
		.kind = (enum object_kind)kind,
		.status = (enum object_status)state,
		.general = class.n == 0 ? STRATUM_U : class_of(class),
		.reserved = (uint32_t)reserved,
	};
}

bool facts_next_check(struct bytes *rest, struct bytes *item, int32_t *day)
{
	struct bytes entry;
	bool more;

	if (!type_next_member(rest, &entry))
		return false;
	*item = bytes_cut(&entry, '=', &more);
	*day = day_of(entry);
	return true;
}

bool facts_next_class(struct bytes *rest, struct bytes *field, enum stratum *class)
{
	struct bytes entry;
	bool more;

	if (!type_next_member(rest, &entry))
		return false;
	*field = bytes_cut(&entry, '=', &more);
	*class = class_of(entry);
	return true;
}

bool facts_next_inspection(struct bytes *rest, struct inspection *out)
{
	struct bytes entry;
	bool more;

	if (!type_next_member(rest, &entry))
		return false;
	out->day = day_of(bytes_cut(&entry, '/', &more));
	out->level = bytes_cut(&entry, '/', &more);
	out->department = bytes_cut(&entry, '/', &more);
	out->entry = bytes_is(entry, "entry");
	return true;
}
