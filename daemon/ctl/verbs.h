/* The functions behind the rows of the verb table, by file. Each gives the exit code. */
#ifndef DRAWD_CTL_VERBS_H
#define DRAWD_CTL_VERBS_H

#include "daemon/ctl/ctl.h"

/* api.c */
verb_fn ctl_health, ctl_routes, ctl_call, ctl_page;
/* audit.c */
verb_fn ctl_audit_anchors, ctl_audit_export, ctl_audit_verify;
/* code.c */
verb_fn ctl_code;
/* help.c */
verb_fn ctl_help, ctl_manual, ctl_verbs;
/* batch.c */
verb_fn ctl_import_show, ctl_import_confirm, ctl_import_discard, ctl_import_undo, ctl_import_again,
	ctl_import_file;
/* import.c */
verb_fn ctl_import, ctl_register_put;
/* quality.c */
verb_fn ctl_quality_show, ctl_quality_trend;
/* register.c */
verb_fn ctl_register_list, ctl_register_show, ctl_register_template, ctl_entity_show,
	ctl_entity_lookup;
/* jobs.c */
verb_fn ctl_job, ctl_job_watch, ctl_proposal;
/* key.c */
verb_fn ctl_attest, ctl_key_new, ctl_key_show;
/* risk.c */
verb_fn ctl_class_run, ctl_class_why, ctl_class_summary, ctl_class_months, ctl_class_moves, ctl_class_history,
	ctl_import_propose;
/* trigger.c */
verb_fn ctl_focus_show, ctl_focus_end, ctl_focus_summary, ctl_letter_show, ctl_letter_sent,
	ctl_letter_answered, ctl_buffer_new, ctl_buffer_show, ctl_buffer_end;
/* clue.c; `with` is what is done */
verb_fn ctl_clue_new, ctl_clue_show, ctl_clue_text, ctl_clue_deal, ctl_clue_visit, ctl_cause_show,
	ctl_cause_outcome, ctl_cause_count;
/* document.c; `with` is the kind */
verb_fn ctl_document_show, ctl_document_put, ctl_document_check, ctl_document_agree,
	ctl_document_retire;
/* scheme.c */
verb_fn ctl_scheme_preview, ctl_scheme_print;

/* simulate.c */
verb_fn ctl_simulate;
/* programme.c, programme_show.c; `with` of programme_turn is the state */
verb_fn ctl_programme_open, ctl_programme_submit, ctl_programme_withdraw, ctl_programme_none,
	ctl_programme_admit, ctl_programme_turn, ctl_programme_review, ctl_programme_approve,
	ctl_programme_propose, ctl_programme_amend, ctl_programme_file, ctl_programme_escalate,
	ctl_programme_resolve, ctl_programme_show, ctl_programme_status;
/* programme_round.c */
verb_fn ctl_programme_check, ctl_programme_overlaps, ctl_programme_rounds;
/* log.c */
verb_fn ctl_print, ctl_artefact;
/* motion.c */
verb_fn ctl_motion_show, ctl_motion_text, ctl_motion_decide;
/* people.c */
verb_fn ctl_show, ctl_people_move, ctl_account_password, ctl_account_suspend;
/* round.c */
verb_fn ctl_round_new, ctl_round_show;
/* login.c */
verb_fn ctl_login, ctl_logout, ctl_whoami, ctl_profile_list;
/* session.c */
verb_fn ctl_password, ctl_totp;
/* step.c */
verb_fn ctl_round_policy, ctl_round_approve, ctl_round_freeze, ctl_round_lock, ctl_round_beacon,
	ctl_round_beacon_text, ctl_round_draw, ctl_round_reveal, ctl_round_void, ctl_round_bundle;
/* token.c */
verb_fn ctl_token_new, ctl_end;
/* upload.c */
verb_fn ctl_upload;

#endif
