/* The public log as anybody reads it: checkpoint and entries over HTTP, held to a trust policy. */
#ifndef DRAWD_CTL_PUBLICLOG_H
#define DRAWD_CTL_PUBLICLOG_H

#include "daemon/ctl/ctl.h"
#include "sampler/sha256.h"

/* An `anchor` of the log (PROTOCOL.md §3): what the audit log was on a day. */
struct anchor {
	const char *date;
	uint64_t entries;
	struct hash audit;
	uint64_t index; /* of the entry in the log */
};

struct anchors {
	struct anchor *all; /* in the order of the log */
	size_t n;
	uint64_t size; /* entries of the log */
};

/* Read the whole log and take its anchors out. What is read is proven: the checkpoint is signed by
 * the log of the trust policy and cosigned by a quorum of its witnesses, the entries have the
 * checkpoint's root, and every anchor is signed by an operator. Errors are told. */
bool anchors_read(struct ctl *c, const char *trust_file, struct anchors *out, int *exit_code);

#endif
