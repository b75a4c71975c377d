#include "daemon/register/entityfacts.h"

#include "daemon/register/facts.h"

void entity_frame_facts(const struct bytes *fact, struct bytes frame[FRAME_FACTS])
{
	static const struct {
		enum frame_fact to;
		enum entity_fact_id from;
	} same[] = { { FACT_OBJECT, ENTITY_OBJECT }, { FACT_ENTITY, ENTITY_ENTITY },
		{ FACT_KIND, ENTITY_KIND }, { FACT_INDUSTRY, ENTITY_INDUSTRY },
		{ FACT_REGION, ENTITY_REGION }, { FACT_ESTABLISHED, ENTITY_ESTABLISHED },
		{ FACT_STATUS, ENTITY_STATUS }, { FACT_SINCE, ENTITY_SINCE },
		{ FACT_CLASS, ENTITY_CLASS }, { FACT_LABELS, ENTITY_LABELS },
		{ FACT_CHECKED, ENTITY_CHECKED } };
	for (size_t f = 0; f < FRAME_FACTS; f++)
		frame[f] = BYTES("");
	frame[FACT_RESERVED] = BYTES("0");
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		frame[same[i].to] = fact[same[i].from];
}
