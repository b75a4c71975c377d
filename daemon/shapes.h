/* What replies look like: one table of members for each kind of reply. The route table names them,
 * GET /api/v1/openapi.json tells them as JSON Schema, and the tests hold every reply to them:
 * whoever changes a reply changes its row in shapes.c. Pure tables, no memory, no errors. */
#ifndef DRAWD_SHAPES_H
#define DRAWD_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

enum shape_kind {
	SHAPE_TEXT, /* a string, may be empty */
	SHAPE_NUMBER, /* an integer, -2^63 to 2^63-1 */
	SHAPE_FLAG, /* true or false */
	SHAPE_TIME, /* an integer: seconds since 1970 */
	SHAPE_DATE, /* a civil day, 2026-03-31 (or "" where there is none) */
	SHAPE_HASH, /* 64 lower-case hexadecimal digits (or "" where there is none) */
	SHAPE_OBJECT, /* an object of the members `of` */
	SHAPE_LIST, /* an array: of objects with the members `of`; where the only row of `of` is
		       named "", of values of that row's kind */
	SHAPE_MAP, /* an object whose names are data; values as the only row of `of`, named "" */
	SHAPE_ANY, /* any JSON value: what a job was given and what it left */
};

/* One member; a table of them is an object and ends with name NULL. Nothing else is in the
 * object. */
struct shape {
	const char *name;
	enum shape_kind kind;
	const struct shape *of;
	bool maybe; /* may be null, or left out */
	const char *zh, *en;
	const char *words; /* texts: the only values there are, joined by `,`; NULL: any */
};

/* Files, lists, jobs. */
extern const struct shape shape_upload[], shape_upload_new[], shape_import[], shape_job[],
	shape_queued[], /* {job} */
	shape_import_queued[]; /* {job} or {motion} */
/* Registers, entities, quality. */
extern const struct shape shape_registers[], shape_register[], shape_entity[], shape_lookup[],
	shape_quality[], shape_quality_trend[];
/* Rounds. */
extern const struct shape shape_round[], shape_round_made[], shape_approved[], shape_proposal[];
/* Documents, looks. */
extern const struct shape shape_document[], shape_documents[], shape_documents_checked[],
	shape_look[], /* result of the job `look` */
	shape_simulation[]; /* of `simulate` */
/* Annual programmes. */
extern const struct shape shape_programme[], shape_programme_done[], shape_programme_submitted[];
/* The programme's checks and rounds (shapes_programme_round.c). */
extern const struct shape shape_programme_check[], shape_programme_rounds[];
/* Classes. */
extern const struct shape shape_class_why[], shape_class_summary[], shape_class_months[],
	shape_class_moves[], shape_class_history[];
/* Triggers, letters, buffers. */
extern const struct shape shape_focus[], shape_focus_summary[], shape_letter[], shape_buffer[],
	shape_numbered[]; /* {id} */
/* Clues, inspections for a cause. */
extern const struct shape shape_clue[], shape_clue_made[], shape_clue_dealt[], shape_clue_text[],
	shape_cause[], shape_cause_outcome[], shape_causes_public[];
/* Four eyes. */
extern const struct shape shape_motion[], shape_moved[]; /* {motion} */
extern const struct shape shape_motion_decided[]; /* {motion, state, result} */
/* The audit log. */
extern const struct shape shape_audit_chain[], shape_audit_anchors[];
/* People. */
extern const struct shape shape_account[], shape_department[], shape_session[],
	shape_signed_in[], /* POST /session */
	shape_password_changed[], /* POST /session/password */
	shape_totp[], /* a new second factor: told once */
	shape_token_made[], /* a new access token: told once */
	shape_first_password[], /* told once */
	shape_role[];
/* The service. */
extern const struct shape shape_done[], /* {done: true}: a change with nothing else to tell */
	shape_routes[], shape_status[], shape_ready[], shape_openapi[];
/* problem+json: every refusal. */
extern const struct shape shape_problem[];

/* The shapes by the name that they have in openapi.json, ended by name NULL; every shape that a
 * route names is among them. */
struct named_shape {
	const char *name;
	const struct shape *members;
};
extern const struct named_shape named_shapes[];

#endif
