/* The job `returned`: the file of an import as a workbook, with what was wrong. Every record of it
 * stands there as it came, titles and header included; behind the header's last column comes
 * 错误说明, and the cells that it is about are red (refused) or yellow (repaired). The parser reads
 * the upload once more and echoes it; the workbook becomes an artefact, the batch's `file`.
 *
 * A list that is longer than a sheet comes back as its header and the rows with notes. */
#ifndef DRAWD_RETURNED_H
#define DRAWD_RETURNED_H

#include <stdbool.h>

#include "daemon/job.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

bool returned_run(struct job *job, struct bytes *result, struct err *e);

#endif
