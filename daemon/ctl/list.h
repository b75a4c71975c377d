/* Lists as drawctl shows them: the columns are those of the daemon's table (daemon/list.h), which
 * gives names, kinds and headings; what stands here is where to ask and what a line shows. */
#ifndef DRAWD_CTL_LIST_H
#define DRAWD_CTL_LIST_H

#include <jansson.h>

#include "daemon/ctl/ctl.h"
#include "daemon/list.h"

/* The options of every verb that lists. */
#define LIST_OPTIONS "filter sort limit all format output"

struct listing {
	const struct list *list;
	const char *path; /* "/api/v1/imports/{}/errors": {} is the verb's argument */
	const char
		*shown; /* names of the columns of a line, with blanks; NULL where `row` prints */
	void (*row)(struct ctl *c, json_t *row);
	const char *sort; /* where nobody says; NULL: the list's own order */
	const char *head[2]; /* a line above such rows, by enum err_lang */
	bool (*noted)(json_t *row); /* is there a row that the note below is about? */
	const char *note[2];
	bool whole; /* all rows where nobody says how many */
	/* "dry_run=false": shown are only these, unless --all or a filter says otherwise */
	const char *usual;
};
extern const struct listing listing_jobs, listing_imports, listing_import_errors, listing_uploads,
	listing_rounds, listing_motions, listing_accounts, listing_roles, listing_departments,
	listing_sessions, listing_tokens, listing_visits, listing_proposals, listing_audit,
	listing_dropped,
	listing_import_groups, listing_rows, listing_history, listing_quality_edits, listing_round_edits,
	listing_clues, listing_causes, listing_focus, listing_letters, listing_buffers, listing_repeats, listing_bases,
	listing_models, listing_schemes, listing_programmes, listing_programme_tasks,
	listing_programme_amendments, listing_public_tasks, listing_public_programmes,
	listing_public_amendments;

/* A page, some or all rows of the listing c->verb->with: for people, as JSON, or as a file that the
 * server makes (--format csv, jsonl, xlsx). */
verb_fn ctl_list;

/* A value as a line shows it. */
const char *value_text(struct ctl *c, const struct list_column *k, json_t *value);
/* The members of an object, one a line, named by the columns of a list. */
void show_members(struct ctl *c, const struct list *list, json_t *object);

#endif
