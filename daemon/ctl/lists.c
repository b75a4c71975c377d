/* The lists that drawctl shows. */
#include <string.h>

#include "daemon/ctl/list.h"

const struct listing listing_jobs = { &list_jobs, "/api/v1/jobs",
	.shown = "id kind state done total account created error" };

const struct listing listing_imports = { &list_imports, "/api/v1/imports", .row = show_batch,
	.usual = "dry_run=false" };

const struct listing listing_import_errors = { &list_import_errors, "/api/v1/imports/{}/errors",
	.row = show_row_error, .whole = true };

const struct listing listing_import_groups = { &list_import_groups, "/api/v1/imports/{}/groups",
	.row = show_row_group, .whole = true };

const struct listing listing_rows = { &list_rows, "/api/v1/registers/{}/rows",
	.row = show_register_row };

const struct listing listing_history = { &list_history, "/api/v1/registers/{}/history",
	.row = show_register_fact };

const struct listing listing_quality_edits = { &list_quality_edits, "/api/v1/quality/edits",
	.row = show_edit };

const struct listing listing_round_edits = { &list_round_edits, "/api/v1/rounds/{}/edits",
	.row = show_edit };

const struct listing listing_clues = { &list_clues, "/api/v1/clues",
	.shown = "id source state entity department assignee received due late" };
const struct listing listing_causes = { &list_causes, "/api/v1/causes",
	.shown = "id clue department entity items date officers way state entry result" };

const struct listing listing_focus = { &list_focus, "/api/v1/focus",
	.shown = "id entity called kind state from until value at name" };
const struct listing listing_letters = { &list_letters, "/api/v1/letters",
	.shown = "id number entity name state made sent answered" };
const struct listing listing_buffers = { &list_buffers, "/api/v1/buffers",
	.shown = "id entity department state from until matter" };
const struct listing listing_repeats = { &list_repeats, "/api/v1/repeats",
	.shown = "entity kind date before days departments departments_before" };

#define DOCUMENT_SHOWN "code version state title department account created agreed ended"
const struct listing listing_bases = { &list_documents, "/api/v1/documents/base",
	.shown = DOCUMENT_SHOWN };
const struct listing listing_models = { &list_documents, "/api/v1/documents/model",
	.shown = DOCUMENT_SHOWN };
const struct listing listing_schemes = { &list_documents, "/api/v1/documents/scheme",
	.shown = DOCUMENT_SHOWN };

const struct listing listing_programmes = { &list_programmes, "/api/v1/programmes",
	.shown = "year title state deadline tasks approved published" };
const struct listing listing_programme_tasks = { &list_programme_tasks,
	"/api/v1/programmes/{}/tasks",
	.shown = "code number name state kind levels lead owner draws windows" };
const struct listing listing_programme_amendments = { &list_programme_amendments,
	"/api/v1/programmes/{}/amendments", .shown = "n action code number reason at" };
const struct listing listing_public_tasks = { &list_public_tasks, "/api/v1/public/programmes/{}",
	.shown = "number name kind levels methods frequency ratio windows lead partners targets" };

const struct listing listing_public_programmes = { &list_public_programmes,
	"/api/v1/public/programmes", .shown = "year title number version published tasks filed" };
const struct listing listing_public_amendments = { &list_public_amendments,
	"/api/v1/public/programmes/{}/amendments", .shown = "n action number reason at" };

const struct listing listing_dropped = { &list_dropped, "/api/v1/rounds/{}/dropped",
	.shown = "object task name code cap basis", .whole = true };

const struct listing listing_uploads = { &list_uploads, "/api/v1/uploads",
	.shown = "id name size received account created" };

const struct listing listing_rounds = { &list_rounds, "/api/v1/rounds",
	.shown = "id state demo name departments" };

const struct listing listing_motions = { &list_motions, "/api/v1/motions",
	.shown = "id kind state round department subject moved_by moved_at ends_at reason" };

const struct listing listing_accounts = { &list_accounts, "/api/v1/accounts",
	.shown = "id kind person name department inspector state" };

const struct listing listing_roles = { &list_roles, "/api/v1/roles",
	.shown = "id account role department from to delegated_from ended" };

const struct listing listing_departments = { &list_departments, "/api/v1/departments",
	.shown = "id system level region name short inspects active" };

const struct listing listing_sessions = { &list_sessions, "/api/v1/sessions",
	.shown = "id account created seen ends restricted address ended ended_why" };

const struct listing listing_tokens = { &list_tokens, "/api/v1/tokens",
	.shown = "id account name scopes created ends used ended" };

const struct listing listing_proposals = { &list_proposals, "/api/v1/proposals",
	.shown = "id round kind place state entry error created" };

const struct listing listing_audit = { &list_audit, "/api/v1/audit",
	.shown = "seq at account via route act object_kind object department reason" };

static bool without_day(json_t *visit)
{
	return member_text(visit, "day")[0] == '\0';
}

const struct listing listing_visits = { &list_visits, "/api/v1/rounds/{}/visits", .row = show_visit,
	.sort = "day",
	.head = { "日期 时段 检查对象~序号 名称 方式 [任务] 牵头部门: 执法检查人员（* 为组长）",
		"day half object~ordinal name mode [tasks] lead: inspectors (* leads)" },
	.noted = without_day,
	.note = { "未排日：窗口期内没有检查组全体都有空的半天，由牵头部门另行约定日期",
		"no-day: in the window no half-day was free for the whole team; the leading "
		"department fixes one" },
	.whole = true };
