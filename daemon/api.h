/* The handlers of the API and the forms of their bodies; the route table in api.c names them. */
#ifndef DRAWD_API_H
#define DRAWD_API_H

#include <stddef.h>

#include "daemon/http.h"

/* api_file.c: uploads */
request_handler upload_new, upload_piece, upload_get;
extern const struct json_form upload_form;
/* api_import.c */
request_handler import_new, import_get, import_confirm, import_discard, import_undo, import_again,
	import_file;
extern const struct json_form import_form, undo_form;
/* api_register.c */
request_handler register_list, register_get, register_template;
/* api_clue.c */
request_handler clue_new, clue_get, clue_text, clue_assign, clue_dismiss, clue_refer, clue_visit,
	cause_get, cause_outcome, cause_public;
extern const struct json_form clue_new_form, clue_assign_form, clue_dismiss_form, clue_refer_form,
	clue_visit_form, cause_outcome_form;
/* api_entity.c */
request_handler entity_get, entity_lookup;
/* api_quality.c */
request_handler quality_get, quality_trend;
/* api_job.c: jobs, proposals */
request_handler job_get, proposal_get;
/* api_risk.c */
request_handler class_run, class_summary, class_months, class_moves, class_history, class_why, import_propose;
extern const struct json_form class_run_form;
/* api_trigger.c */
request_handler focus_get, focus_end, focus_summary, letter_get, letter_sent, letter_answered, buffer_new,
	buffer_get, buffer_end;
extern const struct json_form focus_end_form, letter_sent_form, letter_answered_form, buffer_form,
	buffer_end_form;
/* api_programme.c */
request_handler programme_open, programme_get, programme_submit, programme_withdraw, programme_none,
	programme_admit, programme_turn, programme_opine, programme_propose, programme_amend,
	programme_file, programme_escalate, programme_resolve;
extern const struct json_form programme_open_form, programme_submit_form, programme_code_form,
	programme_none_form, programme_state_form, programme_opinion_form, programme_amend_form,
	programme_filing_form, programme_matter_form, programme_resolve_form;
/* api_document.c */
request_handler document_put, document_check, document_get, document_agree, document_retire;
extern const struct json_form document_form, document_agree_form;
struct compose_rows;
/* Rows of the base in force of that code (document_rows); false after a reply. */
bool document_take_base(struct request *r, const char *code, const struct db_rows *rows, struct compose_rows *out);

/* api_look.c */
request_handler look_new, look_get, simulation_new, simulation_get;
extern const struct json_form look_form, simulation_form;
/* api_programme_round.c */
request_handler programme_check_new, programme_check_get, programme_rounds_get;
extern const struct json_form programme_check_form;
/* api_round.c */
request_handler round_new, round_get, round_approve;
extern const struct json_form round_form, approve_form;
/* api_step.c */
request_handler round_move, round_freeze, round_beacon, round_beacon_text, round_draw, round_void, round_bundle;
extern const struct json_form freeze_form, beacon_form, void_form, no_form, bundle_form;
/* api_motion.c; why_form: {reason, evidence} alone */
request_handler motion_get, motion_second, motion_decline, motion_withdraw, account_new,
	account_change, account_disable, account_enable, account_reset, role_give, role_end,
	account_suspend, delegation_new, delegation_end, department_new, department_change,
	recusal_new;
extern const struct json_form why_form, reason_form, second_form, decide_form, account_new_form,
	account_change_form, role_give_form, delegation_form, department_new_form,
	department_change_form, recusal_form;
/* api_audit.c */
request_handler audit_chain, audit_anchors;
/* api_log.c: artefacts, the log */
request_handler artefact_get, checkpoint_get, vkey_get, tile_get;
/* api_session.c: signing in and out, passwords, second factors, access tokens */
request_handler session_new, session_get, session_delete, session_end, session_password, totp_new,
	totp_confirm, account_password, token_new, token_end;
extern const struct json_form sign_in_form, password_form, totp_form, token_form;
/* api_people.c */
request_handler account_get, department_get, role_get;
/* api_service.c */
request_handler home_get, routes_get, health_get, ready_get;

/* api_entity.c: the text of the column json; what is empty is the route's `missing`. */
void api_told(struct request *r, const struct db_rows *rows);

/* api_job.c: the last step of a handler; a job with this dedup that is queued or runs is told
 * instead of a second one. Takes r->ctx; the texts live as long as the request. */
void api_queue_job(struct request *r, const char *kind, struct bytes args, const char *dedup);

/* What every motion says: texts of the form, evidence may be NULL. */
struct motion_why {
	const char *reason, *evidence;
};
/* Its members in a form whose struct s has it as `why`. */
/* clang-format off */
#define MOTION_REASON(s) \
	{ "reason", JSON_TEXT, offsetof(struct s, why.reason), true, 1, 4000, \
		.zh = "理由，至多 1000 字", .en = "why, at most 1,000 characters" }
#define MOTION_WHY(s) \
	MOTION_REASON(s), \
	{ "evidence", JSON_TEXT, offsetof(struct s, why.evidence), false, 0, 6499, \
		.zh = "依据文件的 SHA-256，以逗号分隔，至多 100 个", \
		.en = "SHA-256 of documents that support it, joined by commas, at most 100" }
/* clang-format on */
/* A motion to be moved; members that are NULL say nothing. */
struct motion_ask {
	const char *kind, *round, *subject;
	const char *what; /* "new", "change" …: goes into the body as `do` */
	struct bytes body; /* a JSON object; reason, evidence, id and account are taken out of it */
	const struct motion_why *why;
};
/* api_motion.c: the last step of a handler: move it, told as {"motion": number}. */
void api_move(struct request *r, const struct motion_ask *m);
/* Signature lines for a record, as far as the web process knows the keys: at least one that the
 * record demands, or (whole) all but the operator's. The notary looks again. False after a reply.
 */
bool api_seals(struct request *r, struct bytes record, struct bytes lines, bool whole);
/* SHA-256 in hex joined by commas, or nothing? False after a reply. */
bool api_evidence(struct request *r, const char *list);

#endif
