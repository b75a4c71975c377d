/* What a register says of an entity, as the facts of a frame (PROTOCOL.md §5). */
#ifndef DRAWD_REGISTER_ENTITYFACTS_H
#define DRAWD_REGISTER_ENTITYFACTS_H

#include "sampler/base/bytes.h"
#include "sampler/frame.h"

/* fact: the facts of a row of entities, in the order of facts.h. What a freeze adds from elsewhere
 * is empty, or 0. */
void entity_frame_facts(const struct bytes *fact, struct bytes frame[FRAME_FACTS]);

#endif
