/* Database rows of a draw: a projection of its artefacts that can be made again from them. */
#ifndef DRAWD_PROJECT_H
#define DRAWD_PROJECT_H

#include <stdbool.h>

#include "daemon/frozen.h"
#include "daemon/job.h"
#include "daemon/worker.h"
#include "sampler/base/err.h"

/* Write selection, visits, slots and L of a drawn round in one transaction, unless they are there.
 * Artefacts that *f does not hold yet are loaded into it. */
bool project_draw(struct job *job, const struct round_row *round, struct frozen *f, struct err *e);

#endif
