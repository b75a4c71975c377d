/* The handlers of the API; the route table in api.c names them. */
#ifndef DRAWD_API_H
#define DRAWD_API_H

#include "daemon/http.h"

/* api_file.c: uploads, imports */
request_handler upload_new, upload_piece, upload_get, import_new, import_list, import_get,
	import_errors, job_get, job_list;
/* api_errors.c */
request_handler import_file;
/* api_round.c */
request_handler round_new, round_list, round_get, round_edit, round_approve, round_visits,
	proposal_get;
/* api_step.c */
request_handler round_freeze, round_lock, round_beacon, round_beacon_text, round_draw, round_reveal,
	round_bundle;
/* api_log.c */
request_handler artefact_get, checkpoint_get, vkey_get, tile_get;
/* api_job.c: the last step of a handler; a job with this dedup that is queued or runs is told
 * instead of a second one. Takes r->ctx; the texts live as long as the request. */
void api_queue_job(struct request *r, const char *kind, struct bytes args, const char *dedup);
/* api.c */
request_handler routes_get, health_get, ready_get;

#endif
