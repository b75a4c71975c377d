/* The functions behind the rows of the verb table, by file. Each gives the exit code. */
#ifndef DRAWD_CTL_VERBS_H
#define DRAWD_CTL_VERBS_H

#include "daemon/ctl/ctl.h"

/* api.c */
verb_fn ctl_health, ctl_routes, ctl_call, ctl_page;
/* audit.c */
verb_fn ctl_audit_anchors, ctl_audit_export, ctl_audit_verify;
/* help.c */
verb_fn ctl_help, ctl_manual, ctl_verbs;
/* import.c */
verb_fn ctl_import, ctl_import_show, ctl_import_file;
/* jobs.c */
verb_fn ctl_job, ctl_job_watch, ctl_proposal;
/* key.c */
verb_fn ctl_attest, ctl_key_new, ctl_key_show;
/* log.c */
verb_fn ctl_print, ctl_artefact;
/* motion.c */
verb_fn ctl_motion_show, ctl_motion_text, ctl_motion_decide;
/* people.c */
verb_fn ctl_show, ctl_people_move, ctl_account_password, ctl_account_suspend;
/* round.c */
verb_fn ctl_round_new, ctl_round_show;
/* session.c */
verb_fn ctl_login, ctl_logout, ctl_whoami, ctl_password, ctl_totp, ctl_profile_list;
/* step.c */
verb_fn ctl_round_policy, ctl_round_approve, ctl_round_freeze, ctl_round_lock, ctl_round_beacon,
	ctl_round_beacon_text, ctl_round_draw, ctl_round_reveal, ctl_round_void, ctl_round_bundle;
/* token.c */
verb_fn ctl_token_new, ctl_end;
/* upload.c */
verb_fn ctl_upload;

#endif
